"""Which event goes where: an event against one route, with the first reason why not."""

from collections.abc import Callable
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from alerts.routing import DEAL_STATUSES, STATUSES, Change, Route
from alerts.watchlists import covers
from timeline.events import Event
from timeline.names import spellings
from timeline.words import number

Reason = Literal[
    "match", "baseline", "kind", "trust", "provider", "model", "watchlist", "subject_kind", "meter", "conditions",
    "direction", "below_threshold", "status", "milestone", "topic", "measure", "deal", "company",
]  # fmt: skip


def match(route: Route, event: Event) -> Reason:
    """`match`, or the first reason why not. Baselines never match: a first capture changes nothing."""
    return next((reason for reason, fits in FILTERS if not fits(route, event)), "match")


def passes(route: Route, event: Event) -> bool:
    """Whether a change is as large as the route asks; one that cannot be compared is never kept back."""
    least, pct = route.min_change_pct, event.change_pct
    if least is not None and pct is not None and abs(pct) < least:
        return False
    moved = _moved(route.min_change, event) if route.min_change else None
    return moved is None or route.min_change is None or moved >= route.min_change.amount


def _is_change(route: Route, event: Event) -> bool:
    return not event.baseline or event.kind == "model.retirement_due"  # a milestone is due whenever it is first seen


def _kind(route: Route, event: Event) -> bool:
    return any(fnmatchcase(event.kind, kind) for kind in route.kinds)


def _trust(route: Route, event: Event) -> bool:
    return not route.trust or event.trust in route.trust


def _provider(route: Route, event: Event) -> bool:
    return not route.providers or event.provider in route.providers


def _model(route: Route, event: Event) -> bool:
    if not route.models:
        return True
    names = {name for model in (event.model_id, event.model) if model for name in spellings(event.provider, model)}
    names |= {f"{event.provider}/{name}" for name in names}
    return any(fnmatchcase(name, glob.casefold()) for glob in route.models for name in names)


def _watchlist(route: Route, event: Event) -> bool:
    return route.watchlist is None or covers(route.watchlist, event)


def _subject(route: Route, event: Event) -> bool:
    told = event.kind.startswith(("price.", "model."))
    return not route.subject_kinds or not told or (event.subject_kind or "model") in route.subject_kinds


def _meter(route: Route, event: Event) -> bool:
    return not route.meters or not _is_price(event) or event.meter in route.meters


def _conditions(route: Route, event: Event) -> bool:
    """Each condition asked for is one of the values named; a price that names no tier is a standard one."""
    if not _is_price(event):
        return True
    for name, wanted in route.conditions.items():
        value = event.conditions.get(name, "standard" if name == "service_tier" else None)
        if value is None or not any(fnmatchcase(str(value).casefold(), glob.casefold()) for glob in wanted):
            return False
    return True


def _direction(route: Route, event: Event) -> bool:
    return not route.direction or not _has_size(event) or event.direction == route.direction


def _threshold(route: Route, event: Event) -> bool:
    return not _has_size(event) or passes(route, event)


def _status(route: Route, event: Event) -> bool:
    """A status of a model says nothing about deals, and the other way round."""
    stated = (event.new or {}).get("status") if event.kind.startswith(("model.", "funding.")) else None
    known = DEAL_STATUSES if event.kind.startswith("funding.") else STATUSES
    wanted = [status for status in route.status if status in known]
    return not wanted or stated is None or stated in wanted


def _milestone(route: Route, event: Event) -> bool:
    """The days asked for; at the first look at a source whatever is that near already."""
    days = (event.new or {}).get("days")
    if not route.milestones or event.kind != "model.retirement_due" or not isinstance(days, int):
        return True
    return days <= max(route.milestones) if event.baseline else days in route.milestones


def _topic(route: Route, event: Event) -> bool:
    if not route.topics or not event.kind.startswith(("news.", "funding.", "page.")):
        return True
    found = (event.new or {}).get("topics") or ()
    topics = [found] if isinstance(found, str) else [str(topic) for topic in found]
    return any(fnmatchcase(topic.casefold(), glob.casefold()) for glob in route.topics for topic in topics)


def _measure(route: Route, event: Event) -> bool:
    if not route.measures or not event.kind.startswith("figure."):
        return True
    return any(fnmatchcase((event.meter or "").casefold(), glob.casefold()) for glob in route.measures)


def _deal(route: Route, event: Event) -> bool:
    return not route.deals or not _is_deal(event) or (event.new or {}).get("label") in route.deals


def _company(route: Route, event: Event) -> bool:
    if not route.companies or not _is_deal(event):
        return True
    terms = event.new or {}
    named = [terms.get("company"), terms.get("acquirer"), *(terms.get("investors") or ())]
    named += terms.get("lead_investors") or ()
    return any(fnmatchcase(str(name).casefold(), glob.casefold()) for glob in route.companies for name in named if name)


def _large(route: Route, event: Event) -> bool:
    """A deal of the sum asked for, or valued at it where no sum is told; another currency cannot be compared.

    Where none is told any more, by what it was: whoever heard of the deal hears what became of it.
    """
    least = route.min_amount
    if least is None or not _is_deal(event):
        return True
    for terms in (event.new or {}, event.old or {}):
        for name in ("amount", "valuation"):
            value = number(terms.get(f"{name}_max")) or number(terms.get(name))
            if value is not None:
                currency = terms.get("valuation_currency") if name == "valuation" else None
                return (currency or terms.get("currency")) != least.currency or value >= least.amount
    return False


def _is_deal(event: Event) -> bool:
    return event.kind.startswith("funding.")


FILTERS: Final[tuple[tuple[Reason, Callable[[Route, Event], bool]], ...]] = (
    ("baseline", _is_change),
    ("kind", _kind),
    ("trust", _trust),
    ("provider", _provider),
    ("model", _model),
    ("watchlist", _watchlist),
    ("subject_kind", _subject),
    ("meter", _meter),
    ("conditions", _conditions),
    ("direction", _direction),
    ("below_threshold", _threshold),
    ("status", _status),
    ("milestone", _milestone),
    ("topic", _topic),
    ("measure", _measure),
    ("deal", _deal),
    ("company", _company),
    ("below_threshold", _large),
)


def _is_price(event: Event) -> bool:
    return event.kind.startswith("price.")


def _has_size(event: Event) -> bool:
    """Whether it moves a number up or down."""
    return event.kind.startswith(("price.", "figure."))


def _moved(least: Change, event: Event) -> Decimal | None:
    """By how much a price moved, in the unit of the route; None where it is in another unit or currency."""
    sides = [_amount(side, least) for side in (event.old, event.new)]
    before, after = sides
    return None if before is None or after is None else abs(after - before)


def _amount(side: Any, least: Change) -> Decimal | None:
    if not side or side.get("currency") != least.currency or side.get("unit") != least.unit:
        return None
    amount, per = number(side.get("amount")), number(side.get("per"))
    return amount * least.per / per if amount is not None and per else None
