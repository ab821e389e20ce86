"""Made-up price pages: tables like those of providers, as many prices as asked for, some of them changing."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

METERS = ("Input", "Cached input", "Cache write", "Output")
UNIT = Decimal("0.01")


@dataclass(kw_only=True)
class PricePage:
    """A page of a provider: `models` rows with four prices each. The same seed gives the same page."""

    models: int
    name: str = "Bench"
    prices: list[list[Decimal]] = field(init=False)
    dice: random.Random = field(default_factory=lambda: random.Random(13))

    def __post_init__(self) -> None:
        """The first prices."""
        self.prices = [[_first(row, column) for column in range(len(METERS))] for row in range(self.models)]

    def change(self, count: int) -> None:
        """Another amount for `count` prices: up to three cents above the first one: no two ever look swapped."""
        places = self.dice.sample(range(self.models * len(METERS)), count)
        for row, column in (divmod(place, len(METERS)) for place in places):
            self._change(row, column)

    def change_model(self, row: int) -> None:
        """Another amount for one price of one model."""
        self._change(row % self.models, self.dice.randrange(len(METERS)))

    def _change(self, row: int, column: int) -> None:
        first = _first(row, column)
        others = [first + cents * UNIT for cents in range(4)]
        self.prices[row][column] = self.dice.choice([one for one in others if one != self.prices[row][column]])

    def html(self) -> str:
        """The page."""
        rows = "\n".join(
            f"<tr><td>{self.name} {row + 1}</td>{_cells(prices)}</tr>" for row, prices in enumerate(self.prices)
        )
        heads = "".join(f"<th>{meter}</th>" for meter in METERS)
        return (
            "<!doctype html><html><head><title>Pricing</title></head><body><main><h1>Pricing</h1>"
            "<p>Prices in USD per million tokens.</p>"
            f"<table><thead><tr><th>Model</th>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></main></body></html>"
        )


def _first(row: int, column: int) -> Decimal:
    """Seven cents from any other."""
    return (100 + 7 * (len(METERS) * row + column)) * UNIT


def _cells(prices: Sequence[Decimal]) -> str:
    return "".join(f"<td>${price} / 1M tokens</td>" for price in prices)
