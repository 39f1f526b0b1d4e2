"""Rows of a hold: who places it, when it comes to PPID, who lifts it (``classification.yaml``)."""

from __future__ import annotations

from collections.abc import Sequence

from ...messages import Message
from ...msgids import N_
from .definition import Definitions
from .document import Link, Row, Symbol
from .rows_parts import AS_ABOVE, ENFORCED, Way, among, choices, due


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
            time=Message("At once; the portal records the hour"),
            output=Message("Hold in force"),
            remarks=(ENFORCED,),
            links=(Link("hold:lift"),),
        ),
        *among(_examined(defs, lifting), [_lifted(defs, who) for who in lifting]),
    ]


def _examined(defs: Definitions, lifting: Sequence[str]) -> list[Row]:
    return choices(
        "hold:lift",
        lifting[-1],
        N_("Examine the hold"),
        [Way(N_("Lift the hold"), defs.sop.lane(who), f"hold:lift:{who}") for who in lifting],
        needs=Message("Findings of the scan, the held files"),
        time=due(defs.classification.holds.escalate_after_working_days),
        remarks=(Message("After the deadline a case opens at PPID's desk."),),
        question=N_(
            "Is this the ground and the office by which the hold may go: %(step)s (%(who)s)?"
        ),
    )


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
        time=Message(AS_ABOVE),
        output=Message("Data are given again"),
        remarks=(ENFORCED, Message("Nobody lifts what they placed.")),
    )
