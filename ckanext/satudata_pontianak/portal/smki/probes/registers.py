"""Registers: are they complete, are risks covered, contracts running, weaknesses mended?

Numbers count every line, also of datasets that the reader may not know of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from ckan import model

from ....classification.rules.deadlines import CITY
from ....msgids import N_
from ....smki import advisories, registers
from ....smki.records.model import SmkiEntry
from ....smki.rules import risks
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from ....smki.rules.registers import due, missing
from ....smki.rules.registers import registers as definition

EMPTY = N_("The register is empty.")
LATE = N_("In %(count)s lines something is missing after its deadline.")
WAITING = N_("In %(count)s lines something is missing whose deadline has not come.")
COMPLETE = N_("All %(count)s lines are complete.")
UNCOVERED = N_("%(count)s risks are above what the city bears, neither treated nor accepted.")
UNMEASURED = N_("%(count)s risks are not measured yet.")
COVERED = N_("Each of %(count)s risks is borne, treated or accepted.")
OVERDUE = N_("%(count)s treatments are overdue.")
IN_TIME = N_("No treatment is overdue.")
ENDED = N_("%(count)s contracts have ended.")
ENDING = N_("%(count)s contracts end within %(days)s days.")
RUNNING = N_("All %(count)s contracts run.")
NO_LIST = N_("No list of known weaknesses was ever brought.")
OLD_LIST = N_("The newest list of known weaknesses is from %(day)s.")
OPEN_LONG = N_("%(count)s weaknesses are open for longer than %(days)s days.")
MENDED = N_("No weakness is open for longer than %(days)s days; %(count)s are open.")
UNTRAINED = N_("%(count)s people with deciding duties were not trained within %(days)s days.")
TRAINED = N_("All %(count)s people with deciding duties were trained within %(days)s days.")
UNCLOSED = N_("Of %(count)s people who left it is not recorded that everything was closed.")
CLOSED = N_("Of nobody who left is anything open.")


def _rows(register: str) -> list[SmkiEntry]:
    query = sa.select(SmkiEntry).where(SmkiEntry.register == register, SmkiEntry.ended_at.is_(None))
    return list(model.Session.scalars(query))


def _today(look: Look) -> dt.date:
    return look.at.astimezone(CITY).date()


def _wanting(name: str, today: dt.date) -> tuple[int, int, int]:
    """Return how many lines there are, in how many something is missing, and too late."""
    register, rows = definition().registers[name], _rows(name)
    wanting = [
        row
        for row in rows
        if set(missing(register, row.known, row.written)) - registers.kept_by_portal(row, register)
    ]
    late = [r for r in wanting if due(register, registers.since(r), r.known) < today]
    return len(rows), len(wanting), len(late)


def _complete(name: str, *, may_be_empty: bool = False) -> Callable[[Look], Evidence]:
    """Return a probe: is nothing missing in a register after its deadline?"""

    def probe(look: Look) -> Evidence:
        count, wanting, late = _wanting(name, _today(look))
        if not count and not may_be_empty:
            return red(EMPTY)
        if late:
            return red(LATE, count=late)
        return yellow(WAITING, count=wanting) if wanting else green(COMPLETE, count=count)

    return probe


def risks_covered(look: Look) -> Evidence:
    """Is no risk above what the city bears without a running treatment or an acceptance?"""
    today, rows, rules = _today(look), _rows(registers.RISKS), definition().risks
    if not rows:
        return red(EMPTY)
    register = definition().registers[registers.RISKS]
    measured = [row for row in rows if risks.left(row.written, today) is not None]
    bare = [
        row
        for row in measured
        if risks.uncovered(rules, row.written, today, accepted=registers.accepted(row, today))
    ]
    if bare:
        return red(UNCOVERED, count=len(bare))
    rest = [row for row in rows if row not in measured]
    late = [row for row in rest if due(register, registers.since(row), row.known) < today]
    if late:
        return red(UNMEASURED, count=len(late))
    return yellow(UNMEASURED, count=len(rest)) if rest else green(COVERED, count=len(rows))


def treatments_in_time(look: Look) -> Evidence:
    """Is no treatment of a risk overdue, unless what is left was accepted meanwhile?"""
    today = _today(look)
    late = [
        row
        for row in _rows(registers.RISKS)
        if risks.overdue(row.written, today) and not registers.accepted(row, today)
    ]
    return red(OVERDUE, count=len(late)) if late else green(IN_TIME)


def contracts_running(look: Look) -> Evidence:
    """Has no supplier's contract ended, and does none end soon?"""
    today, rows = _today(look), _rows("pemasok")
    soon = today + dt.timedelta(days=look["days"])
    ends = [day for row in rows if (day := risks.day(row.written, "ends")) is not None]
    ended = [day for day in ends if day < today]
    if ended:
        return red(ENDED, count=len(ended))
    if not rows:
        return yellow(EMPTY)
    ending = [day for day in ends if day <= soon]
    if ending:
        return yellow(ENDING, count=len(ending), days=look["days"])
    return green(RUNNING, count=len(rows))


