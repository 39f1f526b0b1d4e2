"""The side roads: findings, holds, reopening, removal, moves, renewal, batches."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ..looking import opened
from ..refusals import refusal_of

MAIL = b"catatan,surel\nContoh,seseorang@gmail.com\nContoh Dua,orang.lain@yahoo.com\n"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
WHY = "Alasan yang cukup panjang"
NEW = b"kecamatan,penduduk\nPontianak Kota,145201\nPontianak Barat,156783\n"


def finding(city, who: str, dataset, number: int = 0) -> dict:
    """Return what names one finding of the dataset's case."""
    shown = city.act(who, "satudata_classification_show", id=dataset["id"])
    scan = shown["scans"][0]
    return {"version": scan["version"], **scan["findings"][number]["key"]}


def lift(city, who: str, dataset, hold: str, ground: str) -> dict:
    """Lift a hold on a ground."""
    return city.act(
        who, "satudata_hold_release", id=dataset["id"], hold=hold, ground=ground, reason=WHY
    )


def test_a_lawfully_public_finding_lets_walidata_open(city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(MAIL), data_pribadi="umum")
    city.step("produsen", dataset, "submit")
    with refusal_of("transition", code="scans_clear"):
        city.step("walidata", dataset, "approve")
    said = {
        **finding(city, "walidata", dataset),
        "resolution": "lawfully_public",
        "ground": "jabatan",
        "reason": WHY,
    }
    for who in ("produsen", "kepala_dinkes", "penetap", "pengawas", "admin"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            city.act(who, "satudata_finding_resolve", id=dataset["id"], **said)
    done = city.act("walidata", "satudata_finding_resolve", id=dataset["id"], **said)
    assert done["scans"][0]["findings"][0]["resolution"] == "lawfully_public"
    assert city.step("walidata", dataset, "approve")["decision"]["level"] == "biasa"


def test_a_nik_is_never_lawfully_public_and_who_calls_it_false_does_not_approve(
    city, make_upload
) -> None:
    dataset = city.dataset(file=make_upload(NIKS))
    city.step("produsen", dataset, "submit")
    where = finding(city, "walidata", dataset)
    with pytest.raises(tk.ValidationError) as refused:
        city.act(
            "walidata",
            "satudata_finding_resolve",
            id=dataset["id"],
            **where,
            resolution="lawfully_public",
            ground="jabatan",
            reason=WHY,
        )
    assert refused.value.error_dict["code"] == ["never_lawful"]
    city.act(
        "walidata",
        "satudata_finding_resolve",
        id=dataset["id"],
        **where,
        resolution="false_alarm",
        reason=WHY,
    )
    with pytest.raises(tk.NotAuthorized):
        city.step("walidata", dataset, "approve")
    assert city.step("walidata_2", dataset, "approve")["decision"]["level"] == "biasa"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "pendek"},
        {"resolution": "mungkin"},
        {"resolution": "lawfully_public", "ground": "suka-suka"},
        {"kind": "tiada"},
        {"version": "tiada"},
        {"version": "a\x00b"},
        {"version": "\ud800"},
        {"version": 7},
        {"reason": "a\x00" + WHY},
        {"reason": "\ud800" + WHY},
        {"kind": "a\x00b"},
        {"resolution": "inspected"},
    ],
)
def test_a_resolution_that_says_nothing_is_refused(city, make_upload, wrong) -> None:
    dataset = city.dataset(file=make_upload(MAIL))
    city.step("produsen", dataset, "submit")
    said = {**finding(city, "walidata", dataset), "resolution": "false_alarm", "reason": WHY}
    # What is well said of something else is refused by the step, with its code.
    with refusal_of(*wrong, "transition", "code"):
        city.act("walidata", "satudata_finding_resolve", id=dataset["id"], **{**said, **wrong})


