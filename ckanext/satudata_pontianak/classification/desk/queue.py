"""The queue: filter, sort, count, group and turn pages in the database.

Who may see a case only the policy says. It is asked once for each *kind of row* that the
filter leaves (the few facts that it looks at, as the database gathers them), never for each
row, and its answers go back into the query: so counts, groups and pages are right for
everybody without loading what nobody looks at.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ..cases import show
from ..records import reads
from ..records.model import Case, Decision, Hold, Step
from ..rules.axes import AXES
from ..rules.definition import workflow
from ..rules.policy import as_governed, has_duty, is_asked
from ..versions.likeness import VERDICTS

SEES, RECEIVES = "sees", "receives"
MAX_GROUPS = 200
DUE, SCAN = "due", "scan"
SORTS = (DUE, "title", "agency", "state", "submitted", SCAN)
"""What a queue may be sorted by; a minus before it turns it round."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asks of the queue; what is empty asks for nothing."""

    states: Sequence[str] = ()
    mine: bool = True
    kind: str = ""
    agency: str = ""
    level: str = ""
    scan: str = ""
    likeness: str = ""
    overdue: bool = False
    text: str = ""
    group: str = ""
    datasets: Sequence[str] | None = None
    sort: str = DUE

    @property
    def looks_inside(self) -> bool:
        """It asks for something that only who sees the case may know."""
        return bool(self.scan or self.likeness or self.group)


def axis_of(axis: str) -> Any:
    """Return the value of an axis as it would be decided: assessed, or else proposed."""
    return sa.func.coalesce(
        Case.assessment["axes"][axis].as_string(), Case.proposal[axis].as_string(), "-"
    )


GROUP = sa.func.concat_ws(
    ":",
    Case.kind,
    Case.state,
    *[axis_of(axis) for axis in AXES],
    Case.scan_verdict,
    Case.likeness,
    # Like cases change the same beside their classification: licence, receiving agency.
    sa.case(
        (Case.changes == sa.text("'{}'::jsonb"), "-"),
        else_=sa.func.md5(sa.cast(Case.changes, sa.Text)),
    ),
)
"""What like cases have in common, as one text."""

TARGET = sa.case((Case.kind == "move", Case.changes["owner_org"].as_string()))
_IN_FORCE = sa.and_(Decision.package_id == model.Package.id, Decision.in_force)


def _holding(actor: Actor) -> Any:
    """Return the condition that the actor holds the case by a duty of their own.

    Whoever holds a case sees it, at every level: the first rule of the policy.
    """
    conditions: list[Any] = [sa.false()]
    for name, state in workflow().states.items():
        if state.end:
            continue
        if state.holder == "produsen_data":
            conditions.append(
                sa.and_(Case.state == name, model.Package.owner_org.in_(actor.publishes_for))
            )
        elif has_duty(actor, state.holder, None):
            conditions.append(Case.state == name)
    return sa.or_(*conditions)


def _on_desk(actor: Actor) -> Any:
    """Return the condition that a case lies on one of this person's desks."""
    conditions = [_holding(actor)]
    for name, state in workflow().states.items():
        stood_in = [s.dataset_id for s in actor.break_glass if s.duty == state.holder]
        if stood_in and not state.end:
            conditions.append(sa.and_(Case.state == name, Case.package_id.in_(stood_in)))
    # A move waits for the agency that is to receive the dataset until it accepts.
    accepting = {t.source for t in workflow().transitions.values() if t.of == "target"}
    conditions.append(
        sa.and_(
            Case.kind == "move",
            Case.state.in_(accepting),
            Case.accepted_by.is_(None),
            TARGET.in_(actor.publishes_for),
        )
    )
    return sa.or_(*conditions)


