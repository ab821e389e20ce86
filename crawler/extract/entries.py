"""Entries of lists: a name, perhaps with something said of it, under a line or a title that says the rest."""

import re
from dataclasses import replace

from crawler.extract import claim_subjects, claims
from crawler.extract.alternatives import instead
from crawler.extract.claim_subjects import Claim
from crawler.extract.leads import HEAD, Lead, in_note, unmarked
from crawler.extract.mentions import DATE, NAME, Masked
from crawler.extract.schedules import Surroundings
from crawler.extract.statuses import WORN, is_end
from crawler.extract.subjects import is_id

_POSTPONED = re.compile(  # of one entry of a list that has a day of its own: with the new day, or none
    r"^\W*(?:(?:it|now|date|deadline|shut ?down|retirement|removal|has|been|was|is)\W+){0,4}"
    r"(?:(?:moved|postponed|delayed|extended|rescheduled|pushed|deferred)\b(?: back| out)?"
    r"(?: (?:to|until|till) \x03(\d+)\x04|(?=\W*$|\W+indefinitely|\W+until further))"
    r"|(?:cancell?ed|called off|reversed)\b)",
    re.I,
)


def read(whole: Masked, around: Surroundings, lead: Lead | None, *, deprecation_ends: bool) -> Claim | None:
    """What an entry claims of the names it begins with; None where it is no such entry."""
    split = HEAD.search(whole.text)
    head, tail = (whole.text[: split.start()], whole.text[split.end() :]) if split else (whole.text, "")
    others = instead(whole, tail)
    note = in_note(whole, tail)
    if around.section in WORN and re.fullmatch(rf"[\s(（]*{DATE}[\s)）.]*", tail or bracketed(whole.text)):
        day = whole.dates[0]  # "acme-1 (August 31, 2026)" under "Retiring soon"
        note = replace(note, retires=day) if is_end(around.words) else replace(note, deprecates=day)
    if around.ends and is_end(" ".join(around.place[0])) and _is_bare(whole, tail, others):
        day = next((each for each in whole.dates if each.value.startswith(around.ends.value[:7])), around.ends)
        note = Claim(status="deprecated", retires=day)  # "acme-1 (Dec 1)" under "December 2026" in a calendar of ends
    if not (lead or others or note.retires or note.deprecates) and around.section not in WORN:
        return None
    claim = claim_subjects.subject(whole, head)
    if claim and claim.kind == "feature" and not lead:
        return None
    if (claim is None or not claim.names) and lead and not lead.strict:
        claim = unmarked(whole, head)
    if claim is None or not claim.names:
        return None
    said = claims.read(replace(whole, text=f"it {tail}"), deprecation_ends=deprecation_ends)
    own = next((each for each in said if each.status), note)
    claim = replace(_completed(claim, own, lead), replacements=others or (lead.claim.replacements if lead else None))
    return _put_off(claim, whole, tail or bracketed(whole.text))


def _is_bare(whole: Masked, tail: str, others: tuple[str, ...]) -> bool:
    """Whether an entry is names with nothing but a day in brackets and what replaces them."""
    rest = re.sub(rf"[(（]\s*{DATE}\s*[)）]|{NAME}|{DATE}", " ", whole.text)
    return bool(re.fullmatch(r"[\s,，、;→>-]*", rest)) or bool(others and not re.search(r"\w", rest.replace(tail, "")))


def _completed(claim: Claim, own: Claim, lead: Lead | None) -> Claim:
    """An entry's claim with what the rest of the entry and the line above the list say."""
    given = lead.claim if lead else Claim()
    kind = lead.kind if lead and claim.kind == "model" and not is_id(claim.names[0]) else claim.kind
    return replace(
        claim,
        kind=kind,
        status=own.status or given.status,
        label=own.label or given.label,
        deprecates=own.deprecates or given.deprecates,
        retires=own.retires or given.retires,
    )


def _put_off(claim: Claim, whole: Masked, note: str) -> Claim:
    """An entry's claim where its note says that for this one the day is another, or that it will not happen."""
    off = _POSTPONED.search(note)
    if off is None:
        return claim
    if off[1]:
        return replace(claim, retires=whole.dates[int(off[1])])
    return claim if re.search(DATE, note) else replace(claim, unclear="called off, or put off to no day that is stated")


def bracketed(text: str) -> str:
    """What stands in brackets at the end."""
    found = re.search(r"[(（][^()（）]*[)）]\s*$", text)
    return found[0] if found else ""
