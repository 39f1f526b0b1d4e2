"""A file whose ending says something else than its content: who opens it is misled.

One rule for every ending that the scan has a reader for. Only the first bytes are looked at, and
no part of the file is unpacked: what they do not tell is left to the scan.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from .readers.sniff import DBF, JSON, MAGIC, MARKUP, OLE

HEAD = 65_536
UNKNOWN = ""
"""What a content is called that is certainly not what the ending says, and nobody knows what."""

ENDINGS: dict[str, frozenset[str]] = {
    "csv": frozenset({"csv", "tsv", "tab", "psv", "txt"}),
    "json": frozenset({"json", "geojson", "jsonl", "ndjson", "topojson", "txt"}),
    "pdf": frozenset({"pdf"}),
    "png": frozenset({"png"}),
    "jpg": frozenset({"jpg", "jpeg"}),
    "gif": frozenset({"gif"}),
    "tif": frozenset({"tif", "tiff"}),
    "webp": frozenset({"webp"}),
    "gz": frozenset({"gz", "tgz"}),
    "parquet": frozenset({"parquet"}),
    "sqlite": frozenset({"sqlite", "gpkg"}),
    "shp": frozenset({"shp"}),
    "dbf": frozenset({"dbf"}),
    "kml": frozenset({"kml"}),
    "xlsx": frozenset({"xlsx", "xlsm", "xltx", "xltm", "xlam", "xlsb"}),
    "docx": frozenset({"docx", "dotx", "docm"}),
    "pptx": frozenset({"pptx"}),
    "ods": frozenset({"ods", "ots"}),
    "odt": frozenset({"odt", "odp"}),
    "xls": frozenset({"xls", "xlt"}),
    "zip": frozenset({"zip", "shz", "kmz"}),
}
"""What a content is called by its usual ending → the endings that it may have."""
KNOWN = frozenset().union(*ENDINGS.values())

_CALLED = {"jpeg": "jpg", "gzip": "gz", "tiff": "tif"}
_TEXTS = ENDINGS["csv"] | ENDINGS["json"]
_OOXML = frozenset({"xlsx", "docx", "pptx"})
_PACKED = frozenset().union(*(ENDINGS[k] for k in (*_OOXML, "ods", "odt", "zip")))
_OFFICE = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"word/", b"ppt/")
"""How the first part of a workbook or document is called, whichever program wrote it."""
_LOCKED = frozenset("xlsx xlsm docx pptx".split())
"""Files with a password are in an OLE container: the scan says so."""
_PART, _DIRECTORY = b"PK\x03\x04", (b"PK\x01\x02", b"PK\x05\x06")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_SEPARATORS = b";\t|,"
_TAGS = re.compile(rb"^\s*<(?:table|div|style|meta|head|body|center|!--)", re.IGNORECASE)
"""How pages begin that programs write for a spreadsheet."""


def misleads(head: bytes, name: str) -> str | None:
    """Return what a file's content is called where its ending says something else.

    :param head: the first :data:`HEAD` bytes.
    :returns: ``None`` where the ending does not mislead, or is none that the portal reads;
        a key of :data:`ENDINGS` for a content that may be renamed; the name of a format that no
        reader takes, or :data:`UNKNOWN`.
    """
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending not in KNOWN or not head:
        return None
    if head.startswith(b"PK"):
        return _archive(head, ending)
    if head.startswith(OLE):
        return _container(head, ending)
    for magic, format_ in MAGIC:
        if head.startswith(magic):
            found = _CALLED.get(format_, format_)
            if found == "riff":
                found = "webp" if head[8:12] == b"WEBP" else UNKNOWN
            if found.startswith("program:"):
                found = UNKNOWN
            return None if ending in ENDINGS.get(found, ()) else found
    if ending == "dbf" and head[0] in DBF:
        return None
    return _text(head, ending)


def _archive(head: bytes, ending: str) -> str | None:
    found, sure = _packed(head)
    if ending in ENDINGS.get(found, ()) or (not sure and ending in _PACKED):
        return None
    return found


def _packed(head: bytes) -> tuple[str, bool]:
    """Return what kind of archive it is, and whether that is certain."""
    names, at = [], 0
    while head.startswith(_PART, at) and at + 30 <= len(head):
        flags, size = (int.from_bytes(head[at + i : at + i + n], "little") for i, n in _SIZES)
        name_ends = at + 30 + int.from_bytes(head[at + 26 : at + 28], "little")
        data = name_ends + int.from_bytes(head[at + 28 : at + 30], "little")
        names.append(head[at + 30 : name_ends])
        if len(names) == 1 and names[0] == b"mimetype":
            said = head[data : data + 60]
            if said.startswith(b"application/vnd.oasis.opendocument."):
                return ("ods" if b"opendocument.spreadsheet" in said else "odt"), True
        if flags & 8 and not size:
            break  # written as a stream: nobody knows here where the next part begins
        at = data + size
    if names and names[0].startswith(_OFFICE):
        for folder, kind in ((b"xl/", "xlsx"), (b"word/", "docx"), (b"ppt/", "pptx")):
            if any(name.startswith(folder) for name in names) or folder in head:
                return kind, True
        return "xlsx", False
    whole = bool(names) and head.startswith(_DIRECTORY, at)
    return "zip", whole and b"content.xml" not in names


_SIZES = ((6, 2), (18, 4))
"""Where the flags and the packed size of a part stand in its header, and how long they are."""


def _container(head: bytes, ending: str) -> str | None:
    """Tell an old workbook from an old document, where the head has the names of the streams."""
    if _stream("WordDocument") in head:
        return "doc"
    if ending in ENDINGS["xls"]:
        return None
    if ending in _LOCKED and _stream("Workbook") not in head:
        return None
    return "xls"


def _stream(name: str) -> bytes:
    return f"{name}\0".encode("utf-16-le")


def _text(head: bytes, ending: str) -> str | None:
    """Tell texts apart; a content that is no text is nothing that its ending promises."""
    bare = _plain(head)
    if bare is None:
        return None if ending in _TEXTS else UNKNOWN
    page = _TAGS.match(bare) or (b"<html" in bare[:4096].lower() and MARKUP.match(bare))
    json = JSON.match(bare) is not None or (
        ending in ENDINGS["json"] and bare.lstrip()[:1] in (b"{", b"[")
    )
    if ending == "txt" or (ending == "kml" and b"<kml" in bare):
        return None
    if page or MARKUP.match(bare):
        return "html" if page else "xml"
    if json:
        return None if ending in ENDINGS["json"] else "json"
    if ending in ENDINGS["csv"]:
        return None
    return "csv" if _is_table(bare) else UNKNOWN


def _plain(head: bytes) -> bytes | None:
    """Return the text in one byte a character, ``None`` where it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\x00", b"")
    return None if _CONTROLS.search(head) else head.removeprefix(b"\xef\xbb\xbf")


def _is_table(text: bytes) -> bool:
    """Tell whether the first lines are parted alike, so that the ending .csv is right."""
    lines = [line for line in text.splitlines()[:6] if line.strip()][:3]
    return len(lines) > 1 and any(
        len({line.count(mark) for line in lines}) == 1 and mark in lines[0]
        for mark in (_SEPARATORS[i : i + 1] for i in range(len(_SEPARATORS)))
    )
