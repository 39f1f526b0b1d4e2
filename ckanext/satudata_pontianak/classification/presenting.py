"""What ``satudata_classification_show`` gives, each part only to whoever may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ..agencies import registry
from ..agencies.duties import Actor
from ..disclosure.reasons import explain
from ..msgids import N_
from . import anonymity, cases, comparing, evidence, findings, loading, repository, versions
from .axes import classification
from .conditions import CaseContext
from .definition import workflow
from .effects import decision_axes
from .loading import Loaded
from .model import Decision, Scan, Version
from .parts import FieldSpec, Transition
from .policy import Channel, Facts, VersionFacts, as_governed, decide, has_duty, is_asked
from .tabling import Tabled
from .workflow import DUTY_LABELS, PART_LABELS


def show(package: model.Package, actor: Actor, facts: Facts) -> dict[str, Any]:
    """Return case, decision, scans and holds of a dataset as this person may see them."""
    facts, everywhere = as_governed(facts), actor
    actor = actor.on(package.id, package.owner_org)
    case = repository.open_case(package.id)
    sees_case = may_see_case(actor, facts)
    decision = repository.decision_in_force(package.id)
    sees_metadata = bool(decide(actor, facts, Channel.METADATA))
    result: dict[str, Any] = {
        "dataset_id": package.id,
        "case": None,
        "decision": None,
        "scans": [],
        "holds": [],
        "scan_pending": False,
    }
    if decision is not None and sees_metadata:
        result["decision"] = decision_dict(decision, actor, facts)
        result["holds"] = [
            {"id": h.id, "scope": h.scope, "reason": tk._(h.reason), "since": moment(h.placed_at)}
            for h in repository.active_holds(package.id)
        ]
    if case is not None and not sees_case and sees_metadata and is_asked(actor, facts):
        # Who is to take the dataset over decides on it as everybody sees it, without its files.
        loaded = loading.load(case, package)
        result["case"] = {**case_dict(loaded, actor), "versions": [], "history": []}
    if case is not None and sees_case:
        loaded = loading.load(case, package)
        result["case"] = case_dict(loaded, actor)
        result["scans"] = [
            {**_scan_item(loaded, v, actor, facts), "derived_from": _derived_from(v, everywhere)}
            for v in loaded.files.current
        ]
        result["scan_pending"] = any(v.id not in loaded.files.scans for v in loaded.files.current)
    elif decision is not None and sees_metadata and (sees_case or _may_resolve(actor, facts)):
        result["scans"] = served_scans(package.id)
    return result


def _may_resolve(actor: Actor, facts: Facts) -> bool:
    duties = classification().findings.resolved_by
    return any(has_duty(actor, duty, facts.owner_org) for duty in duties)


def served_scans(package_id: str) -> list[dict[str, Any]]:
    """Return the scan of each version that is served, by the names of the files."""
    found = [version for _, version in repository.pointers_of([package_id]).values()]
    known = repository.scans_of([v.id for v in found], versions.ruleset())
    said = repository.resolutions_of(v.sha256 for v in found)
    ordered = sorted(found, key=lambda v: (v.filename or "", v.id))
    return [scan_dict(v, known.get(v.id), said.get(v.sha256 or "", {})) for v in ordered]


def _scan_item(loaded: Loaded, version: Version, actor: Actor, facts: Facts) -> dict[str, Any]:
    """Return a version's scan; ``compared`` where it waits beside an approved one, else ``None``.

    Totals say something of the data themselves: they go to who may have both versions.
    """
    files = loaded.files
    scan, old = files.scans.get(version.id), files.served.get(version.resource_id)
    said = loaded.said.get(version.sha256 or "", {})
    item = {**scan_dict(version, scan, said), "compared": None}
    before = files.scans.get(old.id) if old is not None and old.id != version.id else None
    if before is not None and scan is not None and old is not None:
        totals = all(
            decide(actor, facts, Channel.DATA, VersionFacts(v is old, v.sealed, v.uploaded_by))
            for v in (version, old)
        )
        item["compared"] = comparing.compare(before.report, scan.report, totals=totals)
    return item


def _derived_from(version: Version, actor: Actor) -> str | None:
    """Return the id of the dataset that a version was derived from, to who may know of it."""
    source = ((version.masked or {}).get("source") or {}).get("dataset")
    if not source or source == version.package_id or model.Package.get(source) is None:
        return None
    known = decide(actor, as_governed(repository.facts_of(source)), Channel.EXISTS)
    return source if known else None


def may_see_case(actor: Actor, facts: Facts) -> bool:
    """Tell whether the actor sees the open case.

    These are who may see what is not decided, and every duty that holds or held a step of
    it: the row ``undecided`` of the policy's table.
    """
    facts = as_governed(facts)
    undecided = Facts(
        dataset_id=facts.dataset_id,
        owner_org=facts.owner_org,
        case=replace(facts.case, receiver=None) if facts.case else None,
        case_duties=facts.case_duties,
        deleted=facts.deleted,
    )
    if facts.decision is None:
        return bool(decide(actor, facts, Channel.METADATA))
    if not decide(actor, facts, Channel.METADATA):
        return False
    return bool(decide(actor, undecided, Channel.METADATA))


def moment(value: dt.datetime | None) -> str | None:
    """Return a moment as ISO text."""
    return value.isoformat() if value else None


def day(value: dt.date | None) -> str | None:
    """Return a date as ISO text."""
    return value.isoformat() if value else None


def _people(ids: set[str | None]) -> dict[str, str]:
    """Return id → the name to show, with one query."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    rows = model.Session.execute(
        model.Session.query(model.User.id, model.User.fullname, model.User.name)
        .filter(model.User.id.in_(wanted))
        .statement
    )
    return {row[0]: row[1] or row[2] for row in rows}


