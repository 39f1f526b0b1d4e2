"""What the actions on decrees, delegations and proposed memberships answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class Proposal(TypedDict):
    """A membership that somebody else confirms."""

    id: str
    organization: Annotated[str, "name of the agency"]
    user: Annotated[str, "name of the person"]
    role: str
    nomor_sk: Annotated[str | None, "number of the decree"]
    proposed_by: str
    proposed: str
    until: Annotated[str, "14 days later"]
    state: Annotated[str, "`open`, `confirmed`, `declined`, `withdrawn` or `expired`"]
    decided_by: str | None
    decided: str | None


class Scan(TypedDict):
    """The scan of a decree."""

    sha256: str
    size: int | None


class Decree(TypedDict):
    """A recorded decree (SK)."""

    id: str
    nomor_sk: str
    day: Annotated[str, "on which it was signed"]
    about: str
    organization: Annotated[str | None, "name of its agency; `null` for the whole city"]
    recorded: str
    scan: Annotated[Scan | None, "for those who may have it"]


Delegation = TypedDict(
    "Delegation",
    {
        "id": str,
        "organization": Annotated[str, "name of the body"],
        "user": Annotated[str, "name of the person"],
        "duties": list[str],
        "from": Annotated[str, "the first day"],
        "until": Annotated[str | None, "the last day, or the one on which it was revoked"],
        "nomor_sk": str | None,
        "running": bool,
        "revoked": str | None,
    },
)
"""The duties of a body, laid on a person for dated days."""


class DelegationRecorded(Delegation, Recorded):
    """A delegation that was made or ended."""
