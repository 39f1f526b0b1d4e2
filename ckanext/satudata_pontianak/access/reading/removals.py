"""A removal for its paper: read for whoever sees the case, before and after it is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.cases import show
from ...classification.records import reads
from ...classification.records.model import Case, Decision, DecisionVersion, SignedPaper, Step
from ...classification.rules.axes import classification
from ...classification.rules.definition import workflow
from ...classification.rules.policy import Channel, DecisionFacts, Facts, as_governed, decide
from ...ledger.reading import codes_of

KIND = "remove"
NUMBER = "nomor_berita_acara"
"""The field of the step that decides a removal in which its record may get a number."""
AFTERWARDS = (Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID, Duty.PENGAWAS)
"""Duties that need the paper of a removal when the dataset is gone."""
MOST, LOOKED_AT = 20, 100
"""So many removals are listed, and looked at for a list."""


@dataclass(frozen=True)
class Removal:
    """What a case of removal takes away, or took away."""

    case_id: str
    dataset_id: str
    dataset: str
    title: str
    agency: str | None
    whole: bool
    files: tuple[tuple[str, str], ...]
    """Name and format of each file that goes."""
    kept: tuple[str, ...]
    level: str | None
    number: str | None
    reason: str
    duty: Duty
    """Whose step it is to approve."""
    basis: tuple[dict[str, Any], ...]
    decided: dt.date | None
    receipt: str | None
    record: str | None = None
    """The number that its record got with the step."""

    @property
    def draft(self) -> bool:
        """Tell whether it is not decided yet."""
        return self.decided is None


def read(actor: Actor, case_id: str) -> Removal | None:
    """Return a removal; ``None`` where there is none, it was withdrawn, or it is not for the actor.

    :param case_id: the id of its case.
    """
    case = model.Session.get(Case, case_id)
    package = model.Package.get(case.package_id) if case is not None else None
    if (
        case is None
        or package is None
        or case.kind != KIND
        or case.state == workflow().withdrawn_state
    ):
        return None
    step = _decided(case.id)
    decision = _decision(package.id, step.at if step else None)
    if not may_read(actor, reads.facts_of(package.id), _level(decision)):
        return None
    duty = _duty(case, step, decision)
    chosen = case.changes.get("resources")
    whole = not chosen
    covered = _covered(decision) - _gone(case)
    goes = covered if whole else set(chosen)
    found = _files(package.id, covered | goes)
    agency = registry.agency(package.owner_org)
    codes = codes_of(model.Session, [step.ledger_entry] if step else [])
    return Removal(
        case_id=case.id,
        dataset_id=package.id,
        dataset=package.name,
        title=package.title or package.name,
        agency=agency.title if agency else None,
        whole=whole,
        files=tuple((name, form) for file, name, form in found if file in goes),
        kept=tuple(name for file, name, _ in found if file not in goes),
        level=decision.tingkat_keamanan if decision else None,
        number=decision.nomor if decision else None,
        reason=case.reason,
        duty=duty,
        basis=tuple(dict(item) for item in _basis(duty)),
        decided=step.at.astimezone(days.CITY).date() if step else None,
        receipt=codes.get(step.ledger_entry or 0) if step else None,
        record=step.fields.get(NUMBER) if step else None,
    )


def may_read(actor: Actor, facts: Facts, level: Sequence[Any] | None) -> bool:
    """Tell whether somebody reads the papers of removals on a dataset.

    Whoever sees the case. Once the dataset is gone nobody but its agency does: then the duties of
    ``AFTERWARDS`` as well, and of all of them those who may see the metadata under what had been
    decided.

    :param level: level, recipients and "all agencies" of the last decision; ``None``: none was.
    """
    facts = as_governed(facts)
    sees = show.may_see_case(actor, facts)  # both are asked always, at the same cost
    then = DecisionFacts(level[0], frozenset(level[1] or ()), bool(level[2])) if level else None
    stood = replace(facts, deleted=False, decision=then, grants=frozenset())
    under = bool(decide(actor, stood, Channel.METADATA))
    if not facts.deleted:
        return sees
    return under and (sees or (actor.active and any(actor.has(duty) for duty in AFTERWARDS)))


def may_bring(actor: Actor, removal: Removal) -> bool:
    """Tell whether somebody brings the signed paper of a removal: who holds the duty it is of."""
    return actor.active and not removal.draft and actor.has(removal.duty)


def were_decided() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of cases by which something was removed."""
    return Case.kind == KIND, Case.state.in_(workflow().decided_states)


@dataclass(frozen=True)
class Unsigned:
    """A removal that was decided and has no signed record."""

    case_id: str
    dataset_id: str
    decided: dt.date
    called: str
    """The number of its record; the receipt of the step where it has none yet."""


