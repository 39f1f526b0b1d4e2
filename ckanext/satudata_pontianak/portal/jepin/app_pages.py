"""Pages of an app: a step in its life, what it has to do with others, its security facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...jepin.records.register_model import DATA_IN, DATA_OUT, PARENT
from ...jepin.register.life import LONGEST
from ...jepin.rules.security import MOST, security
from ..smki.pages import called
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field

apps = flask.Blueprint("satudata_apps", __name__)
NOTHING = "-"
"""What the form of a step sends where nothing replaces the app."""
LONGEST_LIST = 10_000


def step(id: str, name: str) -> Any:
    """Take a step in the life of an app."""
    if not call.logged_in():
        return call.log_in()
    found, package = _app(id)
    offered = next((each for each in found["steps"] if each["name"] == name), None)
    return _travelled(package, _stepping(found, offered) if offered else None)


def linked(id: str) -> Any:
    """Say what an app has to do with other entries."""
    if not call.logged_in():
        return call.log_in()
    found, package = _app(id)
    return _travelled(package, _linking(found) if found["works_on"] else None)


def secured(id: str) -> Any:
    """Show the security facts of an app to those who write them."""
    if not call.logged_in():
        return call.log_in()
    found, package = _app(id)
    return _travelled(package, _securing(found) if found["secures"] else None)


def _app(id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = called("satudata_jepin_app_show", id=id)
    return found, call.dataset(found["id"])


def _travelled(package: dict[str, Any], road: Road | None) -> Any:
    if road is None:
        return form_page.closed(package, tk._("You may not take this step."))
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("layanan.read", id=package["name"])
    shown = form_page.show(package, road, attempt)
    shown.headers["Cache-Control"] = "private, no-store"
    return shown


def _stepping(found: Mapping[str, Any], offered: Mapping[str, Any]) -> Road:
    fields: list[Field] = []
    if offered["day"]:
        fields.append(field("day", "date", tk._("Since which day")))
    if offered["successor"] != "no":
        required = offered["successor"] == "required"
        told = tk._("The name of the app, as it stands in the address of its page.")
        more = tk._("Where nothing does: {sign}").format(sign=NOTHING)
        fields.append(
            field(
                "successor",
                "line",
                tk._("What replaces it"),
                help=told if required else f"{told} {more}",
                max_length=100,
            )
        )
    fields.append(
        field(
            "reason",
            "text",
            tk._("Why"),
            help=tk._("Name no person. Of an app that ended everybody reads this."),
            max_length=LONGEST,
        )
    )

    def send(values: Mapping[str, Any]) -> Any:
        given = dict(values)
        if given.get("successor") == NOTHING:
            given |= {"successor": "", "none": True}
        return call.call("satudata_jepin_step", id=found["id"], step=offered["name"], **given)

    return Road(
        title=offered["label"],
        intro=offered["step"],
        button=offered["label"],
        fields=fields,
        call=send,
        done=tk._("The step is taken, and stands in the ledger."),
    )


def _linking(found: Mapping[str, Any]) -> Road:
    told = tk._("Names as they stand in the addresses of their pages, one a line.")

    def listed(name: str, label: str) -> Field:
        names = "\n".join(each["name"] for each in found[name])
        return field(
            name, "text", label, help=told, value=names, required=False, max_length=LONGEST_LIST
        )

    def send(values: Mapping[str, Any]) -> Any:
        return call.call(
            "satudata_jepin_links_set",
            id=found["id"],
            parent=values.get(PARENT, ""),
            data_in=values.get(DATA_IN, "").split(),
            data_out=values.get(DATA_OUT, "").split(),
        )

    return Road(
        title=tk._("What it has to do with others"),
        intro=tk._(
            "Others see here only what they may know of. What you may not know of stays as it is."
        ),
        button=tk._("Save"),
        fields=[
            field(
                PARENT,
                "line",
                tk._("Belongs to the app"),
                help=tk._("The name of the app, as it stands in the address of its page."),
                value=(found[PARENT] or {}).get("name"),
                required=False,
                max_length=100,
            ),
            listed(DATA_IN, tk._("Datasets that it takes")),
            listed(DATA_OUT, tk._("Datasets that it gives")),
        ],
        call=send,
        done=tk._("It is saved."),
    )


def _securing(found: Mapping[str, Any]) -> Road:
    written = call.call("satudata_jepin_security_show", id=found["id"])
    values = {fact["name"]: fact["value"] for fact in written["facts"]}
    names = [*security().fields]

    def drawn(name: str) -> Field:
        spec = security().fields[name]
        return field(
            name,
            spec.type,
            tk._(spec.label),
            help=tk._(spec.help) if spec.help else "",
            choices=[Choice(value, tk._(label)) for value, label in spec.choices.items()],
            value=values[name],
            required=False,
            max_length=MOST.get(spec.type),
        )

    def send(given: Mapping[str, Any]) -> Any:
        whole = {name: given.get(name, "") for name in names}
        return call.call("satudata_jepin_security_set", id=found["id"], **whole)

    return Road(
        title=tk._("Security facts"),
        intro=tk._(
            "Read and written by whoever brings data for the agency, and by those who keep the app "
            "safe. They stand nowhere else. Write no password and no key."
        ),
        button=tk._("Save"),
        fields=[drawn(name) for name in names],
        call=send,
        done=tk._("It is saved."),
    )


def satudata_app(package_id: str) -> dict[str, Any] | None:
    """Return where an app stands for the reader of its page, ``None`` where it is not for them."""
    try:
        return call.call("satudata_jepin_app_show", id=package_id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


BOTH = ["GET", "POST"]
apps.add_url_rule("/layanan/<id>/langkah/<name>", "step", step, methods=BOTH)
apps.add_url_rule("/layanan/<id>/kaitan", "linked", linked, methods=BOTH)
apps.add_url_rule("/layanan/<id>/keamanan", "secured", secured, methods=BOTH)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of the pages of an app."""
    return [apps]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_app": satudata_app}
