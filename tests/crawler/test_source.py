import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from configuration import load_configuration
from crawler import source as module
from crawler.source import ReaderMissingError, Source, bundled_sources, claim, combine, parse_sources, reader_of
from timeline.strict import ConfigurationError

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).parents[2] / "../shared/corpus").resolve()

OWN = """
[[source]]
id = "acme-pricing"
provider = "acme"
kind = "pricing"
url = "https://acme.example.com/pricing"
"""


def own(**fields: str) -> str:
    return OWN + "".join(f"{name} = {value}\n" for name, value in fields.items())


def test_the_least_a_source_of_ones_own_needs() -> None:
    (found,) = parse_sources(OWN, "aiwire.toml", user=True)
    assert found == Source(
        id="acme-pricing",
        provider="acme",
        kind="pricing",
        url="https://acme.example.com/pricing",
        trust="official",
        every=timedelta(minutes=10),
    )
    assert found.host == "acme.example.com"


def test_every_field() -> None:
    (found,) = parse_sources(
        """
        [[source]]
        id = "acme-news"
        kind = "pricing"
        url = "https://acme.example.com:8443/feed"
        former_urls = ["https://old.example.com/feed"]
        trust = "reseller"
        every = "1h30m"
        expect = { facts = [1, 50], models = ["Acme 1"], markers = ["<rss"] }
        verified = true
        options = { currency = "USD", columns = { 2 = ["a", "b"] } }
        """,
        "crawler/sources/acme_labs/sources.toml",
        user=False,
    )
    assert found.provider == "acme-labs"
    assert found.host == "acme.example.com:8443"
    assert found.former_urls == ("https://old.example.com/feed",)
    assert (found.trust, found.every, found.verified) == ("reseller", timedelta(minutes=90), True)
    assert (found.expect.facts, found.expect.models, found.expect.markers) == ((1, 50), ("Acme 1",), ("<rss",))
    assert found.options == {"currency": "USD", "columns": {"2": ["a", "b"]}}


def test_an_option_nobody_knows_is_refused() -> None:
    text = '[[source]]\nid = "a-b"\nkind = "pricing"\nurl = "https://a.example"\noptions = { model = "X" }\n'
    with pytest.raises(
        ConfigurationError, match=r"options: found model; expected options .* columns, currency, pair, yen"
    ):
        parse_sources(text, "crawler/sources/a/sources.toml", user=False)


