"""One line for each event, in plain newspaper English with units."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from timeline import dates, deal_words, life_words, words
from timeline.dates import day, on
from timeline.events import Event
from timeline.names import title
from timeline.offers import lasting, offer
from timeline.tellers import teller
from timeline.words import listed

_STATES = {**words.STATES, "varies": "varying prices", "unknown": "an unstated price"}  # behind "at", "as" and "to"
_LONGEST = 300


def headline(event: Event) -> str:
    """What happened, to whom, from what to what: never longer than a line, never with control characters."""
    line = KINDS[event.kind](event)
    if event.trust in ("catalogue", "reseller"):
        line = f"{line} (according to {teller(event.source)})"
    return words.clean(line, _LONGEST)


def amount(side: Mapping[str, Any] | None) -> str:
    """A price with its unit: `$3 per 1M tokens`, or the word for its state."""
    if not _is_priced(side):
        return _STATES.get((side or {}).get("state", "unknown"), _STATES["unknown"])
    return f"{words.price(side, cents=False)} {words.per_unit(side)}".rstrip()


def _listed(event: Event) -> str:
    return f"{_who(event)} lists {_amid(event)} {_at(event.new)}"


def _at(side: Mapping[str, Any] | None) -> str:
    return f"{'as' if (side or {}).get('state') in ('free', 'included', 'not_offered') else 'at'} {amount(side)}"


def _changed(event: Event) -> str:
    stated = event.effective_at
    since = f", since {day(stated)}" if stated and dates.is_past(stated, event.observed_at) else ""
    if (event.new or {}).get("state") == "free":
        return f"{_who(event)} makes {_amid(event)} free (was {amount(event.old)}){since}"
    if (event.old or {}).get("state") == "free" and _is_priced(event.new):
        return f"{_who(event)} starts to charge for {_what(event)}: {amount(event.new)}{since}"
    verb = {"cut": "cuts", "rise": "raises", None: "changes"}[event.direction]
    return f"{_who(event)} {verb} {_amid(event)} {_from_to(event)}{since}"


def _scheduled(event: Event) -> str:
    if event.old is None:
        return f"{_who(event)} will offer {_amid(event)} {_at(event.new)} from {day(event.effective_at)}"
    verb = {"cut": "cut", "rise": "raise", None: "change"}[event.direction]
    return f"{_who(event)} will {verb} {_amid(event)} {_from_to(event)} {on(event.effective_at)}"


def _schedule_withdrawn(event: Event) -> str:
    planned = f"{_who(event)} calls off the price of {amount(event.old)} for {_what(event)}"
    planned = f"{planned}, planned for {day(event.effective_at)}"
    return f"{planned}; it stays {_brief(event.new, event.old)}" if event.new else planned


def _delisted(event: Event) -> str:
    return f"{_who(event)} no longer lists {_what(event)} (was {amount(event.old)})"


def _corrected(event: Event) -> str:
    right = f"{amount(event.new)}, not {_brief(event.old, event.new)}"
    return f"{_who(event)} corrects {_what(event)}: {right}, from {day(event.effective_at)}"


def measure(name: str | None) -> str:
    """`hallucination rate`: a measure as people say it."""
    return words.clean((name or "figure").replace("_", " "), 60)


def figure(side: Mapping[str, Any] | None, beside: Mapping[str, Any] | None = None) -> str:
    """`1.4 %`, `about 10 to 12 million gallons`, `1,339 ± 4 points`; without the unit where `beside` says the same."""
    if not side:
        return "not stated"
    ends = [found for name in ("value", "upto") if (found := words.number(side.get(name))) is not None]
    said = " to ".join(_signed(end) for end in ends)
    plus, minus = (words.number(side.get(name)) for name in ("plus", "minus"))
    if plus is not None and plus == minus:
        said += f" ± {_signed(plus)}"
    elif plus is not None and minus is not None:
        said += f" (+{_signed(plus)}/{words.MINUS}{_signed(minus)})"
    unit = words.clean(str(side.get("unit") or ""), 60)
    if beside is not None and beside.get("unit") == side.get("unit"):
        unit = ""
    unit = "%" if unit == "percent" else unit
    return " ".join(filter(None, (words.clean(str(side.get("qualifier") or ""), 20), said, unit)))


def _signed(number: Decimal) -> str:
    return f"{words.MINUS if number < 0 else ''}{abs(number):,f}"


def _figure_changed(event: Event) -> str:
    scope = [f"{event.conditions[name]}" for name in sorted(event.conditions)]
    what = f"{event.model}{f' ({words.listed(scope)})' if scope else ''}, {measure(event.meter)}"
    if event.new is None:
        return f"{_who(event)} no longer shows {what} (was {figure(event.old)})"
    if event.old is None:
        return f"{_who(event)} shows {what} {figure(event.new)}"
    pct = "" if event.change_pct is None else f" ({words.per_cent(event.change_pct)})"
    return (
        f"{_who(event)}: {what.replace(': ', ' ', 1)} now {figure(event.new)}, was {figure(event.old, event.new)}{pct}"
    )


_BINDS = {
    "applies": "applies from {}",
    "in_force": "enters into force on {}",
    "effective": "takes effect on {}",
    "compliance": "must be complied with by {}",
    "withdrawn": "is withdrawn",
}


def _rule_dated(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    side = new or old
    applies = words.clean(str(side.get("applies") or ""), 120)
    what = f"{event.conditions.get('jurisdiction', '')}: {event.model}{f' ({applies})' if applies else ''}"
    said = _BINDS.get(str(side.get("binding")), "binds from {}").format(day(side.get("applies_from")))
    if not new:
        return f"{_who(event)} no longer says that {what} {said}"
    before = f", not {day(old.get('applies_from'))}" if old else ""
    return f"{what} {said}{before}"


def _page_changed(event: Event) -> str:
    new = event.new or {}
    title_ = words.clean(str(new.get("title") or event.source), 120)
    removed, added = new.get("removed", 0), new.get("added", 0)
    told = f"{words.counted(added, 'line')} new, {words.counted(removed, 'line')} gone"
    return f"{_who(event)} changes {title_}: {told}"


def _published(event: Event) -> str:
    return f"{_who(event)}: {(event.new or {}).get('title') or (event.new or {}).get('url')}"


def _incident_opened(event: Event) -> str:
    return f"{_who(event)} incident{_impact(event)}: {(event.new or {}).get('title')}{_components(event)}"


def _incident_resolved(event: Event) -> str:
    minutes = (event.new or {}).get("minutes")
    lasted = f" after {words.duration(minutes)}" if isinstance(minutes, int) else ""
    return f"{_who(event)} resolved{lasted}: {(event.new or {}).get('title')}{_components(event)}"


def _impact(event: Event) -> str:
    impact = (event.new or {}).get("impact")
    return f" ({impact})" if impact and impact != "none" else ""


def _components(event: Event) -> str:
    """What was affected, where the title does not say it."""
    side = event.new or {}
    title_ = str(side.get("title") or "").casefold()
    named = [name for name in side.get("components") or [] if str(name).casefold() not in title_]
    return f" [{listed(named)}]" if named else ""


KINDS: dict[str, Callable[[Event], str]] = {
    "price.listed": _listed,
    "price.changed": _changed,
    "price.scheduled": _scheduled,
    "price.schedule_withdrawn": _schedule_withdrawn,
    "price.delisted": _delisted,
    "price.corrected": _corrected,
    **life_words.KINDS,
    "news.published": _published,
    "incident.opened": _incident_opened,
    "incident.resolved": _incident_resolved,
    "funding.announced": deal_words.announced,
    "funding.updated": deal_words.updated,
    "figure.changed": _figure_changed,
    "rule.dated": _rule_dated,
    "page.changed": _page_changed,
}


def _who(event: Event) -> str:
    return title(event.provider)


def _what(event: Event) -> str:
    """The model and what of it is billed: `Claude Opus 5 cache write, 1 hour`."""
    return f"{event.model} {_offer(event)}"


def _amid(event: Event) -> str:
    """The same where the sentence goes on: what is set off by a comma needs another behind it."""
    return f"{_what(event)}," if ", " in _offer(event) else _what(event)


def _offer(event: Event) -> str:
    """How long a cache lasts stands behind, as names of models end in numbers: not `Opus 5 1-hour cache write`."""
    ttl = event.conditions.get("cache_ttl")
    told = offer(event.meter, {name: value for name, value in event.conditions.items() if name != "cache_ttl"})
    return f"{told}, {lasting(str(ttl))}" if ttl else told


def _from_to(event: Event) -> str:
    pct = "" if event.change_pct is None else f" ({words.per_cent(event.change_pct)})"
    return f"from {_brief(event.old, event.new)} to {amount(event.new)}{pct}"


def _brief(side: Mapping[str, Any] | None, beside: Mapping[str, Any] | None) -> str:
    """One side beside another that gives the unit for both; the word for its state where it has no amount."""
    both = _is_priced(side) and _is_priced(beside)
    return words.price(side, beside=beside, cents=False) if both else amount(side)


def _is_priced(side: Mapping[str, Any] | None) -> bool:
    return side is not None and side.get("state") == "priced" and side.get("amount") is not None
