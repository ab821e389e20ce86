"""The general price reader: every table, card and price sentence of a page, whoever its provider is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.extract.amounts import has_money
from crawler.extract.attributions import ReadTable, attributed, told_apart
from crawler.extract.blocks import Block, Component, Heading, Paragraph, Table
from crawler.extract.captions_below import captioned
from crawler.extract.cards import read_cards
from crawler.extract.comparisons import without_competitors
from crawler.extract.components import stated_in_props, tables_of
from crawler.extract.decimal_commas import pointed
from crawler.extract.declarations import (
    abbreviations_of,
    declared_currency,
    declared_pair,
    declared_unit,
    noted,
    units_below,
    units_noted,
    yen_of,
)
from crawler.extract.document import Document, Reading
from crawler.extract.embedded import lists_in_json, lists_in_scripts
from crawler.extract.flattened import unflatten
from crawler.extract.grids import Grid, UnreadableError
from crawler.extract.jsx import Lifted
from crawler.extract.leftovers import left_out
from crawler.extract.listed_figures import with_currencies
from crawler.extract.model_headings import model_headings
from crawler.extract.namings import Frame
from crawler.extract.outcomes import Outcome, together
from crawler.extract.panels import panel_conditions
from crawler.extract.price_facts import Setting
from crawler.extract.price_tables import read_table
from crawler.extract.priced_props import gathered
from crawler.extract.promotions import dated
from crawler.extract.sections import outline_of
from crawler.extract.sentences import read_sentences
from crawler.extract.sniffing import decode, read_blocks, sniff
from crawler.extract.split_amounts import rejoined
from crawler.extract.standing import Standing
from crawler.extract.unread import unread_lines
from timeline.issues import Issue

VERSION = "28"


def read(document: Document) -> Reading:
    """Read any price page. What it cannot understand becomes issues; it raises for nothing a page can contain."""
    try:
        blocks = blocks_of(document)
    except UnreadableError as error:
        return Reading(issues=(Issue(code="unreadable", message=str(error), fatal=True),))
    setting = setting_of(document, blocks)
    outcome = read_page(blocks, setting)
    outcome = replace(outcome, issues=(*outcome.issues, *unread_lines(blocks, outcome)))
    nameless = sum(issue.code == "no_subject" for issue in outcome.issues)
    facts = outcome.facts if nameless <= len(outcome.facts) else ()  # a page that lost its names is not guessed at
    ignored = (*outcome.ignored, *left_out(blocks, outcome, setting.columns))
    return Reading(facts=facts, issues=outcome.issues, ignored=ignored, outline=outline_of(document, blocks))


def blocks_of(document: Document) -> list[Block]:
    """A page's blocks; of JSON, and of a page without an amount, the lists in its data. Raises UnreadableError."""
    text = decode(document.body, document.content_type)
    form = sniff(document.body, document.content_type)
    if form == "json":
        lists = lists_in_json(text)
        if not lists:
            raise UnreadableError("expected a list of models with prices, found other JSON")
        return _components(lists)
    blocks = pointed(unflatten(rejoined(read_blocks(document.body, document.content_type))))
    blocks = gathered(captioned(with_currencies(blocks)))
    shown = any(isinstance(block, Table | Component) or has_money(getattr(block, "text", "")) for block in blocks)
    return blocks if shown or form != "html" else [*blocks, *_components(lists_in_scripts(text))]


def _components(lists: Sequence[Lifted]) -> list[Block]:
    return [
        Component(
            name=each.name, props={**each.props, "rows": each.rows, "headers": each.headers}, locator=f"list {number}"
        )
        for number, each in enumerate(lists, 1)
    ]


def read_page(blocks: Sequence[Block], setting: Setting) -> Outcome:
    """The prices of a page's blocks."""
    found = without_competitors(attributed(list(_tables(blocks, setting)), setting))
    tables = together(told_apart(found))
    cards = read_cards(blocks, setting)
    told = read_sentences(blocks, (*tables.facts, *cards.facts), setting)
    carded = {fact.locator for fact in cards.facts}
    told = replace(told, ignored=tuple(each for each in told.ignored if each.locator not in carded))
    whole = _in_one_currency(together([tables, cards, told]))
    return replace(whole, facts=dated(whole.facts, blocks, setting.at))


def _in_one_currency(outcome: Outcome) -> Outcome:
    """What is free on a page with one currency is free in that currency."""
    named = {fact.currency for fact in outcome.facts if fact.currency}
    if len(named) != 1:
        return outcome
    (currency,) = named
    return replace(outcome, facts=tuple(replace(fact, currency=currency) for fact in outcome.facts))


def setting_of(document: Document, blocks: Sequence[Block]) -> Setting:
    """What holds for the whole page: its provider, its day, and the currencies it declares."""
    options = document.options
    currency = options.get("currency")
    return Setting(
        provider=document.provider,
        at=document.at.date(),
        currency=str(currency) if currency else declared_currency(blocks),
        unit=declared_unit(blocks),
        yen=str(options["yen"]) if options.get("yen") else yen_of(blocks),
        abbreviations=abbreviations_of(blocks),
        pair=tuple(options.get("pair", ())) or declared_pair(blocks),
        columns=dict(options.get("columns", {})),
    )


def _tables(blocks: Sequence[Block], setting: Setting) -> Iterable[ReadTable]:
    standing = Standing()
    outline = model_headings(blocks)
    panels = panel_conditions(blocks)
    below, notes = units_below(blocks), units_noted(blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            standing = standing.under((*block.headings, block.text))
        elif isinstance(block, Table | Component):
            tables, issues = ([block], []) if isinstance(block, Table) else tables_of(block, setting.columns)
            if isinstance(block, Component):
                standing.take_tier(str(block.props.get("tier", "")))
            around = standing.frame(tables[0], outline) if tables else Frame()
            around = replace(around, labels=(*around.labels, *stated_in_props(block)))
            if not standing.units and index in below:
                around = replace(around, labels=(below[index], *around.labels))
            for table in tables:
                frame = replace(around, conditions=around.conditions | panels.get(table.locator, {}))
                outcome = read_table(table, frame, setting, bare=isinstance(block, Component))
                if own := notes.get(index):
                    outcome = replace(outcome, facts=tuple(noted(fact, own) for fact in outcome.facts))
                yield ReadTable(table=table, frame=frame, outcome=outcome)
            standing.look_past(tables)
            if issues:
                yield ReadTable(table=_NOWHERE, frame=Frame(), outcome=Outcome(issues=tuple(issues)))
        elif isinstance(block, Paragraph):
            standing.listen(block, blocks[index + 1 : index + 2])


_NOWHERE = Table(grid=Grid(rows=(), header_rows=0))
