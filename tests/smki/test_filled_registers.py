"""What fills the registers of people, changes, weaknesses and processing; who is asked."""

from __future__ import annotations

import datetime as dt
import io
import json
from importlib import metadata

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from openpyxl import load_workbook

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.notices import notices
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.service import append
from ckanext.satudata_pontianak.metadata.service import dataset_fields
from ckanext.satudata_pontianak.smki import advisories, asking, cli, filling, sources
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry
from ckanext.satudata_pontianak.smki.rules.registers import registers

from ..jepin.apps import app_of, publish_app
from ..statements import statements
from .lines import audit, day, open_lines


def known(register: str) -> dict[str, dict]:
    return {row.key: row.known for row in open_lines(register)}


def told(kind: str) -> set[str]:
    return set(model.Session.scalars(sa.select(Notice.user_id).where(Notice.kind == kind)))


def ids(city, *names: str) -> set[str]:
    return {city.users[name]["id"] for name in names}


# ------------------------------------------------------------------------------------- people


def test_who_comes_moves_or_leaves_is_told_by_their_line(city) -> None:
    filling.run()
    key = f"person:{city.users['produsen']['id']}"
    assert known("orang")[key]["stand"] == "joined"
    assert known("orang")[f"person:{city.users['walidata']['id']}"]["decides"] == "yes"
    assert f"person:{city.users['warga']['id']}" not in known("orang")
    city.join("dinsos", "produsen", "editor")
    filling.run()
    assert known("orang")[key]["stand"] == "moved"
    for org in ("dinsos", "dinkes"):
        gone = {"id": org, "username": city.users["produsen"]["name"], "nomor_sk": "SK/1/2026"}
        city.act("admin", "organization_member_delete", **gone)
    filling.run()
    assert known("orang")[key] | {} == {
        "person": city.users["produsen"]["id"],
        "agencies": [],
        "decides": "no",
        "stand": "left",
        "since": days.today().isoformat(),
    }
    (row,) = [r for r in open_lines("orang") if r.key == key]
    shown = city.act("walidata", "satudata_smki_entry_show", entry=row.number)
    asked = {field["name"] for field in shown["fields"] if field["required"]}
    assert {"handed_over", "closed"} <= asked
    city.act("walidata", "satudata_smki_entry_end", entry=row.id, reason="Semua sudah ditutup")
    assert filling.run() == []
    city.join("dinkes", "produsen", "editor")
    filling.run()
    assert known("orang")[key]["stand"] == "joined"


# ------------------------------------------------------------------------------------ changes


def test_a_change_that_the_ledger_holds_has_a_line_once_that_asks_for_its_reason(city) -> None:
    filling.run()
    before = len(open_lines("perubahan"))
    append(model.Session, event="ruleset.enforce", actor_id=city.users["walidata"]["id"])
    model.Session.commit()
    filling.run()
    filling.run()
    found = open_lines("perubahan")[before:]
    mine = [row for row in found if row.known["event"] == "ruleset"]
    assert [row.known["by"] for row in mine] == [city.users["walidata"]["id"]]
    given = {"kind": "emergency", "reason": "Aturan lama gagal mengenali NIK.", "approved": "ppid"}
    city.act("walidata", "satudata_smki_entry_save", entry=mine[0].id, values=given)
    shown = city.act("walidata", "satudata_smki_entry_show", entry=mine[0].id)
    assert shown["complete"]


def test_another_version_of_the_portal_is_a_change_and_the_first_is_none(city, monkeypatch) -> None:
    filling.run()
    before = {row.key for row in open_lines("perubahan") if row.known["event"] == "version"}
    monkeypatch.setattr(filling.sources, "installed", lambda: {"ckan": "99"})
    filling.run()
    after = {row.key for row in open_lines("perubahan") if row.known["event"] == "version"}
    assert len(after - before) == 1


# ----------------------------------------------------------------------------------- weaknesses


def brought(tmp_path, data) -> str:
    """Bring a file as the operator does, and return what is said."""
    file = tmp_path / "list.json"
    file.write_text(json.dumps(data), "utf-8")
    done = CliRunner().invoke(cli.smki, ["advisories", str(file)])
    return done.output


def test_a_list_opens_a_line_for_what_is_installed_and_the_next_one_ends_it(city, tmp_path) -> None:
    listed = audit(click=[{"id": "PYSEC-2026-1", "fix_versions": ["9999"]}])
    assert "1 new" in brought(tmp_path, listed)
    assert "0 new weaknesses, 1 stand" in brought(tmp_path, listed)
    (line,) = open_lines("kerentanan")
    assert line.known["package"] == "click"
    assert line.known["found"] == day(0)
    assert filling.run() is not None
    assert len(open_lines("kerentanan")) == 1, "a run of the clock keeps it"
    assert "1 are mended" in brought(tmp_path, audit())
    assert open_lines("kerentanan") == []
    assert "cannot be used" in brought(tmp_path, {"something": 1})


