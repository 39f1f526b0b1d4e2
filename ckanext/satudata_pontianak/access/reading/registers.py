"""The registers of public and of excluded information, read with one query for a page.

The policy is asked for each *kind* of decision, not for each decision: see
:mod:`.register_rules`. What nobody may read of a row is no part of the query's result, and is not
searched either.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ckan import model

from ... import days
from ...classification.records import dataset_types
from ...classification.records.model import Decision, Hold, Pointer
from ...classification.rules.axes import classification
from .register_rules import listed

SUMMARY = 400
"""Of a description, a register tells so many characters."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asks of a register; what is empty asks for nothing.

    ``agency`` is an id; ``kind`` a kind of information in ``dip``, a letter of Article 17 in
    ``dik``; ``year`` the year of the decision.
    """

    register: str
    agency: str = ""
    kind: str = ""
    year: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Found:
    """Rows of a register, how many there are, and how many decisions are counted only."""

    count: int
    counted: int
    rows: list[dict[str, Any]]


_SCOPES = (
    sa.select(Hold.scope)
    .where(Hold.package_id == Decision.package_id, Hold.released_at.is_(None))
    .correlate(Decision)
)
# A scope that is unknown counts as everything, as it does for the policy.
HELD_DATA = sa.exists(_SCOPES.where(Hold.scope == "data"))
HELD_ALL = sa.exists(_SCOPES.where(Hold.scope != "data"))
_decided_in = sa.extract("year", sa.func.timezone(days.CITY.key, Decision.decided_at))


def find(wanted: Wanted, limit: int, offset: int = 0) -> Found:
    """Return some rows of a register. One query.

    How many are counted only is the number of the whole city, whatever is asked for: a filter
    would tell what it is about.
    """
    chosen = _chosen(wanted).cte("chosen")
    totals = sa.select(
        sa.select(sa.func.count()).select_from(chosen).scalar_subquery().label("count"),
        _counted().scalar_subquery().label("counted"),
    ).subquery("totals")
    order = [chosen.c.sorted_by, chosen.c.decided_at, chosen.c.id]
    some = sa.select(chosen).order_by(*order).limit(limit).offset(offset).subquery("some")
    more = [_formats(some.c.package_id).label("formats")] if wanted.register == "dip" else []
    query = sa.select(totals, some, *more).select_from(totals.outerjoin(some, sa.true()))
    again = [some.c.sorted_by, some.c.decided_at, some.c.id]
    rows = model.Session.execute(query.order_by(*again)).mappings().all()
    kept = [_row(wanted.register, row) for row in rows if row["id"] is not None]
    return Found(rows[0]["count"], rows[0]["counted"], kept)


def find_item(package_ids: sa.Select[Any]) -> dict[str, Any] | None:
    """Return the row of ``dik`` of one dataset, ``None`` where it is not in the register."""
    query = _chosen(Wanted("dik")).where(Decision.package_id.in_(package_ids))
    row = model.Session.execute(query).mappings().first()
    return _row("dik", row) if row else None


def item_of(decision_id: str) -> dict[str, Any] | None:
    """Return the excluded item that a decision is or was about, as it stands in ``dik`` now.

    A decision that was renewed or reviewed leads to the one in force, as long as the level is the
    same: the address of an item stays. Where the level is another one, the old address is not
    found any more: else it would tell what became of an item that had a title then.
    """
    old = aliased(Decision)
    same = sa.select(old.package_id).where(
        old.id == decision_id, old.tingkat_keamanan == Decision.tingkat_keamanan
    )
    return find_item(same.correlate(Decision))


def item_of_dataset(package_id: str) -> str | None:
    """Return the id of the item of a dataset that is called by its title in ``dik``."""
    found = find_item(sa.select(sa.literal(package_id)))
    return found["id"] if found and found["dataset"] else None


def _chosen(wanted: Wanted) -> sa.Select[Any]:
    package: Any = model.Package
    group: Any = model.Group
    kinds = listed(wanted.register, classification())
    named = sa.and_(_is_one_of([k for k in kinds if k.named]), _open_in_core())
    title = sa.case((named, package.title))
    basis = Decision.basis
    agency = sa.func.coalesce(group.title, "")
    told = {
        "id": Decision.id,
        "package_id": Decision.package_id,
        "level": Decision.tingkat_keamanan,
        "kind": Decision.jenis_informasi,
        "number": Decision.nomor,
        "decided_at": Decision.decided_at,
        "start": Decision.mulai,
        "until": Decision.akhir,
        "review": Decision.tanggal_reviu,
        "agency_name": group.name,
        "agency_title": group.title,
        "name": sa.case((named, package.name)),
        "title": title,
    }
    if wanted.register == "dip":
        told["notes"] = sa.func.left(package.notes, SUMMARY)
        told["held"] = HELD_DATA
        told["tahun"] = package.extras["tahun"].as_string()
        told["sorted_by"] = sa.func.lower(package.title)
        searched: list[Any] = [package.title, package.notes, agency]
        kind: Any = Decision.jenis_informasi
    else:
        for key in ("informasi", "pasal_pengecualian", "angka_pengecualian", "dasar_hukum"):
            told[key] = basis[key].as_string()
        told["sorted_by"] = sa.func.lower(agency)
        searched = [basis["informasi"].as_string(), basis["dasar_hukum"].as_string(), title]
        searched += [Decision.nomor, agency]
        kind = basis["pasal_pengecualian"].as_string()
    query = (
        sa.select(*[column.label(name) for name, column in told.items()])
        .join(package, package.id == Decision.package_id)
        .outerjoin(group, group.id == package.owner_org)
        .where(Decision.in_force, package.state == "active", _is_one_of(list(kinds)))
    )
    if wanted.register == "dip":
        query = query.where(_open_in_core())
    if wanted.agency:
        query = query.where(package.owner_org == wanted.agency)
    if wanted.kind:
        query = query.where(kind == wanted.kind)
    if wanted.year is not None:
        query = query.where(_decided_in == wanted.year)
    if wanted.text:
        said = [text.icontains(wanted.text, autoescape=True) for text in searched]
        query = query.where(sa.or_(*said))
    return query


def _is_one_of(kinds: list[Any]) -> Any:
    return sa.or_(
        sa.false(),
        *[
            sa.and_(
                Decision.tingkat_keamanan == kind.level,
                HELD_DATA if "data" in kind.holds else ~HELD_DATA,
                HELD_ALL if "all" in kind.holds else ~HELD_ALL,
            )
            for kind in kinds
        ],
    )


def _open_in_core() -> Any:
    """Return the condition that core keeps nothing private that is not governed yet.

    What was given a type that does not exist here stands in no register.
    """
    data = sorted(dataset_types.of_data())
    if data:
        return model.Package.type.in_(data)
    return model.Package.private.is_(False)


def _counted() -> sa.Select[Any]:
    levels = sorted(classification().exclusion.registers["counted"])
    return (
        sa.select(sa.func.count())
        .select_from(Decision)
        .join(model.Package, model.Package.id == Decision.package_id)
        .where(
            Decision.in_force,
            model.Package.state == "active",
            Decision.tingkat_keamanan.in_(levels),
        )
    )


def _formats(package_id: Any) -> Any:
    """Return the formats of the files that are served of a dataset."""
    resource = model.Resource
    return (
        sa.select(sa.func.array_agg(sa.distinct(sa.func.upper(resource.format))))
        .join(Pointer, Pointer.resource_id == resource.id)
        .where(Pointer.package_id == package_id, resource.state == "active", resource.format != "")
        .scalar_subquery()
    )


def _row(register: str, row: Any) -> dict[str, Any]:
    """Return a row as plain data: dates as dates, nothing that is not told."""
    decided: dt.datetime = row["decided_at"]
    told = {
        "id": row["id"],
        "number": row["number"],
        "level": row["level"],
        "kind": row["kind"],
        "decided": decided.astimezone(days.CITY).date(),
        "agency": {"name": row["agency_name"], "title": row["agency_title"]},
        "dataset": {"name": row["name"], "title": row["title"]} if row["name"] else None,
    }
    if register == "dip":
        return {
            **told,
            "title": row["title"],
            "held": bool(row["held"]),
            "summary": row["notes"] or "",
            "period": row["tahun"] or "",
            "formats": sorted(row["formats"] or ()),
        }
    return {
        **told,
        "information": row["informasi"] or "",
        "article": row["pasal_pengecualian"] or "",
        "article_number": row["angka_pengecualian"],
        "legal_basis": row["dasar_hukum"] or "",
        "from": row["start"],
        "until": row["until"],
        "review": row["review"],
    }
