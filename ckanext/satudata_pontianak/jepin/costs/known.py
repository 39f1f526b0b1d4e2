"""Of which apps and datasets somebody brings or reads what they cost."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor, Duty
from ...classification.records.dataset_types import APP
from ...classification.rules.policy import may_publish
from ...smki.records import roles
from ..records import known_packages
from ..records.cost_model import Cost
from ..records.known_packages import Known
from ..rules.costs import costs


def brings(actor: Actor) -> bool:
    """Tell whether somebody brings lists: Walidata."""
    return actor.active and actor.has(Duty.WALIDATA)


def reads_all(actor: Actor) -> bool:
    """Tell whether somebody reads the lines of every agency, of what they may know."""
    return brings(actor) or bool(roles.carried_by(actor) & {*costs().seen_by})


def reads_some(actor: Actor) -> bool:
    """Tell whether somebody reads lines at all."""
    return actor.active and (bool(actor.publishes_for) or reads_all(actor))


def readable(actor: Actor, package_id: str | None = None) -> Known:
    """Return the apps, and the datasets with a line, of which somebody reads what they cost.

    Who publishes for the owner reads, and who reads the lines of all; the policy is asked of each.

    :param package_id: of this one alone.
    """
    if not reads_some(actor):
        return {}
    brought = sa.select(Cost.package_id)
    query = known_packages.there().where(
        sa.or_(model.Package.type == APP, model.Package.id.in_(brought)),
    )
    if package_id is not None:
        query = query.where(model.Package.id == package_id)
    found = known_packages.of(query, actor)
    if reads_all(actor):
        return found
    return {id_: each for id_, each in found.items() if _owns(actor, each)}


def _owns(actor: Actor, package: model.Package) -> bool:
    return may_publish(actor.on(package.id, package.owner_org), package.owner_org)
