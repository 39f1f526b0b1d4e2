"""What a file is, judged by its bytes; the extension only decides among texts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePath

_MAGIC: tuple[tuple[bytes, str], ...] = (
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
    (b"SQLite format 3", "sqlite"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90", "exe"),
    (b"{\\rtf", "rtf"),
    (b"%!PS", "postscript"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x00\x00\x27\x0a", "shapefile"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_EXTENSIONS = {"csv", "tsv", "tab", "txt", "psv", ""}
_WORKBOOKS = {"xlsx", "xlsm", "xltx", "xltm", "xlam"}
_MARKUP = re.compile(
    rb"^\s*<(?:\?xml|!doctype|html|svg|kml|gpx|rdf|feed|rss|osm|wfs)\b", re.IGNORECASE
)
_JSON = re.compile(rb"^\s*(?:\{\s*(?:\"|\})|\[\s*(?:[\[{\]\"]|-?\d+(?:\.\d+)?\s*[,\]]))")


def kind_of(name: str) -> str:
    """Return the extension of a name if it is one; anything longer may be content."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    return extension if not extension or re.fullmatch("[a-z0-9]{1,8}", extension) else "unknown"


def sniff(head: bytes, path: Path, name: str) -> str:
    """Return ``csv``, ``xlsx`` or the name of what cannot be scanned."""
    extension = kind_of(name)
    if head.startswith(b"PK"):
        return _zip(path, extension)
    if head.startswith(_OLE):
        # An OLE container is an old .xls or an encrypted OOXML package.
        with path.open("rb") as file:
            start = file.read(4 * 1024 * 1024)
        encrypted = "EncryptedPackage".encode("utf-16-le") in start
        return "encrypted" if encrypted or extension in _WORKBOOKS else extension or "ole"
    for magic, format_ in _MAGIC:
        if head.startswith(magic):
            return format_
    if extension in _WORKBOOKS:
        return "broken_file:zip"
    if extension not in _TEXT_EXTENSIONS:
        return extension
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(bare):
        return "xml"
    if _JSON.match(bare):
        return "json"
    return "csv"


def _zip(path: Path, extension: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return "broken_file:zip"
    if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
        return "xlsb" if "xl/workbook.bin" in names else "xlsx"
    if extension in _WORKBOOKS:
        return "broken_file:parts"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    if "word/document.xml" in names:
        return "docx"
    return "zip" if extension in _TEXT_EXTENSIONS else extension
