"""Databases, maps, archives and pictures: every table, member and point, and what was deleted."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import struct

import polars as pl
import pytest

from ckanext.satudata_pontianak.disclosure.report import Verdict, findings_key

from .. import made
from ..made import MAIL, NIK, PHONE, PLAIN, verdict

# -------------------------------------------------------------------------------- databases


def test_every_table_of_a_database(scan_bytes):
    data = made.sqlite(
        PLAIN,
        "CREATE TABLE b (nik, foto BLOB)",
        f"INSERT INTO b VALUES ({NIK}, NULL), ('{NIK}', CAST('catatan' AS BLOB))",
        "CREATE VIEW v AS SELECT load_extension('x') FROM b",
    )
    report = scan_bytes(data, "a.db3")
    assert findings_key(report) == {("b", "nik", "nik")}
    assert report.findings[0].count == 2


@pytest.mark.parametrize(
    "statements",
    [
        (f"CREATE TABLE b (a DEFAULT '{NIK}')",),
        ("CREATE TABLE b (a)", f"INSERT INTO b VALUES ('{NIK}')", "DROP TABLE b"),
        ("CREATE TABLE b (a)", f"INSERT INTO b VALUES ('x'), ('{NIK}')", "DELETE FROM b"),
        ("CREATE TABLE b (a)", f"INSERT INTO b VALUES (CAST('{NIK}' AS BLOB))"),
    ],
)
def test_what_a_database_holds_beside_its_rows(scan_bytes, statements):
    report = scan_bytes(made.sqlite(PLAIN, *statements), "a.sqlite")
    assert {f.kind for f in report.findings} == {"nik"}, report


@pytest.mark.parametrize("name", ['"', "a`b", "a b", "select", "x'); --"])
def test_columns_of_a_database_with_any_name(scan_bytes, name):
    table = '"' + name.replace('"', '""') + '"'
    statements = f"CREATE TABLE {table} ({table})", f"INSERT INTO {table} VALUES ('{NIK}')"
    report = scan_bytes(made.sqlite(PLAIN, *statements), "a.sqlite")
    assert findings_key(report) == {(name, name, "nik")}


def test_a_column_of_a_database_without_a_readable_name_is_broken(scan_bytes):
    data = made.sqlite([("nik", "zona"), (NIK, "Timur")]).replace(b"(nik,", b"(ni\xeb,")
    assert verdict(scan_bytes(data, "a.sqlite")) == ("failed", "broken_file")


def test_a_database_that_is_written_to_is_read(scan_bytes, tmp_path):
    path = tmp_path / "log.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE a (nik)")
        database.execute("INSERT INTO a VALUES (?)", (NIK,))
    database.close()
    data = path.read_bytes()
    assert scan_bytes(data, "a.sqlite").findings
    assert scan_bytes(made.zipped({"a.sqlite": data}), "a.zip").findings


def test_the_geometry_of_a_geopackage(scan_bytes):
    blob = (b"GP\0\1" + b"\0" * 4 + b"\1" + struct.pack("<Idd", 1, 109.3, -0.02)).hex()
    data = made.sqlite(PLAIN, "CREATE TABLE g (geom)", f"INSERT INTO g VALUES (x'{blob}')")
    report = scan_bytes(data, "a.gpkg")
    assert verdict(report) == ("clear", None)
    assert ("g (geometry)", 1) in [(t.name, t.rows) for t in report.tables]


def test_a_picture_in_a_database_needs_a_person(scan_bytes):
    blob = made.picture("PNG", "").hex()
    data = made.sqlite(PLAIN, "CREATE TABLE g (a)", f"INSERT INTO g VALUES (x'{blob}')")
    assert verdict(scan_bytes(data, "a.sqlite")) == ("failed", "embedded_content")


def test_nested_columns_of_parquet(scan_bytes):
    target = io.BytesIO()
    frame = pl.DataFrame(
        {
            "orang": [{"nik": NIK, "kontak": [{"telepon": PHONE}]}, {"nik": NIK, "kontak": []}],
            "n": [int(NIK), 1],
            "b": [MAIL.encode(), None],
            "t": [dt.date(2020, 1, 1), None],
        }
    )
    frame.write_parquet(target)
    report = scan_bytes(target.getvalue(), "a.parquet")
    assert report.verdict is Verdict.FINDINGS
    assert findings_key(report) == {
        (None, "orang.nik", "nik"),
        (None, "orang.kontak.telepon", "telepon"),
        (None, "n", "nik"),
        (None, "b", "email"),
    }


def test_a_column_of_parquet_whose_name_tells(scan_bytes):
    report = scan_bytes(made.parquet([(f"milik {NIK}",), ("x",)]), "a.parquet")
    assert findings_key(report) == {("@columns", "#0", "nik")}
    assert NIK not in json.dumps(report.to_json())


def test_deleted_records_and_code_page_of_a_shapefile(scan_bytes):
    rows = [("nik", "desa"), ("1", "Batu Layang"), (NIK, "Sungai Béliung")]
    report = scan_bytes(made.dbf(rows, flags=b" *"), "a.dbf")
    assert findings_key(report) == {(None, "nik", "nik")}
    assert scan_bytes(made.dbf(rows)[:-1] + b"\x1a" + NIK.encode(), "a.dbf").findings


def test_all_of_a_shapefile(scan_bytes):
    report = scan_bytes(made.shapefile(), "a.zip")
    assert findings_key(report) == {("peta/rumah.dbf", "nik", "nik")}
    parts = made.unzipped(made.shapefile(PLAIN))
    assert scan_bytes(made.zipped(parts), "a.zip").verdict is Verdict.CLEAR
    for name, content in (("rumah.shp.xml", f"<m>{NIK}</m>"), ("rumah.shx", f"\0 {NIK} \0")):
        report = scan_bytes(made.zipped({**parts, f"peta/{name}": content}), "a.zip")
        assert verdict(report) == ("findings", None), name


# --------------------------------------------------------------------- archives and pictures


def test_members_are_named(scan_bytes):
    report = scan_bytes(made.archive(), "a.zip")
    assert findings_key(report) == {("dalam.zip: a.csv", "nik", "nik")}


def test_one_member_that_cannot_be_read_does_not_hide_the_others(scan_bytes):
    parts = {"a.rtf": b"{\\rtf1", "b.csv": made.csv(), "c.pdf": b"%PDF-1.4"}
    report = scan_bytes(made.zipped(parts), "a.zip")
    assert verdict(report) == ("failed", "broken_file")
    assert {f.kind for f in report.findings} == {"nik"}
    harmless = scan_bytes(made.zipped({"a.rtf": b"{\\rtf1", "b.csv": made.csv()}), "a.zip")
    assert verdict(harmless) == ("failed", "unsupported_format")


def test_names_of_members_are_content(scan_bytes):
    report = scan_bytes(made.zipped({f"KTP {NIK}.csv": "a,b\n1,2\n"}), "a.zip")
    assert {f.kind for f in report.findings} == {"nik"}
    assert NIK not in json.dumps(report.to_json())


@pytest.mark.parametrize("format_", ["JPEG", "TIFF", "WEBP", "PNG"])
def test_a_picture_needs_a_person_and_its_metadata_are_read(scan_bytes, format_):
    report = scan_bytes(made.picture(format_), "a.bin")
    assert verdict(report) == ("failed", "no_text")
    assert {f.kind for f in report.findings} == {"nik"}


@pytest.mark.parametrize("format_", ["JPEG", "WEBP", "PNG"])
def test_where_a_photo_was_taken_is_read(scan_bytes, format_):
    report = scan_bytes(made.picture(format_), "a.bin")
    place = next(t for t in report.tables if t.name == "@metadata GPS")
    assert [c.name for c in place.columns] == ["latitude", "longitude"]


def test_a_picture_in_a_workbook_is_looked_at(scan_bytes):
    parts = made.unzipped(made.xlsx(PLAIN))
    logo = made.zipped({**parts, "xl/media/image1.jpeg": made.picture(description="")})
    assert verdict(scan_bytes(logo, "a.xlsx")) == ("failed", "embedded_content")
    photo = made.zipped({**parts, "xl/media/image1.jpeg": made.picture()})
    assert {f.kind for f in scan_bytes(photo, "a.xlsx").findings} == {"nik"}


def written(frame: pl.DataFrame, **how) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target, **how)
    return target.getvalue()


def many_kinds() -> pl.DataFrame:
    rows = range(3_000)
    return pl.DataFrame(
        {
            "kecamatan": [f"Kecamatan {n % 6}" for n in rows],
            "jumlah": [n % 7 if n % 5 else None for n in rows],
            "nilai": [(n % 9) / 4 if n % 11 else -0.0 for n in rows],
            "hari": [dt.date(2020, 1, 1 + n % 28) for n in rows],
            "jam": [dt.datetime(2020, 1, 1, n % 24, tzinfo=dt.UTC) for n in rows],
            "aktif": [n % 2 == 0 for n in rows],
            "kosong": [None for _ in rows],
            "daftar": [[f"x{n % 3}"] * (n % 4) if n % 9 else None for n in rows],
            "dalam": [{"a": n % 3, "b": f"y{n % 4}"} for n in rows],
        },
        schema_overrides={"kosong": pl.String},
    ).with_columns(pl.col("kecamatan").cast(pl.Categorical).alias("kategori"))


@pytest.mark.parametrize(
    "how",
    [
        {"compression": "uncompressed"},
        {"compression": "zstd", "statistics": "full"},
        {"compression": "snappy", "statistics": False},
        {"compression": "gzip", "row_group_size": 700},
        {"compression": "lz4", "data_page_size": 900},
        {"compression": "brotli"},
    ],
)
def test_parquet_however_it_was_written(scan_bytes, how):
    assert verdict(scan_bytes(written(many_kinds(), **how), "a.parquet")) == ("clear", None)


def test_parquet_without_rows(scan_bytes):
    data = written(many_kinds().clear())
    assert verdict(scan_bytes(data, "a.parquet")) == ("clear", None)


def test_a_dictionary_of_parquet_that_holds_more_than_the_rows_show(scan_bytes):
    words = pl.Enum(["Timur", "Barat", NIK])
    shown = pl.DataFrame({"zona": ["Timur", "Barat", "Timur"]}, schema={"zona": words})
    assert NIK.encode() in written(shown, compression="uncompressed")
    for compression in ("uncompressed", "zstd"):
        data = written(shown, compression=compression)
        assert verdict(scan_bytes(data, "a.parquet")) == ("failed", "hidden_values")


def test_cells_of_parquet_that_were_emptied_above_their_values(scan_bytes):
    data = written(pl.DataFrame({"nik": [NIK, NIK[:-1] + "9"]}), compression="uncompressed")
    full = b"\x02\x00\x00\x00\x04\x01"  # definition levels: two cells with a value
    assert data.count(full) == 1
    emptied = data.replace(full, b"\x02\x00\x00\x00\x04\x00")
    assert pl.read_parquet(emptied)["nik"].null_count() == 2
    assert verdict(scan_bytes(emptied, "a.parquet")) == ("failed", "hidden_values")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (bytes(64), ("clear", None)),
        (NIK.encode(), ("failed", "broken_file")),
        (b"\x15\x02\x00", ("failed", "broken_file")),
    ],
)
def test_bytes_of_parquet_that_belong_to_nothing(scan_bytes, more, expected):
    data = written(many_kinds())
    footer = 8 + int.from_bytes(data[-8:-4], "little")
    assert verdict(scan_bytes(data[:-footer] + more + data[-footer:], "a.parquet")) == expected


# -------------------------------------------------------------------------------- placemarks


def test_what_placemarks_say_and_every_text_beside_them(scan_bytes):
    report = scan_bytes(made.kml(), "a.kml")
    assert (None, "nik", "nik") in findings_key(report)
    plain = made.kml(PLAIN)
    assert scan_bytes(plain, "a.kml").verdict is Verdict.CLEAR
    for more in (
        f"<!-- {NIK} -->",
        f"<Folder id='{NIK}'/>",
        f"<Style><BalloonStyle><text><![CDATA[{NIK}]]></text></BalloonStyle></Style>",
        f"<?catatan {NIK}?>",
        f"<LineString><coordinates>{NIK},0 109,0</coordinates></LineString>",
        f"<Placemark><name>{NIK[:8]}<b/>{NIK[8:]}</name></Placemark>",
        f"<description>{NIK[:4]}<b>{NIK[4:9]}</b><i><u>{NIK[9:]}</u></i></description>",
    ):
        found = scan_bytes(plain.replace(b"</Document>", f"{more}</Document>".encode()), "a.kml")
        assert verdict(found) == ("findings", None), more
    bomb = b'<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>'
    assert verdict(scan_bytes(bomb, "a.kml")) == ("failed", "entities")
    odd = b'<?xml version="1.0" encoding="tiada"?><kml><name>a</name></kml>'
    assert verdict(scan_bytes(odd, "a.kml")) == ("failed", "broken_file")


def test_a_kmz_is_scanned_as_the_kml_within_it_and_bombs_are_refused(scan_bytes):
    report = scan_bytes(made.zipped({"doc.kml": made.kml()}), "a.kmz")
    assert "nik" in {kind for _, _, kind in findings_key(report)}
    plain = made.zipped({"doc.kml": made.kml(PLAIN)})
    assert scan_bytes(plain, "a.kmz").verdict is Verdict.CLEAR
    assert verdict(scan_bytes(made.kml(PLAIN), "a.kmz")) == ("failed", "broken_file")
    bomb = made.zipped({"doc.kml": b" " * 20_000_000})
    assert scan_bytes(bomb, "a.kmz").verdict is Verdict.FAILED
