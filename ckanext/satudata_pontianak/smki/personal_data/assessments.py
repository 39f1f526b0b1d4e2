"""Impact assessments: the portal says what it knows, a person writes, somebody else concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases import evidence, show
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.records import case_reads, reads
from ...classification.records.model import Case, Decision, Scan, Version
from ...classification.records.request_model import AccessGrant
from ...classification.rules import impact
from ...classification.rules.impact import Stand
from ...classification.rules.policy import Channel, as_governed, decide
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from .. import registers
from ..records import roles
from ..records.model import SmkiControl, now
from ..records.personal_data_model import CONCLUDED, REPLACED, WAITING, Assessment
from ..rules import planning, written
from ..rules.definition import smki
from ..rules.evidence import Status
from ..rules.personal_data import TEXTS, personal_data

LOWEST, LONGEST = 10, 4000
PERSONAL_CODE = ("pemdi", "IK-08")
"""Controls with this code are what the portal does to keep personal data."""

NOT_WRITTEN_BY_YOU = N_("An assessment is written by the owner agency, or by: %(roles)s.")
NOT_YOURS = N_("An assessment is concluded by: %(role)s.")
WROTE = N_("You wrote this assessment. Somebody else concludes it.")
NOTHING_WAITS = N_("No assessment of this dataset waits. Write one first.")
GROWN = N_("Other kinds of data were found since this was written. It has to be written anew.")


@dataclass(frozen=True)
class Known:
    """What the portal knows of a dataset before somebody assesses it: codes and numbers."""

    level: str | None
    kinds: Mapping[str, str | None]
    files: int
    rows: int
    recipients: tuple[str, ...]
    grants: int
    earlier: str | None
    safeguards: tuple[str, ...]

    @property
    def wanted(self) -> list[str]:
        """Return the kinds that need an assessment as it is proposed."""
        return sorted(personal_data().assessment.wanted(self.level, self.kinds))

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it with an assessment."""
        return {
            "level": self.level,
            "kinds": sorted(self.kinds),
            "files": self.files,
            "rows": self.rows,
            "recipients": list(self.recipients),
            "grants": self.grants,
            "earlier": self.earlier,
            "safeguards": list(self.safeguards),
        }


def wanted(level: str | None, found: Mapping[str, str | None]) -> frozenset[str]:
    """Return the kinds that need an assessment before a decision; what classification asks."""
    return personal_data().assessment.wanted(level, found)


def stands(package_ids: Sequence[str]) -> dict[str, Stand]:
    """Return dataset → the kinds that its newest conclusion covers, and whether one waits.

    One without a criterion holds nothing up: kinds that need one are missing until it is concluded.
    """
    opinions = personal_data().assessment.opinions
    query = (
        sa.select(Assessment)
        .where(Assessment.package_id.in_(package_ids), Assessment.state != REPLACED)
        .order_by(Assessment.written_at)
    )
    found: dict[str, Stand] = {}
    for row in model.Session.scalars(query):
        before = found.get(row.package_id, impact.NONE)
        if row.state == WAITING:
            found[row.package_id] = Stand(before.covered, waiting=bool(row.criteria))
            continue
        opinion = opinions.get(row.opinion or "")
        lets = opinion is not None and opinion.lets_decide
        found[row.package_id] = Stand(frozenset(row.kinds) if lets else frozenset(), before.waiting)
    return found


def join() -> None:
    """Have decisions wait for assessments."""
    impact.join(wanted, stands)


def sees(actor: Actor, package: model.Package) -> bool:
    """Tell whether somebody sees assessments: who sees what the scan found of the dataset.

    These are the owner's editors, and of the roles that the file names who may have the data or
    sees the open case. Of what is only counted nobody sees one, unless its open case proposes
    another level: then it is for the owner's editors and who sees the case.
    """
    actor, facts = actor.on(package.id, package.owner_org), reads.facts_of(package.id)
    if package.state != "active" or not actor.active:
        return False
    counted, governed = registers.only_counted(facts), as_governed(facts)
    if counted and not _is_lowered(package.id):
        return False
    if not decide(actor, governed, Channel.METADATA):
        return False
    if facts.owner_org in actor.publishes_for:
        return True
    if not roles.carried_by(actor) & {*personal_data().assessment.seen_by}:
        return False
    if facts.case is not None and show.may_see_case(actor, facts):
        return True
    return not counted and bool(decide(actor, governed, Channel.DATA))


