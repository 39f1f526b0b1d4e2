"""Actions on following and on news: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases.show import moment
from ...classification.records import parameters
from ...classification.requests import auth
from ...classification.requests.actions import tried
from . import follows, news, targets
from .answers import Followed, FollowEnded, FollowList, FollowTaken, NewsList
from .model import Follow
from .rules import KINDS, following
from .targets import Target

MAX_ROWS = 500


def _target(data_dict: dict[str, Any], actor: Actor) -> Target:
    """Return what a call names.

    :raises ckan.plugins.toolkit.ObjectNotFound: it is unknown, or hidden from the caller.
    """
    kind = parameters.choice(data_dict, "kind", KINDS)
    if not kind:
        raise tk.ValidationError({"kind": [tk._("Fill in this field.")]})
    found = targets.find(actor, kind, parameters.text(data_dict, "target"))
    if found is None:
        raise targets.unknown()
    return found


def satudata_follow_create(context: types.Context, data_dict: dict[str, Any]) -> FollowTaken:
    """Be told of what is new: of a dataset, an agency, a topic, a region or a search.

    Whoever is not logged in gives an e-mail address and confirms by the link that is sent there.
    They are answered the same whatever is known of the address.

    :param kind: ``dataset``, ``agency``, ``topic``, ``region`` or ``search``
    :param target: its id, name or code; of a search its words and filters as in the address of a
        page, such as ``q=penduduk&urusan=2.12``
    :param email: address of whoever is not logged in
    """
    tk.check_access("satudata_follow_create", context, data_dict)
    actor = registry.actor_from_context(context)
    target = _target(data_dict, actor)
    row = tried(lambda: follows.follow(target, actor, data_dict.get("email")))
    if row is not None:
        return {"state": "following", "message": tk._("You are told of what is new there.")}
    text = tk._(
        "A link is on its way to this address, if it can receive mail. You are told of what is new "
        "when the link was opened and confirmed, within %(hours)s hours."
    )
    hours = {"hours": following().confirm_hours}
    return {"state": "unconfirmed", "message": text % hours}


@tk.side_effect_free
def satudata_follow_list(context: types.Context, data_dict: dict[str, Any]) -> FollowList:
    """Return what the account of the caller follows, newest first."""
    tk.check_access("satudata_follow_list", context, data_dict)
    actor = registry.actor_from_context(context)
    whose = follows.of_account(actor.id or "")
    rows = follows.followed(whose) if whose is not None else []
    return {"count": len(rows), "results": [followed(row, actor) for row in rows]}


def followed(row: Follow, actor: Actor) -> Followed:
    """Return something that is followed, as a reader may know it."""
    known = targets.find(actor, row.kind, row.target)
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_label": tk._(following().kinds[row.kind].label),  # type: ignore[index]
        "target": known.name if known else None,
        "title": known.title if known else None,
        "since": moment(row.confirmed_at or row.asked_at) or "",
    }


def satudata_follow_delete(context: types.Context, data_dict: dict[str, Any]) -> FollowEnded:
    """Follow something no more; what the caller does not follow is answered with 0.

    :param id: id of one thing that is followed (default: everything)
    """
    tk.check_access("satudata_follow_delete", context, data_dict)
    actor = registry.actor_from_context(context)
    whose = follows.of_account(actor.id or "")
    named = parameters.line(data_dict, "id")
    if whose is None:
        return {"ended": 0}
    return {"ended": follows.stop(whose, [named] if named else None)}


@tk.side_effect_free
def satudata_news_list(context: types.Context, data_dict: dict[str, Any]) -> NewsList:
    """Return what happened to a dataset, or to those of an agency, a topic, a region or a search.

    :param kind: ``dataset``, ``agency``, ``topic``, ``region`` or ``search``
    :param target: its id, name or code; of a search as in ``satudata_follow_create``
    :param limit: at most so many, 0–500 (default: 30)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_news_list", context, data_dict)
    actor = registry.actor_from_context(context)
    target = _target(data_dict, actor)
    limit = parameters.number(data_dict, "limit", following().feed.entries, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    found = news.of(actor, target.kind, target.key)
    return {"count": len(found), "results": news.shown(found[offset : offset + limit])}


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of this module by name."""
    actions = (
        satudata_follow_create,
        satudata_follow_list,
        satudata_follow_delete,
        satudata_news_list,
    )
    return {action.__name__: action for action in actions}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module by name."""
    everyone, logged_in = auth.everyone(), auth.logged_in()
    return {
        "satudata_follow_create": everyone,
        "satudata_follow_list": logged_in,
        "satudata_follow_delete": logged_in,
        "satudata_news_list": everyone,
    }
