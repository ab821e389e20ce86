"""The statements that sentences and lists of a lifecycle page come to, and which of them the next sentence is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.extract.blocks import Block
from crawler.extract.claim_subjects import Claim
from crawler.extract.dates import StatedDate
from crawler.extract.mentions import RESPECTIVELY, Masked
from crawler.extract.outlines import Outline
from crawler.extract.places import is_own
from crawler.extract.schedules import Surroundings
from crawler.extract.statements import SENTENCE, Statement
from crawler.extract.statuses import is_deprecation, is_end
from crawler.extract.subjects import kind_of
from timeline.issues import Issue

_HAPPENS = re.compile(r"(?:retires?|shuts?|sunsets?|goes|ends?|removes?|stops?|leaves?)\b", re.I)  # then, not before


@dataclass(kw_only=True, slots=True)
class Said:
    """Statements as they come, with the last group of them at hand: "use Y instead" is about that."""

    outline: Outline
    provider: str = ""  # whose page it is
    statements: list[Statement] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    _group: list[int] = field(default_factory=list)
    _last: list[int] = field(default_factory=list)  # of the last sentence alone

    def forget(self) -> None:
        """What follows is about nothing that was said before."""
        self._group.clear()

    def begin(self, update: Claim | None) -> None:
        """A paragraph begins. An `update` ("Update: X stays available until D") makes days told of its end before old.

        Those have the new one.
        """
        for index, told in enumerate(self.statements):
            if update and update.retires and told.retires and told.name in update.names:
                self.statements[index] = replace(told, retires=update.retires)
        self.forget()

    def say(self, block: Block, claim: Claim, around: Surroundings, sentence: Masked, rank: int) -> None:
        """What a claim says of each of its names, in a sentence or a list (`rank`)."""
        ended = any(is_end(text) or is_deprecation(text) for text in block.headings)
        if claim.kind == "feature" and rank == SENTENCE and not ended:
            return  # only under a heading that speaks of an end is any phrase a feature
        if around.called_off and claim.status and not claim.unclear:
            claim = replace(claim, unclear="under a title that calls it off")
        claim = _ahead(_of_its_part(claim, around), around)
        if claim.unclear:
            message = f"{', '.join(claim.names)}: {claim.unclear}: {' '.join(sentence.printed.split())[:120]!r}"
            self.issues.append(Issue(code="unclear_end", message=message, locator=block.locator))
        self._last.clear()
        for printed, broad in self.outline.expand(claim.names, sentence.plain(sentence.text)):
            profile = self.outline.profiles.of(block, printed)
            kind = "model" if claim.kind == "feature" and self.outline.lists(printed) else claim.kind
            self._group.append(len(self.statements))
            self._last.append(len(self.statements))
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
                    scope={**around.scope, **self._where(claim)},
                    entry=around.entry,
                    rank=rank,
                    broad=broad,
                    place=around.place,
                    locator=block.locator,
                    refuted=bool(claim.unclear),
                )
            )

    def _where(self, claim: Claim) -> dict[str, str]:
        """Where alone a claim holds: another's platform, not the one whose page it is."""
        scope = dict(claim.scope)
        if is_own(scope.get("platform", ""), self.provider) or not scope.get("platform"):
            scope.pop("platform", None)
        return scope

    def moved(self, day: StatedDate) -> None:
        """ "The new date is D": of an end that the sentence before it puts off."""
        for index in self._last:
            if self.statements[index].refuted:
                self.statements[index] = replace(
                    self.statements[index], refuted=False, status="deprecated", label="postponed", retires=day
                )

    def put_off(self, day: StatedDate | None) -> None:
        """ "The date was moved to D": of the end that the sentence before it gives; without a day none is believed."""
        for index in self._last:
            told = self.statements[index]
            if told.retires or told.refuted:
                status, label = ("deprecated", "postponed") if day else (told.status, told.label)
                self.statements[index] = replace(
                    told, refuted=day is None, status=status, label=label, retires=day or told.retires
                )

    def on_day(self, day: StatedDate) -> None:
        """ "The exact date is D": of the end that the sentence before it tells without one."""
        for index in self._last:
            told = self.statements[index]
            if told.status == "deprecated" and told.retires is None and not told.refuted:
                self.statements[index] = replace(told, retires=day)

    def kept(self, sentence: Masked) -> bool:
        """ "Update: X will remain available": no end that was told of it is believed; whether there was one."""
        names = sentence.names_in(sentence.text)
        found = False
        for index, told in enumerate(self.statements):
            if told.name in names and (told.retires or told.status in ("deprecated", "retired")):
                self.statements[index] = replace(told, refuted=True)
                found = True
        return found

    def refuted(self) -> None:
        """ "That will not happen": what was said just before is believed of none of its subjects."""
        for index in self._last:
            self.statements[index] = replace(self.statements[index], refuted=True)

    def replaced(self, claim: Claim, sentence: Masked) -> bool:
        """ "Use Y instead": of what was listed or said just before; whether there was anything."""
        if RESPECTIVELY.search(sentence.text) and len(claim.replacements or ()) > 1:
            return self._replaced_one_by_one(claim.replacements or ())
        models = any(self.statements[index].kind == "model" for index in self._group)
        for index in self._group:
            statement = self.statements[index]
            if models and statement.kind != "model":
                continue  # what models are replaced by is no successor of an endpoint
            if statement.replacements is None and claim.only in statement.name.casefold():
                others = tuple(name for name in claim.replacements or () if name != statement.name)
                self.statements[index] = replace(statement, replacements=others or None)
        return bool(self._group)

    def _replaced_one_by_one(self, others: Sequence[str]) -> bool:
        """ "The replacements are A and B, respectively": each of its own, where there are as many."""
        if len(others) == len(self._group):
            for index, other in zip(self._group, others, strict=True):
                self.statements[index] = replace(self.statements[index], replacements=(other,))
        return bool(self._group)

    def ended(self, claim: Claim) -> None:
        """ "Both will be shut down on D": those that the sentences before it in this paragraph name."""
        for index in self._group:
            statement = self.statements[index]
            if statement.retires is None:
                statement = replace(statement, retires=claim.retires)
            if statement.replacements is None and claim.replacements:
                others = tuple(name for name in claim.replacements if name != statement.name)
                statement = replace(statement, replacements=others or None)
            self.statements[index] = statement


def _ahead(claim: Claim, around: Surroundings) -> Claim:
    """ "From D X is no longer offered", said before that day: it will not be."""
    ends = claim.retires
    over = ends is None or ends.qualifier == "not_before" or ends.first <= around.at.date()
    if over or claim.status != "retired" or not claim.label.lower().startswith("no longer"):
        return claim
    return replace(claim, status="deprecated")


def _of_its_part(claim: Claim, around: Surroundings) -> Claim:
    """With the day that the title of its part gives, where what it says has none and can have happened then."""
    day = around.ends or around.begins
    if (
        day is None
        or claim.unclear
        or claim.retires
        or claim.deprecates
        or claim.status not in ("deprecated", "retired")
    ):
        return claim
    if claim.status == "retired" and day.first > around.at.date():
        if around.ends and _HAPPENS.match(claim.label):
            return replace(claim, status="deprecated", retires=around.ends)
        return claim  # it is over: that day is of something else
    if claim.status == "deprecated" and is_deprecation(claim.label) and around.ends and day.first <= around.at.date():
        return claim  # deprecated on a day that is over: not gone since
    return replace(claim, retires=around.ends, deprecates=around.begins)