def test_neither_another_machines_list_nor_an_advisory_ends_what_is_open(city, tmp_path) -> None:
    weak = audit(click=[{"id": "PYSEC-2026-1"}])
    brought(tmp_path, weak)
    taken, before = advisories.last_taken(), len(open_lines("kerentanan"))
    assert before
    for data in ([], {"dependencies": []}, {"dependencies": weak["dependencies"][:1]}):
        assert "cannot be used" in brought(tmp_path, data)
    about = {
        "package": {"ecosystem": "PyPI", "name": "flask"},
        "versions": [metadata.version("flask")],
    }
    added = brought(tmp_path, {"id": "GHSA-xxxx", "affected": [about]})
    assert "1 new weaknesses" in added
    assert "0 are mended" in added
    assert len(open_lines("kerentanan")) == before + 1
    assert advisories.last_taken() == taken, "an advisory is no new list"


def test_what_a_person_ended_is_not_opened_by_the_next_list(city, tmp_path) -> None:
    listed = audit(click=[{"id": "PYSEC-2026-1"}])
    brought(tmp_path, listed)
    (line,) = open_lines("kerentanan")
    given = {"entry": line.id, "reason": "Fungsi yang lemah tidak dipakai"}
    city.act("walidata", "satudata_smki_entry_end", **given)
    assert "0 new weaknesses, 0 stand" in brought(tmp_path, listed)
    assert open_lines("kerentanan") == []


def test_people_write_down_a_weakness_that_they_found(city) -> None:
    values = {"name": "Halaman galat menyebut versi", "found": day(0), "severity": "low"}
    saved = city.act("walidata", "satudata_smki_entry_save", register="kerentanan", values=values)
    assert len(saved["missing"]) == 2


# ------------------------------------------------------------------------------------ processing


def test_the_record_of_processing_follows_decision_and_recipients(city) -> None:
    plain = city.limit()
    dataset = city.limit(data_pribadi="umum")
    filling.run()
    rows = {row.package_id: row for row in open_lines("pemrosesan")}
    assert plain["id"] not in rows
    assert rows[dataset["id"]].known["recipients"] == [city.orgs["disdukcapil"]["id"]]
    found = city.act("ppid", "satudata_smki_entry_list", register="pemrosesan")["results"]
    assert [row["dataset"] for row in found] == [dataset["name"]]
    assert found[0]["values"]["recipients"] == "Disdukcapil"


def test_who_may_not_have_the_data_reads_neither_kinds_nor_recipients(city) -> None:
    dataset = city.limit(data_pribadi="umum")
    filling.run()
    (row,) = city.act("pengawas", "satudata_smki_entry_list", register="pemrosesan")["results"]
    assert row["dataset"] == dataset["name"]
    assert not {"kinds", "recipients", "grants"} & set(row["values"])
    shown = city.act("pengawas", "satudata_smki_entry_show", entry=row["id"])
    assert not {"kinds", "recipients", "grants"} & {field["name"] for field in shown["fields"]}


def test_a_line_that_the_scan_alone_brings_is_for_owners_and_who_may_have_the_data(city) -> None:
    """There it tells what the field of kinds hides."""
    dataset = city.limit()
    known = {"personal": "tidak_ada", "kinds": ["nik"], "recipients": [], "grants": 0}
    row = SmkiEntry(
        register="pemrosesan", key=f"dataset:{dataset['id']}", package_id=dataset["id"], known=known
    )
    model.Session.add(row)
    model.Session.commit()

    def lines(who: str) -> list[str]:
        found = city.act(who, "satudata_smki_entry_list", register="pemrosesan")
        return [each["dataset"] for each in found["results"]]

    assert lines("pengawas") == []
    assert lines("produsen") == [dataset["name"]]
    with pytest.raises(tk.ObjectNotFound):
        city.act("pengawas", "satudata_smki_entry_show", entry=row.id)
    row.known = {**known, "personal": "umum"}
    model.Session.commit()
    assert lines("pengawas") == [dataset["name"]]


def test_an_app_that_says_it_processes_personal_data_enters_the_record(city) -> None:
    published = publish_app(city)
    draft = app_of(city)
    quiet = app_of(city, memproses_data_pribadi="tidak", dasar_pemrosesan="")
    filling.run()
    rows = {row.package_id: row for row in open_lines("pemrosesan")}
    assert quiet["id"] not in rows
    expected = {"agency": city.orgs["dinkes"]["id"], "kind": "app", "basis": "public"}
    assert rows[published["id"]].known == rows[draft["id"]].known == expected

    def lines(who: str) -> dict[str, dict]:
        found = city.act(who, "satudata_smki_entry_list", register="pemrosesan")
        return {each["dataset"]: each for each in found["results"]}

    mine = lines("produsen")
    assert mine.keys() == {published["name"], draft["name"]}
    assert not mine[published["name"]]["complete"]
    assert lines("ppid").keys() == {published["name"]}
    entry = mine[published["name"]]["id"]
    values = {"personal": "umum", "purpose": "Antrean pasien", "subjects": "Pasien"}
    values |= {"retention": "JRA kesehatan", "measures": "Akses dibatasi"}
    saved = city.act("produsen", "satudata_smki_entry_save", entry=entry, values=values)
    assert saved["missing"] == []
    city.act("produsen", "package_patch", id=published["id"], memproses_data_pribadi="tidak")
    filling.run()
    assert [row.package_id for row in open_lines("pemrosesan")] == [draft["id"]]