class Queue:
    """The open cases that one person may see, as far as they ask for them."""

    def __init__(self, actor: Actor, wanted: Wanted) -> None:
        self.actor = actor
        self.wanted = wanted

    def count(self) -> int:
        """Return how many there are. One query."""
        return sum(number for how, number in self._kinds.values() if self._shows(how))

    def page(
        self, limit: int, offset: int = 0
    ) -> tuple[list[tuple[Case, model.Package]], dict[str, str]]:
        """Return some of them, in the order asked for, and the group of each by its id."""
        query = (
            self._visible(Case, model.Package, GROUP)
            .order_by(*self._order())
            .limit(limit)
            .offset(offset)
        )
        rows = model.Session.execute(query).tuples().all()
        return [(case, package) for case, package, _ in rows], {c.id: g for c, _, g in rows}

    def since(self) -> dict[dt.date, int]:
        """Return how many came to the desk where they lie on which day of the city."""
        zone = str(tk.config.get("ckan.display_timezone") or "UTC")
        day = sa.cast(sa.func.timezone(zone, Case.entered_at), sa.Date)
        query = self._visible(day, sa.func.count()).group_by(day)
        return dict(model.Session.execute(query).tuples().all())

    def _order(self) -> list[Any]:
        """Return what is sorted by: what the check failed on top, then the soonest deadline."""
        last = [Case.due.asc().nulls_last(), Case.entered_at, Case.id]
        key = self.wanted.sort.removeprefix("-")
        if self.wanted.sort == DUE:
            return [self._verdict("failed").desc(), *last]
        column = {
            DUE: Case.due,
            "title": sa.func.lower(model.Package.title),
            "agency": sa.select(sa.func.lower(model.Group.title))
            .where(model.Group.id == model.Package.owner_org)
            .scalar_subquery(),
            "state": sa.case(
                {name: n for n, name in enumerate(workflow().states)}, value=Case.state
            ),
            "submitted": Case.submitted_at,
            SCAN: sum(
                (sa.case((self._verdict(v), n), else_=0) for n, v in enumerate(VERDICTS, 1)),
                start=sa.literal(0),
            ),
        }[key]
        first = column.desc() if self.wanted.sort.startswith("-") else column.asc()
        return [first.nulls_last(), *last]

    def _verdict(self, verdict: str) -> Any:
        """Return the condition that a case has this verdict and its files are for this person.

        Elsewhere it is always false: an order tells what a column that is left out would.
        """
        found = Case.scan_verdict == verdict
        outside = [kind for kind, (how, _) in self._kinds.items() if kind and how != SEES]
        if not outside:
            return found
        seen = sa.or_(_holding(self.actor), _kind_of_row(self.actor).not_in(outside))
        return sa.and_(found, seen)

    def groups(self) -> list[dict[str, Any]]:
        """Return the groups of like cases; the one with the nearest deadline comes first."""
        columns = [
            GROUP.label("key"),
            Case.kind,
            Case.state,
            *[axis_of(axis).label(axis) for axis in AXES],
            Case.scan_verdict.label("scan"),
            Case.likeness,
        ]
        late = Case.due < days.today()
        query = self._visible(
            *columns,
            sa.func.count().label("count"),
            sa.func.min(Case.due).label("due"),
            sa.func.count().filter(late).label("overdue"),
            inside=True,
        )
        query = query.group_by(*columns).order_by(sa.func.min(Case.due).asc().nulls_last(), GROUP)
        rows = model.Session.execute(query.limit(MAX_GROUPS))
        return [dict(row) for row in rows.mappings()]

    def _select(self, *columns: Any) -> Any:
        """Return the query of what is asked for, whoever may see it."""
        wanted = self.wanted
        query = (
            sa.select(*columns)
            .select_from(Case)
            .join(model.Package, model.Package.id == Case.package_id)
            .outerjoin(Decision, _IN_FORCE)
            .where(
                Case.state.in_(list(wanted.states)),
                Case.ended_at.is_(None),
                model.Package.state != "deleted",
            )
        )
        if wanted.mine:
            query = query.where(_on_desk(self.actor))
        if wanted.datasets is not None:
            names = list(wanted.datasets)
            query = query.where(sa.or_(model.Package.id.in_(names), model.Package.name.in_(names)))
        for column, value in (
            (Case.kind, wanted.kind),
            (model.Package.owner_org, wanted.agency),
            (Case.scan_verdict, wanted.scan),
            (Case.likeness, wanted.likeness),
            (axis_of("tingkat_keamanan"), wanted.level),
            (GROUP, wanted.group),
        ):
            if value:
                query = query.where(column == value)
        if wanted.overdue:
            query = query.where(Case.due < days.today())
        if wanted.text:
            text = wanted.text
            query = query.where(
                sa.or_(
                    model.Package.title.icontains(text, autoescape=True),
                    model.Package.name.icontains(text, autoescape=True),
                )
            )
        return query

    def _shows(self, how: str, *, inside: bool = False) -> bool:
        return how == SEES or (how == RECEIVES and not inside and not self.wanted.looks_inside)

    def _visible(self, *columns: Any, inside: bool = False) -> Any:
        """Return the query of what is asked for and may be seen.

        :param inside: only of cases whose files this person may know of.
        """
        hidden = [
            kind for kind, (how, _) in self._kinds.items() if not self._shows(how, inside=inside)
        ]
        query = self._select(*columns)
        if not hidden:
            return query
        shown = [kind for kind in self._kinds if kind is not None and kind not in hidden]
        holding = _holding(self.actor)
        return query.where(sa.or_(holding, _kind_of_row(self.actor).in_(shown)))

    @cached_property
    def _kinds(self) -> dict[str | None, tuple[str, int]]:
        """Return each kind of row, how this person may see it, and how many there are.

        ``None`` is the kind of those that they hold.
        """
        held = sa.case((_holding(self.actor), sa.null()), else_=_kind_of_row(self.actor))
        kind = held.label("kind")
        rows = model.Session.execute(self._select(kind, sa.func.count()).group_by(kind))
        return {text: (_seen_as(self.actor, text), number) for text, number in rows}


