"""Actions that take the name of something: what the caller may not know of is unknown.

Core answers with the name of the dataset or resource in its refusal, or says whether somebody
follows it; each of these is asked here first, and refused as an unknown name is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz, model, types

from ..agencies import registry
from ..classification.rules.policy import Channel
from ..msgids import N_
from .auth import may_see_resource
from .reading import guard
from .tables import resource_views

Find = Callable[[types.Context, dict[str, Any]], bool]
DATASET, RESOURCE, VIEW = N_("Dataset not found"), N_("Resource not found"), N_("View not found")


def _dataset(key: str) -> Find:
    def knows(context: types.Context, data_dict: dict[str, Any]) -> bool:
        found = guard.dataset_id_of(data_dict.get(key))
        return found is not None and guard.may(context, found, Channel.EXISTS)

    return knows


def _knows(context: types.Context, resource: model.Resource | None) -> bool:
    if resource is None or not guard.may(context, str(resource.package_id), Channel.EXISTS):
        return False
    return may_see_resource(registry.actor_from_context(context), resource)


def _resource(key: str) -> Find:
    return lambda context, data: _knows(context, guard.resource_of(data.get(key)))


def _nested(key: str) -> Find:
    def knows(context: types.Context, data_dict: dict[str, Any]) -> bool:
        inner = data_dict.get(key)
        inner = inner if isinstance(inner, dict) else {}
        if key == "package":
            return _dataset("id")(context, inner)
        return _knows(context, guard.resource_of(inner.get("id")))

    return knows


def _has_view(context: types.Context, data_dict: dict[str, Any]) -> bool:
    """A view tells what is in the data: its filters and words belong to them."""
    resource = guard.resource_of_view(data_dict.get("id"))
    return resource is not None and guard.may_have(context, resource)


def _has_data(context: types.Context, data_dict: dict[str, Any]) -> bool:
    resource = guard.resource_of(data_dict.get("resource_id") or data_dict.get("id"))
    return resource is not None and guard.may_have(context, resource)


# action → what must be known, and what is said otherwise
GATES: dict[str, tuple[Find, str]] = {
    "am_following_dataset": (_dataset("id"), DATASET),
    "dataset_follower_count": (_dataset("id"), DATASET),
    "dataset_follower_list": (_dataset("id"), DATASET),
    "package_resource_reorder": (_dataset("id"), DATASET),
    "package_create_default_resource_views": (_nested("package"), DATASET),
    "resource_create_default_resource_views": (_nested("resource"), RESOURCE),
    "resource_view_show": (_has_view, VIEW),
    "resource_view_update": (_has_view, VIEW),
    "resource_view_delete": (_has_view, VIEW),
    "resource_view_create": (_has_data, RESOURCE),
    "resource_view_reorder": (_has_data, RESOURCE),
}
FREE = frozenset(
    {
        "am_following_dataset",
        "dataset_follower_count",
        "dataset_follower_list",
        "resource_view_show",
    }
)


def _gated(name: str, knows: Find, message: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        if not context.get("ignore_auth") and not knows(context, data_dict):
            raise guard.unknown(tk._(message))
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Ask first whether the caller may know of it."
    chained = tk.chained_action(action)
    return tk.side_effect_free(chained) if name in FREE else chained


@tk.chained_action
@tk.side_effect_free
def resource_view_list(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the views of a resource to whoever may have its data; others get none."""
    views = original(context, data_dict)
    resource = guard.resource_of(data_dict.get("id"))
    if context.get("ignore_auth") or resource is None or guard.may_have(context, resource):
        return resource_views.fitting(views, data_dict.get("id"))
    return []


def _collaborators(name: str) -> Any:
    """Core answers with an error 500 where collaborators are switched off."""

    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        if not authz.check_config_permission("allow_dataset_collaborators"):
            raise tk.NotAuthorized(tk._("Collaborators are switched off on this portal."))
        found = guard.dataset_id_of(data_dict.get("id"))
        if name != "package_collaborator_list_for_user" and (
            found is None or not guard.may(context, found, Channel.EXISTS)
        ):
            raise guard.unknown(tk._(DATASET))
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Collaborators, where the portal has them."
    chained = tk.chained_action(action)
    return tk.side_effect_free(chained) if "list" in name else chained


@tk.chained_action
@tk.side_effect_free
def harvest_object_show(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return a harvested record as it came, to who may have its dataset's data, or its source.

    The record holds all that the source says, also what a draft here keeps back.
    """
    found = original(context, data_dict)
    dataset_id = found.get("package_id") or found.get("package")
    if dataset_id and guard.known_ids([dataset_id]):
        if guard.may(context, dataset_id, Channel.DATA):
            return found
        raise guard.unknown("Harvest object not found")
    try:
        source = found.get("harvest_source_id") or found.get("source")
        tk.check_access("harvest_source_update", tk.fresh_context(context), {"id": source})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise guard.unknown("Harvest object not found") from None
    return found


@tk.chained_action
@tk.side_effect_free
def harvest_log_list(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return what the harvester wrote down, to system administrators.

    The plugin asks an auth function that it does not have: an error 500 for everybody else.
    """
    if not registry.actor_from_context(context).sysadmin:
        raise tk.NotAuthorized(tk._("Only system administrators may read the harvester's log."))
    return original(context, data_dict)


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    actions = {name: _gated(name, knows, said) for name, (knows, said) in GATES.items()}
    actions["resource_view_list"] = resource_view_list
    for suffix in ("list", "list_for_user", "create", "delete"):
        name = f"package_collaborator_{suffix}"
        actions[name] = _collaborators(name)
    if p.plugin_loaded("harvest"):
        actions["harvest_object_show"] = harvest_object_show
        actions["harvest_log_list"] = harvest_log_list
    return actions