# field changed or added, what the message must say
MISTAKES = {
    "unknown field": (own(evry='"10m"'), ["line 7", "evry", "unknown field", 'did you mean "every"']),
    "kind": (OWN.replace('"pricing"', '"prices"'), ["line 5", "kind", "'prices'", "pricing, lifecycle, feed"]),
    "trust": (own(trust='"high"'), ["line 7", "trust", "'high'", "official, cloud"]),
    "missing provider": (OWN.replace('provider = "acme"\n', ""), ["line 2", "provider", "missing"]),
    "id": (OWN.replace("acme-pricing", "Acme Pricing"), ["line 3", "id", "'Acme Pricing'", "lower case"]),
    "too often": (own(every='"10s"'), ["line 7", "every", "0:01:00"]),
    "too rarely": (own(every='"20w"'), ["line 7", "every"]),
    "no duration": (own(every="600"), ["line 7", "every", "a whole number", "10m"]),
    "a file": (
        OWN.replace("https://acme.example.com/pricing", "file:///etc/passwd"),
        ["line 6", "url", "http and https"],
    ),
    "inside": (OWN.replace("acme.example.com", "10.0.0.1"), ["line 6", "url", "not a public internet address"]),
    "former url": (own(former_urls='["ftp://acme.example.com/"]'), ["line 7", "former_urls", "http and https"]),
    "facts": (own(expect="{ facts = [5] }"), ["line 7", "expect.facts", "[5]", "two whole numbers"]),
    "facts upside down": (own(expect="{ facts = [9, 5] }"), ["line 7", "expect.facts"]),
    "expect": (own(expect="{ fact = [5, 9] }"), ["line 7", "expect.fact", "facts, models, markers"]),
    "verified": (own(verified='"yes"'), ["line 7", "verified", "true or false"]),
    "code elsewhere": (own(extract='"../../os"'), ["line 7", "extract", "'../../os'", "comes with aiwire for acme"]),
    "no such reader": (own(extract='"pricing"'), ["line 7", "extract", "comes with aiwire for acme"]),
    "dotted": (OWN.replace('"acme"', '"os.path"'), ["line 4", "provider", "'os.path'"]),
    "twice": (OWN + OWN, ["line 9", "id", "an id no other source has"]),
    "another table": (OWN + "[[sauce]]\n", ["line 7", "sauce", "unknown field", "source"]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_file_line_field_what_was_found_and_what_is_allowed(name: str) -> None:
    text, parts = MISTAKES[name]
    with pytest.raises(ConfigurationError) as caught:
        parse_sources(text, "aiwire.toml", user=True)
    message = str(caught.value)
    assert message.startswith("aiwire.toml, ")
    for part in parts:
        assert part in message, message


def test_an_internal_page_is_watched_when_its_host_and_port_are_opened() -> None:
    text = OWN.replace("https://acme.example.com/", "http://10.0.0.1:8080/")
    (found,) = parse_sources(text, "aiwire.toml", user=True, allowed=["10.0.0.1:8080"])
    assert found.host == "10.0.0.1:8080"


def test_a_source_of_ones_own_replaces_the_bundled_one_in_its_place() -> None:
    mine = parse_sources(OWN.replace("acme-pricing", "openai-news"), "aiwire.toml", user=True)
    everything = combine(bundled_sources(), mine)
    assert [source.id for source in everything] == [source.id for source in bundled_sources()]
    assert [source for source in everything if source.id == "openai-news"] == list(mine)


def test_the_registry_keeps_its_own_rules() -> None:
    sources = bundled_sources()
    assert len({source.id for source in sources}) == len(sources) >= 15
    urls = [url for source in sources for url in (source.url, *source.former_urls)]
    assert len(set(map(module._loosely, urls))) == len([*urls]) - _markdown_twins(sources)
    for source in sources:
        # A catalogue may speak of one provider in each of its files.
        assert source.kind == "catalogue" or source.id.startswith(source.provider), f"{source.id}: begins otherwise"
        assert source.url.startswith("https://"), f"{source.id}: https only"
        assert claim(sources, source.url) is source
        for url in source.former_urls:
            assert claim(sources, url) is source


def test_bundled_sources_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "aiwire.toml").write_text(f"[crawler]\nbundled = false\n{OWN}")
    assert [source.id for source in load_configuration({}, folder=tmp_path).sources] == ["acme-pricing"]


def _markdown_twins(sources: tuple[Source, ...]) -> int:
    """A source may name both spellings of its own page; no two sources may share one."""
    return sum(
        len(all_urls) - len(set(map(module._loosely, all_urls)))
        for all_urls in ([source.url, *source.former_urls] for source in sources)
    )


@pytest.mark.parametrize("source", bundled_sources(), ids=lambda source: source.id)
def test_every_source_has_a_reader(source: Source) -> None:
    assert callable(reader_of(source))
    assert module.reader_version(source).split(" ")[1]


def test_a_reader_is_only_ever_code_of_the_sources_folder() -> None:
    (found,) = parse_sources(OWN, "aiwire.toml", user=True)
    for provider, extract in (
        ("acme", "pricing"),
        ("..", "os"),
        ("os", "path"),
        ("acme", "os.path"),
        ("anthropic", "__init__"),
    ):
        source = Source(
            id="x",
            provider=provider,
            kind="pricing",
            url=found.url,
            trust="official",
            every=found.every,
            extract=extract,
        )
        with pytest.raises(ReaderMissingError, match="there is no reader"):
            reader_of(source)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://platform.claude.com/docs/en/about-claude/pricing.md", "anthropic-pricing"),
        ("https://platform.claude.com/docs/en/about-claude/pricing", "anthropic-pricing"),
        ("https://platform.claude.com/docs/en/about-claude/pricing/#batch", "anthropic-pricing"),
        ("http://Platform.Claude.com:80/docs/en/about-claude/pricing/", "anthropic-pricing"),
        ("https://docs.anthropic.com/en/docs/about-claude/pricing", "anthropic-pricing"),
        ("https://www.anthropic.com/pricing", "anthropic-site-pricing"),
        ("https://platform.openai.com/docs/deprecations/", "openai-lifecycle"),
        ("https://platform.claude.com/docs/en/about-claude/pricing?lang=de", None),
        ("https://platform.claude.com/docs/en/about-claude/models/overview", "anthropic-models-pricing"),
        ("https://openrouter.ai/api/v1/models?order=newest", "openrouter-models"),
        ("https://example.com/", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_whose_url_is_it(url: str, source: str | None) -> None:
    found = claim(bundled_sources(), url)
    assert (found.id if found else None) == source


def test_ones_own_url_goes_before_a_former_url_of_another() -> None:
    sources = parse_sources(
        own(former_urls='["https://acme.example.com/new"]')
        + OWN.replace("acme-pricing", "acme-new").replace("com/pricing", "com/new.md"),
        "aiwire.toml",
        user=True,
    )
    claimed = claim(sources, "https://acme.example.com/new")
    assert claimed is not None
    assert claimed.id == "acme-pricing"  # an exact former URL before a loose match
    assert claim(sources, "https://acme.example.com/new/") is sources[1]


def test_every_native_feed_and_page_of_the_corpus_is_claimed() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"the corpus is not at {CORPUS}: set AIWIRE_CORPUS")
    missed = []
    for folder, wanted in (("pricing", ()), ("lifecycle", ("anthropic", "openai")), ("feeds", ())):
        for line in (CORPUS / folder / "manifest.jsonl").read_text().splitlines():
            row = json.loads(line)
            native = folder != "feeds" or _native(row)
            if native and (not wanted or row["provider"] in wanted) and claim(bundled_sources(), row["url"]) is None:
                missed.append(row["file"])
    assert missed == []


def _native(row: dict[str, str]) -> bool:
    if row["file"].startswith("malformed/") or "not a feed" in row["notes"] or "not Atom" in row["notes"]:
        return False
    return not any(word in row["notes"] for word in ("third-party", "JSON Feed"))
