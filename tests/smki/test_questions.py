"""What standards and indexes ask comes from a file of the operator's; two made-up ones try it."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.portal.smki import rounds
from ckanext.satudata_pontianak.portal.smki.probes import probes
from ckanext.satudata_pontianak.smki import controls, filling
from ckanext.satudata_pontianak.smki.rules import questions
from ckanext.satudata_pontianak.smki.rules.registers import registers

FIRST = """
source: "Berkas contoh pertama, bukan teks asli"
titles:
  iso27001: {"5.33": "Judul contoh untuk 5.33"}
questions:
  "1.1": {area: Tata kelola, question: Dipegang orang aktif (contoh)?, controls: [duties_held]}
  "1.2": {area: Tata kelola, question: Semua (contoh)?, controls: [duties_held, backup_fresh]}
  "2.1": {area: Risiko, question: Apakah ada cadangan (contoh)?, controls: [backup_fresh]}
  "2.2": {area: Risiko, question: Apakah ada pertanyaan tanpa kendali (contoh)?}
"""
SECOND = """
source: "Berkas contoh kedua, bukan teks asli"
questions:
  "2.2": {area: Risiko, question: Apakah ada pertanyaan tanpa kendali (contoh)?}
  "9.9": {area: Lain, question: Apakah pertanyaan baru ini terjawab (contoh)?}
"""


@pytest.fixture
def bring(city, tmp_path, ckan_config, monkeypatch):
    """Bring a file, as the operator does before a start, and fill the register from it."""

    def brought(text: str) -> dict[str, dict]:
        path = tmp_path / "pertanyaan.yaml"
        path.write_text(text, "utf-8")
        monkeypatch.setitem(ckan_config, config.SMKI_QUESTIONS, str(path))
        rounds.join()
        controls.run(probes(), ["duties_held", "backup_fresh"])
        filling.fill(registers().registers["indeks_kami"])
        model.Session.commit()
        return lines(city)

    yield brought
    questions.use(questions.NOTHING)


def lines(city) -> dict[str, dict]:
    found = city.act("walidata", "satudata_smki_entry_list", register="indeks_kami")
    shown = (
        city.act("walidata", "satudata_smki_entry_show", entry=row["number"])
        for row in found["results"]
    )
    return {field(each, "code"): each for each in shown}


def field(line: dict, name: str):
    return next((f["value"] for f in line["fields"] if f["name"] == name), None)


def test_questions_are_answered_from_controls_and_the_rest_is_asked(city, bring) -> None:
    found = bring(FIRST)
    assert {code: field(line, "answer") for code, line in found.items()} == {
        "1.1": "wholly",
        "1.2": "partly",
        "2.1": None,
        "2.2": None,
    }
    number = found["2.2"]["number"]
    city.act("walidata", "satudata_smki_entry_save", entry=number, values={"answer": "planned"})
    again = bring(SECOND)
    assert {code: field(line, "answer") for code, line in again.items()} == {
        "2.2": "planned",
        "9.9": None,
    }


def test_a_title_is_shown_where_the_file_has_it_and_else_said_to_be_unread(
    city, app, bring
) -> None:
    address, headers = "/satudata/keamanan/kendali/backup_fresh", city.token("walidata")
    assert "belum dibaca dari sumber" in app.get(address, headers=headers).body
    bring(FIRST)
    assert "Judul contoh untuk 5.33" in app.get(address, headers=headers).body


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (FIRST.replace("[backup_fresh]", "[tiada]"), "unknown control 'tiada'"),
        (FIRST.replace("iso27001", "lain"), "unknown standard 'lain'"),
        (SECOND.replace("area: Lain", "bidang: Lain"), "unknown key 'bidang'"),
        ("questions: [", "line"),
        ("titles: {}", "source"),
    ],
)
def test_a_wrong_file_stops_the_start_with_its_line(bring, text, reason) -> None:
    with pytest.raises(CkanConfigurationException) as found:
        bring(text)
    assert reason in str(found.value)
    assert "pertanyaan.yaml, line" in str(found.value)
