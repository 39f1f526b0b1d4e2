"""``satudata mask`` as it is used."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

RUN = "from ckanext.satudata_pontianak.disclosure.command import main; main()"
NAME = "Qanari Zwuxtono"


@pytest.fixture
def satudata(tmp_path):
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", RUN, "mask", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert NAME not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture
def people(tmp_path, made_up_nik):
    path = tmp_path / "warga.csv"
    rows = [f"{nik},{NAME},0{i % 9 + 1}/02/1990" for i, nik in enumerate(made_up_nik(20))]
    path.write_text("nik,nama,tanggal_lahir\n" + "\n".join(rows) + "\n")
    return path


def test_suggest_then_mask(satudata, people, tmp_path):
    plan = satudata("--suggest", people)
    assert plan.returncode == 0
    (tmp_path / "plan.json").write_text(plan.stdout)
    done = satudata(people, "--plan", "plan.json", "--out", "out.csv", "--report")
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert (said["k"], said["enough"], said["scan"], said["rows"]) == (20, True, "clear", 20)
    assert (tmp_path / "out.csv").read_text("utf-8-sig") == "kelompok_umur\n" + "35–39\n" * 20


def test_options_and_what_remains_to_do(satudata, people, tmp_path):
    done = satudata(people, "--mask", "nama", "--drop", "nik", "--out", "out.csv")
    assert done.returncode == 1
    assert "k = 2 (wanted: 5), by: nama, tanggal_lahir." in done.stdout
    assert "--suppress-below" in done.stdout
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1] == "Q***;01/02/1990"
    again = satudata(people, "--drop", "nik", "--out", "out.csv")
    assert again.returncode == 2
    assert "--force" in again.stderr
    same = satudata(people, "--drop", "nik", "--out", people, "--force")
    assert same.returncode == 2
    assert "replace the original" in same.stderr


def test_what_is_still_found_is_said(satudata, people):
    done = satudata(people, "--drop", "nama", "--age-band", "tanggal_lahir", "--out", "out.csv")
    assert done.returncode == 1
    assert "The result still has findings." in done.stdout


def test_a_secret_and_a_count(satudata, people, tmp_path):
    no = satudata(people, "--pseudonym", "nik", "--drop", "nama", "--out", "out.csv")
    assert no.returncode == 2
    assert "openssl" in no.stderr or "--secret" in no.stderr
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef" * 4)
    secret.chmod(0o644)
    arguments = [people, "--pseudonym", "nik", "--drop", "nama", "--out", "out.csv"]
    assert "chmod 600" in satudata(*arguments, "--secret", "secret").stderr
    secret.chmod(0o600)
    assert satudata(*arguments, "--secret", "secret").returncode == 1
    counted = satudata(
        *(people, "--age-band", "tanggal_lahir", "--count-by", "tanggal_lahir"),
        *("--totals", "--out", "counts.csv"),
    )
    assert counted.returncode == 0
    assert (tmp_path / "counts.csv").read_text("utf-8-sig") == (
        "kelompok_umur;jumlah;keterangan\n35–39;20;\nTotal;20;\n"
    )


def test_usage(satudata, people):
    assert satudata(people, "--drop", "nik").returncode == 2
    assert satudata(people, "--out", "o.csv").returncode == 2
    unknown = satudata(people, "--drop", "alamat", "--out", "o.csv")
    assert unknown.returncode == 2
    assert "nik, nama, tanggal_lahir" in unknown.stderr
