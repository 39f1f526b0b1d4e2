"""Actions on the pulse of apps: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ...smki.records import roles
from ...smki.records.committing import committed
from ..records import apps
from . import answers, showing, targets

MAX_ROWS = 500


@tk.side_effect_free
def satudata_jepin_pulse_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.PulseRows:
    """Return how the apps stand whose evidence the caller sees, those that fail first.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_jepin_pulse_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    found = showing.rows(showing.seen(registry.actor_from_context(context)))
    return {"count": len(found), "results": found[offset : offset + limit]}


@tk.side_effect_free
def satudata_jepin_pulse(context: types.Context, data_dict: dict[str, Any]) -> answers.PulseShown:
    """Return how an app stands, with evidence, and 90 days of uptime and response.

    For the publishers of its owner, Walidata and who answers for security, if they may know of it.

    :param id: id or name of the app
    """
    tk.check_access("satudata_jepin_pulse", context, data_dict)
    app = apps.named(context, data_dict)
    if not targets.may_see(app.actor, app.facts):
        raise apps.unknown()
    return showing.shown(app.package, sets=targets.may_set(app.actor, app.facts))


def satudata_jepin_target_set(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.PulseRecorded:
    """Name the addresses of an app that are asked; its publishers, and Walidata.

    What is left out is taken away; without ``web`` the app is asked no more.

    :param id: id or name of the app
    :param web: address of its page (http or https)
    :param feed: address of a feed (RSS, Atom) of its news
    :param sitemap: address of its site map
    :param marker: a text of its page behind which the day of its content stands
    :param store_day: day of its listing in the store (YYYY-MM-DD)
    :param robot: whether its owner agrees to requests under a search robot's name (default: false)
    :param maintenance_from: announced maintenance, its beginning (YYYY-MM-DDTHH:MM)
    :param maintenance_until: and its end
    """
    tk.check_access("satudata_jepin_target_set", context, data_dict)
    app = apps.named(context, data_dict)
    if not targets.may_set(app.actor, app.facts):
        raise tk.NotAuthorized(
            tk._("The addresses of an app are named by its agency or by Walidata.")
        )
    given = {**data_dict, "robot": parameters.flag(data_dict, "robot", default=False)}
    _, receipt = committed(lambda: targets.save(app.package, app.actor, given, kinds_in))
    return {**showing.shown(app.package, sets=True), "receipt": receipt.as_dict()}


@tk.auth_sysadmins_check
def _works_here(context: types.Context, data_dict: Any) -> types.AuthResult:
    actor = registry.actor_from_context(context)
    if actor.active and (actor.member_of or roles.inside(actor)):
        return {"success": True}
    return {"success": False, "msg": tk._("This is for the members of an agency.")}


def get_actions() -> dict[str, Any]:
    """Return the actions on the pulse of apps by name."""
    return {
        f.__name__: f
        for f in (satudata_jepin_pulse_list, satudata_jepin_pulse, satudata_jepin_target_set)
    }


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of these actions by name."""
    return dict.fromkeys(get_actions(), _works_here)
