"""Actions of the audit's programme: what is looked at when, checklists, and their answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry, words
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from .. import controls, findings, show, tasks
from ..records import numbered
from ..records.model import OPEN, SmkiFinding, SmkiTask
from ..records.reviewing_model import SmkiCheck
from ..rules.audit import audit
from ..rules.definition import Control, smki
from ..rules.programme import quarter
from . import answers, programme
from .committing import committed


@tk.side_effect_free
def satudata_smki_programme(context: types.Context, data_dict: dict[str, Any]) -> answers.Programme:
    """Return the audit's programme of a year: the controls of each quarter, and their answers.

    :param year: the year (default: this one)
    """
    tk.check_access("satudata_smki_programme", context, data_dict)
    this, known = days.today().year, smki().controls.controls
    year = parameters.number(data_dict, "year", this, 2020, this + 2)
    given = programme.by_quarter(year)
    newest = {name: row for (_, name), row in sorted(given.items())}
    return {
        "year": year,
        "within": audit().programme.quarters,
        "quarters": [
            {
                "period": period,
                "now": period == quarter(days.today()),
                "results": [_row(known[name], given.get((period, name))) for name in names],
            }
            for period, names in programme.of_year(year).items()
        ],
        "own": [_row(known[name], newest.get(name)) for name in programme.applicable(own=True)],
    }


@tk.side_effect_free
def satudata_smki_checklist(context: types.Context, data_dict: dict[str, Any]) -> answers.Checklist:
    """Return the checklist of a task of the audit: its controls, and what was answered.

    :param task: number or id of the task
    """
    tk.check_access("satudata_smki_checklist", context, data_dict)
    task = numbered.find(SmkiTask, parameters.reference(data_dict, "task"))
    if task is None or task.kind not in (programme.TASK, programme.OWN_TASK):
        raise tk.ObjectNotFound(tk._("Task not found"))
    done, known = programme.checks(task.opened), smki().controls.controls
    rows = [_row(known[name], done.get(name)) for name in programme.listed(task)]
    return {
        "task": task.number,
        "open": task.state == OPEN,
        "count": len(rows),
        "answered": sum(row["verdict"] is not None for row in rows),
        "results": rows,
    }


@tk.side_effect_free
def satudata_smki_check_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.CheckShown:
    """Return what the checklist asks of a control, with its evidence as it stands now.

    :param control: its name
    """
    tk.check_access("satudata_smki_check_show", context, data_dict)
    return _shown(_control(data_dict), context)


def satudata_smki_check_record(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.CheckRecorded:
    """Answer the checklist of a control; who audits, and owns nothing of it.

    What is not so opens a finding by it.

    :param control: its name
    :param verdict: ``conform``, ``observation`` or ``not_conform``
    :param note: what was seen, at least 10 characters; names no person
    :param grade: where it is not so: ``major``, ``minor`` or ``advice``
    """
    tk.check_access("satudata_smki_check_record", context, data_dict)
    spec, actor = _control(data_dict), registry.actor_from_context(context)
    made = committed(lambda: programme.record(spec, actor, data_dict, kinds_in))
    return {**_shown(spec, context), "receipt": made[1].as_dict()}


def _control(data_dict: dict[str, Any]) -> Control:
    spec = smki().controls.controls.get(parameters.text(data_dict, "control"))
    if spec is None:
        raise tk.ObjectNotFound(tk._("Control not found"))
    return spec


def _row(spec: Control, row: SmkiCheck | None) -> answers.CheckRow:
    return {
        "control": spec.name,
        "label": tk._(spec.label),
        "role": spec.role,
        "role_label": show.role_label(spec.role),
        "verdict": row.verdict if row else None,
        "verdict_label": _verdict(row) if row else None,
        "at": row.checked_at.isoformat() if row else None,
    }


def _verdict(row: SmkiCheck) -> str:
    known = audit().verdicts.get(row.verdict)
    return tk._(known.label) if known else row.verdict


def _shown(spec: Control, context: types.Context) -> answers.CheckShown:
    rows = programme.history(spec.name)
    names = words.names_of(row.checked_by for row in rows)
    numbers = _findings(rows)
    kind = spec.task or f"{tasks.CONTROL}{spec.name}"
    done = sa.select(SmkiTask).where(SmkiTask.kind == kind, SmkiTask.state == tasks.DONE)
    proof = model.Session.scalars(done.order_by(SmkiTask.done_at.desc()).limit(1)).first()
    return {
        "control": show.control(spec),
        "question": tk._(audit().programme.question.label),
        "examined_by": show.role_label(findings.examiner(spec.role)),
        "examines": programme.examines(spec, registry.actor_from_context(context)),
        "proof": proof.number if proof else None,
        "proof_at": proof.done_at.isoformat() if proof and proof.done_at else None,
        "open_findings": _open_findings(spec),
        "checks": [
            {
                "number": row.number,
                "verdict": row.verdict,
                "verdict_label": _verdict(row),
                "note": row.note,
                "at": row.checked_at.isoformat(),
                "by": names.get(row.checked_by or ""),
                "status_label": show.status_label(row.found["status"]) if row.found else None,
                "said": controls.message(row.found["said"]).text(tk._) if row.found else None,
                "finding": numbers.get(row.finding_id or ""),
            }
            for row in rows
        ],
    }


def _findings(rows: list[SmkiCheck]) -> dict[str, int]:
    ids = [row.finding_id for row in rows if row.finding_id]
    query = sa.select(SmkiFinding.id, SmkiFinding.number).where(SmkiFinding.id.in_(ids))
    return dict(model.Session.execute(query).tuples().all()) if ids else {}


def _open_findings(spec: Control) -> list[int]:
    query = sa.select(SmkiFinding.number).where(
        SmkiFinding.control == spec.name, SmkiFinding.closed_at.is_(None)
    )
    return list(model.Session.scalars(query.order_by(SmkiFinding.number)))


def get_actions() -> dict[str, Any]:
    """Return the actions of the audit's programme by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_programme,
            satudata_smki_checklist,
            satudata_smki_check_show,
            satudata_smki_check_record,
        )
    }
