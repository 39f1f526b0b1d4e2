"""Bytes to text: whole lines of UTF-8, whatever the encoding was, in bounded blocks."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from .base import ReadError, Source

BLOCK = 8 * 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes([*range(1, 9), *range(14, 26), *range(28, 32), 127])
_BREAK = re.compile(rb"[ ,;|\t\r]")
_LONGEST_LINE = 4 * BLOCK


def blocks(source: Source) -> Iterator[bytes]:
    """Yield the text as UTF-8 blocks that end at the end of a line.

    UTF-8 is tried first for every block, then cp1252: digits, signs and letters of
    identifiers are the same bytes in both, so a file of mixed origin loses nothing.
    Raise ``ReadError`` for what is not text, wherever in the file it begins.
    """
    with source.open() as file:
        encoding, skip = _wide_encoding(file)
        file.seek(skip)
        total = max(1, source.size)
        raw = _wide(file, encoding) if encoding else _narrow(file)
        carriage = None
        for block in _lines(raw):
            if carriage is None:
                # Old Macintosh files end lines with a carriage return only.
                carriage = b"\n" not in block[:65_536] and b"\r" in block[:65_536]
            yield block.replace(b"\r", b"\n") if carriage else block
            source.progress(min(1.0, file.tell() / total))


def _wide_encoding(file: BinaryIO) -> tuple[str | None, int]:
    """Return the UTF-16/32 encoding, by mark or by where the NUL bytes stand."""
    head = file.read(65_536)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return (None if encoding == "utf-8" else encoding), len(bom)
    even, odd = head[::2], head[1::2]
    if len(odd) > 1:
        if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
            return "utf-16-le", 0
        if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
            return "utf-16-be", 0
    return None, 0


def _wide(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data := file.read(BLOCK):
        text = decoder.decode(data)
        if text.count("\ufffd") > 0.01 * len(text) + 2:
            raise ReadError("unreadable")
        yield _checked(text.encode("utf-8", "replace"))
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _narrow(file: BinaryIO) -> Iterator[bytes]:
    # To the end of the line at once, so that no block has to be cut and joined again.
    while data := file.read(BLOCK):
        yield _checked(data + file.readline(_LONGEST_LINE))


def _checked(data: bytes) -> bytes:
    """Refuse what is binary; drop the odd NUL byte, which viewers do not show either."""
    nul = data.count(0)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if nul + controls > 0.01 * len(data) + 4:
        raise ReadError("unreadable")
    return data.replace(b"\x00", b"") if nul else data


def _lines(raw: Iterator[bytes]) -> Iterator[bytes]:
    """Cut at line ends and make valid UTF-8 of every piece."""
    rest = b""
    for data in raw:
        rest += data
        cut = rest.rfind(b"\n") + 1
        if not cut and len(rest) >= _LONGEST_LINE:
            cut = _last_break(rest)
        if cut:
            yield _utf8(rest[:cut])
            rest = rest[cut:]
    if rest:
        yield _utf8(rest)


def _last_break(data: bytes) -> int:
    """Find where an endless line may be cut without cutting a number or an address."""
    tail = max(0, len(data) - 65_536)
    breaks = list(_BREAK.finditer(data, tail))
    return breaks[-1].end() if breaks else len(data)


def _utf8(data: bytes) -> bytes:
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        high = len(data) - len(data.translate(None, bytes(range(128, 256))))
        if high > 0.4 * len(data) + 8:
            raise ReadError("unreadable") from None
        return data.decode("cp1252", "replace").encode("utf-8")
    return data
