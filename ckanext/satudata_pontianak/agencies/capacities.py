"""The people of an agency and their capacity: read, and written past CKAN's own actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from ckan import model

TELLING: list[Callable[[str], None]] = []
"""What tells of a change of an agency's members, by its id; the room that knows of notices."""


def members_of(group_id: str) -> dict[str, str]:
    """The people of an agency and their capacity."""
    rows = model.Session.execute(
        sa.select(model.Member.table_id, model.Member.capacity).where(
            model.Member.group_id == group_id,
            model.Member.table_name == "user",
            model.Member.state == "active",
        )
    )
    return joined((row.table_id, row.capacity) for row in rows)


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One capacity for each person; several rows of one person are shown as several."""
    found: dict[str, set[str]] = {}
    for user_id, capacity in pairs:
        found.setdefault(user_id, set()).add(capacity)
    return {user_id: "+".join(sorted(values)) for user_id, values in found.items()}


def set_capacity(agency_id: str, user_id: str, capacity: str | None) -> None:
    """Make somebody a member with this capacity, or (``None``) none, past CKAN's own actions."""
    rows = list(
        model.Session.query(model.Member).filter_by(
            table_name="user", table_id=user_id, group_id=agency_id, state="active"
        )
    )
    for row in rows[1:] if capacity else rows:
        row.state = model.State.DELETED
    if capacity and rows:
        rows[0].capacity = capacity
    elif capacity:
        # The group itself is given, because Member() without it stores none.
        group = model.Group.get(agency_id)
        member = model.Member(group=group, table_name="user", table_id=user_id, capacity=capacity)
        member.group_id = agency_id
        model.Session.add(member)
    model.Session.flush()
