"""Publishing a file in three steps: what is read, what is asked, and who sees it meanwhile."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.intake import shelf, staging
from ckanext.satudata_pontianak.classification.intake.definition import intake
from ckanext.satudata_pontianak.classification.intake.model import Staged
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.tidying.definition import definition as tidying

HOME = "/satudata/unggah"
AXES = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
TITLE = "Jumlah Kasus Demam Berdarah Menurut Kecamatan"
TYPED = {"definisi": "Kasus yang dilaporkan puskesmas", "urusan": "1.02"}
NIK = "6171014101900001"


def workbook(rows: list[list[Any]] | None = None) -> bytes:
    """Return a workbook with a letterhead, a heading of two rows that is joined, and a total."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = "Tabel"
    for line in rows or [
        ["PEMERINTAH KOTA PONTIANAK"],
        ["DINAS KESEHATAN"],
        [],
        [f"{TITLE} di Kota Pontianak Tahun 2025"],
        ["Satuan: Kasus"],
        [],
        ["No.", "Kecamatan", "Kasus", None],
        [None, None, "Laki-laki", "Perempuan"],
        [1, "Pontianak Kota", 12, 14],
        [2, "Pontianak Barat", 9, 11],
        [3, "Pontianak Timur", 7, 8],
        [4, "Pontianak Utara", 5, 6],
        ["Jumlah", None, 33, 39],
        [],
        ["Sumber: Dinas Kesehatan Kota Pontianak, 2026"],
    ]:
        sheet.append(line)
    if rows is None:
        for area in ("A1:D1", "A2:D2", "A4:D4", "C7:D7", "A7:A8", "B7:B8"):
            sheet.merge_cells(area)
    book.save(out)
    return out.getvalue()


def brought(desk, who: str = "produsen", content: bytes | None = None, name="dbd.xlsx") -> str:
    """Bring a file; return the address of what was read."""
    file = io.BytesIO(workbook() if content is None else content)
    page = desk.post(who, HOME, {"upload": (file, name)})
    assert page.status == 302, page.text
    return page.location.partition("://")[2].partition("/")[2].join(("/", ""))


def row_of(address: str) -> Staged | None:
    return model.Session.get(Staged, address.split("/")[3], populate_existing=True)


def values_of(address: str) -> dict[str, Any]:
    row = row_of(address)
    assert row is not None
    return dict(row.fields)


@pytest.fixture(autouse=True)
def mailbox(city) -> None:
    # Files are no rows: what an earlier test brought lies there still.
    for id_ in shelf.ids():
        shelf.remove(id_)
    city.act("admin", "organization_patch", id="dinkes", kotak_surat="data@dinkes.go.id")


def test_a_file_becomes_a_submitted_dataset_with_its_tidy_table(desk, city) -> None:
    address = brought(desk)
    page = desk.get("produsen", address)
    assert page.status == 200
    assert f'value="{TITLE}"' in page.body
    assert "Pontianak Kota" in page.body
    assert "baris 4 lembar Tabel" in page.text
    assert "Sumber: Dinas Kesehatan Kota Pontianak, 2026" in page.body
    filled = values_of(address)
    assert filled["tahun"] == "2025"
    assert filled["level_penyajian"] == "kecamatan"
    assert filled["satuan"] == "Kasus"
    assert filled["maintainer_email"] == "data@dinkes.go.id"
    assert "konsep" not in filled
    every = desk.post("produsen", address, {**filled, **TYPED, "langkah": "semua"})
    assert every.status == 200
    assert "diperlukan" not in every.text
    again = desk.post("produsen", address, {**values_of(address), "langkah": "lanjut"})
    assert again.status == 302
    asked = desk.get("produsen", f"{address}/klasifikasi")
    assert " selected" not in asked.body
    done = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "ajukan"})
    assert done.status == 302, done.text
    name = done.location.rsplit("/", 1)[1]
    dataset = city.act("produsen", "package_show", id=name)
    assert [r["format"] for r in dataset["resources"]] == ["XLSX", "CSV"]
    shown = city.act("produsen", "satudata_classification_show", id=name)
    assert shown["case"]["state"] == "verification"
    versions = model.Session.scalars(
        sa.select(Version).where(Version.package_id == dataset["id"]).order_by(Version.created)
    ).all()
    original, tidy = sorted(versions, key=lambda v: v.tidied is not None)
    assert tidy.tidied is not None
    assert tidy.tidied["source"] == original.sha256
    assert len(tidy.tidied["digest"]) == 64
    assert row_of(address) is None
    assert not shelf.path(address.split("/")[3]).exists()


