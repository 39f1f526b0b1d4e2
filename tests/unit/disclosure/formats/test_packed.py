"""Files packed by gzip, slides and open documents: all of them is read, or it is said why not."""

from __future__ import annotations

import gzip
import zlib

import pytest

from ckanext.satudata_pontianak.disclosure.report import findings_key

from .. import made
from ..made import NIK, PHONE, verdict


def packed(data: bytes, flags: int = 0, extra: bytes = b"") -> bytes:
    """A gzip member with a header of one's own."""
    body = zlib.compressobj(9, wbits=-15)
    stream = body.compress(data) + body.flush()
    end = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + extra + stream + end


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (made.csv, "a.csv.gz"),
        (made.xlsx, "a.xlsx.gz"),
        (made.jsonl, "a.jsonl.gz"),
        (made.csv, "a.gz"),
    ],
)
def test_what_is_packed_is_read_as_what_it_is(scan_bytes, make, name):
    report = scan_bytes(gzip.compress(make()), name)
    assert report.reason is None
    assert {f.kind for f in report.findings} == {"nik"}
    assert report.tables[0].rows == 2


def test_gzip_within_a_zip_and_within_itself(scan_bytes):
    inner = gzip.compress(gzip.compress(made.csv()))
    report = scan_bytes(made.zipped({"a.csv.gz.gz": inner}), "a.zip")
    assert report.reason is None
    assert {f.kind for f in report.findings} == {"nik"}
    deep = gzip.compress(inner)
    assert verdict(scan_bytes(gzip.compress(deep), "a.gz")) == ("failed", "too_large")


def test_the_header_is_read(scan_bytes):
    data = packed(made.csv(made.PLAIN), 8 | 16, f"a.csv\0 milik {NIK}\0".encode())
    assert findings_key(scan_bytes(data, "a.csv.gz")) == {("@gzip", "#0", "nik")}
    fields = f"XX nik {NIK}".encode()
    data = packed(made.csv(made.PLAIN), 4, len(fields).to_bytes(2, "little") + fields)
    assert findings_key(scan_bytes(data, "a.csv.gz")) == {("@gzip", "#0", "nik")}


GOOD = gzip.compress(made.csv(made.PLAIN))


def named(value: bytes | str) -> str:
    """Name a case by its reason: packed bytes hold the moment, and differ between workers."""
    return value if isinstance(value, str) else "bytes"


@pytest.mark.parametrize(
    ("data", "reason"),
    ids=named,
    argvalues=[
        (GOOD[:-9], "broken_file"),
        (GOOD + b"6171", "broken_file"),
        (GOOD + gzip.compress(made.csv()), "broken_file"),
        (GOOD[:-8] + bytes(8), "broken_file"),
        (b"\x1f\x8b\x08", "broken_file"),
        (b"\x1f\x8b\x08" + b"\xff" * 200, "broken_file"),
        (made.csv(), "broken_file"),
        (gzip.compress(b""), "empty_file"),
        (gzip.compress(bytes(60_000_000)), "compression_bomb"),
        (gzip.compress(b"MZ\x90" + bytes(99)), "program"),
    ],
)
def test_what_is_refused(scan_bytes, data, reason):
    assert verdict(scan_bytes(data, "a.csv.gz")) == ("failed", reason)


def test_slides_notes_and_tables(scan_bytes):
    note = f"<a:p><a:t>NIK {NIK[:8]}</a:t><a:t>{NIK[8:]}</a:t></a:p>"
    parts = {
        "ppt__notesSlides__notesSlide1_dot_xml": f'<n xmlns:a="a">{note}</n>',
        "ppt__comments__c1_dot_xml": f"<c><t>{PHONE}</t></c>",
    }
    report = scan_bytes(made.pptx(**parts), "a.pptx")
    assert report.reason is None
    assert findings_key(report) == {
        ("slide1 table 1", "nik", "nik"),
        (None, "#0", "nik"),
        ("@ppt/comments/c1.xml", "#0", "telepon"),
    }


def test_an_open_document_with_what_was_removed_and_its_properties(scan_bytes):
    removed = f"<text:tracked-changes><text:p>NIK<text:tab/>{NIK}</text:p></text:tracked-changes>"
    report = scan_bytes(made.odt((), removed, meta_dot_xml=f"<m><t>{PHONE}</t></m>"), "a.odt")
    assert report.reason is None
    assert findings_key(report) == {(None, "#0", "nik"), ("@meta.xml", "#0", "telepon")}


@pytest.mark.parametrize(
    ("data", "reason"),
    ids=named,
    argvalues=[
        (made.odt(more='<script:script script:language="Basic">x</script:script>'), "macro"),
        (made.odt(Basic__Standard__Modul_dot_xml="<m/>"), "macro"),
        (made.odt(more='<!DOCTYPE a [<!ENTITY b "c">]>'), "broken_file"),
        (made.odt(Object_1__bild_dot_bin="x"), "embedded_content"),
        (made.odt(more="<text:p>"), "broken_file"),
    ],
)
def test_open_documents_that_are_refused(scan_bytes, data, reason):
    assert verdict(scan_bytes(data, "a.odt")) == ("failed", reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    ids=named,
    argvalues=[
        (made.pptx(ppt__vbaProject_dot_bin="x"), "macro"),
        (made.pptx(ppt__embeddings__a_dot_xlsx="x"), "embedded_content"),
        (
            made.pptx(ppt__slides__slide2_dot_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "entities",
        ),
        (made.zipped({"ppt/presentation.xml": "<p/>"}), "broken_file"),
        (made.zipped({"a.txt": "x"}), "broken_file"),
    ],
)
def test_slides_that_are_refused(scan_bytes, data, reason):
    assert verdict(scan_bytes(data, "a.pptx")) == ("failed", reason)
