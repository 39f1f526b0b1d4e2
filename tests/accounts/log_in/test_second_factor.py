"""The second factor: asked of who decides, before anything else opens, and each code once."""

from __future__ import annotations

import datetime as dt
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from pyotp.totp import TOTP

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.accounts import actions, factors
from ckanext.satudata_pontianak.accounts.model import Factor, RecoveryCode, TokenEnd, now
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.tables import entry_table, plain_table

from ...city import PASSWORD
from ...refusals import refusal_of

PAGE = "/satudata/masuk/kode"
API = "/api/3/action"
SETTING = "ckanext.satudata_pontianak.second_factor"


@pytest.fixture(autouse=True)
def switched_on(with_plugins, monkeypatch):
    monkeypatch.setitem(tk.config, SETTING, True)


@pytest.fixture
def clear(city):
    yield
    model.Session.rollback()
    for table in (Factor, RecoveryCode, TokenEnd, Notice):
        model.Session.execute(sa.delete(table))
    model.Session.commit()


@pytest.fixture
def people(city, clear):
    return city


def secret_of(page: Any) -> str:
    return re.search(r"<code[^>]*>([A-Z2-7 ]{30,})</code>", page.text)[1].replace(" ", "")


def code_of(secret: str, steps: int = 0) -> str:
    return TOTP(secret).at(time.time() + 30 * steps)


def forget_step() -> None:
    """Let codes of this half minute be taken anew."""
    model.Session.execute(sa.update(Factor).values(last_step=None))
    model.Session.commit()


def enrol(person: Any, name: str) -> tuple[str, list[str]]:
    """Log in for the first time, set the factor up; return its key and the printed codes."""
    answer = person.log_in(name, PASSWORD)
    assert answer.status_code == 302, answer.text
    assert answer.location.endswith(PAGE)
    secret = secret_of(person.get(PAGE))
    done = person.post(PAGE, {"code": code_of(secret)})
    assert done.status_code == 200, done.text
    return secret, re.findall(r"<code[^>]*>(\w{5}-\w{5})</code>", done.text)


def test_who_decides_sets_one_up_before_anything_else_opens(people, browser) -> None:
    name = people.users["walidata"]["name"]
    person = browser()
    person.log_in(name, PASSWORD)
    for path in ("/user/edit", "/dashboard/", "/satudata/antrean", f"/user/{name}/api-tokens"):
        assert person.get(path).status_code != 200, path
    assert person.get(f"{API}/user_show", query_string={"id": name}).status_code in (403, 404)
    page = person.get(PAGE)
    secret = secret_of(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert 'src="data:image/svg+xml' in page.text
    assert secret_of(person.get(PAGE)) == secret
    wrong = person.post(PAGE, {"code": "000000"})
    assert wrong.status_code == 422
    assert not person.is_in()
    done = person.post(PAGE, {"code": code_of(secret)})
    assert len(re.findall(r"<code[^>]*>\w{5}-\w{5}</code>", done.text)) == 10
    assert person.is_in()
    told = sa.select(Notice.kind).where(Notice.user_id == people.users["walidata"]["id"])
    assert "account_factor" in list(model.Session.scalars(told))


@pytest.mark.parametrize("who", ["warga", "produsen", "kepala_dinkes", "pengawas"])
def test_who_does_not_decide_is_not_asked(people, browser, who) -> None:
    person = browser()
    person.log_in(people.users[who]["name"], PASSWORD)
    assert person.is_in()


@pytest.mark.parametrize("who", ["ppid", "penetap", "admin"])
def test_who_decides_and_who_runs_the_site_is_asked(people, browser, who) -> None:
    name = people.admin["name"] if who == "admin" else people.users[who]["name"]
    person = browser()
    assert person.log_in(name, PASSWORD).location.endswith(PAGE)
    assert not person.is_in()


def test_switched_off_nobody_is_asked(people, browser, monkeypatch) -> None:
    monkeypatch.setitem(tk.config, SETTING, False)
    person = browser()
    person.log_in(people.users["walidata"]["name"], PASSWORD)
    assert person.is_in()


def test_a_code_is_taken_once_also_printed_and_at_the_same_moment(people, browser) -> None:
    user = people.users["walidata"]
    secret, printed = enrol(browser(), user["name"])
    code = code_of(secret, 1)
    first, second = browser(), browser()
    for person in (first, second):
        person.log_in(user["name"], PASSWORD)
    assert first.post(PAGE, {"code": code}).status_code == 302
    assert second.post(PAGE, {"code": code}).status_code == 422
    assert second.post(PAGE, {"code": code_of(secret)}).status_code == 422
    assert first.is_in()
    assert not second.is_in()
    assert second.post(PAGE, {"code": printed[0].lower()}).status_code == 302
    assert second.is_in()

    def one(code: str) -> bool:
        try:
            return factors.take(user["id"], code)
        finally:
            model.Session.remove()

    forget_step()
    for code in (printed[1], code_of(secret)):
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(one, [code] * 8)).count(True) == 1
    assert not factors.take(user["id"], printed[0])


