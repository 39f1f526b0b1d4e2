"""States of a dataset, made once through the public actions and set down again with ids of their own.

Publishing a dataset takes half a second, and half of all tests begin with one. So what the actions
wrote is remembered: the rows, the entries of the ledger, and what was asked of the worker. It is
written again with new ids, a new name and the time of day; entries join the chain by the ledger's
own writer, and the index is made by its own code. What a test then reads is what the actions left.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.satudata_pontianak.classification.versions import storage
from ckanext.satudata_pontianak.ledger import service, writing

Row = dict[str, Any]


@dataclass
class Snapshot:
    """What the making of one dataset wrote."""

    dataset: str
    name: str
    at: dt.datetime
    rows: list[tuple[sa.Table, list[Row]]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    jobs: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Return every id that was given."""
        return [
            row["id"]
            for table, rows in self.rows
            if "id" in table.c and isinstance(table.c.id.type, sa.types.String)
            for row in rows
        ]

    @property
    def hashes(self) -> set[str]:
        """Return of which bytes there must be a file."""
        return {
            row["sha256"] for table, rows in self.rows if table.name == "satudata_version"
            for row in rows if row["sha256"]
        }  # fmt: skip


def tables(kept: Iterable[str]) -> list[sa.Table]:
    """Return the tables of datasets, those first that others name."""
    return [t for t in model.repo.metadata.sorted_tables if t.name not in kept]


def _rows(of: Iterable[sa.Table]) -> dict[str, dict[tuple[Any, ...], Row]]:
    """Return the rows of tables by their keys."""
    found: dict[str, dict[tuple[Any, ...], Row]] = {}
    for table in of:
        keys = [column.name for column in table.primary_key]
        if not keys:
            continue
        read = model.Session.execute(sa.select(table)).mappings()
        found[table.name] = {tuple(row[k] for k in keys): dict(row) for row in read}
    return found


@contextmanager
def _heard(snapshot: Snapshot) -> Iterator[None]:
    """Listen to what is said to the ledger, and asked of the worker."""
    draft, ask = service.draft, tk.enqueue_job
    receipts: list[writing.Receipt] = []

    def drafted(**said: Any) -> writing.Draft:
        made = draft(**said)
        snapshot.said.append(said)
        receipts.append(made.receipt)
        return made

    def asked(*args: Any, **more: Any) -> Any:
        snapshot.jobs.append((args, more))
        return ask(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "draft", drafted)
        patch.setattr(tk, "enqueue_job", asked)
        yield
    written = [r.written for r in receipts]
    snapshot.said = [s for s, w in zip(snapshot.said, written, strict=True) if w]
    snapshot.numbers = [r.entry for r in receipts if r.written]


def take(make: Callable[[], str], kept: Iterable[str]) -> tuple[Snapshot, str]:
    """Make a dataset, and remember what was written for it; return it with the dataset's id."""
    of = tables(kept)
    before = _rows(of)
    snapshot = Snapshot("", "", dt.datetime.now(dt.UTC))
    with _heard(snapshot):
        made = make()
    snapshot.at = dt.datetime.now(dt.UTC)
    model.Session.rollback()
    package = model.Package.get(made)
    snapshot.dataset, snapshot.name = made, package.name
    after = _rows(of)
    for table in of:
        known = before.get(table.name, {})
        new = [row for key, row in after.get(table.name, {}).items() if key not in known]
        if new:
            snapshot.rows.append((table, new))
    return snapshot, made


class _Renamed:
    """Puts new ids and a new name where the old ones stood, and moves times to today."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        self.named = {old: str(uuid.uuid4()) for old in snapshot.ids}
        self.named[snapshot.name] = name
        old = sorted(self.named, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, old)))
        self.later = dt.datetime.now(dt.UTC) - snapshot.at

    def text(self, said: str) -> str:
        return self.pattern.sub(lambda found: self.named[found[0]], said)

    def value(self, said: Any) -> Any:
        if isinstance(said, str):
            return self.text(said)
        if isinstance(said, Mapping):
            return {self.text(str(k)): self.value(v) for k, v in said.items()}
        if isinstance(said, (list, tuple)):
            return type(said)(map(self.value, said))
        if isinstance(said, dt.datetime):
            return said + self.later
        return said


def set_down(snapshot: Snapshot, name: str) -> str | None:
    """Write a dataset as it was remembered, under another name; return its id.

    ``None`` where a test has taken the bytes away: then it must be made anew.
    """
    if not all(map(storage.exists, snapshot.hashes)):
        return None
    new = _Renamed(snapshot, name)
    session = model.Session
    session.rollback()
    drafts = [service.draft(**{k: new.value(v) for k, v in s.items()}) for s in snapshot.said]
    connection = session.connection()
    numbers: dict[int, int] = {}
    if drafts:
        writing.write(connection, drafts)
        written = (draft.receipt.entry for draft in drafts)
        numbers = dict(zip(snapshot.numbers, written, strict=True))
    for table, rows in snapshot.rows:
        written_rows = []
        for row in rows:
            made = {column: new.value(value) for column, value in row.items()}
            if "id" in made and not isinstance(made["id"], str):
                del made["id"]
            if "ledger_entry" in made:
                made["ledger_entry"] = numbers.get(made["ledger_entry"])
            written_rows.append(made)
        connection.execute(table.insert(), written_rows)
    session.commit()
    for args, more in snapshot.jobs:
        tk.enqueue_job(*new.value(args), **new.value(more))
    dataset = new.named[snapshot.dataset]
    search.rebuild(dataset)
    session.rollback()
    return dataset
