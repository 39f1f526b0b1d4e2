"""Follow something, confirm it, and stop: an account at once, a mailbox once its link was opened.

A mailbox is told the same whatever is known of it, and who stops is forgotten, address and all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import ANONYMOUS, Actor
from ...classification.notices import outbox
from ...classification.records import reads
from ...classification.records.mail_model import SENDING, WAITING, Mail
from ...classification.records.model import Case, new_id, now
from ...classification.requests import askings, links, steps
from ...classification.rules.refusals import InvalidFields, Refused
from ...messages import Message
from ...metadata import naming
from ...msgids import N_
from ..reading import removals
from . import targets
from .model import Follow, Follower
from .rules import DATASET, SEARCH, following
from .targets import Target

CONFIRM, DIGEST = "follow_confirm", "follow_digest"
STOP, CHOOSE = "follow_stop", "follow_choose"
DAY = dt.timedelta(hours=24)
HOUR = 3600

TOO_MANY = N_("You follow so much already. Stop following something first.")
TOO_OFTEN = N_("So much was asked for from your address today. Try again tomorrow.")
INVALID = N_("This link is not valid, was used already, or has expired.")


def follow(target: Target, actor: Actor, email: Any) -> Follow | None:
    """Follow something that somebody knows of, and commit.

    :param email: the mailbox of somebody without an account.
    :returns: ``None`` where a mailbox asked: a link is on its way there, or nothing is.
    :raises InvalidFields, Refused: nothing was written.
    """
    if actor.anonymous:
        _ask(target, steps.mailbox(email))
        return None
    if email not in (None, ""):
        text = N_("The address of your account is used. Leave this field empty.")
        raise InvalidFields({"email": [Message(text)]})
    whose = _follower(user_id=actor.id)
    row = _row(whose, target)
    if row is None:
        if _count(Follow.follower_id == whose.id) >= following().limits.of_one_person:
            raise Refused("too_many", Message(TOO_MANY))
        row = Follow(follower_id=whose.id, kind=target.kind, target=target.key, confirmed_at=now())
        model.Session.add(row)
    model.Session.commit()
    return row


def _ask(target: Target, email: str) -> None:
    limits = following().limits
    _check_address()
    whose = _follower(email=email)
    row = _row(whose, target)
    mine = sa.select(Follow.id).where(Follow.follower_id == whose.id, Follow.confirmed_at.is_(None))
    sent = sa.select(sa.func.count()).where(
        Mail.kind == CONFIRM, Mail.at > now() - DAY, Mail.request_id.in_(mine)
    )
    full = (
        (row is not None and row.confirmed_at is not None)
        or int(model.Session.execute(sent).scalar_one()) >= limits.to_one_mailbox
        or _count(Follow.follower_id == whose.id) >= limits.of_one_person
    )
    if full:
        model.Session.commit()  # that it was asked is counted all the same
        return
    if row is None:
        row = Follow(follower_id=whose.id, kind=target.kind, target=target.key)
        model.Session.add(row)
    row.asked_at, row.nonce, row.language = now(), new_id(), naming.language()
    model.Session.flush()
    outbox.put(CONFIRM, request_id=row.id)
    asked = row.id
    model.Session.commit()
    outbox.ask_worker(asked)


def _check_address() -> None:
    """Count that an address asks, whatever becomes of it; one after another.

    :raises Refused: it asked too often in a day.
    """
    if askings.too_often(links.origin(), {"follow": following().limits.of_one_address}):
        raise Refused("too_many", Message(TOO_OFTEN))


def _follower(**whose: Any) -> Follower:
    """Return who follows, made where they never did, and locked: who asks twice at once asks once.

    :param whose: ``user_id`` or ``email``.
    """
    (named,) = whose.values()
    reads.lock_named(f"follower {named}")
    row = model.Session.scalars(sa.select(Follower).filter_by(**whose)).one_or_none()
    if row is None:
        row = Follower(**whose)
        model.Session.add(row)
        model.Session.flush()
    return row


def _row(whose: Follower, target: Target) -> Follow | None:
    query = sa.select(Follow).where(
        Follow.follower_id == whose.id, Follow.kind == target.kind, Follow.target == target.key
    )
    return model.Session.scalars(query).one_or_none()


def _count(*conditions: Any) -> int:
    query = sa.select(sa.func.count()).select_from(Follow).where(*conditions)
    return int(model.Session.execute(query).scalar_one())


def confirm(token: Any) -> Follow:
    """Follow what the owner of a mailbox asked for, with the link that was sent there; commit.

    :raises Refused: the link is wrong, used or expired.
    """
    found = links.opened(CONFIRM, token, following().confirm_hours * HOUR)
    row = model.Session.get(Follow, found[0], with_for_update=True) if found else None
    if found is None or row is None or row.nonce != found[1] or row.confirmed_at is not None:
        raise Refused("link_invalid", Message(INVALID))
    row.confirmed_at, row.nonce = now(), new_id()
    model.Session.commit()
    return row


def asked(token: Any) -> Follow | None:
    """Return what a link waits to confirm; ``None`` where it is wrong, used or expired."""
    found = links.opened(CONFIRM, token, following().confirm_hours * HOUR)
    row = model.Session.get(Follow, found[0]) if found else None
    if found is None or row is None or row.nonce != found[1] or row.confirmed_at is not None:
        return None
    return row


def named(row: Follow) -> Target | None:
    """Return what is followed as every visitor may know it now.

    A search is not named: its words are of whoever gave the mailbox, who may be anybody.
    """
    return None if row.kind == SEARCH else targets.find(ANONYMOUS, row.kind, row.target)


def confirming(row: Follow) -> str:
    """Return the last part of the link by which a mailbox is confirmed."""
    return links.make(CONFIRM, row.id, row.nonce)


def stopping(row: Follower) -> str:
    """Return the last part of the link by which somebody stops all mails; it works until then."""
    return links.make(STOP, row.id, row.nonce)


def by_link(token: Any) -> Follower | None:
    """Return whom a link in a digest belongs to; ``None``: nobody, or nobody any more."""
    found = links.opened(STOP, token, None)
    row = model.Session.get(Follower, found[0]) if found else None
    return row if found and row is not None and row.nonce == found[1] else None


def ask_to_choose(whose: Follower) -> None:
    """Send a link to all that somebody follows to their own mailbox, so often a day; commit.

    The link that ends all mails goes on with each of them, to others too.
    """
    most = following().limits.to_one_mailbox
    if not askings.too_often(whose.id, {CHOOSE: most}):
        outbox.put(CHOOSE, request_id=whose.id)
    asked = whose.id
    model.Session.commit()
    outbox.ask_worker(asked)


def choosing(row: Follower) -> str:
    """Return the last part of the link at which a mailbox reads all that it follows."""
    return links.make(CHOOSE, row.id, row.nonce)


def by_choosing(token: Any) -> Follower:
    """Return whose link to all that they follow it is.

    :raises Refused: it is wrong or expired, or they are forgotten.
    """
    found = links.opened(CHOOSE, token, following().confirm_hours * HOUR)
    row = model.Session.get(Follower, found[0]) if found else None
    if found is None or row is None or row.nonce != found[1]:
        raise Refused("link_invalid", Message(INVALID))
    return row


def of_account(user_id: str) -> Follower | None:
    """Return an account as one who follows."""
    query = sa.select(Follower).where(Follower.user_id == user_id)
    return model.Session.scalars(query).one_or_none()


def followed(whose: Follower) -> list[Follow]:
    """Return what somebody follows, newest first."""
    query = sa.select(Follow).where(
        Follow.follower_id == whose.id, Follow.confirmed_at.is_not(None)
    )
    return list(model.Session.scalars(query.order_by(Follow.confirmed_at.desc(), Follow.id)))


def language(whose: Follower) -> str | None:
    """Return in which language somebody asked last for what they follow.

    What nobody confirmed says nothing: anybody can ask for a mailbox.
    """
    return next((row.language for row in followed(whose)), None)


def stop(whose: Follower, ids: Collection[str] | None = None) -> int:
    """Follow no more, and commit; who follows nothing is forgotten, and their address with them.

    :param ids: of these follows; ``None``: of all.
    :returns: how many ended.
    """
    query = sa.delete(Follow).where(Follow.follower_id == whose.id)
    if ids is not None:
        query = query.where(Follow.id.in_(ids))
    ended = model.Session.execute(query.returning(Follow.id)).all()
    if ids is None or not _count(Follow.follower_id == whose.id):
        model.Session.execute(sa.delete(Follower).where(Follower.id == whose.id))
    model.Session.commit()
    return len(ended)


def _ended() -> sa.Select[tuple[str]]:
    """Return the follows of datasets that are there no more, of which nothing is left to tell."""
    state = model.Package.state
    untold = sa.exists().where(
        Case.package_id == Follow.target,
        *removals.were_decided(),
        Case.ended_at >= Follower.told_until,
    )
    on_its_way = sa.exists().where(
        Mail.kind == DIGEST, Mail.request_id == Follower.id, Mail.state.in_((WAITING, SENDING))
    )
    told = sa.and_(state == "deleted", ~untold, ~on_its_way)
    return (
        sa.select(Follow.id)
        .join(Follower, Follower.id == Follow.follower_id)
        .outerjoin(model.Package, model.Package.id == Follow.target)
        .where(Follow.kind == DATASET, sa.or_(model.Package.id.is_(None), told))
    )


def erase(moment: dt.datetime | None = None) -> int:
    """Erase what nobody confirmed in time, whom nothing is left to be told, and digests; commit.

    :returns: how many mailboxes and accounts were forgotten.
    """
    at = moment or now()
    late = dt.timedelta(hours=following().confirm_hours)
    model.Session.execute(
        sa.delete(Follow).where(Follow.confirmed_at.is_(None), Follow.asked_at < at - late)
    )
    askings.erase(at)
    model.Session.execute(sa.delete(Follow).where(Follow.id.in_(_ended())))
    active = sa.select(model.User.id).where(model.User.state == "active")
    without = ~sa.exists().where(Follow.follower_id == Follower.id)
    gone = sa.and_(Follower.user_id.is_not(None), Follower.user_id.not_in(active))
    query = sa.delete(Follower).where(sa.or_(without, gone)).returning(Follower.id)
    forgotten = model.Session.execute(query).all()
    model.Session.commit()
    return len(forgotten)
