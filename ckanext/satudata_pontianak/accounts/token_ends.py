"""Tokens end where the way into an account changed by other hands than its person's.

A token outlives sessions, and whoever sets somebody's password or mailbox, opens a link that was
mailed, or works on the server, may be clearing up after a theft. So whatever flushes another
password or mailbox ends the account's tokens in the same transaction, by whichever road it came.
So does whoever logs out everywhere, unless they say that programs go on (:mod:`.own_actions`);
:func:`kept` is for the roads on which the person themself showed the password that holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from ckan import model

_kept: ContextVar[str | None] = ContextVar("satudata_kept_tokens", default=None)
WATCHED = ("_password", "email")


@contextmanager
def kept(user_id: str) -> Iterator[None]:
    """Let an account keep its tokens: its person changes it and showed the password that holds."""
    token = _kept.set(user_id)
    try:
        yield
    finally:
        _kept.reset(token)


def end_all(user_id: str) -> int:
    """End every token of an account and return how many there were. The caller commits."""
    return _delete(model.Session, user_id)


def _delete(session: Any, user_id: str) -> int:
    statement = sa.delete(model.ApiToken).where(model.ApiToken.user_id == user_id)
    return session.execute(statement.execution_options(synchronize_session=False)).rowcount


def _before_flush(session: Any, _context: Any, _instances: Any) -> None:
    for row in session.dirty:
        if not isinstance(row, model.User) or row.id == _kept.get():
            continue
        if any(_changes(session, row, name) for name in WATCHED):
            _delete(session, row.id)


def _changes(session: Any, row: model.User, name: str) -> bool:
    """Tell whether a value changes; of one that was not read, the table still has the old one."""
    inspected: Any = sa.inspect(row)
    history = inspected.attrs[name].history
    if not history.added:
        return bool(history.deleted)
    if history.deleted:
        return bool(history.deleted[0] != history.added[0])
    column = inspected.mapper.attrs[name].columns[0]
    before = session.scalar(sa.select(column).where(inspected.mapper.local_table.c.id == row.id))
    return bool(before != history.added[0])


def listen() -> None:
    """Listen to CKAN's sessions, once."""
    if not event.contains(model.Session, "before_flush", _before_flush):
        event.listen(model.Session, "before_flush", _before_flush)
