"""The same figure in two datasets, with two numbers: who is told of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.access.quality import comparing
from ckanext.satudata_pontianak.access.quality.model import SameFigure

ONE = b"tahun,kecamatan,jumlah_penduduk\n2025,Pontianak Kota,120000\n2025,Pontianak Barat,140000\n"
OTHER = b"tahun,kecamatan,jumlah\n2025,Pontianak Kota,120000\n2025,Pontianak Barat,141000\n"
CONCEPT = "Penduduk uji"
WHY = "Registrasi sampai akhir tahun"


def asked(city, dataset, who=None):
    return city.act(who, "satudata_quality_show", id=dataset["name"])["asked"]


def answered(city, dataset):
    (figure,) = asked(city, dataset, "produsen")
    given = {"figure": figure["id"], "answer": "right", "reason": WHY}
    city.act("produsen", "satudata_figure_answer", id=dataset["name"], **given)


@pytest.fixture
def pair(city, make_upload, work):
    """Return two open datasets that differ in one figure, as the clock found them."""
    found = [
        city.publish(file=make_upload(rows, name), konsep=CONCEPT)
        for rows, name in ((ONE, "satu.csv"), (OTHER, "dua.csv"))
    ]
    for dataset in found:
        work(dataset)
    assert comparing.compare() == 1
    return found


def test_its_agency_is_told_of_both_and_where_the_other_stands(city, pair) -> None:
    one, other = pair
    (figure,) = asked(city, one, "produsen")
    assert (figure["kind"], figure["found"], figure["other"]) == ("same", 140000, 141000)
    assert (figure["beside"]["name"], figure["beside"]["row"]) == (other["name"], 2)
    (back,) = asked(city, other, "produsen")
    assert back["beside"]["name"] == one["name"]
    assert back["id"] != figure["id"]


def test_everybody_is_told_with_the_answer_and_led_to_the_other(city, app, pair) -> None:
    one, other = pair
    assert asked(city, one) == []
    answered(city, one)
    assert asked(city, one)[0]["reason"] == WHY
    assert asked(city, other) == []
    page = app.get(f"/dataset/{one['name']}").body
    assert f"/dataset/{other['name']}" in page.partition("sd-quality-title")[2]


def test_a_second_look_keeps_what_is_so_and_forgets_what_is_not(city, pair) -> None:
    one, other = pair
    (figure,) = asked(city, one, "produsen")
    assert comparing.compare() == 1
    assert asked(city, one, "produsen")[0]["id"] == figure["id"]
    city.act("produsen", "package_patch", id=other["id"], konsep="Penduduk lain")
    comparing.compare()
    assert asked(city, one, "produsen") == []
    assert not model.Session.scalar(sa.select(sa.func.count(SameFigure.id)))


def test_what_is_held_back_tells_nothing_on_the_page_of_the_other(city, pair) -> None:
    one, other = pair
    answered(city, one)
    reason = "Sedang diperiksa kembali"
    city.act("walidata", "satudata_hold_create", id=other["id"], scope="all", reason=reason)
    for who in (None, "warga"):
        assert asked(city, one, who) == []


def test_of_a_dataset_that_is_not_open_nobody_else_is_told(city, make_upload, work) -> None:
    one = city.publish(file=make_upload(ONE, "satu.csv"), konsep=CONCEPT)
    other = city.limit(file=make_upload(OTHER, "dua.csv"), konsep=CONCEPT)
    for dataset in (one, other):
        work(dataset)
    comparing.compare()
    answered(city, one)
    for who in (None, "warga", "produsen_lain"):
        assert asked(city, one, who) == []


def test_a_column_that_is_called_personal_is_told_on_neither_page(city, pair) -> None:
    one, other = pair
    said = {"column": "jumlah", "public": "tidak", "why": "pribadi"}
    city.act("produsen", "satudata_variable_update", id=other["id"], **said)
    assert asked(city, one, "produsen") == []
    assert asked(city, other, "produsen") == []
