"""What the Forum Satu Data looks at: what is stuck, from every source that was registered.

A source names no dataset in its words: it gives the id, and the reader sees title and item only
where the policy lets them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases import show as of_case
from ...classification.desk.queue import Queue, Wanted
from ...classification.records import reads
from ...classification.rules import deadlines
from ...classification.rules.definition import workflow
from ...messages import Message
from ...msgids import N_
from ..records.cooperation_model import AgencyTask
from ..rules.cooperation import CLOSED, cooperation
from . import handed, knowing


@dataclass(frozen=True)
class Item:
    """Something that is stuck: since when, whose it is, and what it is about.

    :param words: what is wrong, with parameters that name no dataset and no person.
    :param page: the noun of its page (``surface/page_names.py``), and the parameter that names it.
    """

    key: str
    words: Message
    since: dt.date
    agency_id: str | None = None
    package_id: str | None = None
    case_id: str | None = None
    page: tuple[str, str, str] | None = None
    source: str = ""


@dataclass(frozen=True)
class Source:
    """Where items come from; ``give`` is asked for those that somebody may know of."""

    label: str
    give: Callable[[Actor], Iterable[Item]]


SOURCES: dict[str, Source] = {}


def offer(name: str, label: str, give: Callable[[Actor], Iterable[Item]]) -> None:
    """Register a source of the agenda, once; a module does it where it is imported.

    :param label: a msgid.
    """
    SOURCES[name] = Source(label, give)


def items(actor: Actor) -> list[Item]:
    """Return what the agenda holds today for somebody, oldest first; at most so many."""
    found = [
        Item(**{**each.__dict__, "source": name})
        for name, source in SOURCES.items()
        for each in source.give(actor)
    ]
    found = seen(actor, found)
    order = sorted(found, key=lambda item: (item.since, item.source, item.key))
    return order[: cooperation().forum.most_items]


def seen(actor: Actor, found: Iterable[Item]) -> list[Item]:
    """Return those items that somebody may know of; of a case, who sees the case."""
    rows = list(found)
    facts = reads.facts_for({item.package_id for item in rows if item.package_id})
    knows = knowing.known(actor, facts)
    return [
        item
        for item in rows
        if item.package_id is None
        or (
            item.package_id in knows
            and (item.case_id is None or sees_case(actor, facts[item.package_id]))
        )
    ]


def sees_case(actor: Actor, facts: Any) -> bool:
    """Tell whether somebody sees the case of a dataset, ended or not."""
    return of_case.may_see_case(actor.on(facts.dataset_id, facts.owner_org), facts)


def kept(item: Item) -> dict[str, Any]:
    """Return an item as a meeting keeps it."""
    return {
        "source": item.source,
        "key": item.key,
        "msgid": item.words.msgid,
        "params": {k: str(v) for k, v in item.words.params.items()},
        "since": item.since.isoformat(),
        "agency_id": item.agency_id,
        "package_id": item.package_id,
        "case_id": item.case_id,
        "page": list(item.page) if item.page else None,
    }


def read(row: Mapping[str, Any]) -> Item:
    """Return an item that a meeting kept."""
    page = row["page"]
    return Item(
        key=row["key"],
        words=Message(row["msgid"], row["params"]),
        since=dt.date.fromisoformat(row["since"]),
        agency_id=row["agency_id"],
        package_id=row["package_id"],
        case_id=row["case_id"],
        page=(page[0], page[1], page[2]) if page else None,
        source=row["source"],
    )


def _tasks(actor: Actor) -> Iterable[Item]:
    """Give the tasks between agencies that rose."""
    names = {agency.id: agency.title for agency in registry.load_agencies().values()}
    query = sa.select(AgencyTask).where(AgencyTask.risen.is_not(None), AgencyTask.state != CLOSED)
    for row in model.Session.scalars(query.order_by(AgencyTask.number)):
        waits = cooperation().states[row.state].waits_for  # type: ignore[index]
        yield Item(
            key=row.id,
            words=Message(
                N_("Task no. %(number)s, from %(sender)s to %(receiver)s, waits since its day."),
                {
                    "number": row.number,
                    "sender": names.get(row.sender_id, ""),
                    "receiver": names.get(row.receiver_id, ""),
                },
            ),
            since=row.due,
            agency_id=row.sender_id if waits == "sender" else row.receiver_id,
            # That the portal opened one tells of its entry already.
            package_id=row.named[0] if row.source and row.named else None,
            page=("agency_task", "number", str(row.number)) if handed.sees(actor, row) else None,
        )


def _cases(actor: Actor) -> Iterable[Item]:
    """Give the open cases that are long past their day, of those that somebody sees."""
    states = [name for name, spec in workflow().states.items() if not spec.end]
    queue = Queue(actor, Wanted(states=states, mine=False, overdue=True))
    found, _ = queue.page(cooperation().forum.most_items)
    late = cooperation().forum.cases_late_days
    for case, package in found:
        if case.due and deadlines.working_days_between(case.due, days.today()) >= late:
            yield Item(
                key=case.id,
                words=Message(N_("A case waits past its day.")),
                since=case.due,
                agency_id=package.owner_org,
                package_id=package.id,
                case_id=case.id,
                page=("case", "id", package.id),
            )


offer("tasks", N_("Tasks between agencies"), _tasks)
offer("cases", N_("Cases"), _cases)