def test_wrong_codes_have_to_wait_and_a_right_one_then_too(people, browser) -> None:
    user = people.users["walidata"]
    _secret, printed = enrol(browser(), user["name"])
    thief = browser("198.51.100.9")
    thief.log_in(user["name"], PASSWORD)
    for n in range(5):
        assert thief.post(PAGE, {"code": f"00000{n}"}).status_code == 422
    assert thief.post(PAGE, {"code": printed[0]}).status_code == 422
    assert not thief.is_in()
    assert factors.codes_left(user["id"]) == 10


def test_a_device_that_is_known_has_its_own_count_of_codes(people, browser) -> None:
    user = people.users["walidata"]
    own = browser()
    secret, _ = enrol(own, user["name"])
    own.post("/user/_logout")
    thief = browser("198.51.100.9")
    thief.log_in(user["name"], PASSWORD)
    for n in range(6):
        thief.post(PAGE, {"code": f"00000{n}"})
    own.log_in(user["name"], PASSWORD)
    assert own.post(PAGE, {"code": code_of(secret, 1)}).status_code == 302


def test_who_gets_a_deciding_duty_while_signed_in_is_asked_at_once(people, browser) -> None:
    name = people.users["staf"]["name"]
    person = browser()
    person.log_in(name, PASSWORD)
    assert person.is_in()
    people.join("ppid", "staf", "admin")
    answer = person.get("/user/edit")
    assert answer.status_code == 302
    assert answer.location.endswith(PAGE)
    shown = person.get(f"{API}/satudata_notice_list")
    assert shown.status_code == 403
    assert "kode" in shown.get_json()["error"]["message"]
    assert person.post(f"{API}/satudata_notice_list", json={}).status_code == 403
    junk = {"Authorization": "bukan-token"}
    assert person.get(f"{API}/satudata_notice_list", headers=junk).status_code == 403
    assert person.get("/user/edit", headers=junk).status_code == 302
    secret = secret_of(person.get(PAGE))
    person.post(PAGE, {"code": code_of(secret)})
    assert person.is_in()


def test_nothing_of_a_factor_stands_anywhere_in_clear(people, browser, caplog) -> None:
    user = people.users["walidata"]
    last = model.Session.scalar(sa.select(sa.func.max(entry_table.c.id))) or 0
    caplog.set_level("DEBUG")
    secret, printed = enrol(browser(), user["name"])
    row = model.Session.get(Factor, user["id"])
    assert secret not in row.secret
    stored = [r.digest for r in model.Session.scalars(sa.select(RecoveryCode))]
    texts = [*stored, caplog.text]
    query = sa.select(entry_table.c.text).where(entry_table.c.id > last)
    texts += list(model.Session.scalars(query))
    query = sa.select(plain_table.c.value).where(plain_table.c.entry > last)
    texts += list(model.Session.scalars(query))
    shown = people.act("admin", "user_show", id=user["id"], include_plugin_extras=True)
    texts.append(str(shown))
    for word in (secret, *printed, *(p.replace("-", "") for p in printed)):
        assert not any(word in text for text in texts)


def test_a_new_password_by_mail_does_not_pass_by_the_factor(people, browser) -> None:
    user = people.users["walidata"]
    enrol(browser(), user["name"])
    row = model.User.get(user["id"])
    old = row.password
    row.password = "kunci-baru-lewat-surel"
    model.Session.commit()
    person = browser()
    assert person.log_in(user["name"], "kunci-baru-lewat-surel").location.endswith(PAGE)
    assert not person.is_in()
    model.User.get(user["id"])._password = old
    model.Session.commit()


def test_a_token_is_made_after_a_fresh_code_only_and_ends(people, browser, monkeypatch) -> None:
    user = people.users["walidata"]
    monkeypatch.setitem(tk.config, SETTING, False)
    before = people.token("walidata")
    monkeypatch.setitem(tk.config, SETTING, True)
    person = browser()
    show = f"{API}/satudata_notice_list"
    assert person.get(show, headers=before).status_code == 403
    enrol(person, user["name"])
    asked = {"user": user["name"], "name": "kerja"}
    made = person.post(f"{API}/api_token_create", json=asked).get_json()
    header = {"Authorization": made["result"]["token"]}
    program = browser()
    assert program.get(show, headers=header).status_code == 200
    again = program.post(f"{API}/api_token_create", json=asked, headers=header)
    assert again.status_code == 409
    model.Session.execute(sa.update(TokenEnd).values(ends_at=now()))
    model.Session.commit()
    assert program.get(show, headers=header).status_code == 403
    with people_clock_later(person):
        late = person.post(f"{API}/api_token_create", json=asked)
    assert late.status_code == 409


