"""The card of a desk: the steps of its tour on a page to be printed. Pure."""

from __future__ import annotations

from typing import Any

from ...agencies.rules.duties import LABELS
from ...messages import Translate
from ...msgids import N_
from ...smki.rules.training import Course
from ..documents.definition import definitions
from . import blocks as blocks_of
from .determination import Frame, framed

TITLE = N_("Card for the desk: %(course)s")
HELP = N_(
    "Whoever is not sure asks before they act: Walidata helps, and the tour can be taken again."
)


def card(course: Course, translate: Translate) -> dict[str, Any]:
    """Return the card of a duty's desk, in Indonesian; it names no person and no dataset."""
    sop = definitions().sop
    frame = Frame(
        institution=sop.institution, body=sop.unit, number=None, decided=None, address="", code=""
    )
    rows = [
        [str(number), translate(step.label), f"{translate(step.help)} {translate(step.output)}"]
        for number, step in enumerate(course.steps, 1)
    ]
    blocks: list[dict[str, Any]] = [
        blocks_of.table(
            LABELS[course.duty],
            (N_("No."), N_("Step"), N_("What to do and to look at")),
            (8, 27, 65),
            rows,
            translate,
        ),
        {"kind": "text", "text": translate(HELP)},
    ]
    title = translate(TITLE) % {"course": translate(course.label)}
    return framed(title, [title], frame, blocks, translate, landscape=False)
