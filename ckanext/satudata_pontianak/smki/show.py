"""Information-security management as the API gives it, in the reader's language."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from .. import days
from ..agencies import words
from ..agencies.rules.duties import Actor
from ..messages import Message
from ..msgids import N_
from . import answers, controls, registers, tasks
from .records import about, roles
from .records.model import OPEN, SmkiControl, SmkiRole, SmkiTask, now
from .rules import planning, questions
from .rules.definition import Control, smki
from .rules.evidence import SINCE, STATUS_LABELS, UNKNOWN, Status, stale
from .rules.registers import registers as definition

NOT_LOOKED = N_("Unknown: nobody looked in the last day")
WORST_FIRST = (*STATUS_LABELS, UNKNOWN)


def control_row(control: Control, row: SmkiControl | None) -> answers.ControlRow:
    """Return what a list gives of a control."""
    policy = smki().policy
    status = status_of(control, row)
    said = said_of(control, row)
    return {
        "name": control.name,
        "label": tk._(control.label),
        "chapter": control.chapter,
        "chapter_label": tk._(policy.chapters[control.chapter].label),
        "role": control.role,
        "role_label": role_label(control.role),
        "status": status,
        "status_label": status_label(status),
        "said": said.text(tk._) if said else None,
        "since": row.since.isoformat() if row else None,
        "looked_at": row.looked_at.isoformat() if row else None,
        "codes": codes_of(control),
    }


def codes_of(control: Control) -> list[str]:
    """Return as what standards and indexes ask for a control."""
    standards = smki().policy.standards
    return [f"{standards[s].label} {code}" for s, found in control.codes.items() for code in found]


def status_of(control: Control, row: SmkiControl | None) -> str:
    """Return how a control stands; ``unknown`` before the first look, and long after the last."""
    if control.excluded:
        return str(Status.EXCLUDED)
    return UNKNOWN if row is None or stale(row.looked_at, now()) else str(row.status)


def said_of(control: Control, row: SmkiControl | None) -> Message | None:
    """Return what was found of a control, or that nobody has looked since."""
    if row is None or control.excluded:
        return None
    if stale(row.looked_at, now()):
        return Message(SINCE, {"since": row.looked_at.astimezone(days.CITY)})
    return controls.message(row.said)


def status_message(status: str) -> Message:
    """Return how a control stands in words."""
    return Message(STATUS_LABELS.get(status, NOT_LOOKED))


def status_label(status: str) -> str:
    """Return how a control stands in the reader's language."""
    return status_message(status).text(tk._)


def role_label(role: str) -> str:
    """Return what a role is called."""
    known = smki().roles.roles.get(role)
    return tk._(known.label) if known else role


def controls_worst_first() -> list[answers.ControlRow]:
    """Return all controls, red ones first, then by chapter."""
    known, standing = smki(), controls.standing()
    rows = [control_row(c, standing.get(c.name)) for c in known.controls.controls.values()]
    order = list(known.policy.chapters)
    return sorted(
        rows, key=lambda r: (WORST_FIRST.index(r["status"]), order.index(r["chapter"]), r["name"])
    )


def control(spec: Control) -> answers.ControlShown:
    """Return a control with its reason and its history."""
    row = controls.standing().get(spec.name)
    return {
        **control_row(spec, row),
        "why": tk._(spec.why),
        "mend": tk._(spec.mend),
        "excluded": tk._(spec.excluded) if spec.excluded else None,
        "evidence": "task" if spec.task else "probe",
        "sop": spec.sop or None,
        "asked_for": [
            {
                "standard": smki().policy.standards[name].label,
                "code": code,
                "title": questions.title(name, code),
            }
            for name, codes in spec.codes.items()
            for code in codes
        ],
        "history": [
            {
                "at": change.at.isoformat(),
                "status": change.status,
                "status_label": status_label(change.status),
                "said": controls.message(change.said).text(tk._),
                "told": len(change.told),
            }
            for change in controls.history(spec.name)
        ],
    }


def held() -> list[answers.Held]:
    """Return every role and who carries it today."""
    known, holders = smki(), roles.holders()
    people = {
        name: (
            planning.carriers(known, name, holders),
            planning.deputies(known, name, holders),
        )
        for name in known.roles.roles
    }
    names = words.names_of(one for pair in people.values() for side in pair for one in side)
    return [
        {
            "role": name,
            "label": tk._(role.label),
            "help": tk._(role.help) if role.help else "",
            "people": [names[one] for one in people[name][0] if one in names],
            "named": bool(holders(name)),
            "deputies": [names[one] for one in people[name][1] if one in names],
            "basis": [{"text": law["text"], "status": law["status"]} for law in role.basis],
        }
        for name, role in known.roles.roles.items()
    ]


