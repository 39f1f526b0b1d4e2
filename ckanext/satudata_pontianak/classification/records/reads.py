"""Read from our tables what the rules need, for many datasets with one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import flask
import sqlalchemy as sa

from ckan import model

from ... import days
from ..rules import findings
from ..rules.definition import workflow
from ..rules.policy import CaseFacts, DecisionFacts, Facts, GrantFacts, VersionFacts
from . import dataset_types, rulesets
from .model import Case, Decision, Hold, Pointer, Resolution, Scan, Step, Version

Found = TypeVar("Found")

_FACTS = """
    SELECT {named} p.id, p.owner_org, p.type, p.state AS package_state,
           d.tingkat_keamanan, d.recipients, d.all_agencies,
           {case},
           (SELECT array_agg(DISTINCT h.scope) FROM satudata_hold h
             WHERE h.package_id = p.id AND h.released_at IS NULL) AS holds,
           {people}
      FROM {source}
      LEFT JOIN satudata_decision d ON d.package_id = p.id AND d.in_force
      {joined}
"""
_ONES = {"named": "", "source": "package p"}
_WHICH = " WHERE p.id IN :ids"
_CASE = """
           c.state AS case_state, c.kind AS case_kind, c.accepted_by,
           c.changes ->> 'owner_org' AS target_org"""
_PEOPLE = """
           (SELECT array_agg(DISTINCT s.to_state) FROM satudata_step s
             WHERE s.package_id = p.id AND s.to_state IS NOT NULL) AS states,
           (SELECT json_agg(json_build_array(g.id, g.user_id, g.resources, g.agency_id))
              FROM satudata_grant g
             WHERE g.package_id = p.id AND g.decision_id = d.id AND g.user_id IS NOT NULL
               AND g.ended_at IS NULL AND g.last_day >= :today) AS grants"""
_JOINED = """
      LEFT JOIN satudata_case c ON c.package_id = p.id
           AND c.ended_at IS NULL"""
_ALL = {"case": _CASE, "people": _PEOPLE, "joined": _JOINED}
FACTS = sa.text(_FACTS.format(**_ONES, **_ALL) + _WHICH).bindparams(
    sa.bindparam("ids", expanding=True)
)
# Nobody without a name holds a case or a duty, or has a grant: their facts cost half without.
_NOBODY = {
    "case": "NULL AS case_state",
    "people": "NULL AS states, NULL AS grants",
    "joined": "",
}
FACTS_FOR_NOBODY = _FACTS.format(**_ONES, **_NOBODY) + _WHICH
_OF_NAMED = """
    WITH named AS ({named}), asked AS (
        SELECT kind, reference, dataset_id, more FROM named
        UNION ALL
        SELECT 'another', NULL, :another, NULL WHERE NOT EXISTS (SELECT 1 FROM named)
    )
    {facts}
