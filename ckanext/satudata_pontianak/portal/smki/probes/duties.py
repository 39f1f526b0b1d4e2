"""Duties and roles: is there somebody, and by decree?"""

from __future__ import annotations

from ....agencies import registry
from ....agencies.rules.duties import LABELS, Duty
from ....messages import Message
from ....msgids import N_
from ....smki.records import roles
from ....smki.rules.definition import smki
from ....smki.rules.evidence import Evidence, Look, green, red, yellow

NEEDED = (Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID, Duty.PENGAWAS)
NOBODY = N_("Nobody active holds: %(duties)s.")
ALL_HELD = N_("Each of %(count)s duties is held by somebody active.")
UNNAMED = N_("Carried in passing, and not laid on anybody by decree: %(roles)s.")
NAMED = N_("Each of %(count)s roles is laid on somebody by decree or comes with a duty.")


def duties_held(look: Look) -> Evidence:
    """Is there an active holder of each duty without which cases stand still?"""
    empty = [duty for duty in NEEDED if not registry.holders_of(duty)]
    if empty:
        return red(NOBODY, duties=[Message(LABELS[duty]) for duty in empty])
    return green(ALL_HELD, count=len(NEEDED))


def roles_named(look: Look) -> Evidence:
    """Is each role laid on somebody by decree, or held with a duty? Until then it is yellow."""
    holders, known = roles.holders(), smki().roles.roles
    empty = [role for name, role in known.items() if not holders(name)]
    if any(role.duty for role in empty):
        return red(NOBODY, duties=[Message(role.label) for role in empty if role.duty])
    if empty:
        return yellow(UNNAMED, roles=[Message(role.label) for role in empty])
    return green(NAMED, count=len(known))


PROBES = {"duties_held": duties_held, "roles_named": roles_named}
