"""The two stories and the plain rules of the fold."""

from datetime import date

from tests.timeline.makers import LIFECYCLE, PRICING, at, kinds, look, notice, price, price_at, told
from timeline.fold import fold


def test_a_rise_announced_and_called_off() -> None:
    announced = (price("2", effective_to=date(2026, 8, 31)), price("3", effective_from=date(2026, 9, 1)))
    folded = fold(
        PRICING,
        [look(at(2026, 7, 1), price("2")), look(at(2026, 7, 21), *announced), look(at(2026, 8, 12), price("2"))],
    )
    key = price("2").key
    assert price_at(folded, key, at(2026, 9, 15), at(2026, 8, 10)) == "3"
    assert price_at(folded, key, at(2026, 9, 15), at(2026, 8, 13)) == "2"
    assert told(folded) == [
        "Anthropic will raise Claude Sonnet 5 input from $2 to $3 per 1M tokens (+50 %) on 1 September 2026",
        "Anthropic calls off the price of $3 per 1M tokens for Claude Sonnet 5 input, planned for 1 September 2026;"
        " it stays $2",
    ]


def test_a_price_seen_at_ten_and_changed_at_ten_past() -> None:
    folded = fold(PRICING, [look(at(2026, 7, 1, 10), price("3")), look(at(2026, 7, 1, 10, 10), price("2"))])
    key, now = price("3").key, at(2026, 7, 1, 11)
    assert price_at(folded, key, at(2026, 7, 1, 10, 5), now) == "3"
    (ended,) = [row.row for row in folded.rows if row.row.ends]
    assert (ended.seen_until, ended.ends) == (at(2026, 7, 1, 10), at(2026, 7, 1, 10, 10))
    (event,) = [event for event in folded.events if not event.baseline]
    assert (event.observed_after, event.observed_at) == (at(2026, 7, 1, 10), at(2026, 7, 1, 10, 10))
    assert event.headline == "Anthropic cuts Claude Sonnet 5 input from $3 to $2 per 1M tokens (−33 %)"


def test_a_model_is_deprecated_and_retires_by_its_date() -> None:
    folded = fold(
        LIFECYCLE,
        [
            look(at(2026, 1, 1), notice()),
            look(at(2026, 3, 1), notice(status="deprecated", retires_on="2026-03-26")),
            look(at(2026, 4, 3), notice(status="deprecated", retires_on="2026-03-26")),
        ],
    )
    quiet = [kind for kind in kinds(folded.events) if kind != "model.retirement_due"]
    assert quiet == ["model.retirement_scheduled", "model.status_changed", "model.status_changed"]
    assert folded.events[-1].observed_at == at(2026, 4, 3)
    assert folded.events[-1].new == {"status": "retired"}
