"""Duties and roles: is there somebody, and by decree?"""

from __future__ import annotations

from ....agencies import checks as agency_checks
from ....agencies import registry
from ....agencies.rules.duties import LABELS, Duty
from ....messages import Message
from ....msgids import N_
from ....smki.records import roles
from ....smki.rules import planning
from ....smki.rules.definition import smki
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from ...operator import checks
from .. import saying

NEEDED = (Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID, Duty.PENGAWAS)
NOBODY = N_("Nobody active holds: %(duties)s.")
ALL_HELD = N_("Each of %(count)s duties is held by somebody active.")
UNNAMED = N_("Carried in passing, and not laid on anybody by decree: %(roles)s.")
NAMED = N_("Each of %(count)s roles is laid on somebody by decree or comes with a duty.")
ALONE = N_("Fewer than %(people)s people hold: %(duties)s.")
TWO = N_("At least %(people)s people hold each of %(count)s duties.")
BOTH = N_("%(count)s people hold two roles that stay apart.")
APART = N_("Nobody holds two of %(count)s roles that stay apart.")
GAPS = N_("If one person were away, nobody would act for: %(roles)s.")
UNCARRIED = N_("Nobody carries: %(roles)s.")
NO_GAP = N_("With any one person away each of %(count)s roles has somebody.")
HEAVY = N_("The year's plan gives a person up to %(most)s tasks in a month, and not %(limit)s.")
LIGHT = N_("The year's plan gives nobody more than %(most)s tasks in a month.")
UNASSIGNED = N_("%(count)s tasks of the year's plan fall to nobody.")


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


def duties_doubled(look: Look) -> Evidence:
    """Do several people hold each duty in which nobody checks what they proposed themselves?"""
    people, doubled = look["people"], (Duty.WALIDATA, Duty.PPID)
    alone = [duty for duty in doubled if len(registry.holders_of(duty)) < people]
    if alone:
        return red(ALONE, people=people, duties=[Message(LABELS[duty]) for duty in alone])
    return green(TWO, people=people, count=len(doubled))


def duties_apart(look: Look) -> Evidence:
    """Does nobody hold two duties that different people must act in?"""
    return saying.of_findings(agency_checks.check_apart(checks.deciding_names()), strict=True)


def bodies_single(look: Look) -> Evidence:
    """Is each duty with one body, and is the tree of agencies a tree?"""
    agencies = registry.read_agencies()
    return saying.of_findings(
        [
            *agency_checks.check_bodies(agencies),
            *agency_checks.check_tree(agencies, registry.several_parents()),
        ]
    )


def roles_apart(look: Look) -> Evidence:
    """Does nobody hold two roles that stay apart: who audits owns nothing of it?"""
    holders, known = roles.holders(), smki()
    both = {
        person
        for name in known.roles.roles
        for person in holders(name)
        if not planning.may_act(known, name, person, holders)
    }
    if both:
        return red(BOTH, count=len(both))
    return green(APART, count=len(known.roles.roles))


def deputies_there(look: Look) -> Evidence:
    """With any one person away, has each role with tasks or controls somebody who acts?

    Red where nobody carries a role. A role that one person carries is yellow: every step has its
    holder today, and ``ckan satudata check`` names the same roles with the decree that mends each.
    A small office has one superior and one auditor, and lays a decree before they are away.
    """
    known = smki()
    gaps = planning.gaps(known, roles.holders())
    empty = [gap.role for gap in gaps if gap.person is None]
    if gaps:
        labels = [known.roles.roles[name].label for name in empty or [gap.role for gap in gaps]]
        say = red if empty else yellow
        return say(UNCARRIED if empty else GAPS, roles=[Message(label) for label in labels])
    return green(NO_GAP, count=len(known.roles.roles))


def plan_bearable(look: Look) -> Evidence:
    """Does the year's plan give nobody more tasks in a month than the file says?"""
    known = smki()
    assigned = planning.assigned(known, saying.city_day(look.at).year, roles.holders())
    nobody = sum(person is None for _, person in assigned)
    if nobody:
        return red(UNASSIGNED, count=nobody)
    most = max(planning.busiest(assigned).values(), default=0)
    limit = known.roles.most_tasks_a_month
    return red(HEAVY, most=most, limit=limit) if most > limit else green(LIGHT, most=most)


PROBES = {
    "duties_held": duties_held,
    "duties_doubled": duties_doubled,
    "duties_apart": duties_apart,
    "bodies_single": bodies_single,
    "roles_named": roles_named,
    "roles_apart": roles_apart,
    "deputies_there": deputies_there,
    "plan_bearable": plan_bearable,
}
