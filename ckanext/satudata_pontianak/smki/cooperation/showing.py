"""Tasks between agencies and meetings of the forum, as their reader may know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry, words
from ...agencies.rules.duties import Actor
from ...surface import page_names
from ..answers import TaskHanded
from ..records import roles
from ..records.cooperation_model import AgencyTask, ForumMeeting
from ..records.model import SmkiTask
from ..rules.cooperation import CLOSED, cooperation
from . import agenda, answers, forum, handed, knowing, security_tasks


def agency(agency_id: str | None) -> answers.Named | None:
    """Return an agency by its id; a closed one too, nothing for one that is gone."""
    if not agency_id:
        return None
    known = registry.load_agencies().get(agency_id)
    if known is not None:
        return {"name": known.name, "title": known.title}
    gone = model.Group.get(agency_id)
    return {"name": gone.name, "title": gone.title or gone.name} if gone else None


def _agency(agency_id: str) -> answers.Named:
    return agency(agency_id) or {"name": "", "title": tk._("an agency that is gone")}


def dataset(package_id: str | None) -> answers.NamedDataset | None:
    """Return a dataset that the reader was found to know of."""
    package = model.Session.get(model.Package, package_id) if package_id else None
    if package is None:
        return None
    title = package.title or package.name
    return {"name": package.name, "title": title, "type": package.type}


def task_rows(rows: Sequence[AgencyTask], actor: Actor) -> list[answers.AgencyTaskRow]:
    """Return tasks as a list gives them; what is hidden is asked once for all."""
    knows = knowing.known(actor, {i for row in rows for i in row.named})
    return [_row(row, readable={*row.named} <= knows) for row in rows]


def _row(row: AgencyTask, *, readable: bool) -> answers.AgencyTaskRow:
    spec = cooperation().states[row.state]  # type: ignore[index]
    waits = {"sender": row.sender_id, "receiver": row.receiver_id}.get(spec.waits_for or "")
    return {
        "id": row.id,
        "number": row.number,
        "subject": row.subject if readable else None,
        "source": row.source,
        "sender": _agency(row.sender_id),
        "receiver": _agency(row.receiver_id),
        "state": row.state,
        "state_label": tk._(spec.label),
        "waits_for": agency(waits),
        "due": row.due.isoformat(),
        "late": row.state != CLOSED and row.due < days.today(),
        "risen": row.risen.isoformat() if row.risen else None,
        "handed": row.handed_at.isoformat(),
    }


def task(row: AgencyTask, actor: Actor) -> answers.AgencyTaskShown:
    """Return a task with what was done, as far as its reader may know of it."""
    taken, readable = handed.steps(row, actor), knowing.knows(actor, row.named)
    names = words.names_of([row.handed_by, *(step.actor_id for step, _ in taken)])
    first: answers.AgencyTaskDone = {
        "at": row.handed_at.isoformat(),
        "step": handed.HAND,
        "label": tk._(cooperation().states["handed"].label),
        "agency": agency(row.sender_id),
        "receiver": None,
        "text": None,
        "dataset": None,
        "actor": names.get(row.handed_by or ""),
        "receipt": row.ledger_entry,
    }
    done: list[answers.AgencyTaskDone] = [
        {
            "at": step.at.isoformat(),
            "step": step.step,
            "label": tk._(cooperation().steps[step.step].message),
            "agency": agency(step.agency_id),
            "receiver": agency(step.receiver_id),
            "text": step.text if seen else None,
            "dataset": dataset(step.package_id) if seen else None,
            "actor": names.get(step.actor_id or ""),
            "receipt": step.ledger_entry,
        }
        for step, seen in taken
    ]
    return {
        **_row(row, readable=readable),
        "security_task": _security_task(row, actor),
        "text": row.text if readable else None,
        "dataset": dataset(row.named[0]) if row.source and row.named and readable else None,
        "steps": [first, *done],
        "may": [
            {
                "name": step.name,
                "label": tk._(step.label),
                "text": step.text,
                "agency": step.agency,
                "dataset": step.dataset,
            }
            for step in handed.may(row, actor)
        ],
    }


def _security_task(row: AgencyTask, actor: Actor) -> int | None:
    if row.security_task_id is None or not roles.inside(actor):
        return None
    found = model.Session.get(SmkiTask, row.security_task_id)
    return found.number if found is not None else None


def of_security(row: SmkiTask, actor: Actor) -> list[TaskHanded]:
    """Return what other agencies were asked to do of a task, as its reader may know of it."""
    return [_handed(each, actor) for each in security_tasks.of_task(row)]


def _handed(row: AgencyTask, actor: Actor) -> TaskHanded:
    answers_ = [each for each in handed.steps(row, actor) if each[0].step == "answer"]
    step, seen = answers_[-1] if answers_ else (None, False)
    return {
        "number": row.number if handed.sees(actor, row) else None,
        "agency": _agency(row.receiver_id)["title"],
        "state_label": tk._(cooperation().states[row.state].label),  # type: ignore[index]
        "due": row.due.isoformat(),
        "late": row.state != CLOSED and row.due < days.today(),
        "answered": step.at.isoformat() if step else None,
        "answer": step.text if step and seen else None,
    }


def items(found: Iterable[agenda.Item]) -> list[answers.AgendaItem]:
    """Return items of an agenda that their reader may know of."""
    return [
        {
            "item": f"{item.source}:{item.key}",
            "source": item.source,
            "source_label": tk._(agenda.SOURCES[item.source].label)
            if item.source in agenda.SOURCES
            else item.source,
            "words": item.words.text(tk._),
            "agency": agency(item.agency_id),
            "since": item.since.isoformat(),
            "dataset": dataset(item.package_id),
            "address": _address(item),
        }
        for item in found
    ]


def _address(item: agenda.Item) -> str | None:
    if item.page is None:
        return None
    noun, name, value = item.page
    named: Mapping[str, str] = {name: value}
    try:
        return tk.h.url_for(page_names.endpoint(noun), **named)
    except KeyError:  # a source of before, whose pages are gone
        return None


def meeting_row(row: ForumMeeting) -> answers.ForumRow:
    """Return a meeting as a list gives it."""
    return {"id": row.id, "number": row.number, "day": row.day.isoformat(), "paper": row.paper}


def meeting(row: ForumMeeting, actor: Actor) -> answers.ForumShown:
    """Return a meeting with what its reader may know of agenda and decisions."""
    newest = forum.last()
    names = words.names_of([row.held_by])
    return {
        **meeting_row(row),
        "minutes": row.minutes if knowing.knows(actor, row.named) else None,
        "held_by": names.get(row.held_by or ""),
        "agenda": items(forum.items_of(row, actor)),
        "decisions": [
            {
                "text": decision.text,
                "agency": agency(task.receiver_id),
                "due": decision.due.isoformat(),
                "task": task.number,
                "state": task.state,
                "state_label": tk._(cooperation().states[task.state].label),  # type: ignore[index]
                "late": cooperation().states[task.state].waits_for == "receiver"  # type: ignore[index]
                and task.due < days.today(),
                "dataset": dataset(decision.package_id) if linked else None,
                "case": decision.case_id if linked else None,
            }
            for decision, task, linked in forum.decisions(row, actor)
        ],
        "decides": newest is not None and newest.id == row.id and forum.leads(actor),
    }
