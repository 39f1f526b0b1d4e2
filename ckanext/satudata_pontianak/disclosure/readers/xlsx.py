"""Workbooks of the form XLSX: every sheet, hidden or not, and all text in every other part.

Comments, text boxes, chart and pivot caches, document properties, defined names, headers and
strings that no cell uses any more are content as well: who downloads the file has them. Parts
that hold no text (pictures, embedded documents) cannot be looked at, so the file is not clear.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from .base import Batch, Incomplete, ReadError, Source, texts
from .ooxml import MACRO, local, new_parser, other_part
from .package import Package, opened
from .sheet import SharedStrings, SharedStringsParser, SheetParser

_SHEET = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
_STRINGS = re.compile(r"(?:^|/)sharedStrings\.xml$", re.IGNORECASE)
_HARMLESS = re.compile(r"printerSettings/[^/]+\.bin$", re.IGNORECASE)


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every part of a workbook."""
    with opened(source) as package:
        yield from _read(package, source)


def _read(package: Package, source: Source) -> Iterator[Batch | Incomplete]:
    if any(MACRO.search(part.filename) for part in package.parts):
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
        if not _is_content(part.filename):
            yield from other_part(package, part, source)


def _is_content(name: str) -> bool:
    return bool(_SHEET.search(name) or _STRINGS.search(name) or _HARMLESS.search(name))


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
            parser = new_parser(start)
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
