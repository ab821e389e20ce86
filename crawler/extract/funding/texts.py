"""A news item's title and summary made ready to be read: credits and labels off, sentences apart, sums marked. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.extract.funding.german import in_english
from crawler.extract.funding.sums import Sum, sums_in

LONGEST_TITLE, LONGEST_SUMMARY = 600, 2_500
MARK = r"⟦\d+⟧"

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u2009": " ", "\u202f": " ",
                        "‑": "-", "−": "-", "⟦": "[", "⟧": "]", "＄": "$"})  # fmt: skip
_CREDIT = re.compile(r"\s*\((?=[A-Z0-9@])(?:[^()$€£₹]|\([^()]*\)){2,90}\)\s*$")
_OUTLET = re.compile(r"\s+(?:\||[-–—])\s+(?=[A-Z0-9a-z.-]+(?:\s|$))(?P<outlet>[^|$€£₹]{2,45})$")
_LABEL = re.compile(
    r"^(?P<label>(?:sources?|exclusive|form d(?:/a)?|report|reports|breaking|scoop|update[ds]?|filing|"
    r"sec filing|memo|internal memo|"
    r"docs?|"
    r"analysis|document|documents|letter|interview|profile|startup funding|funding|funding news|deal news|"
    r"deals?|watch|video|podcast|opinion|[\w&' ]{2,20} (?:digest|news|roundup|wrap|alert|briefing)|"
    r"(?:new|another) [\w ,]{2,30}))\s*(?:(?::|\||–|—)\s+|(?<=exclusive)-(?=\S)|(?<=update)-(?=\S)|"
    r"(?<=analysis)-(?=\S))",
    re.I,
)
_LEADING = re.compile(
    r"^(?:as|still|after|(?:fresh|hot) (?:off|from)|(?:days|weeks|months|an? (?:day|week|month|year)) after|"
    r"on the heels of|with(?! [^,]*⟦)|while|when|amid|ahead of|despite|before|following|since|because|in|"
    r"[A-Z][a-z]+ing(?![^,]*,\s+(?:an? )?(?:sources?|reports?|people|insiders?)\b))\b[^,⟦]{3,90},\s+(?=\S)",
    re.I,
)
_PARTICIPLE = re.compile(r"^[A-Z][a-z]+ing\b[^,⟦$€£]{3,90},\s+(?=[A-Z])")
_SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\bInc\.)(?<!\bCorp\.)(?<!\bLtd\.)(?<!\bRs\.)[\"']?\s+(?=[\"'A-Z⟦0-9])"
)
_IS = re.compile(r"\b(it|he|she|they|we)'(?:s|re) (?=[a-z]+ing\b)", re.I)
_TAIL = re.compile(r"\s*\bThe (?:article|post)\b.*$")
_DATELINE = re.compile(
    r"^.{0,400}?(?:/PRNewswire(?:-\w+)?/|\(BUSINESS WIRE\)|\(GLOBE NEWSWIRE\)|GLOBE NEWSWIRE\))\s*[-–—]+\s*"
)
_MOST_SENTENCES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence with each sum replaced by ⟦n⟧; `sums[n]` is the sum."""

    text: str
    sums: tuple[Sum, ...]
    where: str  # "title" or "summary"
    label: str = ""  # what stood before a colon: "Sources"
    printed: str = ""  # as it was before sums became marks: `Sum.start` and `Sum.end` are places in it

    def sum_at(self, mark: str) -> Sum:
        """The sum a mark stands for."""
        return self.sums[int(mark.strip("⟦⟧"))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """An item to be read. `main` is the first clause of the title without a subordinate clause before it."""

    title: Sentence
    main: Sentence
    summary: tuple[Sentence, ...]
    host: str
    outlet: str  # as the title's end names it
    year: int | None = None  # in which it was published

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The title, then the first sentences of the summary."""
        return (self.title, *self.summary)


def prepared(item: Mapping[str, Any]) -> Text:
    """The text of an item (`title`, `summary`, `url`); fields that are no text count as empty."""
    title, outlet = _headline(_tidy(item.get("title"), LONGEST_TITLE))
    label = ""
    while match := _LABEL.match(title):
        label, title = f"{label} {match['label']}".strip(), title[match.end() :]
    marked = _marked(title, "title", label)
    body = _DATELINE.sub("", _TAIL.sub("", _tidy(item.get("summary"), LONGEST_SUMMARY)))
    parts = _SENTENCE.split(body)[:_MOST_SENTENCES] if body else []
    url = item.get("url")
    return Text(
        title=marked,
        main=Sentence(text=_main(marked.text), sums=marked.sums, where="title", label=label, printed=title),
        summary=tuple(_marked(_PARTICIPLE.sub("", part), "summary", "") for part in parts if part.strip()),
        host=_host(url) if isinstance(url, str) else "",
        outlet=outlet,
        year=_year(item.get("published")),
    )


def _year(published: object) -> int | None:
    """The year of a day or time of publication, where it begins as ISO 8601 has it."""
    found = re.match(r"(20\d\d)-\d\d", published) if isinstance(published, str) else None
    return int(found[1]) if found else None


def _tidy(value: object, limit: int) -> str:
    if not isinstance(value, str):
        return ""
    plain = in_english(" ".join(value[:limit].translate(_PLAIN).split()))
    return (
        _IS.sub(r"\1 is ", plain)
        .replace("I.P.O.", "IPO")
        .replace("A.I.", "AI")
        .replace("U.S.", "US")
        .replace("U.K.", "UK")
    )


def _headline(title: str) -> tuple[str, str]:
    """A title without the outlet behind it, and the outlet."""
    if credit := _CREDIT.search(title):
        return title[: credit.start()].strip(), credit[0].strip(" ()")
    match = _OUTLET.search(title)
    if match and len(match["outlet"].split()) <= 5 and (match["outlet"][0].isupper() or "." in match["outlet"]):
        return title[: match.start()].strip(), match["outlet"]
    return title, ""


def _marked(text: str, where: str, label: str) -> Sentence:
    sums = sums_in(text)
    parts, at = [], 0
    for number, each in enumerate(sums):
        parts += [text[at : each.start], f"⟦{number}⟧"]
        at = each.end
    return Sentence(text="".join([*parts, text[at:]]), sums=sums, where=where, label=label, printed=text)


def _main(title: str) -> str:
    clause = re.split(r";\s|\s\?\s", title, maxsplit=1)[0]
    return _LEADING.sub("", clause, count=1)


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0].lower()
