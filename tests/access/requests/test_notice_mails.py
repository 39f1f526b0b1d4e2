"""One mail a person of what is new: sent once, tried again, without a word of what it is about."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer
from ckan.plugins import core as plugin_core

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification import cli
from ckanext.satudata_pontianak.classification.clock import rounds
from ckanext.satudata_pontianak.classification.notices import mails as notice_mails
from ckanext.satudata_pontianak.classification.notices import notices
from ckanext.satudata_pontianak.classification.notices.mails import Sent
from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.classification.records.notice_model import SENDING, Notice
from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest
from ckanext.satudata_pontianak.classification.rules import deadlines


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.LogCaptureFixture]:
    """What mailer and mails write, also where the order of imports has switched them off."""
    loggers = [mailer.log, notice_mails.log]
    for logger in loggers:
        monkeypatch.setattr(logger, "disabled", False)
        monkeypatch.setattr(logger, "level", logging.INFO)
        logger.addHandler(caplog.handler)
    yield caplog
    for logger in loggers:
        logger.removeHandler(caplog.handler)


def tell(city: Any, *who: str, kind: str = "hold_placed", **values: Any) -> None:
    ids = [city.users[name]["id"] for name in who]
    notices.tell(model.Session, kind, ids, **values)
    model.Session.commit()


def sent(relay: Any) -> dict[str, tuple[str, str]]:
    """Return address -> subject and text of what came; one mail for each address."""
    found = {to: (subject, body) for to, subject, body in relay.mails}
    assert len(found) == len(relay.mails)
    relay.mails.clear()
    return found


def address(city: Any, name: str) -> str:
    return city.users[name]["email"]


def test_everybody_gets_one_mail_once_and_it_says_nothing_of_the_data(
    city, app, relay, logged
) -> None:
    dataset = city.limit()
    title = dataset["title"]
    model.Session.execute(sa.delete(Notice))  # of the steps that made it
    for _ in range(3):
        tell(city, "walidata", "ppid", dataset_id=dataset["id"])
    due = "2026-11-26T20:00:00+00:00"
    facts = {"number": 7, "due": due}
    tell(city, "ppid", kind="incident_begun", dataset_id=dataset["id"], facts=facts)
    assert notice_mails.run() == Sent(sent=2)
    mails = sent(relay)
    assert set(mails) == {address(city, "walidata"), address(city, "ppid")}
    subject, body = mails[address(city, "ppid")]
    assert "4 pemberitahuan" in subject
    assert body.index("Sebuah insiden dimulai (1)") < body.index(
        "Data sebuah dataset ditangguhkan (3)"
    )
    assert "nomor 7, sampai 27 November 2026, 03.00 WIB" in body
    for word in (title, dataset["name"], dataset["id"], "Dinkes"):
        assert word not in subject + body
    assert notice_mails.run() == Sent()
    assert sent(relay) == {}
    assert address(city, "ppid") not in logged.text
    # The address in the mail says nothing either, and leads only its own reader on.
    row = model.Session.query(Notice).filter_by(user_id=city.users["walidata"]["id"]).first()
    link = f"/satudata/pemberitahuan/{row.id}"
    went = app.get(link, headers=city.token("walidata"), follow_redirects=False, status=302)
    assert dataset["id"] in went.headers["Location"]
    app.get(link, headers=city.token("ppid"), status=404)
    page = app.get("/satudata/pemberitahuan", headers=city.token("ppid"))
    assert title in page.body


def test_a_notice_of_what_one_may_not_know_any_more_leads_back_to_the_list(city, app) -> None:
    tell(city, "walidata", dataset_id=city.dataset()["id"])
    row = model.Session.query(Notice).order_by(Notice.id.desc()).first()
    row.user_id = city.users["warga"]["id"]
    model.Session.commit()
    link, who = f"/satudata/pemberitahuan/{row.id}", city.token("warga")
    went = app.get(link, headers=who, follow_redirects=False, status=302)
    assert went.headers["Location"].endswith("/satudata/pemberitahuan")
    app.get(link, headers=who, status=200)


def test_a_mail_that_was_refused_is_sent_with_the_next_run_and_no_other_twice(city, relay) -> None:
    tell(city, "walidata", "ppid")
    relay.refused.add(address(city, "walidata"))
    assert notice_mails.run() == Sent(sent=1, failed=1)
    assert list(sent(relay)) == [address(city, "ppid")]
    tell(city, "walidata", "walidata_2")
    relay.refused.clear()
    assert notice_mails.run() == Sent(sent=2)
    mails = sent(relay)
    assert set(mails) == {address(city, "walidata"), address(city, "walidata_2")}
    assert "2 pemberitahuan" in mails[address(city, "walidata")][0]


def test_a_mail_that_was_cut_off_is_not_sent_again_and_is_told(city, relay) -> None:
    tell(city, "walidata")
    row = model.Session.query(Notice).one()
    row.mail, row.mailed_at = SENDING, dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    model.Session.commit()
    assert notice_mails.run() == Sent(cut_off=1)
    assert sent(relay) == {}


def test_without_a_mail_server_nothing_counts_as_sent(city, relay, monkeypatch) -> None:
    tell(city, "walidata")
    with monkeypatch.context() as without:
        without.setitem(tk.config, "smtp.server", "")
        assert notice_mails.run() == Sent(no_mailer=True)
    assert notice_mails.run() == Sent(sent=1)


def test_whoever_left_or_has_no_address_is_written_to_no_more(city, relay) -> None:
    tell(city, "produsen_lain", "walidata")
    model.User.get(city.users["produsen_lain"]["name"]).state = "deleted"
    model.Session.commit()
    assert notice_mails.run() == Sent(sent=1)
    assert notice_mails.run() == Sent()
    model.User.get(city.users["produsen_lain"]["name"]).state = "active"
    model.Session.commit()


def test_what_somebody_does_without_is_not_mailed_and_a_legal_duty_always_is(
    city, app, relay
) -> None:
    mails = city.act("ppid", "satudata_notice_list")["mails"]
    assert all(item["wanted"] for item in mails)
    for wrong in (["incident_begun"], ["tiada"], "decision_over", 7):
        with pytest.raises(tk.ValidationError) as refused:
            city.act("ppid", "satudata_notice_choose", without=wrong)
        assert list(refused.value.error_dict) == ["without"]
    with pytest.raises(tk.NotAuthorized):
        city.act(None, "satudata_notice_choose", without=["hold_placed"])
    wanted = [item["kind"] for item in mails if item["kind"] != "hold_placed"]
    page, token = "/satudata/pemberitahuan/surat", city.token("ppid")
    app.post(page, data={"mail": wanted}, headers=token, follow_redirects=False, status=302)
    tell(city, "ppid")
    assert notice_mails.run() == Sent()
    tell(city, "ppid", kind="incident_begun", facts={"number": 1})
    assert notice_mails.run() == Sent(sent=1)
    (text,) = sent(relay).values()
    assert "1 pemberitahuan" in text[0]
    assert city.act("ppid", "satudata_notice_list")["count"] == 2
    assert 'value="hold_placed"' in app.get(page, headers=token).body
    city.act("ppid", "satudata_notice_choose", without=[])


class Broken(p.SingletonPlugin, p.INotifier):
    """A notifier that fails for somebody, and sends nothing."""

    def notify_about_topic(
        self, already_notified: bool, topic: str, details: dict[str, Any] | None = None
    ) -> bool:
        if (details or {})["user"].name == "walidata":
            raise RuntimeError("walidata@contoh.id is unknown")
        return already_notified


def test_a_notifier_that_fails_stops_nobody_elses_mail(city, relay, monkeypatch, logged) -> None:
    tell(city, "walidata", "ppid")
    broken = Broken(name="broken")
    monkeypatch.setitem(plugin_core._PLUGINS_SERVICE, "broken", broken)
    assert notice_mails.run() == Sent(sent=1)
    assert list(sent(relay)) == [address(city, "ppid")]
    assert "RuntimeError" in logged.text
    assert "walidata@contoh.id" not in logged.text


class Messenger(p.SingletonPlugin, p.INotifier):
    """A notifier of another plugin's: it takes over what it is offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.topics: list[tuple[str, dict[str, Any]]] = []

    def notify_about_topic(
        self, already_notified: bool, topic: str, details: dict[str, Any] | None = None
    ) -> bool:
        self.topics.append((topic, details or {}))
        return True


