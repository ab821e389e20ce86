"""What was told is taken back, and what was taken back stands after all: whoever heard the one hears the other, once.

The events say what is so, the deliveries what each receiver heard last. A word goes out where the two differ; its key
counts the words about the same message, so that each turn of things is told, and none twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from alerts import due_digests
from alerts.composing import Composer
from alerts.messages import Message, reinstatement, withdrawal
from store import deliveries, delivery_attempts, events, outbox, routings, told_values
from store.deliveries import Delivery
from store.event_rows import StoredEvent

BATCH: Final = 1000
"""Events settled in one transaction."""
WORDS: Final = ("withdrawal", "correction", "reinstatement")
"""Kinds of messages that are about what another one told."""
CLOSED: Final = ("withdrawn", "superseded", "silenced")
"""States of messages that nobody will get."""
TOLD: Final = ("pending", "sent")
"""States of messages whose readers are told of a withdrawal: what was given up or silenced told nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """How many messages were queued, and by receiver what was taken back before it was sent and is news after all."""

    added: int
    anew: Mapping[str, Sequence[StoredEvent]]


@dataclass(kw_only=True, slots=True)
class _Telling:
    """A message that tells events, and what was said about it since, in order."""

    first: Delivery
    words: list[Delivery] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)  # words that nobody will get

    def last(self, event: str) -> Delivery | None:
        """What the receiver heard last of an event; None: nothing since the message itself."""
        said = (word for word in reversed(self.words) if word.id not in self.closed and event in word.events)
        return next(said, None)

    def stands(self, event: str) -> bool:
        """Whether the receiver takes it for true, as far as this message goes."""
        word = self.last(event)
        return word is None or _kind(word) == "reinstatement"

    def turn(self, ids: Collection[str]) -> int:
        """How many words there were about these events, whatever became of them."""
        return sum(not set(ids).isdisjoint(word.events) for word in self.words)

    def unheard(self, kinds: Collection[str], ids: Collection[str]) -> list[Delivery]:
        """The words of these kinds about these events that nobody got so far."""
        return [
            word
            for word in self.words
            if word.id not in self.closed
            and _kind(word) in kinds
            and _is_untried(word)
            and not set(ids).isdisjoint(word.events)
        ]


def settle(composer: Composer) -> Settled:
    """Tell whoever was told of an event that it is withdrawn, and whoever was told of that, that it stands again.

    What still waits is told as it is. What is being sent at this moment is settled when it is known what came of it.
    """
    connection = composer.connection
    gone = {event.id: event for event in routings.withdrawn_untold(connection, BATCH)}
    back = {event.id: event for event in routings.returned(connection, BATCH)}
    messages, busy = deliveries.lock_told(connection, [*gone, *back])
    gone = {id_: event for id_, event in gone.items() if id_ not in busy}
    back = {id_: event for id_, event in back.items() if id_ not in busy}
    tellings = _tellings(messages)
    anew = _never_told(composer, tellings, back)
    added = 0
    for telling in tellings:
        lost = [gone[id_] for id_ in telling.first.events if id_ in gone]
        found = [back[id_] for id_ in telling.first.events if id_ in back]
        added += _take_back(composer, telling, lost) if lost else 0
        added += _give_back(composer, telling, found) if found else 0
    told_values.untell(connection, list(gone))
    routings.mark_withdrawals_routed(connection, list(gone), composer.now)
    routings.mark_returns_routed(connection, list(back))
    return Settled(added=added, anew=anew)


def _tellings(messages: Iterable[Delivery]) -> list[_Telling]:
    found: dict[tuple[str, str], _Telling] = {}
    words = []
    for message in messages:
        if _kind(message) in WORDS:
            words.append(message)
        else:
            found[message.receiver, str(message.message.get("key"))] = _Telling(first=message)
    for word in words:
        telling = found.get((word.receiver, str(word.message.get("about"))))
        if telling is not None:
            telling.words.append(word)
            if word.state in CLOSED:
                telling.closed.add(word.id)
    return list(found.values())


def _never_told(
    composer: Composer, tellings: Sequence[_Telling], back: Mapping[str, StoredEvent]
) -> dict[str, list[StoredEvent]]:
    """By receiver: what stands again and was taken back before it was sent. The keys of those messages are free."""
    newest: dict[tuple[str, str], _Telling] = {}
    for telling in tellings:
        if telling.first.state != "superseded":
            newest |= {(telling.first.receiver, id_): telling for id_ in telling.first.events if id_ in back}
    anew: dict[str, list[StoredEvent]] = {}
    for (receiver, id_), telling in newest.items():
        if telling.first.state == "withdrawn" and telling.last(id_) is None:
            deliveries.free_key(composer.connection, telling.first.id)
            anew.setdefault(receiver, []).append(back[id_])
    return anew