def _is_lowered(package_id: str) -> bool:
    """Tell whether the open case of a dataset proposes a level of which more is told."""
    case = reads.open_case(package_id)
    level = _proposed_level(case) if case is not None else None
    return level is not None and level not in registers.counted_levels()


def _proposed_level(case: Case) -> str | None:
    return ((case.assessment or {}).get("axes") or case.proposal).get("tingkat_keamanan")


def sees_case(actor: Actor, package: model.Package) -> bool:
    """Tell whether nothing is open in a dataset that somebody may not see."""
    facts = reads.facts_of(package.id)
    return facts.case is None or show.may_see_case(actor.on(package.id, package.owner_org), facts)


def shown_to(actor: Actor, package: model.Package, row: Assessment | None) -> Assessment | None:
    """Return an assessment, unless it was written in an open case that somebody may not see."""
    case = reads.open_case(package.id) if row is not None else None
    if row is None or case is None or sees_case(actor, package):
        return row
    return row if row.written_at < case.opened_at else None


def writes(actor: Actor, package: model.Package) -> bool:
    """Tell whether somebody writes assessments of a dataset that they see."""
    if package.owner_org in actor.publishes_for:
        return True
    carried = roles.carried_by(actor) & {*personal_data().assessment.written_by}
    return bool(carried) and sees_case(actor, package)


def concluders() -> frozenset[str]:
    """Return who concludes assessments today: the role, and its deputies where it may not see."""
    role, found = personal_data().assessment.concluded_by, roles.holders()
    people = planning.carriers(smki(), role, found)
    return frozenset([*people, *planning.deputies(smki(), role, found)])


def waiting(package_id: str, *, lock: bool = False) -> Assessment | None:
    """Return the assessment of a dataset that waits for its conclusion."""
    query = sa.select(Assessment).where(
        Assessment.package_id == package_id, Assessment.state == WAITING
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query).one_or_none()


def newest(package_id: str) -> Assessment | None:
    """Return the assessment of a dataset that was concluded last."""
    query = (
        sa.select(Assessment)
        .where(Assessment.package_id == package_id, Assessment.state == CONCLUDED)
        .order_by(Assessment.concluded_at.desc())
        .limit(1)
    )
    return model.Session.scalars(query).first()


def known(package: model.Package, actor: Actor) -> Known:
    """Read what the portal knows of a dataset: of its open case, or of what is served.

    Of a case that the actor may not see it tells nothing.
    """
    case = reads.open_case(package.id) if sees_case(actor, package) else None
    decision = reads.decision_in_force(package.id)
    level = decision.tingkat_keamanan if decision else None
    recipients = tuple(decision.recipients or ()) if decision else ()
    if case is not None:
        loaded = case_reads.load(case, package)
        versions, scans = loaded.files.current, loaded.files.scans
        kinds = evidence.found_kinds(loaded)
        test = case.assessment or {}
        level = _proposed_level(case) or level
        recipients = tuple((test.get("fields") or {}).get("penerima") or recipients)
    else:
        versions, scans, kinds = _served(package.id, decision)
    grants = sa.select(sa.func.count()).where(
        AccessGrant.package_id == package.id,
        AccessGrant.ended_at.is_(None),
        AccessGrant.last_day >= days.today(),
    )
    return Known(
        level=level,
        kinds=kinds,
        files=len(versions),
        rows=sum(_rows(scans[v.id]) for v in versions if v.id in scans),
        recipients=tuple(sorted(recipients)),
        grants=model.Session.scalar(grants) or 0,
        earlier=decision.tingkat_keamanan if decision else None,
        safeguards=_safeguards(),
    )


def _served(
    package_id: str, decision: Decision | None
) -> tuple[Sequence[Version], Mapping[str, Scan], dict[str, str | None]]:
    versions = [version for _, version in reads.pointers_of([package_id]).values()]
    scans = reads.scans_of(version.id for version in versions)
    class_ = decision.data_pribadi if decision else None
    said = reads.answers_of(versions, scans)
    return versions, scans, evidence.kinds_of(versions, scans, said, class_)


def _rows(scan: Scan) -> int:
    files = scan.report.get("files", ())
    return sum(int(table.get("rows") or 0) for file in files for table in file.get("tables", ()))


