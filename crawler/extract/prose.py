"""Paragraphs and lists of a lifecycle page as statements, and what they say of the models of their whole section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crawler.extract import claims, grammar, profiles
from crawler.extract.blocks import Block, Heading, ListItem, Paragraph, Table
from crawler.extract.claims import Claim
from crawler.extract.mentions import DATE, Masked, mask, sentences
from crawler.extract.outlines import Outline
from crawler.extract.schedules import Surroundings
from crawler.extract.statements import LIST, SENTENCE, Place, Statement
from crawler.extract.statuses import is_deprecation, is_end, section_status, status_word
from crawler.extract.subjects import is_id, kind_of
from timeline.notices import Status, SubjectKind

_HEAD = re.compile(r"\s+[—–:-]\s+|[:：—]\s*|[.。]\s|(?=→|->|=>)|$")
_ENTRY = re.compile(r"\S.{0,80}?\s[—–]\s")  # a paragraph that is written like a list entry
_ONE = re.compile(r"\b(?:this model|it)\b|该模型|此模型", re.I)
_COLONS = (":", "：", ":**", ":*")
_WORN: tuple[Status, ...] = ("legacy", "deprecated", "retired")
_THINGS = r"(?:(?:features?|capabilities|api|apis|endpoints?|products?|models?|and|&|,|other)\s*)+"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """A line that introduces a list: "The following models will be retired on D:"."""

    depth: int  # entries deeper than this are its own
    claim: Claim
    kind: SubjectKind = "model"


@dataclass(kw_only=True, slots=True)
class Prose:
    """What paragraphs and lists gave: statements by name, and claims about whatever their section lists."""

    outline: Outline
    statements: list[Statement] = field(default_factory=list)
    general: list[tuple[Place, Claim]] = field(default_factory=list)
    _leads: list[Lead] = field(default_factory=list)
    _group: list[int] = field(default_factory=list)  # statements that a following "use Y instead" is about

    def add(self, block: Block) -> None:
        """Read the next block."""
        if isinstance(block, Heading | Table):
            self._leads.clear()
            self._group.clear()
        elif isinstance(block, ListItem):
            self._leads = [lead for lead in self._leads if lead.depth < block.depth]
            self._item(block)
        elif isinstance(block, Paragraph) and not (self._leads and self._names_alone(block)):
            self._leads.clear()
            self._paragraph(block)

    def _names_alone(self, block: Paragraph) -> bool:
        """A line of nothing but names under a line with a colon: a list entry without its bullet."""
        around = self.outline.around(block)
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        named = claims.subject(whole, whole.text)
        return bool(named and named.names and block.inline.code) and self._entry(block, around)

    def _field(self, block: Paragraph, around: Surroundings) -> bool:
        """A line "key: value" in a section about one model."""
        name = self.outline.profiles.subject(block)
        said = profiles.field(block, name, around, self.outline.lexicon(around)) if name else None
        if said is not None:
            self.statements.append(said)
        return said is not None

    def _paragraph(self, block: Paragraph) -> None:
        around = self.outline.around(block)
        if self._field(block, around):
            return
        if block.text.rstrip().endswith(_COLONS):
            self._lead(block, around, depth=0)
        elif not (_ENTRY.match(block.text) and self._entry(block, around)):
            self._running(block, around)

    def _running(self, block: Paragraph, around: Surroundings) -> None:
        """Running text. Names it speaks of are what a following "use Y instead" is about."""
        self._read(block, list(self._sentences(block, around)), around)

    def _read(self, block: Paragraph, running: list[Masked], around: Surroundings) -> None:
        fresh = True
        for sentence in running:
            for claim in claims.read(sentence, deprecation_ends=self.outline.deprecation_ends):
                if claim.names:
                    if fresh:
                        self._group.clear()
                    fresh = False
                    self._say(block, claim, around, sentence, SENTENCE)
                elif claim.replacements and not claim.status and not claim.announced:
                    self._replace(claim)
                else:
                    self.general.append((around.place, claim))
                    name = self.outline.profiles.subject(block)
                    if name and claim.status and _ONE.search(sentence.text):
                        self._say(block, replace(claim, names=(name,)), around, sentence, SENTENCE)

    def _lead(self, block: Paragraph, around: Surroundings, depth: int) -> None:
        """A line with a colon at its end: what it claims of "the following models" counts for the entries under it."""
        if not self._leads:
            self._group.clear()
        text = block.text.rstrip(" :：*")
        *before, last = [*self._sentences(block, around)] or [Masked(text="")]
        self._read(block, before, around)
        found = claims.read(last, deprecation_ends=self.outline.deprecation_ends)
        open_ended = (claim for claim in found if not claim.names or "following" in last.text)
        given = next((claim for claim in open_ended if claim.status or claim.deprecates), None)
        status = section_status(text) or _status_of(text)
        if given is None and status in _WORN:
            given = Claim(status=status, label=text)
        if given is None and last.dates and not re.sub(DATE, "", last.text).strip(" :：*"):
            outer = self._leads[-1].claim if self._leads else Claim()
            given = _dated(outer, last, ends=self.outline.deprecation_ends or not is_deprecation(outer.label))
        if given is not None:
            self._leads.append(Lead(depth=depth, claim=replace(given, names=()), kind=_kind_of_lead(text)))

    def _item(self, block: ListItem) -> None:
        around = self.outline.around(block)
        if self._field(block, around):
            return
        if block.text.rstrip().endswith(_COLONS):
            self._lead(block, around, depth=block.depth)
        elif not self._entry(block, around):
            self._running(block, around)

    def _entry(self, block: Paragraph, around: Surroundings) -> bool:
        """A list entry that is a name, perhaps with something said of it: "X — migrate to Y", "X: retired on D"."""
        lead = self._leads[-1] if self._leads else None
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        split = _HEAD.search(whole.text)
        head, tail = (whole.text[: split.start()], whole.text[split.end() :]) if split else (whole.text, "")
        others = claims.instead(whole, tail)
        note = _in_note(whole, tail)
        if not (lead or others or note.retires or note.deprecates) and around.section not in _WORN:
            return False
        claim = claims.subject(whole, head)
        if claim and claim.kind == "feature" and not lead:
            return False
        if (claim is None or not claim.names) and lead:
            claim = _unmarked(whole, head)
        if claim is None or not claim.names:
            return False
        self._say(block, self._completed(claim, whole, tail, lead, others), around, whole, LIST)
        return True

    def _completed(self, claim: Claim, whole: Masked, tail: str, lead: Lead | None, others: tuple[str, ...]) -> Claim:
        """A list entry's claim with what the rest of the entry and the line above the list say."""
        given = lead.claim if lead else Claim()
        said = claims.read(replace(whole, text=f"it {tail}"), deprecation_ends=self.outline.deprecation_ends)
        own = next((each for each in said if each.status), _in_note(whole, tail))
        kind = lead.kind if lead and claim.kind == "model" and not is_id(claim.names[0]) else claim.kind
        return replace(
            claim,
            kind=kind,
            status=own.status or given.status,
            label=own.label or given.label,
            deprecates=own.deprecates or given.deprecates,
            retires=own.retires or given.retires,
            replacements=others or given.replacements,
        )

    def _say(self, block: Block, claim: Claim, around: Surroundings, sentence: Masked, rank: int) -> None:
        ended = any(is_end(text) or is_deprecation(text) for text in block.headings)
        if claim.kind == "feature" and rank == SENTENCE and not ended:
            return  # only under a heading that speaks of an end is any phrase a feature
        for printed, broad in self.outline.expand(claim.names, sentence.plain(sentence.text)):
            profile = self.outline.profiles.of(block, printed)
            kind = "model" if claim.kind == "feature" and self.outline.lists(printed) else claim.kind
            self._group.append(len(self.statements))
            self.statements.append(
                Statement(
                    name=profile.id if profile else printed,
                    kind=kind_of(printed) if kind == "model" else kind,
                    label=claim.label or around.words,
                    status=claim.status,
                    section=around.section,
                    stage=profile.stage if profile else None,
                    announced=claim.announced.value if claim.announced else None,
                    deprecates=claim.deprecates,
                    retires=claim.retires,
                    replacements=claim.replacements,
                    scope=dict(around.scope),
                    entry=around.entry,
                    rank=rank,
                    broad=broad,
                    place=around.place,
                    locator=block.locator,
                )
            )

    def _replace(self, claim: Claim) -> None:
        """ "Use Y instead": of what was listed or said just before."""
        for index in self._group:
            statement = self.statements[index]
            if statement.replacements is None and claim.only in statement.name.casefold():
                others = tuple(name for name in claim.replacements or () if name != statement.name)
                self.statements[index] = replace(statement, replacements=others or None)

    def _sentences(self, block: Paragraph, around: Surroundings) -> Iterator[Masked]:
        return sentences(block.inline, self.outline.lexicon(around))


