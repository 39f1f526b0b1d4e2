"""Data that the public asks for: by confirmed mailboxes, accepted by a person, answered in time.

Whether something of that kind exists and is hidden decides nothing here: nobody is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import ANONYMOUS, Actor
from ...classification.clock.due_rules import telling
from ...classification.grants.request_definition import request_rules
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
from ...smki.cooperation import agenda, knowing
from ...smki.rules import written
from ..records.wish_model import Wish, WishVoice
from ..rules.report_rules import reports
from ..rules.wish_rules import (
    ACCEPT,
    ANSWERED,
    ASKED,
    DECLINE,
    DECLINED,
    ENDED,
    LAPSED,
    MERGE,
    MERGED,
    OBJECTION,
    OPEN,
    STEPS,
    UNCONFIRMED,
    WAITING,
    wishes,
)
from ..rules.wish_rules import ANSWER as GIVE

DAY = dt.timedelta(hours=24)
LATE_AGAIN = 5
CONFIRM, ANSWER = "wish_confirm", "wish_answer"
"""The mails, and the purposes of the links in them."""

TOO_MANY = N_("So much was asked from your address today. Come again tomorrow.")
LINK = N_("This link is not valid, was used already, or has expired.")
NO_TARGET = N_("Give the number of another request in the public list that waits for an answer.")
NO_DATASET = N_("Name a dataset of which everybody may know.")
NOT_NAMED = N_("This answer names no dataset.")
NOT_OFFICIAL = N_("This is not possible as it stands.")
WAITS = N_("A request for data that do not exist yet, no. %(number)s, waits past its day.")


def ask(given: Mapping[str, Any], kinds_in: Kinds) -> WishVoice | None:
    """Take a request for data that do not exist yet, unread until its mailbox is confirmed.

    :param given: ``title``, ``text`` and ``email``.
    :returns: ``None``: no further mail goes to this mailbox today. The caller commits.
    :raises InvalidFields: with every problem; nothing is kept.
    """
    errors = dict[str, list[Message]]()
    said = _worded(given, kinds_in, errors)
    email = _mailbox(given, errors)
    if errors:
        raise InvalidFields(errors)
    _check_address()
    if not _may_write_to(email):
        return None
    row = Wish(**said)
    model.Session.add(row)
    model.Session.flush()
    return _write_to(row, email, asked=True)


def support(row: Wish, given: Mapping[str, Any]) -> WishVoice | None:
    """Take that somebody asks for the same, uncounted until their mailbox is confirmed.

    :returns: ``None``: no mail goes to this mailbox. The caller commits.
    :raises InvalidFields: the address is none, or too much came from here.
    """
    errors = dict[str, list[Message]]()
    email = _mailbox(given, errors)
    if errors:
        raise InvalidFields(errors)
    _check_address()
    query = sa.select(WishVoice).where(WishVoice.wish_id == row.id, WishVoice.email == email)
    there = model.Session.scalars(query).one_or_none()
    if not _may_write_to(email) or (there is not None and there.confirmed_at is not None):
        return None
    if there is not None and there.at > now() - DAY:
        return None  # a link is on its way already, and is the one that works
    if there is not None:
        model.Session.delete(there)
        model.Session.flush()
    return _write_to(row, email, asked=False)


def confirm(token: Any) -> tuple[Wish, WishVoice]:
    """Count a mailbox by the link that was sent to it; the link works once. The caller commits.

    :raises Refused: the link is wrong, used or expired.
    """
    hours = wishes().kept.confirm_hours
    row, voice = _by_link(links.opened(CONFIRM, token, hours * links.HOUR), lock=True)
    # Whether an answer can be seen is not told by what a link does.
    if voice.confirmed_at is not None or (row.state in ENDED and row.state != ANSWERED):
        raise Refused("link_invalid", Message(LINK))
    voice.confirmed_at, voice.nonce = now(), new_id()
    row.voices += 1
    if row.state == UNCONFIRMED:
        row.state = ASKED
        row.due = deadlines.add_working_days(days.today(), wishes().accept_within)
        tell(row, "wish_asked", ASKED)
    model.Session.flush()
    return row, voice


def followed(token: Any, *, lock: bool = False) -> tuple[Wish, WishVoice]:
    """Return what somebody asked for or supports, by the link in a mail.

    :raises Refused: the link is wrong, or its mailbox was erased.
    """
    row, voice = _by_link(links.opened(ANSWER, token, None), lock=lock)
    if voice.confirmed_at is None:
        raise Refused("link_invalid", Message(LINK))
    return row, voice


def token_of(voice: WishVoice) -> str:
    """Return the last part of the address by which a mailbox follows what it asked for."""
    return links.make(ANSWER, voice.id, voice.nonce)


def may_make_official(row: Wish, voice: WishVoice) -> bool:
    """Tell whether whoever asked may make it a request for public information."""
    return voice.asked and not row.official and row.state in (ASKED, OPEN)


def make_official(token: Any) -> tuple[Wish, WishVoice]:
    """Make it a request for public information, with the days of the law. The caller commits.

    :raises Refused: it is not possible as it stands.
    """
    row, voice = followed(token, lock=True)
    if not may_make_official(row, voice):
        raise Refused("not_possible", Message(NOT_OFFICIAL))
    row.official, row.due = True, _days_of("open")
    tell(row, "wish_asked", "official")
    _record("jepin.wish_official", row, None, {})
    return row, voice


def last_day_to_object(row: Wish) -> dt.date | None:
    """Return until when whoever asked may object to an answer; ``None``: there is none yet."""
    if row.answered_at is None:
        return None
    given = row.answered_at.astimezone(days.CITY).date()
    within = request_rules().objection.within_working_days
    return deadlines.add_working_days(given, within)


def may_object(row: Wish, voice: WishVoice, today: dt.date | None = None) -> bool:
    """Tell whether whoever asked may object: to an answer, or to silence past its day."""
    if not (voice.asked and row.official) or row.judged:
        return False
    day, last = today or days.today(), last_day_to_object(row)
    silent = row.state in (ASKED, OPEN) and row.due is not None and row.due < day
    answered = row.state == ANSWERED and last is not None and day <= last
    return silent or answered


def object_to(token: Any) -> tuple[Wish, WishVoice]:
    """Object to an answer, or to silence. The caller commits.

    :raises Refused: it is not possible as it stands.
    """
    row, voice = followed(token, lock=True)
    if not may_object(row, voice):
        raise Refused("not_possible", Message(NOT_OFFICIAL))
    row.state, row.due = OBJECTION, _days_of("objection")
    tell(row, "wish_objection", OBJECTION)
    _record("jepin.wish_objection", row, None, {})
    return row, voice


def sees(actor: Actor, row: Wish) -> bool:
    """Tell whether somebody sees what is not in the public list."""
    rules = wishes()
    duties = {*rules.answered_by, *rules.seen_by}
    if row.official:
        duties |= {*rules.official.answered_by, *rules.official.judged_by}
    return row.state != UNCONFIRMED and actor.active and bool(actor.duties & duties)


def is_public(row: Wish) -> bool:
    """Tell whether it stands in the public list."""
    return row.accepted_at is not None and row.state in (OPEN, ANSWERED, OBJECTION)


def possible(row: Wish, actor: Actor) -> list[str]:
    """Return the steps that somebody may take."""
    if not sees(actor, row):
        return []
    return wishes().steps(row.state, frozenset(actor.duties), official=row.official)


def take(row: Wish, step: Any, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Accept, decline, merge or answer. The caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    name = written.step(step, STEPS, possible(row, actor))
    detail = {"step": name, **_TAKEN[name](row, actor, given, kinds_in)}
    receipt = _record("jepin.wish_step", row, actor, detail)
    receipt.tell(row, "answered_entry")
    model.Session.flush()
    return receipt


def _accept(row: Wish, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> dict[str, Any]:
    errors = dict[str, list[Message]]()
    said = _worded({"title": row.title, "text": row.text, **given}, kinds_in, errors)
    if errors:
        raise InvalidFields(errors)
    row.title, row.text = said["title"], said["text"]
    row.state, row.accepted_at = OPEN, now()
    if not row.official:
        row.due = deadlines.add_working_days(days.today(), wishes().answer_within)
    return {}


def _decline(row: Wish, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> dict[str, Any]:
    row.answer = _answer_text(given, kinds_in, {})
    row.state, row.due = DECLINED, None
    _answered(row, actor)
    return {}


def _merge(row: Wish, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> dict[str, Any]:
    text = readable(given.get("into")) or str(given.get("into") or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    query = sa.select(Wish).where(Wish.number == number).with_for_update()
    target = model.Session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if target is None or target.id == row.id or not is_public(target) or target.state != OPEN:
        raise InvalidFields({"into": [Message(NO_TARGET)]})
    there = set(
        model.Session.scalars(
            sa.select(WishVoice.email).where(
                WishVoice.wish_id == target.id, WishVoice.confirmed_at.is_not(None)
            )
        )
    )
    for voice in voices_of(row):
        # Who asks for both is counted once, and follows by the link that they have.
        if voice.email not in there:
            same = sa.delete(WishVoice).where(
                WishVoice.wish_id == target.id, WishVoice.email == voice.email
            )
            model.Session.execute(same)
            voice.wish_id, voice.asked = target.id, False
            target.voices += 1
    row.state, row.into_id, row.due = MERGED, target.id, None
    return {"into": target.number}


def _answer(row: Wish, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> dict[str, Any]:
    rules, errors = wishes(), dict[str, list[Message]]()
    outcome = written.choice("outcome", given, rules.outcomes, errors)
    package_id = _dataset(given.get("dataset"), outcome, actor, errors)
    row_answer = _answer_text(given, kinds_in, errors)
    judged = row.state == OBJECTION
    spec = rules.outcomes[outcome]
    row.outcome, row.answer, row.package_id = outcome, row_answer, package_id
    goes_on = not spec.ends and not row.official
    row.state = OPEN if goes_on else ANSWERED
    if goes_on:
        row.due = deadlines.add_working_days(days.today(), spec.within)
    row.judged = row.judged or judged
    _answered(row, actor)
    return {"outcome": outcome}


_TAKEN = {ACCEPT: _accept, DECLINE: _decline, MERGE: _merge, GIVE: _answer}
MAILED = (DECLINE, GIVE)
"""Steps of which every mailbox is told."""


def _answered(row: Wish, actor: Actor) -> None:
    row.answered_by, row.answered_at = actor.id, now()
    for voice in voices_of(row):
        outbox.put(ANSWER, request_id=voice.id)


def _answer_text(
    given: Mapping[str, Any], kinds_in: Kinds, errors: dict[str, list[Message]]
) -> str:
    length = wishes().answer
    texts = written.texts(
        ("answer",), given, kinds_in, errors, length.min_length, length.max_length
    )
    if errors:
        raise InvalidFields(errors)
    return texts["answer"]


def _dataset(
    named: Any, outcome: str, actor: Actor, errors: dict[str, list[Message]]
) -> str | None:
    """Return the dataset that an answer names; everybody may know of it when it is given."""
    wanted = bool(outcome) and wishes().outcomes[outcome].dataset
    text = readable(named) if named is not None else ""
    if not wanted:
        if text != "":
            errors["dataset"] = [Message(NOT_NAMED)]
        return None
    package = model.Package.get(text) if text else None
    if package is None or package.state != "active" or package.type != "dataset":
        package = None
    if package is None or not knowing.may_know(ANONYMOUS, reads.facts_of(package.id)):
        errors["dataset"] = [Message(NO_DATASET)]
        return None
    return package.id


def tell(row: Wish, kind: str, about: str) -> int:
    """Tell whom the file of notices names of it."""
    owed = wishes().answerers(row.state, official=row.official)
    facts = {"number": row.number, "due": row.due.isoformat() if row.due else ""}
    people = notices.people(tuple(sorted(owed)), None)
    return notices.tell(model.Session, kind, people, facts=facts, about=f"{row.id}:{about}")


def remind(today: dt.date | None = None) -> int:
    """Tell who owes an answer since yesterday or longer; commit.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    query = sa.select(Wish).where(Wish.state.in_(WAITING), Wish.due < day)
    for row in model.Session.scalars(query.order_by(Wish.number)):
        said = telling(row.due, day, 0, LATE_AGAIN) if row.due else None
        if said is not None:
            told += tell(row, "wish_late", said.about)
    model.Session.commit()
    return told