@pytest.mark.parametrize("path", ["", "/klasifikasi"])
def test_nobody_else_learns_that_a_file_was_brought(desk, city, path) -> None:
    address = brought(desk) + path
    unknown = f"{HOME}/00000000-0000-4000-8000-000000000000{path}"
    for who in ("produsen_2", "walidata", "kepala_dinkes", "admin", "warga"):
        other, none = desk.get(who, address), desk.get(who, unknown)
        assert (other.status, other.text) == (none.status, none.text), who
        assert other.status == 404
        sent = desk.post(who, address, {"title": "Lain", **AXES})
        assert sent.status == 404, who
    assert desk.get(None, address).status == 302
    assert row_of(address) is not None


def test_only_its_author_removes_a_file(desk, city) -> None:
    address = brought(desk)
    for who in ("produsen_2", "admin"):
        assert desk.post(who, f"{address}/hapus", {}).status == 404
    assert row_of(address) is not None
    assert desk.post("produsen", f"{address}/hapus", {}).status == 302
    assert row_of(address) is None
    assert not shelf.path(address.split("/")[3]).exists()
    assert desk.get("produsen", address).status == 404


def test_who_publishes_for_no_agency_brings_no_file(desk) -> None:
    assert desk.get("warga", HOME).status == 403
    assert desk.get("staf", HOME).status == 403
    assert desk.get(None, HOME).status == 302
    assert desk.post("staf", HOME, {"upload": (io.BytesIO(workbook()), "a.xlsx")}).status == 403
    assert model.Session.query(Staged).count() == 0


