"""Decisions and holds."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import retention
from ckanext.satudata_pontianak.classification.incidents.definition import OPEN
from ckanext.satudata_pontianak.classification.records.incident_model import Incident
from ckanext.satudata_pontianak.classification.records.model import Case, Decision, Hold, Version

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


def reviewed(site: Site) -> None:
    site.write(sa.update(Decision).values(akhir=days.today() + dt.timedelta(days=700)))


def past_its_end(site: Site) -> None:
    site.city.limit()
    site.write(sa.update(Decision).values(akhir=days.today() - dt.timedelta(days=6)))


def step_taken(site: Site) -> None:
    for dataset in site.waiting:
        site.city.step("walidata", dataset, "approve")
    site.waiting.clear()


def left_lying(site: Site) -> None:
    dataset = site.city.dataset()
    site.city.step("produsen", dataset, "submit")
    site.waiting.append(dataset)
    late = days.today() - dt.timedelta(days=11)
    site.write(sa.update(Case).where(Case.package_id == dataset["id"]).values(due=late))


def taken_over(site: Site) -> None:
    for dataset in site.waiting:
        site.city.act("admin", "dataset_purge", id=dataset["id"])
    site.waiting.clear()


def nobodys_desk(site: Site) -> None:
    dataset = site.city.dataset()
    site.waiting.append(dataset)
    site.write(sa.delete(Case).where(Case.package_id == dataset["id"]))


def confirmed(site: Site) -> None:
    for hold in model.Session.scalars(sa.select(Hold)).all():
        site.city.act("walidata", "satudata_hold_confirm", id=hold.package_id, hold=hold.id)


def unconfirmed(site: Site) -> None:
    held_long(site)


def concluded(site: Site) -> None:
    site.write(sa.update(Incident).values(state="no_breach", ended_at=ago()))


def hours_over(site: Site) -> None:
    row = {"number": 1, "package_id": "x", "ground": "report", "state": OPEN}
    moments = {"detected_at": ago(hours=73), "known_at": ago(hours=73), "due_at": ago(hours=1)}
    values = {"id": "x", "vital": False, "versions": [], "kinds": []}
    site.write(sa.insert(Incident).values(**row, **moments, **values))


def purged(site: Site) -> None:
    retention.purge_undecided()


def kept_too_long(site: Site) -> None:
    dataset = site.city.dataset()
    of = Version.package_id == dataset["id"]
    site.write(sa.update(Version).where(of).values(state="withdrawn", created=ago(days=400)))


PAIRS = {
    "holds_short": Pair(lifted, held_long),
    "holds_confirmed": Pair(confirmed, unconfirmed),
    "reviews_set": Pair(with_an_end, without_an_end),
    "reviews_in_time": Pair(reviewed, past_its_end),
    "cases_in_time": Pair(step_taken, left_lying),
    "cases_there": Pair(taken_over, nobodys_desk),
    "incidents_in_time": Pair(concluded, hours_over),
    "undecided_purged": Pair(purged, kept_too_long),
}
