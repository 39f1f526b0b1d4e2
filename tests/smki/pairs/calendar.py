"""Tasks of the calendar: their records prove controls, and none is late."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import clock_runs
from ckanext.satudata_pontianak.smki import tasks
from ckanext.satudata_pontianak.smki.records import roles
from ckanext.satudata_pontianak.smki.records.model import SmkiTask
from ckanext.satudata_pontianak.smki.reviewing import programme
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules.definition import TaskSpec, begins, smki
from ckanext.satudata_pontianak.smki.rules.planning import Planned

from ..site import Pair, Site, ago

WRITTEN = {
    "choice": "in_order",
    "text": "Semua baris diperiksa dan sesuai.",
    "line": "800/12/2026",
    "number": 1,
}


def handed_out(site: Site, kind: str, name: str, due: dt.date | None = None) -> SmkiTask:
    """Hand out a task in a period that was not yet."""
    planned = planning.of_period(smki().tasks.tasks[kind], name)
    due = due or planned.due
    planned = Planned(kind, name, planned.role, min(planned.opens, days.today()), due)
    row = tasks.open_task(planned, roles.holders())
    assert row is not None
    model.Session.commit()
    return row


def done(site: Site, row: SmkiTask) -> None:
    """Record a task as done, as the person does to whom it fell."""
    if row.kind in WORKED_THROUGH and WORKED_THROUGH[row.kind](site, row):
        return
    known = smki().tasks
    values = {
        name: days.today().isoformat()
        if known.fields[name].type == "date"
        else WRITTEN[known.fields[name].type]
        for name in known.tasks[row.kind].asks.required
    }
    names = {user["id"]: name for name, user in site.city.users.items()}
    site.city.act(names[str(row.user_id)], "satudata_smki_task_do", task=row.id, **values)


def every_right(site: Site, row: SmkiTask) -> bool:
    """Answer every line of the rights: nobody their own."""
    for who in ("walidata", "penetap"):
        asked = {"task": row.id, "limit": 500}
        lines = site.city.act(who, "satudata_smki_rights_list", **asked)["results"]
        ids = [line["id"] for line in lines if not line["own"]]
        site.city.act(who, "satudata_smki_rights_answer", task=row.id, confirmed=ids)
    return False


def held(site: Site, row: SmkiTask) -> bool:
    """Hold the review that a task asks for: it is done by that."""
    said = {
        "paper": f"BA/{row.number}/2026",
        "opinion": WRITTEN["text"],
        "day": days.today().isoformat(),
    }
    site.city.act("penetap", "satudata_smki_review_hold", **said)
    return True


def checked(site: Site, row: SmkiTask) -> bool:
    """Answer every control of a checklist."""
    who = "pengawas" if row.kind == "control_audit" else "penetap"
    for control in programme.left(row):
        asked = {"control": control, "verdict": "conform", "note": WRITTEN["text"]}
        site.city.act(who, "satudata_smki_check_record", **asked)
    return False


WORKED_THROUGH = {
    "rights_review": every_right,
    "management_review": held,
    "control_audit": checked,
    "audit_own": checked,
}
"""Kind of task → what has to be there before it is done, and whether it is done by that."""


def unused(spec: TaskSpec) -> str:
    """Return the newest period of a task that was not handed out."""
    name = spec.period_of(days.today())
    query = sa.select(SmkiTask.period).where(SmkiTask.kind == spec.name)
    taken = set(model.Session.scalars(query))
    while name in taken:
        name = spec.period_of(begins(str(name)) - dt.timedelta(days=1))
    return str(name)


def of_task(kind: str) -> Pair:
    """Return the pair of a control that the record of a task proves."""

    def mends(site: Site) -> None:
        done(site, tasks.open_of(kind) or handed_out(site, kind, unused(smki().tasks.tasks[kind])))

    def breaks(site: Site) -> None:
        for row in model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == kind)):
            assert row.done_at is not None
            before = row.done_at - dt.timedelta(days=1000)
            row.done_at = before
            if "day" in row.answers:
                row.answers = {**row.answers, "day": before.date().isoformat()}
        model.Session.commit()

    return Pair(mends, breaks)


def all_done(site: Site) -> None:
    for row in tasks.open_tasks():
        if not row.kind.startswith(tasks.CONTROL):
            done(site, row)


def one_late(site: Site) -> None:
    spec = smki().tasks.tasks["risk_review"]
    handed_out(site, spec.name, unused(spec), days.today() - dt.timedelta(days=1))


def clock_ran(_site: Site) -> None:
    clock_runs.ran()


def clock_silent(_site: Site) -> None:
    clock_runs.ran(ago(hours=26))


PAIRS = {
    "clock_runs": Pair(clock_ran, clock_silent),
    "tasks_in_time": Pair(all_done, one_late),
    **{
        control.name: of_task(control.task)
        for control in smki().controls.controls.values()
        if control.task
    },
}
