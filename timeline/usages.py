"""Usage records: who used which model when and how much, read from the rows that gateways and tracers export.

Sources of the field names: LiteLLM's spend logs (docs.litellm.ai, spend tracking), Langfuse's export of observations
(usageDetails), OpenTelemetry's semantic conventions for GenAI (gen_ai.usage.*), the usage objects of OpenAI and of
Anthropic; of bills see timeline.focus.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from timeline import flat_rows, focus, names
from timeline.issues import MistakeError
from timeline.words import number
from timeline.workloads import Workload

_NONE = Decimal(0)


class UsageError(MistakeError):
    """A row that cannot be read as usage: says which, what was found and what is expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """One row. Tokens are sums over all `requests`; `input_tokens` has the cached and the written ones in it."""

    at: datetime
    provider: str | None  # None: not said, and no reviewed name tells it
    model: str
    requests: Decimal
    input_tokens: Decimal
    cached_tokens: Decimal
    written_tokens: Decimal
    output_tokens: Decimal
    reasoning_tokens: Decimal  # in the output tokens
    tier: str
    summed: bool = False  # a bill's sum of tokens: how many requests they were is not known, nor how long

    @property
    def times(self) -> Decimal:
        """How often `workload` was run."""
        return max(self.input_tokens, self.output_tokens, Decimal(1)) if self.summed else self.requests

    def workload(self) -> Workload:
        """One request of it, on average; of a sum one token, billed as of a short prompt and without a fee."""
        each, prompt = self.times or Decimal(1), self.input_tokens
        return Workload(
            name=self.model,
            provider=self.provider or "",
            model=self.model,
            requests_per_day=_NONE,
            input_tokens=prompt / each,
            output_tokens=(self.output_tokens - self.reasoning_tokens) / each,
            reasoning_tokens=self.reasoning_tokens / each,
            cached_share=self.cached_tokens / prompt if prompt else _NONE,
            written_share=self.written_tokens / prompt if prompt else _NONE,
            tier=self.tier,
            meters={"request": _NONE} if self.summed else {},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    """How one kind of export names its fields; the first of several names that a row has counts."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    cached: tuple[str, ...]
    written: tuple[str, ...]
    reasoning: tuple[str, ...]
    apart: bool = False  # whether the input does not have the cached and written tokens in it


_FORMS: Final = (
    _Form(
        name="OpenTelemetry",
        inputs=("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
        outputs=("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
        cached=("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
        written=("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens"),
        reasoning=("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
    ),
    _Form(
        name="Langfuse",
        inputs=("usagedetails.input", "usage_details.input"),
        outputs=("usagedetails.output", "usage_details.output"),
        cached=("usagedetails.cache_read_input_tokens", "usagedetails.input_cached_tokens",
                "usage_details.cache_read_input_tokens", "usage_details.input_cached_tokens"),
        written=("usagedetails.cache_creation_input_tokens", "usage_details.cache_creation_input_tokens",
                 "usagedetails.input_cache_creation", "usage_details.input_cache_creation"),
        reasoning=("usagedetails.output_reasoning_tokens", "usage_details.output_reasoning_tokens"),
        apart=True,
    ),
    _Form(
        name="LiteLLM or OpenAI",
        inputs=("prompt_tokens", "usage.prompt_tokens"),
        outputs=("completion_tokens", "usage.completion_tokens"),
        cached=("prompt_tokens_details.cached_tokens", "usage.prompt_tokens_details.cached_tokens",
                "metadata.usage_object.prompt_tokens_details.cached_tokens",
                "metadata.additional_usage_values.cache_read_input_tokens", "cached_tokens"),
        written=("metadata.additional_usage_values.cache_creation_input_tokens", "cache_creation_input_tokens"),
        reasoning=("completion_tokens_details.reasoning_tokens", "usage.completion_tokens_details.reasoning_tokens",
                   "metadata.usage_object.completion_tokens_details.reasoning_tokens", "reasoning_tokens"),
    ),
    _Form(
        name="Anthropic",
        inputs=("input_tokens", "usage.input_tokens"),
        outputs=("output_tokens", "usage.output_tokens"),
        cached=("cache_read_input_tokens", "usage.cache_read_input_tokens"),
        written=("cache_creation_input_tokens", "usage.cache_creation_input_tokens"),
        reasoning=(),
        apart=True,
    ),
    _Form(
        name="plain",
        inputs=("input_tokens",),
        outputs=("output_tokens",),
        cached=("cached_tokens", "cache_read_tokens"),
        written=("cache_write_tokens",),
        reasoning=("reasoning_tokens",),
    ),
)  # fmt: skip
_STEPS = ("span", "event", "agent", "tool", "chain", "retriever", "evaluator", "guardrail")  # Langfuse's, of no model
_AROUND = ("invoke_agent", "create_agent", "execute_tool", "invoke_workflow")  # OpenTelemetry's
_TIMES = ("time", "timestamp", "date", "starttime", "start_time", "startedat", "created_at", "createdat",
          "starttimeunixnano", "start_time_unix_nano", "chargeperiodstart")  # fmt: skip
_MODELS = ("model", "model_id", "gen_ai.response.model", "gen_ai.request.model", "providedmodelname",
           "provided_model_name")  # fmt: skip
_PROVIDERS = ("provider", "custom_llm_provider", "gen_ai.provider.name", "gen_ai.system")
_TIERS = ("service_tier", "tier", "usage.service_tier", "gen_ai.openai.response.service_tier")
_MAKERS: Final = {
    "gcp.gemini": "google",
    "gemini": "google",
    "mistral_ai": "mistral",
    "x_ai": "xai",
    "az.ai.openai": "azure",
}


def read(row: Mapping[str, Any], place: str) -> Usage | None:
    """The usage a row tells, None where it tells of something else; `place` (`line 7`) names it in errors.

    Raises UsageError.
    """
    flat = dict(flat_rows.flat(row))
    if focus.is_charge(flat):
        return _billed(flat, place)
    if _is_other(flat):
        return None
    form = next((form for form in _FORMS if _is(form, flat)), None)
    if form is None:
        wanted = "input_tokens and output_tokens, prompt_tokens and completion_tokens, gen_ai.usage.* or usageDetails"
        raise UsageError(f"{place}: found the fields {', '.join(list(flat)[:12]) or 'none'}; expected {wanted}")
    cached, written = _count(flat, form.cached, place), _count(flat, form.written, place)
    prompt, output = _count(flat, form.inputs, place), _count(flat, form.outputs, place)
    prompt += cached + written if form.apart else _NONE
    reasoning = _count(flat, form.reasoning, place)
    if cached + written > prompt or reasoning > output:
        raise UsageError(f"{place}: more tokens are cached or thought than there are; expected them among the others")
    provider, model = _model(flat, place)
    requests = _count(flat, ("requests", "num_requests", "request_count"), place, default=Decimal(1))
    if str(flat.get("cache_hit")).casefold() == "true":  # LiteLLM answered out of its own cache: nobody was asked
        prompt = cached = written = output = reasoning = requests = _NONE
    tier = str(_first(flat, _TIERS) or "standard").casefold()
    return Usage(
        at=_time(flat, place),
        provider=provider,
        model=model,
        requests=requests,
        input_tokens=prompt,
        cached_tokens=cached,
        written_tokens=written,
        output_tokens=output,
        reasoning_tokens=reasoning,
        tier="standard" if tier in ("default", "auto", "on_demand", "") else tier,
    )


def _is_other(flat: Mapping[str, Any]) -> bool:
    """Whether a row of a trace is no call of a model: a step around calls, whose tokens are told by the calls."""
    kind, operation = (str(flat.get(name, "")).casefold() for name in ("type", "gen_ai.operation.name"))
    if kind in _STEPS or operation in _AROUND:
        return True
    has_usage = any(name in flat for form in _FORMS for name in (*form.inputs, *form.outputs))
    return "spanid" in flat and not has_usage


def _billed(flat: Mapping[str, Any], place: str) -> Usage | None:
    """A row of a bill: tokens of one kind."""
    quantity = number(flat.get("consumedquantity"))
    found = None if quantity is None or quantity < 0 else focus.charge(flat, quantity)
    if found is None:
        return None
    counts = {kind: found.tokens if found.kind == kind else _NONE for kind in ("input", "cached", "written", "output")}
    return Usage(
        at=_time(flat, place),
        provider=found.provider,
        model=found.model,
        requests=_NONE,
        input_tokens=_NONE if found.kind == "output" else found.tokens,
        cached_tokens=counts["cached"],
        written_tokens=counts["written"],
        output_tokens=counts["output"],
        reasoning_tokens=_NONE,
        tier="batch" if found.batch else "standard",
        summed=True,
    )


def _is(form: _Form, flat: Mapping[str, Any]) -> bool:
    found = any(name in flat for name in form.inputs)
    return found and (form.name != "Anthropic" or any(name in flat for name in (*form.cached, *form.written)))


def _first(flat: Mapping[str, Any], wanted: tuple[str, ...]) -> Any:
    return next((flat[name] for name in wanted if name in flat), None)


def _count(flat: Mapping[str, Any], wanted: tuple[str, ...], place: str, *, default: Decimal = _NONE) -> Decimal:
    value = _first(flat, wanted)
    if value is None:
        return default
    found = number(value.strip() if isinstance(value, str) else str(value) if isinstance(value, float) else value)
    if found is None or found < 0:
        raise UsageError(f"{place}: {'/'.join(wanted)} is {value!r}; expected a number of at least 0")
    return found


def _model(flat: Mapping[str, Any], place: str) -> tuple[str | None, str]:
    model = _first(flat, _MODELS)
    if not isinstance(model, str) or not model.strip():
        raise UsageError(f"{place}: no model; expected one of the fields {', '.join(_MODELS)}")
    model = model.strip()
    said = _first(flat, _PROVIDERS)
    provider = _MAKERS.get(str(said).strip().casefold(), str(said).strip().casefold()) if said else None
    maker, _, rest = model.partition("/")
    if rest and (provider is None or provider == maker.casefold()):
        return _MAKERS.get(maker.casefold(), maker.casefold()), rest
    return provider or names.maker(model), model


def _time(flat: Mapping[str, Any], place: str) -> datetime:
    value = _first(flat, _TIMES)
    text = str(value if value is not None else "").strip()
    try:
        if re.fullmatch(r"\d{9,19}(\.\d+)?", text):  # seconds, milliseconds, microseconds or nanoseconds since 1970
            scale = 10 ** max(0, (len(text.partition(".")[0]) - 10) // 3 * 3)
            return datetime.fromtimestamp(float(Decimal(text) / scale), UTC)
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except (ValueError, OverflowError, OSError):
        expected = "a time like 2026-02-26T10:10:00Z, or seconds since 1970"
        raise UsageError(f"{place}: the time is {text[:40]!r}; expected {expected}") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
