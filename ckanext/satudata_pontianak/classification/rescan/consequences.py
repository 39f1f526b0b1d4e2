"""What follows for a dataset from the newest rules of the scan: a hold, a case, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..cases import evidence
from ..records import reads, rulesets
from ..records.model import Decision, Scan
from ..rules import findings
from ..rules.axes import classification


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


def judge(dataset_id: str) -> Rescanned:
    """Say what follows for a dataset from the scans by the newest ruleset. Changes nothing."""
    served = [version for _, version in reads.pointers_of([dataset_id]).values()]
    scans = reads.scans_by([v.id for v in served], rulesets.newest())
    before = _scans_before([v.id for v in served])
    said = reads.answers_of(served, scans)
    lapsed = reads.answers_of(served, before)
    decision = reads.decision_in_force(dataset_id)
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
            strict = strict_kinds(scan, answers.keys() | lapsed.get(version.id, {}).keys())
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


def _new(scan: Scan, said: Iterable[findings.Place]) -> list[dict[str, Any]]:
    """Return the findings that nobody said anything of."""
    answered = set(said)
    items = reads.findings_summary(scan.report)
    return [item for item in items if findings.place(item) not in answered]


def strict_kinds(scan: Scan, said: Iterable[findings.Place]) -> list[str]:
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