def advisories_fresh(look: Look) -> Evidence:
    """Was a list of known weaknesses brought within so many days?"""
    last = advisories.last_taken()
    if last is None:
        return red(NO_LIST)
    old = look.at - last > dt.timedelta(days=look["days"])
    return (red if old else green)(OLD_LIST, day=last.astimezone(CITY).date())


def vulnerabilities_mended(look: Look) -> Evidence:
    """Is no known weakness open for longer than so many days?"""
    if advisories.last_taken() is None:
        return red(NO_LIST)
    rows = _rows("kerentanan")
    before = _today(look) - dt.timedelta(days=look["days"])
    found = [risks.day({**r.written, **r.known}, "found") or registers.since(r) for r in rows]
    long = [day for day in found if day < before]
    if long:
        return red(OPEN_LONG, count=len(long), days=look["days"])
    return green(MENDED, count=len(rows), days=look["days"])


def people_trained(look: Look) -> Evidence:
    """Was everybody with a deciding duty trained within so many days?"""
    before = _today(look) - dt.timedelta(days=look["days"])
    deciding = [r for r in _rows("orang") if r.known.get("decides") == "yes"]
    if not deciding:
        return red(EMPTY)
    days = [risks.day(row.written, "trained") for row in deciding]
    wanting = [day for day in days if day is None or day < before]
    if wanting:
        return red(UNTRAINED, count=len(wanting), days=look["days"])
    return green(TRAINED, count=len(deciding), days=look["days"])


def leavers_closed(look: Look) -> Evidence:
    """Is it recorded of everybody who left that work was handed over and accounts closed?"""
    register, today = definition().registers["orang"], _today(look)
    rows = _rows("orang")
    if not rows:
        return red(EMPTY)
    late = [
        row
        for row in rows
        if row.known.get("stand") == "left"
        and {"handed_over", "closed"} & {*missing(register, row.known, row.written)}
        and today > (risks.day(row.known, "since") or today) + dt.timedelta(days=look["days"])
    ]
    return red(UNCLOSED, count=len(late)) if late else green(CLOSED)


PROBES = {
    "assets_complete": _complete("aset"),
    "processing_complete": _complete("pemrosesan", may_be_empty=True),
    "changes_explained": _complete("perubahan", may_be_empty=True),
    "continuity_planned": _complete("kontinuitas"),
    "retention_set": _complete("retensi"),
    "risks_covered": risks_covered,
    "treatments_in_time": treatments_in_time,
    "contracts_running": contracts_running,
    "advisories_fresh": advisories_fresh,
    "vulnerabilities_mended": vulnerabilities_mended,
    "people_trained": people_trained,
    "leavers_closed": leavers_closed,
}
