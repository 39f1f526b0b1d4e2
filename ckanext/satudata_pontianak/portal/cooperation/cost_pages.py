"""What apps and datasets cost and who uses them: the lines of a year, a list that is brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...jepin.costs.actions import MAX_ROWS
from ...jepin.rules.costs import costs
from ..smki.pages import paged
from ..web import call
from ..web.request_forms import closed
from . import bring_page
from .bring_page import Bring

lines = flask.Blueprint("satudata_costs", __name__)
PAGE = "/satudata/biaya"
WIDTHS = (40, 8, 24, 20, 16)


def index() -> Any:
    """List what apps and datasets cost in a year, beside how they stand and who uses them."""
    if not call.logged_in():
        return call.log_in()
    year = _year()
    found = paged("satudata_cost_list", "lines", "satudata_costs.index", year=year)
    years = sorted({*found["whole"]["years"], year, days.today().year}, reverse=True)
    shown = {**found, "year": year, "years": years}
    return closed(tk.render("satudata/cooperation/costs.html", shown))


def _year() -> int:
    """Return the year that the address names; this one where it names none that can be."""
    today = days.today()
    low, high = costs().span(today)
    asked = flask.request.args.get("year", today.year, type=int)
    return asked if low <= asked <= high else today.year


def bring() -> Any:
    """Show the form of a list, and what would become of each of its rows."""
    if not call.logged_in():
        return call.log_in()
    year = days.today().year
    found = Bring(
        action="satudata_cost_import",
        title=tk._("Bring a list of costs and use"),
        intro=tk._(
            "A workbook or CSV with the columns below. Look first: nothing is written, and every "
            "row says what would become of it. The list is taken over whole or not at all. A row "
            "without code, cost and visits takes away what stands there."
        ),
        columns=costs().columns.values(),
        back=(tk._("Costs and use"), tk.url_for("satudata_costs.index")),
        sheet=(
            tk._("The list of this year as a sheet (XLSX)"),
            tk.url_for("satudata_costs.sheet", year=year),
        ),
        entry=tk._("App or dataset"),
    )
    return bring_page.show(found)


def sheet() -> Any:
    """Give the lines of a year as a workbook, to be filled in and brought back."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse("satudata_cost_import")
    lines = bring_page.whole("satudata_cost_list", costs().rows, MAX_ROWS, year=_year())
    table = {
        "caption": tk._("Costs and use"),
        "heads": costs().headings,
        "rows": [_cells(line) for line in lines],
        "widths": WIDTHS,
    }
    return bring_page.book(table, "biaya.xlsx")


def _cells(line: Mapping[str, Any]) -> list[str]:
    said = (line[name] for name in ("name", "year", "budget_code", "cost", "visits"))
    return ["" if value is None else str(value) for value in said]


def satudata_sees_costs() -> bool:
    """Tell whether the reader reads what apps and datasets cost."""
    return call.may("satudata_cost_list")


def satudata_costs(package_id: str) -> list[dict[str, Any]]:
    """Return what an app cost in its last years, for its people; nothing for others."""
    if not call.logged_in():
        return []
    try:
        return call.call("satudata_cost_list", id=package_id, limit=3)["results"]
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return []


lines.add_url_rule(PAGE, "index", index)
lines.add_url_rule(f"{PAGE}/daftar", "bring", bring, methods=["GET", "POST"])
lines.add_url_rule(f"{PAGE}/biaya.xlsx", "sheet", sheet)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [lines]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in (satudata_sees_costs, satudata_costs)}
