"""The last capture that was believed, and what a new one lost since: its end, its letters, its tables. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.extract.document import Document, Outline, Reading
from crawler.extract.sniffing import Form, decode, sniff
from timeline.facts import Fact
from timeline.gaps import Cover
from timeline.incidents import Incident
from timeline.issues import Issue
from timeline.news import NewsItem
from timeline.notices import Notice

_SOME = 5  # characters outside ASCII by which a page's letters can be told
_LIKE = 0.3  # share of them that the page had before, below which they are another charset's
_MANY = 40  # so many of them nobody drops at once
_SAME = 0.8  # share of the words in plain letters by which a page is the same one
_WHOLE = 3  # facts of a table, so that losing all of them says something
_KEPT = 0.2  # share of a table's facts; where less is left the table is lost
_CLOSED = re.compile(r"</(?:html|body)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.I | re.S)
_ENDED = re.compile(r"(?:[^\W\d_][.!?]|[。！？|>)}\]`*])\s*\Z")  # how a line ends that says all it has to say
_TAIL = 4000
_GARBAGE = re.compile(
    r"\ufffd|[\u0080-\u009f]|[\u00c2\u00c3\u00e2\u00e3][\u0080-\u00bf\u0152-\u0161\u2018-\u203a\u20ac\u2122]"
)
_OUTSIDE = re.compile(r"[^\x00-\xa0\u2000-\u200f\u3000\ufeff]")
_ESCAPE = re.compile(r"\\u(?!d[89a-f]|00[01])([0-9a-f]{4})", re.I)
_TITLED = 3  # headings, so that losing all of them says something
_KEPT_ROWS = 2  # rows of a table that stand there as before, so that other headers over them say something
_HEADING = re.compile(r"^#{1,6} .", re.M)
_HTML_HEADING = re.compile(r"<h[1-6]\b", re.I)
_TABLE = re.compile(r"(?:^[ \t]*\|[^\n]*(?:\n|\Z)){3,}", re.M)
_HTML_TABLE = re.compile(r"<table\b.*?</table>", re.I | re.S)
_HTML_ROW = re.compile(r"<tr\b.*?</tr>", re.I | re.S)
_HTML_HEADER = re.compile(r"<th\b.*?</th>", re.I | re.S)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_WORD = re.compile(r"[A-Za-z]{3,}")
_PLACE = re.compile(r",? (?:row|cell|line|item|column|sentence)\b.*", re.S)


@dataclass(frozen=True, kw_only=True, slots=True)
class Precedent:
    """What a new capture is compared with."""

    facts: Sequence[Fact]
    outline: Outline | None = None
    text: str = ""
    form: Form | None = None

    @classmethod
    def of(cls, document: Document, reading: Reading) -> "Precedent":
        """That of a capture that is believed."""
        form = sniff(document.body, document.content_type)
        text = _text(document, form)
        return cls(facts=reading.facts, outline=reading.outline, text=text, form=form)


def broken(document: Document, facts: Iterable[Fact], before: Precedent) -> Iterable[Issue]:
    """Signs that the bytes are not the whole page, or not in the letters they were written in.

    A feed may hold other entries altogether: how it is cut short, its reader says.
    """
    if any(isinstance(fact, NewsItem | Incident) for fact in before.facts):
        return
    form = sniff(document.body, document.content_type)
    text = _text(document, form)
    if form == before.form and (message := _cut_short(text, before.text, form)):
        yield Issue(code="cut_short", message=message, fatal=True)
    if form == before.form and any(isinstance(fact, Notice) for fact in before.facts):
        yield from _rearranged(text, before.text, form)
    if message := _garbled(text, facts, before):
        yield Issue(code="garbled", message=message, fatal=True)


def covered(facts: Iterable[Fact], outline: Outline | None, before: Precedent) -> dict[str, Cover]:
    """The keys that stood in sections which have lost what they held: see timeline.gaps. Other forms are the fold's."""
    if outline is None or before.outline is None or outline.form != before.outline.form:
        return {}
    shown = {fact.key for fact in facts}
    gone = {fact.key for fact in before.facts} - shown
    found: dict[str, Cover] = {}
    for place, keys in _by_place(before.facts).items():
        lost = len(keys) >= _WHOLE and len(keys & shown) < _KEPT * len(keys)
        if lost and (titles := _emptied(before.outline.over.get(place, ()), outline, before.outline)):
            found |= dict.fromkeys(keys & gone, Cover(titles=titles))
    return found


def _text(document: Document, form: Form) -> str:
    """The text of a document; what JSON writes as an escape is a character like any other."""
    text = decode(document.body, document.content_type)
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if form == "json" else text


