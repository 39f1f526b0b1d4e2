"""Read agencies and persons from the database for the rules of :mod:`.rules.duties`.

What was read is remembered for the length of one web request, because labels, policy and
pages ask for the same actor again and again; outside a request nothing is remembered, so a
worker that lives for weeks never acts on an old membership. Any flush or rollback that
touches an organization, a membership, a user, a delegation or break-glass forgets everything:
an answer is right immediately after a change in the same request, whatever door it came by.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy import event

import ckan.plugins.toolkit as tk
from ckan import model, types

from .. import clock, days
from .model import BreakGlassRow, DelegationRow
from .rules.duties import (
    ANONYMOUS,
    PUBLISHING_CAPACITIES,
    Actor,
    Agency,
    Delegation,
    Duty,
    Membership,
    StandIn,
    actor_from,
    bodies,
    duties_of,
)

REMEMBERED = (model.Group, model.Member, model.User, DelegationRow, BreakGlassRow)
ENGLISH = "nama_inggris"
"""The field of an agency with its name in English."""
_KEY = "ckanext.satudata_pontianak.agencies"


def _memory() -> dict[str, Any] | None:
    """The memory of the current request; ``None`` outside one."""
    if not flask.has_request_context():
        return None
    return flask.request.environ.setdefault(_KEY, {})


def invalidate() -> None:
    """Forget every agency and every actor of this request."""
    memory = _memory()
    if memory is not None:
        memory.clear()


def forget(user_id: str | None = None) -> None:
    """Forget one actor, or all of them, after a change of membership."""
    memory = _memory()
    if memory is None:
        return
    if user_id is None:
        memory.pop("actors", None)
    else:
        memory.get("actors", {}).pop(user_id, None)


def _forget_after_flush(session: Any, _flush_context: Any) -> None:
    touched = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(o, REMEMBERED) for o in touched):
        invalidate()


def _forget_after_bulk(_bulk: Any) -> None:
    invalidate()


def _forget_after_rollback(_session: Any, *_: Any) -> None:
    invalidate()


def _listen() -> None:
    for name, listener in (
        ("after_flush", _forget_after_flush),
        ("after_bulk_update", _forget_after_bulk),
        ("after_bulk_delete", _forget_after_bulk),
        ("after_soft_rollback", _forget_after_rollback),
    ):
        if not event.contains(model.Session, name, listener):
            event.listen(model.Session, name, listener)


_listen()


def role_values(stored: Any) -> list[str]:
    """Read ``sdi_role`` as it stands in a stored extra, a form or an API call."""
    if isinstance(stored, str):
        text = stored.strip()
        if not text:
            return []
        if not text.startswith("["):
            return [text]
        try:
            stored = json.loads(text)
        except ValueError:
            return []
    if not isinstance(stored, (list, tuple, set, frozenset)):
        return []
    return [v for v in stored if isinstance(v, str) and v]


_parent = model.member_table.alias()
_group = model.group_table.c
# Tables, not mapped classes, and written once: they are asked for whoever comes, at each request.
_AGENCIES = (
    sa.select(
        _group.id,
        _group.name,
        _group.title,
        _group.state,
        _group.extras["sdi_role"].as_string().label("sdi_role"),
        _group.extras[ENGLISH].as_string().label("english"),
        sa.func.min(_parent.c.table_id).label("parent_id"),
    )
    .outerjoin(
        _parent,
        sa.and_(
            _parent.c.group_id == _group.id,
            _parent.c.table_name == "group",
            _parent.c.state == "active",
        ),
    )
    .where(_group.is_organization.is_(True))
    .group_by(_group.id)
)
_ACTIVE_AGENCIES = _AGENCIES.where(_group.state == "active")
_member = model.member_table.c
_MEMBERSHIPS = sa.select(_member.group_id, _member.capacity).where(
    _member.table_name == "user",
    _member.table_id == sa.bindparam("user_id"),
    _member.state == "active",
)
_delegation = DelegationRow.__table__.c
_DELEGATIONS = sa.select(
    _delegation.agency_id, _delegation.user_id, _delegation.first_day, _delegation.last_day
).where(_delegation.revoked_at.is_(None))
_DELEGATIONS_TO = _DELEGATIONS.where(_delegation.user_id == sa.bindparam("user_id"))


_glass = BreakGlassRow.__table__.c
_BREAK_GLASS = sa.select(
    _glass.id, _glass.duty, _glass.dataset_id, _glass.since, _glass.until
).where(
    _glass.user_id == sa.bindparam("user_id"),
    _glass.ended_at.is_(None),
    _glass.until > sa.bindparam("now"),
)


def _rows(statement: Any, **values: Any) -> Any:
    """Read rows of tables, with what the session holds written before, as it does for classes."""
    model.Session.flush()
    return model.Session.execute(statement, values)


def read_agencies(*, with_closed: bool = False) -> dict[str, Agency]:
    """Read the agencies from the database, past the memory."""
    return {
        row.id: Agency(
            id=row.id,
            name=row.name,
            title=row.title or row.name,
            parent_id=row.parent_id,
            roles=duties_of(role_values(row.sdi_role)),
            active=row.state == "active",
            english=row.english or "",
        )
        for row in _rows(_AGENCIES if with_closed else _ACTIVE_AGENCIES)
    }


def load_agencies() -> Mapping[str, Agency]:
    """All active agencies by id. Do not change what you get."""
    memory = _memory()
    if memory is None:
        return read_agencies()
    if "agencies" not in memory:
        memory["agencies"] = read_agencies()
    return memory["agencies"]


def agency(id_or_name: str | None) -> Agency | None:
    """The active agency with this id or name."""
    if not id_or_name:
        return None
    known = load_agencies()
    if id_or_name in known:
        return known[id_or_name]
    return next((a for a in known.values() if a.name == id_or_name), None)


def bodies_of(duty: Duty) -> list[Agency]:
    """The active agencies that carry a duty."""
    return bodies(load_agencies(), duty)


def body_of(duty: Duty) -> Agency | None:
    """The one active agency that carries a duty; ``None`` when there are none or several."""
    found = bodies_of(duty)
    return found[0] if len(found) == 1 else None


def memberships_of(user_id: str) -> list[Membership]:
    """A person's own memberships of organizations and groups."""
    rows = _rows(_MEMBERSHIPS, user_id=user_id)
    return [Membership(row.group_id, row.capacity) for row in rows]


