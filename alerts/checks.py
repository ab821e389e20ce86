"""What the papers say of a model beside what its provider's own page says: official outranks press."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from alerts import wording
from alerts.circumstances import Checked
from alerts.wording import Link
from timeline.dates import day
from timeline.events import Event
from timeline.words import clean, counted

MOST: Final = 5
"""Claims that a message holds against the official pages."""
_CLAIMED: Final[Mapping[str, str]] = {
    "price": "a new price of {model}",
    "retirement": "the end of {model}",
    "availability": "{model} being available",
}

Claims = Mapping[str, Sequence[Checked]]
"""By id of a news event."""


def notes(events: Sequence[Event], claims: Claims) -> tuple[str, ...]:
    """One line for each claim: confirmed, contradicted, or reported and not on the provider's page."""
    found = list(dict.fromkeys(_note(one) for event in events for one in claims.get(event.id, ())))
    left = len(found) - MOST
    return (*found[:MOST], *([f"And {counted(left, 'more claim')} of models."] if left > 0 else []))


def links(events: Sequence[Event], claims: Claims, base_url: str) -> tuple[Link, ...]:
    """The page of the model, where the items claim something of one alone."""
    models = {(one.provider, one.model_id) for event in events for one in claims.get(event.id, ())}
    if not base_url or len(models) != 1:
        return ()
    ((provider, model),) = models
    path = f"{quote(provider, safe='')}/{quote(model, safe='/')}"
    return (Link(label="History", url=f"{base_url.rstrip('/')}/models/{path}"),)


def _note(one: Checked) -> str:
    who, model = wording.provider(one.provider), clean(one.model_id, 70)
    seen = f" (as of {day(one.as_of)})" if one.as_of else ""
    says = clean(one.says or "", 200)
    what = _CLAIMED[one.claim].format(model=model)
    if one.verdict == "confirmed":
        return f"Confirmed by {who}'s own page, on {what}: {_said(one, says)}{seen}."
    if one.verdict == "contradicted":
        return f"Contradicted by {who}'s own page, on {what}: {_said(one, says)}{seen}."
    beside = f" It {says}{seen}." if says else ""
    return f"Reported, not on {who}'s own page: {what}.{beside}"


def _said(one: Checked, says: str) -> str:
    """What the page says: a change of a price is told by its headline, all else about the model."""
    return says if one.claim == "price" and not says.startswith("prices it") else f"it {says}"
