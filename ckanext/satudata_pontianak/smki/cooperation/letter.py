"""What everybody may know that was published: on a poster, and in the letter of a month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, Duty
from ...classification.notices import notices
from ...classification.records import reads
from ...classification.records.model import Decision
from ...classification.rules.axes import classification
from ...classification.rules.policy import Channel, decide
from .. import registers
from . import answers

READY = "monthly_letter"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
YEARS_BACK = 5
MOST = 500


Ended = Callable[[Collection[str]], Collection[str]]
"""Which of these ids stand for what nobody can use any more."""
ENDED: dict[str, Ended] = {}


def leave_out(name: str, ended: Ended) -> None:
    """Have what has ended printed no more; the room that knows it says so where it is imported."""
    ENDED[name] = ended


@dataclass(frozen=True)
class Public:
    """What everybody may know of a dataset or app whose data are open."""

    id: str
    name: str
    title: str
    notes: str
    type: str
    agency: str
    decided: dt.date


def public_of(package_ids: list[str]) -> list[Public]:
    """Return those that everybody may have, in the order given; nothing is said of the others.

    Whoever asks, the policy is asked for nobody: what is printed goes into every hand.
    """
    facts, agencies = reads.facts_for(package_ids), registry.load_agencies()
    gone = {id_ for ended in ENDED.values() for id_ in ended(package_ids)}
    found = []
    for id_ in package_ids:
        known = None if id_ in gone else facts.get(id_)
        if known is None or not known.governed or registers.only_counted(known):
            continue
        if not decide(ANONYMOUS, known, Channel.DATA):
            continue
        package, decision = model.Session.get(model.Package, id_), reads.decision_in_force(id_)
        if package is None or package.state != "active" or decision is None:
            continue
        agency = agencies.get(package.owner_org or "")
        found.append(
            Public(
                id=id_,
                name=package.name,
                title=package.title or package.name,
                notes=package.notes or "",
                type=package.type,
                agency=agency.title if agency else "",
                decided=decision.decided_at.astimezone(days.CITY).date(),
            )
        )
    return found


def months(today: dt.date) -> list[str]:
    """Return the last twelve months, the newest first."""
    first = today.year * 12 + today.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, first - 12, -1)]


def readable(month: str, today: dt.date) -> bool:
    """Tell whether there is a letter of a month: it has begun, and is not long ago."""
    if not MONTH.fullmatch(month):
        return False
    return f"{today.year - YEARS_BACK}-01" <= month <= today.strftime("%Y-%m")


def published(month: str) -> list[Public]:
    """Return what was first decided to be open in a month and is so still, by agency and title."""
    first = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=days.CITY)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    opening = [name for name in classification().levels if classification().is_open(name)]
    begun = sa.func.min(Decision.decided_at)
    query = (
        sa.select(Decision.package_id)
        .where(Decision.tingkat_keamanan.in_(opening))
        .group_by(Decision.package_id)
        .having(begun >= first, begun < after)
        .order_by(begun.desc())
        .limit(MOST)
    )
    found = public_of(list(model.Session.scalars(query)))
    return sorted(found, key=lambda each: (each.agency.casefold(), each.title.casefold()))


@tk.side_effect_free
def satudata_monthly_letter(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.MonthlyLetter:
    """Return what was opened in a month and is open still; everyone.

    :param month: as YYYY-MM (default: this month)
    """
    tk.check_access("satudata_monthly_letter", context, data_dict)
    today = days.today()
    month = data_dict.get("month") or today.strftime("%Y-%m")
    if not isinstance(month, str) or not readable(month, today):
        raise tk.ValidationError({"month": [tk._("There is no letter of this month.")]})
    rows = published(month)
    return {
        "month": month,
        "months": months(today),
        "count": len(rows),
        "results": [
            {
                "name": row.name,
                "title": row.title,
                "notes": row.notes,
                "type": row.type,
                "agency": row.agency,
                "decided": row.decided.isoformat(),
            }
            for row in rows
        ],
    }


def tell_ready(today: dt.date | None = None) -> int:
    """Tell Walidata once that the letter of the month before is ready, where it has something."""
    day = today or days.today()
    before = (day.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    people = registry.holders_of(Duty.WALIDATA) if published(before) else []
    told = notices.tell(model.Session, READY, people, facts={}, about=before)
    model.Session.commit()
    return told


@tk.auth_allow_anonymous_access
def _everyone(context: types.Context, data_dict: Any) -> types.AuthResult:
    return {"success": True}


def get_actions() -> dict[str, Any]:
    """Return the action of this module by name."""
    return {"satudata_monthly_letter": satudata_monthly_letter}


def get_auth_functions() -> dict[str, Any]:
    """Return its auth function by name."""
    return {"satudata_monthly_letter": _everyone}
