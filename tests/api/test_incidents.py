"""Incidents over HTTP."""

from datetime import UTC, datetime

from api.schemas import IncidentPage


def test_incidents_are_listed_newest_first_with_how_long_they_lasted(market):
    page = IncidentPage.model_validate(market.ask("/v1/incidents").json)
    assert [(one.is_open, one.minutes is None, one.impact) for one in page.data] == [
        (True, False, "major"), (False, False, "major"),
    ]  # fmt: skip
    assert page.data[1].minutes == 60
    assert page.data[0].at == datetime(2026, 2, 12, 8, 0, tzinfo=UTC)


def test_incidents_are_found_by_what_they_are(market):
    for asked, found in (
        ("is_open=true", 1), ("is_open=false", 1), ("component=API", 2), ("component=Console", 0), ("impact=major", 2),
        ("impact=minor", 0), ("q=errors", 2), ("since=2026-02-11", 1), ("until=2026-02-11", 1), ("provider=acme", 2),
        ("provider=openai", 0), ("trust=official", 2),
    ):  # fmt: skip
        assert len(market.data(f"/v1/incidents?{asked}")) == found, asked


def test_pages_of_incidents_follow_each_other(market):
    first = market.ask("/v1/incidents?limit=1").json
    second = market.ask(first["next"]).json
    assert first["data"] + second["data"] == market.data("/v1/incidents")
    assert second["next"] is None


def test_what_is_going_on_has_lasted_until_now_by_a_moment_to_come(market):
    """Nobody knows that it goes on; and the minutes of eight thousand years are more than a number of them holds."""
    now = market.data("/v1/incidents")
    for moment in ("9993-03-11T20:25:13Z", "2100-01-01"):
        then = market.data(f"/v1/incidents?as_of={moment}")
        assert [one["minutes"] for one in then] == [one["minutes"] for one in now]
