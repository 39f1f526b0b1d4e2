"""Log-in: the same answer whatever is wrong, waits that grow, and who they never stop."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.lib import signals
from ckan.tests import factories

from ckanext.satudata_pontianak.accounts import devices, limits, login, telling
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.tables import refusal_table
from ckanext.satudata_pontianak.surface.accounts import accounts

from ...city import PASSWORD
from .conftest import words

WRONG = "salah-sekali-salah"


def tries(door: str) -> int:
    table = refusal_table
    query = sa.select(sa.func.coalesce(sa.func.sum(table.c.tries), 0)).where(table.c.exit == door)
    model.Session.rollback()
    return int(model.Session.scalar(query))


def test_name_or_mailbox_and_password_open_a_session(city, browser) -> None:
    user = city.person("warga")
    for name in (user["name"], user["email"].upper()):
        person = browser()
        answer = person.log_in(name, PASSWORD)
        assert answer.status_code == 302
        assert person.is_in()


def test_everything_that_is_wrong_has_the_same_answer(city, browser) -> None:
    name = city.person("warga")["name"]
    gone = factories.User()
    city.act("admin", "user_delete", id=gone["id"])
    answers = [
        browser(f"198.51.100.{n}").log_in(*pair)
        for n, pair in enumerate(
            [
                (name, WRONG),
                ("tidak-ada", WRONG),
                (gone["name"], PASSWORD),
                ("", ""),
                ("x" * 200, "y" * 200),  # what is longer is refused before anybody looks
                (name.upper(), PASSWORD),
                ("%", "_"),
            ]
        )
    ]
    for _ in range(12):
        browser("198.51.100.77").log_in("sudah-terlalu-sering", WRONG)
    answers.append(browser("198.51.100.78").log_in("sudah-terlalu-sering", WRONG))
    assert {a.status_code for a in answers} == {200}
    assert len({words(a) for a in answers}) == 1
    assert len({tuple(sorted(k for k, _ in a.headers)) for a in answers}) == 1


def test_plugins_that_listen_hear_of_a_failed_log_in_as_core_tells_it(city, browser) -> None:
    name, heard = city.person("warga")["name"], []
    with signals.failed_login.connected_to(heard.append):
        browser().log_in(name, WRONG)
        browser().log_in(name, PASSWORD)
    assert heard == [name]


def test_a_form_without_fields_is_refused_like_a_wrong_password(city, browser) -> None:
    assert browser().post("/user/login", {}).status_code == 200
    assert browser().post("/user/login", {"remember": "x", "login": "a"}).status_code == 200


def test_after_wrong_ones_the_right_password_waits_and_the_wait_grows(city, browser) -> None:
    name = city.person("warga")["name"]
    stranger = browser()
    for _ in range(5):
        stranger.log_in(name, WRONG)
    assert stranger.log_in(name, PASSWORD).status_code == 200
    assert not stranger.is_in()
    windows = limits.windows(accounts().tries.account)
    assert [w.get_expiry() for w in windows] == [60, 900, 3600, 86400]
    assert [w.amount for w in windows] == [5, 10, 20, 60]


def test_many_at_once_are_not_let_through_either(city, browser) -> None:
    name = city.person("warga")["name"]
    heard: list[bool] = []

    def one(n: int) -> None:
        heard.append(limits.take(accounts().tries.account, limits.under("account", name)))

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(one, range(40)))
    assert heard.count(True) == 5


def test_one_address_that_tries_many_accounts_waits(city, browser) -> None:
    name = city.person("warga")["name"]
    for n in range(20):
        browser().log_in(f"orang-{n}", WRONG)
    assert browser().log_in(name, PASSWORD).status_code == 200
    elsewhere = browser("203.0.113.8")
    assert elsewhere.log_in(name, PASSWORD).status_code == 302


def test_the_address_that_a_stranger_claims_is_not_counted(city, browser) -> None:
    name = city.person("warga")["name"]
    for n in range(20):
        browser().log_in(f"orang-{n}", WRONG, headers={"X-Forwarded-For": f"192.0.2.{n}"})
    answer = browser().log_in(name, PASSWORD, headers={"X-Forwarded-For": "192.0.2.99"})
    assert answer.status_code == 200


def test_a_known_device_and_a_session_are_never_stopped(city, browser) -> None:
    name = city.person("warga")["name"]
    own, signed_in = browser(), browser()
    assert own.log_in(name, PASSWORD).status_code == 302
    assert signed_in.log_in(name, PASSWORD).status_code == 302
    own.post("/user/_logout")
    assert not own.is_in()
    for n in range(25):
        browser(f"198.51.100.{n}").log_in(name, WRONG)
        browser().log_in(f"orang-{n}", WRONG)
    assert browser("198.51.100.200").log_in(name, PASSWORD).status_code == 200
    assert signed_in.is_in()
    assert own.log_in(name, PASSWORD).status_code == 302
    assert own.is_in()


def test_a_device_is_known_for_who_logged_in_there_alone_and_waits_too(city, browser) -> None:
    one, other = city.person("warga")["name"], city.person("staf")["name"]
    own = browser()
    own.log_in(one, PASSWORD)
    own.post("/user/_logout")
    for n in range(6):
        browser(f"198.51.100.{n}").log_in(other, WRONG)
    assert own.log_in(other, PASSWORD).status_code == 200
    for _ in range(5):
        own.log_in(one, WRONG)
    assert own.log_in(one, PASSWORD).status_code == 200


def test_a_device_that_was_forgotten_is_a_stranger(city, browser) -> None:
    user = city.person("warga")
    own = browser()
    own.log_in(user["name"], PASSWORD)
    own.post("/user/_logout")
    devices.forget(user["id"])
    model.Session.commit()
    for n in range(6):
        browser(f"198.51.100.{n}").log_in(user["name"], WRONG)
    assert own.log_in(user["name"], PASSWORD).status_code == 200


def test_what_is_right_clears_the_count_of_the_account(city, browser) -> None:
    name = city.person("warga")["name"]
    for _ in range(3):
        for n in range(4):
            browser(f"198.51.100.{n}").log_in(name, WRONG)
        assert browser("198.51.100.9").log_in(name, PASSWORD).status_code == 302


def test_tries_are_counted_in_the_ledger_and_told_once(city, browser) -> None:
    user = city.person("warga")
    before, blocked = tries("login"), tries("login.blocked")
    for n in range(9):
        browser(f"198.51.100.{n}").log_in(user["name"], WRONG)
    assert tries("login") - before == 5
    assert tries("login.blocked") - blocked == 4
    for _ in range(2):
        telling.tries(user["id"])
    telling.tries("")
    query = sa.select(Notice.kind).where(Notice.user_id == user["id"])
    assert list(model.Session.scalars(query)) == ["account_tries"]


def test_telling_is_queued_also_for_a_name_that_nobody_has(city, browser) -> None:
    def queued() -> list[list[str]]:
        from ckan.lib import jobs

        found = jobs.get_queue("priority").jobs
        return [job.args[0] for job in found if job.func_name.endswith("telling.tries")]

    user, before = city.person("warga"), len(queued())
    for n in range(7):
        browser(f"198.51.100.{n}").log_in(user["name"], WRONG)
        browser(f"198.51.100.{n}").log_in("tidak-ada", WRONG)
    assert len(queued()) - before == 2


def test_nothing_wrong_takes_another_time(city, browser) -> None:
    name = city.person("warga")["name"]
    with browser().app.test_request_context():
        times: dict[str, list[float]] = {"known": [], "unknown": []}
        for n in range(14):
            for key, who in (("known", name), ("unknown", f"tidak-ada-{n}")):
                begun = time.perf_counter()
                assert login.authenticate({"login": who, "password": WRONG}) is None
                times[key].append(time.perf_counter() - begun)
    known, unknown = (statistics.median(times[key]) for key in ("known", "unknown"))
    assert 0.7 < known / unknown < 1.4


def test_without_redis_nobody_comes_in(city, browser, monkeypatch) -> None:
    from redis.exceptions import ConnectionError as Gone

    def fails(*_):
        raise Gone

    monkeypatch.setattr(limits, "limiter", fails)
    name = city.person("warga")["name"]
    assert browser().log_in(name, PASSWORD).status_code == 200


@pytest.mark.parametrize("action", ["user_show", "package_search", "user_login"])
def test_the_api_takes_no_password(city, browser, action) -> None:
    person = browser()
    user = city.person("warga")
    data = {"login": user["name"], "password": PASSWORD, "id": user["id"]}
    person.post(f"/api/3/action/{action}", data)
    answer = person.get("/api/3/action/user_show", query_string={"id": user["id"]})
    assert answer.status_code in (403, 404)
    basic = (user["name"], PASSWORD)
    assert person.get("/user/edit", auth=basic).status_code != 200
