"""A list of many datasets, looked at in a process of its own before it is brought."""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ... import config
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...bulk import words
from ...bulk.reading import ENDINGS
from ...disclosure.limits import Limits
from ...msgids import N_
from ...tidying import running
from ..records import list_file
from . import bringing

LIST, FILES = "upload", "files"
SECONDS = 60
MOST_ZIP = 64_000_000
_CHILD = "ckanext.satudata_pontianak.bulk.list_child"

OTHER_KIND = N_("A list is an XLSX, CSV or JSONL file.")
LARGE_LIST = N_("The list is larger than %(count)s MB. Split it.")
LARGE_ZIP = N_(
    "The ZIP is larger than %(count)s MB. Leave it out: rows are checked without the files."
)
NOT_READ = N_("The list could not be read in time. Split it, or look at it with the command.")


def look(upload: Any, files: Any, actor: Actor) -> tuple[Mapping[str, Any], bytes]:
    """Say of each row and cell of a list what is wrong and what to do; nothing is written.

    :param upload: the list, as a browser sent it.
    :param files: a ZIP of the files that it names, or ``None``.
    :returns: counts and remarks, and the list as a workbook with remarks in its cells.
    :raises ckan.plugins.toolkit.ValidationError: it is no list.
    """
    content, filename = list_file.sent(upload)
    ending = Path(filename.lower()).suffix
    if ending not in ENDINGS:
        raise list_file.refused(OTHER_KIND)
    if len(content) > list_file.MOST_BYTES:
        raise list_file.refused(LARGE_LIST, count=list_file.MOST_BYTES // 1_000_000)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "daftar"
        folder.mkdir()
        # No file of the ZIP has such a name.
        path = folder / f".daftar{ending}"
        path.write_bytes(content)
        archive = _archive(files, Path(place) / "berkas.zip")
        found = _asked(path, archive, folder, actor)
    if found in (running.ENDED, running.BUSY):
        raise list_file.refused(NOT_READ)
    if "problem" in found:
        raise tk.ValidationError({LIST: [found["problem"]]})
    return found, base64.b64decode(found.pop("book"))


def agencies_of(actor: Actor) -> dict[str, str]:
    """Return the agencies that a person publishes for: name → title."""
    agencies = registry.load_agencies()
    mine = [agencies[each] for each in actor.publishes_for if each in agencies]
    return {each.name: each.title for each in sorted(mine, key=lambda each: each.title.casefold())}


def _archive(files: Any, path: Path) -> str:
    stream = getattr(files, "stream", None)
    if stream is None:
        return ""
    with path.open("wb") as kept:
        shutil.copyfileobj(stream, kept)
    if path.stat().st_size > MOST_ZIP:
        said = tk._(LARGE_ZIP) % {"count": MOST_ZIP // 1_000_000}
        raise tk.ValidationError({FILES: [said]})
    return str(path)


def _asked(path: Path, archive: str, folder: Path, actor: Actor) -> dict[str, Any]:
    limits = Limits(
        memory=config.scan_memory_mb() * 1024**2, cpu_seconds=SECONDS, wall_seconds=SECONDS
    )
    language = str(tk.h.lang())
    job = {
        "list": str(path),
        "files": archive,
        "folder": str(folder),
        "agencies": agencies_of(actor),
        "licences": bringing.licences(),
        "language": language if language in words.LANGUAGES else words.LANGUAGES[0],
    }
    return running.ask(job, limits, _CHILD)
