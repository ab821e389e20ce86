"""A sentence with its names and dates set apart, so that its grammar can be read whatever they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from crawler.extract.dates import Order, StatedDate, find
from crawler.extract.grids import Inline
from crawler.extract.statuses import is_deprecation, is_end, status_word
from crawler.extract.subjects import clean_name, is_id

MAX_SENTENCE = 2_000  # characters; what is longer is no sentence, and claims nothing
NAME = "\x01\\d+\x02"
DATE = "\x03\\d+\x04"

_BREAK = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bv\.)[\"”')*]*\s+"
    r"(?=[A-Z\"“(*`\[\u4e00-\u9fff]|\d+\.\s|[a-z]+[-/]\w)"
    r"|(?<=[。！？；])|\n"
)
RESPECTIVELY = re.compile(r",? ?\brespectively\b|分别", re.I)
_TOKEN = re.compile(
    r"(?<![\w/@.:-])(?!(?:mid|early|late|non|pre|multi|re)-)@?[A-Za-z][\w.]*(?:[-/:@]+[\w.]+)+(?<![.:])",
    re.ASCII,  # names stand in Chinese without spaces around them
)
_NO_MEMBER = re.compile(r"-(?:based|style|like|famil(?:y|ies)|series|class|compatible|powered|only|related)$", re.I)
_DISPLAY = re.compile(
    r"(?<![\w.-])[A-Z][A-Za-z]*[\w.+-]*(?<![.])(?: (?:[A-Z][\w.+-]*|v?\d[\w.+-]*|of(?= Experts)))*(?<![.,])"
    r"(?: \(\d{2}[\d.-]{2,5}\))?",
    re.ASCII,
)
_OPENERS = """The On In As For After Effective Starting We Please Note Our This These Those From By Since If When Once
Beginning Use All Any Both Following Deprecated Retired Legacy Active Migrate Support Access Model Models Released
Launched It They You Consider Also Will Is Are Does Did Can What Why How Which Who Should Must"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Masked:
    """A sentence in which `NAME` and `DATE` tokens stand for its names and dates."""

    text: str
    names: tuple[str, ...] = ()
    dates: tuple[StatedDate, ...] = ()
    printed: str = ""  # the sentence as it stands on the page
    impossible: str = ""  # a day in it that no calendar has

    def names_in(self, piece: str) -> tuple[str, ...]:
        """The names of a piece of `text`, in order, each once."""
        return tuple(dict.fromkeys(self.names[int(number)] for number in re.findall("\x01(\\d+)\x02", piece)))

    def plain(self, piece: str) -> str:
        """A piece of `text` as it was printed, dates left out."""
        piece = re.sub("\x01(\\d+)\x02", lambda match: self.names[int(match[1])], piece)
        return re.sub(r"\s+([,.;:)])", r"\1", " ".join(re.sub(DATE, " ", piece).split()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """What helps to tell names and dates: the order of dates in figures, the day near which others are, known names."""

    order: Order | None = None
    near: date | None = None
    known: frozenset[str] = frozenset()  # names that the page lists elsewhere


def sentences(inline: Inline, lexicon: Lexicon) -> Iterator[Masked]:
    """The sentences of a text, masked."""
    for sentence in _BREAK.split(inline.text):
        if sentence.strip() and len(sentence) <= MAX_SENTENCE:
            yield mask(sentence, inline, lexicon)


def mask(sentence: str, inline: Inline, lexicon: Lexicon) -> Masked:
    """One sentence of a text, masked. A name is a code span, a bold or linked one, an id, a known or a display name."""
    if len(sentence) > MAX_SENTENCE:
        return Masked(text="")
    found = find(sentence, order=lexicon.order, near=lexicon.near)
    dates = found.dates
    taken = [(each.start, each.end, "date", index) for index, each in enumerate(dates)]
    names: list[str] = []
    for start, end in _name_spans(sentence, inline, lexicon.known):
        if all(end <= left or right <= start for left, right, _, _ in taken):
            taken.append((start, end, "name", len(names)))
            names.append(clean_name(sentence[start:end]))
    wrong = [each for each in found.refused if each.why == "impossible_date"]
    for each in wrong:  # left out of the sentence, which can then be read without it
        if all(each.end <= left or right <= each.start for left, right, _, _ in taken):
            taken.append((each.start, each.end, "", 0))
    text, at = "", 0
    for start, end, kind, index in sorted(taken):
        token = {"date": f"\x03{index}\x04", "name": f"\x01{index}\x02"}.get(kind, "")
        text += f"{sentence[at:start]} {token} "
        at = end
    return Masked(
        text=" ".join(f"{text}{sentence[at:]}".split()),
        names=tuple(names),
        dates=dates,
        printed=sentence.strip(),
        impossible=wrong[0].text if wrong else "",
    )


def is_name(text: str) -> bool:
    """Whether a bold or linked piece of text can be a model's name."""
    plain = clean_name(text)
    return (
        2 <= len(plain) <= 70
        and bool(re.search(r"\d", plain))
        and not find(plain).dates
        and not is_end(plain)
        and not is_deprecation(plain)
        and len(plain.split()) <= 7
        and not re.match(r"[\d\s$€¥.,%]+$|(?:UTC|GMT)\b", plain)
    )


def _name_spans(sentence: str, inline: Inline, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    for code in sorted({code for code in inline.code if code in sentence}, key=len, reverse=True):
        if not status_word(code):
            yield from _spans(sentence, code)
    for piece in sorted({link.text for link in inline.links} | set(inline.strong), key=len, reverse=True):
        if is_name(piece):
            yield from _spans(sentence, piece)
    tokens = [match for match in _TOKEN.finditer(sentence) if is_id(match[0])]
    families = {match[0].split("-")[0] for match in tokens if re.search(r"[A-Za-z]{3,}-\S*\d", match[0])}
    for match in tokens:
        akin = match[0].split("-")[0] in families and not _NO_MEMBER.search(match[0])
        if re.search(r"\d", match[0]) or match[0] in known or akin:
            yield match.span()
    for match in _DISPLAY.finditer(sentence):
        start = match.start()
        while (word := re.match(r"[A-Z][\w'’]*\s+", sentence[start : match.end()])) and word[
            0
        ].strip() in _OPENERS.split():
            start += word.end()
        found = sentence[start : match.end()]
        if re.search(r"\d", found) and is_name(found) and found[:1].isupper():
            yield start, match.end()


def _spans(sentence: str, piece: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(rf"(?<![\w-]){re.escape(piece)}(?![\w]|[-.:/@]\w)", sentence, re.ASCII):
        yield match.span()


def respective(sentence: Masked) -> list[Masked]:
    """ "A and B retire on D1 and D2 respectively": a sentence for each, where there are as many names as dates."""
    word = RESPECTIVELY.search(sentence.text)
    if word is None:
        return []
    plain = sentence.text[: word.start()] + " " + sentence.text[word.end() :]
    runs = {kind: re.search(rf"{kind}(?:(?:\s|[,，、和与及&]|and\b)+{kind})+", plain) for kind in (NAME, DATE)}
    names, dates = runs[NAME], runs[DATE]
    if names is None or dates is None:
        return []
    each = list(zip(re.findall(NAME, names[0]), re.findall(DATE, dates[0]), strict=False))
    if len(re.findall(NAME, names[0])) != len(re.findall(DATE, dates[0])):
        return []
    return [replace(sentence, text=plain.replace(names[0], name).replace(dates[0], day)) for name, day in each]
