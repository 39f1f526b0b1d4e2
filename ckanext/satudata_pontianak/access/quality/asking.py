"""Figures that do not agree and wait for an answer: who publishes is asked, Walidata told at last.

The clock writes a notice once to each who could answer, with the day until which there is time, and
when that is over to them and to Walidata. Each is asked of what they may have alone, so that of
another dataset that they may not know of nobody learns by a notice. It says a day, not the figure.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.clock import rounds
from ...classification.notices import notices
from ...classification.records import dataset_types, reads
from ...classification.records.model import Pointer, Version
from ...classification.rules.policy import Facts, as_governed
from . import figures
from .figures import Figure
from .model import SameFigure

log = logging.getLogger(__name__)

ASKED, UNANSWERED = "figure_asked", "figure_unanswered"
_AT_ONCE = 100

Asked = tuple[Mapping[str, Any], Sequence[Figure]]
"""A dataset, as far as figures are listed by it, and some of its figures."""
Asks = Callable[[Figure, Facts, Actor], bool]


def waiting_for(actor: Actor) -> list[tuple[Mapping[str, Any], Figure]]:
    """Return the figures that wait for the answer of somebody's agencies, what is due first."""
    if not actor.active or not actor.publishes_for:
        return []
    found = [
        (dataset, figure)
        for dataset, listed, facts in _listed(actor.publishes_for)
        for figure in listed
        if figures.asked_of(figure, facts, actor)
    ]
    return sorted(found, key=lambda each: (each[1].due or dt.date.max, each[0]["title"]))


def ask(today: dt.date | None = None) -> int:
    """Tell who could answer for figures, and after the deadline Walidata as well; commit.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    for dataset, listed, facts in _listed(None):
        waiting = [each for each in listed if each.due is not None and each.answer is None]
        for due in sorted({each.due for each in waiting if each.due is not None}):
            of_day = [each for each in waiting if each.due == due]
            try:
                with model.Session.begin_nested():
                    told += _tell(dataset, of_day, facts, due, day)
            except SQLAlchemyError as problem:
                # One dataset ends no round; the next one tries it again.
                log.warning("nobody asked of %s: %s", dataset["id"], type(problem).__name__)
    model.Session.commit()
    return told


def _tell(
    dataset: Mapping[str, Any], asked: Sequence[Figure], facts: Facts, due: dt.date, day: dt.date
) -> int:
    kind, asks = (ASKED, figures.asked_of) if day <= due else (UNANSWERED, figures.followed_by)
    people = [
        user
        for user in notices.recipients(kind, dataset["owner_org"])
        if _any(asked, facts, registry.actor_for(user), asks)
    ]
    return notices.tell(
        model.Session,
        kind,
        people,
        dataset_id=dataset["id"],
        facts={"due": due.isoformat()},
        about=f"{dataset['id']}:{due}",
    )


def _any(asked: Sequence[Figure], facts: Facts, actor: Actor, asks: Asks) -> bool:
    return any(asks(figure, facts, actor) for figure in asked)


def _listed(
    agencies: Collection[str] | None,
) -> Iterator[tuple[Mapping[str, Any], Sequence[Figure], Facts]]:
    """Give each dataset in whose served tables something does not agree, with the figures."""
    rest = iter(_datasets(agencies))
    while part := list(islice(rest, _AT_ONCE)):
        found = figures.listed(part, {})
        facts = reads.facts_for(each["id"] for each in part)
        for dataset in part:
            if listed := found[dataset["id"]]:
                yield dataset, listed, as_governed(facts[dataset["id"]])


def _datasets(agencies: Collection[str] | None) -> Sequence[Mapping[str, Any]]:
    of, file = model.Package, model.Resource
    paired = sa.exists().where(SameFigure.version_id == Version.id)
    query = (
        sa.select(of.id, of.name, of.title, of.type, of.owner_org, file.id, file.name)
        .join(Pointer, Pointer.package_id == of.id)
        .join(Version, Version.id == Pointer.version_id)
        .join(file, file.id == Pointer.resource_id)
        .where(
            of.state == model.State.ACTIVE,
            file.state == model.State.ACTIVE,
            of.type.in_(dataset_types.of_data()),
            sa.or_(Version.tabled["asked"].astext != "[]", paired),
        )
        .order_by(of.id, file.position)
    )
    if agencies is not None:
        query = query.where(of.owner_org.in_([*agencies]))
    found: dict[str, dict[str, Any]] = {}
    for id, name, title, type, owner, resource, called in model.Session.execute(query).tuples():
        dataset = {"id": id, "name": name, "title": title or name, "type": type, "owner_org": owner}
        files = found.setdefault(id, {**dataset, "resources": []})["resources"]
        files.append({"id": resource, "name": called or "", "datastore_active": True})
    return [*found.values()]


def join() -> None:
    """Join the clock."""
    rounds.join("quality.asked", _round)


def _round() -> Iterator[str]:
    yield f"{ask()} people were told of figures that wait for an answer."
