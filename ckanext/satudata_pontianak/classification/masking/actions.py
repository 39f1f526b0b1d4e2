"""Actions that mask a waiting version, and suggest how."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...disclosure.anonymising.plan import Plan
from ...disclosure.anonymising.refusals import PlanError
from ..cases import step_service
from ..cases.actions import find_dataset
from ..records import parameters
from . import masking
from .answers import Masked, Suggested


@tk.side_effect_free
def satudata_mask_suggest(context: types.Context, data_dict: dict[str, Any]) -> Suggested:
    """Suggest how a waiting version becomes a table that may be open.

    :param id: id or name of the dataset
    :param version: id of a waiting version, as in ``scans``
    :param sheet: which sheet of a workbook; by default the first with rows (optional)
    :param preview: also try the plan (optional)
    :param plan: try this one instead, as ``satudata_version_mask`` takes it (optional)
    """
    tk.check_access("satudata_mask_suggest", context, data_dict)
    package, actor = _writer(context, data_dict)
    wanted = parameters.text(data_dict, "version")
    given = _plan(data_dict) if data_dict.get("plan") else None
    version = masking.version_to_mask(package, actor, wanted)
    if given is not None:
        tried = masking.preview(version, given)
        return {"plan": given.to_json(), "previews": [tried.to_json()]}
    plan, profile = masking.suggested(version, parameters.line(data_dict, "sheet") or None)
    found: Suggested = {"plan": plan.to_json(), "sheets": list(profile.sheets)}
    if parameters.flag(data_dict, "preview", default=False):
        found["previews"] = [item.to_json() for item in masking.previews(version, plan, profile)]
    return found


def satudata_version_mask(context: types.Context, data_dict: dict[str, Any]) -> Masked:
    """Make a masked version from a waiting one.

    :param id: id or name of the dataset
    :param version: id of a waiting version, as in ``scans``
    :param plan: what is done with each column, as a dictionary or as JSON
    :param target: ``replace``: it waits in the place of the version; ``derived``: in a dataset of
        its own, whose classification is proposed separately
    """
    tk.check_access("satudata_version_mask", context, data_dict)
    package, actor = _writer(context, data_dict)
    wanted = parameters.text(data_dict, "version")
    target = parameters.choice(data_dict, "target", masking.TARGETS) or "replace"
    plan = _plan(data_dict)
    version = masking.version_to_mask(package, actor, wanted)
    outcome, dataset_id = masking.mask(context, package, version, plan, target)
    result = package if dataset_id == package.id else model.Package.get(dataset_id)
    assert result is not None  # noqa: S101 - it was just made
    shown = step_service.shown(result, registry.actor_from_context(context))
    return {**shown, "masked": outcome.to_json()}


def _plan(data_dict: dict[str, Any]) -> Plan:
    """Return the plan of a call.

    :raises ckan.plugins.toolkit.ValidationError: there is none, or it cannot be read.
    """
    given = data_dict.get("plan")
    try:
        return Plan.read(given) if isinstance(given, str) else Plan.of(given)
    except PlanError as problem:
        raise masking.refusal(problem) from None


def _writer(context: types.Context, data_dict: dict[str, Any]) -> tuple[model.Package, Actor]:
    """Return the dataset and who asks, who must be one of those that write it."""
    package = find_dataset(context, data_dict)
    tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
    return package, registry.actor_from_context(context).on(package.id, package.owner_org)


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in (satudata_mask_suggest, satudata_version_mask)}
