"""Where the bodies of an import wait on disk: a file without a name, gone with the process whatever ends that."""

import errno
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, kw_only=True, slots=True)
class Spooled:
    """One body in a spool; readable as long as that is open."""

    spool: "Spool"
    offset: int
    length: int  # bytes

    def read(self) -> bytes:
        """The body."""
        return self.spool.get(self.offset, self.length)


class Spool:
    """Bodies one after the other, the same bytes once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._known: dict[bytes, Spooled] = {}
        self._end = 0

    def put(self, body: bytes) -> Spooled:
        """Keep a body. Raises OSError where there is no room."""
        key = hashlib.sha256(body).digest()
        if key not in self._known:
            self._file.seek(self._end)
            if self._file.write(body) != len(body):
                raise OSError(errno.ENOSPC, "no room for the pages in the temporary folder")
            self._known[key] = Spooled(spool=self, offset=self._end, length=len(body))
            self._end += len(body)
        return self._known[key]

    def get(self, offset: int, length: int) -> bytes:
        """The bytes of a body."""
        self._file.seek(offset)
        return self._file.read(length)


@contextmanager
def spooling() -> Iterator[Spool]:
    """A spool, empty at first."""
    with tempfile.TemporaryFile(prefix="aiwire-", buffering=0) as file:  # what does not fit is known at once
        yield Spool(file)
