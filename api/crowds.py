"""Crowds: a day of the timeline that can be read at a glance. Pure: days of stories in, days of fewer stories out.

Where one look at one page changed the prices of many models they become one story with a line for each, and the news
of a day one list: what changed must not drown among them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from api.stories import Day, Line, Story
from timeline.names import title
from timeline.words import counted

# What is told as a change: news have a list of their own, and the health of the sources its page.
CHANGES = ("price.*", "model.*", "funding.*", "rule.*", "incident.*", "figure.*", "page.*")
FEW = 4  # so many stories of one look stand each by itself
_SAID = {
    "price.listed": "{who} lists prices of {models}",
    "price.changed": "{who} changes the prices of {models}",
    "price.scheduled": "{who} announces new prices for {models}",
    "price.schedule_withdrawn": "{who} calls off the announced prices of {models}",
    "price.delisted": "{who} no longer lists prices of {models}",
    "price.corrected": "{who} corrects the prices of {models}",
}


def gathered(days: Iterable[Day]) -> list[Day]:
    """The same days, in the same order, with nothing lost and less to read."""
    return [
        Day(
            at=day.at,
            stories=_crowded([story for story in day.stories if not story.brief]),
            news=[story for story in day.stories if story.brief],
        )
        for day in days
    ]


def plain_lines(story: Story) -> list[Line]:
    """Of one model in a crowd what is told of it: input and output without conditions, else its first price."""
    plain = [line for line in story.lines if line.meter in ("input", "output") and not line.conditions]
    return plain[:2] or [*story.lines[:1]]


def _crowded(stories: Sequence[Story]) -> list[Story]:
    """Each crowd where the first of it stood."""
    looks: dict[tuple[Any, ...], list[Story]] = {}
    for story in stories:
        looks.setdefault(_look(story), []).append(story)
    found: list[Story] = []
    for story in stories:
        alike = looks[_look(story)]
        if not (story.first["kind"] in _SAID and len(_names(alike)) > FEW):
            found.append(story)
        elif story is alike[0]:
            found.append(_crowd(alike))
    return found


def _look(story: Story) -> tuple[Any, ...]:
    first = story.first
    return first["source"], first["provider"], first["kind"], first["observed_at"], first["withdrawn_at"]


def _crowd(parts: Sequence[Story]) -> Story:
    first = parts[0]
    tones = {part.tone for part in parts}
    headline = _SAID[first.first["kind"]].format(
        who=title(first.first["provider"]), models=counted(len(_names(parts)), "model")
    )
    cut, risen = (sum(part.tone == tone for part in parts) for tone in ("cut", "rise"))
    told = [f"{cut} cut" if cut else "", f"{risen} raised" if risen else ""]
    return Story(
        rows=[row for part in parts for row in part.rows],
        headline=": ".join(filter(None, (headline, ", ".join(filter(None, told))))),
        what=first.what if len(tones) == 1 else "price changes",
        tone=tones.pop() if len(tones) == 1 else "plain",
        lines=(),
        unit=_unit(parts),
        parts=sorted(parts, key=_greatest),
    )


def _names(stories: Iterable[Story]) -> set[str]:
    return {str(story.first["model_id"] or story.first["model"]) for story in stories}


def _unit(parts: Sequence[Story]) -> str:
    units = {line.unit for part in parts for line in plain_lines(part)}
    return units.pop() if len(units) == 1 else ""


def _greatest(story: Story) -> tuple[Any, ...]:
    sizes = [abs(row["change_pct"]) for row in story.rows if row["change_pct"] is not None]
    return -max(sizes, default=0), str(story.first["model"] or "").casefold()
