"""An agreed data list of a year: looked at row by row, then taken whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ...agencies.model import now
from ...agencies.rules.duties import Actor, Agency
from ...classification.incidents.steps import kinds_in
from ...classification.records import dataset_types, reads
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records import known_packages, list_file
from ..records.agreed_model import AgreedData
from ..records.known_packages import Known
from ..rules.agreed import AGENCY, DATASET, AgreedRow, Line, agreed, outcome
from ..rules.columns import Outcome
from . import frequencies

NO_AGENCY = N_("There is no agency of this name or title.")
TWO_AGENCIES = N_("Several agencies have this title: give the name in the address of the page.")
NO_DATASET = N_("The agency has no dataset of this name.")
MEANWHILE = N_("Something changed meanwhile. Look at the list once more.")


@dataclass
class Looked:
    """A row that was looked at: what stands there, what it says, what would become of it."""

    row: AgreedRow
    stands: AgreedData | None = None
    before: Line | None = None
    """What stood there, as whoever brings the list may know of it."""
    after: Line | None = None
    package: model.Package | None = None
    """The dataset that the row names."""

    @property
    def outcome(self) -> Outcome | Literal["wrong"]:
        """What would become of it."""
        return "wrong" if self.row.errors else outcome(self.before, self.after)


def read(content: bytes, filename: str, year: int) -> list[AgreedRow]:
    """Return the rows of a list of a year, with what is wrong with each by itself.

    :raises ckan.plugins.toolkit.ValidationError: it is no such list, or its columns are others.
    """
    rules = agreed()
    rows = list_file.read_declared(content, filename, rules.rows, rules.headings)
    return rules.read(rows, year, frequencies.labels(), kinds_in)


def looked_at(
    rows: Sequence[AgreedRow], year: int, actor: Actor, *, locked: bool = False
) -> list[Looked]:
    """Say of every row what would become of it; nothing is written.

    An empty cell for the dataset leaves the one that stands there, as long as the agency does.

    :param locked: what is named stays until the caller commits.
    """
    agencies = _Agencies(registry.load_agencies().values())
    names = {row.dataset for row in rows if row.dataset}
    named = known_packages.named(names, actor, locked=locked)
    query = sa.select(AgreedData).where(AgreedData.year == year)
    standing = {row.code: row for row in model.Session.scalars(query)}
    linked = known_packages.by_ids({r.package_id for r in standing.values()}, actor)
    by_name = {package.name: package for package in named.values()}
    return [_looked(row, standing.get(row.code), agencies, by_name, linked) for row in rows]


def _looked(
    row: AgreedRow,
    stands: AgreedData | None,
    agencies: _Agencies,
    by_name: Mapping[str, model.Package],
    linked: Known,
) -> Looked:
    found = Looked(row, stands)
    kept = linked.get(stands.package_id or "") if stands else None
    if stands is not None:
        found.before = line_of(stands, kept)
    agency = agencies.find(row) if row.agency else None
    if row.dataset:
        found.package = by_name.get(row.dataset)
        if agency is not None and not fulfils(found.package, agency.id):
            row.wrong(DATASET, NO_DATASET)
    if agency is None:
        return found
    found.after = row.line(agency.id)
    before = found.before
    if found.after is not None and not row.dataset and before and before.agency == agency.id:
        found.after = _with(found.after, before.dataset)
    return found


def _with(line: Line, dataset: str) -> Line:
    return Line(line.agency, line.title, line.frequency, line.due, line.priority, dataset)


def fulfils(package: model.Package | None, agency_id: str) -> bool:
    """Tell whether a dataset may stand for a row of an agency: data, and its own."""
    if package is None or package.owner_org != agency_id:
        return False
    return package.type in dataset_types.of_data()


def line_of(row: AgreedData, package: model.Package | None) -> Line:
    """Return what a row says.

    :param package: its dataset, where the reader may know of it.
    """
    name = package.name if package is not None and fulfils(package, row.agency_id) else ""
    return Line(row.agency_id, row.title, row.frequency, row.due, row.priority, name)


class _Agencies:
    """The agencies that a list may name, by name and by title."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.by_name: dict[str, Agency] = {}
        self.by_title: dict[str, list[Agency]] = defaultdict(list)
        for each in agencies:
            self.by_name[each.name] = each
            self.by_title[_folded(each.title)].append(each)

    def find(self, row: AgreedRow) -> Agency | None:
        """Return the agency of a row; where there is none, or several, the row is wrong."""
        one = self.by_name.get(row.agency.lower())
        called = [one] if one else self.by_title.get(_folded(row.agency), [])
        if len(called) == 1:
            return called[0]
        row.wrong(AGENCY, TWO_AGENCIES if called else NO_AGENCY)
        return None


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def take(rows: Sequence[AgreedRow], year: int, actor: Actor) -> tuple[list[Looked], Any]:
    """Take a list of a year over whole; a second time nothing changes. The caller commits.

    The ledger has no digest of the list: whoever guesses it would learn which datasets it names.

    :returns: the rows, and the receipt, ``None`` where nothing changed.
    :raises InvalidFields: something is wrong by now.
    """
    lock()
    looked = looked_at(rows, year, actor, locked=True)
    if any(each.outcome == "wrong" for each in looked):
        raise InvalidFields({"upload": [Message(MEANWHILE)]})
    changed = [each for each in looked if each.outcome != "same"]
    if not changed:
        return looked, None
    receipt = append(
        model.Session,
        event="jepin.agreed",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"number": year, "written": len(changed)},
    )
    for each in changed:
        _write(each, year, actor, receipt)
    model.Session.flush()
    return looked, receipt


def _write(each: Looked, year: int, actor: Actor, receipt: Any) -> None:
    line, stands = each.after, each.stands
    if line is None:
        if stands is not None:
            model.Session.delete(stands)
        return
    kept = stands or AgreedData(year=year, code=each.row.code)
    moved = stands is not None and stands.agency_id != line.agency
    kept.agency_id, kept.title, kept.frequency = line.agency, line.title, line.frequency
    kept.due, kept.priority = line.due, line.priority
    if each.package is not None:
        kept.package_id = each.package.id
    elif moved:
        kept.package_id = None
    kept.brought_by, kept.brought_at = actor.id, now()
    receipt.tell(kept, "ledger_entry")
    model.Session.add(kept)


def lock() -> None:
    """Let nobody else change the lists until the caller commits, and read anew what stands."""
    reads.lock_named("agreed")
    model.Session.expire_all()
