"""Each control turns red by itself when it is broken, tells its owner, and is green again after."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata_pontianak import config, days
from ckanext.satudata_pontianak.classification.clock import clock_runs, rounds
from ckanext.satudata_pontianak.classification.records.mail_model import Mail
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger import signing
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.portal.smki.probes import probes
from ckanext.satudata_pontianak.smki import clock, controls, tasks
from ckanext.satudata_pontianak.smki.records import roles
from ckanext.satudata_pontianak.smki.records.model import OPEN, SmkiControl, SmkiTask
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules.definition import smki
from ckanext.satudata_pontianak.smki.rules.evidence import Status

from .pairs import pairs
from .site import Site, ago

CONTROLS = {n: c for n, c in smki().controls.controls.items() if not c.excluded}
PAIRS = pairs()
NOTE = "Ditahan atas permintaan, dan sudah diperiksa."


def looked_at(name: str) -> str:
    """Look once at a control and return how it stands."""
    controls.run(probes(), [name])
    row = controls.standing()[name]
    return str(row.status)


def said(name: str) -> str:
    """Return what was found last, for whoever reads a failure."""
    return str(controls.standing()[name].said)


def of_control(name: str) -> list[SmkiTask]:
    """Return the tasks that a control opened, or of the calendar that prove it, the newest last."""
    query = sa.select(SmkiTask).where(
        SmkiTask.kind == (CONTROLS[name].task or f"{tasks.CONTROL}{name}")
    )
    return list(model.Session.scalars(query.order_by(SmkiTask.number)))


def owners(name: str) -> list[str]:
    """Return who carries the role that owns a control."""
    return planning.carriers(smki(), CONTROLS[name].role, roles.holders())


def told(row: SmkiTask) -> set[str]:
    """Return who was told of a red control."""
    query = sa.select(Notice.user_id).where(
        Notice.kind == "smki_control_red", Notice.about.startswith(f"smki_control_red:{row.id}:")
    )
    return set(model.Session.scalars(query))


def named() -> list[str]:
    """Return what nothing that is found may name: people and datasets."""
    user, package = model.User, model.Package
    people = model.Session.execute(sa.select(user.id, user.fullname, user.email)).tuples()
    datasets = model.Session.execute(sa.select(package.id, package.name, package.title)).tuples()
    return [str(text) for row in (*people, *datasets) for text in row if text]


def test_every_control_has_its_pair_and_every_pair_its_control() -> None:
    assert set(PAIRS) == set(CONTROLS)


def test_every_control_names_a_probe_that_is_there_and_every_probe_has_a_control() -> None:
    assert {c.probe for c in CONTROLS.values() if c.probe} == set(probes())


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_what_is_broken_is_red_at_once_and_is_not_once_it_is_mended(name, site: Site) -> None:
    holds = [Status.HAND] if CONTROLS[name].by_hand else [Status.GREEN, Status.YELLOW]
    pair = PAIRS[name]
    pair.mends(site)
    assert looked_at(name) in holds, said(name)
    pair.breaks(site)
    assert looked_at(name) == Status.RED, said(name)
    assert not [text for text in named() if text in said(name)]
    row = of_control(name)[-1]
    assert (row.state, row.role) == (OPEN, CONTROLS[name].role)
    assert owners(name)
    number, people = row.number, told(row)
    assert people == set(owners(name))
    pair.mends(site)
    assert looked_at(name) in holds, said(name)
    (row,) = [one for one in of_control(name) if one.number == number]
    assert row.state == (tasks.DONE if CONTROLS[name].task else tasks.MENDED)
    assert not [one for one in of_control(name) if one.state == OPEN]
    history = controls.history(name)
    assert [change.status for change in history][1] == Status.RED
    assert len(history) >= 2
    assert set(history[1].told) == people


def test_a_control_whose_probe_raises_is_red_and_harms_nothing(site: Site) -> None:
    def broken(look):
        model.Session.execute(sa.text("SELECT * FROM tiada"))

    site.option("ckanext.satudata_pontianak.backup_folder", str(site.folder))
    (site.folder / "satudata.dump").write_bytes(b"x")
    seen = {**probes(), "duties_held": broken}
    controls.run(seen, ["backup_fresh", "duties_held", "holds_short"])
    standing = {name: row.status for name, row in controls.standing().items()}
    assert standing == {"backup_fresh": "green", "duties_held": "red", "holds_short": "green"}
    assert "ProgrammingError" in said("duties_held")
    assert told(of_control("duties_held")[0]) == set(owners("duties_held"))
    controls.run({}, ["holds_short"])
    assert controls.standing()["holds_short"].status == Status.RED
    assert looked_at("duties_held") == Status.GREEN


TOGETHER = (
    "backup_fresh cases_in_time cases_there holds_short incidents_in_time"
    " reviews_in_time requests_in_time served_scanned nothing_left_over accounts_left"
    " accounts_used tokens_young administrators_apart demo_absent second_factor_share"
    " duties_doubled roles_apart mails_leave jobs_done ledger_protected options_off"
    " datastore_guarded restore_drill rights_reviewed heads_elsewhere tasks_in_time"
    " rules_young papers_signed decrees_scanned"
).split()
"""What may be broken at once: no break is another one's mend, and the clock mends none of it."""


