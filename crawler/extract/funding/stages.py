"""The stage of a round as its headline prints it. Pure."""

import re

from crawler.extract.funding.clauses import without_asides

_STAGE = re.compile(
    r"(?P<before>pre-)?\bseries[\s-]?(?P<letter>[A-H])(?:[-\s]?(?:\d|I{1,3})\b)?(?=\b|to\b)(?:\+)?|"
    r"\b(?P<pre>pre-?\s?seed)\b|\b(?P<seed>seed)\b(?!-stage|camp)",
    re.I,
)
_NO_SEED = re.compile(r"\bseed(?:s|ed|ing)?\s+(?:company|companies|startups?|producer|maker|bank|business|oil)", re.I)
_BACKGROUND = re.compile(
    r"(?:\bafter (?:raising|closing|securing|its|an?)\b|\bfollowing\b|\bprevious(?:ly)?\b|\bearlier\b|"
    r"\blast (?:year|month)\b|\b(?:days?|weeks?|months?|years?) (?:after|since)\b|"
    r"\bon the heels of\b|\bprior\b|\bbefore\b)",
    re.I,
)
_GRANT = re.compile(r"\bgrants?\b(?! (?:access|users?))", re.I)
ORDER = ("pre_seed", "seed", *(f"series_{letter}" for letter in "abcdefgh"))


def stage_in(text: str) -> str | None:
    """The latest stage a clause names, without stages of earlier rounds ("following a $15M Series A"); or None."""
    text = without_asides(text)
    if cut := _BACKGROUND.search(text):
        text = text[: cut.start()] if _STAGE.search(text[: cut.start()]) or cut.start() > 0 else text
    if _NO_SEED.search(text):
        return None
    found = [stage for match in _STAGE.finditer(text) if (stage := _stage(match))]
    return max(found, key=ORDER.index) if found else None


def is_grant(text: str) -> bool:
    """Whether the money is given, not invested."""
    return bool(_GRANT.search(text))


def _stage(match: re.Match[str]) -> str | None:
    if match["letter"]:
        return None if match["before"] else f"series_{match['letter'].lower()}"
    return "pre_seed" if match["pre"] else "seed"
