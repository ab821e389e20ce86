"""WARC files: what becomes a page, what a look, what is refused, and that the rest is left as it was."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archives import MOST_TOLD
from crawler.replay import Manifest, ManifestError, NoCapturesError, read_captures, replay
from crawler.settings import MAX_BYTES
from crawler.source import bundled_sources
from crawler.spools import Spool, spooling
from store.connect import Connection
from tests import captures, warcs
from tests.dumps import dump
from tests.warcs import MISSING, http, page, record

FEBRUARY, MARCH, APRIL = "2026-02-01T12:00:00Z", "2026-03-01T12:00:00Z", "2026-04-01T12:00:00Z"
START, CUT = captures.pricing(captures.START).encode(), captures.pricing(captures.CUT).encode()
SAME = {"WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"}
UNCHANGED = {"WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/server-not-modified"}


@pytest.fixture
def spool() -> Iterator[Spool]:
    with spooling() as opened:
        yield opened


def read(path: Path, spool: Spool, *records: bytes, name: str = "a.warc.gz") -> Manifest:
    return read_captures(warcs.write(path / name, records), bundled_sources(), spool)


def told(manifest: Manifest) -> list[tuple[str, bytes]]:
    return [(f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.read()) for line in manifest.lines]


@pytest.mark.postgres
def test_files_of_both_kinds_and_a_manifest_are_one_history(
    tmp_path: Path, spool: Spool, connection: Connection
) -> None:
    captures.write(tmp_path, captures.STORY[:1])
    warcs.write(tmp_path / "b.warc", [page(captures.RISE, APRIL, version="1.0")])
    warcs.write(
        tmp_path / "a.warc.gz",
        [
            record(b"software: tests\r\n", kind="warcinfo", url=MISSING),
            page(captures.CUT, MARCH),
            record(b"GET / HTTP/1.1\r\n\r\n", MARCH, kind="request"),
            record(http(b"gone", "404 Not Found"), "2026-03-02T12:00:00Z"),
            record(http(b"<p>hello"), url="https://unknown.example/"),
            record(http(b"<p>hello"), MARCH, url="https://unknown.example/"),
        ],
    )
    manifest = read_captures(tmp_path, bundled_sources(), spool)
    assert [f"{line.at:%m}" for line in manifest.lines] == ["02", "03", "04"]
    assert manifest.unclaimed == ("a.warc.gz: https://unknown.example/ (2 records)",)
    assert [(look.name, look.status) for look in manifest.looks] == [("not_found", 404)]
    assert manifest.refused == ()
    connection.autocommit = True
    changed = [event for event in replay(connection, manifest) if event.kind == "price.changed"]
    assert {(f"{event.observed_at:%m-%d}", event.model) for event in changed} == {
        ("03-01", "Claude Sonnet 4.5"),
        ("04-01", "Claude Haiku 4.5"),
    }
    once = dump(connection)
    assert replay(connection, manifest) == ()
    assert dump(connection) == once
    looks = connection.execute("""SELECT outcome, status FROM "fetch" WHERE sha256 IS NULL""").fetchall()
    assert looks == [("not_found", 404)], "once, however often it is imported"


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n3;x=y\r\n%b\r\n0\r\n\r\n" % (len(body) - 3, body[:-3], body[-3:])


@pytest.mark.parametrize(
    "answer",
    [
        http(gzip.compress(START), Content_Encoding="gzip"),
        http(zlib.compress(START), Content_Encoding="deflate"),
        http(chunked(gzip.compress(START)), Content_Encoding="gzip", Transfer_Encoding="chunked"),
        http(chunked(START), Transfer_Encoding="Chunked"),
        http(START, Transfer_Encoding="chunked", Content_Length=str(len(START))),  # undone by the archive's writer
    ],
)
def test_encodings_are_undone(tmp_path: Path, spool: Spool, answer: bytes) -> None:
    assert told(read(tmp_path, spool, record(answer))) == [(FEBRUARY, START)]


@pytest.mark.parametrize("payload", [START, chunked(START)], ids=["unchunked", "as sent"])
def test_digests_are_verified_over_what_writers_take_for_the_payload(
    tmp_path: Path, spool: Spool, payload: bytes
) -> None:
    answer = http(chunked(START), Transfer_Encoding="chunked")
    fields = {"WARC-Payload-Digest": warcs.digest(payload), "WARC-Block-Digest": warcs.digest(answer)}
    assert told(read(tmp_path, spool, record(answer, fields=fields))) == [(FEBRUARY, START)]
    bad = read(tmp_path, spool, record(answer, fields={"WARC-Payload-Digest": warcs.digest(b"else")}))
    assert bad.lines == ()
    assert "do not have its WARC-Payload-Digest" in bad.refused[0]


@pytest.mark.parametrize(
    ("answer", "fields", "name"),
    [
        (http(b"", "301 Moved", Location="https://elsewhere.example/"), {}, "redirected_away"),
        (http(b"no", "403 Forbidden"), {}, "forbidden"),
        (http(b"wait", "503 Unavailable", Retry_After="9"), {}, "rate_limited"),
        (http(b"  "), {}, "empty"),
        (http(b"%PDF-1.7"), {}, "wrong_type"),
        (http(START, Content_Length="99999"), {}, "incomplete"),
        (http(START), {"WARC-Truncated": "disconnect"}, "incomplete"),
        (http(START, Content_Encoding="gzip"), {}, "undecodable"),
        (http(START, Content_Encoding="compress"), {}, "undecodable"),
        (http(chunked(START)[:-9], Transfer_Encoding="chunked"), {}, "undecodable"),
        (http(gzip.compress(bytes(MAX_BYTES + 1)), Content_Encoding="gzip"), {}, "too_large"),
        (http(b"", "304 Not Modified"), {}, "unexpected_status"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_page_is_what_a_fetch_would_call_it(
    tmp_path: Path, spool: Spool, answer: bytes, fields: dict[str, str], name: str
) -> None:
    manifest = read(tmp_path, spool, record(answer, fields=fields), page(captures.CUT, MARCH))
    assert [look.name for look in manifest.looks] == [name]
    assert told(manifest) == [(MARCH, CUT)]


def test_a_revisit_is_the_page_it_had_again(tmp_path: Path, spool: Spool) -> None:
    first = {"WARC-Payload-Digest": warcs.digest(START)}
    of_the_page = {"WARC-Block-Digest": warcs.digest(http(START))}
    referring = {"WARC-Refers-To-Target-URI": captures.PRICING, "WARC-Refers-To-Date": MARCH}
    manifest = read(
        tmp_path,
        spool,
        record(b"", "2026-02-03T12:00:00Z", kind="revisit", fields=SAME | first | of_the_page),
        record(http(START), fields=first),
        record(http(CUT), MARCH),
        record(http(b""), "2026-03-02T12:00:00Z", kind="revisit", fields=SAME | referring),
        record(http(b"", "304 Not Modified"), "2026-03-03T12:00:00Z", kind="revisit", fields=UNCHANGED),
        record(http(b"", "304 Not Modified"), "2026-02-02T12:00:00Z"),
        record(b"", APRIL, kind="revisit", fields=SAME | {"WARC-Payload-Digest": warcs.digest(b"elsewhere")}),
        record(b"", APRIL, kind="revisit", fields={"WARC-Profile": "urn:mine"}),
    )
    days = ["2026-02-01", "2026-02-02", "2026-02-03", "2026-03-01", "2026-03-02", "2026-03-03"]
    assert told(manifest) == [(f"{day}T12:00:00Z", START if "-02-" in day[4:8] else CUT) for day in days]
    assert [
        "none of these files has whole" in manifest.refused[1],
        "WARC-Profile 'urn:mine'" in manifest.refused[0],
    ] == [
        True,
        True,
    ]


def test_a_resource_is_a_page_and_notes_of_the_crawler_are_none(tmp_path: Path, spool: Spool) -> None:
    manifest = read(
        tmp_path,
        spool,
        record(START, kind="resource", fields={"Content-Type": "text/markdown"}),
        record(b"log", kind="resource", url="metadata://gnu.org/software/wget/warc/wget.log"),
        record(b"20260201120000", url="dns:platform.claude.com", fields={"Content-Type": "text/dns"}),
    )
    assert (told(manifest), manifest.refused, manifest.unclaimed) == ([(FEBRUARY, START)], (), ())
    assert manifest.lines[0].content_type == "text/markdown"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (record(http(START), MISSING), "WARC-Date ''"),
        (record(http(START), "2026-02-01T12:00:00"), "expected a time of UTC"),
        (record(http(START), "2026-13-01T12:00:00Z"), "is no time"),
        (record(http(START), "9999-12-31T23:59:59.999999Z"), "expected a time of UTC"),
        (record(http(START), kind="conversion"), "WARC-Type 'conversion' is not understood"),
        (record(http(START), fields={"WARC-Type": MISSING}), "WARC-Type '' is not understood"),
        (record(http(START), fields={"WARC-Segment-Number": "1"}), "in segments"),
        (record(b"hello"), "expected the status line"),
        (record(http(START), fields={"WARC-Block-Digest": warcs.digest(b"x")}), "WARC-Block-Digest, sha1:"),
        (record(http(START), fields={"WARC-Block-Digest": "crc:12"}), "expected md5, sha1"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_record_that_cannot_be_taken_is_refused_by_itself(
    tmp_path: Path, spool: Spool, broken: bytes, said: str
) -> None:
    before = page(captures.START, FEBRUARY)
    manifest = read(tmp_path, spool, before, broken, page(captures.CUT, MARCH), name="a.warc")
    assert told(manifest) == [(FEBRUARY, START), (MARCH, CUT)]
    (refused,) = manifest.refused
    assert f"a.warc, record 2 (at byte {len(before):,}): " in refused
    assert said in refused
    assert "mend it" in refused


LENGTH = str(len(http(START)))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (record(http(START), fields={"Content-Length": "7"}), "Content-Length is wrong"),
        (record(http(START), fields={"Content-Length": "99999"}), "bytes before the end"),
        (record(http(START), fields={"Content-Length": "-7"}), "expected a number of bytes"),
        (record(http(START), fields={"Content-Length": MISSING}), "Content-Length None"),
        (record(http(START), version="0.18"), "expected WARC/1.0 or WARC/1.1"),
        (record(http(START), fields={"warc-type": "response"}), "warc-type twice"),
        (record(http(START), fields={"X": "y" * 20000}), "header line of more than"),
        (record(http(START), fields={f"X-{n}": "y" for n in range(300)}), "more than 200 header lines"),
        (b"WARC/1.1\r\nno colon\r\n\r\n", "expected `Name: value`"),
        (b"WARC/1.1\r\nWARC-Type: response", "it is cut off"),
        (b"WARC/1.1\r\nX: \xff\r\n\r\n", "not UTF-8"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_file_that_cannot_be_read_on_is_refused_whole(
    tmp_path: Path, spool: Spool, broken: bytes, said: str, name: str
) -> None:
    warcs.write(tmp_path / "b.warc", [page(captures.CUT, MARCH)])
    before = page(captures.START, FEBRUARY)
    warcs.write(tmp_path / name, [before, broken])
    manifest = read_captures(tmp_path, bundled_sources(), spool)
    assert told(manifest) == [(MARCH, CUT)], "other files are as they were"
    (refused,) = manifest.refused
    place = len(gzip.compress(before)) if name.endswith("gz") else len(before)
    assert f"{name}, record 2 (at byte {place:,}) " in refused
    assert said in refused
    assert "nothing of this file was imported" in refused


@pytest.mark.parametrize("lost", [1, 5, 200, 300])
def test_a_gzip_member_that_is_cut_off_or_damaged_refuses_its_file(tmp_path: Path, spool: Spool, lost: int) -> None:
    first, second = (gzip.compress(page(prices, FEBRUARY)) for prices in (captures.START, captures.CUT))
    file = tmp_path / "a.warc.gz"
    for whole in ((first + second)[:-lost], first + second[:-8] + b"1234" + second[-4:]):
        file.write_bytes(whole)
        manifest = read_captures(file, bundled_sources(), spool)
        assert manifest.lines == ()
        assert f"the gzip member at byte {len(first):,} is " in manifest.refused[0]


def test_one_gzip_stream_of_many_records_is_read_and_an_empty_file_is_refused(tmp_path: Path, spool: Spool) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(gzip.compress(page(captures.START, FEBRUARY) + page(captures.CUT, MARCH)))
    assert told(read_captures(file, bundled_sources(), spool)) == [(FEBRUARY, START), (MARCH, CUT)]
    file.write_bytes(b"")
    assert "holds no record" in read_captures(file, bundled_sources(), spool).refused[0]


def test_what_is_neither_a_folder_nor_an_archive_is_a_mistake(tmp_path: Path, spool: Spool) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(NoCapturesError, match="expected a folder"):
        read_captures(tmp_path / "a.txt", bundled_sources(), spool)
    with pytest.raises(ManifestError, match=r"manifest\.jsonl is missing"):
        read_captures(tmp_path, bundled_sources(), spool)


def test_what_comes_by_the_thousand_is_told_by_the_thousand(tmp_path: Path, spool: Spool) -> None:
    strange = [record(b"", url=f"https://unknown.example/{number}") for number in range(MOST_TOLD + 3)]
    refused = [record(b"", url="file:///x")] * (MOST_TOLD + 4)
    manifest = read(tmp_path, spool, *strange, *refused, page(captures.START, FEBRUARY), name="a.warc")
    assert told(manifest) == [(FEBRUARY, START)]
    assert (len(manifest.unclaimed), manifest.unclaimed[-1]) == (MOST_TOLD + 1, "3 more records")
    assert (len(manifest.refused), manifest.refused[-1][-27:]) == (MOST_TOLD + 1, "4 more records were refused")


def test_memory_does_not_grow_with_the_archive(tmp_path: Path, spool: Spool) -> None:
    """Blocks of other pages go by in pieces, and the claimed ones wait on disk."""
    big = record(http(bytes(8 * 2**20)), url="https://unknown.example/")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(gzip.compress(big, 1) * 8 + gzip.compress(page(captures.START, FEBRUARY)))
    known = bundled_sources()
    tracemalloc.start()
    try:
        manifest = read_captures(file, known, spool)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(manifest.lines) == 1
    assert peak < 4 * 2**20, f"{peak:,} bytes for 64 MiB"
