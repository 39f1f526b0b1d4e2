"""The one place where exits ask the policy: which dataset is this about, and may the caller?

Datasets of types that are not governed are core's own: it is never asked less of them here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...classification.rules.policy import Channel, Facts, decide, may_publish


def dataset_id_of(id_or_name: Any) -> str | None:
    """Return the id of a dataset, ``None`` when there is none of this id or name any more."""
    package = model.Package.get(id_or_name) if isinstance(id_or_name, str) else None
    return package.id if package and package.state != "deleted" else None


def resource_of(resource_id: Any) -> model.Resource | None:
    """Return a resource, ``None`` when there is none."""
    return model.Resource.get(resource_id) if isinstance(resource_id, str) else None


def resource_of_view(view_id: Any) -> model.Resource | None:
    """Return the resource that a view shows."""
    view = model.Session.get(model.ResourceView, view_id) if isinstance(view_id, str) else None
    return resource_of(view.resource_id) if view else None


def allowed(
    context: types.Context, ids: Iterable[str], channel: Channel = Channel.METADATA
) -> dict[str, bool]:
    """Return for each id of a governed dataset whether the caller may; others are not in it.

    One query, whatever the number of datasets.
    """
    actor = registry.actor_from_context(context)
    return {
        dataset_id: bool(decide(actor, facts, channel))
        for dataset_id, facts in reads.facts_for(ids).items()
        if facts.governed
    }


def may(context: types.Context, dataset_id: str, channel: Channel) -> bool:
    """Tell whether the caller may use a channel of a dataset; ungoverned ones: core decides."""
    return allowed(context, [dataset_id], channel).get(dataset_id, True)


def may_have(context: types.Context, resource: model.Resource) -> bool:
    """Tell whether the caller may have a resource's data: approved ones, or what waits."""
    return actor_may_have(registry.actor_from_context(context), resource)


def actor_may_have(actor: Actor, resource: model.Resource) -> bool:
    """Tell whether somebody may have the data of a resource: approved ones, or what waits."""
    facts = reads.facts_of(str(resource.package_id))
    if not facts.governed:
        return True
    found = reads.pointers_of([facts.dataset_id]).get(resource.id)
    if found is not None:
        asked = reads.version_facts(found[1], found[0])
        return bool(decide(actor, facts, Channel.DATA, asked))
    return any(
        decide(actor, facts, Channel.DATA, reads.version_facts(version, None))
        for version in reads.waiting_versions([facts.dataset_id])
        if version.resource_id == resource.id
    )


def edits(actor: Actor, facts: Facts) -> bool:
    """Tell whether somebody keeps the dataset and its data for the owner agency."""
    return may_publish(actor, facts.owner_org) and bool(decide(actor, facts, Channel.DATA))


def known_ids(ids: Iterable[str]) -> set[str]:
    """Return which of these ids are datasets."""
    wanted = list(dict.fromkeys(i for i in ids if i))
    if not wanted:
        return set()
    return set(
        model.Session.scalars(sa.select(model.Package.id).where(model.Package.id.in_(wanted)))
    )


def unknown(what: str) -> tk.ObjectNotFound:
    """Return the refusal for what the caller may not know of: that of an unknown name."""
    return tk.ObjectNotFound(what)
