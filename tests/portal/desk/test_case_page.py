"""The page of a case: who sees it, which steps it offers, and what a form does."""

from __future__ import annotations

import re

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.classification.rules.definition import workflow

NIKS = b"isi,nik\nBeringin,6171014101900001\nKenanga,6171024202910002\nMeranti,6171031503920003\n"
LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
PEOPLE = (
    "produsen",
    "produsen_2",
    "kepala_dinkes",
    "staf",
    "produsen_lain",
    "walidata",
    "ppid",
    "penetap",
    "pengawas",
    "warga",
    "admin",
)


def _offered(desk, dataset) -> dict[str, set[str] | int]:
    """Return who is offered which steps, and the status for who sees no case."""
    found: dict[str, set[str] | int] = {}
    for who in PEOPLE:
        page = desk.case(who, dataset)
        found[who] = set(page.steps) if page.status == 200 else page.status
    return found


def test_each_person_is_offered_exactly_their_steps(desk, city) -> None:
    dataset = city.dataset(**LIMITED)
    owners = ("produsen", "produsen_2", "kepala_dinkes")
    strangers = {"staf": 404, "produsen_lain": 404, "warga": 404}
    see = {"walidata": set(), "pengawas": set(), "admin": set()}
    not_yet = {"ppid": 404, "penetap": 404}
    assert _offered(desk, dataset) == {
        **{key: {"submit", "withdraw"} for key in owners},
        **strangers,
        **see,
        **not_yet,
    }
    city.step("produsen", dataset, "submit")
    assert _offered(desk, dataset) == {
        **{key: {"recall"} for key in owners},
        **strangers,
        **see,
        **not_yet,
        "walidata": {"return", "refer"},
    }
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    see |= {key: set() for key in owners}
    assert _offered(desk, dataset) == {
        **see,
        **strangers,
        "ppid": {"return", "assess", "declare_open"},
        "penetap": 404,
    }
    city.step("ppid", dataset, "assess", **city.assess_fields())
    assert _offered(desk, dataset) == {
        **see,
        **strangers,
        "ppid": set(),
        "penetap": {"send_back", "approve"},
    }


def test_a_case_that_is_not_for_someone_is_unknown_to_them(desk, city) -> None:
    dataset = city.dataset()
    unknown = desk.get("warga", "/satudata/berkas/tidak-ada")
    known = desk.case("warga", dataset)
    assert (known.status, known.text) == (404, unknown.text)
    anonymous = desk.case(None, dataset)
    assert anonymous.status == 302
    assert "/user/login" in anonymous.location
    assert desk.get(None, "/satudata/berkas/tidak-ada").status == 302


@pytest.mark.parametrize("name", ["%F0%9F%98%80", "a" * 300, "' OR 1=1"])
def test_a_strange_address_is_an_unknown_one(desk, name) -> None:
    assert desk.get("walidata", f"/satudata/berkas/{name}").status == 404
    assert desk.post("walidata", f"/satudata/berkas/{name}", {"transition": "x"}).status == 404


def test_a_step_is_taken_by_a_form(desk, city) -> None:
    dataset = city.dataset()
    sent = desk.send("produsen", dataset, "submit", catatan="Siap")
    assert (sent.status, dataset["id"] in sent.location) == (302, True)
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "verification"
    assert shown["case"]["history"][-1]["fields"]["catatan"] == "Siap"
    sent = desk.send("walidata", dataset, "approve")
    assert sent.status == 302
    assert city.act(None, "package_show", id=dataset["id"])["tingkat_keamanan"] == "biasa"
    after = desk.case("walidata", dataset)
    assert (after.status, after.steps) == (200, {})


def test_whoever_no_longer_sees_the_case_is_led_to_the_queue(desk, city) -> None:
    dataset = city.dataset(file=False, **{**LIMITED, "tingkat_keamanan": "rahasia"})
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    page = desk.case("penetap", dataset)
    # No file is kept at this level, so that it has no recipients.
    assert "nomor" in page.fields["approve"]
    assert "penerima" not in page.fields["approve"]
    sent = desk.send("penetap", dataset, "approve", nomor="SK-9/2026")
    assert sent.status == 302
    assert sent.location.endswith("/satudata/antrean")


