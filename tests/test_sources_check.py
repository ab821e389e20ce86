"""`aiwire sources check` as people type it: on a saved page, on an address, on a stored capture."""

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cli import checking
from configuration import load_configuration
from tests.test_cli import aiwire
from timeline.issues import MistakeError

PRICES = """# Prices
## Models
| Model | Context window | Input | Output |
|---|---|---|---|
| Acme Large | 128k | $1.00 / 1M tokens | ~~$5.00~~ $4.00 / 1M tokens |
| Acme Small | 64k | $0.10 / 1M tokens | - |
"""
BROKEN = PRICES + "| Acme Mini | 64k | ask your dealer, it depends | $1.00 / 1M tokens |\n"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title>
<item><title>Prices fall</title><link>https://acme.example/1</link><guid>1</guid>
<pubDate>Tue, 11 Aug 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


def rows(text: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in text.splitlines():
        row = json.loads(line)
        found.setdefault(row.pop("check"), []).append(row)
    return found


@contextlib.contextmanager
def site(pages: dict[str, tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback: path -> (content type, text), where "->" redirects; its `host:port` and its log."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind, text = pages.get(self.path, ("", ""))
            self.send_response(404 if not kind else 302 if kind == "->" else 200)
            if kind == "->":
                self.send_header("Location", text)
            body = b"" if kind == "->" else text.encode()
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_page_that_is_understood_is_laid_out_like_the_page(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PRICES)
    done = aiwire("sources", "check", "page.md", "--kind", "pricing", "--url", "https://acme.example/p", home=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    table = lines.index("table 1 · Prices > Models · USD, per 1000000 token")
    assert lines[table + 1 : table + 4] == ["model input output", "Acme Large 1.00 4.00", "Acme Small 0.10"]
    assert "table 1 column 2 Context window a column that describes, without a price" in lines
    assert "table 1 row 2 column 4 $5.00 crossed out" in lines
    assert "table 1 row 3 column 4 - says not offered, no price" in lines
    assert "[acme.models]" in lines
    assert '"<its API id>" = { names = ["Acme Large"], class = "..." }' in lines
    assert 'expect = { facts = [1, 6], models = ["Acme"] }' in lines
    assert lines[-1] == "GOOD, and all of it understood"
    assert not list(tmp_path.glob("**/cluster")), "looking at a page makes no database"


def test_a_list_of_what_the_page_says_is_compared(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PRICES)
    truth = "model,meter,amount,currency,unit\nAcme Large,input,1.00,USD,1M tokens\nAcme Large,output,4,USD,1M tokens\n"
    check = ("sources", "check", "page.md", "--kind", "pricing", "--truth", "truth.csv")
    (tmp_path / "truth.csv").write_text(truth + "Acme Small,input,0.20,USD,1M tokens\n")
    done = aiwire(*check, home=tmp_path)
    assert done.returncode == 1
    assert "not read      line 4: Acme Small, input, 0.20, USD, 1M tokens" in done.stdout
    assert "not in the list  table 1 row 3 column 3: Acme Small input 0.10" in done.stdout


def test_what_is_not_understood_says_where_what_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(BROKEN.replace("Acme Small", "Acme \x1b]0;title\x07[bold]Small"))
    done = aiwire("sources", "check", "page.md", "--kind", "pricing", "--json", home=tmp_path)
    assert done.returncode == 1
    found = rows(done.stdout)
    (doubt,) = found["not_understood"]
    assert (doubt["issue"], doubt["locator"], doubt["fatal"]) == ("unread_prices", "table 1 row 4 column 3", True)
    assert "'Input' holds 'ask your dealer, it depends'" in doubt["message"]
    assert "Markdown twin" in doubt["do"]
    (document,) = found["document"]
    assert (document["verdict"], document["facts"], document["form"]) == ("bad", 4, "markdown")
    assert [(fact["table"], fact["title"], fact["amount"]) for fact in found["read"]][:2] == [
        ("table 1", "Prices > Models", "1.00"),
        ("table 1", "Prices > Models", "4.00"),
    ]
    shown = aiwire("sources", "check", "page.md", "--kind", "pricing", home=tmp_path).stdout
    assert not {"\x1b", "\x07"} & set(shown), "what a page says does not reach the terminal as commands"
    assert "[bold]Small" in shown
    assert "unread_prices  [would hold the timeline]  table 1 row 4 column 3" in shown
    assert shown.splitlines()[-1] == "WOULD HOLD THE TIMELINE: 1 reason above"


@pytest.mark.parametrize(
    ("url", "kind", "source", "says"),
    [
        ("", None, None, "no source claims this file: say what it is with --kind"),
        ("https://acme.example/p", None, None, "no source claims https://acme.example/p: say what it is"),
        ("", "nonsense", None, "no reader reads kind 'nonsense'"),
        ("", None, "nobody", "no source is called 'nobody'"),
    ],
)
def test_what_no_source_claims_has_to_be_said(
    tmp_path: Path, url: str, kind: str | None, source: str | None, says: str
) -> None:
    configuration = load_configuration({"AIWIRE_HOME": str(tmp_path)}, folder=tmp_path)
    with pytest.raises(MistakeError, match=re.escape(says)):
        checking.source_for(configuration, url, kind, source, PRICES.encode())
    assert checking.source_for(configuration, "", None, None, FEED.encode()).kind == "feed"


def test_a_mistake_ends_with_2_and_says_what_to_do(tmp_path: Path) -> None:
    done = aiwire("sources", "check", "missing.md", "--kind", "pricing", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing.md is not a file: expected a source's id, a file, or an address" in done.stderr


def test_what_today_s_page_must_have_is_asked_of_today_s_page_alone(tmp_path: Path) -> None:
    (tmp_path / "aiwire.toml").write_text(
        '[[source]]\nid = "acme-pricing"\nprovider = "acme"\nkind = "pricing"\nurl = "https://acme.example/p"\n'
        'expect = { facts = [10, 20], models = ["Acme"], markers = ["Batch"] }\n'
    )
    (tmp_path / "page.md").write_text(PRICES)
    words = ("sources", "check", "page.md", "--url", "https://acme.example/p", "--json")
    today = aiwire(*words, home=tmp_path)
    assert today.returncode == 1
    found = rows(today.stdout)
    assert {doubt["issue"] for doubt in found["not_understood"]} == {"count_below_minimum", "marker_missing"}
    assert [(check["asks"], check["holds"]) for check in found["applied"]][1:] == [
        ("10 to 20 facts", False),
        ("the page says 'Batch'", False),
        ("some model's name holds 'Acme'", True),
    ]
    older = aiwire(*words, "--at", "2026-05-01", home=tmp_path)
    assert older.returncode == 0
    assert [check["holds"] for check in rows(older.stdout)["applied"]] == [True, False, False, True]


@pytest.mark.torture  # long
def test_an_address_is_fetched_the_guarded_way(tmp_path: Path) -> None:
    pages = {"/p": ("text/markdown", PRICES), "/feed": ("application/rss+xml", FEED), "/moved": ("->", "/p")}
    with site(pages) as (address, asked):
        check = ("sources", "check", f"http://{address}/p", "--kind", "pricing", "--json")
        refused = aiwire(*check, home=tmp_path)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "blocked_address" in refused.stderr
        assert asked == [], "an internal address is not even asked"
        (tmp_path / "aiwire.toml").write_text(f'[crawler]\nallow_hosts = ["{address}"]\n')
        done = aiwire(*check, home=tmp_path)
        assert done.returncode == 0, done.stderr
        assert len(rows(done.stdout)["read"]) == 3
        assert asked == ["/robots.txt", "/p"]
        moved = aiwire("sources", "check", f"http://{address}/moved", "--kind", "pricing", "--json", home=tmp_path)
        assert rows(moved.stdout)["document"][0]["url"] == f"http://{address}/p"
        gone = aiwire("sources", "check", f"http://{address}/gone", "--kind", "pricing", home=tmp_path)
        assert gone.returncode == 1
        assert "not_found" in gone.stderr
        assert "find out where the page went" in gone.stderr
        news = aiwire("sources", "check", f"http://{address}/feed", "--kind", "feed", home=tmp_path)
        assert news.returncode == 0, news.stderr
        assert "2026-08-11 10:00  Prices fall" in news.stdout


@pytest.mark.postgres
@pytest.mark.torture  # long
def test_a_source_is_its_newest_capture_compared_with_the_good_one_before(tmp_path: Path, database_url: str) -> None:
    many = PRICES + "".join(f"| Acme {n} | 64k | $0.{n} / 1M tokens | $1.{n} / 1M tokens |\n" for n in range(10, 20))
    pages = {"/p": ("text/markdown", many)}
    with site(pages) as (address, _):
        (tmp_path / "aiwire.toml").write_text(
            f'[crawler]\nallow_hosts = ["{address}"]\n[[source]]\nid = "acme-pricing"\nprovider = "acme"\n'
            f'kind = "pricing"\nurl = "http://{address}/p"\n'
        )
        check = ("sources", "check", "acme-pricing", "--json")
        first = aiwire(*check, home=tmp_path, url=database_url)
        assert first.returncode == 0, first.stderr
        assert "no stored capture yet" in first.stderr
        assert rows(first.stdout)["document"][0]["where"] == f"fetched from http://{address}/p"
        assert aiwire("capture", "acme-pricing", home=tmp_path, url=database_url).returncode == 0
        stored = rows(aiwire(*check, home=tmp_path, url=database_url).stdout)
        assert stored["document"][0]["where"].startswith("capture 1, ")
        assert len(stored["read"]) == 23
        pages["/p"] = ("text/markdown", PRICES)
        today = aiwire(*check, "--fetch", home=tmp_path, url=database_url)
        assert today.returncode == 1
        (doubt,) = rows(today.stdout)["not_understood"]
        assert (doubt["issue"], doubt["fatal"]) == ("collapsed", True)
        assert rows(today.stdout)["applied"][-1]["holds"] is False
        assert rows(aiwire(*check, home=tmp_path, url=database_url).stdout)["document"][0]["verdict"] == "good"


def test_nothing_answers_without_a_network_and_that_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "aiwire.toml").write_text('[crawler]\nallow_hosts = ["127.0.0.1:1"]\n')
    done = aiwire("sources", "check", "http://127.0.0.1:1/p", "--kind", "pricing", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
