"""What another agency does of a task of the security calendar; the task stays its owner's.

The other agency reads the label that stands in the definition, and what was written to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import gate, registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.incidents.fields import Kinds
from ...classification.rules import indonesian
from ...classification.rules.refusals import InvalidFields
from ...messages import Message
from ...msgids import N_
from .. import tasks
from ..records.cooperation_model import AgencyTask
from ..records.model import OPEN, SmkiTask
from ..rules import written
from ..rules.definition import smki
from . import handed

NOT_HANDED = N_("This task is not handed to another agency.")


def able(row: SmkiTask, actor: Actor) -> bool:
    """Tell whether somebody may hand a part of a task to another agency: who may do it."""
    spec = smki().tasks.tasks.get(row.kind)
    return spec is not None and spec.hands_on and row.state == OPEN and tasks.may_do(row, actor)


def senders(actor: Actor) -> list[str]:
    """Return the agencies for which somebody hands on; who has none, for the one that leads."""
    leader = registry.body_of(Duty.WALIDATA)
    return handed.senders(actor) or ([leader.id] if leader is not None else [])


def hand(row: SmkiTask, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Hand a part of a task to another agency; the task stays as it is. The caller commits.

    :param given: ``sender``, ``agency`` and ``text``; what it is about, the definition says.
    :returns: the task between agencies, and the receipt.
    :raises InvalidFields: with every problem.
    """
    gate.lock()
    model.Session.refresh(row, with_for_update=True)
    if not able(row, actor):
        raise InvalidFields({"": [Message(NOT_HANDED)]})
    errors: dict[str, list[Message]] = {}
    sender = handed.sender_of(senders(actor), given, errors)
    receiver = handed.agency_of(given, errors, {sender})
    texts = written.texts(("text",), given, kinds_in, errors, handed.LOWEST, handed.LONGEST)
    if errors:
        raise InvalidFields(errors)
    about = indonesian.translator()(smki().tasks.tasks[row.kind].label)
    return handed.begun(actor, sender, receiver, about, texts["text"], security_task_id=row.id)


def of_task(row: SmkiTask) -> list[AgencyTask]:
    """Return what was handed to other agencies of a task, the first one first."""
    query = sa.select(AgencyTask).where(AgencyTask.security_task_id == row.id)
    return list(model.Session.scalars(query.order_by(AgencyTask.number)))
