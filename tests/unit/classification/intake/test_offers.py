"""What is filled in and offered of a file, and that each value says where it comes from."""

from __future__ import annotations

from typing import Any

from ckanext.satudata_pontianak.classification.intake.offers import (
    affairs,
    as_sister,
    concept,
    like,
    offers,
)
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.metadata.periods import Grain, Period
from ckanext.satudata_pontianak.tidying.telling import to_json

TABLE: dict[str, Any] = {
    "told": [
        {
            "field": "title",
            "value": "Jumlah Kasus Malaria Menurut Kecamatan",
            "source": to_json(Message("row %(row)s", {"row": 4})),
            "state": "filled",
        },
        {
            "field": "satuan",
            "value": "Kasus",
            "source": to_json(Message("row %(row)s", {"row": 5})),
            "state": "offered",
        },
    ],
    "fields": [
        {"name": "KECAMATAN", "role": "region", "unit": ""},
        {"name": "Kasus", "role": "measure", "unit": "Kasus"},
    ],
    "count": 6,
    "left": [{"kind": "note", "row": 12, "text": "Sumber: Dinas Kesehatan, 2026"}],
}


def test_what_is_sure_is_filled_in_and_the_rest_only_offered() -> None:
    found = offers(TABLE, {"kotak_surat": "data@dinkes.go.id"}, [], str)
    assert {name for name, offer in found.items() if offer.filled} == {"title", "maintainer_email"}
    assert found["satuan"].value == "Kasus"
    assert found["klasifikasi_penyajian"].value == "Kecamatan"
    assert found["konsep"].value == "Kasus Malaria"
    assert "Sumber: Dinas Kesehatan, 2026" in found["notes"].value
    assert "definisi" not in found
    assert all(offer.source.msgid for offer in found.values())


def test_a_dataset_about_the_same_says_concept_and_definition() -> None:
    sister = {
        "title": "Jumlah Kasus Malaria Menurut Kecamatan 2024",
        "konsep": "Malaria",
        "definisi": "Kasus positif",
    }
    other = {"title": "Jumlah Dokter", "konsep": "Dokter", "definisi": "Lain"}
    found = offers(TABLE, {}, [other, sister], str)
    assert found["definisi"].value == "Kasus positif"
    assert found["konsep"].value == "Malaria"
    assert not found["definisi"].filled
    assert like("Luas Sawah", [other, sister]) is None


def test_a_licence_that_many_datasets_have_is_filled_in() -> None:
    few = [{"license_id": "odc-odbl"}]
    assert offers(TABLE, {}, few, str)["license_id"].filled is False
    many = offers(TABLE, {}, few * 3, str)["license_id"]
    assert (many.value, many.filled) == ("odc-odbl", True)


def test_what_holds_a_hard_identifier_is_not_offered() -> None:
    found = offers(TABLE, {}, [], str, lambda name, text: "Malaria" not in text)
    assert not {"title", "konsep", "notes"} & set(found)


def test_a_concept_is_the_title_without_its_measure_and_what_divides_it() -> None:
    assert concept("Persentase Penduduk Miskin Menurut Kelurahan") == "Penduduk Miskin"
    assert concept("Harga Rata-Rata Bahan Pokok 2025") == "Rata-Rata Bahan Pokok"
    assert concept("") == ""


def test_affairs_come_the_most_frequent_first() -> None:
    assert affairs([{"urusan": "2.12"}, {"urusan": "1.02"}, {"urusan": "1.02"}, {}]) == [
        "1.02",
        "2.12",
    ]


