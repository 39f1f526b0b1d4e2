"""How the list of regions was made from the package's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.portal.demo import make_regions


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "provinces.csv").write_text("code,name\n61,Kalimantan Barat\n62,Lain\n")
    (tmp_path / "regencies.csv").write_text(
        "code,province_code,name\n61.71,61,Kota Pontianak\n61.72,61,Kota Singkawang\n"
    )
    (tmp_path / "districts.csv").write_text(
        "code,regency_code,name\n61.71.02,61.71,Pontianak Timur\n"
        "61.71.01,61.71,Pontianak Selatan\n61.72.01,61.72,Lain\n"
    )
    (tmp_path / "villages.csv").write_text(
        "code,district_code,name\n61.71.02.1001,61.71.02,Paritmayor\n"
        "61.71.01.1002,61.71.01,Benuamelayu Laut\n61.72.01.1001,61.72.01,Lain\n"
    )
    return tmp_path


def test_only_the_city_is_taken_in_the_order_of_the_tree(package: Path) -> None:
    assert make_regions.as_csv(package).splitlines() == [
        "code,bps_code,level,name,aliases",
        "61,61,provinsi,Kalimantan Barat,",
        "61.71,6171,kota,Kota Pontianak,Pontianak",
        "61.71.01,,kecamatan,Pontianak Selatan,",
        "61.71.01.1002,,kelurahan,Benua Melayu Laut,Benuamelayu Laut",
        "61.71.02,,kecamatan,Pontianak Timur,",
        "61.71.02.1001,,kelurahan,Parit Mayor,Paritmayor",
    ]


def test_the_command_writes_the_list_or_says_what_it_needs(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_regions.main([str(package)]) == 0
    assert capsys.readouterr().out == make_regions.as_csv(package)
    assert make_regions.main([]) == 2
    assert "idn-area-data" in capsys.readouterr().err


def test_every_local_spelling_belongs_to_a_region_of_the_list() -> None:
    found = codes.code_list("wilayah").codes
    for code, spelling in make_regions.ALIASES.items():
        assert spelling in found[code].aliases
    for code, spelling in make_regions.NAMES.items():
        assert (found[code].level, found[code].label) == ("kelurahan", spelling)
        assert found[code].aliases
    known = {*make_regions.ALIASES, *make_regions.NAMES}
    assert {c for c, entry in found.items() if entry.aliases} == known


def test_licence_and_origin_stand_beside_the_list() -> None:
    folder = paths.schemas() / "codes" / "wilayah"
    assert "Open Database License" in (folder / "LICENSE.md").read_text("utf-8")
    assert "idn-area-data@4.0.1" in (folder / "README.md").read_text("utf-8")
    assert "4.0.1" in codes.code_list("wilayah").source
