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

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config
from ..agencies.duties import Actor
from ..disclosure.sandbox import Sandbox
from ..msgids import N_
from . import (
    clock,
    evidence,
    findings,
    holds,
    likeness,
    repository,
    rulesets,
    stepping,
    versions,
)
from .axes import classification
from .definition import workflow
from .messages import Message, Refused
from .model import Decision, Pointer, Scan, Trial, Version, now

REASON = "new_findings"
CONSEQUENCES: tuple[str, ...] = ("hold", "case", "none")


@dataclass(frozen=True)
class Rescanned:
    """What becomes of one dataset. ``consequence`` is ``hold``, ``case`` or ``none``.

    ``kinds`` are the kinds of what is new and not resolved; ``case`` says whether a case opens,
    also beside a hold. ``held`` are the ids of the versions that a hold is placed for, and
    ``held_kinds`` what it is placed for.
    """

    dataset_id: str
    files: int
    consequence: str
    kinds: tuple[str, ...] = ()
    case: bool = False
    held: tuple[str, ...] = ()
    held_kinds: tuple[str, ...] = ()


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
    query = (
        sa.select(Version.package_id)
        .outerjoin(Decision, (Decision.package_id == Version.package_id) & Decision.in_force)
        .where(sa.or_(Version.id.in_(served), Version.state == "waiting"))
        .where(Version.id.not_in(done))
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
            _scan(dataset_id, child)
            judged = _judge(dataset_id)
            _keep(judged)
            if enforced:
                _act(judged)
            model.Session.commit()
            if enforced and judged.consequence != "none":
                stepping.reindex(dataset_id)
            yield judged


def try_out() -> Iterator[Rescanned]:
    """Scan what is due and say what would become of it; nothing is kept and nothing changes."""
    with versions.sandbox() as child:
        for dataset_id in due():
            try:
                _scan(dataset_id, child)
                yield _judge(dataset_id)
            finally:
                model.Session.rollback()


def progress() -> Progress:
    """Return how far the newest ruleset was tried, and what it would do."""
    query = (
        sa.select(Trial.consequence, sa.func.count())
        .where(Trial.ruleset == rulesets.newest())
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
        .where(Trial.ruleset == rulesets.newest(), Trial.consequence != "none")
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
    if (not rulesets.is_enforced() and due(limit=1)) or unapplied():
        ask_worker()


CHUNK_SECONDS = 120
JOBS = ("satudata-rules-a", "satudata-rules-b")


def ask_worker(*, goes_on: bool = False) -> None:
    """Ask the worker for the next portion, unless it was asked already.

    :param goes_on: asked by the job itself, which then still counts as running: two names take
        turns.
    """
    from .jobs import follow_rules

    free = [name for name in JOBS if not versions.is_waiting(name)]
    if not free or (len(free) < len(JOBS) and not goes_on):
        return
    tk.enqueue_job(
        follow_rules,
        title="satudata rules",
        queue="bulk",
        rq_kwargs={
            "timeout": CHUNK_SECONDS + config.scan_timeout() * 4 + 60,
            "job_id": free[0],
        },
    )


def unapplied() -> list[str]:
    """Return the ids of the datasets for which nothing followed yet, oldest decision first."""
    query = (
        sa.select(Trial.package_id)
        .where(Trial.ruleset == rulesets.newest(), Trial.applied_at.is_(None))
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
        judged = _judge(dataset_id)
        _keep(judged)
        _act(judged)
        model.Session.commit()
        if judged.consequence != "none":
            stepping.reindex(dataset_id)
        yield judged


def _readable(dataset_id: str) -> list[Version]:
    served = [version for _, version in repository.pointers_of([dataset_id]).values()]
    waiting = repository.waiting_versions([dataset_id])
    return list({v.id: v for v in (*served, *waiting)}.values())


def _scan(dataset_id: str, child: Sandbox) -> None:
    """Scan what the newest ruleset has not seen of a dataset."""
    readable = _readable(dataset_id)
    known = repository.scans_by([v.id for v in readable], rulesets.newest())
    for version in readable:
        if version.id not in known:
            versions.scan(version, child)


def _judge(dataset_id: str) -> Rescanned:
    """Say what follows for a dataset from the scans by the newest ruleset. Changes nothing."""
    served = [version for _, version in repository.pointers_of([dataset_id]).values()]
    scans = repository.scans_by([v.id for v in served], rulesets.newest())
    before = _scans_before([v.id for v in served])
    said = repository.answers_of(served, scans)
    lapsed = repository.answers_of(served, before)
    decision = repository.decision_in_force(dataset_id)
    if model.Package.get(dataset_id) is None or decision is None:
        return Rescanned(dataset_id, len(scans), "none")
    open_level = classification().is_open(decision.tingkat_keamanan)
    other = False
    held: list[str] = []
    kinds: set[str] = set()
    held_kinds: set[str] = set()
    for version in served:
        scan, answers = scans.get(version.id), said.get(version.id, {})
        if scan is None:
            continue
        if open_level:
            passes = evidence.scan_facts(version, scan, answers).passes
            strict = _strict(scan, answers.keys() | lapsed.get(version.id, {}).keys())
        else:
            passes, strict = not _exceeds(decision, scan, answers), []
        if strict:
            held.append(version.id)
            held_kinds.update(strict)
        other = other or not (passes or strict)
        if strict or not passes:
            kinds.update(str(item["kind"]) for item in _new(scan, answers))
    consequence = "hold" if held else "case" if other else "none"
    return Rescanned(
        dataset_id,
        len(scans),
        consequence,
        tuple(sorted(kinds)),
        other,
        tuple(sorted(held)),
        tuple(sorted(held_kinds)),
    )


def _scans_before(version_ids: list[str]) -> dict[str, Scan]:
    """Return version id → its last scan by an older ruleset."""
    query = (
        sa.select(Scan)
        .where(Scan.version_id.in_(version_ids), Scan.ruleset != rulesets.newest())
        .order_by(Scan.finished)
    )
    return {scan.version_id: scan for scan in model.Session.scalars(query)}


def _keep(judged: Rescanned) -> None:
    """Write down what follows for a dataset, in the place of what was written before."""
    decision = repository.decision_in_force(judged.dataset_id)
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
        clock.open_or_tell(judged.dataset_id, REASON, workflow().rescan_state)
    if judged.consequence == "hold":
        _hold(judged)
    row = model.Session.get(Trial, (rulesets.newest(), judged.dataset_id))
    if row is not None:
        row.applied_at = now()
        model.Session.flush()


def _hold(judged: Rescanned) -> None:
    """Hold the data. Held already by the scan: one hold is enough."""
    if any(h.placed_by is None for h in repository.active_holds(judged.dataset_id)):
        return
    package = model.Package.get(judged.dataset_id)
    assert package is not None  # noqa: S101 -- judged a moment ago, in this transaction
    holds.place_by_scan(package)


def _new(scan: Scan, said: Iterable[findings.Place]) -> list[dict[str, Any]]:
    """Return the findings that nobody said anything of."""
    answered = set(said)
    items = repository.findings_summary(scan.report)
    return [item for item in items if findings.place(item) not in answered]


def _strict(scan: Scan, said: Iterable[findings.Place]) -> list[str]:
    """Return the kinds for which what is open is held: hard identifiers and strict classes."""
    rules = classification().findings
    return [
        str(item["kind"])
        for item in _new(scan, said)
        if item.get("hard") or rules.is_strict(str(item["kind"]), item.get("class"))
    ]


def _exceeds(decision: Decision, scan: Scan, said: Iterable[findings.Place]) -> bool:
    """Tell whether limited data hold personal data although their decision says that none are."""
    if decision.data_pribadi not in ("tidak_ada", "dianonimkan"):
        return False
    return bool(_new(scan, said))
