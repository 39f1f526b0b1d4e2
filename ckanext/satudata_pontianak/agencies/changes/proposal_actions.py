"""Propose a membership, and confirm or decline what somebody else proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ...ledger.service import append
from ...messages import Message
from ...surface.memberships import memberships
from .. import capacities, decrees, emergency, gate, makers, registry, words
from ..model import ProposalRow, now
from ..rules import decree, proposal
from ..rules.duties import Actor, Agency
from ..rules.memberships import Change, MemberChange, refusals
from ..rules.objection import EMPTY, Objection, is_text
from ..rules.proposal import Proposal, State
from . import answers

MOST = 100
FURTHEST = 1_000_000
"""As far as a list can be read on; the database counts no further than its integers."""
PROPOSED, DECLINED = "membership_proposed", "membership_declined"
"""Kinds of notices."""

TELLING: list[Callable[[str, str], None]] = []
"""What tells of a proposal, by the kind of notice and the agency's id."""


def satudata_membership_propose(context: Context, data_dict: DataDict) -> answers.Proposal:
    """Propose that a person becomes a member of an agency, also oneself; another one confirms it.

    System administrators, and admins of the agency. For a membership that the same administrator
    may not give: of themselves, or of an account that they made or set a password for.

    :param organization: name or id of the agency
    :param user: name or id of the person
    :param role: ``admin``, ``editor`` or ``member``
    :param nomor_sk: number of a recorded decree; needed for a body that decides
    """
    tk.check_access("satudata_membership_propose", context, data_dict)
    actor = registry.actor_from_context(context)
    missing = [
        Objection(k, Message(EMPTY))
        for k in ("organization", "user")
        if not is_text(data_dict.get(k))
    ]
    if missing:
        raise words.refused(missing)
    gate.lock()
    body, person = _body(data_dict["organization"]), model.User.get(data_dict["user"].strip())
    if not proposal.may_take_part(actor, body.id):
        raise tk.NotAuthorized(_who())
    if person is None:
        raise tk.ValidationError({"user": [tk._("User not found")]})
    role, has = data_dict.get("role"), capacities.members_of(body.id).get(person.id)
    if has and emergency.is_only_for_now(body.id, person.id):
        has = None
    waits = _waiting(body.id, person.id) is not None
    active = person.state == model.State.ACTIVE
    wrong = proposal.objections(role, has, active=active, waits=waits)
    if wrong:
        model.Session.rollback()
        raise words.refused(wrong)
    number = gate.number_in(data_dict)
    _check(body, MemberChange(person.id, has, str(role)), number)
    row = ProposalRow(
        agency_id=body.id,
        user_id=person.id,
        role=str(role),
        nomor_sk=number,
        state=State.OPEN.value,
        proposed_by=actor.id,
        until=now() + dt.timedelta(days=memberships().proposal_days),
    )
    with gate.together():
        model.Session.add(row)
        model.Session.flush()
        _record(actor, row, body, "propose")
        _tell(PROPOSED, body.id)
        model.Session.commit()
    return _as_dict(row)


def satudata_membership_confirm(context: Context, data_dict: DataDict) -> answers.Proposal:
    """Confirm a membership that somebody else proposed: from then on it holds.

    A system administrator or an admin of the agency, who is neither who proposed it nor who gets
    it, and whose account none of them made, nor they theirs.

    :param id: id of the proposal
    """
    actor, row, body = _taken(context, data_dict, "satudata_membership_confirm")
    person, by = model.User.get(row.user_id), model.User.get(row.proposed_by)
    active = person is not None and person.state == model.State.ACTIVE
    administers = by is not None and by.sysadmin and by.state == model.State.ACTIVE
    waiting = Proposal(body, row.user_id, row.role, row.proposed_by, administers, row.until)
    wrong = proposal.against_confirming(actor, waiting, makers.hands(), active=active)
    if wrong:
        model.Session.rollback()
        raise words.refused(wrong)
    has = capacities.members_of(body.id).get(row.user_id)
    move = MemberChange(row.user_id, has, row.role)
    _check(body, move, row.nomor_sk)
    with gate.together():
        more = {"proposal": row.id, "by": row.proposed_by}
        gate.record(context, Change(body, body, (move,)), row.nomor_sk, more=more)
        capacities.set_capacity(body.id, row.user_id, row.role)
        emergency.keep(body.id, row.user_id)
        _decide(row, actor, State.CONFIRMED)
        _record(actor, row, body, "confirm")
        model.Session.commit()
    return _as_dict(row)


