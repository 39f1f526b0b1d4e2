"""What the steps of cases, requests and incidents have in common: how one is written, and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from ...agencies import words
from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...ledger.reading import codes_of


class Taken(TypedDict):
    """What is told of every step that was taken."""

    at: str
    action: str
    actor: Annotated[str | None, "name of the person; `null` where a day did it, or for who asked"]
    receipt: Annotated[int | None, "number of its entry in the ledger"]
    code: Annotated[str | None, "its receipt as people read it"]


def record(
    session: Any, step: Any, by: Actor | None, *, event: str, dataset_id: str, **said: Any
) -> ledger.Receipt:
    """Write a step, and its entry into the ledger, in the caller's transaction.

    :param step: a row of one of the tables of steps, with what only that table has.
    :param by: who took it; ``None`` where a day did.
    :param event: what the ledger calls it.
    :param said: what else the entry says; see :func:`...ledger.service.append`.
    """
    actor_id, actor_name = (by.id, by.name) if by else (None, None)
    receipt = ledger.append(
        session,
        event=event,
        actor_id=actor_id,
        actor_name=actor_name,
        dataset_id=dataset_id,
        **said,
    )
    keep(session, step, by, receipt)
    return receipt


def keep(session: Any, step: Any, by: Actor | None, receipt: ledger.Receipt | None = None) -> None:
    """Write a step down; one without an entry of its own has no receipt."""
    step.actor_id = by.id if by else None
    session.add(step)
    if receipt is not None:
        receipt.tell(step, "ledger_entry")
    session.flush()


def told(session: Any, steps: Sequence[Any], *, by_name: bool = True) -> list[Taken]:
    """Return of each step when it was taken, by whom, and its receipt.

    :param by_name: say which person it was; some readers learn the office only.
    """
    names = words.names_of(step.actor_id for step in steps) if by_name else {}
    given = codes_of(session, [step.ledger_entry for step in steps])
    return [
        {
            "at": step.at.isoformat(),
            "action": step.action,
            "actor": names.get(step.actor_id or ""),
            "receipt": step.ledger_entry,
            "code": given.get(step.ledger_entry or 0),
        }
        for step in steps
    ]
