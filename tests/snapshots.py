"""States of a dataset, made once through the public actions and set down again with new ids.

Publishing a dataset takes half a second, and half of all tests begin with one. So what the actions
wrote is remembered: the rows, the entries of the ledger, and what was asked of the worker. It is
written again with new ids, a new name and the time of day; entries join the chain by the ledger's
own writer, and the index is made by its own code. What a test then reads is what the actions left.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.satudata_pontianak.classification.cases.record import engine
from ckanext.satudata_pontianak.classification.records import definition_in_ledger
from ckanext.satudata_pontianak.classification.versions import storage
from ckanext.satudata_pontianak.ledger import codes, service, writing

Row = dict[str, Any]
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass
class Snapshot:
    """What the making of one dataset wrote."""

    dataset: str
    name: str
    at: dt.datetime
    rows: list[tuple[sa.Table, list[Row]]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[writing.Receipt] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    jobs: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    @property
    def hashes(self) -> set[str]:
        """Return of which bytes there must be a file."""
        return {
            row["sha256"] for table, rows in self.rows if table.name == "satudata_version"
            for row in rows if row["sha256"]
        }  # fmt: skip


def tables(kept: Iterable[str]) -> list[sa.Table]:
    """Return the tables of datasets, those first that others name.

    CKAN keeps whose a dataset is among the memberships of people as well.
    """
    others = set(kept) - {"member"}
    return [t for t in model.repo.metadata.sorted_tables if t.name not in others]


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

    def drafted(**said: Any) -> writing.Draft:
        made = draft(**said)
        snapshot.said.append(said)
        snapshot.receipts.append(made.receipt)
        return made

    def asked(*args: Any, **more: Any) -> Any:
        snapshot.jobs.append((args, more))
        return ask(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "draft", drafted)
        patch.setattr(tk, "enqueue_job", asked)
        yield
    # The text of the definition stands in the ledger once, for whatever is written after it.
    written = [
        receipt.written and said["event"] != definition_in_ledger.EVENT
        for receipt, said in zip(snapshot.receipts, snapshot.said, strict=True)
    ]
    snapshot.said = list(compress(snapshot.said, written))
    snapshot.receipts = list(compress(snapshot.receipts, written))


def take(make: Callable[[], str], kept: Iterable[str]) -> tuple[Snapshot, str]:
    """Make a dataset, and remember what was written for it; return it with the dataset's id."""
    of = tables(kept)
    others = [t for t in model.repo.metadata.sorted_tables if t not in of]
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
    # What stood before is called as it was: people, agencies, rows of other datasets.
    strange = set(UUID.findall(repr([snapshot.said, snapshot.jobs, snapshot.rows])))
    snapshot.ids = strange - set(UUID.findall(repr([before, _rows(others)])))
    return snapshot, made


class _Renamed:
    """Puts new ids and a new name where the old ones stood, and moves times to today."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        self.named: dict[str, str] = {}
        self.later = dt.datetime.now(dt.UTC) - snapshot.at
        self.call({snapshot.name: name, **{old: str(uuid.uuid4()) for old in snapshot.ids}})

    def call(self, named: Mapping[str, str]) -> None:
        """Let more be called otherwise."""
        self.named.update(named)
        longest = sorted(self.named, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest)))

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
    definition_in_ledger.record(engine())
    session.commit()
    drafts = [service.draft(**{k: new.value(v) for k, v in s.items()}) for s in snapshot.said]
    connection = session.connection()
    if drafts:
        writing.write(connection, drafts)
    pairs = [(old, d.receipt) for old, d in zip(snapshot.receipts, drafts, strict=True)]
    numbers = {old.entry: given.entry for old, given in pairs}
    new.call({codes.shown(old.code): codes.shown(given.code) for old, given in pairs})
    for table, rows in snapshot.rows:
        again = []
        for row in rows:
            made = {column: new.value(value) for column, value in row.items()}
            if "id" in made and not isinstance(made["id"], str):
                del made["id"]
            if "ledger_entry" in made:
                made["ledger_entry"] = numbers.get(made["ledger_entry"])
            again.append(made)
        connection.execute(table.insert(), again)
    session.commit()
    for args, more in snapshot.jobs:
        tk.enqueue_job(*new.value(args), **new.value(more))
    dataset = new.named[snapshot.dataset]
    search.rebuild(dataset)
    session.rollback()
    return dataset
