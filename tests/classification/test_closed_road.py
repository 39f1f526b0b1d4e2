"""The road of what is not open, with four people, and the way back."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ..refusals import refusal_of

LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
SECRET = {**LIMITED, "tingkat_keamanan": "rahasia"}
OPEN = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
EVERYBODY = (
    "produsen",
    "produsen_lain",
    "kepala_dinkes",
    "staf",
    "walidata",
    "ppid",
    "penetap",
    "pengawas",
    "warga",
    "admin",
)


def refused_for_all_but(city, allowed: set[str], dataset, name: str, **fields) -> None:
    """Everybody else is refused, and the case stays where it is."""
    before = city.act("pengawas", "satudata_classification_show", id=dataset["id"])["case"]
    for who in EVERYBODY:
        if who not in allowed:
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                city.step(who, dataset, name, **fields)
    with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
        city.step(None, dataset, name, **fields)
    after = city.act("pengawas", "satudata_classification_show", id=dataset["id"])["case"]
    assert after["state"] == before["state"]
    assert len(after["history"]) == len(before["history"])


def test_the_closed_road_needs_four_people_and_refuses_everybody_else(city, app) -> None:
    dataset = city.dataset(**LIMITED)
    refused_for_all_but(city, {"produsen", "kepala_dinkes"}, dataset, "submit")
    city.step("produsen", dataset, "submit")
    refused_for_all_but(city, {"walidata", "walidata_2"}, dataset, "refer", catatan="uji")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    fields = city.assess_fields()
    refused_for_all_but(city, {"ppid", "ppid_2"}, dataset, "assess", **fields)
    city.step("ppid", dataset, "assess", **fields)
    final = {"nomor": "SK-7/2026", "penerima": ["disdukcapil"]}
    refused_for_all_but(city, {"penetap"}, dataset, "approve", **final)
    done = city.step("penetap", dataset, "approve", **final)
    assert done["decision"]["level"] == "terbatas"
    assert done["decision"]["number"] == "SK-7/2026"
    assert done["decision"]["recipients"] == ["disdukcapil"]
    assert done["receipt"]["entry"] > 0

    public = city.act(None, "package_show", id=dataset["id"])
    assert public["title"] == dataset["title"]
    (resource,) = public["resources"]
    assert set(resource) <= {
        "id", "package_id", "name", "description", "format", "position", "created", "state", "url",
    }  # fmt: skip
    assert resource["url"] == ""

    url = f"/dataset/{dataset['id']}/resource/{resource['id']}/download/penduduk.csv"
    allowed = {"produsen_lain", "staf", "produsen", "walidata", "ppid", "kepala_dinkes"}
    for who in ("produsen_lain", "staf", "produsen", "walidata", "ppid", "kepala_dinkes",
                "pegawai_dinsos", "penetap", "pengawas", "warga", "admin"):  # fmt: skip
        answer = app.get(url, headers=city.token(who), status=None)
        assert answer.status_code == (200 if who in allowed else 403), who
    assert app.get(url, status=403)


def test_walidata_alone_cannot_open_what_ppid_closed(city) -> None:
    dataset = city.limit()
    city.act("produsen", "package_patch", id=dataset["id"], **OPEN)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "draft"
    assert shown["case"]["reason"] == "changed_axes"
    assert shown["decision"]["level"] == "terbatas"
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve")
    assert refused.value.error_dict["code"] == ["decision_open_or_none"]
    city.step("walidata_2", dataset, "refer", catatan="uji kembali")
    city.step(
        "ppid", dataset, "declare_open", alasan="Tidak lagi dikecualikan", dasar_hukum="UU 14/2008"
    )
    assert city.act("warga", "package_show", id=dataset["id"])["resources"][0]["url"] == ""
    done = city.step("penetap", dataset, "approve")
    assert done["decision"]["level"] == "biasa"
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["resources"][0]["url"].endswith("/penduduk.csv")


@pytest.mark.parametrize(
    "way_back",
    [
        [("walidata_2", "return", {"catatan": "x"}, "ppid")],
        [],
    ],
    ids=["withdrawn", "plain"],
)
def test_a_referral_without_conclusion_keeps_walidata_from_opening(city, way_back) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "return", catatan="perbaiki")
    if way_back:
        city.step("produsen", dataset, "withdraw")
        city.act("produsen", "package_patch", id=dataset["id"], data_pribadi="dianonimkan")
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata_2", dataset, "approve")
    assert refused.value.error_dict["code"] == ["no_unconcluded_referral"]


def test_ppid_may_let_walidata_go_on(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "return", catatan="tidak perlu uji", lanjut="walidata")
    city.step("produsen", dataset, "submit")
    assert city.step("walidata", dataset, "approve")["decision"]["level"] == "biasa"


def test_a_second_person_of_the_same_duty_is_needed_where_one_took_part_before(city) -> None:
    city.join("dinkes", "walidata", "editor")
    dataset = city.dataset("walidata")
    city.step("walidata", dataset, "submit")
    with pytest.raises(tk.NotAuthorized, match=r"Orang lain|Another person"):
        city.step("walidata", dataset, "approve")
    assert city.step("walidata_2", dataset, "approve")["decision"]["level"] == "biasa"


def test_whoever_changed_the_bytes_is_a_proposer(city, make_upload) -> None:
    city.join("dinkes", "walidata", "editor")
    dataset = city.dataset("produsen")
    resource = dataset["resources"][0]
    city.act("walidata", "resource_patch", id=resource["id"], upload=make_upload(b"a,b\n1,2\n"))
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.NotAuthorized):
        city.step("walidata", dataset, "approve")


def test_a_secret_proposal_takes_no_file_and_is_found_by_nobody_outside(city, make_upload) -> None:
    dataset = city.dataset(file=False, **SECRET)
    with pytest.raises(tk.ValidationError) as refused:
        city.act(
            "produsen", "resource_create", package_id=dataset["id"], upload=make_upload(), name="x"
        )
    assert "upload" in refused.value.error_dict
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    done = city.step("penetap", dataset, "approve", nomor="SK-8/2026")
    assert done["decision"] is None or done["decision"]["level"] == "rahasia"
    for who in (None, "warga", "produsen_lain", "staf", "penetap"):
        with pytest.raises(tk.ObjectNotFound):
            city.act(who, "package_show", id=dataset["id"])
    assert city.act("produsen", "package_show", id=dataset["id"])["tingkat_keamanan"] == "rahasia"
    assert city.act("pengawas", "package_show", id=dataset["id"])


def test_closing_what_was_open_seals_its_files(city, app) -> None:
    dataset = city.publish()
    url = dataset["resources"][0]["url"]
    city.act("produsen", "package_patch", id=dataset["id"], **SECRET)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    assert app.get(url, status=200)
    city.step("penetap", dataset, "approve", nomor="SK-9/2026")
    assert app.get(url, status=404)
    for who in ("produsen", "ppid", "walidata", "admin"):
        assert app.get(url, headers=city.token(who), status=None).status_code in (403, 404)


def test_every_agency_may_be_named_but_not_for_personal_data(city, app) -> None:
    dataset = city.limit(recipients=["semua_perangkat_daerah"])
    shown = city.act("pegawai_dinsos", "package_show", id=dataset["id"])
    assert shown["resources"][0]["url"]
    assert city.act("warga", "package_show", id=dataset["id"])["resources"][0]["url"] == ""
    with refusal_of("penerima"):
        city.limit(recipients=["semua_perangkat_daerah"], data_pribadi="umum")
