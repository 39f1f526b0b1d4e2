"""Impact assessments: a decision on spesifik kinds waits until somebody else concluded one."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.tables import entry_table

from ..city import AXES_LIMITED, upload
from ..refusals import refusal_of

ILLNESSES = b"nama,diagnosa\nSiti Aminah,Hipertensi\nBudi Santoso,Diabetes\nRina Lestari,Asma\n"
ACCOUNTS = (
    b"nama,diagnosa,rekening bank\nSiti Aminah,Hipertensi,0012345678901\n"
    b"Budi Santoso,Diabetes,0012345678902\nRina Lestari,Asma,0012345678903\n"
)
TEXTS = {
    "purpose": "Merencanakan obat; tanpa diagnosis kebutuhan tidak dapat dihitung.",
    "risks": "Kondisi kesehatan seseorang dapat diketahui rekan kerja.",
    "measures": "Hanya dua petugas yang membuka berkas, ditinjau tiap triwulan.",
}
REASONS = "Langkahnya memadai selama daftar petugas ditinjau."
PLACE = "/satudata/keamanan/data-pribadi"


def referred(city, content=ILLNESSES, **axes):
    given = {**AXES_LIMITED, "data_pribadi": "spesifik", **axes}
    dataset = city.dataset(file=upload(content, "pasien.csv"), **given)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    fields = city.assess_fields(pasal_pengecualian="h", angka_pengecualian="2")
    city.step("ppid", dataset, "assess", **fields)
    return dataset


def to_the_superior(city, dataset):
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    return dataset


def name_pejabat_pdp(city, who: str) -> None:
    asked = {"role": "pejabat_pdp", "user": city.users[who]["name"], "nomor_sk": "SK/1/2026"}
    city.act("walidata", "satudata_smki_role_create", **asked, **{"from": days.today().isoformat()})


def approve(city, dataset):
    asked = {"nomor": "SK-7/2026", "penerima": ["disdukcapil"]}
    return city.step("penetap", dataset, "approve", **asked)


def act(city, who, name, dataset, **asked):
    return city.act(who, f"satudata_smki_assessment_{name}", id=dataset["id"], **asked)


def write(city, dataset, who="produsen", **asked):
    return act(city, who, "write", dataset, **{**TEXTS, **asked})


def conclude(city, dataset, who="ppid", **asked):
    given = {"opinion": "adequate", "reasons": REASONS, **asked}
    return act(city, who, "conclude", dataset, **given)


def test_a_decision_on_spesifik_kinds_waits_until_one_is_concluded_by_somebody_else(city) -> None:
    dataset = referred(city)
    with refusal_of("transition", code="impact_assessed"):
        approve(city, dataset)
    known = act(city, "produsen", "show", dataset)
    assert known["missing"]
    assert (known["known"]["rows"], known["known"]["files"]) == (3, 1)
    assert write(city, dataset)["waiting"]["state"] == "waiting"
    with refusal_of("transition", code="impact_assessed"):
        approve(city, dataset)
    done = conclude(city, dataset)
    assert (done["missing"], done["waiting"], done["concluded"]["opinion"]) == (
        [],
        None,
        "adequate",
    )
    approve(city, dataset)
    decision = city.act("ppid", "satudata_classification_show", id=dataset["id"])["decision"]
    assert decision["tingkat_keamanan"] == "terbatas"


def test_who_wrote_it_does_not_conclude_it_and_others_neither(city) -> None:
    dataset = referred(city)
    write(city, dataset, "ppid")
    for who in ("ppid", "produsen", "walidata", "penetap"):
        with pytest.raises(tk.ValidationError):
            conclude(city, dataset, who)
        assert not act(city, who, "show", dataset)["concludes"]
    assert conclude(city, dataset, "ppid_2")["concluded"]["opinion"] == "adequate"


def test_what_is_judged_inadequate_lets_nothing_be_decided(city) -> None:
    dataset = referred(city)
    write(city, dataset)
    assert conclude(city, dataset, opinion="inadequate")["missing"]
    with refusal_of("transition", code="impact_assessed"):
        approve(city, dataset)
    write(city, dataset)
    conclude(city, dataset, opinion="with_conditions")
    approve(city, dataset)


def test_what_a_person_ticks_makes_the_decision_wait_where_no_kind_asks_for_it(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    write(city, dataset, criteria=["large_scale"])
    with refusal_of("transition", code="impact_assessed"):
        city.step("walidata", dataset, "approve")
    city.step("walidata", dataset, "refer", catatan="Perlu dinilai")
    conclude(city, dataset)
    fields = city.assess_fields()
    city.step("ppid", dataset, "assess", **fields, **AXES_LIMITED)
    approve(city, dataset)


def test_without_spesifik_kinds_or_where_nothing_is_kept_nobody_is_asked(city) -> None:
    city.publish()
    city.limit()
    city.seal()


def test_it_stands_until_another_kind_is_found(city) -> None:
    dataset = referred(city)
    write(city, dataset)
    city.act("produsen", "satudata_smki_assessment_show", id=dataset["id"])
    conclude(city, dataset)
    approve(city, dataset)
    resource = city.act("produsen", "package_show", id=dataset["id"])["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=upload(ILLNESSES + b"Dewi,Flu\n"))
    assert act(city, "produsen", "show", dataset)["missing"] == []
    city.act("produsen", "resource_patch", id=resource, upload=upload(ACCOUNTS))
    assert act(city, "produsen", "show", dataset)["missing"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"risks": "pendek"}, "risks"),
        ({"measures": "x" * 4001}, "measures"),
        ({"risks": "NIK 6171012501900001 dapat terbaca orang lain."}, "risks"),
        ({"criteria": ["lain"]}, "criteria"),
    ],
)
def test_what_is_written_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    dataset = city.dataset()
    with pytest.raises(tk.ValidationError) as refusal:
        write(city, dataset, **asked)
    assert set(refusal.value.error_dict) == {field}


def test_it_is_for_who_sees_what_the_scan_found_alone(city) -> None:
    dataset = referred(city)
    write(city, dataset)
    seeing = ("produsen", "walidata", "ppid", "penetap")
    for who in seeing:
        assert act(city, who, "show", dataset)["waiting"]["texts"][1]["text"] == TEXTS["risks"]
        assert city.act(who, "satudata_smki_assessment_list")["count"] == 1
    for who in ("produsen_lain", "staf"):
        for name in ("show", "write", "conclude"):
            with pytest.raises(tk.ObjectNotFound) as there:
                act(city, who, name, dataset, **TEXTS)
            with pytest.raises(tk.ObjectNotFound) as nowhere:
                act(city, who, name, {"id": "tidak-ada"}, **TEXTS)
            assert str(there.value) == str(nowhere.value)
        assert city.act(who, "satudata_smki_assessment_list")["count"] == 0
    for name in ("show", "write", "conclude", "list"):
        with pytest.raises(tk.NotAuthorized):
            act(city, "warga", name, dataset, **TEXTS)


def test_what_no_scan_could_read_needs_one_as_though_it_held_any_kind(city) -> None:
    made = city.dataset(file=upload(b"PK\x03\x04 rusak", "pasien.xlsx"), **AXES_LIMITED)
    dataset = to_the_superior(city, made)
    with refusal_of("transition", code="impact_assessed"):
        approve(city, dataset)
    assert [one["kind"] for one in act(city, "ppid", "show", dataset)["known"]["kinds"]] == [
        "unread"
    ]
    write(city, dataset)
    conclude(city, dataset)
    approve(city, dataset)


def test_a_file_whose_bytes_nobody_keeps_needs_one_as_well(city) -> None:
    made = city.dataset(**AXES_LIMITED)
    dataset = to_the_superior(city, made)
    link = {"package_id": made["id"], "url": "https://data.example/pasien.csv"}
    model.Session.add(model.Resource(**link))
    model.Session.commit()
    assert act(city, "ppid", "show", dataset)["missing"]


def test_one_that_nobody_ticked_anything_in_holds_nothing_up(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    assert not write(city, dataset)["waits"]
    city.step("walidata", dataset, "approve")


def test_where_nothing_is_kept_what_is_ticked_holds_nothing_up(city) -> None:
    closed = {**AXES_LIMITED, "tingkat_keamanan": "rahasia"}
    dataset = city.dataset(file=False, **closed)
    assert not write(city, dataset, criteria=["large_scale"])["waits"]
    to_the_superior(city, dataset)
    city.step("penetap", dataset, "approve", nomor="SK-8/2026")


def test_who_may_not_see_the_open_case_learns_nothing_of_it(city) -> None:
    dataset = city.publish()
    name_pejabat_pdp(city, "produsen_lain")
    before = act(city, "produsen_lain", "show", dataset)
    asked = {"case_kind": "classify", "reason": "Ternyata memuat diagnosis"}
    city.step("produsen", dataset, "reopen", **asked)
    city.act(
        "produsen",
        "package_patch",
        id=dataset["id"],
        **{**AXES_LIMITED, "data_pribadi": "spesifik"},
    )
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=upload(ILLNESSES))
    write(city, dataset)
    assert act(city, "produsen", "show", dataset)["known"]["level"] == "terbatas"
    assert act(city, "produsen_lain", "show", dataset) == {**before, "writes": False}
    assert city.act("produsen_lain", "satudata_smki_assessment_list")["count"] == 0
    for name in ("write", "conclude"):
        with pytest.raises(tk.ValidationError):
            act(city, "produsen_lain", name, dataset, **TEXTS, opinion="adequate", reasons=REASONS)
    to_the_superior(city, dataset)
    assert conclude(city, dataset)["concluded"]
    assert act(city, "produsen_lain", "show", dataset) == {**before, "writes": False}


def test_what_is_only_counted_is_assessed_once_a_case_proposes_another_level(city) -> None:
    dataset = city.seal("sangat_rahasia")
    asked = {"case_kind": "classify", "reason": "Tidak lagi sangat rahasia"}
    city.step("kepala_dinkes", dataset, "reopen", **asked)
    with pytest.raises(tk.ObjectNotFound):
        act(city, "kepala_dinkes", "show", dataset)
    city.act("kepala_dinkes", "package_patch", id=dataset["id"], tingkat_keamanan="terbatas")
    write(city, dataset, "kepala_dinkes")
    city.step("kepala_dinkes", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    assert act(city, "ppid", "show", dataset)["concludes"]
    with pytest.raises(tk.ObjectNotFound):
        act(city, "produsen_lain", "show", dataset)


def test_who_concludes_it_and_may_see_it_is_told_that_it_waits(city) -> None:
    dataset = referred(city)
    name_pejabat_pdp(city, "produsen_lain")
    write(city, dataset, "ppid")
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    told = set(model.Session.scalars(query.where(Notice.kind == "smki_assessment")))
    assert told == {city.users["ppid_2"]["name"]}


def test_an_agency_that_gets_the_data_does_not_read_the_assessment(city) -> None:
    dataset = referred(city)
    write(city, dataset)
    conclude(city, dataset)
    approve(city, dataset)
    with pytest.raises(tk.ObjectNotFound):
        act(city, "produsen_lain", "show", dataset)


def test_the_ledger_keeps_that_it_was_written_and_no_word(city) -> None:
    dataset = referred(city)
    write(city, dataset)
    done = conclude(city, dataset)
    query = sa.select(entry_table.c.id, entry_table.c.text).where(
        entry_table.c.event.startswith("smki.assessment"),
        entry_table.c.id.in_(done["concluded"]["receipts"]),
    )
    entries = model.Session.execute(query).all()
    assert len(entries) == 2
    assert not any(w in e.text for e in entries for w in (*TEXTS.values(), REASONS))


def test_the_case_names_the_page_and_by_pages_it_is_written_and_concluded(city, app) -> None:
    dataset = referred(city)
    address = f"{PLACE}/penilaian/{dataset['name']}"
    case = app.get(f"/satudata/berkas/{dataset['name']}", headers=city.token("penetap")).body
    assert address in case
    owner, ppid = city.token("produsen"), city.token("ppid")
    assert app.get(address, follow_redirects=False).status_code == 302
    assert app.get(address, headers=city.token("produsen_lain")).status_code == 404
    sent = {"act": "write", **TEXTS, "criteria": ["large_scale"]}
    assert app.post(address, headers=owner, data={**sent, "risks": ""}).status_code == 422
    assert app.post(address, headers=owner, data=sent, follow_redirects=False).status_code == 302
    assert 'data-assessment="' in app.get(PLACE, headers=ppid).body
    ended = {"act": "conclude", "opinion": "adequate", "reasons": REASONS}
    assert app.post(address, headers=owner, data=ended).status_code == 403
    assert app.post(address, headers=ppid, data=ended, follow_redirects=False).status_code == 302
    assert REASONS in app.get(address, headers=owner).body
    assert 'data-assessment="' not in app.get(PLACE, headers=ppid).body


def test_the_desk_is_for_who_answers_and_who_audits(city, app) -> None:
    for who, status in (("ppid", 200), ("pengawas", 200), ("walidata", 403), ("produsen", 403)):
        assert app.get(PLACE, headers=city.token(who)).status_code == status
    assert app.get(PLACE, follow_redirects=False).status_code == 302
