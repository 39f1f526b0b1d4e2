"""The rows of an SOP's flowchart table, from the definitions and the steps by hand."""

from __future__ import annotations

from dataclasses import replace

from ...messages import Message
from .definition import Definitions, Segment, Time
from .document import Link, Row, Symbol, bases, code_of
from .rows_cases import case_rows
from .rows_holds import hold_rows
from .rows_incidents import begin_rows, clock_time, end_rows
from .rows_life import life_row
from .rows_parts import ENFORCED, NO, YES, due
from .rows_reopening import reopening_rows
from .rows_requests import request_rows
from .rows_tasks import elsewhere, full_trace, recorded, task_row


def rows_of(defs: Definitions, name: str) -> tuple[Row, ...]:
    """Return the rows of an SOP in their order, every link leading to one of them.

    :raises ValueError: a link leads nowhere.
    """
    segments = defs.sop.documents[name].flow
    made = [_segment(defs, name, segment) for segment in segments]
    rows: list[Row] = []
    for number, part in enumerate(made):
        following = next((p[0].key for p in made[number + 1 :] if p), None)
        rows += _led_on(part, segments[number], following)
    return _with_connectors(defs, rows)


def _segment(defs: Definitions, name: str, segment: Segment) -> list[Row]:
    if segment.cases is not None:
        return case_rows(defs, name, segment.cases)
    if segment.requests is not None:
        return request_rows(defs, segment.requests)
    if segment.reopening is not None:
        return reopening_rows(defs, segment.reopening)
    if segment.holds:
        return hold_rows(defs)
    if segment.incidents is not None:
        return begin_rows(defs) if segment.incidents == "begin" else end_rows(defs)
    if segment.task:
        return [task_row(defs, segment, _links(segment))]
    if segment.life:
        return [life_row(segment, _links(segment))]
    return [_step(defs, segment)]


def _time(defs: Definitions, time: Time) -> Message:
    if time.clock:
        return clock_time(defs, time.clock)
    if time.state:
        return due(defs.workflow.states[time.state].due_working_days)
    return Message(time.label)


def _links(step: Segment) -> tuple[Link, ...]:
    if step.yes:
        return (Link(step.yes, YES), Link(step.no, NO))
    return (Link(step.next),) if step.next else ()


def _step(defs: Definitions, step: Segment) -> Row:
    """Return a step that the software does not take: marked as manual unless it is said else."""
    trace = full_trace(defs, step.trace)
    return Row(
        key=step.name,
        lane=step.by,
        symbol=Symbol(step.symbol),
        activity=Message(step.step or ""),
        needs=tuple(Message(item.label) for item in step.needs),
        time=_time(defs, step.time) if step.time else None,
        output=Message(step.output) if step.output else None,
        remarks=(
            *([ENFORCED] if step.enforced else []),
            *recorded(defs, trace),
            *(Message(item.label) for item in step.remarks),
        ),
        links=_links(step),
        manual=not step.enforced,
        trace=trace,
        basis=bases(step.basis),
    )


def _led_on(part: list[Row], segment: Segment, following: str | None) -> list[Row]:
    """Let a row that leads nowhere lead to the next segment, unless it ends the procedure."""
    if following is None or segment.ends:
        return part
    return [
        replace(row, links=(Link(following),))
        if not row.links and row.symbol is not Symbol.CONNECTOR and not _is_end(part, row)
        else row
        for row in part
    ]


def _is_end(part: list[Row], row: Row) -> bool:
    """Tell whether a row of a part of several rows ends the procedure by itself."""
    return len(part) > 1 and row.symbol is Symbol.TERMINATOR


def _with_connectors(defs: Definitions, rows: list[Row]) -> tuple[Row, ...]:
    """Add a row for every other SOP that a link leads to, and check all links."""
    keys = {row.key for row in rows}
    for row in list(rows):
        for link in row.links:
            if link.to in keys:
                continue
            other = link.to.removeprefix("sop:")
            if other == link.to or other not in defs.sop.documents:
                raise ValueError(f"'{row.key}' leads to '{link.to}', which is no row and no SOP")
            keys.add(link.to)
            rows.append(_elsewhere(defs, link.to, other, row.lane))
    keys = {row.key for row in rows}
    for row in rows:
        if row.trace and not elsewhere(row.trace) and row.trace not in keys:
            raise ValueError(f"'{row.key}' is recorded in '{row.trace}', which is no row")
    return tuple(rows)


def _elsewhere(defs: Definitions, key: str, other: str, lane: str) -> Row:
    values = {
        "code": code_of(defs, other),
        "title": Message(defs.sop.documents[other].label),
    }
    return Row(
        key=key,
        lane=lane,
        symbol=Symbol.CONNECTOR,
        activity=Message("Goes on in %(code)s, %(title)s.", values),
    )
