"""A file whose ending says something else than its first bytes: who opens it is misled.

Only the first bytes are looked at, and no part of the file is unpacked.
"""

from __future__ import annotations

from pathlib import PurePath

HEAD = 4096

_TEXTS = frozenset("csv tsv tab psv txt json geojson jsonl ndjson xml html htm".split())
_ENDINGS: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}),
    "png": frozenset({"png"}),
    "jpg": frozenset({"jpg", "jpeg"}),
    "gif": frozenset({"gif"}),
    "gz": frozenset({"gz", "tgz"}),
    "parquet": frozenset({"parquet"}),
    "xlsx": frozenset({"xlsx", "xlsm", "xltx", "xltm", "xlam", "xlsb"}),
    "docx": frozenset({"docx", "dotx", "docm"}),
    "ods": frozenset({"ods", "ots"}),
    "xls": frozenset({"xls", "xlt"}),
}
"""What a content is called by its usual ending → the endings that it may have."""
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gz"),
    (b"PAR1", "parquet"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = frozenset("xlsx xlsm docx pptx".split())
"""Files with a password are in an OLE container: the scan says so."""


def content(head: bytes) -> str | None:
    """Return the usual ending of what these bytes begin, ``None`` where they do not tell."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(_OLE):
        return "xls"
    if not head.startswith(b"PK\x03\x04"):
        return None
    if b"opendocument.spreadsheet" in head:
        return "ods"
    if b"word/" in head:
        return "docx"
    if b"xl/" in head or b"[Content_Types].xml" in head:
        return "xlsx"
    return None


def misleads(head: bytes, name: str) -> str | None:
    """Return the ending that a file should have, ``None`` where its own does not mislead.

    :param head: the first :data:`HEAD` bytes.
    """
    ending = PurePath(name).suffix.lower().lstrip(".")
    found = content(head)
    known = ending in _TEXTS or any(ending in endings for endings in _ENDINGS.values())
    if found is None or not known or ending in _ENDINGS[found]:
        return None
    if found == "xls" and ending in _LOCKED:
        return None
    return found