def test_what_cannot_be_read_but_is_harmless_is_inspected_by_another_person(
    city, make_upload
) -> None:
    dataset = city.dataset(file=make_upload(b"{\\rtf1 contoh}", "laporan.rtf"))
    shown = city.step("produsen", dataset, "submit")
    assert shown["scans"][0]["verdict"] == "failed"
    city.act(
        "walidata",
        "satudata_finding_resolve",
        id=dataset["id"],
        version=shown["scans"][0]["version"],
        resolution="inspected",
        reason=WHY,
    )
    with pytest.raises(tk.NotAuthorized):
        city.step("walidata", dataset, "approve")
    assert city.step("walidata_2", dataset, "approve")["decision"]


def test_new_bytes_bring_their_findings_back(city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(MAIL))
    city.step("produsen", dataset, "submit")
    said = {**finding(city, "walidata", dataset), "resolution": "false_alarm", "reason": WHY}
    city.act("walidata", "satudata_finding_resolve", id=dataset["id"], **said)
    city.step("walidata", dataset, "return", catatan="ganti")
    resource = dataset["resources"][0]["id"]
    city.act(
        "produsen", "resource_patch", id=resource, upload=make_upload(MAIL + b"C,c@gmail.com\n")
    )
    city.step("produsen", dataset, "submit")
    with refusal_of("transition", code="scans_clear"):
        city.step("walidata_2", dataset, "approve")


def test_a_hold_takes_data_away_at_once_and_nobody_lifts_their_own(city, app) -> None:
    dataset = city.publish()
    url = dataset["resources"][0]["url"]
    for who in ("staf", "penetap", "pengawas", "warga", "admin"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    held = city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    assert app.get(url, status=None).status_code == 403
    assert app.get(url, headers=city.token("produsen"), status=None).status_code == 403
    assert app.get(url, headers=city.token("ppid"), status=200)
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["resources"][0]["url"] == ""
    hold = held["holds"][0]["id"]
    for who in ("walidata", "kepala_dinkes", "produsen"):
        with pytest.raises(tk.NotAuthorized):
            lift(city, who, dataset, hold, "false_alarm")
    lift(city, "walidata_2", dataset, hold, "false_alarm")
    assert app.get(url, status=200)


def test_a_hold_on_everything_hides_the_dataset(city) -> None:
    dataset = city.publish()
    city.act("kepala_dinkes", "satudata_hold_create", id=dataset["id"], scope="all", reason=WHY)
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])
    assert city.act(None, "package_search", q=f"name:{dataset['name']}")["count"] == 0
    assert dataset["name"] not in city.act(None, "package_list")
    hold = city.act("ppid", "satudata_classification_show", id=dataset["id"])["holds"][0]
    lift(city, "ppid", dataset, hold["id"], "examined")
    assert city.act(None, "package_show", id=dataset["id"])


def test_from_a_hold_to_the_clean_file(city, app, make_upload) -> None:
    dataset = city.publish()
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    resource = dataset["resources"][0]
    city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(NEW, "bersih.csv"))
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve")
    assert refused.value.error_dict["code"] == ["no_unconcluded_referral"]
    city.step("walidata", dataset, "refer", catatan="insiden")
    city.step("ppid", dataset, "return", catatan="berkas baru bersih", lanjut="walidata")
    city.step("produsen", dataset, "submit")
    city.step("walidata_2", dataset, "approve")
    assert app.get(resource["url"], status=None).status_code == 403
    hold = city.act("ppid", "satudata_classification_show", id=dataset["id"])["holds"][0]["id"]
    with pytest.raises(tk.NotAuthorized):
        lift(city, "walidata_2", dataset, hold, "remedied")
    for who in ("walidata_2", "ppid"):
        with pytest.raises(tk.ValidationError) as refused:
            lift(city, who, dataset, hold, "false_alarm")
        assert refused.value.error_dict["code"] == ["not_false_alarm"]
    for ground in ("suka-suka", "a\x00b", ["false_alarm"]):
        with pytest.raises(tk.ValidationError) as refused:
            lift(city, "ppid", dataset, hold, ground)
        assert "ground" in refused.value.error_dict
    lift(city, "ppid", dataset, hold, "")
    assert app.get(resource["url"]).data == NEW


