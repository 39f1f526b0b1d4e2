"""What ``satudata_classification_show`` gives, each part only to whoever may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...ledger import codes
from ...ledger.tables import receipt_table
from ..records import case_reads, reads, step_records
from ..records.case_reads import Loaded
from ..records.model import Decision, Step, Version
from ..rules.axes import classification
from ..rules.conditions import CaseContext
from ..rules.definition import workflow
from ..rules.definition_types import FieldSpec, Transition
from ..rules.policy import Channel, Facts, VersionFacts, as_governed, decide, has_duty, is_asked
from ..rules.workflow import DUTY_LABELS, EVENT_LABELS, PART_LABELS
from . import answers, evidence, handing_over, record, show_scans
from . import steps as cases
from .show_scans import moment


def show(package: model.Package, actor: Actor, facts: Facts) -> answers.Shown:
    """Return case, decision, scans and holds of a dataset as this person may see them."""
    facts, everywhere = as_governed(facts), actor
    actor = actor.on(package.id, package.owner_org)
    case = reads.open_case(package.id)
    sees_case = may_see_case(actor, facts)
    decision = reads.decision_in_force(package.id)
    sees_metadata = bool(decide(actor, facts, Channel.METADATA))
    result: answers.Shown = {
        "dataset_id": package.id,
        "case": None,
        "decision": None,
        "scans": [],
        "metadata": None,
        "holds": [],
        "scan_pending": False,
    }
    if decision is not None and sees_metadata:
        result["decision"] = decision_dict(decision, actor, facts)
        result["holds"] = [
            {
                "id": h.id,
                "scope": h.scope,
                "reason": tk._(h.reason),
                "since": moment(h.placed_at),
                "confirmed": moment(h.confirmed_at),
            }
            for h in reads.active_holds(package.id)
        ]
    if case is not None and not sees_case and sees_metadata and is_asked(actor, facts):
        # Who is to take the dataset over decides on it as everybody sees it, without its files.
        loaded = case_reads.load(case, package)
        result["case"] = {
            **case_dict(loaded, actor),
            "versions": [],
            "undescribed": [],
            "personal": [],
            "referred": [],
            "history": [],
            "handed_over": None,
        }
    if case is not None and sees_case:
        loaded = case_reads.load(case, package)
        result["case"] = case_dict(loaded, actor)
        result["scans"] = [
            {
                **show_scans.scan_item(loaded, v, actor, facts),
                "derived_from": show_scans.derived_from(v, everywhere),
            }
            for v in loaded.files.current
        ]
        result["metadata"] = show_scans.texts_dict(package.id, loaded.texts, loaded.said_of_texts)
        result["scan_pending"] = any(v.id not in loaded.files.scans for v in loaded.files.current)
    elif decision is not None and sees_metadata and (sees_case or _may_resolve(actor, facts)):
        result["scans"] = show_scans.served_scans(package.id)
    return result


def _may_resolve(actor: Actor, facts: Facts) -> bool:
    duties = classification().findings.resolved_by
    return any(has_duty(actor, duty, facts.owner_org) for duty in duties)


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


def day(value: dt.date | None) -> str | None:
    """Return a date as ISO text."""
    return value.isoformat() if value else None


def case_dict(loaded: Loaded, actor: Actor) -> answers.Case:
    """Return an open case with its evidence and the steps that this person may take."""
    case = loaded.case
    snapshot = evidence.snapshot(loaded)
    missing = cases.missing_fields(loaded.values)
    context = evidence.context_of(loaded, snapshot, missing)
    state = workflow().states[case.state]
    transitions, blocked = options(context, actor)
    steps = reads.steps_of(case.id)
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
        "handed_over": handing_over.of(steps, case.kind),
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
        "undescribed": evidence.undescribed(loaded),
        "personal": [m.text(tk._) for m in context.marked.personal],
        "referred": [m.text(tk._) for m in context.marked.referred],
        "history": [
            {
                **told,
                "label": step_label(s.from_state, s.action),
                "duty": s.duty,
                "part": tk._(PART_LABELS[s.part]) if s.part in PART_LABELS else None,
                "from": s.from_state,
                "to": s.to_state,
                "fields": s.fields,
            }
            for s, told in zip(steps, step_records.told(model.Session, steps), strict=True)
        ],
    }


RENEWS = "is_renewal"
"""The condition of a step that is there for limited data alone."""


def _closed(context: CaseContext) -> bool:
    level = context.decision_level
    return level is not None and not classification().is_open(level)


def options(
    context: CaseContext, actor: Actor
) -> tuple[list[answers.Transition], list[answers.Blocked]]:
    """Return the steps that this person may take now, and why they may not take the others."""
    transitions: list[answers.Transition] = []
    blocked: list[answers.Blocked] = []
    for option in record.engine().options(context, actor):
        if option.refusal is None:
            transitions.append(transition_dict(option.transition))
        elif option.refusal.code == RENEWS and not _closed(context):
            # Of what is open nothing is renewed: new files are approved as open.
            continue
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


def step_label(source: str | None, action: str) -> str:
    """Return what to call a step in a history."""
    for transition in workflow().from_state(source or ""):
        if transition.name == action:
            return tk._(transition.label)
    return tk._(EVENT_LABELS.get(action, action))


def transition_dict(transition: Transition) -> answers.Transition:
    """Return a step as a client needs it to draw a form."""
    engine = record.engine()
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


def field_dict(spec: FieldSpec) -> answers.AskedField:
    """Return a field with its label and choices in the reader's language."""
    choices: list[answers.Choice] = []
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


