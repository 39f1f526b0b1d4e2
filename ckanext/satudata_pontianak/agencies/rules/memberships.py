"""Who may change duties, parents and memberships of agencies.

Pure: a change is described, and what speaks against it comes back as codes; the words for a code
stand in :mod:`..words`.

Exactly one body in a region is Walidata (Perpres 39/2019, article 21 paragraph 2) and duties are
laid on a body by decree; therefore a duty, a place in the tree and a membership of a body that
decides change only by a system administrator who gives the number of the decree (SK).

A system administrator runs the site and holds no duty by it. So whoever gains by a change must be
somebody else than they (:mod:`.independence`): a membership of oneself, or of an account that one
had in hand, is made by emergency access, or proposed and confirmed by somebody else. What a body
is, its duties and its place in the tree, emergency access never changes: it would not end with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ...surface.decrees import decrees
from . import tree
from .duties import CAPACITIES, SINGLE, Agency

DECREE_LENGTH = decrees().number


class Part(StrEnum):
    """The part of a change that needs authority."""

    ROLES = "sdi_role"
    PARENT = "parent"
    MEMBERS = "users"
    STATE = "state"


class Against(StrEnum):
    """What speaks against a change."""

    NOT_SYSADMIN = "not_sysadmin"
    NO_DECREE = "no_decree"
    DECREE_TOO_LONG = "decree_too_long"
    SECOND_BODY = "second_body"
    LOOP = "loop"
    CAPACITY = "capacity"
    DEPENDENT = "dependent"
    LASTING = "lasting"


@dataclass(frozen=True)
class MemberChange:
    """A person's capacity in an agency before and after; ``None`` is no membership."""

    user_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """What one call wants to change about one agency."""

    before: Agency | None
    after: Agency
    members: tuple[MemberChange, ...] = ()
    children: bool = False
    """Do other agencies stand directly below this one?"""
    standing: tuple[MemberChange, ...] = ()
    """Who is a member already, and of what stands above: they gain by a duty or a parent."""

    @property
    def moves(self) -> tuple[MemberChange, ...]:
        """The members whose capacity really changes."""
        return tuple(m for m in self.members if m.before != m.after)


@dataclass(frozen=True)
class Refusal:
    """One reason against a change, and the field it belongs to."""

    against: Against
    part: Part
    duty: str | None = None
    body: str | None = None


def guarded(change: Change) -> frozenset[Part]:
    """The parts of a change that only a system administrator makes."""
    parts: set[Part] = set()
    before, after = change.before, change.after
    if before is None:
        if after.deciding:
            parts.add(Part.ROLES)
        if after.parent_id is not None:
            parts.add(Part.PARENT)
    else:
        if before.roles != after.roles:
            parts.add(Part.ROLES)
        if before.parent_id != after.parent_id:
            parts.add(Part.PARENT)
        if before.active != after.active:
            parts.add(Part.STATE)
    if change.moves and (after.deciding or (before is not None and before.deciding)):
        parts.add(Part.MEMBERS)
    return frozenset(parts)


def needs_decree(change: Change) -> bool:
    """Must this change name a decree? Opening or closing a body without duty need not."""
    parts = guarded(change)
    if parts - {Part.STATE}:
        return True
    deciding = change.after.deciding or (change.before is not None and change.before.deciding)
    return Part.STATE in parts and bool(deciding or change.children)


_RANK = {None: 0, "member": 1, "editor": 2, "admin": 3}


def gaining(change: Change) -> frozenset[str]:
    """The people who may do more after a change: new members, and those who get a duty by it."""
    found = {m.user_id for m in change.moves if _RANK.get(m.after, 4) > _RANK.get(m.before, 0)}
    if change.before is None:
        return frozenset(found)
    leaving = {m.user_id for m in change.moves if m.after is None}
    if _lifts(change):
        found |= {m.user_id for m in change.standing} - leaving
    return frozenset(found)


def _lifts(change: Change) -> bool:
    """Does the agency itself become more, so that whoever stands in it gains by that?"""
    before, after = change.before, change.after
    if before is None:
        return False
    opens = after.active and not before.active
    return bool(after.deciding - before.deciding) or opens or _hung(change)


def _hung(change: Change) -> bool:
    """Does the agency come below another one, whose people then publish for it?"""
    before, after = change.before, change.after
    known = before.parent_id if before is not None else None
    return after.parent_id is not None and after.parent_id != known


def refusals(
    change: Change,
    agencies: Mapping[str, Agency],
    *,
    sysadmin: bool,
    decree: str | None,
    dependent: frozenset[str] = frozenset(),
    emergency: bool = False,
) -> list[Refusal]:
    """Everything that speaks against a change. Empty means it may be made.

    :param dependent: those who gain by it and are not independent of who makes it.
    :param emergency: emergency access for the whole site runs for whoever makes it.
    """
    wrong = [
        Refusal(Against.CAPACITY, Part.MEMBERS, body=m.after)
        for m in change.moves
        if m.after is not None and m.after not in CAPACITIES
    ]
    parts = guarded(change)
    if parts and not sysadmin:
        return [Refusal(Against.NOT_SYSADMIN, part) for part in Part if part in parts]
    if parts and needs_decree(change):
        part = next(p for p in Part if p in parts)
        if not (decree or "").strip():
            wrong.append(Refusal(Against.NO_DECREE, part))
        elif len(decree or "") > DECREE_LENGTH:
            wrong.append(Refusal(Against.DECREE_TOO_LONG, part))
    if dependent and emergency and _lifts(change):
        wrong.append(Refusal(Against.LASTING, Part.MEMBERS))
    elif dependent and not emergency:
        wrong.append(Refusal(Against.DEPENDENT, Part.MEMBERS))
    return wrong + _second_bodies(change, agencies) + _loops(change, agencies)


def _second_bodies(change: Change, agencies: Mapping[str, Agency]) -> list[Refusal]:
    if not change.after.active:
        return []
    before = change.before
    held = before.roles if before is not None and before.active else frozenset()
    return [
        Refusal(Against.SECOND_BODY, Part.ROLES, duty=duty.value, body=other.title)
        for duty in sorted((change.after.roles - held) & SINGLE)
        for other in sorted(agencies.values(), key=lambda a: a.name)
        if other.active and other.id != change.after.id and duty in other.roles
    ]


def _loops(change: Change, agencies: Mapping[str, Agency]) -> list[Refusal]:
    if Part.PARENT not in guarded(change):
        return []
    parents = {i: a.parent_id for i, a in agencies.items()}
    if tree.makes_loop(change.after.id, change.after.parent_id, parents):
        return [Refusal(Against.LOOP, Part.PARENT)]
    return []
