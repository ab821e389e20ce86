"""Attacks on the readers of pages: rows 9, 10, 21 and 25 of the table of attacks we must survive."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract.general import GENERAL
from crawler.extraction import FUNDING
from crawler.reading import document_of, judge
from crawler.source import bundled_sources, parse_sources, reader_of
from tests.crawler.extract.test_feeds import BOMBS
from tests.payloads import HOSTILE, MARKUP
from tests.security.fuzzing import AT, SECONDS, Caged, Report
from timeline.issues import AiwireError
from timeline.strict import ConfigurationError

PAGES = Path(__file__).parents[1] / "sources"
SEEDS = {
    "pricing": "# Prices\n\n| Model | Input per 1M tokens | Cached | Output |\n|---|---|---|---|\n"
    "| a-1 | $3 | $0.30 | $15 |\n",
    "lifecycle": "| Model | Status | Shutdown date | Replacement |\n|---|---|---|---|\n"
    "| a-1 | Deprecated | June 1, 2026 | a-2 |\n",
    "feed": "<rss version='2.0'><channel><title>t</title><item><title>A raises $5 million</title><link>"
    "https://a.example/1</link><pubDate>Fri, 15 May 2026 10:00:00 GMT</pubDate><description>x</description>"
    "</item></channel></rss>",
    "status": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>Errors</title>"
    "<updated>2026-05-14T10:00:00Z</updated>"
    "<content type='html'>&lt;p&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - ok&lt;/p&gt;</content></entry></feed>",
    "catalogue": json.dumps({"acme": {"id": "acme", "models": {"a-1": {"id": "a-1", "cost": {"input": 3},
                             "limit": {"context": 1000, "output": 10}, "release_date": "2026-01-01"}}}}),
    "table": "<table><tr><th>Rank</th><th>Model</th><th>Score (%)</th><th>2025</th></tr><tr><td>1</td><td>a-1</td>"
    "<td>45.3</td><td>1,234</td></tr></table>",
    "page": "<html><body><main><h1>Rules</h1><p>The Act applies from 2 August 2026.</p></main></body></html>",
    FUNDING: json.dumps({"id": "1", "title": "Acme AI raises $50 million Series B led by Oxbow", "summary": "",
                         "url": "https://a.example/", "published": "2026-05-01"}),
}  # fmt: skip
TORTURE = bool(os.environ.get("AIWIRE_TORTURE"))
PIECES = (
    *MARKUP,
    *(text[:200] for text in HOSTILE),
    "|",
    "\n|---|---|\n",
    "| a-2 | $1 | $2 | $3 |\n",
    "#",
    "\n\n",
    "```\n",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<td rowspan=1000000000 colspan=1000000000>",
    "<td rowspan=-1>",
    "<td colspan='&#x2f;'>",
    "<div>",
    "<a href='",
    "<!--",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0' encoding='utf-7'?>",
    "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "&x;",
    "&#0;",
    "&#xffffffff;",
    "\0",
    "\ufeff",
    "\ud800",
    "\u202e",
    "$",
    "$1e999",
    "$99999999999999999999999999999999",
    "$0.00",
    "-$5",
    "¥1",
    "€1.234,56",
    "NaN",
    "Infinity",
    "per 1M tokens",
    "/ MTok",
    "per 0 tokens",
    "(",
    ")",
    "{",
    "[",
    "]",
    "}",
    '"',
    "'",
    "\\",
    ",",
    ":",
    "0",
    "1970-01-01",
    "2525-01-01",
    "31 September 2026",
    "February 30, 2026",
    "9999-12-31",
    "0000-00-00",
    "June 2026",
    "Q4 2026",
    "2026年6月31日",
    "no sooner than",
    "deprecated",
    "retired",
    "raises",
    "million",
    "<item>",
    "</item>",
    "<entry>",
    "<pubDate>",
    "Mon, 99 Foo 20260 99:99:99 XXXX",
    "true",
    "null",
    "1" * 400,
    "1e400",
)


@cache
def readers() -> dict[str, tuple[str, ...]]:
    """Every reader, by a general kind or a source that uses it (or uses it with options), and pages to spoil."""
    found: dict[str, tuple[str, ...]] = {kind: (SEEDS[kind],) for kind in (*GENERAL, FUNDING)}
    seen: set[tuple[object, tuple[str, ...]]] = {(reader, ()) for reader in GENERAL.values()}
    for source in bundled_sources():
        way = reader_of(source), tuple(sorted(source.options))
        if way not in seen:
            seen.add(way)
            pages = tuple(path.read_text(encoding="utf-8") for path in sorted((PAGES / source.id).glob("*/page.*")))
            found[source.id] = (*pages, SEEDS[source.kind])
    return found


@st.composite
def spoiled(draw: st.DrawFn, pages: tuple[str, ...]) -> bytes:
    """A page with some places overwritten, perhaps a thousand times over."""
    text = draw(st.sampled_from(pages))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(PIECES) | st.text(max_size=10)) * draw(st.sampled_from((1, 1, 1, 2, 40, 3000)))
        text = text[:start] + piece + text[start + draw(st.sampled_from((0, 0, 1, 10, 300))) :]
    return text.encode("utf-8", "surrogatepass")[:2_000_000]


@pytest.fixture(scope="module", params=sorted(readers()))
def caged(request: pytest.FixtureRequest) -> Iterator[Caged]:
    with Caged(request.param) as cage:
        yield cage


def sound(cage: Caged, body: bytes) -> Report:
    report = cage.read(body)
    assert report.failure is None, (cage.reader, report.failure, body[:2000])
    assert report.seconds < SECONDS, (cage.reader, report.seconds, body[:300])
    for fact in report.facts:
        amount = fact.get("amount")
        assert amount is None or Decimal(amount) >= 0, (fact, body[:2000])
        json.dumps(fact, allow_nan=False)
    return report


@pytest.mark.timeout(1200)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # of long pages in the report of a failure
def test_row_21_no_page_makes_a_reader_fail_or_costs_much(caged: Caged) -> None:
    examples = (20 if caged.reader in GENERAL or caged.reader == FUNDING else 4) * (15 if TORTURE else 1)

    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(spoiled(readers()[caged.reader]))
    def attack(body: bytes) -> None:
        sound(caged, body)

    attack()


SELECTORS = [
    "unparsed-text('file:///etc/passwd')",
    "//p[unparsed-text('/etc/passwd')]",
    "doc('file:///etc/passwd')",
    "document('http://x/')//p",
    "environment-variable('HOME')",
    "//*[matches(., '.*')]",
    "//p[exslt:node-set(.)]",
    "env.HOME",
    "$__loc__",
    "input",
    "../../..",
    "p:nth-child(",
    "[",
    "",
    "*{",
    "p; input_filename",
    "fn:unparsed-text('/etc/passwd')",
    "system-property('xsl:vendor')",
]


@pytest.mark.parametrize("selector", SELECTORS)
def test_row_09_no_selector_reads_a_file_or_the_environment(selector: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A selector is CSS, made into XPath 1 by the library; whatever else stands there is refused or selects nothing."""
    monkeypatch.setenv("HOME", "/home/of-a-secret")
    text = (
        '[[source]]\nid = "a"\nprovider = "a"\nkind = "page"\nurl = "https://acme.example.com/"\n'
        f"options = {{ selector = {json.dumps(selector)} }}\n"
    )
    body = b"<html><body><main><p>words of the page</p></main></body></html>"
    try:
        (source,) = parse_sources(text, "aiwire.toml", user=True)
    except ConfigurationError as error:
        assert "selector" in str(error)
        return
    judged = judge(source, document_of(source, body, url=source.url, at=AT), live=False, last_good=None)
    assert "reader_failed" not in {issue.code for issue in judged.reading.issues}
    said = str(judged)
    assert "root:" not in said
    assert "of-a-secret" not in said


