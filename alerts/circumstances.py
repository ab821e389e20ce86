"""What holds beside the changes that a message tells: prices, successors, who else says it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from timeline import names
from timeline.agreements import Contract
from timeline.events import Event
from timeline.names import spellings
from timeline.rates import Rate
from timeline.workloads import Workload


@dataclass(frozen=True, kw_only=True, slots=True)
class Sibling:
    """Another change that the same look at a page showed."""

    event: str  # id
    source: str
    observed_at: datetime
    kind: str
    model: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What an item claims of a model, and what the provider's own page says to it (timeline.news_claims)."""

    provider: str
    model_id: str
    claim: str
    verdict: str  # confirmed contradicted not_on_page
    says: str | None
    as_of: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """Who tells a deal: the publisher by id, and the article."""

    publisher: str
    url: str
    trust: str = "press"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What holds beside the changes.

    `prices` are in force; `replacements` named for `provider/model`; `gone` the `provider/model` that nobody should
    move to; `retires` the stated last days, `seen` when a look last found that; `read` when a look last found an
    announced price, by source and key; `siblings` what else the looks showed that showed the changes.
    """

    prices: Sequence[Rate] = ()
    replacements: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gone: Collection[str] = frozenset()
    retires: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)
    read: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    contracts: Sequence[Contract] = ()
    siblings: Sequence[Sibling] = ()
    outlets: Mapping[str, Sequence[Outlet]] = field(default_factory=dict)  # who tells each deal, the first one first
    claims: Mapping[str, Sequence[Checked]] = field(default_factory=dict)  # by id of a news event: what its item claims

    def without(self, told: Sequence[Event]) -> "Standing":
        """The same without the siblings that are told themselves."""
        ids = {event.id for event in told}
        return replace(self, siblings=[one for one in self.siblings if one.event not in ids])

    def is_gone(self, provider: str, model: str) -> bool:
        """Whether nobody should move to a model, by any of its ids."""
        return any(f"{provider}/{name}" in self.gone for name in names.related(provider, model))


def runs_on(workload: Workload, event: Event) -> bool:
    """Whether the workload uses the model the event is about: by its id, its printed name or a reviewed alias."""
    if workload.provider.casefold() != event.provider.casefold():
        return False
    asked = {name for model in (event.model_id, event.model) if model for name in spellings(event.provider, model)}
    return not asked.isdisjoint(spellings(event.provider, workload.model))
