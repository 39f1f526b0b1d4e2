"""What a file is, judged by its bytes; the extension only decides among texts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePath
from typing import BinaryIO

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x7fELF", "program:elf"),
    (b"MZ\x90", "program:exe"),
    (b"\xca\xfe\xba\xbe", "program:class"),
    (b"{\\rtf", "rtf"),
    (b"%!PS", "postscript"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x00\x00\x27\x0a", "shp"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_START = 1024 * 1024
_TEXT_EXTENSIONS = {"csv", "tsv", "tab", "txt", "psv", ""}
_JSON_EXTENSIONS = {"json", "geojson", "jsonl", "ndjson", "topojson"}
WORKBOOKS = {"xlsx", "xlsm", "xltx", "xltm", "xlam"}
BINARY = frozenset(
    """xls ods docx pptx odt odp zip shz kmz parquet pdf sqlite gpkg shp png jpg jpeg gif tif tiff
    webp gz""".split()
)
"""Formats that have marks of their own: without them a file of this name is broken."""
_DOCUMENTS = frozenset({"ods", "docx", "pptx", "odt", "odp"})
_PROGRAMS = {"exe", "dll", "jar", "apk", "msi", "com", "scr", "bat", "cmd", "ps1", "vbs", "js"}
DBF = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\x8e\xcb\xf5\xfb")
MARKUP = re.compile(
    rb"^\s*<(?:\?xml|!doctype|html|svg|kml|gpx|rdf|feed|rss|osm|wfs)\b", re.IGNORECASE
)
JSON = re.compile(rb"^\s*(?:\{\s*(?:\"|\})|\[\s*(?:[\[{\]\"]|-?\d+(?:\.\d+)?\s*[,\]]))")


def kind_of(name: str) -> str:
    """Return the extension of a name if it is one; anything longer may be content."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    return extension if not extension or re.fullmatch("[a-z0-9]{1,8}", extension) else "unknown"


def sniff(head: bytes, where: Path | BinaryIO, name: str) -> str:
    """Return the name of a format, which a reader may know or not.

    ``broken_file:DETAIL``, ``program:KIND`` and ``encrypted`` are refused by what they are.

    :param head: the first 64 KB.
    :param where: the file itself, for formats that have their table of contents elsewhere.
    """
    extension = kind_of(name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(where, extension)
    if head.startswith(OLE):
        return _ole(where, extension)
    for magic, format_ in MAGIC:
        if head.startswith(magic):
            return "webp" if format_ == "riff" and head[8:12] == b"WEBP" else format_
    if extension in _PROGRAMS:
        return f"program:{extension}"
    if extension in WORKBOOKS:
        return "broken_file:zip"
    if extension in BINARY:
        return f"broken_file:{extension}"
    if extension == "dbf":
        return "dbf" if head[0] in DBF else "broken_file:dbf"
    return _text(head, extension)


def _text(head: bytes, extension: str) -> str:
    """Tell texts apart; whatever is no text is found out by the reader."""
    if extension in _JSON_EXTENSIONS:
        return "json"
    if extension not in _TEXT_EXTENSIONS:
        return extension
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(bare):
        return "xml"
    return "json" if JSON.match(bare) else "csv"


def _ole(where: Path | BinaryIO, extension: str) -> str:
    """Tell what an OLE container is: an old workbook, an encrypted new one, or another."""
    if isinstance(where, Path):
        with where.open("rb") as file:
            names = _ole_directory(file)
    else:
        names = _ole_directory(where)
    if "EncryptedPackage".encode("utf-16-le") in names or extension in WORKBOOKS:
        return "encrypted"
    for stream, format_ in (("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "doc")):
        if f"{stream}\0".encode("utf-16-le") in names:
            return format_
    return "broken_file:xls" if extension == "xls" else extension or "ole"


def _ole_directory(file: BinaryIO) -> bytes:
    """Return the bytes in which the names of an OLE container's streams are.

    The directory may stand anywhere; its first sector is told at the start ([MS-CFB] 2.2).
    """
    file.seek(0)
    start = file.read(_OLE_START)
    shift, first = int.from_bytes(start[30:32], "little"), int.from_bytes(start[48:52], "little")
    if shift not in (9, 12):
        return start
    file.seek((first + 1) << shift)
    return start + file.read(65_536)


def _zip(where: Path | BinaryIO, extension: str) -> str:
    try:
        with zipfile.ZipFile(where) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return "broken_file:zip"
    if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
        return "xlsb" if "xl/workbook.bin" in names else "xlsx"
    if extension in WORKBOOKS:
        return "broken_file:parts"
    if "content.xml" in names and ("mimetype" in names or extension in ("ods", "ots")):
        return "odt" if extension in ("odt", "odp", "odg") else "ods"
    if "word/document.xml" in names:
        return "docx"
    if "ppt/presentation.xml" in names:
        return "pptx"
    if extension in _PROGRAMS or "classes.dex" in names:
        return f"program:{extension or 'apk'}"
    if extension in _DOCUMENTS:
        return "broken_file:parts"
    return "zip" if extension in _TEXT_EXTENSIONS | {"zip", "shz", "kmz"} else extension
