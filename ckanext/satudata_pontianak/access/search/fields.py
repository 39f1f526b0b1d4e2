"""What a dataset's document in the index holds for searching and for facets, besides CKAN's fields.

All of it is made from the view of the least privileged reader (:mod:`.index`). Names of columns,
and the regions that cells name, stand in it only where everybody may have the data, and only of the
bytes that are served.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import requests
import sqlalchemy as sa

from ckan import model
from ckan.lib.search.common import make_connection

from ...agencies import registry
from ...classification.records.model import Scan
from ...classification.records.reads_of_many import Page
from ...classification.versions.table_state import Tabled
from ...metadata import codes, formats
from . import dictionary

NEVER_ASKED = (
    {"q": "{!frange l=0}sum(1,1)"},
    {"q": "{!terms f=id}a"},
    {"q": "*:*", "sort": "sum(1,1) asc"},
    {"q": "*:*", "fl": "x:[docid]"},
)
"""Questions that our configuration of Solr refuses, by parsers, a function and a transformer."""
HELD = "held"
"""In the place of a level, while somebody checks."""
MOST_COLUMNS = 400
"""A table may have thousands; the first ones say what it is about."""


def of_dataset(
    dataset: Mapping[str, Any], loaded: Page, *, data_open: bool
) -> dict[str, list[str]]:
    """Return our fields of a dataset by their names in the index; empty ones are left out.

    :param dataset: as the least privileged reader sees it.
    :param loaded: its rows of ours.
    :param data_open: whether everybody may have its data.
    """
    place = codes.region(dataset.get("cakupan"))
    topic = codes.urusan(dataset.get("urusan"))
    organization = dataset.get("organization") or {}
    agency = registry.agency(organization.get("id"))
    fields = {
        "satudata_agency": [organization.get("title") or "", agency.english if agency else ""],
        "satudata_topic": [topic.label, topic.english] if topic else [],
        "satudata_region": [c.code for c in _upwards(place)],
        "satudata_place": [name for c in _upwards(place) for name in (c.label, *c.aliases)],
        "satudata_year": _years(dataset.get("tahun")),
        "satudata_format": _formats(dataset),
        "satudata_columns": _columns(loaded) if data_open else [],
        **(_cells(loaded) if data_open else {}),
    }
    return {name: kept for name, values in fields.items() if (kept := [v for v in values if v])}


def known_to_solr() -> bool:
    """Tell whether the core has our fields; without them no document can be written.

    A core that does not tell its fields is taken for one that has them.
    """
    solr = make_connection()
    url = f"{solr.url.rstrip('/')}/schema/fields/satudata_cells"
    try:
        answer = requests.get(url, timeout=solr.timeout or 10, auth=solr.auth)
    except requests.RequestException:
        return True
    return answer.status_code != requests.codes.not_found


def refused_by_solr() -> bool:
    """Tell whether the core refuses what the portal never asks of it.

    One that does not answer is taken for one that does; a search would say so.
    """
    solr = make_connection()
    url = f"{solr.url.rstrip('/')}/select"
    for asked in NEVER_ASKED:
        try:
            answer = requests.get(
                url, params={"rows": "1", **asked}, timeout=solr.timeout or 10, auth=solr.auth
            )
        except requests.RequestException:
            return True
        if answer.ok:
            return False
    return True


def _upwards(place: codes.Code | None) -> list[codes.Code]:
    """Return a region and those around it, up to the city: a kelurahan is in its city."""
    found = []
    while place is not None and place.level != "provinsi":
        found.append(place)
        place = codes.region(place.parent)
    return found


def _years(text: str | None) -> list[str]:
    if not text:
        return []
    try:
        first, last = formats.years(text)
    except formats.Malformed:
        return []
    return [str(year) for year in range(first, last + 1)]


def _formats(dataset: Mapping[str, Any]) -> list[str]:
    """Return the formats of the files, each once and written in one way."""
    names = {str(r.get("format") or "").strip().upper() for r in dataset.get("resources") or ()}
    return sorted(names - {""})


def _cells(loaded: Page) -> dict[str, list[str]]:
    """Return the regions that stand in the cells of the served tables: their words, their names."""
    told = [Tabled.of(version.tabled) for version in loaded.approved.values()]
    found = [
        region
        for code in dict.fromkeys(code for one in told if one for code in one.regions)
        if (region := codes.region(code))
    ]
    return {
        "satudata_data": ["open"],
        "satudata_cells": [dictionary.token(region.code) for region in found],
        "satudata_cell_names": [name for r in found for name in (r.label, *r.aliases)],
    }


def _columns(loaded: Page) -> list[str]:
    versions = [version.id for version in loaded.approved.values()]
    if not versions:
        return []
    query = sa.select(Scan.report).where(Scan.version_id.in_(versions), Scan.verdict != "failed")
    names = dict.fromkeys(
        name for report in model.Session.scalars(query) for name in _names(report or {})
    )
    return list(names)[:MOST_COLUMNS]


def _names(report: Mapping[str, Any]) -> Iterable[str]:
    for file in report.get("files") or ():
        for table in file.get("tables") or ():
            for column in table.get("columns") or ():
                yield str(column.get("name") or "").strip()
