"""The text of a part of a page, and what differs between two."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.reading import document_of, judge
from crawler.source import parse_sources
from timeline.page_texts import PageText, changes, is_another
from timeline.strict import ConfigurationError

AT = datetime(2026, 9, 1, tzinfo=UTC)
PAGE = """<html><head><title>x</title><script>var a = 1</script></head><body><nav>Home</nav><main><h1>Terms</h1>
<div class="terms"><p>You may use it.</p><ul><li>No   harm</li><li>No <b>noise</b></li></ul>
<table><tr><th>Plan</th><th>Limit</th></tr><tr><td>Free</td><td>10</td></tr></table></div>
<p hidden>secret</p><p>Last words</p></main><footer>2026</footer></body></html>"""


def read(page: str, **options: Any) -> Any:
    quoted = ", ".join(f'{name} = "{value}"' for name, value in options.items())
    (source,) = parse_sources(
        '[[source]]\nid = "acme-terms"\nprovider = "acme"\nkind = "page"\nurl = "https://acme.example/terms"\n'
        f"options = {{ {quoted} }}\n", "aiwire.toml", user=True,
    )  # fmt: skip
    return judge(source, document_of(source, page.encode(), url=source.url, at=AT), live=False, last_good=None)


def text(page: str, **options: Any) -> str:
    (fact,) = [fact for fact in read(page, **options).reading.facts if isinstance(fact, PageText)]
    return fact.text


def test_the_main_part_is_watched_without_markup_scripts_and_what_is_hidden() -> None:
    assert text(PAGE) == "Terms\nYou may use it.\nNo harm\nNo noise\nPlan | Limit\nFree | 10\nLast words"


def test_a_selector_chooses_a_part() -> None:
    assert text(PAGE, selector=".terms li") == "No harm\nNo noise"
    assert text(PAGE, selector="main, .terms") == text(PAGE)
    assert text("# Terms\n\nBe good.\n") == "Terms\nBe good."


def test_nothing_selected_and_walls_are_bad() -> None:
    assert [issue.code for issue in read(PAGE, selector=".gone").reading.issues] == ["nothing_selected"]
    assert read(PAGE, selector=".gone").verdict == "bad"
    wall = "<html><body><main>Just a moment... verify you are human</main></body></html>"
    assert (read(wall).verdict, [issue.code for issue in read(wall).reading.issues]) == ("bad", ["bot_wall"])
    assert read("# Terms\n", selector="main").verdict == "bad"


@pytest.mark.parametrize("options", [{"selector": "main >"}, {"selector": "a:hover::x("}, {"jurisdiction": "Europe"}])
def test_a_mistake_in_the_options_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(PAGE, **options)
    assert "options" in str(raised.value)


def test_a_regulators_page_states_rule_dates() -> None:
    page = PAGE.replace("Last words", "The AI Act shall apply from 2 August 2026.")
    facts = read(page, jurisdiction="EU").reading.facts
    assert [fact.fact for fact in facts] == ["page", "rule"]


def test_changes_say_what_went_and_what_came() -> None:
    found, removed, added = changes("a\nb\nc\nd", "a\nB\nc\ne\nf")
    assert found == [{"was": "b", "is": "B"}, {"was": "d", "is": "e"}, {"is": "f"}]
    assert (removed, added) == (2, 3)
    assert changes("a", "a") == ([], 0, 0)
    assert len(changes("\n".join(map(str, range(99))), "x")[0]) == 20


def test_texts_of_the_same_few_lines_are_compared_all_the_same() -> None:
    one, other = ("\n".join(str(n * step % 7) for n in range(4000)) for step in (1, 3))
    assert changes(one, other)[1:] == (2000, 2000)
    assert changes("\n".join(["x"] * 4000), "\n".join(["x"] * 2000 + ["y"] + ["x"] * 1999))[0] == [
        {"was": "x", "is": "y"}
    ]


def test_another_page_is_one_of_which_hardly_a_line_is_left() -> None:
    long = "\n".join(f"line {n}" for n in range(20))
    assert is_another(long, "Just a moment")
    assert not is_another(long, long.replace("line 3", "line three"))
    assert not is_another("a\nb", "c")
