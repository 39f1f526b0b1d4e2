"""Try a new ruleset on everything that is given, and enforce it when an operator says so.

A new ruleset may know what an older one did not. It first runs dry, by the worker, over every
version that somebody may read, oldest decision first; what it would do is kept as a report, and
nothing changes. Once it is enforced (:func:`enforce`), hard identifiers and strict findings
(``findings.strict`` in ``classification.yaml``) in data that are open put a hold on them, which is
an incident; everything else that is not resolved opens a case, or gives the open one a further
reason. What somebody had resolved, and what lapsed because its rule changed, is no new hit: it
opens a case, in which the earlier answer is offered for confirmation. Nothing is decided here.
Source: design section 3 (Holds); UU 27/2022 article 46 (incidents).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ckan import model

from ... import config
from ...agencies.rules.duties import Actor
from ...disclosure.sandbox import Sandbox
from ...messages import Message
from ...msgids import N_
from ..cases import step_service
from ..clock import cases
from ..holds import holds
from ..incidents import incidents
from ..records import job_queue, reads, rulesets
from ..records.model import Decision, DecisionVersion, Hold, Pointer, Scan, Trial, Version, now
from ..rules import past
from ..rules.definition import workflow
from ..rules.refusals import Refused
from ..versions import history, likeness, versions
from .consequences import Rescanned, judge, strict_kinds

REASON = "new_findings"
INCIDENT = "scan"
"""The ground of an incident that a hold of the scan is: see ``schemas/incidents.yaml``."""
BEGUN = "begun"
"""The word for a dataset whose files are being scanned; one that was left so is due again."""
CONSEQUENCES: tuple[str, ...] = ("hold", "case", "none")


@dataclass(frozen=True)
class Progress:
    """How far the trial of the newest ruleset is: numbers of datasets, and what it would do."""

    ruleset: str
    enforced: bool
    tried: int
    left: int
    counts: dict[str, int]


def due(limit: int | None = None) -> list[str]:
    """Return the ids of the datasets with a readable version that the newest ruleset did not see.

    Readable is what is served, and what waits on somebody's desk. What was decided first comes
    first: the oldest rules looked at it.
    """
    done = sa.select(Scan.version_id).where(Scan.ruleset == rulesets.newest())
    served = sa.select(Pointer.version_id)
    begun = sa.select(Trial.package_id).where(
        Trial.ruleset == rulesets.newest(), Trial.consequence == BEGUN
    )
    unseen = sa.and_(
        sa.or_(Version.id.in_(served), Version.state == "waiting"), Version.id.not_in(done)
    )
    query = (
        sa.select(Version.package_id)
        .outerjoin(Decision, (Decision.package_id == Version.package_id) & Decision.in_force)
        .where(sa.or_(unseen, Version.package_id.in_(begun)))
        .group_by(Version.package_id)
        .order_by(sa.func.min(Decision.decided_at).nulls_last(), Version.package_id)
        .limit(limit)
    )
    return list(model.Session.scalars(query))


def run(*, seconds: float | None = None) -> Iterator[Rescanned]:
    """Scan what is due by the newest ruleset, each dataset in a transaction of its own.

    While that ruleset is not enforced nothing follows, and what would follow is kept. A run that
    was killed goes on where it stood: what has its scan is not due any more.

    :param seconds: begin no further dataset after so many.
    """
    enforced, until = rulesets.is_enforced(), time.monotonic() + (seconds or float("inf"))
    with versions.sandbox() as child:
        for dataset_id in due():
            if time.monotonic() > until:
                return
            _keep(Rescanned(dataset_id, 0, BEGUN))
            model.Session.commit()
            _scan(dataset_id, child, keep=True)
            judged = judge(dataset_id)
            _keep(judged)
            if enforced:
                _act(judged)
            model.Session.commit()
            if enforced and judged.consequence != "none":
                step_service.reindex(dataset_id)
            yield judged


def older_due(limit: int | None = None) -> list[str]:
    """Return the ids of older versions that were given and that the newest ruleset did not see.

    Until it did, nobody is given them (``rules/past.py``); of datasets of which nobody said that
    older versions are given none is looked at. What any rules found something in is not looked at
    again: it stays closed.
    """
    seen = sa.select(Scan.version_id).where(Scan.ruleset == rulesets.newest())
    found = sa.select(Scan.version_id).where(Scan.verdict != past.CLEAR)
    said = sa.select(Decision.package_id).where(Decision.in_force, Decision.older_given)
    query = (
        sa.select(Version.id)
        .where(
            Version.state == past.SUPERSEDED,
            Version.masked.is_(None),
            Version.package_id.in_(said),
            Version.sha256.is_not(None),
            Version.id.in_(sa.select(DecisionVersion.version_id)),
            Version.resource_id.in_(sa.select(Pointer.resource_id)),
            Version.id.not_in(sa.union(seen, found)),
        )
        .order_by(Version.created.desc(), Version.id)
        .limit(limit)
    )
    return list(model.Session.scalars(query))


def look_at_older(*, seconds: float | None = None) -> int:
    """Scan older versions by the newest ruleset; return how many.

    What is held where it is served is an incident in one that nothing else closed: it was given.

    :param seconds: begin no further one after so many.
    """
    until, done = time.monotonic() + (seconds or float("inf")), 0
    with versions.sandbox() as child:
        for version_id in older_due():
            if time.monotonic() > until:
                break
            version = model.Session.get(Version, version_id)
            if version is not None:
                known = history.of_version(version).past
                scan = versions.scan(version, child)
                if scan.verdict != past.CLEAR and known and replace(known, clean=True).given:
                    _exposed(version, scan)
                model.Session.commit()
                done += 1
    return done


def _exposed(version: Version, scan: Scan) -> None:
    """Begin an incident for an older version in which new rules found what is held where served."""
    kinds = strict_kinds(scan, ())
    if kinds:
        incidents.begin(
            model.Session,
            dataset_id=version.package_id,
            ground=INCIDENT,
            versions=[version.id],
            kinds=kinds,
            by=None,
            detected_at=now(),
            known_at=now(),
        )


def try_out() -> Iterator[Rescanned]:
    """Scan what is due and say what would become of it; nothing is kept and nothing changes."""
    with versions.sandbox() as child:
        for dataset_id in due():
            try:
                _scan(dataset_id, child, keep=False)
                yield judge(dataset_id)
            finally:
                model.Session.rollback()


def progress() -> Progress:
    """Return how far the newest ruleset was tried, and what it would do."""
    query = (
        sa.select(Trial.consequence, sa.func.count())
        .where(Trial.ruleset == rulesets.newest(), Trial.consequence != BEGUN)
        .group_by(Trial.consequence)
    )
    counts = dict.fromkeys(CONSEQUENCES, 0)
    for consequence, number in model.Session.execute(query):
        counts[str(consequence)] = number
    return Progress(
        ruleset=rulesets.newest(),
        enforced=rulesets.is_enforced(),
        tried=sum(counts.values()),
        left=len(due()),
        counts=counts,
    )


def report() -> list[Trial]:
    """Return what the newest ruleset would hold and reopen, oldest decision first."""
    query = (
        sa.select(Trial)
        .where(Trial.ruleset == rulesets.newest(), Trial.consequence.in_(("hold", "case")))
        .order_by(Trial.decided_at.nulls_last(), Trial.package_id)
    )
    return list(model.Session.scalars(query))


NOT_TRIED = N_(
    "The rules were not tried on everything yet: %(left)s datasets are left. The worker goes on by "
    "itself; or run: ckan satudata rescan"
)


def enforce(actor: Actor | None) -> None:
    """Let the newest ruleset count from now on; commits. What follows is done by :func:`apply`.

    :param actor: the operator; ``None`` where nobody was named.
    :raises Refused: it was not tried on everything yet, or is enforced already.
    """
    if rulesets.is_enforced():
        raise Refused("enforced", Message(N_("These rules are enforced already.")))
    known = progress()
    if known.left:
        raise Refused("not_tried", Message(NOT_TRIED, {"left": known.left}))
    who = actor or Actor(None, None)
    rulesets.enforce(who.id, who.name, known.counts)
    model.Session.commit()


def begin() -> None:
    """Remember the newest ruleset, and let the worker go on with what is due; commits.

    Asked by ``init``, by a start of the site and by the clock: what a worker lost is asked again.
    """
    rulesets.begin()
    model.Session.commit()
    tried = rulesets.is_enforced() or not due(limit=1)
    if not tried or unapplied() or older_due(limit=1):
        ask_worker()


CHUNK_SECONDS = 120
JOBS = ("satudata-rules-a", "satudata-rules-b")


def ask_worker(*, goes_on: bool = False) -> None:
    """Ask the worker for the next portion, unless it was asked already.

    :param goes_on: asked by the job itself, which then still counts as running: two names take
        turns.
    """
    free = [name for name in JOBS if not job_queue.is_waiting(name)]
    if not free or (len(free) < len(JOBS) and not goes_on):
        return
    timeout = CHUNK_SECONDS + config.scan_timeout() * 4 + 60
    job_queue.ask("follow_rules", queue="bulk", timeout=timeout, once=free[0])


def unapplied() -> list[str]:
    """Return the ids of the datasets for which nothing followed yet, oldest decision first."""
    query = (
        sa.select(Trial.package_id)
        .where(Trial.ruleset == rulesets.newest(), Trial.applied_at.is_(None))
        .where(Trial.consequence != BEGUN)
        .order_by(Trial.decided_at.nulls_last(), Trial.package_id)
    )
    return list(model.Session.scalars(query)) if rulesets.is_enforced() else []


def apply() -> Iterator[Rescanned]:
    """Do what follows from the enforced ruleset, each dataset in a transaction of its own.

    Two at once, or one that was killed and begun again, do nothing twice.
    """
    for dataset_id in unapplied():
        query = sa.select(Trial).where(
            Trial.ruleset == rulesets.newest(),
            Trial.package_id == dataset_id,
            Trial.applied_at.is_(None),
        )
        row = model.Session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            model.Session.rollback()
            continue
        judged = judge(dataset_id)
        _keep(judged)
        _act(judged)
        model.Session.commit()
        if judged.consequence != "none":
            step_service.reindex(dataset_id)
        yield judged


def _readable(dataset_id: str) -> list[Version]:
    served = [version for _, version in reads.pointers_of([dataset_id]).values()]
    waiting = reads.waiting_versions([dataset_id])
    return list({v.id: v for v in (*served, *waiting)}.values())


def _scan(dataset_id: str, child: Sandbox, *, keep: bool) -> None:
    """Scan what the newest ruleset has not seen of a dataset.

    :param keep: commit each scan, so that a job that is killed goes on behind it.
    """
    readable = _readable(dataset_id)
    known = reads.scans_by([v.id for v in readable], rulesets.newest())
    for version in readable:
        if version.id not in known:
            versions.scan(version, child)
            if keep:
                model.Session.commit()


def _keep(judged: Rescanned) -> None:
    """Write down what follows for a dataset, in the place of what was written before."""
    decision = reads.decision_in_force(judged.dataset_id)
    key = (rulesets.newest(), judged.dataset_id)
    row = model.Session.get(Trial, key)
    if row is None:
        row = Trial(ruleset=key[0], package_id=key[1])
        model.Session.add(row)
    row.files, row.consequence = judged.files, judged.consequence
    row.kinds, row.opens_case = list(judged.kinds), judged.case
    row.decided_at = decision.decided_at if decision is not None else None
    row.tried_at = now()
    model.Session.flush()


def _act(judged: Rescanned) -> None:
    """Do what follows for a dataset, and write down that it was done."""
    likeness.refresh([judged.dataset_id])
    if judged.case:
        cases.open_or_tell(judged.dataset_id, REASON, workflow().rescan_state)
    row = model.Session.get(Trial, (rulesets.newest(), judged.dataset_id))
    if judged.consequence == "hold":
        _hold(judged, row.tried_at if row is not None else now())
    if row is not None:
        row.applied_at = now()
        model.Session.flush()


def _hold(judged: Rescanned, detected: dt.datetime) -> None:
    """Hold the data, which is an incident; it tells the owner, Walidata and PPID.

    Held already by the scan: one hold is enough. The clock of the law runs from now: a trial says
    what new rules would find, and by enforcing them the portal takes it for known.
    """
    hold = _hold_of_scan(judged.dataset_id)
    if hold is None:
        package = model.Package.get(judged.dataset_id)
        assert package is not None  # noqa: S101 -- judged a moment ago, in this transaction
        holds.place_by_scan(package)
        hold = _hold_of_scan(judged.dataset_id)
    incidents.begin(
        model.Session,
        dataset_id=judged.dataset_id,
        ground=INCIDENT,
        versions=judged.held,
        kinds=judged.held_kinds,
        by=None,
        hold_id=hold.id if hold is not None else None,
        detected_at=detected,
        known_at=now(),
    )


def _hold_of_scan(dataset_id: str) -> Hold | None:
    return next((h for h in reads.active_holds(dataset_id) if h.placed_by is None), None)
