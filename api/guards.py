"""Guards around every route: only GET and HEAD come in, every answer carries the headers that keep it inert."""

import logging
import uuid
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, answer

ALLOW = "GET, HEAD"
LONGEST_TARGET = 8000  # bytes of path and query
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", PAGE_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
log = logging.getLogger(__name__)


class Guard:
    """The outermost layer: refuses every method but GET and HEAD, answers HEAD as GET without its body, sets the
    security headers where a handler has not set its own, and turns what nobody foresaw into a bare 500.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        guarded = _Answer(send, bodiless=scope["method"] == "HEAD")
        problem = _refusal(scope)
        if problem is not None:
            await answer(problem, scope["path"][:500])(scope, receive, guarded.send)
            return
        try:
            await self.app({**scope, "method": "GET"}, receive, guarded.send)
        except Exception:
            incident = uuid.uuid4().hex
            log.exception("request failed", extra={"incident": incident})
            if guarded.started:
                raise
            detail = f"aiwire failed to answer; its log has the cause under incident {incident}"
            await answer(Problem(status=500, detail=detail), scope["path"][:500])(scope, receive, guarded.send)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        else:  # there are no websockets here
            await send({"type": "websocket.close", "code": 1000})


class _Answer:
    """An answer on its way out."""

    def __init__(self, send: Send, *, bodiless: bool) -> None:
        self._send = send
        self._bodiless = bodiless
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass one message on, with the headers added and, for HEAD, the body dropped."""
        if message["type"] == "http.response.start":
            self.started = True
            _add(MutableHeaders(scope=message), HEADERS)
        elif self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _add(headers: MutableHeaders, wanted: Iterable[tuple[str, str]]) -> None:
    for name, value in wanted:
        headers.setdefault(name, value)


def _refusal(scope: Scope) -> Problem | None:
    if scope["method"] not in ("GET", "HEAD"):
        return Problem(status=405, detail=f"only {ALLOW} are allowed: aiwire is read only", headers=(("Allow", ALLOW),))
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
        return Problem(status=414, detail=f"path and query may have {LONGEST_TARGET} bytes together")
    return None
