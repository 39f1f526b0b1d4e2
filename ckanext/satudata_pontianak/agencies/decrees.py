"""Decrees as they are kept: recorded once with their scan, and found by their number."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import days
from ..ledger.service import append
from ..ledger.tables import entry_table
from ..msgids import N_
from .model import DecreeRow, DecreeScanRow, DelegationRow
from .rules import decree
from .rules.duties import Agency

PAGE = "/satudata/surat-keputusan"
"""Where a decree is recorded; what refuses an unknown number says so."""

UNKNOWN = N_(
    'No decree of the number "%(number)s" is recorded for this agency. Record it first, with its '
    "day and its scan, on the page %(page)s (satudata_decree_create), then make the change again."
)
MEMBERS = ("member.add", "member.change")


def find(number: str, agency_id: str | None) -> DecreeRow | None:
    """Return the record of a number: the agency's own one, else that of the whole city."""
    rows = DecreeRow.agency_id
    query = (
        sa.select(DecreeRow)
        .where(
            DecreeRow.key == decree.key(number),
            sa.or_(rows.is_(None), rows == agency_id) if agency_id else rows.is_(None),
        )
        .order_by(rows.nulls_last())
    )
    return model.Session.scalars(query.limit(1)).first()


def problem(number: str, agency_id: str | None) -> str | None:
    """Say that a number is not recorded and where to record it; ``None``: it is."""
    if find(number, agency_id) is not None:
        return None
    return tk._(UNKNOWN) % {"number": decree.normal(number), "page": PAGE}


def named(number: str | None, agency_id: str | None) -> dict[str, Any]:
    """Return what the ledger says of the decree that a change names: its record, and its scan."""
    row = find(number, agency_id) if number else None
    if row is None:
        return {"nomor_sk": number}
    return {"nomor_sk": row.nomor_sk, "decree": row.id, "sha256": row.sha256}


def of_number(number: str, body: Agency | None) -> DecreeRow | None:
    """Return the record of a number of exactly this agency, or of the whole city."""
    query = sa.select(DecreeRow).where(
        DecreeRow.key == decree.key(number),
        DecreeRow.agency_id.is_(None) if body is None else DecreeRow.agency_id == body.id,
    )
    return model.Session.scalars(query).first()


def record(
    offered: decree.Offered, content: bytes | None, *, by: Any = None, name: str | None = None
) -> DecreeRow:
    """Keep a decree and its scan, and write it into the ledger. The caller commits.

    :param offered: without anything against it.
    :param content: the scan; ``None`` where the server records it without one.
    :param by: id of who records it, ``name`` their name; nobody is the server.
    """
    row = DecreeRow(
        nomor_sk=offered.number,
        key=decree.key(offered.number),
        day=offered.day,
        about=offered.about,
        agency_id=offered.body.id if offered.body else None,
        created_by=by,
    )
    model.Session.add(row)
    model.Session.flush()
    return keep_scan(row, content, by=by, name=name, event="decree.record")


def keep_scan(
    row: DecreeRow,
    content: bytes | None,
    *,
    by: Any = None,
    name: str | None = None,
    event: str = "decree.scan",
) -> DecreeRow:
    """Put the scan beside a record that has none, and its digest into the ledger."""
    if content is not None:
        row.sha256, row.size = hashlib.sha256(content).hexdigest(), len(content)
        model.Session.add(DecreeScanRow(decree_id=row.id, content=content))
        model.Session.flush()
    append(
        model.Session,
        event=event,
        actor_id=by,
        actor_name=name,
        detail={
            "decree": row.id,
            "nomor_sk": row.nomor_sk,
            "day": row.day,
            "agency": row.agency_id,
            "sha256": row.sha256,
        },
    )
    return row


def ensure(number: str, day: date, about: str, content: bytes | None = None) -> DecreeRow:
    """Record a decree of the whole city from the server, unless its number is recorded already.

    Without ``content`` its scan follows on the page. The caller commits.
    """
    known = of_number(number, None)
    offered = decree.Offered(decree.normal(number), day, about, None)
    return known or record(offered, content)


def scan_of(row: DecreeRow) -> bytes | None:
    """Return the bytes of a scan, or ``None`` where there is none."""
    kept = model.Session.get(DecreeScanRow, row.id)
    return kept.content if kept is not None else None


def visible(agencies: Collection[str] | None, *, city: bool) -> Any:
    """Return the condition on records: of these agencies (``None``: of all), and of the city."""
    if agencies is None:
        return sa.true()
    own = DecreeRow.agency_id.in_(list(agencies))
    return sa.or_(own, DecreeRow.agency_id.is_(None)) if city else own


def unrecorded(agencies: Iterable[Agency]) -> list[str]:
    """Return the numbers that agencies, delegations and memberships of today name, unrecorded."""
    rows = model.Session.execute(sa.select(DecreeRow.agency_id, DecreeRow.key))
    known = [(r.agency_id, r.key) for r in rows]
    latest = model.group_table.c.extras["nomor_sk_terakhir"].as_string()
    ids = {a.id: a for a in agencies}
    said = [
        (r.id, r.number)
        for r in model.Session.execute(
            sa.select(model.Group.id, latest.label("number")).where(model.Group.id.in_(ids))
        )
        if r.number
    ]
    rows = model.Session.execute(
        sa.select(DelegationRow.agency_id, DelegationRow.nomor_sk).where(
            DelegationRow.revoked_at.is_(None), DelegationRow.last_day >= days.today()
        )
    )
    said += [(r.agency_id, r.nomor_sk) for r in rows]
    deciding = [a.id for a in ids.values() if a.deciding]
    return decree.unrecorded([*said, *_of_members(deciding)], known)


def count() -> int:
    """Return how many decrees are recorded."""
    return model.Session.scalar(sa.select(sa.func.count()).select_from(DecreeRow)) or 0


def without_scan() -> list[str]:
    """Return the numbers of records without a scan, in order."""
    query = sa.select(DecreeRow.nomor_sk).where(DecreeRow.sha256.is_(None))
    return sorted(model.Session.scalars(query))


def _of_members(agencies: Collection[str]) -> list[tuple[str | None, str]]:
    """Return agency and number of the entry that made each member of today what they are."""
    detail = entry_table.c.body["detail"]
    agency, user = detail["agency"].as_string(), detail["user"].as_string()
    query = (
        sa.select(agency.label("agency"), detail["nomor_sk"].as_string().label("number"))
        .select_from(entry_table)
        .join(
            model.Member,
            sa.and_(
                model.Member.group_id == agency,
                model.Member.table_id == user,
                model.Member.table_name == "user",
                model.Member.state == "active",
            ),
        )
        .where(entry_table.c.event.in_(MEMBERS), agency.in_(list(agencies)))
        .distinct(agency, user)
        .order_by(agency, user, entry_table.c.id.desc())
    )
    return [(r.agency, r.number) for r in model.Session.execute(query) if r.number]
