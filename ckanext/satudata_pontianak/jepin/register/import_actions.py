"""Actions of import and bulk edit: look at a list of apps, take it over, give it back."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry
from ...classification.records import parameters
from . import answers, importing
from .importing import CHANGED, NEW, SAME, WRONG, Looked


def satudata_jepin_import(context: types.Context, data_dict: dict[str, Any]) -> answers.Imported:
    """Look at a list of apps row by row; take it over where ``apply`` says so and nothing is wrong.

    New rows become entries without a classification, which wait to be submitted; rows of entries
    that the caller may change are changed. A second time nothing changes.

    :param upload: a workbook or CSV with names of fields as headings, or the menu of the city's app
        (``menu_services``) as CSV or JSON
    :param agency: name of the agency of rows that name none
    :param apply: take it over, true or false (default: only look)
    """
    tk.check_access("satudata_jepin_import", context, data_dict)
    apply = parameters.flag(data_dict, "apply", default=False)
    agency = parameters.line(data_dict, "agency") if data_dict.get("agency") else ""
    content, filename = _sent(data_dict.get("upload"))
    headings, rows = importing.read(content, filename)
    looked = importing.looked_at(context, headings, rows, agency)
    wrong = [each for each in looked if each.outcome == WRONG]
    applied = apply and not wrong
    if applied:
        importing.apply(context, looked)
    return _shown(looked, applied=applied)


@tk.side_effect_free
def satudata_jepin_sheet(context: types.Context, data_dict: dict[str, Any]) -> answers.Sheet:
    """Return the apps that the caller may change, as rows for a sheet that comes back by import."""
    tk.check_access("satudata_jepin_sheet", context, data_dict)
    actor = registry.actor_from_context(context)
    return {"headings": importing.headings(), "rows": importing.sheet_rows(context, actor)}


def _sent(upload: Any) -> tuple[bytes, str]:
    stream = getattr(upload, "stream", None)
    if stream is None:
        raise tk.ValidationError({"upload": [tk._(importing.NO_FILE)]})
    content = stream.read(importing.MOST_BYTES + 1)
    return content, str(getattr(upload, "filename", "") or "")


def _shown(looked: list[Looked], *, applied: bool) -> answers.Imported:
    return {
        "applied": applied,
        "counts": {
            "new": _count(looked, NEW),
            "changed": _count(looked, CHANGED),
            "same": _count(looked, SAME),
            "wrong": _count(looked, WRONG),
        },
        "rows": [
            {
                "number": each.row.number,
                "name": each.row.values.get("name", ""),
                "title": each.row.values.get("title", ""),
                "outcome": each.outcome,
                "changes": [
                    {"field": key, "before": before, "after": after}
                    for key, (before, after) in each.changes.items()
                ],
                "errors": [{"field": key, "texts": texts} for key, texts in each.errors.items()],
            }
            for each in looked
        ],
    }


def _count(looked: list[Looked], outcome: str) -> int:
    return sum(each.outcome == outcome for each in looked)


@tk.auth_sysadmins_check
def _brings(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Let those look who bring data for an agency; of each row it is asked again."""
    actor = registry.actor_from_context(context)
    if actor.active and actor.publishes_for:
        return {"success": True}
    return {"success": False, "msg": tk._("This is for whoever brings data for an agency.")}


def get_actions() -> dict[str, Any]:
    """Return the actions of import and bulk edit by name."""
    return {f.__name__: f for f in (satudata_jepin_import, satudata_jepin_sheet)}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of import and bulk edit by name."""
    return {"satudata_jepin_import": _brings, "satudata_jepin_sheet": _brings}
