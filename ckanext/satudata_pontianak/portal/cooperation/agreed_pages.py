"""Agreed data (*Daftar Data*): the public list, what agencies owe, and bringing a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import config, days
from ...agencies import registry
from ...jepin.agreed.actions import MAX_ROWS
from ...jepin.rules.agreed import NO, OWED, YES, Standing, agreed
from ...sop.files import official_files
from ...surface import page_names
from ...surface.pages import page
from ..smki.pages import called, paged, stepped
from ..web import call
from ..web.form_page import Road, field
from ..web.forms import Choice
from ..web.request_forms import closed
from . import bring_page
from .bring_page import Bring

data = flask.Blueprint("satudata_agreed", __name__)
LIST, INSIDE = "/daftar-data", "/satudata/daftar-data"
WRITERS = {"csv": official_files.comma_separated, "xlsx": official_files.workbook}
WIDTHS = (8, 40, 60, 20, 18, 60)
SHEET_WIDTHS = (16, 30, 60, 16, 16, 10, 40)
MOST_DATASETS = 500
"""Datasets of an agency that are offered by name; another may be typed."""


def listed() -> Any:
    """List the agreed data of a year for everybody: agency, title, frequency, schedule."""
    year, agency = _year(), _asked("agency")
    found = paged(
        "satudata_agreed_list", "rows", "satudata_agreed.listed", year=year, agency=agency
    )
    shown = {
        **found,
        "year": year,
        "years": _years(found["whole"]["years"], year),
        "agency": agency,
        "agencies": _agencies(),
        "files": [*WRITERS],
        "sees": satudata_sees_agreed(),
    }
    return tk.render("satudata/cooperation/agreed_list.html", shown)


def listed_file(form: str) -> Any:
    """Give the agreed data of a year as a file, as far as the page shows them."""
    year, agency = _year(), _asked("agency")
    most = agreed().rows
    rows = bring_page.whole("satudata_agreed_list", most, MAX_ROWS, year=year, agency=agency)
    table = {
        "caption": tk._("Agreed data list"),
        "heads": [
            tk._("Year"),
            tk._("Agency"),
            tk._("Data"),
            tk._("Frequency of publication"),
            tk._("Release schedule"),
            tk._("Dataset"),
        ],
        "rows": [_public_cells(row) for row in rows],
        "widths": WIDTHS,
    }
    response = flask.Response(WRITERS[form](table), mimetype=official_files.TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="daftar-data-{year}.{form}"'
    return response


def _public_cells(row: Mapping[str, Any]) -> list[str]:
    dataset = row["dataset"]
    site = config.site_url().rstrip("/")
    return [
        str(row["year"]),
        row["agency"]["title"] if row["agency"] else "",
        row["title"],
        row["frequency_label"],
        row["due"],
        f"{site}{tk.url_for('dataset.read', id=dataset['name'])}" if dataset else "",
    ]


def owed() -> Any:
    """List what the reader's agencies owe in a year, and what there is to do."""
    if not call.logged_in():
        return call.log_in()
    year, agency, standing = _year(), _asked("agency"), _asked("standing")
    found = paged(
        "satudata_agreed_owed",
        "rows",
        "satudata_agreed.owed",
        year=year,
        agency=agency,
        standing=standing if standing in [*Standing] else None,
    )
    shown = {
        **found,
        "year": year,
        "years": _years(found["whole"]["years"], year),
        "agency": agency,
        "agencies": _agencies(),
        "standing": standing,
        "standings": satudata_agreed_standings(),
        "open": [name.value for name in OWED],
    }
    return closed(tk.render("satudata/cooperation/agreed_owed.html", shown))


