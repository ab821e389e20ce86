"""Keepings: what a page of a moment keeps when it is left by a link or a form, and what it says of its address. Pure.

A page of a moment leads on to pages of the same moment: each of its links and forms gets the moments it lacks. What
leads back to now is marked with `data-now` and stays as it is.
"""

import re
from collections.abc import Collection, Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

MOMENTS = ("as_of", "known_at")
MOST, LONGEST = 5, 40  # names that are not known: how many are told, and how much of each
_PAGES = "models|providers|compare|deadlines|news|funding|incidents|figures|corrections|search"
_LISTS = "events|prices|cost|models|deadlines|news|funding|figures|incidents"
_PLACE = re.compile(rf"/(?:(?:{_PAGES})(?:/[^?#]*)?|v1/(?:{_LISTS})(?:[./][^?#]*)?)?(?:[?#].*)?")
_LINK = re.compile(r'(?<!data-now )\bhref="(/[^"]*)"')
_FORM = re.compile(r'(<form\b[^>]*\baction="(/[^"]*)"[^>]*>)(.*?)</form>', re.DOTALL)


def kept(page: str, moments: Mapping[str, str]) -> str:
    """The page with `moments` in each link and each form that can have them; as it is where there are none."""
    if not moments:
        return page
    linked = _LINK.sub(lambda found: f'href="{escape(_fixed(unescape(found[1]), moments))}"', page)
    return _FORM.sub(lambda found: _with_hidden(found[1], found[2], found[3], moments), linked)


def without(address: str, *names: str) -> str:
    """The address without these parameters."""
    path, _, query = address.partition("?")
    rest = urlencode([(name, value) for name, value in parse_qsl(query) if name not in names])
    return f"{path}?{rest}" if rest else path


def strangers(address: str, known: Collection[str]) -> list[str]:
    """The parameters of an address that a page does not know: a few of them, none at its full length."""
    names = dict.fromkeys(
        name for name, _ in parse_qsl(address.partition("?")[2], keep_blank_values=True) if name not in known
    )
    return [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in [*names][:MOST]]


def hidden(pairs: Collection[tuple[str, str]]) -> Markup:
    """Parameters as fields of a form that nobody sees."""
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(field.format(*pair) for pair in pairs)


def asked(address: str | None, wanted: Any) -> dict[str, Any]:
    """What every page says of its address: `address` is the permanent one, `wanted` what was understood of it.

    `moments` as given, `back` to the page of now, `strangers`, and the `field` of the day that can be asked for: its
    place, its value and what goes with it; None where the page has no moments.
    """
    known = {*getattr(type(wanted), "model_fields", ())}
    moments: dict[str, str] = getattr(wanted, "given", {})
    told: dict[str, Any] = {"moments": moments, "back": "/", "strangers": [], "field": None}
    if not address or not known:
        return told
    told |= {"back": without(address, *MOMENTS), "strangers": strangers(address, known | {*MOMENTS})}
    if "as_of" in known:
        path, _, query = without(address, *MOMENTS, "cursor", *told["strangers"]).partition("?")
        told["field"] = {"path": path, "day": moments.get("as_of", "")[:10], "rest": hidden(parse_qsl(query))}
    return told


def _fixed(address: str, moments: Mapping[str, str]) -> str:
    """The address with the moments that it lacks, before its fragment."""
    if address.startswith("//") or not _PLACE.fullmatch(address):
        return address
    place, sharp, fragment = address.partition("#")
    query = place.partition("?")[2]
    lacking = {name: value for name, value in moments.items() if name not in dict(parse_qsl(query))}
    if not lacking:
        return address
    return f"{place}{'&' if query else '' if place.endswith('?') else '?'}{urlencode(lacking)}{sharp}{fragment}"


def _with_hidden(opening: str, action: str, body: str, moments: Mapping[str, str]) -> str:
    lacking = [pair for pair in moments.items() if f'name="{pair[0]}"' not in body]
    fields = hidden(lacking) if _PLACE.fullmatch(unescape(action)) else ""
    return f"{opening}{fields}{body}</form>"
