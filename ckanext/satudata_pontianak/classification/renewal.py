"""Renewal: new bytes of a limited dataset that reveal nothing of a new kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import repository
from .axes import AXES, classification
from .model import Case, Decision, Scan, Version


def shape(report: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return tables with their columns and kinds of findings: what must not change."""
    tables = []
    for file in report.get("files", ()):
        for table in file.get("tables", ()):
            columns = tuple(
                (c.get("name"), tuple(sorted(f["kind"] for f in c.get("findings", ()))))
                for c in table.get("columns", ())
            )
            tables.append((table.get("name"), columns))
    return tuple(tables)


def is_renewal(
    case: Case,
    decision: Decision | None,
    current: Sequence[Version],
    scans: Mapping[str, Scan],
) -> bool:
    """Tell whether Walidata may approve new bytes under the decision in force.

    The decision is of a level that is closed and keeps files; axes, columns and kinds of
    findings are unchanged; every scan ended without failing. Source: design section 3 (Renewal).
    """
    if decision is None or case.kind != "classify" or case.changes:
        return False
    level = classification().levels.get(decision.tingkat_keamanan)
    if level is None or level.open or not level.stores_files:
        return False
    if any(case.proposal.get(axis) != getattr(decision, axis) for axis in AXES):
        return False
    served = repository.pointers_of([case.package_id])
    if {v.resource_id for v in current} != set(served):
        return False
    rulesets = {s.ruleset for s in scans.values()}
    before = repository.scans_of([v.id for _, v in served.values()], next(iter(rulesets), ""))
    for version in current:
        old = served[version.resource_id][1]
        new_scan, old_scan = scans.get(version.id), before.get(old.id)
        if new_scan is None or old_scan is None or new_scan.verdict == "failed":
            return False
        if shape(new_scan.report) != shape(old_scan.report):
            return False
    return True
