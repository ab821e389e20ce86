"""Deliveries on the page of sources and among the metrics: whether messages get through, and nothing of the answers."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from store import deliveries, delivery_attempts
from tests.api.conftest import NOW

HOUR = timedelta(hours=1)
ANSWER = "no_service xoxb-words-of-the-other-side"


def queue(connection, receiver, count):
    for number in range(count):
        deliveries.add(
            connection, f"m{number}", receiver, [], {"title": "t", "subjects": []}, created_at=NOW - 2 * HOUR,
            not_before=NOW - HOUR,
        )  # fmt: skip
    return deliveries.claim_due(connection, receiver, NOW, count)


def fill(connection):
    (fine,) = queue(connection, "fine", 1)
    delivery_attempts.mark_sent(connection, fine.id, NOW - HOUR, status="200 ok", code="200")
    first, second = queue(connection, "gone", 2)
    delivery_attempts.mark_parked(connection, first.id, status=f"404 {ANSWER}", code="404", outcome="disabled", at=NOW)
    delivery_attempts.mark_parked(connection, second.id, status=f"404 {ANSWER}", code="404", outcome="disabled", at=NOW)
    (late,) = queue(connection, "slow <b>", 1)
    delivery_attempts.mark_failed(connection, late.id, retry_at=NOW + HOUR, status=f"503 {ANSWER}", code="503", at=NOW)
    connection.commit()


def test_the_page_of_sources_says_who_does_not_get_messages(site, connection):
    assert 'id="deliveries"' not in site.ask("/sources").text
    fill(connection)
    page = site.ask("/sources").text
    _, _, section = page.partition('id="deliveries"')
    assert "2 receivers of 3 in trouble" in section
    assert "takes no messages (404)" in section
    assert "aiwire alerts test gone" in section
    assert "2 messages given up" in section
    assert "does not take messages now (503)" in section
    assert "slow &lt;b&gt;" in section
    assert section.index("gone") < section.index("fine")
    assert " ago</span>" in section
    assert ANSWER not in page
    assert "no_service" not in page


def test_metrics_tell_of_the_outbox(site, connection):
    fill(connection)
    text = site.ask("/metrics").text
    found = {
        (sample.name, sample.labels.get("receiver")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["aiwire_deliveries_given_up", "gone"] == 2
    assert found["aiwire_deliveries_waiting", "slow <b>"] == 1
    assert found["aiwire_deliveries_sent", "fine"] == 1
    assert found["aiwire_deliveries_undelivered_seconds", "slow <b>"] == 7200
    assert ("aiwire_deliveries_undelivered_seconds", "fine") not in found
    assert ANSWER not in text
