"""Reads a list of datasets and a ZIP of its files within limits: one job, one answer.

Nothing but the beginning of a file is unpacked: that says whether it is what its ending says, and
the portal reads the rest when it is brought. Run as
``python -m ckanext.satudata_pontianak.bulk.list_child``.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ..disclosure import misleading
from ..disclosure.child import restrain
from ..messages import Message
from ..msgids import N_, bare
from . import book, reading, report, words
from .checking import Surroundings, check
from .fields import FILE, Headings, label
from .reading import Manifest, Unreadable
from .remarks import Remark

MOST_FILES = 5_000
SHOWN = 500
"""Remarks that the page shows; the workbook has all of them."""
NO_ZIP = N_("The ZIP with the files cannot be read. Make it anew.")
MANY_FILES = N_("The ZIP holds more than %(count)s files. Split list and files.")


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Check a list as ``satudata publish --dry-run`` does.

    :param job: ``list``, ``files`` (may be empty): paths; ``folder``: where the beginnings of the
        files are put; ``agencies``, ``licences``: name → title; ``language``.
    :returns: counts, remarks and the list with remarks in its cells; or why there is no list.
    """
    translate = words.translation(job["language"])
    try:
        listed = reading.read(Path(job["list"]), Headings(translate))
        if job["files"]:
            _begin(Path(job["files"]), Path(job["folder"]), _named(listed))
    except Unreadable as problem:
        return {"problem": problem.message.text(translate)}
    around = Surroundings(job["agencies"], job["licences"], translate=translate)
    remarks = list(check(listed, around).remarks)
    if not job["files"]:
        # Which files there are nobody said.
        remarks = [each for each in remarks if each.code != "no_file"]
    faulty = {each.row for each in remarks if each.fault} & {row.number for row in listed.rows}
    made = book.as_xlsx(listed, remarks, translate)
    told = report.ordered(remarks)
    return {
        "rows": len(listed.rows),
        "faulty": len(faulty),
        "remarks": [_shown(each, translate) for each in told[:SHOWN]],
        "left": max(0, len(told) - SHOWN),
        "names_files": bool(_named(listed)),
        "with_files": bool(job["files"]),
        "book": base64.b64encode(made).decode(),
    }


def _shown(each: Remark, translate: Any) -> dict[str, Any]:
    return {
        "row": each.row,
        "column": each.column,
        "field": bare(translate(label(each.field))) if each.field else "",
        "fault": each.fault,
        "what": each.what.text(translate),
        "todo": each.todo.text(translate),
    }


def _named(listed: Manifest) -> set[str]:
    """Return the files that a list names."""
    cells = (row.cells.get(FILE, "").replace(";", "\n").splitlines() for row in listed.rows)
    more = (each.get(FILE, "") for row in listed.rows for each in row.files)
    named = {text.strip().replace("\\", "/") for some in cells for text in some} | set(more)
    return {name for name in named if name}


def _begin(archive: Path, folder: Path, named: Iterable[str]) -> None:
    """Put the beginning of each file of a ZIP where the list looks for it.

    :raises Unreadable: it is none, or holds too many.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [each for each in opened.infolist() if not each.is_dir()]
            if len(entries) <= MOST_FILES:
                _put(opened, entries, folder, named)
    except Exception:  # noqa: BLE001 - whatever a broken ZIP does to the library
        raise Unreadable(Message(NO_ZIP)) from None
    if len(entries) > MOST_FILES:
        raise Unreadable(Message(MANY_FILES, {"count": MOST_FILES}))


def _put(
    opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, named: Iterable[str]
) -> None:
    inside = [PurePosixPath(each.filename.replace("\\", "/")) for each in entries]
    top = _top(inside, named)
    for entry, path in zip(entries, inside, strict=True):
        parts = path.parts[1:] if top else path.parts
        # Nothing that leads out of the folder, and no settings of programs.
        if not parts or path.is_absolute() or any(part.startswith(".") for part in parts):
            continue
        place = folder.joinpath(*parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(entry) as file:
            place.write_bytes(file.read(misleading.HEAD))


def _top(paths: Iterable[PurePosixPath], named: Iterable[str]) -> bool:
    """Tell whether all files stand in one folder, zipped whole, that the list does not name."""
    tops = {path.parts[0] if len(path.parts) > 1 else "" for path in _plain(paths)}
    top = tops.pop() if len(tops) == 1 else ""
    return bool(top) and not any(name.startswith(f"{top}/") for name in named)


def _plain(paths: Iterable[PurePosixPath]) -> Iterator[PurePosixPath]:
    # What a Mac adds beside the files.
    return (path for path in paths if path.parts and path.parts[0] != "__MACOSX")


def main() -> None:
    """Check the list that the job names."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing but the answer may reach the parent, whatever a library prints.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = json.loads(sys.stdin.readline())
    restrain(job["limits"])
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (misleading.HEAD, hard))
    answers.write(json.dumps(answer(job)))
    answers.flush()


if __name__ == "__main__":
    main()
