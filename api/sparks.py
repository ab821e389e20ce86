"""Sparklines: a price over time, or counts by week, small enough to stand in a line of text. SVG text. Pure.

Only classes and presentation attributes are used, no inline style: a strict content policy applies to them.
"""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup, escape

from api.charts import Step

WIDTH, HEIGHT = 96, 22
EDGE = 3  # so much room above, below and at the ends
MOST_STEPS = 200


def price_spark(steps: Sequence[Step], *, until: datetime, title: str) -> Markup:
    """The steps up to `until` as one small line that ends in a dot; nothing where there was only one amount."""
    steps = [step for step in steps if step.starts <= until][-MOST_STEPS:]
    amounts = [float(step.amount) for step in steps]
    if len(set(amounts)) < 2:
        return Markup("")
    begins, low, high = steps[0].starts, min(amounts), max(amounts)
    span = (until - begins).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return EDGE + (min(at, until) - begins).total_seconds() / span * (WIDTH - 2 * EDGE)

    path, height = [], 0.0
    for number, (step, amount) in enumerate(zip(steps, amounts, strict=True)):
        height = EDGE + (1 - (amount - low) / (high - low)) * (HEIGHT - 2 * EDGE)
        joined = number > 0 and (steps[number - 1].ends or until) >= step.starts
        path.append(f"{'L' if joined else 'M'}{x(step.starts):.1f} {height:.1f}H{x(step.ends or until):.1f}")
    end = x(steps[-1].ends or until)
    return _svg(
        "spark", title, f'<path d="{"".join(path)}" fill="none"/><circle cx="{end:.1f}" cy="{height:.1f}" r="2"/>'
    )


def count_spark(counts: Sequence[int], *, title: str) -> Markup:
    """A bar for each count, in order; those of zero are a line at the foot."""
    top, room = max([*counts, 1]), (WIDTH - 2 * EDGE) / max(len(counts), 1)
    bars = []
    for number, count in enumerate(counts):
        height = max(count / top * (HEIGHT - EDGE), 1.0)
        bars.append(
            f'<rect x="{EDGE + number * room:.1f}" y="{HEIGHT - height:.1f}" width="{room * 0.72:.1f}" '
            f'height="{height:.1f}"/>'
        )
    return _svg("spark counts", title, "".join(bars))


def _svg(kind: str, title: str, drawn: str) -> Markup:
    head = f'<svg class="{kind}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return Markup(f"{head}<title>{escape(title)}</title>{drawn}</svg>")  # noqa: S704 -- the title was escaped
