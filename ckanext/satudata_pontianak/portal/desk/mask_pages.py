"""Mask a waiting file: one choice for each column, with what the scan suggests chosen already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import config
from ...classification.rules.axes import classification
from ...msgids import N_
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from . import mask_losses

ACTIONS = {
    "keep": N_("Leave as it is"),
    "drop": N_("Take away"),
    "mask": N_("Keep the first character only"),
    "pseudonym": N_("Replace by a keyed pseudonym"),
    "age_band": N_("Date of birth or age: age band"),
    "year": N_("Date: year only"),
    "number_band": N_("Number: band of ten"),
    "kelurahan": N_("Address: kelurahan only"),
    "rare": N_("Rare values: 'lainnya'"),
}
TARGETS = {
    "replace": N_("In the place of this file"),
    "derived": N_("In a dataset of its own"),
}
_COLUMN = "column-"
TRY = "lihat"
"""What a browser sends of the button that tries what is chosen."""


def mask(id: str, version: str, sheet: int | None = None) -> Any:
    """Show the columns of a waiting file, or mask it and go on to the case of the result."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    try:
        # Trying a plan takes its time: only to draw the form, not to carry it out.
        suggested = _suggested(dataset["id"], version, sheet, preview=flask.request.method == "GET")
        plan = suggested["plan"]
    except tk.NotAuthorized as refusal:
        text = str(refusal.message or tk._("You may not mask this file."))
        return form_page.closed(dataset, text)
    except tk.ValidationError as refusal:
        texts = call.errors_by_field(refusal.error_dict, ()).get("", [])
        return form_page.closed(dataset, " ".join(texts), 422)
    rules = classification().anonymisation
    trying = bool(flask.request.form.get(TRY))
    road = Road(
        screen="mask",
        title=tk._("Mask the data"),
        intro=tk._(
            "What the check suggests is chosen already. The result is checked like every file. It "
            "can be opened where at least %(k)s rows are alike in all that others may know of a "
            "person."
        )
        % {"k": rules.k},
        button=tk._("Mask the file"),
        fields=_fields(_chosen(suggested), rules.k),
        other=(TRY, tk._("Preview what is chosen")),
        call=lambda values: (_try if trying else _mask)(dataset["id"], version, plan, values),
        links=_other_sheets(dataset["name"], version, suggested),
        previews=_previews(suggested.get("previews") or ()),
    )
    attempt = form_page.travel(road)
    if not attempt.done:
        return form_page.show(dataset, road, attempt)
    if trying:
        tried = replace(road, previews=_previews(attempt.result["previews"]))
        return form_page.show(dataset, tried, form_page.again(road))
    masked = attempt.result["masked"]
    said = " ".join(mask_losses.sentences(masked)[:1])
    tk.h.flash_success(f"{tk._('The masked file waits in this case.')} {said}")
    return tk.redirect_to("satudata.case", id=attempt.result["dataset_id"])


OTHER_WAY = "lain"
"""What an address says of the plan that loses fewer rows."""


def _suggested(
    dataset_id: str, version: str, sheet: int | None, *, preview: bool
) -> dict[str, Any]:
    """Return what is suggested for the first sheet, or for one by its number from 1."""
    ask = {"id": dataset_id, "version": version}
    if sheet is not None:
        sheets = call.call("satudata_mask_suggest", **ask)["sheets"]
        if known := sheets[sheet - 1 : sheet]:
            ask["sheet"] = known[0]
    return call.call("satudata_mask_suggest", **ask, preview=preview)


def _other_way() -> bool:
    return flask.request.args.get("cara") == OTHER_WAY


