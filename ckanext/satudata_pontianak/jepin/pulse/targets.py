"""The addresses of an app that are asked: who names them, and what they may be."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag

from ckan import model

from ... import config, days
from ...agencies.rules.duties import Actor
from ...agencies.rules.objection import NO_DATE, read_date
from ...classification.incidents.fields import NO_MOMENT, PERSONAL, Kinds, read_moment
from ...classification.rules.policy import Channel, Facts, as_governed, decide, may_publish
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ...smki import registers
from ...smki.records import roles
from ...smki.records.model import now
from ...smki.rules import written
from ..records.pulse_model import OPEN, SUSPECTED, PulseProgress, PulseStanding, PulseTarget
from ..rules.pulse import pulse
from . import addresses, storing, telling
from .looking import Place, place

ADDRESS = N_("Give an address that begins with http:// or https://.")
NUMBER = N_("Give the name of a host, not its number.")
OUTSIDE = N_("Only Walidata names an address outside the city's domains.")
PORT = N_("This port is not asked from here.")
BOTH = N_("Give the beginning and the end of the maintenance.")
BACKWARDS = N_("The end lies before the beginning.")
LONG = N_("A maintenance takes at most %(hours)s hours.")
AHEAD = N_("This day has not come yet.")
MARKER = 3, 100
WALIDATA = "walidata"


def may_set(actor: Actor, facts: Facts) -> bool:
    """Tell whether somebody names the addresses of an app: its publishers, and Walidata."""
    actor = actor.on(facts.dataset_id, facts.owner_org)
    return may_publish(actor, facts.owner_org) or leads(actor)


def leads(actor: Actor) -> bool:
    """Tell whether somebody names addresses outside the city's domains."""
    return WALIDATA in roles.carried_by(actor)


def may_see(actor: Actor, facts: Facts, carried: frozenset[str] | None = None) -> bool:
    """Tell whether somebody sees the evidence of an app that they may know of.

    :param carried: their roles, where they are known already.
    """
    if not decide(actor, as_governed(facts), Channel.METADATA):
        return False
    if may_publish(actor.on(facts.dataset_id, facts.owner_org), facts.owner_org):
        return True
    if registers.only_counted(facts):
        return False
    return bool((roles.carried_by(actor) if carried is None else carried) & {*pulse().seen_by})


def save(
    package: model.Package, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds
) -> tuple[PulseTarget | None, Any]:
    """Name the addresses of an app, or, without ``web``, ask it no more; the caller commits.

    :returns: what is asked from now on, and the receipt.
    :raises InvalidFields: with every problem; nothing is changed then.
    """
    row = model.Session.get(PulseTarget, package.id, with_for_update=True)
    if row is not None:
        addresses.keep(row)
    if given.get("web") in (None, ""):
        forget(package.id, row)
        addresses.take_out(package)
        row = None
    else:
        values = _checked(actor, given, kinds_in)
        if row is None:
            row = PulseTarget(package_id=package.id)
            model.Session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.from_entry = row.web == addresses.of_entry(package)
        row.set_by, row.set_at = actor.id, now()
        model.Session.flush()
        addresses.begin(package.id, row.web)
    receipt = append(
        model.Session,
        event="jepin.target",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        detail={"by": "robot" if row is not None and row.robot else "name"},
    )
    model.Session.flush()
    return row, receipt


def forget(package_id: str, row: PulseTarget | None) -> None:
    """Ask an app no more; one that was defaced stays without a link."""
    if row is not None:
        model.Session.delete(row)
    fault = storing.fault_of(package_id, SUSPECTED, OPEN)
    stays = fault is not None and telling.asked_no_more(fault, now())
    for table in (PulseProgress,) if stays else (PulseProgress, PulseStanding):
        there = model.Session.get(table, package_id)
        if there is not None:
            model.Session.delete(there)


def _checked(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> dict[str, Any]:
    errors: dict[str, list[Message]] = {}
    walidata = leads(actor)
    found: dict[str, Any] = {
        name: _address(name, given, kinds_in, errors, walidata=walidata)
        for name in ("web", "feed", "sitemap")
    }
    found["robot"] = bool(given.get("robot"))
    found["marker"] = None
    if given.get("marker") not in (None, ""):
        wrong, text = written.read(given["marker"], kinds_in, *MARKER, one_line=True)
        found["marker"] = text
        if wrong is not None:
            errors["marker"] = [wrong]
    found["store_day"] = _store_day(given, errors)
    found |= _maintenance(given, errors)
    if errors:
        raise InvalidFields(errors)
    return found


def _address(
    name: str,
    given: Mapping[str, Any],
    kinds_in: Kinds,
    errors: dict[str, list[Message]],
    *,
    walidata: bool,
) -> str | None:
    value = given.get(name)
    if value in (None, ""):
        return None
    url = urldefrag(value.strip()).url if isinstance(value, str) else ""
    wrong = problem(url, kinds_in, walidata=walidata)
    if wrong is not None:
        errors[name] = [wrong]
        return None
    return url


def problem(url: str, kinds_in: Kinds, *, walidata: bool) -> Message | None:
    """Return what speaks against asking an address, ``None``: nothing does.

    :param walidata: Walidata names it.
    """
    wrong = _wrong(place(url), walidata=walidata)
    if wrong is None and (kinds := kinds_in(url)):
        return Message(PERSONAL, {"kinds": ", ".join(kinds)})
    return wrong


def _wrong(there: Place | None, *, walidata: bool) -> Message | None:
    if there is None:
        return Message(ADDRESS)
    rules = pulse()
    try:
        ipaddress.ip_address(there.host)
    except ValueError:
        if "." not in there.host:
            return Message(ADDRESS)
    else:
        return Message(NUMBER)
    if there.port not in rules.ports and not config.pulse_test_range():
        return Message(PORT)
    return None if walidata or rules.in_domain(there.host) else Message(OUTSIDE)


def _store_day(given: Mapping[str, Any], errors: dict[str, list[Message]]) -> dt.date | None:
    if given.get("store_day") in (None, ""):
        return None
    day = read_date(given["store_day"])
    if day is None or day > days.today():
        errors["store_day"] = [Message(NO_DATE if day is None else AHEAD)]
    return day


def _maintenance(
    given: Mapping[str, Any], errors: dict[str, list[Message]]
) -> dict[str, dt.datetime | None]:
    names = "maintenance_from", "maintenance_until"
    values = [given.get(name) for name in names]
    if all(value in (None, "") for value in values):
        return dict.fromkeys(names)
    moments = [read_moment(value, days.CITY) for value in values]
    for name, value, moment in zip(names, values, moments, strict=True):
        if moment is None:
            errors[name] = [Message(BOTH if value in (None, "") else NO_MOMENT)]
    begin, end = moments
    if begin is not None and end is not None:
        most = pulse().most_maintenance_hours
        if end <= begin:
            errors[names[1]] = [Message(BACKWARDS)]
        elif end - begin > dt.timedelta(hours=most):
            errors[names[1]] = [Message(LONG, {"hours": most})]
    return dict(zip(names, moments, strict=True))
