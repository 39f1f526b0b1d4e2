"""Links to a new password: few, the same answer for everybody, each once and not for long."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.lib import jobs, mailer
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak.accounts import limits, resets
from ckanext.satudata_pontianak.classification.notices import outbox, tongues
from ckanext.satudata_pontianak.classification.records.mail_model import WAITING, Mail
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.portal.operator import mail_checks

from ...city import PASSWORD

NEW = "perahu-lampu-meja-hujan"


def link(user_id: str, *, held: bool = True) -> str:
    mailer.create_reset_key(model.User.get(user_id))
    user = model.User.get(user_id)
    if held:
        resets.hold(user, 3600)
    return f"/user/reset/{user.id}?key={user.reset_key}"


def queued() -> list[str]:
    found = jobs.get_queue("priority").jobs
    return [job.args[0] for job in found if job.func_name.endswith("resets.send")]


def put_back(user_id: str) -> None:
    model.Session.rollback()
    model.User.get(user_id).password = PASSWORD
    model.Session.commit()


def twice(word: str) -> dict[str, str]:
    return {"password1": word, "password2": word}


def answer_of(person: Any, name: str) -> tuple[int, str, list[Any]]:
    sent = person.post("/user/reset", {"user": name})
    with person.client.session_transaction() as session:
        flashes = session.pop("_flashes", [])
    return sent.status_code, sent.location, flashes


def test_a_known_mailbox_an_unknown_one_and_too_many_have_the_same_answer(city, browser) -> None:
    user, before = city.person("warga"), len(queued())
    names = [user["email"], user["email"].upper(), user["name"], "tidak@ada.example", "a b", "%"]
    names += [user["name"]] * 4
    heard = [answer_of(browser(f"198.51.100.{n}"), name) for n, name in enumerate(names)]
    assert len({(status, where) for status, where, _ in heard}) == 1
    assert len(queued()) - before == 6  # three of the account, one of each other
    assert len(browser().post("/user/reset", {}).location) > 0


def test_one_address_asks_for_few(city, browser) -> None:
    before = len(queued())
    for n in range(12):
        browser().post("/user/reset", {"user": f"orang-{n}"})
    assert len(queued()) - before == 10


def test_a_link_works_once_ends_sessions_and_is_told(city, browser) -> None:
    user = city.person("warga")
    signed_in, person = browser(), browser("203.0.113.8")
    signed_in.log_in(user["name"], PASSWORD)
    address = link(user["id"])
    assert person.get(address).status_code == 200
    assert person.post(address, twice("pendek")).status_code == 200
    assert person.post(address, twice("password1234")).status_code == 200
    assert person.post(address, twice(NEW)).status_code == 302
    assert not person.is_in()
    assert not signed_in.is_in()
    assert person.post(address, twice("lain-lagi-lain-lagi-9")).status_code == 403
    assert person.get(address).status_code == 403
    assert person.log_in(user["name"], NEW).status_code == 302
    query = sa.select(Notice.kind).where(Notice.user_id == user["id"])
    assert "account_password" in list(model.Session.scalars(query))
    put_back(user["id"])


def test_what_is_no_good_link_has_one_answer_and_tells_of_no_account(city, browser) -> None:
    user = city.person("warga")
    late = link(user["id"])
    connect_to_redis().delete(resets._key(user["id"]))
    wrong = [
        late,
        f"/user/reset/{user['id']}",
        f"/user/reset/{user['id']}?key=salah",
        "/user/reset/tidak-ada?key=salah",
        f"/user/reset/{'x' * 300}?key={'y' * 3000}",
    ]
    answers = [browser().get(address) for address in wrong]
    assert {a.status_code for a in answers} == {403}
    assert len({re.sub(r'user/reset/[^"<]*', "", a.text) for a in answers}) == 1
    posted = [browser().post(address, twice(NEW)) for address in wrong]
    assert {a.status_code for a in posted} == {403}
    assert model.User.get(user["id"]).validate_password(PASSWORD)


def test_two_at_the_same_moment_do_not_both_use_a_link(city, browser) -> None:
    user = city.person("warga")
    address = link(user["id"])
    key = model.User.get(user["id"]).reset_key
    assert limits.once(f"reset:{resets._digest(key).decode()}", 60)
    assert browser().post(address, twice(NEW)).status_code == 403
    assert model.User.get(user["id"]).validate_password(PASSWORD)


def test_the_link_of_an_invitation_holds_some_days(city, browser) -> None:
    user = city.person("warga")
    mailer.create_reset_key(model.User.get(user["id"]))
    resets._invited("user_invite", result={"id": user["id"]})
    left = connect_to_redis().ttl(resets._key(user["id"]))
    assert 6 * 86400 < left <= 7 * 86400
    row = model.User.get(user["id"])
    assert browser().get(f"/user/reset/{row.id}?key={row.reset_key}").status_code == 200


@pytest.mark.parametrize("nobody", ["", "tidak-ada"])
def test_a_mail_to_nobody_is_no_error(city, nobody) -> None:
    resets.send(nobody)


def test_a_mail_says_where_to_and_nothing_of_who_asked(city, browser) -> None:
    user = city.person("warga")
    address = link(user["id"])
    subject, body = resets._text(model.User.get(user["id"]), tongues.INDONESIAN)
    assert subject.endswith("Kata sandi baru")
    assert address in body
    assert "60 menit" in body


def test_a_mail_that_the_server_refuses_is_tried_again_and_told_to_the_operator(city) -> None:
    user = city.person("warga")
    for _ in range(2):
        with pytest.raises(outbox.MailNotSentError, match=r"^account_reset$"):
            resets.send(user["id"])
    (mail,) = model.Session.query(Mail).filter_by(user_id=user["id"])
    assert (mail.state, mail.tries) == (WAITING, 2)
    mail.at -= dt.timedelta(hours=2)
    model.Session.commit()
    assert outbox.count().waiting == 1
    assert [finding.params for finding in mail_checks.check_mails()] == [{"count": "1"}]
    # Its link would be too late: what nobody needs any more is not sent.
    assert outbox.run() == (1, 0)
    assert mail_checks.check_mails() == []
