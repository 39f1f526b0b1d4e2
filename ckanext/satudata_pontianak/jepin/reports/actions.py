"""Actions on citizens' reports: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases.actions import find_dataset
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters, reads
from ...classification.requests import auth
from ...classification.rules.policy import Facts, may_publish
from ...msgids import N_
from ...smki.cooperation import knowing
from ...smki.records import numbered
from ...smki.records.committing import committed
from ..records.report_model import ENDED, KNOWN, OPEN, Report, ReportVoice
from ..records.reuse_model import Reuse
from ..rules.report_rules import reports
from . import answers, photos, reporting

MAX_ROWS = 500
STATE_LABELS = {OPEN: N_("Waits for an answer"), KNOWN: N_("Known"), ENDED: N_("Answered")}
STATES = ("open", "ended", "all")


def satudata_jepin_report_create(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReportTaken:
    """Report that something cannot be opened, is out of date or wrong; nobody needs an account.

    What is reported meanwhile of the same thing is answered together. The answer holds the code by
    which the report is followed; it is given once, and nobody is asked for a name.

    :param id: id or name of a dataset that the caller may know of
    :param kind: ``cannot_open``, ``stale``, ``wrong``; of a point ``broken``, of a file ``drawn``
    :param resource: id of a file of it, where its table or picture is meant (optional)
    :param point: which point of it, at most 100 characters (optional)
    :param text: what more there is to say, at most 1,000 characters; names no person (optional)
    :param photo: of a point, a JPEG, PNG or WebP of at most 5 MB, sent as a form (optional); it is
        drawn anew without what it says of place and camera, shown to the owner alone, and erased
        with the answer
    """
    tk.check_access("satudata_jepin_report_create", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context)
    if package.state != "active" or not knowing.may_know(actor, reads.facts_of(package.id)):
        raise tk.ObjectNotFound(tk._("Dataset not found"))

    files = _files(package.id, actor) if data_dict.get("resource") else {}
    thing = reporting.Thing(package.id, package.owner_org)

    def act() -> tuple[Report, ReportVoice, str]:
        if data_dict.get(photos.FIELD):
            reporting.look(thing, data_dict, kinds_in, files)
            model.Session.commit()  # no transaction waits until it is drawn
        picture = photos.content_of(data_dict.get(photos.FIELD))
        row, voice, code = reporting.report(thing, data_dict, kinds_in, files)
        photos.keep(row, picture)
        return row, voice, code

    row, voice, code = committed(act)
    return taken(row, voice, code, actor)


def taken(row: Report, voice: ReportVoice, code: str, actor: Actor) -> answers.ReportTaken:
    """Return what was taken, with the code that is told once."""
    return {**_followed(row, voice, actor), "code": code}


@tk.side_effect_free
def satudata_jepin_report_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReportFollowed | answers.ReportShown:
    """Return how a report stands, for who has its code; or all that is said of a thing.

    :param code: the code that was given when it was reported; or
    :param report: its number or id, for its owner's publishers and for duties that see reports
    """
    tk.check_access("satudata_jepin_report_show", context, data_dict)
    actor, code = registry.actor_from_context(context), parameters.line(data_dict, "code")
    if code:
        found = reporting.followed(code)
        if found is None:
            raise _unknown()
        return _followed(*found, actor)
    row, facts = _seen(data_dict, actor)
    return _shown(row, facts, actor)


@tk.side_effect_free
def satudata_jepin_report_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReportDesks:
    """Return what is reported of what the caller publishes or sees by duty, and of works.

    :param id: only of this dataset (optional)
    :param state: ``open``, ``ended`` or ``all`` (default: ``open``)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_jepin_report_list", context, data_dict)
    actor = registry.actor_from_context(context)
    state = parameters.choice(data_dict, "state", STATES) or STATES[0]
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    query = sa.select(Report).order_by(Report.state == ENDED, Report.due, Report.number)
    if data_dict.get("id") not in (None, ""):
        query = query.where(Report.package_id == find_dataset(context, data_dict).id)
    if state != "all":
        query = query.where((Report.state == ENDED) == (state == "ended"))
    rows = list(model.Session.scalars(query))
    known = reads.facts_for({row.package_id for row in rows if row.package_id})
    facts = {row.id: known.get(row.package_id or "", reads.unknown("")) for row in rows}
    found = [row for row in rows if reporting.sees_report(actor, row, facts[row.id])]
    page = found[offset : offset + limit]
    return {"count": len(found), "results": [_desk(row, facts[row.id], actor) for row in page]}