def test_what_cannot_be_read_is_refused_beside_the_field(desk) -> None:
    large = b"a;b\n" + b"1;2\n" * (tidying().bounds.bytes // 4)
    for name, content, said in (
        ("", b"", "Pilih berkas."),
        ("kosong.csv", b"", "0 bita"),
        ("surat.pdf", b"%PDF-1.7\n", ".pdf"),
        ("gambar.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "Isi berkas ini"),
        (f"{NIK}.csv", b"a,b\n1,2\n", "data pribadi"),
        ("besar.csv", large, "20 MiB"),
    ):
        sent = {"upload": (io.BytesIO(content), name)} if name else {}
        page = desk.post("produsen", HOME, sent)
        assert page.status == 422, name
        assert said in page.text, (name, page.text[:600])
        assert NIK not in page.body
    assert model.Session.query(Staged).count() == 0
    assert not shelf.ids()


def test_a_damaged_file_loses_nothing_and_is_published_as_it_is(desk, city) -> None:
    address = brought(desk, content=workbook()[:3000], name="rusak.xlsx")
    page = desk.get("produsen", address)
    assert page.status == 200
    assert "rusak" in page.text
    assert "Tabel tidak terbaca" in page.text
    empty = desk.get("produsen", brought(desk, content=workbook([["Judul saja"]])))
    assert "Tabel tidak terbaca" in empty.text


def test_what_the_schema_refuses_is_said_at_once_and_beside_each_field(desk) -> None:
    address = brought(desk)
    wrong = {
        "title": "",
        "tahun": "dua ribu",
        "maintainer_email": "bukan surel",
        "urusan": "9.99",
        "konsep": f"NIK {NIK}",
    }
    page = desk.post("produsen", address, {**values_of(address), **wrong, "langkah": "lanjut"})
    assert page.status == 422
    for name in wrong:
        assert f'id="road-{name}-error"' in page.body, name
    assert NIK not in str(values_of(address))
    # What was typed still stands there, to be mended.
    assert NIK in page.body
    assert NIK not in desk.get("produsen", address).body


def test_the_classification_is_asked_and_never_filled_in(desk, city) -> None:
    address = brought(desk)
    path = f"{address}/klasifikasi"
    assert " selected" not in desk.get("produsen", path).body
    page = desk.post("produsen", path, {"langkah": "buat"})
    assert page.status == 422
    for axis in AXES:
        assert f'id="road-{axis}-error"' in page.body
    closed = {**AXES, "jenis_informasi": "dikecualikan", "langkah": "buat"}
    assert desk.post("produsen", path, closed).status == 422
    assert city.act("produsen", "package_search", fq="title:berdarah")["count"] == 0
    assert row_of(address) is not None


@pytest.mark.parametrize("level", ["rahasia", "sangat_rahasia"])
def test_a_level_whose_files_do_not_lie_here_erases_the_file_at_once(desk, city, level) -> None:
    address = brought(desk)
    chosen = {"jenis_informasi": "dikecualikan", "tingkat_keamanan": level}
    page = desk.post("produsen", f"{address}/klasifikasi", {**chosen, "langkah": "ajukan"})
    assert page.status == 302
    assert page.location.endswith("/dataset/new")
    assert row_of(address) is None
    assert not shelf.ids()
    assert desk.get("produsen", address).status == 404


def test_a_file_goes_after_its_days(desk, city) -> None:
    address = brought(desk)
    row = row_of(address)
    assert row is not None
    days = (row.expires - row.created).days
    assert days == 7
    before = row.expires - dt.timedelta(minutes=1)
    assert staging.erase(before) == 0
    row.expires = row.created - dt.timedelta(seconds=1)
    model.Session.commit()
    assert desk.get("produsen", address).status == 404
    assert staging.erase() == 1
    assert row_of(address) is None
    assert not shelf.ids()


def test_the_dataset_is_made_once_however_often_the_form_is_sent(desk, city) -> None:
    address = brought(desk)
    id_ = address.split("/")[3]
    assert staging.take(id_)
    page = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "buat"})
    assert page.status == 409
    staging.give_back(id_)
    page = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "buat"})
    assert page.status == 302


def test_the_scan_says_what_it_found_before_anybody_chooses(desk, city) -> None:
    rows = [["Nama", "NIK"], ["Contoh Satu", NIK], ["Contoh Dua", "6171020202850002"]]
    address = brought(desk, content=workbook([list(r) for r in rows]), name="warga.xlsx")
    page = desk.get("produsen", f"{address}/klasifikasi")
    assert "Data pribadi ditemukan" in page.text
    assert NIK not in page.body


def test_an_earlier_dataset_of_the_agency_offers_what_it_says_of_the_same(desk, city) -> None:
    city.dataset(title=f"{TITLE} 2024", konsep="Penyakit menular", license_id="odc-odbl")
    page = desk.get("produsen", brought(desk))
    assert "Penyakit menular" in page.text


