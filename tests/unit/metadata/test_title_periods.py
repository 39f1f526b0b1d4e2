"""The period of a title: which one follows, and whether nothing but it changed."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.metadata import title_periods


@pytest.mark.parametrize(
    ("title", "after"),
    [
        ("Kunjungan Oktober 2026", "Kunjungan November 2026"),
        ("Kunjungan Bulan Des 2026", "Kunjungan Bulan Januari 2027"),
        ("Kasus (Nopember 2026) di Kota", "Kasus (Desember 2026) di Kota"),
        ("Inflasi Triwulan IV 2025", "Inflasi Triwulan I 2026"),
        ("Inflasi Semester 1 Tahun 2025", "Inflasi Semester II 2025"),
    ],
)
def test_a_part_of_a_year_gives_way_to_the_next(title, after):
    before = title_periods.part_of_year(title)
    assert before is not None
    assert title_periods.renamed(title, title_periods.following(before)) == after
    assert title_periods.moved(title, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kunjungan Oktober 2026", "Kunjungan Oktober 2026"),
        ("Kunjungan Oktober 2026", "Kunjungan Pasien November 2026"),
        ("Kunjungan Oktober 2026", "Kunjungan 2027"),
        ("Kunjungan 2026", "Kunjungan 2027"),
        ("Kunjungan", ""),
    ],
)
def test_any_other_change_of_a_title_is_none_of_its_period(before, after):
    assert not title_periods.moved(before, after)


def test_a_word_that_begins_like_a_month_is_none():
    assert title_periods.part_of_year("Jumlah Marga 2026") is None
