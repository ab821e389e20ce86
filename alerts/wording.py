"""What only alerts say: who and what a message is about, totals, and when a change was seen. In plain text."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from timeline import names
from timeline.dates import day, is_dateless
from timeline.events import Event
from timeline.words import clean, listed, money


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Somewhere to look: a short label of ours and an http(s) address."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A headline, a line that introduces the others, and what the headline leaves out: one fact a line."""

    title: str
    lead: str = ""
    lines: tuple[str, ...] = ()


def provider(name: str) -> str:
    """The provider as it writes itself: `OpenAI`."""
    return clean(names.title(name), 60)


def name_of(event: Event) -> str:
    """The model as its page prints it, else its id, else the source; with the region or the like that its end is of."""
    name = clean(event.model or event.model_id or event.source, 70)
    limits = event.conditions if event.kind.startswith("model.") else {}
    where = clean(listed([str(limits[each]) for each in sorted(limits)]), 60)
    return f"{name} ({where})" if where else name


def subject(event: Event) -> str:
    """What an event is about, `provider/model`, `deal/name` or `source/id`: the order of messages is kept by it."""
    if event.kind.startswith("funding."):
        return f"deal/{event.key}"
    model = event.model_id or event.model
    return f"{event.provider}/{model}" if model else f"source/{event.source}"


def headline(text: str) -> str:
    """As long as a headline may be: 150 characters are what a Slack header takes."""
    return clean(text, 150)


def sum_of_money(amount: Decimal, currency: str | None) -> str:
    """A total: `$1,012`, `$12.40`, `less than $0.01`."""
    size = abs(amount)
    if 0 < size < Decimal("0.01"):
        return f"less than {money(Decimal('0.01'), currency)}"
    if size >= 100:
        return money(amount.quantize(Decimal(1), ROUND_HALF_UP), currency, cents=False)
    return money(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), currency)


def window(after: datetime | None, at: datetime) -> str:
    """Between which two looks at the page it happened: `between 10:00 and 10:10 UTC on 12 August 2026`."""
    end = at.astimezone(UTC)
    if after is None:
        return f"at {end:%H:%M} UTC on {day(end)}" if not is_dateless(end) else f"on {day(end)}"
    start = after.astimezone(UTC)
    if is_dateless(start) and is_dateless(end):
        return f"between {day(start)} and {day(end)}"
    if start.date() == end.date():
        return f"between {start:%H:%M} and {end:%H:%M} UTC on {day(end)}"
    return f"between {start:%H:%M} UTC on {day(start)} and {end:%H:%M} UTC on {day(end)}"
