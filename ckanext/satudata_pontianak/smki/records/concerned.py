"""Which datasets an incident of information security, or a request of a data subject, concerns."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from .destruction_model import RUNS, SmkiDestruction
from .model import OPEN, SmkiIncident, SmkiIncidentDataset
from .personal_data_model import ANSWERED, SubjectDataset, SubjectRequest


def rows(incident_id: str) -> list[SmkiIncidentDataset]:
    """Return what names the datasets of an incident, those that were taken out left out."""
    query = sa.select(SmkiIncidentDataset).where(
        SmkiIncidentDataset.incident_id == incident_id,
        SmkiIncidentDataset.removed_at.is_(None),
    )
    order = (SmkiIncidentDataset.added_at, SmkiIncidentDataset.id)
    return list(model.Session.scalars(query.order_by(*order)))


def in_open_incident(package_id: str) -> bool:
    """Tell whether an open incident names a dataset."""
    return bool(open_incidents(package_id))


def open_incidents(package_id: str) -> list[SmkiIncident]:
    """Return the open incidents that name a dataset."""
    query = (
        sa.select(SmkiIncident)
        .join(SmkiIncidentDataset, SmkiIncidentDataset.incident_id == SmkiIncident.id)
        .where(
            SmkiIncident.state == OPEN,
            SmkiIncidentDataset.package_id == package_id,
            SmkiIncidentDataset.removed_at.is_(None),
        )
    )
    return list(model.Session.scalars(query))


def named_by(incident_id: str, user_id: str | None) -> int:
    """Return how many datasets somebody named in an incident, those that were taken out as well."""
    query = sa.select(sa.func.count()).where(
        SmkiIncidentDataset.incident_id == incident_id, SmkiIncidentDataset.added_by == user_id
    )
    return int(model.Session.scalar(query) or 0)


def running(package_id: str) -> SmkiDestruction | None:
    """Return the destruction of a dataset that is proposed or approved."""
    query = sa.select(SmkiDestruction).where(
        SmkiDestruction.package_id == package_id, SmkiDestruction.state.in_(RUNS)
    )
    return model.Session.scalars(query).first()


def proposers(package_id: str) -> set[str]:
    """Return who ever proposed a destruction of a dataset."""
    query = sa.select(SmkiDestruction.proposed_by).where(SmkiDestruction.package_id == package_id)
    return set(model.Session.scalars(query))


def found_rows(request_id: str) -> list[SubjectDataset]:
    """Return what names the datasets of a request, those that were taken out left out."""
    query = sa.select(SubjectDataset).where(
        SubjectDataset.request_id == request_id, SubjectDataset.removed_at.is_(None)
    )
    return list(model.Session.scalars(query.order_by(SubjectDataset.added_at, SubjectDataset.id)))


def found_for(request_id: str) -> list[str]:
    """Return the ids of the datasets that were found for a request, in the order of their naming.

    Whoever reads them asks the policy for each.
    """
    return [row.package_id for row in found_rows(request_id)]


def found_by(request_id: str, user_id: str | None) -> int:
    """Count those that one person named, those that were taken out as well.

    A number of all would tell of what others alone know.
    """
    query = sa.select(sa.func.count()).where(
        SubjectDataset.request_id == request_id, SubjectDataset.added_by == user_id
    )
    return int(model.Session.scalar(query) or 0)


def open_about(package_id: str) -> sa.Select[tuple[str]]:
    """Return what selects the ids of open requests that are about a dataset, or found it."""
    found = sa.select(SubjectDataset.request_id).where(
        SubjectDataset.package_id == package_id, SubjectDataset.removed_at.is_(None)
    )
    return sa.select(SubjectRequest.id).where(
        sa.or_(SubjectRequest.package_id == package_id, SubjectRequest.id.in_(found)),
        SubjectRequest.state != ANSWERED,
    )
