"""The calendar of tasks itself."""

from __future__ import annotations

from ....classification.rules.deadlines import CITY
from ....msgids import N_
from ....smki import tasks
from ....smki.rules.evidence import Evidence, Look, green, red

LATE = N_("%(count)s tasks are late.")
IN_TIME = N_("No task is late; %(count)s are open.")


def tasks_in_time(look: Look) -> Evidence:
    """Is no task of the calendar late? What a red control asks for is red there already."""
    today = look.at.astimezone(CITY).date()
    found = [row for row in tasks.open_tasks() if not row.kind.startswith(tasks.CONTROL)]
    late = [row for row in found if row.due < today]
    if late:
        return red(LATE, count=len(late))
    return green(IN_TIME, count=len(found))


PROBES = {"tasks_in_time": tasks_in_time}
