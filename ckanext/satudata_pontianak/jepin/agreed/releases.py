"""Who publishes is reminded of the next figures of a dataset, as of a row of an agreed data list.

Their day follows from how often they come and from the newest period in the data, as everywhere
(``metadata/freshness.py``); the days of the reminders are those of the agreed data list. Figures
that wait for a decision came, as far as their agency goes. Whoever may not have the data is told by
the day that they can read without them. Where a row of the list is reminded of, its dataset is not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...classification.notices import notices
from ...classification.records import dataset_types, reads
from ...classification.records.model import Pointer, Version
from ...classification.rules.policy import Channel, Facts, VersionFacts, as_governed, decide
from ...classification.versions import table_state
from ...metadata import freshness
from ...smki.records.committing import apart
from ..records.agreed_model import AgreedData
from ..rules.agreed import Reminder, Stage, agreed

KINDS = {
    Reminder.NEAR: "release_due",
    Reminder.PAST: "release_late",
    Reminder.LONG_PAST: "release_overdue",
}
_FREQUENCY, _SCHEDULED = _SAID = ("frekuensi_penerbitan", "jadwal_rilis")


@dataclass
class Coming:
    """A dataset, with what says when its next figures are due, and the files that do."""

    id: str
    owner: str
    said: Mapping[str, Any]
    files: list[dict[str, Any]] = field(default_factory=list)
    served: list[VersionFacts] = field(default_factory=list)

    def due(self, *, with_data: bool) -> dt.date | None:
        """Return the day of the next figures, for who may have the data or may not."""
        files = [file if with_data else {**file, freshness.NEWEST: None} for file in self.files]
        return freshness.next_of_dataset({**self.said, "resources": files})

    def stage(self, due: dt.date | None, today: dt.date) -> Stage | None:
        """Return the reminder whose day it is; none that lies before the data that came last."""
        found = agreed().reminder(due, today) if due is not None else None
        if due is None or found is None:
            return None
        last = freshness.last_update({"resources": self.files})
        passed = last is not None and due + dt.timedelta(days=found.days) <= last
        return None if passed else found


def remind(today: dt.date | None = None) -> int:
    """Tell who publishes that the day of next figures is near or past; commit.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    first, last = agreed().reminded(day)
    listed = _listed(first, last)
    near = []
    for each in _coming():
        dues = [each.due(with_data=with_data) for with_data in (True, False)]
        if each.id not in listed and any(each.stage(due, day) for due in dues):
            near.append(each)
    facts = reads.facts_for(each.id for each in near)
    for each in near:
        with apart(f"release of {each.id}"):
            told += _tell(each, as_governed(facts[each.id]), day)
    model.Session.commit()
    return told


def _tell(coming: Coming, facts: Facts, day: dt.date) -> int:
    told = 0
    for kind in KINDS.values():
        people: defaultdict[tuple[dt.date, Stage], list[str]] = defaultdict(list)
        for user in notices.recipients(kind, coming.owner):
            actor = registry.actor_for(user)
            has = all(decide(actor, facts, Channel.DATA, version) for version in coming.served)
            due = coming.due(with_data=has)
            stage = coming.stage(due, day)
            if due is not None and stage is not None and KINDS[stage.kind] == kind:
                people[due, stage].append(user)
        for (due, stage), users in people.items():
            told += notices.tell(
                model.Session,
                kind,
                users,
                dataset_id=coming.id,
                facts={"due": due.isoformat()},
                about=f"release:{coming.id}:{due}:{stage.days}",
            )
    return told


def _listed(first: dt.date, last: dt.date) -> Collection[str]:
    """Return the datasets of rows of the list of which somebody is reminded now."""
    query = sa.select(AgreedData.package_id).where(
        AgreedData.due.between(first, last), AgreedData.package_id.is_not(None)
    )
    return {id for id in model.Session.scalars(query) if id}


def _coming() -> Iterator[Coming]:
    """Give the datasets that have data, or name the day on which they come."""
    of, file = model.Package, model.Resource
    said = [of.extras[name].astext for name in _SAID]
    query = sa.select(of.id, of.owner_org, *said).where(
        of.state == model.State.ACTIVE,
        of.type.in_(dataset_types.of_data()),
        of.owner_org.is_not(None),
    )
    found = {
        id: Coming(id, owner, dict(zip(_SAID, values, strict=True)))
        for id, owner, *values in model.Session.execute(query.order_by(of.id))
    }
    came = sa.func.coalesce(file.last_modified, file.created)
    held = (
        sa.select(Version, Pointer.version_id == Version.id, came)
        .outerjoin(Pointer, Pointer.version_id == Version.id)
        .join(file, file.id == Version.resource_id)
        .where(
            file.state == model.State.ACTIVE,
            sa.or_(Pointer.version_id.is_not(None), Version.state == "waiting"),
        )
    )
    for version, served, since in model.Session.execute(held).tuples():
        if (coming := found.get(version.package_id)) is None:
            continue
        # As the page of the dataset has it: of what is served, since when it is.
        moment = since if served else version.created
        newest = table_state.newest_in(version.tabled)
        coming.files.append({"last_modified": moment.isoformat(), freshness.NEWEST: newest})
        if served:
            coming.served.append(VersionFacts(True, version.sealed, version.uploaded_by))
    yield from (each for each in found.values() if each.files or each.said[_SCHEDULED])
