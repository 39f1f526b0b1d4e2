"""Renewal: new bytes of a limited dataset that reveal nothing of a new kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..records.case_reads import Files
from ..records.model import Case, Decision
from ..rules.axes import AXES, classification


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


def same_axes(case: Case, decision: Decision) -> bool:
    """Tell whether a case proposes what is decided already, and nothing else."""
    return not case.changes and all(
        case.proposal.get(axis) == getattr(decision, axis) for axis in AXES
    )


def same_shape(files: Files) -> bool:
    """Tell whether files, columns and kinds of findings are those that are served now.

    A scan that failed, or has not ended, shows nothing: then it is not the same.
    """
    if {v.resource_id for v in files.current} != set(files.served):
        return False
    for version in files.current:
        new_scan = files.scans.get(version.id)
        old_scan = files.scans.get(files.served[version.resource_id].id)
        if new_scan is None or old_scan is None or new_scan.verdict == "failed":
            return False
        if shape(new_scan.report) != shape(old_scan.report):
            return False
    return True


def is_renewal(case: Case, decision: Decision | None, files: Files) -> bool:
    """Tell whether Walidata may approve new bytes under the decision in force.

    The decision is of a level that is closed and keeps files; axes, columns and kinds of
    findings are unchanged; every scan ended without failing. Source: design section 3 (Renewal).
    """
    if decision is None or case.kind != "classify" or not same_axes(case, decision):
        return False
    level = classification().levels.get(decision.tingkat_keamanan)
    if level is None or level.open or not level.stores_files:
        return False
    return same_shape(files)
