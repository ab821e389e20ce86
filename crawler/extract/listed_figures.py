"""Lists of plain figures on pages that say in which currency they are: "input: 1.00" under "per 1M tokens, in USD"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.blocks import Block, Heading, ListItem, Paragraph
from crawler.extract.labels import read_label
from crawler.extract.standing import stated_units
from crawler.extract.units import fold

_LABELLED = re.compile(r"(?P<label>[^\d:：]{2,40})[:：]\s*(?P<number>\d{1,6}(?:\.\d{1,8})?)")


def with_currencies(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, the currency behind such figures, where a sentence above states it with the unit."""
    currency, scope = "", ()  # type: str, tuple[str, ...]
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and (*block.headings, block.text)[: len(scope)] != scope:
            currency, scope = "", ()
        elif isinstance(block, ListItem) and currency:
            done.append(_priced(block, currency))
            continue
        elif isinstance(block, Paragraph) and (stated := stated_units(block.text)) and len(stated.currencies) == 1:
            currency, scope = stated.currencies[0], block.headings
        done.append(block)
    return done


def _priced(item: ListItem, currency: str) -> ListItem:
    found = _LABELLED.fullmatch(item.text.strip())
    label = read_label(fold(found["label"])) if found else None
    if found is None or label is None or label.rest or not (label.meters or label.modalities):
        return item
    return replace(item, inline=replace(item.inline, text=f"{found['label']}: {found['number']} {currency}"))