def test_one_run_of_the_clock_turns_red_whatever_is_broken(site: Site, cli) -> None:
    ran = cli.invoke(ckan, ["satudata", "clock"])
    assert ran.exit_code == 0, ran.output
    assert "FAILED" not in ran.output
    model.Session.rollback()
    assert set(controls.standing()) == set(CONTROLS)
    for name in TOGETHER:
        PAIRS[name].mends(site)
    controls.run(probes(), TOGETHER)
    for name in TOGETHER:
        PAIRS[name].breaks(site)
    ran = cli.invoke(ckan, ["satudata", "clock"])
    assert ran.exit_code == 0, ran.output
    model.Session.rollback()
    standing = {name: row.status for name, row in controls.standing().items()}
    assert {name: said(name) for name in TOGETHER if standing[name] != Status.RED} == {}
    for name in TOGETHER:
        assert told(of_control(name)[-1]) == set(owners(name)), name


def test_a_clock_that_cannot_sign_the_ledger_still_tells_who_owns_the_control(site, cli) -> None:
    site.option(config.LEDGER_KEY_FILE, str(site.folder / "ledger.pem"))
    signing.make_missing()
    PAIRS["ledger_whole"].breaks(site)
    ran = cli.invoke(ckan, ["satudata", "clock"])
    assert ran.exit_code == 1
    assert "not intact" in ran.output
    model.Session.rollback()
    assert controls.standing()["ledger_whole"].status == Status.RED
    (row,) = of_control("ledger_whole")
    assert told(row) == set(owners("ledger_whole"))


def test_a_part_that_fails_stops_no_other_and_the_run_did_not_run_through(site, cli) -> None:
    def broken():
        yield "begun"
        raise RuntimeError

    parts = clock.parts(probes)
    try:
        rounds.join("smki.fill", broken)
        ran = cli.invoke(ckan, ["satudata", "clock"])
    finally:
        rounds.join("smki.fill", parts["smki.fill"])
    assert ran.exit_code == 1
    assert "begun\n" in ran.output
    assert "FAILED: smki.fill." in ran.output
    assert "people reminded of tasks" in ran.output
    model.Session.rollback()
    assert set(controls.standing()) == set(CONTROLS)
    assert clock_runs.last() is None


def test_two_runs_at_once_do_not_look_at_the_same_controls(site, cli) -> None:
    with controls.alone() as free:
        assert free
        ran = cli.invoke(ckan, ["satudata", "clock"])
        assert clock.BUSY in ran.output
        model.Session.rollback()
        assert controls.standing() == {}
    with controls.alone() as free:
        assert free


def test_a_look_that_is_too_old_says_nothing_of_today(site, app) -> None:
    PAIRS["holds_short"].mends(site)
    assert looked_at("holds_short") == Status.GREEN
    assert _board(site)["status"] == "green"
    site.write(sa.update(SmkiControl).values(looked_at=ago(hours=26)))
    row = _board(site)
    assert row["status"] == "unknown"
    assert "Nobody has looked since" in row["said"]
    headers = site.city.token("walidata")
    text = app.get("/satudata/keamanan/pernyataan.csv", headers=headers).data.decode("utf-8-sig")
    assert "Hijau" not in text
    found = app.get("/satudata/keamanan/oscal/hasil.json", headers=headers).data
    (result,) = json.loads(found)["assessment-results"]["results"]
    assert [f["target"]["status"]["state"] for f in result["findings"]] == ["not-satisfied"]


