"""What lifecycle statements are about: the names in a cell, what kind of thing each is, and what is to replace it."""

import re

from crawler.extract.dates import find
from crawler.extract.grids import Inline
from timeline.notices import SubjectKind

_ID = re.compile(r"(?=[\w.:/@+=-]*[A-Za-z])(?=[\w.:/@+=-]*[\d/-])[A-Za-z0-9@/][\w.:/@+-]{0,119}", re.ASCII)
_MARKS = re.compile(r"^[\s*†‡§¹²³•·]+|[\s*†‡§¹²³]+$")
_VERSION = re.compile(r"v\d+(?:\.\d+)*", re.I)
_NONE = re.compile(
    r"(?:n/?a|none(?: (?:planned|yet|available|announced|needed|required))?|nil|no|tbd|tba|tbc|unknown"
    r"|pending|无|暂无|待定"
    r"|未定|なし|該当なし|없음|미정|해당 ?없음|aucune?|keine?[rs]?|ningun[oa]|-+|—+|–+|―+|−+|/|\.{2,3}|…|"
    r"|to be (?:determined|announced|confirmed|decided|defined|advised)"
    r"|not (?:applicable|available|announced|yet announced|set|scheduled)"
    r"|no (?:\w+ ){0,3}(?:announced|planned|scheduled|available|set|replacements?|alternatives?|successors?))",
    re.I,
)
_POINTER = re.compile(
    r"(?:(?:any|other|tentative|various|view|see|refer|read|check|contact|learn|visit|consult)(?![\w/.-])|请参|参考|详见|联系)",
    re.I,
)
_ACTION = re.compile(  # "Use X", "Migrate to X" where only X is asked for
    r"(?:please )?(?:use|try|(?:migrate|switch|move|upgrade) (?:over )?to)(?: the)? (?=\S)(?!.*\b(?:the|your|our)\b)",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:[,;|\n、，；]|\s(?:or|and|and/or|/)\s|或者?|以及)\s*(?:(?:or|and)\s)?", re.I)
_KINDS: tuple[tuple[SubjectKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(shape))  # type: ignore[misc]
    for kind, shape in (
        ("endpoint", r"^(?:(?:GET|POST|PUT|PATCH|DELETE) )?/\w[\w/{}.-]*$"),
        ("fine_tuning", r"(?i)\bfine[- ]?tun|\btuning\b|^ft[-:]|微调|精调"),
        ("feature", r"(?i)\bparameters?\b|\bfields?\b|参数"),
        (
            "endpoint",
            r"^(?:(?:GET|POST|PUT|PATCH|DELETE) )?/\w|^https?:|\bAPIs?\b|(?i:\bendpoints?\b)|^[\w-]+: *\w+=|接口",
        ),
        (
            "product",
            r"\b(?:SDKs?|UI|CLI|[Pp]layground|[Cc]onsole|[Dd]ashboard|[Pp]lug-?ins?|[Ii]ntegrations?|[Aa]pps?)\b"
            r"|(?:^|[-_ ])(?i:sdk|cli|client|plugin)(?:[-_ ]v?\d[\d.]*)?$"
            r"|\b(?:Python|Node(?:\.js)?|CUDA|TLS|SSL|iOS|Android|macOS|Windows|Ubuntu|Debian|Java|PHP|Ruby|PyTorch|TensorFlow"
            r"|Kubernetes)[ -]v?\d",
        ),
    )
)


def is_id(text: str) -> bool:
    """Whether a text can be what an API takes for a model: one word with a figure, a hyphen or a slash in it."""
    return bool(_ID.fullmatch(text))


def is_none(text: str) -> bool:
    """Whether a cell says that there is nothing to say: "N/A", "---", "None", "No date announced"."""
    return bool(_NONE.fullmatch(text.strip().rstrip(".").strip("()")))


def kind_of(name: str) -> SubjectKind:
    """What kind of thing a name names; a model unless something in it says otherwise."""
    return next((kind for kind, shape in _KINDS if shape.search(name)), "model")


def clean_name(text: str) -> str:
    """A name without footnote marks and wrapping."""
    return _MARKS.sub("", " ".join(text.split())).strip("`\"'“”").strip()


