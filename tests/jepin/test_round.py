"""Seventy apps on this machine, with one fault or none: looked at twice, rightly and politely."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import uuid
from collections import defaultdict
from pathlib import Path

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import jobs

from ckanext.satudata_pontianak.jepin.pulse import looking, rounds
from ckanext.satudata_pontianak.jepin.pulse.looking import looked
from ckanext.satudata_pontianak.jepin.records.pulse_model import (
    OPEN,
    PulseCheck,
    PulseFault,
    PulseTarget,
)
from ckanext.satudata_pontianak.jepin.records.standing import standing
from ckanext.satudata_pontianak.jepin.rules.pulse import pulse
from ckanext.satudata_pontianak.jepin.rules.verdict import Evidence
from ckanext.satudata_pontianak.smki.records.model import SmkiIncident
from tests.apps_of_the_city import (
    ELSEWHERE,
    FORBIDDEN,
    GOOD,
    RANGE,
    Apps,
    Made,
    leading,
    outside,
    page,
    watched_sockets,
)

from .conftest import MORNING

SETTINGS = "ckanext.satudata_pontianak.pulse_"
GIVEN = ("timeout_seconds", "test_range", "resolver", "authorities")


@pytest.fixture
def apps(city, monkeypatch, ckan_config):
    made = Apps()
    given = {
        "timeout_seconds": 6,
        "test_range": RANGE,
        "resolver": f"127.0.0.1:{made.names.port}",
        "authorities": str(made.trusted),
    }
    assert given.keys() == {*GIVEN}
    for name, value in given.items():
        monkeypatch.setitem(ckan_config, SETTINGS + name, value)
    yield made
    made.close()


def register(city, apps: Apps) -> dict[str, Made]:
    """Put apps into the register as rows: that they are named has tests of its own."""
    owner = model.Group.get("dinkes").id
    known = {}
    for app in apps.apps:
        id_ = str(uuid.uuid4())
        package = model.Package(id=id_, name=id_, type="layanan", owner_org=owner)
        model.Session.add(package)
        row = PulseTarget(package_id=package.id, web=app.web, feed=app.more.get("feed"))
        row.robot = app.more.get("consent", False)
        model.Session.add(row)
        known[package.id] = app
    model.Session.commit()
    return known


def checks(at: dt.datetime) -> dict[str, PulseCheck]:
    query = sa.select(PulseCheck).where(PulseCheck.at == at)
    return {row.package_id: row for row in model.Session.scalars(query)}


def test_seventy_apps_are_told_apart_twice_and_nobody_else_is_asked(city, apps) -> None:
    apps.fill(70)
    known = register(city, apps)
    assert len({app.kind for app in known.values()}) == 26
    for number, at in ((1, MORNING), (2, MORNING + dt.timedelta(minutes=5))):
        with watched_sockets() as sockets:
            ran = rounds.run(at)
        assert (ran.looked, ran.ours, ran.busy) == (70, 0, False)
        found = checks(at)
        wrong = {
            app.kind: (found[id_].codes, found[id_].evidence)
            for id_, app in known.items()
            if tuple(found[id_].codes) != app.expected(number)
        }
        assert not wrong
        assert len(sockets) > 100
        assert outside(sockets, apps.names) == []
    assert apps.forbidden == []
    last: dict[str, float] = {}
    for host, moment, _ in apps.requests:
        assert moment - last.get(host, float("-inf")) >= 1
        last[host] = moment
    stand = standing(known)
    faults = {row.package_id: row for row in model.Session.scalars(sa.select(PulseFault))}
    for id_, app in known.items():
        red = pulse().red(app.codes)
        assert (id_ in faults and faults[id_].state == OPEN) == bool(red), app.kind
        wanted = "disturbed" if red else None if "not_from_here" in app.expected(2) else "open"
        link = not {"defaced", "off_domain"} & {*red}
        assert (stand[id_].word, stand[id_].link) == (wanted, link), app.kind
    # By night or by day, once for each page that was defaced.
    defaced = sum("defaced" in app.codes for app in known.values())
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(SmkiIncident)) == defaced


def test_a_worker_of_the_queue_does_the_round_that_was_asked_for(
    city, apps, cli, pytestconfig, tmp_path
) -> None:
    """A process of its own, as on a server."""
    made = apps.add("good over TLS", tls="good")
    (id_,) = register(city, apps)
    queue = jobs.get_queue("pulse")
    queue.empty()
    said = [cli.invoke(ckan, ["satudata", "pulse"]).output for _ in range(2)]
    assert ["A round is asked for." in said[0], "waits or runs already" in said[1]] == [True] * 2
    settings = tmp_path / "worker.ini"
    given = {name: tk.config[SETTINGS + name] for name in GIVEN}
    lines = [f"{SETTINGS}{name} = {value}" for name, value in given.items()]
    ini = Path(pytestconfig.option.ckan_ini).resolve()
    settings.write_text("\n".join(["[app:main]", f"use = config:{ini}", *lines]), encoding="utf-8")
    asked = [str(Path(sys.executable).with_name("ckan")), "-c", str(settings)]
    worker = subprocess.run(
        [*asked, "jobs", "worker", "--burst", "pulse"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert worker.returncode == 0, worker.stderr[-2000:]
    assert (queue.count, queue.failed_job_registry.count) == (0, 0), worker.stderr[-2000:]
    check = model.Session.scalars(sa.select(PulseCheck)).one()
    assert (check.package_id, check.outcome) == (id_, "answered"), check.evidence
    assert standing([id_])[id_].word == "open"
    assert {(host, agent.split("/")[0]) for host, _, agent in apps.requests} == {
        (made.host, "SatuDataPontianak")
    }


def test_only_hosts_whose_owner_agreed_are_asked_under_the_name_of_a_robot(city, apps) -> None:
    apps.add("good")
    apps.for_robots(agreed=True)
    apps.for_robots(agreed=False)
    register(city, apps)
    rounds.run(MORNING)
    agents: defaultdict[str, set[str]] = defaultdict(set)
    for host, _, agent in apps.requests:
        agents[host].add(agent)
    agreed = {app.host for app in apps.apps if app.more.get("consent")}
    assert {h for h, said in agents.items() if any("Googlebot" in one for one in said)} == agreed
    ours = {one for said in agents.values() for one in said if "Googlebot" not in one}
    assert ours == {rounds.way(()).agent}
    assert "http://" in next(iter(ours))


def test_a_page_that_is_hostile_spoils_the_look_at_no_other(city, apps, monkeypatch) -> None:
    apps.add("bad redirect", leading("http://[x"), ("off_domain",))
    apps.add("long reference", page(b"slot&#" + b"9" * 5000 + b";"))
    apps.add(
        "odd day", page(GOOD, "200 OK", "Last-Modified: Mon, 30 Nov 2026 10:00:00 +" + "9" * 30)
    )
    apps.add("server fails", codes=("no_resolver",))
    apps.names.broken.add(apps.apps[-1].host)
    apps.add("servers of the name are silent", codes=("no_resolver",))
    apps.names.silent.add(apps.apps[-1].host)
    apps.add("good")
    # What nobody thought of, in the look and in what is kept of it.
    apps.add("ours is at fault", codes=("not_from_here",))
    read = looking.Looker._read

    def fails(self, evidence, answer):
        if evidence.hosts == (apps.apps[6].host,):
            raise KeyError("x")
        return read(self, evidence, answer)

    monkeypatch.setattr(looking.Looker, "_read", fails)
    known = register(city, apps)
    assert rounds.run(MORNING).looked == 7
    found = checks(MORNING)
    assert {known[id_].kind: tuple(row.codes) for id_, row in found.items()} == {
        app.kind: app.codes for app in apps.apps
    }

    def found_nothing(*asked):
        for app, _ in looked(*asked):
            bad = known[app.id].kind == "good"
            yield app, Evidence("answered", status=2**70 if bad else 200, ms=2**70 if bad else 1)

    at = MORNING + dt.timedelta(minutes=5)
    assert rounds.run(at, found_nothing).looked == 7
    assert len(checks(at)) == 6


def test_a_redirect_takes_the_name_of_a_robot_to_nobody_who_did_not_agree(city, apps) -> None:
    apps.for_robots(agreed=False)
    other = apps.apps[0]
    apps.add("leads on", leading(other.web), consent=True)
    # Of a host that two apps name, both have to agree.
    apps.for_robots(agreed=True)
    shared = apps.apps[-1]
    apps.apps.append(Made("shared", shared.host, f"{shared.web}dua"))
    register(city, apps)
    rounds.run(MORNING)
    assert {host for host, _, agent in apps.requests if "Googlebot" in agent} == set()
    assert other.host in {host for host, _, _ in apps.requests}


def test_a_page_that_sets_a_cookie_and_leads_to_itself_is_no_circle(city, apps) -> None:
    sets = ("Set-Cookie: sesi=a1; Path=/; HttpOnly", "Set-Cookie: aman=b2; Secure")
    apps.add("for a cookie", page(b"", "302 Found", "Location: /", *sets), returning=page(GOOD))
    apps.add("again and again", page(b"", "302 Found", "Location: /", *sets), ("redirect_loop",))
    new = iter(range(1000))

    async def another(writer) -> None:
        cookie = f"Set-Cookie: n{next(new)}=x"
        await page(b"", "302 Found", "Location: /", cookie)(writer)

    apps.add("another one each time", another, ("redirect_loop",))
    apps.add("of another host", leading(apps.apps[0].web))
    known = register(city, apps)
    rounds.run(MORNING)
    found = {known[id_].kind: tuple(row.codes) for id_, row in checks(MORNING).items()}
    assert found == {app.kind: app.codes for app in apps.apps}
    assert {value for host, value in apps.cookies if host == apps.apps[0].host} == {"sesi=a1"}
    assert apps.apps[3].host not in {host for host, _ in apps.cookies}
    first = len(apps.cookies)
    assert [len(row.evidence["hosts"]) for row in checks(MORNING).values()].count(2) == 1
    # The next look knows nothing of the one before.
    before = len(apps.requests)
    rounds.run(MORNING + dt.timedelta(minutes=5))
    assert len(apps.cookies) == 2 * first
    assert len(apps.requests) == 2 * before


def test_when_our_own_name_server_is_silent_nothing_is_said_of_an_app(
    city, apps, monkeypatch
) -> None:
    monkeypatch.setitem(tk.config, SETTINGS + "resolver", "127.0.0.1:9")
    apps.add("good")
    register(city, apps)
    rounds.run(MORNING)
    assert [tuple(row.codes) for row in checks(MORNING).values()] == [("not_from_here",)]


def test_a_redirect_to_where_people_log_in_is_nothing_odd(city, apps) -> None:
    apps.names.known["masuk.pontianak.go.id"] = [[ELSEWHERE]]
    apps.add("log-in", leading("https://masuk.pontianak.go.id/"))
    register(city, apps)
    rounds.run(MORNING)
    (row,) = checks(MORNING).values()
    assert (row.outcome, row.codes, row.evidence["log_in"]) == ("answered", [], True)


def test_without_the_setting_nothing_of_this_machine_is_asked(city, apps, monkeypatch) -> None:
    monkeypatch.setitem(tk.config, SETTINGS + "test_range", None)
    apps.fill(2)
    for app in apps.apps:
        app.web = f"http://{app.host}/"
    known = register(city, apps)
    with watched_sockets() as sockets:
        rounds.run(MORNING)
    assert apps.requests == []
    assert {host for host, _ in sockets} == {"127.0.0.1"}  # the name server
    assert {tuple(row.codes) for row in checks(MORNING).values()} == {("not_from_here",)}
    assert {each.word for each in standing(known).values()} == {None}
    assert FORBIDDEN not in dict(sockets)


def test_a_round_that_was_ended_goes_on_where_it_was_and_one_runs_at_a_time(city, apps) -> None:
    for _ in range(4):
        apps.add("good")
    register(city, apps)

    class Ended(Exception):
        pass

    def ends(*asked):
        for number, found in enumerate(looked(*asked)):
            if number == 2:
                raise Ended
            assert rounds.run(MORNING).busy
            yield found

    with pytest.raises(Ended):
        rounds.run(MORNING, ends)
    assert len(checks(MORNING)) == 2
    assert rounds.run(MORNING + dt.timedelta(seconds=10)).looked == 2
    assert rounds.run(MORNING + dt.timedelta(seconds=20)).looked == 0
