"""Who takes which step of a revision, and where practice differs from what was signed. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from ...msgids import N_

Step = Literal["draft", "check", "approve", "review"]
DRAFT, CHECKED, APPROVED = "draft", "checked", "approved"
IN_FORCE, REPLACED, WAITS = "in_force", "replaced", "waits"

BY: Mapping[Step, tuple[str, ...]] = {
    "draft": ("walidata", "koordinator"),
    "check": ("walidata", "koordinator"),
    "approve": ("pimpinan",),
    "review": ("walidata", "koordinator", "pimpinan"),
}
"""Step → the roles of information security whose carriers take it."""
OUT_OF: Mapping[Step, str | None] = {
    "draft": None,
    "check": DRAFT,
    "approve": CHECKED,
    "review": IN_FORCE,
}
LABELS: Mapping[str, str] = {
    DRAFT: N_("Draft"),
    CHECKED: N_("Checked"),
    WAITS: N_("Approved, not in force yet"),
    IN_FORCE: N_("In force"),
    REPLACED: N_("Replaced by a later revision"),
}
REVIEWED_EVERY_DAYS = 365
PARTS = ("activity", "lane_label", "needs", "time", "output")
PART_LABELS: Mapping[str, str] = {
    "activity": N_("Activity"),
    "lane_label": N_("Who acts"),
    "needs": N_("Completeness"),
    "time": N_("Time"),
    "output": N_("Output"),
}


def may(
    step: Step, state: str | None, roles: Collection[str], acted: Collection[str], me: str
) -> bool:
    """Tell whether somebody takes a step: by role, in its state, and never a second one.

    :param acted: ids of who drafted and checked this revision; a review is a step of its own.
    """
    if OUT_OF[step] != state or not set(BY[step]) & set(roles):
        return False
    return step == "review" or me not in acted


def state_on(day: dt.date, stored: str, effective: dt.date | None, newest: bool) -> str:
    """Return how a revision stands on a day.

    :param newest: no later revision is in force.
    """
    if stored != APPROVED:
        return stored
    if effective is not None and effective > day:
        return WAITS
    return IN_FORCE if newest else REPLACED


def review_due(effective: dt.date, reviewed: dt.date | None) -> dt.date:
    """Return until when a revision in force is looked at again: within its year."""
    return max(effective, reviewed or effective) + dt.timedelta(days=REVIEWED_EVERY_DAYS)


def kept(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what is kept of the rows that somebody signs.

    :param rows: as ``documents/rendering.py`` gives them.
    """
    return [
        {
            "key": row["key"],
            "number": row["number"],
            **{part: _told(row[part]) for part in PARTS},
        }
        for row in rows
    ]


def _told(value: Any) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def differences(
    signed: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows in which practice differs from what was signed, in the order of practice.

    Of each: ``change`` (changed, added, removed), its number before and now, and the parts that
    differ. A row that only moved is no difference.
    """
    before, after = {r["key"]: r for r in signed}, {r["key"]: r for r in now}
    found = []
    for key, row in after.items():
        old = before.get(key)
        parts = [
            {"part": part, "signed": old[part] if old else "", "now": row[part]}
            for part in PARTS
            if old is None or old.get(part) != row[part]
        ]
        if old is None or parts:
            change = "added" if old is None else "changed"
            number = old["number"] if old else None
            found.append(_row(change, key, number, row["number"], parts))
    for key, old in before.items():
        if key not in after:
            parts = [{"part": part, "signed": old[part], "now": ""} for part in PARTS]
            found.append(_row("removed", key, old["number"], None, parts))
    return found


def _row(
    change: str, key: str, before: int | None, now: int | None, parts: list[dict[str, str]]
) -> dict[str, Any]:
    return {"change": change, "key": key, "number_signed": before, "number": now, "parts": parts}
