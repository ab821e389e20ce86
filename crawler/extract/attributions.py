"""Whose prices a table holds where it does not say so itself; tables that would contradict each other told apart."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.extract.blocks import Table
from crawler.extract.namings import Frame
from crawler.extract.outcomes import Outcome
from crawler.extract.panels import place_of
from crawler.extract.price_facts import Setting
from crawler.extract.price_names import Subject
from crawler.extract.price_tables import read_table
from timeline.prices import PricePoint

_FEW = 3  # tables without a name on a page that names the others
_LONGEST = 60  # characters of a heading that tells tables apart


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTable:
    """A table, what stands around it, and what was read of it."""

    table: Table
    frame: Frame
    outcome: Outcome

    @property
    def is_lost(self) -> bool:
        """Whether nothing says whose prices it holds."""
        return not self.outcome.facts and any(issue.code == "no_subject" for issue in self.outcome.issues)

    @property
    def titles(self) -> list[str]:
        """The words over it, nearest first."""
        return list(dict.fromkeys(filter(None, (*self.frame.parents, *reversed(self.table.headings)))))


def attributed(tables: Sequence[ReadTable], setting: Setting) -> list[ReadTable]:
    """Tables that name no model are those of the models their introduction names, if other tables know these."""
    known = {fact.model for each in tables for fact in each.outcome.facts}
    lost = sum(each.is_lost for each in tables)
    few = lost <= _FEW and 2 * lost <= len(tables)
    return [_named(each, mentioned(each.table.before, known), setting) if few else each for each in tables]


def _named(each: ReadTable, names: Sequence[str], setting: Setting) -> ReadTable:
    if not each.is_lost or not names:
        return each
    frame = replace(each.frame, subjects=tuple(Subject(name=name) for name in names))
    return replace(each, frame=frame, outcome=read_table(each.table, frame, setting))


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """The names a text mentions, also without their first word ("Sonnet 4.5"), in the order of the text."""
    found = {}
    for name in names:
        short = name.split(" ", 1)[1] if " " in name and re.search(r"\d", name.split(" ", 1)[1]) else name
        pattern = rf"(?<![\w.-])(?:{re.escape(name)}|{re.escape(short)})(?![\w-]|\.\d)"
        if re.search(r"[A-Za-z]", short) and (match := re.search(pattern, text)):
            found[name] = match.start()
    return sorted(found, key=lambda name: found[name])


def told_apart(tables: Sequence[ReadTable]) -> list[Outcome]:
    """What was read of every table. Tables that price the same thing differently get the words over them as condition.

    In tables with the same headers every price gets them, in others only those that would contradict each other.
    """
    clashes = _clashes(tables)
    outcomes = [each.outcome for each in tables]
    for index, others in clashes.items():
        apart = _apart(tables, index, others)
        if not apart:
            continue
        alike = all(tables[other].table.grid.headers == tables[index].table.grid.headers for other in others)
        rivals = {fact.key for other in others for fact in tables[other].outcome.facts}
        facts = tuple(
            replace(fact, conditions={**fact.conditions, **apart}) if alike or fact.key in rivals else fact
            for fact in outcomes[index].facts
        )
        outcomes[index] = replace(outcomes[index], facts=facts)
    return outcomes


def _clashes(tables: Sequence[ReadTable]) -> dict[int, set[int]]:
    """For each table the others that give a key of its another value for the same time."""
    seen: dict[tuple[object, ...], dict[int, set[object]]] = defaultdict(lambda: defaultdict(set))
    for index, each in enumerate(tables):
        for fact in each.outcome.facts:
            seen[_when(fact)][index].add(fact.value)
    found: dict[int, set[int]] = defaultdict(set)
    for values in seen.values():
        for index, own in values.items():
            found[index] |= {other for other, theirs in values.items() if other != index and theirs != own}
    return {index: others for index, others in found.items() if others}


def _when(fact: PricePoint) -> tuple[object, ...]:
    return (fact.key, fact.effective_from, fact.effective_to)


def _apart(tables: Sequence[ReadTable], index: int, others: Iterable[int]) -> dict[str, str]:
    """The nearest words over a table that its rivals do not have; nothing where there are none."""
    rivals = {title for other in others for title in tables[other].titles}
    own = next((title for title in tables[index].titles if title not in rivals and len(title) <= _LONGEST), None)
    if own is None:
        return {}
    return {"region" if place_of(own) else "section": own}
