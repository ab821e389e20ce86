"""Ports of this machine: which of them is free for a server of ours."""

import secrets
import socket

from store.clusters import EmbeddedError

PORTS = range(15432, 32768)  # below the range that outgoing connections take their ports from


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Postgres does
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free() -> int:
    """One that nobody listens on, by chance. Raises EmbeddedError where that finds none."""
    for _ in range(200):
        port = secrets.choice(PORTS)
        if is_free(port):
            return port
    raise EmbeddedError(f"no free port on 127.0.0.1 between {PORTS.start} and {PORTS.stop - 1}")
