"""Snapshots: the distinct bytes the sources have ever sent, by their SHA-256, compressed."""

import builtins
import hashlib
from dataclasses import dataclass
from datetime import datetime

import zstandard

from store.connect import Connection, StoreError

LEVEL = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The bytes as received (after transfer decoding), and what the server called them."""

    sha256: str
    bytes: int
    content_type: str | None
    stored_at: datetime
    body: builtins.bytes


def put(connection: Connection, body: bytes, content_type: str) -> str:
    """Keeps the bytes, once, and returns their SHA-256 in hex. The first content type stays."""
    sha256 = hashlib.sha256(body).hexdigest()
    known = connection.execute("SELECT 1 FROM body WHERE sha256 = %s", [sha256]).fetchone()
    if known is None:
        packed = zstandard.ZstdCompressor(level=LEVEL).compress(body)
        with connection.transaction():
            connection.execute(
                "INSERT INTO snapshot (sha256, bytes, content_type, stored_at) "
                "VALUES (%s, %s::bigint, %s, timeline.now()) ON CONFLICT DO NOTHING",
                [sha256, len(body), content_type],
            )
            connection.execute(
                "INSERT INTO body (sha256, zstd) VALUES (%s, %s) ON CONFLICT DO NOTHING", [sha256, packed]
            )
    return sha256


def get(connection: Connection, sha256: str) -> Snapshot | None:
    """The snapshot of that hash; a reader may ask too. Raises StoreError when what is stored is not what was put."""
    row = connection.execute(
        "SELECT sha256, bytes, content_type, stored_at, zstd FROM timeline.snapshots "
        "WHERE sha256 = %s AND zstd IS NOT NULL",
        [sha256],
    ).fetchone()
    if row is None:
        return None
    size = int(row[1])
    try:
        body = zstandard.ZstdDecompressor().decompress(row[4], max_output_size=max(size, 1))
    except zstandard.ZstdError as error:
        raise StoreError(f"snapshot {sha256} cannot be unpacked ({error}): restore it from a backup") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise StoreError(f"snapshot {sha256} is not what was stored under that hash: restore it from a backup")
    return Snapshot(sha256=row[0], bytes=size, content_type=row[2], stored_at=row[3], body=body)
