"""What the actions of emergency access answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded

EmergencyAccess = TypedDict(
    "EmergencyAccess",
    {
        "id": str,
        "user": Annotated[str, "name of the system administrator"],
        "duty": Annotated[str | None, "the one that is stood in for"],
        "dataset_id": Annotated[str | None, "`null` on the whole site"],
        "reason": str,
        "from": str | None,
        "until": str | None,
        "ended": str | None,
    },
)
"""Emergency access of a system administrator."""


class EmergencyRecorded(EmergencyAccess, Recorded):
    """Emergency access that began or ended."""


class EmergencyEnded(TypedDict):
    """What was ended."""

    ended: list[EmergencyRecorded]
