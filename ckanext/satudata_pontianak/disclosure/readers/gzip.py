"""A file packed by gzip: its content is read as a file of its own, named without ``.gz``.

It is unpacked once to count and to check it, so that nothing is handed on that is longer than
the limits, that is damaged, or that has more behind its end than a viewer would show.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE

from .archive import DEEPEST, LARGEST_MEMBER, STREAMED
from .base import Batch, Incomplete, ReadError, Source, texts
from .package import budget_of, check_ratio
from .sniff import kind_of
from .strings import runs

_CHUNK = MEGABYTE
_HEAD = 64 * 1024
_FIXED = 10
_EXTRA, _NAME, _COMMENT = 4, 8, 16


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read what is packed; RFC 1952, one member.

    :raises ReadError: ``compression_bomb``, ``too_large``, ``broken_file``.
    """
    # Here, since the registry names this module.
    from . import reader_for

    if source.depth >= DEEPEST:
        raise ReadError("too_large", limit="depth")
    source = replace(source, budget=budget_of(source))
    length = _unpacked(source)
    if source.budget is not None:
        source.budget.spend(length, 1)
    with source.open() as file:
        beside = list(runs(_header(file.read(_HEAD))))
    if beside:
        yield texts("@gzip", beside)
    name = PurePosixPath(source.name).name
    name = name[:-3] if name.lower().endswith(".gz") else name
    inner = replace(
        source, name=name, depth=source.depth + 1, length=length, data=None, stream=_opener(source)
    )
    if kind_of(name) not in STREAMED:
        inner = replace(inner, data=inner.bytes(LARGEST_MEMBER), stream=None)
    yield from reader_for(inner)(inner)


def _opener(source: Source) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        packed = gzip.GzipFile(fileobj=source.open())
        # What it holds here it closes with itself.
        packed.myfileobj = packed.fileobj  # pyright: ignore[reportAttributeAccessIssue]
        return cast(BinaryIO, packed)

    return opened


def _unpacked(source: Source) -> int:
    """Return how long the content is, having unpacked all of it in pieces."""
    unpacker, length = zlib.decompressobj(16 + zlib.MAX_WBITS), 0
    try:
        with source.open() as file:
            while data := file.read(_CHUNK):
                while data:
                    length += len(unpacker.decompress(data, _CHUNK))
                    data = unpacker.unconsumed_tail
                    if length > source.limits.unpacked:
                        raise ReadError("too_large", limit="unpacked")
                    check_ratio(length, source.size, source.limits)
                if unpacker.eof and (unpacker.unused_data or file.read(1)):
                    # A second member, or bytes that belong to nothing.
                    raise ReadError("broken_file", detail="gzip")
    except zlib.error:
        raise ReadError("broken_file", detail="gzip") from None
    if not unpacker.eof:
        raise ReadError("broken_file", detail="gzip")
    return length


def _header(head: bytes) -> bytes:
    """Return what stands before the content: a name, a comment, fields of programs."""
    flags, at = head[3], _FIXED
    if flags & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = head.find(b"\0", at)
            # Without an end in the first 64 KB, all of it may be text.
            at = end + 1 if end >= 0 else len(head)
    return head[_FIXED:at]
