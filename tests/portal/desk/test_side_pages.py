"""Findings, reopening and holds by pages: who is offered what, and what a form does."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Decision

from ...city import submission_fields

MAIL = b"catatan,surel\nContoh,seseorang@gmail.com\nContoh Dua,orang.lain@yahoo.com\n"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
NAMED = "Data penerima bantuan atas nama Budi Santoso"
WHY = "Alasan yang cukup panjang"
FINDING = "/temuan"


def _path(dataset, end: str = "") -> str:
    return f"/satudata/berkas/{dataset['name']}{end}"


def _resolve(desk, who, dataset, number=0, **said):
    """Send the form of one finding as the page offers it."""
    hidden = desk.case(who, dataset).hidden(FINDING)[number]
    return desk.post(who, _path(dataset, FINDING), {**hidden, **said})


def test_a_finding_is_resolved_by_who_may(desk, city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(MAIL), data_pribadi="umum")
    city.step("produsen", dataset, "submit")
    offered = {}
    for who in ("produsen", "kepala_dinkes", "walidata", "walidata_2", "pengawas", "admin"):
        offered[who] = len(desk.case(who, dataset).hidden(FINDING))
    assert offered == {
        "produsen": 0,
        "kepala_dinkes": 0,
        "walidata": 1,
        "walidata_2": 1,
        "pengawas": 0,
        "admin": 0,
    }
    wrong = _resolve(desk, "walidata", dataset, resolution="lawfully_public", reason="pendek")
    assert wrong.status == 422
    assert "-ground-error" in wrong.body
    assert "-reason-error" in wrong.body
    assert "pendek" in wrong.body
    hidden = desk.case("walidata", dataset).hidden(FINDING)[0]
    said = {"resolution": "lawfully_public", "ground": "jabatan", "reason": WHY}
    forged = desk.post("produsen", _path(dataset, FINDING), {**hidden, **said})
    assert forged.status == 403
    assert desk.post("warga", _path(dataset, FINDING), {**hidden, **said}).status == 404
    assert desk.post(None, _path(dataset, FINDING), {**hidden, **said}).status == 302
    sent = _resolve(desk, "walidata", dataset, **said)
    assert sent.status == 302
    page = desk.case("walidata", dataset)
    assert WHY in page.text
    assert "approve" in page.steps
    assert desk.send("walidata", dataset, "approve").status == 302


def test_a_strict_finding_is_offered_as_false_alarm_only(desk, city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(NIKS))
    city.step("produsen", dataset, "submit")
    page = desk.case("walidata", dataset)
    assert 'value="false_alarm"' in page.body
    forms = [fields for action, _, fields in page.forms if action.endswith(FINDING)]
    assert forms
    assert all("ground" not in fields for fields in forms)
    refused = _resolve(
        desk, "walidata", dataset, resolution="lawfully_public", ground="jabatan", reason=WHY
    )
    assert refused.status == 422
    assert 'role="alert"' in refused.body


@pytest.mark.parametrize("said", [{}, {"finding": "f00"}, {"finding": "x"}, {"reason": "y" * 20}])
def test_a_strange_resolution_is_answered_with_words(desk, city, make_upload, said) -> None:
    dataset = city.dataset(file=make_upload(MAIL))
    city.step("produsen", dataset, "submit")
    hidden = desk.case("walidata", dataset).hidden(FINDING)[0] if "reason" in said else {}
    page = desk.post("walidata", _path(dataset, FINDING), {**hidden, **said})
    assert page.status == 422
    assert 'role="alert"' in page.body


def test_an_unreadable_file_is_inspected_by_another_person(desk, city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(b"{\\rtf1 contoh}", "laporan.rtf"))
    city.step("produsen", dataset, "submit")
    assert _resolve(desk, "walidata", dataset, reason=WHY).status == 302
    assert "approve" not in desk.case("walidata", dataset).steps
    assert desk.send("walidata_2", dataset, "approve").status == 302


def test_something_decided_is_reopened_by_a_page(desk, city) -> None:
    dataset = city.publish()
    link = _path(dataset, "/buka")
    offered = {}
    for who in (*city.users, "admin", None):
        shown = link in desk.get(who, f"/dataset/{dataset['name']}").body
        status = desk.get(who, link).status
        offered[who] = (shown, status)
    may = {"walidata", "walidata_2", "ppid", "ppid_2", "kepala_dinkes", "produsen", "produsen_2"}
    assert offered == {
        who: (True, 200) if who in may else (False, 302 if who is None else 403) for who in offered
    }
    assert "owner_org" not in desk.get("ppid", link).forms[-1][2]
    wrong = desk.post("produsen", link, {"case_kind": "move"})
    assert wrong.status == 422
    assert 'href="#road-owner_org"' in wrong.body
    assert 'id="road-reason-error"' in wrong.body
    sent = desk.post(
        "produsen",
        link,
        {"case_kind": "classify", "reason": "Lisensi baru", "license_id": "cc-zero"},
    )
    assert sent.status == 302
    assert "Lisensi baru" in desk.case("produsen", dataset).text
    assert desk.get("produsen", link).status == 403
    assert link not in desk.get("produsen", f"/dataset/{dataset['name']}").body


@pytest.mark.parametrize("end", ["/buka", "/tahan", "/lepas/x"])
def test_what_is_not_for_someone_is_unknown_to_them(desk, city, end) -> None:
    dataset = city.dataset()
    assert desk.get("warga", _path(dataset, end)).status == 404
    assert desk.get("warga", f"/satudata/berkas/tidak-ada{end}").status == 404
    assert desk.get(None, _path(dataset, end)).status == 302
    assert desk.get("walidata", _path(dataset, end)).status == 403
    assert desk.post("walidata", _path(dataset, end), {"reason": WHY}).status == 403


def test_a_move_is_accepted_by_the_page_of_the_receiving_agency(desk, city) -> None:
    dataset = city.publish()
    fields = {"case_kind": "move", "reason": "Urusan pindah", "owner_org": "disdukcapil"}
    assert desk.post("produsen", _path(dataset, "/buka"), fields).status == 302
    assert desk.send("produsen", dataset, "submit").status == 302
    assert _path(dataset) in desk.get("produsen_lain", "/satudata/antrean").body
    page = desk.case("produsen_lain", dataset)
    assert set(page.steps) == {"accept"}
    assert "Disdukcapil" in page.text
    assert dataset["resources"][0]["hash"] not in page.body.partition("case-steps")[0]
    assert not desk.case("pegawai_dinsos", dataset).steps
    assert desk.send("produsen_lain", dataset, "accept").status == 302
    assert _path(dataset) not in desk.get("produsen_lain", "/satudata/antrean").body
    assert desk.send("walidata", dataset, "approve").status == 302
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["organization"]["name"] == "disdukcapil"


def test_a_removal_goes_through_by_pages(desk, city) -> None:
    dataset = city.publish()
    fields = {"removes": "dataset", "reason": "Tidak berlaku lagi"}
    assert desk.post("produsen", _path(dataset, "/hapus"), fields).status == 302
    assert desk.send("produsen", dataset, "submit").status == 302
    assert set(desk.case("walidata", dataset).steps) == {"return", "refer", "approve"}
    assert desk.send("walidata", dataset, "approve").status == 302
    assert desk.get(None, f"/dataset/{dataset['name']}").status == 404


def test_a_hold_is_placed_shown_and_lifted(desk, city) -> None:
    dataset = city.publish()
    address, link = f"/dataset/{dataset['name']}", _path(dataset, "/tahan")
    may = {"walidata", "walidata_2", "ppid", "ppid_2", "kepala_dinkes", "produsen", "produsen_2"}
    people = (*city.users, "admin", None)
    assert {who for who in people if link in desk.get(who, address).body} == may
    assert {who for who in people if desk.get(who, link).status == 200} == may
    wrong = desk.post("walidata", link, {"scope": "separuh", "reason": "pendek"})
    assert wrong.status == 422
    assert 'id="road-scope-error"' in wrong.body
    assert 'id="road-reason-error"' in wrong.body
    assert desk.post("walidata", link, {"scope": "data", "reason": WHY}).status == 302
    hold = city.act("ppid", "satudata_classification_show", id=dataset["id"])["holds"][0]["id"]
    lift = _path(dataset, f"/lepas/{hold}")
    for who in people:
        page = desk.get(who, address)
        assert WHY in page.text
        assert (lift in page.body) == (who in {"walidata_2", "ppid", "ppid_2"})
    assert desk.get("walidata", lift).status == 403
    assert desk.post("kepala_dinkes", lift, {"reason": WHY}).status == 403
    assert desk.post("ppid", lift, {}).status == 422
    assert desk.post("ppid", lift, {"reason": WHY}).status == 302
    assert WHY not in desk.get(None, address).text
    assert desk.get("ppid", lift).status == 403


def test_a_hold_on_everything_hides_the_page(desk, city) -> None:
    dataset = city.publish()
    fields = {"scope": "all", "reason": WHY}
    assert desk.post("kepala_dinkes", _path(dataset, "/tahan"), fields).status == 302
    assert desk.get(None, f"/dataset/{dataset['name']}").status == 404
    assert WHY in desk.get("produsen", f"/dataset/{dataset['name']}").text


def test_a_decision_past_its_last_day_says_so(desk, city) -> None:
    dataset = city.limit()
    address = f"/dataset/{dataset['name']}"
    assert "satudata-overdue" not in desk.get(None, address).body
    past = dt.date(2020, 1, 1)
    model.Session.execute(
        sa.update(Decision).where(Decision.package_id == dataset["id"]).values(akhir=past)
    )
    model.Session.commit()
    assert "satudata-overdue" in desk.get(None, address).body
    assert "satudata-overdue" in desk.case("produsen", dataset).body


def test_the_case_says_why_how_many_and_what_to_do_and_an_earlier_answer_takes_one_click(
    desk, city, make_upload
) -> None:
    dataset = city.dataset(file=make_upload(NIKS))
    city.step("produsen", dataset, "submit")
    page = desk.case("walidata", dataset)
    for word in ("2 (100 %)", "samarkan nilainya", "usulkan tingkat yang", "daftar perorangan"):
        assert word in page.text
    assert _resolve(desk, "walidata", dataset, resolution="false_alarm", reason=WHY).status == 302
    city.step("walidata", dataset, "return", catatan="Mohon ditinjau lagi")
    resource = dataset["resources"][0]["id"]
    changed = make_upload(NIKS + b"Contoh Tiga,6171020202850003\n")
    city.act("produsen", "resource_patch", id=resource, upload=changed)
    city.act("produsen", "package_patch", id=dataset["id"], notes=NAMED)
    city.step("produsen", dataset, "submit")
    page = desk.case("walidata", dataset)
    assert WHY in page.text
    offered = [fields for fields in page.hidden(FINDING) if "earlier" in fields]
    assert len(offered) == 1
    assert desk.post("walidata", _path(dataset, FINDING), offered[0]).status == 302
    texts = [f for f in desk.case("walidata", dataset).hidden(FINDING) if "earlier" not in f]
    said = {"resolution": "lawfully_public", "ground": "jabatan", "reason": WHY}
    assert desk.post("walidata", _path(dataset, FINDING), {**texts[-1], **said}).status == 302
    assert desk.send("walidata_2", dataset, "approve").status == 302


def test_a_text_that_may_hold_personal_data_warns_on_the_page(desk, city) -> None:
    dataset = city.dataset()
    fields = {k: v for k, v in dataset.items() if isinstance(v, str) and k in submission_fields()}
    fields |= {"name": dataset["name"], "owner_org": dataset["owner_org"], "save": ""}
    fields |= {"_ckan_phase": "dataset_new_1", "pkg_name": dataset["id"], "notes": NAMED}
    assert desk.post("produsen", f"/dataset/edit/{dataset['name']}", fields).status == 302
    assert "PPID harus menyelesaikannya" in desk.get("produsen", "/dataset/").body


def test_whoever_confirms_a_hold_reads_who_placed_it_when_and_why(desk, city) -> None:
    dataset = city.publish()
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    hold = city.act("ppid", "satudata_classification_show", id=dataset["id"])["holds"][0]["id"]
    page = desk.get("kepala_dinkes", _path(dataset, f"/pastikan/{hold}"))
    said = page.text
    assert WHY in said
    assert city.users["walidata"]["display_name"] in said
    assert "Harus dipastikan sebelum" in said
    address = f"/dataset/{dataset['name']}"
    assert "Belum dipastikan" in desk.get("produsen", address).text
    assert "Belum dipastikan" not in desk.get(None, address).text
    row = desk.get("kepala_dinkes", "/satudata/meja").body
    assert f'href="{_path(dataset, f"/pastikan/{hold}")}"' in row


def test_a_closed_page_says_once_who_may_have_the_data(desk, city) -> None:
    dataset = city.limit()
    body = desk.get(None, f"/dataset/{dataset['name']}").body
    said = body.partition('id="satudata-closed-title"')[2].partition("</section>")[0]
    assert "Tidak boleh" not in said
    assert said.count("Perangkat Daerah pemilik") == 1
    assert said.index("Masuk") < said.index("satudata-ask")
