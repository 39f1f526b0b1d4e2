"""Of which apps and datasets somebody may know, by their names or a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...smki.cooperation.knowing import may_know

Known = dict[str, model.Package]
"""Id → app or dataset."""


def there() -> Any:
    """Return the query of what there is; what was deleted is not."""
    return sa.select(model.Package).where(model.Package.state == "active")


def named(names: set[str], actor: Actor, *, locked: bool = False) -> Known:
    """Return those of these names of which somebody may know.

    :param locked: nobody purges one of them until the caller commits.
    """
    query = there().where(model.Package.name.in_(names)).order_by(model.Package.id)
    if locked:
        query = query.with_for_update(read=True, key_share=True)
    return of(query, actor, fresh=locked)


def of(query: Any, actor: Actor, *, fresh: bool = False) -> Known:
    """Return what of a query somebody may know of; nothing of a level that is only counted."""
    rows = {package.id: package for package in model.Session.scalars(query)}
    return {
        id_: rows[id_]
        for id_, facts in reads.facts_for(rows, fresh=fresh).items()
        if facts.governed and may_know(actor, facts)
    }


def by_ids(ids: Iterable[str | None], actor: Actor) -> Known:
    """Return those of these ids of which somebody may know."""
    wanted = {id_ for id_ in ids if id_}
    return of(there().where(model.Package.id.in_(wanted)), actor) if wanted else {}