def case_dict(loaded: Loaded, actor: Actor) -> dict[str, Any]:
    """Return an open case with its evidence and the steps that this person may take."""
    case = loaded.case
    snapshot = evidence.snapshot(loaded)
    missing = cases.missing_fields(loaded.values)
    context = evidence.context_of(loaded, snapshot, missing)
    state = workflow().states[case.state]
    transitions, blocked = options(context, actor)
    steps = repository.steps_of(case.id)
    names = _people({s.actor_id for s in steps})
    return {
        "id": case.id,
        "kind": case.kind,
        "reason": case.reason,
        "state": case.state,
        "state_label": tk._(state.label),
        "holder": state.holder,
        "holder_label": tk._(DUTY_LABELS[state.holder]) if state.holder else None,
        "due": day(case.due),
        "opened": moment(case.opened_at),
        "submitted": moment(case.submitted_at),
        "proposal": case.proposal,
        "pending": case.pending,
        "changes": case.changes,
        "accepted": case.accepted_by is not None,
        "submit_waits": bool(case.wait_submit) and "refused" not in (case.wait_submit or {}),
        "submit_refused": (case.wait_submit or {}).get("refused"),
        "assessment": case.assessment,
        "evidence": context.digest,
        "versions": snapshot["versions"],
        "transitions": transitions,
        "blocked": blocked,
        "missing": [m.text(tk._) for m in context.missing_fields],
        "history": [
            {
                "at": moment(s.at),
                "action": s.action,
                "label": step_label(s.from_state, s.action),
                "actor": names.get(s.actor_id or "", None),
                "duty": s.duty,
                "part": tk._(PART_LABELS[s.part]) if s.part in PART_LABELS else None,
                "from": s.from_state,
                "to": s.to_state,
                "fields": s.fields,
                "receipt": s.ledger_entry,
            }
            for s in steps
        ],
    }


