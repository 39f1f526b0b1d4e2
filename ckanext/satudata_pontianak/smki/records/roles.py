"""Who carries which role of information-security management today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..rules import planning
from ..rules.definition import smki
from .model import SmkiRole


def standing(day: dt.date | None = None) -> list[SmkiRole]:
    """Return the roles that are laid on people by decree and run on a day."""
    today = day or days.today()
    query = (
        sa.select(SmkiRole)
        .join(model.User, model.User.id == SmkiRole.user_id)
        .where(
            SmkiRole.ended_at.is_(None),
            SmkiRole.first_day <= today,
            sa.or_(SmkiRole.last_day.is_(None), SmkiRole.last_day >= today),
            model.User.state == "active",
        )
        .order_by(SmkiRole.role, SmkiRole.user_id)
    )
    return list(model.Session.scalars(query))


def holders() -> planning.Holders:
    """Return who holds each role today by duty or decree, read when it is asked for first."""
    named = standing()

    @cache
    def of(role: str) -> tuple[str, ...]:
        spec = smki().roles.roles[role]
        if spec.duty is not None:
            return tuple(registry.holders_of(spec.duty))
        return tuple(row.user_id for row in named if row.role == role)

    return of


def held_within(person: str, first: dt.date | None, last: dt.date | None) -> set[str]:
    """Return the roles that a person holds by duty today, or by decree on any of these days.

    :param first: the first day; ``None``: today.
    :param last: the last one; ``None``: without an end.
    """
    begins, found = first or days.today(), holders()
    query = sa.select(SmkiRole.role).where(
        SmkiRole.user_id == person,
        SmkiRole.ended_at.is_(None),
        sa.or_(SmkiRole.last_day.is_(None), SmkiRole.last_day >= begins),
    )
    if last is not None:
        query = query.where(SmkiRole.first_day <= last)
    by_duty = {n for n, r in smki().roles.roles.items() if r.duty and person in found(n)}
    return by_duty | (set(model.Session.scalars(query)) & set(smki().roles.roles))


def carried_by(actor: Actor) -> frozenset[str]:
    """Return the roles that a person carries today: by duty, by decree, or until one is named."""
    if not actor.active or actor.id is None:
        return frozenset()
    found, known = holders(), smki()
    return frozenset(
        name for name in known.roles.roles if actor.id in planning.carriers(known, name, found)
    )


def inside(actor: Actor) -> bool:
    """Tell whether somebody sees the board: whoever carries a role, or runs the site."""
    if not actor.active or actor.id is None:
        return False
    if actor.sysadmin or any(role.duty in actor.duties for role in smki().roles.roles.values()):
        return True
    # What is carried in passing is carried by who holds a duty.
    return any(row.user_id == actor.id for row in standing())


def names_of(ids: Iterable[str | None]) -> dict[str, str]:
    """Return id → name of people, those who are gone too."""
    wanted = {i for i in ids if i}
    query = sa.select(model.User.id, model.User.name).where(model.User.id.in_(wanted))
    return {row.id: row.name for row in model.Session.execute(query)} if wanted else {}
