"""What a dataset lacks before it can be submitted."""

from __future__ import annotations

import yaml

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.metadata.completeness import FieldProblem, missing, share

FIELDS = [
    {"field_name": "title", "label": "Title", "required_for_submission": True},
    {"field_name": "notes", "label": "Description", "required_for_submission": True},
    {"field_name": "rujukan", "label": "Reference"},
    {
        "field_name": "license_id",
        "label": "License",
        "required_for_submission": True,
        "empty_values": ["notspecified"],
    },
]


def test_empty_fields_are_named_in_the_order_of_the_form() -> None:
    found = missing(FIELDS, {"title": "T", "notes": "  ", "license_id": "notspecified"})
    assert found == [
        FieldProblem("notes", "Description"),
        FieldProblem("license_id", "License"),
    ]


def test_a_full_dataset_lacks_nothing() -> None:
    full = {"title": "T", "notes": "N", "license_id": "cc-by"}
    assert missing(FIELDS, full) == []
    assert share(FIELDS, full) == 1
    assert share(FIELDS, {"title": "T"}) == 1 / 3
    assert share([], {}) == 1


def test_the_schema_asks_for_what_the_law_asks_for() -> None:
    schema = yaml.safe_load((paths.schemas() / "dataset.yaml").read_text("utf-8"))
    needed = {p.field for p in missing(schema["dataset_fields"], {})}
    standard = {"konsep", "definisi", "klasifikasi_penyajian", "ukuran", "satuan"}
    assert standard <= needed  # Perpres 39/2019, article 4
    assert {"title", "owner_org", "urusan", "tahun", "cakupan", "frekuensi_penerbitan"} <= needed


def test_the_keys_of_the_national_portal_are_kept() -> None:
    schema = yaml.safe_load((paths.schemas() / "dataset.yaml").read_text("utf-8"))
    names = {f["field_name"] for f in schema["dataset_fields"]}
    assert {"frekuensi_penerbitan", "level_penyajian", "tahun", "cakupan", "rujukan"} <= names


def test_the_metadata_of_an_indicator_are_there_and_needed_by_no_dataset() -> None:
    schema = yaml.safe_load((paths.schemas() / "dataset.yaml").read_text("utf-8"))
    names = {f["field_name"] for f in schema["dataset_fields"]}
    indicator = {"rumus", "interpretasi", "variabel_pembangun"}
    assert indicator <= names  # MS-Ind, BPS 5/2020
    assert not indicator & {p.field for p in missing(schema["dataset_fields"], {})}
