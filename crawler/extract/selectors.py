"""Which part of a page a source names: a CSS selector, checked before there is a page."""

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector


def check_selector(selector: str) -> str | None:
    """What is wrong with a selector; None where it is one."""
    try:
        CSSSelector(selector)
    except (SelectorError, etree.XPathError, ValueError) as error:
        return str(error)
    return None