def erase(moment: dt.datetime | None = None) -> int:
    """Erase mailboxes that nobody confirmed or needs any more; commit.

    :returns: how many were erased.
    """
    at, kept = moment or now(), wishes().kept
    ended = sa.select(Wish.id).where(
        Wish.state.in_(ENDED), Wish.answered_at < at - dt.timedelta(days=kept.ended_days)
    )
    unconfirmed = sa.and_(
        WishVoice.confirmed_at.is_(None), WishVoice.at < at - dt.timedelta(hours=kept.confirm_hours)
    )
    merged = sa.select(Wish.id).where(Wish.state == MERGED)
    old = sa.or_(WishVoice.wish_id.in_(ended), unconfirmed, WishVoice.wish_id.in_(merged))
    gone = model.Session.execute(sa.delete(WishVoice).where(old).returning(WishVoice.id)).all()
    left = sa.exists().where(WishVoice.wish_id == Wish.id)
    lapsed = sa.update(Wish).where(Wish.state == UNCONFIRMED, ~left)
    # What nobody stood by is kept in no words.
    model.Session.execute(lapsed.values(state=LAPSED, title="", text=""))
    model.Session.commit()
    return len(gone)


def _stuck(actor: Actor) -> Iterator[agenda.Item]:
    """Give the agenda of the Forum what is owed an answer for long."""
    query = sa.select(Wish).where(Wish.state.in_(WAITING), Wish.due < days.today())
    for row in model.Session.scalars(query.order_by(Wish.number)):
        since = row.due or days.today()
        long = deadlines.working_days_between(since, days.today()) >= reports().forum_after_days
        if long and sees(actor, row):
            yield agenda.Item(
                key=row.id,
                words=Message(WAITS, {"number": row.number}),
                since=since,
                page=("wish_desk", "number", str(row.number)),
            )


