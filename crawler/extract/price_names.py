"""Whose price it is: the names in a cell without badges, remarks and validity dates; several where several stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.grids import Inline
from crawler.extract.units import fold
from crawler.extract.validities import read_validity

_BADGES = (
    r"new|updated?|recommended|popular|beta|preview|deprecated|legacy|hot|best value|coming soon"
    r"|limited(?:[- ]time)?(?: offer)?|default|retired[^()]*|limited availability|discontinued|experimental"
    r"|research preview|early access|now"
    r"|新品|推荐|热门|最新|限时|公测|内测|邀测|即将下线|已下线|旗舰|주요|도"
)
_BADGE_LINE = re.compile(rf"\W*(?:{_BADGES})\W*", re.I)
_GLUED = re.compile(r"(?<=[A-Za-z0-9.-])(?:新品|推荐|热门|最新|限时|公测|内测|邀测)+$")
_TRAILING = re.compile(r"(?<=[\w)])\s+(?:new|hot|popular|recommended|updated)!?$", re.I)  # that a flattener left
_REMARK = re.compile(
    rf"\s*[(\[]\s*(?:(?:{_BADGES})(?:\s*[,;].*?)?|(?:deprecated|retired|retiring|retires|legacy|sunset\w*"
    r"|until|available until).*?|(?:previously|formerly|see) .*?"
    r"|\d{1,2}|\*+)\s*[)\]]",
    re.I,
)
_MARKS = re.compile(r"(?<=[\w)])\s*(?:\*{1,3}|[†‡§¹²³⁴⁵]+)+$")
_BRACKET = re.compile(r"\s*[(（]([^()（）]*)[)）]")
_BOUND = re.compile(r"\s(?:<=|>=|=<|=>|<|>|≤|≥)\s*\d.*$")
_QUOTED = re.compile(r"\s>\s+[A-Za-z\u4e00-\u9fff].*$")  # a remark that a converter marked as a quotation
_EVERY = re.compile(r"all(?: (?:other )?(?:models?|tools?))?|any(?: model)?|所有模型|全部模型|全部|通用", re.I)
_VAGUE = re.compile(r"\b(?:earlier|later|other|older|newer|all|any|and up|and above|models?)\b", re.I)
_PART = re.compile(
    r"(?:\b(?:storage|tool|calls?|tokens?|inputs?|outputs?|usage|requests?|session|sessions|"
    r"runtime|hours?|queries|hosting|training|inference"
    r"|base|standard|overview|fee|fees|price|pricing|cost|costs|overage|additional|text|per|the|of)\b|\W)+",
    re.I,
)
_TWICE = re.compile(
    r"(([a-z][\w.-]*?)(?:-latest)?)\2-\d[\w.-]*"
)  # an alias and its snapshot, glued: gpt-4ogpt-4o-2024-08-06
_SNAPSHOT = re.compile(r"-(?:latest|20\d\d-?\d\d(?:-?\d\d)?)")
_ID = re.compile(r"^@?[A-Za-z][\w.:/@+-]*\d[\w.:/@+-]*$|^[a-z][a-z0-9]*(?:-[a-z0-9.]+)+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One thing that is priced: its name as printed, and what its cell says besides."""

    name: str
    conditions: Conditions = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    qualifier: str | None = None


def read_subjects(cell: Inline, *, at: date, scale: int = 1) -> tuple[Subject, ...]:
    """The subjects of a cell; none where it is empty."""
    lines = _lines(_without_id(cell))
    names = _split(lines) if lines else []
    return tuple(_one(name, at, scale) for name in names if re.search(r"[^\W\d_]", name))


def is_everything(text: str) -> bool:
    """Whether a cell names no model in particular ("all models")."""
    return _EVERY.fullmatch(fold(text).strip(" .*")) is not None


def is_id(text: str) -> bool:
    """Whether a text looks like a model's id: one word with figures or hyphens."""
    return _ID.match(text.strip()) is not None


def plain_name(text: str) -> str:
    """A name in one line, without marks and badges."""
    text = " ".join(_MARKS.sub("", text.strip()).split())
    if twice := _TWICE.fullmatch(text):
        text = twice[1]
    text = _TRAILING.sub("", text)
    text = re.sub(r"(?<=\d)(?=with\b)", " ", _GLUED.sub("", _REMARK.sub("", text)))
    return text.strip(" :：•·|")


def composed(name: str, parents: Iterable[str]) -> str:
    """A name that says nothing by itself ("Storage", "Session runtime") behind that of the nearest group that does."""
    if not _PART.fullmatch(name) and not is_everything(name):
        return name
    for parent in parents:
        group = re.sub(r"\s*\b(?:pricing|prices?|costs?|rates?|fees?)$", "", plain_name(parent), flags=re.I)
        if group and not _PART.fullmatch(group) and group.lower() != name.lower():
            if is_everything(name):
                return group
            return f"{group} {name[0].lower()}{name[1:]}"
    return name


