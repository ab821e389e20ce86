"""How a price table is laid out: its parts with headers of their own, rows mended, and what each column holds."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from crawler.extract.amounts import currencies_in, has_money
from crawler.extract.column_kinds import column_kind
from crawler.extract.columns import Column, Part, counted_alike, like_others, shared_by, told_apart
from crawler.extract.conditions import read_conditions
from crawler.extract.grids import Cell, Grid
from crawler.extract.labels import Label, read_label
from crawler.extract.lost_cells import Row, mended
from crawler.extract.money import Quote, read_quotes
from crawler.extract.price_words import state_of
from crawler.extract.units import find_units, fold, periodic_unit

_V = TypeVar("_V")


_CENTS = re.compile(r"¢|\bUS cents?\b")
_PERIODIC = re.compile(r"(?:billed )?(?:hourly|daily|weekly|monthly|yearly|annual(?:ly)?)(?: billing)?", re.I)


def parts_of(grid: Grid, *, currency_known: bool, all_priced: bool = False) -> list[Part]:
    """The parts of a table. `currency_known`: the text around it says what bare numbers are counted in.

    `all_priced`: it says of what and for how much of it, so that figures under "Low" and "High" are amounts.
    """
    return [_part(headers, rows, currency_known, all_priced) for headers, rows in _stretches(grid) if rows]


def quotes_of(cell: Cell, column: Column) -> tuple[Quote, ...]:
    """What a cell of a price column says."""
    quotes = read_quotes(cell.text, bare=column.bare)
    return tuple(map(_in_dollars, quotes)) if column.cents else quotes


def is_in_cents(header: str) -> bool:
    """Whether a header says that its column counts in cents: "Input (¢ / 1K tokens)"."""
    return _CENTS.search(header) is not None and not currencies_in(header)


def _in_dollars(quote: Quote) -> Quote:
    if quote.amount is None or quote.currency:
        return quote
    return replace(quote, amount=quote.amount / 100, currency="USD")


def _stretches(grid: Grid) -> Iterator[tuple[list[Row], list[Row]]]:
    """Headers repeated inside a table start a new part; a header with amounts in it is none."""
    count = grid.header_rows
    while count and any(_priced(cell.text) for cell in grid.rows[count - 1]):
        count -= 1
    headers: list[Row] = list(grid.rows[:count])
    rows: list[Row] = []
    for row in grid.rows[count:]:
        if not any(cell.text for cell in row):
            continue
        if not rows and headers and _is_below(row, headers[-1]):
            headers = [*headers, row]
        elif _is_header(row, headers):
            over = not rows and len(headers) == 1 and _is_over(headers[0], row)
            titles = [above for above in (rows or headers)[-1:] if _is_title(above)]
            yield headers, rows
            headers, rows = [_spread(headers[0]), row] if over else [row], titles
        else:
            rows.append(row)
    yield headers, rows


def _is_title(row: Row) -> bool:
    """Whether a row says one thing, of those below it: "Text models - USD per 1M tokens"."""
    texts = {cell.text for cell in row if cell.text}
    return len(texts) == 1 and bool(row[0].text) and (len(row) > 1) and not has_money(row[0].text)


def _priced(text: str) -> bool:
    return has_money(text) and any(quote.state == "priced" for quote in read_quotes(text))


def _is_header(row: Row, headers: Sequence[Row]) -> bool:
    texts = [cell.text for cell in row if cell.text]
    if len(texts) < max(2, len(row) / 2) or any(has_money(text) or state_of(text) for text in texts):
        return False
    if headers and [cell.text for cell in row] == [cell.text for cell in headers[-1]]:
        return True
    others = texts[1:]
    known = sum(column_kind(text)[0] != "" or bool(read_label(text).conditions) for text in others)
    named = column_kind(row[0].text)[0] == "subject" and len(set(texts)) > 1
    return named and 4 * known >= 3 * len(others) and not any(map(_figure, others))


def _is_below(row: Row, header: Row) -> bool:
    """Whether a row is a header's second one: the cells that reach down into it are the header's own."""
    reaching = [cell.copied and cell.text == above.text != "" for cell, above in zip(row, header, strict=True)]
    own = [cell.text for cell, reaches in zip(row, reaching, strict=True) if not reaches and cell.text]
    return any(reaching) and bool(own) and not any(has_money(text) or state_of(text) or _figure(text) for text in own)


def _is_over(first: Row, second: Row) -> bool:
    """Whether a header's cells stood over several of the next row's each: merged cells whose copies were lost."""
    groups = [cell.text for cell in first if cell.text]
    return not first[0].text and bool(second[0].text) and 1 < len(groups) < len(first) - 1


def _spread(row: Row) -> Row:
    """A row whose merged cells are printed once, with their texts over all their columns."""
    done: list[Cell] = []
    for cell in row:
        done.append(replace(cell, text=done[-1].text) if not cell.text and done else cell)
    return done


def _figure(text: str) -> bool:
    return re.fullmatch(r"[\d,.]+", text) is not None


def _part(headers: Sequence[Row], rows: Sequence[Row], currency_known: bool, all_priced: bool) -> Part:
    width = len(rows[0])
    texts = [_header_text(headers, index) for index in range(width)]
    rows = mended(rows)
    units = [index for index in range(width) if column_kind(texts[index])[0] == "unit"]
    priced = any(currencies_in(row[index].text) for index in units for row in rows)
    shared = shared_by(texts)
    titled = any(read_label(row[0].text).currencies for row in rows if _is_title(row))
    known = currency_known or priced or titled or shared is not None
    tiered = priced or (known and any(_lists_meters(index, rows) for index in range(width)))
    columns = tuple(_column(index, texts[index], rows, known, tiered) for index in range(width))
    columns = tuple(like_others(column, shared) for column in columns) if shared else columns
    if all_priced and not any(column.kind == "price" for column in columns):
        columns = tuple(_titled(column, rows) for column in columns)
    return Part(columns=told_apart(counted_alike(_named(columns, rows))), rows=tuple(rows))


def _lists_meters(index: int, rows: Sequence[Row]) -> bool:
    """Whether a column says in every row what is billed, and nothing else: "Input", "Output"."""
    labels = [read_label(row[index].text) for row in rows if not _is_title(row)]
    return len(labels) > 1 and all(label.meters and not label.rest for label in labels)


def _named(columns: tuple[Column, ...], rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns, where the only one of names lists what is billed ("Input"), with the first as the names."""
    subjects = [column for column in columns if column.kind == "subject"]
    first = columns[0]
    if len(subjects) != 1 or subjects[0].index == 0 or first.kind not in ("", "spec"):
        return columns
    billed = _lists_meters(subjects[0].index, rows)
    worded = all(re.search(r"[^\W\d_]{2}", row[0].text) for row in rows)
    return (replace(first, kind="subject"), *columns[1:]) if billed and worded else columns


