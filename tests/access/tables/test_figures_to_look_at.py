"""Figures that do not agree are asked of before a file is submitted, by who works on it alone."""

from __future__ import annotations

import pytest

BEFORE = b"tahun,kecamatan,jumlah_kasus\n2024,Pontianak Kota,120\n2024,Pontianak Barat,95\n"
JUMP = b"tahun,kecamatan,jumlah_kasus\n2025,Pontianak Kota,5120\n2025,Pontianak Barat,97\n"
PERSONS = (
    b"tahun,nama,nik,jumlah_kasus\n"
    b"2024,Budi Santoso,6171012501900001,12\n2025,Budi Santoso,6171012501900001,5120\n"
)


@pytest.fixture
def shown(city):
    """Return what somebody is told of the quality of a dataset."""

    def ask(dataset, who=None):
        return city.act(who, "satudata_quality_show", id=dataset["name"])

    return ask


@pytest.fixture
def renewed(city, make_upload, work):
    """Return a published dataset whose next file waits, with a figure forty times the last."""
    dataset = city.publish(file=make_upload(BEFORE, "kasus.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(JUMP, "kasus-2.csv"))
    work(dataset)
    return dataset


def test_who_brings_a_file_is_asked_of_the_jump_against_the_served_one(shown, renewed) -> None:
    (asked,) = shown(renewed, "produsen")["asked"]
    assert (asked["kind"], asked["row"], asked["column"]) == ("jump", 1, "Jumlah kasus")
    assert (asked["found"], asked["other"]) == (5120, 120)


def test_nobody_else_is_told_of_it(app, shown, renewed) -> None:
    for who in (None, "warga"):
        assert shown(renewed, who)["asked"] == []
    assert "5.120" not in app.get(f"/dataset/{renewed['name']}").body


def test_the_page_of_the_case_names_row_and_figures(city, app, renewed) -> None:
    page = app.get(
        f"/satudata/berkas/{renewed['name']}", headers=city.token("produsen"), status=200
    ).body
    assert "5.120" in page or "5,120" in page


def test_nothing_is_asked_of_a_file_in_which_the_scan_found_something(
    city, make_upload, shown, work
) -> None:
    dataset = city.dataset(file=make_upload(PERSONS, "orang.csv"))
    work(dataset)
    assert shown(dataset, "produsen")["asked"] == []


def test_nothing_is_told_of_a_column_that_the_dictionary_calls_personal(
    city, app, shown, renewed
) -> None:
    said = {"public": "tidak", "why": "pribadi"}
    city.act(
        "produsen", "satudata_variable_update", id=renewed["id"], column="jumlah kasus", **said
    )
    for who in ("produsen", None):
        assert shown(renewed, who)["asked"] == []
    page = app.get(f"/satudata/berkas/{renewed['name']}", headers=city.token("produsen")).body
    assert "5.120" not in page
    assert "5,120" not in page
