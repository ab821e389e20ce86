"""Costs: what a number of requests to a model cost, at the prices of a moment as known at another."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, problems
from api.parameters import CostQuestion
from store import rates
from store.connect import Connection
from timeline.cost import bill
from timeline.names import makers, offered
from timeline.statements import statement
from timeline.workloads import Workload


def get_cost(request: Request, wanted: Annotated[CostQuestion, Query()]) -> Response:
    """What `requests` of that size cost. `total` is null where a price is not known, never 0; `missing` says which.

    List prices of the best source: of a provider's own contract nothing is known here.
    """
    workload = _workload(wanted)
    head = {"provider": workload.provider, "model": workload.model, "as_of": wanted.as_of, "known_at": wanted.known_at}

    def tell(connection: Connection) -> dict[str, Any]:
        held = rates.as_of(connection, workload.provider, workload.model, wanted.as_of, wanted.known_at)
        return {**head, **statement(bill(workload, held, wanted.requests), wanted.requests)}

    return answers.told(request, tell, {"as_of": wanted.as_of, "known_at": wanted.known_at})


def _workload(wanted: CostQuestion) -> Workload:
    if wanted.cached_share + wanted.cache_write_share > 1:
        raise problems.refused("cache_write_share", "together with cached_share it is more than all of the input")
    provider, model = (wanted.provider, wanted.model) if wanted.provider else _sold(wanted.model)
    return Workload(
        name=wanted.model,
        provider=provider,
        model=model,
        requests_per_day=Decimal(0),
        input_tokens=wanted.input_tokens,
        output_tokens=wanted.output_tokens,
        reasoning_tokens=wanted.reasoning_tokens,
        cached_share=wanted.cached_share,
        written_share=wanted.cache_write_share,
        off_peak_share=wanted.off_peak_share,
        tier=wanted.service_tier,
    )


def _sold(text: str) -> tuple[str, str]:
    """Whose model is meant, and which. Raises a 404 problem where that is not clear."""
    if found := offered(text):
        return found
    there = makers(text)
    ways = f"one of {', '.join(there)}" if there else "model=openai/gpt-4o; /v1/models?model=... says who has it"
    raise problems.not_found(f"no one maker has a model of exactly this name: give its provider, as {ways}")
