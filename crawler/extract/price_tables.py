"""A price table, models in rows or in columns, to prices."""

import re
from dataclasses import replace

from crawler.extract.amounts import currencies_in, has_money
from crawler.extract.blocks import Table
from crawler.extract.columns import Column, Part
from crawler.extract.conditions import read_conditions
from crawler.extract.dated_headers import days_over, on_days, without_days
from crawler.extract.dated_rows import starting, without_past
from crawler.extract.labels import read_label
from crawler.extract.layouts import is_in_cents, parts_of
from crawler.extract.money import read_quotes
from crawler.extract.namings import Frame
from crawler.extract.other_sellers import without_columns_of_others
from crawler.extract.outcomes import Outcome, ignored, refused, together
from crawler.extract.points import in_points
from crawler.extract.price_columns import is_turned, read_turned
from crawler.extract.price_facts import Setting
from crawler.extract.price_rows import read_rows
from crawler.extract.price_words import state_of
from crawler.extract.units import fold
from timeline.issues import Issue

_WORKED = re.compile(
    r"worked example|(?:pricing|price|cost|evaluation) examples?\b"
    r"|example (?:calculation|cost)|cost examples?|^\W*examples?\b(?! models?\b)|(?<!\d% )\bsavings\b"
    r"|\bhow much .*\bsave\b|\bwhat you(?:'ll)? save\b"
    r"|\b(?:cost|price|pricing) (?:calculator|estimator)\b"
    r"|\b(?:sample|example) (?:invoice|bill)s?\b|(?<!on your )(?<!on the )\binvoices?\b|\bestimate (?:your|the|a)\b"
    r"|\bestimated? (?:monthly )?(?:costs?|bills?|spend)\b|\b(?:price|pricing) history\b"
    r"|\b(?:past|previous|historical) prices\b"
    r"|\bcompar(?:ison|ed|e) (?:with|to)\b|competitors?\b|历史价格|示例|예시|계산",
    re.I,
)
_SPENT = re.compile(
    r"\b(?:buy(?:ing)?|purchas(?:e|ing)|top[- ]?up)\b.*\bcredits?\b|\bcredit (?:packs?|bundles?|packages?)\b", re.I
)
_RECKONED = re.compile(
    r"calculations?|(?:grand |monthly )?totals?(?: cost)?|(?:number|cost) of .*|总计|合计|计算", re.I
)
_COUNTS, _SUMS = {"quantity", "qty", "qty."}, {"amount", "total", "subtotal", "sum"}  # headers of an invoice
_AND = re.compile(r"\s*(?:\band\b|&|,)\s*", re.I)
_VERSIONS = re.compile(r"\b(?:versions?|snapshots?|builds?|releases?|released|launch(?:ed)?)\b|版本", re.I)
_UNFILLED = re.compile(r"(?:US)?[$€£¥]\s?(?:-+|—|\.\.\.|_+)?(?:\s?(?:/|per)\s?[\w ]+)?")
_CENTS = re.compile(r"\bcents?\b|¢", re.I)
_NUMBER = re.compile(r"[\d,]{1,7}(?:\.\d{1,6})?")
_FRACTION = re.compile(r"\d{1,4}\.\d{1,6}")


def read_table(table: Table, frame: Frame, setting: Setting, *, bare: bool = False) -> Outcome:
    """The prices of one table. One without amounts gives nothing; a worked example is set aside.

    `bare`: numbers under headers of prices are amounts, whether or not a currency is said anywhere.
    """
    if any(map(_is_spent, (frame.title, *table.headings[-1:], *table.labels[-1:]))):
        return ignored(frame.title or table.locator, "what money to spend costs, no price", table.locator)
    table, others = without_columns_of_others(table, setting.provider)
    cells = [cell for row in table.grid.rows for cell in row]
    worked = any(map(is_worked, (frame.title, *table.headings[-1:], *table.labels[-1:])))
    heads = {fold(" ".join(path)).lower() for path in table.grid.headers}
    if (
        worked
        or (heads & _COUNTS and heads & _SUMS)
        or any(_RECKONED.fullmatch(fold(header)) for path in table.grid.headers for header in path)
    ):
        return ignored(frame.title or table.before or table.locator, "a worked example", table.locator)
    known = bare or setting.currency is not None or any(label.currencies for label in frame.labels)
    cents = any(is_in_cents(" ".join(path)) for path in table.grid.headers)
    priced = known or cents or any(currencies_in(fold(cell.text)) for cell in cells)
    if not priced and not any(state_of(cell.text) == "free" for cell in cells):
        return in_points(table) or _nothing_counted_in(table)
    titled = any(label.currencies and label.unit and label.unit.name != "token" for label in frame.labels)
    table, days = without_days(table, setting.at)
    parts = parts_of(table.grid, currency_known=known, all_priced=titled)
    read = together(_part(part, frame, setting, table.locator) for part in parts)
    facts = read.facts if _has_versions(table) else without_past(read.facts, setting.at)
    facts = starting(facts, table, setting.at)
    read = replace(read, facts=on_days(facts, days, days_over(table, frame.title, setting.at)))
    outcome = together([read, _headless(table), others])
    return outcome if outcome.facts or outcome.issues else in_points(table) or outcome


