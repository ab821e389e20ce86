"""The general price reader: every table, card and price sentence of a page, whoever its provider is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.extract.amounts import currencies_in, has_money
from crawler.extract.attributions import ReadTable, attributed, told_apart
from crawler.extract.blocks import Block, Component, Heading, Paragraph, Table
from crawler.extract.cards import read_cards
from crawler.extract.components import tables_of
from crawler.extract.document import Document, Reading
from crawler.extract.embedded import lists_in_json, lists_in_scripts
from crawler.extract.flattened import unflatten
from crawler.extract.grids import Grid, UnreadableError
from crawler.extract.jsx import Lifted
from crawler.extract.leftovers import left_out
from crawler.extract.model_headings import model_headings
from crawler.extract.namings import Frame
from crawler.extract.outcomes import Outcome, together
from crawler.extract.panels import panel_conditions
from crawler.extract.price_facts import Setting
from crawler.extract.price_tables import read_table
from crawler.extract.sentences import read_sentences
from crawler.extract.sniffing import decode, read_blocks, sniff
from crawler.extract.standing import SENTENCE, Standing
from crawler.extract.units import fold
from timeline.issues import Issue

VERSION = "1"

_ENOUGH = 200_000  # characters to tell a page's language by
_SOME = 20  # letters of it


def read(document: Document) -> Reading:
    """Read any price page. What it cannot understand becomes issues; it raises for nothing a page can contain."""
    try:
        blocks = blocks_of(document)
    except UnreadableError as error:
        return Reading(issues=(Issue(code="unreadable", message=str(error), fatal=True),))
    setting = setting_of(document, blocks)
    outcome = read_page(blocks, setting)
    nameless = sum(issue.code == "no_subject" for issue in outcome.issues)
    facts = outcome.facts if nameless <= len(outcome.facts) else ()  # a page that lost its names is not guessed at
    ignored = (*outcome.ignored, *left_out(blocks, outcome, setting.columns))
    return Reading(facts=facts, issues=outcome.issues, ignored=ignored)


def blocks_of(document: Document) -> list[Block]:
    """A page's blocks; of JSON, and of a page without an amount, the lists in its data. Raises UnreadableError."""
    text = decode(document.body, document.content_type)
    form = sniff(document.body, document.content_type)
    if form == "json":
        lists = lists_in_json(text)
        if not lists:
            raise UnreadableError("expected a list of models with prices, found other JSON")
        return _components(lists)
    blocks = unflatten(read_blocks(document.body, document.content_type))
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
    tables = together(told_apart(attributed(list(_tables(blocks, setting)), setting)))
    cards = read_cards(blocks, setting)
    told = read_sentences(blocks, (*tables.facts, *cards.facts), setting)
    carded = {fact.locator for fact in cards.facts}
    told = replace(told, ignored=tuple(each for each in told.ignored if each.locator not in carded))
    return _in_one_currency(together([tables, cards, told]))


def _in_one_currency(outcome: Outcome) -> Outcome:
    """What is free on a page with one currency is free in that currency."""
    named = {fact.currency for fact in outcome.facts if fact.currency}
    if len(named) != 1:
        return outcome
    (currency,) = named
    return replace(outcome, facts=tuple(replace(fact, currency=currency) for fact in outcome.facts))


def setting_of(document: Document, blocks: Sequence[Block]) -> Setting:
    """What holds for the whole page: its provider, its day, and the currencies it declares."""
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    options = document.options
    currency = options.get("currency")
    return Setting(
        provider=document.provider,
        at=document.at.date(),
        currency=str(currency) if currency else _declared(texts),
        yen=str(options["yen"]) if options.get("yen") else _yen(blocks),
        abbreviations=_abbreviations(blocks),
        pair=tuple(options.get("pair", ())),
        columns=dict(options.get("columns", {})),
    )


def _tables(blocks: Sequence[Block], setting: Setting) -> Iterable[ReadTable]:
    standing = Standing()
    outline = model_headings(blocks)
    panels = panel_conditions(blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            standing = standing.under((*block.headings, block.text))
        elif isinstance(block, Table | Component):
            tables, issues = ([block], []) if isinstance(block, Table) else tables_of(block, setting.columns)
            if isinstance(block, Component):
                standing.take_tier(str(block.props.get("tier", "")))
            around = standing.frame(tables[0], outline) if tables else Frame()
            for table in tables:
                frame = replace(around, conditions=around.conditions | panels.get(table.locator, {}))
                yield ReadTable(
                    table=table,
                    frame=frame,
                    outcome=read_table(table, frame, setting, bare=isinstance(block, Component)),
                )
            standing.look_past(tables)
            if issues:
                yield ReadTable(table=_NOWHERE, frame=Frame(), outcome=Outcome(issues=tuple(issues)))
        elif isinstance(block, Paragraph):
            standing.listen(block, blocks[index + 1 : index + 2])


_NOWHERE = Table(grid=Grid(rows=(), header_rows=0))


def _abbreviations(blocks: Sequence[Block]) -> dict[str, str]:
    """Short names that the page explains: "Claude Consumption Unit (CCU)"."""
    found = {}
    for block in blocks:
        texts = [block.text] if isinstance(block, Paragraph) else []
        if isinstance(block, Table):
            texts = [cell.text for row in block.grid.rows for cell in row if "(" in cell.text]
        for text in texts:
            for long, short in re.findall(r"((?:[A-Z][\w-]*s? ){1,5}[A-Z][\w-]*?)s? \(\"?([A-Z]{2,6})s?\"?\)", text):
                words = long.split()[-len(short) :]
                if "".join(word[0] for word in words) == short:
                    found[short] = " ".join(words)
    return found


def _declared(texts: Iterable[str]) -> str | None:
    """The currency a page declares for all its prices ("All prices are in USD")."""
    found = set()
    for text in texts:
        for sentence in SENTENCE.split(text):
            says = re.search(r"\b(?:all |list(?:ed)? )?(?:prices?|pricing|amounts?)\b|价格|计价|가격", sentence, re.I)
            if says and len(sentence) < 250 and not re.search(r"\d", sentence):
                named = [currency for currency in currencies_in(sentence) if len(currency) == 3]
                found |= set(named) if len(named) == 1 else set()
    return found.pop() if len(found) == 1 else None


def _yen(blocks: Sequence[Block]) -> str | None:
    """What a bare ¥ means, by the language of the page: kana is Japanese, Chinese without kana is Chinese."""
    said = [block.text for block in blocks if isinstance(block, Paragraph | Heading)]
    said += [cell.text for block in blocks if isinstance(block, Table) for row in block.grid.rows for cell in row]
    text = fold(" ".join(said)[:_ENOUGH])
    if len(re.findall(r"[\u3041-\u30fa]", text)) > _SOME:
        return "JPY"
    named = {currency for currency in currencies_in(text) if currency in ("CNY", "JPY")}
    if len(named) == 1:
        return named.pop()
    return "CNY" if len(re.findall(r"[\u4e00-\u9fff]", text)) > _SOME else None
