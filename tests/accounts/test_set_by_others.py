"""No road sets a password past its rules; the server's own commands end all sessions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.ledger.service import entry_table

from .conftest import Browser

GOOD = "empat-kata-tanpa-hubungan-77"


def recorded() -> list[str]:
    """Return the last entries on accounts."""
    model.Session.rollback()
    query = sa.select(entry_table.c.event).where(entry_table.c.event.like("account.%"))
    return list(model.Session.scalars(query.order_by(entry_table.c.id.desc()).limit(3)))


def test_a_digest_of_a_password_is_taken_from_nobody(person: dict[str, Any]) -> None:
    admin = factories.Sysadmin()["name"]
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    reason = "Akun tidak bisa masuk lagi"
    asked = {"user": admin, "ignore_auth": False}
    call_action("satudata_break_glass_start", dict(asked), reason=reason, until=until)
    stored = model.User.get(person["id"]).password
    digest = model.User(password="singkat").password
    for action, values in (
        ("user_create", {"name": "akun-baru", "email": "akun@contoh.example"}),
        ("user_update", {"id": person["id"], "email": person["email"]}),
        ("user_patch", {"id": person["id"]}),
    ):
        for context in (dict(asked), {"user": admin, "ignore_auth": True}):
            with pytest.raises(tk.ValidationError) as refused:
                call_action(action, context, **values, password_hash=digest)
            model.Session.rollback()
            assert "password_hash" in refused.value.error_dict, action
    assert model.User.get("akun-baru") is None
    assert model.User.get(person["id"]).password == stored


def run(cli: Any, *args: str, typed: str = "") -> int:
    """Run a command of the server."""
    done = cli.invoke(ckan, list(args), input=typed)
    model.Session.rollback()
    return int(done.exit_code)


def test_the_servers_command_asks_what_the_portal_asks(browser: Browser, person, cli) -> None:
    command = ("satudata", "password")
    for wrong in ("singkat", "123456789012", person["name"] + "-rahasia"):
        assert run(cli, *command, person["name"], "--password", wrong) == 1, wrong
    assert run(cli, *command, "tidak-ada", "--password", GOOD) == 1
    assert browser.is_in
    assert run(cli, *command, person["name"], "--password", GOOD) == 0
    assert "account.password" in recorded()
    assert not browser.is_in
    assert model.User.get(person["id"]).validate_password(GOOD)


def test_ckans_own_command_is_recorded_and_ends_what_was_open(
    browser: Browser, person, cli
) -> None:
    assert run(cli, "user", "setpass", person["name"], typed="pendek-1\npendek-1\n") == 0
    assert "account.password" in recorded()
    assert not browser.is_in