def people_clock_later(person: Any) -> Any:
    from freezegun import freeze_time

    return freeze_time(now() + dt.timedelta(minutes=11), tick=True)


def test_a_lost_factor_is_reset_under_emergency_access_and_told(people, browser) -> None:
    user = people.users["walidata"]
    person = browser()
    enrol(person, user["name"])
    reset = {"id": user["name"]}
    for who in ("warga", "walidata_2", "admin"):
        with pytest.raises(tk.NotAuthorized):
            people.act(who, "satudata_second_factor_reset", **reset)
    assert person.is_in()
    until = (now() + dt.timedelta(hours=1)).isoformat()
    reason = "Telepon Walidata hilang"
    people.act("admin", "satudata_break_glass_start", reason=reason, until=until)
    assert people.act("admin", "satudata_second_factor_reset", **reset)["reset"]
    assert not person.is_in()
    with refusal_of("id"):
        people.act("admin", "satudata_second_factor_reset", **reset)
    for wrong in ("tidak-ada", "", None, ["x"], {"a": 1}, "a\x00b"):
        with pytest.raises((tk.ObjectNotFound, tk.ValidationError)):
            people.act("admin", "satudata_second_factor_reset", id=wrong)
    query = sa.select(Notice.kind).where(Notice.user_id == user["id"])
    assert "account_factor_reset" in list(model.Session.scalars(query))
    event = sa.select(entry_table.c.event).order_by(entry_table.c.id.desc()).limit(5)
    assert "account.factor_reset" in list(model.Session.scalars(event))
    people.act("admin", "satudata_break_glass_end")
    assert browser().log_in(user["name"], PASSWORD).location.endswith(PAGE)
    assert not actions.take_factor_away(model.User.get(user["id"]), None)


def test_the_page_resets_a_lost_factor_under_emergency_access(people, browser) -> None:
    user = people.users["walidata"]["name"]
    person, admin = browser(), browser("203.0.113.8")
    enrol(person, user)
    enrol(admin, people.admin["name"])
    start, lost = "/satudata/akses-darurat", "/satudata/akses-darurat/kode"
    for path in (start, lost):
        assert person.get(path).status_code == 403
        assert person.post(path, {"id": user, "reason": "x" * 20}).status_code == 403
        assert browser("203.0.113.9").get(path).status_code == 302
    refused = admin.post(lost, {"id": user})
    assert refused.status_code == 403
    assert f'href="{start}"' in refused.text
    assert person.is_in()
    hour = (dt.datetime.now(days.CITY) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert admin.post(start, {"until": hour, "reason": "x"}).status_code == 422
    begun = admin.post(start, {"until": hour, "reason": "Telepon Walidata hilang"})
    assert begun.location.endswith(lost)
    assert admin.post(lost, {"id": "tidak-ada"}).status_code == 422
    assert admin.post(lost, {"id": user}).status_code == 302
    assert not person.is_in()
    assert admin.post(lost, {"id": user}).status_code == 422


def test_another_telephone_and_new_printed_codes_need_a_code(people, browser) -> None:
    user = people.users["walidata"]
    person = browser()
    secret, printed = enrol(person, user["name"])
    assert person.get(PAGE).status_code == 200
    assert person.post(PAGE, {"code": "000000", "what": "codes"}).status_code == 422
    fresh = person.post(PAGE, {"code": code_of(secret, 1), "what": "codes"})
    new = re.findall(r"<code[^>]*>(\w{5}-\w{5})</code>", fresh.text)
    assert len(new) == 10
    assert not factors.take(user["id"], printed[0])
    answer = person.post(PAGE, {"code": new[0], "what": "renew"})
    assert answer.status_code == 302
    assert not person.is_in()
    other = secret_of(person.get(PAGE))
    assert other != secret
    person.post(PAGE, {"code": code_of(other)})
    assert person.is_in()


def test_after_a_while_the_password_is_asked_for_again(people, browser) -> None:
    from freezegun import freeze_time

    person = browser()
    person.log_in(people.users["walidata"]["name"], PASSWORD)
    with freeze_time(now() + dt.timedelta(minutes=11), tick=True):
        assert person.get(PAGE).location.endswith("/user/login")
    assert browser().get(PAGE).location.endswith("/user/login")
