"""What may colour an area, classes of numbers, a legend's numbers, names that cover no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.metadata.rates import is_rate
from ckanext.satudata_pontianak.metadata.roles import Column, unit_of
from ckanext.satudata_pontianak.portal.plots.drawing import scales
from ckanext.satudata_pontianak.portal.plots.drawing.labels import Label, placed

DECIMALS = st.decimals(-(10**6), 10**6, allow_nan=False, places=2)


@given(st.lists(DECIMALS, min_size=1, max_size=40))
def test_classes_are_at_most_five_of_one_width_and_hold_every_number(values):
    ranges = scales.classes(values)
    assert 1 <= len(ranges) <= 5
    assert len({high - low for low, high in ranges}) == 1
    for value in values:
        low, high = ranges[scales.class_of(value, ranges)]
        assert low <= value < high or low == value == high


@given(st.lists(st.decimals("0.01", 10**9, places=2), min_size=1, max_size=9))
def test_the_legend_of_circles_has_up_to_three_sizes_that_occur(values):
    found = scales.examples(values)
    assert 1 <= len(found) <= 3
    assert found == sorted(found)
    assert found[0] > 0
    assert found[-1] <= max(values)


SPOTS = st.tuples(st.integers(0, 560), st.integers(0, 400), st.integers(0, 30))


@given(st.lists(SPOTS, max_size=25))
def test_no_name_covers_another_or_leaves_the_picture(spots):
    wanted = [Label(x, y, ["Pontianak", "12.345"], radius) for x, y, radius in spots]
    boxes = [label.box for label in placed(wanted, 560, 400)]
    for n, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[3] <= 400
        for other in boxes[n + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("persentase_kemiskinan", True),
        ("indeks_pembangunan_manusia", True),
        ("kepadatan_penduduk_jiwa_per_km2", True),
        ("rata_rata_lama_sekolah", True),
        ("angka_kematian_bayi", True),
        ("penduduk_miskin_persen", True),
        ("jumlah_penduduk", False),
        ("luas_km2", False),
        ("penduduk_usia_0_4", False),
        ("usia_0_4", False),
        ("jumlah_siswa_tingkat_sd", False),
        ("jumlah_pelanggaran_per_kecamatan", False),
        ("perguruan_tinggi", False),
        ("puskesmas", False),
    ],
)
def test_only_what_is_surely_a_rate_may_colour_an_area(name, rate):
    column = Column(name, "numeric")
    assert is_rate(column, unit_of(column)) is rate


@pytest.mark.parametrize(
    ("name", "unit", "bare"),
    [
        ("kepadatan_per_km2", "per km²", "Kepadatan"),
        ("jiwa_per_keluarga", "per keluarga", "Jiwa"),
        ("kepadatan_jiwa_per_km2", "jiwa/km²", "Kepadatan"),
        ("luas_km2", "km²", "Luas"),
        ("paper_km2", "km²", "Paper"),
    ],
)
def test_what_stands_below_a_fraction_is_no_unit_by_itself(name, unit, bare):
    column = Column(name, "numeric")
    assert (unit_of(column), column.bare) == (unit, bare)
