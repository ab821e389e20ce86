"""Lines that are names and a word for all of them: "Retired models: `a`, `b`", "Endpoints: `/v1/x`", "`a`, `b` (D)"."""

import re
from dataclasses import replace

from crawler.extract import claim_subjects
from crawler.extract.claim_subjects import Claim
from crawler.extract.grids import Inline
from crawler.extract.leads import in_note
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.schedules import Surroundings
from crawler.extract.statuses import WORN, is_end, section_status
from timeline.notices import SubjectKind

MAX_TITLE = 80  # characters of a line that names one model, or of a label before a colon
MAX_LISTED = 12  # things in one line
_COLON = re.compile(r"[:：]")
_MODELS = re.compile(r"(?:the )?(?:models?|snapshots?|versions?|模型)", re.I)
_THINGS = re.compile(
    r"(?:the )?(?:(?P<endpoint>endpoints?|apis?|接口)|(?P<feature>features?|parameters?|功能)|products?)", re.I
)
_AND = r"(?:\s|[,，、;；&]|and\b|和|及)*"
_RUN = re.compile(rf"(?:(?:{NAME}{_AND})+(?:[(（](?:all|both|on|in|since|\s)*(?:{DATE})?\s*[)）])?{_AND})+\.?", re.I)


def labelled(whole: Masked, inline: Inline, given: Claim | None) -> list[Claim]:
    """A line that is a status, a colon, and names; or what is named under a line that claims something (`given`)."""
    label, rest = _COLON.split(whole.text, maxsplit=1) if _COLON.search(whole.text) else ("", "")
    label = label.strip(" *")
    if given and (thing := _THINGS.fullmatch(label)):
        kind: SubjectKind = "endpoint" if thing["endpoint"] else "feature" if thing["feature"] else "product"
        return _things(whole, inline, replace(given, kind=kind, replacements=None))
    status = section_status(label) if label and len(label) <= MAX_TITLE else None
    if status not in WORN and not (given and _MODELS.fullmatch(label)):
        return []
    first, _, more = rest.partition(". ")
    named = claim_subjects.subject(whole, first.rstrip(" .。"))
    if named is None or not named.names or not whole.names:
        return []
    if given and status not in WORN:
        return [replace(given, names=named.names)]
    note = in_note(whole, more)  # "Deprecated: `a`. Sunset on D."
    return [replace(named, status=status, label=label, retires=note.retires, deprecates=note.deprecates)]


def _things(whole: Masked, inline: Inline, given: Claim) -> list[Claim]:
    """ "Endpoints: `/v1/x`, `/v1/y`", "Features: tuning of X" under a line that says what becomes of them."""
    printed = _COLON.split(whole.printed, maxsplit=1)[-1]
    codes = [code for code in inline.code if code in printed]
    names = codes or [name for each in re.split(r"[,，、;；]", printed) if (name := each.strip(" .。*"))]
    if not names or len(names) > MAX_LISTED or max(map(len, names)) > MAX_TITLE:
        return []
    return [replace(given, names=(name,)) for name in names]


def run_of_names(whole: Masked, around: Surroundings) -> list[Claim]:
    """Nothing but names under a title of status, days in brackets: "`a`, `b` (both June 1, 2026); `c` (D)"."""
    if around.section not in ("retired", "deprecated") or not whole.names or not _RUN.fullmatch(whole.text):
        return []
    found: list[Claim] = []
    for part in re.finditer(rf"((?:{NAME}{_AND})+)(?:[(（][^()]*?({DATE})?\W*[)）])?", whole.text):
        names, day = whole.names_in(part[1]), re.search(r"\d+", part[2] or "")
        named = claim_subjects.subject(whole, part[1])
        if named is None or named.names != names:
            continue
        ends = whole.dates[int(day[0])] if day else None
        retired = is_end(around.words)
        claim = replace(named, retires=ends if retired else None, deprecates=None if retired else ends)
        found.append(replace(claim, label=around.words))
    return found
