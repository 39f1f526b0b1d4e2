"""May somebody know of what a request names? Asked of the policy, at the same cost for all.

One query finds what references stand for, and the facts of the datasets that they belong to. Where
they stand for nothing, it reads the facts of some other dataset: an answer that came sooner would
tell the two apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

import ckan.plugins as p
from ckan import model

from ... import days
from ...agencies.rules.duties import ANONYMOUS, Actor, Duty
from ...classification.cases import show
from ...classification.records import reads, reads_of_many
from ...classification.rules.axes import classification
from ...classification.rules.definition import workflow
from ...classification.rules.policy import (
    Channel,
    DecisionFacts,
    Facts,
    VersionFacts,
    as_governed,
    decide,
)
from ...surface.references import Kind, Named
from ..reading import removals
from . import signed_papers

_DATASET = """
    SELECT 'dataset' AS kind, p.id AS reference, p.id AS dataset_id, NULL::json AS more
      FROM package p WHERE p.id = ANY(:datasets)
    UNION ALL
    SELECT 'dataset', p.name, p.id, NULL FROM package p WHERE p.name = ANY(:datasets)"""
# The version that is served, or those that wait: what the policy is asked of a file.
_VERSIONS = """
    (SELECT json_agg(json_build_array(o.version_id IS NOT NULL, v.sealed, v.uploaded_by))
       FROM satudata_version v
       LEFT JOIN satudata_pointer o ON o.version_id = v.id
      WHERE v.resource_id = r.id AND (v.state = 'waiting' OR o.version_id IS NOT NULL))"""
_RESOURCE = """
    SELECT 'resource', r.id, r.package_id, {versions}
      FROM resource r WHERE r.id = ANY(:others)"""
_VIEW = """
    SELECT 'view', w.id, r.package_id,
           json_build_object('resource', r.id, 'versions', {versions})
      FROM resource_view w JOIN resource r ON r.id = w.resource_id WHERE w.id = ANY(:others)"""
_VERSION = """
    SELECT 'version', v.id, v.package_id,
           json_build_array(v.state = 'waiting', v.sealed, v.uploaded_by)
      FROM satudata_version v WHERE v.id = ANY(:others)"""
_ACTIVITY = """
    SELECT 'activity', a.id, a.object_id, NULL FROM activity a WHERE a.id = ANY(:others)"""
_DECISION = """
    SELECT 'decision', d.id, d.package_id,
           json_build_array(d.tingkat_keamanan, d.recipients, d.all_agencies)
      FROM satudata_decision d WHERE d.id = ANY(:others)
    UNION ALL
    SELECT 'decision', c.id, c.package_id,
           (SELECT json_build_array(d.tingkat_keamanan, d.recipients, d.all_agencies)
              FROM satudata_decision d WHERE d.case_id = c.id
             ORDER BY d.decided_at DESC LIMIT 1)
      FROM satudata_case c WHERE c.id = ANY(:others)"""
_REMOVAL = """
    SELECT 'removal', c.id, c.package_id,
           (SELECT json_build_array(d.tingkat_keamanan, d.recipients, d.all_agencies)
              FROM satudata_decision d WHERE d.package_id = c.package_id
             ORDER BY d.decided_at DESC LIMIT 1)
      FROM satudata_case c WHERE c.kind = 'remove' AND c.id = ANY(:others)"""
# The same bytes may stand in several datasets: each row is asked about.
_BYTES = """
    SELECT 'bytes', v.sha256, v.package_id,
           json_build_array(o.version_id IS NOT NULL, v.state, v.sealed, v.uploaded_by,
             v.resource_id, (SELECT json_agg(d.tingkat_keamanan)
                               FROM satudata_decision_version q
                               JOIN satudata_decision d ON d.id = q.decision_id
                              WHERE q.version_id = v.id))
      FROM satudata_version v LEFT JOIN satudata_pointer o ON o.version_id = v.id
     WHERE v.sha256 = ANY(:others)"""
# A signed paper belongs to no dataset alone: facts of some other are read, as for an unknown one.
# That of a removal is of one dataset.
_PAPER = """
    SELECT 'paper', s.sha256,
           COALESCE((SELECT p.id FROM satudata_case c JOIN package p ON p.id = c.package_id
                      WHERE c.id = s.removal), :another),
           json_build_array(s.removal, (SELECT c.package_id FROM satudata_case c
                                         WHERE c.id = s.removal),
             (SELECT json_build_array(d.tingkat_keamanan, d.recipients, d.all_agencies)
                FROM satudata_case c JOIN satudata_decision d ON d.package_id = c.package_id
               WHERE c.id = s.removal ORDER BY d.decided_at DESC LIMIT 1))
      FROM satudata_signed_paper s WHERE s.sha256 = ANY(:others)"""
_RECEIPT = """
    SELECT 'receipt', c.code,
           COALESCE((SELECT p.id FROM package p WHERE p.id = e.dataset_id), :another),
           json_build_array(e.actor_id, e.event, e.dataset_id,
             (SELECT json_build_array(d.tingkat_keamanan, d.recipients, d.all_agencies)
                FROM satudata_step s JOIN satudata_decision d ON d.case_id = s.case_id
               WHERE s.case_id = e.case_id AND s.ledger_entry = e.id AND s.to_state = ANY(:decided)
               ORDER BY d.decided_at DESC LIMIT 1),
             (SELECT c.kind FROM satudata_case c WHERE c.id = e.case_id),
             (SELECT json_build_array(d.tingkat_keamanan, d.recipients, d.all_agencies)
                FROM satudata_decision d WHERE d.package_id = e.dataset_id
               ORDER BY d.decided_at DESC LIMIT 1))
      FROM satudata_ledger.receipt c JOIN satudata_ledger.entry e ON e.id = c.entry
     WHERE c.code = ANY(:others)"""
_PARTS = {
    "dataset": _DATASET,
    "resource": _RESOURCE,
    "view": _VIEW,
    "version": _VERSION,
    "activity": _ACTIVITY,
    "decision": _DECISION,
    "removal": _REMOVAL,
}
_TOKENS = {"bytes": _BYTES + " UNION ALL " + _PAPER, "receipt": _RECEIPT}
"""What is no name in a request: looked up by :mod:`..papers.receipts` alone, not with ``any``."""
_APART = ("paper", "receipt")
"""What may belong to no dataset: the facts of some other one are read with it."""
REQUESTS = "access_request."
"""Events of requests for access: who asked may have no account."""
PAPERS = "paper.record"
"""The event of a signed paper that was brought."""

MAYBE = ("maybe", "any")
SEVERAL = ("bytes", "any")
"""What may stand for several things: known where one of them is. The id of the case of a removal
is that of a decision as well, which nobody sees once the dataset is gone."""
DRAFTED_BY = (Duty.PPID, Duty.ATASAN_PPID)
"""Who prints the papers of a decision before it is taken."""

_queries: dict[tuple[frozenset[str], bool, bool], sa.TextClause] = {}
_some_dataset: list[str] = []


@dataclass(frozen=True)
class Answer:
    """What references stand for.

    ``unknown``: those that stand for nothing that the actor may know of. One that may stand for
    something else (``MAYBE``) is among them only where it stands for what they may not know of.
    ``unseen``: those of them that stand for something, and the dataset that it belongs to.
    ``datasets``: id or name of each dataset that they may know of, and its id.
    ``page``: what was read of datasets, where the whole of it was asked for.
    """

    unknown: set[Named]
    unseen: dict[str, str]
    datasets: dict[str, str]
    page: reads_of_many.Page | None = None


def look_up(
    actor: Actor, named: Collection[Named], *, nobody: bool = False, whole: bool = False
) -> Answer:
    """Return what references stand for, as far as the actor may know.

    :param nobody: the actor has no name, and nothing later in this request asks for these facts,
        which are read without cases, duties and grants.
    :param whole: read with the facts what ``package_show`` needs besides; with ``nobody`` only.
    """
    whole = whole and nobody
    rows = _found(named, nobody=nobody, whole=whole)
    read = reads_of_many.Page() if whole else None
    known: set[str] = set()
    unseen: dict[str, str] = {}
    for row in rows:
        if row.id is None:  # an activity of an agency, a group or a person; or nothing at all
            if row.reference and _knows_apart(actor, row.kind, row.more):
                known.add(row.reference)
            if not row.reference or row.kind in _APART:
                _some_dataset.clear()  # it was purged
            continue
        facts = reads.facts_from(row)
        if not nobody:
            reads.keep_in_mind(facts)
        # Of what stands for nothing the policy is asked as well.
        sees = _knows(actor, facts, row.kind, row.more)
        if row.reference is not None:
            if sees:
                known.add(row.reference)
                if read is not None:
                    reads_of_many.take(read, row, facts)
            else:
                unseen[row.reference] = row.dataset_id
    unknown = {
        one
        for one in named
        if (one.text in unseen and not (one.kind in SEVERAL and one.text in known))
        or (one.kind not in MAYBE and one.text not in known)
    }
    seen = (row for row in rows if row.kind == "dataset" and row.reference not in unseen)
    return Answer(unknown, unseen, {row.reference: row.dataset_id for row in seen}, read)


def _found(named: Iterable[Named], *, nobody: bool, whole: bool) -> list[Any]:
    kinds = frozenset(one.kind for one in named)
    if "any" in kinds:
        kinds |= frozenset(_PARTS)
    wanted = frozenset(k for k in kinds if k in _PARTS or k in _TOKENS) | {"dataset"}
    if not p.plugin_loaded("activity"):
        wanted -= {"activity"}
    query = _queries.get((wanted, nobody, whole))
    if query is None:
        # The first part names the columns.
        known = {**_PARTS, **_TOKENS}
        parts = [_DATASET, *(sql for kind, sql in known.items() if kind in wanted - {"dataset"})]
        union = " UNION ALL ".join(parts).format(versions=_VERSIONS)
        facts = reads.facts_of_named(union, nobody=nobody)
        query = reads_of_many.for_nobody(facts) if whole else sa.text(facts)
        _queries[wanted, nobody, whole] = query
    given: dict[str, Any] = {
        "datasets": list({one.text for one in named if one.kind in ("dataset", *MAYBE)}),
        "others": list({one.text for one in named if one.kind != "dataset"}),
        "another": _another(),
        "today": days.today(),
    }
    if wanted == {"dataset"}:
        del given["others"]
    if nobody:
        del given["today"]
    if "receipt" in wanted:
        given["decided"] = list(workflow().decided_states)
    return list(model.Session.execute(query, given))


def _another() -> str:
    if not _some_dataset:
        first = sa.select(model.Package.id).limit(1)
        _some_dataset[:] = [model.Session.scalar(first) or ""]
        if not _some_dataset[0]:
            _some_dataset.clear()
            return ""
    return _some_dataset[0]


def _is_own(actor: Actor, more: list[Any]) -> bool:
    """Tell whether a receipt is of the actor's own act, or the actor is the auditor."""
    own = actor.id is not None and more[0] == actor.id
    return actor.active and (own or actor.has(Duty.PENGAWAS))


