"""Plans, their errors, the secret, and what is suggested."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ckanext.satudata_pontianak.disclosure.anonymising import refusals
from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.refusals import SENTENCES, PlanError
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file, profile_file
from ckanext.satudata_pontianak.disclosure.anonymising.secret import ENVIRONMENT, read_secret
from ckanext.satudata_pontianak.disclosure.anonymising.suggesting import suggest
from ckanext.satudata_pontianak.disclosure.engine import scan_file

pytestmark = pytest.mark.usefixtures("read_here")

FULL = {
    "columns": {"a": {"do": "age_band", "width": 10, "on": "2026-01-01"}, "b": {"do": "drop"}},
    "others": "drop",
    "quasi_identifiers": ["a"],
    "sensitive": ["c"],
    "suppress_below": 5,
    "aggregate": {"by": ["a"], "totals": True},
}


def test_a_plan_says_again_what_it_was_told():
    plan = Plan.read(json.dumps(FULL))
    assert plan.to_json() == FULL
    assert Plan.of(plan.to_json()) == plan
    assert not plan.needs_secret
    assert Plan.of({"columns": {"a": "pseudonym"}}).needs_secret


@pytest.mark.parametrize(
    ("plan", "code", "said"),
    [
        ("{", "plan_not_json", "--suggest"),
        ("[]", "plan_shape", "plan"),
        ('{"column": {}}', "unknown_option", "columns"),
        ('{"others": "hide"}', "plan_shape", "keep, drop"),
        ('{"columns": {"a": "hide"}}', "unknown_action", "pseudonym"),
        ('{"columns": {"a": {"do": 1}}}', "unknown_action", "drop"),
        ('{"columns": {"a": {"do": "drop", "x": 1}}}', "unknown_option", "elsewhere"),
        ('{"columns": {"a": {"do": "mask", "first": 2, "last": 1}}}', "plan_shape", "<= 2"),
        ('{"columns": {"a": {"do": "mask", "first": 3}}}', "plan_shape", "a.first"),
        ('{"columns": {"a": {"do": "age_band", "width": true}}}', "plan_shape", "a.width"),
        ('{"columns": {"a": {"do": "age_band", "on": "today"}}}', "plan_shape", "YYYY-MM-DD"),
        ('{"columns": {"a": {"do": "drop", "elsewhere": 1}}}', "plan_shape", "true"),
        ('{"quasi_identifiers": "a"}', "plan_shape", "quasi_identifiers"),
        ('{"sensitive": ["a", "a"]}', "plan_shape", "sensitive"),
        ('{"suppress_below": -1}', "plan_shape", "suppress_below"),
        ('{"aggregate": {"by": []}}', "plan_shape", "aggregate"),
        ('{"aggregate": {"by": ["a", "b", "c", "d", "e"]}}', "too_many_columns", "4"),
    ],
)
def test_what_is_no_plan_is_refused_with_what_to_do(plan, code, said):
    with pytest.raises(PlanError) as refused:
        Plan.read(plan)
    assert refused.value.code == code
    assert said in refused.value.explain()


def test_every_refusal_has_its_sentence():
    assert all(text.endswith(".") or "%(" in text for text in SENTENCES.values())
    assert PlanError("no_secret").explain(str.upper).isupper()
    assert refusals.PlanError("unknown_column", column="x", known="y").explain().count("'x'") == 1


@pytest.fixture
def secret_file(tmp_path):
    def make(content: bytes, mode: int = 0o600):
        path = tmp_path / "secret"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return make


def test_a_secret(secret_file, monkeypatch):
    path = secret_file(b"0123456789abcdef" * 4 + b"\n")
    assert read_secret(path) == b"0123456789abcdef" * 4
    monkeypatch.setenv(ENVIRONMENT, str(path))
    assert read_secret() == b"0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (b"0123456789abcdef" * 4, 0o640, "secret_open"),
        (b"0123456789abcdef" * 4, 0o604, "secret_open"),
        (b"0123456789abcdef" * 4, 0o602, "secret_open"),
        (b"0123456789abcdef", 0o600, "secret_short"),
        (b"a" * 64, 0o600, "secret_short"),
        (b"\n" * 64, 0o600, "secret_short"),
    ],
)
def test_a_secret_that_is_none(secret_file, content, mode, code):
    with pytest.raises(PlanError, match=code) as refused:
        read_secret(secret_file(content, mode))
    assert "0123" not in refused.value.explain()


def test_no_secret(tmp_path, monkeypatch):
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with pytest.raises(PlanError, match="no_secret"):
        read_secret()
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(PlanError, match="secret_unreadable"):
            read_secret(path)


def suggested(path, k=5):
    return suggest(scan_file(path), profile_file(path), k=k)


def test_a_plan_for_a_table_of_persons(write, made_up_nik):
    numbers = made_up_nik(40)
    heads = "nik nama tgl_lahir jenis_kelamin pekerjaan alamat diagnosa jumlah_kunjungan".split()
    rows = [
        [n, f"Qanari {i}", "1/2/1990", "LP"[i % 2], f"k{i % 9}", "Jl. X 1", "demam", str(i % 4)]
        for i, n in enumerate(numbers)
    ]
    plan = suggested(write([heads, *rows]))
    assert {name: item.action for name, item in plan.columns.items()} == {
        "nik": "drop",
        "nama": "drop",
        "tgl_lahir": "age_band",
        "jenis_kelamin": "keep",
        "pekerjaan": "rare",
        "alamat": "kelurahan",
        "diagnosa": "keep",
        "jumlah_kunjungan": "keep",
    }
    assert plan.quasi_identifiers == (
        *("tgl_lahir", "jenis_kelamin", "pekerjaan", "alamat", "jumlah_kunjungan"),
    )
    assert plan.sensitive == ("diagnosa",)
    assert plan.suppress_below == 5
    assert suggested(write([heads, *rows]), k=9).columns["pekerjaan"]["below"] == 9


def test_an_ordinary_table_is_left_as_it_is(write):
    rows = [[f"Kecamatan {i}", str(2020 + i), str(100 * i)] for i in range(12)]
    plan = suggested(write([["nama_kecamatan", "tahun", "jumlah_penduduk"], *rows]))
    assert {item.action for item in plan.columns.values()} == {"keep"}
    assert plan.quasi_identifiers == ()
    assert plan.suppress_below == 0


def test_found_in_a_column_that_its_heading_does_not_betray(write, made_up_nik):
    rows = [[n, "x"] for n in made_up_nik(30)]
    assert suggested(write([["kode", "ket"], *rows])).columns["kode"].action == "drop"


def test_headings_that_are_alike_are_told_apart(write, tmp_path):
    rows = [["nama", "nama", "a:b", "a b"], *[["Qanari", "Xylem", "satu", "dua"]] * 6]
    path = write(rows)
    plan = suggested(path)
    assert list(plan.columns) == ["nama", "nama_2", "a b", "a b_2"]
    kept = Plan.of({"columns": {"nama": "drop", "nama_2": "drop", "a b_2": "drop"}})
    mask_file(path, kept, tmp_path / "out.csv", today=date(2026, 1, 1))
    assert (tmp_path / "out.csv").read_text("utf-8-sig") == "a:b\n" + "satu\n" * 6
