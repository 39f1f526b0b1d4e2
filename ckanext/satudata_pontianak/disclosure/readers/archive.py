"""ZIP archives: every member is read as a file of its own, archives within archives included.

A shapefile is such an archive as well: attributes (``.dbf``), points (``.shp``), projection and
index files. What a member reveals stands under the member's name.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Incomplete, ReadError, Source, texts
from .ooxml import swept
from .package import BROKEN, Package, budget_of, opened
from .sniff import kind_of
from .strings import runs

DEEPEST = 3
LARGEST_MEMBER = 256 * MEGABYTE
STREAMED = frozenset({"csv", "tsv", "tab", "txt", "psv", "json", "geojson", "jsonl", "ndjson"})
_NOTES = frozenset({"prj", "cpg", "qpj", "cst"})
_INDEXES = frozenset("shx sbn sbx qix fbn fbx ain aih atx ixs mxs".split())


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every member; one that cannot be read does not keep the others from being read."""
    if source.depth >= DEEPEST:
        raise ReadError("too_large", limit="depth")
    source = replace(source, budget=budget_of(source))
    with opened(source) as package:
        if not package.parts:
            raise ReadError("no_content")
        beside = [part.filename for part in package.parts]
        yield texts("@names", [*beside, *package.comment.splitlines()])
        stems = {_stem(n) for n in beside if kind_of(n) in ("shp", "dbf")}
        total = max(1, sum(part.file_size for part in package.parts))
        done = 0
        for part in package.parts:
            yield from _member(package, part, source, stems)
            done += part.file_size
            source.progress(done / total)


def _stem(name: str) -> str:
    return name.lower().rpartition(".")[0].removesuffix(".shp")


def _member(
    package: Package, part: zipfile.ZipInfo, source: Source, stems: set[str]
) -> Iterator[Batch | Incomplete]:
    name = part.filename
    kind = kind_of(name)
    try:
        if _stem(name) in stems and kind in _INDEXES:
            # Positions of the records of the file beside it; anything may hide there.
            yield texts(f"@{name}", list(runs(package.read(part, LARGEST_MEMBER))))
        elif (_stem(name) in stems and kind == "xml") or kind in _NOTES:
            yield from _beside(package, part)
        elif part.file_size:
            for item in _inside(package, part, source):
                yield item if isinstance(item, Incomplete) else _named(item, name)
    except ReadError as error:
        yield Incomplete(error.reason)
    except BROKEN:
        yield Incomplete(Reason("broken_file", {"detail": "zip"}))


def _beside(package: Package, part: zipfile.ZipInfo) -> Iterator[Batch]:
    if kind_of(part.filename) == "xml":
        yield from swept(package, part)
    else:
        text = package.read(part, MEGABYTE).decode("utf-8", "replace")
        yield texts(f"@{part.filename}", [t for t in text.splitlines() if t.strip()])


def _inside(
    package: Package, part: zipfile.ZipInfo, source: Source
) -> Iterator[Batch | Incomplete]:
    # Here, since the registry names this module.
    from . import reader_for

    member = Source(
        path=source.path,
        name=PurePosixPath(part.filename).name,
        limits=source.limits,
        depth=source.depth + 1,
        budget=source.budget,
        length=part.file_size,
        data=None if kind_of(part.filename) in STREAMED else package.read(part, LARGEST_MEMBER),
        stream=lambda: package.open(part),
    )
    if kind_of(part.filename) == "dbf":
        member = replace(member, code_page=_code_page(package, part))
    yield from reader_for(member)(member)


def _code_page(package: Package, part: zipfile.ZipInfo) -> str:
    """Return what the file beside the attributes says of their encoding."""
    wanted = _stem(part.filename) + ".cpg"
    for other in package.parts:
        if other.filename.lower() == wanted:
            return package.read(other, 1024).decode("ascii", "replace").strip()
    return ""


def _named(batch: Batch, member: str) -> Batch:
    if batch.table is None:
        return replace(batch, table=member)
    if batch.table.startswith("@"):
        return replace(batch, table=f"@{member}: {batch.table[1:]}")
    return replace(batch, table=f"{member}: {batch.table}")
