"""The city's file of shapes: which regions it names, and what makes it useless."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.portal.plots.drawing import maps, shapes

from .made_shapes import areas, codes_of, feature, field, made, points, written
from .making import DISTRICTS, VILLAGES, WORDS

SQUARE = [[109.30, 0.0], [109.34, 0.0], [109.34, 0.04], [109.30, 0.04], [109.30, 0.0]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
OFFICE = {"type": "Point", "coordinates": [109.33, 0.01]}


@pytest.mark.parametrize(
    ("property", "value"),
    [
        ("kode", "61.71.01"),
        ("KODE_KEC", "617101"),
        ("kdcpum", 617101),
        ("kode_angka", 617101.0),
        ("WADMKC", "Pontianak Selatan"),
        ("nama", "Kecamatan Pontianak Selatan"),
    ],
)
def test_a_region_is_known_by_its_code_or_its_name(property, value):
    found = made([feature(POLYGON, OBJECTID=1, catatan="batas", **{property: value})])
    assert list(found.regions) == ["61.71.01"]
    assert found.regions["61.71.01"].level == "kecamatan"


def test_villages_are_not_taken_for_the_district_that_stands_beside_them():
    features = [
        feature(
            {"type": "Polygon", "coordinates": [field(n)]},
            kecamatan=DISTRICTS[code[:8]],
            kelurahan=name,
        )
        for n, (code, name) in enumerate(VILLAGES.items())
    ]
    assert set(made(features).regions) == set(VILLAGES)


def test_both_levels_may_stand_in_one_file():
    found = made([*areas(), *points("kelurahan")])
    assert [r.code for r in found.of_level("kecamatan")] == codes_of("kecamatan")
    assert [r.code for r in found.of_level("kelurahan")] == codes_of("kelurahan")


def test_unknown_regions_and_lines_are_ignored():
    line = {"type": "LineString", "coordinates": SQUARE}
    found = made([
        feature(POLYGON, kode="61.71.01"),
        feature(POLYGON, kode="61.12.01"),
        feature(POLYGON, kode=None),
        feature(line, kode="61.71.02"),
    ])  # fmt: skip
    assert list(found.regions) == ["61.71.01"]


def test_parts_of_a_region_and_its_office_belong_together():
    island = {"type": "MultiPolygon", "coordinates": [[field(4)], [field(5)]]}
    found = made([feature(g, kode="61.71.01") for g in (POLYGON, island, OFFICE)])
    region = found.regions["61.71.01"]
    assert len(region.areas) == 3
    assert region.middle == (109.33, 0.01)


def test_a_hole_is_left_empty_and_holds_nothing():
    hole = [[109.31, 0.01], [109.33, 0.01], [109.33, 0.03], [109.31, 0.03], [109.31, 0.01]]
    for ring in (hole, hole[::-1]):
        geometry = {"type": "Polygon", "coordinates": [SQUARE, ring]}
        region = made([feature(geometry, kode="61.71.01")]).regions["61.71.01"]
        outer, inner = region.areas[0]
        assert list(outer) == [tuple(p) for p in SQUARE]
        # The other way round than the outer ring, whichever way the file has it.
        assert list(inner) == [tuple(p) for p in hole[::-1]]
        assert not region.holds((109.32, 0.02))
        assert region.holds(region.middle)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=12, unique=True)
)
def test_the_middle_of_a_region_lies_within_it_whatever_its_shape(corners):
    # Corners in order around a spot between them make a ring that crosses itself nowhere.
    x0, y0 = sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)
    turn = sorted(corners, key=lambda p: (math.atan2(p[1] - y0, p[0] - x0), p))
    ring = [[109 + x / 100, y / 100] for x, y in [*turn, turn[0]]]
    assume(abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) > 1e-6)
    geometry = {"type": "Polygon", "coordinates": [ring]}
    region = made([feature(geometry, kode="61.71.01")]).regions["61.71.01"]
    assert region.holds(region.middle)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"bukan json", maps.UNREADABLE),
        (b"\xff\xfe", maps.UNREADABLE),
        (b"{}", maps.UNREADABLE),
        (json.dumps({"type": "FeatureCollection", "features": []}).encode(), maps.NO_SHAPES),
        (b" " * (maps.MOST_BYTES + 1), maps.TOO_LARGE),
        (
            written([
                feature({"type": "MultiPoint", "coordinates": [[109, 0]] * (maps.MOST_POINTS + 1)})
            ]),
            maps.TOO_LARGE,
        ),
        (
            written([
                feature({"type": "Point", "coordinates": [313000, 9999000]}, kode="61.71.01")
            ]),
            maps.NOT_DEGREES,
        ),
        (
            written([
                feature({"type": "Point", "coordinates": [math.nan, 0]}, kode="61.71.01")
            ]),
            maps.NOT_DEGREES,
        ),
        (written([feature(POLYGON, nama="Atlantis")]), shapes.NO_REGION),
        (written([feature(POLYGON)]), shapes.NO_REGION),
        (written([feature(POLYGON, kode="61.71")]), shapes.NO_REGION),
        (
            written([feature({"type": "Polygon", "coordinates": [SQUARE[:3]]}, kode="61.71.01")]),
            shapes.BAD_SHAPE,
        ),
        (
            written([feature({"type": "Polygon", "coordinates": SQUARE}, kode="61.71.01")]),
            shapes.BAD_SHAPE,
        ),
        (
            written([feature({"type": "Point", "coordinates": [SQUARE[0]]}, kode="61.71.01")]),
            shapes.BAD_SHAPE,
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_useless_says_why(content, why):
    with pytest.raises(maps.NoMap) as refused:
        shapes.read(content)
    assert refused.value.why.msgid == why
    assert "%(" not in WORDS["en"].note(refused.value.why)


def test_positions_that_nobody_sees_apart_are_one_and_the_area_stays():
    turns = [2 * math.pi * n / 20_000 for n in range(20_000)]
    ring = [[109.3 + 0.05 * math.cos(t), 0.05 * math.sin(t)] for t in turns]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    region = made([feature(geometry, kode="61.71.01")]).regions["61.71.01"]
    assert 1000 < len(region.positions) < 10_000
    assert region.positions[0] == region.positions[-1]
    assert region.middle == pytest.approx((109.3, 0), abs=1e-4)
    assert region.holds((109.3495, 0.0))
    assert not region.holds((109.3505, 0.0))


def test_another_file_has_another_digest():
    assert made(areas()).digest != made(points()).digest
    assert made(areas()).digest == made(areas()).digest
