"""Text and links out of what a feed calls text: no markup, no scripts, no trackers, in time linear in its length."""

import html
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

MAX_URL = 2_000

_OPENS = re.compile(r"<!--|<(script|style|iframe|object|noscript|template|svg|math)\b", re.I)
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote)\b[^<>]*>", re.I)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
# What was escaped twice is text that shows markup, but for the elements that would do something.
_ACTIVE = re.compile(
    r"</?(?:script|style|iframe|object|embed|svg|math|img|image|a|base|body|form|input|button|link|meta|video|audio|source"
    r"|details|marquee|template|noscript|p|br|div|span|b|i|em|strong|ul|ol|li|h[1-6]|table|tr|td|th)\b[^<>]*>",
    re.I,
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Counters some feeds print into their text: they change at every look and say nothing.
_COUNTERS = re.compile(r"(?<!\w)(?:points|(?:#\s*)?comments|votes|likes|views|replies|score)\s*:\s*\d[\d,]*", re.I)
_TRACKERS = re.compile(
    r"utm_\w+|at_(?:medium|campaign|link_\w+|custom\d)|(?:fb|g|dc|ms|y|tt|tw|li)clk?id|gbraid|wbraid|mc_[ce]id|igshid"
    r"|_hs(?:enc|mi)|mkt_tok|vero_\w+|oly_\w+_id|ncid|cmpid|guccounter|__twitter_impression|ref_?src",
    re.I,
)


def plain(text: str, limit: int) -> str:
    """Text without markup and control characters, at most `limit` long; an ellipsis where it was cut."""
    text = _without_dropped(text[: 20 * limit])
    text = html.unescape(_MARKUP.sub("", _BREAK.sub(" ", text)))
    for _ in range(3):  # escaped twice, or put together by what was taken out
        bare = _ACTIVE.sub(" ", _without_dropped(text))
        if bare == text:
            break
        text = bare
    text = _COUNTERS.sub(" ", _CONTROL.sub("", text.replace("\n", " ")))
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def web_link(text: object, base: str = "") -> str:
    """An absolute http(s) address without what only tracks its readers, or empty."""
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_URL or _CONTROL.search(text):
        return ""
    try:
        url = urljoin(base, text.strip()) if base else text.strip()
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in url and " " not in url
        good = good and parts.username is None and parts.password is None
    except ValueError:
        return ""
    return _untracked(url) if good else ""


def _untracked(url: str) -> str:
    """The address without parameters of advertising and statistics; as it was where it has none."""
    parts = urlsplit(url)
    fragment = "" if _TRACKERS.match(parts.fragment) or parts.fragment.startswith("ref=") else parts.fragment
    pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100) if parts.query.count("&") < 100 else []
    kept = [pair for pair in pairs if not _TRACKERS.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return url if (query, fragment) == (parts.query, parts.fragment) else urlunsplit((*parts[:3], query, fragment))


def _without_dropped(text: str) -> str:
    """The text without comments and elements whose content is no text. What is not closed takes all behind it along,
    where it is a script, a style or a comment; else it is markup like any other.
    """
    kept: list[str] = []
    place, lower = 0, text.lower()
    unclosed: set[str] = set()  # searched for once: the time stays linear
    while found := _OPENS.search(text, place):
        name = (found[1] or "").lower()
        end = -1 if name in unclosed else lower.find(f"</{name}" if name else "-->", found.end())
        if end < 0 and name in ("", "script", "style"):
            return "".join([*kept, text[place : found.start()]])
        if end < 0:
            unclosed.add(name)
            kept.append(text[place : found.end()])
            place = found.end()
            continue
        kept += (text[place : found.start()], " ")
        place = lower.find(">", end) + 1 or len(text)
    return "".join([*kept, text[place:]])