def _dated(outer: Claim, line: Masked, *, ends: bool) -> Claim:
    """A date that heads a part of a list: when what the list is about happens."""
    if ends:
        return replace(outer, status="retired" if outer.status == "retired" else "deprecated", retires=line.dates[0])
    return replace(outer, status=None if outer.status == "legacy" else outer.status, deprecates=line.dates[0])


def _in_note(whole: Masked, tail: str) -> Claim:
    """What a note after a name says without a verb: "shutdown on D", "Deprecated since D. Removal: D"."""
    made = Claim()
    for piece in re.split(r"[.;。；]\s|\n", tail):
        days = [whole.dates[int(number)] for number in re.findall("\x03(\\d+)\x04", piece)]
        word = grammar.VERBS.search(piece)
        label = made.label or (word[0] if word else "")
        if days and is_end(piece):
            made = replace(made, status=made.status or "deprecated", label=label, retires=days[0])
        elif days and is_deprecation(piece):
            made = replace(made, status=made.status or "deprecated", label=label, deprecates=days[0])
    return made


def _unmarked(whole: Masked, head: str) -> Claim | None:
    """A short entry that names something without markup: "Slack integration"."""
    plain = whole.plain(re.sub(r"\([^()]*\)|（[^（）]*）", " ", head)).strip(" .*")
    return Claim(names=(plain,), kind=kind_of(plain)) if plain and len(plain.split()) <= 6 else None


def _status_of(text: str) -> Status | None:
    """ "Deprecated features and endpoints" as the line above a list."""
    first, _, rest = text.strip("* ").partition(" ")
    return status_word(first) if re.fullmatch(_THINGS, rest, re.I) else None


def _kind_of_lead(text: str) -> SubjectKind:
    if re.search(r"\bfeatures?\b|\bcapabilit", text, re.I):
        return "feature"
    return kind_of(text)
