"""The outline of a price page: its form, which of its titles stand over prices, and what else is said under them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Component, Heading, ListItem, Paragraph, Table
from crawler.extract.document import Document, Outline
from crawler.extract.sniffing import sniff
from crawler.extract.standing import is_tab_label, may_be_title, states_units

_TITLE, _UNITS, _TAB = 7, 8, 9  # ranks below the six of headings
_LONGEST = 80
_MOST = 300  # titles that are remembered
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30fa]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_SHARE = 0.05  # of a page's letters in another script makes it a page in that language
_SAMPLE = 100_000


def outline_of(document: Document, blocks: Sequence[Block]) -> Outline:
    """The outline of a page.

    The form is another one where the address is, or the language's script, or HTML instead of Markdown, or where a
    converter has put every cell of a table on a line of its own.
    """
    address = re.sub(r"^[a-z]+://|[?#].*$", "", document.url.casefold()).rstrip("/")
    flat = any(block.locator.startswith("flattened") for block in blocks)
    script = _script(" ".join(_words(blocks))[:_SAMPLE])
    parts = [sniff(document.body, document.content_type), script, address, *(["flattened"] if flat else [])]
    return _Walk().outline(blocks, " ".join(parts))


@dataclass(kw_only=True, slots=True)
class _Open:
    rank: int
    name: str
    full: bool = False


@dataclass(kw_only=True, slots=True)
class _Walk:
    """One pass over the blocks, with the titles that are open at the moment."""

    stack: list[_Open] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    said: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    over: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def outline(self, blocks: Sequence[Block], form: str) -> Outline:
        for block in blocks:
            self._take(block)
        self._close(0)
        said = {name: frozenset(texts) for name, texts in self.said.items()}
        return Outline(form=form, held=_most(self.held), empty=_most(self.empty), said=said, over=self.over)

    def _take(self, block: Block) -> None:
        rank = _rank(block)
        if rank is not None and isinstance(block, Heading | Paragraph):
            self._close(rank)
            self.stack.append(_Open(rank=rank, name=_name(block.text)))
        elif isinstance(block, Paragraph):
            for title in self.stack:
                self.said[title.name].add(_name(block.text))
        if block.locator:
            self.over[block.locator] = tuple(title.name for title in reversed(self.stack))
        if _has_prices(block):
            for title in self.stack:
                title.full = True

    def _close(self, rank: int) -> None:
        while self.stack and self.stack[-1].rank >= rank:
            title = self.stack.pop()
            (self.held if title.full else self.empty)[title.name] += 1


def _rank(block: Block) -> int | None:
    """1 to 6 for headings; lower for lines that stand over tables as a title, as their units, as a tab; else None."""
    if isinstance(block, Heading):
        return block.level
    if not isinstance(block, Paragraph) or isinstance(block, ListItem | Callout) or len(block.text) > _LONGEST:
        return None
    if is_tab_label(block):
        return _TAB
    if states_units(block.text):
        return _UNITS
    return _TITLE if may_be_title(block.text) else None


def _has_prices(block: Block) -> bool:
    if isinstance(block, Table):
        return any(re.search(r"\d", cell.text) for row in block.grid.rows[1:] for cell in row[1:])
    if isinstance(block, Component):
        return bool(block.props.get("rows"))
    return isinstance(block, Heading | Paragraph) and has_money(block.text)


def _most(counts: Counter[str]) -> Mapping[str, int]:
    return dict(counts.most_common(_MOST))


def _name(text: str) -> str:
    return " ".join(text.casefold().split())[:_LONGEST]


def _words(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (cell.text for row in block.grid.rows[:3] for cell in row)


def _script(text: str) -> str:
    letters = len(re.findall(r"[^\W\d_]", text))
    return next((name for name, pattern in _SCRIPTS if len(pattern.findall(text)) > _SHARE * letters), "latin")
