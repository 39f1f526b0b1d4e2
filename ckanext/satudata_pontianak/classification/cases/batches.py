"""One step in many cases: each a transaction of its own, and safe to send again."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies.rules.duties import Actor
from ...ledger import refusals
from ...ledger import service as ledger
from ...ledger.reading import codes_of
from ..records import deadlocks, stale_index
from ..records.model import Step
from ..rules import batch_rules
from . import sampling, step_service
from .actions import find_dataset
from .answers import Batch, Outcome, Receipt

log = logging.getLogger(__name__)

MAX_BATCH = 500
ITEM_KEYS = frozenset({"id", "evidence"})

Item = Mapping[str, Any]


def items_of(data_dict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a batch.

    :raises ckan.plugins.toolkit.ValidationError: they are no list of items, or too many.
    """
    items = data_dict.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_BATCH:
        message = tk._("Give a list of 1 to %(count)s items.") % {"count": MAX_BATCH}
        raise tk.ValidationError({"items": [message]})
    if not all(isinstance(i, dict) and set(i) <= ITEM_KEYS for i in items):
        raise tk.ValidationError({"items": [tk._("An item has an id, and may have evidence.")]})
    if not all(isinstance(i.get("evidence"), (str, type(None))) for i in items):
        raise tk.ValidationError({"items": [tk._("An item has an id, and may have evidence.")]})
    # As a single step reads them: what is drawn and what is decided are the same cases.
    return [{**i, "id": i["id"].strip() if isinstance(i.get("id"), str) else None} for i in items]


def take(
    context: types.Context,
    actor: Actor,
    items: Sequence[Item],
    name: str,
    fields: Mapping[str, Any],
) -> Batch:
    """Take the step in every case that it was not taken in already.

    :raises ckan.plugins.toolkit.ValidationError: reviewers may not decide these together so.
    """
    before = _done_before(actor, name, items)
    apart: Collection[str] = ()
    # What was done by the first sending has no open case any more, and is not asked about again.
    if len(before) < len({item.get("evidence") for item in items}):
        apart = sampling.require(actor, name, items)
    results: list[Outcome] = []
    for item in items:
        names, receipt = before.get(item.get("evidence") or "", ((), None))
        if receipt is not None and item.get("id") in names:
            results.append({"id": item["id"], "done": True, "receipt": receipt, "repeated": True})
        elif item.get("id") in apart:
            error = {"message": [tk._(batch_rules.APART)]}
            results.append({"id": item["id"], "done": False, "error": error})
        else:
            results.append(_one(context, actor, item, name, fields))
    _show_in_search()
    done = sum(result["done"] for result in results)
    return {"done": done, "refused": len(results) - done, "results": results}


def _done_before(
    actor: Actor, name: str, items: Sequence[Item]
) -> dict[str, tuple[Collection[str], Receipt]]:
    """Return evidence → names of the dataset, and receipt of what this person did by this step.

    The evidence names its case, its state and how often it moved: it comes once in the world.
    """
    digests = {i["evidence"] for i in items if i.get("evidence")}
    ids = [i["id"] for i in items if isinstance(i.get("id"), str) and "\x00" not in i["id"]]
    if not digests or not ids:
        return {}
    entry = ledger.entry_table
    query = (
        sa.select(Step.evidence, model.Package.id, model.Package.name, entry.c.id, entry.c.hash)
        .join(model.Package, model.Package.id == Step.package_id)
        .join(entry, entry.c.id == Step.ledger_entry)
        .where(
            sa.or_(model.Package.id.in_(ids), model.Package.name.in_(ids)),
            Step.actor_id == actor.id,
            Step.action == name,
            Step.evidence.is_not(None),
        )
    )
    rows = [row for row in model.Session.execute(query) if row[0] in digests]
    given = codes_of(model.Session, [row[3] for row in rows])
    return {
        row[0]: ({row[1], row[2]}, {"entry": row[3], "hash": row[4], "code": given.get(row[3])})
        for row in rows
    }


def _one(
    context: types.Context,
    actor: Actor,
    item: Item,
    name: str,
    fields: Mapping[str, Any],
    turn: int = 1,
) -> Outcome:
    """Take the step in one case, or say why not."""
    told: Outcome = {"id": item.get("id"), "done": False}
    try:
        package = find_dataset(context, dict(item))
        here = actor.on(package.id, package.owner_org)
        receipt = step_service.taken(package, here, name, fields, item.get("evidence"))
    except tk.ValidationError as refused:
        _note(actor, item, name, refused)
        return {**told, "error": refused.error_dict}
    except (tk.NotAuthorized, tk.ObjectNotFound) as refused:
        _note(actor, item, name, refused)
        return {**told, "error": {"message": [str(refused)]}}
    except SQLAlchemyError as problem:
        # The others are not to suffer for it; what it was stands in the log of the server.
        model.Session.rollback()
        if deadlocks.is_deadlock(problem) and turn < deadlocks.TRIES:
            return _one(context, actor, item, name, fields, turn + 1)
        log.exception("a step of a batch failed")
        text = tk._("It could not be saved just now. Send it again.")
        return {**told, "error": {"message": [text]}}
    if receipt is None:
        return {**told, "error": {"message": [tk._("A file is still being scanned.")]}}
    # Each at once, so that a batch that is broken off leaves nothing behind in the index.
    step_service.reindex(package.id, commit=False)
    return {**told, "done": True, "receipt": receipt}


def _note(actor: Actor, item: Item, name: str, problem: Exception) -> None:
    """Record that a step of the batch was refused."""
    package = model.Package.get(item.get("id")) if isinstance(item.get("id"), str) else None
    refusals.note(
        actor,
        "satudata_classification_batch",
        dataset_id=package.id if package else None,
        problem=problem,
        step=name,
    )


def _show_in_search() -> None:
    """Let the search engine show what was indexed; if it does not answer, it does so later."""
    try:
        stale_index.commit_all()
    except Exception:  # Solr's client lets many kinds of errors through
        log.exception("what a batch changed is not visible in search yet")
