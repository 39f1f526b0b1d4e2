"""The definition of citizens' reports: what is asked, and until when an answer is owed."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.jepin.rules.report_rules import Reports, is_point, reports
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

TEXT = (paths.schemas() / "jepin" / "reports.yaml").read_text(encoding="utf-8")
FRIDAY = dt.date(2026, 11, 27)


def test_an_answer_is_owed_after_working_days() -> None:
    assert reports().due("cannot_open", FRIDAY) == dt.date(2026, 12, 1)
    assert reports().further("known", FRIDAY) > reports().due("stale", FRIDAY)


def test_what_is_broken_is_reported_of_a_point_alone() -> None:
    assert "broken" not in reports().kinds_of("")
    assert "broken" in reports().kinds_of("Pasar")
    assert "unfit" not in reports().kinds_of("Pasar", "berkas")
    assert "unfit" in reports().kinds_of("", work=True)


@pytest.mark.parametrize("text", ["Pasar Flamboyan", "CCTV-07", "Jl. Gajah Mada (simpang 4)"])
def test_a_point_is_a_short_line(text) -> None:
    assert is_point(text)


@pytest.mark.parametrize("text", ["", " Pasar", "a\nb", "<i>", "x" * 101, "=1+1", "@x", "-1"])
def test_what_is_no_point_is_refused(text) -> None:
    assert not is_point(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within: 2}", "within: 0}"),
        ("within: 2}", "within: 2, sampai: 3}"),
        ("rises_to: [walidata]", "rises_to: [lurah]"),
        ("version:", "versi:"),
        ("ended_days: 90", "ended_days: selamanya"),
    ],
)
def test_what_is_not_declared_is_refused_with_its_line(old, new) -> None:
    assert old in TEXT
    with pytest.raises(DefinitionError, match="line"):
        Source("reports.yaml", TEXT.replace(old, new, 1)).shaped(Reports)