def _without_id(cell: Inline) -> Inline:
    """A name without the id that is set as code behind it: "Opal 4 `opal-4`"."""
    code = cell.code[0] if len(cell.code) == 1 else ""
    named = re.sub(rf"\s*\(?{re.escape(code)}\)?$", "", cell.text) if code else ""
    again = is_id(code) or named.lower() == code  # "CPU `cpu`"
    titled = re.match(r"(?:\d+x )?[A-Z][^a-z]*[A-Za-z]", named)
    return replace(cell, text=named) if again and named != cell.text and titled else cell


def _lines(cell: Inline) -> list[str]:
    text = cell.text
    for badge in cell.badges:
        known = _BADGE_LINE.fullmatch(badge) or is_id(text.removesuffix(badge))
        if known and badge != text:
            text = re.sub(rf"(?<!\w){re.escape(badge)}(?!\w)", "", text, count=1)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and [link.text for link in cell.links] == lines[:1]:
        return lines[:1]  # the name leads to its page; what stands below describes it
    return [line for line in lines if not _BADGE_LINE.fullmatch(line)] or lines


def _split(lines: list[str]) -> list[str]:
    """One name a line where every line is one; else one name, its explanation left out; else its parts."""
    if len(lines) == 2 and is_id(lines[1]) and not is_id(lines[0]) and _loose(lines[0]) == _loose(lines[1]):
        return [lines[0]]  # a name, and its id under it
    if len(lines) == 2 and is_id(lines[0]) and _SNAPSHOT.fullmatch(lines[1].removeprefix(lines[0])):
        return [lines[0]]  # an id, and what it points to under it
    bulleted = all(re.match(r"[•·*-]\s", line) for line in lines)
    plain = [re.sub(r"^[•·*-]\s+", "", line) for line in lines]
    if len(plain) == 1:
        return _parts(plain[0])
    if bulleted or all(_like(plain[0], line) for line in plain[1:]):
        return [name for line in plain for name in _parts(line)]
    if is_id(plain[0]) and not any(is_id(line) for line in plain[1:]):
        return [plain[0]]
    return [" ".join(plain)]


def _loose(name: str) -> str:
    return re.sub(r"[^a-z0-9]|^(?:[\w-]+/)", "", name.lower())


def _like(first: str, other: str) -> bool:
    """Whether two lines are names of one family, or both ids."""
    if is_id(first) and is_id(other):
        return True
    one, two = re.match(r"[A-Za-z]+", first), re.match(r"[A-Za-z]+", other)
    return bool(one and two and one[0].lower() == two[0].lower() and re.search(r"\d", other) and len(other) < 60)


def _parts(line: str) -> list[str]:
    """The names of "Opus 5 / Opus 4.8", "A 1, A 2 and A 3"; one name where the parts are no names of their own."""
    if versions := re.fullmatch(r"(.*[^\d.])(\d+(?:\.\d+)?)((?:\s+/\s+\d+(?:\.\d+)?)+)", line):
        return [versions[1] + version for version in (versions[2], *re.findall(r"[\d.]+", versions[3]))]
    shielded = re.sub(r"\([^()]*\)", lambda match: match[0].replace(",", "\0"), line)
    for separator in (r"\s+/\s+", r"\s*(?:,|;|、)\s*(?:and\s+)?|\s+(?:and|&)\s+"):
        parts = [part.replace("\0", ",").strip() for part in re.split(separator, shielded) if part.strip()]
        named = len(parts) > 1 and re.search(r"\d", parts[0]) and all(_like(parts[0], part) for part in parts[1:])
        if named and not any(_VAGUE.search(part) for part in parts):
            return parts
    return [line]


def _one(text: str, at: date, scale: int) -> Subject:
    validity = read_validity(text, at=at)
    dated = validity.first or validity.last
    name = plain_name(_BRACKET.sub(_undated, validity.rest) if dated else validity.rest)
    conditions: Conditions = {}
    for found in reversed(list(_BRACKET.finditer(name))):
        read = read_conditions(found[1], scale=scale)
        if read.found and not read.rest:
            conditions = read.found | conditions
            name = f"{name[: found.start()]} {name[found.end() :]}"
    name = _QUOTED.sub("", name)
    if bound := _BOUND.search(name):
        read = read_conditions(bound[0], scale=scale)
        if read.found and not read.rest:
            conditions |= read.found
            name = name[: bound.start()]
    name = " ".join(name.split()).strip(" ,:")
    subject = Subject(name=name, conditions=conditions, first=validity.first, last=validity.last)
    return replace(subject, qualifier=validity.qualifier) if validity.qualifier else subject


def _undated(bracket: re.Match[str]) -> str:
    """A bracket that a validity was taken from says the rest of a promotion, not of a name."""
    return "" if re.search(r"[,,;]\s*$|限时|折|promo|discount|intro", bracket[1], re.I) else bracket[0]
