"""Where the rows of a table lie, from its columns alone."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.metadata.geographic import (
    Places,
    places_of,
    position,
    region_of,
)


@pytest.mark.parametrize(
    ("headings", "areas", "found"),
    [
        (("nama", "lintang", "bujur"), False, Places(north=1, east=2)),
        (("Longitude", "Latitude", "kelurahan"), True, Places(north=1, east=0)),
        (("kecamatan", "kelurahan", "jumlah"), True, Places(region=1)),
        (("Kode Wilayah", "jumlah"), True, Places(region=0)),
        (("kecamatan", "jumlah"), False, None),
        (("lintang", "jumlah"), True, None),
        (("nama", "jumlah"), True, None),
    ],
)
def test_a_position_comes_before_a_region_and_villages_before_districts(
    headings: tuple[str, ...], areas: bool, found: Places | None
) -> None:
    assert places_of(headings, headings, areas=areas) == found


@pytest.mark.parametrize(
    ("north", "east", "found"),
    [
        ("-0.0263", "109.3425", (109.3425, -0.0263)),
        ("-0,0263", "109,3425", (109.3425, -0.0263)),
        ("", "109.3", None),
        ("91", "109.3", None),
        ("1e5", "109.3", None),
        ("NaN", "109.3", None),
        ("3.123.456", "109.3", None),
    ],
)
def test_only_degrees_on_the_earth_are_a_position(
    north: str, east: str, found: tuple[float, float] | None
) -> None:
    assert position(north, east) == found


def test_a_cell_names_one_region_of_the_level_of_its_column() -> None:
    assert region_of("kecamatan", "Pontianak Kota") is not None
    assert region_of("kelurahan", "Pontianak Kota") is None
    assert region_of("kelurahan", "tidak ada") is None