def standing_delegations(*conditions: Any) -> list[Delegation]:
    """Delegations that were not revoked, running or not."""
    return [Delegation(*row) for row in _rows(_DELEGATIONS.where(*conditions))]


def delegations_to(user_id: str) -> Iterable[Delegation]:
    """Delegations of a duty to a person, running or not; revoked ones are gone."""
    return [Delegation(*row) for row in _rows(_DELEGATIONS_TO, user_id=user_id)]


def break_glass_of(user_id: str) -> list[StandIn]:
    """What a person broke the glass for and did not end; the rules look at the time."""
    rows = _rows(_BREAK_GLASS, user_id=user_id, now=clock.now())
    return [
        StandIn(r.id, Duty(r.duty) if r.duty else None, r.dataset_id, r.since, r.until)
        for r in rows
    ]


def holders_of(duty: Duty) -> list[str]:
    """Ids of the active users who hold a deciding duty today: admins of its body, delegates."""
    ids = [a.id for a in bodies_of(duty)]
    if not ids or duty is Duty.PRODUSEN:
        return []
    day = days.today()
    admins = sa.select(model.Member.table_id).where(
        model.Member.table_name == "user",
        model.Member.state == "active",
        model.Member.capacity == "admin",
        model.Member.group_id.in_(ids),
    )
    delegates = [
        d.user_id for d in standing_delegations(DelegationRow.agency_id.in_(ids)) if d.holds_on(day)
    ]
    rows = model.Session.scalars(
        sa.select(model.User.id)
        .where(
            sa.or_(model.User.id.in_(admins), model.User.id.in_(delegates)),
            model.User.state == "active",
        )
        .order_by(model.User.id)
    )
    return list(rows)


def several_parents() -> list[str]:
    """Ids of the agencies that stand below more than one parent."""
    rows = model.Session.execute(
        sa.select(model.Member.group_id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .where(
            model.Group.is_organization.is_(True),
            model.Group.state == "active",
            model.Member.table_name == "group",
            model.Member.state == "active",
        )
        .group_by(model.Member.group_id)
        .having(sa.func.count() > 1)
    )
    return [row.group_id for row in rows]


def publishers(agencies: Mapping[str, Agency]) -> dict[str, list[str]]:
    """Agency → names of the active people who publish for it, from above it or as a delegate."""
    rows = model.Session.execute(
        sa.select(model.User.id, model.User.name)
        .join(model.Member, model.Member.table_id == model.User.id)
        .where(
            model.Member.table_name == "user",
            model.Member.state == "active",
            model.Member.capacity.in_(PUBLISHING_CAPACITIES),
            model.Member.group_id.in_(agencies),
            model.User.state == "active",
        )
        .distinct()
    ).all()
    names = {row.id: row.name for row in rows}
    day = days.today()
    for delegation in standing_delegations():
        user = model.User.get(delegation.user_id) if delegation.holds_on(day) else None
        if user is not None and user.state == "active":
            names[user.id] = user.name
    found: dict[str, list[str]] = {}
    for name in sorted(names.values()):
        for agency_id in actor_for(name).publishes_for:
            found.setdefault(agency_id, []).append(name)
    return found


def actor_for(user: model.User | str | None) -> Actor:
    """The actor behind a user object, id or name. Nobody, or an unknown name, is anonymous."""
    if not user:
        return ANONYMOUS
    found = model.User.get(user) if isinstance(user, str) else user
    # flask-login's AnonymousUser stands where no user does
    if not isinstance(found, model.User) or not found.id:
        return ANONYMOUS
    known = load_agencies()
    memory = _memory()
    actors = memory.setdefault("actors", {}) if memory is not None else {}
    if found.id not in actors:
        actors[found.id] = actor_from(
            user_id=found.id,
            name=found.name,
            sysadmin=bool(found.sysadmin),
            active=found.state == "active",
            memberships=memberships_of(found.id),
            agencies=known,
            delegations=delegations_to(found.id),
            today=days.today(),
            break_glass=break_glass_of(found.id) if found.sysadmin else (),
            now=clock.now(),
        )
    return actors[found.id]


def current_actor() -> Actor:
    """The actor of a page or download."""
    user = tk.current_user
    return actor_for(user if isinstance(user, model.User) else None)


def actor_from_context(context: types.Context) -> Actor:
    """The actor of an action call. ``ignore_auth`` makes nobody into somebody."""
    user = context.get("auth_user_obj")
    name = context.get("user")
    if isinstance(user, model.User) and (not name or name in (user.name, user.id)):
        return actor_for(user)
    return actor_for(name)
