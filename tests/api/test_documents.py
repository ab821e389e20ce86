"""The OpenAPI document, the page that shows it and docs/api.md are all of the same routes."""

import re
from pathlib import Path
from typing import get_args

import pytest

from api import schemas
from api.app import API
from api.examples import EXAMPLES
from tests.api.conftest import Site

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
# Clients generate code from these: to rename one is to break them.
OPERATIONS = {
    "listEvents", "getEvent", "listPrices", "listPriceHistory", "getCost", "listModels", "getModel", "listDeadlines",
    "listNews", "listSources", "getDeadlineCalendar", "getSnapshot", "livez", "readyz", "metrics",
    "exportEvents", "exportPrices", "exportPriceHistory", "exportModels", "exportDeadlines", "exportNews",
    "listFigures", "listFigureHistory", "exportFigures", "exportFigureHistory",
    "listIncidents", "exportIncidents", "listFunding", "exportFunding",
}  # fmt: skip


@pytest.fixture(scope="module")
def document(market: Site):
    answer = market.ask("/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.1"
    return answer.json


@pytest.fixture(scope="module")
def sections():
    parts = re.split(r"^### GET (\S+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_operations_keep_their_ids(document):
    found = [item["get"]["operationId"] for item in document["paths"].values()]
    assert set(found) == OPERATIONS
    assert len(found) == len(OPERATIONS) == len(API)


def test_the_document_is_openapi_3_1_and_says_what_everything_is(document):
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        assert list(item) == ["get"], path
        operation = item["get"]
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["responses"]["200"]["content"], path
        for parameter in operation.get("parameters", []):
            assert parameter.get("description") or parameter["schema"].get("description"), (path, parameter["name"])
        for status, answer in operation["responses"].items():
            if status not in ("200", "304"):
                assert list(answer["content"]) == ["application/problem+json"], (path, status)
    references = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert references == set(document["components"]["schemas"])


def test_docs_api_md_has_every_endpoint_and_every_parameter_and_no_other(document, sections):
    assert set(sections) == set(document["paths"])
    for path, item in document["paths"].items():
        told = set(re.findall(r"^\| `([^`]+)` \|", sections[path], flags=re.MULTILINE))
        if path.endswith(".{form}"):
            page = path.removesuffix(".{form}")
            assert f"the parameters of `{page}`" in sections[path]
            told |= names(document["paths"][page])
        assert told == names(item), path
        assert f"`{item['get']['operationId']}`" in sections[path]


def names(item):
    return {parameter["name"] for parameter in item["get"].get("parameters", [])}


def test_the_examples_of_docs_api_md_answer(market):
    commands = re.findall(r"^curl '(http://127\.0\.0\.1:8321[^']+)'", TEXT, flags=re.MULTILINE)
    assert len(commands) >= 4
    for command in commands:
        assert market.ask(command.removeprefix("http://127.0.0.1:8321")).status == 200, command


def test_the_page_shows_every_endpoint_and_its_requests_answer(market, document):
    page = market.ask("/docs", Accept="text/html").text
    for path, item in document["paths"].items():
        assert f"GET {path}<" in page, path
        for parameter in item["get"].get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in page
    requests = re.findall(r"curl '([^']+)'", page)
    assert len(requests) == len(API)
    for request in requests:
        assert market.ask(request.replace("&amp;", "&")).status in (200, 404), request


@pytest.mark.parametrize("shape", sorted(EXAMPLES))
def test_the_examples_have_the_shape_they_show(document, shape):
    (example,) = document["components"]["schemas"][shape]["examples"]
    getattr(schemas, shape).model_validate(example)


def test_every_list_shows_an_example_of_a_row(document):
    for route in API:
        if route.operation.startswith("list") and route.operation != "listSources":
            (rows,) = [field for name, field in route.answer.model_fields.items() if name == "data"]
            (shape,) = get_args(rows.annotation)
            assert shape.__name__ in EXAMPLES, route.operation
