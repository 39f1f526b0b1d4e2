"""The procedure, bullet by bullet, through the API: what each of its paragraphs promises.

Every test names one paragraph of the procedure. Where a paragraph says more than stands here,
the test beside it does: ``test_closed_road`` (the four people), ``test_side_roads`` (findings,
holds, renewal), ``test_removing_moving``, ``test_clock`` and ``tests/agencies`` (duties).
"""

from __future__ import annotations

import datetime as dt

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import cases

from ..refusals import refusal_of

LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
OPEN = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
MAIL = b"catatan,surel\nContoh,seseorang@gmail.com\nContoh Dua,orang.lain@yahoo.com\n"
NEW = b"kecamatan,penduduk\nPontianak Kota,145201\nPontianak Barat,156783\n"
WHY = "Alasan yang cukup panjang"


def code_of(city, who: str, dataset, name: str, **fields) -> str:
    """Return the code with which a step is refused; ``""`` where it is taken."""
    try:
        city.step(who, dataset, name, **fields)
    except tk.ValidationError as refused:
        return (refused.error_dict.get("code") or sorted(refused.error_dict))[0]
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return "not_authorized"
    return ""


def shown(city, who: str, dataset) -> dict:
    """Return what the API shows of a dataset's case."""
    return city.act(who, "satudata_classification_show", id=dataset["id"])


def test_states_each_desk_has_its_steps_and_walidata_ends_recalling(city) -> None:
    dataset = city.dataset()
    assert code_of(city, "produsen", dataset, "recall", catatan="x") == "not_from_here"
    city.step("produsen", dataset, "submit")
    city.step("produsen_2", dataset, "recall", catatan="keliru")
    assert shown(city, "produsen", dataset)["case"]["state"] == "draft"
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    assert code_of(city, "produsen", dataset, "recall", catatan="x") == "not_from_here"
    city.step("ppid", dataset, "declare_open", alasan="Terbuka", dasar_hukum="UU 14/2008")
    city.step("penetap", dataset, "send_back", catatan="lengkapi")
    city.step("ppid", dataset, "return", catatan="perbaiki")
    city.step("produsen", dataset, "withdraw")
    assert shown(city, "produsen", dataset)["case"] is None
    assert code_of(city, "produsen", dataset, "submit") == "no_case"


@pytest.mark.parametrize("way", ["withdraw", "return", "recall", "other_proposal"])
def test_opening_what_ppid_has_to_judge_is_opened_by_no_way_round(city, make_upload, way) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "return", catatan="perbaiki")
    if way == "withdraw":
        city.step("produsen", dataset, "withdraw")
        resource = dataset["resources"][0]["id"]
        city.act("produsen", "resource_patch", id=resource, upload=make_upload(NEW, "b.csv"))
    if way == "other_proposal":
        city.act("produsen", "package_patch", id=dataset["id"], jenis_informasi="setiap_saat")
    city.step("produsen", dataset, "submit")
    if way == "return":
        city.step("walidata_2", dataset, "return", catatan="x")
        city.step("produsen", dataset, "submit")
    if way == "recall":
        city.step("produsen", dataset, "recall", catatan="x")
        city.step("produsen", dataset, "submit")
    assert code_of(city, "walidata_2", dataset, "approve") == "no_unconcluded_referral"
    assert code_of(city, "walidata", dataset, "approve") == "no_unconcluded_referral"
    city.step("walidata", dataset, "refer", catatan="uji")
    assert not shown(city, "produsen", dataset)["decision"]


def test_opening_needs_an_open_proposal_and_clear_scans(city, make_upload) -> None:
    closed = city.dataset(**LIMITED)
    city.step("produsen", closed, "submit")
    assert code_of(city, "walidata", closed, "approve") == "open_proposal"
    found = city.dataset(file=make_upload(NIKS))
    city.step("produsen", found, "submit")
    assert code_of(city, "walidata", found, "approve") == "scans_clear"
    city.step("walidata", found, "refer", catatan="uji")
    fields = {"alasan": "Terbuka", "dasar_hukum": "UU 14/2008"}
    assert code_of(city, "ppid", found, "declare_open", **fields) == "scans_clear"


