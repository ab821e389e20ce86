"""Names of laws, regulations and orders in a text: those that are known, and those that are named like one."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

_WORD = r"(?:[A-Z][\w'’&-]*|\([A-Z][\w '’&-]*\)|AI)"
_JOINT = r"(?:\s(?:and|of|on|the|for|in|to|with)){0,2}\s"
_KINDS = r"Act|Regulations?|Directive|Law|Rules?|Order|Ordinance|Code|Decree|Standard|Framework Act"
_NUMBERED = (
    r"(?:Regulation|Directive|Decision) \(E[UC]\) (?:No\.? )?\d{2,4}/\d{1,4}",
    r"(?:FMVSS|Federal Motor Vehicle Safety Standard)s? (?:No\.? ?)?\d{3}[a-z]?",
    r"\b\d{1,2} C\.?F\.?R\.? (?:[Pp]arts? )?\d{1,4}(?:\.\d+)?",
    r"\bExecutive Order (?:No\.? )?\d{4,6}",
    r"\bPublic Law \d{2,3}-\d{1,4}",
    r"\bUN Regulation No\.? ?\d{1,3}",
    r"\b(?:Standing )?General Order \d{4}-\d{2}",
    r"\b(?:SB|AB|HB|S\.B\.|A\.B\.|H\.B\.|Senate Bill|Assembly Bill|House Bill) ?\d[\d-]{0,8}",
    r"\b(?:ISO|IEC|ISO/IEC|UL|BS|EN)(?:/[A-Z]+)? \d{3,5}(?:-\d+)?(?::\d{4})?",
)
_NUMBERS = re.compile("|".join(_NUMBERED))
_NAMED = re.compile(
    rf"(?:{_WORD}{_JOINT}){{1,9}}?(?:{_KINDS})\b(?! (?:Committee|Panel|Office|Board|Commission|Register))"
    rf"(?:,? (?:of )?(?:19|20)\d\d\b)?(?: \((?:EU|EC)\) (?:No )?\d{{2,4}}/\d{{1,4}})?"
)
_LEAD = re.compile(r"^(?:(?:The|This|These|That|Under|In|For|When|If|As|By|Its|Our|New|Final|EU|U\.S\.|UK)\s)+")
_BARE = re.compile(
    rf"(?:(?:Enforcement|Final|Interim|General|Executive|Delegated|Implementing|Framework|Basic|Amended|Presidential"
    rf"|Federal|State|Amending|Proposed)\s)*(?:{_KINDS})s?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """An instrument in a text: the name it goes by, and where it stands."""

    name: str
    start: int
    end: int


def instruments(text: str, jurisdiction: str) -> tuple[Named, ...]:
    """The instruments that a text names, in order. A bare `Act` or `Rule` names none; neither does a Bill."""
    found: dict[tuple[int, int], Named] = {}
    for match in _known(jurisdiction).finditer(text):
        found[match.span()] = Named(name=_names(jurisdiction)[_folded(match[0])], start=match.start(), end=match.end())
    for match in (*_NUMBERS.finditer(text), *_NAMED.finditer(text)):
        name = _LEAD.sub("", match[0])
        start = match.end() - len(name)
        if _BARE.fullmatch(name) or any(start < end and at < match.end() for at, end in found):
            continue
        canonical = _names(jurisdiction).get(_folded(name), name)
        found[start, match.end()] = Named(name=canonical, start=start, end=match.end())
    return tuple(found[span] for span in sorted(found))


def only(text: str, jurisdiction: str) -> str | None:
    """The one instrument that a text names; None where it names none, or several."""
    names = {one.name for one in instruments(text, jurisdiction)}
    return names.pop() if len(names) == 1 else None


@cache
def _registry() -> dict[str, dict[str, list[str]]]:
    file = resources.files("crawler.extract.rules") / "instruments.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _names(jurisdiction: str) -> dict[str, str]:
    """Every name of an instrument, folded, with the one it goes by; also those of the country of a state."""
    return {_folded(spelling): name for name, spelling in _spellings(jurisdiction)}


@cache
def _known(jurisdiction: str) -> re.Pattern[str]:
    spellings = sorted({spelling for _, spelling in _spellings(jurisdiction)}, key=len, reverse=True)
    if not spellings:
        return re.compile(r"(?!)")
    parts = "|".join(re.escape(spelling).replace(r"\ ", r"\s") for spelling in spellings)
    return re.compile(rf"(?<!\w)(?:{parts})(?![\w-])", re.I)


def _spellings(jurisdiction: str) -> Iterator[tuple[str, str]]:
    for place in dict.fromkeys((jurisdiction, jurisdiction.partition("-")[0])):
        for name, others in _registry().get(place, {}).items():
            yield from ((name, spelling) for spelling in (name, *others))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