def _by_place(facts: Iterable[Fact]) -> Mapping[str, set[str]]:
    places: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        places[_PLACE.sub("", fact.locator)].add(fact.key)
    return places


def _emptied(titles: Iterable[str], now: Outline, before: Outline) -> dict[str, int]:
    """Those of a table's titles that still stand over the same words, and over no prices any more."""
    return {
        title: now.empty[title]
        for title in titles
        if now.empty.get(title, 0) > before.empty.get(title, 0)
        and now.said.get(title, frozenset()) <= before.said.get(title, frozenset())
    }


def _cut_short(text: str, before: str, form: Form) -> str | None:
    """How a body ends that is not the whole page. HTML without its end, or a last line that was longer."""
    if form == "html":
        lost = _CLOSED.search(before[-_TAIL:]) and not _CLOSED.search(text[-_TAIL:])
        return "the page ends without </html>, which the last good capture has: it was cut short" if lost else None
    last = text.rstrip("\n").rpartition("\n")[2].rstrip("\r")
    lines = before.splitlines()
    if form != "markdown" or not last.strip() or text.endswith("\n") or last in lines or _ENDED.search(last):
        return None
    whole = next((line for line in lines if line.startswith(last)), None)
    return (
        f"the page ends with {last[-60:]!r}, where the last good capture goes on: it was cut short" if whole else None
    )


def _rearranged(text: str, before: str, form: Form) -> Iterator[Issue]:
    """A page of lifecycles whose sections or columns are gone: what stood under a title says something else without it.

    No page drops all its headings, or puts other headers over rows that stay as they are, without being laid out anew.
    """
    heading = _HTML_HEADING if form == "html" else _HEADING
    had = len(heading.findall(before))
    if had >= _TITLED and not heading.search(text):
        message = f"none of the {had} headings of the last good capture is left: nothing says what its lists are of"
        yield Issue(code="headings_lost", message=message, fatal=True)
    known = _tables(before, form)
    for head, rows in _tables(text, form):
        for old, kept in known:
            same = (
                head != old and sorted(head) == sorted(old) and 2 * len(rows & kept) >= max(len(kept), 2 * _KEPT_ROWS)
            )
            if same:
                message = f"the headers {list(head)} stand over rows that stood under {list(old)}"
                yield Issue(code="columns_mixed", message=message, fatal=True)
                return


def _tables(text: str, form: Form) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """The headers and the rows of each table, as written."""
    found = []
    if form == "html":
        for table in _HTML_TABLE.findall(text):
            lines = [line for line in _HTML_ROW.findall(table) if "<td" in line]
            found.append((tuple(_words(cell) for cell in _HTML_HEADER.findall(table)), frozenset(map(_words, lines))))
    else:
        for table in _TABLE.findall(text):
            head, _, *lines = table.strip().split("\n")
            cells = tuple(_words(cell) for cell in head.strip().strip("|").split("|"))
            found.append((cells, frozenset(_words(line) for line in lines)))
    return found


def _words(markup: str) -> str:
    return " ".join(_TAG.sub(" ", markup).split())


def _garbled(text: str, facts: Iterable[Fact], before: Precedent) -> str | None:
    """What says that a page was read in another charset than it was written in, or lost the letters of its own."""
    was, now = _letters(before.text), _letters(text)
    before_all, all_now = was.total(), now.total()
    same = (was & now).total()
    if before_all >= _SOME and same < _LIKE * before_all and _same_words(text, before.text):
        asked = text.count("?") - before.text.count("?")
        if all_now < _LIKE * before_all and (before_all >= _MANY or 2 * asked >= before_all):
            return f"of {before_all} characters outside ASCII in the last good capture {all_now} are left"
        if all_now >= _SOME and sum(count for letter, count in now.items() if letter in was) < _LIKE * all_now:
            return "the characters outside ASCII are not those of the last good capture: read in another charset"
    if len(_GARBAGE.findall(text)) > len(_GARBAGE.findall(before.text)):
        for fact in facts:
            printed = f"{getattr(fact, 'model', '')} {getattr(fact, 'label', '')} {getattr(fact, 'conditions', '')}"
            if found := _GARBAGE.search(printed):
                return f"{found[0]!r} in {printed[:80]!r}, on a page that had less of it: read in another charset"
    return None


def _same_words(text: str, before: str) -> bool:
    """Whether the words in plain letters are those of before: the same page, not one in another language."""
    words, known = set(_WORD.findall(text)), set(_WORD.findall(before))
    return len(words & known) >= _SAME * len(words)


def _letters(text: str) -> Counter[str]:
    """The characters outside ASCII, but for spaces and marks that are not seen."""
    return Counter(character for character in _OUTSIDE.findall(text) if character.isprintable())
