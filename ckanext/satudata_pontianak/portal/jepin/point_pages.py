"""Pages of infrastructure: its kinds, the points of each on a map, its exits, its forms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.limits import rates
from ...access.reading import counting, problems
from ...agencies import registry
from ...classification.rules.profiled import FIELD
from ...jepin.points import editing
from ...jepin.rules import point_rules
from ...jepin.rules.point_definition import KEY, NAME, Profile, profiles
from ...msgids import N_
from ...surface import headers
from ...surface.pages import page
from ..plots import own_shapes, point_map, rendering, showing
from ..plots.drawing.looks import LOOKS
from ..plots.drawing.sizes import about
from ..plots.point_map import Dot
from ..plots.views import not_drawn
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field

places = flask.Blueprint("satudata_points", __name__)

MAP = N_("Map: %(name)s")
SHOWN = N_("The map shows %(count)s points.")
FIELDS = {"text": "line", "code": "line", "number": "line", "whole": "line", "day": "date",
          "moment": "line", "choice": "choice", "north": "line", "east": "line",
          "village": "line", "telephone": "line"}  # fmt: skip


def kinds() -> Any:
    """Show which kinds of infrastructure there are, and how many points of each."""
    found = call.call("satudata_point_profile_list")
    return tk.render("satudata/jepin/kinds.html", {"profiles": found["results"]})


def points(profile: str) -> Any:
    """Show the points of a kind: map, list by village, and the ways out."""
    known = _known(profile)
    found = call.call("satudata_point_list", profile=profile)
    specs = _specifications(known, found)
    shown = {
        "profile": known,
        "found": found,
        "groups": _by_village(found["results"]),
        "columns": _columns(found["results"], known),
        "titles": {each["id"]: each for each in found["datasets"]},
        "sizes": {size: about(spec) for (_, size), spec in specs.items()},
        "source": _source(found),
        "boundary": own_shapes.boundary(ground=True),
        "sentence": _sentence(found),
    }
    response = flask.make_response(tk.render("satudata/jepin/points.html", shown))
    # Only here a browser may be asked where it is; the answer stays in it.
    said = headers.declared().headers["Permissions-Policy"]
    response.headers["Permissions-Policy"] = said.replace("geolocation=()", "geolocation=(self)")
    return response


def geojson(profile: str) -> Any:
    """Give the points of a kind as GeoJSON; those without a position have no geometry."""
    _known(profile)
    found = call.call("satudata_point_list", profile=profile)
    titles = {each["id"]: each for each in found["datasets"]}
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [each["longitude"], each["latitude"]]}
            if each["longitude"] is not None
            else None,
            "properties": {
                "kode": each["code"],
                "nama": each["name"],
                "kelurahan": each["village_label"],
                **{value["name"]: value["value"] for value in each["values"]},
                "terlihat": each["seen"],
                "lama_tidak_terlihat": each["stale"],
                "catatan": each["note"] or None,
                "dataset": titles[each["dataset"]]["name"],
                "instansi": titles[each["dataset"]]["agency"],
            },
        }
        for each in found["results"]
    ]
    made = {"type": "FeatureCollection", "name": found["label"], "features": features}
    response = flask.make_response(flask.json.dumps(made, ensure_ascii=False))
    response.mimetype = "application/geo+json"
    return _marked(response)


def svg(profile: str) -> Any:
    """Give the map of a kind as SVG."""
    known = _known(profile)
    look = (flask.request.args.get("tema", "terang"), flask.request.args.get("ukuran", "lebar"))
    if look not in LOOKS:
        return tk.abort(404, tk._("Not found"))
    with counting.uncounted():
        found = call.call("satudata_point_list", profile=profile)
    spec = _specifications(known, found).get(look)
    if spec is None:
        return tk.abort(404, tk._("Not found"))
    rates.admit("pictures")
    try:
        content = rendering.rendered(spec, "svg", str(tk.h.lang()))
    except rendering.NotDrawn:
        return not_drawn("svg")
    response = flask.Response(content, mimetype=rendering.FORMATS["svg"])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return _marked(response)


def template(profile: str) -> Any:
    """Give the empty table of a kind, as spreadsheets open it."""
    known = _known(profile)
    response = flask.Response(point_rules.template(known), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="titik-{known.name}.csv"'
    return _marked(response)


def _known(name: str) -> Profile:
    found = profiles().get(name)
    return found if found is not None else tk.abort(404, tk._("Not found"))


def _marked(response: flask.Response) -> flask.Response:
    """Let caches keep what is open, if they ask each time."""
    etag = hashlib.sha256(response.get_data()).hexdigest()[:32]
    response.set_etag(etag)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.make_conditional(flask.request)

    @flask.after_this_request
    def mark(answer: flask.Response) -> flask.Response:
        answer.headers["Cache-Control"] = problems.OPEN
        answer.set_etag(etag)
        return answer

    return response


# --------------------------------------------------------------------------------------- map


def _source(found: Mapping[str, Any]) -> str:
    named = ", ".join(f"{each['title']} ({each['agency']})" for each in found["datasets"])
    return tk._("Source: %(source)s") % {"source": named}


def _sentence(found: Mapping[str, Any]) -> str:
    return tk._(SHOWN) % {"count": sum(each["latitude"] is not None for each in found["results"])}


def _specifications(profile: Profile, found: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return the picture in each look; none where no point has a position."""
    dots = [
        Dot(number, each["name"], each["longitude"], each["latitude"], each["stale"])
        for number, each in enumerate(found["results"], 1)
        if each["longitude"] is not None
    ]
    if not dots:
        return {}
    shapes, _ = own_shapes.outlines()
    source = [_source(found), own_shapes.boundary(ground=True)]
    title = tk._(MAP) % {"name": tk._(profile.label)}
    words = showing.words()
    made = {
        look: point_map.draw(dots, shapes, words, theme, title, _sentence(found), source)
        for look, theme in LOOKS.items()
    }
    return {look: spec for look, spec in made.items() if spec is not None}


