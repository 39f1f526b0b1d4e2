"""Purging what holds decisions: break-glass. The history and the ledger survive it.

A draft that was never checked goes freely. Cases, steps, decisions and versions are kept under the
id of what is gone: nobody can see them as a dataset any more, and everybody can still be told
what was decided.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import actions as agency_actions
from ...agencies import registry
from ...agencies.gate import together
from ...agencies.rules import break_glass
from ...ledger import service as ledger
from ...msgids import N_
from ..cases import step_service
from ..notices import step_notices
from ..records import dataset_types, reads
from ..records.model import Case, Decision, Pointer, now
from ..rules.definition import workflow
from . import gate, incoming, moved_keys

DATASET = N_(
    "What holds a decision, or is being checked, is purged under emergency access for this dataset "
    "only: start it on the page of its case."
)
AGENCY = N_(
    "An agency whose datasets hold decisions is purged under emergency access only: start it for "
    "the whole site first."
)


@tk.chained_action
def dataset_purge(original: Any, context: types.Context, data_dict: dict[str, Any]) -> None:
    """Purge a dataset; one that holds a decision, or is being checked, under break-glass."""
    package = model.Package.get(data_dict.get("id"))
    if package is None:
        return original(context, data_dict)
    if not dataset_types.is_governed(package.type):
        tk.check_access("dataset_purge", context, data_dict)
        moved_keys.forget(package.id)
        return original(context, data_dict)
    tk.check_access("dataset_purge", context, data_dict)
    actor = registry.actor_from_context(context)
    case = reads.open_case(package.id, lock=True)
    decisions = decisions_of(package.id)
    glass = break_glass.covering(actor, package.id)
    frozen = incoming.frozen(case)
    if (decisions or frozen) and glass is None:
        model.Session.rollback()
        raise gate.error("id", DATASET)
    with together():
        ledger.append(
            model.Session,
            event="dataset.purge",
            actor_id=actor.id,
            actor_name=actor.name,
            dataset_id=package.id,
            case_id=case.id if case else None,
            before={
                "name": package.name,
                "title": package.title,
                "owner_org": package.owner_org,
                "decisions": [d.id for d in decisions],
                "in_force": [d.tingkat_keamanan for d in decisions if d.in_force],
                "case": case.state if case else None,
            },
            detail={"break_glass": glass.id if glass and (decisions or frozen) else None},
        )
        if case is not None:
            step_notices.tell(package, case, actor, step_notices.WITHDRAWN)
        dataset_id = package.id
        _end(dataset_id, case)
        done = original(context, {"id": dataset_id})
    step_service.reindex(dataset_id)
    return done


def decisions_of(package_id: str) -> list[Decision]:
    """Return every decision on a dataset, in force or not, oldest first."""
    query = sa.select(Decision).where(Decision.package_id == package_id)
    return list(model.Session.scalars(query.order_by(Decision.decided_at)))


def _end(package_id: str, case: Case | None) -> None:
    """End the case, take the decision out of force and serve nothing any more."""
    if case is not None:
        case.state, case.ended_at, case.due = workflow().withdrawn_state, now(), None
    model.Session.execute(
        sa.update(Decision).where(Decision.package_id == package_id).values(in_force=False)
    )
    model.Session.execute(sa.delete(Pointer).where(Pointer.package_id == package_id))
    moved_keys.forget(package_id)
    model.Session.flush()


@tk.chained_action
def organization_purge(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Remove an agency for good; one whose datasets hold decisions under break-glass."""
    found = model.Group.get(data_dict.get("id"))
    if found is not None and found.is_organization and _holds_decisions(found.id):
        tk.check_access("organization_purge", context, data_dict)
        if break_glass.covering(registry.actor_from_context(context), None) is None:
            raise gate.error("id", AGENCY)
    with together():
        _forget(found)
        return agency_actions.close(
            original, context, data_dict, "organization_purge", "agency.purge"
        )


@tk.chained_action
def group_purge(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Purge a group that is no agency."""
    with together():
        _forget(model.Group.get(data_dict.get("id")))
        return agency_actions.group_door(original, context, data_dict)


def _forget(group: model.Group | None) -> None:
    """Delete what was moved out of a group, in the transaction that purges it."""
    if group is not None:
        moved_keys.forget_group(group.id)


def _holds_decisions(agency_id: str) -> bool:
    query = (
        sa.select(Decision.id)
        .join(model.Package, model.Package.id == Decision.package_id)
        .where(model.Package.owner_org == agency_id)
    )
    return model.Session.execute(query.limit(1)).first() is not None


def get_actions() -> dict[str, Any]:
    """Return the chained actions of purging by name."""
    return {f.__name__: f for f in (dataset_purge, organization_purge, group_purge)}
