"""The price states of models.dev's git history, one JSON object a line: read strictly, and what they say. Pure.

A state is one meter of one model at one seller with one value, from the commit that set it to the commit that ended it.
Fields: provider, model, meter, usd_per_mtok, valid_from, valid_to (null: it still stood), commit, end_commit,
start_reason (model_added, meter_added, price_changed, renamed_from), end_reason, context_over, mode, renamed_from.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, overload

from crawler.backfill.exports import BackfillError, lines_of
from crawler.extract.catalogues import models_dev
from crawler.extract.catalogues.offers import Priced, is_free, provider_of
from timeline.prices import PricePoint, PriceState

HOME: Final = "https://github.com/anomalyco/models.dev"
COMMITS: Final = f"{HOME}/commit/"
_CACHE_READ: Final = ("inputCached", "cached_input", "cache_input", "cached", "cached_read")
_CACHE_WRITE: Final = ("outputCached", "cached_write")
_STRAY: Final[Mapping[str, Priced]] = {
    # What models.dev called the fields before it settled on names, and what single files call them still: the
    # condition keeps them apart from the settled ones, which may stand beside them.
    **{name: Priced("cache_read", per=models_dev.PER, conditions={"field": name}) for name in _CACHE_READ},
    **{name: Priced("cache_write", per=models_dev.PER, conditions={"field": name}) for name in _CACHE_WRITE},
    "image": Priced("output_image", per=models_dev.PER, conditions={"field": "image"}),
    "citation": Priced("input", per=models_dev.PER, conditions={"field": "citation", "tool": "citation"}),
    "request": Priced("request", "request", 1000, {"field": "request"}),
}
METERS: Final[Mapping[str, Priced]] = {**models_dev.METERS, **_STRAY}


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceStateLine:
    """One line. `ends` None: it still stood at the end of the file."""

    number: int
    provider: str  # folder, as there
    model: str  # path of the file, as there
    meter: str
    amount: Decimal
    starts: datetime
    ends: datetime | None
    commit: str
    end_commit: str | None = None
    start_reason: str
    end_reason: str | None = None
    context_over: int | None = None
    mode: str | None = None
    renamed_from: str | None = None  # provider/model

    @property
    def path(self) -> str:
        """What the model was called there."""
        return f"{self.provider}/{self.model}"

    @property
    def offer(self) -> tuple[str, int | None, str | None]:
        """Which of the model's prices it is."""
        return (self.meter, self.context_over, self.mode)


def parse(body: bytes) -> list[PriceStateLine]:
    """The states, in the order of their times. Raises BackfillError naming the first line that is wrong."""
    states = [_state(number, line) for number, line in enumerate(lines_of(body), 1)]
    if not states:
        raise BackfillError("no price states: expected one JSON object a line")
    states.sort(key=lambda state: (state.starts, state.number))
    last: dict[tuple[Any, ...], PriceStateLine] = {}
    for state in states:
        before = last.get((state.path, *state.offer))
        if before and (before.ends is None or before.ends > state.starts):
            raise BackfillError(
                f"line {state.number}: {state.path} {state.meter} has two prices from {state.starts:%Y-%m-%d %H:%M} "
                f"on, the other in line {before.number}: expected one at a time"
            )
        last[state.path, *state.offer] = state
    return states


def facts_of(states: Sequence[PriceStateLine]) -> list[PricePoint | None]:
    """What each state says; None where nobody knows what its meter prices.

    0 beside prices is no price of its own; 0 and nothing else is a price nobody knows, as in the reader of api.json.
    """
    worth: dict[str, list[PriceStateLine]] = {}
    for state in states:
        if state.amount:
            worth.setdefault(state.path, []).append(state)
    return [_fact(state, worth.get(state.path, ())) for state in states]


def is_same(old: str, new: str) -> bool:
    """Whether a renamed file is still the same model: git takes any file much like another for a renamed one."""
    if old.partition("/")[0] != new.partition("/")[0] and old.partition("/")[2] != new.partition("/")[2]:
        return False
    return _bare(old.partition("/")[2]) == _bare(new.partition("/")[2]) or _bare(_leaf(old)) == _bare(_leaf(new))


def _fact(state: PriceStateLine, worth: Iterable[PriceStateLine]) -> PricePoint | None:
    priced = METERS.get(state.meter)
    if priced is None:
        return None
    seller = provider_of(state.provider)
    told: PriceState = "priced"
    if not state.amount:
        beside = any(_overlap(state, other) for other in worth)
        told = "included" if beside else "free" if is_free(seller, state.path) else "unknown"
    conditions = dict(priced.conditions)
    if state.mode:
        conditions["service_tier"] = state.mode
    if state.context_over:
        conditions["context_over"] = state.context_over
    return PricePoint(
        provider=seller,
        model=state.path,
        model_id=state.model,
        by_name=True,
        meter=priced.meter,
        amount=state.amount if told in ("priced", "free") else None,
        state=told,
        currency=priced.currency,
        per=Decimal(priced.per),
        unit=priced.unit,
        conditions=conditions,
        locator=f"line {state.number}",
        label=f"{state.meter}: {state.amount}",
    )


def _overlap(one: PriceStateLine, other: PriceStateLine) -> bool:
    return (other.ends is None or one.starts < other.ends) and (one.ends is None or other.starts < one.ends)


def _state(number: int, line: bytes) -> PriceStateLine:
    try:
        data = json.loads(line, parse_float=Decimal)
        state = PriceStateLine(
            number=number,
            amount=Decimal(data["usd_per_mtok"]),
            starts=_time(data["valid_from"]),
            ends=_time(data["valid_to"]) if data.get("valid_to") else None,
            provider=_text(data["provider"]),
            model=_text(data["model"]),
            meter=_text(data["meter"]),
            commit=_text(data["commit"]),
            start_reason=_text(data["start_reason"]),
            end_commit=_text(data.get("end_commit"), optional=True),
            end_reason=_text(data.get("end_reason"), optional=True),
            mode=_text(data.get("mode"), optional=True),
            renamed_from=_text(data.get("renamed_from"), optional=True),
            context_over=None if data.get("context_over") is None else int(data["context_over"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"[:200]
        raise BackfillError(f"line {number}: expected a price state of models.dev, found {found}") from error
    if not state.amount.is_finite() or state.amount < 0 or (state.ends and state.ends <= state.starts):
        raise BackfillError(
            f"line {number}: {state.amount} from {state.starts} to {state.ends}: expected a price, and an end after it"
        )
    return state


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@overload
def _text(value: Any) -> str: ...
@overload
def _text(value: Any, *, optional: bool) -> str | None: ...
def _text(value: Any, *, optional: bool = False) -> str | None:
    if optional and value is None:
        return None
    if not isinstance(value, str) or not value or "\0" in value:
        raise TypeError(f"{value!r} where a text is expected")
    return value


def _leaf(path: str) -> str:
    return path.rpartition("/")[2]


def _bare(name: str) -> str:
    """A name without case and punctuation; 4p5 is 4.5."""
    return re.sub(r"[\W_]+", "", re.sub(r"(?<=\d)p(?=\d)", "", name)).casefold()
