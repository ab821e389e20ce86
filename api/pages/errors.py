"""An error, in the one shape; as a page where a person opened one."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import problems, rendering
from api.problems import ProblemError


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
    path = request.url.path
    person = "text/html" in request.headers.get("accept", "")
    if person and not path.startswith(("/v1/", "/static/")):
        return rendering.problem_page(found)
    return problems.answer(found, problems.instance_of(request))
