"""Rows of a hold: who places it, when it comes to PPID, who lifts it (``classification.yaml``)."""

from __future__ import annotations

from ...messages import Message
from .definition import Definitions
from .document import Link, Row, Symbol
from .rows_parts import ENFORCED, due


def hold_rows(defs: Definitions) -> list[Row]:
    """Return the rows of a hold, one for each duty that lifts it."""
    holds = defs.classification.holds
    placed = [defs.sop.lane(who) for who in holds.placed_by]
    lifting = list(holds.lifted_by)
    return [
        Row(
            key="hold:place",
            lane=next(iter(holds.placed_by)),
            symbol=Symbol.PROCESS,
            title=Message("Hold the data"),
            activity=Message(
                "Data, or everything about the dataset, are taken out of sight at once. May be "
                "done by: %(people)s; the scan does it by itself for strict findings.",
                {"people": placed},
            ),
            needs=(Message("Reason, shown to whoever asks"),),
            time=Message("At once"),
            output=Message("Hold in force"),
            remarks=(ENFORCED,),
            links=(Link("hold:lift"),),
        ),
        Row(
            key="hold:lift",
            lane=lifting[-1],
            symbol=Symbol.DECISION,
            title=Message("Examine the hold"),
            activity=Message("Decide on which ground the hold may be lifted, and who does it."),
            needs=(Message("Findings of the scan, the held files"),),
            time=due(holds.escalate_after_working_days),
            output=Message("Ground for lifting"),
            remarks=(ENFORCED, Message("After the deadline a case opens at PPID's desk.")),
            links=tuple(Link(f"hold:lift:{who}") for who in lifting),
        ),
        *(_lifted(defs, who) for who in lifting),
    ]


def _lifted(defs: Definitions, who: str) -> Row:
    holds = defs.classification.holds
    grounds = [Message(holds.grounds[g].label) for g in holds.lifted_by[who]]
    return Row(
        key=f"hold:lift:{who}",
        lane=who,
        symbol=Symbol.PROCESS,
        title=Message("Lift the hold"),
        activity=Message("The hold is lifted on one of these grounds: %(g)s.", {"g": grounds}),
        needs=(Message("Ground and reason"),),
        time=Message("Within the time of the choice above"),
        output=Message("Data are given again"),
        remarks=(ENFORCED, Message("Nobody lifts what they placed.")),
    )
