"""Charts of sums by period as bars, in SVG text made on the server. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

WIDTH, HEIGHT = 560, 190
LEFT, RIGHT, TOP, BOTTOM = 6, 6, 20, 22
GAP = 0.28  # of a bar's room


def bar_chart(bars: Sequence[tuple[str, Decimal, str]], *, title: str) -> Markup:
    """A bar for each (name, amount, amount in words), in order; nothing where there is none above zero.

    Only classes and presentation attributes are used, no inline style: a strict content policy applies to it.
    """
    top = max((amount for _, amount, _ in bars), default=Decimal(0))
    if top <= 0:
        return Markup("")
    room = (WIDTH - LEFT - RIGHT) / len(bars)
    floor = HEIGHT - BOTTOM
    parts = [f'<path class="axis" d="M{LEFT} {floor}H{WIDTH - RIGHT}"/>']
    for number, (name, amount, said) in enumerate(bars):
        left = LEFT + room * (number + GAP / 2)
        height = float(amount / top) * (floor - TOP)
        middle = left + room * (1 - GAP) / 2
        parts.append(
            f'<rect class="bar" x="{left:.1f}" y="{floor - height:.1f}" width="{room * (1 - GAP):.1f}" '
            f'height="{height:.1f}"><title>{escape(name)}: {escape(said)}</title></rect>'
        )
        parts.append(
            f'<text class="tick" x="{middle:.1f}" y="{HEIGHT - 7}" text-anchor="middle">{escape(_short(name))}</text>'
        )
        if amount > 0:
            parts.append(
                f'<text class="tick" x="{middle:.1f}" y="{floor - height - 5:.1f}" text-anchor="middle">'
                f"{escape(said)}</text>"
            )
    head = f'<svg class="chart bars" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return Markup(head + f"<title>{escape(title)}</title>" + "".join(parts) + "</svg>")  # noqa: S704 -- escaped


def _short(name: str) -> str:
    """`Q2` of `2026 Q2`, with the year where one begins."""
    year, _, quarter = name.partition(" ")
    return f"{quarter} {year}" if quarter in ("Q1", "") else quarter
