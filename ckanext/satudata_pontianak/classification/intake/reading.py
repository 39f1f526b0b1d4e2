"""What was read of a staged file: its table, what it tells of the dataset, and what the scan says.

Each in a child process within limits. It is kept beside the bytes and goes with them; of the table
only its first rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ckan import model

from ... import config
from ...agencies import registry
from ...disclosure.limits import DEFAULT, Limits
from ...disclosure.reasons import Reason
from ...disclosure.sandbox import scan_in_child
from ...disclosure.sentences import explain
from ...messages import Message, Translate
from ...msgids import N_
from ...tidying import running
from ...tidying.recipe import parsed
from ...tidying.telling import of_json, to_json
from ..records import text_findings
from ..rules import kind_names
from . import shelf
from .definition import intake
from .model import Staged

ENDED = N_(
    "Reading this file took too long or too much memory. Nothing is lost: save the table alone in "
    "a new file and try that, or publish the file with the form without a file."
)
BUSY = N_("Other files are being read. Nothing is lost: try again in a minute.")
PERSONAL = N_(
    "A heading of the table or the name of its sheet holds what looks like personal data "
    "(%(kinds)s). How the table is read would be kept with it. Take it out of the file and bring "
    "the file again."
)
FAILED = N_(
    "The portal made a mistake in reading this file; the file is not to blame. Nothing is lost: "
    "publish the file as it is, and tell the help desk."
)
_OURS = {"ended": ENDED, "busy": BUSY, "failed": FAILED}


def limits() -> Limits:
    """Return what reading a staged file may use."""
    seconds = intake().seconds
    memory = config.scan_memory_mb() * 1024**2
    return replace(DEFAULT, memory=memory, cpu_seconds=seconds, wall_seconds=float(seconds))


def read(
    row: Staged, change: Mapping[str, Any] | None = None, *, affairs: Sequence[str] = ()
) -> dict[str, Any]:
    """Read a staged file and keep what was read; the recipe is kept with it. Commits.

    :param change: of the recipe: what :mod:`...tidying.answering` knows.
    :param affairs: of the agency's earlier datasets, the most frequent first.
    :returns: the reading: ``table`` (``None`` where there is none), ``problem``, ``scan``, and
        ``refused`` where the change was not possible, of which nothing is kept.
    """
    before = shelf.reading(row.id) or {}
    found = running.ask({**_job(row, change=change), "affairs": list(affairs)}, limits())
    if change and ("problem" in found or "refused" in found):
        return {**before, "refused": found.get("refused"), "problem": found.get("problem")}
    return _keep(row, found, before)


def _keep(row: Staged, found: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    if "recipe" in found and (kinds := identifiers(found["recipe"])):
        # It would outlive the bytes in which it stands.
        found = {"refused": to_json(Message(PERSONAL, {"kinds": kinds}))}
        row.recipe = None
        model.Session.commit()
    reading = {
        "table": None if "problem" in found or "refused" in found else found,
        "problem": found.get("problem"),
        "none": found.get("refused"),
        "scan": before.get("scan") or _scan(row),
        "differs": found.get("differs"),
    }
    if reading["table"] is not None:
        row.recipe = {"text": found["recipe"], "digest": found["digest"]}
        model.Session.commit()
    shelf.write_reading(row.id, reading)
    return reading


def renew(row: Staged, recipe: str) -> dict[str, Any]:
    """Read a file as an earlier one of its dataset was read, and keep that. Commits.

    :param recipe: by which the earlier table was made, as it is kept.
    :returns: the reading; with ``differs`` where the file has another shape: the table is then
        what is proposed, and waits for somebody's word.
    """
    found = running.ask({**_job(row), "recipe": recipe, "renew": True}, limits())
    return _keep(row, found, {})


def agree(row: Staged) -> None:
    """Take what was proposed for a file of another shape."""
    reading = of(row)
    shelf.write_reading(row.id, {**reading, "differs": None})


def identifiers(recipe: str) -> list[Message | str]:
    """Return what the words of a recipe hold of which nobody may read more than that.

    :param recipe: as it is kept.
    :raises RecipeError: it is none.
    """
    known = parsed(recipe.encode())
    said = {known.sheet, known.section}
    said |= {word for use in known.uses for word in (use.heading, use.name, use.unit)}
    found = {one.kind for text in said for one in text_findings.hard_findings("name", text)}
    return [kind_names.called(kind) for kind in sorted(found)]


def of(row: Staged) -> dict[str, Any]:
    """Return what was read of a staged file, read anew where it is not there."""
    return shelf.reading(row.id) or read(row)


class Unread(Exception):
    """The table that was shown cannot be made now; says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def tidy(row: Staged) -> str | None:
    """Return the whole tidy table of a staged file as CSV, ``None`` where none was shown.

    :raises Unread: one was shown, and is not made now: nothing is published without it.
    """
    if not row.recipe or identifiers(row.recipe["text"]):
        return None
    found = running.ask({**_job(row), "csv": True}, limits())
    if found.get("csv") is None:
        code = (found.get("problem") or {}).get("code")
        raise Unread(Message(BUSY if code == "busy" else ENDED))
    return found["csv"]


def _job(row: Staged, *, change: Mapping[str, Any] | None = None) -> dict[str, Any]:
    agency = registry.agency(row.agency_id)
    recipe = row.recipe["text"] if row.recipe else None
    if recipe is not None:
        parsed(recipe.encode())
    return {
        "path": str(shelf.path(row.id)),
        "name": row.filename,
        "office": agency.title if agency else "",
        "shown": intake().shown_rows,
        "recipe": recipe,
        "change": dict(change or {}),
    }


def _scan(row: Staged) -> dict[str, Any]:
    """Return what the scan says: its verdict, its reason, and kinds with their columns."""
    report = scan_in_child(shelf.path(row.id), row.filename, limits())
    return {
        "verdict": report.verdict.value,
        "reason": report.reason.code if report.reason else None,
        "found": [
            {"kind": finding.kind, "column": column.name, "count": finding.count}
            for table in report.tables
            for column in table.columns
            for finding in column.findings
        ],
    }


def problem(reading: Mapping[str, Any], translate: Translate) -> str:
    """Return why a file has no table, "" where it has one."""
    found = reading.get("problem")
    if found:
        code = found["code"]
        if code in _OURS:
            return translate(_OURS[code])
        return explain(Reason(code, found["params"]), translate)
    if reading.get("none"):
        return of_json(reading["none"]).text(translate)
    return ""
