"""Questions: from an address to the arguments of a handler, strictly: a name unknown or given twice is refused.

In place of FastAPI's own reading of parameters, which is slower and takes the last of several values; the OpenAPI
document is still made by it, from the same handlers.
"""

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.params import Path, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import Response

from api import answers, problems

Values = Mapping[str, Any]
# As many as Starlette has, which take twice the time to be handed something: a twentieth of a whole answer.
_HANDS = ThreadPoolExecutor(40, thread_name_prefix="answer")


class QuestionRoute(APIRoute):
    """A route whose handler is called with the request, its path parameters and the model of its query."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers: parameters are read here, the handler runs in a thread."""
        handler: Callable[..., Response] = self.endpoint
        read = reader(handler)
        kept = 304 in self.responses

        async def answer(request: Request) -> Response:
            if kept and (same := answers.known_unchanged(request)):
                return same
            return await asyncio.get_running_loop().run_in_executor(_HANDS, partial(handler, **read(request)))

        return answer


def reader(handler: Callable[..., Response]) -> Callable[[Request], dict[str, Any]]:
    """What makes the arguments of a handler from a request. Raises ProblemError (422) for a bad parameter."""
    given = inspect.signature(handler).parameters
    hints = {name: given[name].annotation for name in given}
    requests = [name for name, hint in hints.items() if hint is Request]
    queries = {name: _model(hint) for name, hint in hints.items() if _marked(hint, Query)}
    paths = {name: TypeAdapter(hint) for name, hint in hints.items() if _marked(hint, Path)}
    if unread := set(hints) - {*requests, *queries, *paths}:
        raise TypeError(f"{handler.__qualname__}: nothing says where {sorted(unread)} come from")

    def read(request: Request) -> dict[str, Any]:
        found: dict[str, Any] = dict.fromkeys(requests, request)
        for name, adapter in paths.items():
            found[name] = _path(name, adapter, request.path_params[name])
        query = request.scope["query_string"].decode("latin-1")
        if not queries:
            _refuse_all(query)
        for name, model in queries.items():
            found[name] = parsed(model, query)
        return found

    return read


def parsed(model: type[BaseModel], query: str) -> BaseModel:
    """The model of a query string. Raises ProblemError (422) for names unknown or repeated and for bad values."""
    several = _several(model)
    values: dict[str, Any] = {}
    twice = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in several:
            values.setdefault(name, []).append(value)
        elif name in values:
            twice.append(name)
        else:
            values[name] = value
    if twice:
        raise problems.refused_all(
            (name, "given more than once: one value is allowed") for name in dict.fromkeys(twice)
        )
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise problems.invalid(error.errors(include_url=False), known=model.model_fields) from error


def _path(name: str, adapter: TypeAdapter[Any], value: object) -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        items = [{**item, "loc": (name, *item["loc"])} for item in error.errors(include_url=False)]
        raise problems.invalid(items, known=()) from error


def _refuse_all(query: str) -> None:
    names = dict.fromkeys(name for name, _ in parse_qsl(query, keep_blank_values=True))
    if names:
        raise problems.refused_all((name, "there are no parameters here") for name in names)


_SEVERAL: dict[type[BaseModel], frozenset[str]] = {}


def _several(model: type[BaseModel]) -> frozenset[str]:
    """The fields that take several values."""
    found = _SEVERAL.get(model)
    if found is None:
        hints = get_type_hints(model)
        found = _SEVERAL[model] = frozenset(name for name, hint in hints.items() if get_origin(hint) is list)
    return found


def _marked(hint: object, kind: type) -> bool:
    return get_origin(hint) is Annotated and any(isinstance(note, kind) for note in _notes(hint))


def _notes(hint: object) -> Iterable[object]:
    return get_args(hint)[1:]


def _model(hint: object) -> type[BaseModel]:
    model: type[BaseModel] = get_args(hint)[0]
    return model
