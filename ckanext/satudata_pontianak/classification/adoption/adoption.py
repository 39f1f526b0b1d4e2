"""Taking over a living portal: a case for every dataset that was there before us.

Nothing that anybody sees changes here: CKAN's rows, files, index and activities stay as they
are. The files are copied into the storage of versions and scanned, and a case is opened for
each dataset. What follows from it is decided by people, and seen only once the operator sets
the types as governed.
"""

from __future__ import annotations

import datetime as dt
import logging
import mimetypes
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ckan import model

from ...agencies.rules.duties import Actor
from ...disclosure.sandbox import Sandbox
from ..cases import record, steps
from ..records import reads
from ..records.model import Case, Step, Version
from ..rules import deadlines
from ..rules.axes import Axes
from ..versions import likeness, versions
from ..writes import incoming
from . import old_portal
from .old_portal import REASON, STAMP

log = logging.getLogger(__name__)

TRANSITION = "adopt"
PROPOSAL = Axes(jenis_informasi="berkala", tingkat_keamanan="biasa", data_pribadi="tidak_ada")


@dataclass
class Outlook:
    """What would happen to the datasets that have no case yet."""

    public: int = 0
    public_files: int = 0
    public_links: int = 0
    private: int = 0
    drafts: int = 0
    without_agency: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def datasets(self) -> int:
        """How many datasets have no case."""
        return self.public + self.private + self.drafts

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return {"datasets": self.datasets, **asdict(self)}