@pytest.mark.parametrize(
    ("who", "state"), [("produsen", "draft"), ("walidata", "draft"), ("ppid", "consequence_test")]
)
def test_something_decided_is_reopened_on_the_right_desk(city, who, state) -> None:
    dataset = city.publish()
    with refusal_of("reason"):
        city.step(who, dataset, "reopen")
    shown = city.step(who, dataset, "reopen", reason="Perlu ditinjau")
    assert shown["case"]["state"] == state
    assert city.act(None, "package_show", id=dataset["id"])["tingkat_keamanan"] == "biasa"
    with pytest.raises(tk.ValidationError) as refused:
        city.step(who, dataset, "reopen", reason="Lagi")
    assert refused.value.error_dict["code"] == ["case_open"]
    for other in ("penetap", "pengawas", "warga", "produsen_lain", "admin"):
        with pytest.raises(tk.NotAuthorized):
            city.step(other, dataset, "reopen", reason="x")


def test_ppid_reopens_and_closes_with_its_superior(city) -> None:
    dataset = city.publish()
    city.step("ppid", dataset, "reopen", reason="Perlu ditutup")
    city.step(
        "ppid",
        dataset,
        "assess",
        **city.assess_fields(jenis_informasi="dikecualikan", tingkat_keamanan="terbatas"),
    )
    done = city.step("penetap", dataset, "approve", nomor="SK-9", penerima=["dinsos"])
    assert done["decision"]["level"] == "terbatas"


def test_the_licence_changes_with_the_decision(city) -> None:
    dataset = city.publish()
    city.step("produsen", dataset, "reopen", reason="Lisensi baru", license_id="cc-zero")
    city.step("produsen", dataset, "submit")
    assert city.act(None, "package_show", id=dataset["id"])["license_id"] != "cc-zero"
    city.step("walidata", dataset, "approve")
    assert city.act(None, "package_show", id=dataset["id"])["license_id"] == "cc-zero"


def test_what_was_decided_is_removed_by_a_case(city, app) -> None:
    dataset = city.publish()
    city.step(
        "produsen",
        dataset,
        "reopen",
        case_kind="remove",
        reason="Tidak berlaku lagi",
        removes="dataset",
    )
    city.step("produsen", dataset, "submit")
    assert city.act(None, "package_show", id=dataset["id"])
    with pytest.raises(tk.NotAuthorized):
        city.step("produsen", dataset, "approve")
    city.step("walidata", dataset, "approve")
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])
    assert app.get(dataset["resources"][0]["url"], status=404)


def test_what_ppid_closed_is_removed_by_ppid(city) -> None:
    dataset = city.limit()
    city.step(
        "produsen",
        dataset,
        "reopen",
        case_kind="remove",
        reason="Tidak berlaku lagi",
        removes="dataset",
    )
    city.step("produsen", dataset, "submit")
    with refusal_of("transition", code="decision_open_or_none"):
        city.step("walidata", dataset, "approve")
    city.step("walidata", dataset, "refer", catatan="milik PPID")
    city.step("ppid", dataset, "approve")
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])


def test_a_dataset_moves_when_the_other_agency_accepts(city) -> None:
    dataset = city.publish()
    with refusal_of("owner_org"):
        city.step("produsen", dataset, "reopen", case_kind="move", reason="x", owner_org="tiada")
    city.step(
        "produsen",
        dataset,
        "reopen",
        case_kind="move",
        reason="Urusan pindah",
        owner_org="disdukcapil",
    )
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve")
    assert refused.value.error_dict["code"] == ["accepted_by_target"]
    for who in ("produsen", "walidata", "pegawai_dinsos"):
        with pytest.raises(tk.NotAuthorized):
            city.step(who, dataset, "accept")
    city.step("produsen_lain", dataset, "accept")
    city.step("walidata", dataset, "approve")
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["organization"]["name"] == "disdukcapil"
    assert public["resources"][0]["url"]
    city.act("produsen_lain", "package_patch", id=dataset["id"], title="Milik baru")
    with pytest.raises(tk.NotAuthorized):
        city.act("produsen", "package_patch", id=dataset["id"], title="Milik lama")


