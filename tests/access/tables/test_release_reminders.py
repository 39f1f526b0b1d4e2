"""Who publishes is reminded of the next figures of a dataset, from its frequency and its data."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.agreed import releases
from ckanext.satudata_pontianak.jepin.records.agreed_model import AgreedData
from ckanext.satudata_pontianak.metadata import freshness

DAY = dt.timedelta(days=1)
PAST = "2020-01-31"


def told(kind: str) -> set[str]:
    rows = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(rows.where(Notice.kind == kind)))


def due_of(city, dataset, who="produsen") -> dt.date:
    day = freshness.next_of_dataset(city.act(who, "package_show", id=dataset["id"]))
    assert day is not None
    return day


def rows_of(year: int) -> bytes:
    return (
        f"tahun,kecamatan,jumlah\n{year},Pontianak Kota,120\n{year},Pontianak Barat,95\n".encode()
    )


@pytest.fixture
def yearly(city):
    """Return an open dataset whose figures come every year."""
    return city.publish(jadwal_rilis=PAST)


def test_its_agency_is_reminded_once_a_stage_and_walidata_at_last(city, yearly) -> None:
    due = due_of(city, yearly)
    assert releases.remind(due - 15 * DAY) == 0
    people = releases.remind(due - 14 * DAY)
    assert "produsen" in told("release_due")
    assert not {"walidata", "produsen-lain", "staf"} & told("release_due")
    assert people == len(told("release_due"))
    # The same stage later, and a day of none.
    assert [releases.remind(due - n * DAY) for n in (13, 12, 11, 4)] == [0, 0, 0, 0]
    assert releases.remind(due - 3 * DAY) == people
    assert releases.remind(due + DAY) == people
    assert "walidata" not in told("release_late")
    assert releases.remind(due + 14 * DAY) > people
    assert {"walidata", "produsen"} <= told("release_overdue")
    assert releases.remind(due + 17 * DAY) == 0
    notice = model.Session.scalars(sa.select(Notice).where(Notice.kind == "release_late")).first()
    assert notice.facts == {"due": due.isoformat()}


def test_its_day_is_that_of_the_newest_period_and_data_that_wait_have_come(
    city, make_upload, work
) -> None:
    year = days.today().year
    upload = make_upload(rows_of(year - 2), "kasus.csv")
    dataset = city.publish(jadwal_rilis=PAST, file=upload)
    work(dataset)
    due = due_of(city, dataset)
    assert due == dt.date(year, 12, 31)
    touched = {"id": dataset["id"], "notes": "Uraian yang diperbaiki."}
    city.act("produsen", "package_patch", **touched)
    resource = dataset["resources"][0]["id"]
    assert releases.remind(due - 14 * DAY) > 0
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(rows_of(year), "b.csv"))
    work(dataset)
    assert releases.remind(due + DAY) == 0


def test_who_may_not_have_the_data_is_told_by_the_day_without_them(city, make_upload, work) -> None:
    year = days.today().year
    upload = make_upload(rows_of(year - 2), "kasus.csv")
    dataset = city.limit(jadwal_rilis=PAST, file=upload)
    work(dataset)
    due = due_of(city, dataset)
    assert due == dt.date(year, 12, 31)
    releases.remind(due + 14 * DAY)
    shown = city.act("walidata", "package_show", id=dataset["id"])
    has = any(each.get(freshness.NEWEST) for each in shown["resources"])
    assert "produsen" in told("release_overdue")
    assert ("walidata" in told("release_overdue")) is has


@pytest.mark.parametrize("frequency", ["harian", "sekali", "tidak_tetap"])
def test_of_what_comes_sooner_than_the_warning_or_never_nobody_is_warned(
    city, frequency: str
) -> None:
    city.publish(jadwal_rilis=PAST, frekuensi_penerbitan=frequency)
    assert releases.remind() == 0
    assert not told("release_due")


def test_a_dataset_of_a_row_that_is_reminded_of_is_not_reminded_of_twice(city, yearly) -> None:
    due = due_of(city, yearly)
    row = AgreedData(
        year=due.year,
        code="DD-1",
        agency_id=yearly["owner_org"],
        title="Data",
        frequency="tahunan",
        due=due,
        package_id=yearly["id"],
    )
    model.Session.add(row)
    model.Session.commit()
    assert releases.remind(due - 14 * DAY) == 0
    row.due = due - 200 * DAY
    model.Session.commit()
    assert releases.remind(due - 14 * DAY) > 0


def test_the_notice_leads_to_where_the_figures_are_brought(city, app, yearly) -> None:
    releases.remind(due_of(city, yearly) - 14 * DAY)
    number = model.Session.scalar(
        sa.select(Notice.id)
        .join(model.User, model.User.id == Notice.user_id)
        .where(Notice.kind == "release_due", model.User.name == "produsen")
    )
    header = city.token("produsen")
    address = f"/satudata/pemberitahuan/{number}"
    answer = app.get(address, headers=header, follow_redirects=False, status=302)
    app.get(answer.headers["Location"], headers=header, status=200)
