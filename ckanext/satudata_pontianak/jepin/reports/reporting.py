"""What citizens report of packages and works: bundled by thing, owed an answer, told in time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ...classification.clock.due_rules import telling
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.records import reads
from ...classification.records.model import now
from ...classification.requests import links
from ...classification.rules import deadlines
from ...classification.rules.policy import Facts, may_publish
from ...classification.rules.refusals import InvalidFields, readable
from ...ledger import codes
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ...smki.cooperation import agenda, knowing
from ...smki.rules import written
from ..records.report_model import ENDED, KNOWN, OPEN, Report, ReportVoice
from ..rules.report_rules import LONGEST_POINT, is_point, reports
from ..rules.reuse_rules import reuses
from . import photos

DAY = dt.timedelta(hours=24)
LATE_AGAIN = 5
"""Working days after which who owes an answer is told again."""

NO_POINT = N_("Name a point in at most %(count)s letters, figures, blanks and . , : / ( ) -")
NO_FILE = N_("The dataset has no such file.")
NOT_BOTH = N_("Name a file or a point, not both.")
TOO_MANY = N_("So many reports of this came from your address today. They are with the owner.")
NOT_YOURS = N_("The owner answers this; Walidata may once the deadline has passed.")
WAITS = N_("What citizens report of it waits for an answer past its day. Reports: %(count)s.")
IS_ENDED = N_("This is answered already.")
SAID_ALREADY = N_("That it is known was said already. Say what became of it.")
OFF_THE_LIST = N_("The work is not in the public list any more.")
REPAIRED = "repaired"


@dataclass(frozen=True)
class Thing:
    """What is reported of: a package and its owner, or a work made of the data."""

    package_id: str | None = None
    owner_org: str | None = None
    reuse_id: str | None = None


def digest(code: str) -> str:
    """Return what is kept of the code by which somebody follows a report."""
    return hashlib.sha256(code.encode()).hexdigest()


def sees(actor: Actor, facts: Facts) -> bool:
    """Tell whether somebody sees what is reported of a package: its owner, and some duties."""
    seen_as = actor.on(facts.dataset_id, facts.owner_org)
    mine = may_publish(seen_as, facts.owner_org) or bool(seen_as.duties & {*reports().seen_by})
    return mine and knowing.may_know(actor, facts)


def facts_of(row: Report) -> Facts:
    """Return the facts of the package of a report; of a work such as admit nobody."""
    return reads.facts_of(row.package_id) if row.package_id else reads.unknown("")


def sees_report(actor: Actor, row: Report, facts: Facts) -> bool:
    """Tell whether somebody sees a report; those of works are for who accepts and sees works."""
    if row.reuse_id is None:
        return sees(actor, facts)
    return actor.active and bool(actor.duties & {*reuses().answered_by, *reuses().seen_by})


def answers(actor: Actor, row: Report, facts: Facts) -> bool:
    """Tell whether somebody answers a report: its owner, and once it is late whom it rises to.

    Of a work, who accepts works.
    """
    if row.state == ENDED or not sees_report(actor, row, facts):
        return False
    if row.reuse_id is not None:
        return bool(actor.duties & {*reuses().answered_by})
    seen_as = actor.on(facts.dataset_id, facts.owner_org)
    risen = late(row) and bool(seen_as.duties & {*reports().rises_to})
    return risen or may_publish(seen_as, facts.owner_org)


def late(row: Report, today: dt.date | None = None) -> bool:
    """Tell whether an answer is owed since an earlier day."""
    return row.state != ENDED and row.due < (today or days.today())


def report(
    thing: Thing,
    given: Mapping[str, Any],
    kinds_in: Kinds,
    files: Collection[str] = (),
) -> tuple[Report, ReportVoice, str]:
    """Take what somebody reports of a thing that they may know of. The caller commits.

    :param given: ``kind``, and ``resource``, ``point`` and ``text`` where there are.
    :param files: ids of the files that they may know of.
    :returns: what it belongs to, what was taken, and the code by which it is followed.
    :raises InvalidFields: with every problem; nothing is kept.
    """
    rules = reports()
    (file, point, kind), text = _said(given, kinds_in, files, work=thing.reuse_id is not None)
    of = thing.package_id or thing.reuse_id or ""
    reads.lock_named(f"report {of} {file} {point} {kind}")
    row = _open(thing, file, point, kind)
    _check_limits(row)
    if row is None:
        due = rules.due(kind, _today())
        row = Report(resource_id=file, point=point, kind=kind, due=due)
        row.package_id, row.reuse_id = thing.package_id, thing.reuse_id
        model.Session.add(row)
        model.Session.flush()
        tell(row, thing.owner_org, "jepin_report", OPEN)
    if text is not None and len(voices_of(row)) >= rules.limits.texts_of_a_thing:
        text = None
    row.voices, row.last_at = (row.voices or 0) + 1, now()
    code = codes.new()
    voice = ReportVoice(report_id=row.id, code=digest(code), text=text, origin=links.origin())
    model.Session.add(voice)
    detail = {"report": row.id, "kind": kind}
    # Nobody gives a name, so that none is kept beside what they wrote.
    append(
        model.Session,
        event="jepin.reuse_report" if row.reuse_id else "jepin.report",
        actor_id=None,
        dataset_id=row.package_id,
        detail=detail,
    )
    model.Session.flush()
    return row, voice, codes.shown(code)


def look(
    thing: Thing, given: Mapping[str, Any], kinds_in: Kinds, files: Collection[str] = ()
) -> None:
    """Refuse what is wrong or too much before its photo is drawn, which takes long.

    :param given: as of :func:`report`.
    :raises InvalidFields: with every problem.
    """
    (file, point, kind), _ = _said(given, kinds_in, files)
    row = _open(thing, file, point, kind)
    _check_limits(row)
    photos.check(point, row)


def _said(
    given: Mapping[str, Any], kinds_in: Kinds, files: Collection[str], *, work: bool = False
) -> tuple[tuple[str, str, str], str | None]:
    errors = dict[str, list[Message]]()
    point = _point(given.get("point"), kinds_in, errors)
    file = _file(given.get("resource"), files, errors)
    if file and point:
        errors["point"] = [Message(NOT_BOTH)]
    kind = written.choice("kind", given, reports().kinds_of(point, file, work=work), errors)
    text = _text(given.get("text"), kinds_in, errors)
    if errors:
        raise InvalidFields(errors)
    return (file, point, kind), text


def answer(
    row: Report, facts: Facts, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds
) -> Any:
    """Answer what was reported, for all who reported it. The caller commits.

    :param given: ``outcome`` and ``answer``.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = reports(), dict[str, list[Message]]()
    if row.state == ENDED:
        errors[""] = [Message(IS_ENDED)]
    elif not answers(actor, row, facts):
        errors[""] = [Message(NOT_YOURS)]
    outcome = written.choice("outcome", given, rules.outcomes, errors)
    goes_on = bool(outcome) and not rules.outcomes[outcome].ends
    if goes_on and row.state == KNOWN:
        errors["outcome"] = [Message(SAID_ALREADY)]
    low, high = rules.answer.min_length, rules.answer.max_length
    texts = written.texts(("answer",), given, kinds_in, errors, low, high)
    if errors:
        raise InvalidFields(errors)
    row.outcome, row.answer = outcome, texts["answer"]
    row.answered_by, row.answered_at = actor.id, now()
    row.state = KNOWN if goes_on else ENDED
    if goes_on:
        row.due = rules.further(outcome, _today())
    else:
        photos.erase_of(row)
    receipt = _answered(row, actor)
    model.Session.flush()
    return receipt