def _titled(column: Column, rows: Sequence[Row]) -> Column:
    """A column whose header only tells it from others ("Low"), where the table's title says what is priced."""
    told = column.index and column.header and column.kind == "" and _figures(column.index, rows)
    return replace(column, kind="price", bare=True) if told else column


def _header_text(headers: Sequence[Row], index: int) -> str:
    seen: list[str] = []
    for row in headers:
        if index < len(row) and row[index].text and row[index].text not in seen:
            seen.append(row[index].text)
    return "\n".join(seen).strip("* ")


def _column(index: int, header: str, rows: Sequence[Row], currency_known: bool, priced: bool) -> Column:
    """One column. `priced`: others say what is priced in which currency, so that figures under a tier are amounts."""
    kind, name = column_kind(header) if header else ("", "")
    label = _of_header(header)
    if name == "resolution" and _figures(index, rows):
        kind, name = "spec", ""  # the size of a vector, a number of parameters: no size of an image
    if priced and kind == "" and read_conditions(header).found and _figures(index, rows):
        kind = "price"
    cents = is_in_cents(header)
    stated = bool(label.currencies) or cents or (currency_known and (label.prices or kind == "price"))
    column = Column(index=index, header=header, kind=kind, name=name, label=label, bare=stated, cents=cents)
    quotes = [quote for row in rows for quote in quotes_of(row[index], column)]
    amounts = [quote for quote in quotes if quote.state == "priced"]
    texts = [row[index].text for row in rows if row[index].text and not state_of(row[index].text)]
    money = sum(has_money(text) for text in texts)
    if kind == "price":
        free = any(quote.state == "free" for quote in quotes)
        column = replace(column, kind="price" if amounts or free or money else "spec")
    elif _may_be_priced(column) and texts and money >= len(texts) * (0.8 if kind == "spec" else 0.5):
        column = replace(column, kind="price")
    if column.kind in ("spec", "") and (_bounded(index, header, rows) or _compared(index, rows)):
        return replace(column, kind="condition", name="")
    if column.kind != "price":
        return column
    alone = periodic_unit(header) if _PERIODIC.fullmatch(fold(header)) else None
    unit = _usual([q.unit for q in amounts]) or alone
    return replace(column, unit=unit, currency=_usual([q.currency for q in amounts]))


