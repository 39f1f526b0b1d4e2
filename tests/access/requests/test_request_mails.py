"""People without an account: one link that works once, no word about anybody's address."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs

from ckanext.satudata_pontianak.classification.clock import requests
from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.records.request_model import (
    AccessGrant,
    AccessRequest,
)
from ckanext.satudata_pontianak.classification.requests import links
from ckanext.satudata_pontianak.classification.requests.asking_model import Asking
from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.ledger.service import entry_table

from ...refusals import refusal_of

EMAIL = "siti@contoh.id"
BASE = "/satudata/permohonan"


def code(refusal: pytest.ExceptionInfo[tk.ValidationError]) -> str:
    return refusal.value.error_dict["code"][0]


def row() -> AccessRequest:
    model.Session.expire_all()
    return model.Session.query(AccessRequest).one()


@pytest.fixture
def asked(city, window, relay):
    """Return the maker of a dataset and a confirmed request of somebody without an account."""

    def make(**values):
        dataset = city.limit(**values)
        window.ask(None, dataset, email=EMAIL)
        relay.deliver()
        confirmed = city.act(
            None, "satudata_access_request_confirm", token=relay.token("konfirmasi", EMAIL)
        )
        return dataset, confirmed

    return make


def test_a_request_without_an_account_is_read_after_its_link_was_confirmed(
    city, window, relay
) -> None:
    dataset = city.limit()
    answer = window.ask(None, dataset, email="  Siti@Contoh.id ")
    assert set(answer) == {"state", "message"}
    assert answer["state"] == "unconfirmed"
    assert city.act("ppid", "satudata_access_request_list", all=True)["count"] == 0
    ((to, subject, body),) = relay.deliver()
    assert to == EMAIL
    assert "Satu Data" in subject
    for word in (dataset["title"], dataset["name"], dataset["id"], "Penelitian"):
        assert word not in body
    token = relay.token("konfirmasi")
    confirmed = city.act(None, "satudata_access_request_confirm", token=token)
    assert (confirmed["state"], confirmed["road"]) == ("open", "public")
    assert confirmed["due"]
    # The way back, at once and by mail: number, day and address.
    mine = city.act(None, "satudata_access_request_show", token=confirmed["token"])
    assert (mine["number"], mine["due"]) == (confirmed["number"], confirmed["due"])
    relay.deliver()
    (told,) = [mail[2] for mail in relay.mails if mail[0] == EMAIL and "was received" in mail[1]]
    assert f"no. {mine['number']} " in told
    assert indonesian.day(row().due, "en") in told
    back = city.act(None, "satudata_access_request_show", token=relay.token("ikuti", EMAIL))
    assert back["number"] == mine["number"]
    with pytest.raises(tk.ValidationError) as refusal:
        city.act(None, "satudata_access_request_confirm", token=token)
    assert code(refusal) == "link_used"
    assert city.act("ppid", "satudata_access_request_list", desk=True)["count"] == 1


def test_answerers_are_told_without_a_word_about_who_asked(city, asked, relay) -> None:
    dataset, _ = asked()
    mails = relay.deliver()
    people = {city.users[name]["email"] for name in ("ppid", "ppid_2")}
    assert {to for to, _, _ in mails} == {*people, EMAIL}
    for _, subject, body in [mail for mail in mails if mail[0] in people]:
        for word in (EMAIL, "siti", dataset["title"], dataset["name"], "Penelitian"):
            assert word.lower() not in (subject + body).lower()


def test_the_grant_needs_an_account_with_the_confirmed_address(
    city, window, asked, relay, app
) -> None:
    dataset, request = asked()
    window.decide("ppid", {"id": request["id"]})
    relay.deliver()
    token = relay.token("izin", EMAIL)
    grant = model.Session.query(AccessGrant).one()
    assert grant.user_id is None
    other = links.make("follow", grant.id, grant.nonce)
    page = app.get(f"{BASE}/izin/{token}")
    assert page.headers["Cache-Control"].startswith("private, no-store")
    assert EMAIL not in page.body
    # Somebody who found the link has another address, and gets nothing.
    with pytest.raises(tk.NotAuthorized):
        city.act("warga", "satudata_access_grant_claim", token=token)
    for wrong in (token[:-2], "", "x" * 5000, other):
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            city.act("warga", "satudata_access_grant_claim", token=wrong)
    bad = app.post(f"{BASE}/izin/{token}", data={"name": "x", "password": "1"}, status=422)
    assert "siti" not in bad.body
    made = app.post(
        f"{BASE}/izin/{token}",
        data={"name": "siti-aminah", "password": "KataSandi-Panjang-7"},
        follow_redirects=False,
    )
    assert made.status_code == 302
    user = model.User.get("siti-aminah")
    assert user.email == EMAIL
    city.users["siti"] = {"id": user.id, "name": user.name}
    city.tokens.pop("siti", None)
    assert window.status("siti", dataset) == 200
    assert window.status("warga", dataset) == 403
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("siti", "satudata_access_grant_claim", token=token)
    assert code(refusal) == "link_invalid"
    assert app.get(f"{BASE}/izin/{token}", status=409)


def test_somebody_who_has_an_account_binds_it(city, window, asked, relay, app) -> None:
    user = model.User.get(city.users["warga"]["id"])
    before, user.email = user.email, EMAIL
    model.Session.commit()
    city.tokens.pop("warga", None)  # whoever sets another's mailbox ends their tokens
    try:
        dataset, request = asked()
        window.decide("ppid", {"id": request["id"]})
        relay.deliver()
        path = f"{BASE}/izin/{relay.token('izin', EMAIL)}"
        assert window.status("warga", dataset) == 403
        app.get(path, headers=city.token("warga"))  # to look changes nothing
        assert window.status("warga", dataset) == 403
        app.post(path, headers=city.token("warga"), follow_redirects=False)
        assert window.status("warga", dataset) == 200
    finally:
        model.User.get(city.users["warga"]["id"]).email = before
        model.Session.commit()
        city.tokens.pop("warga", None)


def test_whoever_has_the_address_of_a_request_does_not_answer_it(city, window, relay) -> None:
    dataset = city.limit()
    window.ask(None, dataset, email=city.users["ppid"]["email"])
    relay.deliver()
    city.act(None, "satudata_access_request_confirm", token=relay.token("konfirmasi"))
    request = {"id": row().id}
    with pytest.raises(tk.NotAuthorized):
        window.decide("ppid", request)
    assert window.decide("ppid_2", request)["state"] == "granted"


def test_a_refusal_is_followed_and_objected_to_by_the_link(city, window, asked, relay, app) -> None:
    _, request = asked()
    window.decide("ppid", {"id": request["id"]}, grant=False)
    relay.deliver()
    token = relay.token("ikuti", EMAIL)
    page = app.get(f"{BASE}/ikuti/{token}")
    assert "Tujuan sesuai dengan ketentuan" in page.body
    # Told to no other site; under less a browser would say that the form is from nowhere.
    assert page.headers["Referrer-Policy"] == "same-origin"
    app.post(
        f"{BASE}/ikuti/{token}", data={"transition": "object", "reason": "Alasan tidak lengkap"}
    )
    assert row().state == "objection"
    relay.deliver()
    assert [to for to, _, _ in relay.mails] == [city.users["penetap"]["email"]]
    done = window.decide("penetap", {"id": request["id"]})
    assert done["state"] == "granted"
    app.get(f"{BASE}/ikuti/tidak-ada", status=404)


def test_looking_at_a_link_confirms_nothing(city, window, relay, app) -> None:
    """Programs that check mails open every link in them."""
    window.ask(None, city.limit(), email=EMAIL)
    relay.deliver()
    path = f"{BASE}/konfirmasi/{relay.token('konfirmasi')}"
    app.get(path)
    app.flask_app.test_client().head(path)
    assert row().state == "unconfirmed"
    assert app.post(path).status_code == 200
    assert row().state == "open"
    assert app.post(path, status=409)


def test_a_link_expires_and_its_address_is_forgotten(city, window, relay) -> None:
    window.ask(None, city.limit(), email=EMAIL)
    relay.deliver()
    token = relay.token("konfirmasi")
    with freeze_time(tick=True) as clock:
        clock.tick(60 * 60 * 49)
        with pytest.raises(tk.ValidationError) as refusal:
            city.act(None, "satudata_access_request_confirm", token=token)
        assert code(refusal) == "link_invalid"
        assert [m.what for m in requests.run()] == ["lapsed"]
    assert row().email is None
    with refusal_of("transition", code="link_invalid"):
        city.act(None, "satudata_access_request_confirm", token=token)


def test_links_do_not_stand_in_for_one_another(city, window, asked) -> None:
    asked()
    for purpose in ("confirm", "claim"):
        forged = links.make(purpose, row().id, row().nonce)
        with refusal_of("transition", code="link_invalid"):
            city.act(None, "satudata_access_request_show", token=forged)
    for wrong in ([], {}, 3, "é" * 10, "a.b.c", "\x00"):
        assert links.read("follow", wrong) is None


def test_nothing_tells_whose_address_is_known(city, window, relay) -> None:
    """The answer is the same for an account's address, a stranger's, and one asked too often."""
    dataset, other = city.limit(), city.limit()
    known = city.users["warga"]["email"]
    answers = [window.ask(None, dataset, email=e) for e in (known, "orang.lain@contoh.id", known)]
    answers.append(window.ask(None, other, email=known))
    answers.append(window.ask(None, other, email=known))  # one too many for this mailbox
    assert all(answer == answers[0] for answer in answers)
    sent = [to for to, _, _ in relay.deliver()]
    assert sent.count(known) == request_rules().limits.to_one_mailbox


def test_an_address_cannot_ask_without_end(city, window, app) -> None:
    dataset = city.limit()
    most = request_rules().limits.of_one_address_for_a_dataset

    def ask(number: int, origin: str) -> int:
        asked = {
            "id": dataset["id"],
            "purpose": "Penelitian tentang ketersediaan obat",
            "until": "2026-12-24",
            "email": f"orang{number}@contoh.id",
        }
        headers = {"X-Forwarded-For": origin}
        path = "/api/3/action/satudata_access_request_create"
        return app.post(path, json=asked, headers=headers, status=None).status_code

    with freeze_time("2026-11-24"):
        assert [ask(n, "198.51.100.7") for n in range(most + 1)] == [200] * most + [409]
        # What a client writes before the proxy's word is not believed.
        assert ask(90, "203.0.113.9, 198.51.100.7") == 409
        assert ask(91, "203.0.113.9") == 200
        # Nor does it matter whether a mail went: nobody reads off what a mailbox got before.
        assert [ask(0, "198.51.100.8") for _ in range(most + 1)] == [200] * most + [409]
    origins = set(model.Session.scalars(sa.select(Asking.whose)))
    assert not any("198.51" in origin for origin in origins)


@pytest.mark.parametrize(
    "email",
    [
        None,
        "",
        "siti",
        "siti@",
        "siti@contoh",
        "siti@contoh.id\nBcc: semua@contoh.id",
        "siti@contoh.id\x00",
        "a" * 300 + "@contoh.id",
        ["siti@contoh.id"],
        "síti@contoh.id",
    ],
)
def test_an_address_that_is_none_is_refused(city, window, relay, email) -> None:
    dataset = city.limit()
    with pytest.raises(tk.ValidationError) as refusal:
        window.ask(None, dataset, email=email)
    assert list(refusal.value.error_dict) == ["email"]
    assert relay.deliver() == []


def test_addresses_and_purposes_stand_in_no_job_log_or_record(city, window, relay, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    window.ask(None, city.limit(), email=EMAIL)
    queue = jobs.get_queue("priority")
    queued = [f"{job.args} {job.kwargs} {job.description}" for job in queue.jobs]
    assert queued
    assert relay.deliver()
    texts = model.Session.scalars(
        sa.select(entry_table.c.text).where(entry_table.c.event.like("access_%"))
    )
    for text in (*queued, *texts, caplog.text):
        assert EMAIL not in text
        assert "Penelitian" not in text


def test_a_mail_that_cannot_be_sent_undoes_nothing_and_names_nobody(
    city, window, relay, monkeypatch, caplog
) -> None:
    window.ask(None, city.limit(), email=EMAIL)
    monkeypatch.setitem(tk.config, "smtp.server", "127.0.0.1:1")
    caplog.set_level(logging.DEBUG)
    assert relay.deliver() == []
    assert row().state == "unconfirmed"
    assert EMAIL not in caplog.text
