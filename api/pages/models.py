"""Every model there is, with where it is in its life and what it costs; and finding one by a part of its name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, cursors, rendering, unknown
from api.pages.lives import MOST_PRICES, fate, place, with_lives
from api.pages.moments import Moments, permanent
from api.pages.pricelists import METERS, headline_prices, said
from api.parameters import Address, Place, Word
from store import event_pages as event_store
from store import models, notices, prices
from store.connect import Connection
from timeline.names import related

ON_PAGE = 100
KINDS: tuple[cursors.Kind, ...] = (str, str, str)
SHOWN = (
    *(("Sold by their makers", "made"), ("By clouds and resellers", "resold"), ("Without a price of tokens", "other")),
    *(("Retired", "over"), ("Everything", "all")),
)
# Whether they have a price by the token, whether only a cloud or reseller tells it, whether they are retired.
_CHOSEN: dict[str, tuple[bool | None, bool | None, bool | None]] = {  # None: either
    "made": (True, False, False), "resold": (True, True, False), "other": (False, None, False),
    "over": (None, None, True), "all": (None, None, None),
}  # fmt: skip
MAKERS, OTHERS = "Makers", "Clouds and resellers"
STATUSES = ("active", "preview", "legacy", "deprecated", "retired")


class ModelsAsked(Moments, Address):
    """What the address of the page asks for."""

    path = "/models"

    q: Word = None
    provider: Word = None
    status: Word = None
    show: Literal["made", "resold", "other", "over", "all", ""] | None = None
    cursor: Place = None

    @property
    def shown(self) -> str:
        """Which of them: all where a name, a status or a provider is asked for, else those their makers sell."""
        return self.show or ("all" if self.q or self.status or self.provider else "made")


def models_page(request: Request, wanted: Annotated[ModelsAsked, Query()]) -> Response:
    """The models, by provider and id."""
    reading = answers.reading_of(request)
    now = reading.now()
    after = answers.place("models page", wanted.cursor, KINDS)
    with reading.connection() as connection:
        sellers = (
            _by_kind(models.sellers(connection, wanted.as_of, wanted.known_at))
            if wanted.shown in ("made", "resold")
            else {}
        )
        asked = _providers(wanted, sellers)
        rows = [] if asked is None else _page(connection, wanted, after, asked)
        if not (
            rows or wanted.show or wanted.cursor or wanted.shown == "all"
        ):  # nothing has a price yet: then whatever there is
            wanted.show = "all"
            rows = _page(connection, wanted, after, [])
        unknown.refuse(connection, wanted, rows)
        shown = with_lives(connection, listed(connection, rows[:ON_PAGE], wanted, now), wanted, now)
        providers = event_store.providers(connection)
    following = (
        cursors.encode("models page", [rows[ON_PAGE - 1][name] for name in models.ORDER]) if len(rows) > ON_PAGE else ""
    )
    return rendering.page(
        "models.html", section="/models", now=now, wanted=wanted, rows=shown, providers=providers, statuses=STATUSES,
        sellers={} if wanted.cursor or wanted.q or wanted.provider or wanted.status else sellers,
        tabs=[
            {"name": name, "href": wanted.address(show=show), "current": show == wanted.shown} for name, show in SHOWN
        ],
        permanent=permanent(request, now), newest=wanted.address() if wanted.cursor else "",
        next_page=wanted.address(cursor=following) if following else "",
        data_url=f"/v1/models?{_asked(wanted)}",
    )  # fmt: skip


def _page(
    connection: Connection, wanted: ModelsAsked, after: Sequence[Any] | None, provider: Sequence[str]
) -> list[dict[str, Any]]:
    by_token, resold, over = _CHOSEN[wanted.shown]
    return models.page(
        connection, wanted.as_of, wanted.known_at, cursor=after, limit=ON_PAGE + 1, provider=provider,
        model=pattern(wanted.q), status=[wanted.status] if wanted.status else [], subject_kind=["model"],
        by_token=by_token, resold=resold, over=over,
    )  # fmt: skip


def _by_kind(sellers: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Those who make models, and those who sell others', each with the longest list first; some do both."""
    found: dict[str, list[Mapping[str, Any]]] = {MAKERS: [], OTHERS: []}
    for row in sorted(sellers, key=lambda row: (-row["models"], row["provider"])):
        found[OTHERS if row["resold"] else MAKERS].append(row)
    return found


