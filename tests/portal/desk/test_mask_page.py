"""The page on which a waiting file is masked."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Version

MIGRATION = "ckanext.satudata_pontianak.migration.satudata_pontianak.versions.025_masked_workbooks"
NAME = "Qanari Zwuxtono"
ROWS = [f"{NAME} {chr(65 + i)},0{i % 9 + 1}/02/1990,{'LP'[i % 2]}" for i in range(16)]
PEOPLE = ("nama,tanggal_lahir,jenis_kelamin\n" + "\n".join(ROWS) + "\n").encode()


@pytest.fixture
def dataset(city, make_upload):
    return city.dataset(file=make_upload(PEOPLE, "warga.csv"), data_pribadi="dianonimkan")


def scan_of(city, dataset) -> dict:
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    return scan


FORM = {"column-0": "drop", "column-1": "age_band", "column-2": "keep", "suppress_below": "5"}


def test_a_file_is_masked_with_what_is_suggested(city, desk, dataset) -> None:
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{scan_of(city, dataset)['version']}"
    assert address in desk.case("produsen", dataset).body
    page = desk.get("produsen", address)
    assert page.status == 200
    assert NAME not in page.body
    assert [names for _, _, names in page.forms if "column-2" in names]
    assert page.body.count(" selected") >= 4
    # What comes out stands there before anything is done.
    assert "Semua 16 baris tetap ada." in page.text
    assert "kelompok_umur" in page.text
    assert scan_of(city, dataset)["masked"] is None
    done = desk.post("produsen", address, {**FORM, "target": "replace"})
    assert done.status == 302
    assert done.location.endswith(f"/satudata/berkas/{dataset['id']}")
    after = scan_of(city, dataset)
    assert after["file"] == "warga-disamarkan.csv"
    assert after["masked"]["k"] == 8
    case = desk.case("produsen", dataset).text
    assert "12,5 %" in case
    assert "tanggal_lahir: 16 nilai dikelompokkan." in case
    assert "Kolom yang dihapus: nama." in case
    # Whoever opens it reads it beside the file.
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    (file,) = city.act(None, "package_show", id=dataset["id"])["resources"]
    public = desk.get(None, f"/dataset/{dataset['name']}/resource/{file['id']}")
    assert "tanggal_lahir: 16 nilai dikelompokkan." in public.text


def test_a_plan_that_loses_much_stands_beside_one_that_loses_less(city, desk, make_upload) -> None:
    rows = "".join(
        f"{NAME} {i},{i % 28 + 1:02}/01/{1950 + i % 60},{'LP'[i % 2]}\n" for i in range(60)
    )
    dataset = city.dataset(
        file=make_upload(f"nama,tanggal_lahir,jenis_kelamin\n{rows}".encode(), "warga.csv"),
        data_pribadi="tidak_ada",
    )
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{scan_of(city, dataset)['version']}"
    page = desk.get("produsen", address)
    assert "baris (" in page.text
    assert "ditinggalkan" in page.text
    assert f"{address}?cara=lain" in page.body
    other = desk.get("produsen", f"{address}?cara=lain")
    assert "Semua 60 baris tetap ada." in other.text
    form = {"column-0": "drop", "column-1": "drop", "column-2": "keep", "suppress_below": "5"}
    assert desk.post("produsen", address, {**form, "target": "replace"}).status == 302
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    # What is proposed follows what the file is now.
    assert shown["case"]["proposal"]["data_pribadi"] == "dianonimkan"


def test_who_does_not_call_a_masked_file_anonymised_is_asked_once(city, desk, dataset) -> None:
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{scan_of(city, dataset)['version']}"
    desk.post("produsen", address, {**FORM, "target": "replace"})
    assert "data-contradicted" not in desk.case("produsen", dataset).body
    said = {"data_pribadi": "tidak_ada"}
    asked = desk.send("produsen", dataset, "submit", catatan="Mohon diperiksa", **said)
    assert asked.status == 422
    assert "Mohon diperiksa" in asked.body
    assert "tetapi berkas ini disamarkan di sini: warga-disamarkan.csv" in asked.text
    assert "memang benar, ajukan sekali lagi" in asked.text
    # Beside the button as soon as it is what the case proposes.
    city.act("produsen", "package_patch", id=dataset["id"], **said)
    page = desk.case("produsen", dataset)
    assert "data-contradicted" in page.body
    assert desk.send("produsen", dataset, "submit", **said).status == 422
    again = {**asked.steps["submit"], "evidence": page.steps["submit"]["evidence"], **said}
    sent = desk.post("produsen", f"/satudata/berkas/{dataset['name']}", again)
    assert sent.status == 302
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "verification"


def test_what_a_workbook_held_besides_its_table_is_said_to_be_left_behind(
    city, desk, app, make_upload
) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    for line in PEOPLE.decode().splitlines():
        sheet.append(line.split(","))
    book.create_sheet("Catatan")["A1"] = "Sumber: pendaftaran"
    book.save(out)
    dataset = city.dataset(
        file=make_upload(out.getvalue(), "warga.xlsx"), data_pribadi="dianonimkan"
    )
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{scan_of(city, dataset)['version']}"
    assert desk.post("produsen", address, {**FORM, "target": "replace"}).status == 302
    said = "Dibuat dari buku kerja: catatan, rumus, dan lembar lain tidak ada dalam CSV ini."
    assert said in desk.case("produsen", dataset).text
    # Beside the file, for everybody, once it is open.
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    (file,) = city.act(None, "package_show", id=dataset["id"])["resources"]
    assert said in app.get(f"/dataset/{dataset['name']}/resource/{file['id']}").body


def test_of_what_was_masked_before_it_is_said_what_is_not_recorded(
    city, desk, app, make_upload
) -> None:
    """A version keeps what was measured when it was made; what was not stands there as that."""
    dataset = city.dataset(file=make_upload(PEOPLE, "warga.csv"), data_pribadi="dianonimkan")
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{scan_of(city, dataset)['version']}"
    assert desk.post("produsen", address, {**FORM, "target": "replace"}).status == 302
    counted = "Tidak tercatat berapa nilai yang dikelompokkan atau diubah"
    whole = "Tidak tercatat apakah CSV ini berasal dari buku kerja"
    nothing = "Tidak tercatat apa yang hilang karena penyamaran berkas ini."
    advice = "samarkan di sini"
    case = desk.case("produsen", dataset).text
    for said in (counted, whole, advice, nothing):
        assert said not in case
    made = model.Session.get(Version, scan_of(city, dataset)["version"])
    assert made is not None
    kept = dict(made.masked or {})
    # As it was kept before values were counted and workbooks named.
    columns = [{k: v for k, v in c.items() if k != "changed"} for c in kept["columns"]]
    old = {k: v for k, v in kept.items() if k != "workbook"} | {"columns": columns}

    def keep(masked) -> None:
        query = sa.update(Version).where(Version.id == made.id)
        model.Session.execute(query.values(masked=masked))
        model.Session.commit()

    keep(old)
    case = desk.case("produsen", dataset).text
    for said in (counted, whole, advice, "Semua 16 baris tetap ada."):
        assert said in case
    assert advice not in desk.case("walidata", dataset).text
    # What it was made of is recorded, so that the migration can say it.
    model.Session.execute(sa.text(import_module(MIGRATION).FROM_SOURCE))
    model.Session.commit()
    case = desk.case("produsen", dataset).text
    assert whole not in case
    assert counted in case
    # Beside the file, for everybody.
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    (file,) = city.act(None, "package_show", id=dataset["id"])["resources"]
    page = f"/dataset/{dataset['name']}/resource/{file['id']}"
    assert counted in app.get(page).body
    keep({k: v for k, v in kept.items() if k in ("k", "risk", "source")})
    assert nothing in app.get(page).body


def test_what_is_chosen_is_previewed_before_it_is_done(city, desk, dataset) -> None:
    before = scan_of(city, dataset)
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{before['version']}"
    assert 'name="lihat"' in desk.get("produsen", address).body
    form = {**FORM, "column-1": "year", "target": "derived", "lihat": "1"}
    page = desk.post("produsen", address, form)
    assert page.status == 200
    assert "Semua 16 baris tetap ada." in page.text
    assert "tanggal_lahir: 16 nilai dikelompokkan." in page.text
    assert '<th scope="col">tahun_lahir</th>' in page.body
    assert "<td>1990</td>" in page.body
    assert NAME not in page.body
    # What was chosen is still chosen, and nothing was done.
    for chosen in ("drop", "year", "keep", "derived"):
        assert f'<option value="{chosen}" selected>' in page.body
    assert scan_of(city, dataset) == before
    gone = desk.post("produsen", address, {**form, "column-1": "keep", "suppress_below": "9"})
    assert "16 dari 16 baris (100 %) ditinggalkan" in gone.text
    counts = desk.post("produsen", address, {**form, "count_by": "jenis_kelamin"})
    assert "<td>Total</td>" in counts.body
    wrong = desk.post("produsen", address, {**form, "column-1": "number_band"})
    assert wrong.status in (200, 422)
    assert desk.post("produsen", address, {**form, "column-1": "lain"}).status == 422
    assert desk.post("walidata", address, form).status == 403
    assert desk.post("warga", address, form).status == 404
    assert scan_of(city, dataset) == before
    # As a program asks for it.
    plan = {"columns": {"nama": "drop", "tanggal_lahir": "year"}}
    asked = {"id": dataset["id"], "version": before["version"], "plan": plan}
    answer = city.act("produsen", "satudata_mask_suggest", **asked)
    assert set(answer) == {"plan", "previews"}
    assert answer["previews"][0]["masked"]["rows"] == 16
    assert scan_of(city, dataset) == before


def test_counts_take_the_place_of_rows(city, desk, dataset) -> None:
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{scan_of(city, dataset)['version']}"
    form = {**FORM, "target": "replace"}
    unknown = desk.post("produsen", address, {**form, "count_by": "alamat"})
    assert unknown.status == 422
    assert "tanggal_lahir" in unknown.text
    assert desk.post("produsen", address, {**form, "count_by": "jenis_kelamin"}).status == 302
    after = scan_of(city, dataset)
    assert (after["verdict"], after["masked"]["k"]) == ("clear", 8)
    assert after["masked"]["aggregate"] == {"cells": 3, "small": 0, "protecting": 0}


def test_what_is_missing_stands_at_its_field(city, desk, dataset) -> None:
    version = scan_of(city, dataset)["version"]
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{version}"
    for wrong in ({"column-1": "lain"}, {"suppress_below": "x"}, {"target": ""}):
        page = desk.post("produsen", address, {**FORM, "target": "replace", **wrong})
        assert page.status == 422
        assert "satudata-error" in page.body
    assert scan_of(city, dataset)["version"] == version


def test_others_do_not_mask(city, desk, dataset) -> None:
    version = scan_of(city, dataset)["version"]
    address = f"/satudata/berkas/{dataset['name']}/samarkan/{version}"
    assert desk.get("walidata", address).status == 403
    assert desk.get("warga", address).status == 404
    assert desk.get(None, address).status == 302
    assert "/samarkan" not in desk.case("walidata", dataset).body
    assert desk.get("produsen", address.replace(version, "tiada")).status == 422
