"""Models, and all that is known of one."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.events import Event
from api.schemas.prices import CurrentPrice, PastPrice
from api.schemas.shapes import Envelope, Shape


class ModelStatus(Shape):
    """Where a model, endpoint, product or feature is in its life."""

    provider: str
    subject_kind: str
    model: str
    model_id: str | None
    status: str
    label: str = Field(description="The provider's own word.")
    release_stage: str | None
    announced_on: str | None
    deprecates_on: str | None
    retires_on: str | None = Field(description="A firm date: a day, or a month where no more is known.")
    not_before: str | None = Field(description="A floor: it will not retire before. Never a firm date.")
    replacements: list[str]
    scope: dict[str, Any]
    effective_from: datetime | None
    effective_to: datetime | None
    certain: bool | None = Field(description="Whether a look at that moment or later confirms it.")
    seen_until: datetime | None
    known_from: datetime | None
    source: str
    trust: str
    origin: str
    locator: str
    key: str
    first_snapshot: str | None


class Model(Shape):
    """A model, endpoint, product or feature, once."""

    provider: str
    id: str = Field(description="The model id or, where none is known, the name as printed.")
    subject_kind: str
    model: str = Field(description="As printed.")
    model_id: str | None
    status: str | None = Field(
        description="preview, active, legacy, deprecated or retired; null: only its price is known."
    )
    label: str | None
    announced_on: str | None
    deprecates_on: str | None
    retires_on: str | None
    not_before: str | None
    replacements: list[str] | None
    scope: dict[str, Any] | None
    prices: int = Field(description="How many prices are in force.")
    seen_until: datetime | None
    source: str | None
    trust: str | None


class Disagreement(Shape):
    """Another source tells otherwise of the life of a model than the one that is believed."""

    provider: str
    subject_kind: str
    model: str
    model_id: str | None
    scope: dict[str, Any]
    status: str = Field(description="What is believed.")
    retires_on: str | None
    not_before: str | None
    source: str
    trust: str
    seen_until: datetime | None
    other_status: str = Field(description="What the other source says.")
    other_retires_on: str | None
    other_not_before: str | None
    other_source: str
    other_trust: str
    other_seen_until: datetime | None
    differs: list[str] = Field(description="In what: status, date.")
    days_apart: int | None = Field(description="How much later the other day is.")
    since: datetime = Field(description="Since when both say so.")
    other_locator: str
    other_first_snapshot: str | None
    key: str


class WholeModel(Shape):
    """All that is known of one model."""

    provider: str
    model: str
    name: str
    status: list[ModelStatus]
    prices: list[CurrentPrice]
    history: list[PastPrice]
    events: list[Event]
    disagreements: list[Disagreement]


class ModelAnswer(Shape):
    """One model."""

    data: WholeModel
    next: None = None


class ModelPage(Envelope[Model]):
    """Models."""
