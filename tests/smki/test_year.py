"""A year in fast motion: each task is handed out, done or handed on, and none is forgotten.

The numbers of the year's review are reckoned here once more, from the exported ledger alone.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

from ckan import model

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.portal.smki.probes import probes
from ckanext.satudata_pontianak.smki import controls, findings, incidents, review, tasks
from ckanext.satudata_pontianak.smki.records.model import (
    SmkiControlChange,
    SmkiFinding,
    SmkiIncident,
    SmkiTask,
)
from ckanext.satudata_pontianak.smki.reviewing import meeting
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules.definition import smki

YEAR = 2027
CITY = ZoneInfo("Asia/Pontianak")
LOOKED_AT = ("tasks_in_time", "duties_held", "restore_drill", "rights_reviewed", "reviews_set")
NOTE = "Semua diperiksa dan sesuai."
FIELDS = {"result": "in_order", "note": NOTE, "paper": "BA/1/2027"}
LAZY = 3
"""Every third task waits until somebody else gets it."""


def due_today(rng: random.Random) -> None:
    """Have people do some of what is theirs, and of what was handed on."""
    for row in tasks.open_tasks():
        if row.kind.startswith(tasks.CONTROL) or row.user_id is None:
            continue
        if row.number % LAZY == 0 and row.escalated is None:
            continue
        if rng.random() < 0.2:
            asked = tasks.asks_of(row.kind).all
            given = {name: value for name, value in FIELDS.items() if name in asked}
            if "day" in asked:
                given["day"] = dt.datetime.now(CITY).date().isoformat()
            tasks.do(row, registry.actor_for(model.User.get(row.user_id)), given, lambda _: [])
    model.Session.commit()


def audited(city, day: int) -> None:
    """Have a finding opened each month; those of even months are answered and closed."""
    auditor, owner = actor(city, "pengawas"), actor(city, "walidata")
    if day % 30 == 10:
        found = {"control": "backup_fresh", "grade": "major", "found": f"{NOTE} Hari {day}."}
        findings.open_(auditor, found, lambda _: [])
    if day % 60 == 50:
        row = model.Session.scalars(
            sa.select(SmkiFinding).where(SmkiFinding.state == "open").order_by(SmkiFinding.number)
        ).first()
        assert row is not None
        findings.take(row, owner, "answer", dict.fromkeys(("cause", "remedy", "proof"), NOTE), none)
        findings.take(row, auditor, "close", {"note": NOTE}, none)
    model.Session.commit()


def happened(city, day: int) -> None:
    """Have an incident reported every fifty days; every other is concluded, some of them late."""
    if day % 50 == 5:
        given = {"kind": "loss", "severity": "low", "what": NOTE}
        at = dt.datetime.now(CITY).strftime("%Y-%m-%dT%H:%M")
        incidents.report(actor(city, "staf"), {**given, "known_at": at}, none)
    if day % 100 in (6, 80):
        row = model.Session.scalars(
            sa.select(SmkiIncident)
            .where(SmkiIncident.state == "open")
            .order_by(SmkiIncident.number.desc())
        ).first()
        assert row is not None
        texts = dict.fromkeys(("exposed", "cause", "lessons"), NOTE)
        told = {f"{name}_reason": NOTE for name in ("subjects", "authority", "sector")}
        incidents.conclude(row, actor(city, "ppid"), {**texts, **told}, none)
    model.Session.commit()


def decided(city, day: int) -> None:
    """Hold the review in the last month, and decide three times."""
    if day != 340:
        return
    leader, today = actor(city, "penetap"), dt.datetime.now(CITY).date()
    given = {"day": today.isoformat(), "paper": "BA/1/2027", "opinion": NOTE}
    row, _ = meeting.hold(leader, YEAR, given, none)
    for ahead, role in ((3, "operator"), (10, "koordinator"), (200, "auditor")):
        due = (today + dt.timedelta(days=ahead)).isoformat()
        meeting.decide(row, leader, {"text": NOTE, "role": role, "due": due}, none)
    model.Session.commit()


def none(_text: str) -> list[str]:
    return []


def actor(city, name: str):
    return registry.actor_for(model.User.get(city.users[name]["id"]))


@pytest.fixture
def walked(city) -> int:
    """Walk through the year, a day at a time; return the ledger's number before it."""
    city.person("staf")
    before = model.Session.scalar(sa.select(sa.func.coalesce(sa.func.max(entry_table.c.id), 0)))
    model.Session.rollback()
    rng, looks = random.Random(YEAR), probes()  # noqa: S311 - the same year each time
    for day in range(365):
        date = dt.date(YEAR, 1, 1) + dt.timedelta(days=day)
        with freeze_time(dt.datetime.combine(date, dt.time(1, 30))):
            tasks.hand_out()
            controls.run(looks, LOOKED_AT)
            tasks.remind()
            due_today(rng)
            for act in (audited, happened, decided):
                act(city, day)
    return before or 0


