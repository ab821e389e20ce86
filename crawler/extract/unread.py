"""Amounts outside tables that a page labels as prices of tokens, and of which nothing was made: not left unsaid."""

from collections.abc import Iterator, Sequence

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Heading, Paragraph, Table
from crawler.extract.comparisons import is_comparison
from crawler.extract.labels import read_label
from crawler.extract.money import read_quotes
from crawler.extract.outcomes import Outcome
from crawler.extract.sentences import is_aside
from timeline.issues import Issue

_LONGEST = 70  # characters of a line of a card
_SEVERAL = 2  # such lines; a single one may be anything


def unread_lines(blocks: Sequence[Block], outcome: Outcome) -> tuple[Issue, ...]:
    """One issue for each section with several such lines."""
    taken = {fact.locator for fact in outcome.facts} | {issue.locator for issue in outcome.issues}
    known = {fact.amount for fact in outcome.facts}
    found: dict[tuple[str, ...], list[Paragraph]] = {}
    for block in _labelled(blocks):
        title = block.headings[-1] if block.headings else ""
        repeated = all(quote.amount in known for quote in read_quotes(block.text))
        if block.locator not in taken and not repeated and not is_comparison(title) and not is_aside(title):
            found.setdefault(block.headings[-1:], []).append(block)
    sections = [lines for lines in found.values() if len(lines) >= _SEVERAL]
    return tuple(_issue(lines) for lines in sections)


def _labelled(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """Short lines that price input or output, by their own words or by those of the line above."""
    label = False
    for block in blocks:
        if isinstance(block, Heading | Table | Callout) or not isinstance(block, Paragraph):
            label = False
            continue
        if len(block.text) > _LONGEST:
            label = False
        elif has_money(block.text):
            heads = " ".join(quote.head for quote in read_quotes(block.text))
            own = read_label(heads)
            if (own.sides and not own.rest) or (label and not heads):
                yield block
        else:
            above = read_label(block.text)
            label = bool(above.sides) and not above.rest


def _issue(lines: Sequence[Paragraph]) -> Issue:
    message = f"{len(lines)} lines like {lines[0].text[:60]!r} price tokens, and nothing says whose or for how many"
    return Issue(code="unread_prices", message=message, locator=lines[0].locator)
