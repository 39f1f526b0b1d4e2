"""Files with an exported ledger: one entry a line, a signed head as the last line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from . import heads
from .heads import HeadError, SignedHead
from .verify import Result, Verifier

_TAIL = 64 * 1024
_BATCH = 20_000


def last_head(source: BinaryIO) -> tuple[SignedHead, int]:
    """Return the signed head in the last line, its signature checked, and where that line begins.

    :raises HeadError: the last line is no signed head, or the signature is wrong.
    """
    end = source.seek(0, 2)
    start = max(0, end - _TAIL)
    source.seek(start)
    tail = source.read(end - start)
    if not tail.endswith(b"\n"):
        raise HeadError("the last line is cut off")
    cut = tail.rfind(b"\n", 0, len(tail) - 1) + 1
    line = tail[cut:]
    if not line.startswith(b"head\t"):
        raise HeadError("the last line is no signed head")
    signed = heads.read_text(line.rstrip(b"\n"))
    signed.check()
    return signed, start + cut


def _before(source: BinaryIO, end: int) -> Iterator[bytes]:
    source.seek(0)
    place = 0
    for line in source:
        place += len(line)
        if place > end:
            return
        yield line


def verify_file(
    path: Path, others: Iterable[SignedHead] = ()
) -> Iterator[tuple[SignedHead, Result | int]]:
    """Verify an exported ledger; give how many entries are done, and at the end the result.

    :param others: heads that were published earlier, their signatures checked.
    :raises HeadError: the file has no signed head as its last line.
    :raises OSError: the file cannot be read.
    """
    with path.open("rb") as source:
        signed, end = last_head(source)
        verifier = Verifier([signed, *others])
        lines = _before(source, end)
        done = 0
        while fed := verifier.feed(_some(lines)):
            done += fed
            yield signed, done
        yield signed, verifier.result()


def _some(lines: Iterator[bytes]) -> Iterator[bytes]:
    for _, line in zip(range(_BATCH), lines, strict=False):
        yield line
