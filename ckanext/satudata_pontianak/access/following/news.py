"""What happened to datasets: published, new data, held back, closed. It names agencies alone.

It is read from decisions and holds, and the policy is asked for each: as the dataset stands when
it is told, and as it stood when it happened.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.common import SearchError

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases.show import moment
from ...classification.records import dataset_types, reads
from ...classification.records.model import Case, Decision, DecisionVersion, Hold
from ...classification.rules.axes import classification
from ...classification.rules.policy import Channel, DecisionFacts, Facts, decide
from ...surface import search_query
from ..reading import removals
from .answers import NewsItem
from .rules import AGENCY, CLOSED, DATASET, HELD, RELEASED, Asked, asked_of, following, news_of

ROWS = 1000
AT_ONCE = 50
"""Datasets that one question to the search engine names: as many as its bounds take."""


@dataclass(frozen=True)
class News:
    """Something that happened to a dataset."""

    id: str
    kind: str
    package_id: str
    at: dt.datetime
    decision: DecisionFacts | None
    holds: frozenset[str]
    gone: bool = False
    """The dataset was removed: told to who knew of it then, as it stands for nobody now."""


def of(actor: Actor, kind: str, target: str) -> list[News]:
    """Return all news of what somebody may follow, as they may know it, newest first."""
    return told(actor, happened(matching(actor, kind, target)))


def told(actor: Actor, news: Iterable[News]) -> list[News]:
    """Return of these what the policy lets somebody know, newest first."""
    found = list(news)
    facts = reads.facts_for({each.package_id for each in found})
    kept = [
        each
        for each in found
        if each.package_id in facts and _may_know(actor, facts[each.package_id], each)
    ]
    return sorted(kept, key=lambda each: (each.at, each.id), reverse=True)


def _may_know(actor: Actor, facts: Facts, news: News) -> bool:
    then = replace(facts, decision=news.decision, holds=news.holds)
    if news.gone:
        return bool(decide(actor, replace(then, deleted=False, case=None), Channel.METADATA))
    return all(decide(actor, known, Channel.METADATA) for known in (facts, then))


def removed(start: dt.datetime, end: dt.datetime) -> Iterator[News]:
    """Give the datasets that were removed in a time, whoever may know of it.

    Feeds and lists tell nothing of them: no page is left to lead to.
    """
    lately = sa.select(Case.package_id).where(Case.ended_at >= start, Case.ended_at < end)
    query = (
        sa.select(Case)
        .where(Case.package_id.in_(lately))
        .join(model.Package, model.Package.id == Case.package_id)
        .where(*removals.were_decided(), Case.ended_at < end, model.Package.state == "deleted")
        .order_by(Case.ended_at)
    )
    before: dict[str, dt.datetime] = {}
    for case in model.Session.scalars(query):
        at = case.ended_at
        if at is None or case.changes.get("resources"):
            continue  # files went, and the dataset stayed
        earlier, before[case.package_id] = before.get(case.package_id), at
        if at < start:
            continue
        # What was decided before it was removed once says nothing of what was brought back.
        in_force = (Decision.package_id == case.package_id, Decision.decided_at <= at)
        decisions = sa.select(Decision).where(*in_force).order_by(Decision.decided_at.desc())
        last = model.Session.scalars(decisions.limit(1)).first()
        if last is not None and earlier is not None and last.decided_at <= earlier:
            last = None
        held = model.Session.scalars(sa.select(Hold).where(Hold.package_id == case.package_id))
        then = _standing(list(held), at)
        facts = _facts(last) if last is not None else None
        yield News(f"{case.id}.{CLOSED}", CLOSED, case.package_id, at, facts, then, gone=True)


def matching(
    actor: Actor, kind: str, target: str, within: Collection[str] | None = None
) -> list[str]:
    """Return the datasets that fit what is followed, as somebody finds them.

    :param within: of these alone.
    """
    if kind == DATASET:
        return [target] if within is None or target in within else []
    asked = asked_of(kind, target)
    if within is None:
        return list(_found(actor, asked))
    names, found = sorted(within), _gone_of(target, within) if kind == AGENCY else []
    for start in range(0, len(names), AT_ONCE):
        some = " OR ".join(map(search_query.quoted, names[start : start + AT_ONCE]))
        few = replace(asked, filters=(*asked.filters, f"+id:({some})"))
        found += _found(actor, few, must=True)
    return found


def _gone_of(agency_id: str, within: Collection[str]) -> list[str]:
    """Return those datasets of an agency that were removed: no search finds them."""
    query = sa.select(model.Package.id).where(
        model.Package.id.in_(within),
        model.Package.owner_org == agency_id,
        model.Package.type != dataset_types.APP,
        model.Package.state == "deleted",
    )
    return list(model.Session.scalars(query))


def _found(actor: Actor, asked: Asked, *, must: bool = False) -> Iterator[str]:
    search, start = tk.get_action("package_search"), 0
    # Apps are in no list of datasets: what happens to one is told to who follows it by name.
    fq = " ".join((*asked.filters, dataset_types.NO_APPS))
    data = {"fq": fq, "fl": ["id"], "rows": ROWS, "sort": "id asc"}
    words = asked.words or "*:*"
    while True:
        context: Any = {"user": actor.name or ""}
        try:
            answer = search(context, {**data, "q": words, "start": start})
        except (SearchError, tk.ValidationError) as problem:
            if words == (plain := search_query.quoted(asked.words or "*")):
                if must and isinstance(problem, SearchError):
                    raise  # the search does not answer: that nothing happened is not known
                return
            words = plain  # words that are no query are searched for as they stand
            continue
        yield from (each["id"] for each in answer["results"])
        start += ROWS
        if start >= answer["count"]:
            return


def since(start: dt.datetime) -> set[str]:
    """Return the datasets to which something happened since a moment."""
    asked = (
        (Decision.package_id, Decision.decided_at),
        (Hold.package_id, Hold.placed_at),
        (Hold.package_id, Hold.released_at),
    )
    found: set[str] = set()
    for column, at in asked:
        found.update(model.Session.scalars(sa.select(column).where(at >= start)))
    gone = sa.select(Case.package_id).where(*removals.were_decided(), Case.ended_at >= start)
    return found | {*model.Session.scalars(gone)}


def happened(package_ids: Collection[str]) -> Iterator[News]:
    """Give all that happened to datasets, whoever may know of it."""
    ids = sorted(package_ids)
    decisions = list(
        model.Session.scalars(
            sa.select(Decision)
            .where(Decision.package_id.in_(ids))
            .order_by(Decision.package_id, Decision.decided_at, Decision.id)
        )
    )
    holds: dict[str, list[Hold]] = defaultdict(list)
    for hold in model.Session.scalars(sa.select(Hold).where(Hold.package_id.in_(ids))):
        holds[hold.package_id].append(hold)
    of_package = {
        package_id: list(rows) for package_id, rows in groupby(decisions, lambda d: d.package_id)
    }
    served = _served([row.id for row in decisions])
    for package_id, rows in of_package.items():
        yield from _decided(rows, served, holds[package_id])
    for hold in chain.from_iterable(holds.values()):
        rows = of_package.get(hold.package_id, [])
        for kind, at in ((HELD, hold.placed_at), (RELEASED, hold.released_at)):
            standing = [row for row in rows if at is not None and row.decided_at <= at]
            if at is not None and standing:
                then = _standing(holds[hold.package_id], at)
                yield News(
                    f"{hold.id}.{kind}", kind, hold.package_id, at, _facts(standing[-1]), then
                )


def _served(ids: Collection[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    query = sa.select(DecisionVersion).where(DecisionVersion.decision_id.in_(ids))
    for row in model.Session.scalars(query):
        found.setdefault(row.decision_id, {})[row.resource_id] = row.version_id
    return found


def _standing(holds: list[Hold], at: dt.datetime) -> frozenset[str]:
    """Return which holds of a dataset stood at a moment, those that ended then too."""
    return frozenset(
        hold.scope
        for hold in holds
        if hold.placed_at <= at and (hold.released_at is None or at <= hold.released_at)
    )


def _decided(
    rows: list[Decision], served: dict[str, dict[str, str]], holds: list[Hold]
) -> Iterator[News]:
    ranks = {level.name: number for number, level in enumerate(classification().levels.values())}
    before: Decision | None = None
    for row in rows:
        closer = wider = False
        if before is not None:
            was, is_now = (ranks[each.tingkat_keamanan] for each in (before, row))
            closer, wider = is_now > was, is_now < was
        kind = news_of(
            served.get(before.id, {}) if before is not None else None,
            served.get(row.id, {}),
            wider=wider,
            closer=closer,
        )
        then = _standing(holds, row.decided_at)
        yield News(row.id, kind, row.package_id, row.decided_at, _facts(row), then)
        before = row


def _facts(row: Decision) -> DecisionFacts:
    return DecisionFacts(row.tingkat_keamanan, frozenset(row.recipients or ()), row.all_agencies)


def shown(found: Iterable[News]) -> list[NewsItem]:
    """Return news in words, in the reader's language."""
    told_: list[NewsItem] = []
    for each in found:
        package = model.Package.get(each.package_id)
        if package is None:
            continue
        agency = registry.agency(package.owner_org)
        told_.append(
            {
                "id": each.id,
                "kind": each.kind,
                "kind_label": tk._(following().news[each.kind].label),
                "at": moment(each.at) or "",
                "dataset": {
                    "id": package.id,
                    "name": package.name,
                    "title": package.title or package.name,
                    "type": package.type,
                },
                "agency": {"name": agency.name, "title": agency.title} if agency else None,
            }
        )
    return told_
