"""Paragraphs and lists of a lifecycle page as statements, and what they say of the models of their whole section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from crawler.extract import claims, grammar, profiles, table_notes
from crawler.extract.alternatives import instead
from crawler.extract.blocks import Block, Heading, ListItem, Paragraph, Table
from crawler.extract.claims import Claim
from crawler.extract.dates import find
from crawler.extract.leads import HEAD, Lead, dated, in_note, kind_of_lead, of_it, status_of, unmarked
from crawler.extract.mentions import DATE, NAME, Masked, mask, sentences
from crawler.extract.outlines import Outline
from crawler.extract.said import Said
from crawler.extract.schedules import Surroundings
from crawler.extract.statements import LIST, SENTENCE, Place
from crawler.extract.statuses import WORN, Role, is_deprecation, is_end, role_of, section_status, status_word
from crawler.extract.subjects import is_id
from timeline.notices import SubjectKind

_ENTRY = re.compile(r"\S.{0,80}?\s[—–]\s")  # a paragraph that is written like a list entry
_ONE = re.compile(r"\b(?:this model|it)\b|该模型|此模型", re.I)
_BRACKETED = re.compile(r"\s*(?:【[^】]{4,40}】|\[[^\]]{6,40}\])\s*(?=\S)")  # a day in brackets before an entry
_FOLLOWING = re.compile(r"\b(?:following|below)\b|以下|如下|下列", re.I)
_DASH = re.compile(r"[\s*)\]]*(?:\s[–—-]|[:：])\s*")
_MODELS = re.compile(r"(?:the )?(?:models?|snapshots?|versions?|模型)", re.I)
_THINGS = re.compile(
    r"(?:the )?(?:(?P<endpoint>endpoints?|apis?|接口)|(?P<feature>features?|parameters?|功能)|products?)", re.I
)
_THEY = re.compile(
    r"\W*(?:both(?: \w+)?|all (?:of them|three|four)|they|it|these(?: \w+)?|this model|两者|它们|上述模型|这些模型)\b",
    re.I,
)
_ALSO = re.compile(
    r"\b(?:and|then|also|the|following|these|those|models?|on|by|from|as well)\b|以及|以下|模型|[于在：:]", re.I
)
_AND = r"(?:\s|[,，、;；&]|and\b|和|及)*"
_RUN = re.compile(rf"(?:(?:{NAME}{_AND})+(?:[(（](?:all|both|on|in|since|\s)*(?:{DATE})?\s*[)）])?{_AND})+\.?", re.I)
_KEYS: frozenset[Role] = frozenset({"status", "stage", "announced", "legacy", "deprecates", "retires", "replacement"})
_LONGEST_KEY = 40
MAX_LISTED = 12  # things in one line
_POSTPONED = re.compile(  # of one entry of a list that has a day of its own: with the new day, or none
    r"^\W*(?:(?:it|now|date|deadline|shut ?down|retirement|removal|has|been|was|is)\W+){0,4}"
    r"(?:(?:moved|postponed|delayed|extended|rescheduled|pushed|deferred)\b(?: back| out)?"
    r"(?: (?:to|until|till) \x03(\d+)\x04|(?=\W*$|\W+indefinitely|\W+until further))"
    r"|(?:cancell?ed|called off|reversed)\b)",
    re.I,
)
_UNTOUCHED = re.compile(r"\bnot\b[^,;]{0,30}(?:affect|impact)|\bunaffected\b|不受影响", re.I)
_KEPT = re.compile(rf"{grammar.NEGATED.pattern}|\b(?:keep|continue)\b[^.:]{{0,20}}\b(?:work\w*|available|run\w*)", re.I)
_COLON = re.compile(r"([:：])")
MAX_TITLE = 80  # characters of a line that names one model, or of a label before a colon
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
    _key: str = ""  # a line in bold that names what the next line says
    _pending: tuple[Place, Claim] | None = None  # what the line above claims, if a table follows

    def add(self, block: Block) -> None:
        """Read the next block."""
        if isinstance(block, ListItem) and self._spared is not None and block.depth > self._spared:
            return
        self._spared = None
        if isinstance(block, Heading | Table):
            self._leads.clear()
            self._before = None
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
            self._pending = None
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
        named = claims.subject(whole, whole.text)
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

    def _undated(self, block: _P, around: Surroundings) -> tuple[_P, Surroundings]:
        """An entry that begins with its day ("May 18, 2026 – X is ..."), without it."""
        found = find(block.text[:MAX_TITLE], order=self.outline.order).dates
        bracketed = _BRACKETED.match(block.text)
        rest = bracketed or (
            _DASH.match(block.text, found[0].end) if found and not block.text[: found[0].start].strip(" *[(") else None
        )
        if rest is None or found[0].qualifier != "on":
            return block, around
        inline = replace(block.inline, text=block.text[rest.end() :])
        return replace(block, inline=inline), replace(around, entry=found[0].value)

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

    def _listed(self, block: Paragraph, around: Surroundings) -> bool:
        """A line that is a status, a colon, and names: "Retired models: `a`, `b`"; or "Models: `a`" under a lead."""
        label, colon, rest = _COLON.split(block.text, maxsplit=1) if _COLON.search(block.text) else ("", "", "")
        label = label.strip(" *")
        status = section_status(label) if colon and len(label) <= MAX_TITLE else None
        given = self._leads[-1].claim if self._leads else None
        whole = mask(rest, block.inline, self.outline.lexicon(around))
        if given and (thing := _THINGS.fullmatch(label)):
            kind: SubjectKind = "endpoint" if thing["endpoint"] else "feature" if thing["feature"] else "product"
            return self._things(
                block, replace(given, kind=kind, replacements=None), replace(whole, printed=rest), around
            )
        if status not in WORN and not (given and _MODELS.fullmatch(label)):
            return False
        named = claims.subject(whole, whole.text.rstrip(" .。"))
        if named is None or not named.names or not whole.names:
            return False
        said = replace(given, names=named.names) if given and status not in WORN else None
        said = said or replace(named, status=status, label=label)
        self.said.say(block, said, around, whole, LIST)
        return True

    def _things(self, block: Paragraph, given: Claim, rest: Masked, around: Surroundings) -> bool:
        """ "Endpoints: `/v1/x`, `/v1/y`", "Features: tuning of X" under a line that says what becomes of them."""
        codes = [code for code in block.inline.code if code in rest.printed]
        names = codes or [name for each in re.split(r"[,，、;；]", rest.printed) if (name := each.strip(" .。*"))]
        if not names or len(names) > MAX_LISTED or max(map(len, names)) > MAX_TITLE:
            return False
        for name in names:
            self.said.say(block, replace(given, names=(name,)), around, rest, LIST)
        return True

    def _with_key(self, block: Paragraph) -> Paragraph:
        """A value that stands under its key in a section about one model: "End of life", then "2027-02-28"."""
        key, self._key = self._key, ""
        text = block.text.strip()
        if self._about(block) and text in block.inline.strong and len(text) <= _LONGEST_KEY and role_of(text) in _KEYS:
            self._key = text
        return replace(block, inline=replace(block.inline, text=f"{key}: {text}")) if key and not self._key else block

    def _paragraph(self, block: Paragraph) -> None:
        block = self._with_key(block)
        around = self.outline.around(block)
        block, around = self._undated(block, around)
        if self._field(block, around) or self._title(block, around) or self._listed(block, around):
            return
        if self._run_of_names(block, around):
            return
        if block.text.rstrip().endswith(_COLONS) or self._is_title(block):
            self._lead(block, around, depth=0)
        elif not (_ENTRY.match(block.text) and self._entry(block, around)):
            self._running(block, around)

    def _run_of_names(self, block: Paragraph, around: Surroundings) -> bool:
        """Nothing but names under a title of status, days in brackets: "`a`, `b` (both June 1, 2026); `c` (D)"."""
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        if around.section not in ("retired", "deprecated") or not whole.names or not _RUN.fullmatch(whole.text):
            return False
        for part in re.finditer(rf"((?:{NAME}{_AND})+)(?:[(（][^()]*?({DATE})?\W*[)）])?", whole.text):
            names, day = whole.names_in(part[1]), re.search(r"\d+", part[2] or "")
            named = claims.subject(whole, part[1])
            if named is None or named.names != names:
                continue
            ends = whole.dates[int(day[0])] if day else None
            retired = is_end(around.words)
            claim = replace(named, retires=ends if retired else None, deprecates=None if retired else ends)
            self.said.say(block, replace(claim, label=around.words), around, whole, LIST)
        return True

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
        for sentence in running:
            if not fresh and self._corrects(sentence):
                continue
            for claim in claims.read(sentence, deprecation_ends=self.outline.deprecation_ends):
                if claim.names:
                    if fresh:
                        self.said.forget()
                    fresh = False
                    self.said.say(block, claim, around, sentence, SENTENCE)
                elif claim.unclear:
                    continue  # of "these models"
                elif claim.replacements and not claim.status and not claim.announced:
                    self.said.replaced(claim)
                elif claim.retires and not fresh and _THEY.match(sentence.text):
                    self.said.ended(claim)
                else:
                    self._nameless(block, claim, around, sentence)

    def _corrects(self, sentence: Masked) -> bool:
        """Whether a sentence only says that what the one before it tells will not happen, or on another day."""
        if grammar.NOT_SO.search(sentence.text):
            self.said.refuted()
        elif new := grammar.NEW_DATE.search(sentence.text):
            self.said.moved(sentence.dates[int(new[1] or new[2])])
        elif off := grammar.PUT_OFF.search(sentence.text):
            self.said.put_off(sentence.dates[int(off[1])] if off[1] else None)
        else:
            return False
        return True

    def _nameless(self, block: Paragraph, claim: Claim, around: Surroundings, sentence: Masked) -> None:
        """What is claimed of "these models", of "the following", or of the one model the section is about."""
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
        if given is None and _is_spared(last.text):
            self._spared = depth
        if given is not None:
            self._pending = (around.place, replace(given, names=()))
            self._before = replace(given, names=())
            self._leads.append(Lead(depth=depth, claim=replace(given, names=()), kind=kind_of_lead(text)))

    def _item(self, block: ListItem) -> None:
        block, around = self._undated(block, self.outline.around(block))
        if self._field(block, around) or self._listed(block, around):
            return
        if block.text.rstrip().endswith(_COLONS) or self._is_title(block):
            self._lead(block, around, depth=block.depth)
        elif not self._entry(block, around) and not self._title(block, around):
            self._running(block, around)
        elif not self._leads:
            self._title(block, around)

    def _entry(self, block: Paragraph, around: Surroundings) -> bool:
        """A list entry that is a name, perhaps with something said of it: "X — migrate to Y", "X: retired on D"."""
        lead = self._leads[-1] if self._leads else self._heading
        whole = mask(block.text, block.inline, self.outline.lexicon(around))
        split = HEAD.search(whole.text)
        head, tail = (whole.text[: split.start()], whole.text[split.end() :]) if split else (whole.text, "")
        others = instead(whole, tail)
        note = in_note(whole, tail)
        if around.section in WORN and re.fullmatch(rf"[\s(（]*{DATE}[\s)）.]*", tail or _bracketed(whole.text)):
            day = whole.dates[0]  # "acme-1 (August 31, 2026)" under "Retiring soon"
            note = replace(note, retires=day) if is_end(around.words) else replace(note, deprecates=day)
        if not (lead or others or note.retires or note.deprecates) and around.section not in WORN:
            return False
        claim = claims.subject(whole, head)
        if claim and claim.kind == "feature" and not lead:
            return False
        if (claim is None or not claim.names) and lead and not lead.strict:
            claim = unmarked(whole, head)
        if claim is None or not claim.names:
            return False
        claim = self._completed(claim, replace(whole, text=f"it {tail}"), lead, others, note)
        self.said.say(block, _put_off(claim, whole, tail or _bracketed(whole.text)), around, whole, LIST)
        return True

    def _completed(self, claim: Claim, tail: Masked, lead: Lead | None, others: tuple[str, ...], note: Claim) -> Claim:
        """A list entry's claim with what the rest of the entry and the line above the list say."""
        given = lead.claim if lead else Claim()
        said = claims.read(tail, deprecation_ends=self.outline.deprecation_ends)
        own = next((each for each in said if each.status), note)
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

    def _sentences(self, block: Paragraph, around: Surroundings) -> Iterator[Masked]:
        return sentences(block.inline, self.outline.lexicon(around))


def _is_spared(lead: str) -> bool:
    """Whether a line says of what it introduces that nothing happens to it, and nothing else."""
    if _UNTOUCHED.search(lead):
        return True
    others = grammar.VERBS.search(_KEPT.sub(" ", lead)) or re.search(r"\bno longer\b|\buntil\W*\x03", lead, re.I)
    return _KEPT.search(lead) is not None and not others


def _put_off(claim: Claim, whole: Masked, note: str) -> Claim:
    """An entry's claim where its note says that for this one the day is another, or that it will not happen."""
    off = _POSTPONED.search(note)
    if off is None:
        return claim
    if off[1]:
        return replace(claim, retires=whole.dates[int(off[1])])
    return claim if re.search(DATE, note) else replace(claim, unclear="called off, or put off to no day that is stated")


def _bracketed(text: str) -> str:
    """What stands in brackets at the end."""
    found = re.search(r"[(（][^()（）]*[)）]\s*$", text)
    return found[0] if found else ""
