"""One run of the benchmarks: its size, and what several of them share."""

import contextlib
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Session:
    """`quick` makes everything small: to see that it works, not to be believed."""

    quick: bool = False
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def size(self, full: int, *, quick: int) -> int:
        """How many."""
        return quick if self.quick else full
