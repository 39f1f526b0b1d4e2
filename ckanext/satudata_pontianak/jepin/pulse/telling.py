"""Who is told of a fault: its owner first, Walidata after the deadline, once each."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ... import days
from ...classification.notices import notices
from ...classification.records import reads
from ...classification.rules import deadlines, indonesian
from ...ledger.service import append
from ...msgids import N_
from ...smki import incidents, registers, tasks
from ...smki.cooperation import handed
from ...smki.records import concerned, roles
from ...smki.records.cooperation_model import AgencyTask
from ...smki.records.model import SmkiTask
from ...smki.rules.definition import smki
from ...smki.rules.planning import Planned
from ..records.pulse_model import CLOSED, OPEN, SUSPECTED, PulseFault
from ..rules import alarm
from ..rules.pulse import pulse
from ..rules.verdict import Evidence, Verdict
from . import mailbox

TASK = "app_down"
DEFACED = N_(
    "The pulse of the city's apps found words of its list on a page that nobody of the city put "
    "there. The page is no link on the portal any more."
)
OWED = N_("The app %(app)s cannot be opened as it should")
ASKED = N_(
    "The pulse of the city's apps found it so at two times. Its page of the pulse shows what was "
    "found. This task closes by itself once the app has answered for long enough."
)
SOURCE = "pulse"
SHORT = 60


def tell(
    row: PulseFault | None,
    package: model.Package,
    verdict: Verdict,
    evidence: Evidence,
    at: dt.datetime,
) -> None:
    """Tell whom it concerns what is new of an app, in the caller's transaction."""
    if not pulse().quiet.at(at):
        _certificate(package, verdict, evidence, at)
    if row is None:
        return
    _defaced(row, verdict, at)
    if row.state == OPEN and verdict.outcome == "failed":
        _open(row, package, at)
    elif row.state == CLOSED and row.closed_at == at:
        _back(row)


def _open(row: PulseFault, package: model.Package, at: dt.datetime) -> None:
    day = at.astimezone(days.CITY).date()
    if row.alarm_at == at:
        append(
            model.Session,
            event="jepin.alarm",
            actor_id=None,
            dataset_id=row.package_id,
            detail={"number": row.id},
        )
    _follow_owner(row, package)
    if row.told_at is None:
        if pulse().quiet.at(at):
            return
        row.told_at = at
        row.due = due = deadlines.add_working_days(day, pulse().due_working_days)
        notices.tell(
            model.Session,
            "jepin_down",
            notices.recipients("jepin_down", package.owner_org),
            dataset_id=row.package_id,
            facts={"due": due.isoformat()},
            about=f"{row.id}:{due}",
        )
    if row.due is not None:
        _owe(row, package, row.due)
    if row.task_id is None and row.due is not None and day > row.due:
        _hand_to_walidata(row, day)


def _owe(row: PulseFault, package: model.Package, due: dt.date) -> None:
    """Have the agency that owns an app owe its repair, among its other tasks.

    Of an app that is only counted there is no task: nobody might know of it.
    """
    if registers.only_counted(reads.facts_of(package.id)):
        return
    task = model.Session.get(AgencyTask, row.owed_id) if row.owed_id else None
    if task is not None:
        if handed.owed_again(task, due):
            mailbox.write(package)
    elif package.owner_org:
        say, called = indonesian.translator(), (package.title or package.name)[:SHORT]
        subject = say(OWED) % {"app": called}
        task = handed.begun_by(SOURCE, package.owner_org, subject, say(ASKED), package.id, due)
        row.owed_id = task.id
        mailbox.write(package)


def _follow_owner(row: PulseFault, package: model.Package) -> None:
    """End what the agency before owes of an app that is another's now, who is told first."""
    task = model.Session.get(AgencyTask, row.owed_id) if row.owed_id else None
    if task is not None and task.receiver_id != package.owner_org:
        _take_back(row)
        row.owed_id = row.told_at = row.due = None


def _hand_to_walidata(row: PulseFault, day: dt.date) -> None:
    """Hand Walidata a task: the owner's days are over."""
    spec = smki().tasks.tasks[TASK]
    due = deadlines.add_working_days(day, spec.due_working_days)
    planned = Planned(TASK, f"{day.isoformat()} {row.id[:8]}", spec.role, day, due)
    task = tasks.open_task(planned, roles.holders())
    row.task_id = task.id if task is not None else None


def asked_no_more(row: PulseFault, at: dt.datetime) -> bool:
    """End a fault of an app that is asked no more; tell whether it stays, since it hides a link.

    Whoever asks the app again and finds it failing tells its owner first.
    """
    _take_back(row)
    row.told_at = row.due = row.ok_since = None
    if alarm.hides_link(row.state, row.codes, pulse()):
        return True
    if row.state == SUSPECTED:
        model.Session.delete(row)
    else:
        row.state, row.closed_at = CLOSED, at
    return False


def take_back_others() -> None:
    """End tasks of faults that are no more, as of an app that was deleted for good."""
    named = sa.select(PulseFault.task_id).where(PulseFault.task_id.is_not(None))
    tasks.mend(TASK, SmkiTask.id.not_in(named))
    owed = sa.select(PulseFault.owed_id).where(
        PulseFault.owed_id.is_not(None), PulseFault.state == OPEN
    )
    handed.closed_by(AgencyTask.source == SOURCE, AgencyTask.id.not_in(owed))


def _take_back(row: PulseFault) -> None:
    if row.owed_id is not None:
        handed.closed_by(AgencyTask.id == row.owed_id)
    if row.task_id is not None:
        tasks.mend(TASK, SmkiTask.id == row.task_id)
        row.task_id = None


def _back(row: PulseFault) -> None:
    """End what is to be done: the app answers again."""
    _take_back(row)
    append(
        model.Session,
        event="jepin.back",
        actor_id=None,
        dataset_id=row.package_id,
        detail={"number": row.id},
    )


def _defaced(row: PulseFault, verdict: Verdict, at: dt.datetime) -> None:
    """Open an incident of information security, by day and night: one at a time for an app."""
    if not pulse().hides_link(verdict.codes):
        return
    there = [i for i in concerned.open_incidents(row.package_id) if i.kind == "defacement"]
    if there:
        row.incident_id = there[0].id
        return
    incident = incidents.report_of_portal(
        "defacement", "high", indonesian.translator()(DEFACED), row.package_id, at
    )
    row.incident_id = incident.id


def _certificate(
    package: model.Package, verdict: Verdict, evidence: Evidence, at: dt.datetime
) -> None:
    """Tell the owner of a certificate that ends: once within a month, once within a week."""
    for code in mailbox.warned():
        if code in verdict.codes and evidence.tls_until is not None:
            notices.tell(
                model.Session,
                "jepin_certificate",
                notices.recipients("jepin_certificate", package.owner_org),
                dataset_id=package.id,
                facts={"due": evidence.tls_until.isoformat()},
                about=f"{package.id}:{code}:{evidence.tls_until}",
            )
            mailbox.write_of_certificate(package, code, evidence.tls_until, at)
