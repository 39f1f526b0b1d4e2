"""Which datasets a text names, and whether somebody may know of all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, Actor
from ...classification.records import reads
from ...classification.rules.policy import Channel, Facts, as_governed, decide
from .. import registers
from ..rules.cooperation import stands_in, telling


def known(actor: Actor, package_ids: Iterable[str]) -> set[str]:
    """Return those datasets that somebody may know of by name; a deleted one is nobody's."""
    facts = reads.facts_for({*package_ids})
    return {id_ for id_, each in facts.items() if may_know(actor, each)}


def may_know(actor: Actor, facts: Facts) -> bool:
    """Tell whether somebody may know of a dataset by name; what is only counted is nobody's."""
    return not registers.only_counted(facts) and _may(actor, facts)


def _may(actor: Actor, facts: Facts) -> bool:
    seen_as = actor.on(facts.dataset_id, facts.owner_org)
    return bool(decide(seen_as, as_governed(facts), Channel.METADATA))


def knows(actor: Actor, package_ids: Collection[str]) -> bool:
    """Tell whether somebody may know of all these datasets."""
    return not package_ids or known(actor, package_ids) >= {*package_ids}


def inside_knows(package_ids: Collection[str]) -> bool:
    """Tell whether every member of every agency may know of all these datasets."""
    facts = reads.facts_for({*package_ids})
    agencies = registry.load_agencies()
    members = [Actor("", "", member_of=frozenset((id_,))) for id_ in agencies] or [ANONYMOUS]
    return facts.keys() >= {*package_ids} and not any(
        registers.only_counted(each) or not all(_may(member, each) for member in members)
        for each in facts.values()
    )


def named_in(actor: Actor, *texts: str) -> list[str]:
    """Return the ids of the datasets whose name, title or id stands in texts.

    Those alone that the writer may know of: whoever writes a name by chance tells nothing, and
    learns nothing. Of what is only counted too, so that nobody else may be told of it.
    """
    found = _standing(model.Package.state != "deleted", texts)
    return _of_writer(actor, found)


def named_among(package_ids: Collection[str], *texts: str) -> set[str]:
    """Return those of some datasets that texts name, whoever may know of them; removed ones too."""
    return _standing(model.Package.id.in_(package_ids), texts) if package_ids else set()


def _standing(among: Any, texts: Collection[str]) -> set[str]:
    text = "\n".join(texts)
    said = sa.func.lower(text)
    table = model.Package
    query = sa.select(table.id, table.name, table.title).where(
        among,
        sa.or_(
            sa.func.strpos(said, sa.func.lower(table.name)) > 0,
            sa.func.strpos(said, table.id) > 0,
            sa.and_(table.title != "", sa.func.strpos(said, sa.func.lower(table.title)) > 0),
        ),
    )
    return {
        row.id
        for row in model.Session.execute(query)
        if stands_in(row.id, text)
        or any(telling(each) and stands_in(each, text) for each in (row.name, row.title or ""))
    }


def called_by(actor: Actor, parts: Collection[str]) -> list[str]:
    """Return the ids of the datasets of which one of these is the name or id.

    As :func:`named_in`, of those that the writer may know of; a short name counts as well.
    """
    table = model.Package
    same = sa.or_(table.name.in_(parts), table.id.in_(parts))
    query = sa.select(table.id).where(table.state != "deleted", same)
    return _of_writer(actor, set(model.Session.scalars(query)))


def _of_writer(actor: Actor, package_ids: set[str]) -> list[str]:
    facts = reads.facts_for(package_ids)
    return sorted(id_ for id_, each in facts.items() if _may(actor, each))


def kept_from(agency_ids: Iterable[str], package_ids: Collection[str]) -> bool:
    """Tell whether somebody who publishes for one of these agencies may not know of a dataset."""
    if not package_ids:
        return False
    wanted = {*agency_ids}
    agencies = {i: a for i, a in registry.load_agencies().items() if i in wanted}
    publish = registry.publishers(agencies)
    people = {name for agency_id in wanted for name in publish.get(agency_id, ())}
    actors = [registry.actor_for(name) for name in sorted(people)] or [ANONYMOUS]
    return not all(knows(actor, package_ids) for actor in actors)
