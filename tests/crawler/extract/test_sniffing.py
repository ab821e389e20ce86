"""What some bytes are does not depend on what the server called them."""

import pytest

from crawler.extract.grids import UnreadableError
from crawler.extract.sniffing import decode, read_blocks, sniff


@pytest.mark.parametrize(
    ("body", "content_type", "form"),
    [
        (b"# Prices\n\n| a | b |\n|---|---|\n", "text/html", "markdown"),
        (b"---\ntitle: x\n---\n<Note>\nhello\n</Note>\n", "text/markdown", "markdown"),
        (b"<!doctype html><html><body>x</body></html>", "text/markdown", "html"),
        (b"  \n<HTML><head></head></HTML>", "", "html"),
        (b"<div><p>a</p><p>b</p></div>", "", "html"),
        (b'{"data": []}', "text/plain", "json"),
        (b"[{}]", "", "json"),
        (b"[link](/x) is how it starts", "", "markdown"),
        (b'<?xml version="1.0"?><rss></rss>', "text/html", "xml"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html></html>', "", "html"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text/html", "binary"),
        (b"", "text/html", "markdown"),
    ],
)
def test_the_bytes_decide(body: bytes, content_type: str, form: str) -> None:
    assert sniff(body, content_type) == form


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("价格 5元".encode(), "text/html; charset=iso-8859-1"),  # UTF-8 whatever was declared
        ("价格 5元".encode("gbk"), "text/html; charset=GBK"),
        ("<meta charset='gb2312'>价格 5元".encode("gb2312"), ""),
        ("价格 5元".encode("utf-16"), ""),
        ("价格 5元".encode("utf-8-sig"), ""),
    ],
)
def test_text_is_decoded_as_what_it_is(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith("价格 5元")


def test_an_unknown_charset_is_no_crash() -> None:
    assert "caf" in decode(b"caf\xe9 cr\xe8me br\xfbl\xe9e", "text/html; charset=x-nonsense")


@pytest.mark.parametrize("body", [b'{"a": 1}', b"\0\1\2\3", b"<?xml version='1.0'?><rss/>"])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="expected a page"):
        read_blocks(body)