def _take_back(composer: Composer, telling: _Telling, gone: Sequence[StoredEvent]) -> int:
    """What a message told is not so: it is sent without, or a withdrawal follows it."""
    first, ids = telling.first, {event.id for event in gone}
    added = 0
    for word in telling.unheard(("reinstatement",), ids):
        rest = _drop(composer, telling, word, ids, "withdrawn again before it was sent")
        added += _say_back(composer, telling, rest) if rest else 0
    lost = [event for event in gone if telling.stands(event.id)]
    if not lost or first.state in CLOSED:
        return added
    if _is_untried(first) and not telling.words:
        return added + _tell_less(composer, first, lost)
    if first.state in TOLD or first.receipt or telling.words:
        added += _say_gone(composer, telling, lost)
    return added


def _give_back(composer: Composer, telling: _Telling, back: Sequence[StoredEvent]) -> int:
    """What a message told is so after all: its withdrawal is not sent, or the word that it stands follows it."""
    ids = {event.id for event in back}
    added = 0
    for word in telling.unheard(("withdrawal", "correction"), ids):
        rest = _drop(composer, telling, word, ids, "what it takes back stands after all")
        added += _say_gone(composer, telling, rest) if rest else 0
    found = [event for event in back if not telling.stands(event.id)]
    return added + (_say_back(composer, telling, found) if found else 0)


def _drop(
    composer: Composer, telling: _Telling, word: Delivery, without: Collection[str], why: str
) -> list[StoredEvent]:
    """Do not send a word that nobody got; returns what of it is to be said anew, without these events."""
    outbox.close(composer.connection, word.id, state="superseded", status=why, at=composer.now)
    telling.closed.add(word.id)
    return events.by_id(composer.connection, [id_ for id_ in word.events if id_ not in without])


def _say_gone(composer: Composer, telling: _Telling, gone: Sequence[StoredEvent]) -> int:
    because = gone[0].withdrawn_because or "it was a mistake"
    turn = telling.turn([event.id for event in gone])
    return _queue(composer, telling, withdrawal(Message.from_json(telling.first.message), gone, because, turn=turn))


def _say_back(composer: Composer, telling: _Telling, back: Sequence[StoredEvent]) -> int:
    ids = {event.id for event in back}
    others = events.by_id(composer.connection, [id_ for id_ in telling.first.events if id_ not in ids])
    still = [event for event in others if not telling.stands(event.id)]
    _know_again(composer, telling.first.receiver, back)
    told = Message.from_json(telling.first.message)
    return _queue(composer, telling, reinstatement(told, back, still, turn=telling.turn(ids)))


def _queue(composer: Composer, telling: _Telling, message: Message) -> int:
    return deliveries.add(
        composer.connection, message.key, telling.first.receiver, message.events, message.to_json(),
        created_at=composer.now, not_before=composer.now,
    )  # fmt: skip


def _know_again(composer: Composer, receiver: str, back: Sequence[StoredEvent]) -> None:
    """Later changes add up against what stands again, where the receiver was left with what was before it."""
    keys = [(event.source, event.key) for event in back]
    known = told_values.of_receiver(composer.connection, receiver, keys)
    for event in back:
        value = known.get((event.source, event.key))
        if value is not None and value.event is None and event.new is not None and value.side == event.old:
            after = replace(value, side=dict(event.new), before=value.side, event=event.id)
            told_values.put(composer.connection, receiver, after)


def _tell_less(composer: Composer, delivery: Delivery, gone: Sequence[StoredEvent]) -> int:
    """A message that nobody got is never sent with what is not true: without it, or not at all."""
    connection, why = composer.connection, "withdrawn before it was sent"
    ids = {event.id for event in gone}
    left = events.by_id(connection, [event for event in delivery.events if event not in ids])
    left = [event for event in left if event.withdrawn_at is None]
    if not left:
        delivery_attempts.mark_withdrawn(connection, delivery.id, composer.now, status=why)
        return 0
    composer.record_withdrawn(delivery.receiver, gone, why)
    if delivery.message.get("kind") == "digest":
        due_digests.digest_again(composer, delivery, left)
        return 0
    return composer.write(delivery.receiver, [composer.as_it_is(event) for event in left], [delivery])


def _is_untried(delivery: Delivery) -> bool:
    """Whether nobody has it. A receipt: a part of it arrived, or one of several has it."""
    waits = delivery.state == "parked" or (delivery.state == "pending" and delivery.attempts == 0)
    return waits and not delivery.receipt


def _kind(delivery: Delivery) -> str:
    return str(delivery.message.get("kind"))
