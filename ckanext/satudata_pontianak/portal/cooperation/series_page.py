"""The page of a series, its chart and one download, and where an editor says what is of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.reading import lead, problems, serving
from ...access.series import actions, kept, rules
from ...access.series.kept import Listed
from ...agencies import registry
from ...classification.rules import variables
from ...surface.pages import page
from ..catalogue import table_files, table_reading
from ..catalogue.table_query import Column, Query
from ..plots import rendering, showing
from ..plots.views import not_drawn
from ..web import call
from . import series_chart
from .series_chart import ordered

TOO_MUCH = 413
MEMBERS, STEP, JOIN, LEAVE = "anggota", "langkah", "gabung", "keluar"
of_series = flask.Blueprint("satudata_series", __name__)
Part = tuple[Listed, list[list[str]]]


def _members(name: str) -> list[Listed]:
    """Return the members of a series that the reader may know of; none: it is unknown."""
    found = kept.members(registry.actor_from_context(call.context()), name)
    return found or tk.abort(404, tk._("There is no such series."))


def show(name: str) -> Any:
    """Show the members of a series that the reader may know of, and the periods between them."""
    found = _members(name)
    serving.keep_private()
    shown = {
        "name": name,
        "title": rules.bare(found[0].title),
        "members": [actions.row(each) for each in found],
        "gaps": rules.gaps([each.period for each in found if each.period]),
        "picture": series_chart.drawn(found),
        "newest": call.call("package_show", id=found[0].id),
        "twice": _twice(found),
    }
    return tk.render("satudata/series.html", shown)


def _twice(found: list[Listed]) -> set[str]:
    """Return the periods of which there are several members: these are told apart by title."""
    said = [rules.shown(each.period) for each in found if each.period]
    return {one for one in said if said.count(one) > 1}


def picture(name: str, form: str) -> Any:
    """Give the chart over all periods that are open, as SVG or PNG."""
    found = _members(name)
    look = (flask.request.args.get("tema", "terang"), flask.request.args.get("ukuran", "lebar"))
    made = series_chart.drawn(found)
    if made is None or look not in made.shown.specs:
        return tk.abort(404, tk._("Not found"))
    try:
        content = showing.drawn(made.newest, made.shown.specs[look], form)
    except rendering.NotDrawn:
        return not_drawn(form)
    response = flask.Response(content, mimetype=rendering.FORMATS[form])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cache-Control"] = problems.OPEN
    return response


def data(name: str) -> Any:
    """Give the rows of all periods that the reader may have, with a column of the period.

    Each member is asked of the policy, and each read recorded; one with other columns is left out.
    """
    found = _members(name)
    serving.keep_private()
    columns, parts, is_open = _joined(found)
    if not parts:
        return tk.abort(404, tk._("There is no table of this series that you may have."))
    response = flask.Response(
        b"".join(table_files.as_csv((series_chart.period_column(columns), *columns), _rows(parts))),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = problems.OPEN if is_open else problems.CLOSED
    return response


def _joined(found: list[Listed]) -> tuple[tuple[Column, ...], list[Part], bool]:
    """Return the columns, the rows of each period that the reader may have, and if all is open."""
    columns: tuple[Column, ...] = ()
    parts: list[Part] = []
    # One that a member calls personal is in no file that the portal makes, of whatever period.
    personal = frozenset[str]().union(*variables.personal_of([m.id for m in found]).values())
    cells, is_open = 0, True
    for member in reversed(found):
        for resource_id in _tables(member):
            try:
                with table_reading.opened(resource_id) as table:
                    order = ordered(columns, table.columns)
                    cells += table.total * (len(table.columns) + 1)
                    if order is None:
                        continue
                    if cells > rules.series().cells:
                        return tk.abort(TOO_MUCH, tk._("Too much for one file: take each period."))
                    columns, is_open = columns or table.columns, is_open and table.is_open
                    order = [at for c, at in zip(columns, order, strict=True) if _told(c, personal)]
                    blocks = table.blocks(Query(), table.columns, table.total)
                    rows = [[line[at] for at in order] for block in blocks for line in block]
            except (tk.NotAuthorized, tk.ObjectNotFound):
                continue
            parts.append((member, rows))
            break
    return tuple(column for column in columns if _told(column, personal)), parts, is_open


def _told(column: Column, personal: frozenset[str]) -> bool:
    return not variables.is_among(personal, column.name, column.label)


def _tables(member: Listed) -> list[str]:
    try:
        dataset = call.call("package_show", id=member.id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return []
    return [str(r["id"]) for r in lead.in_order(dataset) if r.get("datastore_active")]


def _rows(parts: list[Part]) -> Iterator[list[list[str]]]:
    for member, rows in parts:
        said = rules.sortable(member.period) if member.period else member.title
        yield [[said, *row] for row in rows]


def choose(id: str) -> Any:
    """Show which datasets could be one series with this one, and take what an editor says."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    try:
        found = call.call("satudata_series_show", id=dataset["id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    if not found["may_change"]:
        return tk.abort(403, tk._("Only who writes the dataset says of which series it is."))
    errors: dict[str, list[str]] = {}
    if flask.request.method == "POST":
        errors = _said(dataset, found)
        if not errors:
            return flask.redirect(tk.url_for("satudata_series.choose", id=dataset["name"]), 303)
    shown = {"pkg_dict": dataset, "dataset_type": dataset["type"], "found": found, "errors": errors}
    return flask.make_response(
        tk.render("satudata/series_choose.html", shown), 422 if errors else 200
    )


def _said(dataset: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, list[str]]:
    form = flask.request.form
    offered = {each["id"]: each["title"] for each in found["alike"]}
    if form.get(STEP) == LEAVE:
        wanted = [(dataset["id"], actions.NO)]
    else:
        chosen = [one for one in form.getlist(MEMBERS) if one in offered]
        wanted = [(one, actions.YES) for one in (dataset["id"], *chosen)]
    errors: dict[str, list[str]] = {}
    for one, member in wanted:
        try:
            call.call("satudata_series_set", id=one, member=member)
        except tk.NotAuthorized as refusal:
            said = [str(refusal.message or tk._("You may not take this step."))]
            errors.setdefault("", []).extend(said)
        except tk.ValidationError as refusal:
            for texts in call.errors_by_field(refusal.error_dict, ()).values():
                title = offered.get(one, dataset["title"])
                errors.setdefault("", []).extend(f"{title}: {text}" for text in texts)
    return errors


def satudata_series(dataset_id: str) -> Mapping[str, Any] | None:
    """Return the series of a dataset for its page: of two members at least that the reader sees."""
    try:
        found = call.call("satudata_series_show", id=dataset_id)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None
    return found if found["may_change"] or len(found["results"]) > 1 else None


of_series.add_url_rule("/seri/<name>", "show", view_func=page(show, light=True))
of_series.add_url_rule("/seri/<name>/data.csv", "data", view_func=data)
of_series.add_url_rule("/seri/<name>/grafik.<any(svg, png):form>", "picture", view_func=picture)
of_series.add_url_rule(
    "/satudata/berkas/<id>/seri", "choose", view_func=choose, methods=["GET", "POST"]
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [of_series]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_series.__name__: satudata_series}
