"""What the demo shows of the workflow beyond its main road; each act by whoever has the duty."""

from __future__ import annotations

import datetime as dt

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.portal.demo import catalogue, keys, people, seed

from .test_demo import HELD, PAST, RENEWED, act, changed_site, few, quiet, site

__all__ = ["changed_site", "few", "site"]  # the fixtures


def shown(who, name):
    return act(who, "satudata_classification_show", id=name)


def download(app, name, who=None, folder=None):
    with app.flask_app.test_request_context():
        address = act("walidata", "package_show", id=name)["resources"][0]["url"]
    headers = {"Authorization": keys.read(folder / keys.TOKENS)[who]} if who else {}
    return app.get(address, headers=headers, expect_errors=True, follow_redirects=False)


def test_the_held_dataset_says_why_and_gives_no_data(site, app):
    (hold,) = shown(None, HELD)["holds"]
    assert "tertukar" in hold["reason"]
    page = app.get(f"/dataset/{HELD}")
    assert page.status_code == 200
    assert "tertukar" in page.body
    assert download(app, HELD).status_code in (302, 403, 404)
    assert hold["scope"] == "data"


def test_the_renewal_waits_beside_its_approved_version(site, app):
    dataset = next(d for d in catalogue.datasets() if d.name == RENEWED)
    case = shown("walidata_2", RENEWED)["case"]
    assert case["state"] == "verification"
    assert "renew" in {t["name"] for t in case["transitions"]}
    served = download(app, RENEWED, "produsen_dinkes", site)
    assert (served.status_code, served.data) == (200, dataset.files[0].content())
    assert dataset.new_file.content() != dataset.files[0].content()
    assert shown("ppid", RENEWED)["decision"]["level"] == "terbatas"


def test_the_one_past_its_date_says_so_on_its_public_page(site, app):
    until = dt.date.fromisoformat(shown(None, PAST)["decision"]["until"])
    assert until < days.today()
    assert "Jangka waktu berakhir, belum ditetapkan." in app.get(f"/dataset/{PAST}").body
    # Past its date nothing opens by itself.
    assert download(app, PAST).status_code in (302, 403, 404)


def test_the_one_who_stands_in_has_walidatas_desk_and_nothing_else(site):
    (delegation,) = act("pengawas", "satudata_delegation_list")
    assert (delegation["user"], delegation["running"]) == (people.STAND_IN, True)
    assert delegation["duties"] == ["walidata"]
    assert delegation["nomor_sk"] == people.STAND_IN_DECREE
    name = "jumlah-kunjungan-puskesmas-2025-01"
    steps = {t["name"] for t in shown(people.STAND_IN, name)["case"]["transitions"]}
    assert {"approve", "return", "refer"} <= steps
    with pytest.raises(tk.NotAuthorized):
        act(
            people.STAND_IN,
            "satudata_delegation_create",
            organization="dinas-komunikasi-dan-informatika",
            user="warga",
            until="2027-01-01",
            nomor_sk="CONTOH",
            **{"from": "2026-12-01"},
        )


def test_a_year_of_like_cases_waits_for_walidata(site, app):
    months = [d for d in catalogue.datasets() if d.name.startswith("jumlah-kunjungan-puskesmas")]
    assert len(months) == 12
    assert len({d.files[0].content() for d in months}) == 12
    found = act("walidata", "satudata_classification_list", state="verification", limit=100)
    waiting = {row["dataset_name"] for row in found["results"]}
    assert {d.name for d in months} <= waiting
    for dataset in months:
        case = shown("walidata", dataset.name)["case"]
        assert "approve" in {t["name"] for t in case["transitions"]}
    page = app.get(
        "/satudata/antrean?state=verification",
        headers={"Authorization": keys.read(site / keys.TOKENS)["walidata"]},
    )
    assert page.status_code == 200
    assert "Jumlah Kunjungan Puskesmas" in page.body


def test_what_people_decide_in_these_is_not_undone(changed_site):
    name = "jumlah-kunjungan-puskesmas-2025-02"
    act("walidata_2", "satudata_classification_transition", id=name, transition="approve")
    hold = shown("walidata_2", HELD)["holds"][0]["id"]
    act(
        "ppid",
        "satudata_hold_release",
        id=HELD,
        hold=hold,
        ground="examined",
        reason="Angka sudah diperiksa dan benar.",
    )
    row = act("walidata", "satudata_delegation_list")[0]
    act("walidata", "satudata_delegation_revoke", id=row["id"])
    assert seed.run(quiet, changed_site).nothing
    assert shown("walidata_2", HELD)["holds"] == []
    assert not any(d["running"] for d in act("walidata", "satudata_delegation_list"))
    assert shown("walidata_2", name)["decision"]["level"] == "biasa"
    model.Session.rollback()