def may_have(actor: Actor, facts: Facts, more: list[Any]) -> bool:
    """Tell whether the actor may have the bytes of a version, or everybody could have had them.

    An older version counts that a decision called open, while the data of its file are everybody's.

    :param more: of ``_BYTES``.
    """
    approved, state, sealed, uploader, resource_id, levels = more
    asked = VersionFacts(bool(approved), bool(sealed), uploader, resource_id)
    if approved or state == "waiting":
        return bool(decide(actor, as_governed(facts), Channel.DATA, asked))
    if sealed or state not in ("approved", "superseded"):
        return False
    answer = decide(ANONYMOUS, as_governed(facts), Channel.DATA)
    opened = any(classification().is_open(level) for level in levels or ())
    return bool(answer) and "everyone" in answer.readers and opened


def _knows_apart(actor: Actor, kind: str, more: Any) -> bool:
    """Tell whether the actor may know of what belongs to no dataset that is there."""
    if kind == "paper":
        return more[0] is None and signed_papers.may_read(actor)
    if kind == "receipt":
        papers = more[1] == PAPERS and more[2] is None and signed_papers.may_read(actor)
        return papers or _is_own(actor, more)
    return True


def _may_check(actor: Actor, facts: Facts, more: list[Any]) -> bool:
    """Tell whether the actor may learn what a receipt is of.

    Whose it is and the auditor may; who sees the case; of a decision, and of a request for access,
    who sees the metadata; of a signed paper, who reads such papers; of a removal, who reads its.
    """
    _, event, dataset_id, level, kind, stood = more
    facts = as_governed(facts)
    sees = show.may_see_case(actor, facts)  # asked always, at the same cost
    sees |= removals.may_read(actor, facts, stood) and kind == removals.KIND
    if dataset_id != facts.dataset_id:
        return _knows_apart(actor, "receipt", more)
    if _is_own(actor, more) or sees:
        return True
    if level is not None:
        then = DecisionFacts(level[0], frozenset(level[1] or ()), bool(level[2]))
        under = replace(facts, decision=then, grants=frozenset())
        return all(bool(decide(actor, f, Channel.METADATA)) for f in (facts, under))
    return event.startswith(REQUESTS) and bool(decide(actor, facts, Channel.METADATA))


