"""Figures that do not agree with others: who is told of them, and what their agency says.

Of a file that waits only who works on it is told. Of one that is served so are its agency and
Walidata; everybody else is told together with the agency's answer, or when its time to answer is
over, and of open data alone. An answer belongs to a version: the next one is asked anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import ANONYMOUS, Actor, Duty
from ...classification.incidents.fields import PERSONAL
from ...classification.incidents.steps import kinds_in
from ...classification.records import reads
from ...classification.records.model import Decision, DecisionVersion, Pointer, Version
from ...classification.rules import deadlines, variables
from ...classification.rules.policy import (
    Channel,
    Facts,
    VersionFacts,
    as_governed,
    decide,
    may_publish,
)
from ...classification.rules.refusals import InvalidFields, NotAllowed, check_reason
from ...classification.versions import history, table_questions
from ...classification.versions.table_state import Tabled
from ...clock import now
from ...ledger import service as ledger
from ...ledger.service import Receipt
from ...messages import Message
from ...metadata.quality.definition import Answer, quality
from ...metadata.quality.plausible import Asked, Kind
from ...msgids import N_
from .model import FigureAnswer, SameFigure

Waiting = Mapping[str, Version]
"""Versions that wait, by id."""
Personal = Mapping[str, Collection[str]]
"""The columns that a dictionary calls personal, by dataset."""

NOT_YOURS = N_("This is for who publishes for the agency that the dataset belongs to.")
NO_FIGURE = N_("There is no such figure any more: its file was replaced. Look at the list again.")
WHICH = N_("Choose one of: %(choices)s.")
TOO_LONG = N_("Write at most %(count)s characters.")


@dataclass(frozen=True)
class Beside:
    """The other one of two figures that should be the same: its dataset, version and place."""

    id: str
    name: str
    title: str
    type: str
    version: Version
    row: int
    column: str
    since: dt.date


Pairs = Mapping[str, Sequence[tuple[SameFigure, Beside]]]
"""The same figures of other datasets, by the version that they stand beside."""


@dataclass(frozen=True)
class Figure:
    """A figure to look at, as one reader is told of it.

    :ivar waits: its file waits; else it is served.
    :ivar due: the day until which its agency answers; ``None`` while the file waits.
    :ivar answer: what the agency says, ``None`` where it did not yet.
    """

    resource: Mapping[str, Any]
    version: Version
    asked: Asked
    waits: bool
    due: dt.date | None = None
    answer: FigureAnswer | None = None
    beside: Beside | None = None

    @property
    def key(self) -> str:
        """Return what stands for it; beside another dataset it is another question."""
        if self.beside is None:
            return self.asked.key
        told = f"{self.asked.key}\n{self.beside.version.id}"
        return hashlib.sha256(told.encode()).hexdigest()[: len(self.asked.key)]

    @property
    def mended_by(self) -> dt.date | None:
        """Return the day until which it is corrected, where that was said."""
        if self.answer is None or self.answer.answer != Answer.MEND:
            return None
        day = self.answer.answered_at.astimezone(days.CITY).date()
        return day + dt.timedelta(days=quality().answering.mend_days)


def told(dataset: Mapping[str, Any], waiting: Waiting, actor: Actor) -> list[Figure]:
    """Return the figures to look at of which somebody is told.

    :param dataset: what ``package_show`` gives them.
    :param waiting: the versions that wait of which they are told.
    """
    id = str(dataset["id"])
    found = listed([dataset], waiting)[id]
    if not found:
        return []
    facts = as_governed(reads.facts_of(id))
    return [each for each in found if each.waits or _is_told(each, facts, actor)]


def listed(
    datasets: Iterable[Mapping[str, Any]], waiting: Waiting
) -> Mapping[str, Sequence[Figure]]:
    """Return the figures to look at by the id of their dataset, whoever is told of them.

    :param datasets: what ``package_show`` gives of each, or its id and files alone.
    :param waiting: the versions that wait whose figures are wanted as well.
    """
    by_id = {str(each["id"]): each.get("resources") or () for each in datasets}
    tables = [id for id, files in by_id.items() if any(r.get("datastore_active") for r in files)]
    known = _served(tables) if tables else {}
    same = _same(known.values()) if known else {}
    seen: list[tuple[Mapping[str, Any], Version, bool]] = []
    for resource in (each for files in by_id.values() for each in files):
        version = waiting.get(str((resource.get("satudata_waiting") or {}).get("id")))
        if version is not None:
            seen.append((resource, version, True))
        version = known.get(str(resource["id"]))
        if version is not None and (_asks(version) or version.id in same):
            seen.append((resource, version, False))
    found: dict[str, list[Figure]] = {id: [] for id in by_id}
    if seen:
        # A newer scan may have found what an older one did not.
        clear = table_questions.clear_of({version.id for _, version, _ in seen})
        seen = [each for each in seen if each[1].id in clear]
        personal = variables.personal_of([*{version.package_id for _, version, _ in seen}])
        figures = [
            *(one for each in seen for one in _of_version(*each, personal)),
            *(one for each in seen for one in _of_pairs(*each, same, personal)),
        ]
        for figure in _with_answers(figures):
            found[figure.version.package_id].append(figure)
    return found


def _asks(version: Version) -> bool:
    return bool((version.tabled or {}).get("asked"))


def _served(dataset_ids: Iterable[str]) -> Mapping[str, Version]:
    return {resource: version for resource, (_, version) in reads.pointers_of(dataset_ids).items()}


def _of_version(
    resource: Mapping[str, Any], version: Version, waits: bool, personal: Personal
) -> Iterable[Figure]:
    tabled = Tabled.of(version.tabled)
    for one in (tabled.asked or ()) if tabled else ():
        if not variables.is_among(personal.get(version.package_id, frozenset()), one.column):
            yield Figure(resource, version, one, waits)


def _with_answers(figures: list[Figure]) -> list[Figure]:
    ids = {each.version.id for each in figures}
    query = sa.select(FigureAnswer).where(FigureAnswer.version_id.in_(ids))
    said = {(row.version_id, row.figure): row for row in model.Session.scalars(query)}
    begun = _since({each.version.id for each in figures if not each.waits})
    return [
        replace(
            each,
            due=_due(each, begun) if not each.waits else None,
            answer=said.get((each.version.id, each.key)),
        )
        for each in figures
    ]


def _since(version_ids: Collection[str]) -> Mapping[str, dt.date]:
    """Return the day on which each version was decided for the first time."""
    if not version_ids:
        return {}
    query = (
        sa.select(DecisionVersion.version_id, sa.func.min(Decision.decided_at))
        .join(Decision, Decision.id == DecisionVersion.decision_id)
        .where(DecisionVersion.version_id.in_(version_ids))
        .group_by(DecisionVersion.version_id)
    )
    rows = model.Session.execute(query).tuples()
    return {id: moment.astimezone(days.CITY).date() for id, moment in rows}


def _due(figure: Figure, begun: Mapping[str, dt.date]) -> dt.date:
    """Return until when the agency answers: from when it is served, or was asked, if that is later.

    Of what nobody knows when it began the time has not run out.
    """
    tabled = Tabled.of(figure.version.tabled)
    asked_on = tabled.asked_on if tabled else None
    if figure.beside is not None:
        asked_on = figure.beside.since
    known = [begun.get(figure.version.id), asked_on]
    since = max((day for day in known if day is not None), default=days.today())
    return deadlines.add_working_days(since, quality().answering.working_days)


def asked_of(figure: Figure, facts: Facts, actor: Actor) -> bool:
    """Tell whether a figure of a file that is served waits for the answer of somebody's agency."""
    waits = figure.due is not None and figure.answer is None
    on = actor.on(facts.dataset_id, facts.owner_org)
    return waits and may_publish(on, facts.owner_org) and _has_all(figure, facts, actor)