def _chosen(suggested: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the plan that the form is filled in with."""
    tried = suggested.get("previews") or ()
    return tried[1]["plan"] if len(tried) > 1 and _other_way() else suggested["plan"]


def _previews(tried: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what each plan makes of the file, with the way to the one that is not chosen."""
    chosen = 1 if len(tried) > 1 and _other_way() else 0
    titles = (tk._("As suggested"), tk._("With fewer rows left out"))
    links = (flask.request.path, f"{flask.request.path}?cara={OTHER_WAY}")
    return [
        {
            "title": title if len(tried) > 1 else tk._("With what is chosen below"),
            "losses": mask_losses.sentences(item["masked"]),
            "headings": item["headings"],
            "rows": item["rows"],
            "link": None if number == chosen else link,
        }
        for number, (item, title, link) in enumerate(zip(tried, titles, links, strict=False))
    ]


def _other_sheets(name: str, version: str, suggested: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the other sheets of a workbook, each with its address."""
    return [
        (
            tk._("Mask the sheet '%(sheet)s' instead") % {"sheet": sheet},
            tk.url_for("satudata.mask_sheet", id=name, version=version, sheet=number),
        )
        for number, sheet in enumerate(suggested["sheets"], start=1)
        if sheet != suggested["plan"].get("sheet") and len(suggested["sheets"]) > 1
    ]


def _fields(plan: Mapping[str, Any], k: int) -> list[Field]:
    """Return a choice for each column, then what is done with rare rows and with the result."""
    without = set() if config.mask_secret_file() else {"pseudonym"}
    choices = [Choice(a, tk._(label)) for a, label in ACTIONS.items() if a not in without]
    known = {choice.value for choice in choices}
    columns = [
        field(
            f"{_COLUMN}{number}",
            "choice",
            name,
            choices=choices,
            # Where no secret is set, what would be a pseudonym is taken away.
            value=item["do"] if item["do"] in known else "drop",
        )
        for number, (name, item) in enumerate(plan["columns"].items())
    ]
    return [
        *columns,
        field(
            "suppress_below",
            "line",
            tk._("Leave out rows that fewer than so many are alike"),
            required=False,
            help=tk._("0 leaves none out. At least %(k)s are needed for open data.") % {"k": k},
            value=str(plan.get("suppress_below", 0)),
        ),
        field(
            "count_by",
            "agencies",
            tk._("Give counts by these columns instead of rows"),
            required=False,
            help=tk._("Small counts are hidden."),
            choices=[Choice(name, name) for name in plan["columns"]],
            value=(plan.get("aggregate") or {}).get("by", []),
        ),
        field(
            "target",
            "choice",
            tk._("Where the result goes"),
            choices=[Choice(name, tk._(label)) for name, label in TARGETS.items()],
            value="replace",
        ),
    ]


def _mask(dataset_id: str, version: str, plan: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Carry out what was chosen.

    :raises ckan.plugins.toolkit.ValidationError: by the fields of the form.
    """
    wanted = _wanted(plan, values)
    return call.call(
        "satudata_version_mask",
        id=dataset_id,
        version=version,
        plan=wanted,
        target=values["target"],
    )


def _try(dataset_id: str, version: str, plan: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Return what would come of what was chosen; nothing is done.

    :raises ckan.plugins.toolkit.ValidationError: by the fields of the form.
    """
    wanted = _wanted(plan, values)
    return call.call("satudata_mask_suggest", id=dataset_id, version=version, plan=wanted)


def _wanted(plan: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan that was chosen.

    :param plan: what was suggested.
    :raises ckan.plugins.toolkit.ValidationError: by the fields of the form.
    """
    columns, errors = {}, {}
    for number, (name, item) in enumerate(plan["columns"].items()):
        chosen = values.get(f"{_COLUMN}{number}")
        if chosen not in ACTIONS:
            errors[f"{_COLUMN}{number}"] = [tk._("Choose what is done with this column.")]
        else:
            # The options that were suggested go with what was suggested.
            columns[name] = item if chosen == item["do"] else {"do": chosen}
    below = values.get("suppress_below") or "0"
    if not below.isascii() or not below.isdigit() or len(below) > 3:
        errors["suppress_below"] = [tk._("Give a whole number from 0 to 999.")]
    if values.get("target") not in TARGETS:
        errors["target"] = [tk._("Choose where the result goes.")]
    if errors:
        raise tk.ValidationError(errors)
    left = {name for name, item in columns.items() if item["do"] != "drop"}
    wanted: dict[str, Any] = {
        **({"sheet": plan["sheet"]} if "sheet" in plan else {}),
        "columns": columns,
        "quasi_identifiers": [name for name in plan["quasi_identifiers"] if name in left],
        "sensitive": [name for name in plan["sensitive"] if name in left],
        "suppress_below": int(below),
    }
    if by := list(values.get("count_by") or ()):
        wanted["aggregate"] = {"by": by, "totals": True}
    return wanted


def register(portal: flask.Blueprint) -> None:
    """Add the page."""
    both = ["GET", "POST"]
    address = "/satudata/berkas/<id>/samarkan/<version>"
    portal.add_url_rule(address, "mask", mask, methods=both)
    portal.add_url_rule(f"{address}/<int:sheet>", "mask_sheet", mask, methods=both)