def test_a_table_that_was_read_wrongly_is_mended_and_nothing_typed_is_lost(desk, city) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    first: Any = book.active
    first.title = "Satu"
    for line in [["Jumlah Kasus 2024"], [], ["Kecamatan", "Kasus", "Sembuh"]]:
        first.append(line)
    for number, name in enumerate(("Kota", "Barat", "Timur", "Utara", "Selatan")):
        first.append([f"Pontianak {name}", 10 + number, 7 + number])
    second: Any = book.create_sheet("Dua")
    for line in [["Jumlah Perawat 2025"], [], ["Puskesmas", "Perawat"], ["A", 3], ["B", 4]]:
        second.append(line)
    book.save(out)
    address = brought(desk, content=out.getvalue())
    before = {**values_of(address), "definisi": "Diketik sendiri"}
    page = desk.get("produsen", address)
    assert "Sembuh" in page.text
    # A column less.
    kept = {**before, "langkah": "kolom", "kolom": ["1", "2"]}
    assert desk.post("produsen", f"{address}/resep", kept).status == 302
    head = desk.get("produsen", address).body.partition("</thead>")[0]
    assert "Kasus" in head
    assert "Sembuh" not in head
    assert values_of(address)["definisi"] == "Diketik sendiri"
    # A row that is a total.
    row = {**values_of(address), "langkah": "baris", "baris": "8", "jenis": "total"}
    assert desk.post("produsen", f"{address}/resep", row).status == 302
    assert "Pontianak Selatan" not in desk.get("produsen", address).body.partition("</table>")[0]
    # The other sheet: what was read follows, what was typed stays.
    other = {**values_of(address), "langkah": "tabel", "tabel": "2"}
    assert desk.post("produsen", f"{address}/resep", other).status == 302
    page = desk.get("produsen", address)
    assert "Perawat" in page.body.partition("</thead>")[0]
    assert values_of(address)["title"] == "Jumlah Perawat"
    assert values_of(address)["tahun"] == "2025"
    assert values_of(address)["definisi"] == "Diketik sendiri"
    for wrong in (
        {"langkah": "kepala", "baris": "900"},
        {"langkah": "kepala", "baris": "x"},
        {"langkah": "tabel", "tabel": "9"},
        {"langkah": "kolom", "kolom": []},
        {"langkah": "lain"},
        {"langkah": "seperti", "seperti": "tidak-ada"},
    ):
        sent = {**values_of(address), "konsep": "Masih ada", **wrong}
        page = desk.post("produsen", f"{address}/resep", sent)
        assert page.status == 422, wrong
        assert "Masih ada" in page.body
    assert desk.post("admin", f"{address}/resep", other).status == 404


def test_a_dataset_is_made_like_another_of_the_agency(desk, city) -> None:
    like = city.dataset(title="Jumlah Dokter", konsep="Tenaga medis", rujukan="Permenkes")
    address = brought(desk)
    sent = {**values_of(address), "langkah": "seperti", "seperti": like["id"], "tahun": ""}
    assert desk.post("produsen", f"{address}/resep", sent).status == 302
    values = values_of(address)
    assert values["konsep"] == "Tenaga medis"
    assert values["title"] == TITLE
    assert not values["tahun"]


def test_no_form_makes_a_file_be_read_for_somebody_who_may_publish_no_more(desk, city) -> None:
    address = brought(desk, "produsen_2")
    city.act("admin", "organization_member_delete", id="dinkes", username="produsen-2")
    assert desk.get("produsen_2", address).status == 404


def test_the_desk_leads_here(desk) -> None:
    assert f'href="{HOME}"' in desk.get("produsen", "/dataset/new").body
    assert f'href="{HOME}"' in desk.get("produsen", "/satudata/meja").body
    assert f'href="{HOME}"' not in desk.get("warga", "/satudata/meja").body


def test_bytes_lie_where_no_address_leads(desk) -> None:
    address = brought(desk)
    where = shelf.path(address.split("/")[3])
    assert where.parent == Path(tk.config["ckan.storage_path"]) / shelf.FOLDER
    assert where.stat().st_mode & 0o077 == 0


def test_no_identifier_gets_into_a_recipe(desk) -> None:
    rows = [["Kecamatan", f"Nama {NIK}"], ["Pontianak Kota", 1], ["Pontianak Barat", 2]]
    address = brought(desk, content=workbook([list(r) for r in rows]))
    row = row_of(address)
    assert row is not None
    assert row.recipe is None
    page = desk.get("produsen", address)
    assert page.status == 200
    assert "data pribadi" in page.text


def test_the_list_of_waiting_files_erases_one(desk) -> None:
    address = brought(desk)
    assert f'action="{address}/hapus"' in desk.get("produsen", HOME).body