FUNCTIONS = ("os:system", "subprocess", "../pricing", "pricing.__import__", "__init__", "/etc/passwd", "a b", "os", "")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_row_09_configuration_names_no_function_that_is_no_reader(name: str) -> None:
    text = (
        '[[source]]\nid = "a"\nprovider = "a"\nkind = "pricing"\nurl = "https://acme.example.com/"\n'
        f"extract = {json.dumps(name)}\n"
    )
    with pytest.raises(AiwireError):
        for source in parse_sources(text, "aiwire.toml", user=True):
            reader_of(source)


@pytest.fixture(scope="module")
def cages() -> Iterator[dict[str, Caged]]:
    with ExitStack() as stack:
        yield {kind: stack.enter_context(Caged(kind)) for kind in ("feed", "status", "page")}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", BOMBS)
def test_row_10_an_xml_bomb_costs_little_in_every_reader_of_xml(cages: dict[str, Caged], name: str) -> None:
    for kind in ("feed", "status"):
        report = sound(cages[kind], BOMBS[name])
        assert "root:" not in json.dumps(report.facts)


def test_row_10_an_external_entity_is_not_read(cages: dict[str, Caged], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of-a-secret")
    for declared in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', f'<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p;'):
        body = f"<!DOCTYPE r [{declared}]><rss version='2.0'><channel><item><title>a &x;</title></item></channel></rss>"
        for cage in cages.values():
            report = sound(cage, body.encode())
            assert "of-a-secret" not in json.dumps(report.facts)
