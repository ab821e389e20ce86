"""Tables in the shapes that leaderboards and reports have, written for the tests, and what sources say of them."""

from datetime import UTC, datetime

from crawler.extract.document import Reading
from crawler.reading import document_of, judge
from crawler.source import Source, parse_sources
from timeline.figures import Figure

AT = datetime(2026, 9, 1, tzinfo=UTC)
HEAD = '[[source]]\nid = "acme-board"\nprovider = "acme"\nkind = "table"\nurl = "https://acme.example/board"\n'

BOARD = """# A board of models

Last looked at on 1 September 2026

|Model|Hallucination Rate|Factual Consistency Rate|Answer Rate|Average Summary Length (Words)|
|----|----:|----:|----:|----:|
|[**Swift 2**](https://swift.example/2)|0.7 %|99.3 %|100.0 %|83.2|
|Slow-1[^1]|1.3 %|98.7 %|99.9 %|1,081.0|
|🥉 Heavy Mini|—|98.1 %|97.0 %|n/a|
|Zephyr 7B|**29.9 %**|70.1 %|41.2%*|62|
"""
BOARD_SAYS = """table.subject = "Model"
table.measures = [
  { column = "Hallucination Rate", measure = "hallucination_rate", unit = "percent" },
  { column = "Average Summary Length (Words)", measure = "summary_length", unit = "words" },
]
"""
ARENA = """<html><body><h1>Arena</h1>
<div role="tabpanel" aria-label="Text"><table><thead>
<tr><th rowspan="2">Rank</th><th rowspan="2">Model</th><th colspan="3">Score</th><th rowspan="2">Votes</th></tr>
<tr><th>Overall</th><th>95% CI</th><th>Coding</th></tr></thead><tbody>
<tr><td>1</td><td>🥇 <a href="/m/s">swift-2</a></td><td>1,452</td><td>+5/-4</td><td>1471 ± 9</td><td>21,034</td></tr>
<tr><td rowspan="2">2</td><td>slow-1</td><td>1,440</td><td>±6</td><td>1,433 (+8/−7)</td><td>9,870</td></tr>
<tr><td>heavy-3</td><td>1,440</td><td>+4/-4</td><td>~1,400</td><td>&gt;50,000</td></tr>
</tbody></table></div></body></html>"""
ARENA_SAYS = """table.subject = "Model"
table.measures = [
  { column = "Score / Overall", measure = "arena_score", unit = "points", margin = "95% CI" },
  { column = "Coding", measure = "coding_score", unit = "points" },
  { column = "Votes", measure = "votes", unit = "votes" },
]
"""
DENSITY = """<html><body><h2>Robots at work</h2><p>Installed industrial robots per 10,000 employees</p>
<table><tr><th>Country</th><th>2021</th><th>2022</th><th>2023<sup>1</sup></th></tr>
<tr><td>Republic of Korea</td><td>1,000</td><td>1,012</td><td>1 012</td></tr>
<tr><td>Singapore</td><td>670</td><td>730</td><td>770</td></tr>
<tr><td>World average</td><td>141</td><td>151</td><td>162</td></tr>
<tr><td>Utopia</td><td>10–12</td><td>&lt; 20</td><td>–</td></tr></table></body></html>"""
DENSITY_SAYS = """table.subject = "Country"
table.years = true
table.heading = "Robots at work"
table.skip = ["World average"]
table.measures = [{ measure = "robot_density", unit = "robots per 10,000 employees" }]
"""
WATER = """<html><body><h2>Water</h2><table>
<tr><th>Metric</th><th>Unit</th><th>FY2023</th><th>FY2024</th></tr>
<tr><td colspan="4">Data centres and offices</td></tr>
<tr><td>Water withdrawal</td><td>Million gallons</td><td>7,667.5</td><td>8,654.1</td></tr>
<tr><td rowspan="2">Water consumption</td><td>Million gallons</td><td>6,352</td><td>~8,135</td></tr>
<tr><td>m³</td><td>24,044,000</td><td>30,794,000</td></tr>
<tr><td>Electricity</td><td>MWh</td><td>25,307,400</td><td>32,179,900</td></tr></table></body></html>"""
WATER_SAYS = """table.subject_is = "Acme"
table.labels = "Metric"
table.units = "Unit"
table.years = true
table.measures = [
  { row = "Water withdrawal", measure = "water_withdrawal", unit = "million gallons" },
  { row = ["Water use", "Water consumption"], measure = "water_consumption", unit = "million gallons" },
  { row = "Electricity", measure = "electricity", unit = "MWh" },
]
"""
PRESS = """## Who drinks what

| Company | 2022 water use (gallons) | Change on the year | Why |
|---|---|---|---|
| Azure Sky | ~1.7 billion | +34% | training |
| Big Search | ~5.6 billion | +20% | search |
| Meadow | ~2.7 billion | +N/A | training |
| Jungle | Not fully disclosed | Estimated increase | hosting |
"""
PRESS_SAYS = """table.subject = "Company"
table.period_is = "2022"
table.measures = [
  { column = "2022 water use (gallons)", measure = "water_use", unit = "billion gallons", printed = "billion" },
  { column = "Change on the year", measure = "water_use_change", unit = "percent" },
]
"""


def source(says: str) -> Source:
    """A person's own source of kind `table`."""
    (found,) = parse_sources(HEAD + says, "aiwire.toml", user=True)
    return found


def read(says: str, page: str) -> Reading:
    """What the source's reader gives for a page, whether it is believed or not."""
    one = source(says)
    return judge(one, document_of(one, page.encode(), url=one.url, at=AT), live=False, last_good=None).read


def figures(reading: Reading) -> list[Figure]:
    """The facts."""
    return [fact for fact in reading.facts if isinstance(fact, Figure)]


def codes(reading: Reading) -> list[str]:
    """What was not understood, fatal ones marked."""
    return [issue.code + ("!" if issue.fatal else "") for issue in reading.issues]
