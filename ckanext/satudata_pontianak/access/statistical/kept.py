"""Statistical activities as somebody may know of them, and what is said of one.

Its agency's editors know an activity of theirs, and Walidata all; everybody else knows one of
which they may know a dataset. Others get the answer for an unknown activity.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.cases import steps
from ...classification.incidents.fields import PERSONAL
from ...classification.incidents.steps import kinds_in
from ...classification.records import reads
from ...classification.rules.policy import Channel, as_governed, decide, may_publish
from ...classification.rules.refusals import InvalidFields, NotAllowed
from ...clock import now
from ...ledger import service as ledger
from ...ledger.service import Receipt
from ...messages import Message
from ...msgids import N_
from . import rules
from .fields import Told
from .model import Activity, ActivityDataset

NOT_YOURS = N_("This is for who publishes for the agency of the activity.")
NO_ACTIVITY = N_("The agency of the dataset has no such activity.")
NO_AGENCY = N_("Choose an agency for which you publish.")
Datasets = Mapping[str, Sequence[model.Package]]
"""Activity → its datasets that somebody may know of, by title."""


def reads_of(actor: Actor) -> frozenset[str]:
    """Return the agencies of which somebody knows every activity."""
    if not actor.active:
        return frozenset()
    every = actor.has(Duty.WALIDATA)
    return frozenset(registry.load_agencies()) if every else frozenset(actor.publishes_for)


def activity(id: str) -> Activity | None:
    """Return an activity by its id, whoever asks."""
    return model.Session.get(Activity, id)


def known(actor: Actor, id: str) -> Activity | None:
    """Return an activity that somebody may know of."""
    found = activity(id)
    if found is None or found.agency_id in reads_of(actor):
        return found
    return found if datasets(actor, [found]).get(found.id) else None


def of_dataset(package: model.Package) -> Activity | None:
    """Return the activity that a dataset comes from: who knows the dataset may know of it."""
    query = (
        sa.select(Activity)
        .join(ActivityDataset, ActivityDataset.activity_id == Activity.id)
        .where(ActivityDataset.package_id == package.id, Activity.agency_id == package.owner_org)
    )
    return model.Session.scalars(query).one_or_none()


def listed(actor: Actor, agencies: Collection[str] | None = None) -> list[Activity]:
    """Return the activities that somebody may know of, by title.

    :param agencies: ids of agencies; ``None`` for all.
    """
    query = sa.select(Activity).order_by(sa.func.lower(Activity.title), Activity.id)
    if agencies is not None:
        query = query.where(Activity.agency_id.in_([*agencies]))
    found, mine = [*model.Session.scalars(query)], reads_of(actor)
    others = [each for each in found if each.agency_id not in mine]
    seen = datasets(actor, others)
    return [each for each in found if each.agency_id in mine or seen.get(each.id)]


def datasets(actor: Actor, activities: Iterable[Activity]) -> Datasets:
    """Return the datasets of activities that somebody may know of, each asked of the policy."""
    ids = [each.id for each in activities]
    if not ids:
        return {}
    query = (
        sa.select(Activity.id, model.Package)
        .join(ActivityDataset, ActivityDataset.activity_id == Activity.id)
        .join(model.Package, model.Package.id == ActivityDataset.package_id)
        .where(
            Activity.id.in_(ids),
            model.Package.owner_org == Activity.agency_id,
            model.Package.state == model.State.ACTIVE,
        )
        .order_by(model.Package.title, model.Package.id)
    )
    rows = [(id, package) for id, package in model.Session.execute(query)]
    facts = reads.facts_for([package.id for _, package in rows])
    found: dict[str, list[model.Package]] = {}
    for id, package in rows:
        asked = facts.get(package.id)
        if asked is not None and decide(actor, as_governed(asked), Channel.METADATA):
            found.setdefault(id, []).append(package)
    return found


def save(
    actor: Actor, said: Mapping[str, Any], row: Activity | None, agency_id: str
) -> tuple[Activity, Receipt | None]:
    """Keep what is said of an activity, or a new one; what is not said stays. The caller commits.

    :param row: the activity; ``None`` for a new one of the agency.
    :returns: the activity, and the receipt; ``None`` where nothing changed.
    :raises NotAllowed: they do not publish for the agency.
    :raises InvalidFields: of each field what is wrong with it.
    """
    if not may_publish(actor, agency_id):
        raise NotAllowed("not_yours", Message(NOT_YOURS))
    if row is not None:
        model.Session.refresh(row, with_for_update=True)
    before = {**row.told} if row is not None else {}
    told, errors = rules.checked(said, before)
    errors |= personal(told, before, errors)
    if errors:
        raise InvalidFields(errors)
    if row is not None and told == before:
        return row, None
    row = row or Activity(agency_id=agency_id)
    row.title, row.told = told[rules.TITLE], told
    row.said_by, row.said_at = actor.id, now()
    model.Session.add(row)
    model.Session.flush()
    receipt = ledger.append(
        model.Session,
        event="statistical.change" if before else "statistical.begin",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "activity": row.id,
            "fields": changed(told, before),
        },
    )
    receipt.tell(row, "ledger_entry")
    return row, receipt


def personal(told: Told, before: Told, errors: Collection[str]) -> dict[str, list[Message]]:
    """Return field → what is wrong with it, of those whose new text holds personal data.

    :param errors: fields with another fault, which are not looked at.
    """
    found: dict[str, list[Message]] = {}
    for name, value in told.items():
        if name not in errors and value != before.get(name) and isinstance(value, str):
            kinds = kinds_in(value)
            if kinds:
                found[name] = [Message(PERSONAL, {"kinds": ", ".join(kinds)})]
    return found


def changed(told: Told, before: Told) -> list[str]:
    """Return the fields that say something else than before, by name."""
    return sorted(n for n in told.keys() | before.keys() if told.get(n) != before.get(n))


def attach(package: model.Package, actor: Actor, id: str) -> Receipt | None:
    """Say which activity a dataset comes from, or that it comes from none. The caller commits.

    :param id: of an activity of the dataset's agency; empty: of none.
    :returns: the receipt; ``None`` where nothing changed.
    :raises InvalidFields: the agency has no such activity.
    :raises ckan.plugins.toolkit.NotAuthorized: they reviewed in the case.
    """
    reads.lock_judging(package.id)
    steps.check_may_change(reads.open_case(package.id), package.owner_org, actor)
    wanted = known(actor, id) if id else None
    if id and (wanted is None or wanted.agency_id != package.owner_org):
        raise InvalidFields({"ms_keg": [Message(NO_ACTIVITY)]})
    row = model.Session.get(ActivityDataset, package.id)
    if (row.activity_id if row else "") == (wanted.id if wanted else ""):
        return None
    before = row.activity_id if row else None
    if wanted is None:
        model.Session.delete(row)
    else:
        row = row or ActivityDataset(package_id=package.id)
        row.activity_id, row.said_by, row.said_at = wanted.id, actor.id, now()
        model.Session.add(row)
    model.Session.flush()
    receipt = ledger.append(
        model.Session,
        event="statistical.attach" if wanted else "statistical.detach",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        before={"activity": before},
        after={"activity": wanted.id if wanted else None},
    )
    if wanted is not None:
        receipt.tell(row, "ledger_entry")
    return receipt
