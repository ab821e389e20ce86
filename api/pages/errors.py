"""An error, in the one shape; as a page where a person opened one."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import problems, rendering
from api.problems import Problem, ProblemError

TITLES = {
    404: "There is nothing here",
    405: "Pages are only read",
    422: "This address cannot be understood",
    429: "Too many questions at once",
    500: "Something went wrong here",
    503: "The wire cannot answer just now",
}
_LONGEST = 200  # signs of a name to look for
UNKNOWN = "Nobody here has that name"
_PLACES = {"provider": "/providers/", "model": "/search?q=", "source": "/sources#", "kind": "/?kind="}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A problem in words for whoever opened a page."""

    title: str
    sentences: tuple[str, ...]
    look_for: str  # a name that was in the address; empty where there is none
    near: tuple[tuple[str, str], ...] = ()  # known names like one that was asked for, each with its place


def problem(request: Request, error: Exception) -> Response:
    """An error, in the one shape; as a page where a person opened one."""
    if isinstance(error, ProblemError):
        found = error.problem
    elif isinstance(error, HTTPException):
        found = problems.of_http(error)
    elif isinstance(error, RequestValidationError):
        found = problems.of_validation(error)
    else:
        found = problems.of_database(error)
    return answer(found, request.scope["path"], request.headers.get("accept", ""))


def answer(found: Problem, path: str, accept: str) -> Response:
    """A problem with the question for `path`: as a page for whoever accepts pages, where pages are."""
    if "text/html" in accept and not path.startswith(("/v1/", "/static/")):
        return rendering.problem_page(found, told=_told(found, path))
    return problems.answer(found, path)


def _told(found: Problem, path: str) -> Told:
    sentences = tuple(f"{one['parameter']}: {one['message']}" for one in found.errors) or (found.detail,)
    if found.status == 404 and found.errors:
        near = [(one["parameter"], name) for one in found.errors for name in one["near"]]
        return Told(
            title=UNKNOWN, sentences=tuple(_asked(one["message"]) for one in found.errors), look_for="",
            near=tuple((name, _PLACES[parameter] + quote(name, safe="")) for parameter, name in near),
        )  # fmt: skip
    if found.status == 404:  # where to look is said by links: the detail names paths of the API
        sentences = (found.detail.partition(":")[0],)
    return Told(
        title=TITLES.get(found.status, found.title),
        sentences=sentences,
        look_for=_name(path) if found.status == 404 else "",
    )


def _asked(sentence: str) -> str:
    """Without what stands below as links, or names paths of the API."""
    return sentence.partition("; did you mean")[0].partition(": /v1/")[0]


def _name(path: str) -> str:
    """The last part of `/models/acme/swift-2` and the like."""
    noun, _, rest = path.strip("/").partition("/")
    return rest.rpartition("/")[2][:_LONGEST].strip() if noun in ("models", "providers") else ""
