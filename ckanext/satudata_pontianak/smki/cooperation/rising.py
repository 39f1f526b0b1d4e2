"""What is owed until a day: recorded without its words, told of in time, and risen to the forum."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.clock import due_rules
from ...classification.clock.due_rules import Stage
from ...classification.notices import notices
from ...classification.notices.definition import notice_rules
from ...ledger.service import append
from ..records.committing import apart
from ..records.model import now

LATE_AGAIN = 5
"""What is late is told of again after so many working days."""


@dataclass(frozen=True)
class Owed:
    """Something that somebody owes until a day.

    :param row: with ``id``, ``number``, ``due`` and ``risen``.
    :param people: who owes it.
    :param rises: the forum has to look at it.
    :param told: whether somebody may be told that it is there; ``None``: everybody may.
    """

    row: Any
    people: Collection[str]
    rises: bool
    told: Callable[[str], bool] | None = None

    def among(self, people: Collection[str]) -> Collection[str]:
        """Return those who may be told that it is there."""
        return people if self.told is None else [name for name in people if self.told(name)]


@dataclass(frozen=True)
class Kind:
    """By which notices something owed is told of, and by which entry of the ledger it rises.

    :param named: what the entry calls its id.
    """

    soon: str
    late: str
    named: str
    event: str


def remind(
    rows: Iterable[Any],
    owed: Callable[[Any], Owed],
    kind: Kind,
    day: dt.date,
    warn_days: int,
    /,
    **detail: str,
) -> tuple[int, int]:
    """Tell of days that are near or past, and have what is stuck rise; the caller commits.

    What fails of one keeps nothing from the others.

    :param owed: what is owed by one of the rows.
    :param detail: columns that the entry of what rose holds as well, by what it calls them.
    :returns: how many people were told, and how many rose.
    """
    told = risen = 0
    for row in rows:
        with apart(f"{kind.named} {row.id}"):
            people, rose = _remind(owed(row), kind, day, warn_days, detail)
            told += people
            risen += rose
    return told, risen


def _remind(
    each: Owed, kind: Kind, day: dt.date, warn_days: int, detail: Mapping[str, str]
) -> tuple[int, bool]:
    row, told = each.row, 0
    said = due_rules.telling(row.due, day, warn_days, LATE_AGAIN)
    if said is not None:
        late = said.stage is Stage.LATE
        whom = each.among(each.people)
        told += tell(row, kind.late if late else kind.soon, whom, said.about)
    rises = row.risen is None and each.rises
    if rises:
        row.risen = day
        more = {name: getattr(row, column) for name, column in detail.items()}
        append(
            model.Session,
            event=kind.event,
            actor_id=None,
            detail={kind.named: row.id, **more, "due": row.due},
        )
        whom = each.among(registry.holders_of(Duty.WALIDATA))
        told += tell(row, kind.late, whom, f"risen:{day}")
    model.Session.flush()
    return told, rises


def tell(row: Any, kind: str, whom: Collection[str], about: str) -> int:
    """Tell people of something that is owed, by number and day alone; once for ``about``."""
    may = notice_rules().kinds[kind].facts
    said = {"number": row.number, "due": row.due.isoformat()}
    facts = {name: value for name, value in said.items() if name in may}
    return notices.tell(model.Session, kind, whom, facts=facts, about=f"{row.id}:{about}")


def recorded(
    actor: Actor | None,
    event: str,
    detail: Mapping[str, Any],
    salt: str,
    text: str,
    package_id: str | None = None,
) -> Any:
    """Write into the ledger that something was written, with a digest and never a word of it.

    :param actor: nobody, where the portal did it by itself.
    :param salt: id of what it is of.
    :param package_id: the dataset that it is about; it is then in the ledger of the dataset.
    """
    salted = f"{salt}\n{event}\n{now().isoformat()}\n{text}"
    return append(
        model.Session,
        event=event,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else None,
        detail={**detail, "digest": hashlib.sha256(salted.encode()).hexdigest()},
        **({"dataset_id": package_id} if package_id else {}),
    )
