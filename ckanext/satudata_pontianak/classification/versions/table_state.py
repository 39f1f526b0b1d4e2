"""A version's table in the DataStore: its name, what is known of it, and when it goes.

Pure. A table belongs to one version, is made once from its bytes and never changed: whoever reads
one reads wholly that version. Its name begins with an underscore, which CKAN's own list of tables
(``_table_metadata``) and its commands leave out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...disclosure.report import Verdict
from ...metadata.quality.plausible import Asked
from ...tidying.known_cells import Unknown

PREFIX = "_satudata_"


class State(StrEnum):
    """What became of a version's table."""

    READY = "ready"
    FAILED = "failed"  # the file should be a table and could not be read as one
    NONE = "none"  # the file is no table
    DROPPED = "dropped"


# No table is expected of these; everything else that goes wrong can be tried again.
NO_TABLE = frozenset({"unsupported_format", "no_rows", "empty_file", "no_content"})
# Of these a table is tried although the scan could not clear them.
READABLE = frozenset({"embedded_content"})


@dataclass(frozen=True)
class Tabled:
    """What is known of a version's table. ``reason`` is a code, never content.

    ``typed`` is false where the values did not fit the types that they seemed to have, so that
    all columns are text. ``left`` is the day since which nobody is served the table;
    ``newest`` the last day of the newest period that the rows tell of, where they do; ``regions``
    the codes of the regions that their cells name; ``asked`` the figures that somebody should look
    at (``metadata/quality/plausible.py``), of tables in which the scan found nothing; ``None`` of
    a table of which nothing was asked yet. ``asked_on`` is the day on which that was, ``against``
    the version that was served then and that figures were held against too. ``unknown``
    are the cells of codes that are in no list (``tidying/known_cells.py``), of the same tables.
    """

    state: State
    rows: int = 0
    columns: int = 0
    typed: bool = True
    reason: str | None = None
    left: dt.date | None = None
    newest: dt.date | None = None
    regions: tuple[str, ...] = ()
    asked: tuple[Asked, ...] | None = None
    asked_on: dt.date | None = None
    against: str | None = None
    unknown: tuple[Unknown, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept."""
        known = {
            "state": self.state.value,
            "rows": self.rows,
            "columns": self.columns,
            "typed": self.typed,
            "reason": self.reason,
            "left": self.left.isoformat() if self.left else None,
            "newest": self.newest.isoformat() if self.newest else None,
            "regions": list(self.regions),
        }
        if self.asked is None:
            return known
        return {
            **known,
            "asked": [one.as_dict() for one in self.asked],
            "asked_on": self.asked_on.isoformat() if self.asked_on else None,
            "against": self.against,
            "unknown": [one.to_json() for one in self.unknown],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Tabled | None:
        """Read what is kept; nothing is nothing yet."""
        if not kept:
            return None
        left, newest, asked = kept.get("left"), kept.get("newest"), kept.get("asked")
        asked_on = kept.get("asked_on")
        return cls(
            State(kept["state"]),
            int(kept.get("rows") or 0),
            int(kept.get("columns") or 0),
            bool(kept.get("typed", True)),
            kept.get("reason"),
            dt.date.fromisoformat(left) if left else None,
            dt.date.fromisoformat(newest) if newest else None,
            tuple(kept.get("regions") or ()),
            None if asked is None else tuple(Asked.of(one) for one in asked),
            dt.date.fromisoformat(asked_on) if asked_on else None,
            kept.get("against"),
            tuple(Unknown.from_json(one) for one in kept.get("unknown") or ()),
        )


def table_of(version_id: str) -> str:
    """Return the name of a version's table."""
    return PREFIX + version_id


def is_ours(name: object) -> bool:
    """Tell whether a name is that of a version's table, which nobody may ask for by name."""
    return str(name).startswith(PREFIX)


def heading(note: str | None) -> str:
    """Return the heading that CKAN's dictionary of a column keeps in a comment, empty without."""
    try:
        return str(json.loads(note or "{}")["_info"]["label"])
    except (ValueError, KeyError, TypeError):
        return ""


def is_ready(kept: Mapping[str, Any] | None) -> bool:
    """Tell whether the version has a table."""
    return bool(kept) and kept is not None and kept.get("state") == State.READY.value


def newest_in(kept: Mapping[str, Any] | None) -> str | None:
    """Return the last day of the newest period that the rows of a table tell of."""
    return (kept or {}).get("newest") if is_ready(kept) else None


def failed(reason: str) -> Tabled:
    """Return what is kept of a file that gave no table."""
    return Tabled(State.NONE if reason in NO_TABLE else State.FAILED, reason=reason)


def wants(
    kept: Mapping[str, Any] | None, verdict: str | None, reason: str | None, *, again: bool = False
) -> bool:
    """Tell whether a table should be made from a version that waits or is served.

    :param verdict: the scan's, ``None`` before it; what it could not read is not read here.
    :param again: also try what failed before, and read the regions and the figures to look at in
        a table that was made before these were read.
    """
    tabled = Tabled.of(kept)
    if verdict is None or (verdict == "failed" and reason not in READABLE):
        return False
    if tabled is None or tabled.state is State.DROPPED:
        return True
    known = kept or {}
    # Of what the scan could not clear nothing is ever asked.
    unasked = verdict == Verdict.CLEAR.value and tabled.asked is None
    unread = tabled.state is State.READY and ("regions" not in known or unasked)
    return again and (tabled.state is State.FAILED or unread)


class Fate(StrEnum):
    """What happens to a table now."""

    KEEP = "keep"
    LEAVE = "leave"  # from today on nobody is served it
    DROP = "drop"


def fate(
    state: str | None,
    *,
    served: bool,
    left: dt.date | None,
    today: dt.date,
    days: Mapping[str, int],
) -> Fate:
    """Say what happens to the table of a version.

    :param state: the version's state; ``None`` where nobody knows the version any more.
    :param served: the pointer stands on this version.
    :param days: for how many days a table outlives its version, by the version's state.
    """
    if served or state == "waiting":
        return Fate.KEEP
    # What was approved and has no pointer was removed, or superseded a moment ago.
    stay = days["superseded"] if state == "approved" else days.get(state or "", 0)
    if stay <= 0:
        return Fate.DROP
    if left is None:
        return Fate.LEAVE
    return Fate.DROP if today >= left + dt.timedelta(days=stay) else Fate.KEEP