def is_worked(title: str) -> bool:
    """Whether a title says that amounts are reckoned, compared or past; "Pricing and invoices" is of prices too."""
    return any(_WORKED.search(part) for part in _told_in(title))


def _is_spent(title: str) -> bool:
    return any(_SPENT.search(part) for part in _told_in(title))


def _told_in(title: str) -> list[str]:
    """What a title is about; nothing more where one of several things is prices or a way to be billed."""
    parts = _AND.split(fold(title))
    labels = [read_label(part) for part in parts] if len(parts) > 1 else []
    priced = any((label.price or label.conditions) and not label.rest for label in labels)
    return [] if priced else [fold(title)]


def _has_versions(table: Table) -> bool:
    """Whether days in a column are names of versions, all of which are sold: "Version 2026-03-01"."""
    return any(_VERSIONS.search(fold(header)) for path in table.grid.headers for header in path)


def _nothing_counted_in(table: Table) -> Outcome:
    """Fractions under "Input" and under "Output" are prices, in a currency that nothing names: not left unsaid."""
    sides = [
        column
        for column, path in enumerate(table.grid.headers)
        if (label := read_label(" ".join(path))).sides and (not label.rest or _CENTS.fullmatch(label.rest))
    ]
    texts = [row[column].text for row in table.grid.body for column in sides]
    shape = _NUMBER if any(_CENTS.search(" ".join(table.grid.headers[column])) for column in sides) else _FRACTION
    if len(sides) < 2 or 2 * sum(bool(shape.fullmatch(text)) for text in texts) < max(2, len(texts)):
        return Outcome()
    message = f"{texts[0]!r} and the like stand under prices' headers, and nothing says in which currency"
    return Outcome(issues=(Issue(code="unknown_currency", message=message, locator=table.locator),))


def _headless(table: Table) -> Outcome:
    """Rows after two empty ones, where a header with other sizes or tiers stood: the one above is not theirs."""
    rows, count = table.grid.rows, table.grid.header_rows
    conditions = count and any(read_conditions(cell.text).found for cell in rows[count - 1])
    filled = [any(cell.text for cell in row) for row in rows]
    for index in range(count + 1, len(rows) - 1) if conditions else ():
        if not filled[index - 1] and not filled[index] and any(has_money(cell.text) for cell in rows[index + 1]):
            message = f"the header over {rows[index + 1][0].text[:60]!r} is empty; the one above it may not be meant"
            return refused("lost_header", message, f"{table.locator} row {index + 2}")
    return Outcome()


def _part(part: Part, frame: Frame, setting: Setting, locator: str) -> Outcome:
    prices = part.of("price")
    if is_turned(part, prices):
        return read_turned(part, frame, setting, locator)
    outcome = read_rows(part, prices, frame, setting, locator) if prices else Outcome()
    return together([outcome, *(_doubts(part, column, locator) for column in part.columns)])


def _doubts(part: Part, column: Column, locator: str) -> Outcome:
    """What is wrong with a column as a whole: amounts that cannot be read, currencies that change from row to row."""
    texts = [row[column.index].text for row in part.rows if row[column.index].text]
    where = f"{locator} column {column.index + 1}"
    title = column.header.replace("\n", " ")
    blank = [text for text in texts if _UNFILLED.fullmatch(text.strip())]
    if blank and 2 * len(blank) > len(texts):
        message = f"column {title!r} holds {blank[0]!r} where amounts should stand: the page fills them in later"
        return refused("unread_prices", message, where)
    signs = {frozenset(quote.currency for quote in read_quotes(text) if quote.currency) for text in texts} - {
        frozenset()
    }
    if column.kind == "price" and len(signs) > 1 and len(frozenset.union(*signs)) > max(map(len, signs)):
        named = ", ".join(sorted({sign for each in signs for sign in each}))
        return refused("mixed_currencies", f"column {title!r} mixes currencies: {named}", where)
    return Outcome()