def followed_by(figure: Figure, facts: Facts, actor: Actor) -> bool:
    """Tell whether somebody works on a figure of a file that is served: its agency, or Walidata."""
    on = actor.on(facts.dataset_id, facts.owner_org)
    works = may_publish(on, facts.owner_org) or (on.active and on.has(Duty.WALIDATA))
    return works and _has_all(figure, facts, actor)


def _has_all(figure: Figure, facts: Facts, actor: Actor) -> bool:
    """Tell whether somebody may have the figure, and the one in another dataset beside it."""
    version = VersionFacts(True, figure.version.sealed, figure.version.uploaded_by)
    has = bool(decide(actor, facts, Channel.DATA, version))
    return has and (figure.beside is None or _may_have(actor, figure.beside))


def _is_told(figure: Figure, facts: Facts, actor: Actor) -> bool:
    """Tell whether somebody is told of a figure of a file that is served."""
    if followed_by(figure, facts, actor):
        return True
    version = VersionFacts(True, figure.version.sealed, figure.version.uploaded_by)
    beside = figure.beside
    over = figure.due is not None and days.today() > figure.due
    return (
        (figure.answer is not None or over)
        and bool(decide(ANONYMOUS, facts, Channel.DATA, version))
        and (not figure.asked.older or _older_is_open(figure.version, facts))
        and (beside is None or (_may_have(ANONYMOUS, beside) and _may_have(actor, beside)))
    )


def _may_have(actor: Actor, beside: Beside) -> bool:
    """Tell whether somebody may have the data of the other dataset of a pair."""
    version = VersionFacts(True, beside.version.sealed, beside.version.uploaded_by)
    return bool(decide(actor, as_governed(reads.facts_of(beside.id)), Channel.DATA, version))


