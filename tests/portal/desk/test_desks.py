"""Everybody's own desk: where a log-in leads, and what stands on it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.portal.desk import desks

DESK = "/satudata/meja"


def test_a_log_in_leads_everybody_to_their_own_desk(desk, city) -> None:
    assert tk.config["ckan.auth.route_after_login"] == "satudata.desk"
    assert desk.get("warga", "/user/me").location.endswith(DESK)
    assert "came_from" in desk.get(None, DESK).location
    for who in (*city.users, "admin"):
        page = desk.get(who, DESK)
        assert (page.status, "<h1>Meja saya</h1>" in page.body) == (200, True), who


def test_an_operator_keeps_the_page_that_they_chose() -> None:
    chosen = {"ckan.auth.route_after_login": "home.index"}
    desks.land_here(chosen)
    assert chosen == {"ckan.auth.route_after_login": "home.index"}


def test_a_citizen_is_offered_no_page_of_the_office(desk) -> None:
    office = ("/satudata/antrean", "/satudata/insiden", "/dashboard/datasets")
    for path in (DESK, "/satudata/pemberitahuan", "/dataset/", "/dashboard/", "/user/edit"):
        body = desk.get("warga", path).body
        assert [each for each in office if f'href="{each}"' in body] == [], path
        assert "satudata-queue-link" not in body
    for path in office[:2]:
        assert desk.get("warga", path).location.endswith(DESK)
    assert "/satudata/prosedur/akses" in desk.get("warga", DESK).body


def test_what_waits_stands_on_the_desk_of_whom_it_waits_for(desk, city) -> None:
    dataset = city.dataset(title="Penduduk contoh")
    link = f'href="/satudata/berkas/{dataset["name"]}"'
    city.step("produsen", dataset, "submit")
    found = {who for who in (*city.users, "admin") if link in desk.get(who, DESK).body}
    assert found == {"walidata", "walidata_2"}


@pytest.mark.parametrize(
    ("who", "leads", "leads_not"),
    [
        ("produsen", {"/dataset/new", "/satudata/insiden"}, {"/satudata/naskah"}),
        ("walidata", {"/satudata/kesesuaian", "/satudata/insiden", "pelimpahan"}, set()),
        ("ppid", {"/satudata/naskah", "/satudata/permohonan/meja", "pelimpahan"}, set()),
        ("pengawas", {"/satudata/kesesuaian", "/satudata/buku-catatan/entri"}, {"permohonan/meja"}),
        ("admin", {"/ckan-admin/keadaan"}, {"/satudata/kesesuaian", "/satudata/antrean"}),
        ("warga", {"/satudata/prosedur/akses"}, {"/satudata/kesesuaian", "/ckan-admin"}),
    ],
)
def test_a_desk_leads_to_the_work_of_its_person(desk, who, leads, leads_not) -> None:
    body = desk.get(who, DESK).body.partition("<h1>")[2].partition("<footer")[0]
    assert {each for each in leads if each not in body} == set()
    assert {each for each in leads_not if each in body} == set()


def test_requests_for_access_lead_ppid_to_their_desk_and_a_citizen_to_their_own(desk) -> None:
    menu = {
        who: desk.get(who, "/dataset/").body.partition("sd-drop-panel")[2].partition("</ul>")[0]
        for who in ("ppid", "warga")
    }
    assert 'href="/satudata/permohonan/meja"' in menu["ppid"]
    assert 'href="/satudata/permohonan"' in menu["warga"]


def test_a_desk_that_decides_has_its_numbers_and_names_no_person(desk, city) -> None:
    waits, returned = city.dataset(title="Menunggu"), city.dataset(title="Kembali")
    for dataset in (waits, returned):
        city.step("produsen", dataset, "submit")
    note = "Kolom <b>satuan</b> kosong"
    city.step("walidata", returned, "return", catatan=note)
    model.Session.execute(
        sa.update(Case)
        .where(Case.package_id == waits["id"])
        .values(entered_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=40))
    )
    model.Session.commit()
    numbers = {
        who: desk.get(who, DESK).body.partition('id="desk-numbers"')[2] for who in city.users
    }
    assert {who for who, said in numbers.items() if said} == {
        "walidata", "walidata_2", "ppid", "ppid_2", "penetap",
    }  # fmt: skip
    said = numbers["walidata_2"].partition("</section>")[0]
    rows = re.findall(r'<th scope="row">([^<]*)</th><td class="sd-number">(\d+)', said)
    assert rows == [("sampai 2", "0"), ("sampai 5", "0"), ("sampai 10", "0"), ("lebih lama", "1")]
    assert "Dinkes: 1" in said
    assert "Kolom &lt;b&gt;satuan&lt;/b&gt; kosong" in said
    assert note not in said
    assert "Kolom" not in numbers["ppid"]  # what Walidata gave back is no number of PPID's desk
    for person in city.users.values():
        assert person["name"] not in said
        assert person["display_name"] not in said


def test_the_form_leads_to_files_whoever_may_bring_one(desk, city) -> None:
    assert "/satudata/unggah" in desk.get("produsen", "/dataset/new").body
    assert "/satudata/unggah" not in desk.get("admin", "/dataset/new").body
