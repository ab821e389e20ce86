"""One run of the benchmarks: its size, and what several of them share."""

import contextlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bench import grounds, market
from store.connect import connect
from timeline.prices import PricePoint


@dataclass(frozen=True, kw_only=True)
class Market:
    """A database full of prices."""

    ground: grounds.Ground
    facts: Sequence[PricePoint]
    rows: int


@dataclass(kw_only=True)
class Session:
    """`quick` makes everything small: to see that it works, not to be believed."""

    quick: bool = False
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def size(self, full: int, *, quick: int) -> int:
        """How many."""
        return quick if self.quick else full

    @cached_property
    def market(self) -> Market:
        """Filled once a run, gone at its end."""
        begun = time.monotonic()
        ground = self.stack.enter_context(grounds.database())
        with connect(ground.url, autocommit=True) as connection:
            facts = market.fill(connection, self.size(1_000_000, quick=50_000))
            row = connection.execute("SELECT count(*) FROM price").fetchone()
        rows = int(row[0]) if row else 0
        print(f"bench: {rows} price rows in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        return Market(ground=ground, facts=facts, rows=rows)
