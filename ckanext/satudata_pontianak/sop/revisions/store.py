"""The revisions as they are kept, and how each SOP stands beside what was signed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import flask
import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.model import DecreeScanRow
from ..documents import library
from ..documents.document import Enactment
from . import rules
from .model import SopReader, SopRevision

_KEY = "satudata_sop_in_force"


@dataclass(frozen=True)
class Standing:
    """How an SOP stands: its revision in force, where practice differs from it, its review."""

    name: str
    in_force: SopRevision | None
    differences: tuple[dict[str, Any], ...]
    review_due: dt.date | None

    @property
    def differs(self) -> bool:
        """Tell whether the definition is another than the signed revision was made from."""
        row = self.in_force
        return row is not None and row.definition != library.documents()[self.name].definition

    def late(self, day: dt.date) -> bool:
        """Tell whether nobody reviewed it in its year."""
        return self.review_due is not None and self.review_due < day


def revisions(name: str | None = None) -> dict[str, list[SopRevision]]:
    """Return the revisions of each SOP, the newest first."""
    query = sa.select(SopRevision).order_by(SopRevision.name, SopRevision.revision.desc())
    if name is not None:
        query = query.where(SopRevision.name == name)
    found: dict[str, list[SopRevision]] = defaultdict(list)
    for row in model.Session.scalars(query):
        found[row.name].append(row)
    return found


def newest_in_force(rows: Iterable[SopRevision], day: dt.date) -> SopRevision | None:
    """Return the revision that is in force on a day.

    :param rows: of one SOP, the newest first.
    """
    for row in rows:
        if row.state == rules.APPROVED and row.effective is not None and row.effective <= day:
            return row
    return None


def state_of(row: SopRevision, in_force: SopRevision | None) -> str:
    """Return how a revision stands today."""
    newest = in_force is not None and in_force.id == row.id
    return rules.state_on(days.today(), row.state, row.effective, newest)


def standing(name: str, rows: Iterable[SopRevision], day: dt.date | None = None) -> Standing:
    """Return how an SOP stands beside what was signed."""
    row = newest_in_force(rows, day or days.today())
    found: list[dict[str, Any]] = []
    due = None
    if row is not None and row.effective is not None:
        if row.definition != library.documents()[name].definition:
            found = rules.differences(row.rows, rules.kept(library.shown(name)["rows"]))
        reviewed = row.reviewed_at.astimezone(days.CITY).date() if row.reviewed_at else None
        due = rules.review_due(row.effective, reviewed)
    return Standing(name, row, tuple(found), due)


def status_of_all(day: dt.date | None = None) -> dict[str, Standing]:
    """Return how every SOP stands: what a control asks."""
    kept = revisions()
    return {name: standing(name, kept.get(name, []), day) for name in library.documents()}


def enactment_of(name: str) -> Enactment | None:
    """Return who enacted an SOP, by its signed revision in force; read once a request."""
    if flask.has_request_context():
        if _KEY not in flask.g:
            flask.g.setdefault(_KEY, _enactments(None))
        return flask.g.get(_KEY).get(name)
    return _enactments(name).get(name)


def _enactments(name: str | None) -> dict[str, Enactment]:
    found = {}
    for each, rows in revisions(name).items():
        row = newest_in_force(rows, days.today())
        if row is not None:
            first = rows[-1] if rows[-1].made else row
            found[each] = Enactment(
                definition=row.definition,
                number=row.nomor or "–",
                made=days.written(first.made) if first.made else "–",
                revised=days.written(row.made) if row.made and row.revision > 1 else "–",
                effective=days.written(row.effective) if row.effective else "–",
                office=row.office or "–",
                person=row.person or "–",
                nip=row.nip or "",
            )
    return found


def nip_of(name: str) -> str:
    """Return the NIP of who signed the revision in force; it stands in printed sets alone."""
    found = enactment_of(name)
    return found.nip if found is not None else ""


def paper_of(revision_id: str) -> bytes | None:
    """Return the signed paper of a revision, ``None`` where none was brought."""
    kept = model.Session.get(DecreeScanRow, revision_id)
    return kept.content if kept is not None else None


def forget() -> None:
    """Read who enacted what anew, in this request."""
    if flask.has_request_context():
        flask.g.pop(_KEY, None)


def readers_of(rows: Iterable[SopRevision]) -> dict[str, list[SopReader]]:
    """Return who acknowledged each revision, the first to do so first."""
    query = (
        sa.select(SopReader)
        .where(SopReader.revision_id.in_([row.id for row in rows]))
        .order_by(SopReader.at, SopReader.user_id)
    )
    found: dict[str, list[SopReader]] = defaultdict(list)
    for row in model.Session.scalars(query):
        found[row.revision_id].append(row)
    return found