def _board(site: Site) -> dict[str, str]:
    rows = site.city.act("walidata", "satudata_smki_board")["controls"]
    (row,) = [row for row in rows if row["name"] == "holds_short"]
    return row


def test_the_user_of_the_site_needs_no_second_factor(site: Site) -> None:
    tk.get_action("get_site_user")({"ignore_auth": True}, {})
    PAIRS["second_factor_share"].mends(site)
    assert looked_at("second_factor_share") == Status.GREEN, said("second_factor_share")


def test_a_mail_that_was_lost_long_ago_is_red_no_more(site: Site) -> None:
    PAIRS["mails_leave"].mends(site)
    PAIRS["mails_leave"].breaks(site)
    assert looked_at("mails_leave") == Status.RED
    site.write(sa.update(Mail).values(tried_at=ago(days=8)))
    assert looked_at("mails_leave") == Status.GREEN


def test_the_task_of_a_period_ends_what_a_red_control_asked_for_before(site: Site) -> None:
    assert looked_at("rights_reviewed") == Status.RED
    (extra,) = of_control("rights_reviewed")
    tasks.hand_out()
    first, second = of_control("rights_reviewed")
    assert (first.number, first.state, second.state) == (extra.number, tasks.MENDED, OPEN)
    assert second.period == smki().tasks.tasks["rights_review"].period_of(days.today())
    assert looked_at("rights_reviewed") == Status.RED
    assert len(of_control("rights_reviewed")) == 2


def test_a_control_that_is_gone_leaves_no_open_task(site: Site) -> None:
    assert looked_at("roles_named") in (Status.YELLOW, Status.GREEN)
    PAIRS["holds_short"].breaks(site)
    assert looked_at("holds_short") == Status.RED
    kind = f"{tasks.CONTROL}of_before"
    site.write(sa.update(SmkiTask).values(kind=kind))
    looked_at("roles_named")
    (row,) = model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == kind))
    assert row.state == tasks.MENDED


def test_what_was_found_is_kept_and_read_again_in_whatever_language() -> None:
    msgid = "%(count)s, %(day)s, %(at)s: %(who)s"
    at = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    who = [Message("Internal auditor"), "PPID"]
    params = {"count": 3, "day": at.date(), "at": at, "who": who, "left": 0.5}
    kept = json.loads(json.dumps(controls.stored(Message(msgid, params))))
    said = controls.message(kept).text(lambda text: text.replace("Internal auditor", "Auditor"))
    assert said == Message(msgid, {**params, "who": "Auditor, PPID"}).text()


def test_a_task_that_is_open_already_is_not_asked_for_twice(site: Site) -> None:
    tasks.hand_out()
    assert looked_at("rights_reviewed") == Status.RED
    (row,) = of_control("rights_reviewed")
    assert told(row) == set(owners("rights_reviewed"))
    PAIRS["rights_reviewed"].mends(site)
    assert looked_at("rights_reviewed") == Status.HAND
    (row,) = of_control("rights_reviewed")
    assert row.state == tasks.DONE


def test_a_task_that_did_not_help_is_asked_for_again(site: Site) -> None:
    PAIRS["holds_short"].mends(site)
    PAIRS["holds_short"].breaks(site)
    assert looked_at("holds_short") == Status.RED
    (row,) = of_control("holds_short")
    names = {user["id"]: name for name, user in site.city.users.items()}
    site.city.act(names[str(row.user_id)], "satudata_smki_task_do", task=row.id, note=NOTE)
    assert looked_at("holds_short") == Status.RED
    first, second = of_control("holds_short")
    assert (first.state, second.state) == (tasks.DONE, OPEN)
    assert told(second) == set(owners("holds_short"))
    assert len(controls.history("holds_short")) == 1
