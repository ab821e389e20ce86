"""WARC files written for the tests, record by record, right and wrong."""

import base64
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests import captures

MISSING = ""  # the value of a field that is left out


def digest(data: bytes) -> str:
    """As most writers label it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; underscores of header names are hyphens."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def record(
    block: bytes, at: str = "2026-02-01T12:00:00Z", *, url: str = captures.PRICING, kind: str = "response",
    version: str = "1.1", fields: Mapping[str, str] = {},
) -> bytes:  # fmt: skip
    """One record; `fields` overrides, or with MISSING leaves out."""
    own = {
        "WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": at, "WARC-Record-ID": f"<urn:test:{at}:{kind}:{url}>",
        "Content-Type": f"application/http; msgtype={kind}", "Content-Length": str(len(block)),
    }  # fmt: skip
    lines = [f"WARC/{version}", *(f"{name}: {value}" for name, value in {**own, **fields}.items() if value != MISSING)]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def page(prices: Mapping[str, tuple[str, str]], at: str, **more: Any) -> bytes:
    """A price page as it was sent."""
    return record(http(captures.pricing(dict(prices)).encode(), Content_Type="text/markdown"), at, **more)


def write(file: Path, records: Iterable[bytes]) -> Path:
    """A WARC file; of a name that ends in .gz each record a member."""
    packed = file.suffix == ".gz"
    file.write_bytes(b"".join(gzip.compress(each) if packed else each for each in records))
    return file