agenda.offer("wishes", N_("Data that the public asks for"), _stuck)


def _record(event: str, row: Wish, actor: Actor | None, detail: Mapping[str, Any]) -> Any:
    return append(
        model.Session,
        event=event,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else None,
        dataset_id=row.package_id,
        detail={"wish": row.id, "number": row.number, **detail},
    )


def _days_of(state: str) -> dt.date:
    within = request_rules().states[state].due_working_days
    return deadlines.add_working_days(days.today(), within or 1)


def voices_of(row: Wish) -> list[WishVoice]:
    """Return the confirmed mailboxes that ask for it, oldest first."""
    query = sa.select(WishVoice).where(
        WishVoice.wish_id == row.id, WishVoice.confirmed_at.is_not(None)
    )
    return list(model.Session.scalars(query.order_by(WishVoice.at, WishVoice.id)))


def _by_link(found: tuple[str, str] | None, *, lock: bool) -> tuple[Wish, WishVoice]:
    voice = model.Session.get(WishVoice, found[0]) if found else None
    query = sa.select(Wish).where(Wish.id == (voice.wish_id if voice else ""))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = model.Session.scalars(query).one_or_none()
    if found is None or voice is None or row is None or voice.nonce != found[1]:
        raise Refused("link_invalid", Message(LINK))
    if lock:
        model.Session.refresh(voice)
        if voice.nonce != found[1]:
            raise Refused("link_invalid", Message(LINK))
    return row, voice


