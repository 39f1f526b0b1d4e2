"""A file whose ending says something else than its first bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from ckanext.satudata_pontianak.disclosure.misleading import ENDINGS, HEAD, KNOWN, UNKNOWN, misleads
from ckanext.satudata_pontianak.disclosure.readers import MODULES
from ckanext.satudata_pontianak.disclosure.readers.sniff import BINARY, WORKBOOKS

from . import made

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(*names: str, first: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, first or b"x")
    return out.getvalue()[:HEAD]


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
DOCX = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
ODS = packed("mimetype", first=b"application/vnd.oasis.opendocument.spreadsheet")
ODT = packed("mimetype", first=b"application/vnd.oasis.opendocument.text")
ZIP = packed("a.csv", first=b"a,b\n1,2\n")
INNER = packed("data.xlsx", first=XLSX)
TABLE = b"kecamatan;penduduk\nPontianak Kota;145200\n"
PAGE = b"<!DOCTYPE html>\n<html><body><table><tr><td>1</td></tr></table></body></html>"
EXPORT = b"<table border=1><tr><td>Pontianak Kota</td></tr></table>"


def ole(stream: str) -> bytes:
    return OLE + f"{stream}\0".encode("utf-16-le")


@pytest.mark.parametrize(
    ("head", "name", "right"),
    [
        (XLSX, "data.csv", "xlsx"),
        (XLSX, "DATA.CSV", "xlsx"),
        (XLSX, "data.xls", "xlsx"),
        (XLSX, "data.json", "xlsx"),
        (XLSX, "data.zip", "xlsx"),
        (XLSX, "data.docx", "xlsx"),
        (DOCX, "data.xlsx", "docx"),
        (ODS, "data.xlsx", "ods"),
        (ODT, "data.ods", "odt"),
        (ZIP, "data.xlsx", "zip"),
        (ZIP, "data.csv", "zip"),
        (OLE, "data.csv", "xls"),
        (ole("Workbook"), "data.xlsx", "xls"),
        (ole("WordDocument"), "data.xls", "doc"),
        (b"%PDF-1.7", "data.csv", "pdf"),
        (b"%PDF-1.7", "data.xlsx", "pdf"),
        (b"\x1f\x8b\x08", "data.csv", "gz"),
        (b"\x89PNG\r\n", "peta.pdf", "png"),
        (b"Rar!\x1a", "data.zip", "rar"),
        (b"MZ\x90", "data.csv", UNKNOWN),
        # Text where a format with marks of its own is promised.
        (TABLE, "data.xlsx", "csv"),
        (TABLE.decode().encode("utf-16"), "data.xls", "csv"),
        (b"judul saja\n", "data.xlsx", UNKNOWN),
        (PAGE, "data.xlsx", "html"),
        (PAGE, "data.xls", "html"),
        (EXPORT, "data.xls", "html"),
        (b'<?xml version="1.0"?>\n<Workbook>', "data.xls", "xml"),
        (b'[{"kecamatan": "Pontianak Kota"}]', "data.xlsx", "json"),
        (TABLE, "data.parquet", "csv"),
        (TABLE, "data.gz", "csv"),
        (TABLE, "data.pdf", "csv"),
        (TABLE, "data.dbf", "csv"),
        (TABLE, "peta.kml", "csv"),
        (PAGE, "peta.kml", "html"),
        (b"\x00\x01\x02\x90", "data.xlsx", UNKNOWN),
        # One text in the place of another.
        (PAGE, "data.csv", "html"),
        (PAGE, "data.json", "html"),
        (b'{"type": "FeatureCollection"}', "peta.csv", "json"),
        (TABLE, "data.json", "csv"),
        (b"var data = 1;", "data.geojson", UNKNOWN),
    ],
)
def test_what_misleads_is_told_with_the_ending_that_is_right(head, name, right) -> None:
    assert misleads(head, name) == right


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (XLSX, "data.xlsx"),
        (XLSX, "data.xlsm"),
        (DOCX, "surat.docx"),
        (packed("docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"), "data.xlsx"),
        (packed("[Content_Types].xml"), "surat.docx"),  # nobody can tell which it is
        (packed("_rels/.rels"), "paparan.pptx"),
        (ODS, "data.ods"),
        (ODT, "surat.odt"),
        (OLE, "data.xls"),
        (ole("Workbook"), "data.xls"),
        (OLE, "terkunci.xlsx"),  # with a password: the scan says so
        (ole("EncryptedPackage"), "terkunci.docx"),
        (b"%PDF-1.7", "data.pdf"),
        (b"a,b\n1,2\n", "data.csv"),
        (b"nama\nRT\xe9\n", "data.csv"),  # not UTF-8
        ("nama,rt\n".encode("utf-16-le"), "data.csv"),  # no text at first sight: the scan says so
        (b'{"type": "FeatureCollection"}', "peta.geojson"),
        (b'{"type": "FeatureCollection"}', "peta.json"),
        (b"  [null, 1]", "data.json"),
        (b"{rusak", "data.json"),  # a broken one: the scan says so
        (b'{"a": 1}\n{"a": 2}\n', "data.jsonl"),
        (PAGE, "halaman.txt"),
        (PAGE, "halaman.html"),
        (b"{catatan},jumlah\n1,2\n", "data.csv"),
        (b"\x03~\x01\x01", "data.dbf"),
        (b"\x00\x00\x27\x0a", "peta.shp"),
        (b'<?xml version="1.0"?>\n<kml><!-- <html> --></kml>', "peta.kml"),
        (b"RIFF\x00\x00\x00\x00WEBP", "foto.webp"),
        (b"SQLite format 3\x00", "peta.gpkg"),
        (ZIP, "arsip.zip"),
        (ZIP, "peta.shz"),
        (INNER, "arsip.zip"),  # a workbook within an archive
        (b"PK\x03\x04 apa saja", "arsip.zip"),
        (b"PK\x03\x04 apa saja", "data.xlsx"),  # a broken workbook: the scan says so
        (b"\x1f\x8b\x08", "data.csv.gz"),
        (XLSX, "data.bak"),
        (b"", "data.csv"),
    ],
)
def test_what_does_not_mislead_is_let_through(head, name) -> None:
    assert misleads(head, name) is None


@pytest.mark.parametrize("ending", sorted(KNOWN))
def test_every_ending_that_the_scan_reads_is_held_to_its_content(ending) -> None:
    assert misleads(b"\x89PNG\r\n" if ending != "png" else b"%PDF-1.7", f"data.{ending}")


def test_no_ending_that_a_reader_takes_is_forgotten() -> None:
    read = {"csv", "json", "zip", *BINARY, *WORKBOOKS}
    assert read <= KNOWN
    assert {name for name in MODULES if name not in ("jpeg", "tiff", "gzip")} <= ENDINGS.keys()


@pytest.mark.parametrize("kind", sorted(made.FORMATS))
def test_a_file_of_each_format_does_not_mislead_under_its_own_ending(kind) -> None:
    assert misleads(made.FORMATS[kind]()[:HEAD], f"data.{kind}") is None
