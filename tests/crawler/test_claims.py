"""Official outranks press: what a story claims of a model beside what the provider's own page says."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from alerts.routing import Route
from crawler.items import read
from store import captures, clock, events, news_claims, snapshots, sources, timelines, verdicts
from store.connect import Connection
from store.sources import SourceRow
from tests.alerts.test_funding import BASE, told
from tests.crawler.test_funding import DAY, HOUR, ONE, T0, Desk
from timeline.claims import reader
from timeline.notices import Notice
from timeline.observations import SourceInfo
from timeline.prices import PricePoint

pytestmark = pytest.mark.postgres
PAGES = {
    "pricing": SourceInfo(id="openai-pricing", provider="openai", kind="pricing"),
    "lifecycle": SourceInfo(id="openai-lifecycle", provider="openai", kind="lifecycle"),
}
NEWS = Route(receiver="us", kinds=("news.published",))


def price(model: str, amount: str) -> PricePoint:
    return PricePoint(
        provider="openai", model=model, model_id=model, meter="input", amount=Decimal(amount), currency="USD",
        per=Decimal(1_000_000), locator="table 1", label=f"${amount}",
    )  # fmt: skip


def notice(model: str, status: Any, **more: Any) -> Notice:
    return Notice(provider="openai", model=model, model_id=model, status=status, label=status, locator="row 1", **more)


@pytest.fixture
def desk(connection: Connection) -> Desk:
    """Two official pages as they are since a day before the feeds are watched, and the feeds."""
    rows = [
        SourceRow(
            id=page.id, provider="openai", kind=page.kind, url="https://openai.example", trust="official", every=DAY
        )
        for page in PAGES.values()
    ]
    sources.register(connection, rows, T0 - DAY)
    look(connection, "pricing", T0 - DAY, [price("gpt-4o", "2.50"), price("gpt-4.1", "2.00")])
    look(connection, "lifecycle", T0 - DAY, [
        notice("gpt-4o-mini", "active"), notice("gpt-4.1", "deprecated", retires_on="2026-09-01"),
    ])  # fmt: skip
    sources.register(connection, [], T0)
    return Desk(connection)


def look(connection: Connection, page: str, at: datetime, facts: list[Any]) -> None:
    from timeline.events import CaptureRef
    from timeline.fold import advance
    from timeline.observations import Observation

    source = PAGES[page]
    sha256 = snapshots.put(connection, f"{page} {at}".encode(), "text/plain")
    capture, _ = captures.see(connection, source=source.id, sha256=sha256, url="https://o", at=at, origin="live")
    ref = CaptureRef(seq=capture.seq, url="https://o", captured_at=at, sha256=sha256)
    state = timelines.load_fold(connection, source.id)
    _, done = advance(source, state, Observation(at=at, capture=ref, facts=facts))
    timelines.append(connection, source, done, origin="live")
    verdicts.mark_read(connection, source.id, capture.seq, verdict="good", extractor="1", facts=len(facts))


def judgements(connection: Connection) -> dict[tuple[str, str], tuple[str, str | None, str | None]]:
    found = connection.execute(
        "SELECT model_id, claim, verdict, official_says, official_source FROM timeline.news_claims"
    ).fetchall()
    return {(model, claim): (verdict, says, source) for model, claim, verdict, says, source in found}


def test_a_story_that_a_model_is_gone_while_its_page_prices_it(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "OpenAI has quietly discontinued GPT-4o, customers say"))
    assert judgements(desk.connection) == {("gpt-4o", "retirement"): ("contradicted", "prices it", "openai-pricing")}
    (message,) = told(desk.connection, T0 + HOUR, NEWS)
    assert (
        "Contradicted by OpenAI's own page, on the end of gpt-4o: it prices it (as of 28 February 2026)."
        in message.notes
    )
    assert message.links[-1].url == f"{BASE}/models/openai/gpt-4o"


def test_what_the_page_says_too_is_confirmed_and_what_it_does_not_know_is_said(desk: Desk) -> None:
    desk.look(
        ONE, T0 + HOUR, ("a", "OpenAI to retire GPT-4.1 and GPT-4o mini"), ("b", "OpenAI is shutting down o4-mini"),
        ("c", "OpenAI launches GPT-4o mini"), ("d", "OpenAI launches GPT-5"), ("e", "OpenAI cuts prices of GPT-4o"),
    )  # fmt: skip
    assert judgements(desk.connection) == {
        ("gpt-4.1", "retirement"): ("confirmed", "lists it as deprecated, retires 2026-09-01", "openai-lifecycle"),
        ("gpt-4o-mini", "retirement"): ("contradicted", "lists it as active", "openai-lifecycle"),
        ("o4-mini", "retirement"): ("not_on_page", None, None),
        ("gpt-4o-mini", "availability"): ("confirmed", "lists it as active", "openai-lifecycle"),
        ("gpt-5", "availability"): ("not_on_page", None, None),
        ("gpt-4o", "price"): ("not_on_page", "prices it, unchanged", "openai-pricing"),
    }
    said = [note for message in told(desk.connection, T0 + HOUR, NEWS) for note in message.notes]
    assert "Reported, not on OpenAI's own page: the end of o4-mini." in said
    assert any(
        note.startswith("Confirmed by OpenAI's own page, on the end of gpt-4.1: it lists it as deprecated")
        for note in said
    )


def test_a_price_is_confirmed_by_the_change_on_the_page_and_contradicted_by_its_opposite(desk: Desk) -> None:
    look(desk.connection, "pricing", T0 + HOUR, [price("gpt-4o", "1.25"), price("gpt-4.1", "2.00")])
    desk.look(ONE, T0 + 2 * HOUR, ("a", "OpenAI cuts GPT-4o prices"), ("b", "OpenAI raises the price of GPT-4o"))
    found = desk.connection.execute(
        "SELECT direction, verdict, official_event IS NOT NULL FROM timeline.news_claims ORDER BY 1"
    ).fetchall()
    assert found == [("cut", "confirmed", True), ("rise", "contradicted", True)]
    (message,) = told(desk.connection, T0 + 2 * HOUR, NEWS)
    assert any(
        "on a new price of gpt-4o: OpenAI cuts gpt-4o input from $2.50 to $1.25" in note for note in message.notes
    )


def test_it_is_held_against_the_page_of_its_time_and_follows_it_for_a_month(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "OpenAI retires GPT-4o mini"))
    retired = [notice("gpt-4o-mini", "retired", retires_on="2026-03-20"), notice("gpt-4.1", "deprecated")]
    assert judgements(desk.connection)["gpt-4o-mini", "retirement"][0] == "contradicted"
    look(desk.connection, "lifecycle", T0 + 20 * DAY, retired)
    look(desk.connection, "lifecycle", T0 + 21 * DAY, retired)
    clock.set_rehearsal(desk.connection, T0 + 22 * DAY)
    assert judgements(desk.connection)["gpt-4o-mini", "retirement"][0] == "confirmed"
    desk.look(ONE, T0 + 90 * DAY, ("z", "Nothing"))
    assert judgements(desk.connection)["gpt-4o-mini", "retirement"][0] == "confirmed"


def test_claims_are_read_once_and_anew_by_other_rules_and_follow_edits(desk: Desk) -> None:
    desk.look(ONE, T0 + HOUR, ("a", "OpenAI retires GPT-4o"))
    before = events.change_counter(desk.connection)
    read(desk.connection, ONE.id, at=T0 + DAY, tell=True)
    assert events.change_counter(desk.connection) == before
    desk.connection.execute("UPDATE news SET claims_by = 'older'")
    read(desk.connection, ONE.id, at=T0 + DAY, tell=True)
    assert desk.connection.execute("SELECT DISTINCT claims_by FROM news").fetchall() == [(reader(),)]
    assert desk.connection.execute("SELECT count(*) FROM news_claim").fetchall() == [(1,)]
    desk.look(ONE, T0 + 2 * HOUR, ("a", "OpenAI keeps GPT-4o after all"))
    assert judgements(desk.connection) == {}
    assert news_claims.of_items(desk.connection, []) == {}
