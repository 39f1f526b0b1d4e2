"""Actions on the indicators of a dataset: list them, describe one, take one out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases.actions import find_dataset
from ...classification.records import parameters
from ...classification.requests import auth
from ...classification.requests.actions import tried
from . import answers, fields, indicators
from . import indicator_rules as rules
from .model import Indicator


@tk.side_effect_free
def satudata_indicator_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.IndicatorList:
    """Return the indicators (MS-Ind) of a dataset that the caller may know of.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_indicator_list", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    may_say = auth.may_update(context, package.id)
    rows = [_shown(row, may_say=may_say) for row in indicators.known(package, actor)]
    return {
        "count": len(rows),
        "may_say": may_say,
        "results": rows,
        "about": tk._(rules.indicators().help),
    }


def satudata_indicator_save(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.IndicatorSaved:
    """Say something of an indicator of a dataset, or describe a new one. For who writes it.

    :param id: id or name of the dataset
    :param indicator: id of the indicator; without it a new one is begun
    :param values: field of ``schemas/indicators.yaml`` → what it says; empty takes it out, and what
        is not named stays
    """
    package, actor = _writes("satudata_indicator_save", context, data_dict)
    values = data_dict.get("values")
    if not isinstance(values, Mapping):
        raise tk.ValidationError({"values": [tk._(fields.NEEDED)]})
    row = None
    if parameters.line(data_dict, "indicator"):
        row = _found(package, actor, data_dict)

    def act() -> Any:
        done = indicators.save(package, actor, values, row)
        model.Session.commit()
        return done

    saved, receipt = tried(act)
    return {
        "indicator": _shown(saved, may_say=True),
        "receipt": receipt.as_dict() if receipt else None,
    }


def satudata_indicator_remove(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.IndicatorRemoved:
    """Take an indicator out of a dataset. For who writes it.

    :param id: id or name of the dataset
    :param indicator: id of the indicator
    """
    package, actor = _writes("satudata_indicator_remove", context, data_dict)
    row = _found(package, actor, data_dict)

    def act() -> Any:
        done = indicators.remove(package, actor, row)
        model.Session.commit()
        return done

    return {"receipt": tried(act).as_dict()}


def _writes(
    action: str, context: types.Context, data_dict: dict[str, Any]
) -> tuple[model.Package, Actor]:
    tk.check_access(action, context, data_dict)
    package = find_dataset(context, data_dict)
    tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
    return package, registry.actor_from_context(context).on(package.id, package.owner_org)


def _found(package: model.Package, actor: Actor, data_dict: dict[str, Any]) -> Indicator:
    row = indicators.one(package, actor, parameters.text(data_dict, "indicator"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Not found"))
    return row


def _shown(row: Indicator, *, may_say: bool) -> answers.IndicatorShown:
    known = rules.fields()
    missing = [tk._(known[name].spec.label) for name in rules.missing(row.told)]
    return {
        "id": row.id,
        "name": row.name,
        "fields": [
            {
                "name": asked.name,
                "label": tk._(asked.spec.label),
                "kind": asked.spec.kind,
                "value": row.told[asked.name],
                "shown": _words(asked, row),
            }
            for asked in known.values()
            if row.told.get(asked.name)
        ],
        "public": rules.is_public(row.told),
        "missing": missing if may_say else [],
    }


def _words(asked: fields.Asked, row: Indicator) -> list[str]:
    said = fields.shown(asked, row.told)
    return [tk._(each) for each in said] if asked.spec.choices else said


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    found = (satudata_indicator_list, satudata_indicator_save, satudata_indicator_remove)
    return {f.__name__: f for f in found}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call them; what they get, the actions say."""
    return {
        "satudata_indicator_list": auth.everyone(),
        "satudata_indicator_save": auth.logged_in(),
        "satudata_indicator_remove": auth.logged_in(),
    }
