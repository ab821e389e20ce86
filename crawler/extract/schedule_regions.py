"""Rows that tell of one model in several regions: each holds where it says, none of them everywhere."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.grids import Cell
from crawler.extract.schedule_columns import REGION
from crawler.extract.statements import Statement
from crawler.extract.subjects import is_none

_EVERYWHERE = re.compile(r"(?:all|any|every|global|worldwide)\b.*|全部.*|所有.*|全球.*", re.I)


def where(row: Sequence[Cell]) -> str:
    """The region that a row is about by its column for that; "" where that is everywhere or not said."""
    for cell in row:
        if REGION.fullmatch(" ".join(cell.header_path).strip()):
            text = " ".join(cell.text.split())
            return "" if is_none(text) or _EVERYWHERE.fullmatch(text) else text
    return ""


def apart(statements: Sequence[Statement], regions: Sequence[str]) -> list[Statement]:
    """The statements with their regions where rows of one model differ in what they say of its end.

    A row alone with a list of regions says where a model is sold, not where it ends.
    """
    told: dict[str, dict[str, set[tuple[object, ...]]]] = {}
    for each, region in zip(statements, regions, strict=True):
        said = (each.status, each.retires.value if each.retires else None)
        told.setdefault(each.key, {}).setdefault(region, set()).add(said)
    done: list[Statement] = []
    for each, region in zip(statements, regions, strict=True):
        places = told[each.key]
        differ = len(places) > 1 and len(set().union(*places.values())) > 1
        done.append(replace(each, scope={**each.scope, "region": region}) if differ and region else each)
    return done
