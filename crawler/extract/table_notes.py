"""Sentences in cells of tables that are no tables of lifecycles: whose row they stand in, and what they say of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.extract import claims, grammar
from crawler.extract.blocks import Paragraph, Table
from crawler.extract.claim_subjects import Claim
from crawler.extract.dates import find
from crawler.extract.grids import Cell
from crawler.extract.mentions import NAME, Masked, sentences
from crawler.extract.outlines import Outline
from crawler.extract.schedules import Surroundings
from crawler.extract.statuses import role_of
from crawler.extract.subjects import is_id, names_in

MIN_SENTENCE = 10  # characters
_TO_BE = re.compile(
    r"(?:will|to|is|has|being|scheduled|planned|due|set)\b[^.;\x01]{0,40}?(?=retir|remov"
    r"|deprecat|shut|sunset|discontin)",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One cell. `said` is what it says of the one model of its row; else `running` are its sentences with names."""

    block: Paragraph
    around: Surroundings
    running: Sequence[Masked] = ()
    said: Sequence[tuple[Claim, Masked]] = ()


def read(table: Table, outline: Outline) -> Iterator[Note]:
    """The cells of a table that speak in sentences, row by row; the one day in a row is that of its entry."""
    around = outline.around(table)
    columns = [n for n, path in enumerate(table.grid.headers) if role_of(" ".join(path)) in ("model", "id")]
    for row in table.grid.body:
        told = [cell for cell in row if len(cell.text) > MIN_SENTENCE and grammar.VERBS.search(cell.text)]
        days = [found[0] for cell in row if cell not in told and (found := find(cell.text, order=around.order).dates)]
        here = replace(around, entry=days[0].value if len(days) == 1 else around.entry)
        names = [name for column in columns[-1:] for name in names_in(row[column])]
        for cell in told:
            block = _block(table, cell)
            running = list(sentences(block.inline, outline.lexicon(here)))
            name = names[0] if len(names) == 1 and is_id(names[0]) else None
            said = _of_row(name, running, outline) if name else []
            named = [] if said else [each for each in running if re.search(NAME, each.text)]
            yield Note(block=block, around=here, running=named, said=said)


def _of_row(name: str, running: Sequence[Masked], outline: Outline) -> list[tuple[Claim, Masked]]:
    """What begins with what happens to the model of the row: "Deprecated, will be removed on D"."""
    found = []
    for sentence in running:
        text = re.sub(r"^[^\w\x01\x03]+", "", sentence.text)
        if grammar.VERBS.match(text) or _TO_BE.match(text):
            told = claims.read(replace(sentence, text=f"it {text}"), deprecation_ends=outline.deprecation_ends)
            found += [(replace(each, names=(name,)), sentence) for each in told if _is_of_it(each)]
    return found


def _is_of_it(claim: Claim) -> bool:
    return claim.status is not None and not claim.names and not claim.unclear


def _block(table: Table, cell: Cell) -> Paragraph:
    row = cell.row - table.grid.header_rows
    return Paragraph(
        headings=table.headings, labels=table.labels, line=table.line, inline=cell, locator=f"{table.locator} row {row}"
    )
