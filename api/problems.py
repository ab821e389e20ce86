"""Problems: every error the API tells, in the one shape of RFC 9457. Never a stack trace, never what was secret."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
import psycopg
from fastapi.exceptions import RequestValidationError
from psycopg import errors
from starlette.exceptions import HTTPException
from starlette.responses import Response

from store.connect import StoreError
from timeline.issues import AiwireError

OUTDATED = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction, errors.InvalidSchemaName)
DATABASE_ERRORS = (StoreError, psycopg.OperationalError, *OUTDATED)  # any other is a mistake of ours: 500
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
MOST_ERRORS = 20  # in one problem
LONGEST_INSTANCE = 500  # characters of a path, in a problem
LONGEST_NAME = 100  # characters of a parameter's name, in a problem
LONGEST_MESSAGE = 600  # characters of what is said of one parameter, which may have a name of the client's own
log = logging.getLogger(__name__)
SCHEMA = {
    "title": "Problem",
    "description": "An error, as RFC 9457 has it.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: the status says it all."},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what is allowed."},
        "instance": {"type": "string", "description": "The path asked for."},
        "errors": {
            "type": "array",
            "description": "Each parameter that was refused.",
            "items": {
                "type": "object",
                "required": ["parameter", "message"],
                "properties": {
                    "parameter": {"type": "string"},
                    "message": {"type": "string"},
                    "near": {
                        "type": "array",
                        "description": "Of a name that nobody knows: the known ones that are like it.",
                        "items": {"type": "string"},
                    },
                },
            },
        },
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """An error as RFC 9457 has it. `errors` names each parameter that was refused, with what is allowed."""

    status: int
    detail: str
    errors: tuple[dict[str, Any], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The phrase of the status: the same for every problem of that status."""
        return HTTPStatus(self.status).phrase

    def to_json(self, instance: str) -> dict[str, Any]:
        """The document; `instance` is the path that was asked for."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        return {**document, "errors": list(self.errors)} if self.errors else document


class ProblemError(AiwireError):
    """Raised by a handler to answer with a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


def not_found(what: str) -> ProblemError:
    """404: `what` says what there is none of, and where to look."""
    return ProblemError(Problem(status=404, detail=what))


def unknown(found: Sequence[Mapping[str, Any]]) -> ProblemError:
    """404: names that nobody knows, each with its `parameter`, a `message`, and those that are `near` it."""
    told = tuple({**one, "message": _cut(one["message"])} for one in found[:MOST_ERRORS])
    return ProblemError(Problem(status=404, detail="; ".join(one["message"] for one in told), errors=told))


def refused(parameter: str, message: str) -> ProblemError:
    """422: one query or path parameter is not what it must be; `message` says what is allowed."""
    return refused_all([(parameter, message)])


def refused_all(found: Iterable[tuple[str, str]]) -> ProblemError:
    """422: several parameters, each with what is allowed; of very many the first."""
    told = tuple({"parameter": _short(parameter), "message": message} for parameter, message in found)
    shown = told[:MOST_ERRORS]
    detail = "; ".join(f"{one['parameter']}: {one['message']}" for one in shown)
    more = f"; and {len(told) - MOST_ERRORS} more" if len(told) > MOST_ERRORS else ""
    return ProblemError(Problem(status=422, detail=detail + more, errors=shown))


def invalid(items: Sequence[Mapping[str, Any]], *, known: Iterable[str]) -> ProblemError:
    """422: what pydantic refused, each parameter by name with what is allowed; what was sent is not repeated."""
    names = ", ".join(known)
    return refused_all(
        (".".join(str(part) for part in item["loc"]) or "query", _message(item, names)) for item in items
    )


def of_database(error: Exception) -> Problem:
    """503: the database cannot answer now. Where it is, and how it refused, is for the log alone."""
    log.warning("the database does not answer", exc_info=error)
    detail = "the database does not answer: try again"
    if isinstance(error, errors.QueryCanceled):
        detail = "the question took too long: ask for less, a shorter span or fewer items"
    elif isinstance(error, OUTDATED):
        detail = "the database is not of this version: `aiwire migrate` brings it up to date"
    return Problem(status=503, detail=detail, headers=(("Retry-After", str(RETRY_SECONDS)),))


def of_http(error: HTTPException) -> Problem:
    """What routing itself refuses: no such path, no such method."""
    detail = str(error.detail)
    if error.status_code == 404 and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = "nothing is at this address: /docs lists what there is"
    return Problem(status=error.status_code, detail=detail, headers=tuple((error.headers or {}).items()))


def of_validation(error: RequestValidationError) -> Problem:
    """Parameters of a page that do not parse, as `invalid` tells them."""
    items = [{**item, "loc": item["loc"][1:]} for item in error.errors()]
    return invalid(items, known=()).problem


def answer(problem: Problem, instance: str) -> Response:
    """The problem as a JSON answer. `instance` is the path asked for, without its query: that is the client's own."""
    return Response(
        orjson.dumps(problem.to_json(instance[:LONGEST_INSTANCE])),
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **dict(problem.headers)},
        media_type=MEDIA_TYPE,
    )


def _short(name: str) -> str:
    """The name of a parameter, which may be the client's own: of a length to print."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _cut(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def _message(item: Mapping[str, Any], names: str) -> str:
    if item["type"] == "extra_forbidden":
        return "no such parameter here: " + (f"there are {names}" if names else "/docs lists them")
    message = str(item["msg"])
    return message.removeprefix("Value error, ")