def _providers(wanted: ModelsAsked, sellers: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str] | None:
    """Whose models are shown: no provider means all of them, None that nobody sells such."""
    if wanted.provider:
        return [wanted.provider]
    kind = {"made": MAKERS, "resold": OTHERS}.get(wanted.shown)
    return ([row["provider"] for row in sellers[kind]] or None) if kind else []


def _asked(wanted: ModelsAsked) -> str:
    """The same question to the API."""
    named = [("subject_kind", "model"), *(("model", each) for each in pattern(wanted.q))]
    rest = wanted.address(q=None, show=None).partition("?")[2]
    return "&".join(filter(None, (urlencode(named), rest)))


def pattern(words: str | None) -> list[str]:
    """What a model's name must be like: to contain the words, unless they have a `*` of their own."""
    if not words:
        return []
    if "*" in words:
        return [words]
    text = " ".join(words.split())
    id = text.casefold().replace(" ", "-")
    return [f"*{each}*" for each in dict.fromkeys([text, text.title(), text.casefold(), id, id.replace(".", "-")])]


def listed(
    connection: Connection, rows: Sequence[Mapping[str, Any]], wanted: Moments, now: datetime
) -> list[dict[str, Any]]:
    """Rows of `store.models.page` with what a million tokens of input and of output cost.

    An alias and its dated snapshot are the very same model: where a page prices one and another tells of the life of
    the other, each is told of both.
    """
    if not rows:
        return []
    sellers = sorted({row["provider"] for row in rows})
    names = sorted({name for row in rows for name in (*_same(row), row["model"])})
    found = prices.as_of(
        connection, wanted.as_of, wanted.known_at, provider=sellers, model=names, meter=METERS, unit=["token"],
        limit=MOST_PRICES,
    )  # fmt: skip
    lacking = sorted({name for row in rows if not row["status"] for name in _same(row)})
    lives = (
        notices.status(connection, wanted.as_of, wanted.known_at, provider=sellers, model=lacking, limit=MOST_PRICES)
        if lacking
        else []
    )
    plain = headline_prices(found)
    told = {(life["provider"], life["model_id"] or life["model"]): life for life in lives if not life["scope"]}
    whole = [{**row, **_life(told, row), **_prices(plain, row)} for row in rows]
    if wanted.as_of:  # no look after that moment is told there
        whole = [{**row, "read": row["read"] and min(row["read"], wanted.as_of)} for row in whole]
    return [{**row, "fate": fate(row, wanted.as_of or now)} for row in _once(whole)]


def _once(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of an alias and its dated snapshots the first that has a name of its own; `also` has the ids of the others.

    What is no model stands by itself: an endpoint, or tuning, may have the id of a model.
    """
    kept: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["model"] in (None, row["id"]), len(row["id"]))):
        names = _same(row) if row["subject_kind"] == "model" else []
        same = next((found for name in names if (found := kept.get((row["provider"], name, "model")))), None)
        if same is None:
            kept[place(row)] = {**row, "also": []}
        else:
            same["also"].append(row["id"])
    return [kept[place(row)] for row in rows if place(row) in kept]


def _same(row: Mapping[str, Any]) -> list[str]:
    """The id of a row and the other ids of the very same model."""
    return [row["id"], *sorted(related(row["provider"], row["id"]) - {row["id"]})]


def _life(told: Mapping[tuple[str, str], Mapping[str, Any]], row: Mapping[str, Any]) -> dict[str, Any]:
    names = _same(row) if not row["status"] else []
    life = next((found for name in names if (found := told.get((row["provider"], name)))), None)
    return {key: life[key] for key in ("status", "retires_on", "not_before", "seen_until")} if life else {}


def _prices(plain: Mapping[tuple[str, str], Mapping[str, Any]], row: Mapping[str, Any]) -> dict[str, Any]:
    names = (row["id"], row["model"], *_same(row))
    held = next((found for name in names if (found := plain.get((row["provider"], name)))), {})
    seen = max((price["seen_until"] for price in held.values()), default=None)
    return {meter: said(held.get(meter)) for meter in METERS} | {
        "priced": bool(held),
        "read": max(filter(None, (seen, row["seen_until"])), default=None),
    }
