"""Reads a list that somebody brings as a file: its headings, and its rows by heading.

A workbook or CSV is read in a process of its own, within limits.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ... import config
from ...agencies import registry
from ...disclosure.limits import Limits
from ...disclosure.readers.base import ReadError
from ...disclosure.table_stream import table_stream
from ...msgids import N_
from ..rules import sheet
from ..rules.columns import wrong_headings

Whole = tuple[list[str], list[dict[str, str]]]
"""Headings, and rows by heading."""
SECONDS = 30
MOST_BYTES = 4_000_000
UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
SIGNS = N_("Row %(number)s holds signs that no text can hold.")
UNREADABLE = N_("The file could not be read as a table.")
LARGE = N_("The file is larger than %(count)s bytes.")
MOST_HEADINGS, LONGEST_HEADING = 200, 200
HEADINGS = N_("A list has at most %(count)s columns, each with a heading of %(most)s characters.")
NO_FILE = N_("Choose a file.")


@tk.auth_sysadmins_check
def brings(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Let those look who bring data for an agency; of each row it is asked again.

    :returns: whether this person does.
    """
    actor = registry.actor_from_context(context)
    if actor.active and actor.publishes_for:
        return {"success": True}
    return {"success": False, "msg": tk._("This is for whoever brings data for an agency.")}


def sent(upload: Any) -> tuple[bytes, str]:
    """Return the bytes of a file that came with a form, and its name.

    :raises ckan.plugins.toolkit.ValidationError: there is none.
    """
    stream = getattr(upload, "stream", None)
    if stream is None:
        raise refused(NO_FILE)
    content = stream.read(MOST_BYTES + 1)
    return content, str(getattr(upload, "filename", "") or "")


def read(
    content: bytes,
    filename: str,
    most: int,
    others: Mapping[str, Callable[[bytes], Whole]] | None = None,
) -> Whole:
    """Return the headings of a file, and its rows by heading.

    :param most: rows that it may hold.
    :param others: how files with another ending are read, which are no tables.
    :raises ckan.plugins.toolkit.ValidationError: on ``upload``.
    """
    if len(content) > MOST_BYTES:
        raise refused(LARGE, count=MOST_BYTES)
    other = (others or {}).get(Path(filename.lower()).suffix)
    whole = other(content) if other else _table(content, filename, most)
    if len(whole[0]) > MOST_HEADINGS or any(len(h) > LONGEST_HEADING for h in whole[0]):
        raise refused(HEADINGS, count=MOST_HEADINGS, most=LONGEST_HEADING)
    if not whole[1]:
        raise refused(sheet.EMPTY)
    if len(whole[1]) > most:
        raise refused(sheet.MANY, count=most)
    _refuse_unreadable(whole[1])
    return whole


def read_declared(
    content: bytes, filename: str, most: int, columns: Sequence[str]
) -> list[dict[str, str]]:
    """Return the rows of a file by heading in lower case; its columns are these and no others.

    :param most: rows that it may hold.
    :raises ckan.plugins.toolkit.ValidationError: on ``upload``.
    """
    given, rows = read(content, filename, most)
    if wrong := wrong_headings(columns, [heading.lower() for heading in given]):
        raise tk.ValidationError({"upload": [each.text(tk._) for each in wrong]})
    return [{heading.lower(): cell for heading, cell in row.items()} for row in rows]


def refused(text: str, **values: Any) -> tk.ValidationError:
    """Return what says that a file is refused, and why."""
    return tk.ValidationError({"upload": [tk._(text) % values]})


def _table(content: bytes, filename: str, most: int) -> Whole:
    limits = Limits(
        memory=config.scan_memory_mb() * 1024**2, cpu_seconds=SECONDS, wall_seconds=SECONDS
    )
    suffix = ".xlsx" if filename.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"daftar{suffix}"
        path.write_bytes(content)
        try:
            with table_stream(str(path), path.name, limits) as stream:
                headings = [column.label.strip() for column in stream.columns]
                text = io.TextIOWrapper(stream.rows, encoding="utf-8", newline="")
                try:
                    rows = [
                        dict(zip(headings, line, strict=False))
                        for line in islice(csv.reader(text), most + 1)
                    ]
                finally:
                    text.detach()
                if len(rows) <= most:
                    stream.summary()  # it raises where the rest could not be read
        except (ReadError, csv.Error, UnicodeDecodeError) as problem:
            raise refused(UNREADABLE) from problem
    return headings, rows


def _refuse_unreadable(rows: Iterable[Mapping[str, str]]) -> None:
    """Refuse signs that no text of an entry can hold.

    :raises ckan.plugins.toolkit.ValidationError: naming the row.
    """
    for number, row in enumerate(rows, 2):
        if any(UNKEPT.search(text) for pair in row.items() for text in pair):
            raise refused(SIGNS, number=number)