@dataclass
class Report:
    """What a run did."""

    total: int = 0
    public: int = 0
    private: int = 0
    drafts: int = 0
    renewed: int = 0
    files: int = 0
    links: int = 0
    missing: int = 0
    findings: int = 0
    failed_scans: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many datasets this run has looked at."""
        return self.public + self.private + self.drafts + self.renewed + len(self.errors)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return asdict(self)


def outlook(batch: int = 500) -> Outlook:
    """Return what adopting would do; changes nothing."""
    result = Outlook()
    after = ""
    while ids := old_portal.ids_of(old_portal.without_case(), after, batch):
        for package_id in ids:
            _look_at(package_id, result)
        after = ids[-1]
        model.Session.rollback()
        model.Session.expunge_all()
    return result


def _look_at(package_id: str, result: Outlook) -> None:
    package = model.Session.get(model.Package, package_id)
    if package is None:
        return
    public = package.state == "active" and not package.private
    result.without_agency += not package.owner_org
    result.public += public
    result.drafts += package.state == "draft"
    result.private += package.state != "draft" and bool(package.private)
    for resource in old_portal.resources_of(package_id):
        is_file = resource.url_type == "upload"
        result.public_files += public and is_file
        result.public_links += public and not is_file
        if is_file:
            with old_portal.stored_file(resource) as stream:
                if stream is None:
                    result.missing.append(f"{package.name}: {resource.id} ({resource.url})")


@dataclass
class _Hand:
    """What one run works with: who adopts, the child that scans, and how full the days are."""

    actor: Actor
    sandbox: Sandbox
    taken: dict[dt.date, int]

    def turn(self, due: dt.date) -> dt.date:
        """Return the day that is the turn of an adopted case.

        A whole portal due on one day would be late the day after; ``workflow.yaml`` says how
        many of these cases fall due on a working day.
        """
        return deadlines.first_free(due, self.taken, steps.workflow().adopted_per_working_day)


def _taken_days() -> dict[dt.date, int]:
    """Return how many adopted cases that still lie there fall due on each day."""
    query = (
        sa.select(Case.due, sa.func.count())
        .where(Case.reason == REASON, Case.due.is_not(None), Case.ended_at.is_(None))
        .group_by(Case.due)
    )
    return {day: number for day, number in model.Session.execute(query) if day}


def run(
    actor: Actor, *, batch: int = 50, progress: Callable[[Report], None] | None = None
) -> Report:
    """Open a case for every dataset that has none, one transaction for each.

    Safe to break off at any moment and to start again: what was committed is not done twice,
    and what was not is done by the next run.

    :param actor: who adopts, and is the proposer of every case in ``verification``.
    :param batch: after so many datasets ``progress`` is called, memory is given back, and
        another child scans: starting one for each file takes longer than the scan.
    """
    report = Report(
        total=old_portal.count(sa.or_(old_portal.without_case(), old_portal.changed_since()))
    )
    taken = _taken_days()
    if progress:
        progress(report)
    for condition, work in ((old_portal.without_case, _adopt), (old_portal.changed_since, _follow)):
        after = ""
        while ids := old_portal.ids_of(condition(), after, batch):
            with versions.sandbox() as sandbox:
                for package_id in ids:
                    _one(package_id, _Hand(actor, sandbox, taken), work, report)
            after = ids[-1]
            model.Session.expunge_all()
            if progress:
                progress(report)
    return report


Work = Callable[[model.Package, _Hand, Report], Case | None]


def _one(package_id: str, hand: _Hand, work: Work, report: Report) -> None:
    """Take one dataset over, wholly or not at all."""
    model.Session.rollback()
    package = model.Session.get(model.Package, package_id)
    if package is None:
        return
    name, before = package.name, Report(**{**asdict(report), "errors": []})
    try:
        case = work(package, hand, before)
        due = case.due if case else None
        likeness.refresh([package.id])
        model.Session.commit()
    except IntegrityError:
        # Another run, or the agency itself, opened a case a moment ago: it is not ours to do.
        model.Session.rollback()
        log.info("dataset %s has a case by now", name)
        return
    except Exception as error:
        # Whatever is wrong with one dataset must not keep the others from being taken over.
        model.Session.rollback()
        log.exception("dataset %s was not adopted", name)
        report.errors.append({"name": name, "error": f"{type(error).__name__}: {error}"})
        return
    if due:
        hand.taken[due] = hand.taken.get(due, 0) + 1
    for key, value in vars(before).items():
        if key != "errors":
            setattr(report, key, value)


def _adopt(package: model.Package, hand: _Hand, report: Report) -> Case:
    """Open the first case of a dataset with all its bytes."""
    public = package.state == "active" and not package.private
    proposal = PROPOSAL if public else Axes()
    case = record.open_new(package.id, hand.actor, proposal=proposal, reason=REASON)
    for resource in old_portal.resources_of(package.id):
        _add_version(package.id, resource, case, hand, report, proposer=public)
    if public:
        steps.take_step(
            package, case, hand.actor, TRANSITION, {}, None, operator=True, later=hand.turn
        )
    report.public += public
    report.drafts += package.state == "draft"
    report.private += not public and package.state != "draft"
    return case


def _follow(package: model.Package, hand: _Hand, report: Report) -> None:
    """Take what core changed after the dataset was adopted into its case, or into a new one.

    A case that only we have touched is proposed anew and keeps its day; where people have
    acted, the new bytes are for the next case, as the bytes of any other dataset.
    """
    case = reads.open_case(package.id, lock=True)
    target: Case | None = case
    propose = incoming.frozen(case)
    if case is None:
        target = record.open_new(package.id, hand.actor, proposal=PROPOSAL, reason="new_bytes")
    elif propose and _touched(case):
        target, propose = None, False
    for resource in old_portal.resources_of(package.id):
        newest = _newest(resource.id)
        if newest is None or newest.meta.get(STAMP) != old_portal.stamp(resource):
            _add_version(package.id, resource, target, hand, report, proposer=False)
    if case is not None and propose:
        first, due = steps.workflow().first_state, case.due
        record.record_step(
            case,
            hand.actor,
            "renew_bytes",
            event="case.renew_bytes",
            from_state=case.state,
            to_state=first,
            before={"state": case.state},
            after={"state": first, "due": None},
        )
        case.state = first
        steps.take_step(
            package,
            case,
            hand.actor,
            TRANSITION,
            {},
            None,
            operator=True,
            later=lambda day: max(day, due or day),
        )
    report.renewed += 1


def _touched(case: Case) -> bool:
    """Tell whether anybody but this command acted in the case."""
    ours = ("open", TRANSITION, "renew_bytes")
    query = sa.select(sa.func.count()).where(Step.case_id == case.id, Step.action.not_in(ours))
    return case.reason != REASON or bool(model.Session.scalar(query))


def _newest(resource_id: str) -> Version | None:
    query = sa.select(Version).where(Version.resource_id == resource_id)
    return model.Session.scalars(query.order_by(Version.created.desc()).limit(1)).first()


def _add_version(
    package_id: str,
    resource: model.Resource,
    case: Case | None,
    hand: _Hand,
    report: Report,
    *,
    proposer: bool,
) -> None:
    """Copy the bytes of a resource, or note its link, and scan them."""
    name = str(resource.url or "").rsplit("/", 1)[-1]
    is_file = resource.url_type == "upload"
    sha256, size = None, None
    if is_file:
        with old_portal.stored_file(resource) as stream:
            if stream is not None:
                sha256, size = old_portal.keep(stream)
    meta = {key: getattr(resource, key, None) for key in versions.META_FIELDS}
    version = versions.add_version(
        package_id,
        resource.id,
        case,
        kind="upload" if is_file else "link",
        meta={**meta, STAMP: old_portal.stamp(resource)},
        actor_id=hand.actor.id if proposer else None,
        sha256=sha256,
        size=size,
        filename=name if is_file else str(resource.url or ""),
        mimetype=resource.mimetype or (mimetypes.guess_type(name)[0] if is_file else None),
    )
    scan = versions.scan(version, hand.sandbox)
    report.files += is_file
    report.links += not is_file
    report.missing += is_file and sha256 is None
    report.findings += scan.verdict == "findings"
    report.failed_scans += scan.verdict == "failed" and sha256 is not None
