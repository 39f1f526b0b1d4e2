"""``satudata metadata download`` and ``upload``: the metadata of many datasets in one workbook.

Exit status: as of ``satudata publish``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from ..messages import Message, Translate
from ..msgids import N_
from . import bringing, reading, report, round_trip, session, state, words
from .client import TRIES, Again, NotAllowed, Portal, Refused
from .fields import Headings
from .reading import Manifest, Unreadable
from .remarks import Remark, at, of_row
from .round_trip import Change

_PAGE = 100

EXISTS = N_("%(name)s exists already. Name another file, or move it away.")
NOTHING = N_("This token finds no dataset of these agencies.")
DOWNLOADED = N_("%(count)s datasets: %(name)s. Change cells, save, and upload the same file.")
XLSX_ONLY = N_("The workbook is an XLSX file: end its name with .xlsx.")
RESULT = N_("%(changed)s datasets changed, %(same)s rows without a change, %(faulty)s with faults.")
WOULD = N_("%(changed)s datasets would change, %(same)s rows stay, %(faulty)s with faults.")


@click.group()
def metadata() -> None:
    """Edit the metadata of many datasets in one workbook."""


@metadata.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--agency", "agencies", multiple=True, metavar="NAME", help="Only of this agency.")
@session.options
def download(
    file: Path, *, agencies: tuple[str, ...], url: str | None, token_file: Path | None, lang: str
) -> None:
    """Write the metadata of the datasets that you may edit into FILE (XLSX)."""
    translate = words.translation(lang)
    with session.ending(translate):
        if file.suffix.lower() != ".xlsx":
            raise Unreadable(Message(XLSX_ONLY))
        if file.exists():
            raise Unreadable(Message(EXISTS, {"name": file.name}))
        portal = session.portal(url, token_file)
        of = [name for name in portal.agencies() if not agencies or name in agencies]
        datasets = [each for name in of for each in _datasets(portal, name)]
        if not datasets:
            raise Unreadable(Message(NOTHING))
        licences = portal.licences()
        state.write(file, round_trip.workbook(datasets, translate, licences=licences))
        params = {"count": len(datasets), "name": str(file)}
        click.echo(Message(DOWNLOADED, params).text(translate))


def _datasets(portal: Portal, agency: str) -> Iterator[dict[str, Any]]:
    """Give the datasets of an agency, decided or not."""
    start = 0
    while True:
        asked = {
            "fq": f'+organization:"{agency}" +dataset_type:dataset',
            "rows": _PAGE, "start": start, "sort": "name asc", "include_private": True,
        }  # fmt: skip
        found = portal.asked("package_search", asked)["results"]
        yield from found
        if len(found) < _PAGE:
            return
        start += _PAGE


@metadata.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show the difference only; nothing is sent.")
@session.working
@session.options
def upload(
    file: Path,
    *,
    dry_run: bool,
    workers: int,
    reports: tuple[Path, ...],
    url: str | None,
    token_file: Path | None,
    lang: str,
) -> None:
    """Apply what was changed in FILE, which `download` made; --dry-run shows it only."""
    translate = words.translation(lang)
    with session.ending(translate):
        session.check_reports(reports)
        before = round_trip.originals(file)
        listed = reading.read(file, Headings(translate))
        portal = session.portal(url, token_file)
        around = session.surroundings(portal, submit=False, translate=translate)
        changes, remarks = round_trip.changed(listed, before, around)
        with ThreadPoolExecutor(workers) as pool:
            told = list(pool.map(lambda each: _one(portal, listed, each, dry_run), changes))
        remarks += [remark for some in told for remark in some]
        _tell(listed, remarks, translate, dry_run=dry_run)
        session.write(listed, remarks, reports, translate)
        codes = {each.code for each in remarks if each.fault}
        sys.exit(3 if "no_answer" in codes else 1 if codes else 0)


def _one(portal: Portal, listed: Manifest, change: Change, dry_run: bool) -> list[Remark]:
    """Apply what one row changes, or say it; after an answer that was lost, look again."""
    row = next(each for each in listed.rows if each.number == change.row)
    begun: Change | None = None
    for attempt in range(TRIES):
        try:
            shown = portal.shown(change.dataset_id)
            left, told = round_trip.against(listed, change, shown)
            begun = begun or left
            # All or nothing of a row: what is half right is not sent.
            if told or (not dry_run and not left.fields):
                return told or [*round_trip.differences(listed, begun, applied=True)]
            if dry_run:
                return list(round_trip.differences(listed, left, applied=False))
            portal.call("package_patch", {"id": change.dataset_id, **left.patch})
        except Again as busy:
            if attempt < TRIES - 1:
                portal.rest(attempt, busy)
        except Refused as refused:
            return [
                at(listed, row, each.field, each.code, each.what, each.todo)
                for each in bringing.problems(refused.errors)
            ]
        except NotAllowed:
            message = Message(bringing.NOT_ALLOWED)
            return [of_row(listed, row, "not_allowed", message, bringing.ASK)]
    unlike = Message(bringing.NO_ANSWER)
    return [of_row(listed, row, "no_answer", unlike, bringing.RUN_AGAIN)]


def _tell(listed: Manifest, remarks: list[Remark], translate: Translate, *, dry_run: bool) -> None:
    for line in report.lines(remarks, translate):
        click.echo(line)
    faulty = {each.row for each in remarks if each.fault}
    changed = {each.row for each in remarks if each.code == "difference"} - faulty
    params = {
        "changed": len(changed),
        "same": len(listed.rows) - len(changed | faulty),
        "faulty": len(faulty),
    }
    click.echo(Message(WOULD if dry_run else RESULT, params).text(translate))
