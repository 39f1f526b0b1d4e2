"""The members of a series as somebody may know of them, and how they are declared.

A member counts while agency and title still make the name of its series: no name outlives what it
was made of. Whoever sees no member gets the answer for an unknown series.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases import steps
from ...classification.cases.actions import knows
from ...classification.records import reads
from ...classification.rules.policy import Channel
from ...classification.rules.refusals import InvalidFields
from ...classification.rules.variables import folded
from ...classification.variables import kept as variables
from ...clock import now
from ...ledger import service as ledger
from ...ledger.service import Receipt
from ...messages import Message
from ...metadata.periods import Period
from ...msgids import N_
from . import rules
from .model import Member

NO_PERIOD = N_(
    "The title names no period. Write the year or the month there, such as “… Tahun 2025”."
)
OTHERS = N_("Its columns differ from those of “%(title)s”: they cannot be one series.")


@dataclass(frozen=True)
class Listed:
    """A dataset of a series."""

    id: str
    name: str
    title: str
    period: Period | None


def name_of(package: model.Package) -> str:
    """Return the name of the series that a dataset may be of, "" where it has no period."""
    years = str(package.extras.get("tahun") or "")
    return _name(package.owner_org, package.title or "", years)


def _name(owner: str | None, title: str, years: str) -> str:
    agency = registry.agency(owner)
    if agency is None or rules.period(title, years) is None:
        return ""
    return rules.name(agency.name, title)


def declared(package: model.Package) -> str | None:
    """Return the series that a dataset is of, ``None`` of another one."""
    row = model.Session.get(Member, package.id)
    return row.series if row is not None and row.series == name_of(package) else None


def members(actor: Actor, series: str) -> list[Listed]:
    """Return the members of a series that somebody may know of, the newest period first."""
    query = (
        _facts()
        .join(Member, Member.package_id == model.Package.id)
        .where(Member.series == series, model.Package.state == model.State.ACTIVE)
    )
    return _known(actor, series, query)


def alike(actor: Actor, package: model.Package) -> list[Listed]:
    """Return the other datasets of the agency that could be of the same series, and are not."""
    series = name_of(package)
    if not series:
        return []
    query = (
        _facts()
        .outerjoin(Member, Member.package_id == model.Package.id)
        .where(
            model.Package.owner_org == package.owner_org,
            model.Package.type == package.type,
            model.Package.state == model.State.ACTIVE,
            model.Package.id != package.id,
            sa.or_(Member.series.is_(None), Member.series != series),
        )
        .order_by(model.Package.metadata_modified.desc())
        .limit(rules.series().most)
    )
    return _known(actor, series, query)


def _facts() -> sa.Select[Any]:
    """Return the question for what a series looks at of datasets: of an agency it may be many."""
    of = model.Package
    years = of.extras["tahun"].astext.label("years")
    return sa.select(of.id, of.name, of.title, of.owner_org, years)


def _known(actor: Actor, series: str, query: sa.Select[Any]) -> list[Listed]:
    found = []
    for id, name, title, owner, years in model.Session.execute(query):
        called = _name(owner, title or "", years or "")
        if called == series and knows(actor, id, Channel.METADATA):
            found.append(Listed(id, name, title or name, rules.period(title or "", years or "")))
    return sorted(found, key=lambda m: (m.period is not None, m.period, m.title), reverse=True)


def put(package: model.Package, actor: Actor, *, member: bool) -> Receipt | None:
    """Make a dataset a member of the series that its title names, or take it out of any.

    The caller commits.

    :returns: the receipt; ``None`` where nothing changed.
    :raises InvalidFields: it has no period, or other columns than a member.
    :raises ckan.plugins.toolkit.NotAuthorized: they reviewed in the case.
    """
    reads.lock_judging(package.id)
    steps.check_may_change(reads.open_case(package.id), package.owner_org, actor)
    row, series = model.Session.get(Member, package.id), name_of(package)
    before = row is not None and row.series == series
    if member:
        _check(package, actor, series)
    if before is member and (row is None or member):
        return None
    if member:
        row = row or Member(package_id=package.id)
        row.series, row.said_by, row.said_at = series, actor.id, now()
        model.Session.add(row)
    else:
        model.Session.delete(row)
    model.Session.flush()
    receipt = ledger.append(
        model.Session,
        event="series.join" if member else "series.leave",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        before={"member": before},
        after={"member": member},
    )
    if member:
        receipt.tell(row, "ledger_entry")
    return receipt


def _check(package: model.Package, actor: Actor, series: str) -> None:
    if not series:
        raise InvalidFields({"member": [Message(NO_PERIOD)]})
    own = _columns(package, actor)
    for other in members(actor, series):
        known = model.Package.get(other.id) if other.id != package.id else None
        theirs = _columns(known, actor) if known is not None else set()
        if own and theirs and own != theirs:
            raise InvalidFields({"member": [Message(OTHERS, {"title": other.title})]})


def _columns(package: model.Package, actor: Actor) -> set[str]:
    """Return the folded columns of those files of a dataset that somebody may have."""
    on = actor.on(package.id, package.owner_org)
    return {folded(column.name) for column in variables.columns_of(package, on) or ()}
