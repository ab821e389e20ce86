"""The unit that follows an amount: "/ 1M tokens", "HT/heure", "per 768P, 6s video"."""

import re

from crawler.extract.units import Unit, find_units, scaled

_SIZED = re.compile(
    r"(?:/|per\b)\s*(?P<size>(?:[\w/-]+[ ,]+){0,4}?)(?P<noun>videos?|music|songs?|images?|clips?)\b", re.I
)
_COUNTED = re.compile(r"(?:/|per\b)\s*(?:(?P<n>1|1,000|1000|1,000,000)\s?)?(?P<s>[MKk]|million|thousand)?(?![\w,.])")
_OF_KIND = re.compile(r"\s*\([A-Za-z][A-Za-z -]{0,20}\)(?=\s*(?:/|per\b))")  # "$0.05 (HD) per image"
_TAX = re.compile(
    r"^\s*\(?(?:HT|H\.T\.|HTVA|TTC|"
    r"(?:excl?|incl)\.? (?:VAT|tax)|ex[. ]VAT|\+ ?VAT|net|netto|brutto)\)?(?=\s*/|\s*per\b)",
    re.I,
)
_ONE_SIDE = re.compile(
    r"\s*(?:for )?(?:cached )?(?:inputs?|outputs?|in|out)(?: tokens?)?,?\s*", re.I
)  # "$2 out per 1M tokens"


def unit_after(tail: str) -> tuple[Unit | None, str, str]:
    """The unit that follows an amount at once, its words, and the words after it."""
    tail = _TAX.sub(" ", tail, count=1)
    found = find_units(tail)
    if found and found[0].led and not tail[: found[0].start].strip(" (,"):
        return found[0].unit, tail[: found[0].end].strip(), tail[found[0].end :]
    if found and found[0].led and _ONE_SIDE.fullmatch(tail[: found[0].start]):
        return found[0].unit, tail[found[0].start : found[0].end], tail[: found[0].start] + tail[found[0].end :]
    if kind := _OF_KIND.match(tail):
        unit, phrase, rest = unit_after(tail[kind.end() :])
        return unit, phrase, f"{kind[0]} {rest}" if unit else tail
    stripped = tail.lstrip()
    implied = find_units(f"/{stripped}") if re.match(r"[A-Za-z0-9]", stripped) else ()
    lent = implied and implied[0].unit.name == "credit"  # "$10 credits" is money to spend, no price of a credit
    if implied and not lent and implied[0].start == 0 and not re.match(r"\s*\d", tail):
        end = implied[0].end - 1
        return implied[0].unit, stripped[:end], stripped[end:]
    return _measured(stripped) or (None, "", tail)


def _measured(tail: str) -> tuple[Unit, str, str] | None:
    """Units with a size: "per 768P, 6s video", "/up-to-5 minutes music", "/ 1M": what is sized is kept as words."""
    sized = _SIZED.match(tail)
    if sized:
        unit = find_units(f"/{sized['noun']}")[0].unit
        return unit, sized[0], f"{sized['size'].strip(' ,')} {tail[sized.end() :]}"
    counted = _COUNTED.match(tail)
    if counted and (counted["n"] or counted["s"]):
        unit = Unit(per=scaled(counted["n"] or "1", counted["s"]), name="")
        return unit, counted[0], tail[counted.end() :]
    return None
