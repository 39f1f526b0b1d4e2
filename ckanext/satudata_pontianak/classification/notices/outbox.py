"""Mails that are sent at once: written with what they tell of, sent by a worker, tried again.

A row is written in the transaction of what the mail is about, so that neither a queue that does
not answer nor a relay that refuses loses it. A worker sends it; what the relay did not take, the
clock sends again, until the days of ``schemas/notices.yaml`` are over. What was cut off in the
middle is not sent again: nobody knows whether it left. Both are shown to the operator.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.policy import Policy
from typing import Any

import sqlalchemy as sa
from redis.exceptions import RedisError
from rq.timeouts import BaseTimeoutException

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from ..records import job_queue
from ..records.mail_model import FAILED, MOOT, SENDING, SENT, WAITING, Mail
from ..records.model import now
from .definition import notice_rules

log = logging.getLogger(__name__)

CUT_OFF_AFTER = dt.timedelta(hours=1)


class MailNotSentError(Exception):
    """A mail could not be sent; it is tried again. Says nothing of whom it was for."""


@dataclass(frozen=True)
class Letter:
    """A mail as it leaves."""

    name: str
    address: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class _Whole(str):
    """A header in one line: broken into encoded words, no program reads its address."""

    __slots__ = ("name",)
    name: str

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it leaves."""
        return f"{self.name}: {self}{policy.linesep}"


class _Headers(dict[str, Any]):
    """Headers for core's mailer, each given twice: it copies the first, and keeps the second."""

    def items(self) -> Any:
        """Give each header, and again as it is to leave."""
        for name, value in super().items():
            yield name, value
            whole = _Whole(value)
            whole.name = name
            yield name, whole


MAKERS: dict[str, Callable[[Mail], Letter | None]] = {}
"""Who writes the mails of a kind as things stand now; ``None``: nobody needs it any more."""


@dataclass
class Count:
    """How many mails are in which state, of those that somebody has to look at."""

    waiting: int = 0
    failed: int = 0
    cut_off: int = 0


def can_send() -> bool:
    """Tell whether there is anything that sends: without it core drops a mail in silence."""
    return bool(tk.config.get("smtp.server")) or any(p.PluginImplementations(p.INotifier))


def put(
    kind: str,
    *,
    request_id: str | None = None,
    user_id: str | None = None,
    package_id: str | None = None,
    language: str | None = None,
    at: dt.datetime | None = None,
) -> None:
    """Write a mail that is to be sent, in the caller's transaction.

    :param language: where nothing that it is about knows the language of whoever gets it.
    """
    mail = Mail(kind=kind, request_id=request_id, user_id=user_id, package_id=package_id)
    mail.at, mail.language = at or now(), language
    model.Session.add(mail)


JOB: Any = "ckanext.satudata_pontianak.classification.outbox.send"
"""What the queue keeps of :func:`send`, also where it was asked for before."""


def ask_worker(request_id: str) -> None:
    """Have a worker send the mails of a request; without a queue the clock sends them."""
    try:
        job_queue.put(JOB, [request_id], title="satudata mail", queue="priority", again=1)
    except RedisError:
        log.exception("the mails of request %s were not queued; the clock sends them", request_id)


def send(request_id: str) -> None:
    """Send the mails of a request that wait. A job.

    :raises MailNotSentError: the relay did not take one of them.
    """
    if not _all_left(Mail.request_id == request_id):
        raise MailNotSentError(f"request {request_id}") from None


def send_kind(kind: str) -> bool:
    """Send the mails of a kind that wait; tell whether none is left to send."""
    return _all_left(Mail.kind == kind)


def waits(user_id: str, kind: str) -> bool:
    """Tell whether a mail of this kind waits for somebody."""
    return bool(_ids(Mail.user_id == user_id, Mail.kind == kind))


def send_to(user_id: str, kind: str) -> bool:
    """Send a kind of mails that wait for somebody; tell whether none is left to send."""
    return _all_left(Mail.user_id == user_id, Mail.kind == kind)


def _all_left(*conditions: sa.ColumnElement[bool]) -> bool:
    """Try each of these mails, also after one that was not taken."""
    done = [deliver(number) for number in _ids(*conditions)] if can_send() else [False]
    return all(done)


def run() -> tuple[int, int]:
    """Send everything that waits; return how many left, and how many did not. The clock."""
    done = [deliver(number) for number in _ids()] if can_send() else []
    kept = now() - dt.timedelta(days=notice_rules().kept_days)
    model.Session.execute(sa.delete(Mail).where(Mail.state.in_((SENT, MOOT)), Mail.at < kept))
    model.Session.commit()
    return sum(done), len(done) - sum(done)


def count(since: dt.datetime | None = None) -> Count:
    """Return how many mails wait for long, were given up, or were cut off.

    :param since: those alone that wait, or were tried last since then.
    """
    early = now() - CUT_OFF_AFTER
    query = sa.select(Mail.state, sa.func.count()).group_by(Mail.state)
    query = query.where(sa.or_(Mail.state == FAILED, Mail.at < early))
    if since is not None:
        tried = sa.func.coalesce(Mail.tried_at, Mail.at)
        query = query.where(sa.or_(Mail.state == WAITING, tried >= since))
    found = dict(model.Session.execute(query).tuples().all())
    return Count(found.get(WAITING, 0), found.get(FAILED, 0), found.get(SENDING, 0))


def _ids(*conditions: sa.ColumnElement[bool]) -> list[int]:
    query = sa.select(Mail.id).where(Mail.state == WAITING, *conditions)
    return list(model.Session.scalars(query.order_by(Mail.id)))


def deliver(number: int) -> bool:
    """Send one mail that waits, and commit what became of it; tell whether none is left to send."""
    query = sa.select(Mail).where(Mail.id == number, Mail.state == WAITING)
    mail = model.Session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if mail is None:
        return True
    mail.state, mail.tries, mail.tried_at = SENDING, mail.tries + 1, now()
    model.Session.commit()
    state = WAITING
    try:
        letter = MAKERS[mail.kind](mail)
        state = MOOT if letter is None else SENT if relayed(letter) else WAITING
    except BaseTimeoutException:
        raise
    except Exception as problem:  # noqa: BLE001 - one mail ends no round; what it says is not logged
        log.warning("mail %s could not be written: %s", number, type(problem).__name__)
    finally:
        # Whoever made the letter may have ended the session, as core's maker of links does.
        model.Session.rollback()
        mail = model.Session.get_one(Mail, number)
        last = mail.at + dt.timedelta(days=notice_rules().tried_days)
        mail.state = FAILED if state == WAITING and now() > last else state
        kind, tries = mail.kind, mail.tries
        model.Session.commit()
    if state == WAITING:
        log.error("a mail '%s' was not taken, try %s", kind, tries)
    return state != WAITING


def relayed(letter: Letter) -> bool:
    """Give a mail to the relay; tell whether it has it."""
    try:
        with silent():
            mailer.mail_recipient(
                # A name is what an account calls itself: one line of it.
                " ".join(letter.name.split()),
                letter.address,
                letter.subject,
                letter.body,
                headers=_Headers(letter.headers),
            )
    except mailer.MailerException:
        return False
    except smtplib.SMTPException:
        # Core says goodbye to the server when the mail has left; whoever hangs up first has it.
        return True
    except OSError:
        return False
    return True


@contextmanager
def silent() -> Iterator[None]:
    """Keep addresses out of the log: core's mailer writes each one down."""

    def drop(_record: logging.LogRecord) -> bool:
        return False

    mailer.log.addFilter(drop)
    try:
        yield
    finally:
        mailer.log.removeFilter(drop)
