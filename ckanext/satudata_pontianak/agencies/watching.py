"""Changes of accounts, agencies and memberships that came by no door of ours are recorded as well.

``ckan user add``, ``ckan sysadmin add``, another plugin or a shell change CKAN's rows without our
actions. What is flushed is noted here; when the transaction commits, every change that no entry of
it tells of gets one. Statements sent to the database without CKAN's models are not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

import ckan.plugins.toolkit as tk
from ckan import model

from ..ledger import writing
from ..ledger.install import installed
from ..ledger.service import append

_SEEN = "satudata_watched"
_TOLD = "satudata_watched_told"
_RECENT = 200
DIRECT = "direct"
PASSWORD = "account.password"  # noqa: S105
ACCESS = "account.access"
"""A password that somebody set for another person by a door of ours."""

Change = dict[str, Any]
BULK = {
    "member": frozenset({"state", "capacity", "group_id", "table_id"}),
    "user": frozenset({"state", "sysadmin", "password", "_password", "email"}),
    "group": frozenset({"state", "is_organization", "extras"}),
}


def _history(row: Any, name: str) -> tuple[Any, Any, bool]:
    """Return value before, value after and whether it changed."""
    history = sa.inspect(row).attrs[name].history
    after = getattr(row, name)
    if name == "state" and after is None:
        after = "active"  # what the flush is about to give a new row
    before = history.deleted[0] if history.deleted else (None if history.added else after)
    return before, after, bool(history.added) and before != after


def _is_new(row: Any) -> bool:
    return sa.inspect(row).pending


def _of_member(row: model.Member, *, gone: bool) -> Iterator[Change]:
    state, capacity = _history(row, "state"), _history(row, "capacity")
    is_new = _is_new(row)
    had = None if is_new or state[0] != "active" else capacity[0]
    has = None if gone or state[1] != "active" else capacity[1]
    if had == has:
        return
    if row.table_name == "user":
        kind = "add" if had is None else "remove" if has is None else "change"
        yield {
            "event": f"member.{kind}",
            "agency": row.group_id,
            "user": row.table_id,
            "before": {"capacity": had},
            "after": {"capacity": has},
        }
    elif row.table_name == "group":
        yield {"event": "agency.change", "agency": row.table_id, "user": None, "what": "parent"}


def _of_user(row: model.User, *, gone: bool) -> Iterator[Change]:
    is_new = _is_new(row)
    state, power = _history(row, "state"), _history(row, "sysadmin")
    told = {"agency": None, "user": row.id, "user_name": row.name}
    before = {} if is_new else {"state": state[0], "sysadmin": bool(power[0])}
    after = {} if gone else {"state": state[1], "sysadmin": bool(power[1])}
    if before != after:
        kind = "create" if is_new else "remove" if gone else "change"
        yield {"event": f"account.{kind}", **told, "before": before, "after": after}
    if not (is_new or gone) and _history(row, "_password")[2]:
        yield {"event": PASSWORD, **told, "before": None, "after": None}


def _duties_changed(row: Any) -> bool:
    """Tell whether the duties change: the table still has what was before."""
    inspected: Any = sa.inspect(row)
    if not inspected.attrs["extras"].history.has_changes():
        return False
    table = inspected.mapper.local_table
    query = sa.select(table.c.extras).where(table.c.id == row.id)
    before = inspected.session.execute(query).scalar() or {}
    return before.get("sdi_role") != (row.extras or {}).get("sdi_role")


def _of_group(row: model.Group, *, gone: bool) -> Iterator[Change]:
    if not row.is_organization:
        return
    is_new = _is_new(row)
    changed = [n for n in ("state", "name") if _history(row, n)[2]]
    if _duties_changed(row):
        changed.append("sdi_role")
    if is_new or gone or changed:
        kind = "create" if is_new else "remove" if gone else "change"
        yield {"event": f"agency.{kind}", "agency": row.id, "user": None, "fields": changed}


_KINDS = {
    model.Member: _of_member,
    model.User: _of_user,
    model.Group: _of_group,
}


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    for rows, gone in (((*session.new, *session.dirty), False), (session.deleted, True)):
        for row in rows:
            describe = _KINDS.get(type(row))
            if describe is not None:
                # Kept as rows: the id of a new one is given by the flush.
                for change in describe(row, gone=gone):
                    _note(session, change, row)


def _after_bulk(bulk: Any) -> None:
    table = getattr(bulk.mapper.local_table, "name", "")
    watched = BULK.get(table)
    if watched is None:
        return
    values = getattr(bulk, "values", None)
    names = {getattr(key, "key", key) for key in values} if values is not None else watched
    if watched & names and bulk.result.rowcount:
        change = {"event": f"{table}.bulk", "agency": None, "user": None, "what": table}
        _note(bulk.session, {**change, "count": bulk.result.rowcount}, None)


def _note(session: Session, change: Change, row: Any) -> None:
    transaction = session.get_nested_transaction() or session.get_transaction()
    within = []
    while transaction is not None:
        within.append(transaction)
        transaction = transaction.parent
    session.info.setdefault(_SEEN, []).append((change, row, tuple(within)))


def _rolled_back(session: Session, transaction: Any) -> None:
    kept = [item for item in session.info.get(_SEEN, []) if transaction not in item[2]]
    session.info[_SEEN] = kept


def _ended(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info[_SEEN] = []


def _before_commit(session: Session) -> None:
    """Write what no entry tells of, and then, as the last thing, whatever waits."""
    if session.get_nested_transaction() is not None:
        return
    session.flush()
    told = session.info.setdefault(_TOLD, [])
    told += [draft.body for draft in writing.waiting(session)]
    seen, session.info[_SEEN] = session.info.get(_SEEN, []), []
    left = []
    for change, row, _within in seen:
        if change["event"].startswith("account.") and row is not None:
            change["user"] = row.id
        if change["event"] in ("agency.create",) and row is not None:
            change["agency"] = row.id
        if not _is_told(told, change):
            left.append(change)
    del told[:-_RECENT]
    if left and installed(session):
        actor = _actor()
        for change in left:
            if change["event"] == PASSWORD and getattr(actor, "id", None) == change["user"]:
                continue  # one's own
            _append(session, change, actor)
    writing.write_waiting(session)


def _is_told(told: list[Change], change: Change) -> bool:
    """Tell whether an entry tells of the change; one of a single membership tells of it once."""
    for place, body in enumerate(told):
        detail = body.get("detail") or {}
        family = body["event"].partition(".")[0]
        if change["event"].startswith("member."):
            same = detail.get("user") == change["user"] and detail.get("agency") == change["agency"]
            if family == "member" and same and body.get("after") == change["after"]:
                del told[place]
                return True
        elif change["event"].startswith("agency."):
            if family == "agency" and detail.get("agency") == change["agency"]:
                return True
        elif change["event"] == PASSWORD:
            if body["event"] in (ACCESS, PASSWORD) and detail.get("user") == change["user"]:
                return True
        elif change["event"].startswith("account."):
            same = detail.get("user") == change["user"]
            if body["event"] == change["event"] and same and body.get("after") == change["after"]:
                del told[place]
                return True
    return False


def _append(session: Session, change: Change, actor: Any) -> None:
    names = ("agency", "user", "user_name", "fields", "what", "count")
    append(
        session,
        event=change["event"],
        actor_id=getattr(actor, "id", None),
        actor_name=getattr(actor, "name", None),
        before=change.get("before"),
        after=change.get("after"),
        detail={"by": DIRECT, **{n: change[n] for n in names if change.get(n)}},
    )


def _actor() -> Any:
    """Return who is signed in, if somebody is; a command acts for whoever has the server."""
    user = tk.current_user if flask.has_request_context() else None
    return user if isinstance(user, model.User) else None


def listen() -> None:
    """Listen to CKAN's sessions, once."""
    for name, listener in (
        ("before_flush", _before_flush),
        ("after_bulk_update", _after_bulk),
        ("after_bulk_delete", _after_bulk),
        ("after_soft_rollback", _rolled_back),
        ("after_transaction_end", _ended),
        ("before_commit", _before_commit),
    ):
        if not event.contains(model.Session, name, listener):
            event.listen(model.Session, name, listener)
