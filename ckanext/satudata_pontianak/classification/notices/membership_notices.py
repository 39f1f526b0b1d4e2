"""Tell of each membership of an agency: its admins, and the auditor."""

from __future__ import annotations

from ckan import model

from ...agencies import capacities
from ...agencies.changes import proposal_actions
from . import notices

KIND = "membership_changed"


def tell(agency_id: str) -> None:
    """Tell of a change of an agency's members, in its transaction."""
    notices.tell(model.Session, KIND, notices.recipients(KIND, agency_id))


def tell_of_proposal(kind: str, agency_id: str) -> None:
    """Tell of a membership that is proposed or declined, in its transaction."""
    notices.tell(model.Session, kind, notices.recipients(kind, agency_id))


def listen() -> None:
    """Let whoever lets memberships through tell of them."""
    if tell_of_proposal not in proposal_actions.TELLING:
        proposal_actions.TELLING.append(tell_of_proposal)
    if tell not in capacities.TELLING:
        capacities.TELLING.append(tell)
