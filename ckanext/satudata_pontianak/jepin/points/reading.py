"""The points of open tables of a profile, whoever asks: nothing that is not open is read here.

The policy is asked every time; what is remembered is rows of a version, which never change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import config
from ...access.reading import counting, serving
from ...access.reading.serving import Served
from ...agencies import registry
from ...classification.records import dataset_types
from ...classification.rules import variables
from ...classification.rules.profiled import FIELD
from ..rules import point_rules
from ..rules.point_definition import Profile
from ..rules.point_rules import Point, Stand
from . import checking

MOST_DATASETS = 40


@dataclass(frozen=True)
class Found:
    """A point, the dataset that it stands in, and how fresh it is."""

    package: model.Package
    agency: str
    served: Served
    point: Point
    stand: Stand


def datasets(profile: Profile) -> list[tuple[model.Package, list[Served]]]:
    """Return the datasets of a profile, by title, each with its tables that everybody may have."""
    if not config.datastore_enabled():
        return []
    package = model.Package
    query = (
        sa.select(package)
        .where(package.state == "active", package.extras[FIELD].as_string() == profile.name)
        .order_by(package.title, package.id)
    )
    found = []
    for each in model.Session.scalars(query):
        if not dataset_types.is_governed(each.type):
            continue
        ids = [r.id for r in each.resources if r.state == "active"]
        tables = [served for id_ in ids if (served := _open(id_, profile)) is not None]
        if tables:
            found.append((each, tables))
        if len(found) == MOST_DATASETS:
            break
    return found


def _open(resource_id: str, profile: Profile) -> Served | None:
    found = serving.served(resource_id)
    if found is None or not found.is_open or found.table is None:
        return None
    return found if found.rows <= profile.common.limits.rows else None


def points(context: types.Context, profile: Profile) -> list[Found]:
    """Return the points that everybody may have, by village and name; each table is counted."""
    moment = checking.now()
    found: list[Found] = []
    for package, tables in datasets(profile):
        agency = registry.agency(package.owner_org) if package.owner_org else None
        personal = variables.personal_in(package.id)
        for served in tables:
            rows = _rows_as(context, served, profile)
            counting.count(str(served.version_id), shown=True)
            for row in rows:
                known = {k: v for k, v in row.items() if not variables.is_among(personal, k)}
                point = point_rules.point(profile, known, moment)
                if point is not None:
                    stand = point_rules.stand(profile, point, moment)
                    title = agency.title if agency is not None else ""
                    found.append(Found(package, title, served, point, stand))
    return sorted(found, key=lambda each: (each.point.village or "~", each.point.name))


_kept: dict[str, Sequence[Mapping[str, Any]]] = {}
_MOST_KEPT = 64


def _rows_as(
    context: types.Context, served: Served, profile: Profile
) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a table, by column; they never change, so each table is read once."""
    version = str(served.version_id)
    if version not in _kept:
        asked = {"resource_id": served.resource_id, "limit": profile.common.limits.rows,
                 "sort": "_id", "include_total": False}  # fmt: skip
        try:
            with serving.pinned(serving.admitted(served)):
                fresh = tk.fresh_context(context)
                rows = tk.get_action("datastore_search")(fresh, asked)["records"]
        except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
            return ()  # another version is served by now, or none
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[version] = [_plain(row) for row in rows]
    return _kept[version]


def _written(value: Any) -> str:
    """Return a cell as a person writes it: no number near the equator as ``-5e-05``."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: _written(value)
        for name, value in row.items()
        if value is not None and not name.startswith("_")
    }
