"""What a lifecycle page says and nobody can understand tells nothing: what was believed stays believed."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.precedent import Precedent
from crawler.reading import Judged, document_of, judge
from crawler.source import Source
from timeline.events import CaptureRef, Event
from timeline.fold import State, advance
from timeline.keys import digest
from timeline.notices import Notice
from timeline.observations import Observation, SourceInfo

ACME = Source(
    id="acme-lifecycle",
    provider="acme",
    kind="lifecycle",
    url="https://acme.example/ends",
    trust="official",
    every=timedelta(hours=1),
)
INFO = SourceInfo(id=ACME.id, provider=ACME.provider, kind=ACME.kind, trust=ACME.trust)
TABLE = "# Ends\n\n| Model | Shutdown date |\n|---|---|\n| acme-1 | 2027-06-01 |\n| acme-2 | {} |\n"
BEGUN = datetime(2026, 5, 1, tzinfo=UTC)


def watched(*pages: str) -> tuple[list[Judged], list[Event]]:
    """Each page seen ten days after the one before: what was read, and the events after the first."""
    now, good, read, events = State.empty(), None, [], []
    precedent: Precedent | None = good
    for number, page in enumerate(pages):
        at = BEGUN + timedelta(days=10 * number)
        body = page.encode()
        judged = judge(ACME, document_of(ACME, body, url=ACME.url, at=at), live=False, last_good=precedent)
        precedent = judged.precedent or precedent
        seen = Observation(
            at=at,
            capture=CaptureRef(seq=number + 1, url=ACME.url, captured_at=at, sha256=digest(page, size=64)),
            facts=judged.reading.facts,
            verdict=judged.verdict,
            covered=judged.reading.covered,
        )
        now, step = advance(INFO, now, seen)
        read.append(judged)
        events += [event for event in step.events if not event.baseline]
    return read, events


def codes(judged: Judged) -> set[str]:
    return {issue.code for issue in judged.reading.issues}


def dates(judged: Judged) -> dict[str, str | None]:
    return {fact.model: fact.retires_on for fact in judged.reading.facts if isinstance(fact, Notice)}


@pytest.mark.parametrize("printed", ["2026-11-31", "Q1 2027", "February 30, 2027", "wann auch immer"])
def test_a_day_that_cannot_be_read_withdraws_no_retirement(printed: str) -> None:
    good, bad = TABLE.format("2026-12-01"), TABLE.format(printed)
    read, events = watched(good, bad, bad, good)
    assert events == []
    assert codes(read[1]) & {"impossible_date", "vague_date", "unreadable_date"}
    assert dates(read[1]) == {"acme-1": "2027-06-01"}
    _, (event,) = watched(good, bad, bad, TABLE.format("2027-03-01"))
    assert (event.kind, event.model) == ("model.retirement_moved", "acme-2")


def test_an_impossible_day_is_no_fact_from_the_first() -> None:
    (first,), _ = watched(TABLE.format("2026-11-31"))
    assert (codes(first), dates(first)) == ({"impossible_date"}, {"acme-1": "2027-06-01"})
    status = "# Models\n\n| Model | Status |\n|---|---|\n| acme-1 | Active |\n| acme-2 | Deprecated on 2026-04-31 |\n"
    (first,), _ = watched(status)
    assert (codes(first) >= {"impossible_date"}, dates(first)) == (True, {"acme-1": None})


def test_an_end_that_is_gone_from_the_page_is_still_withdrawn() -> None:
    _, events = watched(TABLE.format("2026-12-01"), TABLE.format("-"), TABLE.format("-"))
    assert "model.retirement_withdrawn" in [event.kind for event in events]


def test_a_status_in_words_is_told_beside_a_day_that_cannot_be_read() -> None:
    table = "# Models\n\n| Model | Status | Shutdown date |\n|---|---|---|\n| acme-1 | Active | - |\n| acme-2 | {} |\n"
    dated, vague = table.format("Deprecated | 2027-02-01"), table.format("Deprecated | Q1 2027")
    read, events = watched(table.format("Active | -"), vague, vague)
    assert dates(read[1]) == {"acme-1": None, "acme-2": None}
    assert [(event.kind, event.new) for event in events] == [("model.status_changed", {"status": "deprecated"})]
    assert watched(dated, vague, vague, dated)[1] == []


def test_a_later_entry_outweighs_one_that_cannot_be_read() -> None:
    page = (
        "# Ends\n\n## 2026-04-20\n\n| Model | Shutdown date |\n|---|---|\n| acme-2 | 2026-12-01 |\n\n"
        "## 2026-01-20\n\n| Model | Shutdown date |\n|---|---|\n| acme-2 | 2026-11-31 |\n"
    )
    (first,), _ = watched(page)
    assert dates(first) == {"acme-2": "2026-12-01"}


@pytest.mark.parametrize(
    "said",
    [
        "The shutdown of acme-2 has been cancelled.",
        "We have postponed the retirement of acme-2.",
        "acme-2 will be shut down on 2027-02-29.",
    ],
)
def test_an_end_called_off_in_a_sentence_is_an_issue_and_tells_nothing(said: str) -> None:
    page = "# News\n\nacme-1 will be shut down on June 1, 2027.\n\n{}\n"
    good = page.format("acme-2 will be shut down on March 1, 2027.")
    read, events = watched(good, page.format(said), page.format(said), good)
    assert (events, dates(read[1])) == ([], {"acme-1": "2027-06-01"})
    assert "unclear_end" in codes(read[1])


@pytest.mark.parametrize(
    "page",
    [
        "# Retired models\n\n| Model | Retires |\n|---|---|\n| acme-1 | 2026-02-01 |\n| acme-2 | 2027-02-01 |\n",
        "| Model | Status | Retires |\n|---|---|---|\n| acme-1 | Retired | - |\n| acme-2 | Retired | 2027-02-01 |\n",
        "| Model | Status | Retires |\n|---|---|---|\n| acme-1 | Active | 2026-02 |\n| acme-1 | Active | - |\n",
    ],
)
def test_a_status_that_its_own_day_excludes_is_an_issue_and_no_fact(page: str) -> None:
    (first,), _ = watched(page)
    assert (codes(first) >= {"contradiction"}, len(first.reading.covered)) == (True, 1)
    assert set(dates(first)) <= {"acme-1"}
    assert not set(first.reading.covered) & {fact.key for fact in first.reading.facts}


def test_a_month_moves_none_of_its_days() -> None:
    day, month, later = (TABLE.format(printed) for printed in ("2026-12-01", "December 2026", "January 2027"))
    assert watched(day, month, day)[1] == []
    assert [event.kind for event in watched(day, month, later)[1]] == ["model.retirement_moved"]
