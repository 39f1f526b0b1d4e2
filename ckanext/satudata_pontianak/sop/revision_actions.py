"""Document control: draft a revision of an SOP, check, approve, review and acknowledge it."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk
from ckan import model, types

from .. import days
from ..access.papers.paper_actions import read_scan
from ..agencies import gate, registry, words
from ..agencies.model import DecreeScanRow
from ..agencies.rules import decree
from ..agencies.rules.duties import Actor
from ..agencies.rules.objection import EMPTY, NO_DATE, Objection, is_text, read_date
from ..classification.records import parameters
from ..ledger.service import Receipt, append
from ..messages import Message
from ..msgids import N_
from ..smki.records import roles
from ..smki.records.model import now
from . import readers
from .documents import library
from .revisions import answers, rules, store
from .revisions.model import SopReader, SopRevision

LONGEST = 200
NOT_NOW = N_("This step cannot be taken: the revision stands otherwise, or you took another step.")
WORDS = N_("Write a line of at most %(count)s characters.")
NIP = N_("An NIP has 18 digits.")
BEFORE = N_("It cannot be in force before it was made.")


@tk.side_effect_free
def satudata_sop_control_list(
    context: types.Context, data_dict: dict[str, Any]
) -> list[answers.Controlled]:
    """Return each SOP with its revisions, and the rows in which practice differs from the paper.

    For whoever carries a role of information security, and system administrators.

    :param name: only the SOP of this name
    """
    tk.check_access("satudata_sop_control_list", context, data_dict)
    actor = registry.actor_from_context(context)
    name = parameters.line(data_dict, "name")
    if name and not readers.sees(actor, name):
        raise tk.ObjectNotFound(tk._("There is no such SOP."))
    kept = store.revisions(name or None)
    carried = roles.carried_by(actor)
    return [
        _controlled(each, kept.get(each, []), actor, carried)
        for each in ([name] if name else library.documents())
    ]


def satudata_sop_revision_create(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RevisionDone:
    """Draft a revision of an SOP from the definitions in force, with its rows as they are now.

    Walidata or the coordinator of information security.

    :param name: name of the SOP
    """
    tk.check_access("satudata_sop_revision_create", context, data_dict)
    actor = registry.actor_from_context(context)
    name = parameters.line(data_dict, "name")
    if not readers.sees(actor, name):
        raise tk.ObjectNotFound(tk._("There is no such SOP."))
    gate.lock()
    rows = store.revisions(name).get(name, [])
    if not _may("draft", None, actor, []):
        raise tk.NotAuthorized(tk._("Revisions are drafted by Walidata or the coordinator."))
    shown, old = library.shown(name), None
    if rows and rows[0].state in (rules.DRAFT, rules.CHECKED):
        # A draft of other definitions than those of today is replaced; nobody could sign it.
        if rows[0].definition == shown["definition"]:
            text = tk._("A revision of this SOP is being made already.")
            raise tk.ValidationError({"name": [text]})
        old = rows.pop(0)
        model.Session.delete(old)
        model.Session.flush()
    row = SopRevision(
        name=name,
        revision=rows[0].revision + 1 if rows else 1,
        state=rules.DRAFT,
        definition=shown["definition"],
        rows=rules.kept(shown["rows"]),
        drafted_by=actor.id,
    )
    return _record(row, actor, "sop.drafted", {"replaces": old.id} if old else {})


def satudata_sop_revision_check(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RevisionDone:
    """Record that a draft was checked: by Walidata or the coordinator, never by who drafted it.

    A draft whose definition changed since is not checked: it is drafted anew.

    :param id: id of the revision
    """
    row, actor = _taken("check", context, data_dict)
    row.state, row.checked_by, row.checked_at = rules.CHECKED, actor.id, now()
    return _record(row, actor, "sop.checked", {})


def satudata_sop_revision_approve(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RevisionDone:
    """Approve a revision that was checked, with the signed paper; the person responsible.

    :param id: id of the revision
    :param nomor: number of the SOP
    :param made: day on which it was made, as YYYY-MM-DD
    :param effective: day from which it is in force, as YYYY-MM-DD
    :param office: office of who signed it
    :param person: name of who signed it
    :param nip: their NIP, 18 digits (may be left out)
    :param scan: the scan or the PDF with an electronic signature, at most 10 MB, sent as a form
    """
    row, actor = _taken("approve", context, data_dict)
    content = read_scan(data_dict.get("scan"))
    wrong = decree.scan_objections(content)
    lines = {}
    for key in ("nomor", "office", "person"):
        text = data_dict.get(key)
        if not isinstance(text, str) or not is_text(text) or not text.strip():
            wrong.append(Objection(key, Message(EMPTY)))
        elif len(text) > LONGEST or not text.isprintable():
            wrong.append(Objection(key, Message(WORDS, {"count": LONGEST})))
        else:
            lines[key] = text.strip()
    made, effective = read_date(data_dict.get("made")), read_date(data_dict.get("effective"))
    for key, day in (("made", made), ("effective", effective)):
        if day is None:
            wrong.append(Objection(key, Message(NO_DATE)))
    if made and effective and effective < made:
        wrong.append(Objection("effective", Message(BEFORE)))
    if made and made > days.today():
        wrong.append(Objection("made", Message(N_("This day has not come yet."))))
    nip = str(data_dict.get("nip") or "").replace(" ", "")
    if nip and not (nip.isascii() and nip.isdigit() and len(nip) == 18):
        wrong.append(Objection("nip", Message(NIP)))
    if wrong or content is None:
        raise words.refused(wrong)
    row.state, row.approved_by, row.approved_at = rules.APPROVED, actor.id, now()
    row.nomor, row.office, row.person = lines["nomor"], lines["office"], lines["person"]
    row.made, row.effective, row.nip = made, effective, nip or None
    row.sha256, row.size = hashlib.sha256(content).hexdigest(), len(content)
    model.Session.add(DecreeScanRow(decree_id=row.id, content=content))
    return _record(row, actor, "sop.approved", {"sha256": row.sha256, "effective": effective})


def satudata_sop_revision_review(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RevisionDone:
    """Record that the revision in force was looked at again and is still right: once in its year.

    :param id: id of the revision
    """
    row, actor = _taken("review", context, data_dict)
    row.reviewed_by, row.reviewed_at = actor.id, now()
    return _record(row, actor, "sop.reviewed", {})


def satudata_sop_acknowledge(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RevisionDone:
    """Say that one read the revision in force; again changes nothing.

    :param id: id of the revision
    """
    tk.check_access("satudata_sop_acknowledge", context, data_dict)
    actor = registry.actor_from_context(context)
    row = _revision(data_dict, actor)
    if store.state_of(row, _in_force(row)) != rules.IN_FORCE:
        raise tk.ValidationError({"id": [tk._("Only a revision in force is acknowledged.")]})
    statement = postgresql.insert(SopReader).values(revision_id=row.id, user_id=actor.id, at=now())
    first = statement.on_conflict_do_nothing().returning(SopReader.user_id)
    if model.Session.scalar(first) is None:
        return _done(row.name, row.id, actor, None)
    return _record(row, actor, "sop.acknowledged", {})


def _taken(
    step: rules.Step, context: types.Context, data_dict: dict[str, Any]
) -> tuple[SopRevision, Actor]:
    """Return the revision on which somebody takes a step, locked.

    :raises ckan.plugins.toolkit.NotAuthorized: the step is another's.
    :raises ckan.plugins.toolkit.ValidationError: the revision stands otherwise.
    """
    tk.check_access(f"satudata_sop_revision_{step}", context, data_dict)
    actor = registry.actor_from_context(context)
    gate.lock()
    row = _revision(data_dict, actor)
    model.Session.refresh(row)
    state = store.state_of(row, _in_force(row))
    if not set(rules.BY[step]) & roles.carried_by(actor):
        raise tk.NotAuthorized(tk._("This step is another role's."))
    if not _may(step, state, actor, [row]):
        raise tk.ValidationError({"id": [tk._(NOT_NOW)]})
    if step in ("check", "approve") and row.definition != _definition(row.name):
        text = tk._("The definitions changed since this was drafted. Draft it anew.")
        raise tk.ValidationError({"id": [text]})
    return row, actor


def _definition(name: str) -> str:
    document = library.documents().get(name)
    return document.definition if document else ""


def _may(step: rules.Step, state: str | None, actor: Actor, rows: list[SopRevision]) -> bool:
    acted = {one for row in rows for one in (row.drafted_by, row.checked_by) if one}
    return rules.may(step, state, roles.carried_by(actor), acted, str(actor.id))


def _revision(data_dict: dict[str, Any], actor: Actor) -> SopRevision:
    """Return the revision that a call names.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or its SOP is not for the caller.
    """
    row = model.Session.get(SopRevision, parameters.text(data_dict, "id"))
    if row is None or not readers.sees(actor, row.name):
        raise tk.ObjectNotFound(tk._("Revision not found"))
    return row


def _in_force(row: SopRevision) -> SopRevision | None:
    return store.newest_in_force(store.revisions(row.name).get(row.name, []), days.today())


def _record(
    row: SopRevision, actor: Actor, event: str, more: dict[str, Any]
) -> answers.RevisionDone:
    with gate.together():
        model.Session.add(row)
        model.Session.flush()
        receipt = append(
            model.Session,
            event=event,
            actor_id=actor.id,
            actor_name=actor.name,
            detail={
                "revision": row.id,
                "sop": row.name,
                "number": row.revision,
                "definition": row.definition,
                **more,
            },
        )
        model.Session.commit()
    store.forget()
    return _done(row.name, row.id, actor, receipt)


def _done(name: str, id: str, actor: Actor, receipt: Receipt | None) -> answers.RevisionDone:
    shown = _controlled(name, store.revisions(name)[name], actor)["revisions"]
    return {
        "revision": next(each for each in shown if each["id"] == id),
        "receipt": receipt.as_dict() if receipt is not None else None,
    }


def _controlled(
    name: str,
    rows: list[SopRevision],
    actor: Actor,
    carried: frozenset[str] | None = None,
) -> answers.Controlled:
    document, standing = library.documents()[name], store.standing(name, rows)
    carried = roles.carried_by(actor) if carried is None else carried
    read = store.readers_of(rows) if rows else {}
    names = roles.names_of(
        one
        for row in rows
        for one in (
            row.drafted_by,
            row.checked_by,
            row.approved_by,
            row.reviewed_by,
            *(reader.user_id for reader in read.get(row.id, [])),
        )
    )
    going = (
        bool(rows)
        and rows[0].state in (rules.DRAFT, rules.CHECKED)
        and rows[0].definition == document.definition
    )
    shown = [_shown(row, standing, read.get(row.id, []), names, actor, carried) for row in rows]
    return {
        "name": name,
        "code": document.code,
        "title": tk._(document.title.msgid),
        "public": document.public,
        "definition": document.definition,
        "in_force": standing.in_force.revision if standing.in_force else None,
        "differs": standing.differs,
        "differences": [_difference(each) for each in standing.differences],
        "review_due": standing.review_due.isoformat() if standing.review_due else None,
        "late": standing.late(days.today()),
        "may_draft": not going and bool(set(rules.BY["draft"]) & carried),
        "revisions": shown,
    }


def _difference(row: dict[str, Any]) -> answers.Difference:
    parts: list[answers.DifferingPart] = [
        {
            "part": part["part"],
            "label": tk._(rules.PART_LABELS[part["part"]]),
            "signed": part["signed"],
            "now": part["now"],
        }
        for part in row["parts"]
    ]
    return {
        "change": row["change"],
        "key": row["key"],
        "number_signed": row["number_signed"],
        "number": row["number"],
        "parts": parts,
    }


def _shown(
    row: SopRevision,
    standing: store.Standing,
    read: list[SopReader],
    names: dict[str, str],
    actor: Actor,
    carried: frozenset[str],
) -> answers.Revision:
    state = store.state_of(row, standing.in_force)
    acted = {one for one in (row.drafted_by, row.checked_by) if one}
    steps = [
        step
        for step in ("check", "approve", "review")
        if rules.may(step, state, carried, acted, str(actor.id))
    ]
    if state == rules.IN_FORCE and actor.id not in {reader.user_id for reader in read}:
        steps.append("acknowledge")
    return {
        "id": row.id,
        "revision": row.revision,
        "state": state,
        "state_label": tk._(rules.LABELS[state]),
        "definition": row.definition,
        "drafted_by": names.get(row.drafted_by),
        "drafted_at": row.drafted_at.isoformat(),
        "checked_by": names.get(row.checked_by or ""),
        "checked_at": row.checked_at.isoformat() if row.checked_at else None,
        "approved_by": names.get(row.approved_by or ""),
        "approved_at": row.approved_at.isoformat() if row.approved_at else None,
        "nomor": row.nomor,
        "made": row.made.isoformat() if row.made else None,
        "effective": row.effective.isoformat() if row.effective else None,
        "office": row.office,
        "sha256": row.sha256,
        "reviewed_by": names.get(row.reviewed_by or ""),
        "reviewed_at": row.reviewed_at.isoformat() if row.reviewed_at else None,
        "acknowledged": [
            {"user": names.get(each.user_id, "–"), "at": each.at.isoformat()} for each in read
        ],
        "steps": steps,
    }


@tk.auth_sysadmins_check
def _inside(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever carries a role of information security."""
    return {
        "success": roles.inside(registry.actor_from_context(context)),
        "msg": tk._("This is for whoever carries a role of information security, by decree."),
    }


def get_actions() -> dict[str, Any]:
    """Return the actions on revisions by name."""
    return {
        f.__name__: f
        for f in (
            satudata_sop_control_list,
            satudata_sop_revision_create,
            satudata_sop_revision_check,
            satudata_sop_revision_approve,
            satudata_sop_revision_review,
            satudata_sop_acknowledge,
        )
    }


def get_auth_functions() -> dict[str, Any]:
    """Return who may call them; each step then asks for its role."""
    return dict.fromkeys(get_actions(), _inside)