def test_every_basis_that_an_app_names_has_one_in_the_record() -> None:
    (field,) = [f for f in dataset_fields("layanan") if f["field_name"] == sources.BASIS]
    assert sources.BASES.keys() == {each["value"] for each in field["choices"]}
    basis = registers().registers["pemrosesan"].fields["basis"]
    assert {*sources.BASES.values()} == basis.choices.keys()


# --------------------------------------------------------------------------------- who is asked


def test_owners_are_asked_once_and_after_the_deadline_who_acts_for_them(city) -> None:
    city.dataset()
    filling.run()
    asking.ask()
    assert ids(city, "kepala_dinkes", "walidata") <= told(asking.ASKED)
    assert asking.ask() == 0
    assert not told(asking.LATE)
    asking.ask(days.today() + dt.timedelta(days=60))
    assert ids(city, "kepala_dinkes", "walidata") <= told(asking.LATE)


def test_nobody_is_asked_of_a_dataset_that_they_may_not_know_of(city) -> None:
    """The one who is asked after the owner has a role, and no right to know of it."""
    filling.run()
    for register in ("aset", "pemrosesan"):
        for row in open_lines(register):
            row.ended_at = dt.datetime.now(dt.UTC)
    model.Session.commit()
    secret = city.seal("rahasia")
    filling.run()
    late = days.today() + dt.timedelta(days=60)
    name = city.person("warga")["name"]
    given = {"role": "pemilik_aset", "user": name, "nomor_sk": "SK/1/2026", "from": day(0)}
    city.act("walidata", "satudata_smki_role_create", **given)
    model.Session.query(SmkiEntry).filter(
        SmkiEntry.register == "aset", SmkiEntry.package_id != secret["id"]
    ).update({"ended_at": dt.datetime.now(dt.UTC)})
    model.Session.query(SmkiEntry).filter(
        SmkiEntry.register == "aset", SmkiEntry.package_id.is_(None)
    ).update({"ended_at": dt.datetime.now(dt.UTC)})
    model.Session.commit()
    asking.ask(late)
    query = sa.select(Notice.user_id).where(Notice.about.like("%:aset:%"))
    people = set(model.Session.scalars(query))
    assert ids(city, "kepala_dinkes") <= people
    assert not ids(city, "warga") & people


def test_asking_reads_once_however_many_datasets_there_are(city) -> None:
    def asked(datasets: int) -> int:
        for _ in range(datasets):
            city.dataset()
        filling.run()
        asking.ask()
        with statements() as said:
            asking.ask()
        return len(said)

    assert asked(3) == asked(9)


@pytest.mark.parametrize("who", ["walidata", "produsen"])
def test_a_file_reads_once_however_many_datasets_there_are(city, app, who) -> None:
    def asked(datasets: int) -> int:
        for _ in range(datasets):
            city.dataset()
        filling.run()
        headers = city.token(who)
        with statements(lambda text: "satudata_smki_entry" in text) as said:
            app.get("/satudata/keamanan/register/aset.csv", headers=headers, status=200)
        return len(said)

    assert asked(3) == asked(9) == 1


def test_a_notice_of_lines_names_none_of_them() -> None:
    with pytest.raises(ValueError, match="may not carry"):
        notices.tell(model.Session, asking.ASKED, ["x"], facts={"number": 3})


# ---------------------------------------------------------------------------------------- files


def test_no_cell_of_a_file_is_run_by_a_spreadsheet(city, app) -> None:
    values = {"name": '=HYPERLINK("http://contoh")', "kind": "software"}
    city.act("walidata", "satudata_smki_entry_save", register="aset", values=values)
    asked = {"headers": city.token("walidata")}
    text = app.get("/satudata/keamanan/register/aset.csv", **asked).data.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    found = app.get("/satudata/keamanan/register/aset.xlsx", **asked)
    sheet = load_workbook(io.BytesIO(found.data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "no-store" in found.headers["Cache-Control"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_files_are_for_who_reads_the_register(city, app, form) -> None:
    address = f"/satudata/keamanan/register/risiko.{form}"
    assert app.get(address, headers=city.token("walidata"), status=200)
    assert app.get(address, headers=city.token("ppid"), status=404)
    assert app.get(address, headers=city.token("warga"), status=403)