def fulfil(row: str) -> Any:
    """Show a row that an agency owes, and take the dataset that fulfils it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_agreed_owed", row=row)["results"]
    if not found:
        return tk.abort(404, tk._("Not found"))
    shown = {"row": found[0], "open": [name.value for name in OWED]}
    roads = {"fulfil": _road(found[0])} if found[0]["may_fulfil"] else {}
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_agreed.fulfil", row=row)
    body = tk.render("satudata/cooperation/agreed_row.html", {**shown, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _road(row: Mapping[str, Any]) -> Road:
    known = row["dataset"]
    agency = row["agency"]
    return Road(
        title=tk._("Name the dataset that fulfils it"),
        intro=tk._(
            "A dataset of the agency. It counts once data of the year were decided; leave it empty "
            "to take it out."
        ),
        button=tk._("Save"),
        fields=[
            field(
                "dataset",
                "line",
                tk._("Name of the dataset in the address of its page"),
                required=False,
                max_length=100,
                value=known["name"] if known else None,
                suggestions=_datasets(agency["name"]) if agency else (),
            )
        ],
        call=lambda values: call.call(
            "satudata_agreed_fulfil", row=row["id"], dataset=values.get("dataset", "")
        ),
        done=tk._("It is saved."),
    )


def _datasets(agency: str) -> list[Choice]:
    """Return the datasets of an agency of which the reader may know, for the field of a name."""
    found = call.call(
        "package_search",
        fq=f'+organization:"{agency}"',
        rows=MOST_DATASETS,
        fl="name,title",
        include_private=True,
        include_drafts=True,
    )
    return [Choice(each["name"], each["title"] or each["name"]) for each in found["results"]]


def bring() -> Any:
    """Show the form of a list of a year, and what would become of each of its rows."""
    if not call.logged_in():
        return call.log_in()
    year = _year()
    low, high = agreed().span(days.today())
    choices = [Choice(str(each), str(each)) for each in range(high, low - 1, -1)]
    found = Bring(
        action="satudata_agreed_import",
        title=tk._("Bring an agreed data list"),
        intro=tk._(
            "A workbook or CSV with the columns below. Look first: nothing is written, and every "
            "row says what would become of it. The list is taken over whole or not at all. Rows "
            "that it does not hold stay; a row with a code alone takes away what stands there."
        ),
        columns=agreed().columns.values(),
        back=(tk._("What agencies owe"), tk.url_for("satudata_agreed.owed", year=year)),
        sheet=(
            tk._("The list of this year as a sheet (XLSX)"),
            tk.url_for("satudata_agreed.sheet", year=year),
        ),
        entry=tk._("Data"),
        fields=[
            field("year", "choice", tk._("Year of the list"), choices=choices, value=str(year))
        ],
    )
    return bring_page.show(found)


def sheet() -> Any:
    """Give the list of a year as a workbook, to be mended and brought back."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse("satudata_agreed_import")
    year = _year()
    rows = bring_page.whole("satudata_agreed_owed", agreed().rows, MAX_ROWS, year=year)
    table = {
        "caption": tk._("Agreed data list"),
        "heads": agreed().headings,
        "rows": [_cells(row) for row in rows],
        "widths": SHEET_WIDTHS,
    }
    return bring_page.book(table, f"daftar-data-{year}.xlsx")


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [
        row["code"],
        row["agency"]["name"] if row["agency"] else "",
        row["title"],
        row["frequency"],
        row["due"],
        YES if row["priority"] else NO,
        row["dataset"]["name"] if row["dataset"] else "",
    ]


def _year() -> int:
    """Return the year that the address names; this one where it names none that can be."""
    today = days.today()
    low, high = agreed().span(today)
    asked = flask.request.args.get("year", today.year, type=int)
    return asked if low <= asked <= high else today.year


def _asked(name: str) -> str | None:
    return flask.request.args.get(name, "").replace("\x00", "").strip() or None


def _years(known: list[int], shown: int) -> list[int]:
    return sorted({*known, shown, days.today().year}, reverse=True)


def _agencies() -> list[Choice]:
    known = sorted(registry.load_agencies().values(), key=lambda each: each.title.casefold())
    return [Choice(each.name, each.title) for each in known]


def satudata_sees_agreed() -> bool:
    """Tell whether the reader reads where agreed data of an agency stand."""
    return call.may("satudata_agreed_owed")


def satudata_agreed_standings() -> dict[str, str]:
    """Return what each standing of a row is called, in order."""
    return {each.value: tk._(agreed().standings[each].label) for each in Standing}


def satudata_agreed_of(agency: str) -> dict[str, Any] | None:
    """Return what an agency owes this year, for who reads it; ``None`` for others."""
    try:
        return call.call("satudata_agreed_owed", agency=agency, limit=0)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


data.add_url_rule(LIST, "listed", page(listed, kept=True, light=True))
for _form in WRITERS:
    data.add_url_rule(f"{LIST}.{_form}", f"listed_{_form}", listed_file, defaults={"form": _form})
data.add_url_rule(INSIDE, "owed", owed)
data.add_url_rule(f"{INSIDE}/daftar", "bring", bring, methods=["GET", "POST"])
data.add_url_rule(f"{INSIDE}/daftar-data.xlsx", "sheet", sheet)
data.add_url_rule(f"{INSIDE}/baris/<row>", "fulfil", fulfil, methods=["GET", "POST"])
page_names.known_as(agreed_owed="satudata_agreed.owed")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [data]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        f.__name__: f for f in (satudata_sees_agreed, satudata_agreed_of, satudata_agreed_standings)
    }
