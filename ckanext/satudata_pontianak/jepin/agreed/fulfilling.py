"""An agency names the dataset that fulfils a row of its agreed data, or takes it out again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.rules.policy import may_publish
from ...classification.rules.refusals import InvalidFields, NotAllowed
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records import known_packages
from ..records.agreed_model import AgreedData
from ..rules.agreed import DATASET
from . import bringing

NOT_YOURS = N_("This is for who publishes for the agency that owes it.")


def find(row_id: str) -> AgreedData | None:
    """Return a row by its id."""
    query = sa.select(AgreedData).where(AgreedData.id == row_id)
    return model.Session.scalars(query).one_or_none()


def fulfil(row: AgreedData, name: str, actor: Actor) -> Any:
    """Name the dataset that fulfils a row; the caller commits.

    A dataset that stands there and of which they may not know is to them as none: taking it out
    changes nothing, naming another takes its place. Each is in the ledger of its dataset.

    :param name: of a dataset of the agency; empty: none fulfils it.
    :returns: the receipt, ``None`` where nothing changed.
    :raises NotAllowed: they do not publish for the agency.
    :raises InvalidFields: the agency has no such dataset.
    :raises LookupError: the row went meanwhile, with a list that was brought.
    """
    row_id = row.id
    if not may_publish(actor, row.agency_id):
        raise NotAllowed("not_yours", Message(NOT_YOURS))
    bringing.lock()
    if find(row_id) is None:
        raise LookupError(row_id)
    package = _named(name, row, actor) if name else None
    known = known_packages.by_ids({row.package_id}, actor).get(row.package_id or "")
    before = known if bringing.fulfils(known, row.agency_id) else None
    if (before.id if before else None) == (package.id if package else None):
        return None
    receipt = None
    if before is not None:
        receipt = _record("jepin.agreed_release", row, before, actor)
    if package is not None:
        receipt = _record("jepin.agreed_fulfil", row, package, actor)
    row.package_id = package.id if package else None
    if receipt is not None:
        receipt.tell(row, "ledger_entry")
    model.Session.flush()
    return receipt


def _named(name: str, row: AgreedData, actor: Actor) -> model.Package:
    known = known_packages.named({name}, actor, locked=True)
    package = next(iter(known.values()), None)
    if package is None or not bringing.fulfils(package, row.agency_id):
        raise InvalidFields({DATASET: [Message(bringing.NO_DATASET)]})
    return package


def _record(event: str, row: AgreedData, package: model.Package, actor: Actor) -> Any:
    return append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        detail={"number": row.year, "code": row.code},
    )