def _kind_of_row(actor: Actor) -> Any:
    """Return all that the policy looks at in a row, as one text."""
    stood_in = [s.dataset_id for s in actor.break_glass if s.dataset_id]
    holds = (
        sa.select(sa.func.array_agg(sa.distinct(Hold.scope)))
        .where(Hold.package_id == model.Package.id, Hold.released_at.is_(None))
        .scalar_subquery()
    )
    states = (
        sa.select(sa.func.array_agg(sa.distinct(Step.to_state)))
        .where(Step.package_id == model.Package.id, Step.to_state.is_not(None))
        .scalar_subquery()
    )
    parts = (
        sa.case((model.Package.id.in_(stood_in), model.Package.id)),
        model.Package.owner_org,
        Case.state,
        Decision.tingkat_keamanan,
        Decision.recipients,
        Decision.all_agencies,
        sa.func.to_jsonb(holds),
        sa.func.to_jsonb(states),
        Case.kind,
        TARGET,
        Case.accepted_by.is_not(None),
    )
    return sa.cast(sa.func.jsonb_build_array(*parts), sa.Text)


def _seen_as(actor: Actor, kind: str | None) -> str:
    """Ask the policy how this person may see rows of a kind; empty: not at all."""
    if kind is None:
        return SEES
    dataset_id, owner, state, level, recipients, everybody, holds, states, *move = json.loads(kind)
    case_kind, target, accepted = move
    row = SimpleNamespace(
        id=dataset_id or "",
        owner_org=owner,
        type=None,
        package_state="active",
        tingkat_keamanan=level,
        recipients=recipients,
        all_agencies=everybody,
        case_state=state,
        case_kind=case_kind,
        target_org=target,
        accepted_by="" if accepted else None,
        holds=holds,
        grants=None,  # a grant is of data: it lets nobody see a case
        states=states,
    )
    facts = as_governed(reads.facts_from(row))
    if show.may_see_case(actor, facts):
        return SEES
    if is_asked(actor, facts):
        return RECEIVES
    return ""