def test_another_plugins_notifier_takes_the_place_of_the_mail(city, relay, monkeypatch) -> None:
    tell(city, "walidata")
    messenger = Messenger(name="messenger")
    # As if it stood in ckan.plugins; loading it needs an installed package.
    monkeypatch.setitem(plugin_core._PLUGINS_SERVICE, "messenger", messenger)
    assert notice_mails.run() == Sent(sent=1)
    assert sent(relay) == {}
    ((topic, details),) = messenger.topics
    assert topic == notice_mails.TOPIC
    assert details["user"].name == city.users["walidata"]["name"]


def test_whoever_may_not_know_of_a_dataset_is_told_of_its_incident_alone(city) -> None:
    """By its number: to an editor of the owner agency what is top secret does not exist."""
    dataset = city.seal("sangat_rahasia")
    model.Session.execute(sa.delete(Notice))
    tell(city, "produsen", "kepala_dinkes", "walidata", "ppid", dataset_id=dataset["id"])
    told = set(model.Session.scalars(sa.select(Notice.user_id)))
    assert told == {city.users[name]["id"] for name in ("kepala_dinkes", "ppid")}
    facts = {"number": 1}
    about = {"dataset_id": dataset["id"], "incident_id": "x"}
    tell(city, "produsen", kind="incident_begun", facts=facts, **about)
    (row,) = city.act("produsen", "satudata_notice_list")["results"]
    assert (row["number"], row["dataset_id"], row["dataset_title"]) == (1, None, None)


