"""What a page is made of, whether it came as HTML or as Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.extract.grids import Grid, Inline


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One piece of a page and where it stands.

    `headings` are the headings above it, outermost first (its own text not included). `labels` are the titles of the
    tabs, panels and accordions around it, outermost first. `line` is the 1-based line of the source, where known.
    """

    headings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    line: int | None = None
    locator: str = ""  # "table 3", "paragraph 12": counted per kind in document order


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading(Block):
    """A heading of level 1 (outermost) to 6."""

    level: int
    inline: Inline

    @property
    def text(self) -> str:
        """The heading's words."""
        return self.inline.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph(Block):
    """Running text, or any text that stands on its own (a label, a button, a card's line)."""

    inline: Inline

    @property
    def text(self) -> str:
        """The words; line breaks kept."""
        return self.inline.text


@dataclass(frozen=True, kw_only=True, slots=True)
class ListItem(Paragraph):
    """One entry of a list; `depth` 1 for an outermost list."""

    depth: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Callout(Paragraph):
    """A paragraph set apart (`<Note>`, `<Warning>`, an aside, a quotation); `kind` in lower case."""

    kind: str = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Code(Block):
    """Preformatted text, as written."""

    text: str
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table(Block):
    """A table. `before` is the last text that stands between the heading (or the table above) and this one."""

    grid: Grid
    before: str = ""
    after: str = ""  # the first text after it, up to the next heading or table


@dataclass(frozen=True, kw_only=True, slots=True)
class Component(Block):
    """A component that was never rendered (`<PriceTable rows={[...]} />`): its name and its plain literal props."""

    name: str
    props: Mapping[str, Any] = field(default_factory=dict)  # `rows` and `headers` among them, see crawler.extract.jsx
    before: str = ""
