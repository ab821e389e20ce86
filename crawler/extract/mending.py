"""Markdown tables that a converter broke: a line break inside a cell printed as a line break of the text.

Only tables in the form without outer pipes (`a| b` over `---|---`) are mended: that is how the converters that do this
print them. A line belongs to the cell above where it has no pipe, or continues a list of labelled lines.
"""

import re
from collections.abc import Sequence

from crawler.extract.amounts import has_money

_DELIMITER = re.compile(r"^\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)+$")
_OUTER = re.compile(r"^\s*\|\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)+\|\s*$")
_LABELLED = re.compile(r"^\s*[^|:]{1,32}:\s*\S")
_PIPE = re.compile(r"(?<!\\)\|")
_WORD = re.compile(r"^\s*(?:text|audio|image|video|batch|standard)\s*$", re.I)
BREAK = "<br>"


def mend_tables(text: str) -> str:
    """The text with such cells in one line; the number of lines stays the same."""
    lines = text.split("\n")
    index = 1
    while index < len(lines):
        if _OUTER.match(lines[index]) and lines[index - 1].lstrip().startswith("|"):
            index = _fit_all(lines, index + 1, lines[index].strip().count("|") - 2)
        elif _DELIMITER.match(lines[index]) and "|" in lines[index - 1]:
            lines[index - 1] = _opened(lines[index - 1], lines[index].count("|"))
            index = _mend(lines, index + 1, lines[index].count("|"))
        else:
            index += 1
    return "\n".join(lines)


def _mend(lines: list[str], start: int, pipes: int) -> int:
    """Join the rows that begin at `start`; a full row has `pipes` pipes. Returns the first line after the table."""
    row = None
    index = start
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            following = lines[index + 1] if index + 1 < len(lines) else ""
            if row is None or line == "" or not _goes_on(lines[row], following, pipes, lines, index + 1):
                break
            index += 1
            continue
        if _begins(line, lines[index + 1 : index + 2], pipes):
            lines[index : index + 2] = ["", f"{line.rstrip()}{BREAK}{lines[index + 1].strip()}"]
            index += 1
            continue
        if row is not None and _continues(lines[row], line, pipes):
            lines[row] = f"{lines[row].rstrip()}{BREAK}{line.strip()}"
            lines[index] = ""
        elif "|" not in line:
            break
        else:
            row = index
            outer = line.lstrip().startswith("|") or line.rstrip().endswith("|")
            lines[row] = _opened(line, pipes) if outer else _fitted(line, pipes)
        index += 1
    _close_gaps(lines, start, index)
    return index


def _begins(line: str, following: Sequence[str], pipes: int) -> bool:
    """Whether a line is a name whose remark is on the next line, with the rest of the row: "(latest)| 8K"."""
    remark = any(re.match(r"[\s_*]*\(", each) and each.count("|") == pipes for each in following)
    return remark and "|" not in line and bool(line.strip())


def _opened(line: str, pipes: int) -> str:
    """A row whose first cell is empty: its leading pipe is no outer one."""
    bare = line.strip()
    return f"&nbsp;{bare}" if bare.startswith("|") and not bare.endswith("|") and bare.count("|") <= pipes else line


def _fit_all(lines: list[str], start: int, pipes: int) -> int:
    """The same for the rows of a table with outer pipes. Returns the first line after it."""
    index = start
    while index < len(lines) and lines[index].lstrip().startswith("|"):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if _is_cut(lines[index], following, pipes):
            lines[index], lines[index + 1] = "", f"{lines[index].rstrip()}{BREAK}{following.strip()}"
            index += 1
            continue
        bare = lines[index].strip()
        if bare.endswith("|") and len(bare) > 1 and (fitted := _fitted(bare[1:-1], pipes)) != bare[1:-1]:
            lines[index] = f"|{fitted}|"
        index += 1
    _close_gaps(lines, start, index)
    return index


def _is_cut(line: str, following: str, pipes: int) -> bool:
    """Whether a row with outer pipes goes on in the next line: a line break inside one of its cells."""
    open_row = not line.rstrip().endswith("|") and following.strip() and not following.lstrip().startswith("|")
    return bool(open_row) and "|" in following and len(_PIPE.findall(line + following)) <= pipes + 2


def _fitted(line: str, pipes: int) -> str:
    """A row with more cells than the header, whose merged cell was printed once: its first cells are one label."""
    cells = re.split(r"(?<!\\)\|", line)
    extra = len(cells) - 1 - pipes
    if extra < 1 or any(has_money(cell) for cell in cells[: extra + 1]) or not any(map(has_money, cells[extra + 1 :])):
        return line
    return "|".join([" ".join(cell.strip() for cell in cells[: extra + 1]), *cells[extra + 1 :]])


def _continues(row: str, line: str, pipes: int) -> bool:
    added = line.count("|")
    if row.count("|") + added > pipes:
        return False
    if added == 0:
        return True
    cell = re.split(rf"\||{BREAK}", row)[-1]
    return bool(_LABELLED.match(line) and (_LABELLED.match(cell) or not cell.strip()))


def _goes_on(row: str, following: str, pipes: int, lines: list[str], at: int) -> bool:
    """Whether a row goes on after a line of spaces."""
    if _WORD.match(following) and at + 1 < len(lines):
        return bool(_LABELLED.match(lines[at + 1]))
    return bool(_LABELLED.match(following)) and _continues(row, following, pipes)


def _close_gaps(lines: list[str], start: int, end: int) -> None:
    """Rows stand together again; the emptied lines follow them."""
    rows = [line for line in lines[start:end] if line.strip()]
    lines[start:end] = rows + [""] * (end - start - len(rows))
