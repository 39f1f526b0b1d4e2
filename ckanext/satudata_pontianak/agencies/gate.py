"""The one place that lets changes of agencies and memberships through, and records them.

Every door of CKAN that changes an organization, its place in the tree or its members (the actions
in :mod:`.actions`) describes its :class:`~.rules.Change` here before core runs. Changes are taken
one after the other under a lock in the database, so that two administrators cannot make two
Walidata at the same moment. The record is written in the transaction of the change: core commits
both or neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudata_pontianak.ledger.service import append
from ckanext.satudata_pontianak.surface.repeating import repeated

from . import decrees, emergency, makers, registry, words
from .capacities import TELLING, joined, members_of
from .rules import break_glass
from .rules.duties import Actor, Agency, StandIn, duties_of
from .rules.memberships import (
    DECREE_LENGTH,
    Against,
    Change,
    MemberChange,
    gaining,
    guarded,
    refusals,
)

MOST_UNKNOWN = 5
LOCK = 6171_0001
"""The number of our advisory lock: the region's code and the first of its locks."""


_decree: ContextVar[str | None] = ContextVar("satudata_decree", default=None)


@contextmanager
def decree(data_dict: Mapping[str, Any]) -> Iterator[None]:
    """Carry the decree number of a call to the actions that core calls inside it.

    Core hands on only the keys it knows. The number carries no right: who may make the change is
    asked again at the innermost door.
    """
    number = clean(data_dict.get("nomor_sk"))
    token = _decree.set(number or _decree.get())
    try:
        yield
    finally:
        _decree.reset(token)


def clean(number: Any) -> str | None:
    """A decree number as given, without blanks around it."""
    return number.strip() or None if isinstance(number, str) else None


def number_in(data_dict: Mapping[str, Any]) -> str | None:
    """The decree number of this call or of the call around it."""
    return clean(data_dict.get("nomor_sk")) or _decree.get()


