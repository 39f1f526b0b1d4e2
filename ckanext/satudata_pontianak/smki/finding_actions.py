"""Actions of internal audit: samples and findings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from .. import days
from ..agencies import registry, words
from ..agencies.rules.duties import Actor
from ..agencies.rules.objection import NO_DATE, read_date
from ..classification.incidents.steps import kinds_in
from ..classification.records import parameters
from ..classification.requests.actions import tried
from . import finding_answers, findings, show
from .records import numbered
from .records.model import SmkiFinding
from .rules import written
from .rules.audit import audit
from .rules.definition import smki

MAX_ROWS = 500


def satudata_smki_sample_draw(
    context: types.Context, data_dict: dict[str, Any]
) -> finding_answers.SampleRecorded:
    """Draw a sample of the ledger's entries for an audit; who audits alone.

    Seed, population and result are recorded in the ledger, so that anybody draws it again.

    :param group: which entries: a name of ``sampled`` in ``schemas/smki/audit.yaml``
    :param from: first day, as YYYY-MM-DD
    :param until: last day, as YYYY-MM-DD
    :param size: how many, 1–100 (default: 10)
    """
    tk.check_access("satudata_smki_sample_draw", context, data_dict)
    rules = audit()
    group = parameters.choice(data_dict, "group", rules.sampled)
    size = parameters.number(data_dict, "size", 10, 1, rules.most_sampled)
    first, last = read_date(data_dict.get("from")), read_date(data_dict.get("until"))
    wrong = {key: [tk._(NO_DATE)] for key, day in (("from", first), ("until", last)) if day is None}
    if not group:
        wrong["group"] = [tk._("Fill in this field.")]
    if first and last and last < first:
        wrong["until"] = [tk._("The last day is before the first one.")]
    if last and last > days.today():
        wrong["until"] = [tk._(written.FUTURE_DAY)]
    if wrong or first is None or last is None:
        raise tk.ValidationError({**wrong})
    made = findings.draw(registry.actor_from_context(context), group, (first, last), size)
    model.Session.commit()
    return {
        "group": group,
        "from": first.isoformat(),
        "until": last.isoformat(),
        "population": made["population"],
        "seed": made["digest"],
        "head": made["head"] or None,
        "entries": made["entries"],
        "receipt": made["receipt"].as_dict(),
    }


@tk.side_effect_free
def satudata_smki_sample_list(
    context: types.Context, data_dict: dict[str, Any]
) -> list[finding_answers.Sample]:
    """Return the samples that were drawn, newest first; for who audits alone."""
    tk.check_access("satudata_smki_sample_list", context, data_dict)
    return [
        {
            "entry": row.id,
            "at": row.at.isoformat(),
            "group": row.body["detail"]["kind"],
            "from": row.body["detail"]["from"],
            "until": row.body["detail"]["until"],
            "population": row.body["detail"]["population"],
            "seed": row.body["detail"]["digest"],
            "entries": row.body["detail"]["entries"],
        }
        for row in findings.samples()
    ]


def satudata_smki_finding_open(
    context: types.Context, data_dict: dict[str, Any]
) -> finding_answers.FindingRecorded:
    """Open a finding on a control; who audits, and owns nothing of it. Its owner is told.

    :param control: name of the control
    :param grade: ``major``, ``minor`` or ``advice``
    :param found: what was found, at least 10 characters; names no person
    """
    tk.check_access("satudata_smki_finding_open", context, data_dict)
    actor = registry.actor_from_context(context)

    def act() -> Any:
        row, receipt = findings.open_(actor, data_dict, kinds_in)
        model.Session.commit()
        return row, receipt

    row, receipt = tried(act)
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def satudata_smki_finding_step(
    context: types.Context, data_dict: dict[str, Any]
) -> finding_answers.FindingRecorded:
    """Answer a finding, give it back, or close it; who answered it does not close it.

    :param finding: its number or id
    :param step: ``answer``, ``return`` or ``close``
    :param cause: why it came to this
    :param remedy: what was done so that it does not happen again
    :param proof: what proves it
    :param note: what whoever audits saw
    """
    tk.check_access("satudata_smki_finding_step", context, data_dict)
    actor = registry.actor_from_context(context)
    row = _found(data_dict, lock=True)

    def act() -> Any:
        name = parameters.line(data_dict, "step")
        receipt = findings.take(row, actor, name, data_dict, kinds_in)
        model.Session.commit()
        return receipt

    receipt = tried(act)
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


@tk.side_effect_free
def satudata_smki_finding_list(
    context: types.Context, data_dict: dict[str, Any]
) -> finding_answers.Findings:
    """Return findings, those that are not closed first, soonest deadline first.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_finding_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    query = sa.select(SmkiFinding).order_by(
        SmkiFinding.state == "closed", SmkiFinding.due, SmkiFinding.number
    )
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(SmkiFinding))
    actor = registry.actor_from_context(context)
    rows = model.Session.scalars(query.limit(limit).offset(offset))
    return {"count": int(count or 0), "results": [_shown(row, actor) for row in rows]}


@tk.side_effect_free
def satudata_smki_finding_show(
    context: types.Context, data_dict: dict[str, Any]
) -> finding_answers.Finding:
    """Return a finding with what was written of it, and the steps that the caller may take.

    :param finding: its number or id
    """
    tk.check_access("satudata_smki_finding_show", context, data_dict)
    return _shown(_found(data_dict), registry.actor_from_context(context))


def _found(data_dict: dict[str, Any], *, lock: bool = False) -> SmkiFinding:
    row = numbered.find(SmkiFinding, parameters.reference(data_dict, "finding"), lock=lock)
    if row is None:
        raise tk.ObjectNotFound(tk._("Finding of the audit not found"))
    return row


def _shown(row: SmkiFinding, actor: Actor) -> finding_answers.Finding:
    rules = audit()
    control, grade = smki().controls.controls.get(row.control), rules.grades.get(row.grade)
    names = words.names_of([row.opened_by, *(by for each in row.steps.values() for by in each)])
    return {
        "id": row.id,
        "number": row.number,
        "control": row.control,
        "control_label": tk._(control.label) if control else row.control,
        "grade": row.grade,
        "grade_label": tk._(grade.label) if grade else row.grade,
        "role": row.role,
        "role_label": show.role_label(row.role),
        "state": row.state,
        "state_label": tk._(rules.states[row.state].label),
        "due": row.due.isoformat(),
        "late": row.state != "closed" and row.due < days.today(),
        "opened": row.opened_at.isoformat(),
        "opened_by": names.get(row.opened_by or ""),
        "closed": row.closed_at.isoformat() if row.closed_at else None,
        "texts": [
            {"name": name, "label": tk._(field.label), "text": row.texts[name]}
            for name, field in rules.fields.items()
            if name in row.texts
        ],
        "taken": {name: names.get(by[-1] or "") for name, by in row.steps.items()},
        "steps": [
            {
                "name": name,
                "label": tk._(step.label),
                "fields": [
                    {
                        "name": each,
                        "label": tk._(rules.fields[each].label),
                        "help": tk._(rules.fields[each].help) if rules.fields[each].help else "",
                    }
                    for each in step.asks
                ],
            }
            for name, step in findings.steps_for(row, actor).items()
        ],
    }


def get_actions() -> dict[str, Any]:
    """Return the actions of internal audit by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_sample_draw,
            satudata_smki_sample_list,
            satudata_smki_finding_open,
            satudata_smki_finding_step,
            satudata_smki_finding_list,
            satudata_smki_finding_show,
        )
    }
