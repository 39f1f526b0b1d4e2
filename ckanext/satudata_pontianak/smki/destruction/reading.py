"""What is known of a dataset whose data may be destroyed: its term, what stops it, who sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from ckan import model

from ... import config, days
from ...agencies.model import BreakGlassRow
from ...agencies.rules.duties import Actor
from ...classification.clock import retention
from ...classification.records import reads
from ...classification.records.model import Pointer, Version
from ...classification.rules.policy import Channel, Facts, decide
from ...messages import Message
from ...msgids import N_
from .. import incidents, registers
from ..records import concerned, roles
from ..records.destruction_model import APPROVED, DONE, RUNS, SmkiDestruction
from ..records.model import SmkiEntry, now
from ..records.personal_data_model import SubjectRequest
from ..rules.destruction import DESTROYED, Term, against_term, destruction_rules, stopped
from ..rules.personal_data import personal_data
from ..rules.registers import registers as definition
from ..rules.registers import standing

SEEN_BY_FEW = ("subject", "security_incident")
HIDDEN = N_("Something else is open about it; those who work on it know what it is.")
ASSETS, CLASSES = "aset", "retensi"
BACKUPS = "line:backups"


def term_of(package_id: str) -> Term | None:
    """Return what the registers say of how long a dataset is kept; ``None``: no known class.

    Where several lines have the same class the longest term counts, and only if each is destroyed.
    """
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == ASSETS,
        SmkiEntry.package_id == package_id,
        SmkiEntry.ended_at.is_(None),
    )
    line = model.Session.scalars(query).first()
    code = _value(line, "retention") if line is not None else None
    lines = [row for row in _classes() if code and _same(_value(row, "class"), code)]
    if not lines or not isinstance(code, str):
        return None
    fates = {_value(row, "fate") for row in lines}
    decision = reads.decision_in_force(package_id)
    years = [years_of(row) for row in lines]
    return Term(
        code=code.strip(),
        fate=DESTROYED if fates == {DESTROYED} else None,
        years=None if None in years else max(each or 0 for each in years),
        begins=decision.decided_at.astimezone(days.CITY).date() if decision else None,
    )


def years_of(row: SmkiEntry) -> int | None:
    """Return how many years a line of the register of retention keeps what it names."""
    active, inactive = (_value(row, name) for name in ("active", "inactive"))
    if not isinstance(active, int) or not isinstance(inactive, int):
        return None
    return active + inactive


def _classes() -> list[SmkiEntry]:
    query = sa.select(SmkiEntry).where(SmkiEntry.register == CLASSES, SmkiEntry.ended_at.is_(None))
    return list(model.Session.scalars(query))


def _value(row: SmkiEntry, field: str) -> object:
    return standing(definition().registers[row.register], row.known, row.written).get(field)


def _same(one: object, other: object) -> bool:
    texts = [" ".join(t.split()).casefold() if isinstance(t, str) else "" for t in (one, other)]
    return bool(texts[0]) and texts[0] == texts[1]


def stops_of(package_id: str) -> frozenset[str]:
    """Return what stops the destruction of a dataset's data, by name."""
    glass = sa.select(BreakGlassRow.id).where(
        BreakGlassRow.ended_at.is_(None),
        BreakGlassRow.until > now(),
        sa.or_(BreakGlassRow.dataset_id.is_(None), BreakGlassRow.dataset_id == package_id),
    )
    asked = concerned.open_about(package_id)
    found = {
        "subject": model.Session.scalar(asked.limit(1)) is not None,
        "security_incident": concerned.in_open_incident(package_id),
        "emergency": model.Session.scalar(glass.limit(1)) is not None,
    }
    return retention.disputes(package_id) | {name for name, there in found.items() if there}


def outdated(row: SmkiDestruction) -> bool:
    """Tell whether something of what was proposed is another one today.

    That is the term, the decision in force, or a version of the files that is kept.
    """
    term = term_of(row.package_id)
    if term is None or against_term(term, days.today()) is not None:
        return True
    if (term.begins, term.due) != (row.begins, row.due):
        return True
    decision = reads.decision_in_force(row.package_id)
    if decision is None or decision.decided_at > row.proposed_at:
        return True
    kept = files_of(row.package_id, () if row.whole else row.files)
    return any(v.created > row.proposed_at for versions in kept.values() for v in versions)


def stopped_by(package_id: str) -> list[str]:
    """Return what stops it, in the order of the file."""
    found = stops_of(package_id)
    return [name for name in destruction_rules().stops if name in found]


def told(package_id: str, names: Collection[str], actor: Actor) -> list[Message]:
    """Return the words of stops as somebody may read them.

    Of requests of data subjects and incidents of information security, that they do not see, one
    sentence says that it is either.
    """
    hidden = {
        name for name in SEEN_BY_FEW if name in names and not _sees_stop(name, package_id, actor)
    }
    said = stopped(destruction_rules(), {*names} - hidden)
    return [*said, Message(HIDDEN)] if hidden else said


def _sees_stop(name: str, package_id: str, actor: Actor) -> bool:
    if name == "subject":
        if roles.carried_by(actor) & {*personal_data().requests.seen_by}:
            return True
        query = concerned.open_about(package_id).where(SubjectRequest.recorded_by == actor.id)
        return model.Session.scalar(query.limit(1)) is not None
    return any(incidents.sees(actor, row) for row in concerned.open_incidents(package_id))


