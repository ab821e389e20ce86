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
    figures,
    forms,
    funding,
    health,
    incidents,
    models,
    news,
    prices,
    problems,
    schemas,
    snapshots,
    sources,
    statics,
)
from api.access import Access
from api.answers import Changes, Reading
from api.guards import Guard
from api.lists import Listing, page_handler, whole_handler
from api.pages import PAGES, errors
from api.problems import ProblemError
from api.questions import QuestionRoute
from store.connect import Connection

VERSION = "1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One path of the API: its handler, and what the OpenAPI document says of it."""

    path: str
    handler: Callable[..., Any]
    operation: str  # stable: clients generate code from it
    summary: str
    answer: type[BaseModel] | tuple[str, ...]  # the schema of 200, or its media types
    tag: str
    missing: bool = False  # it can answer 404
    others: tuple[str, ...] = ()  # what 200 may be besides, by `Accept`
    kept: bool = True  # it has an ETag, and answers 304


def listed(
    path: str, noun: str, listing: Listing[Any], about: str, *, summary: str, answer: type[BaseModel], tag: str
) -> tuple[Route, Route]:
    """The two routes of a list: its pages, and all of it as a file or feed. `noun` is plural, as in `listEvents`."""
    whole = f"{summary}: all of it, as a file{' or a feed' if listing.entry else ''}"
    return (
        Route(path=path, handler=page_handler(listing, about), operation=f"list{noun}", summary=summary, answer=answer,
              tag=tag, others=tuple(map(forms.media_type, listing.offered)), missing=True),
        Route(path=f"{path}.{{form}}", handler=whole_handler(listing, documents.of_whole(listing, path)),
              operation=f"export{noun}", summary=whole, answer=tuple(map(forms.media_type, listing.files)), tag=tag,
              missing=True),
    )  # fmt: skip


API = (
    *listed("/v1/events", "Events", events.EVENTS, events.ABOUT,
            summary="What changed, newest first", answer=schemas.EventPage, tag="timeline"),
    Route(path="/v1/events/{event_id}", handler=events.get_event, operation="getEvent",
          summary="One change", answer=schemas.EventAnswer, tag="timeline", missing=True),
    *listed("/v1/prices", "Prices", prices.PRICES, prices.ABOUT,
            summary="What things cost, now or on any day, as known on any day", answer=schemas.PricePage, tag="prices"),
    *listed("/v1/prices/history", "PriceHistory", prices.HISTORY, prices.ABOUT_HISTORY,
            summary="What things cost over time", answer=schemas.PriceHistoryPage, tag="prices"),
    Route(path="/v1/cost", handler=cost.get_cost, operation="getCost", missing=True,
          summary="What requests to a model cost, now or on any day", answer=schemas.CostAnswer, tag="prices"),
    *listed("/v1/models", "Models", models.MODELS, models.ABOUT,
            summary="Models and where they are in their life", answer=schemas.ModelPage, tag="models"),
    Route(path="/v1/models/{provider}/{model:path}", handler=models.get_model, operation="getModel",
          summary="One model: status, prices, latest changes", answer=schemas.ModelAnswer, tag="models", missing=True),
    Route(path="/v1/deadlines.ics", handler=deadlines.get_calendar, operation="getDeadlineCalendar",
          summary="What is coming, as a calendar to subscribe to", answer=("text/calendar",), tag="models",
          missing=True),
    *listed("/v1/deadlines", "Deadlines", deadlines.DEADLINES, deadlines.ABOUT,
            summary="What is coming, soonest first", answer=schemas.DeadlinePage, tag="models"),
    *listed("/v1/news", "News", news.NEWS, news.ABOUT,
            summary="News items, newest first", answer=schemas.NewsPage, tag="news"),
    *listed("/v1/funding", "Funding", funding.FUNDING, funding.ABOUT,
            summary="Rounds, purchases, listings, loans and funds", answer=schemas.DealPage, tag="news"),
    *listed("/v1/figures", "Figures", figures.FIGURES, figures.ABOUT,
            summary="What watched tables show, now or on any day", answer=schemas.FigurePage, tag="news"),
    *listed("/v1/figures/history", "FigureHistory", figures.HISTORY, figures.ABOUT_HISTORY,
            summary="What watched tables have shown", answer=schemas.FigureHistoryPage, tag="news"),
    *listed("/v1/incidents", "Incidents", incidents.INCIDENTS, incidents.ABOUT,
            summary="What did not work, newest first", answer=schemas.IncidentPage, tag="news"),
    Route(path="/v1/sources", handler=sources.list_sources, operation="listSources", kept=False, missing=True,
          summary="What is watched, how it does, what is held and why", answer=schemas.SourcePage, tag="evidence"),
    Route(path="/v1/snapshots/{sha256}", handler=snapshots.get_snapshot, operation="getSnapshot",
          summary="The captured bytes, inert", answer=("text/plain",), tag="evidence", missing=True),
    Route(path="/livez", handler=health.livez, operation="livez", kept=False,
          summary="Whether the process answers", answer=("text/plain",), tag="operations"),
    Route(path="/readyz", handler=health.readyz, operation="readyz", kept=False,
          summary="Whether the answers are there and fresh", answer=schemas.Readiness, tag="operations"),
    Route(path="/metrics", handler=health.metrics, operation="metrics", kept=False,
          summary="Prometheus metrics", answer=("text/plain",), tag="operations"),
)  # fmt: skip
FILES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("/docs", documents.docs),
    ("/openapi.json", documents.openapi),
    ("/static/{name}", statics.get_static),
)


def create_app(
    pool: ConnectionPool[Connection],
    *,
    clock: Callable[[], datetime],
    base_url: str,
    access: Access | None = None,
    remember: float = 1.0,
    title: str = "aiwire",
) -> FastAPI:
    """The application over a pool of reader connections. `base_url` is where people reach it, without a `/` at the end.

    `access` says who may ask and how often (None: everybody, without a limit). For `remember` seconds it is not asked
    again whether anything has changed. `clock` gives the time by which ages and
    deadlines are told (aware, UTC): the database's own in a rehearsal.
    """
    app = FastAPI(
        title=title, version=VERSION, description=documents.DESCRIPTION, docs_url=None, redoc_url=None,
        openapi_url=None, openapi_tags=documents.TAGS, servers=[{"url": base_url.rstrip("/")}], redirect_slashes=False,
    )  # fmt: skip
    app.state.reading = Reading(
        pool=pool,
        clock=clock,
        base_url=base_url.rstrip("/"),
        changes=Changes(seconds=remember),
    )
    app.state.meters = health.Meters()
    for route in API:
        _add(app, route)
    for path, handler in (*PAGES, *FILES):
        app.add_api_route(path, handler, methods=["GET"], include_in_schema=False)
    for error in (ProblemError, HTTPException, RequestValidationError, *problems.DATABASE_ERRORS):
        app.add_exception_handler(error, errors.problem)
    app.add_middleware(health.Measure, meters=app.state.meters)
    app.add_middleware(Guard, answer=errors.answer, access=access)
    return app


def _add(app: FastAPI, route: Route) -> None:
    told: dict[str, Any] = {"response_model": None, "response_class": Response}
    if not isinstance(route.answer, tuple):
        told = {"response_model": route.answer}
    app.router.add_api_route(
        route.path, route.handler, methods=["GET"], operation_id=route.operation, summary=route.summary,
        tags=[route.tag], response_description=route.summary, route_class_override=QuestionRoute,
        responses=documents.responses(route.answer, route.others, missing=route.missing, kept=route.kept), **told,
    )  # fmt: skip
