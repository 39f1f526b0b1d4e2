"""Actions on the dictionary of a dataset: read it, say something of a column."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ..cases.actions import find_dataset
from ..records import parameters
from ..requests import auth
from ..requests.actions import tried
from ..rules import variables as rules
from . import answers, kept
from .kept import Column
from .offers import Offered


@tk.side_effect_free
def satudata_variable_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.VariableList:
    """Return the dictionary of a dataset: the columns of those files that the caller may have.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_variable_list", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    columns = kept.columns_of(package, actor)
    if columns is None:
        raise tk.NotAuthorized(tk._("Only who may have a file reads what its columns are."))
    may_say = auth.may_update(context, package.id)
    offered = kept.offered(package, actor, columns) if may_say else {}
    rows = [_shown(column, offered.get(column.name)) for column in columns]
    return {
        "count": len(rows),
        "described": sum(not row["missing"] for row in rows),
        "may_say": may_say,
        "results": rows,
    }


def satudata_variable_update(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.VariableSaid:
    """Say what a column means, and whether everybody may have it. What is not given stays.

    :param id: id or name of the dataset
    :param column: name of the column, as in ``satudata_variable_list``
    :param meaning: what a cell says (optional)
    :param unit: of numbers (optional)
    :param type: one of the types of ``schemas/variables.yaml`` (optional)
    :param domain: values that may stand there (optional)
    :param classification: the list that its values come from (optional)
    :param public: ``ya`` or ``tidak``: whether everybody may have it (optional)
    :param why: with ``tidak``: ``pribadi`` or ``dirujuk_ppid``
    """
    tk.check_access("satudata_variable_update", context, data_dict)
    package = find_dataset(context, data_dict)
    tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    column = parameters.text(data_dict, "column")
    given = (*rules.FIELDS, "public", "why")
    said = {key: parameters.line(data_dict, key) for key in given if key in data_dict}

    def act() -> Any:
        done = kept.say(package, actor, column, said)
        model.Session.commit()
        return done

    receipt = tried(act)
    name = rules.folded(column)
    shown = next(
        each for each in kept.columns_of(package, actor) or () if rules.folded(each.name) == name
    )
    return {"column": _shown(shown), "receipt": receipt.as_dict() if receipt else None}


def _shown(column: Column, offered: Offered | None = None) -> answers.VariableRow:
    definition, values, public = rules.variables(), kept.told(column.said), column.public
    offered = offered or Offered()
    missing = [
        tk._(spec.label)
        for name, spec in definition.fields.items()
        if spec.needed and not values[name]
    ]
    if not public:
        missing.append(tk._("Whether everybody may have it"))
    kinds = definition.fields["type"].choices
    return {
        "name": column.name,
        "key": rules.key(column.name),
        "files": column.files,
        "waiting": column.waiting,
        "meaning": values["meaning"],
        "unit": values["unit"],
        "type": values["type"],
        "type_label": tk._(kinds[values["type"]].label) if values["type"] in kinds else "",
        "domain": values["domain"],
        "classification": values["classification"],
        "public": public == rules.YES if public else None,
        "why": public if public != rules.YES else "",
        "public_label": tk._(definition.public[public].label) if public else "",
        "missing": missing,
        "offered": {**offered.values},
        "offered_from": offered.source.text(tk._) if offered.source else "",
    }


@tk.auth_sysadmins_check
def satudata_variable_update_auth(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; who writes the dataset may."""
    return {"success": bool(context.get("user"))}


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in (satudata_variable_list, satudata_variable_update)}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call them."""
    return {
        "satudata_variable_list": auth.everyone(),
        "satudata_variable_update": satudata_variable_update_auth,
    }