def _answered(row: Report, actor: Actor | None) -> Any:
    receipt = append(
        model.Session,
        event="jepin.reuse_report_answer" if row.reuse_id else "jepin.report_answer",
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else None,
        dataset_id=row.package_id,
        detail={"report": row.id, "kind": row.kind, "outcome": row.outcome},
    )
    receipt.tell(row, "answered_entry")
    return receipt


def end_of_work(reuse_id: str, actor: Actor | None) -> None:
    """Answer what is reported of a work that has left the public list. The caller commits.

    :param actor: who took it off; ``None``: nobody did.
    """
    query = sa.select(Report).where(Report.reuse_id == reuse_id, Report.state != ENDED)
    for row in model.Session.scalars(query.with_for_update()):
        row.outcome, row.answer, row.state = REPAIRED, OFF_THE_LIST, ENDED
        row.answered_by, row.answered_at = actor.id if actor else None, now()
        _answered(row, actor)


def followed(code: str) -> tuple[Report, ReportVoice] | None:
    """Return what somebody follows by their code; ``None``: there is no such code (any more)."""
    found, _ = codes.found(code)
    if len(found) != 1:
        return None
    query = (
        sa.select(Report, ReportVoice)
        .join(ReportVoice, ReportVoice.report_id == Report.id)
        .where(ReportVoice.code == digest(found[0]))
    )
    return model.Session.execute(query).tuples().one_or_none()


def voices_of(row: Report) -> list[ReportVoice]:
    """Return who reported it, with a text, latest first."""
    query = sa.select(ReportVoice).where(
        ReportVoice.report_id == row.id, ReportVoice.text.is_not(None)
    )
    return list(model.Session.scalars(query.order_by(ReportVoice.at.desc(), ReportVoice.id)))


def open_of(package_ids: list[str]) -> dict[str, int]:
    """Return package → how many reported what is not ended."""
    query = (
        sa.select(Report.package_id, sa.func.sum(Report.voices))
        .where(Report.package_id.in_(package_ids), Report.state != ENDED)
        .group_by(Report.package_id)
    )
    counted = model.Session.execute(query).tuples()
    return {package_id: int(count) for package_id, count in counted if package_id}


def tell(row: Report, owner_org: str | None, kind: str, about: str) -> int:
    """Tell whom the file of notices names of a report."""
    people = notices.recipients(kind, owner_org)
    if row.reuse_id is not None:
        people = notices.people(sorted(reuses().answered_by), None)
    return notices.tell(
        model.Session,
        kind,
        people,
        dataset_id=row.package_id,
        facts={"number": row.number, "due": row.due.isoformat()},
        about=f"{row.id}:{about}",
    )


