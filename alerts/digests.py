"""A digest: what happened since the last one, in one message."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import evidence, news_pages, wording
from alerts.messages import MAX_LINES, Link, Message
from alerts.schedules import parse_schedule
from timeline.dates import day
from timeline.keys import digest
from timeline.words import counted

KINDS = ("change", "news", "operation")
"""In which order a digest tells them: what costs money or a model first."""
EFFECTS = 20
LEAST = 3
"""Lines that a story of several models keeps, however many stories there are."""
INSET = "– "
"""Before the lines of a story, which stand below its headline."""


def of_messages(
    messages: Sequence[Message],
    events: Sequence[str],
    due_at: datetime,
    base_url: str = "",
    *,
    schedule: str = "daily 00:00 UTC",
) -> Message:
    """One message that tells what each of `messages` would have told, by provider; `events` are all it is made of.

    There must be at least one message. It is named after the day in the zone of its schedule.
    """
    key = digest(["digest", sorted(events), due_at])
    due = due_at.astimezone(ZoneInfo(parse_schedule(schedule).zone))
    return _gathered(messages, events, key=key, name=f"Digest of {day(due.date())}", base_url=base_url)


def again(old: Message, messages: Sequence[Message], events: Sequence[str], base_url: str = "") -> Message:
    """The digest `old` of the same day with other stories."""
    key = digest(["digest", old.key, sorted(events)])
    return _gathered(messages, events, key=key, name=old.title.partition(":")[0], base_url=base_url)


def _gathered(messages: Sequence[Message], events: Sequence[str], *, key: str, name: str, base_url: str) -> Message:
    stories = sorted(messages, key=lambda message: (_order(message), wording.provider(message.provider or "")))
    news, told = _news(stories), stories
    if news is not None:
        told = [story for story in stories if not news_pages.is_news(story.data)]
    room = max(LEAST, MAX_LINES // max(1, len(told)) - 2)
    lines = [line for story in told for line in _lines(story, room)] + [*(news.lines if news else ())]
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
        title=wording.headline(_title(name, told, news) if news else f"{name}: {what} at {who}" if providers else name),
        lines=tuple(lines[:MAX_LINES]),
        omitted=max(0, len(lines) - MAX_LINES),
        effects=_few(effects),
        links=(*((Link(label="Timeline", url=f"{base}/"),) if base else ()), *(news.links if news else ())),
        data=tuple(row for story in stories for row in story.data)[:MAX_LINES],
    )


def _news(stories: Sequence[Message]) -> news_pages.Laid | None:
    """The news of all feeds on one page, where there are many of them; a few stand as they are."""
    rows = [row for story in stories if news_pages.is_news(story.data) for row in story.data]
    return news_pages.lay_out(rows) if len(rows) >= news_pages.LEAST else None


def _title(name: str, told: Sequence[Message], news: news_pages.Laid) -> str:
    what = f"{counted(news.stories, 'story')} of {counted(news.publishers, 'publisher')}"
    return f"{name}: {counted(len(told), 'change')}, and {what}" if told else f"{name}: {what}"


def _few(effects: Sequence[str]) -> tuple[str, ...]:
    left = len(effects) - EFFECTS
    return (*effects[:EFFECTS], f"… and {left:,} more") if left > 0 else tuple(effects)


def _order(message: Message) -> int:
    return KINDS.index(message.kind) if message.kind in KINDS else len(KINDS)


def _lines(story: Message, room: int) -> tuple[str, ...]:
    """A story in a line, with whose word it is; of several models or prices, and of news, `room` lines more at most."""
    teller = evidence.according([row.get("trust") for row in story.data]) if story.kind == "change" else ""
    title = f"{story.title}{teller}"
    several = story.lead or len(story.subjects) > 1 or story.kind == "news"
    if not several or not story.lines:
        return (title,)
    left = len(story.lines) - room + story.omitted if len(story.lines) > room else story.omitted
    more = [f"and {counted(left, 'more change' if story.kind != 'news' else 'more item')}"] if left else []
    head = f"{title}. {story.lead}" if story.lead else title
    return (head, *(f"{INSET}{line}" for line in (*story.lines[:room], *more)))
