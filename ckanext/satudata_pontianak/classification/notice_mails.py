"""Mails of notices: one a person, of all that is new; through CKAN's mailer and its notifiers.

Each person is a transaction of their own: what is about to be sent is marked and committed
before, and again after. A mail that the mailer refuses is tried again with the next run. One that
was cut off in the middle, so that nobody knows whether it left, is not sent again: the portal
shows what it said, and the command names how many there are.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from . import cases, indonesian
from .digests import Digest, Item, digest
from .model import now
from .notice_definition import notice_rules
from .notice_model import SENDING, SENT, UNWANTED, WAITING, Notice, NoticeChoice
from .request_mails import silent

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


def run() -> Sent:
    """Send everybody one mail of what is new for them; running it again sends nothing twice."""
    done = Sent(no_mailer=not _can_send())
    late = now() - STUCK_AFTER
    query = sa.select(sa.func.count(Notice.user_id.distinct()))
    stuck = query.where(Notice.mail == SENDING, Notice.mailed_at < late)
    done.cut_off = int(model.Session.scalar(stuck) or 0)
    people = sa.select(Notice.user_id).where(Notice.mail == WAITING).distinct()
    for user_id in list(model.Session.scalars(people.order_by(Notice.user_id))):
        items = _claim(user_id, send=not done.no_mailer)
        if items:
            user = model.Session.get(model.User, user_id)
            left = _send(user, items) if user else False
            _settle(items, SENT if left else WAITING)
            done.sent, done.failed = done.sent + left, done.failed + (not left)
    return done


def _can_send() -> bool:
    """Tell whether there is anything that sends: without it core drops a mail in silence."""
    return bool(tk.config.get("smtp.server")) or any(p.PluginImplementations(p.INotifier))


def _claim(user_id: str, *, send: bool) -> list[Notice]:
    """Mark what is about to be sent to a person, and commit it; nobody else takes it then."""
    query = (
        sa.select(Notice)
        .where(Notice.user_id == user_id, Notice.mail == WAITING)
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    )
    rows = list(model.Session.scalars(query))
    user = model.Session.get(model.User, user_id)
    reachable = user is not None and user.state == "active" and bool(user.email)
    unwanted = muted(user_id)
    items = []
    for row in rows:
        if not reachable or row.kind in unwanted:
            row.mail = UNWANTED
        elif send:
            row.mail, row.mailed_at = SENDING, now()
            items.append(row)
    model.Session.commit()
    return items


def _settle(items: list[Notice], state: str) -> None:
    for row in items:
        row.mail = state
        if state == WAITING:
            row.mailed_at = None
    model.Session.commit()


def muted(user_id: str) -> frozenset[str]:
    """Return the kinds of which a person wants no mail; a legal duty is never among them."""
    query = sa.select(NoticeChoice.kind).where(NoticeChoice.user_id == user_id)
    optional = {kind.name for kind in notice_rules().optional_kinds()}
    return frozenset(model.Session.scalars(query)) & optional


def _send(user: model.User, items: list[Notice]) -> bool:
    """Send a person's digest; tell whether it left."""
    text = _text(items)
    sent = False
    for plugin in p.PluginImplementations(p.INotifier):
        details = {"user": user, "subject": text.subject, "body": text.body}
        sent = plugin.notify_about_topic(sent, TOPIC, details)
    if sent:
        return True
    name = user.fullname or user.name
    try:
        with silent():
            mailer.mail_recipient(name, str(user.email), text.subject, text.body)
    except mailer.MailerException:
        return False
    except smtplib.SMTPException:
        # Core says goodbye to the server when the mail has left; whoever hangs up first has it.
        return True
    except OSError:
        return False
    return True


def _text(items: list[Notice]) -> Digest:
    rules = notice_rules()
    return digest(
        [Item(row.kind, _url("satudata.notice", number=row.id), row.facts) for row in items],
        {kind.name: kind.label for kind in sorted(rules.kinds.values(), key=_legal_first)},
        site=str(tk.config.get("ckan.site_title") or ""),
        portal=_url("satudata.notices"),
        choices=_url("satudata.notice_choices"),
        zone=cases.CITY,
        translate=indonesian.translator(),
        ungettext=indonesian.ngettext,
    )


def _legal_first(kind: Any) -> bool:
    return not kind.always


def _url(page: str, **values: Any) -> str:
    return tk.url_for(page, qualified=True, **values)
