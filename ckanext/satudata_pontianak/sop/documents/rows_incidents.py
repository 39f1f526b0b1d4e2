"""Rows of an incident: how it begins, whom the portal tells, how it ends (``incidents.yaml``)."""

from __future__ import annotations

from ...classification.incidents.definition import End
from ...messages import Message
from .definition import Definitions
from .document import Link, Row, Symbol, bases
from .rows_cases import ENFORCED

HOURS_A_DAY = 24


def clock_time(defs: Definitions, name: str) -> Message:
    """Return the deadline of a clock as people read it: in days of hours, never working days."""
    hours = defs.incidents.clocks[name].hours
    if hours % HOURS_A_DAY:
        return Message("At most %(hours)s hours", {"hours": hours})
    return Message("At most %(days)s × 24 hours", {"days": hours // HOURS_A_DAY})


def begin_rows(defs: Definitions) -> list[Row]:
    """Return the row of how an incident begins."""
    rules = defs.incidents
    people = [defs.sop.lane(who) for who in rules.begun_by]
    return [
        Row(
            key="incident:begin",
            lane=rules.begun_by[0],
            symbol=Symbol.PROCESS,
            title=Message("Begin the incident"),
            activity=Message(
                "The incident is entered with the time at which it became known; the clock runs "
                "from there. May be done by: %(people)s; the scan does it by itself for what it "
                "holds. Owner agency, Walidata and PPID are told at once.",
                {"people": people},
            ),
            needs=(Message("What was seen, and when it became known"),),
            time=Message("At once; the portal records the hour"),
            output=Message("Incident with its number and deadline"),
            remarks=(ENFORCED, Message("Everybody told is told again before the deadline.")),
            basis=bases(rules.clocks["personal_data"].basis),
        )
    ]


def end_rows(defs: Definitions) -> list[Row]:
    """Return the rows of how an incident ends: a choice, and a row for each end."""
    ends = defs.incidents.ends
    return [
        Row(
            key="incident:end",
            lane=ends["conclude"].by[0],
            symbol=Symbol.DECISION,
            title=Message("End the incident"),
            activity=Message("Did data come to anybody who may not have them, or may they have?"),
            needs=(Message("Exposure of the incident, findings of the scan"),),
            time=clock_time(defs, "personal_data"),
            output=Message("How the incident ends"),
            links=(
                Link("incident:conclude", Message("Yes")),
                Link("incident:dismiss", Message("No")),
            ),
            manual=True,
            trace="incident:conclude",
        ),
        *(_end(defs, ends[name]) for name in ("conclude", "dismiss")),
    ]


def _end(defs: Definitions, end: End) -> Row:
    fields = defs.incidents.fields
    return Row(
        key=f"incident:{end.name}",
        lane=end.by[0],
        symbol=Symbol.PROCESS,
        title=Message(end.label),
        activity=Message(end.step),
        needs=tuple(Message(fields[name].label) for name in end.fields),
        time=clock_time(defs, "personal_data"),
        output=Message(end.output),
        remarks=(ENFORCED,),
        basis=bases(end.basis),
    )