def _safeguards() -> tuple[str, ...]:
    """Return the controls of personal data that are green now."""
    standard, code = PERSONAL_CODE
    controls = smki().controls.controls
    names = [name for name, each in controls.items() if code in each.codes.get(standard, ())]
    query = sa.select(SmkiControl.name).where(
        SmkiControl.name.in_(names), SmkiControl.status == Status.GREEN
    )
    green = set(model.Session.scalars(query))
    return tuple(name for name in names if name in green)


def write(package: model.Package, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Write an assessment; one that waits is replaced. Who concludes it finds it on their desk.

    The caller commits.

    :param given: the texts, and ``criteria``, a list of names.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = personal_data().assessment, dict[str, list[Message]]()
    if not writes(actor, package):
        labels = [Message(smki().roles.roles[name].label) for name in rules.written_by]
        errors[""] = [Message(NOT_WRITTEN_BY_YOU, {"roles": labels})]
    criteria = given.get("criteria") or []
    if any(name not in rules.criteria for name in criteria):
        choices = sorted(rules.criteria)
        errors["criteria"] = [Message(written.CHOOSE, {"choices": choices})]
    texts = written.texts(TEXTS, given, kinds_in, errors, LOWEST, LONGEST)
    if errors:
        raise InvalidFields(errors)
    before = waiting(package.id, lock=True)
    if before is not None:
        before.state = REPLACED
        model.Session.flush()
    said = known(package, actor)
    row = Assessment(
        package_id=package.id,
        kinds=sorted(said.kinds),
        criteria=sorted(set(criteria)),
        known=said.as_json(),
        texts=texts,
        written_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _record(row, actor, "write", "written_entry")
    people = [one for one in concluding(package, row) if one != actor.id]
    notices.tell(model.Session, "smki_assessment", people, dataset_id=package.id, about=row.id)
    return receipt


def concluding(package: model.Package, row: Assessment) -> list[str]:
    """Return who concludes an assessment today and may see it."""
    found = []
    for person in sorted(concluders()):
        actor = registry.actor_for(person)
        if sees(actor, package) and shown_to(actor, package, row) is not None:
            found.append(person)
    return found


def may_conclude(row: Assessment, actor: Actor) -> Message | None:
    """Return why somebody does not conclude an assessment, or ``None``."""
    if actor.id not in concluders():
        role = personal_data().assessment.concluded_by
        return Message(NOT_YOURS, {"role": Message(smki().roles.roles[role].label)})
    return Message(WROTE) if actor.id == row.written_by else None


def conclude(
    package: model.Package, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds
) -> Any:
    """Conclude the assessment that waits, with an opinion; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = personal_data().assessment, dict[str, list[Message]]()
    row = shown_to(actor, package, waiting(package.id, lock=True))
    if row is None:
        raise InvalidFields({"": [Message(NOTHING_WAITS)]})
    against = may_conclude(row, actor)
    if against is not None:
        errors[""] = [against]
    opinion = written.choice("opinion", given, rules.opinions, errors)
    texts = written.texts(("reasons",), given, kinds_in, errors, LOWEST, LONGEST)
    lets = bool(opinion) and rules.opinions[opinion].lets_decide
    if lets and {*known(package, actor).kinds} - {*row.kinds}:
        errors["opinion"] = [Message(GROWN)]
    if errors:
        raise InvalidFields(errors)
    row.opinion, row.reasons, row.state = opinion, texts["reasons"], CONCLUDED
    row.concluded_by, row.concluded_at = actor.id, now()
    return _record(row, actor, "conclude", "concluded_entry")


def _record(row: Assessment, actor: Actor, action: str, column: str) -> Any:
    """Write into the ledger that a step was taken; never what was written."""
    receipt = append(
        model.Session,
        event=f"smki.assessment_{action}",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=row.package_id,
        detail={"assessment": row.id, "result": row.opinion},
    )
    receipt.tell(row, column)
    model.Session.flush()
    return receipt


def listed(actor: Actor, states: Sequence[str]) -> list[tuple[Assessment, model.Package]]:
    """Return assessments that somebody sees, the oldest first; the policy is asked for each."""
    package: Any = model.Package
    query = (
        sa.select(Assessment, package)
        .join(package, package.id == Assessment.package_id)
        .where(Assessment.state.in_(states))
        .order_by(Assessment.written_at, Assessment.id)
    )
    rows = model.Session.execute(query).tuples().all()
    reads.facts_for(one.id for _, one in rows)
    return [(row, one) for row, one in rows if sees(actor, one) and shown_to(actor, one, row)]
