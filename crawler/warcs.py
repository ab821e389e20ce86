"""WARC/1.0 and 1.1 files (ISO 28500), plain or gzip, record by record: strictly, and in memory that does not grow.

Not warcio: its iterator reads truncated gzip, short blocks and missing or wrong lengths as if they were whole.
"""

import io
import re
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from timeline.issues import AiwireError

SUFFIXES = (".warc", ".warc.gz")
VERSIONS = (b"WARC/1.0", b"WARC/1.1")
LONGEST_LINE = 16 * 2**10  # bytes of one line of a header
MOST_LINES = 200  # of one header
_CHUNK = 2**16
_GZIP = b"\x1f\x8b"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REPEATED = "warc-concurrent-to"  # the only field that may stand twice


class WarcError(AiwireError):
    """A file that cannot be read on: says file, record and place, what was found, and what to do."""


@dataclass(kw_only=True, slots=True)
class Record:
    """One record. Its block is read here, before the next record is asked for, or not at all."""

    number: int  # from 1
    offset: int  # bytes into the file as it lies on the disk: of the record, or of the gzip member it is in
    fields: Mapping[str, str]  # by lower-case name
    length: int  # bytes of the block
    _tape: "_Tape"
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.length

    @property
    def kind(self) -> str:
        """Its WARC-Type, in lower case."""
        return self.fields.get("warc-type", "").lower()

    @property
    def place(self) -> str:
        """Which record, for a person."""
        return _place(self.number, self.offset)

    def read(self, size: int) -> bytes:
        """At most `size` bytes of the block, empty at its end. Raises WarcError where the file ends before."""
        data = self._tape.read(min(size, self.left))
        self.left -= len(data)
        if not data and size > 0 and self.left:
            raise self._tape.broken(
                self.number, f"ends {self.left:,} bytes before the end that its Content-Length says"
            )
        return data

    def read_all(self) -> bytes:
        """What is left of the block."""
        return b"".join(iter(lambda: self.read(_CHUNK), b""))


def records(file: Path, opened: BinaryIO) -> Iterator[Record]:
    """The records of a file. Raises WarcError at the first place from which it cannot be read on."""
    tape = _Tape(file, opened)
    number = 1
    while (record := _next(tape, number)) is not None:
        yield record
        while record.read(_CHUNK):
            pass
        if (end := tape.read(4)) != b"\r\n\r\n":
            raise tape.broken(number, f"is followed by {end!r}, not by two empty lines: its Content-Length is wrong")
        number += 1
    if number == 1:
        raise WarcError(f"{file} holds no record: an empty file is no WARC; fetch it again, or take it away")


