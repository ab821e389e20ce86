"""The general price reader: every table, card and price sentence of a page, whoever its provider is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from crawler.extract.attributions import ReadTable, attributed, told_apart
from crawler.extract.blocks import Block, Callout, Component, Heading, ListItem, Paragraph, Table
from crawler.extract.cards import read_cards
from crawler.extract.components import tables_of
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.document import Document, Reading
from crawler.extract.embedded import lists_in_json, lists_in_scripts
from crawler.extract.flattened import unflatten
from crawler.extract.grids import Grid, UnreadableError
from crawler.extract.jsx import Lifted
from crawler.extract.labels import Label, read_label
from crawler.extract.model_headings import ModelHeadings, model_headings
from crawler.extract.money import currencies_in, has_money
from crawler.extract.namings import Frame
from crawler.extract.outcomes import Outcome, hint_of, together
from crawler.extract.panels import panel_conditions
from crawler.extract.price_facts import Setting
from crawler.extract.price_tables import read_table
from crawler.extract.sentences import read_sentences
from crawler.extract.sniffing import decode, read_blocks, sniff
from crawler.extract.units import find_units, fold
from timeline.issues import Issue

VERSION = "1"

_REGION = re.compile(r"\W*(?:regions?|리전|地域|リージョン)\s*[:：]\s*(.{0,120})$", re.I)
_LED = re.compile(r"\W*(?:per\b|each\b|每)", re.I)
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n")


@dataclass(kw_only=True, slots=True)
class _Standing:
    """Words that hold until the next heading or until others of their kind take their place."""

    headings: tuple[str, ...] = ()
    title: str = ""
    units: Label | None = None
    scope: tuple[str, ...] = ()  # the headings under which the units were stated
    tier: Label | None = None
    region: str = ""
    queue: list[Label] = field(default_factory=list)  # labels of tabs whose panels follow in order


def read(document: Document) -> Reading:
    """Read any price page. What it cannot understand becomes issues; it raises for nothing a page can contain."""
    try:
        blocks = _blocks(document)
    except UnreadableError as error:
        return Reading(issues=(Issue(code="unreadable", message=str(error), fatal=True),))
    outcome = read_page(blocks, setting_of(document, blocks))
    nameless = sum(issue.code == "no_subject" for issue in outcome.issues)
    facts = outcome.facts if nameless <= len(outcome.facts) else ()  # a page that lost its names is not guessed at
    return Reading(facts=facts, issues=outcome.issues, ignored=outcome.ignored)


def _blocks(document: Document) -> list[Block]:
    """A page's blocks; of JSON, and of a page without a single amount, the lists in its data."""
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
    standing = _Standing()
    outline = model_headings(blocks)
    panels = panel_conditions(blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            standing = _under(standing, (*block.headings, block.text))
        elif isinstance(block, Table | Component):
            tables, issues = ([block], []) if isinstance(block, Table) else tables_of(block, setting.columns)
            if isinstance(block, Component) and (tier := _exact(str(block.props.get("tier", "")))):
                standing.tier = tier
            around = _frame(tables[0], standing, outline) if tables else Frame()
            for table in tables:
                frame = replace(around, conditions=around.conditions | panels.get(table.locator, {}))
                yield ReadTable(
                    table=table,
                    frame=frame,
                    outcome=read_table(table, frame, setting, bare=isinstance(block, Component)),
                )
            if region := _region_after(tables):
                standing.region = region
            if issues:
                yield ReadTable(table=_NOWHERE, frame=Frame(), outcome=Outcome(issues=tuple(issues)))
        elif isinstance(block, Paragraph):
            _listen(block, standing, blocks[index + 1 : index + 2])


def _region_after(tables: Sequence[Table]) -> str:
    """The region of the next table, where its label was taken for a line of the last cell of this one."""
    last = tables[-1].grid.rows[-1][-1] if tables and tables[-1].grid.rows and tables[-1].grid.rows[-1] else None
    found = [match for line in (last.text.split("\n")[1:] if last else []) if (match := _REGION.match(line))]
    return " ".join(found[-1][1].split()) if found else ""


_NOWHERE = Table(grid=Grid(rows=(), header_rows=0))


def _under(standing: _Standing, headings: tuple[str, ...]) -> _Standing:
    """What still holds under a new heading: units that were stated under one of its parents."""
    if standing.units and headings[: len(standing.scope)] == standing.scope:
        return _Standing(headings=headings, units=standing.units, scope=standing.scope)
    return _Standing(headings=headings)


def _listen(block: Paragraph, standing: _Standing, following: Sequence[Block]) -> None:
    """Take note of a paragraph that says something about the tables after it."""
    text = block.text
    if region := _REGION.match(text):
        standing.region = " ".join(region[1].split())
        return
    if labels := _tab_labels(block):
        if len(labels) > 1:
            standing.queue = labels
        elif (
            standing.tier is not None
            and not standing.queue
            and _same_kind(standing.tier, labels[0])
            and _adjacent(following)
        ):
            standing.tier = labels[0]
        else:
            standing.tier = labels[0]
        return
    for sentence in _SENTENCE.split(text):
        label = read_label(sentence)
        stated = label.price and any(
            unit.counted or _LED.match(sentence[unit.start :]) for unit in find_units(sentence)
        )
        if label.unit and (stated or _LED.match(sentence)) and not has_money(sentence) and len(sentence) <= 250:
            standing.units, standing.scope = label, standing.headings
            return
    if (
        len(text) <= 60
        and not has_money(text)
        and not isinstance(block, Callout | ListItem)
        and not text.endswith((".", "。", ":"))
    ):
        standing.title = text
        if not (following and isinstance(following[0], Table | Component)):
            standing.tier = None


def _same_kind(one: Label, other: Label) -> bool:
    return set(one.conditions) == set(other.conditions)


def _adjacent(following: Sequence[Block]) -> bool:
    return bool(following) and isinstance(following[0], Paragraph)


def _tab_labels(block: Paragraph) -> list[Label]:
    """The labels of a line that is nothing but the name of a tier, or of several tabs in a row."""
    text = block.text.strip()
    if len(text) > 80:
        return []
    links = [link.text for link in block.inline.links if link.href.startswith("#")]
    for names in (links, [text]):
        labels = [label for name in names if (label := _exact(name))]
        if labels and len(labels) == len(names):
            return labels
    return []


def _exact(text: str) -> Label | None:
    """The label of a text that says a condition and nothing else."""
    read = read_conditions(text)
    if read.found and not read.rest and set(read.found) <= {"service_tier", "plan", "time_window"}:
        return Label(text=text, conditions=read.found)
    return None


def _frame(table: Table, standing: _Standing, outline: ModelHeadings) -> Frame:
    labels = [label for heading in table.headings[-2:] if (label := _of_heading(heading))]
    for text in (standing.title, *table.labels):
        if label := _of_heading(text):
            labels.append(replace(label, conditions={}) if text == standing.title else label)
    if standing.units:
        labels.append(replace(standing.units, sides=(), cache="", conditions={}, modalities=(), training=False))
    if table.grid.caption:
        labels.append(read_label(table.grid.caption))
    tier = standing.queue.pop(0) if standing.queue else standing.tier
    if tier:
        labels.append(tier)
    title = standing.title or (table.headings[-1] if table.headings else "")
    hint = hint_of(standing.title) or next(
        (kind for heading in reversed(table.headings[-2:]) if (kind := hint_of(heading))), ""
    )
    return Frame(
        labels=tuple(labels),
        conditions=_fine_tuned([*table.headings[-2:], standing.title])
        | ({"region": standing.region} if standing.region else {}),
        subjects=outline.subjects(table.headings),
        title=title,
        parents=tuple(filter(None, (standing.title, *reversed(table.headings)))),
        hint=hint,
    )


def _of_heading(text: str) -> Label | None:
    """What a heading says about all prices under it: only where it says nothing else."""
    label = read_label(text)
    if label.rest or not text or len(text) > 60:
        return None
    tokens = re.search(r"token|text|audio|image|video", text, re.I)
    modalities = label.modalities if tokens and re.search(r"token", text, re.I) else ()
    return Label(text=text, conditions=label.conditions, modalities=modalities, unit=label.unit)


def _fine_tuned(texts: Sequence[str]) -> Conditions:
    pattern = r"fine[- ]?tun(?:ing|ed)|模型微调|tuned models?"
    return {"fine_tuned": "yes"} if any(re.search(pattern, text, re.I) for text in texts) else {}


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
        for sentence in _SENTENCE.split(text):
            says = re.search(r"\b(?:all |list(?:ed)? )?(?:prices?|pricing|amounts?)\b|价格|计价|가격", sentence, re.I)
            if says and len(sentence) < 250 and not re.search(r"\d", sentence):
                named = [currency for currency in currencies_in(sentence) if len(currency) == 3]
                found |= set(named) if len(named) == 1 else set()
    return found.pop() if len(found) == 1 else None


def _yen(blocks: Sequence[Block]) -> str | None:
    """What a bare ¥ means, by the language of the page: kana is Japanese, Chinese without kana is Chinese."""
    text = fold(" ".join(block.text for block in blocks if isinstance(block, Paragraph))[:200_000])
    text += " ".join(cell.text for block in blocks if isinstance(block, Table) for cell in block.grid.rows[0])
    if len(re.findall(r"[\u3041-\u30fa]", text)) > 20:
        return "JPY"
    named = {currency for currency in currencies_in(text) if currency in ("CNY", "JPY")}
    if len(named) == 1:
        return named.pop()
    return "CNY" if len(re.findall(r"[\u4e00-\u9fff]", text)) > 20 else None
