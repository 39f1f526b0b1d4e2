"""Who does which task of the calendar, and how much that is for each person. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ...classification.rules import deadlines
from .definition import Smki, TaskSpec, begins, period

Holders = Callable[[str], Collection[str]]
"""Role → ids of the active people who hold it today by duty or decree."""


@dataclass(frozen=True)
class Planned:
    """A task of one period: from its day on it waits for somebody, until it is due."""

    kind: str
    period: str
    role: str
    opens: dt.date
    due: dt.date


@dataclass(frozen=True)
class Gap:
    """A role that one person's absence would leave without anybody, or that nobody carries.

    ``named``: the roles that keep those who would act for it from doing so: laid on somebody else
    by decree, there is a deputy.
    """

    role: str
    person: str | None
    named: tuple[str, ...] = ()


def opens(spec: TaskSpec, name: str) -> dt.date:
    """Return the first working day of a period."""
    first = begins(name)
    return first if deadlines.is_working_day(first) else deadlines.add_working_days(first, 1)


def of_period(spec: TaskSpec, name: str) -> Planned:
    """Return a task in one of its periods."""
    day = opens(spec, name)
    due = deadlines.add_working_days(day, spec.due_working_days)
    return Planned(spec.name, name, spec.role, day, due)


def due_since(spec: TaskSpec, last: str | None, today: dt.date) -> list[Planned]:
    """Return the tasks that are to be handed out today: each period since the last one.

    :param last: the newest period that was handed out; ``None``: none was, and only the present
        period counts.
    """
    now = period(spec.every, spec.month, today)
    if last is None:
        names = [now]
    else:
        names, name = [], now
        while name > last:
            names.append(name)
            before = begins(name) - dt.timedelta(days=1)
            name = period(spec.every, spec.month, before)
    found = [of_period(spec, name) for name in sorted(names)]
    return [_from(task, spec, today) for task in found if task.opens <= today]


def _from(task: Planned, spec: TaskSpec, today: dt.date) -> Planned:
    """Return a task that is handed out today, with all its days, though its period is older."""
    if task.opens == today:
        return task
    due = deadlines.add_working_days(today, spec.due_working_days)
    return replace(task, opens=today, due=due)


def year(definition: Smki, number: int) -> list[Planned]:
    """Return the tasks of a calendar year, the earliest first."""
    found = []
    for spec in definition.tasks.calendar:
        names = {period(spec.every, spec.month, dt.date(number, m, 1)) for m in range(1, 13)}
        found += [of_period(spec, name) for name in names if begins(name).year == number]
    return sorted(found, key=lambda task: (task.opens, task.kind))


def carriers(definition: Smki, role: str, holders: Holders) -> list[str]:
    """Return who carries a role today: its holders, or those who do until one is named."""
    spec = definition.roles.roles.get(role)
    if spec is None:  # a role of before, on a row that is still open
        return []
    found = sorted(holders(role))
    for other in spec.until_named if not found else ():
        found += carriers(definition, other, holders)
    return sorted(set(found))


def deputies(definition: Smki, role: str, holders: Holders) -> list[str]:
    """Return who acts where those who carry a role are away, nearest first, each once.

    Nobody acts for a role that they must stay apart from.
    """
    spec = definition.roles.roles.get(role)
    found: list[str] = []
    for other in spec.deputies if spec is not None else ():
        found += carriers(definition, other, holders)
    return [person for person in dict.fromkeys(found) if may_act(definition, role, person, holders)]


def may_act(definition: Smki, role: str, person: str, holders: Holders) -> bool:
    """Tell whether a person may act in a role beside what they carry, in passing too."""
    roles = definition.roles.roles
    held = {name for name in roles if person in carriers(definition, name, holders)}
    mine = frozenset(roles[role].apart_from)
    return not any(name in mine or role in roles[name].apart_from for name in held - {role})


def chosen(people: Iterable[str], load: Mapping[str, int]) -> str | None:
    """Return who of these has the least to do; the first by name where it is the same."""
    return min(sorted(people), key=lambda person: load.get(person, 0), default=None)


def assigned(definition: Smki, number: int, holders: Holders) -> list[tuple[Planned, str | None]]:
    """Return the year's plan: each task with who it falls to; ``None``: nobody is there."""
    load: dict[str, Counter[str]] = defaultdict(Counter)
    plan = []
    for task in year(definition, number):
        month = f"{task.opens:%Y-%m}"
        person = chosen(carriers(definition, task.role, holders), load[month])
        if person is not None:
            load[month][person] += 1
        plan.append((task, person))
    return plan


def busiest(plan: Iterable[tuple[Planned, str | None]]) -> Counter[tuple[str, str]]:
    """Return how many tasks each person has in each month: (person, ``2026-10``) → tasks."""
    return Counter((person, f"{task.opens:%Y-%m}") for task, person in plan if person is not None)


def gaps(definition: Smki, holders: Holders) -> list[Gap]:
    """Return the roles with tasks or controls that nobody carries, or nobody if one is away."""
    used = {task.role for task in definition.tasks.tasks.values()}
    used |= {control.role for control in definition.controls.controls.values()}
    found = []
    for role in sorted(used):
        people = carriers(definition, role, holders)
        if not people:
            found.append(Gap(role, None))
        elif len(people) == 1 and not set(deputies(definition, role, holders)) - set(people):
            found.append(Gap(role, people[0], _in_the_way(definition, role, holders)))
    return found


def _in_the_way(definition: Smki, role: str, holders: Holders) -> tuple[str, ...]:
    """Return what the deputies of a role carry in passing that it stays apart from.

    Nothing where none of it comes by decree: then only another holder of the role helps.
    """
    roles = definition.roles.roles
    away = carriers(definition, role, holders)
    others = {p for name in roles[role].deputies for p in carriers(definition, name, holders)}
    apart = {
        name
        for name, spec in roles.items()
        if role in spec.apart_from or name in roles[role].apart_from
    }
    held = [
        {name for name in apart if person in carriers(definition, name, holders)}
        for person in others - set(away)
    ]
    free = [names for names in held if not any(holders(name) for name in names)]
    return tuple(sorted(min(free, key=lambda names: (len(names), sorted(names)), default=())))
