"""What a receipt, or a file, is of: asked of the policy for whoever asks.

Looked up once for everybody (:mod:`..hidden.knowing`). What the caller may not know of is put in
the place of something that nothing has, before anything is told: so the answer for it is made by
the same code with the same work as that for what is not there.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.cases import show
from ...classification.records import reads
from ...classification.records.model import (
    Decision,
    DecisionVersion,
    Pointer,
    SignedPaper,
    Step,
    Version,
)
from ...classification.rules.definition import workflow
from ...classification.rules.policy import Channel, Facts, as_governed, decide
from ...ledger import codes, proving, reading
from ...ledger.actions import proof_of
from ...ledger.tables import entry_table, receipt_table
from ...surface.references import Named
from ..hidden import knowing, signed_papers
from ..reading import removals
from . import answers, determinations

TOLD = ("event", "outcome", "code", "entry", "hash", "at", "covered", "proven")
"""What is told of an entry of the ledger."""

MOST = 20
"""So many places of the same bytes, or files of one decision, are told at most."""

_entry, _receipt = entry_table.c, receipt_table.c


def of_code(actor: Actor, code: str) -> answers.Known:
    """Return what a receipt is of; nothing of what the actor may not know.

    :param code: as it is kept, without its check sign.
    """
    named = Named(code, "receipt")
    if named in knowing.look_up(actor, {named}).unknown:
        code = codes.new()
    query = (
        sa.select(entry_table, _receipt.code)
        .join(receipt_table, _receipt.entry == _entry.id)
        .where(_receipt.code == code)
    )
    row = model.Session.execute(query).first()
    if row is None:
        return _told([])
    if row.event == knowing.PAPERS:
        paper = model.Session.get(SignedPaper, (row.body.get("detail") or {}).get("paper") or "")
        if paper is not None and signed_papers.may_have(actor, paper):
            return _told([_of_paper(paper, row, actor)])
    facts = reads.facts_of(row.dataset_id) if row.dataset_id else None
    decision = _decided_by(row.id, row.case_id)
    record: answers.Record = {
        "dataset": _about(actor, facts),
        "decision": _decision(decision, facts, actor),
        "papers": _has_papers(actor, decision),
        "removal": removals.case_of(actor, row.case_id, row.id) if row.case_id else None,
        "files": _files(decision, facts, actor),
        "paper": None,
        **_recorded_as(row),
    }
    return _told([record])


def of_bytes(actor: Actor, sha256: str) -> answers.Known:
    """Return what has these bytes, of what the actor may have: versions, and signed papers.

    :param sha256: 64 hexadecimal digits in small letters.
    """
    named = Named(sha256, "bytes")
    if named in knowing.look_up(actor, {named}).unknown:
        sha256 = secrets.token_hex(32)
    query = (
        sa.select(Version, Pointer)
        .outerjoin(Pointer, Pointer.version_id == Version.id)
        .where(Version.sha256 == sha256)
        .order_by(Pointer.version_id.is_(None), Version.created.desc(), Version.id)
        .limit(10 * MOST)
    )
    found: list[answers.Record] = []
    for version, pointer in model.Session.execute(query).all():
        facts = reads.facts_of(version.package_id)
        if knowing.may_have(actor, facts, _more(version, pointer)):
            found.append(_of_version(version, pointer, facts, actor))
    papers = sa.select(SignedPaper).where(SignedPaper.sha256 == sha256)
    rows = model.Session.scalars(papers.order_by(SignedPaper.created_at.desc())).all()
    found += [
        _of_paper(paper, _recorded(paper), actor)
        for paper in rows
        if signed_papers.may_have(actor, paper)
    ]
    return _told(found[:MOST])


def _told(records: list[answers.Record]) -> answers.Known:
    signed = proving.last_head(model.Session)
    return {
        "known": bool(records),
        "records": records,
        "head": signed.as_dict() if signed is not None and records else None,
    }


def _more(version: Version, pointer: Pointer | None) -> list[Any]:
    """Return of a version what :func:`..hidden.knowing.may_have` asks."""
    levels = (
        sa.select(Decision.tingkat_keamanan)
        .join(DecisionVersion, DecisionVersion.decision_id == Decision.id)
        .where(DecisionVersion.version_id == version.id)
    )
    return [
        pointer is not None,
        version.state,
        version.sealed,
        version.uploaded_by,
        version.resource_id,
        list(model.Session.scalars(levels)),
    ]


def _of_version(
    version: Version, pointer: Pointer | None, facts: Facts, actor: Actor
) -> answers.Record:
    by = sa.select(Decision).join(DecisionVersion, DecisionVersion.decision_id == Decision.id)
    by = by.where(DecisionVersion.version_id == version.id)
    # The decision under which it is served, else the last one that covered it.
    order = [Decision.in_force.desc(), Decision.decided_at.desc()]
    decision = model.Session.scalar(by.order_by(*order).limit(1))
    entry = None
    if decision is not None and _sees(actor, facts):
        entry = _entry_of(decision)
    state = "served" if pointer is not None else version.state
    return {
        "dataset": _about(actor, facts),
        "decision": _decision(decision, facts, actor),
        "papers": _has_papers(actor, decision),
        "removal": None,
        "files": [_file(version, "older" if state in ("approved", "superseded") else state)],
        "paper": None,
        **_recorded_as(entry),
    }


def _of_paper(paper: SignedPaper, entry: Any, actor: Actor) -> answers.Record:
    """Return what a signed paper is of, for those who read such papers."""
    if paper.removal is None:
        newest = signed_papers.of_number(paper.nomor)
    else:
        newest = signed_papers.of_removal(paper.removal)
    return {
        "dataset": None,
        "decision": None,
        "papers": False,
        "removal": paper.removal,
        "files": [],
        "paper": {
            "id": paper.id,
            "number": paper.nomor,
            "sha256": paper.sha256,
            "size": paper.size,
            "brought": show.moment(paper.created_at),
            "state": "newest" if newest is not None and newest.id == paper.id else "older",
            "decided": list(_decided_under(paper, actor)),
        },
        **_recorded_as(entry),
    }


def _decided_under(paper: SignedPaper, actor: Actor) -> Iterator[answers.Decided]:
    """Return what a paper decides, of what the actor may see: each dataset and its decision."""
    query = sa.select(Decision).where(Decision.case_id.in_(paper.cases))
    for decision in model.Session.scalars(query.order_by(Decision.decided_at).limit(MOST)):
        facts = reads.facts_of(decision.package_id)
        about = _about(actor, facts)
        if about is not None:
            yield {"dataset": about, "decision": _decision(decision, facts, actor)}


def _recorded(paper: SignedPaper) -> Any:
    """Return the entry of the ledger by which a paper was brought."""
    query = sa.select(entry_table).where(
        _entry.event == knowing.PAPERS, _entry.body["detail"]["paper"].astext == paper.id
    )
    return model.Session.execute(query.limit(1)).first()


def _sees(actor: Actor, facts: Facts | None) -> bool:
    return facts is not None and bool(decide(actor, as_governed(facts), Channel.METADATA))


def _about(actor: Actor, facts: Facts | None) -> answers.Dataset | None:
    """Return the dataset, where the actor may know its title."""
    package = model.Package.get(facts.dataset_id) if facts is not None else None
    if package is None or not _sees(actor, facts):
        return None
    return {"id": package.id, "name": package.name, "title": package.title or package.name}


def _decision(
    decision: Decision | None, facts: Facts | None, actor: Actor
) -> answers.DecisionTold | None:
    if decision is None or not _sees(actor, facts):
        return None
    return {
        "id": decision.id,
        "number": decision.nomor,
        "level": decision.tingkat_keamanan,
        "decided": show.moment(decision.decided_at),
        "in_force": decision.in_force,
    }


def _has_papers(actor: Actor, decision: Decision | None) -> bool:
    """Tell whether there are papers of a decision, and the actor may read them."""
    return decision is not None and determinations.read(actor, decision.id) is not None


def _files(decision: Decision | None, facts: Facts | None, actor: Actor) -> list[answers.FileTold]:
    """Return the files that a decision covers, of those that the actor may have."""
    if decision is None or facts is None:
        return []
    query = (
        sa.select(Version, Pointer)
        .join(DecisionVersion, DecisionVersion.version_id == Version.id)
        .outerjoin(Pointer, Pointer.version_id == Version.id)
        .where(DecisionVersion.decision_id == decision.id)
        .order_by(Version.filename, Version.id)
        .limit(MOST)
    )
    return [
        _file(version, "served" if pointer is not None else "older")
        for version, pointer in model.Session.execute(query).all()
        if knowing.may_have(actor, facts, _more(version, pointer))
    ]


def _file(version: Version, state: str) -> answers.FileTold:
    return {
        "resource": version.resource_id,
        "version": version.id,
        "name": str((version.meta or {}).get("name") or version.filename),
        "state": state,
        "sha256": version.sha256,
        "size": version.size,
        "brought": show.moment(version.created),
    }


def _decided_by(entry: int, case_id: str | None) -> Decision | None:
    """Return what was decided by the step that an entry is of."""
    if case_id is None:
        return None
    query = (
        sa.select(Decision)
        .join(Step, Step.case_id == Decision.case_id)
        .where(
            Step.case_id == case_id,
            Step.ledger_entry == entry,
            Step.to_state.in_(workflow().decided_states),
        )
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    return model.Session.scalar(query)


def _entry_of(decision: Decision) -> Any:
    query = (
        sa.select(entry_table)
        .join(Step, Step.ledger_entry == _entry.id)
        .where(Step.case_id == decision.case_id, Step.to_state.in_(workflow().decided_states))
        .order_by(Step.id.desc())
        .limit(1)
    )
    return model.Session.execute(query).first()


def _recorded_as(row: Any) -> answers.EntryTold:
    """Return what an entry tells and whether a signed head proves it; without an entry nulls."""
    if row is None:
        nothing: Any = dict.fromkeys(TOLD)
        return nothing
    proof = proof_of(row.hash, row.id)
    at: dt.datetime = row.at
    return {
        "event": row.event,
        "outcome": row.outcome,
        "code": reading.codes_of(model.Session, [row.id]).get(row.id),
        "entry": row.id,
        "hash": row.hash,
        "at": show.moment(at),
        "covered": proof["covered"],
        "proven": proof["proven"],
    }
