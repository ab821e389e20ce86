"""What the name of an Azure meter says: "gpt 4o 0806 Batch cd Inp Data Zone Tokens". Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from timeline.prices import Conditions

_SAYS: Mapping[str, str] = {  # a printed word: what it says
    **dict.fromkeys(("gl", "glb", "glbl", "global"), "scope:global"),
    **dict.fromkeys(("dz", "dzn", "dzone", "datazone"), "scope:data zone"),
    **dict.fromkeys(("rg", "rgnl", "regn", "regnl", "regional"), "scope:regional"),
    **dict.fromkeys(("in", "inp", "inpt", "input"), "direction:input"),
    **dict.fromkeys(("out", "outp", "outpt", "opt", "output"), "direction:output"),
    **dict.fromkeys(("cd", "cchd", "cched", "ccchd", "cached"), "cache:read"),
    "wr": "cache:write",
    "batch": "tier:batch",
    "pp": "tier:priority",
    **dict.fromkeys(("ft", "rft"), "fine_tuned:yes"),
    **dict.fromkeys(("trng", "training"), "billed:training"),
    **dict.fromkeys(("hstng", "hosting", "deployment"), "billed:hosting"),
    **dict.fromkeys(("grdr", "grader"), "tool:grader"),
    **dict.fromkeys(("mdl", "mdel", "tkn"), "nothing:"),
    "az": "nothing:",
    "shortco": "variant:short context",
    "longco": "variant:long context",
    "dev": "plan:developer",
    **dict.fromkeys(("txt", "text"), "modality:text"),
    **dict.fromkeys(("aud", "audio"), "modality:audio"),
    **dict.fromkeys(("img", "image"), "modality:image"),
}
_OF_PICTURES: Mapping[str, str] = {
    "hd": "quality:hd",
    "std": "quality:standard",
    "highres": "resolution:high",
    "lowres": "resolution:low",
    "sq": "shape:square",
}
_UNITS: Mapping[str, tuple[str, str]] = {  # the last word: the unit, and the meter where the name says no direction
    "tokens": ("token", "tokens"),
    "characters": ("character", "character"),
    "images": ("image", "image"),
    "second": ("second", "video_second"),
    "video": ("second", "video_second"),
    "calls": ("call", "tool_call"),
    "search": ("search", "rerank"),
    "session": ("session", "session"),
    "pages": ("page", "page"),
    "gb": ("GB", "storage"),
    "unit": ("unit", "duration"),
    "units": ("unit", "duration"),
    "overage": ("unit", "duration"),
}
_MEASURES: Mapping[str, tuple[int, str]] = {
    "1": (1, ""),
    "100": (100, ""),
    "1k": (1000, ""),
    "1m": (1_000_000, ""),
    "1 second": (1, ""),
    "1 hour": (1, "hour"),
    "1/hour": (1, "hour"),
    "1/day": (1, "day"),
    "1/month": (1, "month"),
    "1 month": (1, "month"),
    "1 year": (1, "year"),
}


_TOGETHER = {  # words that say something only together
    r"\bdata zone\b": "datazone",
    r"\b(high|low) res\b": r"\1res",
    r"\bmo?de?l grader\b": "grader",
    r"\bfine[ -]?tuned\b": "ft",
}
_CONDITIONS = ("scope", "tier", "fine_tuned", "tool", "variant", "plan", "quality", "resolution", "shape", "duration")
_NAMED = {"scope": "region_scope", "tier": "service_tier"}
_WORD = re.compile(r"\d+-\d+s\b|[^\s-]+")


@dataclass(frozen=True, kw_only=True)
class Metered:
    """A meter's name in its parts."""

    model: str
    meter: str
    per: Decimal
    unit: str
    conditions: Conditions = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Word:
    """One word of a name with the sign before it and what it says, if it says something."""

    text: str
    before: str
    kind: str = ""
    value: str = ""


