"""Who may ask and how often; what a browser is told of other sites; compression."""

import base64
import gzip
import json

import pytest

from api.access import OPEN, Access, Gate, token_in
from configuration import load_configuration
from store.connect import open_pool
from tests.api.conftest import serving
from tests.api.test_app import NEEDED, PATHS, filled
from timeline.secrets import Secret
from timeline.strict import ConfigurationError

TOKEN = "correct-horse-battery"
OTHER = "another-token-of-ours"


@pytest.fixture
def guarded(reader_url, rehearsed):
    access = Access(tokens=(Secret(TOKEN), Secret(OTHER)), per_minute=1000)
    pool = open_pool(reader_url, size=2, reader=True)
    with serving(pool, access) as running:
        yield running
    pool.close()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_no_route_is_without_its_token(guarded):
    for path in [*map(filled, PATHS), "/nowhere"]:
        asked = f"{path}?{NEEDED[path]}" if path in NEEDED else path
        for wrong in ("", "Bearer", "Bearer x", f"Bearer {TOKEN}x", basic("a", "b"), "Basic !", f"Token {TOKEN}"):
            answer = guarded.ask(asked, Authorization=wrong)
            if path in OPEN:
                assert answer.status == 200
            else:
                assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json"), path
                assert "Bearer" in answer.headers["www-authenticate"]
                assert TOKEN not in answer.text
        for right in (f"Bearer {TOKEN}", f"bearer  {OTHER}", basic("anybody", TOKEN)):
            assert guarded.ask(asked, Authorization=right).status in (200, 404), path


def test_what_a_token_was_needed_for_is_kept_by_no_cache_of_others(guarded):
    answer = guarded.ask("/v1/events", Authorization=f"Bearer {TOKEN}")
    assert answer.headers["cache-control"].startswith("private, max-age")
    assert guarded.ask("/v1/events", method="HEAD").status == 401


def test_a_client_that_asks_too_often_is_told_when_to_ask_again():
    now = [1000.0]
    gate = Gate(access=Access(per_minute=60), clock=lambda: now[0])
    assert [gate.refusal("", "192.0.2.1", "/v1/events") for _ in range(60)] == [None] * 60
    problem = gate.refusal("", "192.0.2.1", "/v1/events")
    assert problem is not None
    assert (problem.status, dict(problem.headers)) == (429, {"Retry-After": "1"})
    assert gate.refusal("", "192.0.2.2", "/v1/events") is None
    assert gate.refusal("", "192.0.2.1", "/livez") is None
    now[0] += 1
    assert gate.refusal("", "192.0.2.1", "/v1/events") is None
    assert gate.refusal("", "192.0.2.1", "/v1/events") is not None


def test_waiting_as_long_as_told_is_enough():
    now = [0.0]
    gate = Gate(access=Access(per_minute=7), clock=lambda: now[0])
    for _ in range(50):
        problem = gate.refusal("", "192.0.2.1", "/")
        if problem is not None:
            now[0] += int(dict(problem.headers)["Retry-After"])
            assert gate.refusal("", "192.0.2.1", "/") is None


def test_addresses_of_one_household_are_one_client_and_the_memory_of_clients_is_bounded():
    gate = Gate(access=Access(per_minute=1), clock=lambda: 0.0)
    assert gate.refusal("", "2001:db8::1", "/") is None
    assert gate.refusal("", "2001:db8::ffff:2", "/") is not None
    assert gate.refusal("", "2001:db8:0:1::1", "/") is None
    for number in range(30_000):
        gate.refusal("", f"client-{number}", "/")
    assert len(gate._left) <= 10_000


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"), ("BEARER abc", "abc"), ("Bearer ", None), ("", None), ("Basic ", None),
        (basic("x", "abc"), "abc"), (basic("x", ""), None), ("Basic \x00", None), ("Basic gICA", None),
    ],
)  # fmt: skip
def test_a_token_is_read_from_either_header(header, token):
    assert token_in(header) == token


def test_pages_of_other_sites_may_read_the_api_and_nothing_else(market):
    asked = {"Origin": "https://else.example", "Access_Control_Request_Method": "GET"}
    preflight = market.ask("/v1/events", method="OPTIONS", **asked, Access_Control_Request_Headers="if-none-match")
    assert (preflight.status, preflight.body) == (204, b"")
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
    answer = market.ask("/v1/events", Origin="https://else.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert market.ask("/v1/events?limit=0").headers["access-control-allow-origin"] == "*"
    for path in ("/", "/metrics", "/sources"):
        assert "access-control-allow-origin" not in market.ask(path, Origin="https://else.example").headers
        assert market.ask(path, method="OPTIONS", **asked).status == 405
    assert market.ask("/v1/events", method="OPTIONS", Origin="https://else.example").status == 405


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip", "gzip;q=0.5, *;q=0", "GZIP", "x-gzip"])
def test_answers_are_compressed_for_whoever_can_read_that(market, accepted):
    plain, packed = market.ask("/v1/events"), market.ask("/v1/events", Accept_Encoding=accepted)
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept, Accept-Encoding"
    assert packed.headers["etag"] == plain.headers["etag"]
    stream = market.ask("/v1/events.ndjson", Accept_Encoding=accepted)
    assert [json.loads(line) for line in gzip.decompress(stream.body).splitlines()] == plain.json["data"]
    assert market.ask("/v1/events", Accept_Encoding=accepted, If_None_Match=packed.headers["etag"]).status == 304


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip;q=0.0", "notgzip"])
def test_answers_are_not_compressed_for_others(market, accepted):
    assert "content-encoding" not in market.ask("/v1/events", Accept_Encoding=accepted).headers


def test_head_of_a_stream_reads_nothing(market):
    head = market.ask("/v1/events.csv", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-type"] == "text/csv; charset=utf-8"


def test_tokens_come_from_the_environment_and_are_no_guesses(tmp_path):
    file = tmp_path / "aiwire.toml"
    file.write_text('[server]\ntoken_envs = ["READERS"]\nrequests_per_minute = 60\n')
    found = load_configuration({"READERS": f" {TOKEN}\n"}, file=file)
    assert (found.tokens, found.requests_per_minute) == ((Secret(TOKEN),), 60)
    assert TOKEN not in repr(found)
    for environment in ({}, {"READERS": ""}, {"READERS": "short"}):
        with pytest.raises(ConfigurationError, match=r"line 2: .*token_envs"):
            load_configuration(environment, file=file)
    file.write_text("[server]\nrequests_per_minute = 0\n")
    with pytest.raises(ConfigurationError, match="requests_per_minute"):
        load_configuration({}, file=file)
    file.write_text("")
    assert load_configuration({}, file=file).requests_per_minute is None
