"""The record of who read what is not open."""

from __future__ import annotations

from typing import Any

from ckan import model

from ...agencies.rules import break_glass
from ...agencies.rules.duties import Actor
from ...classification.rules.policy import Answer
from ...ledger import service as ledger


def record(
    actor: Actor, answer: Answer, dataset_id: str, version: dict[str, Any], **how: Any
) -> None:
    """Write a read into the ledger, with the grant or emergency access behind it, and commit it.

    :param version: ``version`` and ``sha256`` of what was read.
    """
    ledger.append(
        model.Session,
        event="data.read",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=dataset_id,
        detail={
            **version,
            **how,
            "grant": answer.grant,
            "break_glass": break_glass.used(actor, dataset_id),
        },
    )
    model.Session.commit()
