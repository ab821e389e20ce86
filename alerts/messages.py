"""What people are told: events of one page grouped into messages, with stable keys, and their plain text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

from alerts import checks, deal_stories, effects, evidence, stories, wording
from alerts.circumstances import Standing
from alerts.wording import Link as Link  # noqa: PLC0414  a part of Message
from alerts.wording import Story
from timeline.events import Event
from timeline.keys import canonical, digest
from timeline.words import clean, counted
from timeline.workloads import Workload

PAGE_STORY: Final = 4
"""From this many different changes on one page, one message tells them all: nobody reads forty for one page."""
NAMES: Final = 75
"""Characters of model names that a headline can take."""
MAX_LINES: Final = 100


Kind = Literal["change", "news", "operation", "correction", "withdrawal", "reinstatement", "digest", "test"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message, as plain text parts that each notifier lays out in its own way.

    The head is `title`, `effects` and `effective`; the detail `lines` (with `lead` and `omitted`), `alternatives`,
    `also` and `notes`; the proof `seen` and `links`. `data` says the same to machines. No part but `data` has line
    breaks or control characters; all of it may quote pages, and is to be escaped.
    """

    key: str  # the same for the same events, always: it goes out with the message, so that a duplicate can be told
    events: tuple[str, ...]  # ids
    subjects: tuple[str, ...]  # what it is about (`openai/gpt-4o`): messages that share one are sent in order
    kind: Kind = "change"
    about: str = ""  # of what corrects, withdraws, reinstates or confirms a message: the key of that one
    part: bool = False  # it is about a part of that message, which stands as it is
    provider: str = ""  # its id; empty where there is none
    at: str = ""  # when it was observed, UTC, as 2026-08-12T10:10:00Z
    title: str
    lead: str = ""  # introduces the lines
    lines: tuple[str, ...] = ()  # one fact each
    omitted: int = 0  # facts beyond MAX_LINES
    effects: tuple[str, ...] = ()  # what it means for the reader's own workloads
    alternatives: tuple[str, ...] = ()  # what else would do the work of a workload it touches, and at what price
    also: tuple[str, ...] = ()  # what else changed on that page
    effective: str = ""  # since when it holds, where the page states it
    notes: tuple[str, ...] = ()  # what to know of the evidence
    seen: str = ""
    links: tuple[Link, ...] = field(default=())
    data: tuple[Mapping[str, Any], ...] = ()  # the events as `aiwire replay` prints them, at most MAX_LINES

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
    told = tuple(events)
    beside = (standing or Standing()).without(told)
    pages: dict[tuple[object, ...], dict[tuple[object, ...], list[Event]]] = {}
    for event in told:
        pages.setdefault(_page(event), {}).setdefault(_model(event), []).append(event)
    messages = []
    for page in pages.values():
        for place, (models, story) in enumerate(_stories(list(page.values()), beside)):
            message = _message(models, story, workloads, base_url, beside)
            messages.append(message if place == 0 else replace(message, also=()))  # once is enough
    return messages


def withdrawal(told: Message, gone: Sequence[Event], because: str, *, turn: int = 0) -> Message:
    """The message that takes back what `told` said of the events `gone`.

    `turn`: how many words about them there were before; a message is taken back anew after each time that it stood.
    """
    ids = tuple(event.id for event in gone)
    whole = set(ids) >= set(told.events)
    lines = () if whole else tuple(f"No longer true: {clean(event.headline, 300)}" for event in gone)[:MAX_LINES]
    return Message(
        key=digest(["withdrawn", told.key, sorted(ids), *([turn] if turn else [])]),
        events=ids,
        subjects=told.subjects,
        title=wording.headline(f"{'Withdrawn' if whole else 'Corrected'}: {told.title}"),
        lines=lines,
        notes=(f"Why: {clean(because, 300)}.".replace("..", "."),),
        links=told.links,
        kind="withdrawal" if whole else "correction",
        about=told.key,
        provider=told.provider,
        at=told.at,
    )


def reinstatement(told: Message, back: Sequence[Event], still: Sequence[Event], *, turn: int) -> Message:
    """The message that says of the events `back`, which `told` told and a later one took back, that they stand.

    `still`: those of `told` that stay withdrawn. `turn`: how many words about `back` there were before.
    """
    ids = tuple(event.id for event in back)
    lines = told.lines
    if len(ids) < len(told.events):
        lines = tuple(f"True after all: {clean(event.headline, 300)}" for event in back)
        lines += tuple(f"No longer true: {clean(event.headline, 300)}" for event in still)
    return replace(
        told,
        key=digest(["stands", told.key, sorted(ids), turn]),
        events=ids,
        kind="reinstatement",
        about=told.key,
        part=False,
        title=wording.headline(f"{'Corrected' if still else 'Stands after all'}: {told.title}"),
        lead="" if lines is not told.lines else told.lead,
        lines=lines[:MAX_LINES],
        omitted=told.omitted if lines is told.lines else max(0, len(lines) - MAX_LINES),
        notes=("It was taken back, and a later reading of the evidence shows it again.",),
        data=tuple(evidence.data(event) for event in back[:MAX_LINES]),
    )


