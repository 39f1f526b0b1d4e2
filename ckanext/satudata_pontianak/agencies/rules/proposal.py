"""Who proposes a membership, and who confirms it (four eyes).

Pure. A system administrator gives no membership to themselves or to an account of theirs; but they
may propose it. Whoever confirms is another person than who proposes and than who gains, and none of
the three had the account of another in hand (:mod:`.independence`). Where the body decides, one of
the two is a system administrator, as with every change of its members.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ...messages import Message
from ...msgids import N_
from .duties import CAPACITIES, Actor, Agency
from .independence import Hands, independent
from .objection import Objection


class State(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LABELS: Mapping[State, str] = {
    State.OPEN: N_("Waits for somebody else"),
    State.CONFIRMED: N_("Confirmed"),
    State.DECLINED: N_("Declined"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.EXPIRED: N_("Expired"),
}

NOT_OPEN = N_("This proposal does not wait any more. Look at what became of it.")
ONESELF = N_("Whoever proposes a membership, or gets it, does not confirm it. Ask somebody else.")
ONE_MAKER = N_(
    "You, who proposed it and who gets it must be three people. One of these accounts made another "
    "one, or both were made by one administrator. Ask somebody else."
)
NO_ADMINISTRATOR = N_(
    "Members of a body that decides are proposed or confirmed by a system administrator. Ask one."
)
INACTIVE = N_("This account is not active.")
NO_GAIN = N_("This person has this role already.")
NO_ROLE = N_("Choose one of: admin, editor, member.")
WAITS = N_("A membership of this person waits to be confirmed already.")


@dataclass(frozen=True)
class Proposal:
    """A membership that waits for somebody else."""

    body: Agency
    person: str
    role: str
    by: str
    by_sysadmin: bool
    until: datetime


def may_take_part(actor: Actor, body_id: str) -> bool:
    """Tell whether somebody proposes, confirms and declines memberships of a body."""
    return actor.active and (actor.sysadmin or body_id in actor.administers)


def objections(role: object, now_has: str | None, *, active: bool, waits: bool) -> list[Objection]:
    """Return what speaks against proposing a membership.

    :param now_has: the person's capacity today.
    :param waits: one of the same person and body waits already.
    """
    found: list[Objection] = []
    if not active:
        found.append(Objection("user", Message(INACTIVE)))
    elif waits:
        found.append(Objection("user", Message(WAITS)))
    if not isinstance(role, str) or role not in CAPACITIES:
        found.append(Objection("role", Message(NO_ROLE)))
    elif role == now_has:
        found.append(Objection("role", Message(NO_GAIN)))
    return found


def against_confirming(
    actor: Actor, waiting: Proposal, hands: Hands, *, active: bool
) -> list[Objection]:
    """Return what speaks against this person confirming a proposal that is open.

    :param active: the person who gets the membership can log in.
    """
    me = actor.id or ""
    if me in (waiting.by, waiting.person):
        return [Objection("id", Message(ONESELF))]
    if not active:
        return [Objection("id", Message(INACTIVE))]
    if not (independent(me, waiting.person, hands) and independent(me, waiting.by, hands)):
        return [Objection("id", Message(ONE_MAKER))]
    if waiting.body.deciding and not (actor.sysadmin or waiting.by_sysadmin):
        return [Objection("id", Message(NO_ADMINISTRATOR))]
    return []
