"""How long tables of the DataStore stay, and what is missing: the daily care of them."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from psycopg2 import sql

from ckan import model

from ... import config, days
from ..records.model import Pointer, Version
from ..rules.axes import classification
from ..versions import table_state, tables
from ..versions.table_state import Fate, State, Tabled


def tidy(package_id: str | None = None) -> list[str]:
    """Drop the tables that are served to nobody, after the days that the file sets.

    :param package_id: only those of one dataset; ``None`` for all, also of versions and datasets
        that are gone.
    :returns: ids of the versions whose tables were dropped, and of resources that another loader
        had filled. Commits.
    """
    if not config.datastore_enabled():
        return []
    found = set(existing())
    query = (
        sa.select(Version, Pointer.version_id, model.Package.id)
        .outerjoin(Pointer, Pointer.version_id == Version.id)
        .outerjoin(model.Package, model.Package.id == Version.package_id)
    )
    if package_id is not None:
        query = query.where(Version.package_id == package_id)
    else:
        query = query.where(Version.id.in_(found))
    today = days.today()
    dropped, known = [], set()
    for version, pointer, package in model.Session.execute(query).tuples().all():
        known.add(version.id)
        tabled = Tabled.of(version.tabled)
        if version.id not in found or tabled is None:
            continue
        told = table_state.fate(
            version.state if package is not None else None,
            served=pointer is not None and package is not None,
            left=tabled.left,
            today=today,
            days=classification().table_days,
        )
        if told is Fate.DROP:
            dropped.append(version.id)
            version.tabled = Tabled(State.DROPPED).as_dict()
        elif told is Fate.LEAVE:
            version.tabled = {**tabled.as_dict(), "left": today.isoformat()}
        elif tabled.left is not None and (pointer is not None or version.state == "waiting"):
            version.tabled = {**tabled.as_dict(), "left": None}
    stray: list[str] = []
    if package_id is None:
        dropped += sorted(found - known)
        stray = _loaded_before()
    drop([*(table_state.table_of(version_id) for version_id in dropped), *stray])
    model.Session.commit()
    return [*dropped, *stray]


def _loaded_before() -> list[str]:
    """Return tables that another loader made of resources which are governed by now.

    Nobody reads them any more. Those that are the only place of their rows stay.
    """
    names = _names("NOT starts_with(tablename, %s)")
    query = (
        sa.select(model.Resource.id)
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .where(
            model.Resource.id.in_(names),
            model.Package.type.in_(config.governed_types()),
            sa.func.coalesce(model.Resource.url_type, "") != "datastore",
            sa.exists().where(
                Version.resource_id == model.Resource.id, Version.sha256.is_not(None)
            ),
        )
    )
    return sorted(model.Session.scalars(query))


def existing() -> list[str]:
    """Return the ids of the versions that have a table in the DataStore's database."""
    return [n.removeprefix(table_state.PREFIX) for n in _names("starts_with(tablename, %s)")]


def _names(condition: str) -> list[str]:
    query = f"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND {condition}"  # noqa: S608 - ours
    with tables.connect() as connection, connection.cursor() as cursor:
        cursor.execute(query, (table_state.PREFIX,))
        names = [row[0] for row in cursor.fetchall()]
        connection.rollback()
    return names


def among(names: list[str]) -> list[str]:
    """Return which of these tables are there, by whatever loader they were made."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)"
    with tables.connect() as connection, connection.cursor() as cursor:
        cursor.execute(query, (names,))
        found = [row[0] for row in cursor.fetchall()]
        connection.rollback()
    return found


def drop(names: list[str]) -> None:
    """Drop tables of the DataStore by their names; those that are gone are left out."""
    with tables.connect() as connection, connection.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        connection.commit()


def missing() -> Iterator[str]:
    """Give the ids of the versions that should have a table and have none, failed ones too.

    What says that it has one and has none (a restored database, for example) is mended.
    """
    found = set(existing())
    query = (
        sa.select(Version)
        .outerjoin(Pointer, Pointer.version_id == Version.id)
        .where(sa.or_(Version.state == "waiting", Pointer.version_id.is_not(None)))
        .order_by(Version.created)
    )
    for version in model.Session.scalars(query).all():
        if table_state.is_ready(version.tabled) and version.id not in found:
            version.tabled = Tabled(State.DROPPED).as_dict()
            model.Session.commit()
        if tables.wants(version, again=True):
            yield version.id


def count_failed() -> int:
    """Return how many versions that wait or are served have no table because it failed."""
    query = sa.select(sa.func.count()).where(
        Version.state.in_(("waiting", "approved")),
        Version.tabled["state"].astext == State.FAILED.value,
    )
    return int(model.Session.scalar(query) or 0)
