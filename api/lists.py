"""Lists: one declaration gives an endpoint its pages, filters, cursors, CSV, NDJSON and feeds.

`Listing` says what there is to say of a list; `page_handler` and `whole_handler` make the two handlers of it: a page,
and everything as a file or a feed.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Generic, Literal, TypeVar, cast

from fastapi import Path, Query, Request
from pydantic import BaseModel, BeforeValidator, Field, create_model
from starlette.responses import Response, StreamingResponse

from api import answers, cursors, feeds, forms, problems, tables, unknown
from api.answers import Reading
from api.feeds import Entry, Feed
from api.guards import BODILESS
from api.parameters import Page
from api.parameters.values import whole
from api.schemas import Shape
from store.connect import Connection

F = TypeVar("F", bound=Page)
Row = dict[str, Any]
Rows = Sequence[Row]
Handler = Callable[..., Response]

MOMENTS = ("as_of", "known_at")  # parameters that fix the moment of a question
CHUNK = 1000  # rows of a stream that are read at a time: each time anew, so that no slow client holds a connection
MOST_ROWS = 10**9  # that a stream may be asked for
ENTRIES, MOST_ENTRIES = 50, 500  # of a feed
LIMIT = "At most so many, the first ones. Without it everything; of a feed the newest 50, and never more than 500."


def as_it_is(row: Row, base_url: str) -> Row:
    """The row of the store is what the API tells."""
    return row


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[F]):
    """A list of one noun.

    `read` gives the rows that follow a place (None: from the beginning), at most so many, in the order of the columns
    `order`, whose values are of `types`. `public` makes of a row what the API tells, `entry` an item of a feed; a list
    without `entry` has no feeds. `calendar` answers the same question as iCalendar.
    """

    name: str  # of cursors and files
    title: str  # of feeds
    home: str  # the page where people read the same
    filters: type[F]
    shape: type[Shape]
    read: Callable[[Connection, F, Any, int], Rows]
    order: Sequence[str]
    types: Sequence[cursors.Kind]
    public: Callable[[Row, str], Row] = as_it_is
    entry: Callable[[Row, str], Entry] | None = None
    moves: bool = False  # what it tells of "now" moves with the clock: all of a stream is asked of one moment
    calendar: Callable[[Request, Any], Response] | None = field(default=None)

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """What it can be had as, besides JSON, by `Accept`."""
        return (*self.files, *(forms.CALENDAR if self.calendar else ()))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The endings of its address: a calendar has a route of its own."""
        return (*forms.TABLES, *(forms.FEEDS if self.entry else ()))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of a CSV file: the fields of the shape, in their order."""
        return tuple(self.shape.model_fields)

    @cached_property
    def whole(self) -> type[BaseModel]:
        """The same filters where no page is asked for: `limit` is of everything."""
        limit = Field(default=None, description=LIMIT)
        name = f"{self.filters.__name__}OfAll"
        number = Annotated[int, Field(ge=1, le=MOST_ROWS), BeforeValidator(whole)]
        return create_model(name, __base__=self.filters, limit=(number | None, limit))


def page_handler(listing: Listing[Any], description: str) -> Handler:
    """Answers a page, as JSON or what `Accept` likes better."""

    def handle(request: Request, wanted: Any) -> Response:
        return _page(listing, request, wanted)

    return _told(handle, description, wanted=Annotated[listing.filters, Query()])


def whole_handler(listing: Listing[Any], description: str) -> Handler:
    """Answers everything: a stream of rows, or a feed of the newest."""

    def handle(request: Request, form: str, wanted: Any) -> Response:
        return _whole(listing, request, form, wanted)

    form: Any = Literal.__getitem__(listing.files)  # as many as the list has
    told = Path(description="What to have it as.", examples=[listing.files[0]])
    return _told(handle, description, form=Annotated[form, told], wanted=Annotated[listing.whole, Query()])


def _told(handle: Handler, description: str, **hints: object) -> Handler:
    """The handler with the parameters that the OpenAPI document and `api.questions` read from its signature."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    asked = [inspect.Parameter("request", kind, annotation=Request)]
    asked += [inspect.Parameter(name, kind, annotation=hint) for name, hint in hints.items()]
    handle.__signature__ = inspect.Signature(asked)  # type: ignore[attr-defined]
    handle.__doc__ = description
    return handle


# ---------------------------------------------------------------- a page


