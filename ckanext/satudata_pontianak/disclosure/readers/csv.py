"""Delimited text: CSV, TSV and their relatives.

The fast path lets Polars parse a block of whole records, all cells as text. Polars refuses
rows that are longer than expected and quotes that it does not understand; in addition the
characters that came out are counted against those that went in. Whenever a block does not
add up it is parsed again by Python's own ``csv``, which loses nothing, so that no cell stays
unseen because its row is ragged or its quotes are stray.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import overload

import polars as pl

from .base import Batch, Heading, Incomplete, ReadError, Source, cells_of
from .decode import blocks
from .formula import check_text
from .heading import PREVIEW, find_layout
from .parted import Parted

DELIMITERS = ",;\t|^~"
_SAMPLE_LINES = 60
WIDE = 64
"""So many columns are wide: what is done for each of them costs more than their cells."""
_SHORT = 4_000_000
Numbers = Sequence[int]
_STRUCTURAL = ('"', "\n", "\r")


@dataclass(frozen=True)
class Dialect:
    """The delimiter, and whether the quotation mark quotes."""

    delimiter: str
    quoted: bool = True


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every cell of a delimited file."""
    csv.field_size_limit(sys.maxsize)
    stream = _records(blocks(source), source.limits.record)
    first = next(stream, None)
    if first is None:
        raise ReadError("no_content")
    check_text(first.text)
    text = first.text.decode("utf-8")
    tab = source.name.lower().endswith((".tsv", ".tab"))
    dialect = find_dialect(text, prefer="\t" if tab else None)
    rows, lines = _preview(text, dialect)
    layout = find_layout(rows, rows.filled if isinstance(rows, _Lines) else None)
    headings = layout.headings
    limit = source.limits.columns
    before = rows[: layout.before]
    yield Batch(None, cells_of(before, limit), headings=headings[:limit])
    start = _offset(first.text, lines[layout.before - 1] if layout.before else 0)
    wide = rows.widths if isinstance(rows, _Lines) else list(map(len, rows))
    width = max(wide[layout.before :] or [len(headings) or 1])
    width = min(width, limit)
    counter = _Counter(layout.before)
    shape = _Shape(dialect, width, limit, headings, counter)
    yield from _batches(_Block(first.text[start:], first.stray), shape)
    for block in stream:
        check_text(block.text)
        yield from _batches(block, shape)


def find_dialect(text: str, prefer: str | None = None) -> Dialect:
    """Choose the delimiter that divides most lines into equally many fields."""
    lines = text[:1_000_000].replace("\r", " ").split("\n", _SAMPLE_LINES + 1)[: _SAMPLE_LINES + 1]
    if lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return Dialect(lines[0][4])
    best, best_rank = prefer or ",", (0.0, 0, 0)
    for delimiter in DELIMITERS:
        if not any(delimiter in line for line in lines):
            continue
        widths = _widths(lines, delimiter)
        wide = [w for w in widths if w > 1]
        if not wide:
            continue
        mode = max(set(wide), key=lambda w: (wide.count(w), w))
        share = round(wide.count(mode) / len(widths), 1)
        rank = (share + (0.5 if delimiter == prefer else 0), mode, -DELIMITERS.index(delimiter))
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return Dialect(best)


def _widths(lines: list[str], delimiter: str) -> list[int]:
    """Return into how many fields a delimiter divides each record that is not empty."""
    if not any('"' in line for line in lines):
        return [line.count(delimiter) + 1 for line in lines if line]
    return [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]


