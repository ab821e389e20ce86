"""Status pages: the same incident from JSON and from feeds; what cannot be is an issue. Pages are our own writing."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract import statuspages
from crawler.extract.document import Document, Reading
from timeline.incidents import Incident

NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)


def read(body: str | bytes | Any, url: str = "https://status.acme.example/feed", **options: Any) -> Reading:
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return statuspages.read(Document(body=raw, url=url, at=NOW, source="s", provider="acme", options=options))


def incidents(reading: Reading) -> Sequence[Incident]:
    found = [fact for fact in reading.facts if isinstance(fact, Incident)]
    assert len(found) == len(reading.facts)
    return found


def update(day: int, time: str, state: str, text: str, zone: str = "UTC") -> str:
    return (
        f"&lt;p&gt;&lt;small&gt;Aug &lt;var data-var='date'&gt;{day}&lt;/var&gt;, &lt;var data-var='time'&gt;{time}"
        f"&lt;/var&gt; {zone}&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{state}&lt;/strong&gt; - {text}&lt;/p&gt;"
    )


def rss(title: str, text: str, *, link: str = "https://status.acme.example/incidents/abc123def456") -> str:
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Acme Status</title><item>"
        f"<title>{title}</title><description>{text}</description><link>{link}</link><guid>{link}</guid>"
        "<pubDate>Thu, 20 Aug 2026 19:42:38 +0000</pubDate></item></channel></rss>"
    )


JSON = {
    "page": {"id": "p", "name": "Acme", "url": "https://status.acme.example"},
    "incidents": [
        {
            "id": "abc123def456", "name": "Errors on requests", "status": "resolved", "impact": "major",
            "created_at": "2026-08-20T19:16:00.000Z", "started_at": "2026-08-20T19:16:00.000Z",
            "updated_at": "2026-08-20T20:00:00Z", "resolved_at": "2026-08-20T19:42:00Z",
            "shortlink": "https://stspg.example/x",
            "incident_updates": [
                {"status": "resolved", "body": "Over.", "affected_components": [{"name": "API"}, {"name": "Console"}]},
                {"status": "investigating", "body": "We look.", "affected_components": None},
            ],
            "components": [{"name": "API"}],
        },
        {
            "id": "open11", "name": "Slow answers", "status": "monitoring", "impact": "minor",
            "created_at": "2026-08-21T11:00:00Z", "resolved_at": None, "incident_updates": [], "components": [],
        },
    ],
}  # fmt: skip


def test_incidents_as_json() -> None:
    over, going_on = incidents(read(JSON))
    assert (over.guid, over.impact, over.components, over.minutes) == ("abc123def456", "major", ("API", "Console"), 26)
    assert (over.summary, over.url) == ("Over.", "https://stspg.example/x")
    assert (going_on.status, going_on.resolved_at, going_on.minutes) == ("monitoring", None, None)
    assert going_on.url == "https://status.acme.example/incidents/open11"


def test_a_maintenance_is_one() -> None:
    row = {
        "id": "m1", "name": "Database upgrade", "status": "scheduled", "impact": "maintenance",
        "created_at": "2026-08-01T00:00:00Z", "scheduled_for": "2026-09-01T02:00:00Z",
    }  # fmt: skip
    reading = read({"scheduled_maintenances": [row]})
    (planned,) = incidents(reading)
    assert (planned.impact, planned.started_at) == ("maintenance", datetime(2026, 9, 1, 2, tzinfo=UTC))
    assert not reading.issues


def test_the_history_of_statuspage_as_rss() -> None:
    text = update(20, "19:42", "Resolved", "Over.") + update(20, "19:16", "Investigating", "We look.")
    (found,) = incidents(read(rss("Errors on requests", text)))
    (same, _) = incidents(read(JSON))
    assert (found.key, found.title, found.started_at, found.resolved_at) == (
        same.key, same.title, same.started_at, same.resolved_at,
    )  # fmt: skip
    assert (found.status, found.summary, found.impact) == ("resolved", "Over.", None)


def test_times_of_other_zones_and_over_the_turn_of_a_month() -> None:
    text = update(20, "12:42", "Monitoring", "Mended.", "PDT") + update(20, "08:00", "Investigating", "We look.", "PDT")
    (found,) = incidents(read(rss("Errors", text)))
    assert found.started_at == datetime(2026, 8, 20, 15, tzinfo=UTC)
    assert found.resolved_at is None


def test_the_feeds_of_incident_io() -> None:
    text = (
        "&lt;b&gt;Status: Resolved&lt;/b&gt;&lt;br/&gt;&lt;br/&gt;All is well again.&lt;br/&gt;&lt;br/&gt;"
        "&lt;b&gt;Affected components&lt;/b&gt;&lt;ul&gt;&lt;li&gt;Chat (Operational)&lt;/li&gt;"
        "&lt;li&gt;Responses (Operational)&lt;/li&gt;&lt;/ul&gt;"
    )
    (found,) = incidents(read(rss("Errors", text, link="https://status.acme.example/incidents/01JXYZ8K3QH5")))
    assert (found.status, found.components, found.summary) == ("resolved", ("Chat", "Responses"), "All is well again.")
    assert (found.started_at, found.resolved_at) == (None, datetime(2026, 8, 20, 19, 42, 38, tzinfo=UTC))
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Acme</title><entry><id>tag:1</id><title>Errors</title>"
        "<link href='https://status.acme.example/incidents/01JXYZ8K3QH5'/><published>2026-08-20T18:00:00Z</published>"
        f"<updated>2026-08-20T19:30:00Z</updated><summary type='html'>{text}</summary></entry></feed>"
    )
    (found,) = incidents(read(atom))
    assert found.minutes == 90


def test_the_list_of_google_cloud() -> None:
    rows = [
        {
            "id": "Abc9", "number": "1", "begin": "2026-08-02T07:00:00+00:00", "end": "2026-08-02T09:30:00+00:00",
            "external_desc": "Vertex Gemini API: elevated errors", "status_impact": "SERVICE_OUTAGE",
            "most_recent_update": {"text": "Mended.", "status": "AVAILABLE"}, "uri": "incidents/Abc9",
            "affected_products": [{"title": "Vertex Gemini API", "id": "z"}],
        },
        {
            "id": "Def8", "begin": "2026-08-03T07:00:00+00:00", "external_desc": "Networking", "uri": "incidents/Def8",
            "status_impact": "SERVICE_DISRUPTION", "affected_products": [{"title": "Cloud NAT", "id": "y"}],
        },
    ]  # fmt: skip
    reading = read(rows, "https://status.cloud.google.com/incidents.json", components=["Vertex*"])
    (found,) = incidents(reading)
    assert (found.impact, found.minutes, found.status) == ("major", 150, "resolved")
    assert found.url == "https://status.cloud.google.com/incidents/Abc9"
    assert [each.what for each in reading.ignored] == ["Networking"]


@pytest.mark.parametrize(
    ("body", "code", "fatal"),
    [
        ("{", "not_a_status_page", True),
        ({"status": "ok"}, "not_a_status_page", True),
        ("<html><body>no</body></html>", "not_a_feed", True),
        ({"incidents": [{"id": "x"}]}, "not_an_incident", False),
        ({"incidents": ["x", 7, None]}, "not_an_incident", False),
        ({"incidents": [{"id": "x", "name": "n", "created_at": "2031-01-01T00:00:00Z"}]}, "impossible_date", False),
        (
            {"incidents": [{"id": "x", "name": "n", "status": "resolved", "started_at": "2026-08-02T00:00:00Z",
                            "resolved_at": "2026-08-01T00:00:00Z"}]},
            "impossible_date", False,
        ),
        (b"[" * 300_000, "not_a_status_page", True),
    ],
)  # fmt: skip
def test_what_is_no_status_page_is_an_issue(body: Any, code: str, fatal: bool) -> None:
    reading = read(body)
    assert (reading.issues[0].code, reading.issues[0].fatal) == (code, fatal)


def test_nothing_of_a_page_does_anything() -> None:
    row = {
        "id": "<script>x</script>1", "name": "<img src=x onerror=alert(1)>Down", "shortlink": "javascript:alert(1)",
        "status": "investigating", "components": [{"name": "<b>API</b>"}], "created_at": "2026-08-20T00:00:00Z",
    }  # fmt: skip
    (found,) = incidents(read({"incidents": [row]}))
    assert (found.guid, found.title, found.components) == ("1", "Down", ("API",))
    assert found.url.startswith("https://status.acme.example/")


def test_no_incident_is_a_good_page() -> None:
    assert read({"page": {}, "incidents": []}) == Reading()
