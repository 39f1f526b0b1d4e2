"""What a line of the queue shows, read for a whole page with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..cases import evidence, handing_over, show, show_scans, steps
from ..records import case_reads, reads
from ..records.case_reads import Files, Loaded
from ..records.model import Case
from ..rules.definition import workflow
from ..rules.policy import Channel, Facts, as_governed, decide, is_asked
from ..versions import likeness
from .answers import File, Group, Line

Pair = tuple[Case, model.Package]


def rows(
    actor: Actor, found: Sequence[Pair], groups: Mapping[str, str], *, details: bool
) -> list[Line]:
    """Return the lines of these cases, in their order, as the actor may see them.

    The policy is asked for each of them once more: whatever changed since they were chosen
    shows too little, never too much.

    :param groups: case id → its group.
    :param details: with what a batch needs: evidence, possible steps and why others are not.
    """
    facts = reads.facts_for(package.id for _, package in found)
    kept = [
        (case, package, show.may_see_case(actor, facts[package.id]))
        for case, package in found
        if package.id in facts and _shows(actor, facts[package.id])
    ]
    pairs = [(case, package) for case, package, _ in kept]
    loaded = case_reads.load_many(pairs) if details and pairs else {}
    files = {i: one.files for i, one in loaded.items()} or case_reads.files_of(
        [c for c, _ in pairs]
    )
    notes = handing_over.of_many({case.id: case.kind for case, _, sees in kept if sees})
    names = {a.id: a.title for a in registry.load_agencies().values()}
    result = []
    for case, package, sees in kept:
        row = _row(case, package, names, files[case.id], sees=sees)
        row["handed_over"] = notes.get(case.id)
        row["group"] = groups.get(case.id) if sees else None
        if details:
            _add_details(row, loaded[case.id], actor)
            row["versions"] = _versions(files[case.id], actor, facts[package.id]) if sees else []
            row["checked"] = show_scans.in_short(loaded[case.id]) if sees else []
        result.append(row)
    return result


def _findings(files: Files) -> int:
    """Return how many findings the scans of a case's files have."""
    scans = (files.scans.get(version.id) for version in files.current)
    return sum(len(reads.findings_summary(scan.report)) for scan in scans if scan)


def _versions(files: Files, actor: Actor, facts: Facts) -> list[File]:
    """Return the waiting files that the actor may have: what they may look into."""
    return [
        {"id": version.id, "file": version.filename}
        for version in files.current
        if version.state == "waiting"
        and version.sha256
        and decide(actor, as_governed(facts), Channel.DATA, reads.version_facts(version, None))
    ]


def _shows(actor: Actor, facts: Facts) -> bool:
    return show.may_see_case(actor, facts) or is_asked(actor, as_governed(facts))


def _row(
    case: Case, package: model.Package, names: Mapping[str, str], files: Files, *, sees: bool
) -> Line:
    """Return a case as a line of a queue."""
    state = workflow().states[case.state]
    return {
        "id": case.id,
        "dataset_id": package.id,
        "dataset_name": package.name,
        "title": package.title or package.name,
        "owner_org": package.owner_org,
        "owner_title": names.get(package.owner_org or "", ""),
        "kind": case.kind,
        "reason": case.reason,
        "state": case.state,
        "state_label": tk._(state.label),
        "holder": state.holder,
        "due": show.day(case.due),
        "overdue": case.due is not None and case.due < days.today(),
        "submitted": show.moment(case.submitted_at),
        "entered": show.moment(case.entered_at),
        "proposal": case.proposal,
        "scan": likeness.worst_verdict(files) if sees else None,
        "files": len(files.current) if sees else None,
        "findings": _findings(files) if sees else None,
        "likeness": case.likeness if sees else None,
        "handed_over": None,
        "group": None,
    }


def _add_details(row: Line, loaded: Loaded, actor: Actor) -> None:
    """Add what somebody needs to decide on a case among others."""
    actor = actor.on(loaded.package.id, loaded.package.owner_org)
    snapshot = evidence.snapshot(loaded)
    context = evidence.context_of(loaded, snapshot, steps.missing_fields(loaded.values))
    transitions, blocked = show.options(context, actor)
    row["evidence"] = context.digest
    row["assessment"], row["changes"] = loaded.case.assessment, loaded.case.changes
    row["transitions"], row["blocked"] = transitions, blocked


def group_dict(group: Mapping[str, Any]) -> Group:
    """Return a group of like cases as the API gives it."""
    state, found = workflow().states[group["state"]], cast("Group", group)
    return {
        **found,
        "state_label": tk._(state.label),
        "due": show.day(group["due"]),
    }