def names_in(inline: Inline) -> tuple[str, ...]:
    """The subjects of a cell: every code span, else every id, else the whole text."""
    text = inline.text
    for badge in inline.badges:
        text = text.replace(badge, " ")
    outside = text
    for code in inline.code:
        outside = outside.replace(code, " ")
    if inline.code and kind_of(outside) == "model":
        names = [clean_name(code) for code in inline.code]
    elif kind_of(text) != "model" or inline.code:
        names = [clean_name(text)]
    else:
        names = _plain_names(text)
    return tuple(dict.fromkeys(name for name in names if name and not is_none(name)))


def replacements_in(inline: Inline) -> tuple[str, ...]:
    """The alternatives that a cell offers, in its order; a pointer to a guide is none."""
    text = re.sub(r"[(（][^()（）]*[)）]", " ", inline.text) if not _named_in_brackets(inline) else inline.text
    text = re.sub(r"(?<=\w)\.$", "", text).strip()
    if asked := _ACTION.match(text):
        text = text[asked.end() :]
    if is_none(text) or ((dated := find(text)).dates and not dated.rest(text).strip(" ,")):
        return ()
    if inline.code:
        return _code_replacements(inline)
    found: list[str] = []
    for piece in _SPLIT.split(text):
        name = re.sub(r"^(?:please )?consider(?: using)? (?=\S)", "", clean_name(piece), flags=re.I)
        words = name.split()
        if len(words) > 1 and all(map(_jointed, words)):
            found += words
        elif len(words) > 1 and _strong_id(words[0]):
            found.append(words[0])
        elif name and not is_none(name) and not _POINTER.match(name) and len(name) <= 80:
            found.append(name)
    return tuple(dict.fromkeys(found))


def versioned(name: str, version: str) -> str:
    """A model and its version as one name."""
    if not version or is_none(version):
        return name
    return version if version.casefold().startswith(f"{name}-".casefold()) else f"{name}@{version}"


def _code_replacements(inline: Inline) -> tuple[str, ...]:
    names = [clean_name(code) for code in inline.code]
    text = inline.text
    found: list[str] = []
    at = 0
    for name in names:
        start = text.find(name, at)
        version = re.search(r"\bversion:?\s*$", text[at:start], re.I) if start >= 0 and found else None
        if version:
            found[-1] = versioned(found[-1], name)
        else:
            found.append(name)
        at = max(at, start + len(name))
    sure = [name for name in found if is_id(name)]
    return tuple(dict.fromkeys(sure or found))


def _plain_names(text: str) -> list[str]:
    inner = re.search(r"[(（]([^()（）]+)[)）]\s*[*†]*$", text)
    if inner and _strong_id(inner[1].strip()):
        return [inner[1].strip()]
    alike = [clean_name(piece) for piece in re.split(r"\s*[,;、，]\s*|\s+(?:/|and|or)\s+", text) if clean_name(piece)]
    if len(alike) > 1 and all(re.search(r"\d", piece) for piece in alike) and len({p.split()[0] for p in alike}) == 1:
        return alike  # "Acme 7B / Acme 30B"
    pieces = [clean_name(piece) for piece in re.split(r"[,;|\n、，]|\s", text) if clean_name(piece)]
    if len(pieces) > 1 and all(map(_jointed, pieces)) and not any(map(_VERSION.fullmatch, pieces)):
        return pieces  # but not "acme.chat-16k v1.2", which is one
    lines = [clean_name(line) for line in re.split(r"[\n|]", text) if clean_name(line)]
    return lines if len(lines) > 1 and all(map(is_id, lines)) else [clean_name(text)]


def _strong_id(word: str) -> bool:
    """An id beyond doubt: figures and joints in one lower-case word."""
    return _jointed(word) and word == word.lower()


def _jointed(word: str) -> bool:
    return is_id(word) and bool(re.search(r"\d", word)) and bool(re.search(r"[-./:@]", word))


def _named_in_brackets(inline: Inline) -> bool:
    """Brackets that belong to the name: "Mistral Large (24.02)"."""
    return bool(re.fullmatch(r"[^()]*\([\w. -]{1,12}\)\s*", inline.text)) and not inline.code
