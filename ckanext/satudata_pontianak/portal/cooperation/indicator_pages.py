"""The indicators of a dataset (MS-Ind): on its page, and the forms of who writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.statistical import fields as forms
from ...access.statistical import indicator_rules as rules
from ..smki.pages import called
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field

of_indicators = flask.Blueprint("satudata_indicators", __name__)
ADDRESS = "/satudata/berkas/<id>/indikator"


def begin(id: str) -> Any:
    """Describe a new indicator of a dataset; the first begins with what the dataset says."""
    return _form(id, None)


def change(id: str, indicator: str) -> Any:
    """Change what is said of an indicator."""
    return _form(id, indicator)


def _form(id: str, indicator: str | None) -> Any:
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    found = called("satudata_indicator_list", id=dataset["id"])
    if not found["may_say"]:
        return _not_theirs(dataset)
    row = _row(found, indicator) if indicator else None
    if row is not None:
        told = {one["name"]: one["value"] for one in row["fields"]}
    else:
        told = {} if found["results"] else rules.begins(dataset)

    def save(values: Mapping[str, Any]) -> Any:
        given = {name: values.get(name, "") for name in rules.fields()}
        named = {"indicator": row["id"]} if row else {}
        return call.call("satudata_indicator_save", id=dataset["id"], values=given, **named)

    remove = (
        [(tk._("Take this indicator out"), _url("remove", dataset, indicator=row["id"]))]
        if row
        else []
    )
    road = Road(
        title=row["name"] if row else tk._("New indicator"),
        intro=tk._("Only the name is needed to save."),
        button=tk._("Save"),
        fields=[_field(asked, told.get(name)) for name, asked in rules.fields().items()],
        call=save,
        done=tk._("It is saved."),
        links=remove,
    )
    attempt = form_page.travel(road)
    if not attempt.done:
        return form_page.show(dataset, road, attempt)
    return _back(dataset)


def remove(id: str, indicator: str) -> Any:
    """Take an indicator out of a dataset."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    found = called("satudata_indicator_list", id=dataset["id"])
    if not found["may_say"]:
        return _not_theirs(dataset)
    row = _row(found, indicator)
    road = Road(
        title=tk._("Take out the indicator '%(name)s'") % {"name": row["name"]},
        intro=tk._("What is said of it goes with it. The dataset stays as it is."),
        button=tk._("Take it out"),
        fields=[],
        call=lambda values: call.call(
            "satudata_indicator_remove", id=dataset["id"], indicator=row["id"]
        ),
        done=tk._("The indicator is taken out."),
    )
    attempt = form_page.travel(road)
    return _back(dataset) if attempt.done else form_page.show(dataset, road, attempt)


def _row(found: Mapping[str, Any], indicator: str | None) -> Mapping[str, Any]:
    row = next((each for each in found["results"] if each["id"] == indicator), None)
    return row if row is not None else tk.abort(404, tk._("Not found"))


def _not_theirs(dataset: dict[str, Any]) -> Any:
    return form_page.closed(
        dataset, tk._("Only who writes the dataset says what its indicators are.")
    )


def _url(name: str, dataset: Mapping[str, Any], **more: str) -> str:
    return tk.url_for(f"satudata_indicators.{name}", id=dataset["name"], **more)


def _back(dataset: Mapping[str, Any]) -> Any:
    return flask.redirect(tk.url_for("dataset.read", id=dataset["name"]) + "#indikator", 303)


def _field(asked: forms.Asked, value: Any) -> Field:
    spec = asked.spec
    return field(
        asked.name,
        spec.kind,
        tk._(spec.label),
        required=asked.name == rules.NAME,
        help=tk._(spec.help) if spec.help else "",
        max_length=asked.most if spec.kind in ("line", "text") else None,
        choices=[Choice(code, tk._(each.label)) for code, each in spec.choices.items()],
        value=value or None,
    )


def satudata_indicators(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the indicators of a dataset for its page, and whether the reader may describe one."""
    try:
        return call.call("satudata_indicator_list", id=dataset["id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {"results": [], "may_say": False}


BOTH = ["GET", "POST"]
of_indicators.add_url_rule(f"{ADDRESS}/baru", "begin", begin, methods=BOTH)
of_indicators.add_url_rule(f"{ADDRESS}/<indicator>", "change", change, methods=BOTH)
of_indicators.add_url_rule(f"{ADDRESS}/<indicator>/hapus", "remove", remove, methods=BOTH)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [of_indicators]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_indicators.__name__: satudata_indicators}
