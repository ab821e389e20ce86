"""HTTP answers as archives keep them: the bytes from the status line on, undone as the live path undoes them. Pure."""

import http.client
import io
import re
from dataclasses import dataclass
from email.message import Message

from crawler.failures import UndecodableError
from crawler.middlewares import DecompressionMiddleware
from timeline.issues import AiwireError

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? ([1-5]\d\d)(?: [^\r\n]*)?\r?\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


class AnswerError(AiwireError):
    """Bytes that are no HTTP answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One HTTP answer, its body as it was sent."""

    status: int
    headers: Message
    body: bytes

    @property
    def chunked(self) -> bool:
        """Whether its body was sent in chunks."""
        return "chunked" in str(self.headers.get("transfer-encoding", "")).lower()

    @property
    def short(self) -> bool:
        """Whether its body ends before its Content-Length does."""
        length = str(self.headers.get("content-length", "")).strip()
        return not self.chunked and length.isascii() and length.isdigit() and len(self.body) < int(length[:15])

    def kept(self, *names: str) -> dict[str, str]:
        """Those headers that it has, as printable text."""
        found = {name: str(self.headers[name]) for name in names if self.headers[name] is not None}
        return {name: "".join(letter for letter in text[:500] if letter.isprintable()) for name, text in found.items()}


def parse_answer(block: bytes) -> Answer:
    """Raises AnswerError for what has no status line, or headers of no end."""
    stream = io.BytesIO(block)
    line = stream.readline(2**14)
    status = _STATUS.fullmatch(line)
    if status is None:
        raise AnswerError(f"its block begins with {line[:60]!r}, expected the status line of an HTTP answer")
    try:
        headers = http.client.parse_headers(stream)
    except http.client.HTTPException as error:
        raise AnswerError(f"the headers of its answer cannot be read: {error!r}") from error
    return Answer(status=int(status[1]), headers=headers, body=stream.read())


def unchunked(answer: Answer) -> bytes:
    """The body without its transfer encoding, which many archives have undone already. Raises UndecodableError."""
    if not answer.chunked or _CHUNK.match(answer.body) is None:
        return answer.body
    parts: list[bytes] = []
    at = 0
    while (head := _CHUNK.match(answer.body, at)) is not None:
        size, at = int(head[1], 16), head.end()
        if size == 0:
            return b"".join(parts)
        parts.append(answer.body[at : at + size])
        at += size
        if answer.body[at : at + 2] != b"\r\n":
            break
        at += 2
    raise UndecodableError("its chunks end before the last one, or do not fit their sizes")


def decoded(answer: Answer, *, max_bytes: int) -> bytes:
    """The page. Raises TooLargeError and UndecodableError, as for a page that is fetched."""
    encodings = [str(value).encode() for value in answer.headers.get_all("content-encoding", [])]
    return DecompressionMiddleware.decoded(unchunked(answer), encodings, max_bytes=max_bytes)
