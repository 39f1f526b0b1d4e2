"""The action on a sheet of metadata of many datasets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry
from ...bulk import fields
from ...bulk.told import told
from ...classification.records import parameters
from ...msgids import bare
from ..records import list_file
from . import answers, bringing
from .bringing import SHOWN, Looked


def satudata_metadata_import(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.MetadataBrought:
    """Look at a sheet of the metadata of many datasets; change them with ``apply``.

    For who publishes for agencies. Nothing is changed while a row is wrong, and nothing in a row
    whose dataset was changed since the sheet was downloaded. A second time nothing changes.
    Classification and files are not changed this way.

    :param upload: the workbook of ``/satudata/metadata``, with cells changed
    :param apply: change the datasets, true or false (default: only look)
    """
    tk.check_access("satudata_metadata_import", context, data_dict)
    wanted = parameters.flag(data_dict, "apply", default=False)
    content, filename = list_file.sent(data_dict.get("upload"))
    asking: types.Context = {"user": str(context.get("user") or "")}
    if person := context.get("auth_user_obj"):
        asking["auth_user_obj"] = person
    actor = registry.actor_from_context(context)
    looked = bringing.look(content, filename, asking, actor)
    applied = wanted and not any(each.outcome == "wrong" for each in looked)
    if applied:
        bringing.apply(looked, asking)
    licences = bringing.licences()
    outcomes = [each.outcome for each in looked]
    return {
        "applied": applied,
        "counts": {
            "changed": outcomes.count("changed"),
            "same": outcomes.count("same"),
            "differs": outcomes.count("differs"),
            "wrong": outcomes.count("wrong"),
        },
        "rows": [_row(each, licences) for each in looked],
    }


def _row(each: Looked, licences: Mapping[str, str]) -> answers.MetadataRow:
    def said(name: str, value: str) -> str:
        return told(name, value, tk._, licences)[:SHOWN]

    return {
        "number": each.number,
        "name": each.name,
        "title": each.title,
        "outcome": each.outcome,
        "changes": [
            {"field": _called(name), "before": said(name, before), "after": said(name, after)}
            for name, (before, after) in each.changes.items()
            if name not in each.errors
        ],
        "errors": [{"field": _called(name), "texts": texts} for name, texts in each.errors.items()],
    }


def _called(name: str) -> str:
    return bare(tk._(fields.label(name)))


def get_actions() -> dict[str, Any]:
    """Return this action by name."""
    return {"satudata_metadata_import": satudata_metadata_import}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call it."""
    return {"satudata_metadata_import": list_file.brings}
