"""Which app is this about, and what may the caller know and do of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...access.reading import guard
from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.records import parameters, reads
from ...classification.records.dataset_types import APP
from ...classification.rules.policy import Channel, Facts, decide, may_publish
from ..rules.lifecycle import Part


@dataclass(frozen=True)
class App:
    """An app of which the caller may know."""

    package: model.Package
    facts: Facts
    actor: Actor

    @property
    def parts(self) -> frozenset[Part]:
        """What the caller is for the app."""
        found: set[Part] = set()
        actor = self.actor.on(self.package.id, self.facts.owner_org)
        if actor.active and may_publish(actor, self.facts.owner_org):
            found.add("owner")
        if actor.active and actor.has(Duty.WALIDATA):
            found.add("walidata")
        return frozenset(found)


def named(context: types.Context, data_dict: dict[str, Any], key: str = "id") -> App:
    """Return the app that a call names.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for the caller.
    """
    actor = registry.actor_from_context(context)
    found = known(parameters.text(data_dict, key), actor)
    if found is None or found.package.type != APP:
        raise unknown()
    return found


def known(reference: Any, actor: Actor) -> App | None:
    """Return the dataset or app of this id or name, if somebody may know of it."""
    found = guard.dataset_id_of(reference)
    package = model.Package.get(found) if found else None
    if package is None:
        return None
    facts = reads.facts_of(package.id)
    if not _may(actor, facts):
        return None
    return App(package, facts, actor)


def _may(actor: Actor, facts: Facts) -> bool:
    seen_as = actor.on(facts.dataset_id, facts.owner_org)
    return facts.governed and bool(decide(seen_as, facts, Channel.METADATA))


def knowable(ids: Iterable[str], actor: Actor) -> list[str]:
    """Return the ids of those datasets and apps of which somebody may know."""
    return [id_ for id_, facts in reads.facts_for(ids).items() if _may(actor, facts)]


def seen(ids: Iterable[str], actor: Actor) -> dict[str, model.Package]:
    """Return id → dataset or app of those of which somebody may know, by title."""
    rows = [model.Package.get(id_) for id_ in knowable(ids, actor)]
    there = sorted((row for row in rows if row is not None), key=lambda row: row.title or row.name)
    return {row.id: row for row in there}


def lock() -> None:
    """Let nobody else take a step of an app or link apps until the caller commits.

    A step looks at the successor's state and a link at a chain of apps, so that the app alone is
    not enough.
    """
    reads.lock_named("apps")
    model.Session.expire_all()


def unknown() -> tk.ObjectNotFound:
    """Return the answer for an app of which the caller may not know: that for an unknown name."""
    return tk.ObjectNotFound(tk._("App not found"))
