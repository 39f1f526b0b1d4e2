"""Data that the public asks for: confirmed by mail, accepted by a person, answered in time."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.notices import outbox
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.records.wish_model import Wish, WishVoice
from ckanext.satudata_pontianak.jepin.rules.wish_rules import wishes
from ckanext.satudata_pontianak.jepin.wishes import wishing
from ckanext.satudata_pontianak.ledger.tables import entry_table

SITI, BUDI = "siti@contoh.id", "budi@contoh.id"
ASKED = {"title": "Titik banjir per kelurahan", "text": "Untuk penelitian tentang genangan 2024."}
REPLY = "Dinas terkait mengumpulkannya mulai tahun depan."
DESK = "/satudata/minta-data"


def wish(city, email=SITI, **asked):
    return city.act(None, "satudata_wish_create", **{**ASKED, "email": email, **asked})


def confirmed(city, relay, email=SITI):
    relay.deliver()
    outbox.run()
    found = {"token": relay.token("minta-data/konfirmasi", email)}
    return city.act(None, "satudata_wish_confirm", **found)


def asked(city, relay, email=SITI, **words):
    wish(city, email, **words)
    return confirmed(city, relay, email)


def step(city, who, row, name, **given):
    return city.act(who, "satudata_wish_step", wish=row["number"], step=name, **given)


def accepted(city, relay, email=SITI, **words):
    return step(city, "walidata", asked(city, relay, email, **words), "accept")


def listed(city, who=None, **given):
    return city.act(who, "satudata_wish_list", **given)


def mine(city, row):
    return city.act(None, "satudata_wish_show", token=row["token"])


def told(city, kind: str) -> set[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(query.where(Notice.kind == kind)))


def refusal(act) -> dict:
    with pytest.raises(tk.ValidationError) as found:
        act()
    return found.value.error_dict


def make_late(number: int) -> None:
    yesterday = days.today() - dt.timedelta(days=1)
    model.Session.execute(sa.update(Wish).where(Wish.number == number).values(due=yesterday))
    model.Session.commit()


def test_it_is_read_when_confirmed_and_public_when_a_person_accepted_it(city, relay) -> None:
    said = wish(city)
    assert said["state"] == "unconfirmed"
    assert listed(city, "walidata", list="waiting")["count"] == 0
    row = confirmed(city, relay)
    assert row["state"] == "asked"
    assert row["due"] > days.today().isoformat()
    assert listed(city)["count"] == 0
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "satudata_wish_show", wish=row["number"])
    assert told(city, "wish_asked") == {city.users[w]["name"] for w in ("walidata", "walidata_2")}
    done = step(city, "walidata", row, "accept", title="Titik genangan per kelurahan")
    assert (done["state"], done["title"]) == ("open", "Titik genangan per kelurahan")
    (public,) = listed(city)["results"]
    assert (public["voices"], public["title"]) == (1, done["title"])
    assert SITI not in str([public, mine(city, row), done, listed(city, "walidata")])
    # The link works once, and another's words open nothing.
    refusal(lambda: city.act(None, "satudata_wish_confirm", token=row["token"]))
    for wrong in ("x", row["token"][:-2] + "xx"):
        refusal(lambda wrong=wrong: city.act(None, "satudata_wish_show", token=wrong))


def test_others_support_it_once_each_and_two_are_merged(city, relay) -> None:
    first = accepted(city, relay)
    for _ in range(3):
        same = city.act(None, "satudata_wish_support", wish=first["number"], email=BUDI)
    assert same == wish(city, "lain@contoh.id")
    assert mine(city, confirmed(city, relay, BUDI))["voices"] == 2
    assert [to for to, _, _ in relay.mails if to == BUDI] == [BUDI]
    # Who is counted already is answered the same, and gets no mail.
    relay.deliver()
    relay.mails.clear()
    assert city.act(None, "satudata_wish_support", wish=first["number"], email=BUDI) == same
    outbox.run()
    assert [to for to, _, _ in relay.mails if to == BUDI] == []
    other = asked(city, relay, BUDI, title="Genangan air di kota")
    third = asked(city, relay, "tiga@contoh.id", title="Daerah banjir")
    for into in (other["number"], third["number"], 999999, "x"):
        errors = refusal(lambda into=into: step(city, "walidata", third, "merge", into=into))
        assert set(errors) == {"into"}
    step(city, "walidata", other, "merge", into=first["number"])
    done = step(city, "walidata", third, "merge", into=first["number"])
    assert (done["state"], done["into"]) == ("merged", first["number"])
    assert listed(city)["results"][0]["voices"] == 3
    assert mine(city, third)["number"] == first["number"]


def test_an_answer_goes_to_all_and_names_the_dataset_while_the_reader_may_know_it(
    city, relay
) -> None:
    row = accepted(city, relay)
    package, closed = city.publish(), city.seal()
    answered = {"outcome": "here", "answer": REPLY}
    for named in (None, closed["name"], "tidak-ada"):
        errors = refusal(lambda named=named: step(city, "walidata", row, "answer",
                                                  **answered, dataset=named))  # fmt: skip
        assert errors == {"dataset": ["Name a dataset of which everybody may know."]}
    planned = step(city, "walidata", row, "answer", outcome="planned", answer=REPLY)
    assert (planned["state"], planned["steps"]) == ("open", ["merge", "answer"])
    relay.deliver()
    outbox.run()
    (mail,) = [m for m in relay.mails if m[0] == SITI and "was answered" in m[2]]
    assert ASKED["title"] not in mail[1] + mail[2]
    done = step(city, "walidata", row, "answer", **answered, dataset=package["name"])
    assert done["state"] == "answered"
    (public,) = listed(city)["results"]
    assert (public["outcome"], public["dataset"]["name"]) == ("here", package["name"])
    city.act(
        "walidata", "satudata_hold_create", id=package["id"], scope="all", reason="Diperiksa dulu."
    )
    (public,) = listed(city)["results"]
    assert public["state"] == "open"
    assert {public[k] for k in ("outcome", "answer", "answered", "dataset")} == {None}
    # Nothing else tells it from one that nobody answered.
    assert (public["state"], public["due"] is None) == ("open", False)
    taken = city.act(None, "satudata_wish_support", wish=row["number"], email="lima@contoh.id")
    assert taken["state"] == "unconfirmed"
    assert package["name"] not in str(public)


def test_what_exists_hidden_is_asked_for_like_what_does_not_exist(city, relay, app) -> None:
    closed = city.seal()
    given = {**ASKED, "email": SITI}
    said = {
        (answer.status_code, answer.body)
        for title in (closed["title"], "Yang tidak ada di mana pun")
        for answer in [
            city.over_http(app, None, "satudata_wish_create", **given | {"title": title})
        ]
    }
    assert len(said) == 1
    page = app.get("/dataset/?q=tidakadasamasekali").body
    assert "/minta-data/baru?judul=tidakadasamasekali" in page
    form = app.get("/minta-data/baru?judul=tidakadasamasekali").body
    assert 'value="tidakadasamasekali"' in form
    assert "UU 14/2008" in form


def test_one_button_makes_it_a_request_for_public_information(city, relay, app) -> None:
    row = asked(city, relay)
    address = f"/minta-data/saya/{row['token']}"
    assert 'value="official"' in app.get(address).body
    assert app.post(address, data={"act": "official"}, follow_redirects=False).status_code == 302
    stands = mine(city, row)
    assert (stands["official"], stands["may_make_official"]) == (True, False)
    assert told(city, "wish_asked") >= {city.users["ppid"]["name"]}
    assert app.post(address, data={"act": "official"}).status_code == 403
    assert step_refused(city, "walidata", row)
    assert wishing.remind() == 0
    make_late(row["number"])
    assert wishing.remind() > 0
    assert wishing.remind() == 0
    assert mine(city, row)["may_object"]
    step(city, "ppid", row, "answer", outcome="not_made", answer=REPLY)
    assert mine(city, row)["object_until"] > days.today().isoformat()
    city.act(None, "satudata_wish_object", token=row["token"])
    assert step_refused(city, "ppid", row)
    done = step(city, "penetap", row, "answer", outcome="elsewhere", answer=REPLY)
    assert (done["state"], mine(city, row)["may_object"]) == ("answered", False)
    refusal(lambda: city.act(None, "satudata_wish_object", token=row["token"]))
    # It was answered to who asked, and nobody accepted it into the public list.
    assert listed(city)["count"] == 0


def step_refused(city, who, row) -> bool:
    given = {"outcome": "not_made", "answer": REPLY}
    errors = refusal(lambda: step(city, who, row, "answer", **given))
    return "not yours" in str(errors)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "abc"}, "title"),
        ({"title": "Dua\nbaris judul"}, "title"),
        ({"title": ["a"]}, "title"),
        ({"title": "NIK 6171012501900001"}, "title"),
        ({"text": "pendek"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "NIK saya 6171012501900001 ada di sana."}, "text"),
        ({"email": "bukan alamat"}, "email"),
        ({"email": "a@b.id\nBcc: c@d.id"}, "email"),
        ({"email": ""}, "email"),
    ],
)
def test_it_is_refused_with_the_field_that_is_wrong(city, given, field) -> None:
    assert set(refusal(lambda: wish(city, **given))) == {field}
    assert model.Session.scalars(sa.select(Wish)).all() == []


def test_only_those_whose_step_it_is_take_it_and_others_see_nothing(city, relay, app) -> None:
    row = asked(city, relay)
    for who in (None, "warga", "produsen"):
        with pytest.raises(tk.ObjectNotFound) as there:
            step(city, who, row, "accept")
        with pytest.raises(tk.ObjectNotFound) as nowhere:
            step(city, who, {"number": 999999}, "accept")
        assert str(there.value) == str(nowhere.value)
        assert listed(city, who, list="waiting")["count"] == 0
    refusal(lambda: step(city, "pengawas", row, "accept"))
    assert listed(city, "pengawas", list="waiting")["count"] == 1
    assert app.get(DESK, headers=city.token("warga")).status_code == 403
    one, walidata = f"{DESK}/{row['number']}", city.token("walidata")
    assert app.get(one, headers=city.token("warga")).status_code == 404
    assert f'data-wish="{row["number"]}"' in app.get(DESK, headers=walidata).body
    assert ASKED["text"] in app.get(one, headers=walidata).body
    assert app.get(f"/minta-data/{row['number']}").status_code == 404
    sent = {"act": "accept", **ASKED}
    assert app.post(one, headers=walidata, data=sent, follow_redirects=False).status_code == 302
    assert ASKED["title"] in app.get("/minta-data").body
    support = app.post(f"/minta-data/{row['number']}", data={"email": BUDI})
    assert "no-store" in support.headers["Cache-Control"]
    assert app.post(f"/minta-data/{row['number']}", data={"email": "x"}).status_code == 422
    answer = {"act": "answer", "outcome": "not_made", "answer": "x"}
    assert app.post(one, headers=walidata, data=answer).status_code == 422
    step(city, "walidata", row, "answer", outcome="not_made", answer=REPLY)
    assert REPLY in app.get(f"/minta-data/{row['number']}").body
    assert REPLY in app.get(f"/minta-data/saya/{row['token']}").body
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("jepin.wish"))
    said = " ".join(model.Session.scalars(query))
    assert row["title"] not in said
    assert SITI not in said


def test_a_mailbox_and_an_address_are_limited_and_erased_in_time(city, relay, app) -> None:
    limits, kept = wishes().limits, wishes().kept

    def send(address: str, email: str) -> int:
        return app.post(
            "/api/3/action/satudata_wish_create",
            json={**ASKED, "email": email},
            headers={"X-Forwarded-For": address},
            status=None,
        ).status_code

    for _ in range(limits.to_one_mailbox + 1):
        assert send("198.51.100.72", SITI) == 200
    # What led to no mail counts as well: nobody reads off what a mailbox got before.
    for number in range(limits.of_one_address):
        assert send("198.51.100.71", f"a{number}@contoh.id" if number else SITI) == 200
    assert send("198.51.100.71", "z@contoh.id") == 409
    count = sa.select(sa.func.count()).select_from(WishVoice).where(WishVoice.email == SITI)
    assert model.Session.scalar(count) == limits.to_one_mailbox
    row = confirmed(city, relay)
    now = dt.datetime.now(dt.UTC)
    wishing.erase(now + dt.timedelta(hours=kept.confirm_hours + 1))
    assert model.Session.scalar(count) == 1
    lapsed = model.Session.scalars(sa.select(Wish).where(Wish.state == "lapsed")).all()
    assert {each.title for each in lapsed} == {""}
    step(city, "walidata", row, "decline", answer="Ini sudah ada di daftar layanan.")
    assert listed(city)["count"] == 0
    assert mine(city, row)["answer"]
    assert wishing.erase(now + dt.timedelta(days=kept.ended_days - 1)) == 0
    assert wishing.erase(now + dt.timedelta(days=kept.ended_days + 1)) == 1
    refusal(lambda: mine(city, row))
