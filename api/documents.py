"""The API's own documents: the OpenAPI description, and a page that shows it."""

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response

from api import answers, forms, problems, rendering
from api.examples import EXAMPLES
from api.lists import Listing

DESCRIPTION = """\
Prices, lifecycles and news of AI models, as dated facts with their evidence. Read only: GET and HEAD.

**Answers.** Lists answer `{"data": [...], "next": ...}`; `next` (also in the `Link` header) is the address of the next
page, or null. Cursors are opaque. Amounts, numbers per unit and per cent are strings with the digits as printed,
never floats. Times are UTC with a `Z`; dates are `YYYY-MM-DD` or, where no more is known, `YYYY-MM`.

**As-of.** `as_of` is the moment in the world, `known_at` the moment of the evidence: the price of a past day as it was
known on another. A date without a time means 00:00 UTC.

**Forms.** The address of a list with `.csv` or `.ndjson` behind it is all of it, as a stream; with `.atom`, `.rss` or
`.feed.json` a feed. `Accept` gives one page in such a form.

**Caching.** Answers carry a weak `ETag` and `Last-Modified`; send them back and get 304 while nothing has changed.

**Access.** Where tokens are set, send one as `Authorization: Bearer TOKEN`. Where a rate is set, 429 and `Retry-After`
say when to ask again. Scripts of any site may read /v1/.

**Problems.** Every error is a problem document (RFC 9457). Parameters that do not exist are refused, not ignored.

**Stability.** Within /v1 fields, parameters and forms may be added, never renamed or removed; operation ids stay. Event
kinds, meters and conditions are text and may grow. What has to go is said for six months before, in the changelog and
by a `Deprecation` header. /livez, /readyz and /metrics may change with any release.
"""
TAGS = [
    {"name": "timeline", "description": "Changes, each with the captures before and after it."},
    {"name": "prices", "description": "What things cost, when, and since when that is known."},
    {"name": "models", "description": "Lifecycle status, and what is coming."},
    {"name": "news", "description": "What feeds published, and what watched tables show."},
    {"name": "evidence", "description": "What is watched, and the captured bytes themselves."},
    {"name": "operations", "description": "For whoever runs it."},
]
HEADERS = {
    "ETag": {"description": "Send it back in `If-None-Match`.", "schema": {"type": "string"}},
    "Last-Modified": {"description": "When anything last changed.", "schema": {"type": "string"}},
    "Link": {"description": "`next`: the next page. `bookmark`: this answer, for ever.", "schema": {"type": "string"}},
}
JSON_FEED = {  # what readers need; the specification is at https://www.jsonfeed.org/version/1.1/
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "items": {"type": "array", "items": {"type": "object", "required": ["id", "date_published"]}},
    },
}
PROBLEMS = {
    401: "A token is needed, where whoever runs this has set some.",
    404: "There is no such thing.",
    414: "The address is too long.",
    422: "A parameter is not what it must be; `errors` says which and what is allowed.",
    429: "More requests than are allowed; see `Retry-After`.",
    503: "The database does not answer, or the question took too long; see `Retry-After`.",
}


def of_whole(listing: Listing[Any], path: str) -> str:
    """What the second address of a list answers."""
    told = [
        f"Takes the parameters of {path}. Rows come as a stream, `limit` is of all of them, and a stream that "
        "cannot be completed breaks off: one that ends well is whole. Columns of CSV are the fields of the JSON; what "
        "is an object there is JSON in its cell, and no cell begins like a formula."
    ]
    if listing.entry is not None:
        told.append(
            "`atom`, `rss` and `feed.json` (JSON Feed 1.1) are feeds of the first 50, or `limit` (500 at most): ids "
            "stay, dates are those of what is told."
        )
    return "\n\n".join(told)


