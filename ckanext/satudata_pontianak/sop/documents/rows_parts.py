"""What rows of cases and of requests have in common."""

from __future__ import annotations

from collections.abc import Iterable

from ...messages import Message
from ...msgids import N_
from .document import Basis, Link, Row, Symbol

ENFORCED = Message("Enforced by the portal.")
RECORDED = N_("Entry in the ledger with a receipt")


def due(working_days: int | None) -> Message:
    """Return a deadline as people read it."""
    if working_days is None:
        return Message("No deadline")
    return Message("%(days)s working days", {"days": working_days})


def choice(
    key: str,
    lane: str,
    label: str,
    steps: Iterable[str],
    to: Iterable[str],
    *,
    needs: Message,
    time: Message,
    remarks: tuple[Message, ...] = (),
    basis: tuple[Basis, ...] = (),
    activity: str = N_("Decide which step is taken: %(steps)s."),
) -> Row:
    """Return the row in which whoever holds something chooses a step.

    :param steps: the labels of the steps; each is named once.
    :param to: the rows of the steps.
    """
    labels = [Message(label) for label in dict.fromkeys(steps)]
    return Row(
        key=key,
        lane=lane,
        symbol=Symbol.DECISION,
        title=Message(label),
        activity=Message(activity, {"steps": labels}),
        needs=(needs,),
        time=time,
        output=Message("Choice of the step"),
        links=tuple(Link(row) for row in to),
        remarks=(ENFORCED, *remarks),
        basis=basis,
    )


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