def test_a_sister_says_everything_but_the_year() -> None:
    sister = {
        "title": "Jumlah Kasus 2024",
        "notes": "Kasus tahun 2024 di kota.",
        "tahun": "2024",
        "konsep": "Kasus",
        "rujukan": "tidak ditanyakan",
    }
    found = as_sister(sister, "")
    assert found["title"] == "Jumlah Kasus 2025"
    assert found["notes"] == "Kasus tahun 2025 di kota."
    assert found["tahun"] == "2025"
    assert found["konsep"] == "Kasus"
    assert "rujukan" not in found
    assert as_sister(sister, "2026")["title"] == "Jumlah Kasus 2026"
    unsaid = {"title": "Jumlah Kasus", "tahun": "2020-2024"}
    assert as_sister(unsaid, "2021-2025")["title"] == "Jumlah Kasus 2025"
    assert as_sister({"title": "Jumlah Kasus"}, "") == {"title": "Jumlah Kasus"}


def test_a_sister_of_a_month_is_of_the_month_that_follows() -> None:
    sister = {"title": "Jumlah Kunjungan Desember 2026", "tahun": "2026", "notes": "Desember 2026."}
    found = as_sister(sister, "")
    assert found["title"] == "Jumlah Kunjungan Januari 2027"
    assert (found["tahun"], found["notes"]) == ("2027", "Januari 2027.")
    said = as_sister(sister, "2027", Period(2027, 3, 0, Grain.MONTH))
    assert said["title"] == "Jumlah Kunjungan Maret 2027"


def test_what_the_agency_says_of_its_data_is_offered_with_where_it_comes_from() -> None:
    agency = {
        "lisensi_bawaan": "cc-by-sa",
        "frekuensi_bawaan": "bulanan",
        "urusan_bawaan": "1.02",
    }
    found = offers(TABLE, agency, [{"license_id": "odc-odbl"}] * 4, str)
    usual = [found[name] for name in ("license_id", "frekuensi_penerbitan", "urusan")]
    assert [offer.value for offer in usual] == ["cc-by-sa", "bulanan", "1.02"]
    assert {offer.source.msgid for offer in usual} == {"the page of the agency"}
    assert [offer.filled for offer in usual] == [True, False, False]
    told = {"field": "urusan", "value": "2.12", "source": TABLE["told"][0]["source"]}
    of_file = {**TABLE, "told": [*TABLE["told"], {**told, "state": "offered"}]}
    assert offers(of_file, agency, [], str)["urusan"].value == "2.12"


def test_a_month_in_the_name_of_the_file_or_its_sheet_alone_is_offered_and_not_filled_in() -> None:
    title = "Jumlah Kasus Malaria Menurut Kecamatan"
    found = offers(TABLE, {}, [], str, file="rekap_malaria_Oktober_2026.xlsx")
    assert (found["title"].value, found["title"].filled) == (f"{title} Oktober 2026", False)
    assert found["title"].sure == title
    assert found["title"].source.msgid == "the name of the file"
    assert (found["tahun"].value, found["frekuensi_penerbitan"].value) == ("2026", "bulanan")
    assert not found["tahun"].filled
    assert not found["frekuensi_penerbitan"].filled
    sheet = offers({**TABLE, "sheet": "Okt 2026"}, {}, [], str, file="rekap.xlsx")
    assert sheet["title"].value == f"{title} Oktober 2026"
    assert sheet["title"].source.msgid == "the name of the sheet"


def test_a_month_against_what_the_file_says_or_one_of_two_is_not_offered() -> None:
    year = {
        "field": "tahun",
        "value": "2025",
        "state": "filled",
        "source": TABLE["told"][0]["source"],
    }
    of_2025 = {**TABLE, "told": [*TABLE["told"], year]}
    for table, file in (
        (of_2025, "Oktober 2026.xlsx"),
        (TABLE, "Oktober-November 2026.xlsx"),
        (TABLE, "Oktober.xlsx"),
        ({**TABLE, "fields": [{"name": "Bulan", "role": "period", "unit": ""}]}, "Okt 2026.xlsx"),
    ):
        assert offers(table, {}, [], str, file=file)["title"].filled, file
    assert offers(of_2025, {}, [], str, file="okt.xlsx")["title"].value.endswith("Oktober 2025")
