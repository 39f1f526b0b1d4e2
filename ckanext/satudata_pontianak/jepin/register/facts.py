"""Security facts of an app: for the owner's publishers and the roles of the file alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...classification.incidents.fields import Kinds
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...smki.records import roles
from ..records.apps import App
from ..records.register_model import AppSecurity, now
from ..rules.security import security


def may(app: App) -> bool:
    """Tell whether the caller reads and writes the security facts of an app."""
    if not app.actor.active or app.actor.id is None:
        return False
    return "owner" in app.parts or bool(roles.carried_by(app.actor) & {*security().roles})


def of(app: App) -> AppSecurity | None:
    """Return what is written of an app; who asks has asked :func:`may` before."""
    return model.Session.get(AppSecurity, app.package.id)


def write(app: App, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Write the facts that are given; the others stay. The caller commits.

    The ledger says which facts changed, never what they hold.

    :returns: the receipt, ``None`` where nothing changed.
    :raises InvalidFields: with every problem.
    """
    model.Session.execute(
        sa.select(model.Package.id).where(model.Package.id == app.package.id).with_for_update()
    )
    found, errors = security().read(given, kinds_in, days.today())
    if errors:
        raise InvalidFields(errors)
    row = of(app) or AppSecurity(package_id=app.package.id, facts={})
    changed = sorted(name for name, value in found.items() if row.facts.get(name) != value)
    if not changed:
        return None
    kept = {**row.facts, **found}
    row.facts = {name: value for name, value in kept.items() if value is not None}
    row.changed_by, row.changed_at = app.actor.id, now()
    model.Session.add(row)
    receipt = append(
        model.Session,
        event="jepin.secured",
        actor_id=app.actor.id,
        actor_name=app.actor.name,
        dataset_id=app.package.id,
        detail={"fields": changed},
    )
    receipt.tell(row, "ledger_entry")
    model.Session.flush()
    return receipt
