"""Taking over a living portal: what was there stays, and nothing opens by itself."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import search
from ckan.tests.helpers import changed_config

from ckanext.satudata_pontianak import config, paths
from ckanext.satudata_pontianak.classification import startup
from ckanext.satudata_pontianak.classification.adoption import adoption
from ckanext.satudata_pontianak.classification.adoption import command as adopting
from ckanext.satudata_pontianak.classification.cases import record, steps
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Case, Pointer, Scan, Version
from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.classification.versions import versions

from .old_portal import SEARCH, Portal, actor, case_of, content, govern, package, portal, rows

__all__ = ["portal"]  # the fixture
pytestmark = pytest.mark.ckan_config(config.GOVERNED_TYPES, [])
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ ")


def told(key: str, **values: Any) -> str:
    """Return what the command says, in the language of the site."""
    with (paths.translations() / "id/LC_MESSAGES/ckanext-satudata_pontianak.po").open("rb") as file:
        message = read_po(file, "id").get(adopting.TEXTS[key])
    assert message is not None
    return str(message.string) % values


def plain(result: Any) -> str:
    """Return what a command printed, without the lines that CKAN's loading logs there."""
    lines = result.stdout.splitlines(keepends=True)
    return "".join(line for line in lines if not LOG_LINE.match(line))


def report_of(result: Any) -> Any:
    """Return the JSON that a command printed, among what is logged there."""
    lines = plain(result).splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith("{"))
    return json.JSONDecoder().raw_decode("".join(lines[first:]))[0]


def command(cli, *words: str) -> Any:
    """Run ``ckan satudata adopt``."""
    return cli.invoke(ckan, ["satudata", "adopt", *words])


def says_what_would_close(cli, portal: Portal) -> None:
    """A dry run counts, names what is missing, and changes nothing."""
    before = rows()
    said = command(cli, "--dry-run")
    assert said.exit_code == 0, said.output
    counted = {"datasets": 12, "public": 10, "public_files": 8, "public_links": 3}
    for key in ("outlook", "public", "links", "private", "drafts", "missing", "ready"):
        assert told(key, **counted, private=1, drafts=1, missing=1) in said.output
    assert "hilang: " + portal.datasets["hilang"]["resources"][0]["id"] in said.output
    found = report_of(command(cli, "--dry-run", "--json"))
    assert (found["datasets"], found["public_links"], found["without_agency"]) == (12, 3, 0)
    assert rows() == before


def lie_where_they_should(city, portal: Portal) -> None:
    """Public datasets lie with Walidata, the others with their agencies."""
    states = {name: case_of(name).state for name in portal.datasets}
    closed = {"tertutup", "konsep"}
    assert {n for n, s in states.items() if s == "draft"} == closed
    assert {n for n, s in states.items() if s == "verification"} == set(states) - closed
    for name in portal.datasets:
        case = case_of(name)
        expected = {} if name in closed else {"proposer": frozenset({city.admin["id"]})}
        assert reads.parts_of(case.id) == expected
        assert case.reason == "adopted"
        assert bool(case.evidence) == (name not in closed)
        proposed = {value for value in case.proposal.values() if value}
        assert proposed == (set() if name in closed else {"berkala", "biasa", "tidak_ada"})


def say_nothing_to_outsiders(portal: Portal) -> None:
    """Cases and versions are not public, also while the types are not governed."""
    for name in ("tertutup", "konsep", "terbuka-0"):
        resource = portal.datasets[name]["resources"][0]
        version = reads.waiting_versions([portal.datasets[name]["id"]])[0]
        assert version.resource_id == resource["id"]
        version_id = version.id
        for who in (None, "warga", "produsen_lain", "staf"):
            shown = portal.get(who, f"/api/3/action/satudata_classification_show?id={name}")
            assert shown[0] == 404, (who, name)
            assert portal.get(who, f"/satudata/versi/{version_id}/unduh")[0] == 404
    explain = "/api/3/action/satudata_access_explain?channel=exists&id="
    assert portal.get("warga", explain + "tertutup")[0] == 404
    assert portal.get("warga", explain + "terbuka-0")[0] == 200


def test_nothing_changes_for_anybody_before_the_switch(portal, city, cli) -> None:
    says_what_would_close(cli, portal)
    before = portal.seen()
    modified = {n: package(n).metadata_modified for n in portal.datasets}
    activities = model.Session.execute(sa.text("SELECT count(*) FROM activity")).scalar_one()
    report = adoption.run(actor(city), batch=5)
    assert report.errors == []
    assert (report.public, report.private, report.drafts) == (10, 1, 1)
    assert (report.files, report.links, report.missing, report.findings) == (10, 3, 1, 1)
    search.rebuild()
    assert portal.seen() == before
    model.Session.expire_all()
    assert {n: package(n).metadata_modified for n in portal.datasets} == modified
    after = model.Session.execute(sa.text("SELECT count(*) FROM activity")).scalar_one()
    assert after == activities
    lie_where_they_should(city, portal)
    say_nothing_to_outsiders(portal)


