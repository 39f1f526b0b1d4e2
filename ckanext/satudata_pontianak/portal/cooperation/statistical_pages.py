"""Statistical activities (MS-Keg): what there are, each with its open datasets, and their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.statistical import actions, rules
from ...surface.pages import page
from ..smki.pages import called, paged
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed

of_activities = flask.Blueprint("satudata_statistical", __name__)
PUBLIC, INSIDE = "/kegiatan", "/satudata/kegiatan"
TYPES = {"several": "agencies", "number": "line", "mailbox": "line"}
AGENCY, ACTIVITY = "agency", "ms_keg"


def listed() -> Any:
    """List the statistical activities of which the reader sees a dataset."""
    agency = flask.request.args.get("agency", "").replace("\x00", "").strip() or None
    found = paged(
        "satudata_statistical_activity_list", "rows", "satudata_statistical.listed", agency=agency
    )
    return tk.render("satudata/cooperation/activities.html", {**found, "own": False})


def mine() -> Any:
    """List the activities of the agencies for which the reader publishes, and begin one."""
    if not call.logged_in():
        return call.log_in()
    found = paged(
        "satudata_statistical_activity_list", "rows", "satudata_statistical.mine", mine=True
    )
    return closed(tk.render("satudata/cooperation/activities.html", {**found, "own": True}))


def show(ms_keg: str) -> Any:
    """Show an activity with the datasets of it that the reader may know of."""
    found = called("satudata_statistical_activity_show", ms_keg=ms_keg)
    return closed(tk.render("satudata/cooperation/activity.html", {"activity": found}))


def begin() -> Any:
    """Describe a new activity of an agency of the reader's."""
    if not call.logged_in():
        return call.log_in()
    agencies = called("satudata_statistical_activity_list", limit=0)["writes_for"]
    if not agencies:
        return tk.abort(403, tk._("This is for who publishes for an agency."))
    choices = [Choice(each["name"], each["title"]) for each in agencies]
    asks = field(AGENCY, "choice", tk._("Agency"), choices=choices)
    told = {"instansi_penyelenggara": agencies[0]["title"]} if len(agencies) == 1 else {}
    return _form({}, told, [asks])


