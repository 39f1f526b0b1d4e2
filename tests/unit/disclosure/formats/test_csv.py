from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.disclosure import limits
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.readers import csv as csv_reader
from ckanext.satudata_pontianak.disclosure.readers import decode
from ckanext.satudata_pontianak.disclosure.report import Verdict, findings_key

NIK = "6171010101900001"
ROWS = "no,nik,nama,catatan\n1,6171010101900001,Budi,é – baik\n2,6171014107950002,Siti,\n"


def shape(report):
    (table,) = report.tables
    return [c.name for c in table.columns], table.rows


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end(scan_bytes, encoding, delimiter, newline):
    text = ROWS.replace(",", delimiter).replace("\n", newline)
    report = scan_bytes(text.encode(encoding))
    assert report.verdict is Verdict.FINDINGS
    assert shape(report) == (["no", "nik", "nama", "catatan"], 2)
    assert findings_key(report) == {(None, "nik", "nik"), (None, "nama", "nama_orang")}
    assert report.tables[0].columns[1].findings[0].count == 2
    assert report.tables[0].person_level


def test_clear(scan_bytes):
    report = scan_bytes(b"kecamatan,jumlah\nPontianak Kota,10\nPontianak Barat,20\n")
    assert report.verdict is Verdict.CLEAR
    assert report.reason is None
    assert shape(report) == (["kecamatan", "jumlah"], 2)
    assert not report.tables[0].person_level


@pytest.mark.parametrize("depth", range(11))
def test_heading_below_a_letterhead(scan_bytes, depth):
    letterhead = "".join(f"PEMERINTAH KOTA PONTIANAK baris {i},,\n" for i in range(depth))
    report = scan_bytes(f"{letterhead}nik,nama,kelurahan\n{NIK},Budi,Darat Sekip\n".encode())
    assert shape(report) == (["nik", "nama", "kelurahan"], 1)
    assert report.tables[0].columns[0].findings[0].reason.code == "nik.header"


def test_heading_in_two_rows(scan_bytes):
    text = f"No,NIK,Alamat,,Ket\n,,Jalan,RT,\n1,{NIK},Jl. Merdeka,3,-\n2,{NIK},Jl. A,4,-\n"
    report = scan_bytes(text.encode())
    assert shape(report) == (["No", "NIK", "Alamat Jalan", "RT", "Ket"], 2)


def test_no_heading(scan_bytes):
    report = scan_bytes(f"1,{NIK},Budi\n2,6171014107950002,Siti\n".encode())
    assert shape(report) == ([None, None, None], 2)
    assert findings_key(report) == {(None, "#1", "nik"), (None, "#2", "nama_orang")}


def test_years_are_headings(scan_bytes):
    report = scan_bytes(b"Kecamatan,2022,2023\nKota,1,2\nBarat,3,4\n")
    assert shape(report) == (["Kecamatan", "2022", "2023"], 2)


@pytest.mark.parametrize(
    "text",
    [
        f"a,b\n1,2\n3,4,{NIK}\n",  # a longer row
        f"a,b,c\n1,2,3\n{NIK}\n",  # a shorter row
        f"a,b\n1,2\n3,4,,,,,,,,,{NIK}\n",
        f"# dibuat oleh {NIK}\na,b\n1,2\n",  # comment
        f"a,b\n1,2\n\n\nSumber: {NIK}\n",  # footer
        f"Kepala {NIK},,\na,b,c\n1,2,3\n",  # letterhead
        f"a,b,{NIK}\n1,2,3\n",  # a heading
        f'a,b\n1,"baris\n{NIK}\nbaris"\n',  # a quoted line end
        f'a,b\n1,"kata ""{NIK}"" kata"\n',
        f'a,b\n1,pipa 5" {NIK}\n2,x\n',  # a stray quote
        f'a,b\n1,"tak tertutup\n2,{NIK}\n',  # a quote without an end
        f'a,b\n1,"x"y {NIK}\n',
        f'a,b\n1, "x, {NIK}"\n',
        f"a,b\n1,{NIK}",  # no line end at the end
        f"{NIK}",
        f"a;b\n1,5;{NIK}\n2,5;x\n",
        f"sep=;\na;b\n1;{NIK}\n",
        f"a,b\n1,{NIK[:8]}\x00{NIK[8:]}\n",
        f"a,b\r\n1,x\r{NIK}\r\n",
        "\n" * 50 + f"a,b\n1,{NIK}\n",
    ],
)
def test_no_cell_is_lost(scan_bytes, text):
    report = scan_bytes(text.encode())
    assert report.verdict is Verdict.FINDINGS, report
    assert {f.kind for f in report.findings} == {"nik"}
    assert sum(f.count for f in report.findings) == 1