def task(row: SmkiTask, actor: Actor, names: dict[str, str], texts: dict[str, str]) -> answers.Task:
    """Return a task as its reader sees it.

    :param texts: what tasks are about, by their id.
    """
    known = smki()
    spec = known.tasks.tasks.get(row.kind)
    control_name = row.kind.removeprefix(tasks.CONTROL)
    control = known.controls.controls.get(control_name) if spec is None else None
    label = spec.label if spec else control.label if control else ""
    said = spec.help if spec else control.mend if control else ""
    asks, fields = tasks.asks_of(row.kind), known.tasks.fields
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "label": tk._(label) if label else row.kind,
        "help": tk._(said) if said else "",
        "period": row.period,
        "role": row.role,
        "role_label": role_label(row.role),
        "user": names.get(row.user_id or ""),
        "state": row.state,
        "opened": row.opened.isoformat(),
        "due": row.due.isoformat(),
        "late": row.state == OPEN and row.due < days.today(),
        "escalated": row.escalated.isoformat() if row.escalated else None,
        "done_by": names.get(row.done_by or ""),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "control": control.name if control else None,
        "sop": (spec.sop if spec else control.sop if control else "") or None,
        "about": texts.get(row.id),
        "mine": row.state == OPEN and tasks.may_do(row, actor),
        "fields": [
            {
                "name": name,
                "type": fields[name].type,
                "label": tk._(fields[name].label),
                "help": tk._(fields[name].help) if fields[name].help else "",
                "required": name in asks.required,
                "max_length": fields[name].max_length
                if fields[name].type in ("text", "line")
                else None,
                "choices": {v: tk._(text) for v, text in fields[name].choices.items()},
            }
            for name in asks.all
        ],
        "answers": [
            {
                "name": name,
                "label": tk._(fields[name].label),
                "value": tk._(fields[name].choices[value])
                if fields[name].choices.get(value)
                else value,
            }
            for name, value in row.answers.items()
            if name in fields
        ],
    }


def task_list(rows: list[SmkiTask], actor: Actor) -> list[answers.Task]:
    """Return tasks as their reader sees them."""
    names = words.names_of(one for row in rows for one in (row.user_id, row.done_by))
    people = definition().registers[registers.PEOPLE]
    reads = registers.reads_whole(people, roles.carried_by(actor))
    # Whose right is withdrawn is for who reads the register of people, and who does the task.
    texts = about.texts(
        [r for r in rows if r.kind != about.WITHDRAWN or reads or tasks.may_do(r, actor)]
    )
    return [task(row, actor, names, texts) for row in rows]


def board(actor: Actor) -> answers.Board:
    """Return how information security stands today, worst first."""
    rows, open_tasks = controls_worst_first(), tasks.open_tasks()
    counts = {status: sum(r["status"] == status for r in rows) for status in WORST_FIRST}
    mine = [row for row in open_tasks if row.user_id == actor.id and actor.id]
    return {
        "controls": rows,
        "counts": counts,
        "roles": held(),
        "tasks_open": len(open_tasks),
        "tasks_late": sum(row.due < days.today() for row in open_tasks),
        "mine": task_list(mine, actor),
    }


def plan(year: int) -> answers.Plan:
    """Return the tasks of a year, and who would do them as roles stand today."""
    known, holders = smki(), roles.holders()
    assigned = planning.assigned(known, year, holders)
    names = words.names_of(person for _, person in assigned)
    return {
        "year": year,
        "most_a_month": known.roles.most_tasks_a_month,
        "results": [
            {
                "kind": planned.kind,
                "label": tk._(known.tasks.tasks[planned.kind].label),
                "period": planned.period,
                "opens": planned.opens.isoformat(),
                "due": planned.due.isoformat(),
                "role": planned.role,
                "user": names.get(person or ""),
            }
            for planned, person in assigned
        ],
        "load": [
            {"user": names.get(person, person), "month": month, "tasks": count}
            for (person, month), count in sorted(planning.busiest(assigned).items())
        ],
    }


def role_laid(row: SmkiRole, names: dict[str, str]) -> answers.RoleLaid:
    """Return a role that a decree lays on a person."""
    today = days.today()
    last = row.last_day
    runs = row.ended_at is None and row.first_day <= today and (last is None or last >= today)
    return {
        "id": row.id,
        "role": row.role,
        "label": role_label(row.role) if row.role in smki().roles.roles else row.role,
        "user": names.get(row.user_id, row.user_id),
        "nomor_sk": row.nomor_sk,
        "from": row.first_day.isoformat(),
        "until": last.isoformat() if last else None,
        "running": runs,
    }
