"""The conformance report as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ...agencies.rules import duties
from ...classification.rules.workflow import PART_LABELS
from ...messages import Message
from ...msgids import N_, NP_
from .tables import Cell, Names, Share, Table

CODE_LABELS: Mapping[str, str] = {
    "wrong_start": N_("Opened in a state in which no case begins"),
    "unknown_step": N_("A step that the workflow does not have"),
    "wrong_state": N_("A step out of a state that it does not lead out of"),
    "wrong_target": N_("The step led to another state than written"),
    "wrong_duty": N_("Taken in another duty than written"),
    "exclusion": N_("Taken by somebody who already had another part in the case"),
    "late": N_("After the deadline"),
    "missing_fields": N_("Required fields were missing"),
    "break_glass": N_("Taken under emergency access"),
    "purged": N_("The dataset was removed for good while the case was open"),
    "no_definition": N_("The workflow that was in force is missing from the ledger"),
}
OF_STATES = frozenset({"wrong_start", "wrong_state", "wrong_target"})
WITHOUT_DETAILS = frozenset({"break_glass", "unknown_step"})
"""The ledger has an id or a name alone: the entry, beside it, tells more."""
NOBODY = N_("Another duty, or none")

STEP_HEADS = (
    Message("Agency"),
    Message("State"),
    Message("Step"),
    Message("Steps taken"),
    Message("Median of working days"),
    Message("90th percentile of working days"),
)
NUMBER_HEADS = (Message("What"), Message(NP_("how many", "Number")))


def conformance_tables(report: Mapping[str, Any], names: Names) -> list[Table]:
    """Return the report as tables, the shortest first.

    :param report: what :func:`.conformance.report` gives.
    """
    cases, decisions, over = report["cases"], report["decisions"], report["overrides"]
    numbers: list[tuple[Cell, ...]] = [
        (Message("Cases that were open in this time"), cases["total"]),
        (Message("Cases that ran as written"), cases["as_written"]),
        (Message("Share that ran as written"), Share(cases["share_as_written"])),
        (Message("Deviations"), report["deviations"]["total"]),
        (Message("Open cases past their deadline"), cases["overdue"]),
        (Message("Refused attempts in these cases"), cases["refused_attempts"]),
        (Message("Decisions taken"), decisions["taken"]),
        (Message("Decisions in force"), decisions["in_force"]),
        (Message("Decisions in force past their end"), decisions["expired"]),
        (Message("Holds in force"), report["holds"]["active"]),
        (Message("Holds placed"), report["holds"]["placed"]),
        (Message("Times that emergency access was begun"), over["emergency_access"]),
        (Message("Steps taken under emergency access"), over["steps"]),
        (Message("Datasets removed for good with an open case"), over["purged"]),
    ]
    by_code = report["deviations"]["by_code"]
    return [
        Table("numbers", Message("In short"), NUMBER_HEADS, tuple(numbers)),
        Table(
            "codes",
            Message("Deviations by kind"),
            NUMBER_HEADS,
            tuple((Message(CODE_LABELS[code]), count) for code, count in by_code.items()),
            chart=1,
        ),
        Table(
            "deviations",
            Message("Each deviation"),
            tuple(
                Message(head)
                for head in (
                    N_("Kind"),
                    N_("Agency"),
                    N_("State"),
                    N_("Step"),
                    N_("Dataset"),
                    N_("Day"),
                    N_("Entry in the ledger"),
                    N_("Details"),
                )
            ),
            tuple(deviation(d, names) for d in report["deviations"]["list"]),
        ),
        Table(
            "steps",
            Message("Working days of each step"),
            STEP_HEADS,
            tuple(step_row(row, names) for row in report["steps"]),
            help=Message("From the day on which the case came there to the day of the step."),
        ),
        Table(
            "definitions",
            Message("Workflows that were in force"),
            (Message("Version"), Message("Hash"), Message("In force from")),
            tuple(
                (d["version"], d["workflow"], dt.date.fromisoformat(d["from"]))
                for d in report["definitions"]
            ),
        ),
    ]


def step_row(row: Mapping[str, Any], names: Names) -> tuple[Cell, ...]:
    """Return the row of a step, with its agency."""
    return (
        names.agency(row["agency"]),
        names.state(row["state"]),
        names.step(row["state"], row["step"]),
        row["count"],
        row["median"],
        row["p90"],
    )


def deviation(row: Mapping[str, Any], names: Names) -> tuple[Cell, ...]:
    """Return the row of a deviation."""
    return (
        Message(CODE_LABELS[row["code"]]),
        names.agency(row["agency"]) if row["agency"] else "–",
        names.state(row["state"]),
        names.step(row["state"], row["step"]),
        row.get("dataset_title")
        or row.get("dataset_name")
        or (Message("A dataset that is no longer there") if row["dataset"] else "–"),
        dt.date.fromisoformat(row["day"]),
        str(row["entry"]),
        _details(row["code"], row["what"], names),
    )


def _details(code: str, what: Sequence[str], names: Names) -> Cell:
    """Return what a deviation is about, as people call it: states, duties, parts, fields, a day."""
    if not what or code in WITHOUT_DETAILS:
        return "–"
    if code == "late":
        return dt.date.fromisoformat(what[0])
    if code in OF_STATES:
        return tuple(names.state(state) for state in what)
    if code == "missing_fields":  # of a group, one of which was needed, each
        return tuple(names.field(name) for word in what for name in word.split("/"))
    labels = {**duties.LABELS, **PART_LABELS}
    return tuple(Message(labels.get(word, NOBODY)) for word in what)