def remind(today: dt.date | None = None) -> int:
    """Tell owner and Walidata of what is owed an answer since yesterday or longer; commit.

    :returns: how many people were told.
    """
    day, told = today or _today(), 0
    query = sa.select(Report).where(Report.state != ENDED, Report.due < day)
    rows = list(model.Session.scalars(query.order_by(Report.number)))
    facts = reads.facts_for(row.package_id for row in rows if row.package_id)
    for row in rows:
        known, said = facts.get(row.package_id or ""), telling(row.due, day, 0, LATE_AGAIN)
        if said is not None and (row.reuse_id or known is not None):
            owner = known.owner_org if known else None
            told += tell(row, owner, "jepin_report_late", said.about)
    model.Session.commit()
    return told


def _stuck(actor: Actor) -> Iterator[agenda.Item]:
    """Give the agenda of the Forum what is owed an answer for long; who may know of it is asked."""
    query = sa.select(Report).where(
        Report.package_id.is_not(None), Report.state != ENDED, Report.due < days.today()
    )
    rows = list(model.Session.scalars(query.order_by(Report.number)))
    facts = reads.facts_for(row.package_id for row in rows if row.package_id)
    for row in rows:
        known = facts.get(row.package_id or "")
        late = deadlines.working_days_between(row.due, days.today()) >= reports().forum_after_days
        if late and known is not None and sees(actor, known):
            yield agenda.Item(
                key=row.id,
                words=Message(WAITS, {"count": row.voices}),
                since=row.due,
                agency_id=known.owner_org,
                package_id=row.package_id,
            )


agenda.offer("reports", N_("Reports of citizens"), _stuck)


def erase(moment: dt.datetime | None = None) -> int:
    """Erase citizens' texts, points and codes whose time is over, and what is kept of addresses.

    It commits.

    :returns: how many were erased.
    """
    at, kept = moment or now(), reports().kept
    ended = sa.select(Report.id).where(
        Report.state == ENDED, Report.answered_at < at - dt.timedelta(days=kept.ended_days)
    )
    old = sa.or_(
        ReportVoice.report_id.in_(ended), ReportVoice.at < at - dt.timedelta(days=kept.open_days)
    )
    gone = model.Session.execute(sa.delete(ReportVoice).where(old).returning(ReportVoice.id)).all()
    left = sa.exists().where(ReportVoice.report_id == Report.id)
    model.Session.execute(
        sa.update(Report).where(Report.state == ENDED, Report.point != "", ~left).values(point="")
    )
    model.Session.execute(
        sa.update(ReportVoice)
        .where(ReportVoice.at < at - DAY, ReportVoice.origin.is_not(None))
        .values(origin=None)
    )
    model.Session.commit()
    return len(gone)


def _today() -> dt.date:
    return days.today()


def _open(thing: Thing, file: str, point: str, kind: str) -> Report | None:
    query = sa.select(Report).where(
        Report.package_id == thing.package_id,
        Report.reuse_id == thing.reuse_id,
        Report.resource_id == file,
        Report.point == point,
        Report.kind == kind,
        Report.state != ENDED,
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query).one_or_none()


def _check_limits(row: Report | None) -> None:
    """Refuse what comes too often from an address.

    :raises InvalidFields: it does.
    """
    here, limits = links.origin(), reports().limits
    if here is None:
        return
    lately = (ReportVoice.origin == here, ReportVoice.at > now() - DAY)
    of_this = (ReportVoice.report_id == row.id,) if row is not None else (sa.false(),)
    query = (
        sa.select(sa.func.count(), sa.func.count().filter(*of_this))
        .select_from(ReportVoice)
        .where(*lately)
    )
    everything, this = model.Session.execute(query).tuples().one()
    if everything >= limits.of_one_address or this >= limits.of_one_address_for_a_thing:
        raise InvalidFields({"": [Message(TOO_MANY)]})


def _file(value: Any, files: Collection[str], errors: dict[str, list[Message]]) -> str:
    text = "" if value is None else readable(value)
    if text and text in files:
        return text
    if text != "":
        errors["resource"] = [Message(NO_FILE)]
    return ""


def _point(value: Any, kinds_in: Kinds, errors: dict[str, list[Message]]) -> str:
    text = "" if value is None else readable(value)
    if text == "":
        return ""
    if text is None or not is_point(text):
        errors["point"] = [Message(NO_POINT, {"count": LONGEST_POINT})]
        return ""
    problem, kept = written.read(text, kinds_in, 1, LONGEST_POINT, one_line=True)
    if problem is not None:
        errors["point"] = [problem]
    return kept or ""


def _text(value: Any, kinds_in: Kinds, errors: dict[str, list[Message]]) -> str | None:
    if value is None or readable(value) == "":
        return None
    length = reports().text
    problem, text = written.read(value, kinds_in, length.min_length, length.max_length)
    if problem is not None:
        errors["text"] = [problem]
    return text
