"""The whole demo, as its site shows it to everybody."""

from __future__ import annotations

from typing import Any

import pytest
import requests


@pytest.fixture(scope="module")
def found(site: Any) -> list[dict[str, Any]]:
    """Return what everybody finds."""
    asked = {"fq": "dataset_type:dataset", "rows": 200}
    answer = requests.get(f"{site.url}/api/action/package_search", params=asked, timeout=60)
    return answer.json()["result"]["results"]


def test_everybody_finds_datasets_of_all_agencies_from_three_years(found) -> None:
    made = [each for each in found if "Angka contoh" in each["notes"]]
    agencies = {each["organization"]["name"] for each in made}
    assert len(made) >= 60
    assert len(agencies - {"dinas-peragaan"}) == 34
    assert {each["metadata_created"][:4] for each in made} == {"2024", "2025", "2026"}


def test_villages_districts_and_city_say_the_same_of_their_people(site, found) -> None:
    def rows(name: str) -> list[dict[str, Any]]:
        resource = next(each for each in found if each["name"] == name)["resources"][0]["id"]
        asked = {"resource_id": resource, "limit": 500}
        answer = requests.get(f"{site.url}/api/action/datastore_search", params=asked, timeout=60)
        return answer.json()["result"]["records"]

    villages = [
        row for row in rows("jumlah-penduduk-menurut-kelurahan") if int(row["tahun"]) == 2025
    ]
    districts = rows("jumlah-penduduk-menurut-kecamatan")
    assert (len(villages), len(districts)) == (29, 6)
    for one in districts:
        code = one["kode_kecamatan"]
        inside = [row for row in villages if row["kode_kelurahan"].startswith(f"{code}.")]
        people = sum(int(row["jumlah_penduduk"]) for row in inside)
        assert people == int(one["jumlah_penduduk"])
    assert sum(int(row["jumlah_penduduk"]) for row in villages) == 735_146
