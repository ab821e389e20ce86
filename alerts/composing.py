"""From chosen changes to messages in the outbox: composed, with their witnesses, in the place of what they replace."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from alerts import standing, witnesses, wording
from alerts.choosing import Choice
from alerts.messages import Message, compose
from alerts.newest import Told
from alerts.routes import AlertConfig
from store import deliveries, events, outbox, story_links
from store.connect import Connection
from store.deliveries import Delivery
from store.event_rows import StoredEvent
from timeline.events import Event
from timeline.keys import digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Composer:
    """What the messages of one routing have in common."""

    connection: Connection
    config: AlertConfig
    now: datetime
    group_wait: timedelta
    base_url: str

    def as_it_is(self, event: StoredEvent) -> Choice:
        """An event chosen by itself."""
        return Choice(told=Told(event=event, ids=(event.id,)))

    def write(self, receiver: str, chosen: Sequence[Choice], unsent: Sequence[Delivery] = ()) -> int:
        """Queue the messages that tell `chosen`, in the place of those of `unsent` that they tell anew; count new ones.

        What of `unsent` has nothing left to tell is not sent.
        """
        added, left = 0, list(unsent)
        for wait in dict.fromkeys(choice.wait for choice in chosen):
            alike = [choice.told for choice in chosen if choice.wait == wait]
            for message in self._following(receiver, self.messages(_one_look(alike))):
                old = next((one for one in left if not set(one.events).isdisjoint(message.events)), None)
                if old is None:
                    added += self._queue(message, receiver, wait, since=_since(message, alike))
                    continue
                left.remove(old)
                outbox.rewrite(self.connection, old.id, message.key, message.events, message.to_json())
        told = {event for choice in chosen for event in choice.told.ids}
        for old in left:
            why = "told in a newer message" if told & set(old.events) else "what it told came back before it was sent"
            outbox.close(self.connection, old.id, state="superseded", status=why, at=self.now)
        return added

    def messages(self, told: Sequence[Told]) -> list[Message]:
        """The messages that tell these changes, with who else saw them."""
        if not told:
            return []
        config, changes = self.config, [one.event for one in told]
        beside = standing.load(self.connection, changes, config.workloads, config.contracts)
        made_of = {one.event.id: one.ids for one in told}
        seen = self._witnesses(told)
        found = []
        for message in compose(changes, config.workloads, self.base_url, beside):
            ids = tuple(id_ for event in message.events for id_ in made_of.get(event, (event,)))
            key = message.key if ids == message.events else digest(sorted(ids))
            also = next((note for event in message.events if (note := seen.get(event))), None)
            notes = (*message.notes, also) if also else message.notes
            found.append(replace(message, events=ids, key=key, notes=notes))
        return found

    def record_silenced(self, receiver: str, told: Sequence[Told], why: str) -> None:
        """What would have been told, kept with the reason why it was not; it is never sent."""
        self._record(receiver, told, why, "silenced")

    def record_withdrawn(self, receiver: str, gone: Iterable[StoredEvent], why: str) -> None:
        """The same of what was taken back before it was told: where it stands again, it is told after all."""
        self._record(receiver, [Told(event=event, ids=(event.id,)) for event in gone], why, "withdrawn")

    def _record(self, receiver: str, told: Sequence[Told], why: str, state: Literal["silenced", "withdrawn"]) -> None:
        for message in self.messages(told):
            outbox.add_unsent(
                self.connection, message.key, receiver, message.events, message.to_json(),
                state=state, why=why, at=self.now,
            )  # fmt: skip

    def confirm(self, receiver: str, event: Event, delivery: int, same: Collection[str]) -> int:
        """The provider itself now says what this receiver was told on the word of others, in the events `same`."""
        told = deliveries.get(self.connection, delivery)
        if told is None:
            return 0
        first = Message.from_json(told.message)
        (own, *_) = self.messages([Told(event=event, ids=(event.id,))])
        confirmed = replace(
            own,
            key=digest(["confirmed", first.key, event.id]),
            about=first.key,
            part=not set(first.events) <= set(same),
            title=f"Confirmed: {own.title}",
            effects=(),
        )
        return self._queue(confirmed, receiver, None, since=_tellable(event))

    def _following(self, receiver: str, messages: Sequence[Message]) -> Iterable[Message]:
        """The messages; one with more of a deal that the receiver was told goes on from that one."""
        for message in messages:
            (about, *_) = message.subjects or ("",)
            before = None
            if about.startswith("deal/"):
                before = outbox.told_of_deal(self.connection, receiver, about.removeprefix("deal/"), message.events)
            yield replace(message, about=before) if before else message

    def _queue(self, message: Message, receiver: str, wait: timedelta | None, *, since: datetime | None) -> int:
        return deliveries.add(
            self.connection,
            message.key,
            receiver,
            message.events,
            message.to_json(),
            created_at=self.now,
            not_before=self._due(since, self.group_wait if wait is None else wait),
        )

    def _due(self, since: datetime | None, wait: timedelta) -> datetime:
        """When the wait for more is over, counted from when there was something to tell.

        A routing that comes late takes nothing of it but the first half: after a standstill there is more to gather.
        """
        return max(min(since or self.now, self.now) + wait, self.now + wait / 2)

    def _witnesses(self, told: Sequence[Told]) -> dict[str, str]:
        """By event: who else saw the same by now."""
        own = {one.event.id: outbox_story for one, outbox_story in self._stories(told)}
        others = story_links.tellers(self.connection, own.values())
        found = {e.id: e for e in events.by_id(self.connection, [id_ for ids in others.values() for id_ in ids])}
        publishers = story_links.publishers(self.connection, {event.source for event in found.values()})
        notes = {}
        for one in told:
            seen = [found[id_] for id_ in others[own[one.event.id]] if id_ in found and id_ not in one.ids]
            standing_ = [e for e in seen if e.withdrawn_at is None and e.source != one.event.source]
            if note := witnesses.note(standing_, publishers):
                notes[one.event.id] = note
        return notes

    def _stories(self, told: Sequence[Told]) -> Iterable[tuple[Told, str]]:
        linked = story_links.stories(self.connection, [one.event.id for one in told])
        return [(one, linked.get(one.event.id, one.event.id)) for one in told]


def _since(message: Message, told: Sequence[Told]) -> datetime | None:
    """Since when there is something of this message to tell; None where nobody knows."""
    known = [_tellable(one.event) for one in told if not set(one.ids).isdisjoint(message.events)]
    return min((at for at in known if at is not None), default=None)


def _tellable(event: Event) -> datetime | None:
    if not isinstance(event, StoredEvent):
        return None
    return max(event.recorded_at, event.tell_after or event.recorded_at)


def _one_look(told: Sequence[Told]) -> list[Told]:
    """What several looks at a source found of one model as one look, the newest: it shows what they all came to."""
    newest: dict[tuple[str, str], Event] = {}
    for one in told:
        if _gathers(one.event):
            about = (one.event.source, wording.subject(one.event))
            newest[about] = max(newest.get(about, one.event), one.event, key=lambda event: event.observed_at)
    return [_seen_with(one, newest.get((one.event.source, wording.subject(one.event)), one.event)) for one in told]


def _gathers(event: Event) -> bool:
    """Whether it is of a model and seen live on a page: the calendar's milestones and imports are told as they are."""
    on_page = event.kind.startswith(("price.", "model.")) and event.kind != "model.retirement_due"
    return on_page and event.origin == "live"


def _seen_with(one: Told, last: Event) -> Told:
    if not _gathers(one.event) or last.observed_at == one.event.observed_at:
        return one
    return replace(one, event=replace(one.event, observed_at=last.observed_at, after=last.after))
