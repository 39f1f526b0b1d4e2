"""The place that a page keeps free for a picture is as large as the picture that comes."""

from __future__ import annotations

import re

import pytest
import vl_convert

from ckanext.satudata_pontianak.portal.plots import region_map
from ckanext.satudata_pontianak.portal.plots.drawing import maps
from ckanext.satudata_pontianak.portal.plots.drawing.figure import draw
from ckanext.satudata_pontianak.portal.plots.drawing.letters import roomy
from ckanext.satudata_pontianak.portal.plots.drawing.looks import LOOKS, number_format, time_format
from ckanext.satudata_pontianak.portal.plots.drawing.sizes import about

from . import made_shapes
from .corpus import TABLES
from .making import WORDS, chart_of
from .test_maps import LINE, POINT, SQUARE, geojson
from .test_regions import COUNTS, RATES, map_of

NEAR = 0.15


def shape(spec) -> tuple[float, float]:
    svg = vl_convert.vegalite_to_svg(
        spec, format_locale=number_format("id"), time_format_locale=time_format("id")
    )
    svg = roomy(svg, spec)
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def near(spec) -> None:
    width, height = shape(spec)
    said = about(spec)
    assert said[1] / said[0] == pytest.approx(height / width, rel=NEAR)


@pytest.mark.parametrize("size", ["lebar", "sempit"])
@pytest.mark.parametrize("made", [m for m in TABLES if m.drawn], ids=lambda made: made.name)
def test_a_chart_is_about_as_large_as_was_said(made, size):
    near(draw(chart_of(made), WORDS["id"], LOOKS["terang", size], ["Sumber: contoh"]))


@pytest.mark.parametrize("size", ["lebar", "sempit"])
def test_so_is_a_map(size):
    near(
        maps.draw(
            maps.read(geojson(SQUARE, LINE, POINT)),
            WORDS["id"],
            LOOKS["terang", size],
            "Peta",
            ["Sumber: contoh"],
        )
    )


@pytest.mark.parametrize("size", ["lebar", "sempit"])
@pytest.mark.parametrize(
    "features", [made_shapes.areas(), made_shapes.points()], ids=("areas", "points")
)
@pytest.mark.parametrize("made", [RATES, COUNTS], ids=("rates", "counts"))
def test_so_is_a_map_of_regions(made, features, size):
    shapes = made_shapes.made(features)
    near(
        region_map.draw(
            map_of(made, shapes), shapes, WORDS["id"], LOOKS["terang", size], ["Sumber: contoh"]
        )
    )