def entries(after: int) -> list[dict]:
    """Return what the exported ledger says of information security, in order."""
    query = sa.select(entry_table.c.text).where(entry_table.c.id > after)
    texts = model.Session.scalars(query.order_by(entry_table.c.id)).all()
    found = [json.loads(text) for text in texts]
    return [entry for entry in found if entry["event"].startswith("smki.")]


def day_of(entry: dict) -> dt.date:
    return dt.datetime.fromisoformat(entry["at"]).astimezone(CITY).date()


def recounted(found: list[dict]) -> dict[str, Counter[str]]:
    """Return what became of tasks, by kind of task, from entries alone."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    due: dict[str, dt.date] = {}
    for entry in found:
        said = entry["detail"]
        if not entry["event"].startswith("smki.task_"):
            continue
        kind = "controls" if said["kind"].startswith("control:") else "calendar"
        counts[kind][entry["event"]] += 1
        if entry["event"] == "smki.task_opened":
            due[said["task"]] = dt.date.fromisoformat(said["due"])
        if entry["event"] == "smki.task_done":
            counts[kind]["in_time"] += day_of(entry) <= due[said["task"]]
        if entry["event"] == "smki.task_handed_on":
            counts[kind]["escalated"] += said["escalated"]
    return counts


def red_days(found: list[dict], name: str, last: dt.date) -> tuple[int, int]:
    """Return how often a control turned red, and for how many days, from entries alone."""
    times = total = 0
    since = None
    for entry in found:
        said = entry["detail"]
        if said.get("control") != name:
            continue
        if since is not None:
            total += (day_of(entry) - since).days
        since = day_of(entry) if said["status"] == "red" else None
        times += said["status"] == "red"
    # A year that is over counts its last day.
    return times, total + ((last - since).days + 1 if since is not None else 0)


def moments(found: list[dict], event: str, key: str) -> dict[str, dt.datetime]:
    """Return when something happened last, by what it happened to, from entries alone."""
    return {
        entry["detail"][key]: dt.datetime.fromisoformat(entry["at"])
        for entry in found
        if entry["event"] == event
    }


def due_of(found: list[dict], event: str, key: str) -> dict[str, str]:
    return {e["detail"][key]: e["detail"]["due"] for e in found if e["event"] == event}


def findings_again(found: list[dict], last: dt.date) -> dict[str, int]:
    """Return what became of findings, from entries alone."""
    opened = due_of(found, "smki.finding_opened", "finding")
    closed = moments(found, "smki.finding_close", "finding")
    open_ = set(opened) - set(closed)
    return {
        "opened": len(opened),
        "closed": len(closed),
        "open": len(open_),
        "late": sum(dt.date.fromisoformat(opened[one]) < last for one in open_),
    }


def incidents_again(found: list[dict], last: dt.date) -> dict[str, int]:
    """Return what became of incidents and their clocks, from entries alone."""
    due = {
        name: dt.datetime.fromisoformat(at)
        for name, at in due_of(found, "smki.incident_report", "incident").items()
        if at
    }
    closed = moments(found, "smki.incident_conclude", "incident")
    ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), CITY)
    reported = moments(found, "smki.incident_report", "incident")
    return {
        "reported": len(reported),
        "open": len(set(reported) - set(closed)),
        "with_deadline": len(due),
        "in_time": sum(name in closed and closed[name] <= at for name, at in due.items()),
        "late": sum(closed.get(name, ends) > at for name, at in due.items()),
    }


def test_no_task_of_a_year_is_forgotten_and_its_numbers_are_those_of_the_ledger(
    city, walked
) -> None:
    rows = list(model.Session.scalars(sa.select(SmkiTask)))
    there = {(row.kind, row.period): row for row in rows}
    for planned in planning.year(smki(), YEAR):
        row = there[planned.kind, planned.period]
        assert row.user_id is not None
        assert (row.opened, row.due) == (planned.opens, planned.due)
        ended = row.due + dt.timedelta(days=12) < dt.date(YEAR, 12, 31)
        assert row.state == "done" or row.escalated or not ended, planned
    assert any(row.escalated for row in rows)

    found, last = entries(walked), dt.date(YEAR, 12, 31)
    told = review.numbers(YEAR, last + dt.timedelta(days=15), actor(city, "penetap"))
    assert told["until"] == last.isoformat()
    for kind, counted in (("calendar", told["all"]), ("controls", told["of_controls"])):
        again = recounted(found)[kind]
        assert counted == {
            "handed_out": again["smki.task_opened"],
            "done": again["smki.task_done"],
            "in_time": again["in_time"],
            "mended": again["smki.task_mended"],
            "handed_on": again["escalated"],
            "open": again["smki.task_opened"] - again["smki.task_done"] - again["smki.task_mended"],
        }, kind
    assert told["all"]["done"] > told["all"]["in_time"] > 0
    for row in told["controls"]:
        assert (row["times_red"], row["days_red"]) == red_days(found, row["control"], last)
    assert sum(row["times_red"] for row in told["controls"]) >= 2
    assert told["findings"] == findings_again(found, last)
    assert told["incidents"] == incidents_again(found, last)
    assert all(told["findings"][name] for name in ("opened", "closed", "open", "late"))
    assert all(told["incidents"][name] for name in ("in_time", "late", "open"))
    late = [row for row in rows if row.state == "open" and row.due < last]
    assert told["late"] == sum(not row.kind.startswith(tasks.CONTROL) for row in late)
    newest = meeting.last()
    assert newest is not None
    decisions = meeting.decisions(newest)
    assert {d.task_id for d, _ in decisions} == {
        e["detail"]["task"] for e in found if e["event"] == "smki.review_decided"
    }
    assert [task.due for _, task in decisions] == [d.due for d, _ in decisions]
    assert decisions[0][1].state == "done" or decisions[0][1].escalated


def test_what_happens_on_the_first_of_january_is_of_the_year_that_begins(city) -> None:
    with freeze_time(dt.datetime.combine(dt.date(YEAR + 1, 1, 1), dt.time(1, 30))):
        before = review.numbers(YEAR, actor=actor(city, "penetap"))
        found = {"control": "backup_fresh", "grade": "major", "found": NOTE}
        row, _ = findings.open_(actor(city, "pengawas"), found, none)
        happened(city, 5)
        after = review.numbers(YEAR, actor=actor(city, "penetap"))
        assert (after["findings"], after["incidents"]) == (
            before["findings"],
            before["incidents"],
        )
        begun = review.numbers(YEAR + 1, actor=actor(city, "penetap"))
        assert (begun["findings"]["opened"], begun["incidents"]["reported"]) == (1, 1)
        row.opened_at -= dt.timedelta(days=30)
        row.due = dt.date(YEAR, 12, 31)
        model.Session.commit()
        assert review.numbers(YEAR)["findings"]["late"] == 0
        row.due = dt.date(YEAR, 12, 30)
        model.Session.commit()
        assert review.numbers(YEAR)["findings"]["late"] == 1


def test_days_red_over_the_turn_of_a_year_are_counted_once_each(city) -> None:
    for day, status in ((dt.date(YEAR, 12, 20), "red"), (dt.date(YEAR + 1, 1, 5), "green")):
        at = dt.datetime.combine(day, dt.time(9), CITY)
        model.Session.add(SmkiControlChange(name="holds_short", at=at, status=status, said={}))
    model.Session.commit()
    today = dt.date(YEAR + 1, 2, 1)
    days_red = {
        year: next(
            row["days_red"]
            for row in review.numbers(year, today)["controls"]
            if row["control"] == "holds_short"
        )
        for year in (YEAR, YEAR + 1)
    }
    assert days_red == {YEAR: 12, YEAR + 1: 4}