def test_opening_a_case_that_ppid_took_up_itself_is_before_ppid(city) -> None:
    dataset = city.publish()
    city.step("ppid", dataset, "reopen", reason="Perlu ditinjau")
    city.step("ppid", dataset, "return", catatan="perbaiki")
    city.step("produsen", dataset, "submit")
    assert code_of(city, "walidata", dataset, "approve") == "no_unconcluded_referral"
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "return", catatan="cukup", lanjut="walidata")
    city.step("produsen", dataset, "submit")
    assert code_of(city, "walidata", dataset, "approve") == ""


def test_opening_assess_carries_axes_and_makes_nobody_a_proposer(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "assess", **city.assess_fields(), **LIMITED)
    done = city.step("penetap", dataset, "approve", nomor="SK-1/2026", penerima=["dinsos"])
    assert {axis: done["decision"][axis] for axis in LIMITED} == LIMITED


def test_renewal_is_walidatas_while_axes_columns_and_kinds_of_findings_stay(
    city, make_upload
) -> None:
    dataset = city.limit()
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(NEW, "b.csv"))
    city.step("produsen", dataset, "submit")
    number = shown(city, "produsen", dataset)["decision"]["number"]
    assert code_of(city, "walidata", dataset, "renew") == ""
    assert shown(city, "produsen", dataset)["decision"]["number"] == number
    for worse in (MAIL, b"kecamatan,penduduk,alamat\nPontianak Kota,1,x\n"):
        city.act("produsen", "resource_patch", id=resource, upload=make_upload(worse, "c.csv"))
        city.step("produsen", dataset, "submit")
        assert code_of(city, "walidata", dataset, "renew") == "is_renewal"
        city.step("produsen", dataset, "recall", catatan="keliru")
    opened = city.publish()
    city.act(
        "produsen",
        "resource_patch",
        id=opened["resources"][0]["id"],
        upload=make_upload(NEW, "b.csv"),
    )
    city.step("produsen", opened, "submit")
    assert code_of(city, "walidata", opened, "renew") == "is_renewal"


def test_exclusions_four_people_for_what_was_referred(city) -> None:
    for body in ("ppid", "setda"):
        city.join(body, "walidata", "admin")
    city.join("setda", "ppid", "admin")
    dataset = city.dataset(**LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    fields = city.assess_fields()
    assert code_of(city, "walidata", dataset, "assess", **fields) == "not_authorized"
    city.step("ppid", dataset, "assess", **fields)
    final = {"nomor": "SK-7/2026", "penerima": ["dinsos"]}
    for who in ("walidata", "ppid"):
        assert code_of(city, who, dataset, "approve", **final) == "not_authorized"
    assert code_of(city, "penetap", dataset, "approve", **final) == ""


def test_findings_are_bound_to_the_bytes_and_never_said_by_a_proposer(city, make_upload) -> None:
    city.join("dinkes", "walidata", "editor")
    dataset = city.dataset("walidata", file=make_upload(MAIL))
    city.step("walidata", dataset, "submit")
    scan = shown(city, "walidata", dataset)["scans"][0]
    said = {
        "id": dataset["id"],
        "version": scan["version"],
        **scan["findings"][0]["key"],
        "resolution": "false_alarm",
        "reason": WHY,
    }
    with pytest.raises(tk.NotAuthorized):
        city.act("walidata", "satudata_finding_resolve", **said)
    city.act("walidata_2", "satudata_finding_resolve", **said)
    assert code_of(city, "walidata_2", dataset, "approve") == ""


def test_evidence_is_frozen_and_later_bytes_open_the_next_case(city, make_upload) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    seen = shown(city, "walidata", dataset)["case"]["evidence"]
    resource = dataset["resources"][0]["id"]
    city.act("produsen_2", "resource_patch", id=resource, upload=make_upload(NEW, "b.csv"))
    city.act("produsen", "package_patch", id=dataset["id"], notes="Uraian lain")
    assert code_of(city, "walidata", dataset, "approve", evidence=seen) == "stale_evidence"
    now = shown(city, "walidata", dataset)["case"]["evidence"]
    assert code_of(city, "walidata", dataset, "approve", evidence=now) == ""
    case = shown(city, "produsen", dataset)["case"]
    assert (case["state"], case["reason"]) == ("draft", "waiting_versions")
    assert [v["name"] for v in case["versions"]] == ["b.csv"]


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("return", {"catatan"}),
        ("refer", {"catatan"}),
        (
            "assess",
            {
                "informasi",
                "pasal_pengecualian",
                "dasar_hukum",
                "konsekuensi_dibuka",
                "konsekuensi_ditutup",
                "mulai",
                "akhir",
            },
        ),
        ("declare_open", {"alasan", "dasar_hukum"}),
        ("send_back", {"catatan"}),
        ("approve", {"nomor", "penerima"}),
    ],
)
def test_fields_each_step_asks_for_its_own(city, step, missing) -> None:
    dataset = city.dataset(**LIMITED)
    city.step("produsen", dataset, "submit")
    who = "walidata"
    if step not in ("return", "refer"):
        city.step("walidata", dataset, "refer", catatan="uji")
        who = "ppid"
    if step in ("send_back", "approve"):
        city.step("ppid", dataset, "assess", **city.assess_fields())
        who = "penetap"
    axes = OPEN if step == "declare_open" else {}
    with pytest.raises(tk.ValidationError) as refused:
        city.step(who, dataset, step, **axes)
    assert set(refused.value.error_dict) == missing


