"""Of which apps and datasets somebody brings or reads what they cost."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor, Duty
from ...classification.records import reads
from ...classification.records.dataset_types import APP
from ...classification.rules.policy import may_publish
from ...smki.cooperation.knowing import may_know
from ...smki.records import roles
from ..records.cost_model import Cost
from ..rules.costs import costs

Known = dict[str, model.Package]
"""Id → app or dataset."""


def brings(actor: Actor) -> bool:
    """Tell whether somebody brings lists: Walidata."""
    return actor.active and actor.has(Duty.WALIDATA)


def reads_all(actor: Actor) -> bool:
    """Tell whether somebody reads the lines of every agency, of what they may know."""
    return brings(actor) or bool(roles.carried_by(actor) & {*costs().seen_by})


def reads_some(actor: Actor) -> bool:
    """Tell whether somebody reads lines at all."""
    return actor.active and (bool(actor.publishes_for) or reads_all(actor))


def named(names: set[str], actor: Actor, *, locked: bool = False) -> Known:
    """Return those of these names of which somebody may know.

    :param locked: nobody purges one of them until the caller commits.
    """
    query = _there().where(model.Package.name.in_(names)).order_by(model.Package.id)
    if locked:
        query = query.with_for_update(read=True, key_share=True)
    return _may_know(query, actor, fresh=locked)


def readable(actor: Actor, package_id: str | None = None) -> Known:
    """Return the apps, and the datasets with a line, of which somebody reads what they cost.

    Who publishes for the owner reads, and who reads the lines of all; the policy is asked of each.

    :param package_id: of this one alone.
    """
    if not reads_some(actor):
        return {}
    brought = sa.select(Cost.package_id)
    query = _there().where(
        sa.or_(model.Package.type == APP, model.Package.id.in_(brought)),
    )
    if package_id is not None:
        query = query.where(model.Package.id == package_id)
    found = _may_know(query, actor)
    if reads_all(actor):
        return found
    return {id_: each for id_, each in found.items() if _owns(actor, each)}


def _owns(actor: Actor, package: model.Package) -> bool:
    return may_publish(actor.on(package.id, package.owner_org), package.owner_org)


def _there() -> Any:
    return sa.select(model.Package).where(model.Package.state == "active")


def _may_know(query: Any, actor: Actor, *, fresh: bool = False) -> Known:
    """Return what of a query somebody may know of; nothing of a level that is only counted."""
    rows = {package.id: package for package in model.Session.scalars(query)}
    return {
        id_: rows[id_]
        for id_, facts in reads.facts_for(rows, fresh=fresh).items()
        if facts.governed and may_know(actor, facts)
    }
