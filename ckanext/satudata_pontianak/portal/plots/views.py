"""Pages and files of pictures: behind the same policy as the rows of the table."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import flask
from markupsafe import escape

import ckan.plugins.toolkit as tk

from ...access.reading import guard as policy
from ...access.reading import problems, serving
from ...access.reading.serving import Served
from ...agencies import registry
from ...messages import Message
from ...msgids import N_
from ...surface.pages import page as declared
from ..web import call as asking
from ..web import form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from . import choices, geographic_files, own_shapes, point_map, rendering, showing, stories
from .choosing import columns_for
from .drawing import maps
from .drawing.charts import Kind, Wanted
from .drawing.looks import LOOKS, THEMES
from .showing import Asked, Shown

log = logging.getLogger(__name__)
plots = flask.Blueprint("satudata_plots", __name__)

NOT_NOW = N_("The picture could not be drawn now. The same numbers stand in the data table.")
NO_THEME = N_("The parameter 'tema' is 'terang' or 'gelap'.")
NO_SIZE = N_("The parameter 'ukuran_gambar' is 'lebar' or 'sempit'.")
NOT_YOURS = N_("How the table is drawn is chosen by the owner agency's editors and admins.")
ANYWHERE = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""An embedded page may stand in every site: it holds open data, and nobody is signed in there."""
NO_KIND = N_("The parameter 'jenis' is 'peta', or is left out.")
PERIOD = re.compile(r"[\w. /-]{1,40}")
NO_PERIOD = N_("The parameter 'periode' names a period of the table, such as 2025 or 2025-03.")
REGION = re.compile(r"\d\d(\.\d{2,4}){0,3}")
NO_REGION = N_(
    "The parameter 'wilayah' is the code of a region of the table; a map shows them all."
)
ITSELF, RESET, MAP = "otomatis", "baku", "peta"
KIND_LABELS = {
    Kind.LINE: N_("Line over time"),
    Kind.COLUMNS: N_("Upright bars"),
    Kind.ROWS: N_("Lying bars"),
    Kind.MAP: N_("Map of the regions"),
}


