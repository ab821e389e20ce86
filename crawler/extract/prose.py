"""Paragraphs and lists of a lifecycle page as statements, and what they say of the models of their whole section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from crawler.extract import claim_subjects, claims, entries, entry_days, grammar, name_lines, profiles, table_notes
from crawler.extract.blocks import Block, Heading, ListItem, Paragraph, Table
from crawler.extract.claim_subjects import Claim
from crawler.extract.dates import StatedDate, find
from crawler.extract.leads import Lead, dated, in_note, is_spared, kind_of_lead, of_it, status_of
from crawler.extract.mentions import DATE, NAME, Masked, mask, respective, sentences
from crawler.extract.outlines import Outline
from crawler.extract.said import Said
from crawler.extract.schedules import Surroundings
from crawler.extract.statements import LIST, SENTENCE, Place
from crawler.extract.statuses import WORN, Role, is_deprecation, is_end, role_of, section_status, status_word
from crawler.extract.subjects import is_id

_ENTRY = re.compile(  # a paragraph that is written like a list entry
    r"\S.{0,80}?\s[—–]\s|\S[^:]{0,60}(?:\([^()]+\))?:\s(?=(?:legacy|deprecated|retired|end[- ]of[- ]life|eol)\b)", re.I
)
_ONE = re.compile(r"\b(?:this model|it)\b|该模型|此模型", re.I)
_UPDATE = re.compile(r"\W*(?:update|edit|correction)\b", re.I)
_PRONOUN_FIRST = re.compile(r"\W*(?:it|this model)\b", re.I)
_FOLLOWING = re.compile(r"\b(?:following|below)\b|以下|如下|下列", re.I)
_THEY = re.compile(
    r"\W*(?:both(?: \w+)?|all (?:of them|three|four)|they|it|these(?: \w+)?|this model|两者|它们|上述模型|这些模型)\b",
    re.I,
)
_ALSO = re.compile(
    r"\b(?:and|then|also|the|following|these|those|models?|on|by|from|as well)\b|以及|以下|模型|[于在：:]", re.I
)
_KEYS: frozenset[Role] = frozenset({"status", "stage", "announced", "legacy", "deprecates", "retires", "replacement"})
_LONGEST_KEY = 40
MAX_TITLE = name_lines.MAX_TITLE  # characters of a line that names one model, or of a label before a colon
_COLONS = (":", "：", ":**", ":*")
_P = TypeVar("_P", bound=Paragraph)


@dataclass(kw_only=True, slots=True)
class Prose:
    """What paragraphs and lists gave: statements by name, and claims about whatever their section lists."""

    outline: Outline
    said: Said
    general: list[tuple[Place, Claim]] = field(default_factory=list)
    _leads: list[Lead] = field(default_factory=list)
    _titled: str | None = None  # the model that a line of its own names, for the lines after it
    _titled_at: int = 0  # how deep in a list; 0 for a line of its own
    _before: Claim | None = None  # what the last line with a colon claimed, for "and these on D:"
    _heading: Lead | None = None  # what the heading above claims of the models under it
    _spared: int | None = None  # how deep the line stands that says its list is of what does not end
    _day: StatedDate | None = None  # that a line of its own gives for what is listed below it
    _key: str = ""  # a line in bold that names what the next line says
    _pending: tuple[Place, Claim] | None = None  # what the line above claims, if a table follows

    def add(self, block: Block) -> None:
        """Read the next block."""
        if isinstance(block, ListItem) and self._spared is not None and block.depth > self._spared:
            return
        self._spared = None
        if isinstance(block, Heading | Table):
            self._leads.clear()
            self._before = self._day = None
            self.said.forget()
            self._titled, self._titled_at = None, 0
            if isinstance(block, Heading):
                self._headed(block)
            elif self._pending:
                self.general.append(self._pending)
            self._pending = None
        elif isinstance(block, ListItem):
            self._leads = [lead for lead in self._leads if lead.depth < block.depth]
            if self._titled_at and block.depth <= self._titled_at:
                self._titled, self._titled_at = None, 0
            self._pending = self._day = None
            self._item(block)
        elif isinstance(block, Paragraph) and not (self._leads and self._names_alone(block)):
            self._leads.clear()
            self._pending = None
            self._paragraph(block)

    def _headed(self, heading: Heading) -> None:
        """A heading that claims something of the models under it: "Models reaching end of life on 15 July"."""
        around = self.outline.around(heading)
        whole = mask(heading.text, heading.inline, self.outline.lexicon(around))
        if name := self._about(replace(heading, headings=(*heading.headings, heading.text))):
            worded = [each for each in heading.inline.badges if status_word(each)]
            if len(worded) == 1:
                badge = Claim(names=(name,), status=status_word(worded[0]), label=worded[0])
                self.said.say(heading, badge, around, whole, LIST)
        dated = whole.dates and not re.match(rf"\W*{DATE}", whole.text)  # else it heads the entry of a day
        said = claims.read(whole, deprecation_ends=self.outline.deprecation_ends) if dated else []
        claim = next((each for each in said if each.status and not each.names), None)
        if claim is None and dated and not whole.names and (note := in_note(whole, whole.text)).status:
            claim = note  # "Deprecated, shutdown on 6 January"
            if note.retires is None and self.outline.deprecation_ends and re.search(r"\bto be\b", whole.text, re.I):
                claim = replace(note, retires=note.deprecates, deprecates=None)
        self._heading = Lead(depth=0, claim=claim, strict=True) if claim else None
        if claim:
            self.general.append((((*heading.headings, heading.text), heading.labels), claim))

    def _names_alone(self, block: Paragraph) -> bool:
        """A line of nothing but names under a line with a colon: a list entry without its bullet."""
        around = self.outline.around(block)
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        named = claim_subjects.subject(whole, whole.text)
        return bool(named and named.names and block.inline.code) and self._entry(block, around)

    def _field(self, block: Paragraph, around: Surroundings) -> bool:
        """A line "key: value" in a section about one model, or a paragraph of such lines run together."""
        name = self._about(block)
        lines = profiles.lines(block) if name else []
        said = [profiles.field(line, name or "", around, self.outline.lexicon(around)) for line in lines]
        found = [each for each in said if each]
        if not found or (len(lines) > 1 and len(found) < 2):
            return False
        self.said.statements += found
        return True

    def _about(self, block: Block) -> str | None:
        """The one model that a block is about, by a line of its own above it or by its heading."""
        return self._titled or self.outline.profiles.subject(block)

    def _title(self, block: Paragraph, around: Surroundings) -> bool:
        """A line that is one model's name and nothing else."""
        if len(block.text) > MAX_TITLE:
            return False
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        if re.fullmatch(NAME, whole.text.strip(" *:：")):
            self._titled = whole.names[0]
            self._titled_at = block.depth if isinstance(block, ListItem) else 0
            return True
        if is_id(whole.text) and not isinstance(
            block, ListItem
        ):  # a name without a figure, or a line that says nothing
            self._titled = whole.text
        return False

    def cells(self, table: Table) -> None:
        """The sentences in the cells of a table that is no table of lifecycles: notes on releases, a row an entry."""
        for note in table_notes.read(table, self.outline):
            for claim, sentence in note.said:
                self.said.say(note.block, claim, note.around, sentence, LIST)
            if not note.said:
                self._read(note.block, list(note.running), note.around)

    def _is_title(self, block: Paragraph) -> bool:
        """A line in bold that is a word of status, perhaps with a note: "**Deprecated** (shutdown on D)"."""
        first, note = re.match(r"([^(（]*)(.*)", block.text, re.S).groups()  # type: ignore[union-attr]
        bold = first.strip() in {each.strip() for each in block.inline.strong}
        return bold and section_status(first) is not None and (not note or note[-1] in ")）")

    def _card(self, block: ListItem, around: Surroundings) -> bool:
        """An entry of several lines: a model, and what is said of it line by line."""
        said = profiles.card(block, around, self.outline.lexicon(around))
        self.said.statements += said
        return bool(said)

    def _listed(self, block: Paragraph, around: Surroundings) -> bool:
        """A line that is a status, a colon, and names, or names under a lead or a title of status."""
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        given = self._leads[-1].claim if self._leads else None
        said = name_lines.labelled(whole, block.inline, given)
        if not said and not isinstance(block, ListItem):
            said = name_lines.run_of_names(whole, around)
        for claim in said:
            self.said.say(block, claim, around, whole, LIST)
        return bool(said)

    def _is_day(self, block: Paragraph, around: Surroundings) -> bool:
        """A line that says of the list below it that it ends on a day, and nothing else."""
        self._day = entry_days.titled(mask(block.text, block.inline, self.outline.lexicon(around)))
        return self._day is not None

    def _with_key(self, block: Paragraph) -> Paragraph:
        """A value that stands under its key in a section about one model: "End of life", then "2027-02-28"."""
        key, self._key = self._key, ""
        text = block.text.strip()
        short = len(text) <= _LONGEST_KEY and text in block.inline.strong and not find(text).dates
        if short and self._about(block) and role_of(text) in _KEYS:
            self._key = text
        return replace(block, inline=replace(block.inline, text=f"{key}: {text}")) if key and not self._key else block

    def _paragraph(self, block: Paragraph) -> None:
        block = self._with_key(block)
        around = self.outline.around(block)
        block, around = entry_days.undated(block, around, self.outline)
        if self._field(block, around) or self._title(block, around) or self._listed(block, around):
            return
        if block.text.rstrip().endswith(_COLONS) or self._is_title(block) or self._is_day(block, around):
            self._lead(block, around, depth=0)
        elif not (_ENTRY.match(block.text) and self._entry(block, around)):
            self._running(block, around)

    def _running(self, block: Paragraph, around: Surroundings) -> None:
        """Running text. Names it speaks of are what a following "use Y instead" is about."""
        running = list(self._sentences(block, around))
        if name := self._about(block):
            lines = [replace(block, inline=replace(block.inline, text=each.printed)) for each in running]
            said = [profiles.field(line, name, around, self.outline.lexicon(around)) for line in lines]
            self.said.statements += [each for each in said if each]
            running = [of_it(sentence) for sentence, field in zip(running, said, strict=True) if field is None]
        self._read(block, running, around)

    def _read(self, block: Paragraph, running: list[Masked], around: Surroundings) -> None:
        fresh = True
        for sentence, topic in entry_days.with_topics(running):
            later = fresh and _UPDATE.match(sentence.text)  # a paragraph of its own about the one before it
            if (later or not fresh) and self._corrects(sentence):
                continue
            for claim in claims.read(sentence, deprecation_ends=self.outline.deprecation_ends):
                if claim.names:
                    if fresh:
                        self.said.begin(claim if later else None)
                    fresh = False
                    self.said.say(block, claim, around, sentence, SENTENCE)
                elif claim.unclear:
                    continue  # of "these models"
                elif claim.replacements and not claim.status and not claim.announced:
                    if not self.said.replaced(claim, sentence) and (name := self._about(block)):
                        self.said.say(block, replace(claim, names=(name,)), around, sentence, SENTENCE)
                elif claim.retires and not fresh and _THEY.match(sentence.text):
                    self.said.ended(claim)
                else:
                    self._nameless(block, claim, around, sentence, topic)

    def _corrects(self, sentence: Masked) -> bool:
        """Whether a sentence only says that what the one before it tells will not happen, or on another day."""
        if grammar.NOT_SO.search(sentence.text):
            self.said.refuted()
        elif new := grammar.NEW_DATE.search(sentence.text):
            self.said.moved(sentence.dates[int(new[1] or new[2])])
        elif off := grammar.PUT_OFF.search(sentence.text):
            day = off[1] or off[2]
            self.said.put_off(sentence.dates[int(day)] if day else None)
        elif on := grammar.ON_DAY.search(sentence.text):
            self.said.on_day(sentence.dates[int(on[1])])
        else:
            stays = _UPDATE.match(sentence.text) and grammar.STAYS.search(sentence.text)
            return bool(stays) and self.said.kept(sentence)
        return True

    def _nameless(
        self, block: Paragraph, claim: Claim, around: Surroundings, sentence: Masked, topic: tuple[str, ...]
    ) -> None:
        """What is claimed of "these models", of "the following", or of the one model the section or text is about."""
        if topic and claim.status and _PRONOUN_FIRST.match(sentence.text):
            self.said.say(block, replace(claim, names=topic), around, sentence, SENTENCE)
            return
        one = _ONE.search(sentence.text)
        if not (one and self._titled):
            self.general.append((around.place, claim))
        if claim.status and _FOLLOWING.search(sentence.text):
            self._leads.append(Lead(depth=0, claim=claim, strict=True))
        name = self._about(block)
        if name and claim.status and one:
            self.said.say(block, replace(claim, names=(name,)), around, sentence, SENTENCE)

    def _lead(self, block: Paragraph, around: Surroundings, depth: int) -> None:
        """A line with a colon at its end: what it claims of "the following models" counts for the entries under it."""
        if not self._leads:
            self.said.forget()
        text = block.text.rstrip(" :：*")
        *before, last = [*self._sentences(block, around)] or [Masked(text="")]
        self._read(block, before, around)
        found = claims.read(last, deprecation_ends=self.outline.deprecation_ends)
        open_ended = (claim for claim in found if not claim.names or "following" in last.text)
        given = next((claim for claim in open_ended if claim.status or claim.deprecates), None)
        status = section_status(text) or status_of(text)
        if given is None and (status in WORN or (status and self._is_title(block))):
            note = in_note(last, last.text)
            given = Claim(status=status, label=text, retires=note.retires, deprecates=note.deprecates)
        if given is None and last.dates and not _ALSO.sub("", re.sub(DATE, "", last.text)).strip(" :：*,，"):
            outer = self._leads[-1].claim if self._leads else self._before or Claim()
            given = dated(outer, last, ends=self.outline.deprecation_ends or not is_deprecation(outer.label))
        day = self._day if is_end(text) or grammar.VERBS.search(last.text) else None
        if day and (given is None or not (given.retires or given.deprecates)):
            ahead = day.first > around.at.date()
            given = replace(given or in_note(last, last.text), retires=day)
            given = replace(given, status="deprecated" if ahead else given.status or "retired")
        if given is None and is_spared(last.text):
            self._spared = depth
        if given is not None:
            self._pending = (around.place, replace(given, names=()))
            self._before = replace(given, names=())
            self._leads.append(Lead(depth=depth, claim=replace(given, names=()), kind=kind_of_lead(text)))

    def _item(self, block: ListItem) -> None:
        block, around = entry_days.undated(block, self.outline.around(block), self.outline)
        if self._card(block, around) or self._field(block, around) or self._listed(block, around):
            return
        if block.text.rstrip().endswith(_COLONS) or self._is_title(block):
            self._lead(block, around, depth=block.depth)
        elif not self._entry(block, around) and not self._title(block, around):
            self._running(block, around)
        elif not self._leads:
            self._title(block, around)

    def _entry(self, block: Paragraph, around: Surroundings) -> bool:
        """A list entry that is a name, perhaps with something said of it: "X — migrate to Y", "X: retired on D"."""
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        lead = self._leads[-1] if self._leads else self._heading
        found = False
        for each in respective(whole) or [whole]:
            claim = entries.read(each, around, lead, deprecation_ends=self.outline.deprecation_ends)
            if claim is not None:
                self.said.say(block, claim, around, each, LIST)
                found = True
        return found

    def _sentences(self, block: Paragraph, around: Surroundings) -> Iterator[Masked]:
        return sentences(block.inline, self.outline.lexicon(around))
