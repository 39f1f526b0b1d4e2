"""Scan again what is served, with the ruleset in force; what it finds has consequences.

A new ruleset may know what an older one did not. Strict findings (``findings.strict`` in
``classification.yaml``) in data that are open put a hold on them; everything else that is not
resolved opens a case, or gives the open one a further reason. Nothing is decided here.
Source: design section 3 (Holds).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    """What became of one dataset. ``consequence`` is ``hold``, ``case`` or ``none``."""

    dataset_id: str
    files: int
    consequence: str


def due() -> list[str]:
    """Return the ids of the datasets that serve a version without a scan of this ruleset."""
    done = sa.select(Scan.version_id).where(Scan.ruleset == versions.ruleset())
    query = (
        sa.select(Pointer.package_id)
        .where(Pointer.version_id.not_in(done))
        .distinct()
        .order_by(Pointer.package_id)
    )
    return list(model.Session.scalars(query))


def run() -> Iterator[Rescanned]:
    """Scan what is due, each dataset in a transaction of its own; it may be stopped at any time.

    A run that was killed goes on where it stood: what has its scan is not due any more.
    """
    for dataset_id in due():
        done = _dataset(dataset_id)
        model.Session.commit()
        if done.consequence != "none":
            stepping.reindex(dataset_id)
        yield done


def _dataset(dataset_id: str) -> Rescanned:
    served = [version for _, version in repository.pointers_of([dataset_id]).values()]
    known = repository.scans_of([v.id for v in served], versions.ruleset())
    fresh = [v for v in served if v.id not in known]
    scans = {**known, **{v.id: versions.scan(v) for v in fresh}}
    said = repository.resolutions_of(v.sha256 for v in fresh)
    package, decision = model.Package.get(dataset_id), repository.decision_in_force(dataset_id)
    if package is None or decision is None:
        return Rescanned(dataset_id, len(fresh), "none")
    open_level = classification().is_open(decision.tingkat_keamanan)
    strict, other = False, False
    for version in fresh:
        answers = said.get(version.sha256 or "", {})
        if open_level:
            passes = evidence.scan_facts(version, scans[version.id], answers).passes
            is_strict = _holds(scans[version.id], answers)
        else:
            is_strict, passes = False, not _exceeds(decision, scans[version.id], answers)
        strict, other = strict or is_strict, other or not (passes or is_strict)
    consequence = "none"
    if other:
        clock.open_or_tell(dataset_id, REASON, workflow().rescan_state)
        consequence = "case"
    if strict:
        # Held already by the scan: one hold is enough.
        if not any(h.placed_by is None for h in repository.active_holds(dataset_id)):
            holds.place_by_scan(package)
        consequence = "hold"
    return Rescanned(dataset_id, len(fresh), consequence)


def _holds(scan: Scan, said: dict[Place, Said]) -> bool:
    """Tell whether a scan holds what is open: hard identifiers and strict classes do."""
    rules = classification().findings
    return any(
        (item.get("hard") or rules.is_strict(str(item["kind"]), item.get("class")))
        and findings.place(item) not in said
        for item in repository.findings_summary(scan.report)
    )


def _exceeds(decision: Decision, scan: Scan, said: dict[Place, Said]) -> bool:
    """Tell whether limited data hold personal data although their decision says that none are."""
    if decision.data_pribadi not in ("tidak_ada", "dianonimkan"):
        return False
    items = repository.findings_summary(scan.report)
    return any(findings.place(item) not in said for item in items)