def _columns(results: list[dict[str, Any]], profile: Profile) -> list[tuple[str, str]]:
    """Return name and label of each column that some point fills, in the order of the profile."""
    filled = {value["name"] for each in results for value in each["values"]}
    return [(n, tk._(c.label)) for n, c in profile.columns.items() if n in filled]


def _by_village(results: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the points by village, each with its number in the list."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for number, each in enumerate(results, 1):
        cells = {value["name"]: value["text"] for value in each["values"]}
        name = each["village_label"] or tk._("Whole city")
        groups.setdefault(name, []).append({**each, "number": number, "cells": cells})
    return list(groups.items())


# ------------------------------------------------------------------------------------ editing


def edit(id: str, code: str = "") -> Any:
    """Add a point to a dataset, or correct the one that the address names."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    package, actor = editing.package(dataset["id"]), registry.current_actor()
    profile = profiles().get(str(dataset.get(FIELD) or ""))
    if profile is None or not editing.may(actor, package):
        return form_page.closed(dataset, tk._(editing.NOT_YOURS))
    try:
        found = editing.opened(actor, package)
    except editing.InvalidFields as problem:
        texts = [m.text(tk._) for messages in problem.errors.values() for m in messages]
        return form_page.closed(dataset, " ".join(texts), 409)
    row = found.table.row(code) if code else {}
    if row is None:
        return tk.abort(404, tk._(editing.NO_POINT))
    road = _road(profile, dataset, found, code, row)
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata.case", id=dataset["name"])
    return form_page.show(dataset, road, attempt)


def _road(
    profile: Profile,
    dataset: Mapping[str, Any],
    found: editing.Editable,
    code: str,
    row: Mapping[str, str],
) -> Road:
    links = [
        (each[NAME], tk.h.url_for("satudata_points.edit", id=dataset["name"], code=each[KEY]))
        for each in found.table.rows[:MOST_LINKS]
    ]

    def send(values: Mapping[str, Any]) -> Any:
        asked = {
            "id": dataset["id"],
            "resource_id": found.resource_id,
            "base": flask.request.form.get("base", ""),
            "values": dict(values),
        }
        return call.call("satudata_point_write", **asked, **({"code": code} if code else {}))

    return Road(
        title=tk._("Correct a point") if code else tk._("Add a point"),
        intro=tk._(
            "The table gets a new version. What is public stays as it is until that is decided; "
            "submit it on the page of the case."
        ),
        button=tk._("Save"),
        fields=[_field(name, profile, row) for name in profile.columns],
        call=send,
        done=tk._("The point is saved in a new version of the table."),
        hidden={"base": found.sha256},
        links=links,
    )


MOST_LINKS = 200


def _field(name: str, profile: Profile, row: Mapping[str, str]) -> Field:
    column = profile.columns[name]
    unit = f" ({tk._(column.unit)})" if column.unit else ""
    return field(
        name,
        FIELDS[column.kind],
        f"{tk._(column.label)}{unit}",
        help=tk._(column.help) if column.help else "",
        required=column.required,
        max_length=column.longest or profile.common.limits.cell,
        choices=[Choice(value, tk._(label)) for value, label in column.choices.items()],
        value=row.get(name) or None,
    )


def satudata_point_profile(dataset: Mapping[str, Any]) -> Profile | None:
    """Return the profile that a dataset names, as the reader sees the dataset."""
    return profiles().get(str(dataset.get(FIELD) or ""))


def satudata_keeps_points(dataset: Mapping[str, Any]) -> bool:
    """Tell whether the reader adds and corrects points of a dataset."""
    known = satudata_point_profile(dataset) is not None and call.logged_in()
    return known and editing.may(registry.current_actor(), editing.package(dataset["id"]))


HOME = "/infrastruktur"
places.add_url_rule(
    HOME,
    "kinds",
    page(
        kinds,
        light=True,
        about=N_("Wifi, cameras, health facilities, posts and emergency numbers of the city."),
    ),
)
places.add_url_rule(f"{HOME}/<profile>", "points", page(points, light=True))
places.add_url_rule(f"{HOME}/<profile>.geojson", "geojson", geojson)
places.add_url_rule(f"{HOME}/<profile>/peta.svg", "svg", svg)
places.add_url_rule(f"{HOME}/<profile>/templat.csv", "template", template)
places.add_url_rule("/satudata/titik/<id>", "edit", edit, methods=["GET", "POST"])
places.add_url_rule("/satudata/titik/<id>/<code>", "edit", edit, methods=["GET", "POST"])


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in (satudata_point_profile, satudata_keeps_points)}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [places]
