"""The general reader of lifecycle pages: tables, dated headings, sections, lists, sentences, in the provider's words.

Options of a source: `listed = "active"`: what its tables of models list without a word is active (a page that lists
exactly what can be used). `scope = { platform = "..." }`: where everything on the page holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.extract import records, schedules
from crawler.extract.blocks import Block, Component, Table
from crawler.extract.claim_subjects import Claim
from crawler.extract.document import Document, Ignored, Reading
from crawler.extract.grids import UnreadableError
from crawler.extract.outlines import Outline
from crawler.extract.passing import passed_over
from crawler.extract.pills import below_titles
from crawler.extract.prose import Prose
from crawler.extract.said import Said
from crawler.extract.sniffing import decode, read_blocks, sniff
from crawler.extract.statements import SENTENCE, TABLE, Place, Statement, notices
from crawler.extract.turned import upright
from timeline.gaps import Cover
from timeline.issues import Issue

VERSION = "22"
MAX_ROWS = 10_000
MAX_BLOCKS = 30_000
MAX_GENERAL = 500  # claims about "these models": each is held against every row


def read(document: Document) -> Reading:
    """Every lifecycle statement of a page, one notice a subject. Never raises for what a page can contain."""
    try:
        blocks = _blocks(document)
    except UnreadableError as error:
        return Reading(issues=(Issue(code="unreadable_page", message=str(error), fatal=True),))
    return read_page(blocks, document)


def _blocks(document: Document) -> Sequence[Block]:
    if sniff(document.body, document.content_type) == "json":
        return records.tables_in(decode(document.body, document.content_type))
    blocks = read_blocks(document.body, document.content_type)
    unrendered = any(isinstance(block, Component) for block in blocks)
    data = records.tables_in_markup(decode(document.body, document.content_type)) if unrendered else []
    return [*blocks, *data]


def read_page(blocks: Sequence[Block], document: Document) -> Reading:
    """The notices of a page that is already blocks."""
    rows = sum(len(block.grid.body) for block in blocks if isinstance(block, Table))
    if rows > MAX_ROWS or len(blocks) > MAX_BLOCKS:
        message = f"{rows} rows and {len(blocks)} blocks; a lifecycle page has at most {MAX_ROWS} and {MAX_BLOCKS}"
        return Reading(issues=(Issue(code="too_many_facts", message=message, fatal=True),))
    blocks = below_titles(blocks)
    outline = Outline(blocks, document.at)
    said = Said(outline=outline, provider=document.provider)
    prose = Prose(outline=outline, said=said)
    statements: list[Statement] = []
    issues: list[Issue] = []
    ignored: list[Ignored] = []
    for block in blocks:
        ignored += passed_over(block, prose)
        if isinstance(block, Table):
            around = outline.around(block)
            table = upright(block, outline.profiles.subject(block))
            found_rows = schedules.read(table, around, listed=document.options.get("listed") == "active")
            if not found_rows.found:
                prose.cells(block)
            statements += found_rows.statements
            issues += found_rows.issues
            ignored += found_rows.ignored
    general = prose.general[:MAX_GENERAL]
    statements = [_completed(statement, general) for statement in (*statements, *said.statements)]
    found = notices(_announced(_meaningful(statements)), document.provider, document.at)
    scope = document.options.get("scope") or {}
    facts, doubtful = (
        tuple(replace(notice, scope={**scope, **notice.scope}) for notice in each)
        for each in (found.sure, found.doubtful)
    )
    covers = {notice.key: Cover(contradicted=True) for notice in doubtful}
    return Reading(facts=facts, issues=(*issues, *said.issues, *found.issues), ignored=tuple(ignored), covered=covers)


def _completed(statement: Statement, general: Iterable[tuple[Place, Claim]]) -> Statement:
    """With what the text around it says of "these models"."""
    if statement.rank >= SENTENCE:
        return statement
    for place, claim in general:
        if place == statement.place and claim.announced and statement.announced is None:
            statement = replace(statement, announced=claim.announced.value)
        if claim.retires and _covers(place, statement.place) and statement.retires is None:
            ends = claim.retires
            begins = statement.deprecates if statement.deprecates and statement.deprecates.value != ends.value else None
            statement = replace(statement, retires=ends, deprecates=begins)
        if claim.retires and claim.status == "retired" and place == statement.place and statement.status is None:
            statement = replace(statement, status="retired", label=claim.label)
    return statement


def _covers(outer: Place, inner: Place) -> bool:
    """Whether text in one place is about what stands in another: the same section or one inside it."""
    (headings, labels), (below, around) = outer, inner
    return bool(headings or labels) and labels == around and below[: len(headings)] == headings


def _meaningful(statements: Sequence[Statement]) -> list[Statement]:
    """Without subjects of which only the alternative is said, and without families whose ids are listed there."""
    said = {each.key for each in statements if _says_something(each)}
    listed = {each.place for each in statements if each.rank < SENTENCE}
    said_only = (each for each in statements if each.rank == SENTENCE and each.kind != "fine_tuning")
    broad = {each.key for each in said_only if each.broad and each.place in listed}
    own = {each.key for each in statements if each.rank < SENTENCE}
    return [each for each in statements if each.key in said and (each.key not in broad or each.key in own)]


def _says_something(statement: Statement) -> bool:
    dated = statement.retires or statement.deprecates or statement.legacy
    listed = statement.rank <= TABLE and statement.kind != "fine_tuning"
    return listed or bool(statement.status or statement.section or dated or statement.doubtful or statement.refuted)


def _announced(statements: Sequence[Statement]) -> list[Statement]:
    """With the day of the entry as that of the announcement, unless this page heads entries with the day of the end."""
    ends: dict[str, bool] = {}
    for each in statements:
        if each.entry:
            ends[each.entry] = ends.get(each.entry, False) or _ends_on(each, each.entry)
    if sum(ends.values()) * 2 > len(ends):
        return list(statements)
    return [replace(each, announced=each.entry) if each.entry and not ends[each.entry] else each for each in statements]


def _ends_on(statement: Statement, day: str) -> bool:
    return statement.retires is not None and statement.retires.value == day
