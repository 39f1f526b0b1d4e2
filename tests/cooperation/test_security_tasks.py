"""A part of a task of the security calendar goes to another agency; the task stays where it is."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.smki import tasks
from ckanext.satudata_pontianak.smki.records.model import SmkiTask

from ..refusals import refusal_of

KIND, DRILL = "apps_check", "continuity_drill"
LABEL = "Periksa apakah setiap aplikasi Jepin dapat dibuka dan mutakhir"
TEXT = "Mohon diperiksa apakah aplikasi antrean masih dipakai."
SAID = "Masih dipakai setiap hari kerja."
NOTE = "Semua aplikasi diperiksa dan dapat dibuka."


@pytest.fixture
def row(city) -> SmkiTask:
    return handed_out(KIND)


def handed_out(kind: str) -> SmkiTask:
    tasks.hand_out()
    return model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == kind)).one()


def hand(city, row, who="walidata", to="disdukcapil", **asked):
    given = {"agency": city.orgs[to]["name"], "text": TEXT, **asked}
    return city.act(who, "satudata_agency_task_create", security_task=row.number, **given)


def step(city, who, made, name, **asked):
    return city.act(who, "satudata_agency_task_step", task=made["number"], step=name, **asked)


def show(city, who, row):
    return city.act(who, "satudata_smki_task_show", task=row.number)


def lay(city, role, user):
    named = {"nomor_sk": "SK/9/2026", "from": days.today().isoformat()}
    person = city.person(user)["name"]
    return city.act("walidata", "satudata_smki_role_create", role=role, user=person, **named)


def test_the_answer_stands_at_the_task_which_stays_with_its_owner(city, row) -> None:
    before = show(city, "walidata", row)
    assert (before["hands_on"], before["handed"]) == (True, [])
    made = hand(city, row)
    assert (made["subject"], made["text"], made["security_task"]) == (LABEL, TEXT, row.number)
    theirs = city.act("produsen_lain", "satudata_agency_task_show", task=made["number"])
    assert (theirs["subject"], theirs["text"], theirs["security_task"]) == (LABEL, TEXT, None)
    assert row.id not in json.dumps(theirs)
    for asked in (row.number, 999999):
        with pytest.raises(tk.NotAuthorized):
            city.act("produsen_lain", "satudata_smki_task_show", task=asked)
    step(city, "produsen_lain", made, "answer", text=SAID)
    for who, number in (("walidata", made["number"]), ("pengawas", None)):
        after = show(city, who, row)
        (each,) = after["handed"]
        assert (each["number"], each["answer"]) == (number, SAID)
        assert each["agency"] == city.orgs["disdukcapil"]["title"]
        assert (after["state"], after["user"]) == ("open", before["user"])
    done = {"result": "in_order", "note": NOTE}
    city.act("walidata", "satudata_smki_task_do", task=row.number, **done)
    assert show(city, "walidata", row)["hands_on"] is False
    with refusal_of(""):
        hand(city, row, to="dinkes")


def test_who_may_not_do_it_hands_nothing_on_and_learns_nothing(city, row) -> None:
    with refusal_of(""):
        hand(city, row, "pengawas")
    assert show(city, "pengawas", row)["hands_on"] is False
    said = set()
    whole = {"agency": city.orgs["disdukcapil"]["name"], "text": TEXT}
    for number in (row.number, 999999):
        with pytest.raises(tk.ObjectNotFound) as refused:
            city.act("produsen", "satudata_agency_task_create", security_task=number, **whole)
        said.add(str(refused.value))
    assert len(said) == 1
    with refusal_of(""):
        hand(city, handed_out("published_look"))
    assert city.act("walidata", "satudata_agency_task_list")["count"] == 0


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("text", {"text": ""}),
        ("text", {"text": "NIK 6171012501900001 disebut."}),
        ("agency", {"agency": "tidak-ada"}),
        ("agency", {"agency": "diskominfo"}),
        ("sender", {"sender": "dinkes"}),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(city, row, field, asked) -> None:
    given = {key: city.orgs[v]["name"] if v in city.orgs else v for key, v in asked.items()}
    with refusal_of(field):
        hand(city, row, **given)
    assert show(city, "walidata", row)["handed"] == []


def test_neither_side_reads_of_what_it_may_not_know(city, row) -> None:
    hidden = city.dataset(title="Pasien rumah sakit jiwa", name="pasien-rumah-sakit-jiwa")
    with refusal_of("text"):
        hand(city, row, text=f"Mohon periksa aplikasi dari {hidden['title']}.")
    open_ = city.publish(title="Jumlah puskesmas kota", name="jumlah-puskesmas-kota")
    made = hand(city, row)
    step(city, "produsen_lain", made, "answer", text=f"Sudah kami periksa: {open_['title']}.")
    lay(city, "operator", "pegawai_dinsos")
    assert open_["title"] in show(city, "pegawai_dinsos", row)["handed"][0]["answer"]
    reason = "Ada data yang salah di dalamnya."
    city.act("walidata", "satudata_hold_create", id=open_["id"], scope="all", reason=reason)
    (each,) = show(city, "pegawai_dinsos", row)["handed"]
    assert (each["answer"], bool(each["answered"])) == (None, True)
    assert open_["title"] in show(city, "walidata", row)["handed"][0]["answer"]


def test_who_carries_a_role_without_an_agency_hands_on_for_the_one_that_leads(city) -> None:
    lay(city, "operator", "warga")
    drill = handed_out(DRILL)
    made = hand(city, drill, "warga")
    assert made["sender"]["name"] == city.orgs["diskominfo"]["name"]
    assert city.act("warga", "satudata_agency_task_list")["count"] == 1
    step(city, "produsen_lain", made, "answer", text=SAID)
    assert step(city, "warga", made, "close", text="Terima kasih atas jawabannya.")["may"] == []


def test_it_goes_its_way_by_pages(city, app, row) -> None:
    address, mine = f"/satudata/keamanan/tugas/{row.number}", city.token("walidata")
    sent = {"act": "hand", "agency": city.orgs["disdukcapil"]["name"], "text": TEXT}
    assert 'value="hand"' in app.get(address, headers=mine).body
    assert 'value="hand"' not in app.get(address, headers=city.token("pengawas")).body
    assert app.post(address, headers=city.token("pengawas"), data=sent).status_code == 403
    assert app.post(address, headers=mine, data={**sent, "text": ""}).status_code == 422
    made = app.post(address, headers=mine, data=sent, follow_redirects=False)
    assert (made.status_code, made.headers["Location"].endswith(address)) == (302, True)
    number = show(city, "walidata", row)["handed"][0]["number"]
    there = f"/satudata/kerja-sama/tugas/{number}"
    theirs = city.token("produsen_lain")
    page = app.get(there, headers=theirs).body
    assert LABEL in page
    assert address not in page
    assert address in app.get(there, headers=mine).body
    app.post(there, headers=theirs, data={"act": "answer", "text": SAID})
    assert SAID in app.get(address, headers=mine).body
