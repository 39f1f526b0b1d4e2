"""What rows and columns are called on pages."""

from __future__ import annotations

from ..msgids import N_
from .columns import Role
from .lines import Line

LINES: dict[str, str] = {
    Line.DATA: N_("row of data"),
    Line.SECTION: N_("name of a group"),
    Line.SUBTOTAL: N_("row of subtotals"),
    Line.TOTAL: N_("row of totals"),
    Line.UNITS: N_("row of units"),
    Line.NUMBERING: N_("numbers of the columns"),
    Line.REPEATED: N_("heading once more"),
    Line.PAGE: N_("number of a page"),
    Line.NOTE: N_("row of notes"),
    Line.SIGNATURE: N_("row of the signature"),
    Line.HEADER: N_("heading of the table"),
    Line.LETTERHEAD: N_("letterhead"),
    Line.TITLE: N_("title of the table"),
    Line.OTHER: N_("another table"),
    Line.HIDDEN: N_("hidden row"),
    "beside": N_("remark beside the table"),
}
ROLES: dict[Role, str] = {
    "numbering": N_("column of running numbers"),
    "region": N_("column of regions"),
    "period": N_("column of periods"),
    "date": N_("column of days"),
    "category": N_("column of groups"),
    "code": N_("column of codes"),
    "text": N_("column of texts"),
    "unit": N_("column of units"),
    "measure": N_("column of figures"),
    "total": N_("column of sums"),
}
