"""What is asked follows the address of the entry; another address begins anew."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata_pontianak.jepin.pulse import following, rounds
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseFault, PulseTarget
from ckanext.satudata_pontianak.jepin.records.standing import standing
from ckanext.satudata_pontianak.jepin.rules.verdict import Evidence

from .apps import FIELDS, app_of, publish_app, step, walk
from .conftest import DEAD, GOOD, Pulse

OTHER = "https://antrean-baru.contoh.pontianak.go.id/"
OUTSIDE = "https://contoh.example/antrean"
DEFACED = Evidence("answered", status=200, words={"gambling": ["slot gacor", "maxwin", "rtp live"]})


def change(city, id_: str, **values: str) -> None:
    city.act("produsen", "package_patch", id=id_, **values)


def asked(id_: str) -> str | None:
    row = model.Session.get(PulseTarget, id_, populate_existing=True)
    return row.web if row else None


def word(id_: str) -> tuple[str | None, bool]:
    found = standing([id_])[id_]
    return found.word, found.link


@pytest.fixture
def started(city) -> Pulse:
    made = Pulse(walk(city, publish_app(city), "start")["id"])
    made.at = dt.datetime.now(dt.UTC).replace(hour=3)
    return made


def test_another_address_begins_anew_and_what_was_before_stays_marked(city, app, started) -> None:
    id_ = started.id
    assert asked(id_) == FIELDS["url"]
    started.at -= dt.timedelta(days=1)
    started.look(GOOD, DEAD, DEAD)
    assert word(id_) == ("disturbed", True)
    change(city, id_, notes="Keterangan lain dari contoh.")
    assert (asked(id_), word(id_)) == (FIELDS["url"], ("disturbed", True))
    change(city, id_, url=f"{OTHER}#atas")
    assert (asked(id_), word(id_)) == (OTHER, (None, True))
    (fault,) = model.Session.scalars(sa.select(PulseFault))
    assert fault.state == "closed"
    shown = city.act("produsen", "satudata_jepin_pulse", id=id_)
    assert [each["web"] for each in shown["addresses"]] == [OTHER, FIELDS["url"]]
    assert [each["before"] for each in shown["checks"]] == [True] * 3
    assert (shown["found"], shown["uptime"], shown["alarm"]) == ([], None, None)
    page = app.get(f"/jepin/denyut/{id_}", headers=city.token("produsen")).body
    assert "alamat sebelumnya" in page
    assert FIELDS["url"] in page
    # Nothing of the fault before goes on: a failure is a suspicion again.
    started.at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    started.look(DEAD)
    model.Session.expire_all()
    assert sorted(model.Session.scalars(sa.select(PulseFault.state))) == ["closed", "suspected"]
    assert word(id_) == (None, True)
    shown = city.act("produsen", "satudata_jepin_pulse", id=id_)
    assert [each["before"] for each in shown["checks"]] == [False] + [True] * 3
    assert [each["code"] for each in shown["found"]] == ["no_name"]


def test_a_look_at_the_address_before_is_kept_of_none_and_a_defaced_one_leads_nobody(
    city, started
) -> None:
    id_ = started.id
    started.look(DEFACED)
    assert word(id_) == ("disturbed", False)

    def changes_meanwhile(apps, *_):
        for each in apps:
            change(city, id_, url=OTHER)
            yield each, DEFACED

    started.at += dt.timedelta(minutes=5)
    assert rounds.run(started.at, changes_meanwhile).failed == 0
    assert word(id_) == (None, False)
    started.at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    started.look(GOOD)
    assert word(id_) == ("open", True)


def test_what_was_named_by_hand_stays_and_what_was_taken_out_is_not_put_back(city, started) -> None:
    id_ = started.id
    city.act("produsen", "satudata_jepin_target_set", id=id_, web="")
    change(city, id_, notes="Keterangan lain dari contoh.")
    assert asked(id_) is None
    change(city, id_, url=OTHER)
    assert asked(id_) == OTHER
    by_hand = f"{OTHER}periksa"
    city.act("produsen", "satudata_jepin_target_set", id=id_, web=by_hand)
    change(city, id_, url=FIELDS["url"])
    assert asked(id_) == by_hand


def test_who_answers_for_an_app_reads_why_its_address_is_not_looked_at(city, app, started) -> None:
    id_ = started.id
    shown = city.act("produsen", "satudata_jepin_app_show", id=id_)
    assert shown["unasked"] is None
    outside = tk._("Only Walidata names an address outside the city's domains.")
    for url, why in ((OUTSIDE, outside), ("", tk._("The entry names no web address."))):
        change(city, id_, url=url, alamat_play_store="https://play.google.com/store/apps/x")
        assert asked(id_) is None
        shown = city.act("produsen", "satudata_jepin_app_show", id=id_)
        assert shown["unasked"] == why
        (row,) = city.act("produsen", "satudata_jepin_pulse_list")["results"]
        assert (row["id"], row["unasked"], row["word"]) == (id_, why, None)
        assert city.act(None, "satudata_jepin_app_show", id=id_)["unasked"] is None
    for page in (f"/layanan/{id_}", "/jepin/denyut", f"/jepin/denyut/{id_}"):
        said = app.get(page, headers=city.token("produsen")).body
        assert "Alamat belum diperiksa:" in said
        assert "Entri tidak menyebut alamat web." in said
    # One that comes back is asked again, and what Walidata names follows as well.
    change(city, id_, url=FIELDS["url"])
    assert asked(id_) == FIELDS["url"]
    change(city, id_, url=OUTSIDE)
    city.act("walidata", "satudata_jepin_target_set", id=id_, web=OUTSIDE)
    change(city, id_, url=OTHER)
    assert asked(id_) == OTHER


def test_another_spelling_of_the_same_host_ends_no_alarm(city, started) -> None:
    id_ = started.id
    started.look(GOOD, DEAD, DEAD)
    before = city.act("produsen", "satudata_jepin_pulse", id=id_)
    (fault,) = model.Session.scalars(sa.select(PulseFault))
    due = fault.due
    host = FIELDS["url"].removeprefix("https://")
    for url in (f"{FIELDS['url']}/?", f"http://www.{host}/masuk"):
        change(city, id_, url=url)
        assert (asked(id_), word(id_)) == (url, ("disturbed", True))
    city.act("produsen", "satudata_jepin_target_set", id=id_, web=FIELDS["url"])
    model.Session.refresh(fault)
    assert (fault.state, fault.due) == ("open", due)
    shown = city.act("produsen", "satudata_jepin_pulse", id=id_)
    assert [each["web"] for each in shown["addresses"]] == [FIELDS["url"]]
    kept = "uptime", "alarm", "found", "checks"
    assert [shown[name] for name in kept] == [before[name] for name in kept]


def test_what_walidata_mends_elsewhere_makes_no_address_of_an_editor_a_target(city) -> None:
    made = publish_app(city, url=OUTSIDE)
    # A step in its life by Walidata names no address either.
    step(city, "walidata", made, "start")
    assert asked(made["id"]) is None
    for before, found in ((OUTSIDE, None), (OTHER, OUTSIDE)):
        saved = {"user": city.users["walidata"]["name"], "original_package": {"url": before}}
        following.after_dataset_update(saved, {"id": made["id"]})
        assert asked(made["id"]) == found


def test_who_is_taken_out_is_put_back_by_no_edit_and_no_step(city, started) -> None:
    id_ = started.id
    by_hand = f"{OTHER}periksa"
    city.act("produsen", "satudata_jepin_target_set", id=id_, web=by_hand)
    city.act("produsen", "satudata_jepin_target_set", id=id_, web="")
    change(city, id_, notes="Keterangan lain dari contoh.")
    walk(city, {"id": id_}, "disturb", "restore")
    assert asked(id_) is None
    shown = city.act("produsen", "satudata_jepin_pulse", id=id_)
    assert [each["web"] for each in shown["addresses"]] == [by_hand, FIELDS["url"]]
    # Who names it by hand has it asked, and an entry with another address is asked as well.
    city.act("produsen", "satudata_jepin_target_set", id=id_, web=FIELDS["url"])
    assert asked(id_) == FIELDS["url"]
    city.act("produsen", "satudata_jepin_target_set", id=id_, web="")
    change(city, id_, url=OTHER)
    assert asked(id_) == OTHER


def test_an_app_that_is_not_in_use_has_no_address_asked(city) -> None:
    made = app_of(city)
    change(city, made["id"], url=OTHER)
    assert asked(made["id"]) is None
    assert city.act("produsen", "satudata_jepin_app_show", id=made["id"])["unasked"] is None


def test_a_portal_that_asks_apps_already_takes_the_tables_of_what_is_owed(
    city, started, cli
) -> None:
    for command in (["downgrade", "--version", "038_help_desk"], ["upgrade"]):
        model.Session.rollback()
        result = cli.invoke(ckan, ["db", *command, "-p", "satudata_pontianak"])
        assert result.exit_code == 0, result.output
    model.Session.rollback()
    model.Session.expire_all()
    target = model.Session.get(PulseTarget, started.id)
    assert (target.web, target.from_entry) == (FIELDS["url"], True)
    shown = city.act("produsen", "satudata_jepin_pulse", id=started.id)
    assert [each["web"] for each in shown["addresses"]] == [FIELDS["url"]]
