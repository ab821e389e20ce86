"""What stands around a table of a price page: units, tiers, regions and titles that hold until others follow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from crawler.extract.amounts import has_money
from crawler.extract.blocks import Block, Callout, Component, ListItem, Paragraph, Table
from crawler.extract.conditions import Conditions, read_conditions, read_tiers
from crawler.extract.dates import find
from crawler.extract.labels import Label, read_label
from crawler.extract.model_headings import ModelHeadings, is_generic
from crawler.extract.namings import Frame
from crawler.extract.outcomes import hint_of
from crawler.extract.price_names import Subject, plain_name
from crawler.extract.units import REMEMBERED, find_units

_REGION = re.compile(r"\W*(?:regions?|리전|地域|リージョン)\s*[:：]\s*(.{0,120})$", re.I)
_LED = re.compile(r"\W*(?:per\b|each\b|每)", re.I)
_UNIT = re.compile(
    r"\b(?:charged|billed|priced|quoted) (?:per|by|for|in)\b|(?:^|[，,;；])\W*(?:计费|计价|价格|费用|收费)?单位"
    r"|^\W*(?:(?:price|pricing|billing) )?units?\s*[:：]"
    r"|^\W*(?:all |the |these )?(?:amounts?|figures|numbers|values)\b",
    re.I,
)
_BRACKETED = re.compile(r"[(（\[]\s*((?:per\b|/|each\b|每|\$|€|£|¥|￥|元|usd\b|eur\b)[^()（）]*)[)）\]]", re.I)
_SPARED = re.compile(  # "Batch API: 50% savings", "Batch (save 50%)"
    r"\W*\b(?:save )?(?:up to )?\d{1,2}\s?% ?(?:off|savings?|discount|cheaper|less|lower)?\b\)?$"
    r"|\W*\bsave \d{1,2}\s?%\)?$",
    re.I,
)
_LONG = re.compile(r"\b(?:long|short|extended)[- ]context\b(?=.*\d)", re.I)  # "Long context (over 200K tokens)"
_TIER_TITLE = re.compile(  # "Batch API (24 hours)", "Discounted batch prices", "Priority rates for Opal models"
    r"(?:(?:discounted|async(?:hronous)?|cheaper|our|the) )*(?P<tier>batch|flex|priority)"
    r"(?: (?:api|mode|tier|processing|inference|requests?|jobs?|prices?|pricing|rates?))*"
    r"(?:\s*\((?:[^()]*\d[^()]*)\)|\s+for (?:(?!\band\b|&).)*)?",
    re.I,
)
_CACHED = re.compile(
    r"\bcached (?:inputs?|prompts?|tokens?)\b|\bcache (?:reads?|hits?|writes?)\b", re.I
)  # "Caching" is both
_UPDATED = re.compile(r"\W*(?:last |page )?(?:updated?|modified|revised|published)\b|\W*(?:最后)?(?:更新|发布)", re.I)
_PARTS = re.compile(r"[,;:()（）|–—]| - ")
_NUMBERED = re.compile(r"\W*(?:table|figure|tab\.?|表)\s*\d", re.I)
SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n")
_FEW = 3  # words beside a currency and a unit that change nothing: "Everything below is USD per 1M tokens."
_LONGEST = 250  # characters of a sentence that states units
_LONGEST_TITLE = 60


@dataclass(kw_only=True, slots=True)
class Standing:
    """Words that hold until the next heading or until others of their kind take their place."""

    headings: tuple[str, ...] = ()
    title: str = ""
    units: Label | None = None
    scope: tuple[str, ...] = ()  # the headings under which the units were stated
    tier: Label | None = None
    region: str = ""
    tabs: list[str] = field(default_factory=list)  # the last labels in a row
    next_tab: str = ""  # where one more would stand
    queue: list[Label] = field(default_factory=list)  # labels of tabs whose panels follow in order

    def under(self, headings: tuple[str, ...]) -> "Standing":
        """What still holds under a new heading: units that were stated under one of its parents."""
        if self.units and headings[: len(self.scope)] == self.scope:
            return Standing(headings=headings, units=self.units, scope=self.scope)
        return Standing(headings=headings)

    def take_tier(self, text: str) -> None:
        """The tier that a component names."""
        self.tier = _exact(text) or self.tier

    def look_past(self, tables: Sequence[Table]) -> None:
        """The region of the next table, where its label was taken for a line of the last cell of this one."""
        self.next_tab = ""
        last = tables[-1].grid.rows[-1][-1] if tables and tables[-1].grid.rows and tables[-1].grid.rows[-1] else None
        for line in last.text.split("\n")[1:] if last else ():
            if region := _REGION.match(line):
                self.region = " ".join(region[1].split())

    def _is_open(self, block: Paragraph) -> bool:
        """Whether a label is the title of the panel that follows: not where it only stands in a row of other ones."""
        self.tabs = [*self.tabs, block.text] if self.next_tab == block.locator else [block.text]
        self.next_tab = _next(block.locator)
        return len(self.tabs) == 1 or block.text in self.tabs[:-1]

    def listen(self, block: Paragraph, following: Sequence[Block]) -> None:
        """Take note of a paragraph that says something about the tables after it."""
        text = block.text
        if region := _REGION.match(text):
            self.region = " ".join(region[1].split())
        elif labels := _tab_labels(block):
            if len(labels) > 1:
                self.queue = labels
            else:
                self.tier = labels[0] if self._is_open(block) else None
        elif units := stated_units(text):
            self.units, self.scope = units, self.headings
        elif may_be_title(text) and not isinstance(block, Callout | ListItem):
            self.title = text
            if not (following and isinstance(following[0], Table | Component)):
                self.tier = None

    def frame(self, table: Table, outline: ModelHeadings) -> Frame:
        """What stands around a table; one label of a queue of tabs is used up."""
        above = [label for heading in table.headings[:-2] if (label := _of_heading(heading)) and label.conditions]
        labels = [Label(text=label.text, conditions=label.conditions) for label in above]
        labels += [label for heading in table.headings[-2:] if (label := _of_heading(heading))]
        for text in (self.title, *table.labels):
            if label := _of_heading(text):
                labels.append(replace(label, conditions={}) if text == self.title else label)
        if self.units:
            trained = re.search(r"\btrain(?:ed|ing) tokens?\b", self.units.text, re.I) is not None
            labels.append(replace(self.units, sides=(), cache="", conditions={}, modalities=(), training=trained))
        if table.grid.caption:
            labels.append(read_label(table.grid.caption))
        tier = self.queue.pop(0) if self.queue else self.tier
        if tier:
            labels.append(tier)
        title = self.title or (table.headings[-1] if table.headings else "")
        hint = hint_of(self.title) or next(
            (kind for heading in reversed(table.headings[-2:]) if (kind := hint_of(heading))), ""
        )
        return Frame(
            labels=tuple(labels),
            conditions=_fine_tuned([*table.headings[-2:], self.title])
            | ({"region": self.region} if self.region else {}),
            subjects=_of_caption(table, outline) or outline.subjects(table.headings),
            title=title,
            parents=tuple(filter(None, (self.title, *reversed(table.headings)))),
            hint=hint,
        )


def _of_caption(table: Table, outline: ModelHeadings) -> tuple[Subject, ...]:
    """The model that a caption names, beside the unit it states: it is nearer than any heading."""
    for part in _PARTS.split(table.grid.caption or ""):
        name, label = plain_name(part), read_label(part)
        says_else = label.price or label.unit or label.meters or find(part).dates or _NUMBERED.match(part)
        if name and not says_else and not is_generic(name) and outline.is_model(name):
            return (Subject(name=name),)
    return ()


def _next(locator: str) -> str:
    kind, _, number = locator.rpartition(" ")
    return f"{kind} {int(number) + 1}" if number.isdecimal() else ""


@lru_cache(maxsize=REMEMBERED)
def stated_units(text: str) -> Label | None:
    """The units that a sentence states for the prices after it ("All prices are per 1M tokens")."""
    for sentence in SENTENCE.split(text):
        label = read_label(sentence)
        named = label.price or _UNIT.search(sentence) or (label.currencies and len(label.rest.split()) <= _FEW)
        stated = named and any(unit.counted or _LED.match(sentence[unit.start :]) for unit in find_units(sentence))
        if label.unit and (stated or _LED.match(sentence)) and not has_money(sentence) and len(sentence) <= _LONGEST:
            return label
    return None


def states_units(text: str) -> bool:
    """Whether a line states the units of the prices after it."""
    return stated_units(text) is not None


def is_tab_label(block: Paragraph) -> bool:
    """Whether a line is nothing but the names of tiers."""
    return bool(_tab_labels(block))


def may_be_title(text: str) -> bool:
    """Whether a line may stand over what follows it as a title."""
    titled = len(text) <= _LONGEST_TITLE and not has_money(text) and not text.endswith((".", "。", ":"))
    return titled and _UPDATED.match(text) is None


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
    if len(read_tiers(text)) > 1:  # a row of tabs in one line
        return None
    if read.found and not read.rest and set(read.found) <= {"service_tier", "plan", "time_window"}:
        return Label(text=text, conditions=read.found)
    return None


def _of_heading(text: str) -> Label | None:
    """What a heading says about all prices under it: only where it says nothing else."""
    label = read_label(_LONG.sub("", _SPARED.sub("", plain_name(text))))
    if label.rest and (tier := _TIER_TITLE.fullmatch(text.strip())) and len(read_tiers(text)) == 1:
        return Label(text=text, conditions=read_conditions(tier["tier"]).found)
    if label.rest and (stated := _BRACKETED.search(text)):
        inner = read_label(stated[1])
        return Label(text=text, unit=inner.unit, currencies=inner.currencies) if inner.unit else None
    if label.rest and label.price and label.unit and any(unit.counted for unit in find_units(text)):
        return Label(text=text, unit=label.unit, currencies=label.currencies)  # "Search fees per 1,000 requests"
    if label.rest or not text or len(text) > 60:
        return None
    tokens = re.search(r"token|text|audio|image|video", text, re.I)
    modalities = label.modalities if tokens and re.search(r"token", text, re.I) else ()
    sides = label.sides if len(label.sides) == 1 else ()
    return Label(
        text=text,
        conditions=label.conditions,
        modalities=modalities,
        unit=label.unit,
        sides=sides,
        cache=label.cache if _CACHED.search(text) else "",
    )


def _fine_tuned(texts: Sequence[str]) -> Conditions:
    pattern = r"fine[- ]?tun(?:ing|ed)|模型微调|tuned models?"
    return {"fine_tuned": "yes"} if any(re.search(pattern, text, re.I) for text in texts) else {}