def test_the_clock_tells_of_deadlines_and_mails_it_in_one_run(
    city, window, relay, monkeypatch
) -> None:
    """Before a deadline whoever has the case or request; after it also who stands above."""
    # What rooms above tell of in the same run has tests of its own.
    monkeypatch.setattr(rounds, "_rounds", {})
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    request = window.ask("warga", city.limit())
    relay.deliver()

    def run(case_due: dt.date, request_due: dt.date) -> dict[str, tuple[str, str]]:
        case = model.Session.query(Case).filter(Case.state == "verification").one()
        case.due = case_due
        model.Session.get(AccessRequest, request["id"]).due = request_due
        model.Session.execute(sa.delete(Notice))
        model.Session.commit()
        relay.mails.clear()
        done = CliRunner().invoke(cli.clock, catch_exceptions=False)
        assert done.exit_code == 0
        again = CliRunner().invoke(cli.clock, catch_exceptions=False)
        assert "0 people told of a deadline." in again.output
        assert "0 mails sent." in again.output
        return sent(relay)

    far = days.today() + dt.timedelta(days=60)
    assert run(far, far) == {}
    soon = run(days.today(), days.today())
    assert set(soon) == {address(city, n) for n in ("walidata", "walidata_2", "ppid", "ppid_2")}
    assert "harus segera dijawab" in soon[address(city, "walidata")][1]
    long_ago = days.today() - dt.timedelta(days=10)
    late = run(long_ago, far)
    # Whoever is late, and their superior, on working days.
    people = (
        {"walidata", "walidata_2", "penetap"} if deadlines.is_working_day(days.today()) else set()
    )
    assert set(late) == {address(city, name) for name in people}
    # Who may not know of the dataset learns that something is late, and not what.
    listed = city.act("penetap", "satudata_notice_list")["results"]
    assert [row["dataset_id"] for row in listed] == [None] * len(people & {"penetap"})