def decision_dict(decision: Decision, actor: Actor, facts: Facts) -> answers.Decision:
    """Return the decision; the hashes it covers only to who may have the data."""
    agencies = registry.load_agencies()
    names = [agencies[i].name for i in decision.recipients if i in agencies]
    if decision.all_agencies:
        names = [classification().all_agencies]
    result: answers.Decision = {
        "level": decision.tingkat_keamanan,
        "kind": decision.jenis_informasi,
        "personal_data": decision.data_pribadi,
        "jenis_informasi": decision.jenis_informasi,
        "tingkat_keamanan": decision.tingkat_keamanan,
        "data_pribadi": decision.data_pribadi,
        "number": decision.nomor,
        "from": day(decision.mulai),
        "until": day(decision.akhir),
        "review": day(decision.tanggal_reviu),
        "recipients": names,
        "decided": moment(decision.decided_at),
        "basis": decision.basis,
        "receipt": code_of_decision(decision.package_id),
        "versions": None,
    }
    if decide(actor, facts, Channel.DATA):
        result["versions"] = [
            {"resource": resource_id, "sha256": version.sha256, "size": version.size}
            for resource_id, (_, version) in sorted(
                reads.pointers_of([decision.package_id]).items()
            )
        ]
    return result


def code_of_decision(dataset_id: str) -> str | None:
    """Return the receipt of the decision in force, as people read it. One query."""
    query = (
        sa.select(receipt_table.c.code)
        .join(Step, Step.ledger_entry == receipt_table.c.entry)
        .join(Decision, Decision.case_id == Step.case_id)
        .where(
            Decision.package_id == dataset_id,
            Decision.in_force,
            Step.to_state.in_(workflow().decided_states),
        )
        .order_by(Step.id.desc())
        .limit(1)
    )
    code = model.Session.scalar(query)
    return codes.shown(code) if code else None


def sees_version(actor: Actor, facts: Facts, version: Version) -> bool:
    """Tell whether the actor may see that this version waits."""
    asked = VersionFacts(approved=False, sealed=version.sealed, uploader=version.uploaded_by)
    return bool(decide(actor, as_governed(facts), Channel.METADATA, asked))
