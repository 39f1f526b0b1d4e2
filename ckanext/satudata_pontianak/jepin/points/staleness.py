"""Points that nobody saw for long: the owner is told first, Walidata after the deadline.

What is stale is read from the tables that are served, so that all of it ends by itself once they
are fresh. A task of the agency that owns them holds the first deadline, however the points change,
and whether or not there is anybody to be told. What is only counted is told to nobody.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ...classification.notices import notices
from ...classification.records import dataset_types, reads
from ...classification.records.model import Version
from ...classification.rules import deadlines, indonesian
from ...classification.rules.profiled import FIELD
from ...msgids import N_
from ...smki import registers, tasks
from ...smki.cooperation import handed
from ...smki.records import roles
from ...smki.records.cooperation_model import AgencyTask
from ...smki.records.model import SmkiTask
from ...smki.rules.cooperation import CLOSED
from ...smki.rules.definition import smki
from ...smki.rules.planning import Planned
from ..reports import reporting
from ..rules import point_rules
from ..rules.point_definition import Profile, profiles
from . import checking

log = logging.getLogger(__name__)

TASK = "points_stale"
TOLD, LATE = "points_stale", "points_stale_late"
SOURCE = "points"
OWED = N_("Points of %(dataset)s were not seen for long")
ASKED = N_(
    "The table names the day on which each point was seen last. Look at the points that were not "
    "seen for long and bring the table anew. This task closes by itself once all are fresh."
)
SHORT = 50


@dataclass(frozen=True)
class Stale:
    """A dataset with points that nobody saw for long: how many, and since when the first.

    ``task``: the newest of its owner's tasks for this.
    """

    package: model.Package
    profile: Profile
    points: int
    since: dt.date
    task: AgencyTask | None

    @property
    def owed(self) -> AgencyTask | None:
        """Return the task by which these points are owed.

        One that people closed before the first of them was stale was for others.
        """
        row = self.task
        if row is not None and row.state == CLOSED and row.closed_at is not None:
            return row if row.closed_at.astimezone(days.CITY).date() >= self.since else None
        return row

    def due(self, today: dt.date) -> dt.date:
        """Return until when its owner has time; from today on, where nothing is owed yet."""
        if self.owed is not None and self.owed.set_due is not None:
            return self.owed.set_due
        return deadlines.add_working_days(today, self.profile.file.fresh.due_working_days)


@dataclass(frozen=True)
class Looked:
    """What was found in the tables: datasets with stale points, and tasks of what was not read."""

    stale: list[Stale]
    unread: list[AgencyTask]


def stale(today: dt.date) -> list[Stale]:
    """Return the datasets with points that nobody saw for long, the longest first."""
    return _looked(today).stale


def _looked(today: dt.date) -> Looked:
    package = model.Package
    named = package.extras[FIELD].as_string().in_([*profiles()])
    query = sa.select(package).where(package.state == "active", named)
    packages = [p for p in model.Session.scalars(query) if dataset_types.is_governed(p.type)]
    facts = reads.facts_for(p.id for p in packages)
    packages = [p for p in packages if p.id in facts and not registers.only_counted(facts[p.id])]
    served = reads.pointers_of(p.id for p in packages)
    owed = sa.select(AgencyTask).where(AgencyTask.source == SOURCE).order_by(AgencyTask.number)
    task_of = {row.named[0]: row for row in model.Session.scalars(owed)}
    found, unread = [], []
    for each in packages:
        profile, task = profiles()[each.extras[FIELD]], task_of.get(each.id)
        ids = [r.id for r in each.resources if r.state == "active" and r.id in served]
        try:
            since = [day for id_ in ids for day in _since(profile, served[id_][1], today)]
        except Exception:  # storage lets many kinds of errors through
            log.exception("points of %s could not be read", each.id)
            unread += [task] if task is not None else []
            continue
        if since:
            found.append(Stale(each, profile, len(since), min(since), task))
    return Looked(sorted(found, key=lambda one: (one.since, one.package.id)), unread)


def _since(profile: Profile, version: Version, today: dt.date) -> list[dt.date]:
    """Return since when each point of a table is stale, of those that are."""
    if version.sealed or version.sha256 is None:
        return []
    try:
        table = checking.table(profile.name, version.filename, version.sha256, today)
    except (FileNotFoundError, ValueError):
        return []
    column = profile.file.fresh.column
    begins = (
        point_rules.stale_from(profile, dt.date.fromisoformat(row[column]))
        for row in table.rows
        if row.get(column)
    )
    return [day for day in begins if day <= today]


def seen(actor: Actor, today: dt.date) -> list[Stale]:
    """Return those of which somebody has the work: of the owner, or by a duty that sees reports."""
    found = stale(today)
    facts = reads.facts_for(one.package.id for one in found)
    return [one for one in found if reporting.sees(actor, facts[one.package.id])]


def remind(today: dt.date | None = None) -> int:
    """Tell owners of stale points, hand Walidata what is late, end what is fresh again; commit.

    A dataset of which nothing can be told keeps nothing from the others.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    looked = _looked(day)
    kept = {row.id for row in looked.unread}
    for one in looked.stale:
        if one.task is not None:
            kept.add(one.task.id)
        try:
            row, people = _owe(one, day)
            model.Session.commit()
        except Exception:  # whatever it is, one dataset ends no round
            model.Session.rollback()
            log.exception("nothing told of the points of %s", one.package.id)
            continue
        told += people
        kept |= {row.id} if row is not None else set()
    handed.closed_by(AgencyTask.source == SOURCE, AgencyTask.id.not_in(kept))
    named = [
        _period(row)
        for row in model.Session.scalars(sa.select(AgencyTask).where(AgencyTask.id.in_(kept)))
    ]
    tasks.mend(TASK, SmkiTask.period.not_in(named))
    model.Session.commit()
    return told


def _owe(one: Stale, day: dt.date) -> tuple[AgencyTask | None, int]:
    """Have the agency that owns points owe a look at them; return its task, and how many heard."""
    package, row = one.package, one.task
    if not package.owner_org:
        return None, 0
    due = deadlines.add_working_days(day, one.profile.file.fresh.due_working_days)
    if row is not None:
        handed.owed_again(row, due)
    if row is None or one.owed is None:
        say, called = indonesian.translator(), (package.title or package.name)[:SHORT]
        subject = say(OWED) % {"dataset": called}
        row = handed.begun_by(SOURCE, package.owner_org, subject, say(ASKED), package.id, due)
    due = row.set_due or due
    told = _tell(TOLD, package, row, due)
    if day > due:
        told += _tell(LATE, package, row, due)
        _hand_to_walidata(row, day)
    return row, told


def _period(row: AgencyTask) -> str:
    """Return what Walidata's task is named by: it says nothing of the dataset."""
    return f"{row.set_due} {row.number}"


def _tell(kind: str, package: model.Package, row: AgencyTask, due: dt.date) -> int:
    return notices.tell(
        model.Session,
        kind,
        notices.recipients(kind, package.owner_org),
        dataset_id=package.id,
        facts={"due": due.isoformat()},
        about=f"{row.id}:{due}",
    )


def _hand_to_walidata(row: AgencyTask, day: dt.date) -> None:
    spec = smki().tasks.tasks[TASK]
    due = deadlines.add_working_days(day, spec.due_working_days)
    tasks.open_task(Planned(TASK, _period(row), spec.role, day, due), roles.holders())