def satudata_membership_decline(context: Context, data_dict: DataDict) -> answers.Proposal:
    """Decline a membership that was proposed, or withdraw one that one proposed.

    :param id: id of the proposal
    """
    actor, row, body = _taken(context, data_dict, "satudata_membership_decline")
    with gate.together():
        own = actor.id == row.proposed_by
        _decide(row, actor, State.WITHDRAWN if own else State.DECLINED)
        _record(actor, row, body, "withdraw" if own else "decline")
        _tell(DECLINED, body.id)
        model.Session.commit()
    return _as_dict(row)


@tk.side_effect_free
def satudata_membership_proposal_list(
    context: Context, data_dict: DataDict
) -> list[answers.Proposal]:
    """Return proposed memberships, the latest first.

    System administrators, Walidata and the auditor get all; admins those of their agencies.

    :param limit: at most so many, 100 at most and by default
    :param offset: leave out so many
    """
    tk.check_access("satudata_membership_proposal_list", context, data_dict)
    actor = registry.actor_from_context(context)
    query = sa.select(ProposalRow)
    if not decree.watches(actor):
        query = query.where(ProposalRow.agency_id.in_(actor.administers))
    query = query.order_by(ProposalRow.proposed_at.desc(), ProposalRow.id)
    query = query.limit(min(MOST, _count(data_dict.get("limit"), MOST)))
    rows = model.Session.scalars(query.offset(_count(data_dict.get("offset"), 0)))
    return [_as_dict(row) for row in rows]


def _taken(context: Context, data_dict: DataDict, action: str) -> tuple[Actor, ProposalRow, Agency]:
    """Return who acts, and an open proposal that they may see, locked until the commit.

    :raises ObjectNotFound: there is none, or it is not theirs to know of.
    :raises ValidationError: it does not wait any more.
    """
    tk.check_access(action, context, data_dict)
    actor = registry.actor_from_context(context)
    asked = data_dict.get("id")
    gate.lock()
    query = sa.select(ProposalRow).where(ProposalRow.id == asked).with_for_update()
    query = query.execution_options(populate_existing=True)
    row = model.Session.scalars(query).one_or_none() if is_text(asked) else None
    if row is None or not proposal.may_take_part(actor, row.agency_id):
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("Proposal not found"))
    body = registry.read_agencies().get(row.agency_id)
    if _state(row) is not State.OPEN or body is None:
        model.Session.rollback()
        raise words.refused([Objection("id", Message(proposal.NOT_OPEN))])
    return actor, row, body


def _check(body: Agency, move: MemberChange, number: str | None) -> None:
    """Refuse what speaks against a membership whoever makes it.

    :raises ValidationError: by field.
    """
    change = Change(body, body, (move,))
    found = refusals(change, registry.read_agencies(), sysadmin=True, decree=number)
    unknown = decrees.problem(number, body.id) if number else None
    if not found and unknown is None:
        return
    errors: dict[str, list[str]] = {}
    for refusal in found:
        errors.setdefault(words.field_of(refusal), []).append(words.explain(refusal))
    if unknown is not None:
        errors["nomor_sk"] = [unknown]
    model.Session.rollback()
    raise tk.ValidationError({**errors})


