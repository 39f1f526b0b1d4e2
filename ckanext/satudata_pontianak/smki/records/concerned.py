"""Which datasets an incident of information security concerns."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from .model import OPEN, SmkiIncident, SmkiIncidentDataset


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
    query = (
        sa.select(SmkiIncident.id)
        .join(SmkiIncidentDataset, SmkiIncidentDataset.incident_id == SmkiIncident.id)
        .where(
            SmkiIncident.state == OPEN,
            SmkiIncidentDataset.package_id == package_id,
            SmkiIncidentDataset.removed_at.is_(None),
        )
    )
    return model.Session.scalar(query.limit(1)) is not None
