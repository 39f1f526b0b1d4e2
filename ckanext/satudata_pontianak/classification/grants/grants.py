"""Grants: give, claim, take over by a new decision, revoke, end. The caller commits.

A grant counts only together with the decision under which it was given (``repository``), so
that whatever is forgotten here leaves the data closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules import break_glass
from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...messages import Message
from ..notices import outbox
from ..records.model import Decision, new_id, now
from ..records.request_model import AccessGrant, AccessRequest
from ..rules.axes import classification
from ..rules.refusals import InvalidFields, NotAllowed, Refused
from .grant_rules import Decided, tightens
from .request_definition import request_rules
from .request_fields import read_reason
from .request_rules import HOLDER_LABELS, answers


def give(
    request: AccessRequest,
    actor: Actor,
    decision: Decision,
    until: dt.date,
    scope: frozenset[str] | None,
    people: list[str],
) -> AccessGrant:
    """Give what a request was granted, to the account that asked; else it waits to be claimed."""
    grant = AccessGrant(
        id=new_id(),
        request_id=request.id,
        package_id=request.package_id,
        decision_id=decision.id,
        user_id=request.user_id,
        agency_id=request.agency_id,
        resources=sorted(scope) if scope is not None else None,
        last_day=until,
        given_by=people,
    )
    model.Session.add(grant)
    model.Session.flush()
    _record(
        grant,
        "create",
        actor,
        {"given_by": people, "until": until, "resources": grant.resources, "decision": decision.id},
    )
    return grant


def claim(grant: AccessGrant, actor: Actor) -> None:
    """Bind a grant to the account of the person to whose mailbox the link was sent."""
    grant.user_id, grant.nonce = actor.id, new_id()
    model.Session.flush()
    _record(grant, "claim", actor, {})


def follow(package_id: str, decision: Decision | None) -> None:
    """Take grants over under a new decision, or end them where it closes more.

    :param decision: the decision that is in force now; ``None``: nothing is decided any more.
    """
    levels = list(classification().levels)
    new = _decided(decision) if decision is not None else None
    for grant, old in _running(AccessGrant.package_id == package_id):
        if decision is not None and grant.decision_id == decision.id:
            continue
        if old is None or decision is None or tightens(_decided(old), new, levels):
            end(grant, "decision")
        else:
            grant.decision_id = decision.id
            _record(grant, "carry", None, {"decision": decision.id})
    waiting = sa.select(AccessRequest).where(
        AccessRequest.package_id == package_id, AccessRequest.state.in_(("consent", "execution"))
    )
    for request in model.Session.scalars(waiting):
        offer = dict(request.offer or {})
        old = model.Session.get(Decision, offer.get("decision") or "")
        if old is None or decision is None or tightens(_decided(old), new, levels):
            continue  # who agreed first is asked again
        request.offer = {**offer, "decision": decision.id}
    model.Session.flush()


def _decided(decision: Decision) -> Decided:
    return Decided(
        decision.tingkat_keamanan,
        decision.data_pribadi,
        frozenset(decision.recipients or ()),
        bool(decision.all_agencies),
    )


def _running(*conditions: Any) -> list[tuple[AccessGrant, Decision | None]]:
    query = (
        sa.select(AccessGrant, Decision)
        .outerjoin(Decision, Decision.id == AccessGrant.decision_id)
        .where(AccessGrant.ended_at.is_(None), *conditions)
        .order_by(AccessGrant.given_at, AccessGrant.id)
        .with_for_update(of=AccessGrant)
        .execution_options(populate_existing=True)
    )
    return list(model.Session.execute(query).tuples())


def end(grant: AccessGrant, why: str, actor: Actor | None = None, reason: str = "") -> Any:
    """End a grant now; return the ledger's receipt.

    :param why: ``day`` (its last day has passed), ``decision`` or ``revoked``.
    """
    grant.ended_at, grant.ended_why = now(), why
    grant.ended_by = actor.id if actor else None
    model.Session.flush()
    outbox.put("request_end", request_id=grant.request_id)
    detail = {"why": why, **({"reason": reason} if reason else {})}
    return _record(grant, "revoke" if actor else "end", actor, detail)


def end_what_is_over(day: dt.date) -> Iterator[AccessGrant]:
    """End what counts no more anyway: its day has passed, or its decision is not in force."""
    for grant, decision in _running():
        if grant.last_day < day:
            end(grant, "day")
            yield grant
        elif decision is None or not decision.in_force:
            end(grant, "decision")
            yield grant


def may_revoke(actor: Actor, dataset_id: str, owner_org: str | None) -> bool:
    """Tell whether the actor is one of those who take grants on this dataset back."""
    actor = actor.on(dataset_id, owner_org)
    return any(answers(who, actor, owner_org) for who in request_rules().grants.revoked_by)


def revoke(grant_id: str, actor: Actor, reason: Any, owners: Mapping[str, str | None]) -> Any:
    """Take a grant back, at once; return the grant and the ledger's receipt.

    :param owners: dataset → its owner agency; a dataset that is not in it is gone.
    :raises NotAllowed: the person may not.
    :raises Refused: it has ended already.
    :raises InvalidFields: the reason is missing or too long.
    """
    rules = request_rules()
    found = _running(AccessGrant.id == grant_id)
    if not found:
        raise Refused("not_running", Message(rules.messages["not_running"]))
    grant = found[0][0]
    if not may_revoke(actor, grant.package_id, owners.get(grant.package_id)):
        holders = [Message(HOLDER_LABELS[who]) for who in rules.grants.revoked_by]
        raise NotAllowed("not_yours", Message(rules.messages["not_yours"], {"holder": holders}))
    errors: dict[str, list[Message]] = {}
    text = read_reason(reason, rules, errors)
    if errors:
        raise InvalidFields(errors)
    return grant, end(grant, "revoked", actor, text)


def _record(
    grant: AccessGrant, event: str, actor: Actor | None, detail: Mapping[str, Any]
) -> ledger.Receipt:
    return ledger.append(
        model.Session,
        event=f"access_grant.{event}",
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else None,
        dataset_id=grant.package_id,
        detail={
            "grant": grant.id,
            "request": grant.request_id,
            "user": grant.user_id,
            **detail,
            "break_glass": break_glass.used(actor, grant.package_id) if actor else None,
        },
    )
