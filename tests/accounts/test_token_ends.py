"""Tokens end where the way into an account is set by other hands; by its own person they stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from passlib.hash import pbkdf2_sha512

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import mailer
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.accounts import resets
from ckanext.satudata_pontianak.accounts.model import Factor
from ckanext.satudata_pontianak.classification.records.notice_model import Notice

from ..refusals import refusal_of
from .conftest import WORD, Browser

NEW = "kata-sandi-lain-9"
MINE = "/api/3/action/satudata_session_list"


class Account:
    """Somebody with a token and a mailbox, an administrator, and a stranger with a token."""

    def __init__(self, app: Any, cli: Any, person: dict[str, Any]) -> None:
        self.app, self.cli = app, cli
        self.id, self.name = person["id"], person["name"]
        self.admin = factories.Sysadmin()["name"]
        self.other = self.token(factories.User()["name"])
        self.own = self.token(self.name)

    def token(self, name: str) -> str:
        made = call_action("api_token_create", {"user": name}, user=name, name="program")
        return str(made["token"])

    def opens(self, token: str) -> bool:
        """Tell whether a token still says who calls."""
        model.Session.rollback()
        said = self.app.test_client(use_cookies=False).get(MINE, headers={"Authorization": token})
        return bool(said.status_code == 200)

    def change(self, user: str, **given: Any) -> None:
        call_action("user_patch", {"user": user, "ignore_auth": False}, id=self.id, **given)

    def by_administrator(self, **given: Any) -> None:
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
        asked = {"user": self.admin, "ignore_auth": False}
        reason = "Akun tidak bisa masuk lagi"
        call_action("satudata_break_glass_start", asked, reason=reason, until=until)
        self.change(self.admin, **given)

    def by_link(self) -> None:
        user = model.User.get(self.id)
        assert user is not None
        mailer.create_reset_key(user)
        user = model.User.get(self.id)
        assert user is not None
        resets.hold(user, 60)
        sent = {"password1": NEW, "password2": NEW}
        address = f"/user/reset/{user.id}?key={user.reset_key}"
        client = self.app.test_client()
        assert client.post(address, data=sent, follow_redirects=False).status_code == 302

    def by_command(self, *args: str, typed: str = "") -> None:
        done = self.cli.invoke(ckan, list(args), input=typed)
        assert done.exit_code == 0, done.output

    def without_factor(self) -> None:
        model.Session.add(Factor(user_id=self.id, id=self.id, secret="x"))
        model.Session.commit()
        self.by_command("satudata", "second-factor-reset", self.name)

    def told(self) -> list[str]:
        model.Session.rollback()
        return list(model.Session.scalars(sa.select(Notice.kind).where(Notice.user_id == self.id)))


@pytest.fixture
def account(app: Any, cli: Any, person: dict[str, Any]) -> Account:
    """Somebody with a token that works."""
    made = Account(app, cli, person)
    assert made.opens(made.own)
    return made


def a_mailbox(account: Account) -> None:
    account.by_administrator(email="lain@contoh.example")


def a_password(account: Account) -> None:
    account.by_administrator(password=NEW)


def portals_command(account: Account) -> None:
    account.by_command("satudata", "password", account.name, "--password", NEW)


def ckans_command(account: Account) -> None:
    account.by_command("user", "setpass", account.name, typed="pendek-1\npendek-1\n")


ROADS: dict[Callable[[Account], None], str | None] = {
    a_mailbox: "account_access",
    a_password: "account_access",
    Account.by_link: "account_password",
    portals_command: "account_access",
    # CKAN's own command tells nobody; the ledger has it.
    ckans_command: None,
    Account.without_factor: "account_factor_reset",
}


@pytest.mark.parametrize("road", list(ROADS), ids=lambda road: road.__name__)
def test_what_others_set_ends_the_tokens_and_is_told(account: Account, road) -> None:
    road(account)
    assert not account.opens(account.own)
    assert account.opens(account.other), "those of somebody else stay"
    kind = ROADS[road]
    assert account.told() == ([kind] if kind else [])


def test_what_a_person_sets_with_the_old_password_ends_no_token(account: Account) -> None:
    account.change(account.name, password=NEW, old_password=WORD)
    account.change(account.name, email="lain@contoh.example", old_password=NEW)
    account.change(account.name, fullname="Nama Contoh")
    assert account.opens(account.own)
    assert account.told() == []


def test_what_is_refused_ends_no_token(account: Account) -> None:
    with refusal_of("old_password"):
        account.change(account.name, password=NEW, old_password="salah")
    model.Session.rollback()
    with pytest.raises(tk.NotAuthorized):
        account.change(account.admin, password=NEW)
    model.Session.rollback()
    with refusal_of("password"):
        account.by_administrator(password="pendek")
    assert account.opens(account.own)
    assert account.told() == []


def test_an_old_hash_that_is_written_anew_at_a_log_in_ends_no_token(account: Account) -> None:
    old = pbkdf2_sha512.using(rounds=1000).hash(WORD)
    change = sa.text('UPDATE "user" SET password = :old WHERE id = :id')
    model.Session.execute(change, {"old": old, "id": account.id})
    model.Session.commit()
    browser = Browser(account.app)
    browser.log_in(account.name)
    assert browser.is_in
    model.Session.rollback()
    assert model.Session.get(model.User, account.id).password != old
    assert account.opens(account.own)


def test_the_page_of_sessions_says_what_becomes_of_tokens(browser: Browser, person) -> None:
    page = browser.client.get("/satudata/sesi").body
    assert "Token API" in page
    assert f"/user/{person['name']}/api-tokens" in page
