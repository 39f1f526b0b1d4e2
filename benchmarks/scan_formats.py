"""How fast each format is scanned: the same made-up table in all of them.

Usage: ``python benchmarks/scan_formats.py [--rows 100000]`` (needs no site). Six columns, of which
``nik`` and ``telepon`` are personal in every row. XLS ends at 65,535 rows; DOCX and PDF, which
hold no tables of that length, get a twentieth. Each scan runs in a process of its own, on one
Polars thread; told are cells a second of processor time, without the start of the process, and its
peak memory. Every NIK must be counted, or the run ends with an error.
"""

from __future__ import annotations

import sys

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import argparse
import datetime as dt
import io
import json
import os
import random
import sqlite3
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import xlwt

NAMES = ("no", "nik", "nama", "telepon", "kelurahan", "jumlah")
TEXT_SHARE = 20
Row = tuple[str, ...]
SCAN = """
import json, re, sys, time
from ckanext.satudata_pontianak.disclosure import engine
from ckanext.satudata_pontianak.disclosure.readers import (
    archive, csv, dbf, docx, json as _, ods, parquet, pdf, sqlite, xls, xlsx)
start = time.process_time()
report = engine.scan_file(sys.argv[1])
seconds = time.process_time() - start
found = sum(f.count for f in report.findings if f.kind == "nik")
status = open("/proc/self/status").read()  # not getrusage, which takes over the parent's peak
memory = int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024
print(json.dumps([str(report.verdict), found, seconds, memory]))
"""


def serial(r: random.Random) -> int:
    """Return the last digit of a year and four that are not all zero."""
    return r.randint(0, 9) * 10_000 + r.randint(1, 9_999)


def rows(count: int) -> list[Row]:
    """Return made-up persons; nobody's."""
    r = random.Random(6)
    places = ("Batu Layang", "Sungai Jawi", "Parit Tokaya", "Siantan Hulu")
    return [
        (
            str(n + 1),
            f"6171{n % 6 + 1:02}{r.randint(1, 28):02}{n % 12 + 1:02}9{serial(r):05}",
            f"Contoh {n}",
            f"0812{r.randint(10_000_000, 99_999_999)}",
            r.choice(places),
            str(r.randint(1, 9_999)),
        )
        for n in range(count)
    ]


def zipped(parts: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def csv(table: list[Row]) -> bytes:
    return "".join(",".join(row) + "\n" for row in (NAMES, *table)).encode()


def xlsx(table: list[Row]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in (NAMES, *table):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xls(table: list[Row]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for r, row in enumerate((NAMES, *table)):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(table: list[Row]) -> bytes:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    lines = (
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
        for row in (NAMES, *table)
    )
    content = (
        '<o:document-content xmlns:o="o" xmlns:table="t" xmlns:text="x"><table:table '
        f'table:name="Data">{"".join(lines)}</table:table></o:document-content>'
    )
    return zipped({"mimetype": "x", "content.xml": content})


def docx(table: list[Row]) -> bytes:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    lines = (f"<w:tr>{''.join(map(cell.format, row))}</w:tr>" for row in (NAMES, *table))
    body = f'<w:document xmlns:w="w"><w:tbl>{"".join(lines)}</w:tbl></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def records(table: list[Row]) -> list[dict[str, str]]:
    return [dict(zip(NAMES, row, strict=True)) for row in table]


def as_json(table: list[Row]) -> bytes:
    return json.dumps({"data": records(table)}).encode()


def jsonl(table: list[Row]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records(table)).encode()


def geojson(table: list[Row]) -> bytes:
    shape = {"type": "Point", "coordinates": [109.3, -0.02]}
    features = [{"type": "Feature", "properties": r, "geometry": shape} for r in records(table)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def parquet(table: list[Row]) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(table, schema=list(NAMES), orient="row").write_parquet(target)
    return target.getvalue()


def sqlite(table: list[Row]) -> bytes:
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE orang ({', '.join(NAMES)})")
        database.executemany("INSERT INTO orang VALUES (?, ?, ?, ?, ?, ?)", table)
        database.commit()
        return database.serialize()


def dbf(table: list[Row]) -> bytes:
    sizes = [max(len(row[i]) for row in table) for i in range(len(NAMES))]
    fields = b"".join(
        name.encode().ljust(11, b"\0") + b"C\0\0\0\0" + bytes([size]) + b"\0" * 15
        for name, size in zip(NAMES, sizes, strict=True)
    )
    head = struct.pack("<IHH", len(table), 33 + len(fields), 1 + sum(sizes))
    start = b"\x03\x7e\x01\x01" + head + b"\0" * 20 + fields + b"\r"
    lines = (" " + "".join(v.ljust(s) for v, s in zip(row, sizes, strict=True)) for row in table)
    return start + "".join(lines).encode() + b"\x1a"


def pdf(table: list[Row]) -> bytes:
    """Pages of 50 lines."""
    pages = [table[i : i + 50] for i in range(0, len(table), 50)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for page in pages:
        shown = b" ".join(b"(%s) Tj 0 -14 Td" % "   ".join(row).encode() for row in page)
        content = b"BT /F1 9 Tf 40 760 Td " + shown + b" ET"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (len(objects) + 2)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out) + end % (len(objects) + 1, table_at)


FORMATS: dict[str, Callable[[list[Row]], bytes]] = {
    "csv": csv,
    "zip": lambda table: zipped({"data.csv": csv(table)}),
    "parquet": parquet,
    "dbf": dbf,
    "sqlite": sqlite,
    "jsonl": jsonl,
    "json": as_json,
    "geojson": geojson,
    "xlsx": xlsx,
    "ods": ods,
    "xls": xls,
    "docx": docx,
    "pdf": pdf,
}
MOST = {"xls": 65_535}


def main() -> None:
    """Make, scan and print one line for each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", choices=FORMATS, nargs="+", default=list(FORMATS))
    options = parser.parse_args()
    count = options.rows
    everybody = rows(count)
    now = dt.datetime.now(dt.UTC)
    print(f"{now:%d %B %Y}, load {os.getloadavg()[0]:.1f}\n")
    print("| format | rows | size | seconds | cells a second | memory |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            some = count // TEXT_SHARE if name in ("docx", "pdf") else MOST.get(name, count)
            table = everybody[:some]
            path = Path(folder) / f"data.{name}"
            path.write_bytes(FORMATS[name](table))
            done = subprocess.run(
                [sys.executable, "-c", SCAN, str(path)],
                capture_output=True,
                check=True,
                env={**os.environ, "POLARS_MAX_THREADS": "1"},
            )
            verdict, found, seconds, memory = json.loads(done.stdout)
            if verdict != "findings" or found != len(table):
                sys.exit(f"{name}: {verdict}, {found} of {len(table)} NIK")
            speed = len(table) * len(NAMES) / seconds
            size = path.stat().st_size / 1_000_000
            print(
                f"| {name} | {len(table):,} | {size:.1f} MB | {seconds:.2f} | {speed:,.0f} |"
                f" {memory} MB |",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    main()
