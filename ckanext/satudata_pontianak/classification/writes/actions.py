"""Core's writing actions, with the gate before them."""

from __future__ import annotations

from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..cases import step_service
from ..records import dataset_types, harvested, reads
from ..rules.definition import workflow
from ..versions import likeness, versions
from . import gate, incoming, keys, type_gate, write

WARNINGS = "satudata_warnings"


@tk.chained_action
def package_create(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any] | str:
    """Create a dataset; a governed one is seen by nobody until a decision opens it."""
    type_gate.check_new(data_dict)
    if not dataset_types.is_governed(data_dict["type"]):
        tk.check_access("package_create", context, data_dict)
        keys.check_groups(data_dict)
        type_gate.check_free(data_dict, {})
        return dataset_types.with_empty(original(context, data_dict))
    keys.dataset(context, data_dict, data_dict.get("type"))
    data_dict.update(keys.without_controls(data_dict))
    tk.check_access("package_create", context, data_dict)
    keys.check_lists(data_dict)
    keys.check_groups(data_dict)
    harvested.drop_bad_links(context, data_dict)
    prepared = gate.prepare_create(context, data_dict)
    context[gate.CONTEXT_KEY] = prepared  # type: ignore[literal-required]
    result = original(context, prepared.plan.data)
    context.pop(gate.CONTEXT_KEY, None)
    package_id = result if isinstance(result, str) else result["id"]
    if context.get("defer_commit"):
        return result
    _scan_now(package_id)
    return _answer(context, result, package_id, prepared)


@tk.chained_action
def package_update(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any] | str:
    """Change a dataset; bytes and axes wait in its open case, the rest goes on to core."""
    package = keys.package_of(data_dict)
    if package is None or dataset_types.is_governed(package.type):
        keys.dataset(context, data_dict, package.type if package else None)
        data_dict.update(keys.without_controls(data_dict))
    if package is None:
        return original(context, data_dict)
    type_gate.check_left_over(context, package)
    data_dict["id"] = package.id
    # Core asks with it: in which groups the dataset stands already is asked of nobody.
    context["package"] = package
    tk.check_access("package_update", context, data_dict)
    type_gate.check_kept(data_dict, package)
    if not dataset_types.is_governed(package.type):
        keys.check_groups(data_dict)
        stored = gate.stored_dict(context, package.id)
        type_gate.check_free({**data_dict, "type": package.type}, stored)
        return dataset_types.with_empty(original(context, data_dict))
    keys.check_lists(data_dict, package)
    keys.check_groups(data_dict)
    harvested.drop_bad_links(context, data_dict)
    try:
        prepared = gate.prepare_update(context, data_dict, package)
        began_open = prepared.case is not None
        gate.apply_update(prepared, package)
        result = original(context, prepared.plan.data)
    except IntegrityError:
        model.Session.rollback()
        text = tk._(workflow().messages["lost_race"])
        raise tk.ValidationError({"id": [text]}) from None
    except Exception:
        # Nothing half-written: what the gate added goes with what failed after it.
        model.Session.rollback()
        raise
    if context.get("defer_commit"):
        return result
    likeness.refresh([package.id])
    # Core commits only what it changed itself; what waits is a change as well.
    model.Session.commit()
    if prepared.case is not None and not began_open:
        # Whoever holds a case finds it; core indexes nothing where it changed nothing itself.
        step_service.reindex(package.id)
    if prepared.plan.bytes:
        _scan_now(package.id)
    return _answer(context, result, package.id, prepared)


@tk.chained_action
def package_patch(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Change what is given of a dataset, and leave the rest."""
    if isinstance(data_dict, dict) and isinstance(data_dict.get("id"), sa.Row):
        # Core's changes of many datasets at once give the row of a query for the id.
        data_dict = {**data_dict, "id": data_dict["id"][0]}
    keys.check_reference(data_dict)
    package = model.Package.get(data_dict.get("id"))
    if package is not None:
        context["package"] = package  # as in `package_update`
    return original(context, data_dict)


@tk.chained_action
def package_revise(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Change a dataset that is as the caller says."""
    match = data_dict.get("match") if isinstance(data_dict, dict) else None
    named = {"id": data_dict.get("match__id"), "name": data_dict.get("match__name")}
    references = []
    for each in (named, match if match is not None else {}):
        keys.check_reference(each)
        references += [each[key] for key in ("id", "name") if each.get(key)]
    if len(references) == 1:
        # As in `package_update`; two references may name two datasets, and core says which counts.
        package = model.Package.get(references[0])
        if package is not None:
            context["package"] = package
    return original(context, data_dict)


def _scan_now(package_id: str) -> None:
    """Scan new bytes that are small enough; large ones go to the worker."""
    versions.scan_missing(reads.waiting_versions([package_id]))


def _answer(context: types.Context, result: Any, package_id: str, done: write.Gate) -> Any:
    """Return to the writer what they may see of the dataset, with what its texts may reveal."""
    on_page = flask.has_request_context() and flask.request.blueprint not in (None, "api")
    for warning in done.warnings if on_page else ():
        tk.h.flash_notice(warning["text"])
    if isinstance(result, str):
        return result
    fresh = tk.fresh_context(context, use_cache=False)
    shown = tk.get_action("package_show")(fresh, {"id": package_id})
    if not done.warnings:
        return shown
    # An action on a file answers with that file alone.
    for position, resource in enumerate(shown.get("resources", ())):
        told = [w for w in done.warnings if w.get("position") == position]
        if told:
            resource[WARNINGS] = told
    return {**shown, WARNINGS: done.warnings}


@tk.chained_action
def package_delete(original: Any, context: types.Context, data_dict: dict[str, Any]) -> None:
    """Delete a draft; what was decided, or is being checked, is refused."""
    package = model.Package.get(data_dict.get("id"))
    if package is not None and dataset_types.is_governed(package.type):
        if dataset_types.is_undeclared(package.type) and not type_gate.clears_away(context):
            raise tk.ObjectNotFound(tk._("Dataset not found"))
        tk.check_access("package_delete", context, data_dict)
        refuse_removal(package.id)
    return original(context, data_dict)


@tk.chained_action
def package_owner_org_update(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> None:
    """Change the owner of a dataset that is neither decided nor being checked."""
    package = model.Package.get(data_dict.get("id"))
    type_gate.check_left_over(context, package)
    if package is not None and dataset_types.is_governed(package.type):
        wanted = data_dict.get("organization_id")
        group = model.Group.get(wanted) if wanted else None
        if (group.id if group else None) != package.owner_org:
            case = reads.open_case(package.id)
            if reads.decision_in_force(package.id) or incoming.frozen(case):
                raise gate.error(
                    "organization_id",
                    "The owner of a decided dataset changes by a case of moving it. "
                    "Ask Walidata to open it.",
                )
            if group is None:
                raise gate.error("organization_id", "Choose the agency that owns this dataset.")
    return original(context, data_dict)


def refuse_removal(package_id: str) -> None:
    """Refuse to remove what was decided or is being checked.

    :raises ckan.plugins.toolkit.ValidationError: with what to do instead.
    """
    case = reads.open_case(package_id)
    if incoming.frozen(case) or reads.decision_in_force(package_id) is not None:
        raise gate.error("id", gate.REMOVAL)


def get_actions() -> dict[str, Any]:
    """Return the chained actions of this room by name."""
    return {
        f.__name__: f
        for f in (
            package_create,
            package_update,
            package_patch,
            package_revise,
            package_delete,
            package_owner_org_update,
        )
    }
