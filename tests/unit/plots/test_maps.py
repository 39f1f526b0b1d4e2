"""Maps: only of what has places, with its table; else the reason."""

from __future__ import annotations

import json

import pytest

from ckanext.satudata_pontianak.portal.plots.choosing import choose
from ckanext.satudata_pontianak.portal.plots.drawing import maps
from ckanext.satudata_pontianak.portal.plots.drawing.charts import NoChart
from ckanext.satudata_pontianak.portal.plots.drawing.looks import THEMES

from .making import WORDS, seen_of, svg_of, table


def geojson(*geometries):
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"nama": f"Nama {n}", "luas": n}}
        for n, geometry in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


SQUARE = {
    "type": "Polygon",
    "coordinates": [[[109.3, 0], [109.4, 0], [109.4, 0.1], [109.3, 0.1], [109.3, 0]]],
}
LINE = {"type": "LineString", "coordinates": [[109.3, 0], [109.4, 0.1]]}
POINT = {"type": "Point", "coordinates": [109.35, 0.02]}


def test_a_geographic_file_is_a_map_with_its_table():
    found = maps.read(geojson(SQUARE, LINE, POINT))
    assert maps.sentence(found, WORDS["en"]) == "The map shows 1 area, 1 line, 1 place."
    assert maps.table(found, WORDS["id"]).rows[1] == ("Nama 1", ["1"])
    spec = maps.draw(found, WORDS["id"], THEMES["gelap"], "Peta", [])
    assert "Nama 2" in svg_of(spec)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "FeatureCollection", "features": [1, {"geometry": {"type": "Point"}}]}',
        geojson({"type": "Point", "coordinates": [313000, 9999000]}),
        geojson({"type": "Point", "coordinates": ["a", "b"]}),
        geojson({"type": "Point", "coordinates": []}),
        b"[" * 100_000,
    ],
)
def test_what_is_no_map_says_why(content):
    with pytest.raises(maps.NoMap) as refused:
        maps.read(content)
    assert WORDS["en"].note(refused.value.why)


def test_a_list_of_places_is_a_map():
    made = table("nama_taman,latitude,longitude", "Taman A,-0.02,109.33", "Taman B,-0.03,109.34")
    seen = seen_of(made)
    assert isinstance(choose(seen), NoChart)
    found = maps.of_table(seen)
    assert found is not None
    assert [f["geometry"]["coordinates"] for f in found.features] == [
        [109.33, -0.02],
        [109.34, -0.03],
    ]


def test_halves_of_signs_and_numbers_that_json_lacks_take_nothing_down():
    said = geojson(POINT).replace(b'"Nama 0"', b'"\\ud800x"').replace(b'"luas": 0', b'"luas": NaN')
    (shape,) = maps.read(said).features
    assert shape["properties"] == {"nama": "?x"}
    json.dumps(shape, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "said",
    [
        {"type": ["FeatureCollection"], "features": []},
        {"type": "Feature", "properties": {}, "geometry": {"type": ["Point"], "coordinates": [1]}},
        {"type": {"Point": 1}, "coordinates": [109.3, 0]},
    ],
)
def test_a_kind_that_is_no_text_is_no_map(said):
    with pytest.raises(maps.NoMap):
        maps.read(json.dumps(said).encode())
