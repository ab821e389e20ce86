"""Which column of lifecycles names its subjects, where headers leave that open; blanks that say "as above"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crawler.extract.blocks import Table
from crawler.extract.dates import find
from crawler.extract.grids import Cell
from crawler.extract.schedule_cells import is_date
from crawler.extract.statuses import Role, is_end, role_of, status_word
from crawler.extract.subjects import clean_name, is_id, is_none

DATED: tuple[Role, ...] = ("announced", "legacy", "deprecates", "retires")
REGION = re.compile(r"(?:\w+ )?(?:regions?|locations?)|(?:地域|区域|リージョン|리전)", re.I)  # as a header


def column_of_names(table: Table, roles: Mapping[int, Role]) -> int | None:
    """The column that names the subjects where no header says so: one of families, else one of nothing but ids."""
    others = [column for column, role in roles.items() if role == "other"]
    families = (
        column for column in others if re.search(r"famil|series|系列", " ".join(table.grid.headers[column]), re.I)
    )
    if (family := next(families, None)) is not None:
        return family
    for column in others:
        names = [row[column].text for row in table.grid.body if row[column].text]
        if names and all(is_id(clean_name(name)) and re.search(r"[A-Za-z].*\d|/", name) for name in names):
            return column
    return None


def role_under(path: Sequence[str]) -> Role:
    """What a column holds by its headers; under "API" a header "Shutdown" says that alone."""
    role = role_of(" ".join(path))
    if len(path) > 1 and role in ("model", "id", "other") and role_of(path[-1]) in DATED:
        return role_of(path[-1])
    return role


def of_days(table: Table, column: int, role: Role) -> Role:
    """What a column that names things by its header and holds nothing but days says.

    "Fine-tuned versions" says when those end, "API catalog EOL" when something ends; "Model" over days says nothing.
    """
    header = " ".join(table.grid.headers[column])
    printed = [text for row in table.grid.body if (text := row[column].text) and not is_none(text)]
    if role not in ("model", "version", "id") or not printed or not all(map(is_date, printed)):
        return role
    if "tuned" in header.lower():
        return "training"
    ends = is_end(header.split()[-1]) and not re.search(r"\bmodels?\b", header, re.I)
    return "retires" if ends else role


def is_state_of_names(table: Table, column: int, role: Role) -> bool:
    """Whether a column that is headed with nothing but a state ("Legacy") holds the models in that state."""
    if role not in ("legacy", "deprecates", "retires") or status_word(" ".join(table.grid.headers[column])) is None:
        return False
    printed = [row[column].text for row in table.grid.body if row[column].text]
    return bool(printed) and not any(find(text).dates or find(text).refused or is_none(text) for text in printed)


def only_one(roles: dict[int, Role], role: Role, table: Table) -> None:
    """Of several columns with a role the first that says the word itself, else the first."""
    columns = [column for column, each in roles.items() if each == role]
    best = next((c for c in columns if re.search(r"\bmodel|模型", " ".join(table.grid.headers[c]), re.I)), None)
    for column in columns:
        if column != (best if best is not None else columns[0]):
            roles[column] = "other"


def as_above(body: Sequence[Sequence[Cell]], roles: Mapping[int, Role]) -> Iterator[Sequence[Cell]]:
    """The rows of a table, a first cell that was left blank with what it means.

    A blank means the cell above it where rows of one model are told apart by versions or regions, and where the column
    has one date for all: a group. Among several dates a blank may be a date that is not set.
    """
    role = roles.get(0)
    given = {row[0].text for row in body if row and row[0].text}
    dates = role in ("announced", "legacy", "deprecates", "retires") and len(given) == 1
    apart = [at for at, each in roles.items() if at and (each == "version" or is_region(body, at))]
    above: Cell | None = None
    for row in body:
        blank = bool(row) and not row[0].text and not row[0].missing and not row[0].struck
        told = dates and any(roles[cell.column - 1] in ("model", "id") and cell.text for cell in row[1:])
        told = told or (role == "model" and any(row[at].text for at in apart if at < len(row)))
        if blank and told and above:
            yield [replace(above, row=row[0].row, copied=True), *row[1:]]
            continue
        above = row[0] if row and row[0].text else above
        yield row


def is_region(body: Sequence[Sequence[Cell]], column: int) -> bool:
    """Whether a column says where what its rows tell holds."""
    header = " ".join(body[0][column].header_path) if body and column < len(body[0]) else ""
    return bool(REGION.fullmatch(header.strip()))
