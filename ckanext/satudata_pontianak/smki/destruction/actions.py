"""Actions on destructions of data: thin, each one call into the room."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import config
from ...access.papers.paper_actions import read_scan
from ...access.reading import guard
from ...agencies import registry, words
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters, reads
from ...classification.requests.actions import tried
from ...msgids import N_
from ..records import roles
from ..records.committing import committed
from ..records.destruction_model import APPROVED, DONE, PROPOSED, REFUSED, RUNS, SmkiDestruction
from ..records.model import now
from ..rules.definition import smki
from ..rules.destruction import OWNER, Term
from . import answers, carrying, proposals, reading
from .places import places

log = logging.getLogger(__name__)
MAX_ROWS = 500
STATES: Mapping[str, str] = {
    PROPOSED: N_("Proposed"),
    APPROVED: N_("Approved; it is carried out"),
    REFUSED: N_("Refused or withdrawn"),
    DONE: N_("Destroyed"),
}
OWNERS = N_("Owner agency")


@tk.side_effect_free
def satudata_smki_destruction_check(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.DestructionCheck:
    """Tell whether the data of a dataset may be destroyed today, and what speaks against it.

    Editors and admins of the owner agency, and the roles of ``schemas/smki/destruction.yaml``.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_smki_destruction_check", context, data_dict)
    actor = registry.actor_from_context(context)
    package = _dataset(data_dict, actor)
    term, running = reading.term_of(package.id), reading.open_of(package.id)
    kept = reading.files_of(package.id)
    names = reading.told_of(actor, reads.facts_of(package.id), kept)
    return {
        "dataset": package.name,
        "title": package.title or package.name,
        "term": _term(term) if term else None,
        "against": [message.text(tk._) for message in proposals.standing(package.id, actor)],
        "proposes": proposals.may_propose(actor, package.id),
        "running": running.id if running else None,
        "files": [{"id": file, "name": names[file]} for file in kept if file in names],
    }


