"""Charts: prices over time as steps, in SVG text made on the server. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from markupsafe import Markup, escape

from timeline.dates import short_day
from timeline.words import money

WIDTH, HEIGHT = 360, 176
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 14, 24  # LEFT at least: long amounts need more
SIGN = 5.9  # width of one sign of an axis label
LOG_ABOVE = 30  # a series that spans more than this factor is drawn on a logarithmic scale
MOST_LINES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One amount that held from `starts` until `ends` (None: still holds). Between two steps there may be a gap."""

    starts: datetime
    ends: datetime | None
    amount: Decimal  # in the unit of the whole chart
    proof: str = ""  # the address of what proves it


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A day on which something happened to the model: drawn as a line from top to bottom, with its number."""

    at: datetime
    number: int
    name: str  # `retires 1 Apr 2026`
    kind: str  # announced, deprecated or retired


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """The steps of one offer, in order. `label` says which (`batch`), empty for the plain price."""

    label: str
    steps: Sequence[Step]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scale:
    """From time and amount to places on the drawing."""

    begins: datetime
    ends: datetime
    low: float
    high: float
    logarithmic: bool
    left: float = LEFT

    def x(self, at: datetime) -> float:
        share = (at - self.begins) / (self.ends - self.begins)
        return self.left + max(0.0, min(1.0, share)) * (WIDTH - self.left - RIGHT)

    def y(self, amount: float) -> float:
        if self.logarithmic:
            share = math.log(amount / self.low) / math.log(self.high / self.low)
        else:
            share = (amount - self.low) / (self.high - self.low)
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def step_chart(
    lines: Sequence[Line], *, title: str, currency: str | None, until: datetime, marks: Sequence[Mark] = ()
) -> Markup:
    """The lines as one chart up to `until` (now), or nothing where no line has a step.

    `marks` that fall into its time are drawn across it. The points of the first line lead to their proof.
    Only classes and presentation attributes are used, no inline style: a strict content policy applies to it.
    """
    lines = [line for line in lines if line.steps][:MOST_LINES]
    if not lines:
        return Markup("")
    scale = _scale(lines, until)
    labels = [money(amount, currency, cents=False) for amount in _amounts(scale)]
    scale = replace(scale, left=min(WIDTH / 3, max([LEFT, *(10 + SIGN * len(label) for label in labels)])))
    parts = [*_time_axis(scale, until), *_amount_axis(scale, currency), *_marks(marks, scale)]
    for number, line in reversed([*enumerate(lines)]):  # the first line lies on top
        parts += _line(line, scale, number)
    parts += _points(lines[0], scale, currency)
    parts.append(_last_amount(lines[0], scale, currency))
    role = "group" if any(step.proof for step in lines[0].steps) else "img"  # an image has nothing to follow in it
    head = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="{role}" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>'
    )
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 -- every text in it was escaped above


def is_logarithmic(lines: Sequence[Line]) -> bool:
    """Whether the amounts are so far apart that they are drawn on a logarithmic scale."""
    amounts = [step.amount for line in lines[:MOST_LINES] for step in line.steps]
    return bool(amounts) and min(amounts) > 0 and max(amounts) / min(amounts) > LOG_ABOVE


def _scale(lines: Sequence[Line], until: datetime) -> _Scale:
    steps = [step for line in lines for step in line.steps]
    begins = min(step.starts for step in steps)
    last = max(step.starts for step in steps)
    ends = until if last <= until else last + max((last - begins) * 0.08, timedelta(days=7))  # room for what is to come
    if ends - begins < timedelta(days=14):
        begins = ends - timedelta(days=14)
    amounts = [float(step.amount) for step in steps]
    low, high = min(amounts), max(amounts)
    if is_logarithmic(lines):
        return _Scale(begins=begins, ends=ends, low=low / 1.3, high=high * 1.3, logarithmic=True)
    bottom = min(0.0, low * 1.1)
    top = high * 1.12 if high > 0 else 1.0
    return _Scale(begins=begins, ends=ends, low=bottom, high=top, logarithmic=False)


def _line(line: Line, scale: _Scale, number: int) -> list[str]:
    path, last = [], None
    for step in line.steps:
        left, right = scale.x(step.starts), scale.x(step.ends or scale.ends)
        height = scale.y(float(step.amount))
        joined = last is not None and _follows(step, last)
        path.append(f"{'L' if joined else 'M'}{left:.1f} {height:.1f}H{right:.1f}")
        last = step
    name = f"<title>{escape(line.label)}</title>" if line.label else ""
    return [f'<path class="line line-{number}" d="{"".join(path)}" fill="none">{name}</path>']


def _points(line: Line, scale: _Scale, currency: str | None) -> list[str]:
    """A dot where the amount changed, and where the line begins: it leads to what proves it."""
    dots, last = [], None
    for step in line.steps:
        joined = last is not None and _follows(step, last)
        if last is not None and joined and step.amount != last.amount:
            kind = "cut" if step.amount < last.amount else "rise"
            dots.append(_point(step, kind, scale, currency))
        elif step.proof and not joined:
            dots.append(_point(step, "first", scale, currency))
        last = step
    return dots


def _point(step: Step, kind: str, scale: _Scale, currency: str | None) -> str:
    left, height = scale.x(step.starts), scale.y(float(step.amount))
    dot = f'<circle class="dot {kind}" cx="{left:.1f}" cy="{height:.1f}" r="{3 if kind != "first" else 2.2}"/>'
    if not step.proof:
        return dot
    said = escape(f"{money(step.amount, currency)} from {short_day(step.starts)}: the proof")
    return f'<a href="{escape(step.proof)}" aria-label="{said}"><title>{said}</title>{dot}</a>'


def _follows(step: Step, last: Step) -> bool:
    """Whether there is no gap between the two."""
    return step.starts - (last.ends or datetime.max.replace(tzinfo=UTC)) <= timedelta(minutes=1)


def _marks(marks: Sequence[Mark], scale: _Scale) -> list[str]:
    parts = []
    for mark in marks:
        if scale.begins <= mark.at <= scale.ends:
            left = scale.x(mark.at)
            parts.append(
                f'<g class="mark mark-{mark.kind}"><title>{escape(mark.name)}</title>'
                f'<path d="M{left:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
                f'<text x="{left:.1f}" y="{TOP - 3}" text-anchor="middle">{mark.number}</text></g>'
            )
    return parts


def _last_amount(line: Line, scale: _Scale, currency: str | None) -> str:
    """The newest amount of the first line, written at its end: above it, or below where it has just fallen."""
    last, before = line.steps[-1], line.steps[-2:-1]
    right, height = scale.x(last.ends or scale.ends), scale.y(float(last.amount))
    fell = bool(before) and before[0].amount > last.amount and height + 18 < HEIGHT - BOTTOM
    place = height + 16 if fell else max(height - 7, 10)
    label = escape(money(last.amount, currency))
    return f'<text class="last" x="{right:.1f}" y="{place:.1f}" text-anchor="end">{label}</text>'


def _amount_axis(scale: _Scale, currency: str | None) -> list[str]:
    parts = []
    for amount in _amounts(scale):
        height = scale.y(float(amount))
        parts.append(f'<path class="grid" d="M{scale.left:.1f} {height:.1f}H{WIDTH - RIGHT}"/>')
        label = escape(money(amount, currency, cents=False))
        parts.append(
            f'<text class="tick" x="{scale.left - 6:.1f}" y="{height + 3.5:.1f}" text-anchor="end">{label}</text>'
        )
    return parts


def _time_axis(scale: _Scale, until: datetime) -> list[str]:
    parts = [f'<path class="axis" d="M{scale.left:.1f} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>']
    if until < scale.ends:
        today = scale.x(until)
        parts.append(f'<path class="today" d="M{today:.1f} {TOP}V{HEIGHT - BOTTOM}"><title>today</title></path>')
    for at, label in _dates(scale.begins, scale.ends):
        left = scale.x(at)
        parts.append(f'<path class="axis" d="M{left:.1f} {HEIGHT - BOTTOM}v4"/>')
        parts.append(f'<text class="tick" x="{left:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{label}</text>')
    return parts


def _amounts(scale: _Scale) -> list[Decimal]:
    """Where the grid lines are."""
    return _decades(scale.low, scale.high) if scale.logarithmic else _nice(scale.low, scale.high)


def _nice(low: float, high: float) -> list[Decimal]:
    """About five round amounts between low and high."""
    rough = Decimal(repr((high - low) / 4.5))
    size = Decimal(10) ** rough.adjusted()
    step = next(size * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if size * factor >= rough)
    first = int((Decimal(repr(low)) / step).to_integral_value(rounding="ROUND_CEILING"))
    last = int((Decimal(repr(high)) / step).to_integral_value(rounding="ROUND_FLOOR"))
    return [_plain(step * n) for n in range(first, last + 1)]


def _decades(low: float, high: float) -> list[Decimal]:
    """1, 10, 100 ... between low and high, with 3 between them where there are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1,), (1, 3)):
        ticks = [_plain(Decimal(digit).scaleb(power)) for power in powers for digit in digits]
        ticks = [tick for tick in ticks if low <= float(tick) <= high]
        if len(ticks) >= 3:
            break
    return ticks[:: max(1, len(ticks) // 5)]


def _dates(begins: datetime, ends: datetime) -> list[tuple[datetime, str]]:
    """At most five dates on round months, or days where the chart is short."""
    days = (ends - begins).days
    if days < 100:
        step = max(1, days // 3)
        firsts = [begins + timedelta(days=step * n) for n in range(1, days // step + 1)]
        marks = [(at.replace(hour=0, minute=0, second=0, microsecond=0), f"{at.day} {at:%b}") for at in firsts]
    else:
        months = next(size for size in (1, 2, 3, 6, 12, 24, 60, 600) if days / 30.4 / size <= 5)
        first = begins.year * 12 + begins.month - 1
        numbers = range(-(-first // months) * months, ends.year * 12 + ends.month, months)  # months since year 0
        found = [datetime(n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in numbers]
        marks = [(at, f"{at.year}" if months % 12 == 0 else f"{at:%b %Y}") for at in found]
    margin = (ends - begins) * 0.04
    return [(at, label) for at, label in marks if begins + margin <= at <= ends - margin][:6]


def _plain(number: Decimal) -> Decimal:
    """Without exponent and without trailing zeros."""
    return Decimal(format(number.normalize(), "f"))
