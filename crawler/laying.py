"""What was read, laid out like the page: one table for each of its tables, to be compared by eye. Pure."""

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from crawler.extract import prices
from crawler.extract.blocks import Block, Component, Table
from crawler.extract.document import Document
from crawler.extract.grids import UnreadableError
from crawler.extract.sniffing import read_blocks
from timeline.facts import Fact, to_json
from timeline.figures import Figure
from timeline.headlines import figure
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.page_texts import PageText
from timeline.prices import PricePoint
from timeline.watched import figure_side

WIDEST = 9  # columns of prices; beyond that one price a line is easier to compare

_PLACE = re.compile(r"(.*?)(?: row (\d+))?(?: column (\d+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Laid:
    """One table of the page, or the text under one heading, and what was read there, in the page's order."""

    locator: str
    title: str  # headings, caption
    common: str  # what holds for all of it: currency, unit, conditions
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Priced:
    """A price and where in its table it stands."""

    fact: PricePoint
    row: int
    column: int
    conditions: Mapping[str, str]


def lay_out(facts: Sequence[Fact], titles: Mapping[str, str]) -> tuple[Laid, ...]:
    """The facts by the page's tables; `titles` as given by `titles_of`."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[_group(fact, titles)].append(fact)
    return tuple(_laid(locator, titles.get(locator, ""), group) for locator, group in groups.items())


def titles_of(document: Document, *, kind: str) -> dict[str, str]:
    """For each place of a page what stands over it: "Pricing > Models: Prices per 1M tokens". Empty for other data."""
    try:
        read = prices.blocks_of(document) if kind == "pricing" else read_blocks(document.body, document.content_type)
    except UnreadableError:
        return {}
    return {block.locator: _title(block) for block in read}


def _title(block: Block) -> str:
    path = " > ".join(dict.fromkeys((*block.headings, *block.labels)))
    caption = block.grid.caption if isinstance(block, Table) else block.name if isinstance(block, Component) else ""
    return ": ".join(filter(None, (path, caption)))


def _group(fact: Fact, titles: Mapping[str, str]) -> str:
    """The table a fact stands in; for text the first place under the same heading."""
    found = _PLACE.fullmatch(fact.locator)
    place = found[1] if found else fact.locator
    if "table" in place or place.startswith("component"):
        return place
    if place in titles:
        return next(other for other, title in titles.items() if title == titles[place] and "table" not in other)
    return "the document"


def _laid(locator: str, title: str, facts: Sequence[Fact]) -> Laid:
    priced = [fact for fact in facts if isinstance(fact, PricePoint)]
    common, columns, rows = _prices(priced) if len(priced) == len(facts) else _others(facts)
    return Laid(locator=locator, title=title, common=common, columns=columns, rows=rows, facts=tuple(facts))


Sheet = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


def _prices(facts: Sequence[PricePoint]) -> Sheet:
    """A row a model, a column a meter; conditions go where they belong, to all, to columns or to rows."""
    placed = [_placed(fact) for fact in facts]
    shared = set.intersection(*(set(each.conditions.items()) for each in placed))
    own = [{name: value for name, value in each.conditions.items() if (name, value) not in shared} for each in placed]
    turned = _is_turned(placed)
    lines = [each.row if turned else each.column for each in placed]
    fixed = {name for each in own for name in each if _is_fixed(name, own, lines)}
    table: dict[tuple[Hashable, ...], dict[str, list[str]]] = {}
    for each, conditions in zip(placed, own, strict=True):
        heading = _words(each.fact.meter, {name: text for name, text in conditions.items() if name in fixed})
        rest = _words("", {name: text for name, text in conditions.items() if name not in fixed})
        row = table.setdefault((0 if turned else each.row, each.fact.model, rest), {})
        row.setdefault(heading, []).append(_amount(each.fact))
    headings = list(dict.fromkeys(heading for row in table.values() for heading in row))
    common = _words("", dict(sorted(shared)))
    if len(headings) > WIDEST:
        return common, ("model", "meter", "amount", "conditions", "where"), tuple(map(_line, placed, own))
    told = any(rest for _, _, rest in table)
    columns = ("model", *(("conditions",) if told else ()), *headings)
    rows = tuple(
        (str(model), *((str(rest),) if told else ()), *(" and ".join(row.get(name, [])) for name in headings))
        for (_, model, rest), row in table.items()
    )
    return common, columns, rows


def _placed(fact: PricePoint) -> _Priced:
    found = _PLACE.fullmatch(fact.locator)
    unit = f"{fact.per.normalize():f} {fact.unit}"
    stated = {name: str(value) for name, value in fact.conditions.items()}
    dates = {"from": fact.effective_from, "until": fact.effective_to, "qualifier": fact.qualifier}
    conditions = {"currency": fact.currency or "none", "per": unit, **stated}
    conditions |= {name: str(value) for name, value in dates.items() if value}
    row, column = (int(found[2] or 0), int(found[3] or 0)) if found else (0, 0)
    return _Priced(fact=fact, row=row, column=column, conditions=conditions)


def _is_turned(placed: Sequence[_Priced]) -> bool:
    """Whether the page's table has meters in rows: models in columns, or under each other."""
    in_rows: dict[int, set[str]] = defaultdict(set)
    in_columns: dict[int, set[str]] = defaultdict(set)
    for each in placed:
        in_rows[each.row].add(each.fact.meter)
        in_columns[each.column].add(each.fact.meter)
    return all(len(found) == 1 for found in in_rows.values()) and any(len(found) > 1 for found in in_columns.values())


def _is_fixed(name: str, conditions: Sequence[Mapping[str, str]], lines: Sequence[int]) -> bool:
    """Whether a condition is the same all along each column (of a turned table: each row)."""
    values: dict[int, set[str | None]] = defaultdict(set)
    for each, line in zip(conditions, lines, strict=True):
        values[line].add(each.get(name))
    return all(len(found) == 1 for found in values.values())


def _words(first: str, conditions: Mapping[str, str]) -> str:
    """Conditions in words; currency and unit say themselves."""
    said = [text if name == "currency" else f"per {text}" if name == "per" else f"{name}={text}"
            for name, text in conditions.items()]  # fmt: skip
    return ", ".join(filter(None, (first, *said)))


def _amount(fact: PricePoint) -> str:
    return format(fact.amount, "f") if fact.state == "priced" and fact.amount is not None else fact.state


def _line(each: _Priced, conditions: Mapping[str, str]) -> tuple[str, ...]:
    fact = each.fact
    return fact.model, fact.meter, _amount(fact), _words("", conditions), fact.locator


def _others(facts: Sequence[Fact]) -> Sheet:
    """Notices, news and what else there may be: one a row."""
    rows = [_cells(fact) for fact in facts]
    columns = [
        name for name in dict.fromkeys(name for row in rows for name in row) if any(row.get(name) for row in rows)
    ]
    return "", tuple(columns), tuple(tuple(row.get(name, "") for name in columns) for row in rows)


def _cells(fact: Fact) -> dict[str, str]:
    if isinstance(fact, Notice):
        kind = "" if fact.subject_kind == "model" else fact.subject_kind
        scope = _words("", fact.scope)
        return {
            "model": fact.model, "kind": kind, "status": fact.status, "label": fact.label,
            "stage": fact.release_stage or "", "announced": fact.announced_on or "",
            "deprecates": fact.deprecates_on or "", "retires": fact.retires_on or "",
            "not before": fact.not_before or "", "replacements": ", ".join(fact.replacements), "scope": scope,
            "where": fact.locator,
        }  # fmt: skip
    if isinstance(fact, PageText):
        return {
            "part": fact.part,
            "title": fact.title,
            "lines": str(fact.text.count("\n") + 1),
            "text": fact.text[:200],
        }
    if isinstance(fact, Figure):
        shown = figure(figure_side(fact))
        told = {"subject": fact.subject, "measure": fact.measure, "period": fact.period or "", "figure": shown}
        return told | {"scope": _words("", fact.scope), "printed": fact.label, "where": fact.locator}
    if isinstance(fact, NewsItem):
        published = f"{fact.published_at:%Y-%m-%d %H:%M}" if fact.published_at else "no date"
        return {"published": published, "title": fact.title, "url": fact.url, "topics": ", ".join(fact.topics)}
    told = {name: value for name, value in to_json(fact).items() if name not in ("fact", "provider", "label")}
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value in (None, {}) else str(value)
