"""What the pages of a dataset and of a file show beside what CKAN gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError

from ... import days
from ...access.reading import activities, counting, lead
from ...access.versions import history, showing
from ...agencies import registry
from ...classification.rules.axes import classification
from ...metadata import freshness
from ...msgids import N_, NP_
from ..web import call, formats
from ..web.request_cache import once_a_request
from . import citation, snippets_code, table_files, table_page, table_query
from .citation import Work
from .places import phrase

FIRST_ROWS = 8
RELATED = 4
LEAD = 220
HASH = 16
FORMS = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}

cite = flask.Blueprint("satudata_citation", __name__)


# ----------------------------------------------------------------------------- citation


def work(dataset: Mapping[str, Any]) -> Work:
    """Return how a dataset is cited, from what ``package_show`` gives."""
    changed = formats.read_moment(dataset.get("metadata_modified"))
    issued = freshness.last_update(dataset) or (_city_day(changed) if changed else None)
    agency = dataset.get("organization") or {}
    hashes = [str(r.get("hash") or "") for r in dataset.get("resources") or ()]
    portal = str(tk.config.get("ckan.site_title") or "Satu Data Pontianak")
    return Work(
        name=dataset["name"],
        title=dataset.get("title") or dataset["name"],
        author=str(agency.get("title") or agency.get("name") or portal),
        portal=portal,
        url=tk.url_for("dataset.read", id=dataset["name"], qualified=True, locale="default"),
        issued=issued or days.today(),
        accessed=days.today(),
        version=next((h[:HASH] for h in hashes if h), ""),
    )


def satudata_citation(dataset: Mapping[str, Any]) -> str:
    """Return a citation in words, in the reader's language."""
    cited = work(dataset)
    text = tk._("{author}. ({year}). {title} [Dataset]. {portal}. Read on {day}, from {url}")
    if cited.version:
        text = tk._(
            "{author}. ({year}). {title} [Dataset], version of {issued}, SHA-256 {version}…."
            " {portal}. Read on {day}, from {url}"
        )
    return text.format(
        issued=formats.day(cited.issued, tk.h.lang()),
        version=cited.version,
        author=citation.one_line(cited.author),
        year=cited.issued.year,
        title=citation.one_line(cited.title),
        portal=cited.portal,
        day=formats.day(cited.accessed, tk.h.lang()),
        url=cited.url,
    )


def cite_as(id: str, form: str) -> Any:
    """Give a citation as a file, to who may see the metadata of the dataset."""
    if form not in FORMS:
        return tk.abort(404, tk._("There is no citation in this form."))
    dataset = call.dataset(id)
    if not tk.h.satudata_is_open(dataset):
        return tk.abort(404, tk._("What is not open is not cited: nobody could read it."))
    if form == "txt":
        text = satudata_citation(dataset) + "\n"
    else:
        write = {"bib": citation.bibtex, "ris": citation.ris, "json": citation.csl}[form]
        text = write(work(dataset))
    response = flask.Response(text.encode(), content_type=FORMS[form])
    name = f"{dataset['name']}.{form}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


cite.add_url_rule("/dataset/<id>/sitasi.<form>", view_func=cite_as)


# ------------------------------------------------------------------------------- helpers


