"""Whose prices a table holds where it does not say so itself; tables that would contradict each other told apart."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.extract.blocks import Table
from crawler.extract.namings import Frame
from crawler.extract.outcomes import Outcome
from crawler.extract.panels import place_of
from crawler.extract.price_facts import Setting
from crawler.extract.price_names import Subject
from crawler.extract.price_tables import read_table

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
    """What was read of every table. Tables that price the same thing get the words over them as condition.

    Places do so always, in tables with the same headers; headings only where the tables contradict each other: in
    tables with the same headers for every price, in others for those that do.
    """
    outcomes = [each.outcome for each in tables]
    for index, rivals in _rivals(tables).items():
        headers = tables[index].table.grid.headers
        twins = {other for other in rivals if tables[other].table.grid.headers == headers}
        clashing = {other for other, keys in rivals.items() if keys}
        if place := _place(tables, index, twins):
            outcomes[index] = _under(outcomes[index], {"region": place}, None)
        elif heading := _heading(tables, index, clashing):
            keys = None if clashing <= twins else {key for other in clashing for key in rivals[other]}
            outcomes[index] = _under(outcomes[index], {"section": heading}, keys)
    return outcomes


def _under(outcome: Outcome, conditions: dict[str, str], keys: Collection[str] | None) -> Outcome:
    """The same with these conditions on the prices with these keys; on all of them for None."""
    facts = tuple(
        replace(fact, conditions={**fact.conditions, **conditions}) if keys is None or fact.key in keys else fact
        for fact in outcome.facts
    )
    return replace(outcome, facts=facts)


def _rivals(tables: Sequence[ReadTable]) -> dict[int, dict[int, set[str]]]:
    """For each table the others that price the same thing, and the keys to which they give another value."""
    seen: dict[tuple[object, ...], dict[int, set[object]]] = defaultdict(lambda: defaultdict(set))
    for index, each in enumerate(tables):
        for fact in each.outcome.facts:
            seen[fact.key, fact.effective_from, fact.effective_to][index].add(fact.value)
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (key, *_), values in seen.items():
        for index, own in values.items():
            for other, theirs in values.items():
                if other != index:
                    found[index][other] |= {str(key)} if theirs != own else set()
    return found


def _place(tables: Sequence[ReadTable], index: int, twins: Collection[int]) -> str | None:
    """The place a table is about, where its twins are about others."""
    own, theirs = _place_over(tables[index]), {_place_over(tables[other]) for other in twins}
    return own if own and theirs and not theirs & {own, None} else None


def _place_over(each: ReadTable) -> str | None:
    return next((title for title in each.titles if len(title) <= _LONGEST and place_of(title)), None)


def _heading(tables: Sequence[ReadTable], index: int, others: Collection[int]) -> str | None:
    """The nearest heading or tab of a table that its rivals do not have; None where there are none."""
    theirs = {words for other in others for words in _over(tables[other].table)}
    own = reversed(_over(tables[index].table))
    return next((each for each in own if each not in theirs and len(each) <= _LONGEST), None) if others else None


def _over(table: Table) -> tuple[str, ...]:
    """The headings and the titles of tabs around a table, outermost first."""
    return (*table.headings, *table.labels)
