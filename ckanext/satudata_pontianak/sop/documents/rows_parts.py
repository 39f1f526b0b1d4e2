"""What rows of cases and of requests have in common."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from ...messages import Message
from ...msgids import N_
from .document import Basis, Link, Row, Symbol

ENFORCED = Message("Enforced by the portal.")
RECORDED = N_("Entry in the ledger with a receipt")
AS_ABOVE = N_("Within the time of the choice above")
YES, NO = Message("Yes"), Message("No")


@dataclass(frozen=True)
class Way:
    """A step that may be chosen: its label, who takes it, and its row."""

    label: str
    who: Message
    to: str


def due(working_days: int | None) -> Message:
    """Return a deadline as people read it."""
    if working_days is None:
        return Message("On the day on which it is done, which the portal records")
    return Message("%(days)s working days", {"days": working_days})


def choices(
    key: str,
    lane: str,
    label: str,
    ways: Sequence[Way],
    *,
    needs: Message,
    time: Message,
    remarks: tuple[Message, ...] = (),
    basis: tuple[Basis, ...] = (),
    question: str = N_("Is this step taken: %(step)s (%(who)s)?"),
) -> list[Row]:
    """Return the rows in which whoever holds something chooses: a question a way, but the last.

    Yes leads to the way, No to the next question. The first row has the key, its time and remarks.
    """
    keys = [key, *(f"{key}?{number}" for number in range(2, len(ways)))]
    return [
        Row(
            key=own,
            lane=lane,
            symbol=Symbol.DECISION,
            title=Message(label),
            activity=Message(question, {"step": Message(way.label), "who": way.who}),
            needs=(needs,),
            time=time if own == key else Message(AS_ABOVE),
            output=Message("Choice of the step"),
            links=(
                Link(way.to, YES),
                Link(keys[number + 1] if number + 2 < len(ways) else ways[-1].to, NO),
            ),
            remarks=(ENFORCED, *remarks) if own == key else (ENFORCED,),
            basis=basis if own == key else (),
        )
        for number, (own, way) in enumerate(zip(keys, ways[:-1], strict=True))
    ]


def among(questions: Sequence[Row], steps: Sequence[Row]) -> list[Row]:
    """Return each question before the step that its Yes leads to."""
    return [
        row for pair in itertools.zip_longest(questions, steps) for row in pair if row is not None
    ]


def end(key: str, lane: str, label: str, activity: Message) -> Row:
    """Return the row in which something ends."""
    return Row(
        key=key,
        lane=lane,
        symbol=Symbol.TERMINATOR,
        title=Message(label),
        activity=activity,
        output=Message(RECORDED),
        remarks=(ENFORCED,),
    )
