"""Tables as desks of agencies send them: letterheads, headings of two rows, signature blocks.

Sixty of them, in ``persons.txt`` and ``statistics.txt``, written before the recognisers were
changed for any of them and without looking at them; forty more (``*_later.txt``), again
thirty (``*_last.txt``) and 64 of other agencies (``*_agencies.txt``) in the same way when those
before had been mended for. A block is ``# title``, ``kinds:`` with the
truth, and the text of the file: rows of CSV, with ``;`` between the cells where the first of more
than one has it. ``@N`` before a row repeats it; what stands in braces is made anew in each (the
values of ``unseen/tables.py``). ``kinds: 1 nama_orang nik, 4 nip?``: what the cells of a column
hold, headings and what stands above and below the table included. A kind with ``?`` may be
reported and need not be: the name of the official above a NIP is told with the NIP.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..unseen.tables import value

NAMES = tuple(
    f"{what}{when}"
    for when in ("", "_later", "_last", "_agencies")
    for what in ("persons", "statistics")
)


class Sent(NamedTuple):
    """A file of an agency and what is true of its columns."""

    name: str
    text: str
    kinds: frozenset[tuple[int, str]]
    allowed: frozenset[tuple[int, str]]


def kinds(line: str) -> tuple[frozenset[tuple[int, str]], frozenset[tuple[int, str]]]:
    """Read the truth: pairs of column and kind that must be told, and those that may."""
    must, may = set(), set()
    for part in line.removeprefix("kinds:").strip(" -").split(","):
        column, *names = part.split() or [""]
        for name in names:
            (may if name.endswith("?") else must).add((int(column), name.rstrip("?")))
    return frozenset(must), frozenset(may)


def made(block: str, seed: int) -> Sent:
    title, truth, text = block.strip("\n").split("\n", 2)
    r = random.Random(f"{seed} {title}")
    cut = re.search(r"[;,]", re.sub(r"\"[^\"]*\"|\{[^}]*\}", "", text))
    delimiter = cut[0] if cut else ","
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    for cells in csv.reader(io.StringIO(text), delimiter=delimiter):
        times, first = re.fullmatch(r"(?:@(\d+) )?(.*)", cells[0], re.DOTALL).groups()
        for row in range(int(times or 1)):
            writer.writerow(
                re.sub(r"\{([^}]+)\}", lambda found, row=row: value(found[1], r, row), cell)
                for cell in (first, *cells[1:])
            )
    return Sent(title, target.getvalue(), *kinds(truth))


def sent(name: str, seed: int) -> Iterator[Sent]:
    """Yield the files of ``name.txt``."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        yield made(block, seed)
