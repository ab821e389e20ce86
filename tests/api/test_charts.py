from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import sparks
from api.charts import HEIGHT, WIDTH, Line, Mark, Step, step_chart

NOW = datetime(2026, 2, 26, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def steps(*values, days=100, gap=0):
    first = NOW - timedelta(days=days * len(values))
    edges = [first + timedelta(days=days * n) for n in range(len(values))]
    ends = [*(edge - timedelta(days=gap) for edge in edges[1:]), None]
    return [Step(starts=a, ends=b, amount=Decimal(v)) for a, b, v in zip(edges, ends, values, strict=True)]


def drawn(*lines, title="t"):
    return ET.fromstring(str(step_chart(lines, title=title, currency="USD", until=NOW)))  # noqa: S314 -- our own text


def ticks(svg):
    return [text.text for text in svg.iter(f"{SVG}text") if text.get("class") == "tick" and text.text.startswith("$")]


def test_a_cut_is_one_line_with_a_dot_where_it_fell():
    svg = drawn(Line(label="", steps=steps("10", "2.50")))
    path = svg.find(f"{SVG}path[@class='line line-0']").get("d")
    assert path.count("M") == 1
    assert path.count("L") == 1
    assert [dot.get("class") for dot in svg.iter(f"{SVG}circle")] == ["dot cut"]


def test_a_gap_stays_a_gap():
    path = drawn(Line(label="", steps=steps("10", "2", gap=30))).find(f"{SVG}path[@class='line line-0']").get("d")
    assert path.count("M") == 2
    assert "L" not in path


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["10", "2"], ["$0", "$5", "$10"]),
        (["60", "0.15"], ["$1", "$10"]),
        (["0.0000002"], ["$0", "$0.0000001", "$0.0000002"]),
    ],
)
def test_the_amount_axis_has_round_numbers(values, wanted):
    assert [label for label in ticks(drawn(Line(label="", steps=steps(*values)))) if label in wanted] == wanted


def test_the_newest_amount_stands_at_the_end_of_the_line():
    (last,) = [
        text
        for text in drawn(Line(label="", steps=steps("10", "2.5"))).iter(f"{SVG}text")
        if text.get("class") == "last"
    ]
    assert last.text == "$2.50"


def test_long_amounts_get_the_room_they_need():
    for text in drawn(Line(label="", steps=steps("0.0000002"))).iter(f"{SVG}text"):
        assert float(text.get("x")) - (len(text.text) * 5.5 if text.get("text-anchor") == "end" else 0) >= 0


def test_points_lead_to_their_proof_and_marks_stand_where_they_fell():
    proven = [replace(step, proof=f"/evidence/{n}") for n, step in enumerate(steps("10", "2.50"))]
    marks = [
        Mark(at=NOW - timedelta(days=age), number=n, name="retires", kind="retired") for n, age in ((1, 5), (2, 999))
    ]
    text = str(step_chart([Line(label="", steps=proven)], title="t", currency="USD", until=NOW, marks=marks))
    svg = ET.fromstring(text)  # noqa: S314 -- our own text
    links = [(link.get("href"), link.get("aria-label")) for link in svg.iter(f"{SVG}a")]
    assert links == [
        ("/evidence/0", "$10.00 from 10 Aug 2025: the proof"),
        ("/evidence/1", "$2.50 from 18 Nov 2025: the proof"),
    ]
    assert svg.get("role") == "group", "an image has nothing to follow in it"
    assert [mark.find(f"{SVG}text").text for mark in svg.iter(f"{SVG}g")] == ["1"]


def test_a_sparkline_is_of_what_moved():
    assert sparks.price_spark(steps("10", "10"), until=NOW, title="t") == ""
    drawn = ET.fromstring(str(sparks.price_spark(steps("10", "2", gap=9), until=NOW, title="<t>")))  # noqa: S314
    assert drawn.find("path").get("d").count("M") == 2, "a gap stays a gap"
    bars = ET.fromstring(str(sparks.count_spark([0, 4, 2], title="t")))  # noqa: S314 -- our own text
    assert [float(bar.get("height")) for bar in bars.iter("rect")] == [1.0, 19.0, 9.5]


def test_text_is_escaped_and_no_line_is_no_chart():
    payload = '"><script>alert(1)</script>'
    svg = drawn(Line(label=payload, steps=steps("1")), title=payload)
    assert svg.get("aria-label") == payload
    assert not [*svg.iter("script"), *svg.iter(f"{SVG}script")]
    assert step_chart([Line(label="", steps=[])], title="t", currency=None, until=NOW) == ""


@settings(deadline=None)  # how long one takes is the machine's affair
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
                st.integers(0, 400) | st.none(),
                st.decimals(min_value="0", max_value="10000000", places=9),
            ),
            max_size=8,
        ),
        max_size=8,
    )
)
def test_any_steps_are_drawn_inside_the_frame(histories):
    lines = [
        Line(
            label=str(number),
            steps=[
                Step(starts=at, ends=None if days is None else at + timedelta(days=days), amount=amount)
                for at, days, amount in sorted(history, key=lambda item: item[0])
            ],
        )
        for number, history in enumerate(histories)
    ]
    text = str(step_chart(lines, title="t", currency="USD", until=NOW))
    if not text:
        assert not any(histories)
        return
    for item in ET.fromstring(text).iter():  # noqa: S314 -- our own text
        for name, most in (("cx", WIDTH), ("x", WIDTH), ("cy", HEIGHT), ("y", HEIGHT)):
            assert -1 <= float(item.get(name, "0")) <= most + 1
        for part in (
            item.get("d", "")
            .replace("M", " ")
            .replace("L", " ")
            .replace("H", " ")
            .replace("v", " ")
            .replace("V", " ")
            .split()
        ):
            assert -1 <= float(part) <= WIDTH + 1
