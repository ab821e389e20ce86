"""What of a page's data nobody is shown as its prices: other languages, rivals, drafts, histories, what is hidden."""

import re
from collections.abc import Mapping
from typing import Any

_OTHERS = re.compile(  # words of a key under which no price of this page of today stands
    r"competitors?|rivals?|compar(?:ison|isons|e|ed)|history|histories|historical|previous|former|archived?|drafts?|past"
    r"|old|changelog|examples?|calculators?|estimates?",
    re.I,
)
_HIDDEN = re.compile(r"(?:is[ _-]?)?(?:hidden|drafts?|archived|disabled|unpublished|deleted)", re.I)
_LANGUAGE = re.compile(
    r"(?:en|de|fr|es|it|ja|ko|zh|pt|nl|pl|ru|tr|sv|da|fi|nb|cs|ar|hi|id|th|vi|uk)(?:[-_][A-Za-z]{2,4})?"
)
_DEEPEST = 40


def without_unshown(value: Any, depth: int = 0) -> Any:
    """The same data without it. Of several languages side by side English is kept, else the first."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [without_unshown(each, depth + 1) for each in value if not _is_hidden(each)]
    if isinstance(value, dict):
        spoken = _languages(value)
        return {
            key: without_unshown(each, depth + 1)
            for key, each in value.items()
            if key not in spoken and not (isinstance(each, list | dict) and _is_of_others(str(key)))
        }
    return value


def _is_hidden(value: Any) -> bool:
    return isinstance(value, Mapping) and any(
        each is True and _HIDDEN.fullmatch(str(key)) for key, each in value.items()
    )


def _is_of_others(key: str) -> bool:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").split()
    return any(_OTHERS.fullmatch(word) for word in words)


def _languages(value: Mapping[Any, Any]) -> frozenset[Any]:
    """The languages that are not kept, where an object holds nothing but one thing in several."""
    keys = [key for key, each in value.items() if _LANGUAGE.fullmatch(str(key)) and isinstance(each, list | dict)]
    if len(keys) < 2 or len(keys) < len(value):
        return frozenset()
    kept = next((key for key in keys if str(key).lower().startswith("en")), keys[0])
    return frozenset(keys) - {kept}
