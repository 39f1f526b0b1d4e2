"""New data of something that is decided: one form that uploads, checks and submits.

Most of a clerk's days are a file each month for a dataset that is open already. On core's pages
that is a dozen acts; here a file is chosen and sent, and a clear file goes on to Walidata.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.intake import recipes
from ...classification.intake.model import Staged
from ...classification.rules.definition import workflow
from ...surface import page_names
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from . import contradictions, holds, intake_table

NEW = "baru"
"""Stands for a file beside those that are there; no resource has such an id."""
FIELDS = ("upload", "resource", "name", "tahun")


def bring(id: str) -> Any:
    """Upload a file in the place of one that is served, or beside it, and submit it."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    if not holds.may_bring(dataset["id"]):
        text = tk._("New data come from the agency that owns the dataset.")
        return form_page.closed(dataset, text)
    road = Road(
        screen="bring",
        title=tk._("Upload new data"),
        intro=tk._(
            "The file is checked at once. If nothing is found in it, it is submitted to Walidata. "
            "What is public stays as it is until then."
        ),
        button=tk._("Upload and submit"),
        fields=_fields(dataset),
        call=lambda values: _upload(dataset["id"], values),
    )
    attempt = form_page.travel(road)
    if not attempt.done:
        return form_page.show(dataset, road, attempt)
    if isinstance(attempt.result, Staged):
        return tk.redirect_to("satudata_intake.next_file", id=attempt.result.id)
    return tk.redirect_to(submit(dataset), id=dataset["name"])


def _fields(dataset: dict[str, Any]) -> list[Field]:
    there = [Choice(r["id"], tk.h.resource_display_name(r)) for r in dataset["resources"]]
    only = there[0].value if len(there) == 1 else recipes.only_original(dataset["id"])
    return [
        field("upload", "file", tk._("File")),
        field(
            "resource",
            "choice",
            tk._("In the place of"),
            choices=[*there, Choice(NEW, tk._("nothing: a further file"))],
            value=only,
        ),
        field(
            "name",
            "line",
            tk._("New name of the file"),
            required=False,
            help=tk._("Leave it empty to keep the name."),
        ),
        field(
            "tahun",
            "line",
            tk._("Year or years"),
            required=False,
            help=tk._("The years that the figures are about."),
            value=dataset.get("tahun"),
        ),
    ]


def _upload(dataset_id: str, values: Mapping[str, Any]) -> Any:
    """Bring the file in, with what belongs to it, in one write; or read it by its recipe first.

    :returns: the dataset, or the file that was read and waits for its author.

    :raises ckan.plugins.toolkit.ValidationError: by the fields of the form.
    """
    now = call.call("package_show", id=dataset_id)
    wanted = values.get("resource", "")
    errors: dict[str, Any] = {}
    if "upload" not in values:
        errors["upload"] = [tk._("Choose a file.")]
    there = {resource["id"]: resource for resource in now["resources"]}
    if wanted != NEW and wanted not in there:
        errors["resource"] = [tk._("Choose which file this one replaces, or a further file.")]
    errors |= year_errors(values.get("tahun"))
    if errors:
        raise tk.ValidationError(errors)
    if pair := intake_table.pair_of(now, wanted):
        return intake_table.bring(now, pair, values["upload"], str(values.get("tahun") or ""))
    resource = there.get(wanted)
    if resource is None:
        resource = {"url": values["upload"].filename}
        now["resources"].append(resource)
    resource["upload"] = values["upload"]
    if values.get("name"):
        resource["name"] = values["name"]
    if values.get("tahun"):
        now["tahun"] = values["tahun"]
    try:
        changed = call.call("package_update", **now)
    except tk.ValidationError as refusal:
        raise tk.ValidationError({**by_field(refusal.error_dict)}) from None
    if not any(r.get("satudata_waiting") for r in changed["resources"]):
        text = tk._("This is the file that is there already. Nothing new was uploaded.")
        raise tk.ValidationError({"upload": [text]})
    return changed