def options(
    context: CaseContext, actor: Actor
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the steps that this person may take now, and why they may not take the others."""
    transitions, blocked = [], []
    for option in cases.engine().options(context, actor):
        if option.refusal is None:
            transitions.append(transition_dict(option.transition))
        else:
            blocked.append(
                {
                    "name": option.transition.name,
                    "label": tk._(option.transition.label),
                    "code": option.refusal.code,
                    "reason": option.refusal.message.text(tk._),
                }
            )
    return transitions, blocked


EVENT_LABELS = {
    "open": N_("Case opened"),
    "finding.resolve": N_("Finding resolved"),
    "clock": N_("A day came: a further reason"),
    "proposal.change": N_("Proposal changed"),
    "version.add": N_("File or link added"),
    "resource.remove": N_("File removed"),
}


def step_label(source: str | None, action: str) -> str:
    """Return what to call a step in a history."""
    for transition in workflow().from_state(source or ""):
        if transition.name == action:
            return tk._(transition.label)
    return tk._(EVENT_LABELS.get(action, action))


def transition_dict(transition: Transition) -> dict[str, Any]:
    """Return a step as a client needs it to draw a form."""
    engine = cases.engine()
    needed = set(transition.required)
    return {
        "name": transition.name,
        "label": tk._(transition.label),
        "from": transition.source,
        "to": transition.target,
        "by": transition.by,
        "step": tk._(transition.step),
        "fields": [
            {
                **field_dict(engine.workflow.fields[name]),
                "required": name in needed,
                "one_of": next((list(g) for g in transition.one_of if name in g), None),
                "required_when_closed": name in transition.required_when_closed,
                "required_when_limited": name in transition.required_when_limited,
            }
            for name in transition.fields
        ],
    }


def field_dict(spec: FieldSpec) -> dict[str, Any]:
    """Return a field with its label and choices in the reader's language."""
    choices: list[dict[str, str]] = []
    if spec.type == "axis":
        rules = classification()
        choices = [
            {"value": value, "label": tk._(item["label"])}
            for value, item in rules.axes[spec.name]["values"].items()
        ]
    elif spec.type == "choice":
        choices = [{"value": value, "label": value} for value in spec.choices]
    return {
        "name": spec.name,
        "type": spec.type,
        "label": tk._(spec.label),
        "help": tk._(spec.help) if spec.help else "",
        "choices": choices,
        "max_length": spec.max_length,
    }


def decision_dict(decision: Decision, actor: Actor, facts: Facts) -> dict[str, Any]:
    """Return the decision; the hashes it covers only to who may have the data."""
    agencies = registry.load_agencies()
    names = [agencies[i].name for i in decision.recipients if i in agencies]
    if decision.all_agencies:
        names = [classification().all_agencies]
    result = {
        "level": decision.tingkat_keamanan,
        "kind": decision.jenis_informasi,
        "personal_data": decision.data_pribadi,
        **decision_axes(decision),
        "number": decision.nomor,
        "from": day(decision.mulai),
        "until": day(decision.akhir),
        "review": day(decision.tanggal_reviu),
        "recipients": names,
        "decided": moment(decision.decided_at),
        "basis": decision.basis,
        "versions": None,
    }
    if decide(actor, facts, Channel.DATA):
        result["versions"] = [
            {"resource": resource_id, "sha256": version.sha256, "size": version.size}
            for resource_id, (_, version) in sorted(
                repository.pointers_of([decision.package_id]).items()
            )
        ]
    return result


def scan_dict(
    version: Version, scan: Scan | None, said: Mapping[findings.Place, findings.Said]
) -> dict[str, Any]:
    """Return a scan with its findings in words; the samples in it are masked.

    :param said: what was said of findings in these bytes.
    """
    result: dict[str, Any] = {
        "version": version.id,
        "resource": version.resource_id,
        "file": version.filename,
        "sha256": version.sha256,
        "size": version.size,
        "verdict": scan.verdict if scan else "pending",
        "ruleset": scan.ruleset if scan else versions.ruleset(),
        "finished": moment(scan.finished) if scan else None,
        "reason": None,
        "findings": [],
        "table": table_dict(version),
        "masked": anonymity.shown(version.masked),
    }
    if scan is None:
        return result
    if scan.verdict == "failed":
        message = evidence.failure_message(scan)
        result["reason"] = message.text(tk._) if message else scan.reason
    result["inspectable"] = findings.is_inspectable(
        scan.reason if scan.verdict == "failed" else None, classification().findings
    )
    result["inspected"] = findings.INSPECTION in said
    result["findings"] = [
        {
            **item,
            "key": dict(zip(("table", "column", "kind"), findings.place(item), strict=True)),
            "resolution": getattr(said.get(findings.place(item)), "resolution", None),
            "explanation": explain(str(item.get("reason") or ""), tk._),
            "text": evidence.finding_message(version.filename, item).text(tk._),
        }
        for item in repository.findings_summary(scan.report)
    ]
    return result


def table_dict(version: Version) -> dict[str, Any] | None:
    """Return what became of the version's table in the DataStore, ``None`` before it was tried."""
    tabled = Tabled.of(version.tabled)
    if tabled is None:
        return None
    return {
        "state": tabled.state.value,
        "rows": tabled.rows,
        "columns": tabled.columns,
        "typed": tabled.typed,
        "reason": explain(tabled.reason, tk._) if tabled.reason else None,
    }


def waiting_dict(version: Version, scan: Scan | None) -> dict[str, Any]:
    """Return a waiting version for the dataset page of who may review it."""
    return {
        "id": version.id,
        "sha256": version.sha256,
        "size": version.size,
        "filename": version.filename,
        "kind": version.kind,
        "name": version.meta.get("name"),
        "uploaded": moment(version.created),
        "next_case": version.case_id is None,
        "verdict": scan.verdict if scan else "pending",
    }


def sees_version(actor: Actor, facts: Facts, version: Version) -> bool:
    """Tell whether the actor may see that this version waits."""
    asked = VersionFacts(approved=False, sealed=version.sealed, uploader=version.uploaded_by)
    return bool(decide(actor, as_governed(facts), Channel.METADATA, asked))
