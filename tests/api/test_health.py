from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from api.schemas import Readiness
from store.connect import open_pool
from tests.api.conftest import NOW, serving
from tests.api.samples import small_market


def samples(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def checks(answer):
    return {check.name: check for check in Readiness.model_validate(answer.json).checks}


def test_a_live_process_says_so(site):
    assert site.ask("/livez").text == "alive\n"


def test_ready_when_the_database_answers_and_is_of_this_version(site):
    answer = site.ask("/readyz")
    assert (answer.status, answer.json["status"]) == (200, "ready")
    assert {name for name, check in checks(answer).items() if check.needed} == {"database", "migrated"}


def test_not_ready_on_views_of_another_version(site, connection):
    connection.execute("UPDATE aiwire.installed_view SET sha256 = 'old' WHERE name = 'events'")
    connection.commit()
    answer = site.ask("/readyz")
    assert (answer.status, answer.json["ready"]) == (503, False)
    assert "events" in checks(answer)["migrated"].detail


def test_while_an_upgrade_goes_on_what_is_known_is_still_served(site, connection):
    connection.execute("UPDATE aiwire.alembic_version SET version_num = '9999'")
    connection.commit()
    answer = site.ask("/readyz")
    assert (answer.status, answer.json["status"]) == (200, "late")
    assert "newer than this program" in checks(answer)["version"].detail


def test_late_when_a_source_waits_for_its_visit(site, connection):
    small_market(connection)
    connection.execute("UPDATE aiwire.source_state SET next_due_at = %s", [NOW - timedelta(hours=2)])
    connection.commit()
    answer = site.ask("/readyz")
    assert (answer.status, answer.json["status"], answer.json["ready"]) == (200, "late", True)
    assert checks(answer)["visits"].seconds == 7200
    assert "2 hours" in checks(answer)["visits"].detail


def test_sources_in_trouble_are_named(site, connection):
    small_market(connection)
    connection.execute(
        "UPDATE aiwire.source_state SET next_due_at = %s, health = CASE source WHEN 'gazette-news' THEN 'stale' "
        "ELSE 'ok' END",
        [NOW],
    )
    connection.commit()
    found = checks(site.ask("/readyz"))
    assert found["visits"].ok
    assert not found["sources"].ok
    assert found["sources"].detail == "3 of 4 are well; not: gazette-news"


def test_metrics_tell_of_answers_and_sources(site, connection):
    small_market(connection)
    site.ask("/v1/events")
    site.ask("/v1/events?limit=x")
    site.ask("/nowhere")
    answer = site.ask("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert found[("aiwire_http_requests_total", "/v1/events", "200")] == 1
    assert found[("aiwire_http_requests_total", "/v1/events", "422")] == 1
    assert found[("aiwire_http_requests_total", "none", "404")] == 1
    assert found[("aiwire_database_up",)] == 1
    assert found[("aiwire_source_health", "ok", "acme-pricing")] == 1
    assert found[("aiwire_source_issues", "acme-pricing")] == 1
    assert found[("aiwire_source_seconds_since_good", "acme-pricing")] > 0


def test_a_pool_without_a_free_connection_is_said_and_passes(reader_url):
    pool = open_pool(reader_url, size=1, reader=True)
    pool.timeout = 0.1
    with serving(pool) as site:
        with pool.connection():
            answer = site.ask("/v1/events")
            assert (answer.status, answer.headers["retry-after"]) == (503, "5")
            assert site.ask("/readyz").status == 503
        assert site.ask("/v1/events").status == 200
    pool.close()


def test_a_database_that_went_away_is_said_and_the_process_lives(reader_url, connection, database_url):
    pool = open_pool(reader_url, size=1, reader=True)
    with serving(pool) as site:
        pool.close()
        answer = site.ask("/readyz")
        assert (answer.status, answer.json["ready"]) == (503, False)
        assert samples(site.ask("/metrics").text)[("aiwire_database_up",)] == 0
        assert site.ask("/v1/events").status == 503
        assert site.ask("/livez").status == 200
