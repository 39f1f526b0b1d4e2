"""What is asked of an app follows the address of its entry, and what is not asked says why."""

from __future__ import annotations

from typing import Any

from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records.dataset_types import APP
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ...smki.records.model import now
from ..records.lifecycle import lives
from ..records.pulse_model import PulseTarget
from ..rules.lifecycle import lifecycle
from . import addresses, targets

NO_ADDRESS = N_("The entry names no web address.")
NOBODY = N_("It was taken out of the pulse, or nobody named it for the pulse.")


def after_dataset_update(context: types.Context, pkg_dict: dict[str, Any]) -> None:
    """Ask an app under the address that its entry has now, in the transaction that changes it."""
    package = model.Package.get(pkg_dict["id"])
    if package is None or package.type != APP:
        return
    actor, before = registry.actor_from_context(context), context.get("original_package")
    # Whoever mends something else names no address: the right to is not lent to who wrote it.
    names = before is not None and addresses.bare(before.get("url")) != addresses.of_entry(package)
    _follow(package, actor, walidata=names and targets.leads(actor))


def taken_into_use(package: model.Package, actor: Actor) -> None:
    """Ask an app that is in use under the address of its entry, in the caller's transaction."""
    _follow(package, actor, walidata=False)


def _follow(package: model.Package, actor: Actor, *, walidata: bool) -> None:
    row = model.Session.get(PulseTarget, package.id, with_for_update=True)
    web = addresses.of_entry(package)
    if row is not None:
        if not row.from_entry or row.web == web:
            return
        addresses.keep(row)
    elif not web or not in_use(package.id) or addresses.is_out(package):
        return
    if web and not targets.problem(web, kinds_in, walidata=walidata):
        if row is None:
            row = PulseTarget(package_id=package.id, robot=False)
            model.Session.add(row)
        row.web, row.from_entry, row.set_by, row.set_at = web, True, actor.id, now()
        model.Session.flush()
        addresses.begin(package.id, web)
    elif row is not None:
        targets.forget(package.id, row)
        addresses.begin(package.id, None)
    else:
        return
    append(
        model.Session,
        event="jepin.target",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        detail={"by": "entry"},
    )


def in_use(package_id: str) -> bool:
    """Tell whether an app was taken into use, and has not ended."""
    life = lives([package_id])[package_id]
    return life.state != lifecycle().first and not life.ended


def unasked(package: model.Package) -> Message | None:
    """Return why an app that is in use is not asked; ``None``: it is, or need not be."""
    if model.Session.get(PulseTarget, package.id) is not None or not in_use(package.id):
        return None
    web = addresses.of_entry(package)
    if not web:
        return Message(NO_ADDRESS)
    return targets.problem(web, kinds_in, walidata=False) or Message(NOBODY)
