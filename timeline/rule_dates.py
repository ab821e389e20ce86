"""A rule date: the day from which a law, a regulation or an order binds, as a regulator's feed or page states it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from timeline.keys import canonical

Binding = Literal["applies", "in_force", "effective", "compliance", "withdrawn"]
BINDINGS: tuple[Binding, ...] = ("applies", "in_force", "effective", "compliance", "withdrawn")
_PLAIN = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*")
_EMPTY = frozenset(
    (
        *("a", "an", "the", "of", "for", "on", "in", "to", "and", "or", "with", "under", "by", "its", "their", "all"),
        *("any", "new", "certain", "which", "that", "rule", "rules", "obligation", "obligations", "requirement"),
        *(
            "requirements",
            "provision",
            "provisions",
            "concerning",
            "regarding",
            "relating",
            "laid",
            "down",
            "set",
            "out",
        ),
    )
)

_IMPLIED = frozenset(("ai", "system"))  # "high-risk AI systems", "high-risk systems", "high-risk AI"


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleDate:
    """One statement: from `applies_from` (YYYY-MM-DD or YYYY-MM) on, `applies` of `instrument` binds.

    `applies` is empty where the whole instrument is meant. `binding` says how: it applies, enters into force, takes
    effect, or must be complied with by then; `withdrawn` has no day: it will not bind any more. `said_on` is when the
    regulator said so, where it says when: never the day from which anything binds.
    """

    fact: ClassVar[str] = "rule"

    provider: str  # the regulator
    jurisdiction: str  # EU, US, US-CA, UK, KR
    instrument: str
    applies: str = ""
    binding: Binding
    applies_from: str | None = None
    said_on: datetime | None = None
    url: str = ""
    quote: str = ""  # the sentence, bounded
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same statement over time, within its source: however the words around it change."""
        return canonical(["rule", self.jurisdiction, self.instrument, about(self.applies), self.binding])

    @property
    def value(self) -> tuple[Any, ...]:
        """What is compared between captures."""
        return (self.applies_from,)


def about(text: str) -> str:
    """What a rule is about, without the words that regulators use for rules: the same for what is meant the same."""
    words = {_single(word) for word in _PLAIN.findall(text.casefold()) if word not in _EMPTY}
    return " ".join(sorted(words - _IMPLIED or words))


def _single(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
