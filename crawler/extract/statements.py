"""Lifecycle statements, each as one place of a page makes it, and how those about one subject become one notice.

Order of authority: a table that labels models; then what is undated; then announcements, the newest first; within each,
tables before lists before sentences. The first gives every field it states; the others fill what is left open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from crawler.extract.dates import StatedDate
from timeline.issues import Issue
from timeline.keys import canonical
from timeline.names import resolve
from timeline.notices import Notice, Status, SubjectKind, status_on

Place = tuple[tuple[str, ...], tuple[str, ...]]  # headings and labels above

STATUS_TABLE, TABLE, LIST, SENTENCE = range(4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What one row, list entry or sentence says of one subject. Empty fields are not stated there."""

    name: str
    kind: SubjectKind = "model"
    label: str = ""
    status: Status | None = None  # what the label means
    section: Status | None = None  # what the heading or the table above means
    stage: str | None = None
    announced: str | None = None
    legacy: str | None = None
    deprecates: StatedDate | None = None
    retires: StatedDate | None = None
    replacements: tuple[str, ...] | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    entry: str | None = None  # the day of the announcement it is part of
    rank: int = SENTENCE
    broad: bool = False  # the name is a family's or a display name
    doubtful: bool = False  # it states a day that cannot be understood
    refuted: bool = False  # by itself: no word of it is believed
    place: Place = ((), ())
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes two statements be about the same subject."""
        return canonical([self.kind, " ".join(self.name.casefold().split()), dict(self.scope)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """What a page says, subject by subject. `doubtful` are the subjects of which it cannot be understood.

    Of those only what is in words is sure: a status beside a day that no calendar has.
    """

    sure: Sequence[Notice]
    doubtful: Sequence[Notice]
    issues: Sequence[Issue]


def notices(statements: Sequence[Statement], provider: str, at: datetime) -> Noticed:
    """One notice for each subject, in the order of the page, and what contradicts itself."""
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.key, []).append(statement)
    made: list[Notice] = []
    issues: list[Issue] = []
    doubts: list[bool] = []
    worded: list[bool] = []
    for group in groups.values():
        chosen, found = _merge(group)
        issues += found
        made.append(_notice(chosen, provider, at.date()))
        against = _against_itself(chosen, at.date())
        issues += against
        doubts.append(bool(against) or _is_doubtful(group))
        worded.append(not any(each.refuted for each in group) and _is_worded(chosen))
        issues += _replaced_by_itself(made[-1])
    whole = [_without_self(notice) for notice in _identified(made, provider)]
    told = zip(whole, doubts, worded, strict=True)
    return Noticed(
        sure=[notice for notice, doubted, in_words in told if in_words or not doubted],
        doubtful=[notice for notice, doubted in zip(whole, doubts, strict=True) if doubted],
        issues=issues,
    )


def _against_itself(chosen: Statement, day: date) -> list[Issue]:
    """A status in words that its own day excludes: retired before that, or still active after it."""
    ends, said = chosen.retires, chosen.status or chosen.section
    if ends is None or ends.qualifier != "on":
        return []
    early, late = said == "retired" and ends.first > day, said == "active" and _is_labelled(chosen) and ends.last < day
    if not early and not late:
        return []
    message = f"{chosen.name} is said to be {said} and to end on {ends.value}, looked at on {day}; neither is taken"
    return [Issue(code="contradiction", message=message, locator=chosen.locator)]


def _is_worded(chosen: Statement) -> bool:
    """Whether a status stands there in words, and no day."""
    return chosen.retires is None and bool(chosen.status or chosen.section)


def _is_doubtful(group: Sequence[Statement]) -> bool:
    """Whether something that is not understood is said of a subject, and nothing of more weight gives its end."""
    return any(
        (doubt.doubtful or doubt.refuted) and not any(_outweighs(other, doubt) for other in group) for doubt in group
    )


def _outweighs(one: Statement, doubt: Statement) -> bool:
    """A labelled table's word, and a later one: what is undated is of today."""
    if one.doubtful or one.refuted:
        return False
    if one.retires is None:  # an end that is called off, and a table that says so too
        return doubt.refuted and one.rank == STATUS_TABLE and one.status == "active"
    labelled = one.rank == STATUS_TABLE != doubt.rank
    return labelled or (doubt.entry is not None and (one.entry is None or one.entry > doubt.entry))


def _merge(group: Sequence[Statement]) -> tuple[Statement, list[Issue]]:
    ordered = [statement for _, statement in sorted(enumerate(group), key=lambda each: _authority(*each))]
    chosen = ordered[0]
    for other in ordered[1:]:
        chosen = _filled(chosen, other)
    first = ordered[0]
    issues = []
    for other in ordered[1:]:
        same = other.entry == first.entry or first.rank == STATUS_TABLE
        if same and _firm(other) and _firm(chosen) and not _agree(_firm(other), _firm(chosen)):
            says = f"{first.locator} says {_firm(chosen)}, {other.locator} says {_firm(other)}"
            message = f"{first.name}: {says}; the first counts"
            issues.append(Issue(code="contradiction", message=message, locator=other.locator))
    return chosen, issues