def _worded(
    given: Mapping[str, Any], kinds_in: Kinds, errors: dict[str, list[Message]]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one_line in (("title", True), ("text", False)):
        length = getattr(wishes(), name)
        value = given.get(name)
        problem, text = written.read(
            "" if value is None else value,
            kinds_in,
            length.min_length,
            length.max_length,
            one_line=one_line,
        )
        if problem is not None:
            errors[name] = [problem]
        found[name] = text or ""
    return found


def _mailbox(given: Mapping[str, Any], errors: dict[str, list[Message]]) -> str:
    try:
        return steps.mailbox(given.get("email"))
    except InvalidFields as problem:
        errors |= {"email": problem.errors["email"]}
        return ""


def _check_address() -> None:
    """Refuse what comes too often from an address.

    :raises InvalidFields: it does.
    """
    if askings.too_often(links.origin(), {"wish": wishes().limits.of_one_address}):
        raise InvalidFields({"": [Message(TOO_MANY)]})


def _may_write_to(email: str) -> bool:
    reads.lock_named(f"wish {email}")
    return _lately(WishVoice.email == email) < wishes().limits.to_one_mailbox


def _lately(*conditions: Any) -> int:
    query = sa.select(sa.func.count()).select_from(WishVoice)
    query = query.where(WishVoice.at > now() - DAY, *conditions)
    return int(model.Session.execute(query).scalar_one())


def _write_to(row: Wish, email: str, *, asked: bool) -> WishVoice:
    voice = WishVoice(wish_id=row.id, email=email, asked=asked)
    model.Session.add(voice)
    model.Session.flush()
    outbox.put(CONFIRM, request_id=voice.id)
    return voice
