"""Code lists: what they hold, where they come from, how a region is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata_pontianak.metadata import codes


def test_the_city_has_six_districts_and_twenty_nine_villages() -> None:
    regions = codes.code_list("wilayah").codes.values()
    assert len([c for c in regions if c.code.startswith("61.71.") and c.level == "kecamatan"]) == 6
    assert len([c for c in regions if c.code.startswith("61.71.") and c.level == "kelurahan"]) == 29


def test_every_region_stands_below_a_region_of_the_list() -> None:
    for code in codes.code_list("wilayah").codes.values():
        assert code.level in codes.LEVELS
        assert code.parent is None or codes.region(code.parent) is not None


def test_a_code_that_the_ministry_never_gave_out_is_none() -> None:
    assert codes.region("61.71.01.1001") is None
    assert codes.region("6171") is None
    assert codes.region(None) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("61.71", "61.71"),
        ("Kota Pontianak", "61.71"),
        ("benua melayu laut", "61.71.01.1002"),
        ("Benuamelayu Laut", "61.71.01.1002"),
        ("Sungai Jawi", "61.71.05.1005"),
        ("Sungai Jawi Dalam", "61.71.03.1002"),
        ("Sungai Jawi Luar", "61.71.03.1003"),
        ("PONTIANAK TENGGARA", "61.71.06"),
    ],
)
def test_a_region_is_found_by_code_name_or_local_spelling(text: str, code: str) -> None:
    found = codes.find_region(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "   ", "Siantan", "Atlantis", "61.72"])
def test_what_is_not_one_region_is_none(text: str) -> None:
    assert codes.find_region(text) is None


def test_affairs_are_found_by_code() -> None:
    assert all(each.english for each in codes.code_list("urusan").codes.values())
    found = codes.urusan("1.02")
    assert found is not None
    assert found.label == "Kesehatan"
    assert codes.urusan("9.99") is None


@pytest.mark.parametrize("name", ["urusan", "wilayah"])
def test_a_list_says_its_version_and_source(name: str) -> None:
    found = codes.code_list(name)
    assert found.version
    assert found.source
    assert found.codes


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        codes.code_list("planet")


def test_a_list_without_source_or_with_a_double_code_does_not_load(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("version: 1\ncodes: [{code: a, label: A}]\n")
    with pytest.raises(KeyError):
        codes.read_yaml(path)
    path.write_text("version: 1\nsource: s\ncodes: [{code: a, label: A}, {code: a, label: B}]\n")
    with pytest.raises(ValueError, match="twice"):
        codes.read_yaml(path)
