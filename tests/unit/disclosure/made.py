"""Small files of every format that the scan reads, made up, with what a test puts in."""

from __future__ import annotations

import gzip
import io
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from html import escape

import openpyxl
import polars as pl
import xlwt
from PIL import Image

from ckanext.satudata_pontianak.disclosure.report import FileReport

NIK = "6171010101900001"
PHONE = "0812-3456-7890"
MAIL = "budi@gmail.com"
Row = Sequence[object]
PLAIN = (("kecamatan", "jumlah"), ("Pontianak Kota", "12"), ("Pontianak Barat", "7"))
ROWS: tuple[Row, ...] = (("nik", "zona"), (NIK, "Timur"), ("6171014202910002", "Barat"))


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP with the same bytes on every day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def csv(rows: Sequence[Row] = ROWS) -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()


def xlsx(rows: Sequence[Row] = ROWS) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return zipped(unzipped(target.getvalue()))


def xls(
    rows: Sequence[Row] = ROWS, change: Callable[[xlwt.Workbook], None] = lambda book: None
) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods_table(rows: Sequence[Row]) -> str:
    cells = (
        "".join(f"<table:table-cell><text:p>{v}</text:p></table:table-cell>" for v in row)
        for row in rows
    )
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)


def ods(rows: Sequence[Row] = ROWS, more: str = "", **parts: str) -> bytes:
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" '
        'xmlns:script="s"><office:body><office:spreadsheet><table:table table:name="Data">'
        f"{ods_table(rows)}{more}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            **{name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()},
        }
    )


def paragraph(*runs: object) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def docx(rows: Sequence[Row] = ROWS, body: str = "", **parts: str) -> bytes:
    table = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(v)}</w:tc>" for v in row) + "</w:tr>" for row in rows
    )
    table = f"<w:tbl>{table}</w:tbl>" if rows else ""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="w"><w:body>{paragraph("Daftar")}{table}'
            f"{body}</w:body></w:document>",
            **{name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()},
        }
    )


def pptx(rows: Sequence[Row] = ROWS, body: str = "", **parts: str) -> bytes:
    def cell(value: object) -> str:
        return f"<a:tc><a:txBody><a:p><a:r><a:t>{value}</a:t></a:r></a:p></a:txBody></a:tc>"

    table = "".join(f"<a:tr>{''.join(map(cell, row))}</a:tr>" for row in rows)
    slide = f'<p:sld xmlns:p="p" xmlns:a="a"><a:tbl>{table}</a:tbl>{body}</p:sld>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": '<p:presentation xmlns:p="p"/>',
            "ppt/slides/slide1.xml": slide,
            **{name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()},
        }
    )


def odt(rows: Sequence[Row] = ROWS, more: str = "", **parts: str) -> bytes:
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" '
        'xmlns:script="s"><office:body><office:text><text:p>Daftar</text:p>'
        f'<table:table table:name="Data">{ods_table(rows)}</table:table>{more}'
        "</office:text></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            **{name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()},
        }
    )


def gz(rows: Sequence[Row] = ROWS) -> bytes:
    return gzip.compress(csv(rows), mtime=0)


def json_text(rows: Sequence[Row] = ROWS) -> bytes:
    names, *records = rows
    items = (
        "{" + ",".join(f'"{n}":"{v}"' for n, v in zip(names, row, strict=True)) + "}"
        for row in records
    )
    return f'{{"judul":"x","data":[{",".join(items)}]}}'.encode()


def geojson(properties: str = f'{{"nik":"{NIK}"}}') -> bytes:
    return (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        f'{properties},"geometry":{{"type":"Point","coordinates":[109.3,-0.02]}}}}]}}'
    ).encode()


def jsonl(rows: Sequence[Row] = ROWS) -> bytes:
    names, *records = rows
    lines = (
        "{" + ",".join(f'"{n}":"{v}"' for n, v in zip(names, row, strict=True)) + "}\n"
        for row in records
    )
    return "".join(lines).encode()


def parquet(rows: Sequence[Row] = ROWS) -> bytes:
    names, *records = rows
    columns = zip(*records, strict=True)
    frame = pl.DataFrame(dict(zip(map(str, names), map(list, columns), strict=True)))
    target = io.BytesIO()
    frame.write_parquet(target, compression="uncompressed")
    return target.getvalue()


def sqlite(rows: Sequence[Row] = ROWS, *statements: str) -> bytes:
    names, *records = rows
    with sqlite3.connect(":memory:") as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute(f"CREATE TABLE orang ({', '.join(map(str, names))})")
        marks = ", ".join("?" * len(names))
        database.executemany(f"INSERT INTO orang VALUES ({marks})", records)
        for statement in statements:
            database.execute(statement)
        database.commit()
        return database.serialize()


