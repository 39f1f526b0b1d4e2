"""Internal audit: is what it found mended in time?"""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ....smki.records.model import SmkiFinding
from ....smki.rules.evidence import Evidence, Look
from .. import saying


def findings_in_time(look: Look) -> Evidence:
    """Is no finding that is not closed past its deadline?"""
    today = saying.city_day(look.at)
    query = sa.select(SmkiFinding.due).where(SmkiFinding.state != "closed")
    found = list(model.Session.scalars(query))
    return saying.late([due for due in found if due < today], len(found), today)


PROBES = {"findings_in_time": findings_in_time}
