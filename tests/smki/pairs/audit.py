"""Internal audit."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.smki.records.model import SmkiFinding, new_id

from ..site import Pair, Site, ago


def closed(site: Site) -> None:
    site.write(sa.update(SmkiFinding).values(state="closed", closed_at=ago()))


def one_late(site: Site) -> None:
    values = {"id": new_id(), "control": "backup_fresh", "grade": "minor", "role": "operator"}
    due = days.today() - dt.timedelta(days=1)
    more = {"state": "answered", "due": due, "opened_at": ago(days=90), "texts": {}, "steps": {}}
    site.write(sa.insert(SmkiFinding).values(**values, **more))


PAIRS = {"findings_in_time": Pair(closed, one_late)}
