"""Deadlines, silence, extension, objection, and what the clock writes down."""

from __future__ import annotations

import datetime as dt

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import requests
from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest

from ...refusals import refusal_of

PERSONAL = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "umum",
}


def code(refusal: pytest.ExceptionInfo[tk.ValidationError]) -> str:
    return refusal.value.error_dict["code"][0]


def make_late(request: dict) -> None:
    """Let the deadline of a request have passed yesterday."""
    row = model.Session.get(AccessRequest, request["id"])
    row.due = days.today() - dt.timedelta(days=1)
    model.Session.commit()


def test_silence_is_marked_once_told_and_objected_to(city, window, relay) -> None:
    request = window.ask("warga", city.limit())
    with pytest.raises(tk.ValidationError) as refusal:
        window.step("warga", request, "object")
    assert code(refusal) == "not_overdue"
    assert requests.run() == []
    make_late(request)
    relay.deliver()
    assert [m.what for m in requests.run()] == ["overdue"]
    assert requests.run() == []
    told = {to for to, _, _ in relay.deliver()}
    assert city.users["warga"]["email"] in told
    shown = window.show("warga", request)
    assert shown["overdue"] is True
    assert "object" in [t["name"] for t in shown["transitions"]]
    objected = window.step("warga", request, "object")
    assert (objected["state"], objected["overdue"]) == ("objection", False)
    assert objected["due"] > days.today().isoformat()
    for who in ("ppid", "walidata"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            window.decide(who, request)
    assert window.decide("penetap", request)["state"] == "granted"


def test_a_late_answer_is_still_an_answer(city, window) -> None:
    request = window.ask("warga", city.limit())
    make_late(request)
    assert window.decide("ppid", request)["state"] == "granted"


def test_the_deadline_is_extended_once_before_it_has_passed(city, window, relay) -> None:
    request = window.ask("warga", city.limit())
    relay.deliver()
    extended = window.step("ppid", request, "extend")
    assert extended["due"] > request["due"]
    assert [to for to, _, _ in relay.deliver()] == [city.users["warga"]["email"]]
    with pytest.raises(tk.ValidationError) as refusal:
        window.step("ppid", request, "extend")
    assert code(refusal) == "extended_already"
    other = window.ask("warga", city.limit())
    make_late(other)
    with pytest.raises(tk.ValidationError) as refusal:
        window.step("ppid", other, "extend")
    assert code(refusal) == "deadline_passed"


def test_an_objection_that_is_rejected_is_the_end_here(city, window) -> None:
    request = window.ask("warga", city.limit())
    window.decide("ppid", request, grant=False)
    window.step("warga", request, "object")
    assert window.decide("penetap", request, grant=False)["state"] == "rejected"
    for act in ("object", "withdraw"):
        with refusal_of("transition", code="not_from_here"):
            window.step("warga", request, act)


def test_nobody_else_objects_or_withdraws(city, window) -> None:
    request = window.ask("warga", city.limit())
    window.decide("ppid", request, grant=False)
    for who in ("ppid", "penetap"):
        with pytest.raises(tk.NotAuthorized):
            window.step(who, request, "object")
    with pytest.raises(tk.ObjectNotFound):
        window.step("produsen_lain", request, "object")
    with pytest.raises(tk.ObjectNotFound):
        window.step(None, request, "object")


def test_an_upheld_objection_to_personal_data_is_carried_out_by_a_second_person(
    city, window
) -> None:
    dataset = city.limit(**PERSONAL)
    request = window.ask("pegawai_dinsos", dataset)
    window.decide("ppid", request, grant=False)
    window.step("pegawai_dinsos", request, "object")
    assert window.decide("penetap", request)["state"] == "execution"
    assert window.status("pegawai_dinsos", dataset) == 403
    with pytest.raises(tk.NotAuthorized):
        window.decide("penetap", request)
    assert window.decide("ppid_2", request)["state"] == "granted"
    assert window.status("pegawai_dinsos", dataset) == 200


def test_who_answered_does_not_judge_the_objection(city, window) -> None:
    dataset = city.limit(**PERSONAL)
    request = window.ask("pegawai_dinsos", dataset)
    window.decide("ppid", request)
    window.decide("penetap", request, grant=False)
    window.step("pegawai_dinsos", request, "object")
    with pytest.raises(tk.NotAuthorized):
        window.decide("penetap", request)
    city.person("plh")
    today = days.today().isoformat()
    city.act(
        "admin",
        "satudata_delegation_create",
        organization="setda",
        user=city.users["plh"]["name"],
        **{"from": today, "until": today},
        nomor_sk="SK/9/2026",
    )
    assert window.decide("plh", request, grant=False)["state"] == "rejected"


def test_what_has_become_open_settles_the_request(city, window, relay) -> None:
    dataset = city.limit()
    request = window.ask("warga", dataset)
    city.step("ppid", dataset, "reopen", reason="Ditinjau kembali")
    city.step(
        "ppid",
        dataset,
        "declare_open",
        alasan="Tidak ada lagi alasan",
        dasar_hukum="UU 14/2008 Pasal 2",
        jenis_informasi="berkala",
        tingkat_keamanan="biasa",
    )
    city.step("penetap", dataset, "approve")
    with pytest.raises(tk.ValidationError) as refusal:
        window.decide("ppid", request)
    assert code(refusal) == "not_on_this_road"
    assert [m.what for m in requests.run()] == ["settled"]
    assert window.show("warga", request)["state"] == "settled"


def test_the_command_runs_the_clock(city, window, cli) -> None:
    from ckan.cli.cli import ckan

    request = window.ask("warga", city.limit())
    make_late(request)
    done = cli.invoke(ckan, ["satudata", "clock"])
    assert done.exit_code == 0, done.output
    assert f"{request['id']}: overdue" in done.output
