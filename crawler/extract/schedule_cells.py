"""What the cells of one row of a table of lifecycles say: names, status, alternatives, region."""

import re
from collections.abc import Iterable, Mapping, Sequence

from crawler.extract.alternatives import instead
from crawler.extract.dates import StatedDate, find
from crawler.extract.grids import Cell
from crawler.extract.mentions import Lexicon, mask
from crawler.extract.places import scope_alone
from crawler.extract.statuses import WORN, Role, is_stage, role_of, status_word
from crawler.extract.subjects import clean_name, is_none, names_in, replacements_in, versioned
from timeline.issues import Issue
from timeline.notices import Status

_REGION_ONLY = re.compile(r"\(only (?:in|on|for) ([^()]+?)(?: regions?)?\)", re.I)

_ALONE = re.compile(r"(?:\(|^)([^()]{2,30}?) only(?:\)|\.?$)|^only (?:in|on|for) (?:the )?([^()]{2,30}?)\.?$", re.I)


def is_unworded(cells: Mapping[Role, list[Cell]], status: Status | None, ends: StatedDate | None) -> bool:
    """Whether a word of status that is not understood is all that a row says of a model's state."""
    words = [cell.text for cell in cells.get("status", []) if cell.text]
    return status is None and ends is None and any(not is_none(word) and not is_stage(word) for word in words)


def is_worn(cell: Cell) -> bool:
    """Whether a cell is a word for legacy, deprecated or retired, perhaps with a day."""
    return status_word(find(cell.text).rest(cell.text)) in WORN


def names_of(cells: Mapping[Role, list[Cell]]) -> tuple[str, ...]:
    """The subjects of a row: by the column of ids, else by the column of models with their versions."""
    by_id = [name for cell in cells.get("id", []) for name in names_in(cell) if _is_name(name)]
    if by_id:
        return tuple(dict.fromkeys(by_id))
    names = [name for cell in cells.get("model", [])[:1] for name in names_in(cell) if _is_name(name)]
    version = next((clean_name(cell.text) for cell in cells.get("version", [])), "")
    return tuple(versioned(name, version) for name in names)


def _is_name(name: str) -> bool:
    """Not a date or a status: a cell was lost there, and its neighbour took its place."""
    return not is_date(name) and not status_word(name)


def is_date(name: str) -> bool:
    """A date is no model: the row is not laid out as its header says."""
    found = find(name)
    return bool(found.dates) and not found.rest(name)


def replacements_of(cells: Mapping[Role, list[Cell]]) -> tuple[str, ...] | None:
    """Of several columns the one that gives ids, else the first that gives any."""
    offered = [(" ".join(cell.header_path), replacements_in(cell)) for cell in cells.get("replacement", [])]
    if not offered:
        return _noted(cells.get("other", []))
    by_id = next((names for header, names in offered if names and re.search(r"\bid\b", header, re.I)), None)
    return by_id or next((names for _, names in offered if names), ())


def _noted(cells: Sequence[Cell]) -> tuple[str, ...] | None:
    """What a column of notes recommends: "Use Y instead"."""
    for cell in cells:
        whole = mask(cell.text, cell, Lexicon())
        if names := instead(whole, whole.text):
            return names
    return None


def label_of(
    row: Sequence[Cell], cells: Mapping[Role, list[Cell]], roles: Mapping[int, Role], issues: list[Issue], locator: str
) -> tuple[str, Status | None]:
    """The status that a row gives in words, and those words; "" where it gives none. What is no status is an issue."""
    for cell in cells.get("status", []):
        text = re.split(r"[(（\n,;]|\s[-–—]\s", find(cell.text).rest(cell.text))[0].strip() or cell.text
        word = re.sub(r"(?:\s+(?:on|since|as of|by|in|from)|[:：])$", "", text, flags=re.I)
        if status := status_word(word):
            return word, status
        if word and not is_none(word) and not is_stage(word):
            message = f"expected a lifecycle status, found {cell.text[:80]!r}"
            issues.append(Issue(code="unknown_status", message=message, locator=locator))
    for cell in row:  # a word of status in a column made for something else: "Deprecated" under "Description"
        elsewhere = roles[cell.column - 1] in ("other", "retires", "deprecates")
        if elsewhere and (status := status_word(cell.text)) and status != "active":
            return cell.text, status
    return "", None


def region_of(row: Iterable[Cell]) -> dict[str, str]:
    """The one region that a row says it is about: "(only in us-east-1)"."""
    found = {match[1].strip() for cell in row for match in _REGION_ONLY.finditer(cell.text)}
    if len(found) == 1:
        return {"region": found.pop()}
    told = (cell for cell in row if role_of(" ".join(cell.header_path)) != "replacement")
    pieces = (match[1] or match[2] for cell in told for match in _ALONE.finditer(cell.text))
    alone = [scope for piece in pieces if (scope := scope_alone(piece))]
    return alone[0] if len(alone) == 1 else {}
