"""Requests for access."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import requests
from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.records.request_model import (
    AccessGrant,
    AccessRequest,
)

from ..site import Pair, Site, ago

YESTERDAY = days.today() - dt.timedelta(days=1)


def answered(site: Site) -> None:
    query = sa.select(AccessRequest.id).where(AccessRequest.state == "open")
    for number in model.Session.scalars(query).all():
        said = {"request": number, "grant": False, "reason": "Data ini masih dikecualikan"}
        site.city.act("ppid", "satudata_access_request_decide", **said)


def silent(site: Site) -> None:
    asked = {"purpose": "Penelitian tentang gudang obat", "until": str(days.today())}
    dataset = site.city.limit()
    site.city.act("warga", "satudata_access_request_create", id=dataset["id"], **asked)
    site.write(sa.update(AccessRequest).values(due=YESTERDAY))


def over(site: Site) -> None:
    requests.run()


def goes_on(site: Site) -> None:
    row = {"id": "x", "request_id": "x", "package_id": "x", "decision_id": "x", "nonce": "x"}
    values = {"last_day": YESTERDAY, "given_by": [], "given_at": ago(days=9)}
    site.write(sa.insert(AccessGrant).values(**row, **values))


def kept(site: Site) -> None:
    row = {"id": "x", "number": 1, "package_id": "x", "nonce": "x", "purpose": "x", "road": "x"}
    ended = {"state": request_rules().end_states[0], "until": YESTERDAY, "extended": False}
    values = {"email": "x@contoh.example", "asked_at": ago(days=999), "entered_at": ago(days=999)}
    site.write(sa.insert(AccessRequest).values(**row, **ended, **values))


PAIRS = {
    "requests_in_time": Pair(answered, silent),
    "grants_ended": Pair(over, goes_on),
    "mailboxes_forgotten": Pair(over, kept),
}
