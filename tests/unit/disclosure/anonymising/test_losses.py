"""What a plan loses is counted, and another one loses fewer rows."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak.disclosure.anonymising.headings import headings
from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file, profile_file
from ckanext.satudata_pontianak.disclosure.anonymising.suggesting import (
    MOST_LOST,
    counts,
    gentler,
    suggest,
)
from ckanext.satudata_pontianak.disclosure.engine import scan_file

pytestmark = pytest.mark.usefixtures("read_here")

TODAY = dt.date(2026, 11, 24)
PLACES = ("Saigon", "Akcaya", "Sungai Jawi", "Parit Tokaya")


def test_a_heading_says_what_stands_in_the_column_now() -> None:
    labels = ["tanggal_lahir", "alamat", "kelurahan", "umur", "nik", "nama", "berat_badan", "jk"]
    actions = "age_band kelurahan keep age_band pseudonym mask number_band rare".split()
    assert headings(labels, actions) == [
        "kelompok_umur",
        "kelurahan_2",
        "kelurahan",
        "kelompok_umur_2",
        "kode_nik",
        "nama_disamarkan",
        "kelompok_berat_badan",
        "jk",
    ]
    assert headings(["tgl lahir", "tanggal_masuk"], ["year"] * 2) == [
        "tahun_lahir",
        "tahun_tanggal_masuk",
    ]


def test_what_is_left_out_grouped_and_changed_is_counted_and_another_plan_loses_fewer(
    tmp_path,
) -> None:
    rows = [
        f"Qanari {i},{i % 28 + 1:02}/01/{1950 + i % 60},Kel. {PLACES[i % 4]},{40 + i % 37}"
        for i in range(120)
    ]
    path = tmp_path / "warga.csv"
    path.write_text("nama,tanggal_lahir,alamat,berat_badan\n" + "\n".join(rows) + "\n")
    profile = profile_file(path)
    plan = suggest(scan_file(path), profile, k=5)
    assert plan.columns["berat_badan"].action == "number_band"
    assert "berat_badan" in plan.quasi_identifiers

    def tried(wanted: Plan):
        return mask_file(path, wanted, tmp_path / "out.csv", today=TODAY)

    first = tried(plan)
    assert first.loss > MOST_LOST
    assert (first.rows, first.written + first.removed) == (120, 120)
    changed = {c.name: c.changed for c in first.columns}
    assert changed["tanggal_lahir"] == changed["alamat"] == 120
    assert changed["nama"] == 0  # taken away, not changed
    other = gentler(plan, profile)
    assert other is not None
    assert tried(other).loss < first.loss
    counted = counts(plan, profile)
    assert counted is not None
    outcome = tried(counted)
    assert (outcome.loss, outcome.counted is not None) == (0, True)
    assert (tmp_path / "out.csv").read_text("utf-8-sig").startswith("kelurahan;jumlah;")
    assert gentler(Plan.of({"columns": {}}), profile) is None
    assert counts(Plan.of({"columns": {}}), profile) is None
