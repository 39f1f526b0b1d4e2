"""Actions of requests for access: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..cases.actions import find_dataset
from ..grants.request_definition import request_rules
from ..grants.request_rules import WITHDRAW
from ..records import parameters
from ..records.request_model import AccessRequest
from ..rules.policy import Channel
from ..rules.refusals import InvalidFields, Refused
from . import links, steps
from .answers import Confirmed, Request, Requests, Unconfirmed
from .store import context_of, engine, find, shown

PROBLEMS = (Refused, InvalidFields, IntegrityError)


def tried(act: Callable[[], Any]) -> Any:
    """Do something that commits; what a rule refuses is undone and said as CKAN says it."""
    try:
        return act()
    except PROBLEMS as problem:
        model.Session.rollback()
        raise steps.translated(problem) from None


def _unknown() -> tk.ObjectNotFound:
    return tk.ObjectNotFound(tk._("Request not found"))


def _seen(
    context: types.Context, data_dict: dict[str, Any], *, lock: bool = False
) -> tuple[AccessRequest, Actor, bool]:
    """Return the request that the caller may see: by account, by duty, or by a signed link.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    actor, by_link = registry.actor_from_context(context), False
    if data_dict.get("token") not in (None, ""):
        row = tried(lambda: steps.by_link(data_dict["token"]))
        by_link = True
    else:
        row = find(parameters.text(data_dict, "request"))
    if row is None or not engine().sees(context_of(row, actor, by_link=by_link), actor):
        raise _unknown()
    found = find(row.id, lock=lock)
    if found is None:
        raise _unknown()
    return found, actor, by_link


def satudata_access_request_create(
    context: types.Context, data_dict: dict[str, Any]
) -> Request | Unconfirmed:
    """Ask for data that exist for the caller but are closed to them.

    Whoever is not logged in gives an e-mail address and confirms by the link that is sent there.
    They are answered the same whatever is known of the address.

    :param id: id or name of the dataset
    :param purpose: what for, at least 20 characters
    :param until: until which day, as YYYY-MM-DD
    :param scope: ``"dataset"`` or a list of ids of resources (default: the whole dataset)
    :param agency: for which agency an official asks, who belongs to several
    :param email: address of whoever is not logged in
    """
    tk.check_access("satudata_access_request_create", context, data_dict)
    parameters.text(data_dict, "id")
    package = find_dataset(context, data_dict, Channel.EXISTS)
    actor = registry.actor_from_context(context)
    row = tried(lambda: steps.create(package, actor, data_dict))
    if row is None:
        text = tk._(
            "A link is on its way to this address, if it can receive mail. The request is read "
            "when the link was opened and confirmed, within %(hours)s hours."
        )
        hours = request_rules().links.confirm_hours
        return {"state": "unconfirmed", "message": text % {"hours": hours}}
    return shown(row, actor)


def satudata_access_request_confirm(context: types.Context, data_dict: dict[str, Any]) -> Confirmed:
    """Confirm a request with the link that was sent by e-mail. It works once.

    :param token: the last part of the link
    """
    tk.check_access("satudata_access_request_confirm", context, data_dict)
    row = tried(lambda: steps.confirm(data_dict.get("token")))
    token = links.make(links.FOLLOW, row.id, row.nonce)
    return {**shown(row, Actor(None, None), by_link=True), "token": token}


