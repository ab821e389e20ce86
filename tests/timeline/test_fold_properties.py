"""The properties that the timeline rests on, each over random histories."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.timeline.histories import NEWS, histories, notices, pages, prices, tried
from tests.timeline.makers import CATALOGUE, LIFECYCLE, PRICING
from timeline.diff import diff, replay, signature, state
from timeline.facts import Fact
from timeline.fold import Folded, State, advance, append, fold, has_pending, tick
from timeline.observations import Held, KnownRow, Observation, SourceInfo, Step
from timeline.prices import PricePoint
from timeline.telling_prices import price_side

FACTS = st.one_of(prices(), prices(), notices(), NEWS)
PAGES = pages(FACTS)


@tried(200, PAGES)
def test_diff_of_same_is_empty(page: Sequence[Fact]) -> None:
    assert not diff(state(page), state(page))


@tried(250, PAGES, PAGES)
def test_replaying_diff_on_a_gives_b(one: Sequence[Fact], other: Sequence[Fact]) -> None:
    before, after = state(one), state(other)
    replayed = replay(before, diff(before, after))
    assert meanings(replayed) == meanings(after)
    assert not diff(replayed, after)


@tried(250, histories(), st.randoms(use_true_random=False))
def test_order_of_facts_does_not_matter(looks: list[Observation], chance: random.Random) -> None:
    shuffled = [replace(look, facts=tuple(chance.sample(list(look.facts), len(look.facts)))) for look in looks]
    for source in (PRICING, CATALOGUE):
        assert written(fold(source, shuffled)) == written(fold(source, looks))


@tried(250, histories(), st.data())
def test_bad_capture_never_withdraws(looks: list[Observation], data: st.DataObject) -> None:
    """Bad captures anywhere leave facts and events as they were without them: only the calendar goes on."""
    good = [look for look in looks if look.verdict != "bad"]
    if not good:
        return
    end = replace(good[-1], at=looks[-1].at + timedelta(days=1), unchanged=True, last_of_import=False, verdict="good")
    spoilt = [replace(look, last_of_import=False) if look.verdict == "bad" else look for look in looks]
    for look in good:
        if data.draw(st.integers(0, 2)) == 0:
            spoilt.append(replace(look, at=look.at - timedelta(seconds=1), facts=(), verdict="bad"))
    assert written(fold(PRICING, [*spoilt, end])) == written(fold(PRICING, [*good, end]))


@tried(250, histories(), st.data())
def test_any_batching_gives_the_same(looks: list[Observation], data: st.DataObject) -> None:
    """Look by look, with the state kept as JSON and clocks that tick in between, or all at once."""
    source = data.draw(st.sampled_from([PRICING, CATALOGUE]))
    assert written(by_steps(source, looks, data)) == written(fold(source, looks))


@tried(150, histories())
def test_rebuild_is_idempotent(looks: list[Observation]) -> None:
    once = fold(PRICING, looks)
    assert written(fold(PRICING, looks)) == written(once)
    assert len({event.id for event in once.events}) == len(once.events)


@tried(200, histories(), st.data())
def test_import_of_older_capture_equals_having_had_it_in_order(looks: list[Observation], data: st.DataObject) -> None:
    """Captures that come in late, in any order, fold as if they had been there in time."""
    late = [look for look in looks if data.draw(st.booleans())]
    known = [look for look in looks if look not in late]
    found = [*known, *data.draw(st.permutations(late))]
    assert written(fold(PRICING, found)) == written(fold(PRICING, looks))


@tried(200, histories())
def test_a_check_with_nothing_pending_changes_nothing(looks: list[Observation]) -> None:
    """What the scheduler may leave out: a second look at the same bytes while nothing waits."""
    now, quiet = State.empty(), 0
    for look in looks:
        now, _ = advance(PRICING, now, look)
        again = replace(look, at=look.at + timedelta(seconds=30), unchanged=True, last_of_import=False, verdict="good")
        if look.verdict != "bad" and not has_pending(now.header, again.at):
            after, step = advance(PRICING, now, again)
            assert not step.events
            assert not step.beliefs
            assert after.keys == now.keys
            quiet += 1


@tried(150, histories(prices()))
def test_price_events_alone_tell_what_is_on_offer(looks: list[Observation]) -> None:
    """Each event begins where the last one ended, and the last one says what the rows say."""
    folded = fold(PRICING, looks)
    offers: dict[str, object] = {}
    for event in folded.events:
        if event.kind in ("price.listed", "price.changed", "price.delisted"):
            assert money(event.old) == offers.get(event.key)
            offers[event.key] = money(event.new)
    for row in folded.rows:
        fact, ends, at = row.row.fact, row.row.ends, looks[-1].at
        holds = row.known_to is None and row.row.starts <= at and (ends is None or at < ends)
        if holds and row.key not in folded.state.header["waiting"] and isinstance(fact, PricePoint):
            offered = None if fact.state == "not_offered" else money(price_side(fact))
            assert offers.get(row.key) == offered


@tried(150, histories(notices()))
def test_lifecycle_events_alone_tell_what_is_believed_of_a_model(looks: list[Observation]) -> None:
    """Each event begins where the last one ended, one of a kind for each key and look."""
    folded = fold(LIFECYCLE, looks)
    models: dict[str, dict[str, object]] = {}
    for event in folded.events:
        model = models.setdefault(event.key, {})
        if event.kind.startswith("model.") and event.kind != "model.retirement_due":
            assert {name: plain(model.get(name)) for name in event.old or ()} == plain(event.old or {})
            model.update(event.new or dict.fromkeys(model))
    happened = [(event.kind, event.key, event.observed_at) for event in folded.events]
    assert len(happened) == len(set(happened))


def money(side: Mapping[str, Any] | None) -> object:
    if side is None:
        return None
    return side["state"], None if side["amount"] is None else Decimal(side["amount"]) / Decimal(side["per"])


def plain(value: Any) -> Any:
    """Replacements are a set."""
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return set(value) if isinstance(value, list | tuple) else value


def by_steps(source: SourceInfo, looks: Sequence[Observation], data: st.DataObject) -> Folded:
    header: dict[str, Any] = {}
    keys: dict[str, dict[str, Any]] = {}
    rows: list[KnownRow] = []
    standing: dict[str, list[int]] = {}
    steps: list[Step] = []
    held: dict[str, Sequence[Held]] = {}

    def keep(step: Step) -> None:
        nonlocal header
        header = json.loads(json.dumps(step.header))
        for key, entry in step.key_states.items():
            keys.pop(key, None)
            if entry is not None:
                keys[key] = json.loads(json.dumps(entry))
        append(rows, standing, step)
        held.update(step.held)
        steps.append(step)

    for number, look in enumerate(looks):
        keep(advance(source, State.load(header, keys), look)[1])
        if number + 1 < len(looks) and data.draw(st.booleans()):
            between = look.at + (looks[number + 1].at - look.at) * data.draw(st.sampled_from([0, 0.3, 0.9]))
            keep(tick(source, State.load(header, keys), between)[1])
    return Folded(
        state=State.load(header, keys),
        rows=[row for row in rows if row.known_to is None or row.known_from < row.known_to],
        events=[event for step in steps for event in step.events],
        moot=frozenset(moot for step in steps for moot in step.moot),
        held=[one for found in held.values() for one in found if one.until is None or one.until > steps[-1].at],
    )


def meanings(stated: Any) -> dict[str, str]:
    return {key: signature(statement) for key, statement in stated.items()}


def written(folded: Folded) -> tuple[object, ...]:
    """All that a history comes to, apart from the order of what happened at one instant and from origins."""
    rows = sorted(map(repr, folded.rows))
    events = sorted(repr(replace(event, origin="live")) for event in folded.events)
    ids = sorted(event.id for event in folded.events)
    return (rows, events, ids, folded.moot, sorted(map(repr, folded.held)), folded.state.keys)
