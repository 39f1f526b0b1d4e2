"""What an app has to do with other entries: the app it belongs to, data that it takes and gives.

Kept by id, apart from the package: a name in it would tell everybody that there is such an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.records.dataset_types import APP
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records import apps
from ..records.apps import App
from ..records.register_model import DATA_IN, DATA_OUT, PARENT, AppLink

KINDS = (PARENT, DATA_IN, DATA_OUT)
MOST = 100
UNKNOWN = N_("There is no such entry: %(name)s.")
ONE = N_("An app belongs to one app at most.")
MANY = N_("At most %(count)s datasets.")
CIRCLE = N_("The app would belong to itself.")
NOT_YOURS = N_(
    "This is for whoever brings data for the agency that owns the app, and for Walidata."
)


def of(package_ids: Iterable[str], actor: Actor) -> dict[str, dict[str, list[model.Package]]]:
    """Return app → kind → the entries it is linked with, those of which somebody may know."""
    ids = list(dict.fromkeys(package_ids))
    found: dict[str, dict[str, list[model.Package]]] = {
        id_: {kind: [] for kind in KINDS} for id_ in ids
    }
    rows = list(model.Session.scalars(sa.select(AppLink).where(AppLink.package_id.in_(ids))))
    seen = apps.seen((row.target_id for row in rows), actor)
    for target, package in seen.items():
        for row in rows:
            if row.target_id == target:
                found[row.package_id][row.kind].append(package)
    return found


def used_by(package_id: str, actor: Actor) -> list[model.Package]:
    """Return the apps that take or give a dataset, those of which somebody may know."""
    query = sa.select(AppLink.package_id).where(
        AppLink.target_id == package_id, AppLink.kind.in_((DATA_IN, DATA_OUT))
    )
    return list(apps.seen(model.Session.scalars(query).all(), actor).values())


def children(package_id: str, actor: Actor) -> list[model.Package]:
    """Return the apps that belong to an app, those of which somebody may know."""
    query = sa.select(AppLink.package_id).where(
        AppLink.target_id == package_id, AppLink.kind == PARENT
    )
    return list(apps.seen(model.Session.scalars(query).all(), actor).values())


def parents() -> dict[str, str]:
    """Return name → name of the app it belongs to, of all: for looking for circles alone."""
    child, parent = aliased(model.Package), aliased(model.Package)
    query = (
        sa.select(child.name, parent.name)
        .join(AppLink, AppLink.package_id == child.id)
        .join(parent, parent.id == AppLink.target_id)
        .where(AppLink.kind == PARENT)
    )
    return dict(model.Session.execute(query).tuples().all())


def write(app: App, given: Mapping[str, Sequence[str]]) -> Any:
    """Set the links of the kinds that are given; the caller commits.

    What the caller may not know of stays linked: they do not see it, and take nothing of it away.

    :param given: kind → names or ids.
    :returns: the receipt, ``None`` where nothing changed.
    :raises InvalidFields: not theirs, or an entry is not there for them.
    """
    if not app.parts:
        raise InvalidFields({"": [Message(NOT_YOURS)]})
    apps.lock()
    errors: dict[str, list[Message]] = {}
    wanted = {kind: _ids(app, kind, names, errors) for kind, names in given.items()}
    if errors:
        raise InvalidFields(errors)
    query = sa.select(AppLink).where(AppLink.package_id == app.package.id)
    rows = list(model.Session.scalars(query))
    seen = apps.seen((row.target_id for row in rows), app.actor)
    changed: list[str] = []
    for kind, ids in wanted.items():
        there = {row.target_id: row for row in rows if row.kind == kind}
        gone = [row for id_, row in there.items() if id_ in seen and id_ not in ids]
        if kind == PARENT and ids - set(there):
            # There is one: a hidden one gives way, or the link would be refused and tell of it.
            gone = list(there.values())
        new = ids - set(there)
        for row in gone:
            model.Session.delete(row)
        model.Session.flush()
        for id_ in sorted(new):
            model.Session.add(
                AppLink(package_id=app.package.id, kind=kind, target_id=id_, added_by=app.actor.id)
            )
        changed += [kind] if gone or new else []
    if not changed:
        return None
    model.Session.flush()
    return append(
        model.Session,
        event="jepin.linked",
        actor_id=app.actor.id,
        actor_name=app.actor.name,
        dataset_id=app.package.id,
        detail={"kinds": changed},
    )


def _ids(app: App, kind: str, names: Sequence[str], errors: dict[str, list[Message]]) -> set[str]:
    """Return the ids of what is named, each of which the caller may know."""
    found: set[str] = set()
    for name in dict.fromkeys(names):
        other = apps.known(name, app.actor)
        fits = other is not None and (other.package.type == APP) == (kind == PARENT)
        if other is None or not fits:
            errors.setdefault(kind, []).append(Message(UNKNOWN, {"name": name}))
            continue
        found.add(other.package.id)
    if len(found) > (1 if kind == PARENT else MOST):
        errors[kind] = [Message(ONE) if kind == PARENT else Message(MANY, {"count": MOST})]
    if kind == PARENT and any(_belongs(id_, app.package.id) for id_ in found):
        errors[kind] = [Message(CIRCLE)]
    return found


def _belongs(package_id: str, to: str) -> bool:
    """Tell whether an app is another one, or belongs to it by however many steps."""
    over = (
        sa.select(AppLink.target_id)
        .where(AppLink.package_id == package_id, AppLink.kind == PARENT)
        .cte(recursive=True)
    )
    further = sa.select(AppLink.target_id).join(over, AppLink.package_id == over.c.target_id)
    over = over.union(further.where(AppLink.kind == PARENT))
    query = sa.select(sa.exists().where(over.c.target_id == to))
    return package_id == to or bool(model.Session.scalar(query))
