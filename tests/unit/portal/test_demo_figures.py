"""The made-up figures of the city agree with one another, and the demo holds what it should."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter, defaultdict

import pytest
from openpyxl import load_workbook

from ckanext.satudata_pontianak.jepin.rules import outlines
from ckanext.satudata_pontianak.portal.demo import catalogue, figures, tables

MADE = [d for d in catalogue.datasets() if d.begun and d.files[0].table]
YEARS = (2023, 2024, 2025)


def newest(dataset: catalogue.DemoDataset) -> catalogue.DemoFile:
    return (*dataset.files, *dataset.later)[-1]


def rows(dataset: catalogue.DemoDataset) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(newest(dataset).content().decode())))


def of_kind(kind: str) -> list[catalogue.DemoDataset]:
    return [d for d in MADE if newest(d).filename.endswith(f".{kind}")]


def test_seventy_datasets_of_every_agency_over_three_years() -> None:
    assert len(catalogue.datasets()) >= 70
    real = set(catalogue.agencies()) - {catalogue.MADE_UP["name"]}
    assert {d.owner for d in catalogue.datasets()} >= real
    assert len(real) == 34
    assert {d.begun.year for d in MADE if d.begun} | {
        f.until.year for d in MADE for f in d.later
    } == {
        2024,
        2025,
        2026,
    }
    assert sum(bool(d.later) for d in MADE) >= 10
    for kind in ("xlsx", "pdf", "geojson", "csv"):
        assert of_kind(kind), kind


@pytest.mark.parametrize("measure", sorted(figures.measures()))
def test_villages_add_up_to_districts_and_districts_to_the_city(measure) -> None:
    said = figures.measures()[measure]
    if "level" in said:
        return
    for year in YEARS:
        whole = figures.count(measure, figures.CITY, year)
        assert sum(figures.month(measure, year, n) for n in range(1, 13)) == whole
        if "city" in said:
            continue
        districts = [figures.count(measure, d.code, year) for d in figures.districts()]
        villages = [figures.count(measure, v.code, year) for v in figures.villages()]
        assert sum(districts) == sum(villages) == whole
        assert min(villages) >= 0
    assert len(figures.villages()) == 29


def test_the_known_totals_are_those_of_the_other_datasets() -> None:
    named = {d.name: d for d in catalogue.datasets()}
    for row in rows(named["jumlah-penduduk-menurut-kecamatan"]):
        code = row["kode_kecamatan"]
        for column, measure in (
            ("jumlah_penduduk", "penduduk"),
            ("jumlah_rw", "rukun_warga"),
            ("jumlah_rt", "rukun_tetangga"),
        ):
            assert figures.count(measure, code, figures.BASE) == int(row[column])
    for row in rows(named["luas-wilayah-per-kecamatan"]):
        hectares = figures.count("luas_hektare", row["kode_kecamatan"], figures.BASE)
        assert hectares == round(float(row["luas_km2"]) * 100)
    ages = rows(named["jumlah-penduduk-menurut-kelompok-umur"])
    people = sum(int(row["jumlah_penduduk"]) for row in ages)
    assert people == figures.count("penduduk", figures.CITY, figures.BASE)


def test_a_column_of_one_name_says_the_same_everywhere() -> None:
    """Of a village and year: people, families and the like; read from the files themselves."""
    found = defaultdict(set)
    same = ("jumlah_penduduk", "kepala_keluarga", "jumlah_rt", "jumlah_rw", "luas_hektare")
    for dataset in of_kind("csv"):
        for row in rows(dataset):
            for column in same:
                if column in row and "kode_kelurahan" in row:
                    found[row["kode_kelurahan"], row["tahun"], column].add(row[column])
    assert len(found) > 29 * 5
    assert {key: values for key, values in found.items() if len(values) > 1} == {}


def test_kinds_add_up_to_what_was_shared_out() -> None:
    for dataset in of_kind("csv"):
        table = newest(dataset).table or {}
        if "split" not in table:
            continue
        (measure,), (column,) = table["columns"].values(), table["columns"]
        totals: Counter[tuple[str, int]] = Counter()
        for row in rows(dataset):
            place = row.get("kode_kecamatan", figures.CITY)
            totals[place, int(row["tahun"])] += int(row[column])
        for (place, year), total in totals.items():
            assert total == figures.count(measure, place, year)


def test_a_part_is_never_more_than_its_whole() -> None:
    for dataset in of_kind("csv"):
        for row in rows(dataset):
            for column, value in row.items():
                if column.startswith("persen"):
                    assert 0 <= float(value) <= 100, dataset.name


def test_each_version_has_the_years_before_its_day() -> None:
    for dataset in MADE:
        for file in (*dataset.files, *dataset.later):
            table = file.table or {}
            if "columns" not in table or not file.filename.endswith(".csv"):
                continue
            periods = [row[0] for row in tables.rows(table, file.until)[1:]]
            if table["by"] == "bulan":
                assert max(periods) < file.until.isoformat()[:7]
                assert min(periods) == f"{table['since']}-01"
            else:
                years = tables.years(table, file.until)
                assert (years[0], years[-1]) == (table["since"], file.until.year - 1)


def test_what_happened_happened_in_its_order() -> None:
    for dataset in MADE:
        times = [dataset.begun, *(step.at for step in dataset.steps(dt.date(2026, 12, 1)))]
        assert all(times), dataset.name
        assert times == sorted(times), dataset.name  # type: ignore[type-var]
        assert all(t.weekday() < 5 and 7 < t.hour < 17 for t in times if t)


def test_places_lie_in_the_villages_they_name() -> None:
    for dataset in of_kind("geojson"):
        features = json.loads(newest(dataset).content())["features"]
        assert len(features) > 29
        for feature in features:
            shape = feature["geometry"]["coordinates"]
            point = shape if feature["geometry"]["type"] == "Point" else shape[0][0]
            village = feature["properties"]["kode_kelurahan"]
            assert outlines.away(village, tuple(point)) < 200


def test_a_workbook_begins_with_its_letterhead() -> None:
    for dataset in of_kind("xlsx"):
        sheet = load_workbook(io.BytesIO(newest(dataset).content())).active
        lines = [row[0] for row in sheet.values]
        assert lines[0] == "PEMERINTAH KOTA PONTIANAK"
        assert "contoh" in lines[3]


def test_the_figures_are_the_same_on_every_machine() -> None:
    saigon = "61.71.02.1003"
    found = [figures.count("penduduk", saigon, year) for year in YEARS]
    assert found == [19_996, 20_235, 20_477]
    assert figures.level("beras", 2025, 6) == 15_900
