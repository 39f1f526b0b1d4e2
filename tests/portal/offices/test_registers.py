"""Addresses of excluded items, and registers as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pypdf

from ckanext.satudata_pontianak.classification.rules.axes import AXES

REGISTER = "satudata_information_register"


def axes(level: str) -> dict[str, str]:
    return dict(zip(AXES, ("dikecualikan", level, "tidak_ada"), strict=True))


def test_an_address_leads_on_while_the_level_is_the_same_and_ends_with_it(city, app) -> None:
    dataset = city.limit()

    def item() -> str:
        return city.act(None, REGISTER, register="dik")["results"][0]["id"]

    def again(level: str) -> None:
        city.step("ppid", dataset, "reopen", reason="Ditinjau kembali")
        city.step("ppid", dataset, "assess", **axes(level), **city.assess_fields())
        more = {"penerima": ["disdukcapil"]} if level == "terbatas" else {}
        city.step("penetap", dataset, "approve", nomor="SK-9/2026", **more)

    old = item()
    again("terbatas")
    new = item()
    assert new != old
    moved = app.get(f"/satudata/dik/{old}", follow_redirects=False)
    assert (moved.status_code, moved.headers["Location"].endswith(new)) == (302, True)
    superseded = app.get(f"/satudata/penetapan/{old}").body
    assert "tidak berlaku lagi" in superseded
    again("rahasia")
    for gone in (old, new):
        app.get(f"/satudata/dik/{gone}", status=404)
        # Its papers were for everybody; what is secret now is so for its past as well.
        app.get(f"/satudata/penetapan/{gone}", status=404)
    assert app.get(f"/satudata/dik/{item()}").status_code == 200


def test_the_files_open_in_a_spreadsheet_and_as_tagged_pdf(city, app) -> None:
    dataset = city.dataset(**axes("terbatas"))
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    told: dict[str, Any] = {"informasi": '=HYPERLINK("http://contoh.id")', "akhir": "2028-02-29"}
    told |= {"pasal_pengecualian": "h", "angka_pengecualian": "3"}
    city.step("ppid", dataset, "assess", **city.assess_fields(**told))
    city.step("penetap", dataset, "approve", nomor="SK-7/2026", penerima=["disdukcapil"])
    text = app.get("/satudata/dik.csv")
    assert text.data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(text.data.decode("utf-8-sig")), delimiter=";")
    assert head[:2] == ["No.", "Informasi"]
    assert row[1].startswith("'=HYPERLINK")
    assert row[2] == "h angka 3"
    page = app.get("/satudata/dik").body
    assert "Pasal 17 huruf h angka 3<br>" in page
    item = city.act(None, REGISTER, register="dik")["results"][0]
    assert (item["article"], item["article_number"]) == ("h", "3")
    told_alone = app.get(f"/satudata/dik/{item['id']}").body
    assert "<dt>Angka di bawah huruf</dt><dd>3</dd>" in " ".join(told_alone.split())
    assert row[-1] == "24 November 2026 sampai dengan 29 Februari 2028"
    sheet: Any = openpyxl.load_workbook(io.BytesIO(app.get("/satudata/dik.xlsx").data)).active
    assert (sheet["B2"].data_type, str(sheet["B2"].value)[:5]) == ("s", "=HYPE")
    printed = app.get("/satudata/dik.pdf?agency=dinkes")
    reader = pypdf.PdfReader(io.BytesIO(printed.data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    said = "".join(page.extract_text() for page in reader.pages)
    assert "Daftar Informasi yang Dikecualikan" in said
    assert "Dinkes" in said
    tag = printed.headers["ETag"]
    again = app.get("/satudata/dik.pdf?agency=dinkes", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert len(app.get("/satudata/dip.csv").data.decode("utf-8-sig").splitlines()) == 1


def test_descriptions_stand_in_files_without_the_signs_of_markdown(city, app) -> None:
    notes = "**Jumlah** [pasar](https://contoh.id/a) menurut _kecamatan_ & kelurahan"
    city.publish(notes=notes)
    words = "Jumlah pasar menurut kecamatan & kelurahan"
    assert words in app.get("/satudata/dip.csv").data.decode("utf-8-sig")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(app.get("/satudata/dip.xlsx").data)).active
    assert words in [cell.value for cell in sheet[2]]
    # What programs read is what was written.
    assert city.act(None, REGISTER, register="dip")["results"][0]["summary"] == notes
