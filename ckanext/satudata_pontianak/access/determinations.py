"""A decision that excludes something, for its documents: read for those who may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ckan import model

from ..agencies import registry
from ..agencies.duties import Actor, Duty
from ..classification import determining, repository
from ..classification.axes import classification
from ..classification.exclusion import Determination
from ..classification.model import Decision, Step
from ..classification.policy import Channel, DecisionFacts, as_governed, decide


@dataclass(frozen=True)
class Record:
    """What was decided, and of which dataset."""

    id: str
    package: model.Package
    said: Determination
    number: str | None
    decided: dt.date
    in_force: bool


def read(actor: Actor, decision_id: str) -> Record | None:
    """Return a decision that excludes, ``None`` where there is none or it is not for the actor.

    Whoever may see the metadata of the dataset may see it. A decision that another one took the
    place of is for those who may see the metadata under both: what was more closed then does not
    open by a later decision.
    """
    found = model.Session.get(Decision, decision_id)
    package = model.Package.get(found.package_id) if found else None
    if found is None or package is None or classification().is_open(found.tingkat_keamanan):
        return None
    now = as_governed(repository.facts_of(package.id))
    recipients = frozenset(found.recipients or ())
    under = DecisionFacts(found.tingkat_keamanan, recipients, bool(found.all_agencies))
    then = replace(now, decision=under, grants=frozenset())
    if not all(decide(actor, facts, Channel.METADATA) for facts in (now, then)):
        return None
    return Record(
        id=found.id,
        package=package,
        said=_said(found, package),
        number=found.nomor,
        decided=found.decided_at.astimezone(registry.CITY_CLOCK).date(),
        in_force=found.in_force,
    )


def in_force(package_id: str) -> str | None:
    """Return the id of the decision of a dataset that excludes it."""
    found = repository.decision_in_force(package_id)
    if found is None or classification().is_open(found.tingkat_keamanan):
        return None
    return found.id


def _said(decision: Decision, package: model.Package) -> Determination:
    fields = determining.fields_of(decision)
    body, agency = registry.body_of(Duty.PPID), registry.agency(package.owner_org)
    return Determination(
        information=fields.get("informasi"),
        letter=fields.get("pasal_pengecualian"),
        level=decision.tingkat_keamanan,
        body=body.title if body else None,
        assessor=_assessor(decision),
        agency=agency.title if agency else None,
        start=decision.mulai,
        until=decision.akhir,
        review=decision.tanggal_reviu,
        legal_basis=fields.get("dasar_hukum"),
        if_opened=fields.get("konsekuensi_dibuka"),
        if_closed=fields.get("konsekuensi_ditutup"),
        place=fields.get("tempat") or classification().exclusion.place,
    )


def _assessor(decision: Decision) -> str | None:
    """Return the name of who tested the consequence last before it was decided.

    A renewal decides again what was tested in an earlier case.
    """
    query = (
        sa.select(model.User.fullname, model.User.name)
        .join(Step, Step.actor_id == model.User.id)
        .where(
            Step.package_id == decision.package_id,
            Step.action == "assess",
            Step.at <= decision.decided_at,
        )
        .order_by(Step.id.desc())
        .limit(1)
    )
    row = model.Session.execute(query).first()
    return (row.fullname or row.name) if row else None
