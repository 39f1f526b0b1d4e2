"""Lay a role of information security on a person by decree, and end it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..agencies import decrees, gate, registry, words
from ..agencies.rules import decree
from ..agencies.rules.objection import EMPTY, Objection, is_text, read_date
from ..classification.records import parameters
from ..ledger.service import append
from ..messages import Message
from . import answers, show
from .records import roles
from .records.model import SmkiRole, now
from .rules import role_rules
from .rules.definition import smki


def satudata_smki_role_create(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RoleRecorded:
    """Lay a role of information security on a person by a decree that is recorded.

    A system administrator or Walidata, never on themselves. A role gives no reading right.

    :param role: name of the role, as ``satudata_smki_board`` lists them
    :param user: name or id of the person
    :param nomor_sk: number of the decree
    :param from: first day, as YYYY-MM-DD (in Pontianak)
    :param until: last day, as YYYY-MM-DD (default: until it is ended)
    """
    tk.check_access("satudata_smki_role_create", context, data_dict)
    actor = registry.actor_from_context(context)
    name, number = parameters.line(data_dict, "user"), gate.number_in(data_dict)
    role = parameters.line(data_dict, "role")
    user = model.User.get(name) if is_text(name) else None
    if user is None:
        raise tk.ValidationError({"user": [tk._("User not found")]})
    first, last = read_date(data_dict.get("from")), read_date(data_dict.get("until"))
    gate.lock()
    held = roles.held_within(user.id, first, last)
    wrong = role_rules.objections(
        smki(), role, user.id, actor.id, (first, last), held, active=user.state == "active"
    )
    if last is None and data_dict.get("until") not in (None, ""):
        wrong.append(Objection("until", Message(role_rules.NO_DATE)))
    if not is_text(number):
        wrong.append(Objection("nomor_sk", Message(EMPTY)))
    if wrong:
        raise words.refused(wrong)
    if unknown := decrees.problem(number or "", None):
        raise tk.ValidationError({"nomor_sk": [unknown]})
    said = decrees.named(number, None)
    row = SmkiRole(
        role=role,
        user_id=user.id,
        nomor_sk=said["nomor_sk"],
        first_day=first,
        last_day=last,
        created_by=actor.id,
    )
    return _record(row, actor, "smki.role_laid", said)


def satudata_smki_role_end(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RoleRecorded:
    """End a role of a person at once.

    :param id: id of the role that was laid
    """
    tk.check_access("satudata_smki_role_end", context, data_dict)
    row = model.Session.get(SmkiRole, parameters.text(data_dict, "id"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Role not found"))
    gate.lock()
    model.Session.refresh(row)
    if row.ended_at is not None:
        raise tk.ValidationError({"id": [tk._("This role has ended already.")]})
    actor = registry.actor_from_context(context)
    row.ended_at, row.ended_by = now(), actor.id
    return _record(row, actor, "smki.role_ended", {})


@tk.side_effect_free
def satudata_smki_role_list(
    context: types.Context, data_dict: dict[str, Any]
) -> list[answers.RoleLaid]:
    """Return the roles that were laid on people by decree, the newest first."""
    tk.check_access("satudata_smki_role_list", context, data_dict)
    query = sa.select(SmkiRole).order_by(SmkiRole.first_day.desc(), SmkiRole.id)
    rows = list(model.Session.scalars(query))
    names = roles.names_of(row.user_id for row in rows)
    return [show.role_laid(row, names) for row in rows]


def _record(row: SmkiRole, actor: Any, event: str, more: dict[str, Any]) -> answers.RoleRecorded:
    with gate.together():
        model.Session.add(row)
        model.Session.flush()
        receipt = append(
            model.Session,
            event=event,
            actor_id=actor.id,
            actor_name=actor.name,
            detail={
                "laid": row.id,
                "role": row.role,
                "user": row.user_id,
                "from": row.first_day,
                "until": row.last_day,
                **more,
            },
        )
        model.Session.commit()
    names = roles.names_of([row.user_id])
    return {**show.role_laid(row, names), "receipt": receipt.as_dict()}


def may_lay(context: types.Context) -> bool:
    """Tell whether the caller lays roles on others: as who records decrees of the whole city."""
    return decree.may_record(registry.actor_from_context(context), None)


def get_actions() -> dict[str, Any]:
    """Return the actions on roles by name."""
    return {
        f.__name__: f
        for f in (satudata_smki_role_create, satudata_smki_role_end, satudata_smki_role_list)
    }
