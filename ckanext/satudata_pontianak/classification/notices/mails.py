"""Mails of notices: one a person, of all that is new; through CKAN's mailer and its notifiers.

Each person is a transaction of their own: what is about to be sent is marked and committed
before, and again after. A mail that the mailer refuses is tried again with the next run. One that
was cut off in the middle, so that nobody knows whether it left, is not sent again: the portal
shows what it said, and the command names how many there are.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...surface import page_names
from ..records.model import now
from ..records.notice_model import SENDING, SENT, UNWANTED, WAITING, Notice, NoticeChoice
from ..rules import indonesian
from . import outbox
from .definition import notice_rules
from .digest import Digest, Item, digest

log = logging.getLogger(__name__)

TOPIC = "satudata_notices"
"""The topic under which notifiers (``INotifier``) get a digest before it becomes a mail."""

STUCK_AFTER = dt.timedelta(hours=1)


@dataclass
class Sent:
    """What a run did: mails sent, refused, and cut off some time ago."""

    sent: int = 0
    failed: int = 0
    cut_off: int = 0
    no_mailer: bool = False


@dataclass(frozen=True)
class Claimed:
    """A mail that nobody else sends: to whom, of which notices, and its text."""

    user: model.User
    ids: list[int]
    text: Digest


def run() -> Sent:
    """Send everybody one mail of what is new for them; running it again sends nothing twice."""
    done = Sent(no_mailer=not outbox.can_send())
    late = now() - STUCK_AFTER
    query = sa.select(sa.func.count(Notice.user_id.distinct()))
    stuck = query.where(Notice.mail == SENDING, Notice.mailed_at < late)
    done.cut_off = int(model.Session.scalar(stuck) or 0)
    people = sa.select(Notice.user_id).where(Notice.mail == WAITING).distinct()
    for user_id in list(model.Session.scalars(people.order_by(Notice.user_id))):
        claimed = _claim(user_id, send=not done.no_mailer)
        if claimed is not None:
            _settle(claimed, done)
    return done


def count(since: dt.datetime | None = None) -> outbox.Count:
    """Return how many people's mails wait for long, though the clock runs, or were cut off.

    :param since: of those that were cut off, the ones since then.
    """
    early = now() - STUCK_AFTER * 2
    query = sa.select(sa.func.count(Notice.user_id.distinct()))
    waiting = query.where(Notice.mail == WAITING, Notice.at < early)
    stuck = query.where(Notice.mail == SENDING, Notice.mailed_at < early)
    if since is not None:
        stuck = stuck.where(Notice.mailed_at >= since)
    return outbox.Count(
        int(model.Session.scalar(waiting) or 0), 0, int(model.Session.scalar(stuck) or 0)
    )


def _settle(claimed: Claimed, done: Sent) -> None:
    """Send what was claimed, write down what became of it, and commit that."""
    try:
        left = _send(claimed)
    except Exception as problem:  # noqa: BLE001 -- a notifier of another plugin may raise anything
        # Whether it left nobody knows. Its message may name an address, and is not logged.
        log.error("a notifier failed: %s", type(problem).__name__)  # noqa: TRY400
        model.Session.rollback()
        return
    _mark(claimed.ids, SENT if left else WAITING)
    model.Session.commit()
    done.sent, done.failed = done.sent + left, done.failed + (not left)


def _claim(user_id: str, *, send: bool) -> Claimed | None:
    """Mark what is about to be sent to a person, and commit it; nobody else takes it then."""
    query = (
        sa.select(Notice.id, Notice.kind, Notice.facts)
        .where(Notice.user_id == user_id, Notice.mail == WAITING)
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    )
    rows = model.Session.execute(query).all()
    user = model.Session.get(model.User, user_id)
    reachable = user is not None and user.state == "active" and bool(user.email)
    without = muted(user_id)
    wanted = [row for row in rows if reachable and row.kind not in without]
    ids = [row.id for row in wanted]
    _mark(sorted({row.id for row in rows} - set(ids)), UNWANTED)
    claimed = None
    if send and wanted and user is not None:
        _mark(ids, SENDING)
        claimed = Claimed(user, ids, _text(wanted))
    model.Session.commit()
    return claimed


def _mark(ids: list[int], state: str) -> None:
    """Write down what became of the mail of these notices; the caller commits."""
    if ids:
        at = None if state == WAITING else now()
        statement = sa.update(Notice).where(Notice.id.in_(ids)).values(mail=state, mailed_at=at)
        model.Session.execute(statement)


def muted(user_id: str) -> frozenset[str]:
    """Return the kinds of which a person wants no mail; a legal duty is never among them."""
    query = sa.select(NoticeChoice.kind).where(NoticeChoice.user_id == user_id)
    optional = {kind.name for kind in notice_rules().optional_kinds()}
    return frozenset(model.Session.scalars(query)) & optional


def _send(claimed: Claimed) -> bool:
    """Send a person's digest; tell whether it left."""
    user, text = claimed.user, claimed.text
    sent = False
    for plugin in p.PluginImplementations(p.INotifier):
        details = {"user": user, "subject": text.subject, "body": text.body}
        sent = plugin.notify_about_topic(sent, TOPIC, details)
    if sent:
        return True
    name = user.fullname or user.name
    return outbox.relayed(outbox.Letter(name, str(user.email), text.subject, text.body))


def _text(rows: Sequence[Any]) -> Digest:
    rules = notice_rules()
    return digest(
        [Item(row.kind, _url("notice", number=row.id), row.facts) for row in rows],
        {kind.name: kind.label for kind in sorted(rules.kinds.values(), key=_legal_first)},
        site=str(tk.config.get("ckan.site_title") or ""),
        portal=_url("notices"),
        choices=_url("notice_choices"),
        zone=days.CITY,
        translate=indonesian.translator(),
        ungettext=indonesian.ngettext,
    )


def _legal_first(kind: Any) -> bool:
    return not kind.always


def _url(page: str, **values: Any) -> str:
    return tk.url_for(page_names.endpoint(page), qualified=True, **values)
