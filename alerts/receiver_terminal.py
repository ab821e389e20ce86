"""The stand-in for Slack at a terminal: each message that arrives, in a frame."""

import sys
import threading
from collections.abc import Mapping
from typing import Final

from alerts.receiver import SlackReceiver

WIDTH: Final = 100


def run_forever(*, port: int) -> None:
    """Print each message that arrives, until Ctrl-C."""

    def show(message: Mapping[str, object]) -> None:
        sys.stdout.write(framed(str(message["text"])) + "\n")
        sys.stdout.flush()

    receiver = SlackReceiver(on_message=show, port=port).start()
    hint = (
        f"listening like Slack at {receiver.webhook}\n"
        f'put this into aiwire.toml, then Ctrl-C ends it:\n\n[[receiver]]\nname = "local"\n'
        f'slack = {{ webhook = "{receiver.webhook}", allow_hosts = ["{receiver.address}"] }}\n'
    )
    sys.stdout.write(hint + "\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        receiver.stop()


def framed(text: str) -> str:
    """A message with a line above it and a bar beside it, wrapped for a terminal; no control character gets through."""
    lines = [piece for line in text.split("\n") for piece in _wrapped("".join(c for c in line if c.isprintable()))]
    return "\n".join(["┌" + "─" * (WIDTH // 2), *(f"│ {line}".rstrip() for line in lines), ""])


def _wrapped(line: str) -> list[str]:
    pieces = [""]
    for word in line.split(" "):
        if pieces[-1] and len(pieces[-1]) + 1 + len(word) > WIDTH:
            pieces.append(word)
        else:
            pieces[-1] = f"{pieces[-1]} {word}" if pieces[-1] else word
    return pieces
