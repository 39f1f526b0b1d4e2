"""CKAN's calls into the room."""

from __future__ import annotations

from typing import Any

from ckan import model, types

from ...agencies import registry
from ..cases import record
from ..records import dataset_types
from ..rules.axes import Axes
from . import gate, write


def after_dataset_create(context: types.Context, pkg_dict: dict[str, Any]) -> None:
    """Open a new governed dataset's first case, whatever door it came by.

    Runs inside core's ``package_create`` before its commit: dataset and case come to be
    together or not at all.
    """
    package = model.Package.get(pkg_dict["id"])
    if package is None or not dataset_types.is_governed(package.type):
        return
    package.private = True
    prepared = context.get(gate.CONTEXT_KEY)
    if isinstance(prepared, write.Gate):
        gate.finish_create(prepared, package.id)
    else:
        actor = registry.actor_from_context(context)
        record.open_new(package.id, actor, proposal=Axes(), reason="new_dataset")