def satudata_jepin_report_answer(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReportAnswered:
    """Answer what was reported, for all who reported it; the owner's publishers.

    Once the deadline has passed Walidata may as well.

    :param report: its number or id
    :param outcome: ``repaired``, ``answered``, ``not_so``, or ``known`` (once, and it goes on)
    :param answer: what is told, 10–2,000 characters; names no person
    """
    tk.check_access("satudata_jepin_report_answer", context, data_dict)
    actor = registry.actor_from_context(context)
    row, facts = _seen(data_dict, actor, lock=True)
    receipt = committed(lambda: reporting.answer(row, facts, actor, data_dict, kinds_in))
    return {**_shown(row, facts, actor), "receipt": receipt.as_dict()}


def _unknown() -> tk.ObjectNotFound:
    return tk.ObjectNotFound(tk._("Report not found"))


def _seen(data_dict: dict[str, Any], actor: Actor, *, lock: bool = False) -> tuple[Report, Facts]:
    """Return the report that a call names, if it is for the caller.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    row = numbered.find(Report, parameters.reference(data_dict, "report"), lock=lock)
    if row is None:
        raise _unknown()
    facts = reporting.facts_of(row)
    if not reporting.sees_report(actor, row, facts):
        raise _unknown()
    return row, facts


def _row(row: Report, facts: Facts, actor: Actor) -> answers.ReportRow:
    rules = reports()
    return {
        "kind": row.kind,
        "kind_label": tk._(rules.kinds[row.kind].label),
        "resource": _file(row, actor),
        "point": row.point,
        "state": row.state,
        "state_label": tk._(STATE_LABELS[row.state]),
        "due": row.due.isoformat(),
        "late": reporting.late(row),
        "outcome": row.outcome,
        "outcome_label": tk._(rules.outcomes[row.outcome].label) if row.outcome else None,
        "answer": tk._(row.answer) if row.answer == reporting.OFF_THE_LIST else row.answer,
        "answered": row.answered_at.isoformat() if row.answered_at else None,
        "dataset": _dataset(row, facts, actor),
        "work": _work(row),
    }


def _work(row: Report) -> int | None:
    work = model.Session.get(Reuse, row.reuse_id) if row.reuse_id else None
    return work.number if work is not None else None


def _dataset(row: Report, facts: Facts, actor: Actor) -> answers.ReportedDataset | None:
    package = model.Package.get(row.package_id) if row.package_id else None
    if package is None or package.state != "active" or not knowing.may_know(actor, facts):
        return None
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "type": package.type,
    }


def _files(package_id: str, actor: Actor) -> dict[str, str]:
    """Return the files of a dataset that somebody sees on its page: id → name."""
    try:
        found = tk.get_action("package_show")({"user": actor.name or ""}, {"id": package_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {}
    return {each["id"]: tk.h.resource_display_name(each) for each in found["resources"]}


def _file(row: Report, actor: Actor) -> answers.ReportedFile | None:
    name = None
    if row.resource_id and row.package_id:
        name = _files(row.package_id, actor).get(row.resource_id)
    return None if name is None else {"id": row.resource_id, "name": name}


def _followed(row: Report, voice: ReportVoice, actor: Actor) -> answers.ReportFollowed:
    return {
        **_row(row, reporting.facts_of(row), actor),
        "reported": voice.at.isoformat(),
        "text": voice.text,
    }


def _desk(row: Report, facts: Facts, actor: Actor) -> answers.ReportDesk:
    return {
        **_row(row, facts, actor),
        "number": row.number,
        "first": row.first_at.isoformat(),
        "last": row.last_at.isoformat(),
        "voices": row.voices,
        "answers": reporting.answers(actor, row, facts),
    }


def _shown(row: Report, facts: Facts, actor: Actor) -> answers.ReportShown:
    outcomes = reports().outcomes.items()
    answering = reporting.answers(actor, row, facts)
    return {
        **_desk(row, facts, actor),
        "texts": [
            {"at": voice.at.isoformat(), "text": voice.text or ""}
            for voice in reporting.voices_of(row)
        ],
        "photos": photos.of(row) if sees_photos(actor, row, facts) else [],
        "outcomes": [name for name, each in outcomes if each.ends or row.state == OPEN]
        if answering
        else [],
    }


def sees_photos(actor: Actor, row: Report, facts: Facts) -> bool:
    """Tell whether somebody sees the photos: the owner's publishers, while they owe an answer."""
    seen_as = actor.on(facts.dataset_id, facts.owner_org)
    return reporting.answers(actor, row, facts) and may_publish(seen_as, facts.owner_org)


def photo(data_dict: dict[str, Any], actor: Actor, id_: str) -> bytes:
    """Return a photo of a report, for who sees it.

    :param data_dict: ``report``, its number or id.
    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    row, facts = _seen(data_dict, actor)
    found = photos.content(row, id_) if sees_photos(actor, row, facts) else None
    if found is None:
        raise _unknown()
    return found


@tk.auth_sysadmins_check
def _sees_reports(context: types.Context, data_dict: Any) -> types.AuthResult:
    actor = registry.actor_from_context(context)
    if actor.active and (actor.publishes_for or actor.duties or actor.break_glass):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("This is for who publishes for an agency, for Walidata and the auditor."),
    }


def get_auth_functions() -> dict[str, Any]:
    """Return who may call the actions on citizens' reports."""
    everyone, inside = ("create", "show"), ("list", "answer")
    return {
        **{f"satudata_jepin_report_{name}": auth.everyone() for name in everyone},
        **{f"satudata_jepin_report_{name}": _sees_reports for name in inside},
    }


def get_actions() -> dict[str, Any]:
    """Return the actions on citizens' reports by name."""
    return {
        f.__name__: f
        for f in (
            satudata_jepin_report_create,
            satudata_jepin_report_show,
            satudata_jepin_report_list,
            satudata_jepin_report_answer,
        )
    }
