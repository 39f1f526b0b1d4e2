"""The metadata of many datasets in one workbook: downloaded, changed, and compared. Pure.

Three states of each field meet: as it was downloaded (kept in a sheet that is not shown), as the
row says now, and as the portal has it. Only what was changed in the workbook is sent; where the
portal changed as well, a person decides. Classification is not edited here: it is proposed on the
form, decided by a case, and read from the portal.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..messages import Message, Translate
from ..msgids import N_, bare
from . import fields as known
from .book import remark, write
from .checking import Reader, Surroundings
from .fields import FILE, FILE_ABOUT, FILE_NAME, ID, STATE
from .plan import shown_value
from .reading import Manifest, Row, Unreadable, letter
from .remarks import Remark, at, of_row
from .told import Agencies, Licences, as_told, choices, told

ORIGINAL = "_asli"
"""The sheet with what was downloaded."""
SHEETS = (N_("Metadata"), N_("Choices"))
LIST = N_("List")
OWNER = "owner_org"
_OF_LISTS = (FILE, FILE_NAME, FILE_ABOUT)
_WIDTH, _ROOM = 28, 501

NO_ORIGINAL = N_(
    "This workbook was not made by “satudata metadata download”, or its hidden sheet is gone. "
    "Download it anew and copy your changes into it."
)
NO_ID = N_("This row names no dataset that was downloaded.")
KEEP_ID = N_("Leave the first column as it was downloaded; delete the row if it is not needed.")
CHANGED_THERE = N_("Meanwhile the portal has “%(there)s” here.")
DECIDE = N_("Download the workbook anew and decide which of the two is right.")
DIFFERENCE = N_("“%(before)s” becomes “%(after)s”.")
APPLY = N_("Run the command without --dry-run to apply it.")
APPLIED = N_("Nothing to do: it was applied.")
NOT_EMPTY = N_("“%(field)s” cannot be empty.")
FILL = N_("Fill in this cell.")


def editable() -> list[str]:
    """Return the fields that are edited in the workbook, in the order of the form."""
    # An address and an owner change what a dataset is known by: each on its own page.
    fixed = {"name", "owner_org"}
    return [n for n, f in known.fields().items() if not f.is_axis and n not in fixed]


def values_of(shown: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a dataset as they stand in cells."""
    return {name: shown_value(shown, name) for name in editable()}


@dataclass(frozen=True)
class Change:
    """What a row changes in its dataset: field → value before, value after."""

    row: int
    dataset_id: str
    fields: Mapping[str, tuple[str, str]]

    @property
    def patch(self) -> dict[str, str]:
        """What is sent."""
        return {name: after for name, (_before, after) in self.fields.items()}


# -------------------------------------------------------------------------------- the workbook


def workbook(
    datasets: Iterable[Mapping[str, Any]],
    translate: Translate,
    state: Callable[[Mapping[str, Any]], str] | None = None,
    licences: Licences | None = None,
) -> bytes:
    """Return the workbook to change: a row for each dataset, choices to pick from.

    Codes stand with their names, choices by their words; the hidden sheet has what is stored.

    :param state: gives what a last column says of the state in which a dataset was downloaded.
    :param licences: those of the portal, to pick from.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = bare(translate(SHEETS[0]))
    columns = [ID, "name", *editable(), *([STATE] if state else [])]
    for place, name in enumerate(columns):
        write(sheet, 1, place, bare(translate(known.label(name))), bold=True)
        sheet.column_dimensions[letter(place)].width = _WIDTH
    original: Any = book.create_sheet(ORIGINAL)
    original.sheet_state = "veryHidden"
    for place, name in enumerate([ID, *editable()]):
        write(original, 1, place, name)
    count = 1
    for count, shown in enumerate(datasets, 2):
        held = values_of(shown)
        cells = {ID: str(shown["id"]), "name": str(shown.get("name", "")), **held}
        if state:
            cells[STATE] = state(shown)
        for place, name in enumerate(columns):
            if cells[name]:
                write(sheet, count, place, told(name, cells[name], translate, licences))
        for place, name in enumerate([ID, *editable()]):
            write(original, count, place, cells[name])
    places = {name: place for place, name in enumerate(columns)}
    _offer(book, sheet, places, max(count, 2), translate, licences)
    sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def remarked(
    manifest: Manifest,
    said: Mapping[int, Mapping[str, str]],
    translate: Translate,
    licences: Licences | None = None,
) -> bytes:
    """Return a workbook as somebody changed it, with what is wrong as a comment in its cell.

    Changed further, it is brought back as the first one was.

    :param said: number of the row → field → what is said of it; what has no column stands in front.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = bare(translate(SHEETS[0]))
    places = {column.field: column.at for column in manifest.columns if column.field}
    for column in manifest.columns:
        write(sheet, 1, column.at, column.heading, bold=True)
        sheet.column_dimensions[letter(column.at)].width = _WIDTH
    for row in manifest.rows:
        for name, place in places.items():
            if text := row.cells.get(name):
                write(sheet, row.number, place, text)
        told_here: dict[int, list[str]] = {}
        for name, text in said.get(row.number, {}).items():
            told_here.setdefault(places.get(name, 0), []).append(text)
        for place, texts in told_here.items():
            remark(sheet, row.number, place, "\n\n".join(texts), fault=True)
    last = max((row.number for row in manifest.rows), default=2)
    _offer(book, sheet, places, last, translate, licences)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def blank(translate: Translate, licences: Licences, agencies: Agencies) -> bytes:
    """Return a list of datasets without a row: the columns that it may have, and what to pick.

    :param agencies: those that its reader publishes for.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = bare(translate(LIST))
    columns = [*(name for name in known.fields() if name != "name"), *_OF_LISTS]
    for place, name in enumerate(columns):
        write(sheet, 1, place, bare(translate(known.label(name))), bold=True)
        sheet.column_dimensions[letter(place)].width = _WIDTH
    places = {name: place for place, name in enumerate(columns)}
    _offer(book, sheet, places, _ROOM, translate, licences, agencies)
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer(
    book: Any,
    sheet: Any,
    places: Mapping[str, int],
    last: int,
    translate: Translate,
    licences: Licences | None,
    agencies: Agencies | None = None,
) -> None:
    """Add the sheet of choices, and let the cells be picked from it.

    :param places: field → its column, from 0.
    :param last: the last row to be filled in.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    title = bare(translate(SHEETS[1]))
    listed: Any = book.create_sheet(title)
    fields = ((name, known.fields().get(name)) for name in places)
    offered = ((n, list(choices(field, licences, agencies))) for n, field in fields if field)
    for at_, (name, values) in enumerate((name, values) for name, values in offered if values):
        write(listed, 1, at_, bare(translate(known.label(name))), bold=True)
        listed.column_dimensions[letter(at_)].width = _WIDTH
        for number, value in enumerate(values, 2):
            text = told(name, value, translate, licences)
            write(listed, number, at_, agencies[value] if agencies and name == OWNER else text)
        column = letter(at_)
        rule = DataValidation(
            type="list",
            formula1=f"'{title}'!${column}$2:${column}${len(values) + 1}",
            allow_blank=True,
            showErrorMessage=False,
        )
        rule.add(f"{letter(places[name])}2:{letter(places[name])}{last}")
        sheet.add_data_validation(rule)


