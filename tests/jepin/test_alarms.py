"""Who is told of a fault, when, and how it ends."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.records.pulse_model import TABLES, PulseFault, PulseTarget
from ckanext.satudata_pontianak.jepin.records.register_model import AppLife
from ckanext.satudata_pontianak.jepin.records.standing import standing
from ckanext.satudata_pontianak.jepin.rules.verdict import Evidence
from ckanext.satudata_pontianak.smki.cooperation import handed
from ckanext.satudata_pontianak.smki.records.cooperation_model import AgencyTask
from ckanext.satudata_pontianak.smki.records.model import SmkiIncident, SmkiTask

from ..city import AXES_LIMITED
from .apps import app_of, publish_app
from .conftest import DEAD, GOOD, MORNING, Pulse

DEFACED = msgspec.structs.replace(
    GOOD, words={"gambling": ["slot gacor", "maxwin", "situs toto", "rtp live"]}
)
UNSEEN = Evidence("not_from_here")
STUCK = """
CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'stuck'; END $$;
CREATE TRIGGER stuck BEFORE UPDATE ON satudata_pulse_fault
    FOR EACH ROW WHEN (OLD.package_id = '{id}') EXECUTE FUNCTION stuck();
"""


def told(kind: str = "jepin_down") -> list[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return sorted(model.Session.scalars(query.where(Notice.kind == kind)))


def names(city, *who: str) -> list[str]:
    return sorted(city.users[each]["name"] for each in who)


def faults() -> list[PulseFault]:
    query = sa.select(PulseFault).order_by(PulseFault.first_at)
    return list(model.Session.scalars(query.execution_options(populate_existing=True)))


def tasks() -> list[str]:
    return list(model.Session.scalars(sa.select(SmkiTask.state).where(SmkiTask.kind == "app_down")))


def at(hour: int, day: int = 30) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=days.CITY).astimezone(dt.UTC)


def test_one_failure_alarms_nobody_and_two_at_two_times_do(city, pulse) -> None:
    pulse.look(GOOD, DEAD)
    assert told() == []
    assert standing([pulse.id])[pulse.id].word == "open"
    pulse.look(DEAD)
    assert told() == names(city, "produsen", "produsen_2", "kepala_dinkes")
    found = standing([pulse.id])[pulse.id]
    assert (found.word, found.link, found.since) == ("disturbed", True, faults()[0].alarm_at)
    pulse.look(DEAD, DEAD, DEAD)
    assert len(told()) == 3


def test_an_app_that_comes_and_goes_alarms_once(city, pulse) -> None:
    pulse.look(*[DEAD, GOOD] * 30)
    pulse.look(*[GOOD] * 12, *[DEAD, DEAD, GOOD] * 10)
    assert len(faults()) == 1
    assert told() == names(city, "produsen", "produsen_2", "kepala_dinkes")


def test_it_is_over_when_the_app_has_answered_for_long_enough(city, pulse) -> None:
    pulse.look(DEAD, DEAD, GOOD)
    assert standing([pulse.id])[pulse.id].word == "disturbed"
    pulse.look(GOOD)
    assert standing([pulse.id])[pulse.id].word == "open"
    assert [row.state for row in faults()] == ["open"]
    pulse.look(*[GOOD] * 5)
    assert [row.state for row in faults()] == ["closed"]


def test_at_night_nobody_is_told_until_the_morning_and_of_what_is_over_nobody(city, pulse) -> None:
    pulse.at = at(23)
    pulse.look(DEAD, DEAD)
    assert standing([pulse.id])[pulse.id].word == "disturbed"
    assert told() == []
    pulse.at = at(6, 30) + dt.timedelta(days=1)
    pulse.look(DEAD)
    assert len(told()) == 3
    model.Session.execute(sa.delete(Notice))
    model.Session.execute(sa.delete(PulseFault))
    model.Session.commit()
    pulse.at = at(23) + dt.timedelta(days=3)
    pulse.look(DEAD, DEAD, *[GOOD] * 8)
    pulse.at += dt.timedelta(hours=9)
    pulse.look(GOOD)
    assert told() == []


def test_in_an_announced_maintenance_nothing_fails(city, pulse) -> None:
    row = model.Session.get(PulseTarget, pulse.id)
    row.maintenance_from, row.maintenance_until = MORNING, MORNING + dt.timedelta(minutes=20)
    model.Session.commit()
    pulse.look(*[DEAD] * 4)
    assert standing([pulse.id])[pulse.id].word == "maintenance"
    assert faults() == []
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert shown["checks"][0]["outcome"] == "maintenance"
    pulse.look(DEAD)
    assert standing([pulse.id])[pulse.id].word is None
    pulse.look(DEAD)
    assert standing([pulse.id])[pulse.id].word == "disturbed"


def test_nobody_is_told_in_a_maintenance_nor_while_it_answers(city, pulse) -> None:
    pulse.at = at(23)
    pulse.look(DEAD, DEAD)
    row = model.Session.get(PulseTarget, pulse.id)
    row.maintenance_from, row.maintenance_until = pulse.at, pulse.at + dt.timedelta(hours=8)
    model.Session.commit()
    pulse.at = at(6, 30) + dt.timedelta(days=1)
    pulse.look(DEAD)
    pulse.at += dt.timedelta(hours=2)
    pulse.look(GOOD)
    assert told() == []
    pulse.look(DEAD)
    assert len(told()) == 3


def test_after_the_owners_days_walidata_has_a_task_that_ends_by_itself(city, pulse) -> None:
    pulse.look(DEAD, DEAD)
    (row,) = faults()
    assert row.due == dt.date(2026, 12, 2)
    assert tasks() == []
    pulse.at = at(9, 30) + dt.timedelta(days=2)
    pulse.look(DEAD)
    assert tasks() == []
    pulse.at += dt.timedelta(days=1)
    pulse.look(DEAD, DEAD)
    assert tasks() == ["open"]
    assert set(told("smki_task")) <= set(names(city, "walidata", "walidata_2"))
    assert city.act("walidata", "satudata_jepin_pulse", id=pulse.id)["handed"]
    pulse.look(*[GOOD] * 8)
    assert tasks() == ["mended"]


def late(pulse) -> None:
    """Let an app fail until Walidata has a task."""
    pulse.look(DEAD, DEAD)
    pulse.at = at(9, 30) + dt.timedelta(days=3)
    pulse.look(DEAD)
    assert tasks() == ["open"]


def address(city, pulse, web: str | None) -> None:
    city.act("produsen", "satudata_jepin_target_set", id=pulse.id, web=web or "")


def test_who_fails_again_after_the_owners_days_is_told_first_again(city, pulse) -> None:
    late(pulse)
    pulse.look(*[GOOD] * 8)
    assert tasks() == ["mended"]
    pulse.look(DEAD, DEAD)
    assert tasks() == ["mended"]
    assert len(told()) == 6
    assert faults()[0].due == dt.date(2026, 12, 7)


@pytest.mark.parametrize("way", ["forgotten", "retired", "deleted", "purged"])
def test_of_an_app_that_is_asked_no_more_nothing_is_left_to_do(city, pulse, way) -> None:
    late(pulse)
    if way == "forgotten":
        address(city, pulse, None)
        assert tasks() == ["mended"]
        assert [row["state"] for row in owed(city, "produsen")] == ["closed"]
    elif way == "retired":
        ended = AppLife(package_id=pulse.id, state="retired", since=MORNING.date(), reason="x")
        model.Session.add(ended)
    elif way == "deleted":
        model.Package.get(pulse.id).state = "deleted"
    else:
        model.Package.get(pulse.id).purge()
    model.Session.commit()
    pulse.look(GOOD)
    assert tasks() == ["mended"]
    assert list(model.Session.scalars(sa.select(AgencyTask.state))) == ["closed"]
    assert len(pulse.asked) == 3
    if way == "purged":
        for table in TABLES:
            assert model.Session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    else:
        assert [row.state for row in faults()] == ["closed"]


def test_whose_address_is_taken_out_and_put_back_is_as_defaced_as_before(city, pulse) -> None:
    pulse.look(GOOD, DEFACED, DEFACED)
    address(city, pulse, None)
    assert not standing([pulse.id])[pulse.id].link
    pulse.look(GOOD)
    address(city, pulse, "https://app.pontianak.go.id/")
    assert not standing([pulse.id])[pulse.id].link
    pulse.at += dt.timedelta(hours=1)
    pulse.look(GOOD)
    assert not standing([pulse.id])[pulse.id].link
    pulse.look(*[GOOD] * 7)
    assert standing([pulse.id])[pulse.id].link


def test_a_defaced_page_loses_its_link_at_once_and_opens_one_incident(city, pulse) -> None:
    pulse.at = at(2)
    pulse.look(GOOD, DEFACED)
    found = standing([pulse.id])[pulse.id]
    assert (found.word, found.link) == ("disturbed", False)
    (incident,) = model.Session.scalars(sa.select(SmkiIncident))
    assert (incident.kind, incident.state) == ("defacement", "open")
    shown = city.act("walidata", "satudata_smki_incident_show", incident=incident.number)
    assert [each["id"] for each in shown["datasets"]] == [pulse.id]
    assert shown["reported_by"] is None
    assert told("smki_incident")
    pulse.look(DEFACED, DEFACED, DEAD)
    assert not standing([pulse.id])[pulse.id].link
    pulse.look(*[GOOD] * 30)
    found = standing([pulse.id])[pulse.id]
    assert (found.word, found.link) == ("open", True)
    pulse.look(DEFACED)
    assert len(list(model.Session.scalars(sa.select(SmkiIncident)))) == 1
    assert not standing([pulse.id])[pulse.id].link
    # Once that is concluded, words that are there again are an incident of their own.
    model.Session.execute(sa.update(SmkiIncident).values(state="closed"))
    model.Session.commit()
    pulse.look(GOOD, DEFACED, DEFACED)
    assert len(list(model.Session.scalars(sa.select(SmkiIncident)))) == 2


def test_what_is_not_seen_from_here_is_no_failure_and_has_no_word(city, pulse) -> None:
    pulse.look(*[UNSEEN] * 5)
    assert faults() == []
    assert standing([pulse.id])[pulse.id].word is None
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert [each["grade"] for each in shown["found"]] == ["none"]
    assert shown["uptime"] is None


def test_an_end_of_a_certificate_is_told_within_a_month_and_within_a_week_once_each(pulse) -> None:
    until = MORNING.date() + dt.timedelta(days=20)
    near = msgspec.structs.replace(GOOD, tls_until=until)
    pulse.look(near, near, near)
    assert len(told("jepin_certificate")) == 3
    pulse.at += dt.timedelta(days=15)
    pulse.look(near, near)
    assert len(told("jepin_certificate")) == 6
    assert standing([pulse.id])[pulse.id].word == "open"


def test_when_nearly_nobody_can_be_reached_it_is_our_own_line(city, pulse) -> None:
    silent, nameless = Evidence("no_answer"), Evidence("no_resolver")
    others = [f"app-{number}" for number in range(7)]
    for other in others:
        model.Session.add(model.Package(id=other, name=other, type="layanan"))
        model.Session.add(PulseTarget(package_id=other, web=f"https://{other}.pontianak.go.id/"))
    model.Session.commit()
    everybody = dict.fromkeys([pulse.id, *others], silent)
    assert pulse.once(everybody, MORNING).ours == 8
    assert pulse.once(everybody, MORNING + dt.timedelta(minutes=5)).ours == 8
    # Those that never are seen from here do not hide that nobody else is.
    mixed = {**dict.fromkeys([pulse.id, *others], UNSEEN), **dict.fromkeys(others[:5], nameless)}
    assert pulse.once(mixed, MORNING + dt.timedelta(minutes=10)).ours == 5
    assert faults() == []
    two = {**dict.fromkeys([pulse.id, *others], GOOD), others[0]: silent, others[1]: silent}
    assert pulse.once(two, MORNING + dt.timedelta(minutes=15)).failed == 2


@pytest.mark.parametrize("kind", ["jepin_down", "jepin_certificate"])
def test_a_notice_leads_to_the_page_of_the_pulse(city, app, pulse, kind) -> None:
    until = MORNING.date() + dt.timedelta(days=20)
    bad = DEAD if kind == "jepin_down" else msgspec.structs.replace(GOOD, tls_until=until)
    pulse.look(bad, bad)
    number = model.Session.scalar(
        sa.select(Notice.id).where(
            Notice.kind == kind, Notice.user_id == city.users["produsen"]["id"]
        )
    )
    answer = app.get(
        f"/satudata/pemberitahuan/{number}",
        headers=city.token("produsen"),
        follow_redirects=False,
    )
    assert answer.headers["Location"].endswith(f"/jepin/denyut/{pulse.id}")


def owed(city, who: str) -> list[dict]:
    return city.act(who, "satudata_agency_task_list")["results"]


def test_what_fails_is_a_task_of_its_agency_among_others_until_it_is_back(city, app, pulse) -> None:
    pulse.look(DEAD)
    assert owed(city, "produsen") == []
    pulse.look(DEAD)
    title = model.Package.get(pulse.id).title
    (row,) = owed(city, "produsen")
    assert (row["state"], row["source"], row["due"]) == ("handed", "pulse", "2026-12-02")
    assert (row["receiver"]["name"], title in row["subject"]) == ("dinkes", True)
    assert row["waits_for"] == row["receiver"]
    for who, count in (("staf", 1), ("walidata", 1), ("produsen_lain", 0)):
        assert len(owed(city, who)) == count
    inside = city.act("staf", "satudata_agency_office", id="dinkes")
    assert [each["number"] for each in inside["tasks"]] == [row["number"]]
    assert inside["tasks_waiting"] == 1
    page = app.get(
        f"/satudata/kerja-sama/tugas/{row['number']}", headers=city.token("produsen")
    ).body
    assert f"/layanan/{model.Package.get(pulse.id).name}" in page
    assert told("agency_task") == []  # of the fault they were told
    pulse.look(*[GOOD] * 8)
    (row,) = owed(city, "produsen")
    assert row["state"] == "closed"
    # It fails again before its day: the same task is owed once more, and nobody is told twice.
    pulse.look(DEAD, DEAD, DEAD)
    (again,) = owed(city, "produsen")
    assert (again["number"], again["state"], again["due"]) == (row["number"], "handed", row["due"])
    assert len(told()) == 3
    shown = city.act("produsen", "satudata_agency_task_show", task=row["number"])
    assert [each["step"] for each in shown["steps"]] == ["hand", "close", "ask_again"]
    assert [each["actor"] for each in shown["steps"]] == [None] * 3
    assert shown["dataset"]["title"] == title
    # Whoever closed it by hand is asked no more.
    closing = {"step": "close", "text": "Aplikasi ini akan diganti bulan depan."}
    city.act("walidata", "satudata_agency_task_step", task=row["number"], **closing)
    pulse.look(DEAD, DEAD)
    assert [each["state"] for each in owed(city, "produsen")] == ["closed"]


def test_the_owed_task_follows_the_app_to_another_agency(city, pulse) -> None:
    late(pulse)
    (old,) = owed(city, "produsen")
    model.Package.get(pulse.id).owner_org = city.orgs["disdukcapil"]["id"]
    model.Session.commit()
    pulse.at = at(23) + dt.timedelta(days=3)
    pulse.look(DEAD)
    # By night the old one ends, and nobody is woken.
    assert [row["state"] for row in owed(city, "produsen")] == ["closed"]
    assert (tasks(), len(told()), owed(city, "produsen_lain")) == (["mended"], 3, [])
    pulse.at = at(9) + dt.timedelta(days=4)
    pulse.look(DEAD, DEAD)
    assert set(names(city, "produsen_lain")) <= set(told())
    (new,) = owed(city, "produsen_lain")
    assert (new["receiver"]["name"], new["state"]) == ("disdukcapil", "handed")
    assert (new["number"] > old["number"], new["due"]) == (True, "2026-12-08")
    assert [row["state"] for row in owed(city, "produsen")] == ["closed"]
    pulse.look(*[GOOD] * 8)
    assert [row["state"] for row in owed(city, "produsen_lain")] == ["closed"]


def test_a_task_of_an_app_is_there_for_who_may_know_of_the_app_alone(city) -> None:
    pulse = Pulse(app_of(city)["id"])
    pulse.set()
    pulse.look(DEAD, DEAD)
    (row,) = owed(city, "produsen")
    assert owed(city, "staf") == []
    said = []
    for number in (row["number"], 999_999):
        with pytest.raises(tk.ObjectNotFound) as refused:
            city.act("staf", "satudata_agency_task_show", task=number)
        said.append(str(refused.value))
    assert said[0] == said[1]
    inside = city.act("staf", "satudata_agency_office", id="dinkes")
    assert (inside["tasks"], inside["tasks_waiting"]) == ([], 0)
    # It rises where it is late, for those alone as well, and tells nobody else of its day.
    handed.remind(dt.date(2027, 2, 1))
    found = {who: city.act(who, "satudata_forum_agenda")["results"] for who in ("produsen", "staf")}
    assert [item["dataset"]["name"] for item in found["produsen"]] == [
        model.Package.get(pulse.id).name
    ]
    assert found["staf"] == []
    inside = "produsen", "produsen_2", "kepala_dinkes", "walidata", "walidata_2", "staf"
    knows = {who for who in inside if owed(city, who)}
    assert "staf" not in knows
    assert {*told("agency_task_late")} <= {*names(city, *knows)}


def test_of_an_app_that_is_only_counted_there_is_no_task(city) -> None:
    level = {**AXES_LIMITED, "tingkat_keamanan": "sangat_rahasia"}
    made = app_of(city, **level, tampil_di_jepin="tidak")
    city.step("produsen", made, "submit")
    city.step("walidata", made, "refer", catatan="Perlu diuji")
    city.step("ppid", made, "assess", **city.assess_fields())
    city.step("penetap", made, "approve", nomor="SK-8/2026")
    pulse = Pulse(made["id"])
    pulse.set()
    pulse.look(DEAD, DEAD)
    assert [row.state for row in faults()] == ["open"]
    assert model.Session.scalars(sa.select(AgencyTask)).all() == []


def test_what_fails_of_one_app_keeps_nothing_from_others(city, pulse) -> None:
    second = Pulse(publish_app(city)["id"])
    second.set(web="https://lain.pontianak.go.id/")
    both = dict.fromkeys((pulse.id, second.id), DEAD)
    for minutes in (0, 5):
        pulse.once(both, MORNING + dt.timedelta(minutes=minutes))
    first, other = model.Session.scalars(sa.select(AgencyTask).order_by(AgencyTask.number)).all()
    numbers = first.number, other.number
    # A state that no definition has: whatever is asked of the row fails.
    first.state = "gone"
    other.due = dt.date(2026, 12, 1)
    model.Session.commit()
    handed.remind(dt.date(2027, 2, 1))
    query = sa.select(AgencyTask.number).where(AgencyTask.risen.is_not(None))
    assert list(model.Session.scalars(query)) == [numbers[1]]
    # As in a round: a fault that cannot be ended keeps no other from its end.
    model.Session.execute(sa.delete(PulseTarget))
    model.Session.execute(sa.text(STUCK.format(id=pulse.id)))
    model.Session.commit()
    try:
        pulse.once({}, MORNING + dt.timedelta(minutes=10))
    finally:
        model.Session.rollback()
        model.Session.execute(sa.text("DROP FUNCTION stuck CASCADE"))
        model.Session.commit()
    states = {row.package_id: row.state for row in faults()}
    assert states == {pulse.id: "open", second.id: "closed"}
