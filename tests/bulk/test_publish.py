"""``satudata publish`` against a served portal: what lands, what is explained, and a second run."""

from __future__ import annotations

import hashlib
import json
import re
import signal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.bulk import state

from ..unit.bulk import lists
from .publishing import Publisher, hashes, held, kept, listed

FAULTS = {
    3: {"urusan": "9.99"},
    7: {"berkas": "tidak-ada.csv"},
    10: {"maintainer_email": "budi@gmail.com"},
    14: {"tahun": "2025-2019"},
    18: {"owner_org": "disdukcapil"},
    # What only the portal sees: a NIK in a text that everybody would read.
    22: {"notes": "Hubungi pemegang NIK 6171014101900001."},
}
"""Row → what is wrong in it; 24 rows, of which these do not land."""


def test_what_is_right_lands_the_faulty_are_explained_and_a_second_run_changes_nothing(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path, faults=FAULTS)
    report = tmp_path / "laporan.jsonl"
    status, said = publisher.run(path, "--dry-run", "--report", str(report))
    assert (status, held(city)) == (1, {})
    seen = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert {r["row"] for r in seen if r["fault"]} == set(FAULTS) - {22}

    status, said = publisher.run(path, "--report", str(report))
    assert status == 1
    told = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    faults = {r["row"]: r for r in told if r["fault"]}
    assert set(faults) == set(FAULTS)
    for row, wrong in FAULTS.items():
        assert faults[row]["field"] in wrong
        assert faults[row]["column"]
        assert faults[row]["todo"]
    assert "6171014101900001" not in said
    assert held(city) == hashes(tmp_path, without=FAULTS)

    before, status_file = kept(), state.beside(path).read_bytes()
    status, said = publisher.run(path)
    assert (status, kept()) == (1, before)
    assert state.beside(path).read_bytes() == status_file
    # Nor does it where the file beside the list is lost: the portal is asked what it holds.
    state.beside(path).unlink()
    publisher.run(path)
    assert kept() == before


def test_a_killed_run_is_ended_by_the_next_and_ends_the_same(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path)
    process = publisher.begin(str(path), "--workers", "4")
    landed = 0
    while landed < 5:
        # The line of a dataset that landed is the sign; no time is waited for.
        assert process.poll() is None
        landed = state.beside(path).read_bytes().count(b"\n") if state.beside(path).exists() else 0
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(held(city)) < 24
    assert publisher.run(path, "--workers", "4")[0] == 0
    assert held(city) == hashes(tmp_path)
    assert model.Session.scalar(sa.text("SELECT count(*) FROM resource")) == 24


def test_a_row_and_a_file_that_changed_are_brought_again_and_no_other(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path, 4)
    assert publisher.run(path)[0] == 0
    rows = lists.rows(4)
    rows[1]["satuan"] = "Pos"
    (tmp_path / "data-3.csv").write_text("kecamatan,jumlah\nPontianak Kota,99\n")
    lists.as_xlsx(path, rows)
    status, said = publisher.run(path, "--lang", "en")
    assert status == 0
    assert "0 created, 2 changed, 2 unchanged" in said
    ids = model.Session.scalars(sa.text("SELECT id FROM package ORDER BY title")).all()
    shown = [city.act("produsen", "package_show", id=each) for each in ids]
    assert [d["satuan"] for d in shown] == ["Unit", "Pos", "Unit", "Unit"]
    assert [len(d["resources"]) for d in shown] == [1, 1, 1, 1]
    new = hashlib.sha256((tmp_path / "data-3.csv").read_bytes()).hexdigest()
    assert shown[2]["resources"][0]["hash"] == new


def test_what_people_wrote_on_the_portal_since_then_stays(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path, 1)
    assert publisher.run(path)[0] == 0
    dataset = model.Session.scalar(sa.text("SELECT id FROM package"))
    city.act("produsen", "package_patch", id=dataset, notes="Ditulis di portal.")
    assert publisher.run(path)[0] == 0
    assert city.act("produsen", "package_show", id=dataset)["notes"] == "Ditulis di portal."


def test_datasets_are_submitted_where_that_is_asked_for(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    axes = {
        "jenis_informasi": "berkala",
        "tingkat_keamanan": "biasa",
        "data_pribadi": "tidak_ada",
    }
    rows = lists.rows(2, **axes)
    lists.files(tmp_path, rows)
    path = lists.as_csv(tmp_path / "manifest.csv", rows)
    assert publisher.run(path, "--workers", "1", "--ajukan")[0] == 0
    states = model.Session.scalars(sa.text("SELECT state FROM satudata_case")).all()
    assert states == ["verification", "verification"]
    before = kept()
    assert publisher.run(path, "--ajukan")[0] == 0
    assert kept() == before


def test_the_token_is_in_no_list_of_processes_and_in_nothing_that_is_said(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path, 2)
    token = city.token("produsen")["Authorization"]
    process = publisher.begin(str(path))
    words = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    said = "".join(process.communicate(timeout=300))
    assert token.encode() not in words
    assert token not in said
    assert not re.search(re.escape(token), state.beside(path).read_text())


def test_a_token_that_may_not_publish_is_told_so_before_anything_is_sent(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path, 1)
    stranger = Publisher(publisher.portal, city.token("warga")["Authorization"])
    assert stranger.run(path)[0] == 2
    assert Publisher(publisher.portal, "tidak-ada").run(path)[0] == 2
    assert held(city) == {}
