"""Comparing a catalogue of 25,000 prices with itself a while later, one in 500 changed.

The floor is building the two dicts that any comparison needs: facts by key, before and after. `diff` is
timeline.diff over the same facts from scratch, `diff_fold` the fold's step, which has the state before and compares by
it. The rows about history have the floor in themselves: the same step, with the state read from the database and the
rows written there, when the history was short. CPU time of this process and, where there is one, of the database.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bench import grounds, market
from bench.measures import Pairs, Result, cpu, interleave
from bench.session import Session
from crawler.registration import registration
from crawler.source import Source
from store import sources, timelines
from store.connect import Connection, connect
from timeline.diff import diff, state
from timeline.events import CaptureRef
from timeline.facts import Fact
from timeline.fold import State, advance
from timeline.observations import Observation, SourceInfo

MOST = 2
CHANGES = 50  # in a look at the catalogue with a history
GROWS = 1.25  # what "does not grow" may come to, noise included
SHARE = 500  # one price in so many changes
AT = datetime(2024, 1, 1, tzinfo=UTC)
STEP = timedelta(days=3)  # a catalogue's changes have settled by the next one


def run(session: Session) -> Iterator[Result]:
    """Both comparisons, and what history costs."""
    facts = market.catalogue(session.size(25_000, quick=2_500))
    after = market.changed(facts, market.places(len(facts), len(facts) // SHARE, seed=1), to=7)
    pairs = session.size(15, quick=4)
    yield _plain(facts, after, pairs)
    yield _fold(facts, after, pairs)
    yield from _history(session)


def _dicts(before: Sequence[Fact], after: Sequence[Fact]) -> tuple[dict[str, Fact], dict[str, Fact]]:
    return {fact.key: fact for fact in before}, {fact.key: fact for fact in after}


def _plain(before: Sequence[Fact], after: Sequence[Fact], pairs: int) -> Result:
    assert len(diff(state(before), state(after)).changed) == len(before) // SHARE
    found = interleave(lambda: diff(state(before), state(after)), lambda: _dicts(before, after), pairs=pairs)
    return found.result(
        "diff", most=MOST, of="building the two dicts", more={"facts": len(before), "changed": len(before) // SHARE}
    )


def _fold(before: Sequence[Fact], after: Sequence[Fact], pairs: int) -> Result:
    info = SourceInfo(id="bench", provider="bench", kind="catalogue", trust="catalogue")
    known, _ = advance(info, State.empty(), _look(before, 1))
    assert len(advance(info, known, _look(after, 2))[1].events) == len(before) // SHARE
    found = interleave(
        lambda: advance(info, known, _look(after, 2)), lambda: _dicts(before, after), pairs=pairs
    )  # fmt: skip
    return found.result(
        "diff_fold",
        most=MOST,
        of="building the two dicts",
        more={"facts": len(before), "changed": len(before) // SHARE},
    )


def _history(session: Session) -> Iterator[Result]:
    """The same step after a short history and after long ones: of all prices, and of the very ones that change."""
    rounds, looks = session.size(10, quick=4), session.size(12, quick=4)
    with grounds.database() as ground, connect(ground.url, autocommit=True) as connection:
        catalogue = _Catalogue(connection, ground, session.size(5_000, quick=500))
        first, second, third = (range(start, start + CHANGES) for start in (0, CHANGES, 2 * CHANGES))
        short = catalogue.measure(looks, first)
        for _ in range(rounds):
            for part in range(3):  # more at once would be doubted, and what is doubted is shown anew at every look
                catalogue.look(range(part, len(catalogue.facts), 3))
        long = catalogue.measure(looks, second)
        yield Pairs(ours=long, floor=short).result(
            "diff_history", most=GROWS, of=f"the same before every price had changed {rounds} times"
        )
        for _ in range(rounds * 4):
            catalogue.look(third)
        often = catalogue.measure(looks, third)
        yield Pairs(ours=often, floor=long).result(
            "diff_history_of_a_price", most=GROWS, of=f"the same before these had changed {rounds * 4} times more"
        )


class _Catalogue:
    """A source whose looks are folded and written down, as the worker does."""

    def __init__(self, connection: Connection, ground: grounds.Ground, size: int) -> None:
        self.connection, self.ground = connection, ground
        self.facts = market.catalogue(size)
        self.number = 0
        self.info = SourceInfo(id="bench", provider="bench", kind="catalogue", trust="catalogue")
        source = Source(
            id="bench", provider="bench", kind="catalogue", url="https://bench.example/models.json", trust="catalogue",
            every=timedelta(hours=1),
        )  # fmt: skip
        sources.register(connection, [registration(source)], AT)
        self.look(())

    def look(self, places: Sequence[int]) -> None:
        """A look that finds other amounts at `places`."""
        self.number += 1
        self.facts = market.changed(self.facts, places, to=self.number)
        with self.connection.transaction():
            known = timelines.load_fold(self.connection, self.info.id)
            _, step = advance(self.info, known, _look(self.facts, self.number))
            timelines.append(self.connection, self.info, step, origin="import")
        assert self.number == 1 or len(step.events) == len(places)

    def measure(self, looks: int, places: Sequence[int]) -> list[float]:
        """CPU seconds of some looks, each changing the prices at `places`."""
        self.connection.execute("VACUUM ANALYZE")
        self.look(places)
        taken = []
        for _ in range(looks):
            begun = cpu() + self.ground.cpu()
            self.look(places)
            taken.append(cpu() + self.ground.cpu() - begun)
        return taken


def _look(facts: Sequence[Fact], number: int) -> Observation:
    at = AT + number * STEP
    ref = CaptureRef(seq=number, url="https://bench.example/models.json", captured_at=at, sha256=f"{number:064x}")
    return Observation(at=at, capture=ref, facts=facts, origin="import")
