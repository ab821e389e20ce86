"""Parts of a page that set its prices beside those of others: what competitors ask is no price of its provider."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.attributions import ReadTable
from crawler.extract.other_sellers import is_seller
from crawler.extract.outcomes import Outcome, ignored
from crawler.extract.units import fold

_COMPARED = re.compile(
    r"^\W*(?:(?:price|cost|pricing|market|quick|side[- ]by[- ]side|industry|competitive|provider|vendor|the|a|our)\s+)*"
    r"(?:comparisons?|compare|compared)\W*$"
    r"|\bhow (?:\w+ ){1,3}(?:compares?|stacks? up|measures? up)\b"
    r"|\bcheaper than (?=[A-Z])|\b(?:what|how) (?:the )?(?:others|competitors) \w+|\bstack(?:s|ing)? up against\b"
    r"|\b(?:vs\.?|versus|against|compar\w+ (?:to|with)) (?:the )?"
    r"(?:others?|competit\w+|rest|market|alternatives?|rivals?)\b"
    r"|\b(?:alternatives?|competit\w+|rivals?) (?:pric\w+|compar\w+|costs?)\b"
    r"|\b(?:price|cost|pricing|provider|vendor|market|competitor) comparison\b",
    re.I,
)
_VERSUS = re.compile(r"\S \b(?:vs\.?|versus) (?=\S)", re.I)  # "Opal 4 vs Agate 5": of tables, whose rows show it
_SELLERS = re.compile(
    r"\W*(?:(?:other|inference|cloud|api|ai) )?(?:providers?|vendors?|compan(?:y|ies)|competitors?|platforms?)"
    r"(?: name)?\W*",
    re.I,
)


def is_comparison(title: str) -> bool:
    """Whether a title announces prices of others: "Comparison", "How we compare"; not "Compare models"."""
    return len(title) <= 80 and _COMPARED.search(fold(title)) is not None


def without_competitors(tables: Sequence[ReadTable]) -> list[ReadTable]:
    """Tables under such a title set aside: where rows are sellers, or where the page prices one of them elsewhere.

    Elsewhere such a title stands over the page's own models, and their table is read as any other.
    """
    own = {fact.model for each in tables if not _is_compared(each) for fact in each.outcome.facts}
    return list(_judged(tables, own))


def _judged(tables: Sequence[ReadTable], own: set[str]) -> Iterator[ReadTable]:
    for each in tables:
        names = {fact.model for fact in each.outcome.facts}
        listed = _is_of_sellers(each) and sum(map(is_seller, names)) > 1  # rows of "AWS", "Google Cloud"
        if listed or (_is_compared(each) and (_is_of_sellers(each) or (names & own and names - own))):
            title = each.frame.title or each.table.locator
            aside = ignored(title, "prices of others, set beside those of this page", each.table.locator)
            yield replace(each, outcome=Outcome(ignored=aside.ignored))
        else:
            yield each


def _is_compared(each: ReadTable) -> bool:
    titles = (each.frame.title, *each.table.headings[-1:], *each.table.labels[-1:], each.table.grid.caption or "")
    return any(is_comparison(title) or _VERSUS.search(fold(title)) for title in filter(None, titles))


def _is_of_sellers(each: ReadTable) -> bool:
    headers = each.table.grid.headers
    return bool(headers and headers[0]) and _SELLERS.fullmatch(" ".join(headers[0])) is not None