def test_wrong_answers_are_listed_and_what_was_typed_is_kept(desk, city) -> None:
    dataset = city.dataset(**LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    typed = {
        "informasi": "Daftar <b>gudang</b>",
        "mulai": "2026-11-24",
        "akhir": "31/02/2028",
        "pasal_pengecualian": "z",
    }
    page = desk.send("ppid", dataset, "assess", **typed)
    assert page.status == 422
    assert 'role="alert"' in page.body
    assert 'href="#assess-dasar_hukum"' in page.body
    assert 'id="assess-akhir-error"' in page.body
    assert 'id="assess-pasal_pengecualian-error"' in page.body
    assert "Daftar &lt;b&gt;gudang&lt;/b&gt;" in page.body
    assert "31/02/2028" in page.body
    assert page.steps["assess"]["evidence"]
    shown = city.act("ppid", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "consequence_test"


@pytest.mark.parametrize("who", ["produsen", "pengawas", "admin", "ppid_2"])
def test_a_forged_step_is_refused_and_changes_nothing(desk, city, who) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    path = f"/satudata/berkas/{dataset['name']}"
    page = desk.post(who, path, {"transition": "approve"})
    assert page.status == (404 if who == "ppid_2" else 403)
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"transition": ""}, 422),
        ({"transition": "terbang"}, 422),
        ({"transition": "assess"}, 422),
        ({"transition": ["submit", "withdraw"], "evidence": "kosong"}, 422),
        ({"transition": "submit", "evidence": "0" * 64}, 422),
        ({"transition": "submit", "catatan": "x" * 5000}, 422),
        ({"transition": "submit", "tingkat_keamanan": "dewa"}, 422),
    ],
)
def test_a_strange_form_is_answered_with_words(desk, city, fields, status) -> None:
    dataset = city.dataset()
    page = desk.post("produsen", f"/satudata/berkas/{dataset['name']}", fields)
    assert page.status == status
    assert 'role="alert"' in page.body
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "draft"


def test_fields_that_a_step_does_not_know_are_not_taken(desk, city) -> None:
    dataset = city.dataset()
    sent = desk.send(
        "produsen", dataset, "submit", id="dataset-lain", nomor="SK-1", user="admin", state="x"
    )
    assert sent.status == 302
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "verification"
    assert "nomor" not in shown["case"]["history"][-1]["fields"]


def test_a_stale_page_decides_nothing(desk, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    seen = desk.case("walidata", dataset).steps["approve"]
    city.step("produsen", dataset, "recall", catatan="Salah")
    city.act("produsen", "package_patch", id=dataset["id"], notes="Diubah sesudah dilihat.")
    city.step("produsen", dataset, "submit")
    page = desk.post("walidata", f"/satudata/berkas/{dataset['name']}", seen)
    assert page.status == 422
    # The page shows the present evidence, so that the person may look and decide.
    assert page.steps["approve"]["evidence"] != seen["evidence"]
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])
    sent = desk.post("walidata", f"/satudata/berkas/{dataset['name']}", page.steps["approve"])
    assert sent.status == 302


def test_a_finding_is_told_by_column_and_count_and_never_by_its_value(
    desk, city, make_upload
) -> None:
    dataset = city.dataset(file=make_upload(NIKS, "warga.csv"))
    city.step("produsen", dataset, "submit")
    page = desk.case("walidata", dataset)
    assert "approve" not in page.steps
    assert "warga.csv" in page.text
    assert "&#39;nik&#39;" in page.body
    assert "(3 " in page.text
    for value in ("6171014101900001", "6171024202910002", "Beringin"):
        assert value not in page.body


