"""Decisions and holds."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Decision, Hold

from ..site import Pair, Site, ago


def lifted(site: Site) -> None:
    site.write(sa.update(Hold).values(released_at=ago()))


def held_long(site: Site) -> None:
    dataset = site.city.publish()
    why = "Perlu diperiksa lagi"
    site.city.act("produsen", "satudata_hold_create", id=dataset["id"], scope="data", reason=why)
    site.write(sa.update(Hold).values(placed_at=ago(days=11)))


def with_an_end(site: Site) -> None:
    site.write(sa.update(Decision).values(akhir=days.today() + dt.timedelta(days=700)))


def without_an_end(site: Site) -> None:
    site.city.limit()
    site.write(sa.update(Decision).values(akhir=None, tanggal_reviu=None))


PAIRS = {
    "holds_short": Pair(lifted, held_long),
    "reviews_set": Pair(with_an_end, without_an_end),
}
