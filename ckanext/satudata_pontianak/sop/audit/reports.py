"""The reports over the ledger of this portal: for a reader, or for the server's operator."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import sqlalchemy as sa

from ckan import model

from ... import clock
from ...agencies.rules.duties import Actor, Duty
from ...classification.grants.request_definition import request_rules
from ...classification.records import dataset_types, reads
from ...classification.records.model import Decision, Scan, Version
from ...classification.records.request_model import AccessGrant
from ...classification.rules.axes import classification
from ...classification.rules.deadlines import CITY
from ...classification.rules.policy import Channel, as_governed, decide
from ...ledger import proving
from ...smki.personal_data import subject_requests
from . import datasets_held, reading
from .answers import Conformance, Transparency
from .conformance import Period, definitions_in, report
from .counted import Counted
from .evidence import Measured
from .replay import Entry
from .tables import Names
from .transparency import Rules, numbers

READERS = (Duty.PENGAWAS, Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID)
"""Whose duty it is to look after the workflow."""
KEPT = 50
"""Numbers of so many years are kept by a process."""


Data = TypeVar("Data")


@dataclass(frozen=True)
class Made(Generic[Data]):
    """A report, and what its states, steps and agencies are called."""

    data: Data
    names: Names
    counted: Counted


@dataclass(frozen=True)
class _Kept:
    """Numbers with the last entry that they are made of, and until when they may be given."""

    made: Made[Transparency]
    last: int
    until: float


_kept: dict[tuple[int, dt.date], _Kept] = {}


def conformance(actor: Actor | None, period: Period) -> Made[Conformance]:
    """Return the report as somebody may have it.

    :param actor: ``None`` is the operator of the server, who has the database as it is. Of
        datasets of which a person may not know there is no trace in what they get.
    """
    size = proving.size(model.Session)
    entries = reading.entries(size)
    hidden = _hidden(actor, entries) if actor is not None else set()
    assumed = reading.now_in_force()
    data = report(entries, period, assumed, hidden)
    ids = {d["dataset"] for d in data["deviations"]["list"] if d["dataset"]}
    known, titles = _dataset_names(ids), _titles(actor, ids)
    for deviation in data["deviations"]["list"]:
        dataset = deviation["dataset"] or ""
        deviation["dataset_name"], deviation["dataset_title"] = (
            known.get(dataset),
            titles.get(dataset),
        )
    agencies = [row["agency"] for row in (*data["steps"], *data["deviations"]["list"])]
    return Made(data, _names(entries, agencies), counted(size))


def counted(size: int) -> Counted:
    """Return from how many entries something was counted, and the newest head within them."""
    for signed in proving.published(model.Session):
        if signed.head.size <= size:
            day = dt.datetime.fromisoformat(signed.head.at).astimezone(CITY).date()
            return Counted(size, signed.head.size, signed.head.root, day)
    return Counted(size)


def _hidden(actor: Actor, entries: Iterable[Entry]) -> set[str]:
    """Return the datasets in the ledger of which a person may not know that they exist.

    Of what is gone there are no facts to ask the policy about: the auditor alone is told of it.
    """
    ids = {e.dataset for e in entries if e.dataset}
    facts = reads.facts_for(ids)
    gone = set() if actor.has(Duty.PENGAWAS) else ids - set(facts)
    return gone | {i for i, f in facts.items() if not decide(actor, f, Channel.EXISTS)}


def _dataset_names(ids: Iterable[str]) -> dict[str, str]:
    query = sa.select(model.Package.id, model.Package.name).where(model.Package.id.in_(list(ids)))
    return {row.id: row.name for row in model.Session.execute(query)}


def _titles(actor: Actor | None, ids: Collection[str]) -> dict[str, str]:
    """Return id → title of datasets whose metadata a person may read."""
    package = model.Package
    query = sa.select(package.id, package.title).where(package.id.in_(ids))
    found = {row.id: row.title for row in model.Session.execute(query) if row.title}
    if actor is None:
        return found
    facts = reads.facts_for(found)
    return {
        i: found[i]
        for i, facts_of in facts.items()
        if decide(actor, as_governed(facts_of), Channel.METADATA)
    }


def _names(entries: Sequence[Entry], agencies: Iterable[str | None]) -> Names:
    pasts = [*definitions_in(entries).values(), reading.now_in_force()]
    return Names.of(pasts, reading.agencies(agencies))


def rules() -> Rules:
    """Return what of the definitions decides about publishing."""
    levels, requests = classification(), request_rules()
    return Rules(
        levels=tuple(levels.levels),
        public=frozenset(
            name for name in levels.levels if "everyone" in levels.visibility[name]["exists"]
        ),
        small=levels.anonymisation.small_cell,
        waiting=frozenset(
            name
            for name, state in requests.states.items()
            if not state.end and state.holder != "requester"
        ),
        unread=frozenset({"unconfirmed", "lapsed"}),
    )


def transparency(year: int, today: dt.date) -> Made[Transparency]:
    """Return the numbers of a year that everybody may know.

    Everybody may ask for them at any time, so they are counted anew only when the ledger has grown,
    and counting takes at most a twentieth of a process's time: what took two seconds is given for
    forty.

    :raises ValueError: the year has not begun.
    """
    last, begun = reading.last(), time.monotonic()
    kept = _kept.get((year, today))
    if kept is not None and kept.last == last:
        # Nothing came that is counted here: the same numbers are those of a newer head.
        return replace(kept.made, counted=counted(proving.size(model.Session)))
    if kept is not None and begun < kept.until:
        return kept.made
    size = proving.size(model.Session)
    entries = reading.entries(size)
    data = numbers(entries, year, today, rules(), reading.now_in_force())
    rows = (*data["decisions"]["by_agency"], *data["days"]["agencies"])
    made = Made(data, _names(entries, [row["agency"] for row in rows]), counted(size))
    done = time.monotonic()
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[year, today] = _Kept(made, last, done + 20 * (done - begun))
    return made


def forget() -> None:
    """Count anew whatever is asked for next."""
    _kept.clear()


def level_labels() -> dict[str, str]:
    """Return level → its label, from the most open on."""
    known = classification()
    return {name: known.label("tingkat_keamanan", name) for name in known.levels}


def evidence(actor: Actor | None, year: int, today: dt.date) -> Measured:
    """Return what the numbers of the evidence sheets are computed from.

    :raises ValueError: the year has not begun.
    """
    told = transparency(year, today).data
    first, last = (dt.date.fromisoformat(told[key]) for key in ("from", "to"))
    made = conformance(actor, Period(first, last))
    return Measured(
        counted=made.counted,
        holdings=datasets_held.read(today),
        conformance=made.data,
        transparency=told,
        events=reading.events(first, last, made.counted.entries),
        stock={**_stock(today), **_subjects(first, last)},
    )


def _subjects(first: dt.date, last: dt.date) -> dict[str, int]:
    """Return how the requests of data subjects that came in on these days were answered."""
    begins = dt.datetime.combine(first, dt.time(), CITY)
    ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), CITY)
    found = subject_requests.answered(begins, ends, clock.now())
    return {
        "subjects_in_time": found.in_time,
        "subjects_late": found.late,
        "subjects_open": found.open,
        "subjects_overdue": found.overdue,
    }


def _stock(today: dt.date) -> dict[str, int]:
    """Return how many there are now of what the sheets count."""
    package = model.Package
    governed = sa.and_(package.type.in_(dataset_types.of_data()), package.state == "active")
    decided = sa.select(Decision.package_id).where(Decision.in_force)
    counts = {
        "datasets": sa.select(sa.func.count()).select_from(package).where(governed),
        "decided": sa.select(sa.func.count())
        .select_from(package)
        .where(governed, package.id.in_(decided)),
        "scans": sa.select(sa.func.count(sa.distinct(Scan.version_id))),
        "findings": _scanned("findings"),
        "failed": _scanned("failed"),
        "masked": sa.select(sa.func.count()).where(Version.masked.is_not(None)),
        "grants": sa.select(sa.func.count()).where(
            AccessGrant.ended_at.is_(None), AccessGrant.last_day >= today
        ),
    }
    return {name: model.Session.scalar(query) or 0 for name, query in counts.items()}


def _scanned(verdict: str) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count(sa.distinct(Scan.version_id))).where(Scan.verdict == verdict)
