"""Actions of import and bulk edit: look at a list of apps, take it over, give it back."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry
from ...classification.records import parameters
from ..records import list_file
from ..rules import sheet
from . import answers, importing
from .importing import CHANGED, DIFFERS, NEW, SAME, WRONG, Looked


def satudata_jepin_import(context: types.Context, data_dict: dict[str, Any]) -> answers.Imported:
    """Look at a list of apps row by row; take it over where ``apply`` says so and nothing is wrong.

    New rows become entries without a classification, which wait to be submitted; rows of entries
    that the caller may change are changed. A second time nothing changes. It lands whole or not at
    all. The menu changes no entry that is there, unless it is accepted: it ``differs``.

    :param upload: a workbook or CSV with names of fields as headings, or the menu of the city's app
        (``menu_services``) as CSV or JSON
    :param agency: name of the agency of rows that name none
    :param apply: take it over, true or false (default: only look)
    :param accept: names of entries that shall be as the menu has them, at most 1,000
    :param without_refused: leave out the rows that are refused, and take over the others; true or
        false (default: one row that is wrong refuses the list)
    """
    tk.check_access("satudata_jepin_import", context, data_dict)
    apply = parameters.flag(data_dict, "apply", default=False)
    spares = parameters.flag(data_dict, "without_refused", default=False)
    accepted = parameters.names(data_dict, "accept", sheet.MOST) or []
    agency = parameters.line(data_dict, "agency") if data_dict.get("agency") else ""
    content, filename = list_file.sent(data_dict.get("upload"))
    headings, rows = importing.read(content, filename)
    looked = importing.looked_at(context, headings, rows, agency, accepted)
    applied = apply and (spares or not any(each.outcome == WRONG for each in looked))
    if applied:
        importing.apply(context, looked)
    return _shown(looked, applied=applied)


@tk.side_effect_free
def satudata_jepin_sheet(context: types.Context, data_dict: dict[str, Any]) -> answers.Sheet:
    """Return the apps that the caller may change, as rows for a sheet that comes back by import."""
    tk.check_access("satudata_jepin_sheet", context, data_dict)
    actor = registry.actor_from_context(context)
    return {
        "headings": importing.headings(),
        "help": importing.help_row(),
        "rows": importing.sheet_rows(context, actor),
    }


def _shown(looked: list[Looked], *, applied: bool) -> answers.Imported:
    return {
        "applied": applied,
        "counts": {
            "new": _count(looked, NEW),
            "changed": _count(looked, CHANGED),
            "same": _count(looked, SAME),
            "differs": _count(looked, DIFFERS),
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


def get_actions() -> dict[str, Any]:
    """Return the actions of import and bulk edit by name."""
    return {f.__name__: f for f in (satudata_jepin_import, satudata_jepin_sheet)}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of import and bulk edit by name."""
    return {
        "satudata_jepin_import": list_file.brings,
        "satudata_jepin_sheet": list_file.brings,
    }
