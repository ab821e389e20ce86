"""What the OpenAPI document allows is answered as it says, and what it forbids is refused: asked by a machine."""

import math
import warnings
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from api.app import API

with warnings.catch_warnings():  # of what it imports, not of what it does
    warnings.simplefilter("ignore", DeprecationWarning)
    import schemathesis
    from schemathesis import GenerationMode

CASES, TORTURE = 500, 10_000
FREE = 3  # operations without a parameter: there is one case of each


def share(cases: int) -> int:
    """Of each operation, allowed and forbidden."""
    return math.ceil(cases / 2 / (len(API) - FREE))


def test_the_document_is_valid(market):
    validate(market.ask("/openapi.json").json, cls=OpenAPIV31SpecValidator)


@pytest.fixture(scope="module")
def operations(market):
    rejections = {"negative_data_rejection": {"expected-statuses": [404, 414, 422]}}
    config = schemathesis.Config.from_dict({"checks": rejections})
    document = market.ask("/openapi.json").json  # it names the server; to be fetched by schemathesis has a time limit
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=market.base_url)
    found = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        found[operation.definition.raw["operationId"]] = operation
    return found


def cursor_of(market, path):
    """One that the list gave, or None: that is, none."""
    page = market.ask(f"{path.removesuffix('.{form}')}?limit=1")
    following = page.json["next"] if page.status == 200 and page.headers["content-type"] == "application/json" else None
    return parse_qs(urlsplit(following).query)["cursor"][0] if following else None


def allowed(case, place) -> None:
    """What the document cannot say: a cursor is one of ours; two shares are together at most all."""
    if case.query and "cursor" in case.query:
        case.query["cursor"] = place
    if case.query and "cached_share" in case.query:
        case.query.pop("cache_write_share", None)


def ask(market, operations, route, cases: int) -> int:
    """How many cases were asked: fewer than wanted where there are no more different ones."""
    operation = operations[route.operation]
    place = cursor_of(market, route.path)
    asked = ask_in(GenerationMode.POSITIVE, operation, place, cases)
    if operation.path_parameters or operation.query:  # else there is nothing to get wrong
        asked += ask_in(GenerationMode.NEGATIVE, operation, place, cases)
    return asked


def ask_in(mode, operation, place, most: int) -> int:
    asked = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=most, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
    def check(case) -> None:
        if mode is GenerationMode.POSITIVE:
            allowed(case, place)
        nonlocal asked
        asked += 1
        case.call_and_validate(timeout=30)

    check()
    return asked


@pytest.mark.parametrize("route", API, ids=lambda route: route.operation)
def test_every_operation_keeps_its_contract(market, operations, route, request):
    request.node.user_properties.append(("cases", ask(market, operations, route, share(CASES))))  # in a report as XML


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("route", API, ids=lambda route: route.operation)
def test_every_operation_keeps_its_contract_at_length(market, operations, route, request):
    request.node.user_properties.append(("cases", ask(market, operations, route, share(TORTURE))))  # in a report as XML
