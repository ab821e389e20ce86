"""What people are told: events of one page grouped into messages, with stable keys, and their plain text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from alerts import effects, stories, wording
from alerts.impact import Standing, Workload
from alerts.life_stories import Story
from timeline.dates import day
from timeline.events import Event
from timeline.keys import canonical, digest
from timeline.words import clean, counted

PAGE_STORY: Final = 4
"""From this many different changes on one page, one message tells them all: nobody reads forty for one page."""
NAMES: Final = 75
"""Characters of model names that a headline can take."""
MAX_LINES: Final = 100
LINK: Final = 600
"""Characters of an address: a longer one is left out, as no receiver shows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Somewhere to look: a short label of ours and an http(s) address."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message, as plain text parts that each notifier lays out in its own way.

    `key` is the same for the same events, always: it goes out with the message, so that a duplicate can be told.
    `subjects` are the models it is about (`openai/gpt-4o`): messages that share one are sent in order.
    """

    key: str
    events: tuple[str, ...]
    subjects: tuple[str, ...]
    title: str
    lead: str = ""  # introduces the lines
    lines: tuple[str, ...] = ()  # one fact each
    omitted: int = 0  # facts beyond MAX_LINES
    effects: tuple[str, ...] = ()  # what it means for the reader's own workloads
    notes: tuple[str, ...] = ()
    seen: str = ""
    links: tuple[Link, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` gives an equal message back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Message":
        """The message that `to_json` wrote. Raises KeyError or TypeError for anything else."""
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}
        values["links"] = tuple(Link(**link) for link in data["links"])
        return cls(**values)


def compose(
    events: Iterable[Event],
    workloads: Sequence[Workload] = (),
    base_url: str = "",
    standing: Standing | None = None,
) -> list[Message]:
    """The messages that tell `events`, in the order of their first event.

    Events of one capture and one model are one message; so are the models of a capture to which the same happens, and
    a whole page that changes in PAGE_STORY ways or more. `base_url` is where the pages of aiwire are (empty: no links
    to it); `standing` what holds beside the changes.
    """
    beside = standing or Standing()
    pages: dict[tuple[object, ...], dict[tuple[object, ...], list[Event]]] = {}
    for event in events:
        pages.setdefault(_page(event), {}).setdefault(_model(event), []).append(event)
    messages = []
    for page in pages.values():
        for models, story in _stories(list(page.values()), beside):
            messages.append(_message(models, story, workloads, base_url, beside))
    return messages


def withdrawal(told: Message, gone: Sequence[Event], because: str) -> Message:
    """The message that takes back what `told` said of the events `gone`."""
    ids = tuple(event.id for event in gone)
    whole = set(ids) >= set(told.events)
    lines = () if whole else tuple(f"No longer true: {clean(event.headline, 300)}" for event in gone)[:MAX_LINES]
    return Message(
        key=digest(["withdrawn", told.key, sorted(ids)]),
        events=ids,
        subjects=told.subjects,
        title=wording.headline(f"{'Withdrawn' if whole else 'Corrected'}: {told.title}"),
        lines=lines,
        notes=(f"Why: {clean(because, 300)}.".replace("..", "."),),
        links=told.links,
    )


def parked_notice(receiver: str, count: int, detail: str, now: datetime) -> Message:
    """Tells the people behind another receiver that this one does not get its messages: once a day and reason."""
    name = clean(receiver, 60)
    return Message(
        key=digest(["parked", receiver, detail[:3], now.date()]),
        events=(),
        subjects=(),
        title=f"Alerts to {name} do not get through",
        lines=(
            f"{counted(count, 'message')} given up: {clean(detail, 200)}",
            f"Mend the receiver in aiwire.toml, then try it: aiwire alerts test {name}",
            "What was given up: aiwire alerts deliveries",
        ),
    )


def trial(receiver: str, at: str) -> Message:
    """A message that only proves that the way to a receiver is open. `at` makes it one of its own."""
    return Message(
        key=digest(["test", receiver, at]),
        events=(),
        subjects=(),
        title="A test message from aiwire",
        lines=(f"The receiver {clean(receiver, 60)} works: alerts will arrive here.",),
    )


def text(message: Message) -> str:
    """The message as plain text, for terminals, notifications and mail."""
    parts = [message.title]
    if message.lines:
        more = [f"and {counted(message.omitted, 'more change')}"] if message.omitted else []
        lead = [message.lead] if message.lead else []
        parts.append("\n".join([*lead, *(f"• {line}" for line in (*message.lines, *more))]))
    parts += ["\n".join(block) for block in (message.effects, message.notes) if block]
    end = [message.seen] if message.seen else []
    end += [f"{link.label}: {link.url}" for link in message.links]
    parts += ["\n".join(end)] if end else []
    return "\n\n".join(parts)


def _page(event: Event) -> tuple[object, ...]:
    """What makes one capture's changes of one noun belong together."""
    seq = event.after.seq if event.after else None
    noun = "model" if event.kind.startswith(("price.", "model.")) else event.kind.partition(".")[0]
    if event.kind == "model.retirement_due":
        noun = event.kind  # the calendar told it, not a page
    return (event.source, seq, event.observed_at, event.provider, noun)


