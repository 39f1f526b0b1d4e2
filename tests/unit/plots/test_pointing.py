"""Whoever points at a long line is told the number too; pictures without scripts hold no more."""

from __future__ import annotations

import datetime as dt
import json

from ckanext.satudata_pontianak.portal.plots import child, rendering
from ckanext.satudata_pontianak.portal.plots.drawing.figure import pointable

from .making import chart_of, spec_of, table

DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(100)]


def symbols(node: object) -> int:
    if isinstance(node, list):
        return sum(map(symbols, node))
    if not isinstance(node, dict):
        return 0
    return (node.get("type") == "symbol") + sum(map(symbols, node.values()))


def marks(spec) -> int:
    made = child.drawn(rendering.request(spec, "id"), "vega")
    return symbols(json.loads(made)["spec"]["marks"])


def test_a_long_line_has_something_to_point_at_in_browsers_alone() -> None:
    rows = (f"{day},{n % 7}" for n, day in enumerate(DAYS))
    spec = spec_of(chart_of(table("tanggal,jumlah_kasus", *rows)))
    before = json.dumps(spec)
    assert (marks(spec), marks(pointable(spec))) == (0, 1)
    assert json.dumps(spec) == before


def test_what_has_points_or_bars_stays_as_it_is() -> None:
    line = spec_of(chart_of(table("tahun,jumlah_kasus", "2023,1", "2024,2", "2025,5")))
    bars = spec_of(chart_of(table("kecamatan,jumlah", "Pontianak Kota,1", "Pontianak Timur,2")))
    assert (pointable(line), pointable(bars)) == (line, bars)
