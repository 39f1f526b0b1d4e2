"""The numbers that everybody may know, as tables and bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ...messages import Message
from ..papers import official
from .conformance_tables import NUMBER_HEADS, STEP_HEADS, step_row
from .tables import Cell, Names, Share, Table
from .transparency import HELD


def transparency_tables(
    told: Mapping[str, Any], names: Names, levels: Mapping[str, str]
) -> list[Table]:
    """Return the numbers as tables.

    :param told: what :func:`.transparency.numbers` gives.
    :param levels: level → its label.
    """
    cases, decisions, holds = told["cases"], told["decisions"], told["holds"]
    requests = told["requests"]
    short: list[tuple[Cell, ...]] = [
        (Message("Cases opened"), cases["opened"]),
        (Message("Cases ended"), cases["ended"]),
        (Message("Cases that ran as written (counted in public)"), cases["as_written"]),
        (
            Message("Share that ran as written (counted in public)"),
            Share(cases["share_as_written"]),
        ),
        (Message("Open cases"), cases["open"]),
        (Message("Open cases past their deadline (counted in public)"), cases["overdue"]),
        (Message("Decisions taken (counted in public)"), decisions["taken"]),
        (Message("Decisions in force past their end (counted in public)"), decisions["expired"]),
        (Message("Holds in force (counted in public)"), holds["active"]),
        (Message("Holds placed (counted in public)"), holds["placed"]),
        (Message("Holds lifted"), holds["released"]),
        (Message("Holds lifted as a false alarm"), holds["false_alarms"]),
        (Message("Incidents"), told["incidents"]),
        (Message("Times that emergency access was begun"), told["emergency_access"]),
    ]
    asked: list[tuple[Cell, ...]] = [
        (Message("Requests for access"), requests["asked"]),
        (Message("Answered"), requests["answered"]),
        (Message("Granted"), requests["granted"]),
        (Message("Refused"), requests["refused"]),
        (Message("Objections"), requests["objections"]),
        (Message("Waiting for an answer"), requests["waiting"]),
        (Message("Past the deadline of the answer"), requests["overdue"]),
    ]
    public = [level for level in levels if any(level in r for r in decisions["by_agency"])]
    shown = (*public, HELD)
    return [
        Table(
            "numbers",
            Message("In short"),
            NUMBER_HEADS,
            tuple(short),
            help=Message(
                "As counted in public: what takes a dataset out of sight counts from the end of "
                "its month on, so that no number tells of a single dataset. The reports of the "
                "offices count it at once."
            ),
        ),
        Table(
            "open",
            Message("Open cases by state"),
            (Message("State"), Message("Open cases")),
            tuple(
                (names.state(state), cases["open_by_state"][state])
                for state in names.in_order(cases["open_by_state"])
            ),
            chart=1,
        ),
        Table(
            "levels",
            Message("Decisions in force by level"),
            (Message("Security level"), Message("Decisions")),
            (
                *((Message(label), decisions["by_level"][n]) for n, label in levels.items()),
                (Message(official.HELD), decisions[HELD]),
            ),
            chart=1,
            help=Message(
                "What takes a dataset out of the public's sight (another level, a removal, a hold "
                "on everything) is counted as of %(day)s, and for the whole city only.",
                {"day": dt.date.fromisoformat(decisions["hidden_as_of"])},
            ),
        ),
        Table(
            "agencies",
            Message("Decisions in force by agency"),
            (
                Message("Agency"),
                Message("Together"),
                *(Message(levels[level]) for level in public),
                Message(official.HELD),
            ),
            tuple(
                (names.agency(r["agency"]), sum(r[x] for x in shown), *(r[x] for x in shown))
                for r in decisions["by_agency"]
            ),
            chart=1,
            help=Message("Only what everybody finds in the catalogue."),
        ),
        Table(
            "steps",
            Message("Working days of each step"),
            STEP_HEADS[1:],
            tuple(step_row({"agency": None, **r}, names)[1:] for r in _sorted(told, names)),
            chart=3,
            help=Message("Times of few steps are left out: they would tell of single cases."),
        ),
        Table(
            "waits",
            Message("Working days from proposal to decision by agency"),
            (Message("Agency"), Message("Cases"), *STEP_HEADS[4:]),
            tuple(
                (names.agency(r["agency"]), r["count"], r["median"], r["p90"])
                for r in told["days"]["agencies"]
            ),
            chart=2,
        ),
        Table("requests", Message("Requests for access"), NUMBER_HEADS, tuple(asked), chart=1),
        Table(
            "answers",
            Message("Time until an answer"),
            NUMBER_HEADS,
            ((Message("Median of working days"), requests["median_days"]),),
        ),
    ]


def _sorted(told: Mapping[str, Any], names: Names) -> list[Mapping[str, Any]]:
    rows = told["days"]["steps"]
    order = names.in_order({row["state"] for row in rows})
    return sorted(rows, key=lambda row: (order.index(row["state"]), row["step"]))