def _behind_policy(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ask the policy before a view: 403 with its reason, 404 as for an unknown name."""

    @wraps(view)
    def guarded(id: str, resource_id: str, **more: Any) -> Any:
        try:
            return view(id, showing.admitted(id, resource_id), **more)
        except tk.NotAuthorized as problem:
            serving.keep_private()
            return tk.abort(403, str(problem))
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("Resource not found"))

    return guarded


def _asked() -> tuple[str, Asked]:
    """Return theme and picture that the address asks for; what is wrong is 400 with a reason."""
    theme = flask.request.args.get("tema", "terang")
    if theme not in THEMES:
        tk.abort(400, tk._(NO_THEME))
    kind = flask.request.args.get("jenis", "")
    if kind not in ("", MAP):
        tk.abort(400, tk._(NO_KIND))
    measure = flask.request.args.get("ukuran", "").replace("\x00", "")
    period = flask.request.args.get("periode", "")
    if period and not PERIOD.fullmatch(period):
        tk.abort(400, tk._(NO_PERIOD))
    region = flask.request.args.get("wilayah", "")
    if region and (kind == MAP or not REGION.fullmatch(region)):
        tk.abort(400, tk._(NO_REGION))
    return theme, Asked(measure, kind == MAP, period, region)


def _wrong(problem: tk.ValidationError) -> Any:
    return tk.abort(400, " ".join(problem.error_summary.values()))


def _args(asked: Asked) -> dict[str, str]:
    """Return the parameters of an address that asks for the same picture."""
    said = {
        "ukuran": asked.measure,
        "jenis": MAP if asked.map else "",
        "wilayah": asked.region,
        "periode": asked.period,
    }
    return {name: value for name, value in said.items() if value}


def _shown(found: Served, asked: Asked) -> Shown:
    try:
        return showing.shown(found, asked)
    except tk.ValidationError as problem:
        return _wrong(problem)


def _specification(found: Served) -> dict[str, Any]:
    """Return the specification that the address asks for; 404 with the reason where none is."""
    theme, asked = _asked()
    size = flask.request.args.get("ukuran_gambar", "lebar")
    if (theme, size) not in LOOKS:
        tk.abort(400, tk._(NO_SIZE))
    try:
        spec = showing.specification(found, (theme, size), asked)
        return spec if spec is not None else tk.abort(404, showing.shown(found, asked).reason)
    except tk.ValidationError as problem:
        return _wrong(problem)


def _marked(response: flask.Response, found: Served) -> flask.Response:
    """Let caches keep what is open, if they ask each time; what is not open is kept by nobody."""
    return _checked(response) if found.is_open else response


def _checked(response: flask.Response) -> flask.Response:
    """Let caches keep an answer, if they ask each time whether it is still the same."""
    etag = hashlib.sha256(response.get_data()).hexdigest()[:32]
    response.set_etag(etag)
    response.make_conditional(flask.request)

    @flask.after_this_request
    def mark(answer: flask.Response) -> flask.Response:
        answer.headers["Cache-Control"] = problems.OPEN
        answer.set_etag(etag)
        return answer

    return response


@_behind_policy
def page(id: str, found: Served) -> Any:
    """Show the picture with its sentence, its data table and its ways out."""
    _, asked = _asked()
    made = _shown(found, asked)
    dataset = asking.dataset(id)
    resource = _resource(dataset, found)
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "resource": resource,
        "picture": made,
        "picture_args": _args(asked),
        "open": found.is_open,
        "may_edit": policy.edits(registry.current_actor(), found.facts),
        "chosen": choices.chosen(found.resource_id) is not None,
    }
    return tk.render("satudata/plot.html", shown)


def _resource(dataset: dict[str, Any], found: Served) -> dict[str, Any]:
    known = dataset.get("resources") or ()
    return next((r for r in known if r["id"] == found.resource_id), {"id": found.resource_id})


def _file(format: str) -> Callable[..., Any]:
    @_behind_policy
    def picture(id: str, found: Served) -> Any:
        spec = _specification(found)
        try:
            content = showing.drawn(found, spec, format)
        except rendering.NotDrawn:
            return not_drawn(format)
        response = flask.Response(content, mimetype=rendering.FORMATS[format])
        response.headers["X-Content-Type-Options"] = "nosniff"
        # A picture runs no script and loads nothing, wherever it is opened.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'"
        )
        return _marked(response, found)

    return picture


def not_drawn(format: str) -> Any:
    """Say that there is no picture now: nobody keeps that, and browsers show it in its place."""
    said = tk._(NOT_NOW)
    if format == "svg":
        body = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="60" role="img">'
            '<text x="8" y="34" font-family="sans-serif" font-size="14">'
            f"{escape(said)}</text></svg>"
        )
        response = flask.Response(body, 503, mimetype="image/svg+xml")
    else:
        response = flask.Response(said, 503, mimetype="text/plain")
    response.headers["Cache-Control"] = problems.CLOSED
    response.headers["Retry-After"] = "60"
    return response


@_behind_policy
def specification(id: str, found: Served) -> Any:
    """Give the Vega-Lite specification with its data."""
    return _marked(flask.jsonify(_specification(found)), found)


@_behind_policy
def shapes(id: str, found: Served) -> Any:
    """Give the shapes of a geographic file as GeoJSON, whatever format it came in."""
    showing.record(found)
    try:
        content = geographic_files.as_geojson(found)
    except maps.NoMap as problem:
        return tk.abort(404, showing.words().note(problem.why))
    except rendering.Busy:
        return tk.abort(503, tk._(showing.BUSY))
    except showing.UNREADABLE:
        log.warning("no shapes of version %s", found.version_id)
        return tk.abort(404, tk._(maps.UNREADABLE))
    return _marked(flask.Response(content, mimetype="application/geo+json"), found)


@_behind_policy
def embedded(id: str, found: Served) -> Any:
    """Give the picture alone, for pages of other sites: no menu, no cookie.

    The policy is asked for the page, and again for what it draws when somebody points at it.
    """
    theme, asked = _asked()
    made = _shown(found, asked)
    dataset = asking.dataset(id)
    shown = {
        "pkg_dict": dataset,
        "resource": _resource(dataset, found),
        "picture": made,
        "picture_args": _args(asked),
        "theme": theme,
    }
    response = flask.Response(tk.render("satudata/plot_embedded.html", shown))
    if found.is_open:
        response.headers["Content-Security-Policy"] = ANYWHERE
        # Nothing that this page was drawn with is remembered in a browser.
        flask.session.modified = False
    return _marked(response, found)


def outlines() -> Any:
    """Give the outlines of the city's regions, on which maps are drawn: no official boundary."""
    content = _outlines(own_shapes.outlines()[0].digest, str(tk.h.lang()), tk.h.url_for("/"))
    return _checked(flask.Response(content, mimetype="application/geo+json"))


@lru_cache(maxsize=4)
def _outlines(digest: str, language: str, home: str) -> bytes:
    """Return the outlines with this digest in a language, of a site at an address; made once."""
    features = [
        {
            "type": "Feature",
            # Outer rings alone: slivers between regions are no holes.
            "geometry": {"type": "MultiPolygon", "coordinates": [[area[0]] for area in one.areas]},
            "properties": {
                "kode": one.code,
                "nama": one.name,
                "halaman": tk.h.url_for("satudata_portal.region", code=one.code),
            },
        }
        for one in point_map.drawable(own_shapes.outlines()[0])
    ]
    made = {
        "type": "FeatureCollection",
        "catatan": own_shapes.boundary(ground=True),
        "features": features,
    }
    return flask.json.dumps(made, ensure_ascii=False).encode()


# ------------------------------------------------------------------------------------ editing


def edit(id: str, resource_id: str) -> Any:
    """Let the owner agency choose how the table is drawn."""
    if not asking.logged_in():
        return asking.log_in()
    return _edit(id, resource_id)


@_behind_policy
def _edit(id: str, found: Served) -> Any:
    dataset = asking.dataset(id)
    actor = registry.current_actor()
    if not policy.edits(actor, found.facts):
        return form_page.closed(dataset, tk._(NOT_YOURS))
    showing.record(found)
    seen = showing.columns_of(found)
    said = showing.words()
    if isinstance(seen, Message):
        return form_page.closed(dataset, said.note(seen), 409)
    before = choices.chosen(found.resource_id) or Wanted()

    def call(values: Any) -> None:
        kind = str(values.get("kind") or "")
        if kind == RESET:
            return choices.keep(found, None, actor)
        texts = {n: str(values.get(n) or "") for n in ("measure", "along", "by", "title")}
        texts["title"] = " ".join(texts["title"].split())
        wanted = Wanted(kind="" if kind == ITSELF else kind, **texts)
        choices.checked(wanted, seen, said, own_shapes.known())
        return choices.keep(found, wanted, actor)

    road = Road(
        title=tk._("Choose the picture"),
        intro=tk._(
            "The portal draws each table by itself. Here you choose another chart of the same "
            "table. Numbers, totals and withheld cells are treated as before."
        ),
        button=tk._("Save the choice"),
        fields=_fields(before, columns_for(seen)),
        call=call,
        done=tk._("The picture was changed."),
    )
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to(
            "satudata_plots.page", id=dataset["name"], resource_id=found.resource_id
        )
    return form_page.show(dataset, road, attempt)


def _fields(before: Wanted, columns: Any) -> list[Field]:
    kinds = [
        Choice(ITSELF, tk._("As the portal chooses")),
        *(Choice(kind.value, tk._(KIND_LABELS[kind])) for kind in choices.KINDS if _offered(kind)),
        Choice(RESET, tk._("Undo every choice below")),
    ]
    lists = {name: [Choice(*said) for said in found] for name, found in columns.items()}
    labels = {
        "measure": (tk._("What is measured"), ""),
        "along": (tk._("Along the axis"), ""),
        "by": (tk._("Told apart by"), tk._("Each value gets a line or bars of its own.")),
    }
    return [
        field("kind", "choice", tk._("Kind of chart"), choices=kinds, value=before.kind or ITSELF),
        *(
            field(
                name,
                "choice",
                label,
                required=False,
                help=help or tk._("Left open, the portal chooses."),
                choices=lists[name],
                value=getattr(before, name),
            )
            for name, (label, help) in labels.items()
        ),
        field(
            "title",
            "line",
            tk._("Title of the picture"),
            required=False,
            max_length=choices.MAX_TITLE,
            value=before.title,
        ),
    ]


def _offered(kind: Kind) -> bool:
    """Tell whether a kind may be chosen here: a map only where shapes of regions are known."""
    return kind is not Kind.MAP or bool(own_shapes.known().regions)


_RULE = "/dataset/<id>/resource/<resource_id>/grafik"
plots.add_url_rule(_RULE, "page", declared(page, light=True))
plots.add_url_rule(f"{_RULE}.svg", "svg", _file("svg"))
plots.add_url_rule(f"{_RULE}.png", "png", _file("png"))
plots.add_url_rule(f"{_RULE}.json", "json", specification)
plots.add_url_rule(f"{_RULE}.geojson", "shapes", shapes)
plots.add_url_rule(f"{_RULE}.vega.json", "vega", _file("vega"))
plots.add_url_rule(f"{_RULE}/sematan", "embedded", embedded)
plots.add_url_rule("/wilayah/batas.geojson", "outlines", outlines)
plots.add_url_rule(f"{_RULE}/ubah", "edit", edit, methods=["GET", "POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of the pictures, and of what is told with them."""
    return [plots, stories.stories]