def parked_notice(receiver: str, count: int, detail: str, now: datetime, incident: str = "") -> Message:
    """Tells the people behind another receiver that this one does not get its messages.

    Once an `incident`; where that is empty, once a day and reason.
    """
    name = clean(receiver, 60)
    return Message(
        key=digest(["parked", receiver, *([incident] if incident else [detail[:3], now.date()])]),
        events=(),
        subjects=(),
        title=f"Alerts to {name} do not get through",
        lines=(
            f"{counted(count, 'message')} given up: {clean(detail, 200)}",
            f"Mend the receiver in aiwire.toml, then try it: aiwire alerts test {name}",
            f"What was given up: aiwire alerts list --state parked; to send it then: aiwire alerts retry {name}",
        ),
        kind="operation",
        at=_utc(now),
    )


def back_notice(receiver: str, parked: int, now: datetime) -> Message:
    """Tells the same people that it gets them again. `parked` are the messages that are still given up."""
    name = clean(receiver, 60)
    left = f"{counted(parked, 'message')} given up meanwhile: aiwire alerts retry {name} sends them"
    return Message(
        key=digest(["back", receiver, now]),
        events=(),
        subjects=(),
        title=f"Alerts to {name} get through again",
        lines=(left,) if parked else (),
        kind="operation",
        at=_utc(now),
    )


def trial(receiver: str, at: str) -> Message:
    """A message that only proves that the way to a receiver is open. `at` makes it one of its own."""
    return Message(
        key=digest(["test", receiver, at]),
        events=(),
        subjects=(),
        title="A test message from aiwire",
        lines=(f"The receiver {clean(receiver, 60)} works: alerts will arrive here.",),
        kind="test",
    )


def text(message: Message) -> str:
    """The message as plain text, for terminals, notifications and mail."""
    parts = [message.title]
    if message.lines:
        more = [f"and {counted(message.omitted, 'more change')}"] if message.omitted else []
        lead = [message.lead] if message.lead else []
        parts.append("\n".join([*lead, *(bulleted(line) for line in (*message.lines, *more))]))
    effective = [message.effective] if message.effective else []
    told = (message.effects, message.alternatives, message.also, [*effective, *message.notes])
    parts += ["\n".join(block) for block in told if block]
    end = [message.seen] if message.seen else []
    end += [f"{link.label}: {link.url}" for link in message.links]
    parts += ["\n".join(end)] if end else []
    return "\n\n".join(parts)


def bulleted(line: str) -> str:
    """A line with its mark; what stands below another line (digests begin it with a dash) is set in."""
    return f"   {line}" if line.startswith("– ") else f"• {line}"


def _page(event: Event) -> tuple[object, ...]:
    """What makes one capture's changes of one noun belong together."""
    if event.kind.startswith("funding."):
        return ("deal", event.key)
    seq = event.after.seq if event.after else None
    noun = "model" if event.kind.startswith(("price.", "model.")) else event.kind.partition(".")[0]
    if event.kind == "model.retirement_due":
        noun, seq = event.kind, None  # the calendar told it, not a page
    return (event.source, seq, event.observed_at, event.provider, noun)


def _model(event: Event) -> tuple[object, ...]:
    if event.kind.startswith(("price.", "model.")):
        name = event.model_id or event.model or event.key
        return (name, canonical(event.conditions)) if event.kind.startswith("model.") and event.conditions else (name,)
    noun = event.kind.partition(".")[0]
    if noun in ("news", "figure", "rule", "incident"):
        return (noun,)
    return (noun if noun == "funding" else event.kind, event.key)


def _stories(models: list[list[Event]], beside: Standing) -> Iterator[tuple[list[list[Event]], Story]]:
    """The stories of a page, each with its models: by name where the same happens to a few, else one for the page."""
    if models[0][0].kind.startswith("funding."):  # one deal
        yield models, deal_stories.of_deal(models[0], beside.outlets.get(models[0][0].key, ()))
        return
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
    told = [
        canonical([e.kind, e.meter, e.conditions, e.old, e.new, e.effective_at if _dated(e) else None, e.late])
        for e in events
    ]
    return canonical(sorted(told))


def _dated(event: Event) -> bool:
    """Whether the day is a part of what happens: a status has the day on which it was announced."""
    return event.kind != "model.status_changed"


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
        effects=effects.sentences(events, workloads, standing),
        alternatives=effects.alternatives(events, workloads, standing),
        also=evidence.also(events, standing.siblings),
        effective=evidence.effective(events),
        notes=(*evidence.notes(events), *checks.notes(events, standing.claims)),
        seen=evidence.seen(events[0], _last_seen(events[0], standing)),
        links=(*evidence.links(models, base_url, standing.outlets), *checks.links(events, standing.claims, base_url)),
        kind=_kind(events[0]),
        provider=events[0].provider,
        at=_utc(events[0].observed_at),
        data=tuple(evidence.data(event) for event in events[:MAX_LINES]),
    )


def _last_seen(event: Event, standing: Standing) -> datetime | None:
    """When a look last found what the calendar tells."""
    if event.kind.startswith("price."):
        return standing.read.get((event.source, event.key))
    return standing.seen.get(wording.subject(event))


def _kind(event: Event) -> Kind:
    noun = event.kind.partition(".")[0]
    return "news" if noun in ("news", "funding") else "operation" if noun in ("source", "wire") else "change"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
