"""Older versions: given where whoever decides said so, and nothing told of the others."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.access.versions import comparing
from ckanext.satudata_pontianak.classification.incidents import exposure, incidents
from ckanext.satudata_pontianak.classification.records.incident_model import (
    DownloadCount,
    Incident,
)
from ckanext.satudata_pontianak.classification.records.model import Case, Scan, Version
from ckanext.satudata_pontianak.classification.rescan import rescan
from ckanext.satudata_pontianak.classification.versions import storage
from ckanext.satudata_pontianak.smki.records.personal_data_model import SubjectRequest

ONE = b"kelurahan,tahun,jumlah\nSaigon,2024,10\nParit Tokaya,2024,20\nSiantan,2024,5\n"
TWO = b"kelurahan,tahun,penduduk\nSaigon,2024,11\nParit Tokaya,2024,20\nTambelan,2024,7\n"
NIK = b"nama,nik\nBudi,6171014101900001\nSiti,6171014203910002\n"  # made up
TIADA = "00000000-0000-0000-0000-000000000000"
NAME = "Budi-Santoso.csv"


@pytest.fixture
def ask(app, city):
    def call(who, path, **headers):
        headers |= city.token(who)
        return app.get(path, headers=headers, status=None, follow_redirects=False)

    return call


@pytest.fixture
def replace(city, make_upload):
    """Return what puts a next version in the place of a dataset's file, by an ordinary case."""

    def run(dataset, content, name="b.csv"):
        resource = dataset["resources"][0]["id"]
        city.act("produsen", "resource_patch", id=resource, upload=make_upload(content, name))
        city.step("produsen", dataset, "submit")
        city.step("walidata", dataset, "approve")

    return run


@pytest.fixture
def say(city):
    def run(dataset, given="ya", who="walidata", reason="Hanya pembaruan tahunan"):
        return city.act(
            who, "satudata_older_versions_set", id=dataset["name"], given=given, reason=reason
        )

    return run


@pytest.fixture
def two(city, make_upload, replace):
    """Return a dataset of which a second version took the place of the first."""
    dataset = city.publish(file=make_upload(ONE, NAME))
    replace(dataset, TWO)
    return dataset


def versions(city, who, dataset):
    return city.act(who, "satudata_version_list", id=dataset["name"])["results"]


def older(dataset) -> str:
    query = sa.select(Version.id).where(
        Version.package_id == dataset["id"], Version.state == "superseded"
    )
    return model.Session.scalars(query.order_by(Version.created)).first()


def newest_older(dataset) -> str:
    query = sa.select(Version.id).where(
        Version.package_id == dataset["id"], Version.state == "superseded"
    )
    return model.Session.scalars(query.order_by(Version.created.desc())).first()


def assert_nothing_is_told(ask, city, dataset, *, listed=1) -> None:
    version = model.Session.get(Version, older(dataset))
    path = f"/satudata/versi/{version.id}/unduh"
    for who in (None, "walidata"):
        refused, unknown = ask(who, path), ask(who, path.replace(version.id, TIADA))
        assert refused.status_code == unknown.status_code == 404
        assert refused.body.replace(version.id, TIADA) == unknown.body
        found = versions(city, who, dataset)
        assert len(found) == listed
        told = [str(found)]
        told += [ask(who, f"/dataset/{dataset['name']}{part}").body for part in ("/versi", "")]
        for text in told:
            for word in (version.id, version.sha256, NAME, "Budi"):
                assert word not in text
    if listed < 2:
        with pytest.raises(tk.ObjectNotFound):
            city.act(None, "satudata_version_compare", id=dataset["id"])


def test_nothing_older_is_given_until_whoever_decided_says_so(ask, app, city, two, say) -> None:
    assert_nothing_is_told(ask, city, two)
    for who in ("warga", "produsen", "kepala_dinkes", "ppid", "pengawas"):
        with pytest.raises(tk.NotAuthorized):
            say(two, who=who)
    for wrong in ({"given": "mungkin"}, {"given": ["ya"]}, {"reason": "ya"}):
        with pytest.raises(tk.ValidationError):
            say(two, **wrong)
    with pytest.raises(tk.ValidationError):
        say(city.limit(), who="penetap")
    assert_nothing_is_told(ask, city, two)
    address = f"/satudata/berkas/{two['name']}/versi-lama"
    assert (
        "satudata-reason" in ask("walidata", address).body
        or 'name="given"' in ask("walidata", address).body
    )
    assert 'name="given"' not in ask("produsen", address).body
    sent = app.post(
        address,
        headers=city.token("walidata"),
        data={"given": "ya", "reason": "Hanya pembaruan tahunan"},
        follow_redirects=False,
    )
    assert sent.status_code == 302
    assert len(versions(city, None, two)) == 2
    entries = city.act("pengawas", "satudata_ledger_list", id=two["id"], limit=5)["entries"]
    assert "decision.older" in {entry["event"] for entry in entries}
    say(two, "tidak")
    assert_nothing_is_told(ask, city, two)


