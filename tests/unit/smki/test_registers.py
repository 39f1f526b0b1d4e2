"""Registers: what a line lacks, until when, and how the definitions are checked."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.smki.rules import registers as rules
from ckanext.satudata_pontianak.smki.rules.definition import smki
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

ASSETS = rules.registers().registers["aset"]
RISKS = rules.registers().registers["risiko"]


def changed(tmp_path, name: str, old: str, new: str) -> rules.Registers:
    """Read the definitions with one of them changed."""
    for path in (paths.schemas() / "smki").glob("*.yaml"):
        shutil.copy(path, tmp_path)
    file = tmp_path / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return rules.read(tmp_path, smki())


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("registers.yaml", "asked: pemilik_aset", "asked: nobody", "unknown role 'nobody'"),
        ("registers.yaml", "named_by: name", "named_by: nothing", "unknown field 'nothing'"),
        ("registers.yaml", "required: [name,", "required: [nam,", "unknown field 'nam'"),
        ("registers.yaml", "write_by: [koordinator,", "write_by: [auditor,", "'auditor' writes"),
        ("registers.yaml", "owner: operator, place: server", "wrong: 1", "unknown field 'wrong'"),
        ("registers.yaml", "kind: hardware", "kind: paper", "unknown choice 'paper'"),
        ("registers.yaml", "undecided: {auth", "nowhere: {auth", "unknown choice 'nowhere'"),
        ("registers.yaml", "terbatas: {auth", "terbatas: {x: 1, auth", "unknown field 'x'"),
        ("risks.yaml", "up_to: 25", "up_to: 24", "has to rise to 25"),
        ("risks.yaml", "asset: people", "asset: nothing", "unknown asset 'nothing'"),
        ("risks.yaml", "shown_by: duties_doubled", "shown_by: ledger_whole", "unknown control"),
        ("risks.yaml", "controls: [duties_doubled", "controls: [none_such", "unknown control"),
    ],
)
def test_a_definition_that_fits_nothing_is_refused(tmp_path, name, old, new, reason) -> None:
    with pytest.raises(DefinitionError, match=reason):
        changed(tmp_path, name, old, new)


def test_what_the_portal_knows_is_not_missing() -> None:
    assert "place" in rules.missing(ASSETS, {}, {})
    assert "place" not in rules.missing(ASSETS, {"place": "server"}, {})
    assert "place" not in rules.missing(ASSETS, {}, {"place": "server"})


def test_what_the_portal_proposes_is_not_missing_and_what_people_write_stands() -> None:
    worth = {"integrity", "availability", "authenticity", "non_repudiation", "retention"}
    assert not worth & {*rules.missing(ASSETS, {"level": "biasa"}, {})}
    asked = worth & {*rules.missing(ASSETS, {"level": "rahasia"}, {})}
    assert asked == {"integrity", "availability", "retention"}
    assert worth <= {*rules.missing(ASSETS, {}, {})}, "of a part of the portal people are asked"
    assert rules.standing(ASSETS, {"level": "biasa"}, {"integrity": 3})["integrity"] == 3
    assert rules.standing(ASSETS, {"level": "biasa"}, {})["integrity"] == 2


def test_what_is_not_asked_is_not_missing() -> None:
    assert "measure" not in rules.missing(RISKS, {}, {"treatment": "accept"})
    assert "measure" in rules.missing(RISKS, {}, {"treatment": "reduce"})


def test_the_deadline_counts_working_days_from_the_first_day() -> None:
    friday = dt.date(2026, 11, 27)
    assert rules.due(ASSETS, friday, {}) > friday + dt.timedelta(days=ASSETS.due_working_days)


@pytest.mark.parametrize(
    ("decided", "opened", "personal", "value"),
    [
        (False, False, None, 2),
        (True, True, "tidak_ada", 1),
        (True, True, "umum", 1),
        (True, True, "spesifik", 3),
        (True, False, "tidak_ada", 3),
    ],
)
def test_the_value_by_confidentiality_follows_the_decision(
    decided, opened, personal, value
) -> None:
    found = rules.confidentiality(decided=decided, opened=opened, personal=personal)
    assert found == value


def test_who_audits_writes_in_no_register_and_every_writer_reads() -> None:
    for register in rules.registers().registers.values():
        assert "auditor" not in register.write_by
        assert set(register.write_by) <= set(register.read_by)


def test_the_auditor_reads_every_register() -> None:
    assert all("auditor" in r.read_by for r in rules.registers().registers.values())


def test_the_catalogue_begins_with_thirty_risks_that_a_number_shows() -> None:
    risks = rules.registers().risks.risks
    assert len(risks) >= 30
    controls = smki().controls.controls
    assert all(not controls[risk.shown_by].excluded for risk in risks.values())
