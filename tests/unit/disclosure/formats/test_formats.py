"""Every part of every format is read: what stands where only some programs show it as well."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from ckanext.satudata_pontianak.disclosure.report import Verdict, findings_key

from .. import made
from ..made import NIK, PHONE, PLAIN, verdict


@pytest.mark.parametrize("kind", sorted(set(made.FORMATS) - made.PICTURES - {"geojson", "pdf"}))
def test_a_table_of_statistics_is_clear(scan_bytes, kind):
    makers = {"gpkg": made.sqlite, "jsonl": made.jsonl, "json": made.json_text}
    makers |= {"zip": made.archive, "shz": made.shapefile}
    make = makers.get(kind) or getattr(made, kind, made.csv)
    data = make(PLAIN)
    report = scan_bytes(data.replace(b",", b"\t") if kind == "tsv" else data, f"a.{kind}")
    assert verdict(report) == ("clear", None), report


def test_other_clear_files(scan_bytes):
    assert verdict(scan_bytes(made.pdf(["Jumlah 12"]), "a.pdf")) == ("clear", None)
    assert verdict(scan_bytes(made.geojson('{"nama":"Taman"}'), "a.geojson")) == ("clear", None)
    assert verdict(scan_bytes(made.docx((), made.paragraph("isi")), "a.docx")) == ("clear", None)


# -------------------------------------------------------------------------------- documents


def test_json_is_flattened_into_tables(scan_bytes):
    data = {
        "judul": "x",
        "warga": [
            {"nik": NIK, "kontak": {"telepon": PHONE}, "anggota": [{"nik": NIK}, {"nik": NIK}]},
            {"nik": NIK, "lain": None, "benar": True},
        ],
    }
    report = scan_bytes(json.dumps(data).encode(), "a.json")
    assert findings_key(report) == {
        ("warga", "nik", "nik"),
        ("warga", "kontak.telepon", "telepon"),
        ("warga", "anggota.nik", "nik"),
    }
    assert [(t.name, t.rows) for t in report.tables] == [(None, 1), ("warga", 2)]
    assert report.tables[1].person_level


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (f'{{"a":{{"nik":{NIK}}}}}', (None, "a.nik", "nik")),
        (f'{{"nik":"1","nik":"{NIK}"}}', (None, "nik", "nik")),
        (f'[["nik","zona"],["{NIK}","B"]]', (None, "nik", "nik")),
        ('{"nik":6.171010101900001e15}', (None, "nik", "nik")),
        (f'{{"{NIK}":1}}', ("@keys", "#0", "nik")),
        (f'{{"nik":"\\u0036{NIK[1:]}"}}', (None, "nik", "nik")),
        (f'"surat untuk {NIK}"', (None, "#0", "nik")),
        (f'{{"nik":"{NIK}"}}\n{{"nik":"{NIK}"}}\n', (None, "nik", "nik")),
        (f'\ufeff{{"nik":"{NIK}"}}', (None, "nik", "nik")),
    ],
)
def test_json_in_all_forms(scan_bytes, data, key):
    report = scan_bytes(data.encode(), "a.json")
    assert report.verdict is Verdict.FINDINGS
    assert key in findings_key(report)


def test_json_of_ten_thousand_keys_is_no_table_of_so_many_columns(scan_bytes):
    data = {f"k{i}": {"nik": NIK if i == 9_999 else "x"} for i in range(10_000)}
    report = scan_bytes(json.dumps(data).encode(), "a.json")
    assert {f.kind for f in report.findings} == {"nik"}
    assert max(len(t.columns) for t in report.tables) < 600


def test_utf16_json(scan_bytes):
    assert scan_bytes(made.json_text().decode().encode("utf-16"), "a.json").findings


def test_points_are_places(scan_bytes):
    (table,) = [t for t in scan_bytes(made.geojson(), "a.geojson").tables if t.name == "features"]
    names = [c.name for c in table.columns]
    assert "geometry.coordinates.longitude" in names
    assert "geometry.coordinates.latitude" in names


DOCX = "<w:x xmlns:w='w'>{}</w:x>"


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (made.paragraph(f"Surat untuk {NIK}"), {}),
        (made.paragraph("NIK: ", NIK[:5], NIK[5:]), {}),
        (f"<w:p w:rsidR='00A77B3E' w:note='{NIK}'/>", {}),
        (f"<w:tbl><w:tr>{made.paragraph(NIK)}</w:tr></w:tbl>", {}),
        (
            "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>"
            + made.paragraph(NIK)
            + "</w:tc></w:tr></w:tbl>"
            "</w:tc></w:tr></w:tbl>",
            {},
        ),
        ("<w:p><w:del><w:r><w:delText>" + NIK + "</w:delText></w:r></w:del></w:p>", {}),
        ("", {"word__comments_dot_xml": DOCX.format(made.paragraph(f"pemohon {NIK}"))}),
        ("", {"word__header1_dot_xml": DOCX.format(made.paragraph(f"pemohon {NIK}"))}),
        ("", {"word__footnotes_dot_xml": DOCX.format(made.paragraph(f"pemohon {NIK}"))}),
        ("", {"docProps__core_dot_xml": f"<c><title>milik {NIK}</title></c>"}),
        ("", {"customXml__item1_dot_xml": f"<c a='{NIK}'/>"}),
    ],
)
def test_all_of_a_document(scan_bytes, body, parts):
    report = scan_bytes(made.docx((), body, **parts), "a.docx")
    assert {f.kind for f in report.findings} == {"nik"}, report
    assert report.verdict is Verdict.FINDINGS


def test_a_table_in_a_document_has_its_headings(scan_bytes):
    report = scan_bytes(made.docx(), "a.docx")
    assert findings_key(report) == {("table 1", "nik", "nik")}
    assert [(t.name, t.rows) for t in report.tables] == [(None, 1), ("table 1", 2)]


@pytest.mark.parametrize(
    "change",
    [
        {"lines": ("Daftar", f"NIK {NIK}")},
        {"lines": ("x",), "more": [b"<</Title(milik %s)>>" % NIK.encode()]},
        {"lines": ("x",), "page": b"/Annots[<</Subtype/Text/Contents(%s)>>]" % NIK.encode()},
        {"lines": ("x",), "more": [made.stream(b"(%s) Tj" % NIK.encode())]},
        {"lines": ("x",), "more": [b"<</Type/Metadata/Length 16>>stream\n%s\nendstream"
                                   % NIK.encode()]},
    ],
)  # fmt: skip
def test_all_of_a_pdf(scan_bytes, change):
    report = scan_bytes(made.pdf(**change), "a.pdf")
    assert {f.kind for f in report.findings} == {"nik"}
    assert verdict(report) == ("findings", None)


LIST = [("no", "zona", "nik"), ("1", "Timur", NIK), ("2", "Barat", "6171014202910002")]


def test_a_table_of_a_pdf_has_its_headings_also_on_the_next_page(scan_bytes):
    more = [("3", "Kota", "6171014202910003"), ("4", "", "6171014202910004")]
    pages = [[("DAFTAR PENERIMA",), *LIST], [*more, ("5", "Kota", "6171014202910005")]]
    report = scan_bytes(made.pdf_table(pages), "a.pdf")
    assert findings_key(report) == {("table 1", "nik", "nik")}
    assert {(t.name, t.rows) for t in report.tables} == {(None, 1), ("table 1", 5)}
    assert report.findings[0].count == 5


def test_two_tables_of_a_pdf_are_two(scan_bytes):
    other = [("kode", "telepon"), ("A", PHONE), ("B", PHONE)]
    report = scan_bytes(made.pdf_table([[*LIST, ("Kontak",), *other]]), "a.pdf")
    assert findings_key(report) == {("table 1", "nik", "nik"), ("table 2", "telepon", "telepon")}


def test_a_number_in_groups_is_found_in_a_row_of_a_pdf(scan_bytes):
    groups = [NIK[i : i + 4] for i in range(0, 16, 4)]
    rows = [("a", "b", "c", "d"), groups, ("x", "y", "z", "w"), ("1", "2", "3", "4")]
    report = scan_bytes(made.pdf_table([rows], (50, 150, 250, 350)), "a.pdf")
    assert {f.kind for f in report.findings} == {"nik"}


def test_an_older_revision_of_a_pdf_is_read(scan_bytes):
    old = made.pdf(["x"], more=[b"(%s)" % NIK.encode()])
    start, before = len(old), old.rindex(b"xref\n0 ")
    change = b"6 0 obj\n(kosong)\nendobj\n"
    table = b"xref\n6 1\n%010d 00000 n \n" % start
    trailer = b"trailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    new = old + change + table + trailer % (before, start + len(change))
    assert verdict(scan_bytes(new, "a.pdf")) == ("findings", None)


IMAGE = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/Length 1>>stream\n0\nendstream"
FILE = b"<</Type/EmbeddedFile/Length 1>>stream\n0\nendstream"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (made.pdf([]), "no_text"),
        (made.pdf(["x"], more=[IMAGE]), "embedded_content"),
        (made.pdf(["x"], more=[FILE]), "embedded_content"),
        (made.pdf(["\\001\\002\\003\\004"]), "no_text"),
    ],
)
def test_a_pdf_that_needs_a_person(scan_bytes, data, reason):
    assert verdict(scan_bytes(data, "a.pdf")) == ("failed", reason)


# -------------------------------------------------------------------------------- workbooks


def test_lossy_numbers_and_dates_of_an_old_workbook(scan_bytes):
    rows = [("nik", "tgl"), (float(NIK), dt.date(2020, 1, 1)), (float(NIK) + 1, 1.5)]
    report = scan_bytes(made.xls(rows), "a.xls")
    assert findings_key(report) == {("Data", "nik", "nik")}
    assert report.findings[0].count == 2


def _hidden(book):
    sheet = book.add_sheet("Rahasia")
    sheet.visibility = 2
    sheet.write(0, 0, "nik")
    sheet.write(1, 0, NIK)


def _header(book):
    book.get_sheet(0).header_str = f"milik {NIK}".encode()


def _owner(book):
    book.owner = f"milik {NIK}"


def _row(book):
    book.get_sheet(0).row(1).hidden = True
    book.get_sheet(0).write(1, 7, NIK)


@pytest.mark.parametrize("change", [_hidden, _header, _owner, _row])
def test_all_of_an_old_workbook(scan_bytes, change):
    report = scan_bytes(made.xls(PLAIN, change), "a.xls")
    assert {f.kind for f in report.findings} == {"nik"}
    assert report.verdict is Verdict.FINDINGS


NOTE = "<office:annotation><text:p>{}</text:p></office:annotation>"


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        (made.ods_table([("a", NIK)]), {}),
        ("<table:table-row><table:table-cell office:value='" + NIK + "'/></table:table-row>", {}),
        ("<table:table-row><table:table-cell>" + NOTE.format(NIK) + "</table:table-cell>"
         "</table:table-row>", {}),
        ("<table:table-row><table:table-cell office:value='1'><text:p>" + NIK + "</text:p>"
         "</table:table-cell></table:table-row>", {}),
        ("</table:table><table:table table:name='x' table:display='false'>"
         + made.ods_table([("nik",), (NIK,)]), {}),
        ("<table:table-row><table:table-cell office:string-value='x'><text:p>" + NIK + "</text:p>"
         "</table:table-cell></table:table-row>", {}),
        ("<table:table-cell><text:p>" + NIK + "</text:p></table:table-cell>", {}),
        ("<table:table-row><table:table-cell><text:p>" + NIK + "</text:p></table:table-cell>"
         "<table:table-row/></table:table-row>", {}),
        ("</table:table><table:tracked-changes><table:table-cell><text:p>" + NIK + "</text:p>"
         "</table:table-cell></table:tracked-changes><table:table>", {}),
        ("", {"meta_dot_xml": f"<m><creator>milik {NIK}</creator></m>"}),
        ("", {"styles_dot_xml": f"<m><p>milik {NIK}</p></m>"}),
    ],
)  # fmt: skip
def test_all_of_an_ods(scan_bytes, more, parts):
    report = scan_bytes(made.ods(PLAIN, more, **parts), "a.ods")
    assert {f.kind for f in report.findings} == {"nik"}
    assert report.verdict is Verdict.FINDINGS


def test_repeated_rows_of_an_ods_count(scan_bytes):
    row = f"<table:table-cell><text:p>{NIK}</text:p></table:table-cell>"
    more = f"<table:table-row table:number-rows-repeated='30'>{row}</table:table-row>"
    empty = "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/>"
    report = scan_bytes(made.ods([("nik",)], more + empty + "</table:table-row>"), "a.ods")
    assert [(t.rows, t.columns[0].findings[0].count) for t in report.tables] == [(30, 30)]