def _same(versions: Iterable[Version]) -> Pairs:
    """Return the pairs of same figures of versions, by version; the other one is served as well."""
    other, served, of = SameFigure.other_version_id, model.Package, Version
    query = (
        sa.select(SameFigure, of, served.id, served.name, served.title, served.type)
        .join(of, of.id == other)
        .join(Pointer, Pointer.version_id == of.id)
        .join(served, served.id == of.package_id)
        .where(
            SameFigure.version_id.in_([version.id for version in versions]),
            served.state == model.State.ACTIVE,
        )
        .order_by(SameFigure.version_id, SameFigure.place, SameFigure.id)
    )
    rows = model.Session.execute(query).tuples().all()
    if not rows:
        return {}
    personal = variables.personal_of([*{id for _, _, id, *_ in rows}])
    clear = table_questions.clear_of({version.id for _, version, *_ in rows})
    found: dict[str, list[tuple[SameFigure, Beside]]] = {}
    for pair, version, id, name, title, type in rows:
        hidden = variables.is_among(personal.get(id, frozenset()), pair.other_column)
        if not hidden and version.id in clear:
            since = pair.since.astimezone(days.CITY).date()
            beside = Beside(
                id, name, title or name, type, version, pair.other_row, pair.other_column, since
            )
            found.setdefault(pair.version_id, []).append((pair, beside))
    return found


def _of_pairs(
    resource: Mapping[str, Any], version: Version, waits: bool, same: Pairs, personal: Personal
) -> Iterable[Figure]:
    hidden = personal.get(version.package_id, frozenset())
    for pair, beside in same.get(version.id, ()) if not waits else ():
        if not variables.is_among(hidden, pair.column):
            found, other = Decimal(pair.found), Decimal(pair.other)
            asked = Asked(Kind.SAME, pair.row, pair.column, found, other)
            yield Figure(resource, version, asked, False, beside=beside)


def _older_is_open(version: Version, facts: Facts) -> bool:
    """Tell whether everybody is given the version that figures were held against."""
    tabled = Tabled.of(version.tabled)
    older = model.Session.get(Version, tabled.against) if tabled and tabled.against else None
    if older is None or not table_questions.is_clear(older.id):
        return False
    return bool(decide(ANONYMOUS, facts, Channel.DATA, history.of_version(older)))


def answer(
    dataset: Mapping[str, Any], figure: Figure | None, actor: Actor, said: str, reason: str
) -> Receipt | None:
    """Say what an agency says of a figure; what was said before is replaced. The caller commits.

    :param dataset: what ``package_show`` gives them.
    :param figure: of which they are told; ``None`` where there is no such one.
    :param said: one of :class:`Answer`.
    :returns: the receipt; ``None`` where nothing changed.
    :raises NotAllowed: they do not publish for the agency.
    :raises InvalidFields: there is no such figure, or what is said cannot stand.
    """
    if not may_publish(actor, dataset.get("owner_org")):
        raise NotAllowed("not_yours", Message(NOT_YOURS))
    if figure is None:
        raise InvalidFields({"figure": [Message(NO_FIGURE)]})
    if errors := _wrong(said, reason):
        raise InvalidFields(errors)
    version_id, key = figure.version.id, figure.key
    reads.lock_named(f"figure {version_id} {key}")
    query = sa.select(FigureAnswer).where(
        FigureAnswer.version_id == version_id, FigureAnswer.figure == key
    )
    row = model.Session.scalars(query).one_or_none()
    before = row.answer if row is not None else None
    if row is not None and (row.answer, row.reason) == (said, reason):
        return None
    row = row or FigureAnswer(package_id=dataset["id"], version_id=version_id, figure=key)
    row.answer, row.reason, row.answered_by, row.answered_at = said, reason, actor.id, now()
    model.Session.add(row)
    model.Session.flush()
    receipt = ledger.append(
        model.Session,
        event="figure.answer",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=dataset["id"],
        before={"answer": before},
        after={"answer": said},
        detail={"what": key},
    )
    receipt.tell(row, "ledger_entry")
    return receipt


def _wrong(said: str, reason: str) -> dict[str, list[Message]]:
    errors: dict[str, list[Message]] = {}
    known = [each.value for each in Answer]
    if said not in known:
        errors["answer"] = [Message(WHICH, {"choices": ", ".join(known)})]
    if reason or said != Answer.MEND:
        errors.update(check_reason(reason))
    most = quality().answering.reason
    if len(reason) > most:
        errors["reason"] = [Message(TOO_LONG, {"count": most})]
    elif kinds := kinds_in(reason):
        errors["reason"] = [Message(PERSONAL, {"kinds": ", ".join(kinds)})]
    return errors
