"""The numbers of a desk that decides: how old what waits is, and what was given back, and why.

Of agencies, never of persons: who took a step is not looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from ckan import model

from ... import clock, days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..cases import show
from ..cases.handing_over import NOTE
from ..cases.show_scans import moment
from ..records import reads
from ..records.model import Step
from ..rules import deadlines
from ..rules.definition import workflow
from .queue import Queue, Wanted

AGES = (2, 5, 10)
"""Waiting up to so many working days; longer than the last is one more number."""
DAYS, STEPS, NOTES = 90, 300, 3


@dataclass
class Returned:
    """What was given back to one agency, with the newest notes."""

    agency: str
    title: str
    count: int = 0
    notes: list[Mapping[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Numbers:
    """``ages``: most working days (``None``: more than the last) and how many wait so long."""

    ages: list[tuple[int | None, int]]
    oldest: dt.date | None
    returned: list[Returned]
    days: int = DAYS


def of(actor: Actor) -> Numbers:
    """Return the numbers of the desks that somebody decides at."""
    open_states = [name for name, state in workflow().states.items() if not state.end]
    since = Queue(actor, Wanted(states=open_states)).since()
    return Numbers(aged(since, days.today()), min(since, default=None), _returned(actor))


def aged(since: Mapping[dt.date, int], today: dt.date) -> list[tuple[int | None, int]]:
    """Return how many wait for how long, from the day on which they came."""
    found: dict[int | None, int] = dict.fromkeys((*AGES, None), 0)
    for day, count in since.items():
        waited = deadlines.working_days_between(day, today) if day < today else 0
        found[next((most for most in AGES if waited <= most), None)] += count
    return list(found.items())


def _returned(actor: Actor) -> list[Returned]:
    """Return by agency what this person's duties gave back, as far as they see the case."""
    back = {t.name for t in workflow().transitions.values() if t.gives_back}
    query = (
        sa.select(Step, model.Package)
        .join(model.Package, model.Package.id == Step.package_id)
        .where(
            Step.action.in_(back),
            Step.duty.in_([duty.value for duty in actor.duties]),
            Step.at > clock.now() - dt.timedelta(days=DAYS),
            model.Package.state != "deleted",
        )
        .order_by(Step.id.desc())
        .limit(STEPS)
    )
    rows = model.Session.execute(query).tuples().all()
    facts = reads.facts_for({package.id for _, package in rows})
    titles = {a.id: a.title for a in registry.load_agencies().values()}
    found: dict[str, Returned] = {}
    for step, package in rows:
        known = facts.get(package.id)
        if known is None or not show.may_see_case(actor, known):
            continue
        owner = package.owner_org or ""
        one = found.setdefault(owner, Returned(owner, titles.get(owner, "")))
        one.count += 1
        note = step.fields.get(NOTE)
        if isinstance(note, str) and note.strip() and len(one.notes) < NOTES:
            said = {"note": note, "at": moment(step.at), "dataset": package.name}
            one.notes.append({**said, "title": package.title or package.name})
    return sorted(found.values(), key=lambda one: one.title.casefold())