def test_walidata_renews_limited_data_under_the_decision_in_force(city, make_upload) -> None:
    dataset = city.limit()
    before = city.act("produsen", "satudata_classification_show", id=dataset["id"])["decision"]
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(NEW, "bulan-ini.csv"))
    shown = city.step("produsen", dataset, "submit")
    (compared,) = shown["scans"][0]["compared"]
    assert (compared["rows_before"], compared["rows_after"]) == (2, 2)
    assert not any(compared[k] for k in ("columns_added", "columns_removed", "findings_added"))
    done = city.step("walidata", dataset, "renew")
    after = done["decision"]
    for key in ("level", "number", "until", "recipients", "basis"):
        assert after[key] == before[key]
    assert after["versions"] != before["versions"]


def test_new_columns_are_no_renewal(city, make_upload) -> None:
    dataset = city.limit()
    resource = dataset["resources"][0]["id"]
    other = b"kecamatan,penduduk,alamat\nPontianak Kota,1,x\n"
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(other, "b.csv"))
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "renew")
    assert refused.value.error_dict["code"] == ["is_renewal"]


def test_one_act_decides_a_batch_with_a_record_for_each(city, make_upload) -> None:
    good = [city.dataset() for _ in range(3)]
    bad = city.dataset(file=make_upload(NIKS))
    for dataset in (*good, bad):
        city.step("produsen", dataset, "submit")
    opened(city, "walidata", good)
    items = [{"id": d["name"]} for d in (*good, bad)] + [{"id": "tiada"}]
    done = city.act("walidata", "satudata_classification_batch", items=items, transition="approve")
    assert (done["done"], done["refused"]) == (3, 2)
    assert [r["done"] for r in done["results"]] == [True, True, True, False, False]
    assert len({r["receipt"]["entry"] for r in done["results"][:3]}) == 3
    for dataset in good:
        assert city.act(None, "package_show", id=dataset["id"])
    for wrong in ([], "x", [{"id": "a", "lain": 1}], [{"id": "a"}] * 501):
        with refusal_of("items"):
            city.act("walidata", "satudata_classification_batch", items=wrong, transition="approve")


@pytest.mark.ckan_config("ckanext.satudata_pontianak.scan_inline_mb", 0)
def test_a_submit_is_kept_until_the_scan_ends(city) -> None:
    from rq import SimpleWorker

    from ckan.lib import jobs

    queue = jobs.get_queue("default")
    queue.empty()
    dataset = city.dataset()
    waiting = city.step("produsen", dataset, "submit", wait=True)
    assert waiting["scan_pending"]
    assert waiting["case"]["submit_waits"]
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "verification"
    assert shown["case"]["history"][-1]["action"] == "submit"


def test_findings_of_what_is_served_are_shown_and_resolved_without_a_case(
    city, make_upload
) -> None:
    dataset = city.limit(file=make_upload(MAIL), data_pribadi="umum")
    for who in ("walidata", "ppid", "produsen"):
        shown = city.act(who, "satudata_classification_show", id=dataset["id"])
        assert shown["case"] is None
        assert [f["kind"] for f in shown["scans"][0]["findings"]] == ["email"]
    for who in ("produsen_lain", "warga"):
        assert city.act(who, "satudata_classification_show", id=dataset["id"])["scans"] == []
    said = {**finding(city, "ppid", dataset), "resolution": "false_alarm", "reason": WHY}
    done = city.act("ppid", "satudata_finding_resolve", id=dataset["id"], **said)
    assert done["scans"][0]["findings"][0]["resolution"] == "false_alarm"
