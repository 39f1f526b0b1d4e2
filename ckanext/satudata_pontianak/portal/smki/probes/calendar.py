"""The calendar of tasks itself."""

from __future__ import annotations

import datetime as dt

from ....classification.clock import clock_runs
from ....classification.rules.deadlines import CITY
from ....msgids import N_
from ....smki import tasks
from ....smki.rules.evidence import Evidence, Look, green, red

LATE = N_("%(count)s tasks are late.")
IN_TIME = N_("No task is late; %(count)s are open.")
NEVER = N_("The clock has never run through.")
SILENT = N_("The clock did not run between %(since)s and now: no deadline was kept.")
RAN = N_("The clock ran last at %(since)s.")


def tasks_in_time(look: Look) -> Evidence:
    """Is no task of the calendar late? What a red control asks for is red there already."""
    today = look.at.astimezone(CITY).date()
    found = [row for row in tasks.open_tasks() if not row.kind.startswith(tasks.CONTROL)]
    late = [row for row in found if row.due < today]
    if late:
        return red(LATE, count=len(late))
    return green(IN_TIME, count=len(found))


def clock_runs_on(look: Look) -> Evidence:
    """Did the clock run within so many hours before?"""
    last = clock_runs.last()
    if last is None:
        return red(NEVER)
    silent = look.at - last > dt.timedelta(hours=look["hours"])
    return (red if silent else green)(SILENT if silent else RAN, since=last.astimezone(CITY))


PROBES = {"tasks_in_time": tasks_in_time, "clock_runs": clock_runs_on}
