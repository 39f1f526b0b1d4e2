"""Actions of grants: list, revoke, claim."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..cases.actions import find_dataset
from ..grants import grants
from ..grants.request_definition import request_rules
from ..notices import outbox
from ..records import parameters
from ..records.request_model import AccessGrant
from ..rules.policy import Channel
from . import steps
from .actions import flag, tried
from .answers import Grant, GrantRecorded, Grants
from .store import grant_dict


@tk.side_effect_free
def satudata_access_grant_list(context: types.Context, data_dict: dict[str, Any]) -> Grants:
    """Return grants, the newest first: one's own, and those that one may revoke or watch.

    :param id: only those for this dataset
    :param running: only those that count today (default: false)
    :param limit: at most so many, 1–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_access_grant_list", context, data_dict)
    actor = registry.actor_from_context(context)
    query = sa.select(AccessGrant).order_by(AccessGrant.given_at.desc(), AccessGrant.id)
    if data_dict.get("id") not in (None, ""):
        parameters.text(data_dict, "id")
        package = find_dataset(context, data_dict, Channel.EXISTS)
        query = query.where(AccessGrant.package_id == package.id)
    rows = list(model.Session.scalars(query))
    owners = _owners(row.package_id for row in rows)
    found = [grant_dict(row) for row in rows if _grant_seen(row, actor, owners)]
    if flag(data_dict, "running"):
        found = [grant for grant in found if grant["running"]]
    limit = parameters.number(data_dict, "limit", 50, 1, 500)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    return {"count": len(found), "results": found[offset : offset + limit]}


def _owners(dataset_ids: Iterable[str]) -> dict[str, str | None]:
    query = sa.select(model.Package.id, model.Package.owner_org)
    rows = model.Session.execute(query.where(model.Package.id.in_(set(dataset_ids))))
    return {row.id: row.owner_org for row in rows}


def _grant_seen(row: AccessGrant, actor: Actor, owners: dict[str, str | None]) -> bool:
    if row.user_id is not None and row.user_id == actor.id:
        return True
    owner = owners.get(row.package_id)
    watches = any(d.value in request_rules().watched_by for d in actor.duties)
    return watches or grants.may_revoke(actor, row.package_id, owner)


def satudata_access_grant_revoke(
    context: types.Context, data_dict: dict[str, Any]
) -> GrantRecorded:
    """Take a grant back; from the next request on nothing is given.

    :param grant: id of the grant
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_access_grant_revoke", context, data_dict)
    actor = registry.actor_from_context(context)
    row = model.Session.get(AccessGrant, parameters.text(data_dict, "grant"))
    if row is None or not _grant_seen(row, actor, owners := _owners([row.package_id])):
        raise tk.ObjectNotFound(tk._("Grant not found"))

    def act() -> tuple[AccessGrant, Any]:
        done = grants.revoke(row.id, actor, data_dict.get("reason"), owners)
        model.Session.commit()
        return done

    grant, receipt = tried(act)
    outbox.ask_worker(grant.request_id)
    return {**grant_dict(grant), "receipt": receipt.as_dict()}


def satudata_access_grant_claim(context: types.Context, data_dict: dict[str, Any]) -> Grant:
    """Bind a grant to one's account, with the link that was sent to its e-mail address.

    :param token: the last part of the link
    """
    tk.check_access("satudata_access_grant_claim", context, data_dict)
    actor = registry.actor_from_context(context)
    return grant_dict(tried(lambda: steps.claim(data_dict.get("token"), actor)))


def get_actions() -> dict[str, Any]:
    """Return the actions of grants by name."""
    return {
        f.__name__: f
        for f in (
            satudata_access_grant_list,
            satudata_access_grant_revoke,
            satudata_access_grant_claim,
        )
    }
