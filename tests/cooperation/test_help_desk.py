"""A question is answered in time and may become a text of help; none names what is hidden."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki.cooperation import help_desk, offices
from ckanext.satudata_pontianak.smki.records.help_model import Question
from ckanext.satudata_pontianak.smki.rules.help_desk import help_desk as definition

from ..refusals import refusal_of
from ..smki.lines import at_once
from .test_tasks import told

SUBJECT = "Kapan usulan boleh ditarik?"
TEXT = "Sampai kapan usulan klasifikasi masih boleh ditarik kembali oleh pengusul?"
ANSWER = "Usulan boleh ditarik kembali sampai Walidata mulai memeriksanya."
TITLE = "Menarik usulan kembali"
HELP = "Buka meja Anda, pilih usulan, lalu tarik kembali sebelum diperiksa."
HOME = "/satudata/bantuan"
ASKED = f"{HOME}/pertanyaan"
WHOLE = {"topic": "produsen_data", "subject": SUBJECT, "text": TEXT}


def ask(city, who="staf", **asked):
    return city.act(who, "satudata_question_create", **{**WHOLE, **asked})


def answer(city, row, who="walidata", text=ANSWER):
    return city.act(who, "satudata_question_answer", question=row["number"], text=text)


def accept(city, row, who="walidata", **asked):
    given = {"topic": "produsen_data", "title": TITLE, "text": HELP, **asked}
    return city.act(who, "satudata_question_accept", question=row["number"], **given)


def withdraw(city, row, who="walidata"):
    return city.act(who, "satudata_help_withdraw", question=row["number"])


def show(city, who, row):
    return city.act(who, "satudata_question_show", question=row["number"])


def texts(city, who="pegawai_dinsos", **asked):
    return city.act(who, "satudata_help_list", **asked)


def late(row, days_ago: int) -> None:
    due = days.today() - dt.timedelta(days=days_ago)
    model.Session.execute(sa.update(Question).where(Question.id == row["id"]).values(due=due))
    model.Session.commit()


def test_a_question_becomes_an_answer_and_the_answer_a_text_of_help(city) -> None:
    row = ask(city, address="/satudata/meja?q=x")
    owed = definition().days.answered_within_days
    assert row["due"] == deadlines.add_working_days(days.today(), owed).isoformat()
    assert (row["address"], row["answer"], row["help"]) == ("/satudata/meja", None, None)
    assert row["may"] == {"answer": False, "accept": False, "withdraw": False}
    walidata = {city.users[who]["name"] for who in ("walidata", "walidata_2")}
    assert told("help_question") == walidata
    assert show(city, "walidata", row)["may"] == {
        "answer": True,
        "accept": False,
        "withdraw": False,
    }
    answer(city, row)
    assert told("help_answer") == {city.users["staf"]["name"]}
    assert show(city, "staf", row)["answer"] == ANSWER
    assert texts(city)["count"] == 0
    made = accept(city, row)
    assert (made["help"]["shown"], made["receipt"]["entry"] > 0) == (True, True)
    assert [(t["title"], t["text"]) for t in texts(city)["results"]] == [(TITLE, HELP)]
    withdraw(city, row)
    assert texts(city)["count"] == 0
    kept = show(city, "staf", row)
    assert (kept["answer"], kept["help"]) == (ANSWER, None)
    assert show(city, "walidata_2", row)["help"]["shown"] is False
    accept(city, row, title="Menarik usulan, ditulis ulang")
    assert [t["title"] for t in texts(city)["results"]] == ["Menarik usulan, ditulis ulang"]


def test_who_asked_and_who_answers_sees_it_and_nobody_else(city) -> None:
    row = ask(city, topic="ppid")
    assert told("help_question") == {city.users[who]["name"] for who in ("ppid", "ppid_2")}
    for who in ("staf", "ppid", "walidata"):
        assert show(city, who, row)["text"] == TEXT
        assert city.act(who, "satudata_question_list")["count"] == 1
    for who in ("produsen", "pengawas", "pegawai_dinsos"):
        said = []
        for asked in (row["number"], 999999):
            with pytest.raises(tk.ObjectNotFound) as refused:
                city.act(who, "satudata_question_show", question=asked)
            said.append(str(refused.value))
        assert said[0] == said[1]
        assert city.act(who, "satudata_question_list")["count"] == 0
        for act in (answer, accept, withdraw):
            with pytest.raises(tk.ObjectNotFound):
                act(city, row, who)
    assert answer(city, row, "ppid")["answer"] == ANSWER
    for who in (None, "warga"):
        for action in ("satudata_question_list", "satudata_help_list"):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, action)


def test_each_step_is_for_whom_the_definition_names_and_in_its_order(city) -> None:
    row = ask(city, topic="ppid")
    with refusal_of(""):
        accept(city, row)
    with refusal_of(""):
        answer(city, row, "staf")
    answer(city, row, "ppid")
    with refusal_of("text"):
        answer(city, row, "walidata")
    for act in (accept, withdraw):
        with refusal_of(""):
            act(city, row, "ppid")
    with refusal_of(""):
        withdraw(city, row)
    accept(city, row)
    with refusal_of("text"):
        accept(city, row)
    withdraw(city, row)
    with refusal_of(""):
        withdraw(city, row)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"topic": ""}, "topic"),
        ({"topic": "siapa"}, "topic"),
        ({"subject": "pendek"}, "subject"),
        ({"subject": "x" * 101}, "subject"),
        ({"text": ""}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "NIK 6171012501900001 disebut."}, "text"),
        ({"address": "https://lain.id/dataset"}, "address"),
        ({"address": "/" + "x" * 200}, "address"),
        ({"address": "/dataset/6171012501900001"}, "address"),
        ({"address": ["/satudata/meja"]}, "address"),
    ],
)
def test_a_question_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    with refusal_of(field):
        ask(city, **asked)
    assert city.act("walidata", "satudata_question_list")["count"] == 0


def test_answer_and_text_of_help_are_scanned_and_bounded_too(city) -> None:
    row = ask(city)
    for text in ("", "pendek", "x" * 4001, "Hubungi 6171012501900001."):
        with refusal_of("text"):
            answer(city, row, text=text)
    answer(city, row)
    for text in ("pendek", "Hubungi 6171012501900001."):
        with refusal_of("text"):
            accept(city, row, text=text)
        with refusal_of("title"):
            accept(city, row, title=text)
    with refusal_of("topic"):
        accept(city, row, topic="siapa")
    assert texts(city)["count"] == 0


def test_four_who_send_the_same_at_once_ask_it_once(city, app) -> None:
    header = city.token("staf")
    assert at_once(app, header, "satudata_question_create", WHOLE) == [200, 409, 409, 409]
    sent = {"question": city.act("staf", "satudata_question_list")["results"][0]["number"]}
    header, sent = city.token("walidata"), {**sent, "text": ANSWER}
    assert at_once(app, header, "satudata_question_answer", sent) == [200, 409, 409, 409]


def test_only_so_many_questions_of_one_person_wait(city) -> None:
    most = definition().bounds.waiting
    for number in range(most):
        row = Question(
            topic="ppid",
            subject=f"Pertanyaan nomor {number}",
            text=TEXT,
            asked_by=city.users["staf"]["id"],
            due=days.today(),
        )
        model.Session.add(row)
    model.Session.commit()
    with refusal_of(""):
        ask(city)
    assert ask(city, "produsen")["number"]
    first = city.act("staf", "satudata_question_list")["results"][0]
    answer(city, first)
    assert ask(city)["number"]


def test_the_name_of_a_hidden_dataset_is_in_no_text(city) -> None:
    hidden = city.dataset(title="Pasien rumah sakit jiwa", name="pasien-rumah-sakit-jiwa")
    for words in (hidden["title"].upper(), hidden["name"], hidden["id"]):
        with refusal_of("text"):
            ask(city, "produsen", text=f"Bagaimana memperbaiki {words} tahun ini?")
    with refusal_of("subject"):
        ask(city, "produsen", subject=f"Tentang {hidden['title']}")
    for address in (f"/dataset/{hidden['name']}", f"/satudata/berkas/{hidden['id']}"):
        with refusal_of("address"):
            ask(city, "produsen", address=address)
    # Who may not know of it tells nothing by writing such words, and learns nothing.
    row = ask(city, "pegawai_dinsos", text=f"Apakah ada {hidden['title']} di sini?")
    with refusal_of("text"):
        answer(city, row, text=f"Ya, ada {hidden['title']} di Dinas.")
    answer(city, row)
    with refusal_of("text"):
        accept(city, row, text=f"Contohnya {hidden['title']} di Dinas.")
    with refusal_of("title"):
        accept(city, row, title=f"Seperti {hidden['title']}")
    assert hidden["title"] not in str(texts(city, "walidata"))


def test_a_page_with_a_short_name_of_a_hidden_dataset_is_refused_as_well(city) -> None:
    hidden = city.dataset(name="pasien")
    assert ask(city, "produsen", text="Berapa pasien yang dicatat pada data?")["text"]
    with refusal_of("address"):
        ask(city, "produsen", address=f"/dataset/{hidden['name']}")


def test_what_is_only_counted_is_named_to_nobody(city) -> None:
    sealed = city.seal("sangat_rahasia")
    with refusal_of("text"):
        ask(city, "kepala_dinkes", text=f"Bagaimana menyimpan {sealed['title']} ini?")


def test_what_is_hidden_later_is_taken_out_of_what_stands(city) -> None:
    open_ = city.publish(title="Jumlah puskesmas kota", name="jumlah-puskesmas-kota")
    named = f"Lihat {open_['title']} sebagai contoh."
    row = ask(city, "pegawai_dinsos", text=named, address=f"/dataset/{open_['name']}")
    answer(city, row, text=named)
    accept(city, row, text=named)
    assert texts(city, q="puskesmas")["count"] == 1
    city.act("walidata", "satudata_hold_create", id=open_["id"], scope="all", reason=ANSWER)
    mine = show(city, "pegawai_dinsos", row)
    assert open_["title"] not in str(mine)
    assert (mine["text"], mine["address"], mine["answer"], mine["help"]) == (None,) * 4
    assert city.act("pegawai_dinsos", "satudata_question_list")["results"][0]["subject"] is None
    found = texts(city, q="puskesmas")
    assert (found["count"], found["results"]) == (0, [])
    assert sum(topic["count"] for topic in found["topics"]) == 0
    assert texts(city, "produsen", q="puskesmas")["count"] == 1


def test_texts_are_found_by_words_and_duty_and_come_in_pages(city) -> None:
    for topic, title in (("ppid", "Menguji konsekuensi"), ("produsen_data", TITLE)):
        row = ask(city, topic=topic)
        answer(city, row)
        accept(city, row, topic=topic, title=title)
    assert [t["title"] for t in texts(city)["results"]] == [TITLE, "Menguji konsekuensi"]
    assert [t["title"] for t in texts(city, q="MENGUJI meja")["results"]] == ["Menguji konsekuensi"]
    assert texts(city, q="menguji tiada")["count"] == 0
    assert texts(city, q="%")["count"] == 0
    assert [t["topic"] for t in texts(city, topic="ppid")["results"]] == ["ppid"]
    part = texts(city, limit=1, offset=1)
    assert (part["count"], len(part["results"])) == (2, 1)
    assert {t["topic"]: t["count"] for t in part["topics"] if t["count"]} == {
        "produsen_data": 1,
        "ppid": 1,
    }
    with refusal_of("topic"):
        texts(city, topic="siapa")


def test_a_text_of_help_stands_on_the_pages_that_it_is_about(city, app) -> None:
    def here(who, address) -> bool:
        page = app.get(address, headers=city.token(who), status=200).body
        assert ("sd-help-here" in page) == (HELP in page)
        return HELP in page

    open_ = city.publish(title="Jumlah puskesmas kota", name="jumlah-puskesmas-kota")
    other = city.publish(title="Jumlah sekolah kota", name="jumlah-sekolah-kota")
    row = ask(city, address=f"/en/dataset/{open_['name']}")
    answer(city, row)
    assert not here("pegawai_dinsos", f"/dataset/{open_['name']}")
    accept(city, row)
    # Of the same kind of page, whichever dataset it shows; to those inside alone.
    for name in (open_["name"], other["name"]):
        assert here("pegawai_dinsos", f"/dataset/{name}")
        assert not here("warga", f"/dataset/{name}")
        assert HELP not in app.get(f"/dataset/{name}").body
    assert not here("pegawai_dinsos", "/satudata/meja")
    withdraw(city, row)
    assert not here("pegawai_dinsos", f"/dataset/{open_['name']}")
    nowhere = ask(city, text=TEXT + " Tidak ada.", address="/tidak/ada/di/sini")
    answer(city, nowhere)
    accept(city, nowhere)
    assert not here("pegawai_dinsos", "/satudata/meja")
    # One that names what is hidden later is on no page of those who may not know of it.
    named = ask(city, "pegawai_dinsos", address="/satudata/meja")
    answer(city, named)
    accept(city, named, text=f"{HELP} Contoh: {other['title']}.")
    assert here("pegawai_dinsos", "/satudata/meja")
    city.act("walidata", "satudata_hold_create", id=other["id"], scope="all", reason=ANSWER)
    assert not here("pegawai_dinsos", "/satudata/meja")


def test_it_is_told_of_when_it_is_late_and_rises_once(city) -> None:
    row = ask(city, topic="ppid")
    late(row, 2)
    help_desk.remind()
    assert told("help_question_late") == {city.users[who]["name"] for who in ("ppid", "ppid_2")}
    assert agenda(city) == []
    late(row, 20)
    assert help_desk.remind()[1] == 1
    assert help_desk.remind() == (0, 0)
    assert city.users["walidata"]["name"] in told("help_question_late")
    (item,) = agenda(city)
    assert (item["source"], item["agency"]["name"]) == ("help", city.orgs["ppid"]["name"])
    assert item["address"] is None
    assert SUBJECT not in str(item)
    assert agenda(city, "walidata")[0]["address"].endswith(f"{ASKED}/{row['number']}")
    assert answer(city, row, "ppid")["risen"] is None
    assert agenda(city) == []


def agenda(city, who="pegawai_dinsos"):
    return city.act(who, "satudata_forum_agenda")["results"]


def test_where_nobody_has_the_duty_who_accepts_is_told(city) -> None:
    ask(city, topic="pembina_data")
    assert city.users["walidata"]["name"] in told("help_question")


def test_the_page_of_an_agency_leads_to_the_help_on_its_duties_and_tells_its_times(city) -> None:
    asked = [
        ask(city, topic="ppid", subject=f"Pertanyaan nomor {number}")
        for number in range(offices.FEWEST)
    ]
    for number, row in enumerate(asked):
        before = city.act("staf", "satudata_agency_office", id=city.orgs["ppid"]["name"])
        assert (before["questions"], before["question_days"]) == (number, None)
        answer(city, row, "ppid")
    answer(city, asked[0], "ppid", text="Jawaban yang diperbaiki sesudahnya.")
    accept(city, asked[0], topic="ppid")
    found = city.act("staf", "satudata_agency_office", id=city.orgs["ppid"]["name"])
    assert (found["questions"], found["question_days"]) == (offices.FEWEST, 0)
    assert [(each["topic"], each["count"]) for each in found["help"]] == [("ppid", 1)]


def test_the_ledger_holds_that_it_was_done_and_no_word_of_it(city) -> None:
    row = ask(city)
    answer(city, row)
    accept(city, row)
    withdraw(city, row)
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("cooperation."))
    kept = model.Session.scalars(query.order_by(entry_table.c.id)).all()[-4:]
    assert [json.loads(text)["event"] for text in kept] == [
        "cooperation.question_asked",
        "cooperation.question_answered",
        "cooperation.help_accepted",
        "cooperation.help_withdrawn",
    ]
    assert not any(word in text for text in kept for word in (SUBJECT, TEXT, ANSWER, TITLE, HELP))


def test_it_goes_its_way_by_pages(city, app) -> None:
    mine, theirs = city.token("staf"), city.token("walidata")
    for page in (HOME, ASKED):
        assert app.get(page, follow_redirects=False).status_code == 302
        assert app.get(page, headers=city.token("warga")).status_code == 403
    tour = app.get("/satudata/pelatihan/produsen", headers=mine).body
    assert f"{ASKED}?topic=produsen_data" in tour
    asking = app.get(f"{ASKED}?topic=ppid&address=/satudata/contoh", headers=mine).body
    assert 'value="/satudata/contoh"' in asking
    assert '<option value="ppid" selected>' in asking
    assert app.post(ASKED, headers=mine, data={**WHOLE, "text": ""}).status_code == 422
    made = app.post(ASKED, headers=mine, data=WHOLE, follow_redirects=False)
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    assert TEXT in app.get(address, headers=theirs).body
    assert SUBJECT in app.get(f"{ASKED}?state=open", headers=theirs).body
    assert app.get(address, headers=city.token("produsen")).status_code == 404
    assert app.post(address, headers=mine, data={"act": "answer"}).status_code == 403
    assert app.post(address, headers=theirs, data={"act": "answer"}).status_code == 422
    sent = {"act": "answer", "text": ANSWER}
    assert app.post(address, headers=theirs, data=sent, follow_redirects=False).status_code == 302
    assert ANSWER in app.get(address, headers=mine).body
    sent = {"act": "accept", "topic": "produsen_data", "title": TITLE, "text": HELP}
    assert app.post(address, headers=theirs, data=sent, follow_redirects=False).status_code == 302
    reader = city.token("pegawai_dinsos")
    for asked in ("", "?q=meja", "?topic=produsen_data", "?topic=siapa"):
        assert HELP in app.get(HOME + asked, headers=reader).body
    assert HELP not in app.get(f"{HOME}?q=tiada", headers=reader).body
    office = f"/satudata/kerja-sama/perangkat-daerah/{city.orgs['dinkes']['name']}"
    assert f"{HOME}?topic=produsen_data" in app.get(office, headers=reader).body
    app.post(address, headers=theirs, data={"act": "withdraw"})
    assert HELP not in app.get(HOME, headers=reader).body
    assert ANSWER in app.get(address, headers=mine).body
