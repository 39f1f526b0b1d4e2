"""The indicators of a dataset as somebody may know of them, and what is said of one.

Who may know the dataset knows its indicators, but for one that is not for everybody: of that only
the editors of its agency and Walidata know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.cases import steps
from ...classification.records import reads
from ...classification.rules.refusals import InvalidFields
from ...clock import now
from ...ledger import service as ledger
from ...ledger.service import Receipt
from ...messages import Message
from ...msgids import N_
from . import indicator_rules as rules
from . import kept
from .model import Indicator

MANY = N_("A dataset has at most %(count)s indicators.")


def every(package: model.Package) -> list[Indicator]:
    """Return the indicators of a dataset, whoever asks, in the order in which they were begun."""
    query = sa.select(Indicator).where(Indicator.package_id == package.id)
    return [*model.Session.scalars(query.order_by(Indicator.begun_at, Indicator.id))]


def known(package: model.Package, actor: Actor) -> list[Indicator]:
    """Return the indicators of a dataset that somebody may know of who may know the dataset."""
    inside = package.owner_org in kept.reads_of(actor)
    return [row for row in every(package) if inside or rules.is_public(row.told)]


def one(package: model.Package, actor: Actor, id: str) -> Indicator | None:
    """Return an indicator of a dataset by its id, where somebody may know of it."""
    return next((row for row in known(package, actor) if row.id == id), None)


def save(
    package: model.Package, actor: Actor, said: Mapping[str, Any], row: Indicator | None
) -> tuple[Indicator, Receipt | None]:
    """Keep what is said of an indicator, or a new one; what is not said stays. The caller commits.

    :param row: the indicator; ``None`` for a new one.
    :returns: the indicator, and the receipt; ``None`` where nothing changed.
    :raises InvalidFields: of each field what is wrong with it.
    :raises ckan.plugins.toolkit.NotAuthorized: they reviewed in the case.
    """
    _begin(package, actor)
    if row is not None:
        model.Session.refresh(row, with_for_update=True)
    before = {**row.told} if row is not None else {}
    told, errors = rules.checked(said, before)
    errors |= kept.personal(told, before, errors)
    most = rules.indicators().most
    if row is None and len(every(package)) >= most:
        errors.setdefault(rules.NAME, []).append(Message(MANY, {"count": most}))
    if errors:
        raise InvalidFields(errors)
    if row is not None and told == before:
        return row, None
    row = row or Indicator(package_id=package.id)
    row.name, row.told = told[rules.NAME], told
    row.said_by, row.said_at = actor.id, now()
    model.Session.add(row)
    model.Session.flush()
    receipt = _record("indicator.say", package, actor, row, kept.changed(told, before))
    receipt.tell(row, "ledger_entry")
    return row, receipt


def remove(package: model.Package, actor: Actor, row: Indicator) -> Receipt:
    """Take an indicator out. The caller commits.

    :raises ckan.plugins.toolkit.NotAuthorized: they reviewed in the case.
    """
    _begin(package, actor)
    model.Session.delete(row)
    model.Session.flush()
    return _record("indicator.remove", package, actor, row, [])


def _begin(package: model.Package, actor: Actor) -> None:
    reads.lock_judging(package.id)
    steps.check_may_change(reads.open_case(package.id), package.owner_org, actor)


def _record(
    event: str, package: model.Package, actor: Actor, row: Indicator, fields: list[str]
) -> Receipt:
    return ledger.append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        detail={"indicator": row.id, "fields": fields},
    )
