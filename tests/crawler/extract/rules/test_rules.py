"""From which day what binds, as regulators write it: sentences of our own about laws that there are, and traps."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract.document import Document
from crawler.extract.feeds import read
from crawler.extract.rules.instruments import instruments
from crawler.extract.rules.reader import of_items
from crawler.extract.rules.sentences import statements
from timeline.news import NewsItem
from timeline.rule_dates import RuleDate, about

AT = datetime(2025, 11, 1, tzinfo=UTC)


def item(title: str, body: str = "", number: int = 1, at: datetime = AT) -> NewsItem:
    return NewsItem(
        provider="office", guid=f"{number}", url=f"https://office.example/{number}", title=title, summary=body,
        published_at=at, locator=f"item {number}",
    )  # fmt: skip


def found(place: str, *items: NewsItem, **options: Any) -> list[RuleDate]:
    document = Document(
        body=b"", url="https://office.example", at=AT, source="office-news", provider="office",
        options={"jurisdiction": place, **options},
    )  # fmt: skip
    return of_items(items, document)[0]


def said(place: str, title: str, body: str = "", **options: Any) -> list[tuple[str, str | None, str, str]]:
    rules = found(place, item(title, body), **options)
    return [(rule.binding, rule.applies_from, rule.instrument, rule.applies) for rule in rules]


TIMELINE = (
    "The AI Act entered into force on 1 August 2024. It shall apply from 2 August 2026. However, Chapters I and II "
    "shall apply from 2 February 2025; the obligations for providers of general-purpose AI models apply from "
    "2 August 2025, and Article 6(1) from 2 August 2027."
)
STATED: list[tuple[str, str, str, list[tuple[str, str | None, str, str]]]] = [
    ("EU", "The AI Act: what changes and when", TIMELINE, [
        ("in_force", "2024-08-01", "AI Act", ""),
        ("applies", "2026-08-02", "AI Act", ""),
        ("applies", "2025-02-02", "AI Act", "Chapters I and II"),
        ("applies", "2025-08-02", "AI Act", "obligations for providers of general-purpose AI models"),
        ("applies", "2027-08-02", "AI Act", "Article 6(1)"),
    ]),
    ("EU", "Guidelines on the AI Act published on 4 February 2025",
     "They were adopted on 4 February 2025. "
     "The prohibitions of the Artificial Intelligence Act have applied since 2 February 2025.",
     [("applies", "2025-02-02", "AI Act", "prohibitions")]),
    ("EU", "AI Act: later dates for high-risk systems",
     "The application of the rules for high-risk AI systems is postponed from 2 August 2026 to 2 December 2027.",
     [("applies", "2027-12-02", "AI Act", "rules for high-risk AI systems")]),
    ("EU", "AI Act: later dates for high-risk systems",
     "The obligations for high-risk AI systems, originally due to apply from 2 August 2026, are postponed to "
     "2 December 2027.",
     [("applies", "2027-12-02", "AI Act", "obligations for high-risk AI systems")]),
    ("EU", "AI Act: a delay", "The application of the AI Act's high-risk rules is delayed until 2 December 2027.",
     [("applies", "2027-12-02", "AI Act", "high-risk rules")]),
    ("EU", "AI Act: another day",
     "The rules on transparency, which were to apply from 2 August 2026, will apply from 2 February 2027.",
     [("applies", "2027-02-02", "AI Act", "rules on transparency")]),
    ("EU", "AI Act", "It shall apply from 2 August 2026, except Article 6(1), which shall apply from 2 August 2027.",
     [("applies", "2026-08-02", "AI Act", ""), ("applies", "2027-08-02", "AI Act", "Article 6(1)")]),
    ("KR", "The law", "The AI Basic Act, promulgated on January 21, 2025, is set to take effect on January 22, 2026.",
     [("effective", "2026-01-22", "AI Basic Act", "")]),
    ("EU", "Regulation (EU) 2024/2847 on cyber resilience",
     "This Regulation shall apply from 11 December 2027. However, Article 14 shall apply from 11 September 2026.",
     [("applies", "2027-12-11", "Cyber Resilience Act", ""),
      ("applies", "2026-09-11", "Cyber Resilience Act", "Article 14")]),
    ("EU", "Data Act", "As of 12 September 2025, the Data Act applies in the EU.",
     [("applies", "2025-09-12", "Data Act", "")]),
    ("EU", "AI Act", "The rules on transparency (Article 50) will become applicable on 2 August 2026.",
     [("applies", "2026-08-02", "AI Act", "rules on transparency (Article 50)")]),
    ("EU", "A directive falls", "The AI Liability Directive has been withdrawn.",
     [("withdrawn", None, "AI Liability Directive", "")]),
    ("US", "Automatic emergency braking", "The compliance date for FMVSS No. 127 is September 1, 2029.",
     [("compliance", "2029-09-01", "FMVSS No. 127", "")]),
    ("US", "NHTSA delays the compliance date of FMVSS No. 127 from September 1, 2029 to September 1, 2031", "",
     [("compliance", "2031-09-01", "FMVSS No. 127", "")]),
    ("US", "Crash reporting: Standing General Order 2021-01 amended",
     "The amended order takes effect on June 16, 2025.",
     [("effective", "2025-06-16", "Standing General Order 2021-01", "")]),
    ("US", "A notice", "FMVSS No. 150, effective January 1, 2027, requires radios.",
     [("effective", "2027-01-01", "FMVSS No. 150", "")]),
    ("US-CA", "A bill is signed", "Signed on September 29, 2025, SB 53 takes effect on January 1, 2026.",
     [("effective", "2026-01-01", "SB 53", "")]),
    ("US-CO", "Delay", "The Colorado AI Act's effective date is delayed until June 30, 2026.",
     [("effective", "2026-06-30", "SB 24-205", "")]),
    ("US-TX", "Texas", "The Texas Responsible Artificial Intelligence Governance Act takes effect January 1, 2026.",
     [("effective", "2026-01-01", "HB 149", "")]),
    ("UK", "Self-driving: next steps",
     "Section 50 of the Automated Vehicles Act 2024 comes into force on 1 December 2025. "
     "The Automated Vehicles (Permits) Regulations 2026 come into force on 5 May 2026.",
     [("in_force", "2025-12-01", "Automated Vehicles Act 2024", "Section 50"),
      ("in_force", "2026-05-05", "Automated Vehicles (Permits) Regulations 2026", "")]),
    ("UK", "Online safety",
     "Providers must comply with the children's safety duties of the Online Safety Act 2023 from 25 July 2025.",
     [("compliance", "2025-07-25", "Online Safety Act 2023", "children's safety duties")]),
    ("EU", "Regulatory framework",
     "The AI Act entered into force on 1 August 2024, and will be fully applicable 2 years later on 2 August 2026. "
     "Its prohibitions entered into application from 2 February 2025. "
     "The obligations for GPAI models became applicable on 2 August 2025.",
     [("in_force", "2024-08-01", "AI Act", ""), ("applies", "2026-08-02", "AI Act", ""),
      ("applies", "2025-02-02", "AI Act", "prohibitions"),
      ("applies", "2025-08-02", "AI Act", "obligations for GPAI models")]),
    ("KR", "Korea", "The AI Basic Act will take effect on January 22, 2026.",
     [("effective", "2026-01-22", "AI Basic Act", "")]),
    ("KR", "Enforcement Decree of the AI Basic Act", "The Enforcement Decree enters into force on January 22, 2026.",
     [("in_force", "2026-01-22", "AI Basic Act", "Enforcement Decree")]),
]  # fmt: skip
NOTHING = [
    ("US", "NHTSA", "The comment period for FMVSS No. 127 is extended to March 3, 2027."),
    ("EU", "Parliament", "The hearing on the AI Act is moved to 5 March 2026."),
    ("EU", "Office", "The appointment of the head of the AI Act office takes effect on 1 March 2026."),
    ("EU", "AI Act", "The meeting on the obligations of the AI Act applies from 2 August 2026."),
    ("EU", "Digital omnibus", "The Commission proposes that the rules of the AI Act would apply from 2 December 2027."),
    ("EU", "AI Act", "The AI Act was published on 12 July 2024, adopted on 13 June 2024 and signed on 13 June 2024."),
    ("EU", "AI Act: do the rules apply from 2 August 2026?", ""),
    ("EU", "AI Act", "The AI Act does not apply from 2 August 2026 to existing systems."),
    ("EU", "AI Act", "The AI Act is expected to apply from 2 August 2026."),
    ("EU", "AI Act", "The draft rules apply from 2 August 2026."),
    ("EU", "AI Act", "The AI Act applies 24 months after its entry into force."),
    ("EU", "Travel", "The rules apply from 3 March 2026."),
    ("US", "NIST vacancy", "Applicants can apply from 2 August 2026 under the Privacy Act."),
    ("US", "Comments on FMVSS No. 127", "Comments must be received by March 3, 2026. The meeting is on March 5, 2026."),
    ("UK", "Bill", "The Data Bill comes into force on 5 May 2026."),
    ("EU", "AI Act", "The rules may apply from 2 August 2026. They should apply from 2 August 2026."),
    ("US", "SB 53 and AB 2013", "The law takes effect on January 1, 2026."),
    ("US-CA", "SB 53", "The law takes effect on 01/02/2026."),
]


@pytest.mark.parametrize(("place", "title", "body", "expected"), STATED)
def test_what_is_stated_is_read(place: str, title: str, body: str, expected: Any) -> None:
    assert said(place, title, body) == expected


@pytest.mark.parametrize(("place", "title", "body"), NOTHING)
def test_what_binds_nobody_is_nothing(place: str, title: str, body: str) -> None:
    assert said(place, title, body) == []


def test_titles_that_name_documents_are_the_instrument_where_the_source_says_so() -> None:
    title, body = "Motor Vehicle Safety; Automated Driving", "This final rule is effective January 20, 2027."
    assert said("US", title, body) == []
    assert said("US", title, body, titled=True) == [("effective", "2027-01-20", title, "")]
    assert said("US", title, "Effective July 1, 2027.", titled=True) == [("effective", "2027-07-01", title, "")]
    assert said("US", title, "DATES: Effective July 1, 2027.", titled=True) == [("effective", "2027-07-01", title, "")]
    assert said("US", title, "The rules apply from January 20, 2027.", titled=True) == []


def test_of_two_items_the_one_said_last_counts() -> None:
    old = item("AI Act", "The obligations for high-risk AI systems apply from 2 August 2026.")
    late = item(
        "AI Act", "The rules on high-risk AI systems apply from 2 December 2027.", 2, datetime(2026, 5, 1, tzinfo=UTC)
    )
    for items in ((old, late), (late, old)):
        (rule,) = found("EU", *items)
        assert (rule.applies_from, rule.url) == ("2027-12-02", "https://office.example/2")


def test_the_words_around_what_is_meant_make_no_other_statement() -> None:
    assert about("obligations for high-risk AI systems") == about("The rules on high-risk AI system")
    assert about("high-risk obligations") == about("obligations for high-risk AI systems")
    assert about("AI systems") != about("")
    assert about("Article 6(1)") != about("Article 5")


def test_instruments_are_whole_names() -> None:
    assert [one.name for one in instruments("the EU Artificial Intelligence Act and the Data Act", "EU")] == [
        "AI Act",
        "Data Act",
    ]
    assert [one.name for one in instruments("This Act and the final rule", "EU")] == []
    assert [one.name for one in instruments("RAISE Act, 49 CFR Part 571, ISO 26262", "US-NY")] == [
        "RAISE Act", "49 CFR Part 571", "ISO 26262",
    ]  # fmt: skip


def test_a_feed_gives_rules_beside_its_news_only_where_it_is_a_regulators() -> None:
    body = (
        "<rss version='2.0'><channel><title>Office</title><item><guid>1</guid><title>AI Act</title>"
        "<link>https://office.example/1</link><pubDate>Sat, 01 Nov 2025 00:00:00 GMT</pubDate>"
        f"<description>{TIMELINE}</description></item></channel></rss>"
    ).encode()
    plain = Document(body=body, url="https://office.example", at=AT, source="s", provider="office")
    assert [fact.fact for fact in read(plain).facts] == ["news"]
    official = Document(
        body=body, url="https://office.example", at=AT, source="s", provider="office", options={"jurisdiction": "EU"}
    )
    facts = read(official).facts
    assert [fact.fact for fact in facts] == ["news", *["rule"] * 5]
    rule = facts[1]
    assert isinstance(rule, RuleDate)
    assert (rule.said_on, rule.jurisdiction, rule.locator) == (AT, "EU", "item 1")


@pytest.mark.parametrize("text", ["a " * 5000, "from " * 300 + "2 August 2026", "(" * 2000, "shall apply from " * 200])
def test_no_text_takes_long(text: str) -> None:
    assert statements(text[:1200]) == ()