def _next(tape: "_Tape", number: int) -> Record | None:
    tape.begin()
    version = tape.line(number)
    if not version:
        return None
    if version.rstrip(b"\r\n") not in VERSIONS:
        found = version[:40].rstrip(b"\r\n")
        raise tape.broken(number, f"begins with {found!r}, expected WARC/1.0 or WARC/1.1")
    fields: dict[str, str] = {}
    name = ""
    for _ in range(MOST_LINES):
        text = _text(tape, number)
        if not text:
            return Record(
                number=number, offset=tape.offset, fields=fields, length=_length(tape, number, fields), _tape=tape
            )
        if text[0] in " \t" and name:
            fields[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        if not colon or not _NAME.fullmatch(name):
            raise tape.broken(number, f"has the header line {text[:80]!r}, expected `Name: value`")
        name = name.lower()
        if name in fields and name != _REPEATED:
            raise tape.broken(number, f"has {name} twice")
        fields[name] = value.strip()
    raise tape.broken(number, f"has more than {MOST_LINES} header lines")


def _text(tape: "_Tape", number: int) -> str:
    line = tape.line(number)
    if not line.endswith(b"\r\n"):
        raise tape.broken(number, f"has a header that ends in {line[-40:]!r}: it is cut off, or no WARC")
    try:
        return line[:-2].decode()
    except UnicodeDecodeError as error:
        raise tape.broken(number, f"has the header line {line[:80]!r}, which is not UTF-8") from error


def _length(tape: "_Tape", number: int, fields: Mapping[str, str]) -> int:
    text = fields.get("content-length")
    if text is None or not re.fullmatch(r"[0-9]{1,15}", text):
        raise tape.broken(number, f"has the Content-Length {text!r}, expected a number of bytes")
    return int(text)


def _place(number: int, offset: int) -> str:
    return f"record {number} (at byte {offset:,})"


class _Tape:
    """The bytes of a file, unpacked, and where on the disk the record under the head begins."""

    def __init__(self, file: Path, opened: BinaryIO) -> None:
        self._file = file
        packed = opened.read(2) == _GZIP
        opened.seek(0)
        self._members = _Members(file, opened) if packed else None
        self._bytes = io.BufferedReader(self._members, _CHUNK) if self._members is not None else opened
        self._at = 0  # unpacked bytes behind the head
        self.offset = 0

    def begin(self) -> None:
        """A record begins here."""
        self.offset = self._at
        if self._members is not None and isinstance(self._bytes, io.BufferedReader):
            self._bytes.peek(1)  # the member it is in may not have been begun
            self._moved(0)
            self.offset = self._members.starts[0][1]

    def read(self, size: int) -> bytes:
        """At most so many bytes."""
        data = self._bytes.read(size)
        self._moved(len(data))
        return data

    def line(self, number: int) -> bytes:
        """Up to the next line feed."""
        line = self._bytes.readline(LONGEST_LINE)
        self._moved(len(line))
        if len(line) == LONGEST_LINE:
            raise self.broken(number, f"has a header line of more than {LONGEST_LINE:,} bytes")
        return line

    def _moved(self, size: int) -> None:
        """The members behind the head are forgotten: there may be any number of them."""
        self._at += size
        if self._members is not None:
            starts = self._members.starts
            while len(starts) > 1 and starts[1][0] <= self._at:
                starts.popleft()

    def broken(self, number: int, found: str) -> WarcError:
        """The error that nothing after this place can be trusted."""
        return WarcError(
            f"{self._file}, {_place(number, self.offset)} {found}; nothing of this file was imported: "
            "fetch or write it again, or cut it off before this record"
        )


class _Members(io.RawIOBase):
    """A gzip file unpacked member after member; its end is the end of a whole member, or an error."""

    def __init__(self, file: Path, packed: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._packed = packed
        self._input = b""
        self._member: zlib._Decompress | None = None
        self._unpacked = 0
        self.starts: deque[tuple[int, int]] = deque()  # of members not passed: unpacked bytes before, place on the disk

    def readable(self) -> bool:
        """As io wants it."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """As io wants it."""
        view = memoryview(buffer)
        data = self._more(len(view))
        view[: len(data)] = data
        self._unpacked += len(data)
        return len(data)

    def _more(self, size: int) -> bytes:
        while True:
            self._input = self._input or self._packed.read(_CHUNK)
            if self._member is None:
                if not self._input:
                    return b""
                self._member = zlib.decompressobj(16 + zlib.MAX_WBITS)
                if self.starts and self.starts[-1][0] == self._unpacked:
                    self.starts.pop()  # it was empty
                self.starts.append((self._unpacked, self._packed.tell() - len(self._input)))
            ended = not self._input
            try:
                data = self._member.decompress(self._input, size)
            except zlib.error as error:
                raise self._broken(f"is damaged ({error})") from error
            if self._member.eof:
                self._input, self._member = self._member.unused_data, None
            else:
                self._input = self._member.unconsumed_tail
                if ended and not data:
                    raise self._broken("is cut off before its end")
            if data:
                return data

    def _broken(self, found: str) -> WarcError:
        return WarcError(
            f"{self._file}: the gzip member at byte {self.starts[-1][1]:,} {found}; nothing of this file was "
            "imported: fetch it again, or cut it off before this member"
        )
