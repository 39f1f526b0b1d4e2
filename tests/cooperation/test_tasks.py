"""A task goes from agency to agency; no name of a dataset crosses to who may not know of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki.cooperation import handed
from ckanext.satudata_pontianak.smki.records.cooperation_model import AgencyTask
from ckanext.satudata_pontianak.smki.rules.cooperation import cooperation

from ..refusals import refusal_of
from ..smki.lines import at_once

SUBJECT = "Kode wilayah puskesmas"
TEXT = "Mohon daftar kode wilayah puskesmas terbaru untuk pemutakhiran."
SAID = "Daftar sudah dikirim lewat surat dinas."
HOME = "/satudata/kerja-sama"


def whole(city, agency="disdukcapil"):
    return {"agency": city.orgs[agency]["name"], "subject": SUBJECT, "text": TEXT}


def hand(city, who="produsen", agency="disdukcapil", **asked):
    return city.act(who, "satudata_agency_task_create", **{**whole(city, agency), **asked})


def step(city, who, row, name, **asked):
    return city.act(who, "satudata_agency_task_step", task=row["number"], step=name, **asked)


def show(city, who, row):
    return city.act(who, "satudata_agency_task_show", task=row["number"])


def told(kind: str) -> set[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(query.where(Notice.kind == kind)))


def late(row, days_ago: int) -> None:
    due = days.today() - dt.timedelta(days=days_ago)
    model.Session.execute(sa.update(AgencyTask).where(AgencyTask.id == row["id"]).values(due=due))
    model.Session.commit()


def test_a_task_is_taken_answered_asked_for_again_and_closed(city) -> None:
    row = hand(city)
    owed = cooperation().tasks.answered_within_days
    assert row["due"] == deadlines.add_working_days(days.today(), owed).isoformat()
    assert (row["state"], row["waits_for"]["name"]) == ("handed", city.orgs["disdukcapil"]["name"])
    assert told("agency_task") == {city.users["produsen_lain"]["name"]}
    assert [s["name"] for s in row["may"]] == ["close", "note"]
    assert [s["name"] for s in show(city, "produsen_lain", row)["may"]] == [
        "take",
        "send_back",
        "answer",
        "note",
    ]
    assert step(city, "produsen_lain", row, "take")["state"] == "taken"
    assert step(city, "produsen_lain", row, "answer", text=SAID)["state"] == "answered"
    assert told("agency_task") >= {city.users["produsen"]["name"], city.users["produsen_2"]["name"]}
    again = step(city, "produsen", row, "ask_again", text="Kode kelurahan belum ada di daftar.")
    assert again["state"] == "taken"
    step(city, "produsen_lain", row, "answer", text=SAID)
    done = step(city, "produsen_2", row, "close", text="Terima kasih, daftar sudah lengkap.")
    assert (done["state"], done["may"], done["receipt"]["entry"] > 0) == ("closed", [], True)
    assert [s["step"] for s in done["steps"]] == [
        "hand",
        "take",
        "answer",
        "ask_again",
        "answer",
        "close",
    ]


def test_what_comes_back_goes_to_another_agency(city) -> None:
    row = hand(city)
    with refusal_of("text"):
        step(city, "produsen_lain", row, "send_back")
    back = step(city, "produsen_lain", row, "send_back", text="Bukan urusan kami, tanya Dinsos.")
    assert back["waits_for"]["name"] == city.orgs["dinkes"]["name"]
    for agency in ("disdukcapil", "dinkes"):
        with refusal_of("agency"):
            step(city, "produsen", row, "hand_on", text=TEXT, agency=city.orgs[agency]["name"])
    city.join("dinsos", "produsen_dinsos", "editor")
    on = step(city, "produsen", row, "hand_on", text=TEXT, agency=city.orgs["dinsos"]["name"])
    assert (on["state"], on["receiver"]["name"]) == ("handed", city.orgs["dinsos"]["name"])
    with pytest.raises(tk.ObjectNotFound):
        show(city, "produsen_lain", row)
    assert [s["step"] for s in show(city, "produsen_dinsos", row)["steps"]] == [
        "hand",
        "send_back",
        "hand_on",
    ]


def test_members_see_it_publishers_act_and_others_get_the_answer_of_an_unknown_one(city) -> None:
    row = hand(city)
    assert show(city, "staf", row)["may"] == []
    assert show(city, "walidata", row)["may"] == []
    with refusal_of(""):
        step(city, "staf", row, "close", text=SAID)
    with refusal_of(""):
        step(city, "produsen", row, "take")
    for who in ("pegawai_dinsos", "ppid"):
        said = []
        for asked in (row["number"], 999999):
            with pytest.raises(tk.ObjectNotFound) as refused:
                city.act(who, "satudata_agency_task_show", task=asked)
            said.append(str(refused.value))
        assert said[0] == said[1]
        assert city.act(who, "satudata_agency_task_list")["count"] == 0
    for who in (None, "warga"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_agency_task_list")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"agency": ""}, "agency"),
        ({"agency": "tidak-ada"}, "agency"),
        ({"agency": "dinkes"}, "agency"),
        ({"sender": "disdukcapil"}, "sender"),
        ({"subject": "pendek"}, "subject"),
        ({"subject": "x" * 151}, "subject"),
        ({"text": ""}, "text"),
        ({"text": "NIK 6171012501900001 disebut."}, "text"),
    ],
)
def test_a_task_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    given = {k: city.orgs[v]["name"] if v in city.orgs else v for k, v in asked.items()}
    with refusal_of(field):
        city.act("produsen", "satudata_agency_task_create", **{**whole(city), **given})
    assert city.act("walidata", "satudata_agency_task_list")["count"] == 0


def test_who_brings_no_data_hands_nothing_over(city) -> None:
    for who in ("staf", "pegawai_dinsos"):
        with refusal_of("sender"):
            hand(city, who)


def test_four_who_send_the_same_at_once_hand_it_over_once(city, app) -> None:
    sent, header = whole(city), city.token("produsen")
    assert at_once(app, header, "satudata_agency_task_create", sent) == [200, 409, 409, 409]


def test_the_name_of_a_hidden_dataset_does_not_cross(city) -> None:
    hidden = city.dataset(title="Pasien rumah sakit jiwa", name="pasien-rumah-sakit-jiwa")
    for words in (hidden["title"], hidden["title"].upper(), hidden["name"], hidden["id"]):
        with refusal_of("text"):
            hand(city, text=f"Mohon kode wilayah untuk {words} tahun ini.")
    with refusal_of("text"):
        hand(city, subject=f"Tentang {hidden['title']}"[:100])
    # Who may not know of it either tells nothing by writing such words, and learns nothing.
    other = hand(city, "produsen_lain", "dinsos", text=f"Apakah ada {hidden['title']} di sini?")
    assert hidden["title"] in show(city, "pegawai_dinsos", other)["text"]
    row = hand(city)
    with refusal_of("text"):
        step(city, "produsen", row, "note", text=f"Ini untuk {hidden['title']}.")
    step(city, "produsen", row, "note", text=f"Ini untuk {hidden['title']}.", id=hidden["name"])
    mine = show(city, "produsen_2", row)["steps"]
    assert [(s["step"], (s["dataset"] or {}).get("name")) for s in mine] == [
        ("hand", None),
        ("note", hidden["name"]),
    ]
    theirs = show(city, "produsen_lain", row)
    assert [s["step"] for s in theirs["steps"]] == ["hand"]
    assert hidden["title"] not in str(theirs)
    with pytest.raises(tk.ObjectNotFound):
        step(city, "produsen_lain", row, "note", text=SAID, id=hidden["name"])


def test_what_is_hidden_later_is_taken_out_of_what_stands(city) -> None:
    open_ = city.publish(title="Jumlah puskesmas kota", name="jumlah-puskesmas-kota")
    row = hand(city, text=f"Mohon periksa {open_['title']} sekali lagi.")
    step(city, "produsen_lain", row, "answer", text=f"Sudah kami periksa: {open_['title']}.")
    step(city, "produsen_lain", row, "note", text="Ada catatan kecil.", id=open_["name"])
    city.act("walidata", "satudata_hold_create", id=open_["id"], scope="all", reason=SAID)
    theirs = show(city, "produsen_lain", row)
    if open_["title"] in str(city.act(None, "package_search", q="puskesmas")):
        raise AssertionError("the hold hides nothing")
    assert open_["title"] not in str(theirs)
    assert theirs["text"] is None
    assert [(s["step"], s["text"]) for s in theirs["steps"]] == [("hand", None), ("answer", None)]
    assert open_["title"] in show(city, "produsen", row)["text"]


def test_it_is_told_of_when_it_is_late_and_rises_once(city) -> None:
    row = hand(city)
    late(row, 2)
    handed.remind()
    assert told("agency_task_late") == {city.users["produsen_lain"]["name"]}
    assert show(city, "produsen", row)["risen"] is None
    late(row, 20)
    assert handed.remind()[1] == 1
    assert handed.remind() == (0, 0)
    assert show(city, "produsen", row)["risen"] == days.today().isoformat()
    assert city.users["walidata"]["name"] in told("agency_task_late")
    answered = step(city, "produsen_lain", row, "answer", text=SAID)
    assert (answered["risen"], answered["late"]) == (None, False)


def test_the_ledger_holds_that_it_was_done_and_no_word_of_it(city) -> None:
    hidden = city.dataset()
    row = hand(city)
    step(city, "produsen", row, "note", text=SAID, id=hidden["name"])
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("cooperation."))
    texts = model.Session.scalars(query.order_by(entry_table.c.id)).all()[-2:]
    assert [json.loads(text)["event"] for text in texts] == [
        "cooperation.task_hand",
        "cooperation.task_note",
    ]
    assert hidden["id"] in texts[1]
    assert not any(word in text for text in texts for word in (SUBJECT, TEXT, SAID))


def test_it_goes_its_way_by_pages(city, app) -> None:
    mine, theirs = city.token("produsen"), city.token("produsen_lain")
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    sent = {"sender": city.orgs["dinkes"]["name"], **whole(city)}
    assert app.post(HOME, headers=city.token("staf"), data=sent).status_code == 403
    assert app.post(HOME, headers=mine, data={**sent, "text": ""}).status_code == 422
    made = app.post(HOME, headers=mine, data=sent, follow_redirects=False)
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    assert SUBJECT in app.get(HOME, headers=theirs).body
    assert TEXT in app.get(address, headers=theirs).body
    assert app.post(address, headers=mine, data={"act": "take"}).status_code == 403
    assert app.post(address, headers=theirs, data={"act": "answer"}).status_code == 422
    wrong = {"act": "note", "text": SAID, "id": "tiada-sama-sekali"}
    assert app.post(address, headers=theirs, data=wrong).status_code == 422
    sent = {"act": "answer", "text": SAID}
    assert app.post(address, headers=theirs, data=sent, follow_redirects=False).status_code == 302
    assert SAID in app.get(address, headers=mine).body
    assert app.get(address, headers=city.token("pegawai_dinsos")).status_code == 404


def test_the_name_of_what_is_only_counted_does_not_cross_either(city) -> None:
    sealed = city.seal("sangat_rahasia")
    assert city.act("kepala_dinkes", "package_show", id=sealed["id"])
    for words in (sealed["title"], sealed["name"]):
        with refusal_of("text"):
            hand(city, "kepala_dinkes", text=f"Mohon kode wilayah untuk {words} tahun ini.")


def test_where_an_agency_is_gone_walidata_stands_in_its_place(city) -> None:
    row = hand(city)
    step(city, "produsen_lain", row, "answer", text=SAID)
    assert [s["name"] for s in show(city, "walidata", row)["may"]] == []
    model.Group.get(city.orgs["dinkes"]["id"]).state = "deleted"
    model.Session.commit()
    assert step(city, "walidata", row, "close", text=SAID)["state"] == "closed"


def test_a_note_is_told_to_who_may_know_of_its_dataset_and_to_nobody_else(city) -> None:
    row, hidden = hand(city), city.dataset(title="Pasien rumah sakit jiwa")
    model.Session.execute(sa.delete(Notice))
    step(city, "produsen", row, "note", text=SAID, id=hidden["name"])
    assert told("agency_task") == set()
    open_ = city.publish()
    step(city, "produsen", row, "note", text=SAID, id=open_["name"])
    assert told("agency_task") == {city.users["produsen_lain"]["name"]}
