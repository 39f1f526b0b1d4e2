"""CKAN's own following: it tells nobody of anything here, and says where one is told.

What the site itself does goes on: whoever called a follower's list on a page has it as before.
"""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ...msgids import N_

FOLLOWS = ("follow_dataset", "follow_group")
UNFOLLOWS = ("unfollow_dataset", "unfollow_group")
FOLLOWEES = (
    "group_followee_count",
    "group_followee_list",
    "organization_followee_count",
    "organization_followee_list",
    "user_followee_count",
    "user_followee_list",
)
CREATE = N_(
    "Nothing is followed this way. Follow a dataset, an agency, a topic, a region or a search by "
    "satudata_follow_create, or on its page."
)
DELETE = N_("Nothing is followed this way. Stop following by satudata_follow_delete, or at /ikuti.")
LIST = N_(
    "Nothing is followed this way. What you follow is in satudata_follow_list, and at /ikuti."
)


def lead(context: types.Context) -> None:
    """Refuse a list of what an account follows in CKAN's way, where a program asks for it.

    :raises ckan.plugins.toolkit.ValidationError: it names ours.
    """
    if flask.has_request_context() and flask.request.endpoint == "api.action":
        _refuse(context, LIST)


def _refuse(context: types.Context, text: str) -> None:
    if not context.get("ignore_auth"):
        raise tk.ValidationError({"message": [tk._(text)]})


def _instead(name: str, text: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        _refuse(context, text)
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Say where one is told of what is new."
    return tk.chained_action(action)


def _listed(name: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        lead(context)
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Say to programs where stands what is followed."
    return tk.side_effect_free(tk.chained_action(action))


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {
        **{name: _instead(name, CREATE) for name in FOLLOWS},
        **{name: _instead(name, DELETE) for name in UNFOLLOWS},
        **{name: _listed(name) for name in FOLLOWEES},
    }