def _model(event: Event) -> tuple[object, ...]:
    if event.kind.startswith(("price.", "model.")):
        return (event.model_id or event.model or event.key,)
    return ("news",) if event.kind.startswith("news.") else (event.kind, event.key)


def _stories(models: list[list[Event]], beside: Standing) -> Iterator[tuple[list[list[Event]], Story]]:
    """The stories of a page, each with its models: by name where the same happens to a few, else one for the page."""
    alike: dict[str, list[list[Event]]] = {}
    for events in models:
        alike.setdefault(_change(events), []).append(events)
    if len(alike) >= PAGE_STORY:
        yield models, stories.of_page(models, beside.replacements)
        return
    for group in alike.values():
        tell = stories.of_models if len(group) == 1 or len(stories.names(group)) <= NAMES else stories.of_page
        yield group, tell(group, beside.replacements)


def _change(events: Sequence[Event]) -> str:
    """What happens to a model, without its name: the same text for the same change. Other news is never the same."""
    if not events[0].kind.startswith(("price.", "model.")):
        return events[0].id
    told = [canonical([e.kind, e.meter, e.conditions, e.old, e.new, e.effective_at, e.late]) for e in events]
    return canonical(sorted(told))


def _message(
    models: Sequence[Sequence[Event]],
    story: Story,
    workloads: Sequence[Workload],
    base_url: str,
    standing: Standing,
) -> Message:
    events = [event for one in models for event in one]
    ids = tuple(event.id for event in events)
    return Message(
        key=digest(sorted(ids)),
        events=ids,
        subjects=tuple(dict.fromkeys(wording.subject(event) for event in events)),
        title=story.title,
        lead=story.lead,
        lines=story.lines[:MAX_LINES],
        omitted=max(0, len(story.lines) - MAX_LINES),
        effects=effects.sentences(events, workloads, standing.prices),
        notes=_notes(events),
        seen=_seen(events[0]),
        links=_links(models, base_url),
    )


def _notes(events: Sequence[Event]) -> tuple[str, ...]:
    notes = []
    dates = {event.effective_at for event in events if event.kind == "price.changed" and event.effective_at}
    if len(dates) == 1:
        notes.append(f"In force since {day(next(iter(dates)))}, as the page states.")
    if any(event.late for event in events):
        notes.append("Told late: the page had changed before aiwire could read it.")
    if all(event.trust != "official" for event in events):
        said = {
            "cloud": "a cloud's own page",
            "reseller": "a reseller",
            "catalogue": "a catalogue",
            "press": "the press",
        }
        notes.append(f"Reported by {said.get(events[0].trust, 'another source')}, not by the provider itself.")
    return tuple(notes)


def _seen(event: Event) -> str:
    host = urlsplit(event.after.url).hostname if event.after and _web(event.after.url) else None
    where = f" on {clean(host, 80)}" if host else ""
    if event.kind == "model.retirement_due" and event.after:
        return f"As stated{where} on {day(event.after.captured_at)}"
    return f"Seen{where} {wording.window(event.observed_after, event.observed_at)}"


def _links(models: Sequence[Sequence[Event]], base_url: str) -> tuple[Link, ...]:
    first = models[0][0]
    links = []
    if base_url:
        base = base_url.rstrip("/")
        if first.after:
            links.append(Link(label="Evidence", url=f"{base}/evidence/{quote(first.id, safe='')}"))
        model = first.model_id or first.model
        if model and len(models) == 1:
            path = f"{quote(first.provider, safe='')}/{quote(model, safe='/')}"
            links.append(Link(label="History", url=f"{base}/models/{path}"))
        else:
            links.append(Link(label="Timeline", url=f"{base}/?source={quote(first.source, safe='')}"))
    item = (first.new or {}).get("url") if first.kind.startswith("news.") else None
    if isinstance(item, str) and _web(item):
        links.append(Link(label="Article", url=item))
    elif first.after and _web(first.after.url):
        links.append(Link(label="Page", url=first.after.url))
    return tuple(link for link in links if len(link.url) <= LINK)


def _web(url: str) -> bool:
    """Whether it is plainly a web address: nothing in it that could end a link early or hide where it leads."""
    plain = url.isascii() and not any(c <= " " or c in '<>|"\\`\x7f' for c in url)
    return plain and url.startswith(("https://", "http://")) and "@" not in urlsplit(url).netloc
