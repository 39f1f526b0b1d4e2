"""What was got by emergency access ends with it: memberships, and duties by delegation.

It ends when somebody ends the access, at the next request of its person once its time is over, and
by the clock. What became something else meanwhile stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..ledger.service import append
from . import capacities, registry
from .model import BreakGlassRow, DelegationRow, EmergencyGainRow, now

ENDED = "emergency_ended"
_gain = EmergencyGainRow
_rows, _glass = EmergencyGainRow.__table__.c, BreakGlassRow.__table__.c
_UNDER = _glass.id == _rows.break_glass_id
_IS_OVER = sa.and_(
    _rows.ended_at.is_(None),
    sa.or_(_glass.ended_at.is_not(None), _glass.until <= sa.bindparam("now")),
)
# Of tables and written once: it is asked at each request of somebody signed in.
_OVER_OF = (
    sa.select(_rows.id)
    .join(BreakGlassRow.__table__, _UNDER)
    .where(_IS_OVER, _rows.user_id == sa.bindparam("user_id"))
    .limit(1)
)


def note(glass_id: str, agency_id: str, user_id: str, **what: str | None) -> None:
    """Note what somebody got under emergency access, in the transaction in which they got it."""
    row = _gain(break_glass_id=glass_id, agency_id=agency_id, user_id=user_id, **what)
    model.Session.add(row)
    model.Session.flush()


def keep(agency_id: str, user_id: str) -> None:
    """Let a membership stay that somebody else confirmed."""
    for row in model.Session.scalars(_open(_gain.agency_id == agency_id, _gain.user_id == user_id)):
        if row.delegation_id is None:
            row.ended_at = now()


def is_only_for_now(agency_id: str, user_id: str) -> bool:
    """Tell whether a membership ends with emergency access."""
    query = _open(
        _gain.agency_id == agency_id, _gain.user_id == user_id, _gain.delegation_id.is_(None)
    )
    return model.Session.scalars(query.limit(1)).first() is not None


def over(user_id: str | None = None) -> list[EmergencyGainRow]:
    """Return what goes on although the access that it came by has ended, of one person or all."""
    query = sa.select(_gain).join(BreakGlassRow, _UNDER).where(_IS_OVER)
    if user_id is not None:
        query = query.where(_gain.user_id == user_id)
    return list(model.Session.scalars(query, {"now": now()}))


def is_over(user_id: str) -> bool:
    """Tell whether something of a person goes on although its access has ended; at each request."""
    values = {"user_id": user_id, "now": now()}
    return model.Session.execute(_OVER_OF, values).first() is not None


def of(glass_ids: Iterable[str]) -> list[EmergencyGainRow]:
    """Return what was got under these and goes on."""
    return list(model.Session.scalars(_open(_gain.break_glass_id.in_(list(glass_ids)))))


def end(rows: Iterable[EmergencyGainRow]) -> int:
    """Take back what was got, the last first, and record it. The caller locked, and commits."""
    count = 0
    for row in sorted(rows, key=lambda r: r.made_at, reverse=True):
        row.ended_at = now()
        count += 1
        if row.delegation_id is not None:
            _revoke(row)
        elif capacities.members_of(row.agency_id).get(row.user_id) == row.after:
            capacities.set_capacity(row.agency_id, row.user_id, row.before)
            kind = "member.remove" if row.before is None else "member.change"
            _record(kind, row, before={"capacity": row.after}, after={"capacity": row.before})
            for tell in capacities.TELLING:
                tell(row.agency_id)
    model.Session.flush()
    registry.invalidate()
    return count


def _revoke(row: EmergencyGainRow) -> None:
    delegation = model.Session.get(DelegationRow, row.delegation_id)
    if delegation is not None and delegation.revoked_at is None:
        delegation.revoked_at = now()
        _record("delegation.revoke", row)


def _record(event: str, row: EmergencyGainRow, **more: Any) -> None:
    detail = {"agency": row.agency_id, "user": row.user_id, "break_glass": row.break_glass_id}
    if row.delegation_id is not None:
        detail["delegation"] = row.delegation_id
    append(model.Session, event=event, actor_id=None, detail={**detail, "what": ENDED}, **more)


def _open(*conditions: Any) -> sa.Select[tuple[EmergencyGainRow]]:
    return sa.select(_gain).where(_gain.ended_at.is_(None), *conditions)