def test_what_the_check_found_stands_above_the_table(desk) -> None:
    rows = [["Nama", "NIK"], ["Contoh Satu", NIK], ["Contoh Dua", "6171020202850002"]]
    page = desk.get("produsen", brought(desk, content=workbook([list(r) for r in rows])))
    assert "Data pribadi ditemukan" in page.text
    assert "Belum ada yang diajukan." in page.text
    assert "Hanya Anda yang melihatnya sekarang" in page.text


def test_a_good_and_a_bad_example_stand_beside_what_is_typed(desk) -> None:
    body = desk.get("produsen", brought(desk)).body
    for name, example in intake().examples.items():
        assert f'data-example="{name}"' in body, name
        assert example.good in body
    assert set(intake().examples) <= set(intake().fields)


def test_a_file_that_is_erased_while_it_is_saved_is_an_unknown_one(desk, city) -> None:
    address = brought(desk)
    values = {**values_of(address), "title": "Judul yang baru", "langkah": "simpan"}
    model.Session.remove()
    other = sa.create_engine(tk.config["sqlalchemy.url"])
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as hands, other.connect() as eraser, other.connect() as watch:
        gone = sa.delete(Staged).where(Staged.id == address.split("/")[3])
        assert eraser.execute(gone).rowcount == 1
        answer = hands.submit(desk.post, "produsen", address, values)
        # The form was read while the row stood; it waits to write what is no more.
        while not watch.execute(waiting).scalar_one():
            watch.rollback()
            assert not answer.done()
        eraser.commit()
        page = answer.result(60)
    other.dispose()
    assert page.status == 404
    assert "Berkas ini tidak ada" in page.text
    assert not shelf.path(address.split("/")[3]).with_suffix(shelf.READING).exists()


def test_cells_that_are_in_no_list_are_named_by_row_with_the_right_ones(desk) -> None:
    rows: list[list[Any]] = [
        ["PEMERINTAH KOTA PONTIANAK"],
        [],
        ["Kelurahan", "Satuan", "Jumlah"],
        ["Akcaya", "Orang", 12],
        ["Sungai Jawi Luwar", "Orrang", 13],
        ["Sei Jawi", "Orang", 15],
        ["Saigon", "Orang", 16],
        *[["Sungai Jawi Luwar", "Orang", n] for n in range(20)],
    ]
    page = desk.get("produsen", brought(desk, content=workbook(rows)))
    assert (
        "Baris 5, 8–16 dan 11 lainnya, kolom Kelurahan: “Sungai Jawi Luwar”, maksud Anda"
        " “Sungai Jawi Luar”?"
    ) in page.text
    assert "Baris 5, kolom Satuan: “Orrang”, maksud Anda “Orang”?" in page.text
    # The search takes this for the village as well.
    assert "“Sei Jawi”" not in page.text


def test_the_list_of_unknown_cells_is_bounded_and_covers_what_the_scan_marked(desk) -> None:
    most = intake().shown_unknown
    rows: list[list[Any]] = [["Kecamatan", "Kelurahan", "Jumlah"]]
    rows += [["Pontianak Kota", f"Akcaya {chr(97 + n)}", n] for n in range(most + 3)]
    page = desk.get("produsen", brought(desk, content=workbook(rows)))
    assert page.text.count("maksud Anda") == most
    assert "Dan 3 nilai lagi." in page.text
    rows[1][1] = NIK
    page = desk.get("produsen", brought(desk, content=workbook(rows)))
    assert "kolom Kelurahan: tertutup" in page.text
    assert "maksud Anda" not in page.text


