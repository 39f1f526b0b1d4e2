"""What people are told, in Indonesian, and that a refused call leaves nothing behind."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests import factories

from ckanext.satudata_pontianak.classification.records.model import TABLES
from ckanext.satudata_pontianak.paths import translations

OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}


def rows() -> dict[str, int]:
    """How many rows stand in every table that a write can touch."""
    model.Session.rollback()
    tables = [t.__table__ for t in (*TABLES, model.Package, model.Resource)]
    return {t.name: model.Session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables}


@pytest.fixture
def call(app, city):
    """Call an action over HTTP as somebody; give status and answer."""

    def over_http(who, action, *, prefix="", files=None, **data):
        headers = {}
        if who is not None:
            headers["Authorization"] = factories.APIToken(user=city.users[who]["name"])["token"]
        url = f"{prefix}/api/3/action/{action}"
        if files is None:
            answer = app.post(url, json=data, headers=headers)
        else:
            answer = app.post(
                url, data={**data, **files}, headers=headers, content_type="multipart/form-data"
            )
        body = json.loads(answer.body)
        return answer.status_code, body.get("result") if body["success"] else body["error"]

    return over_http


@pytest.fixture
def refused(call):
    """Call an action that is refused; give the errors, having checked that nothing was kept."""

    def refusal(who, action, **data):
        before = rows()
        status, error = call(who, action, **data)
        assert status == 409, error
        assert rows() == before
        return error

    return refusal


def file(content, name):
    return {"upload": (io.BytesIO(content), name)}


def test_a_dataset_without_an_agency(refused) -> None:
    error = refused("produsen", "package_create", title="Beras", **OPEN)
    assert error["owner_org"] == ["Pilih Perangkat Daerah pemilik dataset ini."]


def test_an_unknown_level(refused) -> None:
    error = refused(
        "produsen",
        "package_create",
        title="Beras",
        owner_org="dinkes",
        **{**OPEN, "tingkat_keamanan": "super"},
    )
    assert error["tingkat_keamanan"] == [
        (
            "'super' tidak dikenal untuk 'Tingkat keamanan'. "
            "Pilih salah satu: biasa, terbatas, rahasia, sangat_rahasia."
        )
    ]


def test_a_combination_that_cannot_be(call, refused, city) -> None:
    dataset = city.dataset()
    error = refused(
        "produsen",
        "satudata_classification_transition",
        id=dataset["id"],
        transition="submit",
        tingkat_keamanan="terbatas",
    )
    assert error["code"] == ["combination_allowed"]
    (message,) = error["transition"]
    assert message.startswith("Kombinasi klasifikasi ini tidak diperbolehkan: ")
    assert "hanya untuk informasi yang dikecualikan" in message


def test_an_end_before_its_start(refused, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    fields = city.assess_fields(mulai="2026-11-24", akhir="2026-11-23")
    error = refused(
        "ppid",
        "satudata_classification_transition",
        id=dataset["id"],
        transition="assess",
        jenis_informasi="dikecualikan",
        tingkat_keamanan="terbatas",
        **fields,
    )
    assert error["akhir"] == ["Tanggal ini mendahului tanggal mulai 24/11/2026."]


def test_years_that_run_backwards(refused, city) -> None:
    dataset = city.dataset()
    error = refused("produsen", "package_patch", id=dataset["id"], tahun="2025-2024")
    assert error["tahun"] == ["Tahun terakhir rentang tidak boleh mendahului tahun pertama"]


def test_an_empty_file(refused, city) -> None:
    dataset = city.dataset(file=False)
    error = refused(
        "produsen", "resource_create", package_id=dataset["id"], files=file(b"", "a.csv")
    )
    assert error["upload"] == ["Berkas ini kosong (0 bita). Pilih lagi berkasnya."]


@pytest.mark.parametrize(
    "name", [".htaccess", "a;rm -rf.csv", "laporan\u202evsc.exe", "$(id).csv", "tanpa-akhiran"]
)
def test_a_hostile_file_name(refused, city, name) -> None:
    dataset = city.dataset(file=False)
    error = refused(
        "produsen", "resource_create", package_id=dataset["id"], files=file(b"a\n1\n", name)
    )
    (message,) = error["upload"]
    assert message.startswith("Nama berkas tidak ")
    assert "Ganti namanya dengan huruf, angka" in message


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_a_file_in_another_encoding_is_read(call, city, encoding) -> None:
    dataset = city.dataset(file=False)
    content = "kecamatan;café\nPontianak Kota;12\nPontianak Barat;15\n".encode(encoding)
    status, _ = call(
        "produsen", "resource_create", package_id=dataset["id"], files=file(content, "data.csv")
    )
    assert status == 200
    status, shown = call(
        "produsen", "satudata_classification_transition", id=dataset["id"], transition="submit"
    )
    assert status == 200, shown
    assert [scan["verdict"] for scan in shown["scans"]] == ["clear"]


def broken_workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")
        archive.writestr("xl/workbook.xml", "<workbook")
    return made.getvalue()[:-40]


def test_a_broken_workbook_is_never_clear(call, refused, city) -> None:
    dataset = city.dataset(file=False)
    status, _ = call(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        files=file(broken_workbook(), "data.xlsx"),
    )
    assert status == 200
    status, shown = call(
        "produsen", "satudata_classification_transition", id=dataset["id"], transition="submit"
    )
    assert status == 200
    (scan,) = shown["scans"]
    assert scan["verdict"] == "failed"
    assert scan["reason"].startswith("Berkas ini rusak atau tidak mengikuti formatnya")
    error = refused(
        "walidata", "satudata_classification_transition", id=dataset["id"], transition="approve"
    )
    assert error["code"] == ["scans_clear"]
    assert "data.xlsx: tidak dapat dipindai (Berkas ini rusak" in error["transition"][0]


def test_who_may_not_is_told_who_can(call, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    before = rows()
    status, error = call(
        "produsen", "satudata_classification_transition", id=dataset["id"], transition="approve"
    )
    assert status == 403
    assert error["message"] == (
        "Akses ditolak: Langkah ini milik Walidata. "
        "Anda tidak dapat mengambilnya; Walidata yang dapat."
    )
    assert rows() == before


def test_who_may_not_know_of_it_is_told_nothing(call, city) -> None:
    dataset = city.dataset()
    hidden = call("warga", "satudata_classification_show", id=dataset["id"])
    unknown = call("warga", "satudata_classification_show", id="tidak-ada")
    assert hidden == unknown
    assert hidden[0] == 404
    assert "Dataset tidak ditemukan" in hidden[1]["message"]


def test_a_stale_view_and_an_unknown_step(refused, city) -> None:
    dataset = city.dataset()
    error = refused(
        "produsen",
        "satudata_classification_transition",
        id=dataset["id"],
        transition="submit",
        evidence="0" * 64,
    )
    assert error["transition"] == [
        (
            "Proses klasifikasi ini berubah sejak Anda melihatnya. "
            "Muat ulang halaman dan lihat lagi sebelum memutuskan."
        )
    ]
    error = refused(
        "produsen", "satudata_classification_transition", id=dataset["id"], transition="terbitkan"
    )
    assert error["transition"][0].startswith("Tidak ada langkah bernama 'terbitkan'.")


def test_the_other_language_is_in_the_address(call, city) -> None:
    status, shown = call(None, "satudata_workflow_show")
    assert (status, shown["states"][1]["label"]) == (200, "Diperiksa Walidata")
    status, shown = call(None, "satudata_workflow_show", prefix="/en")
    assert (status, shown["states"][1]["label"]) == (200, "Being checked by Walidata")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/dataset/", ["Cari dataset", "Perangkat Daerah"]),
        ("/organization/", ["Perangkat Daerah"]),
        ("/user/login", ["Nama pengguna", "Kata sandi", "Masuk"]),
        ("/dataset/tidak-ada", ["Kesalahan 404 · Tidak ditemukan", "Dataset tidak ditemukan"]),
        ("/tidak/ada", ["Kesalahan 404 · Tidak ditemukan", "Tidak ada halaman dengan alamat ini"]),
        ("/dataset/new", ["Kesalahan 403 · Tidak diperbolehkan", "Ini tidak terbuka untuk Anda"]),
    ],
)
@pytest.mark.usefixtures("clean_db", "clean_index")
def test_pages_of_ckan_speak_indonesian(app, address, words) -> None:
    page = app.get(address).body
    for word in words:
        assert word in page
    english = ("Search datasets", "Powered by", "Password", "Not Found", "Forbidden")
    for word in ("Kumpulan data", *english):
        assert word not in page


def test_the_catalogues_were_compiled() -> None:
    for locale in ("id", "en"):
        folder = translations() / locale / "LC_MESSAGES"
        assert (folder / "ckanext-satudata_pontianak.mo").exists()