def _of_header(header: str) -> Label:
    """What a header says; a line "Fast" over "Input" is a tier."""
    label = read_label(header) if header else Label()
    fast = any(line.strip().lower() == "fast" for line in header.split("\n")[:-1])
    return replace(label, conditions=label.conditions | {"service_tier": "fast"}) if fast else label


def _may_be_priced(column: Column) -> bool:
    """Whether amounts in a column whose header says nothing of prices may be prices."""
    described = column.kind == "condition" and column.name in ("region", "quality", "resolution", "duration")
    return column.kind != "unit" and not described and not _set_aside(column.header)


def _figures(index: int, rows: Sequence[Row]) -> bool:
    told = (row[index].text for row in rows if not _is_title(row))
    texts = [text for text in told if text and not state_of(text)]
    return bool(texts) and all(re.fullmatch(r"[\d,]*\.?\d+", fold(text)) for text in texts)


def _bounded(index: int, header: str, rows: Sequence[Row]) -> bool:
    """Whether the bounds in a column tell rows of one model apart, so that they are no mere property of it."""
    bounds: dict[str, set[str]] = {}
    for row in rows:
        read = read_conditions(row[index].text, scale=bound_scale(header)).found if index else {}
        bounded = {key: value for key, value in read.items() if key.startswith(("context_", "output_"))}
        plain = not re.search(r"\d", row[index].text)  # "short", beside "long (> 272K)"
        if bounded or plain:
            bounds.setdefault(row[0].text, set()).add(str(bounded or ""))
    return any(len(each) > 1 for each in bounds.values())


def _compared(index: int, rows: Sequence[Row]) -> bool:
    """Whether a column holds nothing but bounds with a sign of comparison ("≤ 200K input tokens"), and several."""
    texts = {row[index].text for row in rows if row[index].text}
    signed = all(re.match(r"\W*[<>≤≥]", text) for text in texts)
    reads = [read_conditions(text) for text in texts] if signed and len(texts) > 1 else []
    return bool(reads) and all(read.found and not read.rest for read in reads)


def bound_scale(header: str) -> int:
    """What the bounds in a column are counted in: 1000 under "千tokens" or "(K tokens)"."""
    unit = next((each for each in find_units(fold(header)) if each.counted and each.unit.name == "token"), None)
    return int(unit.unit.per) if unit else 1


def _set_aside(header: str) -> bool:
    return (
        re.search(
            r"^\W*before\b(?! (?:discount|promo|tax|vat|the\b))|\bformer\b"
            r"|example|calculat|previous|\bold\b|\bwas\b|original|saving|estimated monthly|monthly estimate|总计|示例"
            r"|(?:monthly|free|included|promotional|bonus|max\w*) credits?|allowance|quota|budget|\blimits?\b|qualif"
            r"|\bmin(?:imum|\.)? (?:charges?|fees?|billing|order|deposit|top-?up)\b"
            r"|credit purchase|充值|\bspend\b|\bbills?\b|\btypical|\bestimat|\bblended\b|\bcosts? to run\b|\binvoice",
            header,
            re.I,
        )
        is not None
    )


def _usual(values: Sequence[_V]) -> _V | None:
    most = Counter(values).most_common(1)
    return most[0][0] if most and 2 * most[0][1] >= len(values) else None
