"""What a model is, beside what it costs: windows, kinds of content, dates; from catalogues and model pages."""

from dataclasses import dataclass
from typing import Any, ClassVar

from timeline.keys import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSpec:
    """What a source says a model can do. None and empty where it does not say; days are YYYY-MM-DD or YYYY-MM."""

    fact: ClassVar[str] = "spec"

    provider: str
    model: str  # as listed
    model_id: str | None = None
    context_window: int | None = None  # tokens
    max_output: int | None = None  # tokens
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    weights: str | None = None  # open, closed, or the licence as printed
    released_on: str | None = None
    retires_on: str | None = None  # a catalogue's word, never a notice
    knowledge_cutoff: str | None = None
    locator: str = ""

    @property
    def key(self) -> str:
        """What makes it the same model over time, within its source."""
        return canonical(["spec", self.model])

    @property
    def value(self) -> tuple[Any, ...]:
        """What is compared between captures."""
        return (
            self.context_window,
            self.max_output,
            self.input_modalities,
            self.output_modalities,
            self.weights,
            self.released_on,
            self.retires_on,
            self.knowledge_cutoff,
        )

    @property
    def says(self) -> dict[str, Any]:
        """What the source says, as JSON; what it is silent on is not there."""
        names = (
            *("context_window", "max_output", "input_modalities", "output_modalities"),
            *("weights", "released_on", "retires_on", "knowledge_cutoff"),
        )
        said = {name: value for name, value in zip(names, self.value, strict=True) if value}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    @property
    def says_something(self) -> bool:
        """False where the source names the model and no more."""
        return any(self.value)
