"""A file whose ending says something else than its first bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from ckanext.satudata_pontianak.disclosure.misleading import HEAD, misleads

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(*names: str, first: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, first or b"x")
    return out.getvalue()[:HEAD]


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
ODS = packed("mimetype", first=b"application/vnd.oasis.opendocument.spreadsheet")


@pytest.mark.parametrize(
    ("head", "name", "right"),
    [
        (XLSX, "data.csv", "xlsx"),
        (XLSX, "DATA.CSV", "xlsx"),
        (XLSX, "data.xls", "xlsx"),
        (XLSX, "data.json", "xlsx"),
        (ODS, "data.xlsx", "ods"),
        (OLE, "data.csv", "xls"),
        (b"%PDF-1.7", "data.csv", "pdf"),
        (b"%PDF-1.7", "data.xlsx", "pdf"),
        (b"\x1f\x8b\x08", "data.csv", "gz"),
        (b"\x89PNG\r\n", "peta.pdf", "png"),
    ],
)
def test_what_misleads_is_told_with_the_ending_that_is_right(head, name, right) -> None:
    assert misleads(head, name) == right


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (XLSX, "data.xlsx"),
        (XLSX, "data.xlsm"),
        (ODS, "data.ods"),
        (OLE, "data.xls"),
        (OLE, "terkunci.xlsx"),  # with a password: the scan says so
        (b"%PDF-1.7", "data.pdf"),
        (b"a,b\n1,2\n", "data.csv"),
        (b"a,b\n1,2\n", "data.xlsx"),  # a broken workbook: the scan says so
        (b"PK\x03\x04 apa saja", "arsip.zip"),
        (b"PK\x03\x04 apa saja", "peta.csv"),
        (b"\x1f\x8b\x08", "data.csv.gz"),
        (XLSX, "data.bak"),
        (b"", "data.csv"),
    ],
)
def test_what_does_not_mislead_is_let_through(head, name) -> None:
    assert misleads(head, name) is None
