"""What apps lack, since when, and which of them go before the Forum Satu Data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.records.dataset_types import APP
from ...classification.records.model import now
from ...classification.rules.policy import may_publish
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ...smki.cooperation import agenda
from ...smki.records import roles
from ...smki.rules import written
from ..records.lack_model import AppLack
from ..records.lifecycle import lives
from ..records.standing import Standing, standing
from ..rules.door import LACKS, door

ALIVE = ("open", "maintenance")
NOT_LACKED = N_("The app does not lack this.")


def lacking(package: model.Package, pulse: Standing, staffed: Collection[str]) -> list[str]:
    """Return what an app lacks now.

    :param staffed: ids of the agencies for which somebody publishes.
    """
    said = package.extras or {}
    holds = {
        "owner": package.owner_org in staffed and bool(package.maintainer_email),
        "pulse": pulse.word in ALIVE,
        "sop": bool(said.get("nomor_sop")),
    }
    return [name for name in LACKS if not holds[name]]


def keep(today: dt.date | None = None) -> int:
    """Write down what apps lack since today, forget what is there, tell owners in time; commit.

    :returns: how many people were told.
    """
    day, told, forum = today or days.today(), 0, door().forum
    packages = {p.id: p for p in model.Session.scalars(_apps())}
    life, pulse = lives(packages), standing(packages)
    staffed = registry.publishers(registry.load_agencies())
    known = {(row.package_id, row.lack): row for row in model.Session.scalars(sa.select(AppLack))}
    here = {
        (id_, lack)
        for id_, package in packages.items()
        if not life[id_].ended
        for lack in lacking(package, pulse[id_], staffed)
    }
    for key in known.keys() - here:
        model.Session.delete(known[key])
    for package_id, lack in sorted(here - known.keys()):
        model.Session.add(AppLack(package_id=package_id, lack=lack, since=day))
    for key in sorted(here & known.keys()):
        row = known[key]
        if row.told is None and forum.tells(row.since) <= day:
            row.told = day
            told += _tell(row, packages[row.package_id].owner_org)
    model.Session.commit()
    return told


def _apps() -> Any:
    return sa.select(model.Package).where(
        model.Package.type == APP, model.Package.state == "active"
    )


def _tell(row: AppLack, owner_org: str | None) -> int:
    due = door().forum.before_it(row.since, row.told)
    return notices.tell(
        model.Session,
        "jepin_lack",
        notices.recipients("jepin_lack", owner_org),
        dataset_id=row.package_id,
        facts={"due": due.isoformat()},
        about=f"{row.package_id}:{row.lack}:{row.since.isoformat()}",
    )


def is_before_it(row: AppLack, today: dt.date | None = None) -> bool:
    """Tell whether something stands before the Forum: long enough, and the owner could answer."""
    day = today or days.today()
    return row.told is not None and door().forum.before_it(row.since, row.told) <= day


def reads_forum(actor: Actor) -> bool:
    """Tell whether somebody reads what goes before the Forum."""
    return bool(roles.carried_by(actor) & {*door().forum.seen_by})


def owns(actor: Actor, package: model.Package) -> bool:
    """Tell whether somebody answers for an app."""
    return may_publish(actor.on(package.id, package.owner_org), package.owner_org)


def rows() -> dict[str, list[AppLack]]:
    """Return app → what of it its owner was told, in the order of the file."""
    found: dict[str, list[AppLack]] = {}
    query = sa.select(AppLack).where(AppLack.told.is_not(None))
    for row in sorted(model.Session.scalars(query), key=lambda row: LACKS.index(row.lack)):
        found.setdefault(row.package_id, []).append(row)
    return found


def answer(package: model.Package, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Answer what an app lacks, for the Forum to read. The caller commits.

    :param given: ``lack`` and ``answer``.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: dict[str, list[Message]] = {}
    lack = written.choice("lack", given, LACKS, errors)
    length = door().forum.answer
    texts = written.texts(
        ("answer",), given, kinds_in, errors, length.min_length, length.max_length
    )
    row = model.Session.get(AppLack, (package.id, lack), with_for_update=True) if lack else None
    if lack and row is None:
        errors["lack"] = [Message(NOT_LACKED)]
    if errors or row is None:
        raise InvalidFields(errors)
    row.answer, row.answered_by, row.answered_at = texts["answer"], actor.id, now()
    receipt = append(
        model.Session,
        event="jepin.lack_answer",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        detail={"kind": lack},
    )
    model.Session.flush()
    return receipt


def _before_it(actor: Actor) -> Iterator[agenda.Item]:
    """Give the Forum's agenda what stands before it; who may know of the app is asked there."""
    if not reads_forum(actor):
        return
    found = {id_: [row for row in lacked if is_before_it(row)] for id_, lacked in rows().items()}
    query = sa.select(model.Package.id, model.Package.owner_org)
    query = query.where(model.Package.id.in_(found))
    owners: dict[str, str | None] = dict(model.Session.execute(query).tuples().all())
    for id_, lacked in found.items():
        for row in lacked:
            yield agenda.Item(
                key=f"{id_}:{row.lack}",
                words=Message(door().forum.lacks[row.lack].label),
                since=row.since,
                agency_id=owners.get(id_),
                package_id=id_,
            )


agenda.offer("lacks", N_("What apps lack"), _before_it)


def ordered(found: Mapping[str, Sequence[AppLack]]) -> list[str]:
    """Return the apps by what they lack longest."""
    return sorted(found, key=lambda id_: (min(row.since for row in found[id_]), id_))
