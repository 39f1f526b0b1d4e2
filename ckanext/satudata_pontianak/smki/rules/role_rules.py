"""Who may lay a role of information security on whom. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from ...agencies.rules.objection import EMPTY, NO_DATE, Objection
from ...messages import Message
from ...msgids import N_
from .definition import Smki

UNKNOWN = N_("Choose one of: %(choices)s.")
BY_DUTY = N_("This role comes with a duty of an agency. Lay the duty on the person instead.")
INACTIVE = N_("This account is not active. Choose a person who can log in.")
ONESELF = N_("Nobody lays a role on themselves.")
BACKWARDS = N_("This date is before the first day %(start)s.")
APART = N_("This person holds a role or a duty from which this one stays apart: %(role)s.")
HELD = N_("This person holds the role already.")


def objections(
    known: Smki,
    role: str,
    person: str,
    actor: str | None,
    span: tuple[dt.date | None, dt.date | None],
    held: Collection[str],
    *,
    active: bool,
) -> list[Objection]:
    """Return everything that speaks against laying a role on a person.

    :param span: first and last day; ``None`` as the last: until it is ended.
    :param held: the roles that the person holds by duty or decree.
    """
    found: list[Objection] = []
    laid = known.roles.roles.get(role)
    if laid is None:
        names = sorted(n for n, r in known.roles.roles.items() if r.duty is None)
        found.append(Objection("role", Message(UNKNOWN if role else EMPTY, {"choices": names})))
    elif laid.duty is not None:
        found.append(Objection("role", Message(BY_DUTY)))
    elif role in held:
        found.append(Objection("user", Message(HELD)))
    if not active:
        found.append(Objection("user", Message(INACTIVE)))
    elif person == actor:
        found.append(Objection("user", Message(ONESELF)))
    first, last = span
    if first is None:
        found.append(Objection("from", Message(NO_DATE)))
    elif last is not None and last < first:
        found.append(Objection("until", Message(BACKWARDS, {"start": first})))
    for other in sorted(held):
        apart = known.roles.roles[other].apart_from
        if laid is not None and (other in laid.apart_from or role in apart):
            label = Message(known.roles.roles[other].label)
            found.append(Objection("user", Message(APART, {"role": label})))
    return found
