"""The statement of applicability, and OSCAL as NIST's models read it."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog

from ckanext.satudata_pontianak.portal.smki.probes import probes
from ckanext.satudata_pontianak.smki import controls
from ckanext.satudata_pontianak.smki.rules.definition import smki

HOME = "/satudata/keamanan"
FILES = (
    "pernyataan.pdf",
    "pernyataan.csv",
    "pernyataan.xlsx",
    "oscal/katalog.json",
    "oscal/hasil.json",
)
LOOKED_AT = ("duties_held", "backup_fresh", "roles_named")


@pytest.fixture
def looked(city) -> dict[str, str]:
    """Look at a red, a yellow and a green control."""
    controls.run(probes(), LOOKED_AT)
    return {name: row.status for name, row in controls.standing().items()}


@pytest.mark.parametrize("file", FILES)
def test_files_are_for_those_inside(city, app, file) -> None:
    assert app.get(f"{HOME}/{file}", follow_redirects=False).status_code == 302
    for who in ("warga", "produsen"):
        assert app.get(f"{HOME}/{file}", headers=city.token(who)).status_code == 403
    got = app.get(f"{HOME}/{file}", headers=city.token("pengawas"))
    assert (got.status_code, got.headers["Cache-Control"]) == (200, "private, no-store")
    assert app.get(f"{HOME}/pernyataan.exe", headers=city.token("walidata")).status_code == 404


def test_the_statement_has_a_row_for_each_control_and_says_how_it_stands(city, app, looked) -> None:
    headers = city.token("walidata")
    pdf = app.get(f"{HOME}/pernyataan.pdf", headers=headers)
    assert pdf.data.startswith(b"%PDF-")
    book = openpyxl.load_workbook(
        io.BytesIO(app.get(f"{HOME}/pernyataan.xlsx", headers=headers).data)
    )
    rows = list(book.worksheets[0].values)
    assert len(rows) == len(smki().controls.controls) + 1
    text = app.get(f"{HOME}/pernyataan.csv", headers=headers).data.decode("utf-8-sig")
    assert len(text.strip().splitlines()) >= len(rows)
    assert "Setiap tugas yang menetapkan dipegang orang yang aktif" in text
    assert "Hijau: portal melihatnya sendiri" in text
    assert "Merah" in text


def test_oscal_is_read_by_the_models_of_nist(city, app, looked) -> None:
    headers = city.token("pengawas")
    found = json.loads(app.get(f"{HOME}/oscal/katalog.json", headers=headers).data)
    catalog = Catalog(**found["catalog"])
    ids = [control.id for group in catalog.groups for control in group.controls]
    assert sorted(ids) == sorted(n.replace("_", "-") for n in smki().controls.controls)
    found = json.loads(app.get(f"{HOME}/oscal/hasil.json", headers=headers).data)
    (result,) = AssessmentResults(**found["assessment-results"]).results
    states = {
        finding.target.target_id.removesuffix("_smt").replace("-", "_"): finding.target.status.state
        for finding in result.findings
    }
    assert set(states) == set(LOOKED_AT)
    for name, status in looked.items():
        expected = "not-satisfied" if status == "red" else "satisfied"
        assert str(getattr(states[name], "value", states[name])) == expected, name
    # The same control keeps its identifiers from file to file, and so does what was seen of it.
    again = json.loads(app.get(f"{HOME}/oscal/hasil.json", headers=headers).data)
    observations = [
        [one["uuid"] for one in each["assessment-results"]["results"][0]["observations"]]
        for each in (found, again)
    ]
    assert observations[0] == observations[1]