def _reads(actor: Actor, facts: Facts, more: Any) -> bool:
    """Tell whether the actor reads a signed paper; of a decision's the policy is asked for time."""
    removal, dataset_id, level = more or (None, None, None)
    sees = removals.may_read(actor, facts, level)
    if removal is None:
        return signed_papers.may_read(actor)
    return sees and dataset_id == facts.dataset_id and signed_papers.may_read_removals(actor)


ASKED = {"bytes": may_have, "receipt": _may_check, "paper": _reads, "removal": removals.may_read}
"""Who may know of what has a rule of its own."""


def _knows(actor: Actor, facts: Facts, kind: Kind, more: Any) -> bool:
    asked = ASKED.get(kind)
    if asked is not None:
        return asked(actor, facts, more)
    if not facts.governed:
        return kind != "version" or bool(decide(actor, as_governed(facts), Channel.EXISTS))
    if not decide(actor, facts, Channel.EXISTS):
        return False
    if kind == "resource":
        return _sees_file(actor, facts, more or [])
    if kind == "view":
        return _has_data(actor, facts, more["resource"], more["versions"] or [])
    if kind == "version":
        waits, sealed, uploader = more
        asked = VersionFacts(approved=False, sealed=bool(sealed), uploader=uploader)
        return not waits or bool(decide(actor, facts, Channel.METADATA, asked))
    if kind == "activity":
        return bool(decide(actor, facts, Channel.METADATA))
    if kind == "decision":
        if more is None:  # the case of one that is not taken yet: those who sign it print a draft
            drafts = any(actor.has(duty) for duty in DRAFTED_BY)
            return drafts and bool(decide(actor, facts, Channel.METADATA))
        level, recipients, every = more
        then = DecisionFacts(level, frozenset(recipients or ()), bool(every))
        under = replace(facts, decision=then, grants=frozenset())
        return all(bool(decide(actor, f, Channel.METADATA)) for f in (facts, under))
    return True


def _sees_file(actor: Actor, facts: Facts, versions: list[Any]) -> bool:
    """Tell whether a file is approved, or a version of it waits that the actor sees."""
    if any(approved for approved, _, _ in versions):
        return True
    if decide(actor, facts, Channel.METADATA, VersionFacts(approved=False)):
        return True
    waiting = (VersionFacts(False, bool(sealed), uploader) for _, sealed, uploader in versions)
    return any(decide(actor, facts, Channel.METADATA, asked) for asked in waiting)


def _has_data(actor: Actor, facts: Facts, resource_id: str, versions: list[Any]) -> bool:
    """Tell whether the actor may have what a view shows: the approved data, or what waits."""
    asked = [
        VersionFacts(bool(approved), bool(sealed), uploader, resource_id)
        for approved, sealed, uploader in versions
    ]
    approved = [one for one in asked if one.approved]
    return any(decide(actor, facts, Channel.DATA, one) for one in approved or asked)
