"""A model's life as one bar, in SVG text made on the server: released, deprecated, retired, and today. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from markupsafe import Markup, escape

from timeline.dates import is_past, short_day

WIDTH, HEIGHT = 720, 58
LEFT, RIGHT, TOP, THICK = 6, 6, 22, 12
_NAMES = (("announced_on", "announced"), ("deprecates_on", "deprecated"), ("retires_on", "retired"))
_STATES = {"released": "active", "announced": "announced", "deprecated": "deprecated", "retired": "retired"}
_APART = 92  # so far labels must stand from each other to be read


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    at: date
    name: str
    stated: str


def life_bar(notice: Mapping[str, Any], today: date, *, released: str = "", name: str) -> Markup:
    """The bar of one notice; nothing where fewer than two of its days are known."""
    marks = _marks(notice, released)
    if len(marks) < 2:
        return Markup("")
    first, last = marks[0].at, max(marks[-1].at, today)
    span = max((last - first).days, 1)
    first, last = first - timedelta(days=span // 20 + 1), last + timedelta(days=span // 8 + 1)

    def x(at: date) -> float:
        return LEFT + (at - first).days / (last - first).days * (WIDTH - LEFT - RIGHT)

    parts = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        begin, end = x(mark.at), x(following.at) if following else WIDTH - RIGHT
        parts.append(
            f'<rect class="life life-{_STATES[mark.name]}" x="{begin:.1f}" y="{TOP}" '
            f'width="{end - begin:.1f}" height="{THICK}">'
            f"<title>{mark.name} {escape(short_day(mark.stated))}</title></rect>"
        )
    unseen = notice["status"] != "retired" and notice["retires_on"]  # its page does not say yet that it has come
    said = {"retired": "was to retire" if unseen and is_past(notice["retires_on"], _noon(today)) else "retires"}
    said = said if unseen else {}
    parts += _labels([(x(mark.at), f"{said.get(mark.name, mark.name)} {short_day(mark.stated)}") for mark in marks])
    now = x(today)
    parts.append(f'<path class="today" d="M{now:.1f} {TOP - 4}v{THICK + 8}"/>')
    parts.append(f'<text class="last" x="{now:.1f}" y="{TOP - 8}" text-anchor="middle">today</text>')
    told = f"The life of {name}: " + ", ".join(
        f"{said.get(mark.name, mark.name)} {short_day(mark.stated)}" for mark in marks
    )
    head = f'<svg class="chart lifebar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">'
    return Markup(head + f"<title>{escape(told)}</title>" + "".join(parts) + "</svg>")  # noqa: S704 -- escaped


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _marks(notice: Mapping[str, Any], released: str) -> list[_Mark]:
    stated = [(released, "released")] if released else []
    stated += [(notice[key], name) for key, name in _NAMES if notice[key]]
    marks = [_Mark(at=_first_day(text), name=name, stated=text) for text, name in stated]
    known: dict[date, _Mark] = {mark.at: mark for mark in marks}  # of two on one day the later stage counts
    return sorted(known.values(), key=lambda mark: mark.at)


def _first_day(stated: str) -> date:
    return date.fromisoformat(stated if len(stated) > len("2026-03") else f"{stated}-01")


def _labels(marks: list[tuple[float, str]]) -> list[str]:
    """Below the bar, as many as have room; the last one always."""
    shown: list[tuple[float, str]] = []
    for place, text in reversed(marks):
        if not shown or shown[-1][0] - place >= _APART:
            shown.append((place, text))
    parts = []
    for place, text in shown:
        anchor = "start" if place < WIDTH / 8 else "end" if place > WIDTH * 7 / 8 else "middle"
        parts.append(
            f'<text class="tick" x="{place:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{escape(text)}</text>'
        )
    return parts
