"""Mails about requests: to whoever asked, and to those on whose desk a request lies.

A mail says that there is something to see, and where. Title, purpose, reasons and other people
stay on the portal: a mailbox is read by others and forgets nothing. Jobs get ids only, and links
are made when the mail is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from redis.exceptions import RedisError
from rq import Retry

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from ..agencies import registry
from ..agencies.duties import Duty
from . import indonesian, request_links
from .notice_definition import notice_rules
from .request_definition import OWNER_ADMINS, REQUESTER
from .request_model import AccessGrant, AccessRequest

log = logging.getLogger(__name__)

CONFIRM, ANSWER, PROLONGED, SETTLED = "confirm answer prolonged settled".split()
DESK, SILENCE, END = "desk silence end".split()
"""The mails of ``schemas/notices.yaml``, without the word ``request_`` before them."""

ANSWERED = ("granted", "refused", "rejected", "reopened", "execution")


class MailNotSentError(Exception):
    """A mail could not be sent; the queue tries again. Says nothing of whom it was for."""


def kinds_for(state: str) -> list[str]:
    """Return which mails follow when a request has come into a state."""
    if state == "unconfirmed":
        return [CONFIRM]
    desk = [DESK] if state in ("open", "consent", "objection", "execution") else []
    return desk + ([ANSWER] if state in ANSWERED else [])


def enqueue(kind: str, request_id: str) -> None:
    """Have a worker send a mail. What was decided stands, whatever becomes of the mail."""
    try:
        tk.enqueue_job(
            send,
            [kind, request_id],
            title=f"satudata mail {kind}",
            queue="priority",
            rq_kwargs={"retry": Retry(max=3)},
        )
    except RedisError:
        log.exception("the mail '%s' of request %s was not queued", kind, request_id)


def send(kind: str, request_id: str) -> None:
    """Send one kind of mail about a request, as it stands now. A job.

    :raises MailNotSentError: nobody could be reached.
    """
    row = model.Session.get(AccessRequest, request_id)
    if row is None:
        return
    people = _answerers(row) if kind == DESK else _asker(row)
    subject, body = _text(kind, row)
    failed = 0
    for name, address in people:
        try:
            with silent():
                mailer.mail_recipient(name, address, subject, body)
        except (mailer.MailerException, OSError):
            failed += 1
    if failed:
        log.error("%s mails '%s' of request %s were not sent", failed, kind, request_id)
    if failed and failed == len(people):
        raise MailNotSentError(f"{kind} {request_id}") from None


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


def _asker(row: AccessRequest) -> list[tuple[str, str]]:
    if row.user_id:
        user = model.User.get(row.user_id)
        if user is None or user.state != "active" or not user.email:
            return []
        return [(user.fullname or user.name, user.email)]
    return [("", row.email)] if row.email else []


def _answerers(row: AccessRequest) -> list[tuple[str, str]]:
    """Return those on whose desk the request lies now, without whoever asked."""
    from .request_store import context_of, engine

    context = context_of(row, registry.actor_for(None))
    rules = engine().rules
    holder = rules.states[row.state].holder
    names = () if holder in (None, REQUESTER) else (holder,)
    if holder == "answerers":
        names = rules.roads[context.road or row.road].answered_by
    people: set[str] = set()
    for name in names:
        if name == OWNER_ADMINS:
            people.update(_admins(context.owner_org))
        else:
            people.update(registry.holders_of(Duty(name)))
    query = sa.select(model.User).where(
        model.User.id.in_(people - {row.user_id}), model.User.state == "active"
    )
    found = model.Session.scalars(query.order_by(model.User.name))
    return [(u.fullname or u.name, u.email) for u in found if u.email and u.email != row.email]


def _admins(agency: str | None) -> list[str]:
    query = sa.select(model.Member.table_id).where(
        model.Member.table_name == "user",
        model.Member.state == "active",
        model.Member.capacity == "admin",
        model.Member.group_id == agency,
    )
    return [user_id for user_id in model.Session.scalars(query) if user_id]


def _text(kind: str, row: AccessRequest) -> tuple[str, str]:
    """Return subject and text, in Indonesian whoever asked for it: a job has no reader."""
    say, site = indonesian.translator(), str(tk.config.get("ckan.site_title") or "")
    mails = notice_rules().mails
    spec = mails[f"request_{kind}"]
    known = {"number": row.number, "due": indonesian.day(row.due)}
    said = {name: known[name] for name in spec.facts}
    parts = [say(spec.text) % said, _link(kind, row)]
    grant = _unclaimed(row) if kind == ANSWER else None
    if grant is not None:
        token = request_links.make(request_links.CLAIM, grant.id, grant.nonce)
        parts += [say(mails["request_claim"].text), _url("claim", token)]
    return f"[{site}] {say(spec.subject)}", "\n\n".join([*parts, site]) + "\n"


def _unclaimed(row: AccessRequest) -> AccessGrant | None:
    query = sa.select(AccessGrant).where(
        AccessGrant.request_id == row.id,
        AccessGrant.user_id.is_(None),
        AccessGrant.ended_at.is_(None),
    )
    return model.Session.scalars(query).one_or_none()


def _link(kind: str, row: AccessRequest) -> str:
    if kind == CONFIRM:
        return _url("confirm", request_links.make(request_links.CONFIRM, row.id, row.nonce))
    if kind == DESK or row.user_id:
        return tk.url_for("satudata.request", request_id=row.id, qualified=True)
    return _url("follow", request_links.make(request_links.FOLLOW, row.id, row.nonce))


def _url(page: str, token: str) -> str:
    return tk.url_for(f"satudata.request_{page}", token=token, qualified=True)
