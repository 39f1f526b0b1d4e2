"""The pulse as its readers see it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...classification.records.dataset_types import APP
from ...messages import Message
from ...smki.records import roles
from ..records import standing
from ..records.pulse_model import OPEN, PulseCheck, PulseDay, PulseFault, PulseTarget
from ..records.register_model import AppLife
from ..rules import uptime
from ..rules.lifecycle import lifecycle
from ..rules.pulse import pulse
from ..rules.verdict import Evidence
from . import addresses, answers, following, storing, targets

CHECKS = 20
WORST = {"disturbed": 0, None: 1, "maintenance": 2, "open": 3, "closed": 4}


def seen(actor: Actor) -> list[str]:
    """Return the ids of the apps whose evidence somebody sees."""
    carried = roles.carried_by(actor)
    if not carried & {*pulse().seen_by} and not actor.publishes_for:
        return []
    in_use = [
        name
        for name, state in lifecycle().states.items()
        if name != lifecycle().first and not state.ended
    ]
    query = (
        sa.select(model.Package.id)
        .outerjoin(PulseTarget, PulseTarget.package_id == model.Package.id)
        .outerjoin(AppLife, AppLife.package_id == model.Package.id)
        .where(model.Package.state == "active", model.Package.type == APP)
        .where(sa.or_(PulseTarget.package_id.is_not(None), AppLife.state.in_(in_use)))
    )
    ids = model.Session.scalars(query)
    facts = reads.facts_for(ids)
    return [id_ for id_, each in facts.items() if targets.may_see(actor, each, carried)]


def rows(ids: Collection[str]) -> list[answers.PulseRow]:
    """Return how apps stand, those that fail first."""
    if not ids:
        return []
    stand = standing.standing(ids)
    query = sa.select(PulseFault).where(PulseFault.package_id.in_(ids), PulseFault.state == OPEN)
    faults = {row.package_id: row for row in model.Session.scalars(query)}
    since = storing.began(ids)
    targeted = sa.select(PulseTarget.package_id).where(PulseTarget.package_id.in_(ids))
    asked = {*model.Session.scalars(targeted)}
    last, totals = _last_checks(ids, since), _totals(ids)
    packages = model.Session.scalars(sa.select(model.Package).where(model.Package.id.in_(ids)))
    found = [
        _row(
            each,
            stand[each.id],
            faults.get(each.id),
            last.get(each.id),
            [day for day in totals[each.id] if not _of_before(day.day, since.get(each.id))],
            following.unasked(each) if each.id not in asked else None,
        )
        for each in packages
    ]
    return sorted(found, key=lambda row: (WORST[row["word"]], row["title"].casefold()))


def _of_before(day: dt.date, since: dt.datetime | None) -> bool:
    """Tell whether checks of a day are, at least in part, of the address before."""
    return since is not None and day <= since.astimezone(days.CITY).date()


def _row(
    package: model.Package,
    stands: standing.Standing,
    fault: PulseFault | None,
    check: PulseCheck | None,
    totals: list[uptime.Day],
    why: Message | None,
) -> answers.PulseRow:
    agency = registry.agency(package.owner_org) if package.owner_org else None
    share = uptime.share(totals)
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "agency": agency.title if agency is not None else None,
        "word": stands.word,
        "since": _text(stands.since),
        "checked": _text(stands.checked_at),
        "link": stands.link,
        "found": _found(check.codes if check is not None else ()),
        "alarm": _text(fault.alarm_at) if fault is not None else None,
        "due": _text(fault.due) if fault is not None else None,
        "handed": fault is not None and fault.task_id is not None,
        "uptime": round(share, 2) if share is not None else None,
        "unasked": why.text(tk._) if why is not None else None,
    }


def shown(package: model.Package, *, sets: bool) -> answers.PulseShown:
    """Return an app with its evidence.

    :param sets: the reader names its addresses.
    """
    row = model.Session.get(PulseTarget, package.id)
    (stands,) = rows([package.id])
    totals = uptime.span(_totals([package.id])[package.id], days.today(), pulse().kept.shown_days)
    query = sa.select(PulseCheck).where(PulseCheck.package_id == package.id)
    newest = query.order_by(PulseCheck.at.desc(), PulseCheck.id.desc()).limit(CHECKS)
    since = storing.began([package.id]).get(package.id)
    return {
        **stands,
        "target": _target(row) if row is not None else None,
        "sets": sets,
        "addresses": [
            {"web": each.web, "since": each.since.isoformat()}
            for each in addresses.history(package.id)
        ],
        "checks": [_check(check, since) for check in model.Session.scalars(newest)],
        "days": [
            {
                "day": each.day.isoformat(),
                "before": _of_before(each.day, since),
                "uptime": round(each.uptime, 2) if each.uptime is not None else None,
                "response": each.response,
                "slowest": each.ms_most or None,
            }
            for each in totals
        ],
    }


def _target(row: PulseTarget) -> answers.PulseTargetShown:
    return {
        "web": row.web,
        "feed": row.feed,
        "sitemap": row.sitemap,
        "marker": row.marker,
        "store_day": _text(row.store_day),
        "robot": row.robot,
        "maintenance_from": _text(row.maintenance_from),
        "maintenance_until": _text(row.maintenance_until),
    }


def _check(row: PulseCheck, since: dt.datetime | None) -> answers.PulseCheckShown:
    evidence = msgspec.convert(row.evidence, Evidence)
    until = evidence.tls_until
    day = row.at.astimezone(days.CITY).date()
    listed: list[answers.PulseWords] = [
        {"list": name, "words": list(words), "robot": robot}
        for robot, seen in ((False, evidence.words), (True, evidence.robot_words or {}))
        for name, words in seen.items()
    ]
    return {
        "at": row.at.isoformat(),
        "before": since is not None and row.at < since,
        "outcome": row.outcome,
        "found": _found(row.codes),
        "status": evidence.status,
        "ms": row.ms,
        "size": evidence.size,
        "hosts": list(evidence.hosts),
        "log_in": evidence.log_in,
        "tls_until": _text(until),
        "tls_days": (until - day).days if until is not None else None,
        "newest": _text(evidence.newest),
        "newest_by": evidence.newest_by,
        "words": listed,
    }


def _found(codes: Iterable[str]) -> list[answers.PulseFound]:
    known = pulse().faults
    return [
        {"code": code, "label": tk._(known[code].label), "grade": known[code].grade}
        for code in codes
        if code in known
    ]


def _last_checks(ids: Collection[str], since: Mapping[str, dt.datetime]) -> dict[str, PulseCheck]:
    """Return the newest check of each app under the address that it has now."""
    query = (
        sa.select(PulseCheck)
        .distinct(PulseCheck.package_id)
        .where(PulseCheck.package_id.in_(ids))
        .order_by(PulseCheck.package_id, PulseCheck.at.desc())
    )
    return {
        row.package_id: row
        for row in model.Session.scalars(query)
        if row.package_id not in since or row.at >= since[row.package_id]
    }


def _totals(ids: Collection[str]) -> defaultdict[str, list[uptime.Day]]:
    first = days.today() - dt.timedelta(days=pulse().kept.shown_days - 1)
    query = sa.select(PulseDay).where(PulseDay.package_id.in_(ids), PulseDay.day >= first)
    found: defaultdict[str, list[uptime.Day]] = defaultdict(list)
    for row in model.Session.scalars(query):
        found[row.package_id].append(
            uptime.Day(row.day, row.answered, row.failed, row.ms_sum, row.ms_count, row.ms_most)
        )
    return found


def _text(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
