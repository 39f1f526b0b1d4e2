"""Core's actions on one file of a dataset, where the writer does not see all files of it.

Core finds a file by its place among all files of the dataset, in what ``package_show`` gives the
caller. The policy leaves files out of that, so that places do not agree: core would end in an
error, or change another file. Here a file is found by its id.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types

from ..records import dataset_types
from . import keys

Found = tuple[dict[str, Any], int]
"""A dataset as its writer sees it, and the place of the file in it."""


@tk.chained_action
def resource_create(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Add a file to a dataset.

    :raises ckan.plugins.toolkit.ValidationError: what is wrong with the file, or the dataset.
    """
    named = {"id": data_dict.get("package_id")}
    keys.resource(data_dict, keys.package_of(named))
    return original(context, data_dict)


@tk.chained_action
def resource_update(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Change a file of a dataset.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or none that the writer sees.
    :raises ckan.plugins.toolkit.ValidationError: what is wrong with the file, or the dataset.
    """
    _check_keys(data_dict)
    found = _found("resource_update", context, data_dict)
    if found is None:
        return original(context, data_dict)
    dataset, place = found
    before = dataset["resources"][place]
    data_dict.setdefault("url", "")
    for plugin in p.PluginImplementations(p.IResourceController):
        plugin.before_resource_update(context, before, data_dict)
    resources = [*dataset["resources"][:place], data_dict, *dataset["resources"][place + 1 :]]
    sent = {**dataset, "resources": resources}
    sent.pop("metadata_modified", None)
    try:
        updated = tk.get_action("package_update")(types.Context(context), sent)
    except tk.ValidationError as error:
        raise tk.ValidationError(_errors_of(error.error_dict, data_dict["id"])) from None
    after = next(r for r in updated["resources"] if r["id"] == data_dict["id"])
    if before.get("format") != after.get("format"):
        trusted: types.Context = {"user": context.get("user", ""), "ignore_auth": True}
        views = tk.get_action("resource_create_default_resource_views")
        views(trusted, {"package": updated, "resource": after})
    for plugin in p.PluginImplementations(p.IResourceController):
        plugin.after_resource_update(context, after)
    return after


@tk.chained_action
def resource_patch(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Change what is given of a file, and leave the rest.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or none that the writer sees.
    """
    _check_keys(data_dict)
    found = _found("resource_patch", context, data_dict)
    if found is None:
        return original(context, data_dict)
    dataset, place = found
    patched = {**dataset["resources"][place], **data_dict}
    if "metadata_modified" not in data_dict:
        patched.pop("metadata_modified", None)
    return tk.get_action("resource_update")(types.Context(context), patched)


@tk.chained_action
def resource_delete(original: Any, context: types.Context, data_dict: dict[str, Any]) -> None:
    """Delete a resource that was never decided.

    Core looks for errors of the resource only, and fails on any other: give it as it is.
    """
    try:
        return original(context, data_dict)
    except KeyError as error:
        if error.args != ("resources",):
            raise
        text = tk._("The file cannot be removed while the dataset has errors. Mend it first.")
        raise tk.ValidationError({"id": [text]}) from None


def _check_keys(data_dict: dict[str, Any]) -> None:
    reference = data_dict.get("id")
    found = model.Resource.get(reference) if isinstance(reference, str) and reference else None
    keys.resource(data_dict, found.package if found is not None else None)


def _found(action: str, context: types.Context, data_dict: dict[str, Any]) -> Found | None:
    """Return where the writer sees the file; ``None`` where core finds it as well.

    :raises ckan.plugins.toolkit.ObjectNotFound: the writer does not see it.
    """
    resource = model.Resource.get(str(data_dict.get("id") or ""))
    if resource is None or not dataset_types.is_governed(resource.package.type):
        return None
    tk.check_access(action, context, data_dict)
    fresh = tk.fresh_context(context)
    fresh["for_update"] = True
    dataset = tk.get_action("package_show")(fresh, {"id": resource.package_id})
    ids = [r["id"] for r in dataset["resources"]]
    if resource.id not in ids:
        raise tk.ObjectNotFound(tk._("Resource was not found."))
    place = ids.index(resource.id)
    return None if place == resource.position else (dataset, place)


def _errors_of(errors: dict[str, Any], resource_id: str) -> dict[str, Any]:
    """Return what is wrong with the file where it can be told, else all that is wrong."""
    of_files = errors.get("resources")
    if not isinstance(of_files, list):
        return errors
    wrong = [each for each in of_files if each]
    return wrong[0] if len(wrong) == 1 and len(errors) == 1 else errors


def get_actions() -> dict[str, Any]:
    """Return the chained actions on files by name."""
    return {
        f.__name__: f for f in (resource_create, resource_update, resource_patch, resource_delete)
    }
