"""Scan again what is served, with the ruleset in force; what it finds has consequences.

A new ruleset may know what an older one did not. Hard identifiers and strict findings
(``findings.strict`` in ``classification.yaml``) in data that are open put a hold on them;
everything else that is not resolved opens a case, or gives the open one a further reason. Nothing
is decided here.
Source: design section 3 (Holds).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from . import clock, evidence, findings, holds, repository, stepping, versions
from .axes import classification
from .definition import workflow
from .findings import Place, Said
from .model import Decision, Pointer, Scan

REASON = "new_findings"


@dataclass(frozen=True)
class Rescanned:
    """What becomes of one dataset. ``consequence`` is ``hold``, ``case`` or ``none``.

    ``kinds`` are the kinds of what is new and not resolved; ``case`` says whether a case opens,
    also beside a hold.
    """

    dataset_id: str
    files: int
    consequence: str
    kinds: tuple[str, ...] = ()
    case: bool = False


def due() -> list[str]:
    """Return the ids of the datasets that serve a version without a scan of this ruleset.

    What was decided first comes first: the oldest rules looked at it.
    """
    done = sa.select(Scan.version_id).where(Scan.ruleset == versions.ruleset())
    query = (
        sa.select(Pointer.package_id)
        .outerjoin(Decision, (Decision.package_id == Pointer.package_id) & Decision.in_force)
        .where(Pointer.version_id.not_in(done))
        .group_by(Pointer.package_id)
        .order_by(sa.func.min(Decision.decided_at).nulls_last(), Pointer.package_id)
    )
    return list(model.Session.scalars(query))


def run() -> Iterator[Rescanned]:
    """Scan what is due, each dataset in a transaction of its own; it may be stopped at any time.

    A run that was killed goes on where it stood: what has its scan is not due any more.
    """
    for dataset_id in due():
        done = _judge(dataset_id)
        _act(done)
        model.Session.commit()
        if done.consequence != "none":
            stepping.reindex(dataset_id)
        yield done


def try_out() -> Iterator[Rescanned]:
    """Scan what is due and say what would become of it; nothing is kept and nothing changes."""
    for dataset_id in due():
        try:
            yield _judge(dataset_id)
        finally:
            model.Session.rollback()


def _judge(dataset_id: str) -> Rescanned:
    served = [version for _, version in repository.pointers_of([dataset_id]).values()]
    known = repository.scans_of([v.id for v in served], versions.ruleset())
    fresh = [v for v in served if v.id not in known]
    scans = {**known, **{v.id: versions.scan(v) for v in fresh}}
    said = repository.resolutions_of(v.sha256 for v in fresh)
    package, decision = model.Package.get(dataset_id), repository.decision_in_force(dataset_id)
    if package is None or decision is None:
        return Rescanned(dataset_id, len(fresh), "none")
    open_level = classification().is_open(decision.tingkat_keamanan)
    held, other = False, False
    kinds: set[str] = set()
    for version in fresh:
        answers = said.get(version.sha256 or "", {})
        if open_level:
            passes = evidence.scan_facts(version, scans[version.id], answers).passes
            holds_it = _holds(scans[version.id], answers)
        else:
            holds_it, passes = False, not _exceeds(decision, scans[version.id], answers)
        held, other = held or holds_it, other or not (passes or holds_it)
        if holds_it or not passes:
            kinds.update(str(item["kind"]) for item in _new(scans[version.id], answers))
    consequence = "hold" if held else "case" if other else "none"
    return Rescanned(dataset_id, len(fresh), consequence, tuple(sorted(kinds)), other)


def _act(judged: Rescanned) -> None:
    if judged.case:
        clock.open_or_tell(judged.dataset_id, REASON, workflow().rescan_state)
    # Held already by the scan: one hold is enough.
    if judged.consequence == "hold" and not any(
        h.placed_by is None for h in repository.active_holds(judged.dataset_id)
    ):
        package = model.Package.get(judged.dataset_id)
        assert package is not None  # noqa: S101 -- judged a moment ago, in this transaction
        holds.place_by_scan(package)


def _new(scan: Scan, said: dict[Place, Said]) -> list[dict[str, Any]]:
    """Return the findings that nobody said anything of."""
    items = repository.findings_summary(scan.report)
    return [item for item in items if findings.place(item) not in said]


def _holds(scan: Scan, said: dict[Place, Said]) -> bool:
    """Tell whether a scan holds what is open: hard identifiers and strict classes do."""
    rules = classification().findings
    return any(
        item.get("hard") or rules.is_strict(str(item["kind"]), item.get("class"))
        for item in _new(scan, said)
    )


def _exceeds(decision: Decision, scan: Scan, said: dict[Place, Said]) -> bool:
    """Tell whether limited data hold personal data although their decision says that none are."""
    if decision.data_pribadi not in ("tidak_ada", "dianonimkan"):
        return False
    return bool(_new(scan, said))