def test_what_is_given_is_listed_counted_and_compared_under_a_neutral_name(
    ask, city, two, say
) -> None:
    say(two)
    newest, oldest = versions(city, None, two)
    assert (newest["number"], oldest["number"]) == (2, 1)
    assert (newest["files"][0]["state"], oldest["files"][0]["state"]) == ("served", "given")
    assert oldest["files"][0]["name"] == newest["files"][0]["name"]
    path = re.sub(r"^https?://[^/]+", "", oldest["files"][0]["url"])
    given = ask(None, path)
    assert (given.status_code, given.data) == (200, ONE)
    assert oldest["files"][0]["sha256"] in given.headers["ETag"]
    assert "Budi" not in str(given.headers)
    assert f"filename={two['name']}-v1-" in given.headers["Content-Disposition"]
    assert ask(None, path, **{"If-None-Match": given.headers["ETag"]}).status_code == 304
    assert ask("walidata", path.replace("/unduh", "/lihat")).status_code == 404
    counted = sa.select(sa.func.sum(DownloadCount.count)).where(
        DownloadCount.version_id == oldest["files"][0]["version"]
    )
    assert model.Session.scalar(counted) == 1
    assert path in ask(None, f"/dataset/{two['name']}").body

    found = city.act(None, "satudata_version_compare", id=two["name"])
    [file] = found["files"]
    assert file["change"] == "changed"
    [table] = file["tables"]
    assert (table["rows_before"], table["rows_after"]) == (3, 3)
    assert [c["column"] for c in table["columns_renamed"]] == ["penduduk"]
    assert model.Session.scalar(counted) == 2  # who is shown cells has read them
    cells = found["rows"]["cells"]
    assert (cells["added"], cells["removed"]) == (["Tambelan"], ["Siantan"])
    changed = {"row": "Saigon", "column": "penduduk", "before": "10", "after": "11"}
    assert cells["changed"] == [changed]
    body = ask(None, f"/dataset/{two['name']}/versi").body
    assert "Tambelan" in body
    assert "Siantan" in body
    assert "Budi" not in body
    assert model.Session.scalar(counted) == 3
    address = f"/dataset/{two['name']}/versi?lama={newest['id']}&baru={oldest['id']}"
    with comparing._turns:  # what was not kept waits for its turn, and says so
        busy = ask(None, address)
        assert busy.status_code == 503
        assert "Coba lagi" in busy.body
        assert ask(None, f"/dataset/{two['name']}/versi").status_code == 200
    assert ask(None, address).status_code == 200
    assert ask(None, f"/dataset/{two['name']}/versi?lama=tiada").status_code == 404


def test_the_next_decision_begins_with_no_and_a_later_yes_opens_both(
    ask, city, two, say, replace
) -> None:
    say(two)
    replace(two, ONE + b"Bansir,2024,1\n", "c.csv")
    assert_nothing_is_told(ask, city, two)
    say(two)
    assert len(versions(city, None, two)) == 3


def ended(table, dataset, **values) -> None:
    model.Session.execute(
        sa.update(table).where(table.package_id == dataset["id"]).values(**values)
    )
    model.Session.commit()


def _takedown(city, dataset):
    what = {"case_kind": "remove", "reason": "NIK warga terbit, mohon ditarik"}
    city.step("produsen", dataset, "reopen", removes="dataset", **what)
    yield
    city.step("produsen", dataset, "withdraw")


def _reopened(city, dataset):
    city.step("produsen", dataset, "reopen", case_kind="classify", reason="Angkanya salah ketik")
    yield
    city.step("produsen", dataset, "withdraw")


def _referred(city, dataset):
    city.step("ppid", dataset, "reopen", case_kind="classify", reason="Diuji konsekuensinya")
    yield
    query = sa.update(Case).where(
        Case.package_id == dataset["id"], Case.state == "consequence_test"
    )
    model.Session.execute(query.values(state="withdrawn", ended_at=dt.datetime.now(dt.UTC)))
    model.Session.commit()