def unsigned() -> list[Unsigned]:
    """Return the removals that were decided and have no signed record, the oldest first.

    For who looks after the site: it names no dataset. Two queries.
    """
    query = (
        sa.select(Case.id, Case.package_id, Step.at, Step.fields[NUMBER].astext, Step.ledger_entry)
        .join(Step, Step.case_id == Case.id)
        .join(model.Package, model.Package.id == Case.package_id)  # what was purged is not read
        .where(*were_decided(), Step.to_state.in_(workflow().decided_states), ~_signed())
        .order_by(Step.at, Case.id)
    )
    rows = model.Session.execute(query).all()
    codes = codes_of(model.Session, [entry for *_, entry in rows])
    return [
        Unsigned(
            case_id,
            dataset_id,
            at.astimezone(days.CITY).date(),
            number or codes.get(entry or 0, ""),
        )
        for case_id, dataset_id, at, number, entry in rows
    ]


def _signed() -> sa.ColumnElement[bool]:
    """Return the condition of cases whose record was signed."""
    return sa.exists().where(SignedPaper.removal == Case.id)


def recent(actor: Actor, most: int = MOST) -> list[Removal]:
    """Return what was removed, of what the actor may read papers of.

    What has no signed record comes first, then the latest.
    """
    query = (
        sa.select(Case.id)
        .where(*were_decided())
        .order_by(_signed(), Case.ended_at.desc(), Case.id)
        .limit(LOOKED_AT)
    )
    found: list[Removal] = []
    for case_id in model.Session.scalars(query).all():
        one = read(actor, case_id) if len(found) < most else None
        if one is not None:
            found.append(one)
    return found


def decided_on(actor: Actor, dataset_id: str) -> list[Removal]:
    """Return the removals that were decided on a dataset, the latest first."""
    query = (
        sa.select(Case.id)
        .where(Case.package_id == dataset_id, *were_decided())
        .order_by(Case.ended_at.desc(), Case.id)
        .limit(20)
    )
    found = (read(actor, case_id) for case_id in model.Session.scalars(query))
    return [one for one in found if one is not None]


def case_of(actor: Actor, case_id: str, entry: int) -> str | None:
    """Return the case of a removal that an entry of the ledger decided, where it may be read."""
    step = _decided(case_id)
    if step is None or step.ledger_entry != entry or read(actor, case_id) is None:
        return None
    return case_id


def _level(decision: Decision | None) -> list[Any] | None:
    if decision is None:
        return None
    return [decision.tingkat_keamanan, decision.recipients, decision.all_agencies]


def _decided(case_id: str) -> Step | None:
    query = sa.select(Step).where(
        Step.case_id == case_id, Step.to_state.in_(workflow().decided_states)
    )
    return model.Session.scalars(query.order_by(Step.id.desc()).limit(1)).first()


def _decision(dataset_id: str, until: dt.datetime | None) -> Decision | None:
    """Return the decision that was in force when the removal was decided, or is now."""
    query = sa.select(Decision).where(Decision.package_id == dataset_id)
    if until is not None:
        query = query.where(Decision.decided_at <= until)
    return model.Session.scalars(query.order_by(Decision.decided_at.desc()).limit(1)).first()


def _duty(case: Case, step: Step | None, decision: Decision | None) -> Duty:
    """Return who approves: who did, whose desk it is on, or whose level it is."""
    if step is not None and step.duty in (Duty.WALIDATA.value, Duty.PPID.value):
        return Duty(step.duty)
    if workflow().states[case.state].holder == Duty.PPID.value:
        return Duty.PPID
    closed = decision is not None and not classification().is_open(decision.tingkat_keamanan)
    return Duty.PPID if closed else Duty.WALIDATA


def _basis(duty: Duty) -> list[Any]:
    """Return what the definition names as the basis of asking for a removal and approving it."""
    steps = [
        step
        for step in workflow().transitions.values()
        if KIND in step.kinds and (step.name == "submit" or step.effect == "decide_remove")
    ]
    return [
        item
        for step in steps
        if step.name == "submit" or step.by == duty.value
        for item in step.basis
    ]


def _covered(decision: Decision | None) -> set[str]:
    if decision is None:
        return set()
    query = sa.select(DecisionVersion.resource_id)
    query = query.where(DecisionVersion.decision_id == decision.id)
    return set(model.Session.scalars(query))


def _gone(case: Case) -> set[str]:
    """Return the files that went by an earlier removal."""
    query = sa.select(Case.changes).where(Case.package_id == case.package_id, *were_decided())
    if case.ended_at is not None:
        query = query.where(Case.ended_at < case.ended_at)
    return {f for changes in model.Session.scalars(query) for f in changes.get("resources") or ()}


def _files(dataset_id: str, ids: set[str]) -> list[tuple[str, str, str]]:
    """Return id, name and format of files, also of those that are gone, in their order."""
    resource: Any = model.Resource
    query = (
        sa.select(resource.id, resource.name, resource.format)
        .where(resource.package_id == dataset_id, resource.id.in_(ids))
        .order_by(resource.position, resource.id)
    )
    rows = model.Session.execute(query).all()
    return [(row.id, row.name or "", row.format or "") for row in rows]
