"""What the demo consists of: complete, marked as made up, and harmless where it is open."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from pathlib import Path

import pytest
import yaml

from ckanext.satudata_pontianak import days, paths
from ckanext.satudata_pontianak.classification.rules.profiled import FIELD
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.report import Verdict
from ckanext.satudata_pontianak.jepin.rules import point_rules
from ckanext.satudata_pontianak.jepin.rules.point_definition import profiles
from ckanext.satudata_pontianak.metadata import codes, completeness, formats
from ckanext.satudata_pontianak.portal.demo import catalogue
from ckanext.satudata_pontianak.portal.demo.catalogue import DemoDataset, DemoFile

TODAY = dt.date(2028, 2, 29)
DATASETS = catalogue.datasets()
SCHEMA = yaml.safe_load((paths.schemas() / "dataset.yaml").read_text("utf-8"))["dataset_fields"]
RULES = yaml.safe_load((paths.schemas() / "classification.yaml").read_text("utf-8"))
AGENCIES = yaml.safe_load((paths.schemas() / "codes" / "agencies.yaml").read_text("utf-8"))
each = pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.name)
each_file = pytest.mark.parametrize(
    ("dataset", "file"),
    [(d, f) for d in DATASETS for f in (*d.files, *d.later, *([d.new_file] if d.new_file else ()))],
    ids=lambda x: x.filename if isinstance(x, DemoFile) else x.name,
)


def test_there_is_something_on_every_desk_and_most_is_published() -> None:
    assert len({d.name for d in DATASETS}) == len(DATASETS)
    for desk in catalogue.DESKS:
        assert [d for d in DATASETS if d.until == desk], desk
    batch = [d for d in DATASETS if d.name.startswith("jumlah-kunjungan-puskesmas")]
    assert len(batch) == 12
    assert len([d for d in DATASETS if d.published]) > (len(DATASETS) - len(batch)) / 2


@each
def test_it_has_all_that_submitting_needs(dataset: DemoDataset) -> None:
    values = {
        **dataset.values,
        "owner_org": dataset.owner,
        "maintainer_email": "data@contoh.pontianak.go.id",
    }
    assert completeness.missing(SCHEMA, values) == []
    assert codes.urusan(values["urusan"])
    assert codes.region(values["cakupan"])
    assert formats.stored_years(values["tahun"]) == values["tahun"]


@each
def test_values_are_choices_of_the_schema(dataset: DemoDataset) -> None:
    known = {f["field_name"] for f in SCHEMA}
    axes = ("jenis_informasi", "tingkat_keamanan", "data_pribadi")
    assert set(dataset.values) - set(axes) <= known
    for field in SCHEMA:
        choices = {c["value"] for c in field.get("choices", ())}
        if choices and (field.get("required_for_submission") or field["field_name"] in axes):
            assert dataset.values[field["field_name"]] in choices, field["field_name"]
    profile = dataset.values.get(FIELD)
    assert profile is None or not [
        problem
        for file in dataset.files
        for problem in point_rules.read(
            profiles()[profile], file.filename, file.content(), dt.datetime.now(days.CITY)
        ).problems
    ]


@each
def test_its_axes_are_an_allowed_combination(dataset: DemoDataset) -> None:
    axes = ("jenis_informasi", "tingkat_keamanan", "data_pribadi")
    assert [c for c in RULES["combinations"] if all(dataset.values[a] in c[a] for a in axes)], (
        dataset.name
    )


@each
def test_its_agencies_are_on_the_list(dataset: DemoDataset) -> None:
    named = {dataset.owner}
    for step in dataset.steps(TODAY):
        named |= set(step.fields.get("penerima", ()))
    assert named <= {a["name"] for a in (*AGENCIES["agencies"], catalogue.MADE_UP)}


@each
def test_four_people_take_the_steps(dataset: DemoDataset) -> None:
    afterwards = (catalogue.HOLD, catalogue.NEW_FILE)
    road = itertools.takewhile(lambda s: s.transition not in afterwards, dataset.steps(TODAY))
    people = [s.by for s in road]
    assert len(people) == len(set(people))
    assert people[:1] in ([], [dataset.producer])


@each
def test_the_period_ends_after_it_began(dataset: DemoDataset) -> None:
    for step in dataset.steps(TODAY):
        if step.transition == "assess":
            assert dt.date.fromisoformat(step.fields["akhir"]) > dt.date.fromisoformat(
                step.fields["mulai"]
            )


@each
def test_made_up_figures_say_so_and_real_codes_say_whose_they_are(dataset: DemoDataset) -> None:
    if dataset.name == "kode-wilayah-kota-pontianak":
        assert "Angka contoh" not in dataset.values["notes"]
        assert dataset.values["license_id"] == "odc-odbl"
        for text in (dataset.values["notes"], dataset.files[0].description):
            assert "idn-area-data" in text
            assert "4.0.1" in text
    else:
        assert "Angka contoh" in dataset.values["notes"]


@each_file
def test_every_row_of_made_up_figures_says_so(dataset: DemoDataset, file: DemoFile) -> None:
    if file.source == catalogue.REGIONS:
        return
    assert "contoh" not in file.name  # the ribbon says it once
    if file.table:
        return
    path = Path(catalogue.__file__).parent / "data" / file.source
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert rows
    assert {row["keterangan"] for row in rows} == {"contoh"}


@each_file
def test_region_codes_in_files_exist_and_carry_their_names(
    dataset: DemoDataset, file: DemoFile
) -> None:
    if file.source == catalogue.REGIONS or not file.filename.endswith(".csv"):
        return
    for row in csv.DictReader(io.StringIO(file.content().decode())):
        for level in ("kecamatan", "kelurahan"):
            if f"kode_{level}" in row:
                found = codes.region(row[f"kode_{level}"])
                assert found is not None
                assert (found.level, found.label) == (level, row[level])


@each_file
def test_what_is_open_holds_nothing_about_persons(
    dataset: DemoDataset, file: DemoFile, tmp_path: Path
) -> None:
    path = tmp_path / file.filename
    path.write_bytes(file.content())
    verdict = scan_file(path).verdict
    personal = dataset.values["data_pribadi"] == "umum"
    assert verdict is (Verdict.FINDINGS if personal else Verdict.CLEAR)


def test_the_population_is_the_known_total() -> None:
    path = Path(catalogue.__file__).parent / "data" / "jumlah-penduduk.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert len(rows) == 6
    for column, total in (("jumlah_penduduk", 735146), ("jumlah_rw", 586), ("jumlah_rt", 2678)):
        assert sum(int(row[column]) for row in rows) == total


def test_the_file_of_regions_is_the_city_with_its_six_districts_and_29_villages() -> None:
    rows = list(csv.DictReader(io.StringIO(catalogue.regions_csv().decode())))
    levels = [row["tingkat"] for row in rows]
    assert (levels.count("kecamatan"), levels.count("kelurahan"), len(rows)) == (6, 29, 36)
    known = {row["kode"] for row in rows}
    assert all(row["kode_induk"] in known for row in rows[1:])


def test_a_workbook_holds_numbers_where_the_rows_have_numbers() -> None:
    from openpyxl import load_workbook

    content = catalogue.as_workbook(b"tahun,nilai,kategori\n2025,1.5,A\n")
    sheet = load_workbook(io.BytesIO(content)).active
    assert list(sheet.values) == [("tahun", "nilai", "kategori"), (2025, 1.5, "A")]


def test_secret_datasets_bring_no_file() -> None:
    for dataset in DATASETS:
        assert bool(dataset.files) is (dataset.values["tingkat_keamanan"] != "rahasia")
