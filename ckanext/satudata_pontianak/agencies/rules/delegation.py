"""Who may lay a duty on whom, and for which days (Plh/Plt).

Pure. A duty belongs to a body by decree; its admins, or a system administrator, may lay it on a
named person for dated days with a decree of their own. Nobody lays a duty on themselves, and a
delegate passes nothing on: only the admins of the body may, and a delegate is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ...messages import Message
from ...msgids import N_
from .duties import Actor, Agency, Delegation, Duty
from .memberships import DECREE_LENGTH
from .objection import Objection

LONGEST_DAYS = 366
"""A duty that is needed for longer is laid on the person by membership."""

NO_DUTY = N_('"%(agency)s" holds no duty that could be delegated.')
INACTIVE = N_("This account is not active. Choose a person who can log in.")
IS_ADMIN = N_("This person is an admin of the body and holds its duties already.")
ONESELF = N_("Nobody delegates a duty to themselves.")
OWN_ACCOUNT = N_(
    "You, or whoever made your account, made this account or set a password for it. Somebody else "
    "delegates to it: another admin of the body, or another system administrator."
)
BACKWARDS = N_("This date is before the first day %(start)s.")
OVER = N_("These days are over. Choose a last day that is today or later.")
TOO_LONG = N_("A duty is delegated for at most %(days)s days. Choose an earlier last day.")
OVERLAPS = N_(
    "The duty is delegated to this person from %(start)s until %(end)s already. Choose other "
    "days, or revoke that delegation first."
)
NO_DECREE = N_("Give the number of the decree: it is recorded with the delegation.")
LONG_DECREE = N_("At most %(count)s characters.")


@dataclass(frozen=True)
class Candidate:
    """The person on whom a duty is to be laid."""

    id: str
    active: bool
    admin: bool
    """An admin of the body that holds the duty."""


def may_delegate(actor: Actor, body: Agency) -> bool:
    """Tell whether the actor lays duties of this body on others, or takes them back."""
    return actor.active and (actor.sysadmin or body.id in actor.administers)


def objections(
    actor: Actor,
    body: Agency,
    person: Candidate,
    days: tuple[date, date],
    decree: str | None,
    today: date,
    standing: Iterable[Delegation] = (),
    *,
    own_account: bool = False,
) -> list[Objection]:
    """Return everything that speaks against a delegation. Nothing means it may be made.

    :param standing: the delegations that were not revoked.
    :param own_account: the actor, or whoever made their account, had the person's account in hand.
    """
    start, end = days
    found: list[Objection] = []
    if not body.deciding:
        found.append(Objection("organization", Message(NO_DUTY, {"agency": body.title})))
    if not person.active:
        found.append(Objection("user", Message(INACTIVE)))
    elif person.admin:
        found.append(Objection("user", Message(IS_ADMIN)))
    elif person.id == actor.id:
        found.append(Objection("user", Message(ONESELF)))
    elif own_account:
        found.append(Objection("user", Message(OWN_ACCOUNT)))
    if end < start:
        found.append(Objection("until", Message(BACKWARDS, {"start": start})))
    elif end < today:
        found.append(Objection("until", Message(OVER)))
    elif (end - start).days + 1 > LONGEST_DAYS:
        found.append(Objection("until", Message(TOO_LONG, {"days": LONGEST_DAYS})))
    else:
        found += [
            Objection("from", Message(OVERLAPS, {"start": d.start, "end": d.end}))
            for d in standing
            if (d.agency_id, d.user_id) == (body.id, person.id) and overlaps(d, start, end)
        ]
    if not (decree or "").strip():
        found.append(Objection("nomor_sk", Message(NO_DECREE)))
    elif len(decree or "") > DECREE_LENGTH:
        found.append(Objection("nomor_sk", Message(LONG_DECREE, {"count": DECREE_LENGTH})))
    return found


def overlaps(delegation: Delegation, start: date, end: date) -> bool:
    """Tell whether a delegation runs on any of these days."""
    return delegation.start <= end and start <= delegation.end


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor sees the delegations of every body."""
    watch = (Duty.WALIDATA, Duty.PPID, Duty.PENGAWAS)
    return actor.active and (actor.sysadmin or any(actor.has(d) for d in watch))
