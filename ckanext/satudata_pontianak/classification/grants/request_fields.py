"""What a call says of a request: read, checked, and never trusted.

Pure. Texts that a database could not keep, days that are none and files of other datasets are
each said at their field.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ...agencies.rules.objection import NO_DATE, read_date
from ...messages import Message
from ...msgids import N_
from ..rules.refusals import InvalidFields, readable
from .request_definition import RequestRules

WHOLE = "dataset"
"""What ``scope`` says where all files are asked for."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for, checked."""

    purpose: str
    until: date
    scope: frozenset[str] | None


def check_asked(
    values: Mapping[str, Any],
    rules: RequestRules,
    road: str,
    resources: Collection[str],
    today: date,
) -> Asked:
    """Check what a request says.

    :param values: ``purpose``, ``scope``, ``until`` as a call gives them.
    :param resources: ids of the dataset's resources that have an approved version.
    :raises InvalidFields: with every problem at once.
    """
    errors: dict[str, list[Message]] = {}
    purpose = readable(values.get("purpose"))
    low = rules.limits.purpose.min_length
    high = rules.limits.purpose.max_length
    if purpose is None or len(purpose) < low:
        errors["purpose"] = [Message(N_("Say in at least %(count)s characters."), {"count": low})]
    elif len(purpose) > high:
        errors["purpose"] = [Message("At most %(count)s characters.", {"count": high})]
    longest = today + timedelta(days=rules.roads[road].longest_days)
    until = read_day(values.get("until"), today, longest, errors)
    scope = read_scope(values.get("scope"), frozenset(resources), rules, errors)
    if errors or purpose is None or until is None:
        raise InvalidFields(errors)
    return Asked(purpose, until, scope)


def read_day(value: Any, first: date, last: date, errors: dict[str, list[Message]]) -> date | None:
    """Return a day from a call, or write down what is wrong with it."""
    day = read_date(value)
    if day is None:
        errors["until"] = [Message(NO_DATE)]
    elif not first <= day <= last:
        text = N_("Choose a day from %(first)s to %(last)s.")
        errors["until"] = [Message(text, {"first": first, "last": last})]
        return None
    return day


def read_reason(value: Any, rules: RequestRules, errors: dict[str, list[Message]]) -> str:
    """Return a reason from a call, or write down what is wrong with it."""
    text, field = readable(value) or "", rules.fields["reason"]
    if len(text) < field.min_length:
        low = {"count": field.min_length}
        errors["reason"] = [Message("Give the reason in at least %(count)s characters.", low)]
    elif len(text) > (most := field.max_length or 0):
        errors["reason"] = [Message("At most %(count)s characters.", {"count": most})]
    return text


def read_scope(
    value: Any,
    known: frozenset[str] | None,
    rules: RequestRules,
    errors: dict[str, list[Message]],
) -> frozenset[str] | None:
    """Return the resources that are meant.

    :param known: those that may be; ``None`` leaves it to the caller which there are.
    """
    if value in (None, "", WHOLE):
        return None
    most = rules.limits.resources
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        text = N_('Write "dataset" for everything, or a list of 1 to %(count)s ids of files.')
        errors["scope"] = [Message(text, {"count": most})]
        return None
    wanted = [readable(item) for item in value]
    if not all(wanted) or (known is not None and not known.issuperset(wanted)):
        errors["scope"] = [Message(N_("There is no such file in this dataset, or not for this."))]
        return None
    return frozenset(str(item) for item in wanted)
