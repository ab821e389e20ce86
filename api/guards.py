"""Guards around every route: only GET and HEAD come in, from whom they may; what goes out is inert and compressed."""

import logging
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipResponder
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Access, Gate
from api.problems import Problem

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
# Pages of other sites may read the API. Where a token is needed, a browser never sends it by itself for them.
SHARED = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Content-Disposition, ETag, Last-Modified, Link, Retry-After"),
)
PREFLIGHT = (
    ("Access-Control-Allow-Methods", ALLOW),
    ("Access-Control-Allow-Headers", "Authorization, If-Modified-Since, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
)
LEAST_COMPRESSED, EFFORT = 1000, 5  # bytes; of zlib, 1 to 9
BODILESS = "aiwire.bodiless"  # in the scope: nobody will see the body
RawHeader = tuple[bytes, bytes]
_RAW: Mapping[bool, Sequence[RawHeader]] = {
    shared: [(name.lower().encode(), value.encode()) for name, value in (*HEADERS, *(SHARED if shared else ()))]
    for shared in (False, True)
}
_GZIP = re.compile(r"(?i)(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?P<q>[0-9.]+)\s*)?(?:,|$)")
log = logging.getLogger(__name__)


class Guard:
    """The outermost layer: refuses every method but GET and HEAD and whoever may not ask, answers HEAD as GET without
    its body, compresses, sets the security headers where a handler has not set its own, and turns what nobody foresaw
    into a bare 500. `answer` makes a problem an answer: of the path that was asked for, and what is accepted.
    """

    def __init__(
        self, app: ASGIApp, answer: Callable[[Problem, str, str], Response], access: Access | None = None
    ) -> None:
        self.app = app
        self.answer = answer
        self.gate = Gate(access=access or Access())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        bodiless = scope["method"] == "HEAD"
        guarded = _Answer(send, bodiless=bodiless, shared=_is_shared(path), private=bool(self.gate.access.tokens))
        if _is_preflight(scope, headers):
            await Response(status_code=204, headers=dict(PREFLIGHT))(scope, receive, guarded.send)
            return
        problem = _refusal(scope) or self.gate.refusal(headers.get("authorization", ""), _client(scope), path)
        if problem is not None:
            await self.answer(problem, path, headers.get("accept", ""))(scope, receive, guarded.send)
            return
        app = self.app
        if _takes_gzip(headers.get("accept-encoding", "")):
            app = GZipResponder(app, LEAST_COMPRESSED, EFFORT)
        try:
            await app({**scope, "method": "GET", BODILESS: bodiless}, receive, guarded.send)
        except Exception:
            incident = uuid.uuid4().hex
            log.exception("request failed", extra={"incident": incident})
            if guarded.started:
                raise
            detail = f"aiwire failed to answer; its log has the cause under incident {incident}"
            problem = Problem(status=500, detail=detail)
            await self.answer(problem, path, headers.get("accept", ""))(scope, receive, guarded.send)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        else:  # there are no websockets here
            await send({"type": "websocket.close", "code": 1000})


class _Answer:
    """An answer on its way out. `shared`: other sites' pages may read it; `private`: no cache of others may keep it."""

    def __init__(self, send: Send, *, bodiless: bool, shared: bool, private: bool) -> None:
        self._send = send
        self._bodiless = bodiless
        self._wanted = _RAW[shared]
        self._private = private
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass one message on, with the headers added and, for HEAD, the body dropped."""
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": _with(message["headers"], self._wanted)}
            headers = MutableHeaders(scope=message)
            if self._private and "cache-control" in headers:
                headers["Cache-Control"] = headers["Cache-Control"].replace("public", "private")
            if "content-encoding" in headers:  # compressing notes again what was said already
                headers["Vary"] = ", ".join(dict.fromkeys(re.split(r"\s*,\s*", headers.get("Vary", "Accept-Encoding"))))
        elif self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _with(headers: Iterable[RawHeader], wanted: Iterable[RawHeader]) -> list[RawHeader]:
    """The headers, and those wanted that they do not have."""
    given = [*headers]
    names = {name.lower() for name, _ in given}
    return given + [header for header in wanted if header[0] not in names]


def _refusal(scope: Scope) -> Problem | None:
    if scope["method"] not in ("GET", "HEAD"):
        return Problem(status=405, detail=f"only {ALLOW} are allowed: aiwire is read only", headers=(("Allow", ALLOW),))
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
        return Problem(status=414, detail=f"path and query may have {LONGEST_TARGET} bytes together")
    return None


def _is_shared(path: str) -> bool:
    return path.startswith("/v1/") or path == "/openapi.json"


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    """Whether a browser asks on behalf of another site's page whether that may ask (Fetch, CORS-preflight)."""
    asked = scope["method"] == "OPTIONS" and _is_shared(scope["path"])
    return asked and "origin" in headers and "access-control-request-method" in headers


def _client(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _takes_gzip(accepted: str) -> bool:
    found = _GZIP.search(accepted)
    return found is not None and (found["q"] is None or found["q"].strip("0.") != "")
