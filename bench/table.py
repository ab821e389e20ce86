"""The table of figures in docs/operations.md: written here, never by hand."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.measures import Result, rounded

FILE = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
BEGIN, END = "<!-- figures: written by `make bench ARGS=--write` -->", "<!-- end of figures -->"
ROW = re.compile(r"^\| `([a-z0-9_.]+)` \|", re.M)


def write(results: Sequence[Result]) -> None:
    """Put these figures into the table; rows of benchmarks that did not run stay."""
    before, rest = FILE.read_text(encoding="utf-8").split(BEGIN)
    old, after = rest.split(END)
    rows = {match[1]: line for line in old.splitlines() if (match := ROW.match(line))}
    rows |= {result.name: _row(result) for result in results}
    head = ["| budget | measured | floor | ratio | allowed | met | on |", "| --- | --- | --- | --- | --- | --- | --- |"]
    FILE.write_text("\n".join([before + BEGIN, *head, *rows.values(), END]) + after, encoding="utf-8")


def _row(result: Result) -> str:
    floor = "" if result.floor is None else f"{rounded(result.floor)} {result.unit}"
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    met = "yes" if result.met else "**no**"
    value = f"{rounded(result.value)} {result.unit}"
    return f"| `{result.name}` | {value} | {floor} | {ratio} | {result.budget} | {met} | {_machine()} |"


def _machine() -> str:
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}"