def change(ms_keg: str) -> Any:
    """Change what is said of an activity."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_statistical_activity_show", ms_keg=ms_keg)
    if not found["may_change"]:
        return tk.abort(403, tk._("This is for who publishes for the agency of the activity."))
    told = {one["name"]: one["value"] for block in found["blocks"] for one in block["fields"]}
    return _form(found, told, [])


def _form(activity: Mapping[str, Any], told: Mapping[str, Any], first: list[Field]) -> Any:
    fields = rules.fields()

    def save(values: Mapping[str, Any]) -> Any:
        given: dict[str, Any] = {"values": {name: values.get(name, "") for name in fields}}
        if activity:
            given[ACTIVITY] = activity["id"]
        else:
            given[AGENCY] = values.get(AGENCY, "")
        return call.call("satudata_statistical_activity_save", **given)

    road = Road(
        title=activity.get("title") or tk._("New statistical activity"),
        intro=tk._("Only the title is needed to save. Everybody reads it with an open dataset."),
        button=tk._("Save"),
        fields=[*first, *(_field(asked, told.get(name)) for name, asked in fields.items())],
        call=save,
        done=tk._("It is saved."),
    )
    attempt = form_page.travel(road)
    if attempt.done:
        id = attempt.result["activity"]["id"]
        return flask.redirect(tk.url_for("satudata_statistical.show", ms_keg=id), 303)
    drawn = {one.name: one for one in attempt.fields}
    shown = {
        "road": road,
        "errors": attempt.errors,
        "fields": attempt.fields,
        "activity": activity,
        "first": [drawn[one.name] for one in first],
        "blocks": [_block(key, drawn) for key in rules.activities().blocks],
        "about": tk._(rules.activities().help),
    }
    return closed(tk.render("satudata/cooperation/activity_form.html", shown), attempt.status)


def _block(key: str, drawn: Mapping[str, Field]) -> dict[str, Any]:
    inside = [drawn[name] for name, asked in rules.fields().items() if asked.block == key]
    wrong = any(one.errors for one in inside)
    first = key == next(iter(rules.activities().blocks))
    label = tk._(rules.activities().blocks[key].label)
    return {"key": key, "label": label, "fields": inside, "open": wrong or first}


def _field(asked: rules.Asked, value: Any) -> Field:
    spec = asked.spec
    return field(
        asked.name,
        TYPES.get(spec.kind, spec.kind),
        actions.label(asked),
        required=asked.name == rules.TITLE,
        help=tk._(spec.help) if spec.help else "",
        max_length=asked.most if spec.kind in ("line", "text", "number", "mailbox") else None,
        choices=[Choice(code, tk._(each.label)) for code, each in spec.choices.items()],
        value=value or None,
    )


def choose(id: str) -> Any:
    """Say which activity a dataset comes from."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    if not _may(dataset):
        return form_page.closed(dataset, tk._("Only who writes the dataset says where it is from."))
    now = _of(dataset["id"])
    agency = (dataset.get("organization") or {}).get("name")
    found = called("satudata_statistical_activity_list", agency=agency, limit=actions.MOST)
    road = Road(
        title=tk._("Statistical activity"),
        intro=tk._("Choose the activity that the data come from; leave it empty for none."),
        button=tk._("Save"),
        fields=[
            field(
                ACTIVITY,
                "choice",
                tk._("Statistical activity"),
                required=False,
                choices=[Choice(each["id"], each["title"]) for each in found["results"]],
                value=now["id"] if now else None,
            )
        ],
        links=[(tk._("New statistical activity"), tk.url_for("satudata_statistical.begin"))],
        call=lambda values: call.call(
            "satudata_statistical_activity_attach",
            id=dataset["id"],
            ms_keg=values.get(ACTIVITY, ""),
        ),
        done=tk._("It is saved."),
    )
    attempt = form_page.travel(road)
    if attempt.done:
        return flask.redirect(tk.url_for("dataset.read", id=dataset["name"]), 303)
    return form_page.show(dataset, road, attempt)


def _may(dataset: Mapping[str, Any]) -> bool:
    try:
        tk.check_access("package_update", call.context(), {"id": dataset["id"]})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _of(dataset_id: str) -> Mapping[str, Any] | None:
    try:
        return call.call("satudata_statistical_activity_show", id=dataset_id)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None


def satudata_statistical(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the activity of a dataset for its page, and whether the reader may change it."""
    return {"activity": _of(dataset["id"]), "may_change": call.logged_in() and _may(dataset)}


def satudata_has_activities(agency: str) -> bool:
    """Tell whether the reader may know of a statistical activity of an agency."""
    return bool(call.call("satudata_statistical_activity_list", agency=agency, limit=0)["count"])


def satudata_writes_activities() -> bool:
    """Tell whether the reader describes statistical activities of an agency."""
    if not call.logged_in():
        return False
    return bool(called("satudata_statistical_activity_list", limit=0)["writes_for"])


for _rule, _name, _view in (
    (PUBLIC, "listed", page(listed, light=True)),
    (f"{PUBLIC}/<ms_keg>", "show", page(show, light=True)),
    (INSIDE, "mine", mine),
):
    of_activities.add_url_rule(_rule, _name, view_func=_view)
for _rule, _name, _view in (
    (f"{INSIDE}/baru", "begin", begin),
    (f"{INSIDE}/<ms_keg>/ubah", "change", change),
    ("/satudata/berkas/<id>/kegiatan", "choose", choose),
):
    of_activities.add_url_rule(_rule, _name, view_func=_view, methods=["GET", "POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [of_activities]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        f.__name__: f
        for f in (satudata_statistical, satudata_has_activities, satudata_writes_activities)
    }