def satudata_freshness(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return how current the data are: state, its label, when they came, and the next day.

    ``until``: the last day of the newest period in the data, where they tell it.
    """
    state = freshness.of_dataset(dataset, days.today())
    return {
        "state": state.value,
        "label": tk._(freshness.rules().labels[state]),
        "last": freshness.last_update(dataset),
        "until": freshness.newest_period(dataset),
        "next": freshness.next_of_dataset(dataset),
    }


def _city_day(moment: dt.datetime) -> dt.date:
    """Return the day of a moment in the city; one without a zone is UTC, as CKAN keeps it."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return known.astimezone(tk.h.get_display_timezone()).date()


def satudata_main_table(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the first file with an open table, and its first rows; ``None`` where none has one."""
    for resource in lead.in_order(dataset):
        shown = satudata_first_rows(resource)
        if shown is not None:
            return {**shown, "resource": resource}
    return None


def satudata_first_file(
    dataset: Mapping[str, Any], main: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return the file that the page is about: that of the open table, else the first to be had.

    Its forms stand under the title, and not once more in the list of files.
    """
    found = main["resource"] if main is not None else None
    if found is None and dataset.get("type") == "dataset" and satudata_is_open(dataset):
        found = next((r for r in lead.in_order(dataset) if r.get("url")), None)
    flask.g.satudata_above = found["id"] if found else None
    return found


def satudata_stands_above(resource: Mapping[str, Any]) -> bool:
    """Tell whether the forms of a file stand under the title of this page."""
    return flask.g.get("satudata_above") == resource.get("id")


def satudata_is_longer(dataset: Mapping[str, Any]) -> bool:
    """Tell whether a description says more than the lines under the title."""
    notes = str(dataset.get("notes") or "")
    return str(tk.h.markdown_extract(notes, LEAD)) != str(tk.h.markdown_extract(notes, 0))


def satudata_downloads(dataset: Mapping[str, Any]) -> int | None:
    """Return how often the data of an open dataset were taken, of all its versions."""
    return counting.taken(str(dataset["id"])) if satudata_is_open(dataset) else None


def satudata_first_rows(resource: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return columns and first rows of an open table, ``None`` where there is none.

    They are not counted as had by the reader: a page that is kept for the next one could not
    count them either.
    """
    with counting.uncounted():
        return table_page.first_rows(resource, FIRST_ROWS)


def satudata_files(dataset: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the files of a dataset, the one that it is about first."""
    return lead.in_order(dataset)


def satudata_original(
    dataset: Mapping[str, Any], resource: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return the file that a tidy table was made of, ``None`` of every other file."""
    return lead.original_of(dataset, resource)


def satudata_tidy_table(
    dataset: Mapping[str, Any], resource: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return the tidy table that was made of a file, ``None`` where there is none."""
    return lead.tidy_of(dataset, resource)


def satudata_snippets(resource: Mapping[str, Any], is_open: bool) -> list[snippets_code.Snippet]:
    """Return programs that read a file; none where the reader does not get it."""
    address = str(resource.get("url") or "")
    if not address.startswith(("http://", "https://")):
        return []
    return snippets_code.snippets(
        str(tk.config["ckan.site_url"]).rstrip("/"),
        str(resource["id"]),
        address,
        table=bool(resource.get("datastore_active")),
        is_open=is_open,
    )


def satudata_published_versions(dataset_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return the versions of each file that the reader may know of, by resource, newest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for edition in reversed(history.editions(registry.current_actor(), dataset_id)):
        for resource, told in edition.files.items():
            rows = found.setdefault(resource, [])
            if rows and rows[0]["version"] == told.kept.id:
                continue
            since = _city_day(edition.since)
            rows.insert(0, {**showing.file(resource, told), "since": since})
    return found


def satudata_related(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return datasets of the same keywords or government affair, as the reader may see them."""
    parts = [f"tags:{phrase(tag['name'])}^2" for tag in dataset.get("tags") or ()]
    if dataset.get("urusan"):
        parts.append(f"urusan:{phrase(dataset['urusan'])}")
    if not parts:
        return []
    try:
        answer = call.call(
            "package_search",
            q=" OR ".join(parts[:12]),
            fq=f"-id:{phrase(dataset['id'])} +dataset_type:{dataset.get('type') or 'dataset'}",
            fl=["id", "name", "title", "organization"],
            rows=RELATED,
        )
    except (SearchError, tk.ValidationError, tk.NotAuthorized):
        return []  # a page about one dataset does not fail for others
    return answer["results"]


def satudata_is_open(dataset: Mapping[str, Any]) -> bool:
    """Tell whether everybody may have the data of a dataset, as ``package_show`` tells of it."""
    decision = dataset.get("satudata_decision") or {}
    level = classification().levels.get(decision.get("level", ""))
    if decision.get("held"):
        return False
    return bool(decision.get("data_open")) and level is not None and level.open


def satudata_columns(resource: Mapping[str, Any]) -> list[table_query.Column]:
    """Return the columns of a table to who may have its rows; none where there is no table."""
    if not resource.get("datastore_active"):
        return []
    try:
        answer = call.call(
            "datastore_search", resource_id=resource["id"], limit=0, include_total=False
        )
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return []
    return [table_query.Column.of(f) for f in answer["fields"] if not f["id"].startswith("_")]


@once_a_request
def satudata_sees_past(dataset_id: str) -> bool:
    """Tell whether the reader may see what a dataset was like."""
    return activities.may_see_past(registry.current_actor(), dataset_id)


COLUMN_KINDS = {
    table_query.Kind.TEXT: N_("text"),
    table_query.Kind.NUMBER: NP_("kind of values", "number"),
    table_query.Kind.DAY: N_("date"),
    table_query.Kind.MOMENT: N_("date and time"),
    table_query.Kind.BOOLEAN: N_("yes or no"),
}


def satudata_column_kind(column: table_query.Column) -> str:
    """Return what a column holds, in words."""
    return tk._(COLUMN_KINDS[column.kind])


def get_helpers() -> dict[str, Any]:
    """Return the helpers of these pages by name."""
    return {
        f.__name__: f
        for f in (
            satudata_citation,
            satudata_column_kind,
            satudata_columns,
            satudata_downloads,
            satudata_files,
            satudata_first_file,
            satudata_first_rows,
            satudata_freshness,
            table_files.satudata_has_places,
            satudata_is_longer,
            satudata_is_open,
            satudata_main_table,
            satudata_original,
            satudata_published_versions,
            satudata_related,
            satudata_sees_past,
            satudata_snippets,
            satudata_stands_above,
            satudata_tidy_table,
        )
    }


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of citations."""
    return [cite]