def test_cells_beyond_the_column_limit_are_seen(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("a,b,c,d,e,f\n1,2,3,4,5,6\n1,2,3,4,5," + NIK + "\n")
    report = scan_file(path, limits=limits.Limits(columns=3))
    assert report.verdict is Verdict.FINDINGS


@pytest.mark.parametrize("quoted", [False, True])
def test_many_blocks(scan_bytes, monkeypatch, quoted):
    monkeypatch.setattr(decode, "BLOCK", 500)
    q = '"' if quoted else ""
    lines = [f"{q}{i}{q},{q}isi\n{i}{q}" if quoted else f"{i},isi" for i in range(3000)]
    lines[1234] = f"1234,{q}surat {NIK}{q}"
    lines[2000] = "2000,a,b,c"
    report = scan_bytes(("a,b\n" + "\n".join(lines)).encode())
    assert report.tables[0].rows == 3000
    assert sum(f.count for f in report.findings) == 1


def test_one_endless_line(scan_bytes, monkeypatch):
    monkeypatch.setattr(decode, "BLOCK", 1000)
    monkeypatch.setattr(decode, "_LONGEST_LINE", 4000)
    text = " ".join([f"kata{i}" for i in range(5000)] + [NIK] + ["akhir"] * 3000)
    report = scan_bytes(text.encode())
    assert sum(f.count for f in report.findings) == 1


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.csv", "empty_file"),
        (b"\n\n\n", "a.csv", "no_content"),
        (bytes(range(256)) * 40, "a.csv", "unreadable"),
        (b"a,b\n1,2\n" * 3_000_000 + bytes(range(256)) * 40_000, "a.csv", "unreadable"),
        (f"nama,nik\nBudi,{NIK}\n".encode("cp037") * 50, "a.csv", "unreadable"),
        (b"%PDF-1.7\n...", "a.csv", "broken_file"),
        (b"\x89PNG\r\n\x1a\n", "a.csv", "broken_file"),
        (b'{"type": "FeatureCollection"', "a.csv", "broken_file"),
        (b"7z\xbc\xaf\x27\x1c", "a.csv", "unsupported_format"),
        (b"\x7fELF\x02\x01", "a.csv", "program"),
        (b"<?xml version='1.0'?><a/>", "a.csv", "unsupported_format"),
        (b"\xef\xbb\xbf<html></html>", "a.csv", "unsupported_format"),
        (b"a,b\n1,2\n", "a.pdf", "broken_file"),
        (b"a,b\n1,2\n", "a.geojson", "broken_file"),
        (b"a,b\n1,2\n", "a.kml", "broken_file"),
        (b"a,b\n1,2\n", "a.gpx", "unsupported_format"),
        (b"a,b\n1,2\n", "a.xlsx", "broken_file"),
        (b"PK\x03\x04garbage", "a.csv", "broken_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "broken_file"),
    ],
)
def test_what_cannot_be_read_fails(scan_bytes, data, name, reason):
    report = scan_bytes(data, name)
    assert report.verdict is Verdict.FAILED
    assert report.reason.code == reason


def test_the_format_is_named(scan_bytes):
    assert scan_bytes(b"{\\rtf1").reason.params == {"format": "rtf"}


def test_missing_file_and_folder_fail(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        assert scan_file(path).reason.code == "not_found"


def test_a_telling_file_name_is_a_finding(scan_bytes):
    report = scan_bytes(b"a,b\n1,2\n", f"KTP {NIK}.csv")
    assert findings_key(report) == {("@name", "#0", "nik")}


WIDE = 80
ROW = ",".join(f"isi {i}" for i in range(WIDE))
TRICKY = {
    "plain": f"{ROW}\n{ROW}\n",
    "carriage returns": f"{ROW}\r\n{ROW}\r\n",
    "a stray carriage return": f"{ROW}\n{ROW[:-6]}a\rb 79\n",
    "blank lines and rows": f"{ROW}\n\n{',' * (WIDE - 1)}\n  \n{ROW}",
    "quotes": f'{ROW}\n"a,""b""\nc",{ROW[6:]}\n',
    "a stray quote": f'{ROW}\n{ROW[:-6]}isi "9\n{ROW}\n',
    "a shorter row": f"{ROW}\nisi,6171014107800003\n{ROW}\n",
    "a longer row": f"{ROW}\n{ROW},6171014107800003\n{ROW}\n",
    "none": "",
}


HEADED = ",".join(f"kolom_{i}" for i in range(WIDE))
ABOVE = {
    "one row": HEADED,
    "a letterhead": f"PEMERINTAH KOTA PONTIANAK{',' * (WIDE - 1)}\r\n\n{HEADED}",
    "two rows": f"Nama,,Jumlah{',' * (WIDE - 3)}\n,{HEADED[8:]}",
    "gaps": HEADED.replace("kolom_3,", " \x1c,").replace("kolom_1", "jumlah  \t anak "),
    "no heading": ROW.replace("isi", "7"),
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("text", TRICKY.values(), ids=TRICKY)
def test_a_table_of_many_columns_is_read_as_one_of_few(text, above, tmp_path, monkeypatch):
    path = tmp_path / "lebar.csv"
    path.write_bytes(f"{above}\n{text}".encode())
    read = scan_file(path)
    monkeypatch.setattr(csv_reader, "WIDE", 10**9)
    assert read == scan_file(path)
    assert read.reason is None
