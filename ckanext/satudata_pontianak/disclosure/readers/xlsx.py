"""Workbooks of the form XLSX: every sheet, hidden or not, and all text in every other part.

Comments, text boxes, chart and pivot caches, document properties, defined names, headers and
strings that no cell uses any more are content as well: who downloads the file has them. Parts
that hold no text (pictures, embedded documents) cannot be looked at, so the file is not clear.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Incomplete, ReadError, Source, texts
from .ooxml import Package, TextSweep, local, new_parser
from .sheet import SharedStrings, SharedStringsParser, SheetParser
from .sniff import kind_of

_SHEET = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
_STRINGS = re.compile(r"(?:^|/)sharedStrings\.xml$", re.IGNORECASE)
_MACRO = re.compile(r"vbaProject|vbaData|macrosheets/|/activeX/", re.IGNORECASE)
_XML = (".xml", ".rels")
_HARMLESS = re.compile(r"printerSettings/[^/]+\.bin$", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r"[\"']([^\"'<>]{5,})[\"']")
_LARGEST_DRAWING = 32 * MEGABYTE
_SWEEP_AT = 50_000


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every part of a workbook."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            package = Package(archive, source.limits, source.path.stat().st_size)
            yield from _read(package, source)
    except zipfile.BadZipFile:
        raise ReadError("broken_file", detail="zip") from None


def _read(package: Package, source: Source) -> Iterator[Batch | Incomplete]:
    if any(_MACRO.search(part.filename) for part in package.parts):
        raise ReadError("macro")
    titles = _titles(package)
    total = max(1, sum(part.file_size for part in package.parts))
    done = 0
    strings = SharedStrings()
    for part in package.parts:
        if _STRINGS.search(part.filename):
            for size in package.feed(part, SharedStringsParser(strings).parser):
                done += size
                source.progress(done / total)
    for part in package.parts:
        if _SHEET.search(part.filename):
            sheet = SheetParser(
                titles.get(part.filename, part.filename), strings, source.limits.columns
            )
            for size in package.feed(part, sheet.parser):
                done += size
                source.progress(min(1.0, done / total))
                yield from sheet.take()
            yield from sheet.finish()
    if unused := strings.unused():
        yield texts("@sharedStrings", unused)
    for part in package.parts:
        yield from _other(package, part)


def _other(package: Package, part: zipfile.ZipInfo) -> Iterator[Batch | Incomplete]:
    """Yield the text of a part that is no sheet, or say that it cannot be read."""
    name = part.filename
    if _SHEET.search(name) or _STRINGS.search(name) or _HARMLESS.search(name):
        return
    if name.lower().endswith(".vml"):
        yield _drawing(package, part)
    elif name.lower().endswith(_XML):
        yield from _swept(package, part)
    else:
        # The name of a part may be chosen freely, so its kind is all that is told.
        yield Incomplete(Reason("embedded_content", {"part": kind_of(name)}))


def _swept(package: Package, part: zipfile.ZipInfo) -> Iterator[Batch]:
    """Yield all text of one part; its name becomes the table's name in the report."""
    found: list[str] = []
    parser = new_parser()
    sweep = TextSweep(found.append)
    sweep.attach(parser)
    for _ in package.feed(part, parser):
        if len(found) > _SWEEP_AT:
            yield texts(f"@{part.filename}", found)
            found.clear()
    sweep.flush()
    if found:
        yield texts(f"@{part.filename}", found)


def _drawing(package: Package, part: zipfile.ZipInfo) -> Batch:
    """Return the text of an old drawing, which Excel itself writes as malformed XML."""
    text = package.read(part, _LARGEST_DRAWING).decode("utf-8", "replace")
    found = [html.unescape(t).strip() for t in _TAG.split(text)]
    found += [html.unescape(t) for t in _ATTRIBUTE.findall(text)]
    return texts(f"@{part.filename}", [t for t in found if t])


def _titles(package: Package) -> dict[str, str]:
    """Return the title of each sheet by the name of its part, and refuse macro workbooks."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "sheet":
            identifier = next((v for k, v in attributes.items() if local(k) == "id"), "")
            sheets[identifier] = attributes.get("name", "")
        elif name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif "macroEnabled" in attributes.get("ContentType", ""):
            raise ReadError("macro")

    workbook = ""
    for part in package.parts:
        name = part.filename
        if name.endswith("/workbook.xml"):
            workbook = name
        if name.endswith(("/workbook.xml", "/workbook.xml.rels")) or name == "[Content_Types].xml":
            parser = new_parser()
            parser.StartElementHandler = start
            for _ in package.feed(part, parser):
                pass
    if not workbook:
        raise ReadError("broken_file", detail="parts")
    folder = posixpath.dirname(workbook)
    titles: dict[str, str] = {}
    for identifier, title in sheets.items():
        target = targets.get(identifier, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        if title and title not in titles.values():
            titles[posixpath.normpath(path)] = title
    return titles
