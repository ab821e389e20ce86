"""News: an event says what its feed entry is about, so that routes can ask for topics."""

from datetime import UTC, datetime

from timeline import fold
from timeline.events import CaptureRef
from timeline.news import NewsItem
from timeline.observations import Observation, SourceInfo

T0 = datetime(2026, 8, 12, tzinfo=UTC)


def test_the_topics_of_an_entry_are_told() -> None:
    info = SourceInfo(id="feed", provider="acme", kind="feed")
    capture = CaptureRef(seq=1, url="https://acme.example/feed", captured_at=T0, sha256="0" * 64)
    items = (
        NewsItem(provider="acme", guid="1", url="", title="A round", topics=("funding", "chips")),
        NewsItem(provider="acme", guid="2", url="", title="Nothing"),
    )
    _, step = fold.advance(info, fold.State.empty(), Observation(at=T0, capture=capture, facts=items))
    told = {event.new["guid"]: event.new for event in step.events if event.new}
    assert told["1"]["topics"] == ["funding", "chips"]
    assert "topics" not in told["2"]