@tk.side_effect_free
def satudata_access_request_show(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Return a request: who asked sees theirs, who answers those on their desks, the auditor all.

    :param request: id of the request; or
    :param token: the last part of a link that was sent by e-mail
    """
    tk.check_access("satudata_access_request_show", context, data_dict)
    row, actor, by_link = _seen(context, data_dict)
    return shown(row, actor, by_link=by_link)


@tk.side_effect_free
def satudata_access_request_list(context: types.Context, data_dict: dict[str, Any]) -> Requests:
    """Return requests, soonest deadline first.

    :param id: only those for this dataset
    :param state: only those in this state
    :param desk: those on which the caller can act as an answerer now (default: false: those that
        the caller made)
    :param all: all that the caller may see (default: false)
    :param limit: at most so many, 1–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_access_request_list", context, data_dict)
    actor = registry.actor_from_context(context)
    state = data_dict.get("state")
    if state and state not in request_rules().states:
        raise tk.ValidationError({"state": [tk._("There is no such state.")]})
    query = sa.select(AccessRequest).order_by(
        AccessRequest.due.asc().nulls_last(), AccessRequest.number.desc()
    )
    if data_dict.get("id") not in (None, ""):
        parameters.text(data_dict, "id")
        package = find_dataset(context, data_dict, Channel.EXISTS)
        query = query.where(AccessRequest.package_id == package.id)
    if state:
        query = query.where(AccessRequest.state == state)
    desk, every = flag(data_dict, "desk"), flag(data_dict, "all")
    if desk:
        query = query.where(AccessRequest.state.in_(request_rules().running_states))
    elif not every:
        query = query.where(AccessRequest.user_id == actor.id)
    found = [row for row in model.Session.scalars(query) if _listed(row, actor, desk)]
    limit = parameters.number(data_dict, "limit", 50, 1, 500)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    return {
        "count": len(found),
        "results": [shown(row, actor) for row in found[offset : offset + limit]],
    }


def flag(data_dict: dict[str, Any], key: str) -> bool:
    """Return whether something is said to be true.

    :raises ckan.plugins.toolkit.ValidationError: it says neither.
    """
    try:
        return tk.asbool(data_dict.get(key) or False)
    except ValueError:
        raise tk.ValidationError({key: [tk._("Write true or false.")]}) from None


def _listed(row: AccessRequest, actor: Actor, desk: bool) -> bool:
    context = context_of(row, actor)
    if desk:
        return engine().on_desk(context, actor, days.today())
    return engine().sees(context, actor)


def satudata_access_request_decide(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Answer a request, or an objection.

    :param request: id of the request
    :param grant: true to grant (or to uphold an objection), false to refuse
    :param reason: why, at least 10 characters
    :param until: until which day, not later than was asked (default: as asked)
    :param scope: what is given, not more than was asked (default: as asked)
    """
    tk.check_access("satudata_access_request_decide", context, data_dict)
    if data_dict.get("grant") in (None, ""):
        raise tk.ValidationError({"grant": [tk._("Write true or false.")]})
    name = "grant" if flag(data_dict, "grant") else "refuse"
    return _step(context, data_dict, name)


def satudata_access_request_extend(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Extend the deadline of an answer, once, before it has passed.

    :param request: id of the request
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_access_request_extend", context, data_dict)
    return _step(context, data_dict, "extend")


def satudata_access_request_send_back(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Send a request back to the one of two people who agreed first.

    :param request: id of the request
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_access_request_send_back", context, data_dict)
    return _step(context, data_dict, "send_back")


def satudata_access_request_reopen(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Answer a request for what nobody is given by opening a classification case.

    :param request: id of the request
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_access_request_reopen", context, data_dict)
    return _step(context, data_dict, "reopen")


def satudata_access_request_object(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Object to a refusal, or to silence after the deadline (keberatan).

    :param request: id of the request; or
    :param token: the last part of a link that was sent by e-mail
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_access_request_object", context, data_dict)
    return _step(context, data_dict, "object")


def satudata_access_request_withdraw(context: types.Context, data_dict: dict[str, Any]) -> Request:
    """Take a request back.

    :param request: id of the request; or
    :param token: the last part of a link that was sent by e-mail
    """
    tk.check_access("satudata_access_request_withdraw", context, data_dict)
    return _step(context, data_dict, WITHDRAW)


def _step(context: types.Context, data_dict: dict[str, Any], name: str) -> Request:
    row, actor, by_link = _seen(context, data_dict, lock=True)
    done = tried(lambda: steps.take(row, actor, name, data_dict, by_link=by_link))
    return shown(done, actor, by_link=by_link)


def get_actions() -> dict[str, Any]:
    """Return the actions of requests by name."""
    return {
        f.__name__: f
        for f in (
            satudata_access_request_create,
            satudata_access_request_confirm,
            satudata_access_request_show,
            satudata_access_request_list,
            satudata_access_request_decide,
            satudata_access_request_extend,
            satudata_access_request_send_back,
            satudata_access_request_reopen,
            satudata_access_request_object,
            satudata_access_request_withdraw,
        )
    }
