"""A list of many datasets: checked on its page, told cell by cell, and nothing is written."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from ckan import model

from ckanext.satudata_pontianak.bulk.fields import fields
from ckanext.satudata_pontianak.bulk.words import translation
from ckanext.satudata_pontianak.msgids import bare

PAGE = "/satudata/banyak-dataset"
HEADS = "title;owner_org;frekuensi_penerbitan;cakupan;berkas"


def sent(
    app, city, lines: list[str], who: str = "produsen", files: dict[str, str] | None = None
) -> Any:
    content = "\n".join([HEADS, *lines]).encode()
    fields: dict[str, Any] = {"upload": (io.BytesIO(content), "daftar saya.csv")}
    if files is not None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as made:
            for name, text in files.items():
                made.writestr(name, text)
        fields["files"] = (io.BytesIO(packed.getvalue()), "berkas.zip")
    return app.post(PAGE, data=fields, headers=city.token(who))


def count() -> int:
    return int(model.Session.scalar(sa.text("SELECT count(*) FROM package")) or 0)


def test_each_fault_is_told_with_row_column_and_what_to_do(city, app) -> None:
    before = count()
    lines = [
        "Jumlah posyandu;dinkes;Bulanan;61.71 Kota Pontianak;a.csv",
        "Jumlah bidan;dinkes;tiap bulan;61.71;tiada.csv",
    ]
    seen = sent(app, city, lines, files={"a.csv": "a,b\n1,2\n"})
    assert seen.status_code == 200
    assert "Triwulanan" in seen.body
    assert "tiada.csv" in seen.body
    assert "satudata publish &#39;daftar saya.csv&#39; --url" in seen.body
    assert count() == before
    (path,) = re.findall(rf"{PAGE}/catatan/[0-9a-f]{{64}}", seen.body)
    answer = app.get(path, headers=city.token("produsen"))
    sheet: Any = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    said = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert "Bulanan" in said["C3"]
    assert "tiada.csv" in said["E3"]
    assert "C2" not in said
    assert app.get(path, headers=city.token("produsen_lain")).status_code == 404
    assert app.get(f"{PAGE}/catatan/tiada", headers=city.token("produsen")).status_code == 404


def test_the_empty_list_names_columns_and_choices_and_is_taken_once_filled(city, app) -> None:
    answer = app.get(f"{PAGE}/daftar.xlsx", headers=city.token("produsen"))
    book = load_workbook(io.BytesIO(answer.data))
    sheet: Any = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    offered = {
        column[0].value: [c.value for c in column[1:] if c.value]
        for column in book["Pilihan"].columns
    }
    agency = "Perangkat Daerah penghasil data"
    assert offered[agency]
    assert "Bulanan" in offered["Frekuensi penerbitan"]
    for name, values in offered.items():
        sheet.cell(2, heads[name]).value = values[0]
    sheet.cell(2, heads["Judul"]).value = "Jumlah posyandu"
    # A combination of axes that may stand is a person's to choose.
    for field in fields().values():
        if field.is_axis:
            sheet.cell(2, heads[bare(translation("id")(field.label))]).value = None
    out = io.BytesIO()
    book.save(out)
    upload = {"upload": (io.BytesIO(out.getvalue()), "daftar.xlsx")}
    seen = app.post(PAGE, data=upload, headers=city.token("produsen"))
    assert "Tidak ada baris yang keliru" in seen.body


def test_without_a_zip_files_are_not_looked_for(city, app) -> None:
    seen = sent(app, city, ["Jumlah posyandu;dinkes;Bulanan;61.71;a.csv"])
    assert "tidak dicari" in seen.body
    assert "Tidak ada baris yang keliru" in seen.body


def test_an_agency_of_others_is_answered_as_an_unknown_one(city, app) -> None:
    answers = []
    for agency in ("disdukcapil", "tiadasama"):
        seen = sent(app, city, [f"Jumlah posyandu;{agency};Bulanan;61.71;"])
        rows = re.search(r"<tbody>.*?</tbody>", seen.body, re.DOTALL)
        assert rows
        answers.append(rows[0].replace(agency, ""))
    assert answers[0] == answers[1]


def test_what_is_no_list_is_refused_at_its_field(city, app) -> None:
    for name, content in (("a.pdf", b"%PDF"), ("a.csv", b""), ("a.xlsx", b"PK none")):
        fields = {"upload": (io.BytesIO(content), name)}
        assert app.post(PAGE, data=fields, headers=city.token("produsen")).status_code == 422
    assert app.post(PAGE, data={}, headers=city.token("produsen")).status_code == 422


@pytest.mark.parametrize("who", ["warga", "admin"])
def test_who_publishes_for_nobody_checks_no_list(city, app, who) -> None:
    for path in (PAGE, f"{PAGE}/daftar.xlsx", f"{PAGE}/catatan/{'0' * 64}"):
        assert app.get(path, headers=city.token(who)).status_code == 403
