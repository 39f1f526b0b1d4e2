"""The next file of a dataset whose recipe is kept: read by it, looked at, and submitted.

Where the file has another shape it stops and asks; nothing is published before somebody answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.intake import publishing, reading, staging
from ...classification.intake.definition import intake
from ...classification.intake.model import Staged
from ...classification.intake.recipes import Pair
from ...metadata import title_periods
from ...tidying.telling import of_json
from ..web import call
from ..web.form_page import field
from ..web.forms import line_ends
from ..web.request_forms import closed
from . import holds, new_data_page
from .intake_table import (
    YEARS,
    change_of,
    own_file,
    pair_of,
    row_kinds,
    scan_words,
    shown_table,
    told_part,
)

STEP, SUBMIT, AGREE, AS_IT_IS = "langkah", "ajukan", "setuju", "asli"
"""What a browser sends of the button that was pressed."""


def show(id: str) -> Any:
    """Show what the recipe made of a file, ask where it differs, and submit it."""
    if not call.logged_in():
        return call.log_in()
    row, _ = own_file(id, next_one=True)
    dataset, pair = _place(row)
    if flask.request.method != "POST":
        return _page(row, dataset, row.fields.get(YEARS) or "", {}, 200)
    step = flask.request.form.get(STEP, SUBMIT)
    years = line_ends(flask.request.form.get(YEARS, "").replace("\x00", ""))
    staging.save(row, {YEARS: years})
    if step == AGREE:
        reading.agree(row)
        return tk.redirect_to("satudata_intake.next_file", id=row.id)
    if step not in (SUBMIT, AS_IT_IS):
        return _mended(row, dataset, years, step)
    read = reading.of(row)
    if step == SUBMIT and (read.get("differs") or read["table"] is None):
        said = tk._("Say first what holds of this file.")
        return _page(row, dataset, years, {"": [said]}, 422)
    return _publish(row, dataset, pair.tidy if step == SUBMIT else None, years)


def _place(row: Staged) -> tuple[dict[str, Any], Pair]:
    """Return the dataset and the files that are renewed, or answer as for an unknown id."""
    dataset = call.dataset(row.dataset_id or "")
    pair = pair_of(dataset, row.original_id or "") if holds.may_bring(dataset["id"]) else None
    if pair is None:
        tk.abort(404, tk._("There is no such file. It may have been removed after its time."))
    return dataset, pair


def _mended(row: Staged, dataset: dict[str, Any], years: str, step: str) -> Any:
    change = change_of(row, step)
    if change is None:
        said = tk._("Say which row, column or table you mean.")
        return _page(row, dataset, years, {"": [said]}, 422)
    read = reading.read(row, change)
    if read.get("refused") or read.get("problem"):
        said = reading.problem({**read, "none": read.get("refused")}, tk._)
        return _page(row, dataset, years, {"": [said]}, 422)
    return tk.redirect_to("satudata_intake.next_file", id=row.id)


def _publish(row: Staged, dataset: dict[str, Any], tidy: str | None, years: str) -> Any:
    """Bring both files in by CKAN's own action, in one write, and submit them."""
    if errors := new_data_page.year_errors(years):
        return _page(row, dataset, years, {k: [str(e) for e in v] for k, v in errors.items()}, 422)
    id_ = row.id
    if not staging.take(id_):
        said = tk._("This file is being published already.")
        return _page(row, dataset, years, {"": [said]}, 409)
    try:
        with publishing.next_of(row, dataset, tidy, years, _title(row, dataset)) as values:
            changed = call.call("package_update", **values)
    except reading.Unread as refusal:
        staging.give_back(id_)
        return _page(row, dataset, years, {"": [refusal.message.text(tk._)]}, 409)
    except tk.ValidationError as refusal:
        staging.give_back(id_)
        errors = new_data_page.by_field(refusal.error_dict)
        said = [text for texts in errors.values() for text in texts]
        return _page(row, dataset, years, {"": said}, 422)
    except BaseException:
        staging.give_back(id_)
        raise
    if not any(r.get("satudata_waiting") for r in changed["resources"]):
        staging.give_back(id_)
        said = tk._("This is the file that is there already. Nothing new was uploaded.")
        return _page(row, dataset, years, {"": [said]}, 422)
    staging.forget(id_)
    return tk.redirect_to(new_data_page.submit(changed), id=changed["name"])


def _title(row: Staged, dataset: Mapping[str, Any]) -> str:
    """Return the title with the month of the file, "" where it stays as it is."""
    before = title_periods.part_of_year(dataset["title"])
    now = told_part(reading.of(row))
    if before is None or now is None or now.grain is not before.grain or now == before:
        return ""
    return title_periods.renamed(dataset["title"], now)


def _period(row: Staged, dataset: Mapping[str, Any]) -> str:
    """Return what becomes of the month that is there, "" where title or file name none."""
    before = title_periods.part_of_year(dataset["title"])
    now = told_part(reading.of(row))
    if before is None or now is None:
        return ""
    names = {"new": title_periods.shown(now), "old": title_periods.shown(before)}
    if now == before:
        return tk._("This file is of {new} as well: it corrects that month.").format(**names)
    if now < before:
        said = tk._("This file is of {new}, which is before {old}. Is it the right file?")
        return said.format(**names)
    said = tk._(
        "This file is of {new}. Once it is approved it takes the place of {old}, also in the "
        "title; {old} stays in the history of versions."
    )
    return said.format(**names)


def _page(
    row: Staged,
    dataset: Mapping[str, Any],
    years: str,
    errors: Mapping[str, list[str]],
    status: int,
) -> Any:
    read = reading.of(row)
    differs = read.get("differs")
    fields = [
        field(
            YEARS,
            "line",
            tk._("Year or years"),
            required=False,
            help=tk._("The years that the figures are about."),
            value=years,
        )
    ]
    fields = [replace(one, errors=list(errors.get(one.name, ()))) for one in fields]
    shown = {
        "staged": row,
        "dataset": dataset,
        "period": _period(row, dataset),
        "table": shown_table(read["table"]),
        "problem": reading.problem(read, tk._),
        "question": of_json(differs["question"]).text(tk._) if differs else "",
        "new": differs["new"] if differs else (),
        "missing": differs["missing"] if differs else (),
        "scan": scan_words(read.get("scan") or {}),
        "fields": fields,
        "errors": errors,
        "kinds": row_kinds(),
        "days": intake().kept_days,
    }
    return closed(tk.render("satudata/intake/next_file.html", shown), status)
