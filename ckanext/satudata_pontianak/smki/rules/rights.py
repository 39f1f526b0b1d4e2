"""Rights line by line: what a line says, what was answered of it, and what is left. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...messages import Message
from ...msgids import N_

Kind = Literal["member", "delegation", "role", "administrator"]
Verdict = Literal["confirmed", "withdrawn"]
CONFIRMED: Verdict = "confirmed"
WITHDRAWN: Verdict = "withdrawn"

SAID: Mapping[str, str] = {
    "member": N_("%(person)s: %(capacity)s, %(place)s"),
    "delegation": N_("%(person)s: duties of %(place)s delegated until %(until)s"),
    "role": N_("%(person)s: role %(place)s by decree"),
    "administrator": N_("%(person)s: system administrator"),
}
CAPACITIES: Mapping[str, str] = {
    "admin": N_("Admin"),
    "editor": N_("Editor"),
    "member": N_("Member"),
}
"""What somebody is in an agency."""


@dataclass(frozen=True)
class Right:
    """One right that somebody has: what is confirmed, or is to be withdrawn."""

    kind: Kind
    person: str
    place: str
    """Id of an agency, name of a role, or nothing."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What it says: a change of any of it makes it another line, to be looked at anew."""

    @property
    def key(self) -> str:
        """Return whose right to what it is."""
        return ":".join((self.kind, self.person, self.place, str(self.values.get("from", ""))))

    @property
    def id(self) -> str:
        """Return a digest of all that the line says: whoever answers it saw just that."""
        said = json.dumps([self.key, dict(self.values)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Answered:
    """The newest answer to a line."""

    line: str
    verdict: str
    by: str | None
    at: dt.datetime


def since(opened: dt.date, before: dt.date | None, last: dt.date, limit: int) -> dt.date:
    """Return the day since which answers count for a review.

    :param opened: when its task was handed out; ``before``: when the one that it took over was.
    :param last: the day of the review: today, or when it was done.
    :param limit: for so many days an answer holds.
    """
    return max(min(opened, before or opened), last - dt.timedelta(days=limit))


def standing(right: Right, answers: Mapping[str, Answered], since: dt.datetime) -> Answered | None:
    """Return what was answered of a line as it stands now, since a review began.

    :param answers: the newest answer of each key.
    """
    found = answers.get(right.key)
    return found if found and found.line == right.id and found.at >= since else None


def waiting(
    rights: Iterable[Right], answers: Mapping[str, Answered], since: dt.datetime
) -> list[Right]:
    """Return the lines that nobody answered yet since a review began."""
    return [right for right in rights if standing(right, answers, since) is None]


def described(person: str, said: Mapping[str, Any]) -> Message:
    """Return what a line says in one sentence.

    :param person: what the person is called.
    :param said: ``kind``, ``place`` as it is called, ``capacity`` and ``until``.
    """
    kind, place = str(said.get("kind")), str(said.get("place") or "")
    capacity = str(said.get("capacity") or "")
    values = {
        "person": person,
        "place": Message(place) if kind == "role" else place,
        "capacity": Message(CAPACITIES.get(capacity, capacity)),
        "until": dt.date.fromisoformat(said["until"]) if said.get("until") else "",
    }
    return Message(SAID.get(kind, SAID["administrator"]), values)
