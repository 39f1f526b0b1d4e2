"""A decision that excludes something, for its documents: read for those who may see it.

Before it is decided there is a draft: PPID and its superior print it, sign it and then take the
step. Both have the same address, named after the case, which the code on the paper leads to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.cases import determination
from ...classification.records import reads
from ...classification.records.model import Case, Decision, Step
from ...classification.rules.axes import classification
from ...classification.rules.definition import workflow
from ...classification.rules.exclusion import Determination
from ...classification.rules.policy import Channel, DecisionFacts, as_governed, decide
from ...ledger.reading import codes_of
from ...ledger.tables import entry_table
from ..hidden.knowing import DRAFTED_BY

MOST = 50
"""So many decisions stand on one paper at most."""


@dataclass(frozen=True)
class Record:
    """What was decided, or is about to be, and of which dataset."""

    id: str
    """Of the decision; of the case while nothing is decided."""
    case_id: str
    package: model.Package
    said: Determination
    number: str | None
    decided: dt.date | None
    in_force: bool
    entry: int | None = None
    """The entry of the ledger that proves the step, with its hash."""
    hash: str | None = None
    receipt: str | None = None
    """The code by which the step is looked up."""

    @property
    def draft(self) -> bool:
        """Tell whether it is not decided yet."""
        return self.decided is None


def read(actor: Actor, reference: str) -> Record | None:
    """Return a decision that excludes, ``None`` where there is none or it is not for the actor.

    Whoever may see the metadata of the dataset may see it. A decision that another one took the
    place of is for those who may see the metadata under both: what was more closed then does not
    open by a later decision. A draft is for PPID and its superior alone.

    :param reference: the id of the decision, or of its case.
    """
    found = model.Session.get(Decision, reference) or _of_case(reference)
    if found is None:
        return _draft(actor, reference)
    package = model.Package.get(found.package_id)
    if package is None or classification().is_open(found.tingkat_keamanan):
        return None
    now = as_governed(reads.facts_of(package.id))
    recipients = frozenset(found.recipients or ())
    under = DecisionFacts(found.tingkat_keamanan, recipients, bool(found.all_agencies))
    then = replace(now, decision=under, grants=frozenset())
    if not all(decide(actor, facts, Channel.METADATA) for facts in (now, then)):
        return None
    entry, digest = _proof(found)
    return Record(
        id=found.id,
        case_id=found.case_id,
        package=package,
        said=_said(found, package),
        number=found.nomor,
        decided=found.decided_at.astimezone(days.CITY).date(),
        in_force=found.in_force,
        entry=entry,
        hash=digest,
        receipt=codes_of(model.Session, [entry]).get(entry or 0),
    )


def together(actor: Actor, record: Record) -> list[Record]:
    """Return the records that stand on the same paper, this one first.

    One act of one person under one number on one day. What the reader may not see is left out.
    """
    if record.draft or not record.number:
        return [record]
    own = model.Session.get(Decision, record.id)
    if own is None:
        return [record]
    begins = own.decided_at.astimezone(days.CITY).replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        sa.select(Decision.id)
        .where(
            Decision.nomor == own.nomor,
            Decision.decided_by == own.decided_by,
            Decision.decided_at >= begins,
            Decision.decided_at < begins + dt.timedelta(days=1),
            Decision.id != own.id,
        )
        .order_by(Decision.decided_at, Decision.id)
        .limit(MOST - 1)
    )
    others = [read(actor, reference) for reference in model.Session.scalars(query)]
    return [record, *[other for other in others if other is not None]]


def drafts(actor: Actor, references: Iterable[str]) -> list[Record]:
    """Return the drafts among cases, in order; what is none, or not for the actor, is left out."""
    found = [read(actor, r) for r in list(dict.fromkeys(references))[:MOST]]
    return [record for record in found if record is not None and record.draft]


def in_force(package_id: str) -> str | None:
    """Return the id of the decision of a dataset that excludes it."""
    found = reads.decision_in_force(package_id)
    if found is None or classification().is_open(found.tingkat_keamanan):
        return None
    return found.id


def draft_of(actor: Actor, package_id: str) -> str | None:
    """Return the id of the case of a dataset of which the actor may print a draft."""
    case = reads.open_case(package_id)
    found = _draft(actor, case.id) if case is not None else None
    return found.id if found else None


def _of_case(case_id: str) -> Decision | None:
    query = sa.select(Decision).where(Decision.case_id == case_id)
    return model.Session.scalars(query.order_by(Decision.decided_at.desc()).limit(1)).first()


def _draft(actor: Actor, case_id: str) -> Record | None:
    """Return what a case would decide, for those who sign it."""
    case = model.Session.get(Case, case_id)
    package = model.Package.get(case.package_id) if case else None
    if case is None or package is None or not case.is_open or not case.assessment:
        return None
    level = (case.assessment.get("axes") or {}).get("tingkat_keamanan")
    if not level or classification().is_open(level):
        return None
    if not any(actor.has(duty) for duty in DRAFTED_BY):
        return None
    if not decide(actor, as_governed(reads.facts_of(package.id)), Channel.METADATA):
        return None
    fields = case.assessment.get("fields") or {}
    titles = {a.name: a.title for a in registry.read_agencies().values()}
    named = fields.get("penerima") or ()
    names = tuple(titles.get(name) or name for name in named)
    said = _determination(
        fields,
        package,
        level=level,
        personal=case.assessment["axes"].get("data_pribadi"),
        recipients=_recipients(names, everybody=classification().all_agencies in named),
        assessor=_name(case.assessment.get("by")),
    )
    return Record(case.id, case.id, package, said, number=None, decided=None, in_force=True)


def _proof(decision: Decision) -> tuple[int | None, str | None]:
    """Return the entry of the step that decided, and its hash."""
    query = (
        sa.select(entry_table.c.id, entry_table.c.hash)
        .join(Step, Step.ledger_entry == entry_table.c.id)
        .where(Step.case_id == decision.case_id, Step.to_state.in_(workflow().decided_states))
        .order_by(Step.id.desc())
        .limit(1)
    )
    row = model.Session.execute(query).first()
    return (row.id, row.hash) if row else (None, None)


def _said(decision: Decision, package: model.Package) -> Determination:
    agencies = registry.read_agencies(with_closed=True)
    names = tuple(agencies[i].title for i in decision.recipients or () if i in agencies)
    return _determination(
        determination.fields_of(decision),
        package,
        level=decision.tingkat_keamanan,
        personal=decision.data_pribadi,
        recipients=_recipients(names, everybody=bool(decision.all_agencies)),
        assessor=_assessor(decision),
    )


def _recipients(names: tuple[str, ...], *, everybody: bool) -> tuple[str, ...]:
    return (classification().all_agencies,) if everybody else names


def _determination(
    fields: Mapping[str, Any],
    package: model.Package,
    *,
    level: str,
    personal: str | None,
    recipients: tuple[str, ...],
    assessor: str | None,
) -> Determination:
    body, agency = registry.body_of(Duty.PPID), registry.agency(package.owner_org)
    more = determination.weighing(fields)
    title = agency.title if agency else None
    return Determination(
        information=fields.get("informasi"),
        letter=fields.get("pasal_pengecualian"),
        level=level,
        body=body.title if body else None,
        assessor=assessor,
        agency=title,
        start=fields.get("mulai"),
        until=fields.get("akhir"),
        review=fields.get("tanggal_reviu"),
        legal_basis=fields.get("dasar_hukum"),
        if_opened=fields.get("konsekuensi_dibuka"),
        if_closed=fields.get("konsekuensi_ditutup"),
        place=fields.get("tempat") or classification().exclusion.place,
        **{**more, "heard": more["heard"] or title},
        recipients=recipients,
        personal=personal,
    )


def _assessor(decision: Decision) -> str | None:
    """Return the name of who tested the consequence last before it was decided.

    A renewal decides again what was tested in an earlier case.
    """
    query = (
        sa.select(Step.actor_id)
        .where(
            Step.package_id == decision.package_id,
            Step.action == "assess",
            Step.at <= decision.decided_at,
        )
        .order_by(Step.id.desc())
        .limit(1)
    )
    return _name(model.Session.scalar(query))


def _name(user_id: str | None) -> str | None:
    user = model.User.get(user_id) if user_id else None
    return (user.fullname or user.name) if user else None