"""


def facts_of_named(named: str, *, nobody: bool = False) -> str:
    """Return the query of what references stand for, with the facts of those datasets.

    Where they stand for nothing, it gives the facts of the dataset ``:another``: at the same cost.

    :param named: SQL that gives ``kind``, ``reference``, ``dataset_id`` and ``more``.
    :param nobody: the reader has no name: the facts lack cases, duties and grants.
    """
    facts = _FACTS.format(
        named="n.kind, n.reference, n.dataset_id, n.more,",
        source="asked n LEFT JOIN package p ON p.id = n.dataset_id",
        **(_NOBODY if nobody else _ALL),
    )
    return _OF_NAMED.format(named=named, facts=facts)


# Under this name a public page remembers facts while it is made: see :func:`remember`.
_MEMORY = "satudata.facts"
_BEGUN = "satudata.facts_at_first"


def remember() -> None:
    """Read each dataset's facts once in the running web request.

    For pages alone that somebody without a name reads and nothing changes: they show one moment,
    and ask of one dataset many times. Bytes are never served by what is remembered; see
    :func:`settled`.
    """
    flask.request.environ[_MEMORY] = {}


def _memory() -> dict[str, Facts] | None:
    return flask.request.environ.get(_MEMORY) if flask.has_request_context() else None


def facts_for(dataset_ids: Iterable[str], *, fresh: bool = False) -> dict[str, Facts]:
    """Return the facts of each dataset that exists, by id. One query.

    A dataset that is missing here is unknown: whoever asks must treat it as closed.

    :param fresh: read them from the database, whatever the request remembers.
    """
    ids = list(dict.fromkeys(dataset_ids))
    memory = None if fresh else _memory()
    known = {i: memory[i] for i in ids if i in memory} if memory else {}
    wanted = [i for i in ids if i not in known]
    if not wanted:
        return known
    rows = model.Session.execute(FACTS, {"ids": wanted, "today": days.today()})
    found = {row.id: facts_from(row) for row in rows}
    if memory is not None:
        memory.update(found)
    return known | found


def keep_in_mind(facts: Facts) -> None:
    """Spare a public page reading again what was read for it a moment ago.

    Other requests begin with it where they compare: see :func:`settled`.
    """
    memory = _memory()
    if memory is not None:
        memory[facts.dataset_id] = facts
    elif flask.has_request_context():
        flask.request.environ.setdefault(_BEGUN, {})[facts.dataset_id] = facts


def facts_from(row: Any) -> Facts:
    """Return what a row with the columns of the query above says of a dataset."""
    states = workflow().states
    decision = None
    if row.tingkat_keamanan is not None:
        decision = DecisionFacts(
            row.tingkat_keamanan, frozenset(row.recipients or ()), bool(row.all_agencies)
        )
    undeclared = dataset_types.is_undeclared(row.type)
    held_by = {states[s].holder for s in row.states or () if s in states}
    return Facts(
        dataset_id=row.id,
        owner_org=row.owner_org,
        governed=undeclared or dataset_types.is_governed(row.type),
        undeclared=undeclared,
        decision=decision,
        case=_case_facts(row) if row.case_state else None,
        case_duties=frozenset(h for h in held_by if h),
        holds=frozenset(row.holds or ()),
        grants=frozenset(
            GrantFacts(grant, user, frozenset(files) if files is not None else None, agency)
            for grant, user, files, agency in row.grants or ()
        ),
        deleted=row.package_state == "deleted",
    )


def _case_facts(row: Any) -> CaseFacts:
    """Return whose desk the case is on, and who has to accept the dataset meanwhile."""
    definition = workflow()
    state = definition.states.get(row.case_state)
    steps = definition.from_state(row.case_state)
    waits = any(t.of == "target" and row.case_kind in t.kinds for t in steps)
    receiver = row.target_org if waits and row.accepted_by is None else None
    return CaseFacts(row.case_state, state.holder if state else None, receiver)


def facts_of(dataset_id: str, *, fresh: bool = False) -> Facts:
    """Return the facts of one dataset; of an unknown one facts that admit nobody."""
    found = facts_for([dataset_id], fresh=fresh).get(dataset_id)
    return found or unknown(dataset_id)


def unknown(dataset_id: str) -> Facts:
    """Return the facts of a dataset that there is not: they admit nobody."""
    return Facts(dataset_id, None, deleted=True)


def settled(
    dataset_id: str, read: Callable[[], Found], *, forget: Callable[[], None] | None = None
) -> tuple[Facts, Found]:
    """Return a dataset's facts, and what ``read`` gives under them.

    These are two reads: a decision that falls between them would give the bytes of the new one
    under the word of the old. Facts that are the same before and after belong to what was read.
    Those before may be the ones that the request began with: they are compared all the same.

    :param forget: called before it is read again, where the session keeps rows that were read.
    """
    begun = flask.request.environ.get(_BEGUN, {}) if flask.has_request_context() else {}
    facts = begun.get(dataset_id) or facts_of(dataset_id, fresh=True)
    while True:
        found = read()
        again = facts_of(dataset_id, fresh=True)
        if again == facts:
            return facts, found
        if forget is not None:
            forget()
        facts = again


def lock_judging(dataset_id: str, *, alone: bool = False) -> None:
    """Lock until the transaction ends that something of a dataset begins to be judged.

    Whatever begins that (a hold, a case, an incident, a request) shares the lock.

    :param alone: nothing begins meanwhile; what has begun is committed and can be read.
    """
    lock_named(f"judging {dataset_id}", alone=alone)


def lock_named(name: str, *, alone: bool = True) -> None:
    """Take a lock of this portal's by its name until the transaction ends.

    :param alone: nobody else has it meanwhile; else whoever shares it does.
    """
    locked = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
    number = sa.func.hashtextextended(f"satudata-{name}", 0)
    model.Session.execute(sa.select(locked(number)))


def open_case(dataset_id: str, *, lock: bool = False) -> Case | None:
    """Return the open case of a dataset, locked until the transaction ends if asked."""
    query = sa.select(Case).where(Case.package_id == dataset_id, Case.ended_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query).one_or_none()


def last_case(dataset_id: str) -> Case | None:
    """Return the case that was opened last, ended or not."""
    query = sa.select(Case).where(Case.package_id == dataset_id).order_by(Case.opened_at.desc())
    return model.Session.scalars(query.limit(1)).first()


def decision_in_force(dataset_id: str) -> Decision | None:
    """Return the decision in force, or ``None``."""
    query = sa.select(Decision).where(Decision.package_id == dataset_id, Decision.in_force)
    return model.Session.scalars(query).one_or_none()


def pointers_of(dataset_ids: Iterable[str]) -> dict[str, tuple[Pointer, Version]]:
    """Return resource id → pointer and the version it serves, for all these datasets."""
    ids = list(dataset_ids)
    if not ids:
        return {}
    query = (
        sa.select(Pointer, Version)
        .join(Version, Version.id == Pointer.version_id)
        .where(Pointer.package_id.in_(ids))
    )
    return {p.resource_id: (p, v) for p, v in model.Session.execute(query).tuples()}


def waiting_versions(dataset_ids: Iterable[str]) -> list[Version]:
    """Return the versions that wait, oldest first."""
    ids = list(dataset_ids)
    if not ids:
        return []
    query = (
        sa.select(Version)
        .where(Version.package_id.in_(ids), Version.state == "waiting")
        .order_by(Version.created, Version.id)
    )
    return list(model.Session.scalars(query))


def scans_of(version_ids: Iterable[str]) -> dict[str, Scan]:
    """Return version id → the scan that counts for it, for those that have one.

    It is that of the ruleset that is enforced. What was not scanned under that one (it came after
    the rules changed) has only that of the newest ruleset. See :mod:`.rulesets`.
    """
    ids = list(version_ids)
    if not ids:
        return {}
    newest, enforced = rulesets.newest(), rulesets.enforced_column()
    query = (
        sa.select(Scan)
        .where(Scan.version_id.in_(ids), Scan.ruleset.in_((newest, enforced)))
        .order_by((Scan.ruleset == enforced).desc())
    )
    found: dict[str, Scan] = {}
    for scan in model.Session.scalars(query):
        found.setdefault(scan.version_id, scan)
    return found


def scans_by(version_ids: Iterable[str], ruleset: str) -> dict[str, Scan]:
    """Return version id → its scan with this very ruleset, whether it counts or not."""
    ids = list(version_ids)
    if not ids:
        return {}
    query = sa.select(Scan).where(Scan.version_id.in_(ids), Scan.ruleset == ruleset)
    return {s.version_id: s for s in model.Session.scalars(query)}


def resolutions_of(hashes: Iterable[str | None]) -> dict[str, dict[findings.Place, findings.Said]]:
    """Return SHA-256 → place → what was said of the finding there, under whatever rules."""
    wanted = {h for h in hashes if h}
    if not wanted:
        return {}
    result: dict[str, dict[findings.Place, findings.Said]] = {}
    query = sa.select(Resolution).where(Resolution.sha256.in_(wanted))
    for row in model.Session.scalars(query):
        where = (row.table_name, row.column_name, row.kind)
        carried = row.carried_from is not None
        said = findings.Said(row.resolution, row.resolved_by, row.rule, carried)
        result.setdefault(row.sha256, {})[where] = said
    return result


def answers_of(
    versions: Iterable[Version], scans: Mapping[str, Scan]
) -> dict[str, dict[findings.Place, findings.Said]]:
    """Return version id → place → what was said and still stands under the rules of its scan.

    :param scans: version id → the scan that counts.
    """
    scanned = [v for v in versions if v.sha256 and v.id in scans]
    said = resolutions_of(v.sha256 for v in scanned)
    return {
        v.id: findings.lasting(said[v.sha256], scans[v.id].ruleset, scans[v.id].report)
        for v in scanned
        if v.sha256 in said
    }


def earlier_answers(package_id: str, resource_id: str) -> list[findings.Earlier]:
    """Return what was said of findings in any version of a resource, newest first."""
    hashes = sa.select(Version.sha256).where(
        Version.package_id == package_id, Version.resource_id == resource_id
    )
    return _earlier(Resolution.sha256.in_(hashes))


def earlier_answers_of_text(package_id: str) -> list[findings.Earlier]:
    """Return what was said of findings in the texts of a dataset, newest first."""
    return _earlier(
        (Resolution.package_id == package_id)
        & Resolution.table_name.startswith(findings.METADATA, autoescape=True)
    )


def _earlier(wanted: sa.ColumnElement[bool]) -> list[findings.Earlier]:
    query = sa.select(Resolution).where(wanted).order_by(Resolution.resolved_at.desc())
    return [
        findings.Earlier(
            id=row.id,
            sha256=row.sha256,
            where=(row.table_name, row.column_name, row.kind),
            resolution=row.resolution,
            ground=row.ground,
            reason=row.reason,
            at=row.resolved_at.isoformat(),
        )
        for row in model.Session.scalars(query)
    ]


def active_holds(dataset_id: str) -> list[Hold]:
    """Return the holds that were not released, oldest first."""
    query = (
        sa.select(Hold)
        .where(Hold.package_id == dataset_id, Hold.released_at.is_(None))
        .order_by(Hold.placed_at)
    )
    return list(model.Session.scalars(query))


def steps_of(case_id: str) -> list[Step]:
    """Return the steps of a case in their order."""
    query = sa.select(Step).where(Step.case_id == case_id).order_by(Step.id)
    return list(model.Session.scalars(query))


def parts_of(case_id: str) -> dict[str, frozenset[str]]:
    """Return part → ids of the people who acted in it in this case."""
    rows = model.Session.execute(
        sa.select(Step.part, Step.actor_id)
        .where(Step.case_id == case_id, Step.part.is_not(None), Step.actor_id.is_not(None))
        .distinct()
    )
    parts: dict[str, set[str]] = {}
    for part, actor_id in rows:
        parts.setdefault(part, set()).add(actor_id)
    return {part: frozenset(people) for part, people in parts.items()}


def referral_open(dataset_id: str) -> bool:
    """Tell whether a referral to PPID, of this or an earlier case, has no conclusion yet.

    A case that PPID or the clock opened at PPID's desk is one as well. A withdrawn or returned
    case does not conclude it: only the steps listed under ``conclusions`` in ``workflow.yaml``
    do. A hold that nobody lifted counts like a referral.
    """
    definition = workflow()
    query = sa.select(Step).where(Step.package_id == dataset_id).order_by(Step.id)
    since: dt.datetime | None = None
    concluded: dt.datetime | None = None
    for step in model.Session.scalars(query):
        if definition.refers(step.action, step.from_state, step.to_state):
            since = step.at
        elif definition.concludes(step.action, step.from_state or "", step.fields):
            since, concluded = None, step.at
    held = [h for h in active_holds(dataset_id) if concluded is None or h.placed_at > concluded]
    return since is not None or bool(held)


def version_facts(version: Version, pointer: Pointer | None) -> VersionFacts:
    """Return what the policy needs to know about a version."""
    return VersionFacts(
        approved=pointer is not None and pointer.version_id == version.id,
        sealed=version.sealed,
        uploader=version.uploaded_by,
        resource_id=version.resource_id,
    )


def findings_summary(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Flatten a scan's report: one item for each kind and column. No value stands in it."""
    items: list[dict[str, Any]] = []
    for file in report.get("files", ()):
        for table in file.get("tables", ()):
            for column in table.get("columns", ()):
                place = {
                    "table": table.get("name"),
                    "column": column.get("name"),
                    "index": column.get("index"),
                }
                items += [{**place, **finding} for finding in column.get("findings", ())]
    return items
