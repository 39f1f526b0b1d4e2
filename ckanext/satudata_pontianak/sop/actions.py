"""Actions of this room: how far cases ran as written, and what everybody may know of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from .. import days
from ..agencies import registry
from .audit import evidence, reading, reports
from .audit.answers import ConformanceTold, Evidence, TransparencyTold
from .audit.conformance import Period
from .audit.tables import Share


@tk.side_effect_free
def satudata_conformance(context: types.Context, data_dict: dict[str, Any]) -> ConformanceTold:
    """Replay the ledger against the workflow that was in force at each step.

    For the auditor, Walidata, PPID and its superior. Of datasets of which the caller may not know
    there is no trace in the answer.

    :param from: first day, YYYY-MM-DD (default: the first of this year)
    :param to: last day, at the latest today, which is the default
    """
    tk.check_access("satudata_conformance", context, data_dict)
    actor = registry.actor_from_context(context)
    made = reports.conformance(actor, period(data_dict))
    return {**made.data, "ledger": made.counted.as_dict()}


@tk.side_effect_free
def satudata_transparency(context: types.Context, data_dict: dict[str, Any]) -> TransparencyTold:
    """Return the numbers of a year that everybody may know.

    :param year: default: this year
    """
    tk.check_access("satudata_transparency", context, data_dict)
    made = reports.transparency(year(data_dict), days.today())
    ledger, agencies = made.counted.as_dict(), dict(made.names.agencies)
    return {**made.data, "ledger": ledger, "agencies": agencies}


@tk.side_effect_free
def satudata_evidence(context: types.Context, data_dict: dict[str, Any]) -> Evidence:
    """Return the evidence sheets of a year: each code with its numbers and documents.

    For the auditor, Walidata, PPID and its superior.

    :param year: default: this year
    """
    tk.check_access("satudata_evidence", context, data_dict)
    actor = registry.actor_from_context(context)
    wanted = year(data_dict)
    basis = reports.evidence(actor, wanted, days.today())
    found = evidence.measured(basis)
    values: dict[str, Any] = {k: v.value if isinstance(v, Share) else v for k, v in found.items()}
    return {
        "year": wanted,
        "ledger": basis.counted.as_dict(),
        "frameworks": [
            {
                "name": framework.name,
                "title": tk._(framework.label),
                "source": framework.basis["text"],
                "secondary": framework.secondary,
                "sheets": [
                    {
                        "code": sheet.code,
                        "also": list(sheet.also),
                        "title": tk._(sheet.label),
                        "proof": tk._(sheet.help),
                        "numbers": {name: values[name] for name in sheet.numbers},
                        "sops": list(sheet.sops),
                    }
                    for sheet in framework.sheets
                ],
            }
            for framework in evidence.evidence_file().frameworks.values()
        ],
    }


def period(data_dict: dict[str, Any]) -> Period:
    """Return the days that are asked for.

    :raises ckan.plugins.toolkit.ValidationError: they are no days, in the wrong order or to come.
    """
    today = days.today()
    last = _day(data_dict, "to", today)
    first = _day(data_dict, "from", last.replace(month=1, day=1))
    if last > today:
        raise tk.ValidationError({"to": [tk._("Give a day that has come.")]})
    if first > last:
        raise tk.ValidationError({"from": [tk._("The first day is after the last.")]})
    return Period(first, last)


def wrong(refusal: tk.ValidationError) -> str:
    """Return what a refusal says, field by field, as one text."""
    return " ".join(
        f"{key}: {' '.join(map(str, texts))}"
        for key, texts in refusal.error_dict.items()
        if isinstance(texts, list)
    )


def _day(data_dict: dict[str, Any], key: str, default: dt.date) -> dt.date:
    value = data_dict.get(key)
    if value in (None, ""):
        return default
    try:
        return dt.date.fromisoformat(days.iso(value) if isinstance(value, str) else value)
    except (TypeError, ValueError):
        text = tk._("Write the date as 24/11/2026 or 2026-11-24.")
        raise tk.ValidationError({key: [text]}) from None


def year(data_dict: dict[str, Any]) -> int:
    """Return the year that is asked for.

    :raises ckan.plugins.toolkit.ValidationError: it is no year, has not begun, or is older than the
        ledger.
    """
    this, value = days.today().year, data_dict.get("year")
    first = reading.first_year(this)
    if value in (None, ""):
        return this
    try:
        found = int(str(value))
    except ValueError:
        found = 0
    if not first <= found <= this:
        text = tk._("Give a whole number from %(low)s to %(high)s.")
        raise tk.ValidationError({"year": [text % {"low": first, "high": this}]})
    return found


def get_actions() -> dict[str, Any]:
    """Return the actions of this room by name."""
    return {f.__name__: f for f in (satudata_conformance, satudata_transparency, satudata_evidence)}
