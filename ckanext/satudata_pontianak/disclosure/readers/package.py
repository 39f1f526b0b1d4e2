"""A ZIP container with its limits checked: the frame of workbooks, documents and archives.

What a ZIP lists and what it holds can differ: bytes between its members, before or behind them
are seen by other programs and by nobody here, and members that overlap are the densest bombs.
Such a container is refused; ordinary programs write none.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE, Limits

from .base import Budget, ReadError, Source

CHUNK = 1 * MEGABYTE
_SMALL = 20 * MEGABYTE
_DESCRIPTOR = 24
_EMPTY = 16  # what compressing nothing gives
_SIZE_64 = 0xFFFFFFFF
_END = 22
_END_64 = 76
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


class Package:
    """An open package with its limits checked."""

    def __init__(self, archive: zipfile.ZipFile, file: BinaryIO, source: Source) -> None:
        limits, size = source.limits, source.size
        self._archive = archive
        if not all(info.filename for info in archive.infolist()):
            raise ReadError("broken_file", detail="zip")
        self.parts = [info for info in archive.infolist() if not info.is_dir()]
        if len(self.parts) > limits.parts:
            raise ReadError("too_large", limit="parts")
        if any(info.flag_bits & 0x1 for info in self.parts):
            raise ReadError("encrypted")
        unpacked = sum(info.file_size for info in self.parts)
        check_ratio(unpacked, size, limits)
        for info in self.parts:
            check_ratio(info.file_size, info.compress_size, limits)
        if unpacked > limits.unpacked:
            raise ReadError("too_large", limit="unpacked")
        if source.budget is not None:
            source.budget.spend(unpacked, len(self.parts))
        _check_frame(archive, file, size)

    @property
    def comment(self) -> str:
        """The comments of the archive and of its members: text that everybody can see."""
        comments = [self._archive.comment, *(i.comment for i in self._archive.infolist())]
        return "\n".join(c.decode("utf-8", "replace") for c in comments if c)

    def open(self, info: zipfile.ZipInfo) -> BinaryIO:
        """Open one part as a stream."""
        return self._archive.open(info)  # pyright: ignore[reportReturnType]

    def read(self, info: zipfile.ZipInfo, longest: int) -> bytes:
        """Return a whole part that is known to be small."""
        if info.file_size > longest:
            raise ReadError("too_large", limit="part")
        try:
            return self._archive.read(info)
        except BROKEN:
            raise ReadError("broken_file", detail="zip") from None

    def feed(self, info: zipfile.ZipInfo, parser: expat.XMLParserType) -> Iterator[int]:
        """Feed one part to a parser, yielding after every chunk the bytes fed."""
        try:
            with self._archive.open(info) as stream:
                while data := stream.read(CHUNK):
                    parser.Parse(data, False)
                    yield len(data)
                parser.Parse(b"", True)
        except expat.ExpatError:
            raise ReadError("broken_file", detail="xml") from None
        except BROKEN:
            raise ReadError("broken_file", detail="zip") from None


@contextmanager
def opened(source: Source) -> Iterator[Package]:
    """Open a container.

    :raises ReadError: damaged, encrypted, or beyond a limit; never what was in it.
    """
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            yield Package(archive, file, source)
    except (zipfile.BadZipFile, struct.error):
        raise ReadError("broken_file", detail="zip") from None


def budget_of(source: Source) -> Budget:
    """Return what a container and all containers in it may unpack together."""
    return source.budget or Budget(source.limits.unpacked, source.limits.parts)


def check_ratio(unpacked: int, packed: int, limits: Limits) -> None:
    """Refuse what is much larger than it was packed.

    :raises ReadError: ``compression_bomb``.
    """
    if unpacked > _SMALL and unpacked > limits.ratio * packed:
        raise ReadError("compression_bomb")


def _check_frame(archive: zipfile.ZipFile, file: BinaryIO, size: int) -> None:
    """Refuse bytes that no member accounts for, and members that share bytes."""
    expected = listed = slack = 0
    for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
        _check_gap(info.header_offset - expected, slack)
        file.seek(info.header_offset)
        head = file.read(30)
        flags, packed, name, extra = struct.unpack("<6xH10xI4xHH", head)
        # Where a descriptor follows, only the table of contents knows the size.
        described = bool(flags & 0x8)
        if not described and packed not in (info.compress_size, _SIZE_64):
            raise ReadError("broken_file", detail="zip")
        if not info.file_size and info.compress_size > _EMPTY:
            raise ReadError("broken_file", detail="zip")
        slack = _DESCRIPTOR if described else 0
        expected = info.header_offset + 30 + name + extra + info.compress_size
        encoding = "utf-8" if info.flag_bits & 0x800 else "cp437"
        raw = info.orig_filename.encode(encoding, "replace")
        listed += 46 + len(raw) + len(info.extra) + len(info.comment)
    _check_gap(archive.start_dir - expected, slack)
    if size - (archive.start_dir + listed + _END + len(archive.comment)) > _END_64:
        raise ReadError("broken_file", detail="zip")


def _check_gap(gap: int, slack: int) -> None:
    if gap < 0:
        raise ReadError("compression_bomb")
    if gap > slack:
        raise ReadError("broken_file", detail="zip")
