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
        """First prices, all different, so that none of them could be taken for another's."""
        self.prices = [
            [Decimal(100 + 7 * (len(METERS) * row + column)) * UNIT for column in range(len(METERS))]
            for row in range(self.models)
        ]

    def change(self, count: int) -> None:
        """Another amount for `count` prices, a few per cent more or less: nothing that would be doubted."""
        places = self.dice.sample(range(self.models * len(METERS)), count)
        for row, column in (divmod(place, len(METERS)) for place in places):
            step = self.dice.choice((Decimal("-0.04"), Decimal("-0.03"), Decimal("0.03"), Decimal("0.04")))
            self.prices[row][column] += step

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


def _cells(prices: Sequence[Decimal]) -> str:
    return "".join(f"<td>${price} / 1M tokens</td>" for price in prices)
