"""The finding of a tour is the one that the scan makes of such a file; what is wrong is refused."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.smki.rules.training import Training, training
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source


@pytest.mark.parametrize("course", ["produsen", "walidata"])
def test_the_practice_finding_is_what_the_scan_says_of_such_a_file(tmp_path, course) -> None:
    said = training().courses[course].finding
    path = tmp_path / said.file
    numbers = ("61710125019", "61710255028", "61710312037", "61710464118")
    lines = [f"Pontianak,2025,{n},{number}{90 + n:02}001" for n, number in enumerate(numbers)]
    path.write_text("\n".join([f"kecamatan,tahun,jumlah,{said.column}", *lines]))
    (table,) = scan_file(path).tables
    (found,) = (finding for column in table.columns for finding in column.findings)
    assert (found.kind, found.personal_class, found.reason.code, found.sample) == (
        said.kind,
        said.personal_class,
        said.reason,
        said.sample,
    )
    assert (found.where.rows, found.count, found.share) == (said.rows, len(said.rows), 1.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      becomes: verification\n", "      becomes: somewhere\n"),
        ("          tingkat_keamanan: biasa\n", "          tingkat_keamanan: rahasia\n"),
        ("          data_pribadi: tidak_ada\n", ""),
        ("        right: drop\n", "        right: burn\n"),
        ("        field: axes\n", "        field: verdict\n"),
        ("    finding:\n", "    found:\n"),
    ],
)
def test_a_tour_that_cannot_be_taken_is_refused(old, new) -> None:
    text = (paths.schemas() / "training.yaml").read_text()
    assert old in text
    with pytest.raises(DefinitionError, match=r"training\.yaml"):
        Training.of(Source("training.yaml", text.replace(old, new, 1)))