def test_what_core_says_of_a_dataset_that_holds_nothing_is_said_before_the_switch(portal) -> None:
    shown = json.loads(portal.get(None, "/api/3/action/package_show?id=kosong")[1])["result"]
    found = json.loads(portal.get(None, SEARCH)[1])["result"]["results"]
    (hit,) = (each for each in found if each["name"] == "kosong")
    columns = {"license_id", "maintainer", "maintainer_email", "notes", "url", "author", "version"}
    for answer in (shown, hit):
        assert {key: answer[key] for key in columns} == dict.fromkeys(columns)
        assert answer["extras"] == []
    shown = json.loads(portal.get(None, "/api/3/action/package_show?id=terbuka-0")[1])["result"]
    assert shown["resources"][0]["description"] is None


def test_a_run_that_is_killed_goes_on_and_a_second_one_changes_nothing(
    portal, city, monkeypatch, cli
) -> None:
    real, seen = versions.scan, []

    def kill(version: Version, child: Any = None) -> Scan:
        seen.append(version.id)
        if len(seen) in (4, 9):
            raise KeyboardInterrupt
        return real(version, child)

    monkeypatch.setattr(versions, "scan", kill)
    done = [0]
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            adoption.run(actor(city), batch=3)
        model.Session.rollback()
        done.append(len(set(model.Session.scalars(sa.select(Case.package_id)))))
        assert done[-2] < done[-1] < 12
        whole = sa.select(sa.func.count()).where(Version.case_id.is_(None))
        assert model.Session.scalar(whole) == 0
    monkeypatch.undo()
    result = command(cli, "--user", city.admin["name"], "--batch", "4")
    assert result.exit_code == 0, result.output
    opened = 12 - done[-1]
    assert f"0 dari {opened} dataset" in result.stderr
    assert f"{opened} dari {opened} dataset" in result.stderr
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Case.__table__)) == 12
    before = rows()
    again = command(cli, "--user", city.admin["name"])
    assert (again.exit_code, plain(again)) == (0, told("nothing") + "\n")
    model.Session.rollback()
    assert rows() == before


def test_the_cases_fall_due_so_many_on_a_working_day(portal, city, monkeypatch) -> None:
    monkeypatch.setattr(steps.workflow(), "adopted_per_working_day", 4)
    real, seen = versions.scan, []

    def kill(version: Version, child: Any = None) -> Scan:
        seen.append(version.id)
        if len(seen) == 8:
            raise KeyboardInterrupt
        return real(version, child)

    monkeypatch.setattr(versions, "scan", kill)
    with pytest.raises(KeyboardInterrupt):
        adoption.run(actor(city), batch=3)
    model.Session.rollback()
    adoption.run(actor(city), batch=3)
    first = record.due_date("verification")
    assert first is not None
    days = [first]
    while len(days) < 3:
        days.append(deadlines.add_working_days(days[-1], 1))
    due = [d for d in model.Session.scalars(sa.select(Case.due)) if d]
    assert Counter(due) == {days[0]: 4, days[1]: 4, days[2]: 2}
    # New bytes in a case that waits do not send it to the end of the line.
    with_turn = {n: case_of(n).due for n in portal.datasets}
    resource = portal.datasets["terbuka-0"]["resources"][0]["id"]
    file = FileStorage(io.BytesIO(content(71)), filename="baru.csv")
    city.act("produsen", "resource_patch", id=resource, upload=file)
    assert adoption.run(actor(city)).renewed == 1
    assert {n: case_of(n).due for n in portal.datasets} == with_turn


def test_a_child_that_dies_costs_no_file_its_scan(portal, city, monkeypatch) -> None:
    """One child scans many files; when it is gone, the next file is scanned in a fresh one."""
    real, killed = versions.scan, []

    def kill_after(version: Version, child: Any = None) -> Scan:
        scan = real(version, child)
        if child.running and len(killed) < 3:
            os.kill(child._process.pid, signal.SIGKILL)
            killed.append(version.id)
        return scan

    monkeypatch.setattr(versions, "scan", kill_after)
    report = adoption.run(actor(city))
    assert len(killed) == 3
    assert (report.errors, report.failed_scans, report.findings) == ([], 0, 1)
    query = (
        sa.select(Scan.verdict)
        .join(Version, Version.id == Scan.version_id)
        .where(Version.filename.like("terbuka-%"))
    )
    assert set(model.Session.scalars(query)) == {"clear"}


def place_for(data: bytes) -> Path:
    """Return the folder in which the bytes would be kept."""
    name = hashlib.sha256(data).hexdigest()
    folder = Path(tk.config["ckan.storage_path"]) / "satudata_versions"
    return folder / name[:2] / name[2:4]


