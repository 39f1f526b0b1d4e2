"""Works made of the data: proposed by an account or a confirmed mailbox, accepted by a person.

A reader sees one of whose datasets they may know at least one, and all that its words name. Of
others who answers them sees the number and the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import ANONYMOUS, Actor
from ...classification.clock.due_rules import telling
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices, outbox
from ...classification.records import reads
from ...classification.records.model import new_id, now
from ...classification.requests import askings, links, steps
from ...classification.rules import deadlines
from ...classification.rules.refusals import InvalidFields, Refused, readable
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ...smki.cooperation import knowing
from ...smki.rules import written
from ..records.reuse_model import Reuse, ReuseDataset
from ..reports import photos, reporting
from ..rules.reuse_rules import (
    ACCEPT,
    DECLINE,
    DECLINED,
    FORGOTTEN,
    PROPOSED,
    PUBLIC,
    REMOVE,
    STEPS,
    UNCONFIRMED,
    WITHDRAWN,
    reuses,
)
from . import naming

DAY = dt.timedelta(hours=24)
LATE_AGAIN = 5
CONFIRM, RECEIVED, ANSWER = "reuse_confirm", "reuse_received", "reuse_answer"
"""The mails, and the purposes of the links in them."""
KEEP, LEAVE_OUT = PICTURES = ("keep", "leave_out")
STANDING = (PROPOSED, PUBLIC, DECLINED)

TOO_MANY = N_("So much was proposed from your address today. Come again tomorrow.")
USED = N_("This was confirmed already. The way back to it is in the mail that you got since.")
LINK = N_("This link is not valid, was used already, or has expired.")
NO_LINK = N_("Give the address of a page under a public name that begins with https://.")
NO_DATASET = N_("Name datasets of which everybody may know, at most %(count)s.")
GONE = N_("No dataset of which it was made is in the catalogue any more.")
ACCOUNT = N_("The address of your account is used. Leave this field empty.")


def propose(given: Mapping[str, Any], actor: Actor, kinds_in: Kinds) -> Reuse | None:
    """Take a work, unread until its mailbox is confirmed where no account proposes it.

    :param given: ``title``, ``kind``, ``url``, ``maker``, ``text``, ``datasets``, ``photo`` and,
        without an account, ``email``.
    That it was asked is committed before its picture is drawn, which takes long.

    :returns: ``None``: no further mail goes to this mailbox today. The caller commits.
    :raises InvalidFields: with every problem; nothing is kept.
    """
    rules, errors = reuses(), dict[str, list[Message]]()
    said = _worded(given, kinds_in, errors)
    naming.check(actor, said, {}, errors)
    kind = written.choice("kind", given, rules.kinds, errors)
    package_ids = _datasets(given.get("datasets"), errors)
    email = _mailbox(given.get("email"), actor, errors)
    if errors:
        raise InvalidFields(errors)
    _check_who(actor)
    model.Session.commit()
    picture = photos.content_of(given.get(photos.FIELD))
    if email is not None:
        reads.lock_named(f"reuse {email}")
    if email is not None and _lately(Reuse.email == email) >= rules.limits.to_one_mailbox:
        return None
    row = Reuse(**said, kind=kind, picture=picture, pictured=picture is not None)
    row.email, row.user_id = email, actor.id
    model.Session.add(row)
    model.Session.flush()
    naming.link(row, package_ids)
    if email is None:
        _to_walidata(row)
    else:
        outbox.put(CONFIRM, request_id=row.id)
    model.Session.flush()
    return row


def _worded(
    given: Mapping[str, Any], kinds_in: Kinds, errors: dict[str, list[Message]]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one_line in (("title", True), ("text", False), ("maker", True), ("url", True)):
        length: Any = getattr(reuses(), name)
        low, high = (1, length) if name == "url" else (length.min_length, length.max_length)
        value = given.get(name)
        if name == "maker" and value in (None, ""):
            found[name] = ""
            continue
        value = "" if value is None else value
        problem, text = written.read(value, kinds_in, low, high, one_line=one_line)
        if name == "url" and problem is None and not reuses().is_link(text or ""):
            problem = Message(NO_LINK)
        if problem is not None:
            errors[name] = [problem]
        found[name] = text or ""
    return found


def _datasets(named: Any, errors: dict[str, list[Message]]) -> list[str]:
    """Return the ids of the datasets of a work; everybody may know of all of them."""
    most = reuses().datasets
    names = named.split() if isinstance(named, str) else named
    found: set[str] = set()
    wrong = not isinstance(names, list) or not 0 < len(names) <= most
    for name in [] if wrong else names:
        text = readable(name) if isinstance(name, str) else None
        package = model.Package.get(text) if text else None
        if package is None or package.state != "active" or package.type != "dataset":
            wrong = True
        else:
            found.add(package.id)
    if wrong or knowing.known(ANONYMOUS, found) != found:
        errors["datasets"] = [Message(NO_DATASET, {"count": most})]
    return sorted(found)


def _mailbox(value: Any, actor: Actor, errors: dict[str, list[Message]]) -> str | None:
    if not actor.anonymous:
        if value not in (None, ""):
            errors["email"] = [Message(ACCOUNT)]
        return None
    try:
        return steps.mailbox(value)
    except InvalidFields as problem:
        errors |= {"email": problem.errors["email"]}
        return None


def _check_who(actor: Actor) -> None:
    """Count what comes from an address and an account, and refuse what comes too often.

    :raises InvalidFields: it does.
    """
    limits = reuses().limits
    full = askings.too_often(links.origin(), {"reuse": limits.of_one_address})
    if full or askings.too_often(actor.id, {"reuse": limits.of_one_person}):
        raise InvalidFields({"": [Message(TOO_MANY)]})


def _lately(*conditions: Any) -> int:
    query = sa.select(sa.func.count()).select_from(Reuse)
    query = query.where(Reuse.proposed_at > now() - DAY, *conditions)
    return int(model.Session.execute(query).scalar_one())


def _to_walidata(row: Reuse) -> None:
    row.state = PROPOSED
    row.due = deadlines.add_working_days(days.today(), reuses().accept_within)
    model.Session.flush()
    outbox.put(RECEIVED, request_id=row.id)
    tell(row, "reuse_proposed", PROPOSED)


def confirm(token: Any) -> Reuse:
    """Let a work be read by the link that was sent to its mailbox, once. The caller commits.

    :raises Refused: the link is wrong, used or expired.
    """
    found = links.opened(CONFIRM, token, reuses().kept.confirm_hours * links.HOUR)
    there = model.Session.get(Reuse, found[0]) if found else None
    if there is not None and there.state in STANDING:
        raise Refused("link_used", Message(USED))
    row = _by_link(found, lock=True)
    if row.state != UNCONFIRMED:
        raise Refused("link_invalid", Message(LINK))
    row.nonce = new_id()
    _to_walidata(row)
    return row


def followed(token: Any, *, lock: bool = False) -> Reuse:
    """Return what somebody proposed, by the link in a mail.

    :raises Refused: the link is wrong, or it was withdrawn.
    """
    row = _by_link(links.opened(ANSWER, token, None), lock=lock)
    if row.state not in STANDING:
        raise Refused("link_invalid", Message(LINK))
    return row


def _by_link(found: tuple[str, str] | None, *, lock: bool) -> Reuse:
    query = sa.select(Reuse).where(Reuse.id == (found[0] if found else ""))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = model.Session.scalars(query).one_or_none()
    if found is None or row is None or row.nonce != found[1]:
        raise Refused("link_invalid", Message(LINK))
    return row


def token_of(row: Reuse) -> str:
    """Return the last part of the address at which a work is withdrawn."""
    return links.make(ANSWER, row.id, row.nonce)


def withdraw(token: Any) -> int:
    """Forget a work, its picture and who proposed it, by the link of a mail. The caller commits.

    :returns: its number.
    :raises Refused: the link is wrong, or it was withdrawn already.
    """
    row = followed(token, lock=True)
    _forget(row, WITHDRAWN)
    _record("jepin.reuse_withdrawn", row, None, {})
    reporting.end_of_work(row.id, None)
    model.Session.flush()
    return row.number


def _forget(row: Reuse, state: str) -> None:
    row.state, row.due, row.nonce = state, None, new_id()
    row.title = row.text = row.maker = row.url = ""
    row.picture, row.pictured, row.answer = None, False, None
    row.email = row.user_id = None
    model.Session.execute(sa.delete(ReuseDataset).where(ReuseDataset.reuse_id == row.id))


def sees_desk(actor: Actor) -> bool:
    """Tell whether somebody sees what was proposed and is not public."""
    rules = reuses()
    return actor.active and bool(actor.duties & {*rules.answered_by, *rules.seen_by})


def possible(row: Reuse, actor: Actor) -> list[str]:
    """Return the steps that somebody may take; only what they may read do they accept."""
    steps_ = reuses().steps(row.state, frozenset(actor.duties)) if actor.active else []
    if ACCEPT in steps_ and not naming.seen(actor, [row]):
        steps_.remove(ACCEPT)
    return steps_


def listed(states: Sequence[str], package_id: str | None = None) -> list[naming.Work]:
    """Return the works of a list in its order, each with what decides who may know of it alone.

    :param package_id: made of this dataset alone.
    """
    query = sa.select(Reuse.id, Reuse.names).where(Reuse.state.in_(states))
    if package_id is not None:
        of_it = sa.select(ReuseDataset.reuse_id)
        query = query.where(
            Reuse.id.in_(of_it.where(ReuseDataset.package_id == package_id, ReuseDataset.listed))
        )
    newest = [Reuse.accepted_at.desc()] if PUBLIC in states else [Reuse.due]
    rows = model.Session.execute(query.order_by(*newest, Reuse.number)).tuples()
    return [naming.Work(*row) for row in rows]


def proposed_by(actor: Actor) -> list[str]:
    """Return the ids of the works that an account proposed and did not withdraw, latest first."""
    query = sa.select(Reuse.id).where(Reuse.user_id == actor.id, Reuse.state.in_(STANDING))
    return list(model.Session.scalars(query.order_by(Reuse.number.desc()))) if actor.id else []


def full(ids: Sequence[str], states: Sequence[str]) -> list[Reuse]:
    """Return works in the order of their ids; those that left these states are left out."""
    query = sa.select(Reuse).where(Reuse.id.in_(ids), Reuse.state.in_(states))
    there = {row.id: row for row in model.Session.scalars(query)} if ids else {}
    return [there[each] for each in ids if each in there]


def take(row: Reuse, step: Any, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Accept or decline a work, or take it off the list. The caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    name = written.step(step, STEPS, possible(row, actor))
    if name == ACCEPT:
        _accept(row, actor, given, kinds_in)
    else:
        _decline(row, given, kinds_in)
    row.due, row.answered_by, row.answered_at = None, actor.id, now()
    outbox.put(ANSWER, request_id=row.id)
    receipt = _record("jepin.reuse_step", row, actor, {"action": name})
    receipt.tell(row, "answered_entry")
    if name == REMOVE:
        reporting.end_of_work(row.id, actor)
    model.Session.flush()
    return receipt


def _accept(row: Reuse, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> None:
    errors = dict[str, list[Message]]()
    stands = {"title": row.title, "text": row.text, "maker": row.maker, "url": row.url}
    reworded = {key: given[key] for key in ("title", "text", "maker") if key in given}
    said = _worded({**stands, **reworded}, kinds_in, errors)
    naming.check(actor, said, stands, errors)
    picture = written.choice("picture", {"picture": KEEP, **given}, PICTURES, errors)
    if errors:
        raise InvalidFields(errors)
    row.title, row.text, row.maker = said["title"], said["text"], said["maker"]
    if picture == LEAVE_OUT:
        row.picture, row.pictured = None, False
    row.state, row.accepted_at, row.answer = PUBLIC, now(), None
    naming.keep(row, stands.values())


def _decline(row: Reuse, given: Mapping[str, Any], kinds_in: Kinds) -> None:
    length, errors = reuses().answer, dict[str, list[Message]]()
    said = written.texts(("answer",), given, kinds_in, errors, length.min_length, length.max_length)
    if errors:
        raise InvalidFields(errors)
    row.state, row.answer = DECLINED, said["answer"]


def tell(row: Reuse, kind: str, about: str) -> int:
    """Tell those who owe an answer, of its number and day alone."""
    facts = {"number": row.number, "due": row.due.isoformat() if row.due else ""}
    people = notices.people(sorted(reuses().answered_by), None)
    return notices.tell(model.Session, kind, people, facts=facts, about=f"{row.id}:{about}")


def remind(today: dt.date | None = None) -> int:
    """Tell who owes an answer since yesterday or longer; commit.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    query = sa.select(Reuse).where(Reuse.state == PROPOSED, Reuse.due < day)
    for row in model.Session.scalars(query.order_by(Reuse.number)):
        said = telling(row.due, day, 0, LATE_AGAIN) if row.due else None
        if said is not None:
            told += tell(row, "reuse_late", said.about)
    model.Session.commit()
    return told


