"""The read side as one application. Every route there is stands in the two tables below."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from psycopg_pool import ConnectionPool
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import (
    cost,
    deadlines,
    documents,
    events,
    health,
    models,
    news,
    pages,
    prices,
    problems,
    schemas,
    snapshots,
    sources,
    statics,
)
from api.answers import Reading
from api.guards import Guard
from api.problems import ProblemError
from store.connect import Connection

VERSION = "1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One path of the API: its handler, and what the OpenAPI document says of it."""

    path: str
    handler: Callable[..., Any]
    operation: str  # stable: clients generate code from it
    summary: str
    answer: type[BaseModel] | str  # the schema of 200, or its media type
    tag: str
    missing: bool = False  # it can answer 404


API = (
    Route(path="/v1/events", handler=events.list_events, operation="listEvents",
          summary="What changed, newest first", answer=schemas.EventPage, tag="timeline"),
    Route(path="/v1/events/{event_id}", handler=events.get_event, operation="getEvent",
          summary="One change", answer=schemas.EventAnswer, tag="timeline", missing=True),
    Route(path="/v1/prices", handler=prices.list_prices, operation="listPrices",
          summary="What things cost, now or on any day, as known on any day", answer=schemas.PricePage, tag="prices"),
    Route(path="/v1/prices/history", handler=prices.list_price_history, operation="listPriceHistory",
          summary="What things cost over time", answer=schemas.PriceHistoryPage, tag="prices"),
    Route(path="/v1/cost", handler=cost.get_cost, operation="getCost",
          summary="What requests to a model cost, now or on any day", answer=schemas.CostAnswer, tag="prices"),
    Route(path="/v1/models", handler=models.list_models, operation="listModels",
          summary="Models and where they are in their life", answer=schemas.ModelPage, tag="models"),
    Route(path="/v1/models/{provider}/{model:path}", handler=models.get_model, operation="getModel",
          summary="One model: status, prices, latest changes", answer=schemas.ModelAnswer, tag="models", missing=True),
    Route(path="/v1/deadlines", handler=deadlines.list_deadlines, operation="listDeadlines",
          summary="What is coming, soonest first", answer=schemas.DeadlinePage, tag="models"),
    Route(path="/v1/deadlines.ics", handler=deadlines.get_calendar, operation="getDeadlineCalendar",
          summary="What is coming, as a calendar to subscribe to", answer=deadlines.CALENDAR, tag="models"),
    Route(path="/v1/news", handler=news.list_news, operation="listNews",
          summary="News items, newest first", answer=schemas.NewsPage, tag="news"),
    Route(path="/v1/sources", handler=sources.list_sources, operation="listSources",
          summary="What is watched, how it does, what is held and why", answer=schemas.SourcePage, tag="evidence"),
    Route(path="/v1/snapshots/{sha256}", handler=snapshots.get_snapshot, operation="getSnapshot",
          summary="The captured bytes, inert", answer="text/plain", tag="evidence", missing=True),
    Route(path="/livez", handler=health.livez, operation="livez",
          summary="Whether the process answers", answer="text/plain", tag="operations"),
    Route(path="/readyz", handler=health.readyz, operation="readyz",
          summary="Whether the answers are there and fresh", answer=schemas.Readiness, tag="operations"),
    Route(path="/metrics", handler=health.metrics, operation="metrics",
          summary="Prometheus metrics", answer="text/plain", tag="operations"),
)  # fmt: skip
PAGES = (
    ("/", pages.timeline),
    ("/sources", pages.sources),
    ("/evidence/{event_id}", pages.evidence),
    ("/models/{provider}/{model:path}", pages.model),
    ("/docs", documents.docs),
    ("/openapi.json", documents.openapi),
    ("/static/{name}", statics.get_static),
)


def create_app(
    pool: ConnectionPool[Connection], *, clock: Callable[[], datetime], base_url: str, title: str = "aiwire"
) -> FastAPI:
    """The application over a pool of reader connections. `base_url` is where people reach it, without a `/` at the end.

    `clock` gives the time by which ages and deadlines are told (aware, UTC): the database's own in a rehearsal.
    """
    app = FastAPI(
        title=title, version=VERSION, description=documents.DESCRIPTION, docs_url=None, redoc_url=None,
        openapi_url=None, openapi_tags=documents.TAGS, servers=[{"url": base_url.rstrip("/")}], redirect_slashes=False,
    )  # fmt: skip
    app.state.reading = Reading(pool=pool, clock=clock, base_url=base_url.rstrip("/"))
    app.state.meters = health.Meters()
    for route in API:
        _add(app, route)
    for path, handler in PAGES:
        app.add_api_route(path, handler, methods=["GET"], include_in_schema=False)
    for error in (ProblemError, HTTPException, RequestValidationError, *problems.DATABASE_ERRORS):
        app.add_exception_handler(error, pages.problem)
    app.add_middleware(health.Measure, meters=app.state.meters)
    app.add_middleware(Guard)
    return app


def _add(app: FastAPI, route: Route) -> None:
    told: dict[str, Any] = {"response_model": None, "response_class": Response}
    if isinstance(route.answer, str):
        content = {route.answer: {"schema": {"type": "string"}}}
        told["responses"] = {200: {"content": content}, **documents.problem_responses(missing=route.missing)}
    else:
        told = {"response_model": route.answer, "responses": documents.problem_responses(missing=route.missing)}
    app.add_api_route(
        route.path, route.handler, methods=["GET"], operation_id=route.operation, summary=route.summary,
        tags=[route.tag], response_description=route.summary, **told,
    )  # fmt: skip