def read_meter(name: str, measure: str) -> Metered | None:
    """The parts of a meter's name; None where its last word or its measure is none that is known here."""
    texts = _WORD.findall(name)
    last = texts[-1].lower() if texts else ""
    if last not in _UNITS or measure.lower() not in _MEASURES:
        return None
    words = _with_modality(_words(name[: name.rindex(texts[-1])], pictures=last in ("images", "video", "second")))
    said = {word.kind: word.value for word in words if word.kind}
    model = "".join(_sign(words, index) + word.text for index, word in enumerate(words) if not word.kind).strip(" -")
    meter, unit = _metered(said, last, model.lower() or name.lower())
    per, time = _MEASURES[measure.lower()]
    conditions: dict[str, str | int] = {_NAMED.get(kind, kind): said[kind] for kind in _CONDITIONS if said.get(kind)}
    if meter in ("cache_read", "cache_write", "embedding") and said.get("modality") in ("audio", "image"):
        conditions["modality"] = said["modality"]
    timed = time if unit == "unit" and meter != "unit_hour" else f"{unit}-{time}"
    return Metered(
        model=model or name, meter=meter, per=Decimal(per), unit=timed if time else unit, conditions=conditions
    )


def _words(text: str, *, pictures: bool) -> list[_Word]:
    """The words of a name; words that were glued together ("PrvwTxtInp", "txt1217") are taken apart."""
    for pattern, word in _TOGETHER.items():
        text = re.sub(pattern, word, text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-z])(?=(?:Txt|Aud|Inp|Outp)(?![a-z]))", " ", text)
    text = re.sub(r"(?i)\b(txt|aud)(?=\d{4}\b)", r"\1 ", re.sub(r"\b1M\s*$", "", text))
    says = {**_SAYS, **(_OF_PICTURES if pictures else {"std": "nothing:"})}
    words, end = [], 0
    for match in _WORD.finditer(text):
        word = match[0]
        kind, _, value = says.get(word.lower(), ":").partition(":")
        if pictures and re.fullmatch(r"\d+p|\d+-\d+s", word):
            kind, value = ("resolution" if word.endswith("p") else "duration"), word
        words.append(_Word(text=word, before=text[end : match.start()], kind=kind, value=value))
        end = match.end()
    return words


def _with_modality(words: Sequence[_Word]) -> list[_Word]:
    """Words for a modality are part of the name ("gpt img 1.5") except the one that stands by the direction.

    In the names of realtime models ("gpt rt aud 0828 Inp") it stands before the version.
    """
    spoken = [word for word in words if word.kind in ("", "modality", "direction")]
    where = next((index for index, word in enumerate(spoken) if word.kind == "direction"), len(spoken))
    near = sorted((abs(index - where), index) for index, word in enumerate(spoken) if word.kind == "modality")
    chosen = spoken[near[0][1]] if near and near[0][1] > 0 else None
    if chosen is not None and near[0][0] > 1:
        earlier = spoken[near[0][1] - 1].text.lower()
        chosen = chosen if earlier in ("rt", "realtime") else None
    told = chosen or next((word for word in spoken if word.kind == "modality" and word.value == "audio"), None)
    out = [word if word.kind != "modality" or word is chosen else _plain(word) for word in words]
    return out if told is None else [*out, _Word(text="", before="", kind="modality", value=told.value)]


def _plain(word: _Word) -> _Word:
    return _Word(text=word.text, before=word.before)


def _sign(words: Sequence[_Word], index: int) -> str:
    """What stands between a word of the name and the one before it; a blank where words were left out between."""
    return words[index].before if index and not words[index - 1].kind else " "


def _metered(said: Mapping[str, str], last: str, model: str) -> tuple[str, str]:
    """The meter and the unit without its time."""
    unit, meter = _UNITS[last]
    if said.get("billed") == "hosting" or (unit == "unit" and ("provisioned" in model or "standard" in model)):
        meter = "unit_hour"
    elif said.get("billed") == "training":
        meter = "training"
    elif cache := said.get("cache"):
        meter = f"cache_{cache}"
    elif unit == "token" and (direction := said.get("direction")):
        modality = said.get("modality", "text")
        meter = direction if modality == "text" else f"{direction}_{modality}"
    elif unit == "token" and "embed" in model:
        meter = "embedding"
    elif unit == "token" and said.get("fine_tuned"):
        meter = "training"
    return meter, unit
