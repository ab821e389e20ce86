"""A digest: what happened since the last one, in one message."""

from collections.abc import Sequence
from datetime import datetime

from alerts import evidence, wording
from alerts.messages import MAX_LINES, Link, Message
from timeline.dates import day
from timeline.keys import digest
from timeline.words import counted

KINDS = ("change", "news", "operation")
"""In which order a digest tells them: what costs money or a model first."""
EFFECTS = 20


def of_messages(messages: Sequence[Message], events: Sequence[str], due_at: datetime, base_url: str = "") -> Message:
    """One message that tells what each of `messages` would have told, by provider; `events` are all it is made of.

    There must be at least one message.
    """
    key = digest(["digest", sorted(events), due_at])
    return _gathered(messages, events, key=key, name=f"Digest of {day(due_at)}", base_url=base_url)


def again(old: Message, messages: Sequence[Message], events: Sequence[str], base_url: str = "") -> Message:
    """The digest `old` of the same day with other stories."""
    key = digest(["digest", old.key, sorted(events)])
    return _gathered(messages, events, key=key, name=old.title.partition(":")[0], base_url=base_url)


def _gathered(messages: Sequence[Message], events: Sequence[str], *, key: str, name: str, base_url: str) -> Message:
    stories = sorted(messages, key=lambda message: (_order(message), wording.provider(message.provider or "")))
    lines = [line for story in stories for line in _lines(story)]
    providers = {story.provider for story in stories if story.provider}
    what = counted(len(stories), "change" if any(story.kind == "change" for story in stories) else "item")
    who = wording.provider(next(iter(providers))) if len(providers) == 1 else counted(len(providers), "provider")
    effects = tuple(dict.fromkeys(effect for story in stories for effect in story.effects))
    base = base_url.rstrip("/")
    return Message(
        key=key,
        events=tuple(dict.fromkeys(events)),
        subjects=tuple(dict.fromkeys(subject for story in stories for subject in story.subjects)),
        kind="digest",
        provider=next(iter(providers)) if len(providers) == 1 else "",
        title=wording.headline(f"{name}: {what} at {who}" if providers else name),
        lines=tuple(lines[:MAX_LINES]),
        omitted=max(0, len(lines) - MAX_LINES),
        effects=_few(effects),
        links=(Link(label="Timeline", url=f"{base}/"),) if base else (),
        data=tuple(row for story in stories for row in story.data)[:MAX_LINES],
    )


def _few(effects: Sequence[str]) -> tuple[str, ...]:
    left = len(effects) - EFFECTS
    return (*effects[:EFFECTS], f"… and {left:,} more") if left > 0 else tuple(effects)


def _order(message: Message) -> int:
    return KINDS.index(message.kind) if message.kind in KINDS else len(KINDS)


def _lines(story: Message) -> tuple[str, ...]:
    """A story in a line, with whose word it is; of news every item."""
    if story.kind == "news":
        return (story.title, *story.lines)
    teller = evidence.according([row.get("trust") for row in story.data]) if story.kind == "change" else ""
    return (f"{story.title}{teller}",)
