"""Lay the duties of a body on a named person for dated days, and take them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ... import days
from ...ledger.service import append
from ...messages import Message
from .. import capacities, decrees, emergency, gate, makers, registry, words
from ..model import DelegationRow, now
from ..rules import break_glass, delegation
from ..rules.delegation import Candidate
from ..rules.duties import Agency
from ..rules.objection import EMPTY, NO_DATE, Objection, is_text, read_date
from .answers import Delegation, DelegationRecorded


def satudata_delegation_create(context: Context, data_dict: DataDict) -> DelegationRecorded:
    """Lay the duties of a body on a person for dated days, both included (Plh/Plt).

    A system administrator, or an admin of the body. The person gets the body's deciding duties
    on those days and nothing else: no publishing, no administration, no exemption from the rule
    that nobody takes two parts in one case.

    :param organization: name or id of the body
    :param user: name or id of the person
    :param from: first day, as YYYY-MM-DD (in Pontianak)
    :param until: last day, as YYYY-MM-DD; at most 366 days in all
    :param nomor_sk: number of the decree
    """
    tk.check_access("satudata_delegation_create", context, data_dict)
    missing = [
        Objection(k, Message(EMPTY))
        for k in ("organization", "user")
        if not is_text(data_dict.get(k))
    ]
    start, end = read_date(data_dict.get("from")), read_date(data_dict.get("until"))
    missing += [
        Objection(k, Message(NO_DATE)) for k, v in (("from", start), ("until", end)) if v is None
    ]
    if missing or start is None or end is None:
        raise words.refused(missing)
    gate.lock()
    body, user = _body(data_dict["organization"]), model.User.get(data_dict["user"].strip())
    if user is None:
        raise _not_there("user", tk._("User not found"))
    actor = registry.actor_from_context(context)
    admin = capacities.members_of(body.id).get(user.id) == "admin"
    person = Candidate(user.id, user.state == "active", admin)
    number = gate.number_in(data_dict)
    number = number if number is None or is_text(number) else None
    standing = registry.standing_delegations(DelegationRow.user_id == user.id)
    own = bool(actor.sysadmin and actor.id and makers.dependent(actor.id, frozenset({user.id})))
    glass = break_glass.covering(actor, None) if own else None
    dates, day = (start, end), days.today()
    wrong = delegation.objections(
        actor, body, person, dates, number, day, standing, own_account=own and glass is None
    )
    if number and (unknown := decrees.problem(number, body.id)):
        errors = words.refused(wrong).error_dict
        raise tk.ValidationError({**errors, "nomor_sk": [unknown]})
    if wrong:
        raise words.refused(wrong)
    row = DelegationRow(
        agency_id=body.id,
        user_id=user.id,
        first_day=start,
        last_day=end,
        nomor_sk=number,
        created_by=actor.id,
    )
    said = decrees.named(number, body.id)
    if glass is not None:
        # What is laid on an account of one's own by emergency access ends with that.
        model.Session.add(row)
        model.Session.flush()
        emergency.note(glass.id, body.id, user.id, delegation_id=row.id)
        said["break_glass"] = glass.id
    return _record(context, row, body, "delegation.create", said)


def satudata_delegation_revoke(context: Context, data_dict: DataDict) -> DelegationRecorded:
    """End a delegation today, at once; one that has not begun never runs.

    :param id: id of the delegation
    """
    row = _find(data_dict)
    tk.check_access("satudata_delegation_revoke", context, {"organization": row.agency_id})
    gate.lock()
    model.Session.refresh(row)
    if row.revoked_at is not None or row.last_day < days.today():
        raise _not_there("id", tk._("This delegation has ended already."))
    actor = registry.actor_from_context(context)
    row.revoked_at, row.revoked_by = now(), actor.id
    known = registry.read_agencies(with_closed=True)
    return _record(context, row, known.get(row.agency_id), "delegation.revoke", {})


@tk.side_effect_free
def satudata_delegation_list(context: Context, data_dict: DataDict) -> list[Delegation]:
    """Return delegations, the latest first day first.

    System administrators, Walidata, PPID and the auditor get all; everybody else those of the
    bodies that they administer, and their own.

    :param organization: only those of this body (optional)
    """
    tk.check_access("satudata_delegation_list", context, data_dict)
    actor = registry.actor_from_context(context)
    query = sa.select(DelegationRow).order_by(DelegationRow.first_day.desc(), DelegationRow.id)
    if data_dict.get("organization"):
        query = query.where(DelegationRow.agency_id == _body(data_dict["organization"]).id)
    if not delegation.sees_all(actor):
        query = query.where(
            sa.or_(
                DelegationRow.agency_id.in_(actor.administers), DelegationRow.user_id == actor.id
            )
        )
    return _as_dicts(model.Session.scalars(query))


def _body(reference: Any) -> Agency:
    found = registry.agency(reference.strip()) if is_text(reference) else None
    if found is None:
        raise _not_there("organization", tk._("Organization not found"))
    return found


def _find(data_dict: DataDict) -> DelegationRow:
    if not is_text(data_dict.get("id")):
        raise words.refused([Objection("id", Message(EMPTY))])
    row = model.Session.get(DelegationRow, data_dict["id"].strip())
    if row is None:
        raise tk.ObjectNotFound(tk._("Delegation not found"))
    return row


def _not_there(key: str, text: str) -> tk.ValidationError:
    return tk.ValidationError({key: [text]})


def _record(
    context: Context, row: DelegationRow, body: Agency | None, event: str, more: dict[str, Any]
) -> DelegationRecorded:
    """Write the row and its record in one transaction; return what the API gives."""
    actor = registry.actor_from_context(context)
    with gate.together():
        model.Session.add(row)
        model.Session.flush()
        receipt = append(
            model.Session,
            event=event,
            actor_id=actor.id,
            actor_name=actor.name,
            detail={
                "delegation": row.id,
                "agency": row.agency_id,
                "agency_name": body.name if body else None,
                "user": row.user_id,
                "duties": sorted(d.value for d in body.deciding) if body else [],
                "from": row.first_day,
                "until": row.last_day,
                **more,
            },
        )
        model.Session.commit()
    return {**_as_dicts([row])[0], "receipt": receipt.as_dict()}


def _as_dicts(rows: Iterable[DelegationRow]) -> list[Delegation]:
    found = list(rows)
    agencies = registry.read_agencies(with_closed=True)
    wanted = {row.user_id for row in found}
    query = sa.select(model.User.id, model.User.name).where(model.User.id.in_(wanted))
    names = {row.id: row.name for row in model.Session.execute(query)}
    return [_as_dict(r, agencies.get(r.agency_id), names.get(r.user_id)) for r in found]


def _as_dict(row: DelegationRow, body: Agency | None, user: str | None) -> Delegation:
    day = days.today()
    last = row.last_day
    if row.revoked_at is not None:
        last = min(last, row.revoked_at.astimezone(days.CITY).date())
    active = body is not None and body.active
    runs = active and row.revoked_at is None and row.first_day <= day <= row.last_day
    return {
        "id": row.id,
        "organization": body.name if body else row.agency_id,
        "user": user or row.user_id,
        "duties": sorted(d.value for d in body.deciding) if body else [],
        "from": row.first_day.isoformat(),
        "until": _text(last),
        "nomor_sk": row.nomor_sk,
        "running": runs,
        "revoked": _text(row.revoked_at),
    }


def _text(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def get_actions() -> dict[str, Any]:
    """The actions on delegations."""
    return {
        f.__name__: f
        for f in (
            satudata_delegation_create,
            satudata_delegation_revoke,
            satudata_delegation_list,
        )
    }