def satudata_smki_destruction_propose(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.DestructionRecorded:
    """Propose to destroy the data of a dataset whose term is over.

    Editors and admins of the owner agency, or Walidata. Its class stands in the register of
    assets, the years of the class in the register of retention. A hold, a case, a request, an
    incident or emergency access stops it.

    :param id: id or name of the dataset
    :param files: ids of the files; without them all that the dataset has and had
    :param assessment: why it has no more value, at least 40 characters; names no person
    :param witnesses: the witnesses by office, each on a line; at least two
    """
    tk.check_access("satudata_smki_destruction_propose", context, data_dict)
    actor = registry.actor_from_context(context)
    package = _dataset(data_dict, actor)

    def act() -> Any:
        row, receipt = proposals.propose(actor, package, data_dict, kinds_in)
        model.Session.commit()
        return row, receipt

    row, receipt = tried(act)
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def satudata_smki_destruction_approve(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.DestructionRecorded:
    """Approve a destruction with the signed paper; the portal carries it out.

    PPID or its superior: never who proposed it, and nobody of the proposer's duty. The dataset,
    what was decided and the ledger stay.

    :param id: id of the destruction
    :param nomor: number of the written approval, at most 120 characters
    :param day: its day (YYYY-MM-DD)
    :param scan: the scan or the PDF with an electronic signature, at most 10 MB, sent as a form
    """
    tk.check_access("satudata_smki_destruction_approve", context, data_dict)
    scan = read_scan(data_dict.get("scan"))
    shown = _go_on(
        context,
        data_dict,
        lambda row, actor: proposals.approve(row, actor, data_dict, scan, kinds_in),
    )
    try:
        carrying.ask(shown["id"])
    except RedisError:
        log.exception("the clock carries out the destruction %s", shown["id"])
    return shown


def satudata_smki_destruction_refuse(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.DestructionRecorded:
    """Refuse a destruction, or withdraw one's own, while nothing of it is cleared.

    :param id: id of the destruction
    :param reason: why, at least 10 characters; names no person
    """
    tk.check_access("satudata_smki_destruction_refuse", context, data_dict)
    return _go_on(
        context, data_dict, lambda row, actor: proposals.refuse(row, actor, data_dict, kinds_in)
    )


@tk.side_effect_free
def satudata_smki_destruction_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.DestructionRows:
    """Return destructions of datasets that the caller knows of, those that run first.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_destruction_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    order = (SmkiDestruction.state.not_in(RUNS), SmkiDestruction.proposed_at.desc())
    query = sa.select(SmkiDestruction).order_by(*order, SmkiDestruction.id)
    rows = reading.seen(actor, model.Session.scalars(query))
    return {"count": len(rows), "results": [_row(row) for row in rows[offset : offset + limit]]}


@tk.side_effect_free
def satudata_smki_destruction_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.Destruction:
    """Return a destruction: why, by whom, what was cleared, and what is left.

    :param id: id of the destruction
    """
    tk.check_access("satudata_smki_destruction_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return _shown(_seen(data_dict, actor), actor)


def _dataset(data_dict: dict[str, Any], actor: Actor) -> model.Package:
    """Return the dataset that a call names, if the caller may destroy or see destructions of it.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    named = parameters.dataset_id(data_dict)
    package = model.Package.get(guard.dataset_id_of(named))
    facts = reads.facts_of(package.id) if package is not None else reads.unknown(named)
    sees = reading.sees(actor, facts, roles.carried_by(actor))
    if package is None or not facts.governed or not sees:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return package


def _seen(data_dict: dict[str, Any], actor: Actor, *, lock: bool = False) -> SmkiDestruction:
    """Return the destruction that a call names, if it is for the caller.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    query = sa.select(SmkiDestruction).where(SmkiDestruction.id == parameters.dataset_id(data_dict))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = model.Session.scalars(query).one_or_none()
    if row is None or not reading.seen(actor, [row]):
        raise tk.ObjectNotFound(tk._("Destruction not found"))
    return row


def _go_on(
    context: types.Context,
    data_dict: dict[str, Any],
    step: Callable[[SmkiDestruction, Actor], Any],
) -> answers.DestructionRecorded:
    actor = registry.actor_from_context(context)
    row = _seen(data_dict, actor, lock=True)
    receipt = committed(lambda: step(row, actor))
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def _term(term: Term) -> answers.DestructionTerm:
    return {
        "code": term.code,
        "begins": term.begins.isoformat() if term.begins else None,
        "due": term.due.isoformat() if term.due else None,
    }


def _row(row: SmkiDestruction) -> answers.DestructionRow:
    package = model.Session.get(model.Package, row.package_id)
    name = package.name if package else row.package_id
    return {
        "id": row.id,
        "dataset": name,
        "title": (package.title if package else "") or name,
        "state": row.state,
        "state_label": tk._(STATES[row.state]),
        "whole": row.whole,
        "proposed": row.proposed_at.isoformat(),
        "done": row.done_at.isoformat() if row.done_at else None,
    }


def _shown(row: SmkiDestruction, actor: Actor) -> answers.Destruction:
    names = words.names_of([row.proposed_by, row.concluded_by])
    files = reading.told_of(actor, reads.facts_of(row.package_id), row.files, row.served)
    stops = reading.told(row.package_id, row.stopped, actor)
    against = proposals.standing(row.package_id, actor) if row.state == PROPOSED else []
    return {
        **_row(row),
        "term": {
            "code": row.code,
            "begins": row.begins.isoformat(),
            "due": row.due.isoformat(),
        },
        "assessment": row.assessment,
        "witnesses": row.witnesses,
        "files": [{"id": file, "name": files.get(file, "")} for file in row.files],
        "proposed_by": names.get(row.proposed_by),
        "proposed_as": _as(row.proposed_as),
        "number": row.nomor,
        "day": row.day.isoformat() if row.day else None,
        "sha256": row.sha256,
        "reason": tk._(row.reason) if row.reason == proposals.CHANGED else row.reason,
        "concluded_by": names.get(row.concluded_by or ""),
        "concluded_as": _as(row.concluded_as) if row.concluded_as else None,
        "concluded": row.concluded_at.isoformat() if row.concluded_at else None,
        "against": [message.text(tk._) for message in against],
        "stopped": [message.text(tk._) for message in stops],
        "places": [
            {
                "name": name,
                "label": tk._(place.label),
                "cleared": row.steps.get(name),
                "left": row.found.get(name),
            }
            for name, place in places().items()
        ],
        "looked": row.looked_at.isoformat() if row.looked_at else None,
        "backups": _backups(row),
        "approves": proposals.objection(row, actor) is None,
        "refuses": proposals.may_refuse(row, actor),
        "receipt_entry": row.ledger_entry,
    }


def _backups(row: SmkiDestruction) -> list[answers.DestructionBackup] | None:
    """Return the backups that may hold it still; ``None`` where nobody can tell."""
    if config.backup_folder() is None:
        return None
    try:
        found = reading.backups(row.done_at or now())
    except OSError:
        return None
    return [
        {"day": day.isoformat(), "last_day": last.isoformat() if last else None}
        for day, last in found
    ]


def _as(role: str) -> str:
    return tk._(OWNERS if role == OWNER else smki().roles.roles[role].label)


def get_actions() -> dict[str, Any]:
    """Return the actions on destructions by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_destruction_check,
            satudata_smki_destruction_propose,
            satudata_smki_destruction_approve,
            satudata_smki_destruction_refuse,
            satudata_smki_destruction_list,
            satudata_smki_destruction_show,
        )
    }
