"""Asking for data that are not open: who answers, who may not, and what is given."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.records.request_model import (
    AccessRequest,
    RequestStep,
)
from ckanext.satudata_pontianak.ledger.service import entry_table

from ...refusals import refusal_of

PERSONAL = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "umum",
}
SECRET = {**PERSONAL, "tingkat_keamanan": "rahasia", "data_pribadi": "tidak_ada"}


def code(refusal: pytest.ExceptionInfo[tk.ValidationError]) -> str:
    return refusal.value.error_dict["code"][0]


def entries(event: str, dataset: dict) -> list[dict]:
    query = sa.select(entry_table.c.body).where(
        entry_table.c.event == event, entry_table.c.dataset_id == dataset["id"]
    )
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


def test_the_public_is_answered_by_ppid_and_reads_are_recorded_with_the_grant(city, window) -> None:
    dataset = city.limit()
    assert window.status("warga", dataset) == 403
    request = window.ask("warga", dataset)
    assert (request["state"], request["road"]) == ("open", "public")
    for who in ("walidata", "kepala_dinkes", "penetap", "produsen", "warga", "admin"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            window.decide(who, request)
    done = window.decide("ppid", request)
    assert done["state"] == "granted"
    assert window.status("warga", dataset) == 200
    read = entries("data.read", dataset)[-1]
    assert read["detail"]["grant"] == done["grant"]["id"]
    # Others are not let in by it, and a reader by duty needs no grant.
    assert window.status(None, dataset) == 403
    assert window.status("pegawai_dinsos", dataset) == 403
    assert window.status("walidata", dataset) == 200
    assert entries("data.read", dataset)[-1]["detail"]["grant"] is None
    # The page shows the address of the file to whoever has the grant, and to nobody else.
    assert city.act("warga", "package_show", id=dataset["id"])["resources"][0]["url"]
    assert city.act(None, "package_show", id=dataset["id"])["resources"][0]["url"] == ""


@pytest.mark.parametrize("who", ["kepala_dinkes", "walidata"])
def test_an_official_is_answered_by_the_owner_agency_or_walidata(city, window, who) -> None:
    dataset = city.limit()
    request = window.ask("pegawai_dinsos", dataset)
    assert (request["road"], request["agency"]) == ("official", "Dinsos")
    for stranger in ("ppid", "produsen", "penetap"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            window.decide(stranger, request)
    assert window.decide(who, request)["state"] == "granted"
    assert window.status("pegawai_dinsos", dataset) == 200


def test_what_was_given_to_an_official_ends_with_the_office(city, window) -> None:
    dataset = city.limit()
    window.decide("walidata", window.ask("pegawai_dinsos", dataset))
    city.act(
        "admin",
        "organization_member_delete",
        id="dinsos",
        username=city.users["pegawai_dinsos"]["name"],
        nomor_sk="SK/2/2026",
    )
    assert window.status("pegawai_dinsos", dataset) == 403


def test_personal_data_need_two_people_and_an_official(city, window) -> None:
    dataset = city.limit(**PERSONAL)
    public = window.ask("warga", dataset)
    assert public["road"] == "closed"
    with pytest.raises(tk.ValidationError) as refusal:
        window.decide("ppid", public)
    assert code(refusal) == "not_on_this_road"
    request = window.ask("pegawai_dinsos", dataset)
    assert request["road"] == "personal"
    with pytest.raises(tk.NotAuthorized):
        window.decide("penetap", request)
    half = window.decide("ppid", request)
    assert half["state"] == "consent"
    assert window.status("pegawai_dinsos", dataset) == 403
    for who in ("ppid", "ppid_2", "walidata"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            window.decide(who, request)
    done = window.decide("penetap", request)
    assert done["state"] == "granted"
    assert window.status("pegawai_dinsos", dataset) == 200
    (given,) = entries("access_grant.create", dataset)
    people = {city.users["ppid"]["id"], city.users["penetap"]["id"]}
    assert set(given["detail"]["given_by"]) == people


def test_one_person_with_both_duties_acts_once(city, window) -> None:
    dataset = city.limit(**PERSONAL)
    city.join("setda", "ppid", "admin")
    request = window.ask("pegawai_dinsos", dataset)
    window.decide("ppid", request)
    with pytest.raises(tk.NotAuthorized):
        window.decide("ppid", request)
    assert window.decide("penetap", request)["state"] == "granted"


def test_the_second_person_sees_another_decision_and_sends_the_request_back(city, window) -> None:
    dataset = city.limit(recipients=("disdukcapil", "setda"), **PERSONAL)
    request = window.ask("pegawai_dinsos", dataset)
    window.decide("ppid", request)
    decide_anew(city, dataset, ["disdukcapil"])
    with pytest.raises(tk.ValidationError) as refusal:
        window.decide("penetap", request)
    assert code(refusal) == "decision_changed"
    assert window.step("penetap", request, "send_back")["state"] == "open"
    window.decide("ppid", request)
    assert window.decide("penetap", request)["state"] == "granted"


def decide_anew(city, dataset, recipients, **axes) -> None:
    """Have PPID and its superior decide on a dataset again."""
    city.step("ppid", dataset, "reopen", reason="Ditinjau kembali")
    city.step("ppid", dataset, "assess", **city.assess_fields(**axes))
    fields = {"penerima": recipients} if recipients is not None else {}
    city.step("penetap", dataset, "approve", nomor="SK-8/2026", **fields)


def test_a_secret_is_unknown_or_ends_in_a_refusal_or_a_new_case(city, window) -> None:
    dataset = city.limit()
    decide_anew(city, dataset, None, tingkat_keamanan="rahasia")
    with pytest.raises(tk.ObjectNotFound) as unknown:
        window.ask("warga", dataset)
    with pytest.raises(tk.ObjectNotFound) as never:
        window.ask("warga", {"id": "tidak-ada"})
    assert str(unknown.value) == str(never.value)
    request = window.ask("produsen", dataset)
    assert request["road"] == "closed"
    with refusal_of("transition", code="not_on_this_road"):
        window.decide("ppid", request)
    done = window.step("ppid", request, "reopen")
    assert done["state"] == "reopened"
    case = city.act("ppid", "satudata_classification_show", id=dataset["id"])["case"]
    assert case["state"] == "consequence_test"
    assert done["case"] == case["id"]
    again = window.ask("produsen", dataset)
    assert window.step("ppid", again, "reopen")["case"] == case["id"]
    third = window.ask("produsen", dataset)
    assert window.decide("ppid", third, grant=False)["state"] == "refused"


def test_nobody_answers_their_own_request(city, window) -> None:
    dataset = city.limit()
    city.person("dua_jabatan")
    city.join("dinsos", "dua_jabatan", "member")
    city.join("diskominfo", "dua_jabatan", "admin")
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("dua_jabatan", dataset)
    assert code(refusal) == "nothing_closed"  # Walidata has limited data already
    city.join("ppid", "kasir", "member")
    request = window.ask("kasir", dataset)
    city.join("diskominfo", "kasir", "admin")
    with pytest.raises(tk.NotAuthorized, match=r"sendiri|own"):
        window.decide("kasir", request)
    assert window.decide("walidata", request)["state"] == "granted"


def test_break_glass_stands_in_for_a_duty_and_keeps_the_exclusions(city, window) -> None:
    dataset = city.limit()
    request = window.ask("warga", dataset)
    own = window.ask("admin", dataset)
    city.act(
        "admin",
        "satudata_break_glass_start",
        id=dataset["id"],
        duty="ppid",
        reason="PPID berhalangan hari ini",
        until=soon(),
    )
    assert window.decide("admin", request)["state"] == "granted"
    assert entries("access_request.grant", dataset)[-1]["detail"]["break_glass"]
    with pytest.raises(tk.NotAuthorized):
        window.decide("admin", own)


def soon() -> str:
    import datetime as dt

    return (dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)).isoformat()


def test_what_is_open_held_or_undecided_is_not_asked_for(city, window) -> None:
    public = city.publish()
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("warga", public)
    assert code(refusal) == "nothing_closed"
    reason = "Ada temuan baru"
    city.act("walidata", "satudata_hold_create", id=public["id"], scope="data", reason=reason)
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("warga", public)
    assert code(refusal) == "held_back"
    draft = city.dataset()
    with pytest.raises(tk.ObjectNotFound):
        window.ask("warga", draft)
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("walidata", draft)
    assert code(refusal) == "nothing_decided"
    limited = city.limit()
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("pengawas", limited)
    assert code(refusal) == "auditor"
    for who in ("produsen", "staf", "produsen_lain"):
        with pytest.raises(tk.ValidationError) as refusal:
            window.ask(who, limited)
        assert code(refusal) == "nothing_closed"


def test_a_request_is_seen_by_who_asked_who_answers_and_the_auditor(city, window) -> None:
    dataset = city.limit()
    request = window.ask("warga", dataset)
    city.person("warga_lain")
    for who in (None, "warga_lain", "produsen_lain", "staf", "admin"):
        with pytest.raises(tk.ObjectNotFound) as hidden:
            window.show(who, request)
        with pytest.raises(tk.ObjectNotFound) as missing:
            window.show(who, {"id": "tidak-ada"})
        assert str(hidden.value) == str(missing.value)
    for who in ("warga", "ppid", "penetap", "pengawas"):
        assert window.show(who, request)["purpose"]
    assert window.show("pengawas", request)["transitions"] == []
    desk = city.act("ppid", "satudata_access_request_list", desk=True)
    assert [r["id"] for r in desk["results"]] == [request["id"]]
    assert city.act("penetap", "satudata_access_request_list", desk=True)["count"] == 0
    assert city.act("warga", "satudata_access_request_list")["count"] == 1
    assert city.act("warga_lain", "satudata_access_request_list", all=True)["count"] == 0
    assert city.act("pengawas", "satudata_access_request_list", all=True)["count"] == 1
    with pytest.raises(tk.NotAuthorized):
        city.act(None, "satudata_access_request_list")
    # Whoever asked learns which office answered, not which person.
    window.decide("ppid", request, grant=False)
    told = window.show("warga", request)["history"][-1]
    assert told["actor"] is None
    assert told["duty"] == "ppid"
    assert told["reason"]


def test_one_request_at_a_time_for_the_same_data(city, window) -> None:
    dataset = city.limit()
    first = window.ask("warga", dataset)
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("warga", dataset)
    assert code(refusal) == "asked_already"
    assert window.step("warga", first, "withdraw")["state"] == "withdrawn"
    with refusal_of("transition", code="not_from_here"):
        window.step("warga", first, "withdraw")
    assert window.ask("warga", dataset)["state"] == "open"


def test_one_person_cannot_ask_without_end(city, window) -> None:
    dataset = city.limit()
    for _ in range(request_rules().limits.of_one_person_in_a_day):
        window.step("warga", window.ask("warga", dataset), "withdraw")
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("warga", dataset)
    assert code(refusal) == "too_many"


def test_somebody_of_two_agencies_says_for_which_one_they_ask(city, window) -> None:
    dataset = city.limit()
    city.join("inspektorat", "pegawai_dinsos", "member")
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("pegawai_dinsos", dataset)
    assert refusal.value.error_dict["agency"]
    for wrong in ("dinkes", "tidak-ada", 3, "\x00"):
        with pytest.raises(tk.ValidationError) as refusal:
            window.ask("pegawai_dinsos", dataset, agency=wrong)
        assert refusal.value.error_dict["agency"]
    assert window.ask("pegawai_dinsos", dataset, agency="dinsos")["agency"] == "Dinsos"


HUGE = "x" * 100_000
BAD = [
    ("purpose", None),
    ("purpose", ""),
    ("purpose", "singkat"),
    ("purpose", HUGE),
    ("purpose", "tujuan dengan \x00 di dalamnya yang panjang"),
    ("purpose", "tujuan dengan \ud800 di dalamnya yang panjang"),
    ("purpose", ["daftar"] * 30),
    ("purpose", {"a": 1}),
    ("until", None),
    ("until", "besok"),
    ("until", "2020-01-01"),
    ("until", "9999-12-31"),
    ("until", 20261231),
    ("until", "2026-12-31\x00"),
    ("scope", "semua"),
    ("scope", []),
    ("scope", ["tidak-ada"]),
    ("scope", [None]),
    ("scope", [{}]),
    ("scope", ["x\x00"]),
    ("scope", [HUGE]),
    ("scope", ["x"] * 5000),
    ("email", "warga@contoh.id"),
]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_bad_input_is_said_at_its_field_and_writes_nothing(city, window, field, value) -> None:
    dataset = city.limit()
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask("warga", dataset, **{field: value})
    assert list(refusal.value.error_dict) == [field]
    assert model.Session.query(AccessRequest).count() == 0
    assert model.Session.query(RequestStep).count() == 0
    assert entries("access_request.create", dataset) == []


@pytest.mark.parametrize("value", [None, "", 3, [], "\x00", "\ud800", HUGE, "tidak-ada"])
def test_an_id_that_is_none_is_refused_over_http(city, app, value) -> None:
    city.limit()
    for action, key in (
        ("satudata_access_request_create", "id"),
        ("satudata_access_request_show", "request"),
        ("satudata_access_request_confirm", "token"),
        ("satudata_access_request_show", "token"),
        ("satudata_access_grant_revoke", "grant"),
        ("satudata_access_grant_claim", "token"),
        ("satudata_access_grant_list", "id"),
        ("satudata_access_request_list", "state"),
    ):
        answer = app.post(
            f"/api/3/action/{action}",
            json={key: value, "reason": "Alasan yang panjang"},
            headers=city.token("warga"),
            status=None,
        )
        assert answer.status_code in (200, 403, 404, 409, 422), (action, value, answer.body[:300])
        if answer.status_code == 200:
            assert action.endswith("_list")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "pendek"}, "reason"),
        ({"reason": HUGE}, "reason"),
        ({"reason": "alasan \x00 dengan nol"}, "reason"),
        ({"reason": ["alasan"]}, "reason"),
        ({"until": "kapan-kapan"}, "until"),
        ({"until": "2999-01-01"}, "until"),
        ({"scope": ["lain"]}, "scope"),
        ({"scope": {"a": 1}}, "scope"),
        ({"grant": "mungkin"}, "grant"),
        ({"grant": None}, "grant"),
    ],
)
def test_a_bad_answer_is_said_at_its_field(city, window, fields, wrong) -> None:
    dataset = city.limit()
    request = window.ask("warga", dataset, scope=[dataset["resources"][0]["id"]])
    with pytest.raises(tk.ValidationError) as refusal:
        window.decide("ppid", request, **fields)
    assert list(refusal.value.error_dict) == [wrong]
    assert window.show("warga", request)["state"] == "open"
