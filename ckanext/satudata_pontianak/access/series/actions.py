"""Actions on series: of which one a dataset is, and whether it is."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...classification.cases.actions import find_dataset
from ...classification.records import parameters
from ...classification.requests import auth
from ...classification.requests.actions import tried
from . import answers, kept, rules
from .kept import Listed

YES, NO = "ya", "tidak"


@tk.side_effect_free
def satudata_series_show(context: types.Context, data_dict: dict[str, Any]) -> answers.SeriesShown:
    """Return the series of a dataset: its members that the caller may know of, and the gaps.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_series_show", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context)
    name, may = kept.declared(package), auth.may_update(context, package.id)
    found = kept.members(actor, name) if name else []
    alike = kept.alike(actor, package) if may else []
    return {
        "name": name,
        "title": rules.bare(package.title or package.name),
        "may_change": may,
        "results": [row(each) for each in found],
        "gaps": rules.gaps([each.period for each in found if each.period]),
        "alike": [row(each) for each in alike],
    }


def row(one: Listed) -> answers.SeriesRow:
    """Return a dataset of a series as an action answers it."""
    period = rules.shown(one.period) if one.period else ""
    return {"id": one.id, "name": one.name, "title": one.title, "period": period}


def satudata_series_set(context: types.Context, data_dict: dict[str, Any]) -> answers.SeriesSet:
    """Say whether a dataset is of the series that agency and title without the period name.

    :param id: id or name of the dataset
    :param member: ``ya`` or ``tidak``
    """
    tk.check_access("satudata_series_set", context, data_dict)
    package = find_dataset(context, data_dict)
    tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    said = parameters.choice(data_dict, "member", (YES, NO))
    if not said:
        raise tk.ValidationError({"member": [tk._("Fill in this field.")]})

    def act() -> Any:
        done = kept.put(package, actor, member=said == YES)
        model.Session.commit()
        return done

    receipt = tried(act)
    return {"name": kept.declared(package), "receipt": receipt.as_dict() if receipt else None}


@tk.auth_sysadmins_check
def satudata_series_set_auth(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; who writes the dataset may."""
    return {"success": bool(context.get("user"))}


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in (satudata_series_show, satudata_series_set)}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call them."""
    return {
        "satudata_series_show": auth.everyone(),
        "satudata_series_set": satudata_series_set_auth,
    }