def test_one_broken_dataset_does_not_stop_the_others(portal, city, cli) -> None:
    number = 0
    while place_for(content(number)).exists():
        number += 1
    portal.path_of("terbuka-4").write_bytes(content(number))
    broken = place_for(content(number))
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_bytes(b"a file stands where a folder must be made")
    result = command(cli, "--user", city.admin["name"], "--json")
    broken.unlink()
    report = report_of(result)
    assert result.exit_code == 1
    assert [e["name"] for e in report["errors"]] == ["terbuka-4"]
    assert report["public"] == 9
    assert reads.open_case(package("terbuka-4").id) is None
    assert command(cli, "--user", city.admin["name"]).exit_code == 0
    assert case_of("terbuka-4").state == "verification"


@pytest.mark.parametrize(
    ("user", "key"), [(None, "who"), ("nobody-at-all", "no_user"), ("walidata", "walidata")]
)
def test_who_adopts_is_named_and_is_not_walidata(city, cli, user, key) -> None:
    result = command(cli, *(["--user", user] if user else []))
    assert result.exit_code != 0
    assert told(key, user=user) in result.output


def test_after_the_switch_nothing_is_seen_until_walidata_opens_it(portal, city) -> None:
    before = {n: portal.download(None, n) for n in ("terbuka-0", "terbuka-1")}
    adoption.run(actor(city))
    views = portal.datasets["terbuka-0"]["resources"][0]["id"]
    with changed_config(config.GOVERNED_TYPES, ["dataset"]):
        # Not indexed again yet: what has core's labels is left out already.
        assert portal.names(None) == set()
        govern()
        for who in (None, "warga", "produsen_lain"):
            assert portal.names(who) == set()
            listed = json.loads(portal.get(who, "/api/3/action/package_list")[1])
            assert listed["result"] == []
            for name in portal.datasets:
                assert portal.get(who, f"/api/3/action/package_show?id={name}")[0] == 404
                assert portal.get(who, f"/dataset/{name}")[0] == 404
            assert portal.download(who, "terbuka-0")[0] == 404
        assert portal.names("walidata") == set(portal.datasets) - {"konsep"}
        assert "tertutup" in portal.names("produsen")

        city.step("walidata", portal.datasets["terbuka-0"], "approve")
        for name in ("berpenduduk", "tautan", "campuran", "hilang"):
            with pytest.raises(tk.ValidationError) as refused:
                city.step("walidata", portal.datasets[name], "approve")
            assert refused.value.error_dict["code"] == ["scans_clear"]
        assert portal.names(None) == {"terbuka-0"}
        assert portal.download(None, "terbuka-0") == before["terbuka-0"]
        shown = city.act(None, "package_show", id="terbuka-0")
        old = portal.datasets["terbuka-0"]
        assert [r["id"] for r in shown["resources"]] == [r["id"] for r in old["resources"]]
        assert [r["url"] for r in shown["resources"]] == [r["url"] for r in old["resources"]]
        assert city.act("admin", "dataset_follower_count", id=old["id"]) == 1
        assert [v["title"] for v in city.act(None, "resource_view_list", id=views)] == ["Tampilan"]
        assert city.act(None, "package_activity_list", id=old["id"])
        counts = rows()
        assert adoption.run(actor(city)).total == 0
        assert startup.apply_governed_types() == []
        assert rows() == counts


def test_what_is_decided_stays_and_what_core_takes_meanwhile_is_taken_up(portal, city) -> None:
    adoption.run(actor(city))
    city.step("walidata", portal.datasets["terbuka-1"], "approve")
    pinned = portal.datasets["terbuka-1"]["resources"][0]["id"]
    assert model.Session.get(Pointer, pinned) is not None
    for number, name in enumerate(("terbuka-0", "terbuka-1")):
        city.act(
            "produsen",
            "resource_patch",
            id=portal.datasets[name]["resources"][0]["id"],
            upload=FileStorage(io.BytesIO(content(70 + number)), filename="baru.csv"),
        )
    portal.add("nanti", content(90))
    report = adoption.run(actor(city))
    assert (report.total, report.public, report.renewed, report.errors) == (3, 1, 2, [])
    assert case_of("terbuka-0").state == "verification"
    assert case_of("terbuka-1").state == "draft"
    assert case_of("nanti").state == "verification"
    counts = rows()
    assert adoption.run(actor(city)).total == 0
    assert rows() == counts
    with changed_config(config.GOVERNED_TYPES, ["dataset"]):
        govern()
        search.rebuild()
        assert portal.names(None) == {"terbuka-1"}
        city.step("walidata", portal.datasets["terbuka-0"], "approve")
        shown = city.act(None, "package_show", id="terbuka-0")
        path = shown["resources"][0]["url"].partition(".net")[2]
        assert portal.get(None, path) == (200, content(70))
        assert portal.download(None, "terbuka-1") == (200, content(1))