def dbf(rows: Sequence[Row] = ROWS, *, flags: bytes = b"", mark: int = 0x57) -> bytes:
    names, *records = rows
    texts = [[str(v).encode("cp1252") for v in row] for row in records]
    sizes = [max(len(row[i]) for row in texts) for i in range(len(names))]
    fields = b"".join(
        str(n).encode().ljust(11, b"\0") + b"C\0\0\0\0" + bytes([s]) + b"\0" * 15
        for n, s in zip(names, sizes, strict=True)
    )
    head = struct.pack("<IHH", len(texts), 33 + len(fields), 1 + sum(sizes))
    start = b"\x03\x7e\x01\x01" + head + b"\0" * 17 + bytes([mark]) + b"\0\0" + fields + b"\r"
    flags = flags or b" " * len(texts)
    return (
        start
        + b"".join(
            flags[i : i + 1] + b"".join(v.ljust(s) for v, s in zip(row, sizes, strict=True))
            for i, row in enumerate(texts)
        )
        + b"\x1a"
    )


def shp(points: Sequence[tuple[float, float]] = ((109.3, -0.02),)) -> bytes:
    records = b"".join(
        struct.pack(">II", i + 1, 10) + struct.pack("<Idd", 1, *p) for i, p in enumerate(points)
    )
    size = struct.pack(">I", (100 + len(records)) // 2)
    start = struct.pack(">I", 9994) + b"\0" * 20 + size + struct.pack("<II", 1000, 1)
    return start + b"\0" * 64 + records


def kml(rows: Sequence[Row] = ROWS) -> bytes:
    """Rows as placemarks, each with a place; the first row names what they say."""
    marks = "".join(
        "<Placemark><ExtendedData>"
        + "".join(
            f'<Data name="{escape(str(name))}"><value>{escape(str(value))}</value></Data>'
            for name, value in zip(rows[0], row, strict=True)
        )
        + f"</ExtendedData><Point><coordinates>109.3,-0.0{n}</coordinates></Point></Placemark>"
        for n, row in enumerate(rows[1:], start=1)
    )
    return f'<?xml version="1.0"?><kml><Document>{marks}</Document></kml>'.encode()


def shapefile(rows: Sequence[Row] = ROWS) -> bytes:
    return zipped(
        {
            "peta/rumah.shp": shp(),
            "peta/rumah.dbf": dbf(rows),
            "peta/rumah.shx": b"\0" * 108,
            "peta/rumah.cpg": "1252",
            "peta/rumah.prj": 'GEOGCS["WGS 84"]',
        }
    )


def archive(rows: Sequence[Row] = ROWS) -> bytes:
    return zipped({"dalam.zip": zipped({"a.csv": csv(rows)}), "b.csv": "a,b\n1,2\n"})


def pdf_of(objects: Sequence[bytes]) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, entries)
        + (
            b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(objects) + 1, len(out))
        )
    )


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (
        len(packed), more, packed,
    )  # fmt: skip


def pdf(
    lines: Sequence[str] = ("Daftar penerima", f"NIK {NIK}"),
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    more: Sequence[bytes] = (),
) -> bytes:
    """One page; ``more`` are objects from number 6 on."""
    shown = b" ".join(b"(%s) Tj 0 -14 Td" % line.encode() for line in lines)
    content = b"BT /F1 12 Tf 72 720 Td " + shown + b" ET" if lines else b"0 0 m 9 9 l S"
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>%s>>" % page,
            stream(content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )


def pdf_table(pages: Sequence[Sequence[Row]], edges: Sequence[int] = (50, 200, 400)) -> bytes:
    """Pages of rows, each cell written by itself at its place, as word processors do."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for rows in pages:
        cells = [
            b"BT /F1 9 Tf 1 0 0 1 %d %d Tm (%s) Tj ET" % (x, 760 - 20 * i, str(value).encode())
            for i, row in enumerate(rows)
            for x, value in zip(edges, row, strict=False)
        ]
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (len(objects) + 2)
        )
        objects.append(stream(b"\n".join(cells)))
    return pdf_of(objects)


def picture(format_: str = "JPEG", description: str = f"milik {NIK}") -> bytes:
    image = Image.new("RGB", (8, 8))
    exif = image.getexif()
    if description:
        exif[0x010E] = description
        place = {1: "S", 2: (0.0, 1.0, 30.0), 3: "E", 4: (109.0, 20.0, 0.0)}
        exif.get_ifd(0x8825).update(place)
    target = io.BytesIO()
    image.save(target, format_, exif=exif)
    return target.getvalue()


def verdict(report: FileReport) -> tuple[str, str | None]:
    """How a scan ended, and why it failed."""
    return str(report.verdict), report.reason.code if report.reason else None


FORMATS: dict[str, Callable[[], bytes]] = {
    "csv": csv,
    "tsv": lambda: csv().replace(b",", b"\t"),
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    "docx": docx,
    "pptx": pptx,
    "odt": odt,
    "gz": gz,
    "json": json_text,
    "geojson": geojson,
    "jsonl": jsonl,
    "parquet": parquet,
    "sqlite": sqlite,
    "gpkg": sqlite,
    "dbf": dbf,
    "kml": kml,
    "zip": archive,
    "shz": shapefile,
    "pdf": pdf,
    "jpg": picture,
    "tif": lambda: picture("TIFF"),
}
PICTURES = frozenset({"jpg", "tif"})
