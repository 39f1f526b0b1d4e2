"""What probes say in the same words: how many, since when, and names of options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ...agencies.checks import Finding, Level
from ...classification.rules.deadlines import CITY
from ...msgids import N_
from ...smki.rules.evidence import Evidence, green, red, yellow

FOUND = N_("%(count)s found.")
NONE_FOUND = N_("None found; %(count)s were looked at.")
LATE = N_("%(count)s are late, the oldest since %(day)s.")
NONE_LATE = N_("None is late; %(count)s are open.")
MISSING = N_("%(missing)s of %(count)s are missing.")
ALL_THERE = N_("All %(count)s are there.")
WRONG_OPTIONS = N_("Settings that are not as they have to be: %(options)s.")
WRONG = N_("Wrong: %(count)s. Whoever runs the server sees which: ckan satudata check.")
IN_ORDER = N_("Looked at, and nothing was wrong.")


def found(count: int, of: int) -> Evidence:
    """Say how many were found of what must not be; none is green."""
    return red(FOUND, count=count) if count else green(NONE_FOUND, count=of)


def late(due: Sequence[dt.date], open_: int, today: dt.date, days: int = 0) -> Evidence:
    """Say how many were due before today, yellow until one of them is late for so many days.

    :param due: the days on which the late ones were due.
    """
    if not due:
        return green(NONE_LATE, count=open_)
    oldest = min(due)
    say = red if (today - oldest).days > days else yellow
    return say(LATE, count=len(due), day=oldest)


def missing(count: int, of: int) -> Evidence:
    """Say how many are missing of so many; none is green."""
    return red(MISSING, missing=count, count=of) if count else green(ALL_THERE, count=of)


def of_findings(findings: Sequence[Finding], *, strict: bool = False) -> Evidence:
    """Say what ``ckan satudata check`` finds, without the names that it may name.

    :param strict: a warning is red as well, and not yellow.
    """
    if not findings:
        return green(IN_ORDER)
    bad = strict or any(finding.level == Level.ERROR for finding in findings)
    say, count = red if bad else yellow, len(findings)
    options = sorted({f.params["option"] for f in findings if f.params.get("option")})
    if options:
        return say(WRONG_OPTIONS, options=options)
    if count == 1 and not findings[0].params:
        return say(findings[0].problem)
    return say(WRONG, count=count)


def city_day(moment: dt.datetime) -> dt.date:
    """Return the city's day of a moment."""
    return moment.astimezone(CITY).date()
