"""Snapshots: captured bytes handed out so that nothing in them can run."""

import re
from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api import answers, problems
from api.parameters import SnapshotOptions
from store import snapshots

POLICY = "default-src 'none'; sandbox"
HASH = re.compile(r"[0-9a-f]{64}")
FOREVER = "public, max-age=31536000, immutable"
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})")
CHARSETS = {
    "utf-8",
    "utf8",
    "us-ascii",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1252",
}  # none that a browser runs wild in

Hash = Annotated[
    str,
    Path(
        description="SHA-256 of the bytes, 64 hex digits.",
        json_schema_extra={"pattern": "^[0-9a-f]{64}$"},  # for programs: another one is answered 404
        examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ),
]


def get_snapshot(request: Request, sha256: Hash, options: Annotated[SnapshotOptions, Query()]) -> Response:
    """The bytes as they were captured, always as plain text in a sandbox: no page of ours runs what others wrote.

    `X-Content-Type-Original` is what the server called them.
    """
    if not HASH.fullmatch(sha256):
        raise problems.not_found("a snapshot is named by the 64 hex digits of its SHA-256, in small letters")
    tag = f'"{sha256}"'
    unchanged = answers.unchanged(request, tag)
    if unchanged is not None:
        return _inert(unchanged)
    with answers.reading_of(request).connection() as connection:
        found = snapshots.get(connection, sha256)
    if found is None:
        raise problems.not_found("no such snapshot: events and /v1/sources name those there are")
    response = Response(found.body, headers={"ETag": tag})
    response.headers["Content-Type"] = f"text/plain; charset={_charset(found.content_type)}"
    original = re.sub(r"[^\x20-\x7e]", "", found.content_type or "")[:200]
    response.headers["X-Content-Type-Original"] = original
    disposition = "attachment" if options.attachment else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{sha256[:16]}.txt"'
    return _inert(response)


def _inert(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = FOREVER
    return response


def _charset(content_type: str | None) -> str:
    found = CHARSET.search((content_type or "").lower())
    return found[1] if found and found[1] in CHARSETS else "utf-8"
