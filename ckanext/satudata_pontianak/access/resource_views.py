"""Views of a file (table, text, picture) are for who may have its data.

A view's settings name columns and filters, so that what it is called and set to is data too.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib import datapreview

from ..classification import presenting, repository
from ..classification.policy import Channel, decide
from . import serving


def _may_view(context: types.Context, resource_id: str | None) -> bool | None:
    """Tell whether the caller may have the data; ``None`` where core's own rules hold.

    :raises ckan.plugins.toolkit.ObjectNotFound: they may not know of the file.
    """
    found = serving.served(resource_id)
    if found is None:
        return None
    actor = serving.actor_of(context)
    if found.version_id is None:
        return any(
            decide(actor, found.facts, Channel.DATA, repository.version_facts(version, None))
            for version in repository.waiting_versions([found.facts.dataset_id])
            if version.resource_id == resource_id
            and presenting.sees_version(actor, found.facts, version)
        )
    if not found.answer(actor):
        return False
    if not found.is_open:
        serving.keep_private()
    return True


@tk.chained_action
@tk.side_effect_free
def resource_view_show(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Return a view of a file, to who may have its data."""
    view = model.ResourceView.get(str(data_dict.get("id") or ""))
    if view is not None and _may_view(context, str(view.resource_id)) is False:
        tk.check_access("resource_show", tk.fresh_context(context), {"id": view.resource_id})
        raise tk.NotAuthorized(tk._("Views show data, and these data are not open to you."))
    return original(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def resource_view_list(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Return the views of a file; of one whose data the caller may not have there are none."""
    answer = original(context, data_dict)
    if _may_view(context, data_dict.get("id")) is False:
        return []
    found = serving.served(data_dict.get("id"))
    if found is not None and found.table is None:
        # The version that is served is no table: its view would stand empty.
        return [view for view in answer if not _needs_table(view["view_type"])]
    return answer


def _needs_table(view_type: str) -> bool:
    plugin = datapreview.get_view_plugin(view_type)
    return bool(plugin and plugin.info().get("requires_datastore"))


def get_actions() -> dict[str, Any]:
    """Return the chained actions by name."""
    return {f.__name__: f for f in (resource_view_show, resource_view_list)}