def end() -> int:
    """Answer, in the name of the portal, works of which no dataset is there any more; commit.

    :returns: how many.
    """
    stands = Reuse.state.in_((PROPOSED, PUBLIC))
    query = sa.select(Reuse).where(stands, naming.without_dataset()).order_by(Reuse.number)
    rows = list(model.Session.scalars(query.with_for_update()))
    for row in rows:
        name = DECLINE if row.state == PROPOSED else REMOVE
        row.state, row.answer, row.due = DECLINED, GONE, None
        row.answered_by, row.answered_at = None, now()
        outbox.put(ANSWER, request_id=row.id)
        _record("jepin.reuse_step", row, None, {"action": name}).tell(row, "answered_entry")
        reporting.end_of_work(row.id, None)
    model.Session.commit()
    return len(rows)


def erase(moment: dt.datetime | None = None) -> int:
    """Forget what nobody confirmed in time, and who proposed what ended; commit.

    :returns: how many works and proposers were forgotten.
    """
    at, kept = moment or now(), reuses().kept
    late, ended = dt.timedelta(hours=kept.confirm_hours), dt.timedelta(days=kept.ended_days)
    query = sa.select(Reuse).where(Reuse.state == UNCONFIRMED, Reuse.proposed_at < at - late)
    rows = list(model.Session.scalars(query.with_for_update()))
    for row in rows:
        _forget(row, FORGOTTEN)
    # Why it was declined stands no longer than somebody could read it.
    old = sa.select(Reuse).where(Reuse.state == DECLINED, Reuse.answered_at < at - ended)
    gone = list(model.Session.scalars(old.with_for_update()))
    for row in gone:
        _forget(row, FORGOTTEN)
    model.Session.commit()
    return len(rows) + len(gone)


def _record(event: str, row: Reuse, actor: Actor | None, detail: Mapping[str, Any]) -> Any:
    return append(
        model.Session,
        event=event,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else None,
        detail={"reuse": row.id, "number": row.number, **detail},
    )