class _Lines(Sequence[list[str]]):
    """Long lines without quotes as records: most of them are only counted, and never divided."""

    def __init__(self, lines: Sequence[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self.widths = [line.count(delimiter) + 1 if line else 0 for line in lines]

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...

    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...

    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        line = self._lines[place]
        return line.split(self._delimiter) if line else []

    @cached_property
    def filled(self) -> list[int]:
        """How many cells of each are more than spaces, as Python sees them."""
        cells = pl.Series(self._lines, dtype=pl.String).str.split(self._delimiter)
        full = pl.element().str.contains(r"[^\s\x1c-\x1f]")
        return cells.list.eval(full).list.sum().to_list()


def _divided(lines: Sequence[str], delimiter: str) -> pl.Series:
    """Return the cells of lines without quotes, one behind the other."""
    return pl.Series(lines, dtype=pl.String).str.split(delimiter).explode()


def _preview(text: str, dialect: Dialect) -> tuple[Sequence[list[str]], list[int]]:
    """Return the first records and the number of physical lines up to the end of each."""
    some = [line.removesuffix("\r") for line in text.split("\n", PREVIEW)[:PREVIEW]]
    wide = max(line.count(dialect.delimiter) for line in some) > WIDE
    if wide and not any('"' in line or "\r" in line for line in some):
        return _Lines(some, dialect.delimiter), list(range(1, len(some) + 1))
    lines = text.split("\n", 5000)[:5000]
    reader = csv.reader(_line_ends(lines), delimiter=dialect.delimiter)
    rows, ends = [], []
    for row in islice(reader, PREVIEW):
        rows.append(row)
        ends.append(reader.line_num)
    return rows, ends


def _line_ends(lines: Iterable[str]) -> Iterator[str]:
    """End every line in the way ``csv`` wants; a lone carriage return is a space."""
    for line in lines:
        yield line.replace("\r", " " if line.find("\r") < len(line) - 1 else "") + "\n"


def _offset(text: bytes, lines: int) -> int:
    position = 0
    for _ in range(lines):
        found = text.find(b"\n", position)
        if found < 0:
            return len(text)
        position = found + 1
    return position


@dataclass(frozen=True)
class _Block:
    """Whole records; ``stray`` says that its quotes do not pair."""

    text: bytes
    stray: bool = False


def _records(parts: Iterator[bytes], longest: int) -> Iterator[_Block]:
    """Join blocks of whole lines into blocks of whole records.

    A line end within quotes is no record end: the number of quotes before it is odd. If no
    even place comes for ``longest`` bytes, a stray quote stands somewhere; such a block is
    read line by line instead of growing without bound.
    """
    rest = b""
    for part in parts:
        text = rest + part
        rest = b""
        if text.count(b'"') % 2:
            cut = _even_end(text)
            if cut:
                text, rest = text[:cut], text[cut:]
            elif len(text) < longest:
                rest = text
                continue
            else:
                yield _Block(text, stray=True)
                continue
        yield _Block(text)
    if rest:
        yield _Block(rest, stray=rest.count(b'"') % 2 == 1)


def _even_end(text: bytes) -> int:
    """Return the last line end before which the quotes pair, looking back a megabyte."""
    quotes = text.count(b'"')
    end = len(text)
    floor = max(0, end - 1024 * 1024)
    while (found := text.rfind(b"\n", floor, end - 1)) >= 0:
        quotes -= text.count(b'"', found + 1, end)
        end = found + 1
        if quotes % 2 == 0:
            return end
    return 0


@dataclass
class _Counter:
    """How many records were read, empty ones too: a program for tables shows them as rows."""

    done: int

    def numbers(self, count: int, kept: Sequence[int] | None = None) -> Callable[[int], Numbers]:
        """Count so many records; return the numbers of those that were kept, of any column."""
        first = self.done + 1
        self.done += count
        if kept is None or len(kept) == count:
            every = range(first, first + count)
            return lambda column: every
        return lambda column: [first + place for place in kept]


@dataclass(frozen=True)
class _Shape:
    """What all blocks of a file have in common."""

    dialect: Dialect
    width: int
    limit: int
    headings: tuple[Heading, ...]
    counter: _Counter

    def batch(self, rows: list[list[str]], numbers: Callable[[int], Numbers]) -> Batch:
        columns = cells_of(rows, self.limit)
        return Batch(None, columns, len(rows), self.headings, numbers=numbers)


def _batches(block: _Block, shape: _Shape) -> Iterator[Batch]:
    dialect, width, counter = shape.dialect, shape.width, shape.counter
    if not block.text.strip():
        counter.done += block.text.count(b"\n")
        return
    if width > WIDE and (split := _split(block, dialect, width)) is not None:
        columns, height, kept, count = split
        numbers = counter.numbers(count, kept)
        yield Batch(None, columns, height, shape.headings, numbers=numbers)
        return
    fast = None if block.stray else _fast(block.text, dialect, width)
    if fast is not None:
        frame, kept, count = fast
        columns = dict(enumerate(frame.get_columns()))
        numbers = counter.numbers(count, kept)
        yield Batch(None, columns, frame.height, shape.headings, numbers=numbers)
        return
    for rows, kept, count in _slow(block, dialect, width):
        yield shape.batch(rows, counter.numbers(count, kept))


def _split(
    block: _Block, dialect: Dialect, width: int
) -> tuple[Parted, int, list[int], int] | None:
    """Divide records without any quotes, all of the same width; None where there are others.

    Polars needs longer to parse thousands of columns than to divide their lines as texts. Returned
    are the columns, their length, the places of the rows that were kept, and how many all are.
    """
    if len(block.text) > _SHORT:
        return None
    text = block.text.replace(b"\r\n", b"\n")
    if b'"' in text or b"\r" in text:
        return None
    lines = text.decode("utf-8").removesuffix("\n").split("\n")
    delimiter = dialect.delimiter
    if any(line and line.count(delimiter) + 1 != width for line in lines):
        return None
    kept = [place for place, line in enumerate(lines) if line.strip(delimiter)]
    height = len(kept)
    cells = _divided([lines[place] for place in kept], delimiter)
    place = pl.int_range(len(cells), eager=True)
    cells = cells.gather(place % height * width + place // height) if height else cells
    return Parted(cells, range(width), [height] * width), height, kept, len(lines)


def _fast(
    text: bytes, dialect: Dialect, width: int
) -> tuple[pl.DataFrame, list[int] | None, int] | None:
    """Parse by Polars; return None unless every character is accounted for."""
    quoted = b'"' in text
    # A first line of the right width, so that the width is ours and not the first record's.
    guard = dialect.delimiter.encode() * (width - 1) + b"\n" if width > 1 else b"x\n"
    try:
        frame = pl.read_csv(
            guard + text,
            separator=dialect.delimiter,
            quote_char='"' if quoted else None,
            has_header=False,
            schema={str(i): pl.String for i in range(width)},
            truncate_ragged_lines=False,
        )[1:]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    carried = b"\r" in text
    if _size(frame, dialect, quoted, carried) != _plain_size(text, dialect, quoted, carried):
        return None
    if width == 1 or not all(column.null_count() for column in frame.iter_columns()):
        return frame, None, frame.height
    filled = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    if filled.all():
        return frame, None, frame.height
    return frame.filter(filled), filled.arg_true().to_list(), frame.height


def _plain_size(text: bytes, dialect: Dialect, quoted: bool, carried: bool) -> int:
    """Count the bytes that are neither quotes, delimiters nor line ends."""
    structural = text.count(dialect.delimiter.encode()) + text.count(b"\n")
    structural += text.count(b'"') if quoted else 0
    return len(text) - structural - (text.count(b"\r") if carried else 0)


def _size(frame: pl.DataFrame, dialect: Dialect, quoted: bool, carried: bool) -> int:
    """Count the same in the parsed cells."""
    if frame.width > WIDE and frame.height:
        frame = pl.DataFrame({"all": pl.concat(frame.get_columns())})
    sizes = frame.select(pl.all().str.len_bytes().cast(pl.Int64).sum())
    total = sum(sizes.row(0)) if frame.width else 0
    if quoted:
        for column in frame.get_columns():
            joined = column.str.join("").item() or ""
            total -= sum(joined.count(c) for c in (*_STRUCTURAL, dialect.delimiter))
    elif frame.width and carried:
        # Without quotes only a stray carriage return can be inside a cell.
        total -= sum((c.str.join("").item() or "").count("\r") for c in _suspects(frame))
    return total


def _suspects(frame: pl.DataFrame) -> list[pl.Series]:
    has = frame.select(pl.all().str.contains("\r", literal=True).any()).row(0)
    return [c for c, found in zip(frame.get_columns(), has, strict=True) if found]


def _slow(
    block: _Block, dialect: Dialect, width: int
) -> Iterator[tuple[list[list[str]], list[int], int]]:
    """Parse by Python's ``csv`` in pieces; stray quotes are taken for ordinary characters.

    Given are rows, their places among all, and how many all are.
    """
    lines = block.text.decode("utf-8").split("\n")
    quoted = not block.stray
    if quoted and b'"' in block.text and _swallows(lines, dialect, width):
        quoted = False
    reader = csv.reader(
        _line_ends(lines),
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    piece: list[list[str]] = []
    kept: list[int] = []
    cells = count = 0
    for row in reader:
        count += 1
        if not row:
            continue
        piece.append(row if quoted else [cell.strip('"') for cell in row])
        kept.append(count - 1)
        cells += len(row)
        if cells > 500_000:
            yield piece, kept, count
            piece, kept, cells, count = [], [], 0, 0
    if piece:
        yield piece, kept, count


def _swallows(lines: list[str], dialect: Dialect, width: int) -> bool:
    """Say whether quotes make records that are unlike the others and span many lines."""
    reader = csv.reader(_line_ends(lines), delimiter=dialect.delimiter)
    before = 0
    for row in reader:
        if reader.line_num - before > 20 and len(row) != width:
            return True
        before = reader.line_num
    return False