def test_a_version_is_linked_for_who_may_read_it_only(desk, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    link = "/satudata/versi/"
    assert link in desk.case("produsen", dataset).body
    assert link in desk.case("walidata", dataset).body
    assert link not in desk.case("pengawas", dataset).body


def test_recipients_are_offered_by_name_without_the_owner(desk, city) -> None:
    dataset = city.dataset(**LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    page = desk.case("penetap", dataset)
    assert 'value="disdukcapil"' in page.body
    assert 'value="semua_perangkat_daerah"' in page.body
    assert 'value="dinkes"' not in page.body
    wrong = desk.send("penetap", dataset, "approve", penerima=["disdukcapil", "tidak-ada"])
    assert wrong.status == 422
    assert 'value="disdukcapil" id="approve-penerima-2" checked' in wrong.body or (
        "checked" in wrong.body
    )
    sent = desk.send(
        "penetap", dataset, "approve", nomor="SK-7/2026", penerima=["disdukcapil", "dinsos"]
    )
    assert sent.status == 302
    shown = city.act("warga", "satudata_classification_show", id=dataset["id"])
    assert set(shown["decision"]["recipients"]) == {"disdukcapil", "dinsos"}


def test_all_agencies_are_not_offered_for_personal_data(desk, city) -> None:
    dataset = city.dataset(**{**LIMITED, "data_pribadi": "umum"})
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    page = desk.case("penetap", dataset)
    assert 'value="disdukcapil"' in page.body
    assert 'value="semua_perangkat_daerah"' not in page.body


def test_what_is_missing_is_listed_with_the_way_to_mend_it(desk, city) -> None:
    dataset = city.dataset(konsep="", tingkat_keamanan="", jenis_informasi="", data_pribadi="")
    page = desk.case("produsen", dataset)
    assert "submit" not in page.steps
    assert f"/dataset/edit/{dataset['name']}" in page.body
    assert f"/dataset/edit/{dataset['name']}" not in desk.case("walidata", dataset).body


def test_while_a_scan_runs_the_submit_is_kept(desk, city, monkeypatch) -> None:
    dataset = city.dataset()
    monkeypatch.setattr(
        "ckanext.satudata_pontianak.classification.versions.versions.scan_missing",
        lambda _versions, **_more: True,
    )
    sent = desk.send("produsen", dataset, "submit", catatan="Mohon diperiksa segera")
    assert sent.status == 302
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "draft"
    assert shown["case"]["submit_waits"]
    assert "alert-info" in desk.case("produsen", dataset).body
    case = model.Session.get(Case, shown["case"]["id"])
    assert case is not None
    assert case.wait_submit is not None
    assert case.wait_submit["fields"] == {"catatan": "Mohon diperiksa segera"}
    case.wait_submit = {**case.wait_submit, "refused": "Ada kolom yang belum diisi."}
    model.Session.commit()
    page = desk.case("produsen", dataset)
    assert "Ada kolom yang belum diisi." in page.text
    assert "alert-info" not in page.body


def test_every_step_of_the_workflow_can_be_drawn(desk, city, app) -> None:
    """No field type is forgotten: each one of the file has a way to be drawn."""
    types = {spec.type for spec in workflow().fields.values()}
    assert types <= {"text", "line", "date", "choice", "axis", "agencies"}
    page = desk.get(None, "/satudata/prosedur")
    assert page.status == 200
    for transition in workflow().transitions.values():
        assert tk._(transition.label) or transition.label in page.body


SIGNED = (
    "DINAS PASAR,,,\n,,,\npasar,target,realisasi,persen\n"
    + "".join(f"Flamboyan,{10 * n},{n},90\n" for n in range(1, 13))
    + ",,,\n,,,Kepala Bidang\n,,,Budi Santoso\n,,,NIP. 19700101 199503 1 001\n"
).encode()


def test_the_signature_below_a_table_is_named_and_resolved_with_one_choice(
    desk, city, make_upload
) -> None:
    dataset = city.dataset(file=make_upload(SIGNED, "pasar.csv"))
    city.step("produsen", dataset, "submit")
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    (finding,) = shown["scans"][0]["findings"]
    assert finding["where"] == {
        "rows": [],
        "cells": [],
        "pages": [],
        "outside": [{"part": "signature", "rows": [19], "cells": [], "block": [17, 19]}],
    }
    assert finding["advice"] == ["rows", "raise"]
    page = desk.case("walidata", dataset)
    assert "Jenis" in page.text
    assert "tanda tangan di bawah tabel: baris 19" in page.text
    assert "hapus baris 17–19" in page.text
    assert "hapus kolom" not in page.text
    # Once: among the columns that the data dictionary does not describe yet.
    assert page.text.count("persen") == 1
    form = next(h for h in page.hidden("/temuan") if h.get("resolution"))
    assert "approve" not in page.steps
    assert desk.post("walidata", _temuan(page), form).status == 302
    assert "approve" in desk.case("walidata", dataset).steps


def _temuan(page) -> str:
    return re.findall(r'action="([^"]*/temuan)"', page.body)[0]


def test_a_proposal_of_no_personal_data_is_asked_about_once_where_some_were_found(
    desk, city, make_upload
) -> None:
    dataset = city.dataset(file=make_upload(NIKS, "warga.csv"))
    page = desk.case("produsen", dataset)
    assert "Samarkan data dahulu" in page.text
    assert "baris 2–4" in page.text
    asked = desk.send("produsen", dataset, "submit", catatan="Mohon diperiksa")
    assert asked.status == 422
    assert "Mohon diperiksa" in asked.body
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "draft"
    sent = desk.post("produsen", f"/satudata/berkas/{dataset['name']}", asked.steps["submit"])
    assert sent.status == 302
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "verification"


def test_nobody_is_asked_where_nothing_was_found(desk, city) -> None:
    dataset = city.dataset()
    assert "data-contradicted" not in desk.case("produsen", dataset).body
    assert desk.send("produsen", dataset, "submit").status == 302


def test_a_test_begins_with_what_is_known_and_no_secret_is_called_by_its_title(desk, city) -> None:
    limited = city.dataset(**LIMITED)
    secret = city.dataset(file=False, **{**LIMITED, "tingkat_keamanan": "rahasia"})
    for dataset, known in ((limited, True), (secret, False)):
        city.step("produsen", dataset, "submit")
        city.step("walidata", dataset, "refer", catatan="Perlu diuji")
        form = desk.case("ppid", dataset).body.partition('id="step-assess"')[2]
        form = form.partition("</details>")[0]
        # What the proposal says to do stands open, with the item and the unit that was heard.
        assert form.startswith(" open>")
        assert (f">{dataset['title']}</textarea>" in form) is known
        assert 'value="Dinkes"' in form
    # The register tells everybody what was tested: not by the title of what is secret.
    test = city.assess_fields(informasi=secret["title"].upper(), tingkat_keamanan="rahasia")
    page = desk.send("ppid", secret, "assess", **test)
    assert page.status == 422
    assert 'id="assess-informasi-error"' in page.body
    # Nobody gets by the form what the API refuses, nor the other way round.
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", secret, "assess", **test)
    assert list(refused.value.error_dict) == ["informasi"]
    raised = city.assess_fields(informasi=limited["title"], tingkat_keamanan="rahasia")
    assert 'id="assess-informasi-error"' in desk.send("ppid", limited, "assess", **raised).body
    kept = city.assess_fields(informasi=limited["title"], tingkat_keamanan="terbatas")
    assert desk.send("ppid", limited, "assess", **kept).status == 302
    other = city.assess_fields(tingkat_keamanan="rahasia")
    assert desk.send("ppid", secret, "assess", **other).status == 302


def test_after_a_decision_the_page_says_what_was_decided_and_leads_on(desk, city) -> None:
    dataset, other = (
        city.dataset(title="Penduduk yang diputuskan"),
        city.dataset(title="Berikutnya"),
    )
    for each in (dataset, other):
        city.step("produsen", each, "submit")
    city.step("walidata", dataset, "approve")
    page = desk.case("walidata", dataset)
    assert "Sekarang terbuka untuk umum." in page.text
    assert "Berikutnya di antrean: Berikutnya" in page.text
    assert f'href="/satudata/berkas/{other["name"]}"' in page.body
    assert "tidak memiliki" not in page.text
    # A dataset like it is made by whoever publishes for its agency.
    assert "next-file-form" not in page.body
    assert "next-file-form" in desk.case("produsen", dataset).body


def test_withdrawing_is_asked_about_once(desk, city) -> None:
    dataset = city.dataset()
    page = desk.case("produsen", dataset)
    opened = re.search(r'id="step-withdraw"( open)?', page.body)
    assert opened is not None
    assert opened[1] is None
    asked = desk.send("produsen", dataset, "withdraw")
    assert asked.status == 422
    assert "berakhir tanpa keputusan" in asked.text
    assert asked.steps["withdraw"]["anyway"] == "1"
    path = f"/satudata/berkas/{dataset['name']}"
    assert desk.post("produsen", path, asked.steps["withdraw"]).status == 302
    assert model.Session.query(Case).filter_by(package_id=dataset["id"]).one().state == "withdrawn"