def originals(path: Path) -> dict[str, dict[str, str]]:
    """Return what was downloaded: id → fields.

    :raises Unreadable: the workbook does not tell it.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = book[ORIGINAL].iter_rows(values_only=True)
        _id, *names = map(str, next(rows))
        found = {
            str(row[0]): {name: str(v or "") for name, v in zip(names, row[1:], strict=False)}
            for row in rows
            if row and row[0]
        }
    except Exception:  # noqa: BLE001 - whatever a broken workbook does to the library
        raise Unreadable(Message(NO_ORIGINAL)) from None
    if not found:
        raise Unreadable(Message(NO_ORIGINAL))
    return found


# -------------------------------------------------------------------------------- comparing


def changed(
    manifest: Manifest, originals: Mapping[str, Mapping[str, str]], around: Surroundings
) -> tuple[list[Change], list[Remark]]:
    """Return what the workbook changes, row by row, and what is wrong in what was changed."""
    changes, remarks, seen = [], [], set[str]()
    for row in manifest.rows:
        dataset_id = row.cells.get(ID, "")
        if dataset_id not in originals or dataset_id in seen:
            remarks.append(of_row(manifest, row, "no_id", Message(NO_ID), KEEP_ID))
            continue
        seen.add(dataset_id)
        said: list[Remark] = []
        found = dict(differing(manifest, row, originals[dataset_id], around, said))
        remarks += said
        if found and not any(each.fault for each in said):
            changes.append(Change(row.number, dataset_id, found))
    return changes, remarks


def differing(
    manifest: Manifest,
    row: Row,
    before: Mapping[str, str],
    around: Surroundings,
    said: list[Remark],
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give each field in which a row differs: its value before, and as it would be stored.

    :param said: takes what is to be said of its cells.
    """
    reader = Reader(manifest, row, around, said)
    held = {column.field for column in manifest.columns}
    for name in editable():
        was, now = before.get(name, ""), row.cells.get(name, "")
        # A column that somebody deleted asks for nothing.
        if name not in held or _even(now) in map(_even, as_told(name, was, around.licences)):
            continue
        field = known.fields()[name]
        if not now:
            if name == "title":
                what = Message(NOT_EMPTY, {"field": Message(field.label)})
                said.append(at(manifest, row, name, "empty", what, FILL))
            else:
                yield name, (was, "")
            continue
        stored = reader.value(field, now)
        if stored is not None and stored != was:
            yield name, (was, stored)


def against(
    manifest: Manifest, change: Change, shown: Mapping[str, Any]
) -> tuple[Change, list[Remark]]:
    """Compare a change with what the portal has now.

    :returns: what is left to be sent, and a remark for each field that changed there as well.
    """
    row = next(each for each in manifest.rows if each.number == change.row)
    there = values_of(shown)
    left: dict[str, tuple[str, str]] = {}
    said = []
    for name, (before, after) in change.fields.items():
        held = there.get(name, "")
        if _even(held) == _even(after):
            continue
        if _even(held) != _even(before):
            what = Message(CHANGED_THERE, {"there": held[:200]})
            said.append(at(manifest, row, name, "changed_there", what, DECIDE))
        else:
            left[name] = (before, after)
    return Change(change.row, change.dataset_id, left), said


def differences(manifest: Manifest, change: Change, *, applied: bool) -> Iterator[Remark]:
    """Say each field that changes, before and after."""
    row = next(each for each in manifest.rows if each.number == change.row)
    for name, (before, after) in change.fields.items():
        what = Message(DIFFERENCE, {"before": before[:200], "after": after[:200]})
        todo = APPLIED if applied else APPLY
        yield at(manifest, row, name, "difference", what, todo, fault=False)


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