def responses(
    answer: type[BaseModel] | tuple[str, ...], others: tuple[str, ...], *, missing: bool, kept: bool
) -> dict[int | str, dict[str, Any]]:
    """What a route's OpenAPI entry says of its answers; errors are all in the one shape."""
    reference = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[int | str, dict[str, Any]] = {}
    media_types = (*(answer if isinstance(answer, tuple) else ()), *others)
    if media_types or kept:
        found[200] = {"content": {name: {"schema": _content(name)} for name in media_types}}
    if kept:
        found[200]["headers"] = {name: HEADERS[name] for name in _heads(answer)}
        found[304] = {"description": "What you have is still right: nothing has changed."}
    wanted = {status: text for status, text in PROBLEMS.items() if missing or status != 404}
    return found | {status: {"description": text, "content": reference} for status, text in wanted.items()}


def _content(media_type: str) -> dict[str, Any]:
    return JSON_FEED if media_type == forms.media_type("feed.json") else {"type": "string"}


def _heads(answer: type[BaseModel] | tuple[str, ...]) -> list[str]:
    return ["ETag", "Last-Modified", *(() if isinstance(answer, tuple) else ("Link",))]


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, with the problem shape added: made once."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        shapes = document["components"]["schemas"]
        shapes["Problem"] = problems.SCHEMA
        for name, example in EXAMPLES.items():  # not by the model's own configuration: FastAPI drops every null there
            shapes[name]["examples"] = [example]
        app.openapi_schema = document
    return app.openapi_schema


def openapi(request: Request) -> Response:
    """The OpenAPI document as JSON."""
    return Response(
        answers.dumps(describe(request.app)),
        headers={"Cache-Control": answers.REVALIDATE},
        media_type="application/vnd.oai.openapi+json;version=3.1",
    )


def docs(request: Request) -> Response:
    """The OpenAPI document as a page: every endpoint, its parameters, and a request to try."""
    document = describe(request.app)
    base_url = document["servers"][0]["url"]
    groups = [
        (tag, [_endpoint(path, item["get"], base_url) for path, item in document["paths"].items() if _under(tag, item)])
        for tag in TAGS
    ]
    now = answers.reading_of(request).now()
    introduction = [_paragraph(text) for text in DESCRIPTION.split("\n\n")]
    return rendering.page("docs.html", section="/docs", now=now, introduction=introduction, groups=groups)


def _under(tag: dict[str, str], item: dict[str, Any]) -> bool:
    return tag["name"] in item["get"]["tags"]


def _paragraph(text: str) -> dict[str, str]:
    name, _, rest = text.replace("\n", " ").strip().rpartition("** ")
    return {"name": name.removeprefix("**"), "text": rest.replace("`", "")}


def _endpoint(path: str, operation: dict[str, Any], base_url: str) -> dict[str, Any]:
    given = sorted(operation.get("parameters", []), key=lambda item: item["name"] in ("limit", "cursor"))
    parameters = [_parameter(item) for item in given]
    address = path
    query: list[str] = []
    for item in parameters:
        if item["in"] == "path":
            address = address.replace("{" + item["name"] + "}", item["example"])
        elif item["example"] and item["name"] not in ("limit", "cursor") and len(query) < 2:
            query.append(f"{item['name']}={quote(item['example'], safe='*')}")
    return {
        "operation": operation["operationId"],
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", "").replace("`", "").replace("\n", " "),
        "parameters": parameters,
        "example": f"{base_url}{address}" + (f"?{'&'.join(query)}" if query else ""),
    }


def _parameter(item: dict[str, Any]) -> dict[str, Any]:
    schema = item["schema"]
    inner = schema.get("items", schema)
    example = next(iter(schema.get("examples", item.get("examples", []))), "")
    while isinstance(example, list):
        example = next(iter(example), "")
    return {
        "name": item["name"],
        "in": item["in"],
        "required": item.get("required", False),
        "description": item.get("description", schema.get("description", "")).replace("`", ""),
        "allowed": ", ".join(map(str, inner.get("enum", []))),
        "example": str(example),
    }
