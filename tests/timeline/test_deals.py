"""Reports folded into deals: told once, updated where the terms are other ones, and the same in whatever order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.deals import Deal, Decision, Telling, fold_deals, parties
from timeline.events import Event
from timeline.funding import FundingRound
from timeline.rounds import Report, join
from timeline.telling_deals import provider_of, tell_deal
from timeline.terms import changes, terms_of
from timeline.terms import side as side_of

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
M, B = 1_000_000, 1_000_000_000


def telling(item: str, day: float, *, until: float | None = None, publisher: str = "", **said: Any) -> Telling:
    for name in ("amount", "amount_max", "valuation"):
        said |= {name: Decimal(said[name])} if said.get(name) is not None else {}
    more = {name: said.pop(name) for name in ("published", "trust", "baseline", "origin", "title") if name in said}
    terms = FundingRound(label=said.pop("label", "funding"), company="Solmark AI", round="undisclosed", currency="USD")
    return Telling(
        item=item,
        publisher=publisher or f"outlet-{item}",
        source=f"feed-{item}",
        seen=START + timedelta(days=day),
        until=None if until is None else START + timedelta(days=until),
        terms=replace(terms, **{"status": "announced", **said}),
        **{"trust": "press", "origin": "live", **more},
    )


def told(*tellings: Telling, **options: Any) -> list[str]:
    return [event.headline for deal in fold_deals(tellings, **options) for event in tell_deal(deal)]


def items(deals: Sequence[Deal]) -> set[frozenset[str]]:
    return {frozenset(deal.items) for deal in deals}


def test_a_round_from_talk_to_close_is_announced_once_and_updated() -> None:
    story = (
        telling("a", 0, status="rumoured", amount=300 * M, valuation=4 * B),
        telling("b", 1, status="rumoured", amount=305 * M),
        telling("c", 10, amount=500 * M, round="series_c", lead_investors=("Oxbow",), investors=("Oxbow", "Pine")),
        telling("d", 10.2, amount=510 * M),
        telling("e", 12, amount=500 * M, valuation=5 * B, valuation_basis="post"),
        telling("f", 20, status="closed", amount=500 * M),
    )
    assert told(*story) == [
        "Reported: Solmark AI in talks to raise $300M at a $4B valuation",
        "Now announced: Solmark AI raises $500M Series C led by Oxbow (reported at $300M)",
        "Update: Solmark AI's Series C values the company at $5B",
        "Closed: Solmark AI closes $500M Series C led by Oxbow at a $5B post-money valuation",
    ]
    (deal,) = fold_deals(story)
    assert (deal.first_reported, str(deal.announced_on), str(deal.closed_on)) == (START, "2026-03-11", "2026-03-21")
    assert deal.terms.investors == ("Oxbow", "Pine")
    assert len({event.id for event in tell_deal(deal)}) == 4


def test_one_more_outlet_tells_nothing_new() -> None:
    first = telling("a", 0, amount=50 * M, round="series_b")
    assert told(first) == told(
        first, telling("b", 0.1, amount=50 * M), telling("c", 2, amount=51 * M, round="series_b")
    )


def test_an_edit_revises_the_amount_and_a_taken_back_report_leaves_nothing() -> None:
    assert told(telling("a", 0, until=1, amount=50 * M), telling("a", 1, amount=60 * M)) == [
        "Solmark AI raises $50M",
        "Update: Solmark AI's round is $60M, not $50M",
    ]
    gone = replace(telling("a", 1), terms=FundingRound(label="none"))
    assert told(telling("a", 0, until=1, amount=50 * M), gone) == []
    assert told(telling("b", 0, amount=50 * M), telling("a", 0, until=1, amount=50 * M), gone) == [
        "Solmark AI raises $50M"
    ]


def test_what_most_say_counts_and_the_parties_themselves_before_all() -> None:
    two = (telling("a", 0, amount=50 * M, round="series_a"), telling("b", 1, amount=70 * M, round="series_a"))
    (deal,) = fold_deals(two, decisions=[Decision(verdict="together", these=("a",), those=("b",))])
    assert deal.terms.amount == 50 * M
    more = (*two, telling("c", 2, amount=70 * M, round="series_a"))
    (deal,) = fold_deals(more, decisions=[Decision(verdict="together", these=("a",), those=("b",))])
    assert deal.terms.amount == 70 * M
    own = (*more, telling("d", 3, amount=50 * M, round="series_a", trust="official"))
    (deal,) = fold_deals(own, decisions=[Decision(verdict="together", these=("a",), those=("b",))])
    assert deal.terms.amount == 50 * M


def test_a_merger_told_from_either_side_has_two_sides() -> None:
    sides: dict[str, Any] = {"label": "acquisition", "round": "acquisition", "currency": None}
    (deal,) = fold_deals([
        telling("a", 0, company="Solmark", also=("Oxbow",), status="rumoured", **sides),
        telling("b", 1, company="Oxbow", acquirer="Solmark", investors=("Solmark",), **sides),
        telling("c", 2, company="Solmark", acquirer="Solmark", also=("Oxbow",), **sides),
    ])  # fmt: skip
    assert (deal.terms.company, deal.terms.acquirer) == ("Oxbow", "Solmark")


def test_a_split_stays_and_a_later_join_counts_more() -> None:
    both = (telling("a", 0, amount=50 * M), telling("b", 1, amount=50 * M))
    split = Decision(verdict="apart", these=("b",), those=("a",))
    joined = Decision(verdict="together", these=("a",), those=("b",))
    assert items(fold_deals(both)) == {frozenset("ab")}
    assert items(fold_deals(both, decisions=[split])) == {frozenset("a"), frozenset("b")}
    assert items(fold_deals(both, decisions=[split, joined])) == {frozenset("ab")}
    assert items(fold_deals(both, decisions=[joined, split])) == {frozenset("a"), frozenset("b")}
    third = (*both, telling("c", 2, amount=50 * M))  # joins one of them, and does not bring them together
    assert len(fold_deals(third, decisions=[split])) == 2
    loan = telling("l", 0, label="debt")
    assert len(fold_deals((*both, loan), decisions=[Decision(verdict="together", these=("a",), those=("l",))])) == 2


def test_a_deal_keeps_its_name_when_an_older_report_turns_up() -> None:
    late = telling("b", 1, amount=50 * M)
    (known,) = fold_deals([late])
    (deal,) = fold_deals([telling("a", 0, amount=50 * M), late], names={"b": known.name})
    assert deal.name == known.name
    assert tell_deal(deal)[0].id == tell_deal(known)[0].id
    split = [Decision(verdict="apart", these=("a",), those=("b",))]
    names = dict.fromkeys("ab", known.name)
    apart = fold_deals([telling("a", 0, amount=50 * M), late], names=names, decisions=split)
    assert len({deal.name for deal in apart}) == 2


def test_without_a_company_there_is_no_deal() -> None:
    assert told(telling("a", 0, company=None, amount=M)) == []


def test_a_first_look_and_an_import_are_marked() -> None:
    (deal,) = fold_deals([telling("a", 0, baseline=True, origin="import"), telling("b", 3, status="closed")])
    first, closed = tell_deal(deal)
    assert (first.baseline, first.origin) == (True, "import")
    assert (closed.baseline, closed.origin) == (False, "live")


def test_the_provider_is_the_company_where_it_is_on_file() -> None:
    assert provider_of("Mistral AI", "techcrunch") == "mistral"
    assert provider_of("OpenAI, Inc.", "techcrunch") == "openai"
    assert provider_of("Solmark", "techcrunch") == "techcrunch"
    assert provider_of(None, "techcrunch") == "techcrunch"


# ---------------------------------------------------------------- properties

EXAMPLES = settings(max_examples=150, deadline=None, derandomize=True)
COMPANIES = ("Solmark", "Solmark AI", "Oxbow", "Redrock", None)


@st.composite
def histories(draw: st.DrawFn, *, edits: bool = True, in_time: bool = False) -> list[Telling]:
    found: list[Telling] = []
    for number in range(draw(st.integers(1, 8))):
        days = sorted(draw(st.lists(st.integers(0, 120), min_size=1, max_size=3 if edits else 1, unique=True)))
        label = draw(st.sampled_from(["funding", "acquisition", "none"] if edits else ["funding", "acquisition"]))
        for place, day in enumerate(days):
            published = None if in_time else START + timedelta(days=draw(st.integers(0, 120)))
            found.append(
                telling(
                    f"i{number}",
                    day,
                    until=days[place + 1] if place + 1 < len(days) else None,
                    publisher=f"outlet-{number % 3}",
                    label=draw(st.sampled_from([label, label, "none"])) if edits else label,
                    company=draw(st.sampled_from(COMPANIES)),
                    acquirer=draw(st.sampled_from(COMPANIES)) if label == "acquisition" else None,
                    amount=draw(st.sampled_from([None, 50 * M, 51 * M, 90 * M, 2 * B])),
                    valuation=draw(st.sampled_from([None, 400 * M, 450 * M])),
                    round=draw(st.sampled_from(["undisclosed", "series_a", "series_b"])),
                    status=draw(st.sampled_from(["rumoured", "announced", "closed"])),
                    published=published,
                )
            )
    return found


DECISIONS = st.lists(
    st.builds(
        lambda verdict, these, those: Decision(verdict=verdict, these=these, those=those),
        st.sampled_from(["apart", "together"]),
        st.tuples(st.sampled_from([f"i{n}" for n in range(8)])),
        st.tuples(st.sampled_from([f"i{n}" for n in range(8)]), st.sampled_from([f"i{n}" for n in range(8)])),
    ),
    max_size=3,
)


def nameless(deals: Sequence[Deal]) -> list[tuple[Any, ...]]:
    found = []
    for deal in deals:
        events = [(event.kind, event.observed_at, event.headline, event.old, event.new) for event in tell_deal(deal)]
        found.append((deal.items, deal.states, deal.first_reported, deal.announced_on, deal.closed_on, events))
    return sorted(found, key=str)


def known_by(tellings: Sequence[Telling], arrived: Sequence[Telling]) -> list[Telling]:
    """What is known of these texts: of one whose next text has not arrived nobody knows that it ended."""
    there = {(each.item, each.seen) for each in arrived}
    return [each if (each.item, each.until) in there else replace(each, until=None) for each in arrived]


def arriving(batches: Sequence[Sequence[Telling]], **options: Any) -> tuple[tuple[Deal, ...], list[list[Event]]]:
    """The deals after the last batch, with the names that each batch gave, and the events after each."""
    names: dict[str, str] = {}
    arrived: list[Telling] = []
    deals: tuple[Deal, ...] = ()
    events = []
    for batch in batches:
        arrived += batch
        newest = {each.item: each for each in sorted(arrived, key=lambda each: each.seen)}
        known = [each for each in known_by(arrived, arrived) if each.until or newest[each.item].seen == each.seen]
        deals = fold_deals(known, names=names, **options)
        names = {item: deal.name for deal in deals for item in deal.items}
        events.append([event for deal in deals for event in tell_deal(deal)])
    return deals, events


@EXAMPLES
@given(histories(), DECISIONS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_the_batches_do_not_matter(history: Any, decisions: Any, random: Any) -> None:
    whole = fold_deals(history, decisions=decisions)
    shuffled = random.sample(history, len(history))
    assert fold_deals(shuffled, decisions=decisions) == whole
    cuts = sorted(random.sample(range(len(history) + 1), min(3, len(history))))
    batches = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(history)], strict=True)]
    deals, _ = arriving([batch for batch in batches if batch], decisions=decisions)
    assert nameless(deals) == nameless(whole)
    assert len({deal.name for deal in deals}) == len(deals)


@EXAMPLES
@given(histories(edits=False, in_time=True))
def test_what_comes_in_order_adds_events_and_takes_none_back(history: Any) -> None:
    history = sorted(history, key=lambda each: each.order)
    days = sorted({each.seen for each in history})
    deals, events = arriving([[each for each in history if each.seen == day] for day in days])
    assert [deal.name for deal in deals] == [deal.name for deal in fold_deals(history)]
    for before, after in pairwise(events):
        assert {event.id for event in before} <= {event.id for event in after}
    if events:
        assert len({event.id for event in events[-1]}) == len(events[-1])


@EXAMPLES
@given(histories())
def test_reports_that_join_have_a_party_in_common(history: Any) -> None:
    reports = [Report(id=f"{n}", round=each.terms, at=each.at) for n, each in enumerate(history)]
    for group in join(reports):
        linked = {group[0]}
        for _ in group:
            shared = frozenset().union(*(parties(history[int(one)].terms) for one in linked))
            linked |= {one for one in group if parties(history[int(one)].terms) & shared}
        assert linked == set(group)


@EXAMPLES
@given(histories(edits=False))
def test_terms_survive_as_json(history: Any) -> None:
    for each in history:
        assert terms_of(side_of(each.terms)) == each.terms
        assert changes(each.terms, each.terms) == ()
