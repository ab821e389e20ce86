"""The catalogues that can be backfilled: which source each belongs to, and the form its copies come in."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from crawler.backfill.exports import BackfillError, lines_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """One catalogue: `checkout` is the file of its repository that has the prices (a folder ends in a slash)."""

    source: str
    about: str
    checkout: str | None = None
    states: bool = False  # its whole history as price states: a file of lines, .jsonl or .ndjson, or a checkout
    package: bool = False  # an installed Python package holds it: see crawler.backfill.packages
    prepare: Callable[[bytes], bytes] = bytes  # from a copy to the answer its source gives


def _rows(body: bytes) -> bytes:
    """Rows of the Azure Retail Prices API, one a line, as one answer of that API."""
    try:
        rows = [json.loads(line) for line in lines_of(body)]
    except ValueError as error:
        raise BackfillError(f"expected one JSON object a line, found {error}") from error
    items = rows[0]["Items"] if len(rows) == 1 and isinstance(rows[0], dict) and "Items" in rows[0] else rows
    return json.dumps({"Items": items, "Count": len(items)}, ensure_ascii=False).encode()


CATALOGUES: Final[Mapping[str, Catalogue]] = {
    "litellm": Catalogue(
        source="litellm-prices",
        about="model_prices_and_context_window.json, of releases or of a checkout of BerriAI/litellm",
        checkout="model_prices_and_context_window.json",
    ),
    "tokencost": Catalogue(
        source="tokencost-prices",
        about="model_prices.json, of releases or of a checkout of AgentOps-AI/tokencost",
        checkout="tokencost/model_prices.json",
    ),
    "openrouter": Catalogue(source="openrouter-models", about="answers of /api/v1/models"),
    "models-dev": Catalogue(
        source="models-dev",
        about="api.json; or all its past: a checkout of anomalyco/models.dev, or price states, a line each (.jsonl)",
        states=True,
    ),
    "genai-prices": Catalogue(
        source="genai-prices",
        about="prices/data.json, of a checkout of pydantic/genai-prices; or the folder of the installed package",
        checkout="prices/data.json",
        package=True,
    ),
    "llm-prices": Catalogue(
        source="llm-prices",
        about="historical-v1.json or current-v1.json; or a checkout of simonw/llm-prices",
        checkout="data/",
    ),
    "huggingface": Catalogue(source="huggingface-router", about="answers of the router's /v1/models"),
    "azure": Catalogue(
        source="azure-retail-prices", about="rows of the Azure Retail Prices API, one JSON object a line", prepare=_rows
    ),
    "bedrock": Catalogue(source="amazon-bedrock-rows", about="rows taken from Amazon Bedrock's price page, as JSON"),
}
"""By the word of the command line. A new one is a line here, and a `[[source]]`."""