def _waiting(agency_id: str, user_id: str) -> ProposalRow | None:
    """Return the open proposal of this membership; one that has expired is closed."""
    query = sa.select(ProposalRow).where(
        ProposalRow.agency_id == agency_id,
        ProposalRow.user_id == user_id,
        ProposalRow.state == State.OPEN.value,
    )
    row = model.Session.scalars(query).one_or_none()
    if row is not None and _state(row) is State.EXPIRED:
        row.state = State.EXPIRED.value
        model.Session.flush()
        return None
    return row


def _state(row: ProposalRow) -> State:
    state = State(row.state)
    return State.EXPIRED if state is State.OPEN and row.until <= now() else state


def _decide(row: ProposalRow, actor: Actor, state: State) -> None:
    row.state, row.decided_by, row.decided_at = state.value, actor.id, now()
    model.Session.flush()


def _record(actor: Actor, row: ProposalRow, body: Agency, what: str) -> None:
    append(
        model.Session,
        event=f"membership.{what}",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "proposal": row.id,
            "agency": body.id,
            "agency_name": body.name,
            "user": row.user_id,
            "capacity": row.role,
            "until": row.until,
            **decrees.named(row.nomor_sk, body.id),
        },
    )


def _tell(kind: str, agency_id: str) -> None:
    for tell in TELLING:
        tell(kind, agency_id)


def _body(reference: str) -> Agency:
    found = registry.agency(reference.strip())
    if found is None:
        raise tk.ValidationError({"organization": [tk._("Organization not found")]})
    return found


def _count(value: Any, default: int) -> int:
    try:
        return min(FURTHEST, max(0, int(value)))
    except (TypeError, ValueError):
        return default


def _as_dict(row: ProposalRow) -> answers.Proposal:
    body = registry.read_agencies(with_closed=True).get(row.agency_id)
    ids = [i for i in (row.user_id, row.proposed_by, row.decided_by) if i]
    query = sa.select(model.User.id, model.User.name).where(model.User.id.in_(ids))
    names = {r.id: r.name for r in model.Session.execute(query)}
    return {
        "id": row.id,
        "organization": body.name if body else row.agency_id,
        "user": names.get(row.user_id, row.user_id),
        "role": row.role,
        "nomor_sk": row.nomor_sk,
        "proposed_by": names.get(row.proposed_by, row.proposed_by),
        "proposed": row.proposed_at.isoformat(),
        "until": row.until.isoformat(),
        "state": _state(row).value,
        "decided_by": names.get(row.decided_by or "", row.decided_by),
        "decided": row.decided_at.isoformat() if row.decided_at else None,
    }


def _who() -> str:
    return tk._(
        "Memberships are proposed and confirmed by system administrators and by the admins of the "
        "agency"
    )


def _takes_part(context: Context, data_dict: DataDict) -> AuthResult:
    """System administrators, and admins of an agency; the action says of which one."""
    actor = registry.actor_from_context(context)
    may = actor.active and (actor.sysadmin or bool(actor.administers))
    return {"success": may, "msg": _who()}


def _reads(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever takes part, Walidata and the auditor; the action gives each what is theirs."""
    actor = registry.actor_from_context(context)
    may = decree.watches(actor) or (actor.active and bool(actor.administers))
    return {"success": may, "msg": _who()}


def get_actions() -> dict[str, Any]:
    """The actions on proposed memberships."""
    return {
        f.__name__: f
        for f in (
            satudata_membership_propose,
            satudata_membership_confirm,
            satudata_membership_decline,
            satudata_membership_proposal_list,
        )
    }


def get_auth_functions() -> dict[str, Any]:
    """Who may call them."""
    takes_part = tk.auth_sysadmins_check(_takes_part)
    return {
        "satudata_membership_propose": takes_part,
        "satudata_membership_confirm": takes_part,
        "satudata_membership_decline": takes_part,
        "satudata_membership_proposal_list": _reads,
    }
