"""One model, everybody who sells it: by exact ids of reviewed models, in the forms clouds and routers write them."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.json import Jsonb

from store import clock, sources
from store.connect import Connection
from store.sources import SourceRow
from store.view_files import texts
from timeline import names
from timeline.same_models import same_models

T0 = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
OFFERS = (  # source, seller, id there, dollars for a million tokens of output
    ("official", "anthropic", "claude-sonnet-4-5", "15"),
    ("catalogue", "anthropic", "claude-sonnet-4-5", "16"),
    ("catalogue", "amazon-bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "16.5"),
    ("catalogue", "google-vertex", "claude-sonnet-4-5@20250929", "14"),
    ("catalogue", "router", "anthropic/Claude-Sonnet-4-5", "13"),
    ("catalogue", "router", "anthropic/claude-sonnet-4-5-turbo", "1"),  # another model: nothing is taken by a prefix
    ("catalogue", "openai", "gpt-4.1-mini", "1.6"),
)


@pytest.fixture
def market(connection: Connection) -> Connection:
    """Offers of two models, as looked at half an hour ago."""
    rows = [
        SourceRow(id=trust, provider=trust, kind="pricing", url="https://x", trust=trust, every=DAY)
        for trust in ("official", "catalogue")
    ]
    sources.register(connection, rows, T0)
    connection.execute("UPDATE source_state SET last_good_at = %s", [T0 + 3 * DAY])
    clock.set_rehearsal(connection, T0 + 2 * DAY)
    for trust, seller, model_id, amount in OFFERS:
        connection.execute(
            """
            INSERT INTO price (source, key, provider, model, model_id, meter, conditions, state, amount, currency, per,
                               unit, effective, known, origin, trust)
            VALUES (%s, %s, %s, %s, %s, 'output', %s, 'priced', %s, 'USD', 1000000, 'token', tstzrange(%s, NULL),
                    tstzrange(%s, NULL), 'live', %s)
            """,
            [trust, f"{seller} {model_id}", seller, model_id, model_id, Jsonb({}), amount, T0, T0, trust],
        )
    return connection


@pytest.mark.postgres
def test_the_same_model_from_its_maker_clouds_and_routers(market: Connection) -> None:
    rows = market.execute(
        "SELECT seller, model_id, per_million::text, class, trust, certain FROM timeline.offers "
        "WHERE maker = 'anthropic' AND maker_model = 'claude-sonnet-4-5' ORDER BY per_million"
    ).fetchall()
    assert rows == [
        ("router", "anthropic/Claude-Sonnet-4-5", "13", "mid", "catalogue", True),
        ("google-vertex", "claude-sonnet-4-5@20250929", "14", "mid", "catalogue", True),
        ("anthropic", "claude-sonnet-4-5", "15", "mid", "official", True),
        ("amazon-bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "16.5", "mid", "catalogue", True),
    ]
    assert market.execute("SELECT count(*) FROM timeline.offers").fetchone() == (5,)
    assert market.execute("SELECT count(*) FROM timeline.offers_asof(%s)", [T0 - DAY]).fetchone() == (0,)


@pytest.mark.postgres
def test_the_cheapest_of_a_class(market: Connection) -> None:
    rows = market.execute(
        "SELECT DISTINCT ON (class) class, maker_model, seller FROM timeline.offers WHERE meter = 'output' "
        "ORDER BY class, per_million"
    ).fetchall()
    assert rows == [("mid", "claude-sonnet-4-5", "router"), ("small", "gpt-4.1-mini", "openai")]


def test_every_id_stands_for_one_model_that_is_on_file() -> None:
    found = list(same_models())
    assert len({one.name for one in found}) == len(found) > 300
    assert [one for one in found if one.model not in names.related_ids(one.maker)] == []
    assert {one.name for one in found if one.model == "claude-sonnet-4-5"} == {
        "claude-sonnet-4-5", "claude-sonnet-4-5-20250929",
    }  # fmt: skip
    assert {(one.maker, one.model) for one in found if one.name == "nova-pro"} == {("amazon", "amazon.nova-pro-v1:0")}
    assert {one.maker for one in found if one.name == "glm-4.6"} == {"zai"}  # and not zhipu, which is the same house
    assert "azure" not in {one.maker for one in found}


def test_the_view_is_made_anew_when_a_name_changes() -> None:
    assert "('claude-sonnet-4-5-20250929', 'anthropic', 'claude-sonnet-4-5', 'mid')" in texts()["same_models"]
