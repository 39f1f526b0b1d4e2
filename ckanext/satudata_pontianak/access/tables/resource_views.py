"""Views of a file that need a table: only where the version that is served is one.

Who may have views at all is decided in ``unseen``: a view's settings name columns and filters,
so that what it is called and set to is data too.
"""

from __future__ import annotations

from typing import Any

from ckan.lib import datapreview

from ..reading import serving


def fitting(views: list[dict[str, Any]], resource_id: str | None) -> list[dict[str, Any]]:
    """Leave out the views that would stand empty: of a table where what is served is none.

    What they show of data that are not open is kept by nobody on the way.
    """
    found = serving.served(resource_id)
    if found is None:
        return views
    if found.version_id is not None and not found.is_open:
        serving.keep_private()
    if found.table is None:
        return [view for view in views if not _needs_table(view["view_type"])]
    return views


def _needs_table(view_type: str) -> bool:
    plugin = datapreview.get_view_plugin(view_type)
    return bool(plugin and plugin.info().get("requires_datastore"))