def _held(city, dataset):
    hold = city.act(
        "ppid", "satudata_hold_create", id=dataset["id"], scope="data", reason="Diperiksa dulu"
    )["holds"][0]["id"]
    yield
    lift = {"id": dataset["id"], "hold": hold, "reason": "Ternyata tidak ada apa-apa"}
    city.act("walidata", "satudata_hold_release", **lift, ground="false_alarm")


def _subject(city, dataset):
    at = dt.datetime.now(dt.UTC)
    said = {"kind": "penghapusan", "channel": "surat", "agenda": "1", "received_at": at}
    row = SubjectRequest(package_id=dataset["id"], due_at=at, **said)
    model.Session.add(row)
    model.Session.commit()
    yield
    ended(SubjectRequest, dataset, state="answered", answered_at=dt.datetime.now(dt.UTC))


def _incident(city, dataset):
    at = dt.datetime.now(dt.UTC)
    incidents.begin(
        model.Session, dataset_id=dataset["id"], ground="scan", versions=(), kinds=(), by=None,
        detected_at=at, known_at=at,
    )  # fmt: skip
    model.Session.commit()
    yield
    ended(Incident, dataset, state="ended", ended_at=dt.datetime.now(dt.UTC))


EVENTS = (_takedown, _reopened, _held, _subject, _incident, _referred)


def test_what_came_since_closes_older_versions_however_it_ends(
    ask, city, two, say, replace
) -> None:
    closed = []
    for number, event in enumerate(EVENTS):
        path = f"/satudata/versi/{newest_older(two)}/unduh"
        assert ask(None, path).status_code == 404, event
        say(two)
        assert ask(None, path).status_code == 200, event
        steps = event(city, two)
        next(steps)
        for who in (None, "walidata"):
            assert ask(who, path).status_code == 404, event
        next(steps, None)
        say(two)
        closed.append(path)
        for before in closed:  # for good: a later decision opens only what was given after it
            assert ask(None, before).status_code == 404, event
        assert len(versions(city, None, two)) == 1
        for name in ("Bansir", "Parit") if event is not _referred else ():
            replace(two, TWO + f"{name},2024,{number}\n".encode())
    assert_nothing_is_told(ask, city, two)


def test_the_same_bytes_found_wrong_elsewhere_are_closed_here(
    ask, city, two, say, make_upload
) -> None:
    say(two)
    path = f"/satudata/versi/{older(two)}/unduh"
    other = city.publish(file=make_upload(ONE, "lain.csv"))
    assert ask(None, path).status_code == 200
    same = sa.update(Version).where(Version.package_id == other["id"])
    model.Session.execute(same.values(sealed=True))
    model.Session.commit()
    assert_nothing_is_told(ask, city, two)
    model.Session.execute(same.values(sealed=False))
    model.Session.commit()
    assert ask(None, path).status_code == 200
    storage.remove(str(model.Session.get(Version, older(two)).sha256))
    assert_nothing_is_told(ask, city, two)


def test_new_rules_that_find_something_in_an_older_version_begin_an_incident(
    ask, city, say, replace, make_upload
) -> None:
    two = city.publish(file=make_upload(ONE + b"Lain,2024,1\n", NAME))
    replace(two, TWO)
    say(two)
    version = model.Session.get(Version, older(two))
    path = f"/satudata/versi/{version.id}/unduh"
    assert ask(None, path).status_code == 200
    model.Session.execute(
        sa.update(Scan).where(Scan.version_id == version.id).values(ruleset="before")
    )
    model.Session.commit()
    assert ask(None, path).status_code == 404
    assert rescan.older_due() == [version.id]
    # The rules find what they did not find before: here the bytes change under the same name.
    with storage.local_path(version.sha256) as kept:
        Path(kept).chmod(0o600)
        Path(kept).write_bytes(NIK)
    assert rescan.look_at_older() == 1
    storage.remove(version.sha256)
    assert rescan.older_due() == []
    incident = model.Session.scalars(sa.select(Incident)).one()
    assert (incident.state, incident.versions) == ("open", [version.id])
    assert incident.kinds == ["nik"]
    assert_nothing_is_told(ask, city, two)
    [window] = exposure.windows(incident)
    assert sum(row["count"] for row in exposure.counts([window])["hours"]) == 1
