"""Recipes that are kept with the files of a dataset: for its next file, and to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..records import reads
from ..records.model import Version


@dataclass(frozen=True)
class Pair:
    """A file of a dataset and the tidy table beside it, by their ids, and the newest recipe."""

    original: str
    tidy: str
    recipe: str


def pairs(dataset_id: str) -> list[Pair]:
    """Return the files of a dataset that have a tidy table beside them."""
    made = sa.select(Version.id).where(
        Version.package_id == dataset_id, Version.tidied.is_not(None)
    )
    if model.Session.scalar(made.limit(1)) is None:
        return []
    there = sa.select(model.Resource.id).where(
        model.Resource.package_id == dataset_id, model.Resource.state == "active"
    )
    query = sa.select(Version).where(
        Version.package_id == dataset_id, Version.resource_id.in_(there)
    )
    versions = list(model.Session.scalars(query.order_by(Version.created.desc())))
    found: dict[str, Pair] = {}
    seen: set[str] = set()
    for version in versions:
        if version.resource_id in seen:
            continue
        seen.add(version.resource_id)
        if version.tidied is None:
            continue
        original = next(
            (
                one.resource_id
                for one in versions
                if one.sha256 == version.tidied["source"] and one.tidied is None
            ),
            None,
        )
        if original is not None and original not in found:
            found[original] = Pair(original, version.resource_id, version.tidied["recipe"])
    return list(found.values())


def only_original(dataset_id: str) -> str | None:
    """Return the id of the one file of a dataset that has a tidy table beside it."""
    found = pairs(dataset_id)
    return found[0].original if len(found) == 1 else None


def served(dataset_id: str, resource_id: str) -> dict[str, Any] | None:
    """Return by what the table that is served was made, ``None`` where it was not."""
    found = reads.pointers_of([dataset_id]).get(resource_id)
    return found[1].tidied if found else None
