"""Cells of codes that are in no list stand on the case, for who may have the file alone."""

from __future__ import annotations

import pytest

MARK = "data-unknown-cells"
ROWS = b"kecamatan,jumlah_kasus\nPontianak Kota,12\nPontianak Barat,9\nPontianak Selatn,7\n"
PERSONS = (
    b"kecamatan,nama,nik\nPontianak Kota,Budi Santoso,6171012501900001\n"
    b"Pontianak Barat,Siti Aminah,6171014101900002\nPontianak Selatn,Budi,6171012501900003\n"
)


@pytest.fixture
def case(city, app, make_upload, work):
    """Return the case of a file, as somebody sees its page."""

    def page(content: bytes, who: str, **said: str) -> str:
        dataset = city.dataset(file=make_upload(content, "kasus.csv"))
        work(dataset)
        if said:
            city.act("produsen", "satudata_variable_update", id=dataset["id"], **said)
        if who == "walidata":
            city.step("produsen", dataset, "submit")
        return app.get(f"/satudata/berkas/{dataset['name']}", headers=city.token(who)).body

    return page


@pytest.mark.parametrize("who", ["produsen", "walidata"])
def test_clerk_and_walidata_are_told_the_row_and_the_nearest_right_one(case, who) -> None:
    page = case(ROWS, who)
    assert MARK in page
    assert "Pontianak Selatn" in page
    assert "Pontianak Selatan" in page


def test_nothing_is_told_of_a_file_in_which_the_scan_found_something(case) -> None:
    assert MARK not in case(PERSONS, "produsen")


def test_nothing_is_told_of_a_column_that_is_called_personal(case) -> None:
    said = {"column": "kecamatan", "public": "tidak", "why": "pribadi"}
    assert MARK not in case(ROWS, "produsen", **said)


ASTRAY = (
    b"kelurahan,kecamatan,jumlah\nAkcaya,Pontianak Selatan,12\nParit Tokaya,Pontianak Selatan,9\n"
    b"Bangka Belitung Darat,Pontianak Selatan,7\n"
)


@pytest.mark.parametrize("who", ["produsen", "walidata"])
def test_a_district_beside_a_village_of_another_is_told_with_the_right_one(case, who) -> None:
    page = case(ASTRAY, who)
    assert "Bangka Belitung Darat ada di Pontianak Tenggara" in page
    assert "Akcaya ada di" not in page


def test_no_village_is_told_of_a_column_of_them_that_is_called_personal(case) -> None:
    said = {"column": "kelurahan", "public": "tidak", "why": "pribadi"}
    assert "Bangka Belitung Darat" not in case(ASTRAY, "produsen", **said)
