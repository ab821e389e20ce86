"""Tables drawn with characters, as reStructuredText and Pandoc print them, as Markdown tables with pipes.

Grid tables have borders such as `+----+----+`; simple ones have columns under `====  ====` or `----  ----`.
"""

import re
from collections.abc import Sequence

_BORDER = re.compile(r"^[ \t]*\+(?:[-=:]+\+)+[ \t]*$")
_RULE = re.compile(r"^[ \t]*(?:={3,}|-{3,})(?:[ \t]+(?:={3,}|-{3,}))+[ \t]*$")
_LONGEST = 2_000  # lines of a table


def with_pipes(text: str) -> str:
    """The text with such tables as Markdown's; the number of lines stays the same."""
    if not any(drawn in text for drawn in ("+-", "===", "---")):
        return text
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        if _BORDER.match(lines[index]):
            index = _grid(lines, index)
        elif _RULE.match(lines[index]) and "|" not in lines[index]:
            index = _simple(lines, index)
        else:
            index += 1
    return "\n".join(lines)


def _grid(lines: list[str], start: int) -> int:
    """Rows stand between borders; lines of one row are lines of its cells. Returns the first line after the table."""
    end = start
    while end < min(len(lines), start + _LONGEST) and lines[end].strip()[:1] in ("+", "|"):
        end += 1
    rows: list[list[list[str]]] = [[]]
    for line in lines[start + 1 : end]:
        if line.strip().startswith("+"):
            rows.append([])
        else:
            rows[-1].append([cell.strip() for cell in line.strip().strip("|").split("|")])
    _print(lines, start, end, [row for row in rows if row])
    return end


def _simple(lines: list[str], start: int) -> int:
    """Columns begin where the rule's pieces do; in a table under `----` the header is the line above it."""
    spans = [(piece.start(), piece.end()) for piece in re.finditer(r"\S+", lines[start])]
    ruled = "=" in lines[start]
    first = start + 1 if ruled else start - 1
    end = start + 1
    rules = 0
    while end < min(len(lines), start + _LONGEST) and (lines[end].strip() or (ruled and rules < 1)):
        rules += bool(_RULE.match(lines[end]))
        end += 1
        if rules == (2 if ruled else 1):
            break
    body = [line for line in lines[max(first, 0) : end] if line.strip() and not _RULE.match(line)]
    cells = [_cut(line, spans) for line in body]
    if first < 0 or len(cells) < 2 or (not ruled and not all(_is_cut(line, spans) for line in body)):
        return start + 1
    _print(lines, max(first, 0), end, [[row] for row in cells])
    return end


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    starts = [start for start, _ in spans]
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _is_cut(line: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a line has a gap before each column."""
    return all(not line[start - 1 : start].strip() for start, _ in spans[1:] if start)


def _print(lines: list[str], start: int, end: int, rows: Sequence[Sequence[Sequence[str]]]) -> None:
    width = max((len(line) for row in rows for line in row), default=0)
    printed = []
    for row in rows:
        padded = [[*line, *[""] * (width - len(line))] for line in row]
        cells = ["<br>".join(filter(None, column)) for column in zip(*padded, strict=True)]
        printed.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    if len(printed) < 2 or len(printed) + 1 > end - start + 1:
        return
    made = [printed[0], f"|{' --- |' * width}", *printed[1:]]
    lines[start:end] = [*made, *[""] * (end - start - len(made))]
