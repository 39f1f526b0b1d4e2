"""Who asked at an English page is written to in English; of others, and of desks, Indonesian."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.access.following import digests
from ckanext.satudata_pontianak.access.following.model import Follow, Follower
from ckanext.satudata_pontianak.classification.notices import outbox
from ckanext.satudata_pontianak.classification.records.model import now
from ckanext.satudata_pontianak.jepin.records.wish_model import Wish

EMAIL = "siti@contoh.id"
PURPOSE = "Penelitian tentang ketersediaan obat di kota"


def only(mails: list[tuple[str, str, str]], to: str = EMAIL) -> tuple[str, str]:
    """Return subject and text of the one mail that somebody got."""
    ((_, subject, body),) = [mail for mail in mails if mail[0] == to]
    return subject, body


def page_in(body: str, word: str) -> str:
    """Return the path of the link in a mail that holds a word."""
    (link,) = [part for part in body.split() if part.startswith("http") and word in part]
    return "/" + link.split("/", 3)[3]


def asked_to_follow(city: Any, app: Any, relay: Any, language: str) -> str:
    """Ask at a page of a language to follow a dataset; return the path that confirms it."""
    name = city.publish()["name"]
    assert app.post(f"{language}/ikuti/dataset/{name}", data={"email": EMAIL}).status_code == 200
    subject, body = only(relay.deliver())
    assert ("Confirm" in subject, "Konfirmasi" in subject) == (bool(language), not language)
    path = page_in(body, "/ikuti/konfirmasi/")
    assert path.startswith(f"{language}/ikuti/")
    return path


def told(relay: Any) -> tuple[str, str]:
    """Let a day pass, and return the digest."""
    before = now() - dt.timedelta(hours=25)
    model.Session.execute(sa.update(Follower).values(told_until=before))
    confirmed = Follow.confirmed_at.is_not(None)
    model.Session.execute(sa.update(Follow).where(confirmed).values(confirmed_at=before))
    model.Session.commit()
    relay.mails.clear()
    digests.write()
    outbox.run()
    model.Session.expire_all()
    return only(relay.mails)


def test_who_follows_at_an_english_page_is_told_in_english(city, app, relay) -> None:
    assert app.post(asked_to_follow(city, app, relay, "/en")).status_code == 200
    subject, body = told(relay)
    assert "News of what you follow" in subject
    assert f"{days.today():%B %Y}" in body
    assert page_in(body, "/ikuti/berhenti/").startswith("/en/ikuti/")
    assert page_in(body, "/dataset/").startswith("/en/dataset/")


def test_what_nobody_confirmed_changes_no_language(city, app, relay) -> None:
    app.post(asked_to_follow(city, app, relay, ""))
    other = asked_to_follow(city, app, relay, "/en")
    subject, body = told(relay)
    assert "yang Anda ikuti" in subject
    assert "/en/" not in body
    # Confirmed, it is the language in which they asked last.
    app.post(other)
    model.Session.execute(sa.update(Follow).values(confirmed_at=now()))
    model.Session.commit()
    assert app.post(other, status=409)


def test_an_account_is_told_in_the_language_in_which_it_asked(city, app, relay) -> None:
    name, headers = city.publish()["name"], city.token("warga")
    app.post(f"/en/ikuti/dataset/{name}", headers=headers)
    before = now() - dt.timedelta(hours=25)
    model.Session.execute(sa.update(Follower).values(told_until=before))
    model.Session.execute(sa.update(Follow).values(confirmed_at=before))
    model.Session.commit()
    relay.mails.clear()
    digests.write()
    outbox.run()
    subject, body = only(relay.mails, city.users["warga"]["email"])
    assert "News of what you follow" in subject
    assert page_in(body, "/ikuti/berhenti/").startswith("/en/ikuti/")
    assert [part for part in body.split() if part.endswith("/en/ikuti")]


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_request_for_access_is_answered_as_it_was_asked_and_desks_read_indonesian(
    city, app, relay, language
) -> None:
    dataset = city.limit()
    asked = {
        "purpose": PURPOSE,
        "until": (days.today() + dt.timedelta(days=30)).isoformat(),
        "email": EMAIL,
    }
    assert app.post(f"{language}/satudata/akses/{dataset['name']}", data=asked).status_code == 200
    subject, body = only(relay.deliver())
    assert ("Confirm your request" in subject) == bool(language)
    path = page_in(body, "/konfirmasi/")
    assert path.startswith(f"{language}/satudata/")
    app.post(path)
    mails = relay.deliver()
    subject, body = only(mails)
    assert ("was received" in body) == bool(language)
    desks = [body for to, _, body in mails if to != EMAIL]
    assert desks
    assert all("ada di meja Anda" in body for body in desks)


def test_who_asks_for_data_is_answered_in_english(city, app, relay) -> None:
    wish = {"title": "Titik banjir", "text": "Untuk penelitian tentang genangan.", "email": EMAIL}
    assert app.post("/en/minta-data/baru", data=wish).status_code == 200
    subject, body = only(relay.deliver())
    assert "Confirm what data" in subject
    path = page_in(body, "/konfirmasi/")
    assert path.startswith("/en/minta-data/")
    assert app.post(path).status_code == 200
    number = model.Session.scalar(sa.select(Wish.number))
    said = {"step": "decline", "answer": "Dataset itu tidak akan dibuat."}
    city.act("walidata", "satudata_wish_step", wish=number, **said)
    assert "was answered" in only(relay.deliver())[1]


def test_a_new_password_is_sent_in_the_language_of_its_page(city, app, relay) -> None:
    user = city.person("warga")
    for language, said in (("", "Kata sandi baru"), ("/en", "A new password")):
        app.post(f"{language}/user/reset", data={"user": user["name"]}, follow_redirects=False)
        subject, body = only(relay.deliver(), user["email"])
        assert said in subject
        assert page_in(body, "/user/reset/").startswith(f"{language}/user/reset/")
