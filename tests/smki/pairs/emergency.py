"""Emergency access."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.agencies import emergency
from ckanext.satudata_pontianak.agencies.model import BreakGlassRow, EmergencyGainRow

from ..site import Pair, Site, ago


def taken_back(_site: Site) -> None:
    emergency.end(emergency.over())
    model.Session.commit()


def goes_on(site: Site) -> None:
    who = site.city.admin["id"]
    row = {"id": "x", "user_id": who, "reason": "Server mati di malam hari"}
    glass = sa.insert(BreakGlassRow).values(**row, since=ago(hours=9), until=ago(hours=1))
    what = {"id": "x", "break_glass_id": "x", "agency_id": "x", "user_id": who, "after": "admin"}
    site.write(glass, sa.insert(EmergencyGainRow).values(**what, made_at=ago(hours=8)))


PAIRS = {"emergency_ended": Pair(taken_back, goes_on)}
