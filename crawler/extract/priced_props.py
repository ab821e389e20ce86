"""Components whose props are prices (`<PriceCard model="Opal" input="$1" output="$2" />`) as rows under their names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Component
from crawler.extract.jsx import Row
from crawler.extract.labels import read_label

_NAMES = ("model", "name", "title", "id", "label")
_SIGNED = re.compile(r"[$€£¥]")
_PAST = re.compile(r"old|prev|was(?![a-z]*h)|origin|former|before|regular|list(?=[A-Z_-]|price|input|output)", re.I)
_GLUED = re.compile(r"(?:(?<=cached)|(?<=cache))(?=input|read|write)")  # attributes of HTML lost their capitals


def is_priced(props: Mapping[Any, Any]) -> bool:
    """Whether props name something and say in amounts what goes in or comes out of it."""
    told = [key for key, value in props.items() if _SIGNED.search(str(value)) and has_money(str(value))]
    return any(name in props for name in _NAMES) and any(read_label(_words(str(key))).meters for key in told)


def gathered(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, components of one kind that follow one another as the rows of one."""
    done: list[Block] = []
    run: list[Component] = []
    for block in blocks:
        alike = isinstance(block, Component) and not block.props.get("rows") and is_priced(block.props)
        if run and not (alike and isinstance(block, Component) and block.name == run[0].name):
            done.append(_together(run))
            run = []
        if alike and isinstance(block, Component):
            run.append(block)
        else:
            done.append(block)
    return [*done, *([_together(run)] if run else [])]


def _together(run: Sequence[Component]) -> Component:
    props = [{str(key): str(value) for key, value in each.props.items()} for each in run]
    keys = list(dict.fromkeys(key for each in props for key in each))
    named = next(key for key in _NAMES if key in keys)
    kept = [
        key
        for key in keys
        if key == "unit"
        or (key != named and not _PAST.match(key) and any(has_money(each.get(key, "")) for each in props))
    ]
    rows = tuple(Row(cells=tuple(each.get(key, "") for key in (named, *kept))) for each in props)
    return replace(run[0], props={"rows": rows, "headers": ("Model", *(_words(key).capitalize() for key in kept))})


def _words(key: str) -> str:
    return _GLUED.sub(" ", key.replace("-", " ").replace("_", " ").lower())
