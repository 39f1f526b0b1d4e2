"""Regions: the city, its districts (kecamatan) and villages (kelurahan), and all data about one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...metadata import codes
from ...metadata.codes import Code
from ...msgids import N_
from ...surface.pages import page
from . import places, region_figures

FACET = "cakupan"
LEVELS = {
    "provinsi": N_("Province"),
    "kota": N_("City"),
    "kecamatan": N_("District (kecamatan)"),
    "kelurahan": N_("Village (kelurahan)"),
}
# The levels of detail of a dataset whose rows tell of one region of this level.
DETAIL = {
    "kecamatan": ("kecamatan", "kelurahan", "rw_rt", "lokasi"),
    "kelurahan": ("kelurahan", "rw_rt", "lokasi"),
}


def above(code: Code) -> Iterator[Code]:
    """Give the regions that hold this one, the nearest first."""
    parent = codes.region(code.parent)
    while parent is not None:
        yield parent
        parent = codes.region(parent.parent)


def below(code: Code) -> list[Code]:
    """Return the regions one level down, by name."""
    found = [c for c in codes.code_list("wilayah").codes.values() if c.parent == code.code]
    return sorted(found, key=lambda c: c.label)


def about(code: Code, *, everything: bool = False) -> str:
    """Return the filter query of what tells of a region.

    Its own data, those of regions within it, and of larger ones those whose rows go down to its
    level; with ``everything`` all of the larger ones.
    """
    parts = [places.one_of("cakupan", [c.code for c in (code, *_within(code))])]
    larger = [c.code for c in above(code)]
    if larger:
        query = places.one_of("cakupan", larger)
        detail = DETAIL.get(code.level)
        if detail and not everything:
            query = f"({query} AND {places.one_of('level_penyajian', detail)})"
        parts.append(query)
    return f"+({' OR '.join(parts)})"


def _within(code: Code) -> list[Code]:
    start = f"{code.code}."
    return [c for c in codes.code_list("wilayah").codes.values() if c.code.startswith(start)]


def regions() -> str:
    """Show the city with its districts and villages."""
    found = places.find(rows=0, facets=[FACET])
    counts = found.facets.get(FACET, {})
    city = next(c for c in codes.code_list("wilayah").codes.values() if c.level == "kota")
    shown = {
        "city": city,
        "districts": [
            {"region": district, "villages": below(district)} for district in below(city)
        ],
        "counts": counts,
        "failed": found.failed,
        "source": codes.code_list("wilayah").source,
    }
    return tk.render("satudata/regions.html", shown)


def region(code: str) -> Any:
    """Show everything about one region: its figures, and the datasets that tell of it."""
    known = codes.region(code)
    if known is None:
        return tk.abort(404, tk._("There is no region with this code."))
    everything = flask.request.args.get("semua") == "1"
    words = places.words()
    found = places.find(about(known, everything=everything), q=words, page=places.number())
    first = found.page == 1 and not words
    shown = {
        "region": known,
        "level": tk._(LEVELS.get(known.level, LEVELS["kota"])),
        "levels": LEVELS,
        "above": list(above(known))[::-1],
        "below": below(known),
        "found": found,
        "q": words,
        "everything": everything,
        "narrow": known.level in DETAIL,
        "figures": region_figures.of(known, about(known))
        if first and known.level in DETAIL
        else None,
    }
    return tk.render("satudata/region.html", shown)


places.blueprint.add_url_rule("/wilayah", "regions", page(regions, kept=True, light=True))
places.blueprint.add_url_rule("/wilayah/<code>", "region", page(region, kept=True, light=True))
