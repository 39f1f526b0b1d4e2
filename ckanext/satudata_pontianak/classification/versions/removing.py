"""Takes decided files away: nobody is given them any more; bytes and rows stay where they are."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from ckan import model

from ..records import reads
from ..records.model import Pointer, Version, now


def take_away(package: model.Package, ids: Collection[str]) -> None:
    """Take some files of a dataset away; its decision goes on for the others. The caller commits.

    :param ids: of resources.
    """
    pointer, resource = Pointer, model.Resource
    gone = [v for r, (_, v) in reads.pointers_of([package.id]).items() if r in ids]
    model.Session.execute(
        sa.delete(pointer).where(pointer.package_id == package.id, pointer.resource_id.in_(ids))
    )
    for version in gone:
        version.state = "superseded"
    model.Session.execute(
        sa.update(Version)
        .where(Version.resource_id.in_(ids), Version.state == "waiting")
        .values(state="withdrawn")
    )
    model.Session.execute(
        sa.update(resource)
        .where(resource.package_id == package.id, resource.id.in_(ids))
        .values(state="deleted")
    )
    model.Session.expire(package)
    package.metadata_modified = now().replace(tzinfo=None)
