import time

from hypothesis import given
from hypothesis import strategies as st

from api.excerpts import MOST_LINES, MOST_SIGNS, Line, compared, naming

PAGE = b"""<!doctype html><html><head><title>Prices of gpt-9</title><style>.gpt-9{}</style>
<script>var gpt9 = "gpt-9 is here";</script></head><body><table>
<tr><th>Model</th><th>Input</th></tr>
<tr><td><b>gpt-9</b></td><td>$2.00 &amp; less</td></tr>
<tr><td>gpt-8</td><td>$1</td></tr></table></body></html>"""


def texts(lines):
    return [line.text for line in lines]


def test_rows_of_a_page_are_lines_and_scripts_are_not():
    assert texts(naming(PAGE, ["GPT-9"])) == ["Prices of gpt-9", "gpt-9 | $2.00 & less |"]


def test_markdown_is_taken_as_it_is():
    assert texts(naming(b"| gpt-9 | $2 |\n| gpt-8 | $1 |", ["gpt-9", ""])) == ["| gpt-9 | $2 |"]
    assert naming(b"gpt-9", [""]) == []


def test_what_only_one_side_says_is_marked_and_comes_first():
    before, after = compared(naming(b"gpt-9 a\ngpt-9 b", ["gpt-9"]), naming(b"gpt-9 a\ngpt-9 c", ["gpt-9"]))
    assert before == [Line(text="gpt-9 b", kind="gone"), Line(text="gpt-9 a")]
    assert after == [Line(text="gpt-9 c", kind="came"), Line(text="gpt-9 a")]


def test_a_long_line_is_cut_around_the_name():
    (line,) = naming(b"x" * 5000 + b"gpt-9" + b"y" * 5000, ["gpt-9"])
    assert "gpt-9" in line.text
    assert len(line.text) <= MOST_SIGNS + 2
    assert len(naming(b"\n".join(b"gpt-9 %d" % n for n in range(50)), ["gpt-9"])) == MOST_LINES


def test_hostile_pages_take_no_time():
    for part in (b"<script>", b"<", b"<td", b"</tr", b"<!--", b"&", b"<style><script>", b"<tr>"):
        began = time.process_time()
        naming(b"<html>" + part * (3_000_000 // len(part)), ["gpt-9"])
        assert time.process_time() - began < 8


@given(st.binary(max_size=300), st.text(max_size=10))
def test_any_bytes_give_lines(body, name):
    for line in naming(b"<html>" + body, [name]):
        assert "\n" not in line.text


def test_of_many_lines_those_with_the_value_count():
    page = b"Pro is for all\n| Pro | $20 |\nPro seats\n| Pro max | $200 |\nProfit of $20"
    assert texts(naming(page, ["Pro"], ["20"])) == ["| Pro | $20 |"]
    assert texts(naming(page, ["Pro"], ["7"])) == ["Pro is for all", "| Pro | $20 |", "Pro seats", "| Pro max | $200 |"]


def test_a_value_below_the_name_is_shown_with_it():
    card = b"gpt-4o\nfast\n$2.50 in\ngpt-4\nslow\n$30.00 in\n$2 off"
    assert texts(naming(card, ["gpt-4"], ["2.50", "30.00"])) == ["gpt-4", "$30.00 in"]
    assert texts(naming(card, ["gpt-4o"], ["2.50"])) == ["gpt-4o", "$2.50 in"]
    assert texts(naming(b"gpt-4o a", ["gpt-4"])) == ["gpt-4o a"], "a part of a name where nothing has it whole"


def test_a_price_in_a_component_is_found_in_its_tag():
    page = b'<div>Pro plans</div><Card\n name="Pro"\n price="$100"\n/>\n<Card\n name="Max"\n price="$200"/>'
    assert texts(naming(page, ["Pro"], ["100"])) == ['name="Pro"', 'price="$100"']