def year_errors(value: Any) -> dict[str, Any]:
    """Return what is wrong with years.

    They are checked here: they wait with the file, and what waits passes core's checks by.
    """
    schema: Any = {
        "tahun": [tk.get_validator("ignore_missing"), tk.get_validator("satudata_year_range")]
    }
    _, errors = tk.navl_validate({"tahun": value}, schema, call.context())
    return dict(errors)


def by_field(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return core's errors by the fields of the form; of another field with its name before it."""
    found: dict[str, list[str]] = {}
    nested = [item for item in errors.get("resources") or () if isinstance(item, Mapping)]
    for source in (*nested, {k: v for k, v in errors.items() if k != "resources"}):
        for key, messages in source.items():
            texts = [str(m) for m in (messages if isinstance(messages, list) else [messages])]
            known = "upload" if key in ("url", "format") else key
            kept = found.setdefault(known if known in FIELDS else "id", [])
            named = texts if known in FIELDS or key == "id" else [f"{key}: {t}" for t in texts]
            kept += [text for text in named if text not in kept]
    if "resources" in errors and not nested:
        found.setdefault("id", []).extend(str(m) for m in errors["resources"])
    return found


def submit(dataset: dict[str, Any]) -> str:
    """Submit what nothing was found in; say what became of it, and return where to go on."""
    shown = call.shown(dataset["id"])
    case = shown["case"]
    if case is None or case["state"] != workflow().first_state:
        tk.h.flash_notice(
            tk._(
                "The file is uploaded. The case that is open now goes on without it; a case of "
                "its own opens when that one ends, and then it can be submitted."
            )
        )
        return f"{dataset['type']}.read"
    if any(_stops(scan) for scan in shown["scans"]):
        tk.h.flash_error(
            tk._(
                "The file is uploaded and not submitted: look at what the check says. Upload a "
                "clean file in its place, or submit it as it is and Walidata decides."
            )
        )
        return "satudata.case"
    against = contradictions.contradicted(case, shown["scans"])
    if against:
        # The same question as on the case's own page, which has the button that answers it.
        asked = " ".join(contradictions.questions(against))
        tk.h.flash_error(tk._("The file is uploaded and not submitted:") + " " + asked)
        return "satudata.case"
    try:
        result = call.call(
            "satudata_classification_transition",
            id=dataset["id"],
            transition="submit",
            evidence=case["evidence"],
            wait=True,
        )
    except (tk.NotAuthorized, tk.ValidationError) as refusal:
        tk.h.flash_error(_why(refusal))
        return "satudata.case"
    if "receipt" not in result:
        tk.h.flash_notice(
            tk._(
                "The file is uploaded and is still being checked. Your submit is kept and follows "
                "by itself as soon as the check ends."
            )
        )
    else:
        text = tk._("The file is uploaded and submitted. Receipt: {receipt}.")
        tk.h.flash_success(text.format(receipt=result["receipt"]["code"]))
    return "satudata.case"


def _stops(scan: Mapping[str, Any]) -> bool:
    """Tell whether somebody has to look at what was found before it is submitted.

    Of the NIP of whoever signs Walidata says that it may stay, once.
    """
    if scan["verdict"] == "findings":
        return any(not each["resolution"] and not each["signs"] for each in scan["findings"])
    return scan["verdict"] == "failed"


def _why(refusal: Exception) -> str:
    """Return why the file was not submitted; it is there, and waits."""
    reason = str(refusal)
    if isinstance(refusal, tk.ValidationError):
        reason = " ".join(call.errors_by_field(refusal.error_dict, ()).get("", ()))
    return tk._("The file is uploaded and not submitted:") + " " + reason


def register(portal: flask.Blueprint) -> None:
    """Add the page for new data."""
    both = ["GET", "POST"]
    portal.add_url_rule("/satudata/berkas/<id>/unggah", "bring", bring, methods=both)
    page_names.known_as(new_data="satudata.bring")
