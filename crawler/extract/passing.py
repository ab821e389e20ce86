"""Text of a lifecycle page that speaks of an end and gave no statement: kept in view, with the reason."""

from collections.abc import Iterator

from crawler.extract.blocks import Block, Code, Paragraph
from crawler.extract.document import Ignored
from crawler.extract.prose import Prose
from crawler.extract.statuses import is_deprecation, is_end

_COLONS = (":", "：")
_LONGEST = 100  # characters of what is quoted
_RECENT = 20  # statements that "use Y instead" may still be about


def passed_over(block: Block, prose: Prose) -> Iterator[Ignored]:
    """Lets `prose` hear a block; gives its text where that speaks of an end and prose made nothing of it."""
    before = _heard(prose)
    prose.add(block)
    if not isinstance(block, Paragraph | Code) or before != _heard(prose) or block.text.rstrip(" *").endswith(_COLONS):
        return  # what ends in a colon is about the list below it
    if is_end(block.text) or is_deprecation(block.text):
        why = "code" if isinstance(block, Code) else "speaks of an end, but of no model that is named there"
        yield Ignored(what=" ".join(block.text.split())[:_LONGEST], why=why, locator=block.locator)


def _heard(prose: Prose) -> tuple[object, ...]:
    return len(prose.said.statements), len(prose.general), prose.said.statements[-_RECENT:]