def _authority(order: int, statement: Statement) -> tuple[bool, bool, str, int, int]:
    entry = statement.entry or ""
    newest_first = "".join(chr(255 - ord(letter)) for letter in entry)
    return statement.rank != STATUS_TABLE, bool(entry), newest_first, statement.rank, order


def _filled(chosen: Statement, other: Statement) -> Statement:
    """`chosen` with what it leaves open and `other` states. Words of an older announcement are no status of today."""
    fields = ("stage", "announced", "legacy", "deprecates", "replacements")
    missing = {name: getattr(other, name) for name in fields if getattr(chosen, name) is None}
    same_time = not (chosen.entry and other.entry) or chosen.entry == other.entry
    if same_time and chosen.status is None and other.status is not None:
        missing |= {"status": other.status, "label": other.label}
    if same_time and chosen.section is None:
        missing |= {"section": other.section, "label": missing.get("label") or chosen.label or other.label}
    if chosen.retires is None:
        missing["retires"] = other.retires
    elif other.retires and other.entry == chosen.entry and other.rank == chosen.rank and not _is_labelled(chosen):
        missing["retires"] = _earlier(chosen.retires, other.retires)
    return replace(chosen, **missing)


def _earlier(one: StatedDate, two: StatedDate) -> StatedDate:
    """Of two dates a page gives the same subject the firm one, else the earlier one."""
    floors = one.qualifier == "not_before", two.qualifier == "not_before"
    if floors[0] != floors[1]:
        return two if floors[0] else one
    return min(one, two, key=lambda each: each.first)


def _notice(statement: Statement, provider: str, day: date) -> Notice:
    retires, deprecates = statement.retires, statement.deprecates
    floor = retires.value if retires and retires.qualifier == "not_before" else None
    firm = _firm(statement)
    starts = deprecates.value if deprecates and deprecates.qualifier != "not_before" else None
    labelled = _is_labelled(statement)
    notice = Notice(
        provider=provider,
        subject_kind=statement.kind,
        model=statement.name,
        status=_status(statement, day),
        label=statement.label,
        labelled=labelled,
        release_stage=statement.stage,
        announced_on=statement.announced or statement.legacy,
        deprecates_on=starts,
        retires_on=firm,
        not_before=floor,
        replacements=statement.replacements or (),
        scope=dict(statement.scope),
        locator=statement.locator,
    )
    return replace(notice, status=status_on(notice, day))


def _status(statement: Statement, day: date) -> Status:
    """By label, else section, else the dates to come; `status_on` then lets passed dates win over what is no label."""
    firm, today = _firm(statement), day.isoformat()
    ahead = firm is not None and firm > today[: len(firm)]
    if statement.status and _is_labelled(statement):
        return statement.status
    begun = bool(statement.legacy) and str(statement.legacy) <= today
    if "retired" in (statement.status, statement.section if statement.status is None else None):
        return "deprecated" if ahead else "retired"
    if statement.status or statement.section:
        return statement.status or statement.section or "active"
    if begun and statement.deprecates is None:
        return "legacy"
    if statement.deprecates is not None:
        return "legacy" if begun else "active"
    return "deprecated" if firm else "active"


def _is_labelled(statement: Statement) -> bool:
    """Whether the status is the page's own word in a column for it, so that no date overrules it."""
    return statement.rank == STATUS_TABLE and statement.status is not None


def _firm(statement: Statement) -> str | None:
    retires = statement.retires
    return retires.value if retires and retires.qualifier != "not_before" else None


def _agree(one: str | None, two: str | None) -> bool:
    """A month agrees with each of its days."""
    length = min(len(one or ""), len(two or ""))
    return (one or "")[:length] == (two or "")[:length]


def _identified(made: Iterable[Notice], provider: str) -> list[Notice]:
    """With the ids of the models: what is printed as one, else by the registry unless that id is taken."""
    found = [replace(notice, model_id=notice.model) if _is_printed_id(notice) else notice for notice in made]
    taken = {notice.key for notice in found if notice.model_id}
    done = []
    for notice in found:
        if notice.model_id is None and notice.subject_kind == "model":
            named = replace(notice, model_id=resolve(provider, notice.model))
            if named.model_id and named.key not in taken:
                taken.add(named.key)
                notice = named  # noqa: PLW2901
        done.append(notice)
    return done


def _is_printed_id(notice: Notice) -> bool:
    return notice.subject_kind == "model" and " " not in notice.model


def _replaced_by_itself(notice: Notice) -> list[Issue]:
    if notice.model not in notice.replacements:
        return []
    message = f"{notice.model} is said to be replaced by itself; left out"
    return [Issue(code="replaced_by_itself", message=message, locator=notice.locator)]


def _without_self(notice: Notice) -> Notice:
    others = tuple(name for name in notice.replacements if name not in (notice.model, notice.model_id))
    return replace(notice, replacements=others)