def test_reopening_by_the_clock_leaves_the_decision_in_force_past_its_end(city) -> None:
    dataset = city.dataset(**LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    today = days.today()
    period = {
        "mulai": (today - dt.timedelta(days=90)).isoformat(),
        "akhir": (today - dt.timedelta(days=1)).isoformat(),
    }
    city.step("ppid", dataset, "assess", **{**city.assess_fields(), **period})
    city.step("penetap", dataset, "approve", nomor="SK-1/2026", penerima=["dinsos"])
    (opened,) = cases.run(today)
    assert opened.dataset_id == dataset["id"]
    assert shown(city, "ppid", dataset)["case"]["state"] == "consequence_test"
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["resources"][0]["url"] == ""
    assert public["tingkat_keamanan"] == "terbatas"


def test_removal_waits_for_no_scan_and_moving_needs_the_receiver(city, make_upload) -> None:
    dataset = city.publish()
    city.step(
        "walidata", dataset, "reopen", case_kind="move", reason="Pindah", owner_org="disdukcapil"
    )
    assert code_of(city, "walidata", dataset, "submit") == "not_authorized"
    city.step("produsen", dataset, "submit")
    assert code_of(city, "walidata", dataset, "approve") == "accepted_by_target"
    city.step("produsen_lain", dataset, "accept")
    assert code_of(city, "walidata", dataset, "approve") == ""
    city.step(
        "produsen_lain", dataset, "reopen", case_kind="remove", reason="Usang", removes="dataset"
    )
    city.step("produsen_lain", dataset, "submit")
    assert code_of(city, "walidata", dataset, "approve") == ""
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])
    assert len(shown(city, "admin", dataset)["dataset_id"]) == 36


def test_holds_are_placed_at_once_and_lifted_by_another(city) -> None:
    dataset = city.publish()
    with refusal_of("scope"):
        city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="x", reason=WHY)
    for bad in ("pendek", "a\x00b" + WHY, "\ud800" + WHY):
        with refusal_of("reason"):
            city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=bad)
    for who in ("walidata", "ppid", "kepala_dinkes"):
        held = city.act(who, "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
        call = {"id": dataset["id"], "hold": held["holds"][0]["id"], "reason": WHY}
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_hold_release", ground="false_alarm", **call)
        city.act("ppid_2", "satudata_hold_release", ground="examined", **call)
    undecided = city.dataset()
    with pytest.raises(tk.ValidationError) as refused:
        city.act("walidata", "satudata_hold_create", id=undecided["id"], scope="data", reason=WHY)
    assert refused.value.error_dict["code"] == ["nothing_decided"]


def test_duties_come_from_membership_and_end_with_it(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    assert code_of(city, "warga", dataset, "approve") == "not_authorized"
    city.join("diskominfo", "warga", "editor")
    assert code_of(city, "warga", dataset, "approve") == "not_authorized"
    city.join("diskominfo", "warga", "admin")
    assert code_of(city, "warga", dataset, "return", catatan="perbaiki") == ""
