"""Actions on the registers of information security: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..agencies import registry
from ..agencies.rules.duties import Actor
from ..agencies.rules.objection import read_date
from ..classification.incidents.steps import kinds_in
from ..classification.records import parameters
from ..classification.requests.actions import tried
from ..classification.rules.refusals import InvalidFields, check_reason
from . import register_answers, register_show, registers
from .registers import Line
from .rules.registers import Register
from .rules.registers import registers as definition

MAX_ROWS = 500
STATES = ("open", "incomplete", "late", "ended")
MAX_FIELDS = 100


@tk.side_effect_free
def satudata_smki_register_list(
    context: types.Context, data_dict: dict[str, Any]
) -> list[register_answers.RegisterRow]:
    """Return the registers that the caller reads, and how complete what they see of each is.

    By a role, or as an editor or admin of an agency the lines of its datasets.
    """
    tk.check_access("satudata_smki_register_list", context, data_dict)
    actor = registry.actor_from_context(context)
    return register_show.register_rows(actor)


@tk.side_effect_free
def satudata_smki_entry_list(
    context: types.Context, data_dict: dict[str, Any]
) -> register_answers.Entries:
    """Return lines of a register. Of a dataset that the caller may not know of there is no line.

    :param register: name of the register
    :param state: ``open`` (default), ``incomplete``, ``late`` (incomplete after the deadline) or
        ``ended``
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_entry_list", context, data_dict)
    actor = registry.actor_from_context(context)
    register = _register(actor, data_dict)
    state = parameters.choice(data_dict, "state", STATES) or STATES[0]
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    found = registers.in_state(registers.lines(actor, register, ended=state == "ended"), state)
    return register_show.entries(register, found[offset : offset + limit], len(found))


@tk.side_effect_free
def satudata_smki_entry_show(
    context: types.Context, data_dict: dict[str, Any]
) -> register_answers.EntryShown:
    """Return a line of a register with its fields.

    :param entry: its number or id
    """
    tk.check_access("satudata_smki_entry_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return register_show.entry(_line(actor, data_dict), actor)


def satudata_smki_entry_save(
    context: types.Context, data_dict: dict[str, Any]
) -> register_answers.EntryRecorded:
    """Write into a line of a register, or open one; who keeps the register, or owns the dataset.

    What the portal fills in by itself is not taken, nor a text with an identifier in it.

    :param entry: number or id of the line (default: a new one)
    :param register: name of the register in which a new line is opened
    :param values: field → value; what is not named stays, an empty value empties the field
    """
    tk.check_access("satudata_smki_entry_save", context, data_dict)
    actor, given = registry.actor_from_context(context), _values(data_dict)
    if data_dict.get("entry") in (None, ""):
        register = _register(actor, data_dict)

        def open_() -> Any:
            row, receipt = registers.create(actor, register, given, kinds_in)
            model.Session.commit()
            return row, receipt

        row, receipt = tried(open_)
        found = registers.find(actor, row.id) or _unknown()
    else:
        found = _line(actor, data_dict, lock=True)
        receipt = _act(lambda: registers.save(found, actor, given, kinds_in))
    return {**register_show.entry(found, actor), "receipt": receipt.as_dict()}


def satudata_smki_entry_end(
    context: types.Context, data_dict: dict[str, Any]
) -> register_answers.EntryRecorded:
    """End a line that people keep, for a reason; who keeps the register.

    :param entry: its number or id
    :param reason: why, in at least 10 characters; names no person
    """
    tk.check_access("satudata_smki_entry_end", context, data_dict)
    actor = registry.actor_from_context(context)
    found = _line(actor, data_dict, lock=True)
    reason = parameters.line(data_dict, "reason")

    def act() -> Any:
        if errors := check_reason(reason) or registers.identifying("reason", reason, kinds_in):
            raise InvalidFields(errors)
        return registers.end(found, actor, reason)

    receipt = _act(act)
    return {**register_show.entry(found, actor), "receipt": receipt.as_dict()}


def satudata_smki_risk_accept(
    context: types.Context, data_dict: dict[str, Any]
) -> register_answers.EntryRecorded:
    """Accept what is left of a risk until a day; never who treats it, nor above one's level.

    :param entry: number or id of its line
    :param until: last day of the acceptance, as YYYY-MM-DD
    :param digest: the digest of what you looked at, as the line shows it; refused when it is stale
    """
    tk.check_access("satudata_smki_risk_accept", context, data_dict)
    actor = registry.actor_from_context(context)
    found = _line(actor, data_dict, lock=True)
    said, looked_at = data_dict.get("until"), parameters.line(data_dict, "digest")
    receipt = _act(
        lambda: registers.accept(
            found,
            actor,
            read_date(said),
            given=said not in (None, ""),
            seen_digest=looked_at,
        )
    )
    return {**register_show.entry(found, actor), "receipt": receipt.as_dict()}


def _act(act: Any) -> Any:
    """Do something, and commit it; what a rule refuses is undone."""

    def done() -> Any:
        receipt = act()
        model.Session.commit()
        return receipt

    return tried(done)


def _register(actor: Actor, data_dict: dict[str, Any]) -> Register:
    """Return the register that a call names, if the caller reads lines of it.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    found = definition().registers.get(parameters.text(data_dict, "register"))
    if found is None or found not in registers.of(actor):
        raise tk.ObjectNotFound(tk._("Register not found"))
    return found


def _line(actor: Actor, data_dict: dict[str, Any], *, lock: bool = False) -> Line:
    """Return the line that a call names, if the caller sees it.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    asked = parameters.reference(data_dict, "entry")
    return registers.find(actor, asked, lock=lock) or _unknown()


def _unknown() -> Any:
    raise tk.ObjectNotFound(tk._("Line not found"))


def _values(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a call gives.

    :raises ckan.plugins.toolkit.ValidationError: it is no object, or a large one.
    """
    given = data_dict.get("values")
    if not isinstance(given, dict) or len(given) > MAX_FIELDS:
        raise tk.ValidationError({"values": [tk._("Give an object: field → value.")]})
    return {str(name): value for name, value in given.items()}


def get_actions() -> dict[str, Any]:
    """Return the actions on registers by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_register_list,
            satudata_smki_entry_list,
            satudata_smki_entry_show,
            satudata_smki_entry_save,
            satudata_smki_entry_end,
            satudata_smki_risk_accept,
        )
    }
