"""Accounts: whose person went, who does not come any more, and keys that never end."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ....agencies import registry
from ....agencies.rules.duties import DECIDING
from ....smki.records.roles import standing
from ....smki.rules.evidence import Evidence, Look
from ...operator import checks, exposure_checks
from .. import saying


def accounts_left(look: Look) -> Evidence:
    """Is no account open of somebody who was a member of an agency and is of none any more?"""
    member = model.Member
    of_people = sa.select(member.table_id).where(member.table_name == "user")
    was, is_now = (of_people.where(member.state == state) for state in ("deleted", "active"))
    people = sa.select(model.User.id).where(
        model.User.state == "active", model.User.sysadmin.is_not(True)
    )
    gone = people.where(model.User.id.in_(was), model.User.id.not_in(is_now))
    carrying = {row.user_id for row in standing()}
    left = set(model.Session.scalars(gone)) - carrying
    return saying.found(len(left), _count(people.where(model.User.id.in_(is_now))))


def accounts_used(look: Look) -> Evidence:
    """Has everybody who holds a duty used their account lately?"""
    holders = {user for duty in DECIDING for user in registry.holders_of(duty)}
    before = look.at.replace(tzinfo=None) - dt.timedelta(days=look["days"])
    account = model.user_table.c
    seen = sa.func.coalesce(account.last_active, account.created)
    unused = sa.select(model.User.id).where(model.User.id.in_(holders), seen < before)
    return saying.found(_count(unused), len(holders))


def tokens_young(look: Look) -> Evidence:
    """Is no token of a program older than so many days?"""
    before = look.at.replace(tzinfo=None) - dt.timedelta(days=look["days"])
    tokens = (
        sa.select(model.ApiToken.id)
        .join(model.User, model.User.id == model.ApiToken.user_id)
        .where(model.User.state == "active")
    )
    old = tokens.where(model.ApiToken.created_at < before)
    return saying.found(_count(old), _count(tokens))


def administrators_apart(look: Look) -> Evidence:
    """Does nobody who runs the site hold a duty, or publish for an agency?"""
    return saying.of_findings(checks.check_administrators(checks.deciding_names()), strict=True)


def demo_absent(look: Look) -> Evidence:
    """Is no account of the demo active?"""
    return saying.of_findings(exposure_checks.check_demo())


def _count(query: sa.Select[tuple[str]]) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


PROBES = {
    "accounts_left": accounts_left,
    "accounts_used": accounts_used,
    "tokens_young": tokens_young,
    "administrators_apart": administrators_apart,
    "demo_absent": demo_absent,
}