def _page(listing: Listing[F], request: Request, wanted: F) -> Response:
    form = forms.wanted(request.headers.get("accept", ""), listing.offered)
    if form in forms.CALENDAR and listing.calendar is not None:
        return listing.calendar(request, wanted)
    after = answers.place(listing.name, wanted.cursor, listing.types)
    reading = answers.reading_of(request)
    with reading.connection() as connection:
        state = answers.state(connection, request, reading.now())
        if same := answers.unchanged(request, state.tag, state.modified):
            return same
        rows = listing.read(connection, wanted, after, wanted.limit + 1)
        unknown.refuse(connection, wanted, rows)
    kept = rows[: wanted.limit]
    following = None
    if len(rows) > wanted.limit:
        cursor = cursors.encode(listing.name, [kept[-1][name] for name in listing.order])
        following = answers.address(reading, request, cursor=cursor)
    links = {"next": following, "bookmark": _permanent(listing, request, wanted, reading)}
    heads = answers.headers(state.tag, state.modified, links=links)
    told = [listing.public(row, reading.base_url) for row in kept]
    if form == forms.JSON:
        return answers.as_json(told, heads, next_page=following)
    if form in forms.TABLES:
        body = _lines(listing, form, told)
        return _file(listing, form, body if form != "csv" else tables.header(listing.columns) + body, heads)
    return _file(listing, form, _feed(listing, request, form, kept, following), heads)


def _permanent(listing: Listing[F], request: Request, wanted: F, reading: Reading) -> str | None:
    moments = {name: getattr(wanted, name) for name in MOMENTS if name in listing.filters.model_fields}
    return answers.permanent(reading, request, moments) if moments else None


def _lines(listing: Listing[F], form: str, rows: Rows) -> bytes:
    return tables.csv_lines(rows, listing.columns) if form == "csv" else tables.json_lines(rows)


def _file(listing: Listing[F], form: str, body: bytes | Iterator[bytes], heads: Mapping[str, str]) -> Response:
    name = f'inline; filename="{listing.name}.{form}"'
    told = {**heads, "Content-Disposition": name}
    if isinstance(body, bytes):
        return Response(body, headers=told, media_type=forms.MEDIA_TYPES[form])
    return StreamingResponse(body, headers=told, media_type=forms.MEDIA_TYPES[form])


# ---------------------------------------------------------------- everything


def _whole(listing: Listing[F], request: Request, form: str, wanted: Any) -> Response:
    after = answers.place(listing.name, wanted.cursor, listing.types)
    reading = answers.reading_of(request)
    with reading.connection() as connection:
        state = answers.state(connection, request, reading.now())
        if same := answers.unchanged(request, state.tag, state.modified):
            return same
    heads = answers.headers(state.tag, state.modified)
    if form in forms.FEEDS:
        limit = min(wanted.limit or ENTRIES, MOST_ENTRIES)
        with reading.connection() as connection:
            rows = listing.read(connection, wanted, after, limit)
            unknown.refuse(connection, wanted, rows)
        return _file(listing, form, _feed(listing, request, form, rows, None), heads)
    if request.scope.get(BODILESS):
        return _file(listing, form, b"", heads)
    chunks = _chunks(listing, reading, _pinned(listing, wanted, reading), after, wanted.limit)
    first = next(chunks, [])  # so that what goes wrong at once is told as a problem
    with reading.connection() as connection:
        unknown.refuse(connection, wanted, first)
    return _file(listing, form, _stream(listing, form, chain([first], chunks), reading.base_url), heads)


def _pinned(listing: Listing[F], wanted: Any, reading: Reading) -> Any:
    """The question with its moment fixed: the chunks of one stream are all of the same one."""
    if not listing.moves or wanted.as_of is not None:
        return wanted
    return wanted.model_copy(update={"as_of": reading.now()})


def _chunks(listing: Listing[F], reading: Reading, wanted: F, after: Any, limit: int | None) -> Iterator[Rows]:
    left = limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        with reading.connection() as connection:
            rows = listing.read(connection, wanted, after, size)
        yield rows
        if len(rows) < size:
            return
        after = tuple(rows[-1][name] for name in listing.order)
        left = None if left is None else left - len(rows)


def _stream(listing: Listing[F], form: str, chunks: Iterator[Rows], base_url: str) -> Iterator[bytes]:
    if form == "csv":
        yield tables.header(listing.columns)
    for rows in chunks:
        yield _lines(listing, form, [listing.public(row, base_url) for row in rows])


def _feed(listing: Listing[F], request: Request, form: str, rows: Rows, following: str | None) -> bytes:
    if listing.entry is None:
        raise problems.not_found(f"{listing.name} has no feed")
    reading = answers.reading_of(request)
    entries = [listing.entry(row, reading.base_url) for row in rows]
    url = answers.address(reading, request)
    home = f"{reading.base_url}{listing.home}"
    return feeds.WRITERS[form](Feed(title=listing.title, url=url, home=home, next=following, entries=entries))


def filters(wanted: BaseModel, kind: type[Any]) -> Any:
    """Those of the parameters that are filters of the store: the fields of its TypedDict."""
    names = {*kind.__annotations__}
    return cast(Any, {name: value for name, value in wanted if name in names})
