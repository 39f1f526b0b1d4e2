"""Titles tell which datasets are the same but for their period, and which periods are missing."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.access.series import rules


@pytest.mark.parametrize(
    ("title", "bare", "shown"),
    [
        ("Kasus DBD Menurut Kecamatan Tahun 2025", "Kasus DBD Menurut Kecamatan", "2025"),
        ("Kasus DBD Menurut Kecamatan (2024)", "Kasus DBD Menurut Kecamatan", "2024"),
        ("Harga Beras Bulan Januari 2025", "Harga Beras", "Januari 2025"),
        ("Harga Beras, Feb 2025", "Harga Beras", "Februari 2025"),
        ("Inflasi Triwulan II 2025", "Inflasi", "Triwulan II 2025"),
        ("Inflasi Semester 1 Tahun 2025", "Inflasi", "Semester I 2025"),
        ("Penduduk 2025 Menurut Umur", "Penduduk Menurut Umur", "2025"),
    ],
)
def test_a_title_is_split_into_what_stays_and_its_period(title, bare, shown):
    assert rules.bare(title) == bare
    found = rules.period(title)
    assert found is not None
    assert rules.shown(found) == shown


def test_a_title_with_two_years_or_none_names_no_period():
    assert rules.period("Penduduk 2020-2025") is None
    assert rules.period("Penduduk") is None
    assert rules.period("Penduduk", "2023-2025") is None
    found = rules.period("Penduduk", "2024")
    assert found is not None
    assert rules.shown(found) == "2024"


def test_a_name_says_agency_and_title_and_nothing_else():
    assert rules.name("dinkes", "Kasus DBD Tahun 2025") == "dinkes-kasus-dbd"
    assert rules.name("dinkes", "Kasus DBD 2024") == "dinkes-kasus-dbd"
    assert rules.name("disdik", "Kasus DBD 2024") != rules.name("dinkes", "Kasus DBD 2024")


@pytest.mark.parametrize(
    ("titles", "missing"),
    [
        (["A 2021", "A 2024"], ["2022", "2023"]),
        (["A Nov 2024", "A Feb 2025"], ["Desember 2024", "Januari 2025"]),
        (["A Triwulan IV 2024", "A Triwulan II 2025"], ["Triwulan I 2025"]),
        (["A 2024", "A Jan 2025"], []),
        (["A 2024"], []),
        ([], []),
    ],
)
def test_periods_between_the_first_and_the_last_are_gaps(titles, missing):
    known = [found for title in titles if (found := rules.period(title))]
    assert rules.gaps(known) == missing


def test_periods_in_a_file_sort_as_they_follow_one_another():
    titles = ["X Februari 2025", "X Oktober 2025", "X Januari 2026", "X Triwulan II 2026"]
    found = [rules.sortable(period) for title in titles if (period := rules.period(title))]
    assert found == ["2025-02", "2025-10", "2026-01", "2026-Q2"]
    assert found == sorted(found)
    assert rules.sortable(rules.period("X Tahun 2024")) == "2024"
