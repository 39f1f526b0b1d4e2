"""The datasets that are held now, read from the database to be measured."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...classification.records import dataset_types
from ...classification.records.model import Decision, Pointer, Version
from ...classification.rules.deadlines import CITY
from ...classification.versions.table_state import State
from ...metadata import freshness, service
from .holdings import Held, measured


def read(today: dt.date) -> dict[str, float | None]:
    """Return what is measured of the datasets that are decided now. One query."""
    package = model.Package
    mapper: Any = sa.inspect(package)
    query = (
        sa.select(
            package,
            sa.func.max(Version.created),
            sa.func.bool_or(Version.tabled["state"].astext == State.READY.value),
            sa.func.array_agg(Version.created),
            sa.func.array_agg(Version.tabled["newest"].astext),
        )
        .join(Decision, sa.and_(Decision.package_id == package.id, Decision.in_force))
        .outerjoin(Pointer, Pointer.package_id == package.id)
        .outerjoin(Version, Version.id == Pointer.version_id)
        .where(package.type.in_(dataset_types.of_data()), package.state == "active")
        .group_by(package.id)
    )
    held = [
        Held(
            {
                **(row[0].extras or {}),
                **{name: getattr(row[0], name) for name in mapper.columns.keys()},  # noqa: SIM118
                "tag_string": True,  # keywords are a table of their own
            },
            row[1].astimezone(CITY).date() if row[1] else None,
            bool(row[2]),
            freshness.newest_told(
                (came.astimezone(CITY).date(), dt.date.fromisoformat(newest) if newest else None)
                for came, newest in zip(row[3], row[4], strict=True)
                if came is not None
            ),
        )
        for row in model.Session.execute(query)
    ]
    return measured(held, service.missing_for_submission, today)
