"""The record of a management review as a paper: numbers, what became of decisions, and new ones.

Pure. It is a draft of the minutes: number, signature and NIP are entered by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ...classification.rules.indonesian import day
from ...messages import Translate
from ...msgids import N_
from ...smki.rules.definition import smki
from ..documents.definition import definitions
from . import blocks as blocks_of
from . import official
from .determination import BLANK, Frame, framed

WORDS: Mapping[str, str] = {
    "title": N_("Record of the management review of information security"),
    "about": N_("Review of the year {year}"),
    "held": N_("Day of the review"),
    "paper": N_("Number of the minutes"),
    "led": N_("Led by"),
    "opinion": N_("Opinion of whoever led it"),
}
NUMBERS: Sequence[tuple[str, str, str]] = (
    ("all", "handed_out", N_("Tasks handed out")),
    ("all", "in_time", N_("Tasks done in time")),
    ("all", "handed_on", N_("Tasks handed on because they were late")),
    ("", "late", N_("Tasks whose deadline has passed")),
    ("of_controls", "handed_out", N_("Tasks that red controls asked for")),
    ("findings", "opened", N_("Findings of the audit in the year")),
    ("findings", "closed", N_("Findings closed in the year")),
    ("findings", "open", N_("Findings that are open")),
    ("findings", "late", N_("Open findings whose deadline has passed")),
    ("incidents", "reported", N_("Incidents reported in the year")),
    ("incidents", "with_deadline", N_("Incidents for which the law sets a deadline")),
    ("incidents", "in_time", N_("Concluded before the deadline")),
    ("incidents", "late", N_("Concluded after the deadline, or past it")),
    ("risks", "all", N_("Risks in the register")),
    ("risks", "above", N_("Risks above what the city bears")),
    ("risks", "uncovered", N_("Risks neither borne, treated in time nor accepted")),
    ("risks", "unmeasured", N_("Risks that nobody measured")),
)
"""Part of the numbers, number, and what it is called: the order of page and paper."""
STATES: Mapping[str, str] = {
    "open": N_("Still open"),
    "done": N_("Done"),
    "mended": N_("ended"),
}


def numbers(found: Mapping[str, Any], translate: Translate) -> list[tuple[str, int]]:
    """Return the numbers of a year in words; what their reader does not see is left out."""
    rows = []
    for part, name, label in NUMBERS:
        values = found if not part else found[part]
        if values is not None:
            rows.append((translate(label), int(values[name])))
    return rows


def minutes(
    found: Mapping[str, Any], indicators: Sequence[Sequence[str]], translate: Translate
) -> dict[str, Any]:
    """Return the record of a review, in Indonesian.

    :param found: the review, as ``satudata_smki_review_show`` gives it.
    :param indicators: of the reader: code, what is asked for, and what was measured.
    """
    known, empty = smki(), translate(official.WORDS["not_recorded"])
    role = known.roles.roles.get(found["role"])
    led = translate(role.label) if role else found["role"]
    facts = (
        (WORDS["held"], [day(dt.date.fromisoformat(found["day"]))]),
        (WORDS["paper"], [found["paper"]]),
        (WORDS["led"], [led]),
        (WORDS["opinion"], [found["opinion"] or empty]),
    )
    red = [row for row in found["numbers"]["controls"] if row["times_red"] or row["days_red"]]
    sop = definitions().sop
    frame = Frame(
        institution=sop.institution, body=sop.unit, number=None, decided=None, address="", code=""
    )
    place = {"place": BLANK, "day": BLANK}
    blocks: list[dict[str, Any]] = [
        {
            "kind": "facts",
            "facts": [{"label": translate(label), "texts": texts} for label, texts in facts],
        },
        blocks_of.table(
            N_("Numbers of the year"),
            (N_("What was counted"), N_("How many")),
            (80, 20),
            [[label, str(count)] for label, count in numbers(found["numbers"], translate)],
            translate,
        ),
        blocks_of.table(
            N_("Controls that were red"),
            (N_("Control"), N_("How often"), N_("Days")),
            (70, 15, 15),
            [
                [_control(row, translate), str(row["times_red"]), str(row["days_red"])]
                for row in red
            ],
            translate,
        ),
        blocks_of.table(
            N_("Indicators"),
            (N_("Code"), N_("What is asked for"), N_("Measured")),
            (12, 38, 50),
            [list(row) for row in indicators],
            translate,
        ),
        _decided(N_("Decisions of the review before"), found["before"], translate),
        _decided(N_("What the review decided"), found["decisions"], translate),
        {
            "kind": "signatures",
            "above": translate(official.WORDS["place_date"]) % place,
            "offices": [led],
            "help": translate(blocks_of.SIGN),
        },
    ]
    title = translate(WORDS["title"])
    about = translate(WORDS["about"]).format(year=found["year"])
    return framed(title, [title, about], frame, blocks, translate, landscape=False)


def _control(row: Mapping[str, Any], translate: Translate) -> str:
    control = smki().controls.controls.get(row["control"])
    return translate(control.label) if control else row["control"]


def _decided(
    caption: str, rows: Sequence[Mapping[str, Any]], translate: Translate
) -> dict[str, Any]:
    known = smki().roles.roles
    return blocks_of.table(
        caption,
        (N_("What was decided"), N_("Carried out by"), N_("Until"), N_("State")),
        (50, 20, 15, 15),
        [
            [
                row["text"],
                translate(known[row["role"]].label) if row["role"] in known else row["role"],
                day(dt.date.fromisoformat(row["due"])),
                translate(STATES[row["state"]]),
            ]
            for row in rows
        ],
        translate,
    )