def test_next_months_file_takes_the_place_of_this_months_and_its_title_with_it(desk, city) -> None:
    def month(name: str, figure: int) -> bytes:
        head = [["JUMLAH BALITA DITIMBANG MENURUT KECAMATAN"], [f"BULAN {name} 2026"], []]
        rows: list[list[Any]] = [["Kecamatan", "Balita (Anak)"], ["Pontianak Kota", figure]]
        return workbook([*head, *rows, ["Pontianak Barat", 9], ["Pontianak Timur", 7]])

    address = brought(desk, content=month("OKTOBER", 5))
    october = "Jumlah Balita Ditimbang Menurut Kecamatan Oktober 2026"
    november = october.replace("Oktober", "November")
    assert values_of(address)["title"] == october
    desk.post("produsen", address, {**values_of(address), **TYPED, "langkah": "semua"})
    assert values_of(address)["frekuensi_penerbitan"] == "bulanan"
    done = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "ajukan"})
    name = done.location.rsplit("/", 1)[1]
    step = "satudata_classification_transition"
    city.act("walidata", step, id=name, transition="approve")
    files = city.act("produsen", "package_show", id=name)["resources"]
    sent = {"upload": (io.BytesIO(month("NOVEMBER", 6)), "dbd.xlsx"), "resource": files[0]["id"]}
    page = desk.post("produsen", f"/satudata/berkas/{name}/unggah", sent)
    assert page.status == 302, page.text
    after = "/" + page.location.partition("://")[2].partition("/")[2]
    assert "menggantikan Oktober 2026" in desk.get("produsen", after).text
    assert desk.post("produsen", after, {"tahun": "2026", "langkah": "ajukan"}).status == 302
    # What is served is October's until somebody approves.
    assert city.act("produsen", "package_show", id=name)["title"] == october
    city.act("walidata", step, id=name, transition="approve")
    assert city.act("produsen", "package_show", id=name)["title"] == november


def test_the_agency_says_once_what_its_data_have_in_common(desk, city) -> None:
    usual = {"lisensi_bawaan": "cc-by-sa", "urusan_bawaan": "1.02", "frekuensi_bawaan": "bulanan"}
    for wrong in usual:
        with pytest.raises(tk.ValidationError) as refused:
            city.act("kepala_dinkes", "organization_patch", id="dinkes", **{wrong: "tiada"})
        assert list(refused.value.error_dict) == [wrong]
    with pytest.raises(tk.NotAuthorized):
        city.act("warga", "organization_patch", id="dinkes", **usual)
    city.act("kepala_dinkes", "organization_patch", id="dinkes", **usual)
    form = desk.get("kepala_dinkes", "/organization/edit/dinkes")
    assert form.status == 200
    for name in usual:
        assert f'name="{name}"' in form.body
    address = brought(desk, content=workbook([["Kecamatan", "Kasus"], ["Pontianak Kota", 3]] * 2))
    page = desk.get("produsen", address)
    assert values_of(address)["license_id"] == "cc-by-sa"
    assert "halaman Perangkat Daerah" in page.text
    assert 'data-offer="frekuensi_penerbitan"' in page.body
    assert 'data-source="license_id"' in page.body


def test_a_month_in_the_name_of_the_file_alone_waits_for_its_author(desk, city) -> None:
    rows = [[TITLE], [], ["Kecamatan", "Kasus"], ["Pontianak Kota", 12], ["Pontianak Barat", 9]]
    address = brought(desk, content=workbook(rows), name="rekap_Oktober_2026.xlsx")
    assert values_of(address)["title"] == TITLE
    page = desk.get("produsen", address)
    assert f"Pakai “{TITLE} Oktober 2026”" in page.text
    assert "nama berkas" in page.text
    sent = {**values_of(address), "langkah": "simpan"}
    assert desk.post("produsen", address, sent).status == 200
    assert values_of(address)["title"] == TITLE
    desk.post("produsen", address, {**sent, "pakai": "title"})
    assert values_of(address)["title"] == f"{TITLE} Oktober 2026"
    # What somebody typed stays, whatever is offered.
    desk.post("produsen", address, {**sent, "title": "Judul lain", "pakai": "title"})
    assert values_of(address)["title"] == "Judul lain"
