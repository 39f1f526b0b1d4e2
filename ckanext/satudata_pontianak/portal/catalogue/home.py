"""The home page: search first, then what the catalogue holds, counted for everybody.

It is the public's page, so everything on it is asked for as somebody without a name, whoever
looks: two searches, the downloads of a quarter, and one question to the policy. Figures are read
from a file once for each approved version of it, whose bytes never change.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import flask
import sqlalchemy as sa
from babel.dates import format_skeleton

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib.search import SearchError, SearchIndexError

from ... import days
from ...access.reading import counting, lead
from ...access.reading import guard as policy
from ...access.search import parameters
from ...agencies.helpers import satudata_agency_named
from ...classification.records import dataset_types
from ...classification.records.incident_model import DownloadCount
from ...classification.records.model import Pointer, Version
from ...classification.rules.axes import classification
from ...classification.rules.policy import Channel
from ...metadata import codes
from ...metadata.helpers import called
from ...surface.pages import page
from ..web import formats
from . import figures
from .figures import Figure, Number

log = logging.getLogger(__name__)

NEWEST = 6
MOST_USED = 6
USED_DAYS = 90
TOPICS = 12
AGENCIES = 12
OPEN_ONLY = f'+capacity:"public" {dataset_types.NO_APPS}'
FACETS = ("organization", "urusan")
MOST_KEPT = 500

home = flask.Blueprint("satudata_home", __name__)
# (hash of the bytes, name of the number) → the figure in them, or that there is none.
_kept: dict[tuple[str, str], Figure | None] = {}


def index() -> str:
    """Show the home page; without its search engine it still leads to everything else."""
    answer, failed = _search({"rows": NEWEST, "sort": "metadata_modified desc"}, facets=FACETS)
    used = _downloads()
    named = _named([*(n.dataset for n in figures.home().numbers)], list(used))
    open_ids = _open(named)
    shown = {
        "failed": failed,
        "count": answer["count"],
        "newest": [_row(found) for found in answer["results"]],
        "topics": _topics(answer),
        "topic_count": len(_items(answer, "urusan")),
        "agencies": _items(answer, "organization")[:AGENCIES],
        "agency_count": len(_items(answer, "organization")),
        "numbers": _numbers(named, open_ids),
        "most_used": _most_used(named, open_ids, used),
        "used_days": USED_DAYS,
        "searches": figures.home().searches,
    }
    return tk.render("home/index.html", shown)


def _nobody() -> types.Context:
    """Return the context of somebody without a name."""
    return {"user": "", "auth_user_obj": None}


def _search(params: Mapping[str, Any], facets: Sequence[str] = ()) -> tuple[dict[str, Any], bool]:
    """Search as somebody without a name; tell as well whether the search engine failed."""
    asked = {"q": "*:*", "fq": OPEN_ONLY, "start": 0, **params}
    if facets:
        asked |= {"facet.field": list(facets), "facet.limit": -1}
    else:
        asked["facet"] = "false"
    try:
        context = parameters.marked(_nobody(), parameters.VALUES)
        return tk.get_action("package_search")(context, asked), False
    except (SearchError, SearchIndexError) as problem:
        log.warning("the home page could not search: %s", type(problem).__name__)
        return {"count": 0, "results": [], "search_facets": {}}, True


def _items(answer: Mapping[str, Any], facet: str) -> list[dict[str, Any]]:
    """Return the values of a facet with their counts, the greatest count first."""
    found = answer["search_facets"].get(facet, {}).get("items", [])
    return sorted(found, key=lambda item: (-item["count"], item["display_name"]))


def _topics(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the topics that have datasets, with their names and signs."""
    icons = figures.home().icons
    found = [
        {
            "code": item["name"],
            "label": called(known),
            "count": item["count"],
            "icon": icons.get(item["name"], "folder-open"),
            "url": _topic_url(item["name"]),
        }
        for item in _items(answer, "urusan")
        if (known := codes.urusan(item["name"])) is not None
    ]
    return found[:TOPICS]


def _topic_url(code: str) -> str:
    if "satudata_portal.topic" in flask.current_app.view_functions:
        return tk.url_for("satudata_portal.topic", code=code)
    return tk.url_for("dataset.search", urusan=code)


