"""The newest period that rows tell of."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak.metadata.newest import columns, newest

TODAY = dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("names", "rows", "day"),
    [
        (["tahun"], [["2023"], ["2025"]], dt.date(2025, 12, 31)),
        (["Tahun"], [["2025"], ["2026"], ["2030"]], dt.date(2026, 12, 31)),  # 2030: a target
        (["tahun", "bulan"], [["2026", "Maret"], ["2025", "12"]], dt.date(2026, 3, 31)),
        (["tahun", "semester"], [["2026", "1"]], dt.date(2026, 6, 30)),
        (["tahun", "triwulan"], [["2026", "III"], ["2026", None]], dt.date(2026, 12, 31)),
        (["periode"], [["Semester II 2025"], ["Semester I 2026"]], dt.date(2026, 6, 30)),
        (["tahun ajaran"], [["2024/2025"]], dt.date(2025, 6, 30)),
        (["bulan"], [["2026-02"]], dt.date(2026, 2, 28)),
        (["tanggal"], [["2026-01-02"], ["17/08/2026"]], dt.date(2026, 8, 17)),
        (["bulan"], [["Maret"]], None),  # of which year?
        (["tahun"], [["2025"], ["Jumlah"]], None),
        (["tahun"], [[None]], None),
        (["tahun"], [], None),
    ],
)
def test_the_newest_period_that_has_begun(names, rows, day) -> None:
    assert columns(names) == names
    assert newest(names, rows, TODAY) == day


def test_only_columns_that_tell_of_the_row_count() -> None:
    names = ["tahun_lahir", "tanggal_lahir", "tahun berdiri", "kecamatan", "bulan_lalu", "Bln"]
    assert columns(names) == ["Bln"]
