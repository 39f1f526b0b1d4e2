"""What the portal reads of a column by its heading, and what comes from an earlier dataset."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.classification.rules.variables import Seen, lacking
from ckanext.satudata_pontianak.classification.variables.offers import offer


def indonesian(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("column", "unit", "type"),
    [
        (Seen("", "Luas (km2)", "number", "12.5"), "km2", "desimal"),
        (Seen("", "jumlah_orang", "number", "120"), "orang", "bilangan_bulat"),
        (Seen("", "Persentase", "number", "100"), "%", "desimal"),
        (Seen("", "Kode Wilayah", "text"), "", "kode"),
        (Seen("", "Tanggal", "date"), "", "tanggal"),
        (Seen("", "Kecamatan", "text"), "", "teks"),
        (Seen("", "Lintang", "number", "1.5"), "", "desimal"),
        (Seen("", "Jumlah", "number"), "", ""),
    ],
)
def test_unit_and_type_are_read_from_heading_and_values(column, unit, type) -> None:
    found = offer(column, {}, None, indonesian).values
    assert (found.get("unit", ""), found.get("type", "")) == (unit, type)
    assert found["meaning"]


def test_what_is_said_is_never_offered_again_and_an_earlier_dataset_comes_first() -> None:
    column = Seen("", "Luas (km2)", "number", "12.5")
    said = {"meaning": "Luas wilayah", "unit": "", "type": ""}
    assert "meaning" not in offer(column, said, None, indonesian).values
    found = offer(column, said, ("Luas 2024", {"meaning": "Lain", "unit": "ha"}), indonesian)
    assert found.values == {"unit": "ha"}
    assert found.source is not None
    assert found.source.params == {"title": "Luas 2024"}


@pytest.mark.parametrize("name", ["6171014101900001", "budi@pontianak.go.id"])
def test_nothing_is_made_of_a_heading_that_may_name_somebody(name) -> None:
    assert offer(Seen("", name, "text"), {}, None, indonesian).values == {}


def test_a_column_lacks_something_until_all_of_it_is_said() -> None:
    columns = [Seen("A", "Nama_Usaha"), Seen("B", "nama usaha"), Seen("", "Kelas"), Seen("", "")]
    assert lacking(columns, {"kelas"}) == ["Nama_Usaha"]
