"""Pages of the pulse of the city's apps, for their publishers and who answers for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...agencies import registry
from ...jepin.pulse import showing
from ...msgids import N_
from ...surface import page_names
from ..plots import rendering
from ..plots.drawing.looks import LOOKS
from ..plots.views import NOT_NOW
from ..smki.pages import called, paged
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed
from . import pulse_plot

pages = flask.Blueprint("satudata_pulse", __name__)

WORDS = {
    "open": N_("Can be opened"),
    "disturbed": N_("Disturbed"),
    "maintenance": N_("Maintenance"),
    "closed": N_("Closed"),
    None: N_("Not known"),
}
OUTCOMES = {
    "answered": N_("Answered"),
    "failed": N_("Failed"),
    "maintenance": N_("Maintenance"),
    "unseen": N_("Not checked from here"),
}
SOURCES = {
    "marker": N_("by its marker"),
    "feed": N_("by its feed"),
    "sitemap": N_("by its site map"),
    "page": N_("by its page"),
    "header": N_("by what its server says"),
}
LISTS = {
    "gambling": N_("gambling"),
    "boasting": N_("who took it over"),
    "boasting_title": N_("who took it over"),
    "parked": N_("a parked page"),
    "empty_server": N_("the empty page of a server"),
}
LONGEST = 2000


def pulses() -> Any:
    """List the apps whose evidence the reader sees, those that fail first."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_jepin_pulse_list", "apps", "satudata_pulse.pulses")
    return closed(tk.render("satudata/jepin/pulses.html", {**found, "words": WORDS}))


def pulse(id: str) -> Any:
    """Show the evidence of an app, and take its addresses from who names them."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_jepin_pulse", id=id)
    road = _road(found) if found["sets"] else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_pulse.pulse", id=found["name"])
    shown = {
        "app": found,
        "words": WORDS,
        "outcomes": OUTCOMES,
        "sources": SOURCES,
        "lists": LISTS,
        "plots": {
            name: (tk._(title), pulse_plot.sentence(name, found["days"]))
            for name, title in pulse_plot.TITLES.items()
        },
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    return closed(tk.render("satudata/jepin/pulse.html", shown), attempt.status)


def picture(id: str, name: str) -> Any:
    """Draw uptime or response of an app."""
    if not call.logged_in():
        return call.log_in()
    look = (
        flask.request.args.get("tema", "terang"),
        flask.request.args.get("ukuran_gambar", "lebar"),
    )
    if name not in pulse_plot.TITLES or look not in LOOKS:
        return tk.abort(404, tk._("Not found"))
    found = called("satudata_jepin_pulse", id=id)
    spec = pulse_plot.specification(name, found["days"], LOOKS[look])
    try:
        content = rendering.rendered(spec, "svg", str(tk.h.lang()))
    except rendering.NotDrawn:
        return tk.abort(503, tk._(NOT_NOW))
    response = closed(content.decode())
    response.mimetype = rendering.FORMATS["svg"]
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _line(
    name: str, label: str, asked: Mapping[str, Any], help: str = "", most: int = 100
) -> Field:
    return field(
        name, "line", label, help=help, max_length=most, required=False, value=asked.get(name)
    )


def _road(found: Mapping[str, Any]) -> Road:
    asked: Mapping[str, Any] = found["target"] or {}
    consent = [Choice("false", tk._("No")), Choice("true", tk._("Yes"))]
    moments = [
        field(name, "moment", label, required=False, value=_local(asked.get(name)))
        for name, label in (
            ("maintenance_from", tk._("Announced maintenance, from")),
            ("maintenance_until", tk._("Announced maintenance, until")),
        )
    ]
    return Road(
        title=tk._("What is asked of this app"),
        intro=tk._("Without an address the app is asked no more."),
        button=tk._("Record"),
        fields=[
            _line("web", tk._("Address of its page"), asked, most=LONGEST),
            _line("feed", tk._("Address of its feed (RSS, Atom)"), asked, most=LONGEST),
            _line("sitemap", tk._("Address of its site map"), asked, most=LONGEST),
            _line(
                "marker",
                tk._("Marker"),
                asked,
                tk._("A text of its page behind which the day of its content stands."),
            ),
            field(
                "store_day",
                "date",
                tk._("Day of its listing in the store"),
                required=False,
                value=asked.get("store_day"),
            ),
            field(
                "robot",
                "choice",
                tk._("May the portal also look at it under a search robot's name?"),
                help=tk._("Some pages show words that nobody put there to search engines alone."),
                choices=consent,
                value="true" if asked.get("robot") else "false",
            ),
            *moments,
        ],
        call=lambda values: call.call(
            "satudata_jepin_target_set",
            **{k: v for k, v in values.items() if v},
            id=found["id"],
        ),
        done=tk._("It is asked from now on."),
    )


def _local(value: str | None) -> str | None:
    """Return a moment as the field of a form takes it."""
    if not value:
        return None
    return dt.datetime.fromisoformat(value).astimezone(days.CITY).strftime("%Y-%m-%dT%H:%M")


HOME = "/jepin/denyut"
pages.add_url_rule(HOME, "pulses", pulses)
pages.add_url_rule(f"{HOME}/<id>", "pulse", pulse, methods=["GET", "POST"])
pages.add_url_rule(f"{HOME}/<id>/<name>.svg", "picture", picture)
page_names.known_as(jepin_pulse="satudata_pulse.pulse", jepin_pulses="satudata_pulse.pulses")


def satudata_sees_pulse() -> bool:
    """Tell whether there are apps whose evidence the reader sees."""
    return call.logged_in() and bool(showing.seen(registry.actor_from_context(call.context())))


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_sees_pulse": satudata_sees_pulse}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [pages]
