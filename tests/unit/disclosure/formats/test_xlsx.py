from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from ckanext.satudata_pontianak.disclosure import limits
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.report import Verdict, findings_key

NIK = "6171010101900001"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "0000000200015e9afa3a0000000049454e44ae426082"
)


def workbook(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Data"
    book.active.append(["kecamatan", "jumlah"])
    book.active.append(["Pontianak Kota", 12])
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rewrite(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
        for name, content in more.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def with_shared_strings(data: bytes) -> bytes:
    """Move the strings of the cells into the workbook's table, as Excel does."""
    table: list[bytes] = []

    def move(match: re.Match[bytes]) -> bytes:
        table.append(match[1])
        return b't="s"><v>%d</v>' % (len(table) - 1)

    def change(name: str, content: bytes) -> bytes:
        return re.sub(rb't="inlineStr"><is>(.*?)</is>', move, content)

    changed = rewrite(data, change)
    items = b"".join(b"<si>%s</si>" % item for item in table)
    return rewrite(changed, same, xl__sharedStrings_dot_xml=b"<sst>" + items + b"</sst>")


def same(name: str, content: bytes) -> bytes:
    return content


def sheet(rows, title="Lain", state="visible"):
    def change(book):
        one = book.create_sheet(title)
        one.sheet_state = state
        for row in rows:
            one.append(row)

    return change


def test_clear(scan_bytes):
    report = scan_bytes(workbook(lambda book: None), "a.xlsx")
    assert report.verdict is Verdict.CLEAR, report
    assert [(t.name, t.rows) for t in report.tables] == [("Data", 1)]


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_every_sheet(scan_bytes, state):
    report = scan_bytes(workbook(sheet([["nik"], [NIK], [int(NIK) + 1]], state=state)), "a.xlsx")
    assert findings_key(report) == {("Lain", "nik", "nik")}
    assert report.findings[0].count == 2


def test_numbers_whose_digits_were_lost(scan_bytes):
    rows = [["NIK"], [6.17101010190000e15], [6.17102150588000e15]]
    report = scan_bytes(workbook(sheet(rows)), "a.xlsx")
    assert report.findings[0].reason.code == "nik.digit_lost"
    assert report.findings[0].count == 2


def test_heading_below_letterhead(scan_bytes):
    rows = [["DAFTAR PENERIMA"], [], ["No", "Nomor KK"], [1, NIK]]
    report = scan_bytes(workbook(sheet(rows)), "a.xlsx")
    assert findings_key(report) == {("Lain", "Nomor KK", "no_kk")}


CLEAN = workbook(lambda book: None)


def test_shared_strings(scan_bytes):
    data = with_shared_strings(workbook(sheet([["nik"], [NIK]])))
    report = scan_bytes(data, "a.xlsx")
    assert findings_key(report) == {("Lain", "nik", "nik")}
    assert [(t.name, t.rows) for t in report.tables] == [("Data", 1), ("Lain", 1)]


def test_a_string_that_does_not_exist_is_broken(scan_bytes):
    def change(name, content):
        return content.replace(b"<v>1</v>", b"<v>99</v>")

    report = scan_bytes(rewrite(with_shared_strings(CLEAN), change), "a.xlsx")
    assert report.reason.params == {"detail": "strings"}


def _comment(book):
    book.active["A2"].comment = Comment(f"pemohon {NIK}", "x")


def _author(book):
    book.active["A2"].comment = Comment("x", "budi@gmail.com")


def _property(book):
    book.properties.description = f"milik {NIK}"


def _creator(book):
    book.properties.creator = "budi@gmail.com"


def _header(book):
    book.active.oddHeader.center.text = f"Pemilik {NIK}"


def _link(book):
    book.active["A2"].hyperlink = "mailto:budi@gmail.com"


def _name(book):
    book.defined_names["pemilik"] = DefinedName("pemilik", attr_text=f'"{NIK}"')


def _formula(book):
    book.active["C2"] = f'=IF(A2="x","{NIK}","")'


def _validation(book):
    rule = openpyxl.worksheet.datavalidation.DataValidation("list", formula1=f'"{NIK},x"')
    book.active.add_data_validation(rule)
    rule.add("A2")


def _title(book):
    book.create_sheet("hp 081234567890")


@pytest.mark.parametrize(
    "change",
    [_comment, _author, _property, _creator, _header, _link, _name, _formula, _validation],
)
def test_what_stands_beside_the_cells(scan_bytes, change):
    report = scan_bytes(workbook(change), "a.xlsx")
    assert report.verdict is Verdict.FINDINGS
    assert all(t.name.startswith("@") for t in report.tables if any(c.findings for c in t.columns))


def test_a_telling_sheet_title_is_masked(scan_bytes):
    report = scan_bytes(workbook(_title), "a.xlsx")
    assert report.verdict is Verdict.FINDINGS
    assert "081234567890" not in str(report.to_json())


def test_strings_that_no_cell_uses(scan_bytes):
    def change(name, content):
        if name.endswith("sharedStrings.xml"):
            return content.replace(b"</sst>", f"<si><t>hapus {NIK}</t></si></sst>".encode())
        return content

    report = scan_bytes(rewrite(with_shared_strings(CLEAN), change), "a.xlsx")
    assert findings_key(report) == {("@sharedStrings", "#0", "nik")}


def test_formatted_runs_are_joined(scan_bytes):
    def change(name, content):
        if name.endswith("sharedStrings.xml"):
            runs = f"<r><t>{NIK[:6]}</t></r><r><rPr><b/></rPr><t>{NIK[6:]}</t></r>"
            return content.replace(b"<t>Pontianak Kota</t>", runs.encode())
        return content

    report = scan_bytes(rewrite(with_shared_strings(CLEAN), change), "a.xlsx")
    assert findings_key(report) == {("Data", "kecamatan", "nik")}


def test_a_lying_dimension_hides_nothing(scan_bytes):
    def change(name, content):
        return content.replace(b'ref="A1:C3"', b'ref="A1:A1"')

    data = workbook(sheet([["a", "b", "c"], [1, 2, 3], [1, 2, f"x {NIK}"]]))
    assert b'ref="A1:C3"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet2.xml")
    assert findings_key(scan_bytes(rewrite(data, change), "a.xlsx")) == {("Lain", "c", "nik")}


def test_a_pivot_cache_is_read(scan_bytes):
    cache = f'<pivotCacheRecords><r><n v="1"/><s v="{NIK}"/></r></pivotCacheRecords>'.encode()
    part = {"xl__pivotCache__pivotCacheRecords1_dot_xml": cache}
    report = scan_bytes(rewrite(workbook(lambda book: None), same, **part), "a.xlsx")
    assert findings_key(report) == {("@xl/pivotCache/pivotCacheRecords1.xml", "#0", "nik")}


def test_a_malformed_drawing_is_read(scan_bytes):
    drawing = f"<xml><v:textbox><div>pemohon<br>{NIK}</div></v:textbox></xml>".encode()
    part = {"xl__drawings__vmlDrawing1_dot_vml": drawing}
    report = scan_bytes(rewrite(CLEAN, same, **part), "a.xlsx")
    assert findings_key(report) == {("@xl/drawings/vmlDrawing1.vml", "#0", "nik")}


def test_a_workbook_is_one_whatever_its_extension(scan_bytes):
    report = scan_bytes(workbook(sheet([["nik"], [NIK]])), "a.csv")
    assert findings_key(report) == {("Lain", "nik", "nik")}


def test_findings_remain_when_a_part_cannot_be_read(scan_bytes):
    data = rewrite(workbook(sheet([["nik"], [NIK]])), same, xl__media__image1_dot_png=PIXEL)
    report = scan_bytes(data, "a.xlsx")
    assert report.verdict is Verdict.FAILED
    assert report.reason.code == "embedded_content"
    assert report.reason.params == {"part": "png"}
    assert findings_key(report) == {("Lain", "nik", "nik")}


def _bomb(name: str, content: bytes) -> bytes:
    if not name.endswith("sheet1.xml"):
        return content
    return content.replace(
        b"</sheetData>", b"<row><c><v>1</v></c></row>" * 1_500_000 + b"</sheetData>"
    )


def _doctype(name: str, content: bytes) -> bytes:
    if not name.endswith("sheet1.xml"):
        return content
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    start = content.index(b"<worksheet")
    return entities + content[start:]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (rewrite(CLEAN, same, xl__vbaProject_dot_bin=b"x"), "a.xlsm", "macro"),
        (rewrite(CLEAN, same, xl__vbaProject_dot_bin=b"x"), "a.xlsx", "macro"),
        (rewrite(CLEAN, same, xl__macrosheets__sheet1_dot_xml=b"<a/>"), "a.xlsx", "macro"),
        (
            rewrite(CLEAN, lambda n, c: c.replace(b"spreadsheetml.sheet.main", b"macroEnabled")),
            "a.xlsx",
            "macro",
        ),
        (rewrite(CLEAN, same, xl__embeddings__a_dot_bin=b"x"), "a.xlsx", "embedded_content"),
        (rewrite(CLEAN, _bomb), "a.xlsx", "compression_bomb"),
        (rewrite(CLEAN, _doctype), "a.xlsx", "entities"),
        (rewrite(CLEAN, lambda n, c: c[:-20] if "sheet1" in n else c), "a.xlsx", "broken_file"),
        (
            rewrite(CLEAN, lambda n, c: b"" if "workbook" in n else c),
            "a.xlsx",
            "broken_file",
        ),
        (CLEAN[:-300], "a.xlsx", "broken_file"),
        (CLEAN[:200] + b"\0" * 200 + CLEAN[400:], "a.xlsx", "broken_file"),
        (b"PK\x05\x06" + b"\0" * 18, "a.xlsx", "broken_file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "encrypted",
        ),
    ],
)
def test_what_is_hostile_or_broken_fails(scan_bytes, data, name, reason):
    report = scan_bytes(data, name)
    assert report.verdict is Verdict.FAILED
    assert report.reason.code == reason


def test_limits_on_parts_and_size(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(CLEAN)
    for bound in (limits.Limits(parts=3), limits.Limits(unpacked=1000)):
        assert scan_file(path, limits=bound).reason.code == "too_large"
