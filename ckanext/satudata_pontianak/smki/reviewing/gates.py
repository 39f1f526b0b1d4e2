"""What has to be there before a task of these is recorded as done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...agencies.rules.duties import Actor
from ...classification.rules.refusals import InvalidFields
from ...messages import Message
from ..records.model import SmkiTask
from . import meeting, programme, rights

Gate = Callable[[SmkiTask, Actor], Message | None]
GATES: Mapping[str, Gate] = {
    meeting.TASK: meeting.objection,
    rights.TASK: rights.objection,
    rights.WITHDRAWAL: rights.withdrawal_objection,
    programme.TASK: programme.objection,
    programme.OWN_TASK: programme.objection,
}


def check(row: SmkiTask, actor: Actor) -> None:
    """Refuse a task whose own page shows that it is not done.

    :raises InvalidFields: saying what is left.
    """
    gate = GATES.get(row.kind)
    against = gate(row, actor) if gate is not None else None
    if against is not None:
        raise InvalidFields({"": [against]})
