"""Which column of a table of lifecycles names its subjects, where headers leave that open."""

import re
from collections.abc import Mapping

from crawler.extract.blocks import Table
from crawler.extract.statuses import Role
from crawler.extract.subjects import clean_name, is_id


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


def only_one(roles: dict[int, Role], role: Role, table: Table) -> None:
    """Of several columns with a role the first that says the word itself, else the first."""
    columns = [column for column, each in roles.items() if each == role]
    best = next((c for c in columns if re.search(r"\bmodel|模型", " ".join(table.grid.headers[c]), re.I)), None)
    for column in columns:
        if column != (best if best is not None else columns[0]):
            roles[column] = "other"
