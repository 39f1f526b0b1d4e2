"""Rows of steps in the life of an app (``jepin/lifecycle.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping

from ...jepin.rules.lifecycle import Part, lifecycle
from ...messages import Message
from ...msgids import N_
from .definition import Segment
from .document import Link, Row, Symbol, bases
from .rows_parts import ENFORCED, due

LIFE = "life:"
"""Begins the key of the row of a step in the life of an app."""
LANES: Mapping[Part, str] = {"owner": "app_owner", "walidata": "walidata"}

REASON = N_("Reason")
DAY = N_("Day on which it came so")
SUCCESSOR = N_("What replaces it, or that nothing does")
LEDGER = N_("In the ledger, with reason and person.")


def life_row(segment: Segment, links: tuple[Link, ...]) -> Row:
    """Return the row of a step: who takes it, what it asks, and until when.

    Until when is the time that an app may stay in the state which the step leaves.
    """
    name = segment.life or ""
    step = lifecycle().steps[name]
    asked = [Message(REASON)]
    asked += [Message(DAY)] if step.day else []
    asked += [Message(SUCCESSOR)] if step.successor != "no" else []
    days = [lifecycle().states[state].due_working_days for state in step.before]
    within = min((each for each in days if each), default=None)
    return Row(
        key=f"{LIFE}{name}",
        lane=LANES[step.by[0]],
        symbol=Symbol(segment.symbol),
        title=Message(step.label),
        activity=Message(step.step),
        needs=tuple(asked),
        time=due(within) if within else Message("At once; the portal records the hour"),
        output=Message(step.output),
        remarks=(ENFORCED, Message(LEDGER), *(Message(item.label) for item in segment.remarks)),
        links=links,
        basis=bases([*step.basis, *segment.basis]),
    )
