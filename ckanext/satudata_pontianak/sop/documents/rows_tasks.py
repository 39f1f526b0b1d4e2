"""Rows of tasks of the portal, and in which a step by hand is recorded (``smki/tasks.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...messages import Message
from ...msgids import N_
from ...smki.rules.definition import EVENT, Every, TaskSpec
from .definition import Definitions, Segment
from .document import Link, Row, Symbol, bases

TASK = "task:"
"""Begins the key of the row of a task."""
CONTROL = "control:"
KEPT = "kept:"
"""Begins what the portal records by itself (``kept`` of ``sop.yaml``)."""

TIMES: Mapping[Every, str] = {
    "month": N_("Every month, within %(days)s working days of its first"),
    "quarter": N_("Every quarter, within %(days)s working days of its first"),
    "two_months": N_("Every two months, within %(days)s working days of their first"),
    "half_year": N_("Every half year, within %(days)s working days of its first"),
    "year": N_("Every year, in month %(month)s within %(days)s working days of its first"),
    EVENT: N_("Within %(days)s working days after: %(event)s"),
}


def task_row(defs: Definitions, segment: Segment, links: tuple[Link, ...]) -> Row:
    """Return the row of a task: who does it, when, and what is recorded of it.

    :param segment: names the task; what else it says goes before what the task says.
    """
    spec = defs.smki.tasks.tasks[segment.task or ""]
    fields = defs.smki.tasks.fields
    asked = [Message(fields[name].label) for name in spec.asks.required]
    said = {"label": Message(spec.label)}
    if spec.help:
        said["help"] = Message(spec.help)
    return Row(
        key=f"{TASK}{spec.name}",
        lane=spec.role,
        symbol=Symbol(segment.symbol),
        activity=Message("%(label)s. %(help)s" if spec.help else "%(label)s.", said),
        needs=tuple(Message(item.label) for item in segment.needs)
        or (Message("Task on the portal"),),
        time=time_of(spec),
        output=Message(segment.output)
        if segment.output
        else Message("Record of the task: %(fields)s", {"fields": asked}),
        remarks=(
            Message(BY_EVENT) if spec.every == EVENT else Message(BY_CALENDAR),
            *(Message(item.label) for item in segment.remarks),
        ),
        links=links,
        trace=f"{TASK}{spec.name}",
        basis=bases(segment.basis),
    )


BY_CALENDAR = N_(
    "Handed out by the portal on its day, reminded of, and recorded with what was found."
)
BY_EVENT = N_("Begun on the portal when it happens, reminded of, and recorded with what was found.")


def time_of(spec: TaskSpec) -> Message:
    """Return when a task is due, as people read it."""
    values: dict[str, Any] = {"days": spec.due_working_days, "month": spec.month}
    if spec.event:
        values["event"] = Message(spec.event)
    return Message(TIMES[spec.every], values)


def full_trace(defs: Definitions, name: str) -> str:
    """Return a trace with what it is: a task, a control, a record, or a row of the document."""
    if name in defs.smki.tasks.tasks:
        return f"{TASK}{name}"
    if name in defs.sop.kept:
        return f"{KEPT}{name}"
    return f"{CONTROL}{name}" if name in defs.smki.controls.controls else name


def elsewhere(trace: str) -> bool:
    """Tell whether a trace is no row of the document."""
    return trace.startswith((TASK, CONTROL, KEPT))


def recorded(defs: Definitions, trace: str) -> list[Message]:
    """Return the remark that says which task or control records a step by hand; of a row none."""
    kind, _, name = trace.partition(":")
    if f"{kind}:" == TASK:
        label = Message(defs.smki.tasks.tasks[name].label)
        return [Message("Recorded in the task: %(task)s.", {"task": label})]
    if f"{kind}:" == CONTROL:
        label = Message(defs.smki.controls.controls[name].label)
        return [Message("Looked at by the portal every day: %(control)s.", {"control": label})]
    if f"{kind}:" == KEPT:
        label = Message(defs.sop.kept[name].label)
        return [Message("Recorded by the portal: %(what)s.", {"what": label})]
    return []
