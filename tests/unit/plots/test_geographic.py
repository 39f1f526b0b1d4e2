"""Shapefiles and KML are read as GeoJSON is, or the reason is said; hostile ones cost little."""

from __future__ import annotations

import io
import json
import struct

import pytest

from ckanext.satudata_pontianak.disclosure.readers.base import ReadError
from ckanext.satudata_pontianak.disclosure.readers.dbf import encoding_of
from ckanext.satudata_pontianak.portal.plots import geographic_reading
from ckanext.satudata_pontianak.portal.plots.drawing import geographic, maps
from ckanext.satudata_pontianak.portal.plots.drawing.geographic import KML, SHAPEFILE

from . import made_geographic as made
from .making import WORDS


def reason(content: bytes, kind: str) -> str:
    with pytest.raises(maps.NoMap) as refused:
        geographic_reading.read(content, kind)
    return refused.value.why.msgid


def test_a_packed_shapefile_is_a_map_with_its_records():
    found = geographic_reading.read(made.packed(made.parts()), SHAPEFILE)
    (area,) = found.features
    assert area["geometry"]["type"] == "Polygon"
    assert [len(ring) for ring in area["geometry"]["coordinates"]] == [5, 5]
    assert area["properties"] == {"nama": "Taman Béringin", "luas": 12.5}
    assert maps.sentence(found, WORDS["en"]) == "The map shows 1 area."


@pytest.mark.parametrize("said", [{}, {"taman.cpg": "1252"}])
def test_records_of_another_code_page_are_read(said):
    parts = made.parts(encoding="cp1252")
    found = geographic_reading.read(made.packed({**parts, **said}), SHAPEFILE)
    assert found.features[0]["properties"]["nama"] == "Taman Béringin"


@pytest.mark.parametrize("said", ["utf-7", "unicode_escape", "raw_unicode_escape", "cp037", "hz"])
def test_records_whose_plain_signs_mean_others_are_neither_scanned_nor_drawn(said):
    parts = {**made.parts(), "taman.cpg": said}
    assert reason(made.packed(parts), SHAPEFILE) == geographic.BROKEN
    with pytest.raises(ReadError):
        encoding_of(said, 0)


def test_geometries_alone_are_drawn():
    found = geographic_reading.read(made.packed({"a/B.SHP": made.parts()["taman.shp"]}), SHAPEFILE)
    assert found.counts == {"areas": 1}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"taman.prj": made.UTM}, geographic.OTHER_SYSTEM),
        ({"taman.prj": made.WGS84.replace("WGS", "DGN")}, geographic.OTHER_SYSTEM),
        ({"lain.shp": b"x"}, geographic.SEVERAL),
        ({"taman.shp": b"x" * 400}, geographic.BROKEN),
    ],
)
def test_a_shapefile_that_cannot_be_drawn_says_what_to_do(more, why):
    assert reason(made.packed({**made.parts(), **more}), SHAPEFILE) == why


def test_a_zip_without_a_shapefile_and_what_is_no_zip_are_no_map():
    assert reason(made.packed({"a.csv": "a,b"}), SHAPEFILE) == geographic.NO_SHAPEFILE
    assert reason(b"PK\x03\x04", SHAPEFILE) == geographic.BROKEN


def test_a_shapefile_that_promises_more_than_it_holds_costs_no_more_than_the_limits():
    shp = bytearray(made.parts()["taman.shp"])
    struct.pack_into("<II", shp, 100 + 8 + 36, 2**31 - 1, 2**31 - 1)  # parts and points
    assert reason(made.packed({"a.shp": bytes(shp)}), SHAPEFILE) == geographic.BROKEN
    bomb = made.packed({**made.parts(), "taman.dbf": bytes(70_000_000)})
    assert len(bomb) < maps.MOST_BYTES
    assert reason(bomb, SHAPEFILE) == maps.TOO_LARGE
    assert reason(bytes(maps.MOST_BYTES + 1), KML) == maps.TOO_LARGE


def test_metres_in_the_place_of_degrees_are_no_map():
    assert reason(made.KML.replace(b"109.3", b"313000"), KML) == maps.NOT_DEGREES


def test_kml_is_a_map_with_what_its_placemarks_say():
    found = geographic_reading.read(made.KML, KML)
    area, line, gates = found.features
    assert area["properties"] == {"name": "Taman Contoh", "luas": "12,5", "jenis": "hutan kota"}
    assert area["geometry"]["coordinates"][0][1] == [109.4, 0.0]
    assert line["geometry"] == {"type": "LineString", "coordinates": [[109.3, 0], [109.4, 0.1]]}
    assert gates["geometry"]["type"] == "MultiPoint"
    assert maps.name_key(found) == "name"
    again = maps.read(geographic_reading.as_geojson(found))
    assert again == found


def test_kml_with_entities_or_of_another_kind_is_no_map():
    lol = b'<!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml><name>&b;</name></kml>'
    outside = b'<!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><name>&a;</name></kml>'
    for content in (lol, outside, b"<kml>", b"<gpx/>", b"\x00", b""):
        assert reason(content, KML) == geographic.BROKEN
    assert reason(b"<kml><Document/></kml>", KML) == maps.NO_SHAPES


def test_a_kml_with_too_many_points_is_no_map():
    many = " ".join(f"109.{n:05d},0" for n in range(maps.MOST_POINTS + 1))
    line = f"<LineString><coordinates>{many}</coordinates></LineString>"
    assert reason(f"<kml><Placemark>{line}</Placemark></kml>".encode(), KML) == maps.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("peta.geojson", b"", geographic.GEOJSON),
        ("Peta.KML", b"", KML),
        ("peta.shz", b"", SHAPEFILE),
        ("peta.zip", made.packed(made.parts()), SHAPEFILE),
        ("data.zip", made.packed({"a.csv": "a", "a.shp.xml": "x"}), None),
        ("data.csv", b".shpPK", None),
    ],
)
def test_how_a_file_is_read_is_told_by_its_name_or_by_what_a_zip_lists(name, content, kind):
    assert geographic_reading.kind_of(name, io.BytesIO(content)) == kind


def test_the_child_says_nothing_but_its_answer():
    from ckanext.satudata_pontianak.portal.plots.rendering import in_child

    assert json.loads(in_child("geographic_child", KML, b"<gpx/>")) == {
        "reason": geographic.BROKEN,
        "params": {},
    }
