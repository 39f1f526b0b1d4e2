"""Pages around datasets: agencies, topics, regions, calendar, guides; what they keep quiet."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.portal.catalogue import places

ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "Rahasia Dapur"
PAGES = (
    "/topik",
    "/topik/1.02",
    "/wilayah",
    "/wilayah/61.71",
    "/wilayah/61.71.01",
    "/wilayah/61.71.01.1002",
    "/kalender-rilis",
    "/tentang-portal",
    "/panduan-api",
    "/jepin",
    "/organization/",
    "/organization/dinkes",
)


@pytest.fixture
def shown(city, desk) -> Any:
    """Return what a page says to somebody; every page of ours answers 200 and has one heading."""

    def ask(path: str, who: str | None = None) -> str:
        page = desk.get(who, path)
        assert page.status == 200, path
        assert len(re.findall(r"<h1\b", page.body)) == 1
        levels = [int(n) for n in re.findall(r"<h([1-6])\b", page.body.partition("<footer")[0])]
        content = levels[levels.index(1) :]
        steps = pairwise(content)
        assert all(after - before <= 1 for before, after in steps), (path, content)
        return page.text

    return ask


def test_an_empty_portal_has_pages_that_say_so(shown) -> None:
    for path in PAGES:
        assert shown(path)
        assert shown(f"/en{path}")


def test_what_does_not_exist_is_said(shown, desk) -> None:
    for path in ("/topik/9.99", "/topik/x", "/wilayah/61.72", "/wilayah/Tengah"):
        assert desk.get(None, path).status == 404, path
    for path in ("/topik/2.12", "/wilayah/61.71", "/kalender-rilis", "/jepin"):
        for page in ("-1", "abc", "99999999999999999999", "2"):
            found = desk.get(None, f"/en{path}?page={page}&q=%22%3A%5B*%5C")
            assert found.status == 200, path
            assert "search does not answer" not in found.text, path
    for page in ("-1", "abc"):  # core's own page and its own answer
        assert desk.get(None, f"/organization/?page={page}").status == 400
    for month in ("2026-13", "abc", "0000-01", "1999-12", "2101-01", "2026-1"):
        said = shown(f"/en/kalender-rilis?bulan={month}")
        assert "There is no such month" in said, month
    assert "There is no such month" not in shown("/en/kalender-rilis?bulan=2027-02")


def test_the_ends_of_the_calendar_have_no_way_on(desk) -> None:
    assert 'rel="prev"' not in desk.get(None, "/kalender-rilis?bulan=2000-01").body
    assert 'rel="next"' not in desk.get(None, "/kalender-rilis?bulan=2100-12").body


def test_a_dataset_stands_where_it_belongs(city, shown) -> None:
    city.publish(title="Jumlah Puskesmas", urusan="1.02", cakupan="61.71.01", name="puskesmas")
    for path in ("/topik/1.02", "/wilayah/61.71.01", "/wilayah/61.71.01.1002?semua=1"):
        assert "Jumlah Puskesmas" in shown(path), path
    for path in ("/topik/2.12", "/wilayah/61.71.02", "/wilayah/61.71.01.1002"):
        assert "Jumlah Puskesmas" not in shown(path), path
    assert "Jumlah Puskesmas" in shown("/topik/1.02?q=puskesmas")
    assert "Jumlah Puskesmas" not in shown("/topik/1.02?q=jembatan")
    assert "Kesehatan 1 dataset" in shown("/en/topik")
    assert "Dinkes 1 dataset" in shown("/en/topik/1.02")
    assert "Dinkes 1 dataset" in shown("/en/organization/?q=dinkes")


def test_what_is_closed_neither_appears_nor_counts(city, shown) -> None:
    city.dataset(title=SECRET, urusan="1.02", cakupan="61.71.01", jadwal_rilis=soon(3))
    paths = ("/topik/1.02", "/wilayah/61.71.01", "/organization/dinkes", month_of(soon(3)))
    for path in paths:
        assert SECRET not in shown(path)
        assert SECRET in shown(path, "produsen"), path
        assert SECRET not in shown(path, "warga")
    assert "Kesehatan 0 datasets" in shown("/en/topik")
    assert "Kesehatan 1 dataset" in shown("/en/topik", "produsen")
    assert "0 releases" in shown(f"/en{month_of(soon(3))}")
    assert "Not decided yet" not in shown("/en/organization/dinkes")
    assert "Not decided yet 1" in shown("/en/organization/dinkes", "produsen")


def test_an_agency_says_how_current_its_data_are(city, shown) -> None:
    city.publish(jadwal_rilis=soon(40))
    city.publish(jadwal_rilis="2026-01-31", frekuensi_penerbitan="bulanan")
    city.publish(frekuensi_penerbitan="tidak_tetap")
    city.limit()
    said = shown("/en/organization/dinkes")
    for text in ("Open data 3", "Limited data 1", "Up to date 3", "Schedule not known 1"):
        assert text in said, text
    assert "4 datasets" in said


def soon(ahead: int) -> str:
    return (days.today() + dt.timedelta(days=ahead)).isoformat()


def month_of(day: str) -> str:
    return f"/kalender-rilis?bulan={day[:7]}"


def test_the_calendar_says_what_comes_and_what_is_late(city, shown, monkeypatch) -> None:
    city.publish(title="Harga Beras", jadwal_rilis=soon(3))
    assert "Harga Beras" in shown(month_of(soon(3)))
    assert "Harga Beras" not in shown(month_of(soon(80)))
    later = days.today() + dt.timedelta(days=90)
    monkeypatch.setattr(days, "today", lambda: later)
    said = shown("/en/kalender-rilis")
    assert "1 dataset is late" in said
    assert "Harga Beras" in said
    assert "Harga Beras" in shown("/kalender-rilis?lihat=terlambat&page=7")
    assert "Late 1" in shown("/en/organization/dinkes")


def test_the_calendar_opens_on_the_next_month_that_has_something(city, shown) -> None:
    city.publish(title="Harga Beras", jadwal_rilis=soon(70))
    assert "Harga Beras" in shown("/kalender-rilis")
    assert "Harga Beras" not in shown(month_of(soon(0)))


def test_programs_subscribe_to_the_calendar(city, desk) -> None:
    title = 'Harga <Beras>, "Gula"; & Minyak'
    made = city.publish(title=title, jadwal_rilis=soon(3))
    city.dataset(title=SECRET, jadwal_rilis=soon(4))
    answer = desk.app.get("/kalender-rilis.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["summary"]) == title
    assert event.decoded("dtstart").isoformat() == soon(3)
    assert str(event["uid"]).startswith(made["id"])
    assert str(event["url"]).endswith(f"/dataset/{made['name']}")
    assert desk.app.get("/kalender-rilis.ics").data == answer.data
    feed = desk.app.get("/kalender-rilis.atom")
    assert feed.mimetype == "application/atom+xml"
    root = ET.fromstring(feed.data)  # noqa: S314 - our own answer
    (entry,) = root.findall(f"{ATOM}entry")
    said = entry.findtext(f"{ATOM}title") or ""
    assert title in said
    assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")


def test_many_datasets_are_turned_page_by_page(city, desk, monkeypatch) -> None:
    for number in range(3):
        city.publish(title=f"Data {number}", urusan="1.02")
    monkeypatch.setattr(places, "PER_PAGE", 2)
    first, last = (desk.get(None, f"/en/topik/1.02?page={n}") for n in (1, 9))
    assert "Data 2" in first.text
    assert "page=2" in first.body
    assert "page 2 of 2" in last.text
    assert "Data 0" in last.text


def test_an_agency_without_a_picture_has_a_drawing_wherever_it_is_named(city, desk, app) -> None:
    drawing = "/organization/dinkes/lambang.svg"
    for page in ("/organization/", "/organization/dinkes", "/en/organization/dinkes"):
        assert f'src="{drawing}"' in desk.get(None, page).body, page
    assert f'src="{drawing}"' in desk.get(None, "/organization/about/dinkes").body
    answer = app.get(drawing)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "Dinkes" in answer.body
    again = app.get(drawing, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert desk.get(None, "/organization/dinkex/lambang.svg").status == 404
