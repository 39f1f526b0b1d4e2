"""What was found, for people and for programs: lines, a table, JSONL. Pure.

The workbook with the remarks in its cells is made by ``book.py``.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator

from ..messages import Message, Translate
from ..msgids import N_, bare
from ..surface import formulas
from . import fields as known
from .remarks import Remark

ROW = N_("Row %(row)s")
COLUMN = N_("column %(column)s (%(field)s)")
HEADS = {
    "row": N_("Row"),
    "column": N_("Column"),
    "field": N_("Field"),
    "fault": N_("Kind of remark"),
    "what": N_("What is wrong"),
    "todo": N_("What to do"),
}
FAULT, NOTE = N_("fault"), N_("note")
_OBEYED = frozenset({"Cc", "Cf"})


def ordered(remarks: Iterable[Remark]) -> list[Remark]:
    """Return remarks by row, faults first."""
    return sorted(remarks, key=lambda each: (each.row, not each.fault))


def lines(remarks: Iterable[Remark], translate: Translate) -> Iterator[str]:
    """Say each remark in a line: row, column, what, what to do."""
    for each in ordered(remarks):
        where = Message(ROW, {"row": each.row}).text(translate) if each.row else ""
        if each.column:
            field = Message(known.label(each.field)) if each.field else ""
            params = {"column": each.column, "field": field}
            column = Message(COLUMN, params).text(translate).replace(" ()", "")
            where = ", ".join(filter(None, (where, column)))
        kind = bare(translate(FAULT if each.fault else NOTE))
        yield tame(f"{where}: [{kind}] {each.what.text(translate)} {each.todo.text(translate)}")


def tame(line: str) -> str:
    """Return a line without the signs that a terminal obeys, or that turn its order."""
    return "".join("�" if unicodedata.category(sign) in _OBEYED else sign for sign in line)


def as_jsonl(remarks: Iterable[Remark], translate: Translate) -> str:
    """Return the remarks as JSON, one a line; ``code`` is the same in every language."""
    made = (
        {
            "row": each.row,
            "column": each.column,
            "field": each.field,
            "code": each.code,
            "fault": each.fault,
            "what": each.what.text(translate),
            "todo": each.todo.text(translate),
        }
        for each in ordered(remarks)
    )
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in made)


def as_csv(remarks: Iterable[Remark], translate: Translate) -> bytes:
    """Return the remarks as a table in the dialect of all our tables."""
    heads = [bare(translate(text)) for text in HEADS.values()]
    return formulas.sheet(heads, [cells(each, translate) for each in ordered(remarks)])


def cells(each: Remark, translate: Translate) -> list[str]:
    """Return a remark as a row below :data:`HEADS`."""
    field = bare(translate(known.label(each.field))) if each.field else ""
    kind = bare(translate(FAULT if each.fault else NOTE))
    said = (each.what.text(translate), each.todo.text(translate))
    return [str(each.row), each.column, field, kind, *said]
