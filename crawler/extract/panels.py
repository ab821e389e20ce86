"""Tabs whose labels stand apart from their panels: which table of a row of like tables each label belongs to."""

import re
from collections.abc import Sequence

from crawler.extract.blocks import Block, Paragraph, Table
from crawler.extract.conditions import Conditions, read_conditions

_PLACE = re.compile(
    r"\b(?:us|eu|uk|apac|emea|global|international|mainland|asia|europe|america|africa|"
    r"middle east|north|south|east|west"
    r"|central|singapore|beijing|shanghai|hong kong|tokyo|japan|china|india|mumbai|sydney|"
    r"frankfurt|germany|london|ireland"
    r"|paris|canada|brazil|virginia|oregon|ohio|california)\b|(?:us|eu|ap|sa|ca|me|af|cn)-[a-z]+-\d"
    r"|新加坡|北京|上海|广州|深圳|杭州|成都|香港|台湾|东京|首尔|雅加达|曼谷|法兰克福|硅谷|弗吉尼亚|中国|国际|全球|海外|境外|内地|美国|欧洲|亚太|华[东北南]",
    re.I,
)
_LONGEST = 30


def panel_conditions(blocks: Sequence[Block]) -> dict[str, Conditions]:
    """By the locator of a table the condition its tab states, where as many labels stand before as many like tables."""
    found: dict[str, Conditions] = {}
    index = 0
    while index < len(blocks):
        run = _run(blocks, index)
        if len(run) > 1:
            labels = _labels(blocks, index, len(run))
            found |= {table.locator: label for table, label in zip(run, labels, strict=False)}
        index += max(1, len(run))
    return found


def place_of(text: str) -> str | None:
    """A place or cloud region that a short text names."""
    words = " ".join(text.split())
    return words if len(words) <= 60 and _PLACE.search(words) else None


def _run(blocks: Sequence[Block], start: int) -> list[Table]:
    """The tables from `start` on that follow one another and have the same header."""
    run: list[Table] = []
    for block in blocks[start:]:
        if not isinstance(block, Table) or (run and block.grid.headers != run[0].grid.headers):
            break
        run.append(block)
    return run


def _labels(blocks: Sequence[Block], start: int, count: int) -> list[Conditions]:
    before = blocks[max(0, start - count) : start]
    texts = [block.text for block in before if isinstance(block, Paragraph)]
    if len(texts) != count or len(set(texts)) != count or any(len(text) > _LONGEST for text in texts):
        return []
    labels = [_condition(text) for text in texts]
    return labels if len({tuple(label) for label in labels}) == 1 else []


def _condition(text: str) -> Conditions:
    read = read_conditions(text)
    if read.found and not read.rest:
        return read.found
    return {"region": text} if place_of(text) else {"variant": text}
