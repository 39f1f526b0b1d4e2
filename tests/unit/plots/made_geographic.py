"""Made-up geographic files: packed shapefiles, and KML."""

from __future__ import annotations

import io
import zipfile

import shapefile

WGS84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]]]'
UTM = f'PROJCS["WGS_1984_UTM_Zone_49S",{WGS84},PROJECTION["Transverse_Mercator"]]'
# Outer rings of a shapefile go with the clock, holes against it.
OUTER = [[109.30, 0.0], [109.30, 0.1], [109.40, 0.1], [109.40, 0.0], [109.30, 0.0]]
HOLE = [[109.33, 0.03], [109.36, 0.03], [109.36, 0.06], [109.33, 0.06], [109.33, 0.03]]


def packed(parts: dict[str, bytes | str]) -> bytes:
    """Return a ZIP of files by their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts(name: str = "taman", encoding: str = "utf-8") -> dict[str, bytes | str]:
    """Return the files of a shapefile: an area with a hole, and a record without geometry."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding=encoding) as writer:
        writer.shapeType = shapefile.POLYGON
        writer.field("nama", "C", size=40)
        writer.field("luas", "N", size=10, decimal=1)
        writer.poly([OUTER, HOLE])
        writer.record("Taman Béringin", 12.5)
        writer.null()
        writer.record("Tanpa bidang", 0)
    return {
        f"{name}.shp": shp.getvalue(),
        f"{name}.shx": shx.getvalue(),
        f"{name}.dbf": dbf.getvalue(),
        f"{name}.prj": WGS84,
    }


KML = b"""<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Taman kota</name><Folder>
<Placemark><name>Taman Contoh</name><ExtendedData>
<Data name="luas"><value>12,5</value></Data>
<SchemaData><SimpleData name="jenis">hutan kota</SimpleData></SchemaData></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
109.30,0.0,0 109.40,0.0,0 109.40,0.1,0 109.30,0.0,0
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Jalur</name><LineString><coordinates>109.3,0 109.4,0.1</coordinates>
</LineString></Placemark>
<Placemark><name>Dua gerbang</name><MultiGeometry><Point><coordinates>109.3,0</coordinates></Point>
<Point><coordinates>109.31,0.01,5</coordinates></Point></MultiGeometry></Placemark>
</Folder></Document></kml>
"""


def points(places: list[tuple[float, float]], name: str = "titik") -> dict[str, bytes | str]:
    """Return the files of a shapefile of places, without what says its coordinate system."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf) as writer:
        writer.shapeType = shapefile.POINT
        writer.field("nama", "C", size=40)
        for at, place in enumerate(places):
            writer.point(*place)
            writer.record(f"Titik {at + 1}")
    return {f"{name}.{e}": f.getvalue() for e, f in (("shp", shp), ("shx", shx), ("dbf", dbf))}
