"""A poster of something that is open, and the letter of what was opened in a month. Pure.

They hold what everybody may know and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ...classification.rules.indonesian import day
from ...messages import Translate
from ...msgids import N_
from ..documents.definition import definitions
from . import blocks as blocks_of
from .determination import Frame, framed

LONGEST = 600
WORDS: Mapping[str, str] = {
    "dataset": N_("Open data of the city"),
    "app": N_("Service of the city"),
    "agency": N_("Agency"),
    "about": N_("What it is about"),
    "open": N_("Opened on"),
    "scan": N_("Point the camera of your telephone at the code."),
    "code": N_("Code that leads to %(address)s"),
    "letter": N_("Letter of the month: %(month)s"),
    "opened": N_("Opened in this month, and open still"),
    "where": N_(
        "Everybody may use what is named here. The code leads to the letter on the portal."
    ),
}
APP = "layanan"


def _frame() -> Frame:
    sop = definitions().sop
    return Frame(
        institution=sop.institution, body=sop.unit, number=None, decided=None, address="", code=""
    )


def _proof(address: str, picture: str, text: str, translate: Translate) -> dict[str, Any]:
    return {
        "kind": "proof",
        "picture": picture,
        "label": translate(WORDS["code"]) % {"address": address},
        "text": translate(text),
        "address": address,
    }


def poster(
    found: Mapping[str, Any], address: str, picture: str, translate: Translate
) -> dict[str, Any]:
    """Return the poster of an open dataset or app, in Indonesian.

    :param found: ``title``, ``notes``, ``agency``, ``type`` and ``decided``.
    :param picture: a code that a phone reads the address from, as a data address.
    """
    notes = found["notes"]
    said = notes if len(notes) <= LONGEST else f"{notes[:LONGEST].rsplit(' ', 1)[0]} …"
    facts = (
        ("agency", found["agency"]),
        ("about", said),
        ("open", day(dt.date.fromisoformat(found["decided"]))),
    )
    blocks: list[dict[str, Any]] = [
        {
            "kind": "facts",
            "facts": [
                {"label": translate(WORDS[name]), "texts": [text]} for name, text in facts if text
            ],
        },
        _proof(address, picture, WORDS["scan"], translate),
    ]
    heading = [translate(WORDS["app" if found["type"] == APP else "dataset"]), found["title"]]
    return framed(found["title"], heading, _frame(), blocks, translate, landscape=False)


def letter(
    month: str,
    rows: Sequence[Mapping[str, Any]],
    address: str,
    picture: str,
    translate: Translate,
) -> dict[str, Any]:
    """Return the letter of a month, in Indonesian.

    :param month: in words.
    """
    title = translate(WORDS["letter"]) % {"month": month}
    blocks: list[dict[str, Any]] = [
        blocks_of.table(
            WORDS["opened"],
            (N_("What was opened"), N_("Agency"), N_("Opened on")),
            (50, 30, 20),
            [
                [row["title"], row["agency"], day(dt.date.fromisoformat(row["decided"]))]
                for row in rows
            ],
            translate,
        ),
        _proof(address, picture, WORDS["where"], translate),
    ]
    return framed(title, [title], _frame(), blocks, translate, landscape=False)
