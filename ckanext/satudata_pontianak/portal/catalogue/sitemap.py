"""The map of the site for search engines: its pages, and every dataset whose data are open to all.

Source: sitemaps.org, protocol 0.9 (at most 50,000 addresses a part; ours fit into memory).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

import flask

import ckan.plugins.toolkit as tk

from ... import config
from ...agencies.rules.duties import ANONYMOUS
from ...classification.records import reads
from ...classification.rules.policy import Channel, decide
from ...metadata import codes, freshness
from ...surface.pages import page
from . import places, plain_pages

PART = 500
MOST_PARTS = 50_000  # that an index may name; of more none is looked for
TYPE = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What is made anew for each address is not for robots; what is kept they may ask for at will.
NOT_FOR_ROBOTS = """
    /api/ /datastore/ /dataset/*/history /dataset/*?*q= /dataset/*/tabel? /dataset/*/grafik? /user/
""".split()
FIXED = (
    "satudata_home.index",
    "dataset.search",
    "organization.index",
    "satudata_portal.topics",
    "satudata_portal.regions",
    "satudata_portal.calendar",
    "satudata_portal.about",
    "satudata_portal.api_guide",
    "satudata_jepin.door",
    "satudata_points.kinds",
    "satudata_registers.index",
    "satudata.procedure",
    "satudata_sop.index",
    "satudata_reports.transparency",
    "satudata_ledger.index",
    *(f"satudata_portal.{name}" for name in plain_pages.ENDPOINTS.values()),
)


def index() -> Any:
    """Name the parts: the pages, and as many of datasets as there are."""
    site, parts = config.site_url().rstrip("/"), _found(1).pages
    listed = [f"{site}/sitemap-0.xml", *(f"{site}/sitemap-{n + 1}.xml" for n in range(parts))]
    return _written("sitemapindex", "sitemap", ((address, "") for address in listed))


def part(number: int) -> Any:
    """List the addresses of a part; the first one is of pages that are no dataset's."""
    if number == 0:
        return _written("urlset", "url", ((address, "") for address in _pages()))
    found = _found(number) if number <= MOST_PARTS else None
    if found is None or found.page != number:
        return tk.abort(404, tk._("There is no such part."))
    facts = reads.facts_for([str(each["id"]) for each in found.datasets])
    listed = [
        (
            _address("dataset.read", id=each["name"]),
            str(freshness.day_of(each.get("metadata_modified")) or ""),
        )
        for each in found.datasets
        # What the index says is asked of the policy once more.
        if each["id"] in facts and decide(ANONYMOUS, facts[each["id"]], Channel.DATA)
    ]
    return _written("urlset", "url", listed)


def robots() -> flask.Response:
    """Say what robots need not ask for, and where the map is."""
    paths = [f"{language}{path}" for language in ("", "/en") for path in NOT_FOR_ROBOTS]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths)]
    lines.append(f"Sitemap: {_address('satudata_portal.sitemap')}")
    return flask.Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _found(number: int) -> places.Found:
    found = places.find("+satudata_level:biasa", page=number, rows=PART, sort="id asc")
    if found.failed:
        tk.abort(503, tk._("The search does not answer at this moment."))
    return found


def _pages() -> Iterable[str]:
    views = flask.current_app.view_functions
    yield from (_address(endpoint) for endpoint in FIXED if endpoint in views)
    for code in codes.code_list("urusan").codes:
        yield _address("satudata_portal.topic", code=code)
    for agency in places.find(rows=0, facets=["organization"]).facets.get("organization", {}):
        yield _address("organization.read", id=agency)


def _address(endpoint: str, **values: Any) -> str:
    return str(tk.url_for(endpoint, qualified=True, locale="default", **values))


def _written(root: str, each: str, listed: Iterable[tuple[str, str]]) -> flask.Response:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for address, changed in listed:
        day = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
        lines.append(f"<{each}><loc>{escape(address)}</loc>{day}</{each}>")
    return flask.Response("\n".join([*lines, f"</{root}>", ""]), content_type=TYPE)


places.blueprint.add_url_rule("/robots.txt", "robots", robots)
places.blueprint.add_url_rule("/sitemap.xml", "sitemap", page(index, kept=True))
places.blueprint.add_url_rule("/sitemap-<int:number>.xml", "sitemap_part", page(part, kept=True))