def _row(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line of the home page says of a dataset."""
    formats_of = {str(r.get("format") or "") for r in dataset.get("resources", ())}
    decision = dataset.get("satudata_decision")
    # On the public's page everything is open unless it says otherwise.
    open_now = decision and classification().is_open(decision["level"]) and not decision["held"]
    return {
        "name": dataset["name"],
        "title": dataset.get("title") or dataset["name"],
        "agency": satudata_agency_named(dataset.get("organization") or {}),
        "changed": dataset.get("metadata_modified"),
        "formats": sorted(f for f in formats_of if f),
        "type": dataset.get("type") or "dataset",
        "decision": None if open_now else decision,
    }


def _downloads() -> dict[str, int]:
    """Return dataset → downloads of its open data in the last days, the most used first."""
    since = days.today() - dt.timedelta(days=USED_DAYS)
    total = sa.func.sum(DownloadCount.downloads).label("total")
    query = (
        sa.select(Version.package_id, total)
        .join(DownloadCount, DownloadCount.version_id == Version.id)
        .where(DownloadCount.hour >= since)
        .where(sa.exists().where(Pointer.package_id == Version.package_id))
        .group_by(Version.package_id)
        .having(total > 0)
        .order_by(total.desc(), Version.package_id)
        .limit(MOST_USED * 3)
    )
    return {row.package_id: int(row.total) for row in model.Session.execute(query)}


def _named(names: list[str], ids: list[str]) -> list[dict[str, Any]]:
    """Return the datasets of these names and ids, as somebody without a name sees them."""
    wanted = [("name", value) for value in names] + [("id", value) for value in ids]
    if not wanted:
        return []
    either = " OR ".join(f"{key}:{json.dumps(value)}" for key, value in wanted)
    answer, _ = _search({"fq": f"{OPEN_ONLY} +({either})", "rows": len(wanted)})
    return answer["results"]


def _open(datasets: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of those datasets whose data anybody may have now; the policy says it."""
    ids = [dataset["id"] for dataset in datasets]
    return {i for i, may in policy.allowed(_nobody(), ids, Channel.DATA).items() if may}


def _most_used(
    datasets: Iterable[Mapping[str, Any]], open_ids: set[str], used: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the datasets with the most downloads, those only whose data are open now."""
    found = [
        {**_row(dataset), "downloads": used[dataset["id"]]}
        for dataset in datasets
        if dataset["id"] in open_ids and dataset["id"] in used
    ]
    return sorted(found, key=lambda row: (-row["downloads"], row["title"]))[:MOST_USED]


def _numbers(datasets: Iterable[Mapping[str, Any]], open_ids: set[str]) -> list[dict[str, Any]]:
    """Return the figures that open data hold now, each with its period and its source."""
    by_name = {d["name"]: d for d in datasets if d["id"] in open_ids}
    shown = []
    for number in figures.home().numbers:
        dataset = by_name.get(number.dataset)
        resource = _table(dataset) if dataset else None
        if dataset is None or resource is None:
            continue
        found = _figure(number, resource)
        if found is None:
            continue
        shown.append(
            {
                "label": tk._(number.label),
                "value": formats.number(round(found.value, number.decimals), tk.h.lang()),
                "unit": tk._(number.unit.label) if number.unit.label else number.unit.symbol,
                "period": _period(found.period or str(dataset.get("tahun") or "")),
                "agency": satudata_agency_named(dataset.get("organization") or {}),
                "source": resource.get("name") or dataset.get("title") or dataset["name"],
                "name": dataset["name"],
            }
        )
    return shown


def _table(dataset: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the first file of a dataset that has approved bytes and a table of rows."""
    for resource in lead.in_order(dataset):
        if resource.get("hash") and resource.get("datastore_active"):
            return resource
    return None


def _figure(number: Number, resource: Mapping[str, Any]) -> Figure | None:
    """Return the figure in a file, read once for its bytes; ``None`` where there is none."""
    key = (str(resource["hash"]), number.name)
    if key not in _kept:
        rows = _rows(number, str(resource["id"]))
        if rows is None:
            return None
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = figures.figure(number, rows)
    return _kept[key]


def _rows(number: Number, resource_id: str) -> list[dict[str, Any]] | None:
    """Return the rows of a number, as somebody without a name may read them now."""
    columns = [number.column, *([number.period] if number.period else [])]
    asked = {
        "resource_id": resource_id,
        "filters": dict(number.where),
        "fields": columns,
        "limit": figures.MOST_ROWS + 1,
    }
    try:
        with counting.uncounted():
            answer = tk.get_action("datastore_search")(_nobody(), asked)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError) as problem:
        log.info("no figure %s: %s", number.name, type(problem).__name__)
        return None
    records = answer["records"]
    return None if len(records) > figures.MOST_ROWS else records


def _period(text: str) -> str:
    """Return a period in the reader's words: ``2025``, ``Desember 2025``; others as they are."""
    if len(text) == len("2025-12") and figures.PERIOD.fullmatch(text):
        first = dt.date.fromisoformat(f"{text}-01")
        return format_skeleton("yMMMM", first, locale=formats.locale_of(tk.h.lang()))
    return text


home.add_url_rule("/", "index", page(index, kept=True, light=True))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of the home page."""
    return [home]
