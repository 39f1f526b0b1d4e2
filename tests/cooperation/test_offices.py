"""The page of an agency: names inside only, open items as its reader sees them, times."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.smki.cooperation import offices

from .test_tasks import SAID, hand, late, step


def office(city, who="staf", agency="dinkes"):
    return city.act(who, "satudata_agency_office", id=city.orgs[agency]["name"])


def test_people_stand_by_their_office(city) -> None:
    found = {each["office"]: each["people"] for each in office(city)["offices"]}
    assert len(found["admin"]) == 1
    assert len(found["editor"]) == 2
    assert len(found["member"]) == 1
    assert "Data producer" in office(city)["duties"]


def test_open_items_are_counted_as_their_reader_sees_them(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    row = hand(city, "produsen_lain", "dinkes")
    late(row, 3)
    mine = office(city, "produsen")
    assert (mine["cases"], mine["tasks_waiting"], mine["tasks_late"]) == (1, 1, 1)
    assert [each["number"] for each in mine["tasks"]] == [row["number"]]
    other = office(city, "pegawai_dinsos")
    assert (other["cases"], other["tasks_waiting"], other["tasks"]) == (0, 0, [])
    assert dataset["title"] not in str(mine)


def test_times_are_told_once_there_are_enough_answers(city) -> None:
    for number in range(offices.FEWEST):
        row = hand(city, subject=f"Permintaan data nomor {number}")
        assert office(city, "produsen", "disdukcapil")["answer_days"] is None
        step(city, "produsen_lain", row, "answer", text=SAID)
    step(city, "produsen", row, "ask_again", text=SAID)
    step(city, "produsen_lain", row, "answer", text=SAID)
    told = office(city, "produsen", "disdukcapil")
    assert (told["answers"], told["answer_days"]) == (offices.FEWEST, 0)


def test_names_are_for_those_inside_and_the_public_page_tells_none(city, app) -> None:
    name = city.orgs["dinkes"]["name"]
    address = f"/satudata/kerja-sama/perangkat-daerah/{name}"
    people = [n for each in office(city)["offices"] for n in each["people"]]
    page = app.get(address, headers=city.token("staf"))
    assert page.status_code == 200
    assert all(person in page.body for person in people)
    assert app.get(address, follow_redirects=False).status_code == 302
    assert app.get(address, headers=city.token("warga")).status_code == 403
    assert app.get(f"{address}-tiada", headers=city.token("staf")).status_code == 404
    for header in ({}, city.token("warga")):
        public = app.get(f"/organization/{name}", headers=header).body
        assert address not in public
        assert not any(person in public for person in people)
    assert address in app.get(f"/organization/{name}", headers=city.token("staf")).body
    for who in (None, "warga"):
        with pytest.raises(tk.NotAuthorized):
            office(city, who)
