"""Lists of plain figures on pages that say in which currency they are: "input: 1.00" under "per 1M tokens, in USD"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.blocks import Block, Heading, ListItem, Paragraph
from crawler.extract.labels import read_label
from crawler.extract.standing import stated_units
from crawler.extract.units import fold

_PAIR = re.compile(
    r"(?P<name>[^:：]{2,60})[:：]\s*(?P<one>\d+(?:\.\d+)?)\s*/\s*(?P<other>\d+(?:\.\d+)?)(?=\s*(?:\(|$))"
)
_LABELLED = re.compile(r"(?P<label>[^\d:：]{2,40})[:：]\s*(?P<number>\d{1,6}(?:\.\d{1,8})?)")


def with_currencies(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, the currency behind such figures, where a sentence above states it with the unit."""
    currency, sides, scope = "", (), ()  # type: str, tuple[str, ...], tuple[str, ...]
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and (*block.headings, block.text)[: len(scope)] != scope:
            currency, sides, scope = "", (), ()
        elif isinstance(block, ListItem) and currency:
            done.append(_sided(block, currency, sides) or _priced(block, currency))
            continue
        elif isinstance(block, Paragraph) and (stated := stated_units(block.text)) and len(stated.currencies) == 1:
            currency, sides, scope = stated.currencies[0], stated.sides, block.headings
        done.append(block)
    return done


def _sided(item: ListItem, currency: str, sides: Sequence[str]) -> ListItem | None:
    """ "`opal-4`: 0.60 / 0.80" under "(USD per 1M tokens, input/output)"."""
    found = _PAIR.match(item.text.strip())
    if found is None or len(sides) != 2 or found["name"].strip() not in (*item.inline.code, *item.inline.strong):
        return None
    amounts = " / ".join(f"{found[at]} {currency} {side}" for at, side in zip(("one", "other"), sides, strict=True))
    return replace(item, inline=replace(item.inline, text=f"{found['name']}: {amounts}"))


def _priced(item: ListItem, currency: str) -> ListItem:
    found = _LABELLED.fullmatch(item.text.strip())
    label = read_label(fold(found["label"])) if found else None
    if found is None or label is None or label.rest or not (label.meters or label.modalities):
        return item
    return replace(item, inline=replace(item.inline, text=f"{found['label']}: {found['number']} {currency}"))
