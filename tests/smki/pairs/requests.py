"""Requests for access."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import requests
from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.records.request_model import (
    AccessGrant,
    AccessRequest,
)

from ..site import Pair, Site, ago

YESTERDAY = days.today() - dt.timedelta(days=1)


def _asked(**values: Any) -> Any:
    row = {
        "id": "x",
        "number": 1,
        "package_id": "x",
        "nonce": "x",
        "purpose": "x",
        "extended": False,
    }
    kept = {"state": "open", "road": "x", "until": days.today(), "asked_at": ago(days=30)}
    return sa.insert(AccessRequest).values(**{**row, **kept, "entered_at": ago(days=30), **values})


def answered(site: Site) -> None:
    ended = request_rules().end_states[0]
    site.write(sa.update(AccessRequest).values(state=ended, entered_at=ago()))


def silent(site: Site) -> None:
    site.write(_asked(due=YESTERDAY))


def over(site: Site) -> None:
    requests.run()


def goes_on(site: Site) -> None:
    row = {"id": "x", "request_id": "x", "package_id": "x", "decision_id": "x", "nonce": "x"}
    values = {"last_day": YESTERDAY, "given_by": [], "given_at": ago(days=9)}
    site.write(sa.insert(AccessGrant).values(**row, **values))


def kept(site: Site) -> None:
    site.write(
        _asked(
            state=request_rules().end_states[0], email="x@contoh.example", entered_at=ago(days=999)
        )
    )


PAIRS = {
    "requests_in_time": Pair(answered, silent),
    "grants_ended": Pair(over, goes_on),
    "mailboxes_forgotten": Pair(over, kept),
}
