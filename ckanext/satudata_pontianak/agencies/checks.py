"""What is wrong with the bodies and the people who hold the duties.

Pure: looks at agencies and holders, and returns findings as English msgids with parameters. The
portal puts them into words and adds what it finds in the site itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..msgids import N_
from .rules import tree
from .rules.duties import LABELS, SINGLE, Agency, Duty, bodies


class Level(StrEnum):
    """How bad a finding is. An error makes the check fail."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and what to do about it."""

    level: Level
    problem: str
    repair: str
    params: Mapping[str, str] = field(default_factory=dict)


NEEDED = (Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID)
"""Without these three the procedure stands still."""


def check_bodies(agencies: Mapping[str, Agency]) -> list[Finding]:
    """Is each duty with the bodies that it should be with?"""
    found: list[Finding] = []
    for duty in (*NEEDED, Duty.PENGAWAS, Duty.PEMBINA):
        holders = bodies(agencies, duty)
        params = {"duty": LABELS[duty], "value": duty.value}
        if not holders:
            found.append(
                Finding(
                    Level.ERROR if duty in NEEDED else Level.WARNING,
                    N_('No agency holds the duty "%(duty)s".'),
                    N_(
                        "As a system administrator, tick the duty on the agency's page and give "
                        "the decree number."
                    ),
                    params,
                )
            )
        elif duty in SINGLE and len(holders) > 1:
            names = ", ".join(a.title for a in holders)
            found.append(
                Finding(
                    Level.ERROR,
                    N_('The duty "%(duty)s" is held by more than one agency: %(agencies)s.'),
                    N_(
                        "Take the duty from all but one of them, as a system administrator with a "
                        "decree number."
                    ),
                    {**params, "agencies": names},
                )
            )
    return found


def check_people(
    agencies: Mapping[str, Agency], holders: Mapping[Duty, Collection[str]]
) -> list[Finding]:
    """Is there somebody for each duty, and are they different people?

    :param holders: names of the active people who hold each duty today.
    """
    found = [
        Finding(
            Level.ERROR if duty in NEEDED else Level.WARNING,
            N_('Nobody who is active holds the duty "%(duty)s".'),
            N_("Add a person as admin of %(agencies)s, or delegate the duty for dated days."),
            {
                "duty": LABELS[duty],
                "agencies": ", ".join(a.title for a in bodies(agencies, duty)),
            },
        )
        for duty in (*NEEDED, Duty.PENGAWAS, Duty.PEMBINA)
        if bodies(agencies, duty) and not holders.get(duty)
    ]
    return [*found, *check_apart(holders)]


def check_apart(holders: Mapping[Duty, Collection[str]]) -> list[Finding]:
    """Does nobody hold two duties that different people must act in?

    :param holders: names of the active people who hold each duty today.
    """
    held: dict[str, list[Duty]] = defaultdict(list)
    for duty in (*NEEDED, Duty.PENGAWAS):
        for person in holders.get(duty, ()):
            held[person].append(duty)
    return [
        Finding(
            Level.WARNING,
            N_("%(person)s holds two duties that different people must act in: %(duties)s."),
            N_("Name another person for one of them, so that no case stands still."),
            {"person": person, "duties": ", ".join(d.value for d in duties)},
        )
        for person, duties in sorted(held.items())
        if len(duties) > 1
    ]


def check_pairs(
    agencies: Mapping[str, Agency],
    walidata: Collection[str],
    publishers: Mapping[str, Collection[str]],
) -> list[Finding]:
    """Is there somebody to check what an agency's publishers propose?

    To produce and to check excludes in a case, not in a person: the body that is Walidata has data
    of its own (Perpres 39/2019, Articles 21 and 22), and the workflow lets nobody check what they
    proposed. Nothing of an agency gets through where both would be one and the same person.

    :param walidata: names of the active people who hold the duty today.
    :param publishers: agency → names of the active people who publish for it.
    """
    alone: dict[str, list[str]] = defaultdict(list)
    for agency in agencies.values():
        people = set(publishers.get(agency.id, ()))
        produces = not agency.roles or Duty.PRODUSEN in agency.roles
        if produces and len(people) == 1 and people == set(walidata):
            alone[people.pop()].append(agency.title)
    return [
        Finding(
            Level.WARNING,
            N_(
                "%(person)s alone publishes for these agencies and alone holds the duty Walidata: "
                "%(agencies)s. Whoever proposes may not check, so nothing of theirs gets through."
            ),
            N_("Add another publisher there, or another holder of the duty Walidata."),
            {"person": person, "agencies": ", ".join(sorted(titles))},
        )
        for person, titles in sorted(alone.items())
    ]


def check_administrators(
    administrators: Collection[str], holders: Mapping[Duty, Collection[str]]
) -> list[Finding]:
    """Does somebody who runs the site hold a duty that decides?

    :param administrators: names of the active system administrators.
    :param holders: names of the active people who hold each duty today.
    """
    held: dict[str, list[str]] = defaultdict(list)
    for duty, people in sorted(holders.items()):
        for person in set(people) & set(administrators):
            held[person].append(duty.value)
    return [
        Finding(
            Level.WARNING,
            N_("%(person)s is a system administrator and holds a duty as well: %(duties)s."),
            N_("Give the duty to another person, or take the rights: ckan sysadmin remove NAME."),
            {"person": person, "duties": ", ".join(duties)},
        )
        for person, duties in sorted(held.items())
    ]


def check_tree(
    agencies: Mapping[str, Agency], several_parents: Collection[str] = ()
) -> list[Finding]:
    """Is the tree of agencies a tree?

    :param several_parents: ids of agencies that stand below more than one parent.
    """
    looped = tree.loops({i: a.parent_id for i, a in agencies.items()})
    found: list[Finding] = []
    if looped:
        found.append(
            Finding(
                Level.ERROR,
                N_("These agencies stand below themselves: %(agencies)s."),
                N_("Give one of them another parent, or none, with a decree number."),
                {"agencies": ", ".join(sorted(agencies[i].title for i in looped))},
            )
        )
    if several_parents:
        titles = sorted(agencies[i].title for i in several_parents if i in agencies)
        found.append(
            Finding(
                Level.ERROR,
                N_("These agencies have more than one parent: %(agencies)s."),
                N_("Set the parent once more on the agency's page: the others are removed."),
                {"agencies": ", ".join(titles)},
            )
        )
    return found
