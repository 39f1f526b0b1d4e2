"""A list of what apps and datasets cost: looked at row by row, then taken whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.model import now
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records import reads
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records import known_packages, list_file
from ..records.cost_model import Cost
from ..rules.columns import Outcome
from ..rules.costs import ENTRY, CostRow, Line, costs, outcome

NO_ENTRY = N_("There is no app and no dataset of this name.")
MEANWHILE = N_("Something changed meanwhile. Look at the list once more.")


@dataclass
class Looked:
    """A row that was looked at: what it is of, what stands there, what would become of it."""

    row: CostRow
    package: model.Package | None = None
    stands: Cost | None = None
    before: Line | None = None
    """What stood there when it was looked at."""

    @property
    def outcome(self) -> Outcome | Literal["wrong"]:
        """What would become of its line."""
        return "wrong" if self.row.errors else outcome(self.before, self.row.line)


def read(content: bytes, filename: str) -> list[CostRow]:
    """Return the rows of a list, with what is wrong with each by itself and beside the others.

    :raises ckan.plugins.toolkit.ValidationError: it is no such list, or its columns are others.
    """
    rules = costs()
    rows = list_file.read_declared(content, filename, rules.rows, rules.headings)
    return rules.read(rows, kinds_in, days.today())


def looked_at(rows: Sequence[CostRow], actor: Actor, *, locked: bool = False) -> list[Looked]:
    """Say of every row what would become of its line; nothing is written.

    :param locked: what it is of stays until the caller commits.
    """
    packages = {
        package.name: package
        for package in known_packages.named(
            {row.entry for row in rows}, actor, locked=locked
        ).values()
    }
    ids = [package.id for package in packages.values()]
    query = sa.select(Cost).where(Cost.package_id.in_(ids))
    costs_of = {(cost.package_id, cost.year): cost for cost in model.Session.scalars(query)}
    found = []
    for row in rows:
        package = packages.get(row.entry)
        if package is None and ENTRY not in row.errors:
            row.wrong(ENTRY, NO_ENTRY)
        year = row.year
        stands = costs_of.get((package.id, year)) if package and year is not None else None
        found.append(Looked(row, package, stands, stands.line if stands else None))
    return found


def take(rows: Sequence[CostRow], actor: Actor) -> tuple[list[Looked], Any]:
    """Take a list over whole; a second time nothing changes. The caller commits.

    The ledger has no digest of the list: a short list of costs can be guessed by it.

    :returns: the rows, and the receipt, ``None`` where nothing changed.
    :raises InvalidFields: something is wrong by now.
    """
    _lock()
    looked = looked_at(rows, actor, locked=True)
    if any(each.outcome == "wrong" for each in looked):
        raise InvalidFields({"upload": [Message(MEANWHILE)]})
    changed = [each for each in looked if each.outcome != "same"]
    if not changed:
        return looked, None
    receipt = append(
        model.Session,
        event="jepin.costs",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"written": len(changed)},
    )
    for each in changed:
        _write(each, actor, receipt)
    model.Session.flush()
    return looked, receipt


def _write(each: Looked, actor: Actor, receipt: Any) -> None:
    package, row = each.package, each.row
    if package is None or row.year is None:
        return
    if row.line.empty:
        if each.stands is not None:
            model.Session.delete(each.stands)
        return
    line, kept = row.line, each.stands or Cost(package_id=package.id, year=row.year)
    kept.budget_code, kept.cost, kept.visits = line.budget_code, line.cost, line.visits
    kept.brought_by, kept.brought_at = actor.id, now()
    receipt.tell(kept, "ledger_entry")
    model.Session.add(kept)


def _lock() -> None:
    """Let nobody else take a list until the caller commits, and read anew what stands."""
    reads.lock_named("costs")
    model.Session.expire_all()
