"""The mails of those who follow: a link to confirm, and one digest of all that is new.

A digest is written when it is sent, by the policy of that moment: a mailbox is a visitor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.exceptions import CkanConfigurationException

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Agency
from ...classification.clock import rounds
from ...classification.notices import outbox, tongues
from ...classification.notices.definition import notice_rules
from ...classification.notices.outbox import Letter
from ...classification.notices.tongues import Tongue
from ...classification.records.mail_model import WAITING, Mail
from ...classification.records.model import now
from ...msgids import N_
from ...surface.yaml_source import DefinitionError
from . import follows, news
from .follows import CHOOSE, CONFIRM, DIGEST
from .model import Follow, Follower
from .news import News
from .rules import following

NOBODY = Actor(None, None)
MORE = N_("More of it stands on the portal.")
ALL = N_("Everything that you follow:")
NAMED = N_("To be followed: {title}")
STOP = N_("To get no more of these mails, and to have your address erased:")
CLOSED = N_("A dataset that is not open")
GONE = N_("A dataset that was removed")


def reader(whose: Follower) -> Actor:
    """Return as whom somebody is told: an account as itself, a mailbox as a visitor."""
    return registry.actor_for(whose.user_id) if whose.user_id else NOBODY


def write(moment: dt.datetime | None = None) -> int:
    """Write a mail to each who is due and may have news; the clock. Each is a transaction.

    :returns: how many were written.
    """
    at, written = moment or now(), 0
    due = at - dt.timedelta(hours=following().digest.hours)
    waiting = sa.select(Mail.request_id).where(Mail.kind == DIGEST, Mail.state == WAITING)
    query = sa.select(Follower.id).where(
        Follower.told_until <= due,
        Follower.id.not_in(waiting.where(Mail.request_id.is_not(None))),
        sa.exists().where(Follow.follower_id == Follower.id, Follow.confirmed_at.is_not(None)),
    )
    for follower_id in list(model.Session.scalars(query.order_by(Follower.id))):
        row = model.Session.get(Follower, follower_id, with_for_update=True)
        if row is not None and row.told_until <= due and news.since(row.told_until):
            row.told_from, row.told_until = row.told_until, at
            outbox.put(DIGEST, request_id=row.id)
            written += 1
        model.Session.commit()
    return written


def fresh(whose: Follower) -> list[News]:
    """Return what somebody is told now of the time of their last mail, newest first."""
    actor = reader(whose)
    changed = news.since(whose.told_from)
    happened = [
        each for each in news.happened(changed) if whose.told_from <= each.at < whose.told_until
    ]
    happened += news.removed(whose.told_from, whose.told_until)
    known = news.told(actor, happened)
    left = {each.package_id for each in known}
    wanted: dict[str, dt.datetime] = {}
    for row in follows.followed(whose):
        since = row.confirmed_at or whose.told_until
        for package_id in news.matching(actor, row.kind, row.target, left):
            wanted[package_id] = min(since, wanted.get(package_id, since))
    return [
        each for each in known if each.package_id in wanted and wanted[each.package_id] <= each.at
    ]


def _confirming(mail: Mail) -> Letter | None:
    row = model.Session.get(Follow, mail.request_id)
    whose = model.Session.get(Follower, row.follower_id) if row is not None else None
    if row is None or whose is None or row.confirmed_at is not None or not whose.email:
        return None
    tongue, site = tongues.of(row.language), _site()
    say, spec = tongue.say, notice_rules().mails[CONFIRM]
    target = follows.named(row)
    parts = [say(NAMED).format(title=target.title)] if target else []
    parts += [say(spec.text), tongue.url("follow_confirm", token=follows.confirming(row)), site]
    return Letter("", whose.email, f"[{site}] {say(spec.subject)}", "\n\n".join(parts) + "\n")


def _digest(mail: Mail) -> Letter | None:
    whose = model.Session.get(Follower, mail.request_id)
    named = _addressed(whose) if whose is not None else None
    found = fresh(whose) if whose is not None and named else []
    if whose is None or named is None or not found:
        return None
    tongue, site = tongues.of(follows.language(whose)), _site()
    say, spec, most = tongue.say, notice_rules().mails[DIGEST], following().digest.most
    stop = tongue.url("follow_stop", token=follows.stopping(whose))
    lines = list(_lines(found[:most], tongue))
    parts = [say(spec.text), "\n".join(lines)]
    parts += [say(MORE)] if len(found) > most else []
    if whose.user_id:
        parts.append(f"{say(ALL)}\n{tongue.url('follows')}")
    parts += [f"{say(STOP)}\n{stop}", site]
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    subject = f"[{site}] {say(spec.subject)}"
    return Letter(*named, subject, "\n\n".join(parts) + "\n", headers)


def _choosing(mail: Mail) -> Letter | None:
    whose = model.Session.get(Follower, mail.request_id)
    named = _addressed(whose) if whose is not None else None
    if whose is None or named is None:
        return None
    tongue, site = tongues.of(follows.language(whose)), _site()
    say, spec = tongue.say, notice_rules().mails[CHOOSE]
    url = tongue.url("follow_choose", token=follows.choosing(whose))
    if whose.user_id:
        url = tongue.url("follows")
    body = "\n\n".join([say(spec.text), url, site])
    return Letter(*named, f"[{site}] {say(spec.subject)}", f"{body}\n")


outbox.MAKERS |= {CONFIRM: _confirming, DIGEST: _digest, CHOOSE: _choosing}


def _addressed(whose: Follower) -> tuple[str, str] | None:
    if whose.email:
        return "", whose.email
    user = model.User.get(whose.user_id)
    if user is None or user.state != "active" or not user.email:
        return None
    return user.fullname or user.name, user.email


def _lines(found: list[News], tongue: Tongue) -> Iterator[str]:
    """Give a line and an address of each; a title that not everybody may read stays out of it."""
    say = tongue.say
    for each in found:
        package = model.Package.get(each.package_id)
        if package is None:
            continue
        # Its title may be why it was removed, and no mail can be taken back.
        title, agency = say(GONE if each.gone else CLOSED), registry.agency(package.owner_org)
        if not each.gone and news.told(NOBODY, [each]):
            title = package.title or package.name
        whose = f" ({_called(agency, tongue)})" if agency else ""
        label = say(following().news[each.kind].label)
        day = tongue.day(each.at.astimezone(days.CITY).date())
        line = f"- {label}, {day}: {title}{whose}"
        if each.gone:
            yield line  # no page is left to lead to
            continue
        url = tongue.url(f"{package.type}.read", id=package.id)
        yield f"{line}\n  {url}"


def _called(agency: Agency, tongue: Tongue) -> str:
    return (agency.english if tongue.english else "") or agency.title


def _site() -> str:
    return str(tk.config.get("ckan.site_title") or "")


def join() -> None:
    """Read the definition, and join the clock.

    :raises ckan.exceptions.CkanConfigurationException: it is wrong; naming file and line.
    """
    try:
        following()
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error
    rounds.join("following", _round)


def _round() -> Iterator[str]:
    yield f"{write()} mails of what people follow are to be sent."
    yield f"{follows.erase()} who follow nothing were forgotten."
