"""Rows and columns that tell of one model in several regions: each holds where it says, none of them everywhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crawler.extract.blocks import Table
from crawler.extract.grids import Cell
from crawler.extract.places import region_of_header
from crawler.extract.schedule_columns import REGION
from crawler.extract.statements import Statement
from crawler.extract.statuses import Role
from crawler.extract.subjects import is_none

_WAYS = re.compile(r"serverless|dedicated|on[- ]demand|provisioned(?: throughput)?|pay[- ]as[- ]you[- ]go|batch", re.I)
_EVERYWHERE = re.compile(r"(?:all|any|every|global|worldwide)\b.*|全部.*|所有.*|全球.*", re.I)


def parts(row: Sequence[Cell], roles: Mapping[int, Role]) -> Iterator[tuple[dict[str, str], Sequence[Cell]]]:
    """A row, or a row for each region or way to run that has columns of its own for the end, and where that holds."""
    owned = [_owner(cell, roles[cell.column - 1]) for cell in row]
    ends = [owner for cell, owner in zip(row, owned, strict=True) if roles[cell.column - 1] == "retires"]
    owners = list(dict.fromkeys(owner for owner in ends if owner))
    if len(owners) < 2 and (None in ends or not owners):
        region = where(row)
        yield ({"region": region} if region else {}), row
        return
    for owner in owners:
        yield dict([owner]), [cell for cell, other in zip(row, owned, strict=True) if other in (None, owner)]


def is_of_one(table: Table, roles: Mapping[int, Role]) -> bool:
    """Whether the only column of ends of a table is that of a region: "Retirement date (EU)"."""
    ends = [table.grid.headers[column] for column, role in roles.items() if role == "retires"]
    return len(ends) == 1 and any(map(region_of_header, ends[0]))


def _owner(cell: Cell, role: Role) -> tuple[str, str] | None:
    if role not in ("retires", "deprecates", "legacy", "announced"):
        return None
    path = cell.header_path
    if region := next(filter(None, map(region_of_header, path)), ""):
        return "region", region
    way = _WAYS.fullmatch(path[0].strip()) if len(path) > 1 else None
    return ("deployment", way[0].casefold()) if way else None


def where(row: Sequence[Cell]) -> str:
    """The region that a row is about by its column for that; "" where that is everywhere or not said."""
    for cell in row:
        if REGION.fullmatch(" ".join(cell.header_path).strip()):
            text = " ".join(cell.text.split())
            return "" if is_none(text) or _EVERYWHERE.fullmatch(text) else text
    return ""


def apart(statements: Sequence[Statement], places: Sequence[Mapping[str, str]], *, alone: bool) -> list[Statement]:
    """The statements with where they hold, where rows of one model differ in what they say of its end.

    A row alone with a list of regions says where a model is sold, not where it ends. `alone`: the one column of ends
    is that of a region.
    """
    told: dict[str, dict[tuple[tuple[str, str], ...], set[tuple[object, ...]]]] = {}
    for each, place in zip(statements, places, strict=True):
        said = (each.status, each.retires.value if each.retires else None)
        told.setdefault(each.key, {}).setdefault(tuple(place.items()), set()).add(said)
    done: list[Statement] = []
    for each, place in zip(statements, places, strict=True):
        by_place = told[each.key]
        differ = alone or (len(by_place) > 1 and len(set().union(*by_place.values())) > 1)
        done.append(replace(each, scope={**each.scope, **place}) if differ else each)
    return done
