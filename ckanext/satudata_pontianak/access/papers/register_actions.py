"""The action of the registers: public, and the same for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ... import days
from ...agencies import registry
from ...classification.records import parameters
from ...classification.rules.axes import classification
from ...classification.rules.definition import workflow
from ...surface import page_names
from ..reading.register_rules import REGISTERS
from ..reading.registers import Wanted, find
from .answers import Register

MAX_ROWS = 500
FIRST_YEAR, LAST_YEAR = 1945, 9999


@tk.side_effect_free
def satudata_information_register(context: types.Context, data_dict: dict[str, Any]) -> Register:
    """Return the register of public or of excluded information, from the decisions in force.

    Both are public documents (UU 14/2008): they say the same to everybody. Excluded information
    is told in the words of PPID; what is top secret is only counted, for the whole city and under
    no filter.

    :param register: ``dip`` (public information) or ``dik`` (excluded information)
    :param agency: only of this agency (id or name)
    :param kind: in ``dip`` a kind of information, in ``dik`` a letter of Article 17 (a–j)
    :param year: only decisions of this year
    :param q: only rows with this text
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_information_register", context, data_dict)
    wanted = wanted_of(data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    found = find(wanted, limit, offset)
    rows: Any = [told(wanted.register, row) for row in found.rows]
    if wanted.register != "dik":
        return {"register": "dip", "count": found.count, "results": rows}
    return {"register": "dik", "count": found.count, "counted": found.counted, "results": rows}


def wanted_of(data_dict: dict[str, Any]) -> Wanted:
    """Return what is asked for.

    :raises ckan.plugins.toolkit.ValidationError: there is no such register, or a filter has a
        value that does not exist.
    """
    register = parameters.choice(data_dict, "register", REGISTERS)
    if not register:
        raise tk.ValidationError({"register": [tk._("Fill in this field.")]})
    agency = parameters.line(data_dict, "agency")
    known = registry.agency(agency)
    if agency and known is None:
        raise tk.ValidationError({"agency": [tk._("There is no such agency.")]})
    year = parameters.number(data_dict, "year", 0, FIRST_YEAR, LAST_YEAR)
    return Wanted(
        register=register,
        agency=known.id if known else "",
        kind=parameters.choice(data_dict, "kind", kinds_of(register)),
        year=year or None,
        text=parameters.line(data_dict, "q"),
    )


def kinds_of(register: str) -> tuple[str, ...]:
    """Return what a register is filtered by: kinds of information, or letters of Article 17."""
    if register == "dik":
        return workflow().fields["pasal_pengecualian"].choices
    rules = classification()
    levels = rules.exclusion.registers["dip"]
    admitted = [c for c in rules.combinations if c.allowed["tingkat_keamanan"] & levels]
    values = rules.axes["jenis_informasi"]["values"]
    return tuple(v for v in values if any(v in c.allowed["jenis_informasi"] for c in admitted))


def told(register: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the API gives it: dates as text, with the address of its page."""
    result = {key: _text(value) for key, value in row.items()}
    if register == "dik":
        last = row["until"]
        result["expired"] = last is not None and last < days.today()
        address = page_names.endpoint("excluded")
        result["url"] = tk.h.url_for(address, item_id=row["id"], qualified=True)
    else:
        del result["id"]
        name = row["dataset"]["name"]
        result["url"] = tk.h.url_for("dataset.read", id=name, qualified=True)
    return result


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


@tk.auth_allow_anonymous_access
def _anybody(context: types.Context, data_dict: Any) -> types.AuthResult:
    """The registers are public (UU 14/2008 Article 11 letter a)."""
    return {"success": True}


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {"satudata_information_register": satudata_information_register}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module by name."""
    return {"satudata_information_register": _anybody}
