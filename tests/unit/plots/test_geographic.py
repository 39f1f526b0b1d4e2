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


def system(name: str, datum: str, parameters: str) -> str:
    """Return the text of a ``.prj`` of a grid of metres, as ArcGIS writes it."""
    return (
        f'PROJCS["{name}",GEOGCS["GCS",DATUM["{datum}",SPHEROID["GRS_1980",6378137.0,'
        '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        f'PROJECTION["Transverse_Mercator"],{parameters},UNIT["Meter",1.0]]'
    )


UTM_49S = (
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",10000000.0],'
    'PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",0.9996],'
    'PARAMETER["Latitude_Of_Origin",0.0]'
)
TM3_49_1 = (
    'PARAMETER["False_Easting",200000.0],PARAMETER["False_Northing",1500000.0],'
    'PARAMETER["Central_Meridian",109.5],PARAMETER["Scale_Factor",0.9999],'
    'PARAMETER["Latitude_Of_Origin",0.0]'
)
# The same place, on the bank of the Kapuas: by degrees, and as PROJ gives it in metres.
PLACE = (109.333, -0.0263)
IN_UTM, IN_TM3 = (314478.304, 9997091.821), (181411.480, 1497092.175)


@pytest.mark.parametrize(
    ("projection", "place"),
    [
        (system("SRGI_2013_UTM_Zone_49S", "SRGI_2013", UTM_49S), IN_UTM),
        (system("DGN_1995_UTM_Zone_49S", "D_DGN_1995", UTM_49S), IN_UTM),
        (system("WGS_1984_UTM_Zone_49S", "D_WGS_1984", UTM_49S), IN_UTM),
        (system("DGN95 / TM-3 49.1", "Datum_Geodesi_Nasional_1995", TM3_49_1), IN_TM3),
        (made.WGS84.replace("WGS_1984", "DGN_1995"), PLACE),
    ],
)
def test_a_shapefile_in_a_system_of_indonesian_offices_lies_where_it_should(projection, place):
    parts = made.points([place])
    found = geographic_reading.read(made.packed({**parts, "titik.prj": projection}), SHAPEFILE)
    assert found.features[0]["geometry"]["coordinates"] == pytest.approx(PLACE, abs=1e-7)


@pytest.mark.parametrize(
    "projection",
    [
        system("ID74 / UTM 49S", "Indonesian_Datum_1974", UTM_49S),
        system("WGS 84 / Batavia", "Batavia", UTM_49S),
        system("feet", "D_WGS_1984", UTM_49S).replace('"Meter",1.0', '"Foot",0.3048'),
        system("Jakarta", "D_WGS_1984", UTM_49S).replace('"Greenwich",0.0', '"Jakarta",106.8'),
        system("Mercator", "D_WGS_1984", UTM_49S).replace("Transverse_", ""),
        system("none", "D_WGS_1984", 'PARAMETER["Scale_Factor",0.0]'),
    ],
)
def test_a_system_that_lies_elsewhere_is_not_drawn_in_the_wrong_place(projection):
    packed = made.packed({**made.points([IN_UTM]), "titik.prj": projection})
    assert reason(packed, SHAPEFILE) == geographic.OTHER_SYSTEM


def in_system(name: str, place: tuple[float, float]) -> bytes:
    point = {"type": "Point", "coordinates": place}
    features = [{"type": "Feature", "geometry": point, "properties": {}}]
    crs = {"type": "name", "properties": {"name": name}}
    said = {"type": "FeatureCollection", "crs": crs, "features": features}
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("urn:ogc:def:crs:EPSG::9489", IN_UTM),
        ("urn:ogc:def:crs:EPSG::23879", IN_UTM),
        ("EPSG:32749", IN_UTM),
        ("EPSG:23835", IN_TM3),
        ("EPSG:4755", PLACE),
        ("EPSG:9470", PLACE),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", PLACE),
    ],
)
def test_an_old_geojson_says_its_system_by_a_code(name, place):
    found = geographic_reading.read(in_system(name, place), geographic.GEOJSON)
    assert found.features[0]["geometry"]["coordinates"] == pytest.approx(PLACE, abs=1e-7)
    assert reason(in_system("EPSG:3857", place), geographic.GEOJSON) == maps.NOT_DEGREES


def test_a_kmz_is_the_kml_that_programs_show_of_it():
    other = b"<kml><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"
    content = made.packed({"files/lain.kml": other, "doc.kml": made.KML, "files/a.png": b"x"})
    found = geographic_reading.read(content, geographic.KMZ)
    assert found == geographic_reading.read(made.KML, KML)
    assert geographic_reading.kind_of("Peta.KMZ", io.BytesIO(content)) == geographic.KMZ


def test_a_kmz_that_is_none_or_a_bomb_costs_no_more_than_the_limits():
    kmz = geographic.KMZ
    assert reason(made.packed({"a.txt": "x"}), kmz) == geographic.NO_KML
    assert reason(made.packed({"doc.kml": bytes(70_000_000)}), kmz) == maps.TOO_LARGE
    assert reason(made.packed({str(n): b"" for n in range(300)}), kmz) == maps.TOO_LARGE
    for content in (b"PK\x03\x04", made.KML, made.packed({"doc.kml": b"<gpx/>"})):
        assert reason(content, kmz) == geographic.BROKEN
    # Nothing is written: a name that leads elsewhere leads nowhere.
    astray = made.packed({"../../doc.kml": made.KML})
    assert geographic_reading.read(astray, kmz).counts["areas"] == 1


def test_a_shp_alone_says_what_to_upload_instead():
    kind = geographic_reading.kind_of("titik.shp", io.BytesIO())
    assert kind is not None
    assert reason(bytes(made.parts()["taman.shp"]), kind) == geographic.ALONE
