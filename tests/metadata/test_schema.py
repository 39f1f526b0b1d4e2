"""The metadata of a dataset through CKAN's actions: what may be saved and what is refused."""

from __future__ import annotations

import re

import pytest

import ckan.plugins.toolkit as tk
from ckan.tests import factories

from ckanext.satudata_pontianak.metadata.service import dataset_fields, missing_for_submission

pytestmark = pytest.mark.ckan_config("ckan.locale_default", "en")

FULL = {
    "title": "Jumlah Penduduk",
    "notes": "Penduduk menurut kecamatan.",
    "urusan": "2.12",
    "jenis_data": "statistik",
    "konsep": "Penduduk",
    "definisi": "Orang yang tinggal di wilayah kota",
    "klasifikasi_penyajian": "Kecamatan",
    "ukuran": "Jumlah",
    "satuan": "Orang",
    "rumus": "Penduduk akhir tahun dibagi luas wilayah",
    "interpretasi": "Makin tinggi, makin padat",
    "variabel_pembangun": "Penduduk; luas wilayah",
    "frekuensi_penerbitan": "tahunan",
    "jadwal_rilis": "2027-01-31",
    "tahun": "2019 - 2023",
    "cakupan": "61.71",
    "level_penyajian": "kecamatan",
    "rujukan": "Contoh",
    "maintainer": "Bidang Data",
    "maintainer_email": "Data@Contoh.Pontianak.go.id",
    "license_id": "cc-by",
}


def create(city, **values):
    return city.act("produsen", "package_create", **{"owner_org": "dinkes", **values})


def test_a_title_and_an_agency_are_enough_to_save(city):
    made = create(city, title="Jumlah Penduduk")
    assert re.fullmatch("dinkes-jumlah-penduduk-[a-z0-9]{6}", made["name"])
    assert create(city, title="Jumlah Penduduk")["name"] != made["name"]


def test_data_of_nobody_are_refused(city):
    with pytest.raises(tk.ValidationError) as e:
        create(city, title="Jumlah Penduduk", owner_org="")
    assert "Choose the agency" in e.value.error_dict["owner_org"][0]


def test_everything_is_kept_in_one_way_of_writing(city):
    made = create(city, **FULL)
    shown = city.act("produsen", "package_show", id=made["id"])
    expected = {
        **FULL,
        "tahun": "2019-2023",
        "maintainer_email": "data@contoh.pontianak.go.id",
    }
    assert {key: shown[key] for key in expected} == expected


REFUSED = [
    ("tahun", "2023-2019", "must not be before the first"),
    ("tahun", "sejak 2019", "Write one year, such as 2024"),
    ("tahun", "1800", "between 1900 and 2100"),
    ("jadwal_rilis", "31-01-27", "31/03/2026 or 2026-03-31"),
    ("jadwal_rilis", "2027-02-30", "no such day"),
    ("cakupan", "61.72", "not a region on the list"),
    ("cakupan", "Atlantis", "not a region on the list"),
    ("urusan", "9.99", "not on the list of government affairs"),
    ("jenis_data", "rahasia", "not a choice here"),
    ("frekuensi_penerbitan", "kadang", "not a choice here"),
    ("level_penyajian", "dunia", "not a choice here"),
    ("maintainer_email", "budi@gmail.com", "free provider"),
    ("maintainer_email", "budi@contoh.com", "ending in .go.id"),
    ("maintainer_email", "budi", "not an e-mail address"),
]


def test_a_value_that_cannot_be_read_is_refused_and_says_how(city):
    for field, value, words in REFUSED:
        with pytest.raises(tk.ValidationError) as e:
            create(city, title="Jumlah Penduduk", **{field: value})
        assert words in e.value.error_dict[field][0], (field, value)


def test_a_region_may_be_given_by_its_local_name(city):
    made = create(city, title="Jumlah Penduduk", cakupan="Benua Melayu Laut")
    assert made["cakupan"] == "61.71.01.1002"


def test_what_submission_still_needs_is_listed_by_field(city):
    made = create(city, title="Jumlah Penduduk", license_id="notspecified")
    shown = city.act("produsen", "package_show", id=made["id"])
    fields = [p.field for p in missing_for_submission(shown)]
    assert "konsep" in fields
    assert "license_id" in fields
    never = {"title", "owner_org", "rujukan", "rumus", "interpretasi", "jenis_informasi"}
    assert not never & set(fields)
    full = city.act("produsen", "package_show", id=create(city, **FULL)["id"])
    assert missing_for_submission(full) == []


def test_the_schema_in_force_is_the_shipped_one(city):
    names = [f["field_name"] for f in dataset_fields()]
    assert names[:2] == ["title", "name"]
    assert [f["field_name"] for f in dataset_fields("unknown")] == names


def test_the_pages_of_a_dataset_without_contact_and_date_answer(city, app):
    made = create(city, title="Jumlah Penduduk")
    token = factories.APIToken(user=city.users["produsen"]["name"])["token"]
    headers = {"Authorization": token}
    page = app.get(f"/dataset/{made['name']}", headers=headers)
    assert page.status_code == 200
    form = app.get(f"/dataset/edit/{made['name']}", headers=headers)
    assert form.status_code == 200
    for field in ("urusan", "cakupan", "tahun", "jadwal_rilis", "tingkat_keamanan"):
        assert f'name="{field}"' in form.body
    assert 'name="private"' not in form.body
    assert "61.71.05 Pontianak Kota" in form.body
