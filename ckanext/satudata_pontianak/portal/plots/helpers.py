"""Template helpers of pictures."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ...access.reading import counting, serving
from ...agencies import registry
from . import showing
from .showing import Shown


def satudata_picture(dataset_id: str, resource_id: str) -> Shown | None:
    """Return the picture of a resource for a page about it, of open data only.

    Data that are not open are drawn where somebody asks for them: looking at a page is not to
    count as reading them, and open ones are not counted either. Whatever goes wrong, the page
    stands without a picture.
    """
    try:
        found = showing.admitted(dataset_id, resource_id)
        drawable = found.table is not None or showing.is_geographic(found)
        with counting.uncounted():
            return showing.shown(found) if found.is_open and drawable else None
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None


def satudata_may_draw(resource_id: str) -> bool:
    """Tell whether the reader may have a picture of data that are not open."""
    found = serving.served(resource_id)
    if found is None or found.table is None or found.is_open:
        return False
    return bool(found.answer(registry.current_actor()))


def get_helpers() -> dict[str, Any]:
    """Return the helpers by name."""
    return {f.__name__: f for f in (satudata_picture, satudata_may_draw)}
