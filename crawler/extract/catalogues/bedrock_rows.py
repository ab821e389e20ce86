"""Rows of tables taken from Amazon Bedrock's price page: objects of header and cell, with the headings above them.

The headers say what is priced, as on the page itself, so the rows are put back into the tables they are of and read as
any page is. Worked examples ("5,000 input tokens cost $0.04") are no prices.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from crawler.extract import prices
from crawler.extract.document import Document, Ignored, Reading

_ABOVE: Final = ("Provider", "Hierarchy_Path", "Sub_Tab_1", "Sub_Tab_2", "Pricing_Category")
_EXAMPLE: Final = frozenset({"Calculation", "Cost of input", "Line Item"})


def is_rows(data: Any) -> bool:
    """A list of flat objects that say which headings they stood under."""
    return (
        isinstance(data, list)
        and bool(data)
        and all(isinstance(row, dict) and "Hierarchy_Path" in row and "Pricing_Category" in row for row in data)
    )


def read(data: Sequence[Mapping[str, Any]], document: Document) -> Reading:
    """Every price of the rows; their order does not matter."""
    tables: list[str] = []
    ignored: list[Ignored] = []
    rows = sorted(data, key=lambda row: (_headings(row), _headers(row), [str(row[name]) for name in _headers(row)]))
    above: tuple[str, ...] = ()
    for (headings, headers), group in groupby(rows, key=lambda row: (_headings(row), _headers(row))):
        if _EXAMPLE & set(headers):
            what = " > ".join(headings)
            ignored.append(Ignored(what=what, why=f"a worked example of {len(list(group))} rows, no prices"))
            continue
        tables += [*_titles(headings, above), *_table(headers, group), ""]
        above = headings
    page = Document(
        body="\n".join(tables).encode(), url=document.url, at=document.at, source=document.source,
        provider=document.provider, content_type="text/markdown", options=document.options,
    )  # fmt: skip
    found = prices.read(page)
    # The tabs of the page are lost: what is not understood without them is left out, and holds nothing else back.
    issues = [replace(issue, fatal=False) for issue in found.issues]
    return Reading(facts=found.facts, issues=issues, ignored=(*ignored, *found.ignored))


def _headings(row: Mapping[str, Any]) -> tuple[str, ...]:
    path = [part.strip() for part in str(row["Hierarchy_Path"]).split(">")]
    return tuple(dict.fromkeys([*path, str(row["Pricing_Category"]).strip()]))


def _headers(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns, the one that names the model first."""
    names = [name for name in row if name not in _ABOVE]
    return tuple(sorted(names, key=lambda name: ("price" in name.casefold() or "prce" in name.casefold(), name)))


def _titles(headings: Sequence[str], above: Sequence[str]) -> Iterator[str]:
    same = next((place for place, (one, other) in enumerate(zip(headings, above, strict=False)) if one != other), None)
    start = min(len(headings), len(above)) if same is None else same
    for depth, title in enumerate(headings):
        if depth >= min(start, len(headings) - 1):
            yield f"{'#' * min(depth + 2, 6)} {_cell(title)}"
            yield ""


def _table(headers: Sequence[str], rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    yield "| " + " | ".join("Model" if name == "Column_0" else _cell(name) for name in headers) + " |"
    yield "|" + " --- |" * len(headers)
    seen: set[str] = set()
    for row in rows:
        line = "| " + " | ".join(_cell(row[name]) for name in headers) + " |"
        if line not in seen:
            seen.add(line)
            yield line


def _cell(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "\\|").replace("*", "\\*")