def lock() -> None:
    """Wait until no other change of an agency is under way; held until commit or rollback."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def agency_of(group: model.Group) -> Agency:
    """The agency as it stands in the database now, open or closed."""
    found = registry.read_agencies(with_closed=True).get(group.id)
    if found is not None:
        return found
    return Agency(group.id, group.name, group.title or group.name, active=group.state == "active")


def extras_of(group: model.Group) -> dict[str, str]:
    """The fields of the organization schema as they are stored."""
    return dict(getattr(group, "extras", None) or {})


def texts_of(group: model.Group) -> dict[str, Any]:
    """What is stored of a group or an agency, as texts."""
    extras = extras_of(group)
    shown = [{"key": key, "value": value} for key, value in extras.items()]
    own = {key: getattr(group, key) for key in ("name", "title", "description", "image_url")}
    return {**extras, **own, "extras": shown}


def stored_roles(group: model.Group) -> list[str]:
    """The values of ``sdi_role`` as stored."""
    return registry.role_values(extras_of(group).get("sdi_role"))


def named_members(users: Any) -> dict[str, str]:
    """Read ``users`` of a call: the people core will find, and their capacity."""
    found: list[tuple[str, str]] = []
    for entry in users if isinstance(users, list) else []:
        if not isinstance(entry, dict):
            continue
        user = model.User.get(entry.get("name") or entry.get("id"))
        if user is not None:
            found.append((user.id, entry.get("capacity") or "public"))
    return joined(found)


def check_named(users: Any) -> None:
    """Refuse a list of members with a name that no account has.

    Core leaves such an entry out, and takes from the group whoever it was meant for.

    :raises ValidationError: on ``users``; nothing was written.
    """
    unknown = [
        repeated(name)
        for entry in (users if isinstance(users, list) else ())
        if isinstance(entry, dict)
        and isinstance(name := entry.get("name") or entry.get("id"), str)
        and model.User.get(name) is None
    ]
    if unknown:
        more = ", …" if len(unknown) > MOST_UNKNOWN else ""
        raise tk.ValidationError(
            {"users": [words.no_such_account(", ".join(unknown[:MOST_UNKNOWN]) + more)]}
        )


def member_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[MemberChange, ...]:
    """What changes between two lists of members."""
    everyone = sorted({*before, *after})
    return tuple(MemberChange(u, before.get(u), after.get(u)) for u in everyone)


def has_children(group_id: str, agencies: Mapping[str, Agency]) -> bool:
    """Do open agencies stand directly below this one?"""
    return any(a.parent_id == group_id for a in agencies.values())


def check(context: Context, change: Change, number: str | None) -> None:
    """Refuse a change that the rules are against.

    :raises NotAuthorized: the person may not make it at all.
    :raises ValidationError: it cannot be made like this; by field.
    """
    actor = registry.actor_from_context(context)
    agencies = registry.read_agencies()
    own = _dependent(actor, change)
    found = refusals(
        change,
        agencies,
        sysadmin=actor.sysadmin and actor.active,
        decree=number,
        dependent=own,
        emergency=bool(own) and _glass(actor) is not None,
    )
    short = number if len(number or "") <= DECREE_LENGTH else None
    unknown = decrees.problem(short, change.after.id) if short else None
    if not found and unknown is None:
        return
    barred = [r for r in found if r.against is Against.NOT_SYSADMIN]
    if barred:
        model.Session.rollback()
        raise tk.NotAuthorized(". ".join(words.explain(r) for r in barred))
    errors: dict[str, list[str]] = {}
    for r in found:
        errors.setdefault(words.field_of(r), []).append(words.explain(r))
    if unknown is not None:
        errors.setdefault("nomor_sk", []).append(unknown)
    model.Session.rollback()
    raise tk.ValidationError({**errors})


def refuse_unknown(number: str | None, agency_id: str) -> None:
    """Refuse a number that no decree has which could order a change of this agency.

    :raises ValidationError: saying where decrees are recorded.
    """
    unknown = decrees.problem(number, agency_id) if number else None
    if unknown is not None:
        raise tk.ValidationError({"nomor_sk": [unknown]})


def _dependent(actor: Actor, change: Change) -> frozenset[str]:
    """Those who gain by a change and are not independent of who makes it."""
    if actor.id is None:
        return frozenset()
    if not actor.sysadmin:
        return makers.of_one_administrator(actor.id, gaining(change))
    return makers.dependent(actor.id, gaining(change))


def _glass(actor: Actor) -> StandIn | None:
    """The emergency access for the whole site that runs for a person."""
    return break_glass.covering(actor, None)


def standing(group_id: str | None, parent_id: str | None) -> tuple[MemberChange, ...]:
    """The members of an agency, and those of everything that stands above a new parent."""
    agencies = registry.read_agencies()
    found = dict(members_of(group_id)) if group_id else {}
    seen: set[str] = set()
    while parent_id in agencies and parent_id not in seen:
        seen.add(parent_id)
        found = {**members_of(parent_id), **found}
        parent_id = agencies[parent_id].parent_id
    return tuple(MemberChange(user, held, held) for user, held in sorted(found.items()))


def record(
    context: Context,
    change: Change,
    number: str | None,
    *,
    event: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write what changes into the ledger, in this transaction. No change, no record.

    :param more: what else the entry says.
    """
    actor = registry.actor_from_context(context)
    before = describe(change.before) if change.before else None
    after = describe(change.after)
    who = {
        "agency": change.after.id,
        "agency_name": change.after.name,
        **decrees.named(number, change.after.id),
        "needs_decree": bool(guarded(change)),
        **(more or {}),
    }
    own = _dependent(actor, change)
    glass = _glass(actor) if own else None
    if own:
        who["break_glass"] = glass.id if glass else None
    if before != after:
        kind = "agency.create" if before is None else "agency.change"
        if before is not None and change.before is not None:
            if change.before.active and not change.after.active:
                kind = "agency.close"
            elif change.after.active and not change.before.active:
                kind = "agency.reopen"
        append(
            model.Session,
            event=event or kind,
            actor_id=actor.id,
            actor_name=actor.name,
            before=before,
            after=after,
            detail=who,
        )
    for move in change.moves:
        kind = "member.change"
        if move.before is None:
            kind = "member.add"
        elif move.after is None:
            kind = "member.remove"
        append(
            model.Session,
            event=kind,
            actor_id=actor.id,
            actor_name=actor.name,
            before={"capacity": move.before},
            after={"capacity": move.after},
            detail={**who, "user": move.user_id},
        )
        if glass is not None and move.user_id in own:
            got = {"before": move.before, "after": move.after}
            emergency.note(glass.id, change.after.id, move.user_id, **got)
    if change.moves and change.after.id:
        for tell in TELLING:
            tell(change.after.id)


def describe(agency: Agency) -> dict[str, Any]:
    """An agency as the ledger keeps it."""
    return {
        "id": agency.id,
        "name": agency.name,
        "sdi_role": sorted(d.value for d in agency.roles),
        "parent": agency.parent_id,
        "active": agency.active,
    }


@contextmanager
def together() -> Iterator[None]:
    """Undo the record when core fails after it was written, and forget what was remembered."""
    try:
        yield
    except Exception:
        model.Session.rollback()
        raise
    finally:
        registry.invalidate()


def with_roles(agency: Agency, values: list[str], **changes: Any) -> Agency:
    """The agency with other duties and whatever else changes."""
    fields: dict[str, Any] = {
        "id": agency.id,
        "name": agency.name,
        "title": agency.title,
        "parent_id": agency.parent_id,
        "active": agency.active,
        **changes,
    }
    return Agency(roles=duties_of(values), **fields)
