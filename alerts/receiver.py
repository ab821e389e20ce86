"""A stand-in for Slack on this machine: takes posts of webhooks and bots, refuses what Slack would, shows what is read.

On any other path it takes the JSON of a generic webhook.
"""

import json
import socket
import socketserver
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal
from urllib.parse import unquote

from alerts import slack_rules
from timeline.issues import AiwireError

FILE: Final = "messages.jsonl"
MAX_BODY: Final = 1_000_000
UPDATE: Final = "/chat.update"
METHODS: Final = ("/chat.postMessage", UPDATE)
OF_METHODS: Final = frozenset({"ts", "reply_broadcast"})
"""What a bot's methods take beside what a webhook takes."""


class PortTakenError(AiwireError):
    """The receiver cannot listen where it was told to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How a post is answered. `cut` closes the connection before or after the message was taken."""

    status: int = 200
    body: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before the answer, or before the cut
    cut: Literal["before", "after"] | None = None

    @property
    def takes(self) -> bool:
        """Whether the message is taken: Slack's methods refuse with status 200."""
        return 200 <= self.status < 300 and '"ok": false' not in self.body


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A message that was taken; `at` in monotonic seconds, `id` is what duplicates share."""

    at: float
    path: str
    id: str
    payload: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    @property
    def text(self) -> str:
        """As a reader sees it."""
        if not _is_slack(self.path):
            return str(self.payload.get("data", {}).get("text", self.payload))
        return slack_rules.as_read(self.payload)

    @property
    def part(self) -> str:
        """What it is to the channel of a bot: empty (a message), `detail` (in a thread) or `update` (of a message)."""
        return "update" if self.path.endswith(UPDATE) else "detail" if self.payload.get("thread_ts") else ""


class SlackReceiver:
    """Listens on 127.0.0.1. Use it `with` or `async with`.

    Takes what Slack would and answers `ok`; `program` makes the next posts end otherwise. Each message taken is kept in
    `messages`, counted in `told` by its id (`id detail` and `id update` for the rest of what a bot says), appended to
    `messages.jsonl` in `folder` and given to `on_message`, both with the end of its path as `to`.
    """

    def __init__(
        self,
        *,
        on_message: Callable[[dict[str, object]], None] | None = None,
        folder: Path | None = None,
        port: int = 0,
    ) -> None:
        self.messages: list[Received] = []
        self.posts: list[float] = []  # when a post arrived, taken or not: monotonic seconds
        self.told: Counter[str] = Counter()
        self.otherwise: Callable[[], Answer] = Answer  # asked when nothing is programmed
        self._programmed: deque[Answer] = deque()
        self._on_message = on_message
        self._file = folder / FILE if folder else None
        self._lock = threading.Lock()
        try:
            self._server = _Server(("127.0.0.1", port), self)
        except OSError as error:
            raise PortTakenError(f"cannot listen on 127.0.0.1:{port}: {error.strerror}; choose another port") from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def webhook(self) -> str:
        """An address to post to; any path will do."""
        return f"http://{self.address}/services/T00000000/B00000000/local"

    @property
    def api(self) -> str:
        """Where a bot finds the methods."""
        return f"http://{self.address}/api"

    def program(self, *answers: Answer) -> None:
        """How the next posts are answered, in order."""
        self._programmed.extend(answers)

    def start(self) -> "SlackReceiver":
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; what was received stays."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> "SlackReceiver":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    async def __aenter__(self) -> "SlackReceiver":
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def next_answer(self) -> Answer:
        """The answer of the next post; called once a post."""
        with self._lock:
            self.posts.append(time.monotonic())
            return self._programmed.popleft() if self._programmed else self.otherwise()

    def take(self, message: Received) -> str:
        """Keep a message; returns its `ts`, by which a bot finds it again."""
        payload = message.payload
        with self._lock:
            self.messages.append(message)
            self.told[f"{message.id} {message.part}".strip()] += 1
            ts = f"1700000000.{len(self.messages):06}"
            to = unquote(message.path.rpartition("/")[2])
            line = {"at": datetime.now(UTC).isoformat(), "to": to, "id": message.id, "payload": payload}
            if self._file:
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            if self._on_message:
                self._on_message({**line, "text": message.text})
        return str(payload["ts"]) if message.part == "update" else ts


def _is_slack(path: str) -> bool:
    return path.startswith("/services/") or path.endswith(METHODS)


def _id(payload: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    metadata = payload.get("metadata")
    event = metadata.get("event_payload", {}) if isinstance(metadata, dict) else {}
    return str(event.get("message_key", "")) or headers.get("webhook-id", "") or "(without id)"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], receiver: SlackReceiver) -> None:
        self.receiver = receiver
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def do_POST(self) -> None:
        receiver = self.server.receiver
        answer = receiver.next_answer()
        if answer.cut == "before":
            time.sleep(answer.delay)
            return self._hang_up()
        headers = {name.lower(): value for name, value in self.headers.items()}
        payload, body, refused = self._payload()
        if refused:
            return self._refuse(refused)
        if answer.takes:
            at = time.monotonic()
            ts = receiver.take(
                Received(at=at, path=self.path, id=_id(payload, headers), payload=payload, headers=headers, body=body)
            )
            if self.path.endswith(METHODS) and answer.body == "ok":
                told = {"ok": True, "channel": payload.get("channel"), "ts": ts, "message": payload}
                answer = replace(answer, body=json.dumps(told))
        time.sleep(answer.delay)
        return self._hang_up() if answer.cut == "after" else self._answer(answer)

    def _refuse(self, refused: str) -> None:
        if not self.path.endswith(METHODS):
            return self._answer(Answer(status=400, body=refused))
        return self._answer(Answer(body=json.dumps({"ok": False, "error": refused.partition(":")[0]})))

    def do_GET(self) -> None:
        self._answer(Answer(status=405, body="method_not_allowed"))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the path is a secret."""

    def _payload(self) -> tuple[dict[str, Any], bytes, str | None]:
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            return {}, b"", "invalid_payload"
        body = self.rfile.read(int(length))
        try:
            payload = json.loads(body)
        except ValueError:
            return {}, body, "invalid_payload"
        if not _is_slack(self.path):
            return payload, body, None if isinstance(payload, dict) else "invalid_payload"
        method = self.path.endswith(METHODS) and isinstance(payload, dict)
        known = {name: value for name, value in payload.items() if name not in OF_METHODS} if method else payload
        if method and not payload.get("channel"):
            return payload, body, "channel_not_found"
        return payload, body, slack_rules.refusal(known)

    def _answer(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response_only(answer.status)
        for name, value in {"Content-Type": "text/html", "Connection": "close", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        """Cut the connection so that the other side sees a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
