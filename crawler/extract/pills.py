"""Cards whose state stands above their title: a pill "EOL: D", then the model's name. Put below, as others have it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.blocks import Block, Heading, Paragraph
from crawler.extract.dates import find
from crawler.extract.statuses import role_of, status_word

_LONGEST = 60  # characters of a pill
_KEYED = re.compile(r"\W*([^:：.\d\n]{3,30})\s*[:：]\s*\S")
_NAME = re.compile(r"(?!v?\d+(?:\.\d+)*\W*$)\S*\w\S*(?: [\w.()-]+){0,5}")


def below_titles(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks of a page; where every title of one level follows a pill, with each pill below its title.

    A page that puts pills below has none above its first title: there nothing is moved.
    """
    pairs = [at for at in range(1, len(blocks)) if _is_pill(blocks[at - 1]) and _is_card(blocks[at])]
    if len(pairs) < 2:
        return blocks
    levels = {block.level for at in pairs if isinstance(block := blocks[at], Heading)}
    others = [block for block in blocks if isinstance(block, Heading) and block.level in levels]
    if len(levels) != 1 or len(others) != len(pairs):
        return blocks
    done = list(blocks)
    for at in pairs:
        pill, title = done[at - 1], done[at]
        if isinstance(title, Heading):
            done[at - 1], done[at] = title, replace(pill, headings=(*title.headings, title.text))
    return done


def _is_pill(block: Block) -> bool:
    if type(block) is not Paragraph or len(block.text) > _LONGEST:
        return False
    keyed = _KEYED.match(block.text)
    dated = keyed and role_of(keyed[1]) in ("retires", "deprecates", "status") and find(block.text).dates
    return bool(dated or status_word(block.text))


def _is_card(block: Block) -> bool:
    named = isinstance(block, Heading) and re.search(r"\d", block.text) and _NAME.fullmatch(block.text)
    return bool(named) and not status_word(block.text) if isinstance(block, Heading) else False