def owns(actor: Actor, facts: Facts) -> bool:
    """Tell whether somebody is an editor or admin of the agency of a dataset."""
    return actor.active and facts.owner_org in actor.publishes_for


def sees(actor: Actor, facts: Facts, carried: Collection[str]) -> bool:
    """Tell whether somebody sees the destructions of a dataset: by a role, or of their own.

    The policy is asked first; of what is only counted nobody sees one.
    """
    if not actor.active or registers.only_counted(facts):
        return False
    if not decide(actor, facts, Channel.METADATA):
        return False
    return owns(actor, facts) or any(role in destruction_rules().seen_by for role in carried)


def seen(actor: Actor, rows: Iterable[SmkiDestruction]) -> list[SmkiDestruction]:
    """Return the destructions that somebody sees, of these."""
    rows, carried = list(rows), roles.carried_by(actor)
    facts = reads.facts_for({row.package_id for row in rows})
    return [r for r in rows if r.package_id in facts and sees(actor, facts[r.package_id], carried)]


def files_of(package_id: str, only: Collection[str] = ()) -> dict[str, list[Version]]:
    """Return file → its versions whose bytes are still kept.

    :param only: ids of files; none: of every file that the dataset has or had.
    """
    query = sa.select(Version).where(
        Version.package_id == package_id, Version.state != retention.GONE
    )
    if only:
        query = query.where(Version.resource_id.in_(only))
    found: dict[str, list[Version]] = {}
    for row in model.Session.scalars(query.order_by(Version.created, Version.id)):
        found.setdefault(row.resource_id, []).append(row)
    return found


def newer(rows: Collection[SmkiDestruction]) -> set[str]:
    """Return those files of destructions of which another version is kept than those that go."""
    files = {file for row in rows for file in row.files}
    gone = {version for row in rows for version, _, _ in row.versions}
    query = sa.select(Version.resource_id).where(
        Version.resource_id.in_(files), Version.state != retention.GONE, Version.id.not_in(gone)
    )
    return set(model.Session.scalars(query))


def names_of(files: Collection[str]) -> dict[str, str]:
    """Return id → name of files, also of those that are gone."""
    resource = model.Resource
    query = sa.select(resource.id, resource.name).where(resource.id.in_(files))
    return {id_: name or "" for id_, name in model.Session.execute(query).tuples()}


def told_of(
    actor: Actor, facts: Facts, files: Collection[str], served: Collection[str] = ()
) -> dict[str, str]:
    """Return id → name of the files of which somebody is told.

    Others than the owner are told of those alone that are served, or were when they were destroyed.
    """
    names = names_of(files)
    if owns(actor, facts):
        return names
    there = sa.select(Pointer.resource_id).where(Pointer.resource_id.in_(files))
    known = {*model.Session.scalars(there), *served}
    return {file: name for file, name in names.items() if file in known}


def open_of(package_id: str) -> SmkiDestruction | None:
    """Return the destruction of a dataset that runs."""
    query = sa.select(SmkiDestruction).where(
        SmkiDestruction.package_id == package_id, SmkiDestruction.state.in_(RUNS)
    )
    return model.Session.scalars(query).first()


def backups(until: dt.datetime) -> list[tuple[dt.date, dt.date | None]]:
    """Return the backups that were made before a moment: their day, and their last one if known.

    :raises OSError: the folder cannot be looked at.
    """
    folder, kept = config.backup_folder(), None
    for row in _classes():
        if row.key == BACKUPS and _value(row, "fate") == DESTROYED:
            kept = years_of(row)
    if folder is None:
        return []
    made = {
        dt.datetime.fromtimestamp(path.stat().st_mtime, days.CITY).date()
        for path in folder.iterdir()
        if path.is_file() and path.stat().st_mtime <= until.timestamp()
    }
    return [(day, Term("", years=kept, begins=day).due) for day in sorted(made)]


def find(destruction_id: str) -> SmkiDestruction | None:
    """Return a destruction by its id."""
    return model.Session.get(SmkiDestruction, destruction_id)


def done_of(package_id: str) -> list[SmkiDestruction]:
    """Return what was destroyed of a dataset, the latest first."""
    query = sa.select(SmkiDestruction).where(
        SmkiDestruction.package_id == package_id, SmkiDestruction.state == DONE
    )
    return list(model.Session.scalars(query.order_by(SmkiDestruction.done_at.desc())))


def all_done() -> list[SmkiDestruction]:
    """Return every destruction that is done."""
    query = sa.select(SmkiDestruction).where(SmkiDestruction.state == DONE)
    return list(model.Session.scalars(query.order_by(SmkiDestruction.done_at)))


def unfinished(before: dt.datetime) -> int:
    """Return how many were approved before a moment, are not done, and nothing stops them."""
    query = sa.select(SmkiDestruction).where(
        SmkiDestruction.state == APPROVED, SmkiDestruction.concluded_at < before
    )
    return sum(not stops_of(row.package_id) for row in model.Session.scalars(query).all())
