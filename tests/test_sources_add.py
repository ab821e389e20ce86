"""`aiwire sources add` as people type it: from a page to a feed that was tried and is registered, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from configuration import load_configuration
from tests.test_cli import aiwire
from tests.test_sources_check import FEED, site

PAGE = """<html><head><title>Acme</title>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
<link rel="alternate" type="application/rss+xml" title="News" href="/news/feed.xml">
<link rel="alternate" type="text/html" hreflang="de" href="/de">
<link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
<link rel="stylesheet" href="/rss.xml"></head>
<body><a href="/blog/rss">Feed</a><a href="https://other.example/feed">Elsewhere</a><a href="/gone/feed">Gone</a>
<a href="/about">About</a></body></html>"""
XML, HTML = "application/rss+xml", "text/html"


def allow(home: Path, address: str, more: str = "") -> Path:
    file = home / "aiwire.toml"
    file.write_text(f'[crawler]\nallow_hosts = ["{address}"]\n{more}')
    return file


def told(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_feed_of_a_page_is_found_tried_and_added_once(tmp_path: Path) -> None:
    pages = {"/": (HTML, PAGE), "/news/feed.xml": (XML, FEED), "/blog/rss": (XML, FEED), "/comments/feed": (XML, FEED)}
    with site(pages) as (address, asked):
        file = allow(tmp_path, address)
        first = aiwire("sources", "add", f"http://{address}/", "--provider", "acme", "--json", home=tmp_path)
        again = aiwire("sources", "add", f"http://{address}/", "--provider", "acme", home=tmp_path)
    assert first.returncode == 0, first.stderr
    rows = told(first.stdout)
    assert [(row["url"].split("/", 3)[3], row["feed"], row["added"]) for row in rows] == [
        ("news/feed.xml", True, True),
        ("blog/rss", True, False),
        ("gone/feed", False, False),
        ("comments/feed", True, False),
    ]
    assert (rows[0]["source"], rows[0]["entries"], rows[0]["example"]) == ("acme-news", 1, "Prices fall")
    assert rows[0]["toml"] in file.read_text()
    assert again.returncode == 0, again.stderr
    assert "watched already, as acme-news" in again.stdout
    assert file.read_text().count("[[source]]") == 1
    assert "/de" not in asked
    (own,) = [source for source in load_configuration(file=file).sources if source.id == "acme-news"]
    assert (own.kind, own.trust, own.url) == ("feed", "press", f"http://{address}/news/feed.xml")


@pytest.mark.torture  # long
def test_all_feeds_or_none_are_written(tmp_path: Path) -> None:
    pages = {"/": (HTML, PAGE), "/news/feed.xml": (XML, FEED), "/blog/rss": (XML, FEED)}
    with site(pages) as (address, _):
        before = allow(tmp_path, address, "\n# a remark that stays\n").read_text()
        shown = aiwire("sources", "add", f"http://{address}/", "--dry-run", home=tmp_path)
        assert (tmp_path / "aiwire.toml").read_text() == before
        done = aiwire("sources", "add", f"http://{address}/", "--all", home=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "would be added" in shown.stdout
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "aiwire.toml").read_text()
    assert text.startswith(before.rstrip("\n"))
    assert text.count("[[source]]") == 2


@pytest.mark.torture  # long
def test_a_feed_itself_a_known_one_and_a_status_page(tmp_path: Path) -> None:
    incidents = {"page": {"name": "Acme"}, "incidents": [{"id": "abc123", "name": "Down", "status": "investigating"}]}
    pages = {"/feed": (XML, FEED), "/incidents.json": ("application/json", json.dumps(incidents))}
    with site(pages) as (address, _):
        file = allow(tmp_path, address)
        done = aiwire("sources", "add", f"http://{address}/feed", "--provider", "acme", "--json", home=tmp_path)
        status = aiwire(
            "sources", "add", f"http://{address}/incidents.json", "--provider", "acme", "--json", home=tmp_path
        )
    (row,), (other,) = told(done.stdout), told(status.stdout)
    assert (row["source"], row["kind"]) == ("acme-news", "feed")
    assert (other["source"], other["kind"], other["entries"]) == ("acme-status", "status", 1)
    assert file.read_text().count("[[source]]") == 2


@pytest.mark.parametrize(
    ("pages", "path", "code", "says"),
    [
        ({"/": (HTML, "<html><body>nothing</body></html>")}, "/", 1, "names none that can be read"),
        ({"/": (HTML, '<link rel="alternate" type="application/rss+xml" href="/f">')}, "/", 1, "names none"),
        ({}, "/nowhere", 1, "not_found"),
        ({"/": ("->", "http://192.0.2.1/")}, "/", 1, "redirect"),
    ],
)
def test_what_is_no_feed_is_not_added(
    pages: dict[str, tuple[str, str]], path: str, code: int, says: str, tmp_path: Path
) -> None:
    with site(pages) as (address, _):
        before = allow(tmp_path, address).read_text()
        done = aiwire("sources", "add", f"http://{address}{path}", home=tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stderr
    assert (tmp_path / "aiwire.toml").read_text() == before


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/feed", "file:///etc/passwd", "javascript:alert(1)", "http://169.254.169.254/"]
)
def test_addresses_that_are_never_asked(url: str, tmp_path: Path) -> None:
    done = aiwire("sources", "add", url, home=tmp_path)
    assert done.returncode == 2
    assert "cannot be watched" in done.stderr
    assert not (tmp_path / "aiwire.toml").exists()
