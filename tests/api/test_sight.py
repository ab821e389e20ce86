"""Whether aiwire sees is said in words and in JSON, and what nobody watched is no zero."""

from datetime import timedelta

import pytest

from api import sight
from store import checks, sources
from tests.api.conftest import NOW
from tests.api.samples import DAY, PRICING, START, register, small_market
from tests.api.test_pages import read

HOUR = timedelta(hours=1)


def look_at(connection, ago, every="10 minutes"):
    small_market(connection)
    connection.execute("UPDATE aiwire.source SET every = %s::interval", [every])
    connection.execute("UPDATE aiwire.source_state SET last_good_at = %s", [NOW - ago])
    connection.commit()


@pytest.mark.parametrize(
    ("ago", "every", "blind"),
    [(HOUR, "10 minutes", False), (3 * HOUR, "10 minutes", True), (2 * DAY, "1 day", False), (4 * DAY, "1 day", True)],
)
def test_a_site_that_reads_nothing_says_so(site, connection, ago, every, blind):
    look_at(connection, ago, every)
    for page in ("/", "/sources"):
        assert ("No page has been read since" in read(site, page).text) == blind
    told = site.ask("/v1/sources").json["reading"]
    assert (told["blind"], bool(told["said"])) == (blind, blind)
    (check,) = (each for each in site.ask("/readyz").json["checks"] if each["name"] == "reading")
    assert check["ok"] == (not blind)
    assert "No page has been read" not in read(site, f"/?as_of={START:%Y-%m-%d}").text


def test_before_the_first_look_nothing_is_known(site, connection):
    assert not site.ask("/v1/sources").json["reading"]["blind"]  # nothing is to be read
    register(connection, PRICING)
    connection.commit()
    assert "Nothing has been read yet. What has changed lately is not known here." in read(site, "/").text
    assert site.ask("/v1/sources").json["reading"] == {
        "blind": True, "last_good_at": None, "said": "Nothing has been read yet",
    }  # fmt: skip


def test_what_was_not_watched_is_no_zero(site, connection):
    look_at(connection, 90 * DAY)
    connection.execute("UPDATE aiwire.event SET observed_at = observed_at - interval '60 days'")
    connection.commit()
    page = read(site, "/").text
    assert "price cuts not watched" in page
    assert "In the last 4 weeks (nothing was read in that time)" in page
    connection.execute("UPDATE aiwire.source_state SET last_good_at = %s", [NOW])
    connection.commit()
    page = read(site, "/").text
    assert "price cuts 0" in page
    assert "In the last 4 weeks (watched only since 10 Feb 2026, 08:00 UTC)" in page


def test_a_day_that_came_is_no_latest_change(site, connection):
    look_at(connection, HOUR)
    connection.execute(
        """
        INSERT INTO aiwire.event
               (id, kind, source, key, provider, model, observed_at, origin, trust, headline, after)
        SELECT 'due', 'model.retirement_due', source, key, provider, model, %s, origin, trust, 'slow-1 is due', after
          FROM aiwire.event WHERE kind = 'model.retirement_scheduled' LIMIT 1
        """,
        [NOW - HOUR],
    )
    connection.commit()
    page = read(site, "/").text
    assert "Thursday 26 February 2026" in page and "is due" in page
    assert "The latest change is of Thursday 12 February 2026" in page


def test_the_parts_of_a_time_that_were_watched():
    until = START + 28 * DAY
    assert sight.part_watched(None, None, START, until) is None
    assert sight.part_watched(START - DAY, START - HOUR, START, until) is None
    assert sight.part_watched(START - DAY, until, START, until) == ""
    assert sight.part_watched(START - DAY, START + 5 * DAY, START, until) == "watched only until 15 Feb 2026, 08:00 UTC"
    both = sight.part_watched(START + 2 * DAY, START + 5 * DAY, START, until)
    assert both == "watched only from 12 Feb 2026, 08:00 UTC to 15 Feb 2026, 08:00 UTC"


def test_one_trouble_of_many_sources_is_told_once(site, connection):
    rows = [sources.SourceRow(id=f"s{n}", provider="acme", kind="pricing", url="https://a.example", trust="official",
                              every=HOUR, verified=True) for n in range(7)]  # fmt: skip
    sources.register(connection, rows, START)
    for row in rows[:6]:
        checks.record_check(connection, row.id, at=NOW, outcome="dns_failure", next_due_at=NOW, good=False)
    checks.record_check(connection, "s6", at=NOW, outcome="forbidden", next_due_at=NOW, good=False, detail="a wall")
    connection.commit()
    page = read(site, "/sources")
    assert page.text.count("the host's name does not resolve") == 1
    assert "6 sources: the host's name does not resolve; is there no network?" in page.text
    assert page.text.count("a wall") == 1
    assert [tag for tag, attrs in page.tags if tag == "details" and attrs.get("class") == "alike"] == ["details"]
