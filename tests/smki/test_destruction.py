"""Data whose term is over are destroyed by two people, and nothing of them is left."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies.model import BreakGlassRow
from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.holds import holds
from ckanext.satudata_pontianak.classification.records.model import Decision, Hold, Version
from ckanext.satudata_pontianak.classification.versions import storage, tables
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.portal.demo.paper import paper
from ckanext.satudata_pontianak.portal.smki.probes import probes
from ckanext.satudata_pontianak.smki import controls
from ckanext.satudata_pontianak.smki.destruction import carrying, places, proposals
from ckanext.satudata_pontianak.smki.records.destruction_model import SmkiDestruction
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry
from ckanext.satudata_pontianak.smki.records.personal_data_model import SubjectRequest

from ..city import CSV, upload
from ..refusals import refusal_of
from .destroying import CODE, NOMOR, WHY, approve, propose, term

HOME = "/satudata/keamanan/pemusnahan"
NEW = b"kecamatan,penduduk\nPontianak Kota,99001\nPontianak Barat,99002\n"


def kept(content: bytes) -> bool:
    return storage.exists(hashlib.sha256(content).hexdigest())


def show(city, row, who="walidata"):
    return city.act(who, "satudata_smki_destruction_show", id=row["id"])


def work(row) -> bool:
    done = carrying.carry_out(row["id"])
    model.Session.rollback()
    return done


def events(dataset) -> list[str]:
    query = sa.select(entry_table.c.event).where(entry_table.c.dataset_id == dataset["id"])
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


def indexed(dataset) -> str:
    return str(search.make_connection().search(q=f'id:"{dataset["id"]}"', fl="*").docs)


def test_two_people_destroy_a_dataset_and_what_was_decided_stays(city, app) -> None:
    dataset = city.publish()
    file = dataset["resources"][0]
    term(city, dataset)
    assert file["id"] in indexed(dataset)
    row = propose(city, dataset)
    assert (row["state"], row["whole"], row["term"]["code"]) == ("proposed", True, "jra 04.02")
    assert kept(CSV)
    done = approve(city, row)
    assert (done["state"], done["number"]) == ("approved", NOMOR)
    assert work(row)
    shown = show(city, row)
    assert shown["state"] == "done"
    assert {p["name"]: p["left"] for p in shown["places"]} == dict.fromkeys(places.places(), 0)
    assert all(p["cleared"] for p in shown["places"])
    assert [f["id"] for f in shown["files"]] == [file["id"]]
    assert not kept(CSV)
    assert app.get(file["url"]).status_code == 404
    assert file["id"] not in indexed(dataset)
    still = city.act(None, "package_show", id=dataset["id"])
    assert (still["state"], still["resources"]) == ("active", [])
    assert still["satudata_decision"]["level"] == "biasa"
    told = [e for e in events(dataset) if e.startswith(("smki.", "version.purge"))]
    assert told == [
        "smki.destruction_propose",
        "smki.destruction_approve",
        "version.purge",
        "smki.destruction_done",
    ]
    query = sa.select(entry_table.c.text).where(entry_table.c.dataset_id == dataset["id"])
    assert not any(WHY in text for text in model.Session.scalars(query))
    with refusal_of(""):
        propose(city, dataset)


def waiting(site_city, kind: str, dataset) -> None:
    """Let something stand that stops a destruction."""
    if kind == "hold":
        model.Session.add(Hold(package_id=dataset["id"], scope="data", reason="Diperiksa"))
    elif kind == "case":
        site_city.step("produsen", dataset, "reopen", reason="Perlu ditinjau lagi")
    elif kind == "emergency":
        until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        admin = site_city.admin["id"]
        row = {"user_id": admin, "reason": "Uji", "dataset_id": dataset["id"], "until": until}
        model.Session.add(BreakGlassRow(**row))
    elif kind == "subject":
        moment = dt.datetime.now(dt.UTC)
        row = {"kind": "access", "channel": "letter", "agenda": "1/2026", "due_at": moment}
        row |= {"received_at": moment, "package_id": dataset["id"]}
        model.Session.add(SubjectRequest(**row))
    elif kind == "request":
        site_city.act(
            "warga",
            "satudata_access_request_create",
            id=dataset["id"],
            purpose="Penelitian tentang pelayanan kesehatan kota",
            until=(days.today() + dt.timedelta(days=30)).isoformat(),
        )
    elif kind == "incident":
        known = (dt.datetime.now(days.CITY) - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
        asked = {"reason": "Berkas dilihat pihak lain.", "known_at": known}
        site_city.act("walidata", "satudata_incident_begin", id=dataset["id"], **asked)
        model.Session.execute(sa.delete(Hold))
    model.Session.commit()


@pytest.mark.parametrize("kind", ["hold", "case", "emergency", "incident", "subject"])
def test_what_stands_stops_it_before_and_while_it_runs(city, kind) -> None:
    stopped, running = city.publish(), city.publish()
    for dataset in (stopped, running):
        term(city, dataset)
    row = propose(city, running)
    approve(city, row)
    waiting(city, kind, stopped)
    with refusal_of("") as refused:
        propose(city, stopped)
    check = city.act("produsen", "satudata_smki_destruction_check", id=stopped["id"])
    assert check["against"] == refused.value.error_dict[""]
    assert len(check["against"]) == 1
    waiting(city, kind, running)
    assert work(row) is False
    shown = show(city, row)
    assert (shown["state"], shown["stopped"]) == ("approved", check["against"])
    assert kept(CSV)


def test_a_request_for_access_stops_it_until_it_is_answered(city) -> None:
    dataset = city.limit()
    term(city, dataset)
    waiting(city, "request", dataset)
    with refusal_of(""):
        propose(city, dataset)


def test_it_goes_on_where_it_was_stopped_or_failed(city, monkeypatch) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    storage_place = places.places()[places.STORAGE]

    def broken(scope, actor) -> None:
        storage_place.clear(scope, actor)
        raise OSError

    once = places.Place(storage_place.label, broken, storage_place.count)
    monkeypatch.setitem(places._OWN, places.STORAGE, once)
    assert list(carrying.resume()) == [f"Destruction {row['id']}: not done yet."]
    assert set(model.Session.get(SmkiDestruction, row["id"]).steps) == {carrying.BEGUN}
    monkeypatch.setitem(places._OWN, places.STORAGE, storage_place)
    waiting(city, "hold", dataset)
    assert list(carrying.resume()) == [f"Destruction {row['id']}: not done yet."]
    model.Session.execute(sa.update(Hold).values(released_at=dt.datetime.now(dt.UTC)))
    model.Session.commit()
    assert list(carrying.resume()) == [f"Destruction {row['id']}: done."]
    assert list(carrying.resume()) == []
    assert show(city, row)["state"] == "done"
    assert events(dataset).count("version.purge") == 1


def decided_anew(city, dataset, content: bytes) -> None:
    """Bring another file of a dataset, and have it decided."""
    file = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=file, upload=upload(content, "b.csv"))
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")


@pytest.mark.parametrize("begun", [False, True])
def test_what_was_decided_anew_after_its_approval_is_not_destroyed(
    city, app, monkeypatch, begun
) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    if begun:
        place = places.places()[places.STORAGE]

        def broken(scope, actor) -> None:
            raise OSError

        once = places.Place(place.label, broken, place.count)
        monkeypatch.setitem(places._OWN, places.STORAGE, once)
        assert list(carrying.resume()) == [f"Destruction {row['id']}: not done yet."]
        monkeypatch.setitem(places._OWN, places.STORAGE, place)
    decided_anew(city, dataset, NEW)
    assert list(carrying.resume()) == [f"Destruction {row['id']}: not done yet."]
    shown = show(city, row)
    assert (shown["state"], shown["reason"]) == ("refused", proposals.CHANGED)
    assert (kept(CSV), kept(NEW)) == (True, True)
    assert app.get(dataset["resources"][0]["url"]).data == NEW
    assert list(carrying.resume()) == []


@pytest.mark.parametrize("change", ["class", "fate", "decision", "version"])
def test_what_it_was_proposed_for_is_asked_again(city, change) -> None:
    dataset = city.publish()
    term(city, dataset)
    row, moment = propose(city, dataset), dt.datetime.now(dt.UTC)
    if change in ("class", "fate"):
        line = model.Session.scalars(sa.select(SmkiEntry).filter_by(key=f"hand:{CODE}")).one()
        new = {"active": 1} if change == "class" else {"fate": "kept"}
        line.written = {**line.written, **new}
    elif change == "decision":
        model.Session.execute(sa.update(Decision).values(decided_at=moment))
    else:
        model.Session.execute(sa.update(Version).values(created=moment))
    model.Session.commit()
    with refusal_of(""):
        approve(city, row)
    values = {"state": "approved", "concluded_at": moment}
    model.Session.execute(sa.update(SmkiDestruction).values(**values))
    model.Session.commit()
    assert work(row) is False
    assert show(city, row)["state"] == "refused"
    assert kept(CSV)


def test_an_approved_one_is_refused_while_nothing_of_it_is_cleared(city) -> None:
    dataset, other = city.publish(), city.publish(file=upload(NEW, "b.csv"))
    for each in (dataset, other):
        term(city, each)
    row, gone = propose(city, dataset), propose(city, other)
    for each in (row, gone):
        approve(city, each)
    waiting(city, "hold", dataset)
    assert work(row) is False
    assert show(city, row, "produsen")["refuses"]
    reason = {"reason": "Datanya masih diperlukan untuk laporan."}
    ended = city.act("produsen", "satudata_smki_destruction_refuse", id=row["id"], **reason)
    assert (ended["state"], ended["stopped"]) == ("refused", [])
    model.Session.execute(sa.update(Hold).values(released_at=dt.datetime.now(dt.UTC)))
    model.Session.commit()
    assert work(row) is False
    assert kept(CSV)
    assert work(gone)
    with refusal_of(""):
        city.act("produsen", "satudata_smki_destruction_refuse", id=gone["id"], **reason)


def test_a_hold_is_placed_before_a_place_is_cleared_or_waits(city, monkeypatch) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    place, waited = places.places()[places.STORAGE], []

    def clear(scope, actor) -> None:
        lock = "SELECT pg_try_advisory_xact_lock_shared(hashtextextended(:name, 0))"
        with model.meta.engine.connect() as other:
            name = {"name": f"satudata-judging {dataset['id']}"}
            waited.append(not other.scalar(sa.text(lock), name))
        place.clear(scope, actor)

    monkeypatch.setitem(places._OWN, places.STORAGE, places.Place(place.label, clear, place.count))
    assert work(row)
    assert waited == [True]
    held = city.publish()
    model.Session.rollback()
    holds.place_by_scan(model.Package.get(held["id"]))
    with model.meta.engine.connect() as other:
        lock = "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"
        assert not other.scalar(sa.text(lock), {"name": f"satudata-judging {held['id']}"})
    model.Session.rollback()


def test_a_place_where_something_is_left_is_cleared_again(city, monkeypatch) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    storage_place = places.places()[places.STORAGE]
    lazy = places.Place(storage_place.label, lambda scope, actor: None, storage_place.count)
    monkeypatch.setitem(places._OWN, places.STORAGE, lazy)
    assert work(row) is False
    shown = show(city, row)
    assert shown["state"] == "approved"
    assert {p["name"] for p in shown["places"] if p["left"]} >= {places.STORAGE}
    monkeypatch.setitem(places._OWN, places.STORAGE, storage_place)
    assert work(row)
    assert not kept(CSV)


def test_only_the_files_that_are_named_go_with_all_their_versions(city, app) -> None:
    dataset = city.publish()
    first = dataset["resources"][0]
    city.act("produsen", "resource_patch", id=first["id"], upload=upload(NEW, "b.csv"))
    other = b"kecamatan,penduduk\nPontianak Timur,77001\n"
    second = city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Lain",
        upload=upload(other, "c.csv"),
    )
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    term(city, dataset)
    for wrong in (["tiada"], [second["id"], 7], {"a": 1}):
        with refusal_of("files"):
            propose(city, dataset, files=wrong)
    row = propose(city, dataset, files=[first["id"]])
    approve(city, row)
    assert work(row)
    assert (kept(CSV), kept(NEW), kept(other)) == (False, False, True)
    still = city.act(None, "package_show", id=dataset["id"])
    assert [r["id"] for r in still["resources"]] == [second["id"]]
    assert app.get(second["url"]).data == other
    page = app.get(f"/dataset/{dataset['name']}").body
    assert NOMOR in page
    assert "Data" in page


def test_bytes_that_another_dataset_has_stay_there_and_nothing_says_so(city, app) -> None:
    dataset, other = city.publish(), city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    assert work(row)
    assert app.get(other["resources"][0]["url"]).data == CSV
    assert not any(p["left"] for p in show(city, row)["places"])


def test_tables_go_with_their_bytes(city) -> None:
    dataset = city.publish()
    versions = list(model.Session.scalars(sa.select(Version.id)))
    model.Session.rollback()
    for version in versions:
        tables.load(version)
    assert set(versions) <= set(table_care.existing())
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    assert work(row)
    assert not set(versions) & set(table_care.existing())


def test_a_copy_that_comes_back_and_one_that_is_not_done_turn_the_control_red(city) -> None:
    dataset, late = city.publish(file=upload(NEW, "b.csv")), city.publish()
    for each in (dataset, late):
        term(city, each)
    row = propose(city, dataset)
    approve(city, row)
    assert work(row)

    def stands() -> str:
        controls.run(probes(), ["nothing_left_over"])
        return controls.standing()["nothing_left_over"].status

    assert stands() == "green"
    storage.put(io.BytesIO(NEW))
    assert stands() == "red"
    back = f"What came back of destruction {row['id']}: "
    assert list(carrying.resume()) == [f"{back}not cleared yet."], "only written down"
    assert list(carrying.resume()) == [f"{back}cleared."]
    assert not kept(NEW)
    assert list(carrying.resume()) == []
    assert stands() == "green"
    row = propose(city, late)
    approve(city, row)
    assert stands() == "green"
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    model.Session.execute(sa.update(SmkiDestruction).values(concluded_at=long_ago))
    waiting(city, "hold", late)
    assert stands() == "green", "who stopped it knows why"
    model.Session.execute(sa.update(Hold).values(released_at=long_ago))
    model.Session.commit()
    assert stands() == "red"
    assert work(row)
    assert stands() == "green"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"assessment": "Tidak dipakai."}, "assessment"),
        ({"assessment": WHY + " NIK 6171012501900001"}, "assessment"),
        ({"assessment": None}, "assessment"),
        ({"witnesses": "Kepala Bidang"}, "witnesses"),
        ({"witnesses": "Kepala Bidang\nkepala  bidang"}, "witnesses"),
        ({"witnesses": "Kepala Bidang\n6171012501900001"}, "witnesses"),
        ({"witnesses": ["Kepala", "Arsiparis"]}, "witnesses"),
        ({"witnesses": "\n".join(f"Jabatan {n}" for n in range(11))}, "witnesses"),
    ],
)
def test_a_proposal_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    dataset = city.publish()
    term(city, dataset)
    with refusal_of(field):
        propose(city, dataset, **asked)


def test_what_the_registers_do_not_say_is_not_destroyed(city) -> None:
    dataset, kept_class, long_class = city.publish(), city.publish(), city.publish()
    for who in ("produsen", "walidata"):
        with refusal_of("") as refused:
            propose(city, dataset, who)
        assert "register of assets" in refused.value.error_dict[""][0]
    term(city, kept_class, fate="kept")
    with refusal_of(""):
        propose(city, kept_class)
    model.Session.execute(sa.text("DELETE FROM satudata_smki_entry"))
    model.Session.commit()
    term(city, long_class, years=2)
    model.Session.execute(sa.update(Decision).values(decided_at=dt.datetime.now(dt.UTC)))
    model.Session.commit()
    with refusal_of("") as refused:
        propose(city, long_class)
    assert "It is kept until" in refused.value.error_dict[""][0]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"nomor": ""}, "nomor"),
        ({"nomor": "x" * 121}, "nomor"),
        ({"nomor": "6171051203900007"}, "nomor"),
        ({"nomor": ["a"]}, "nomor"),
        ({"day": "kapan"}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"day": (days.today() + dt.timedelta(days=2)).isoformat()}, "day"),
        ({"scan": None}, "scan"),
        ({"scan": upload(b"no PDF", "a.pdf")}, "scan"),
    ],
)
def test_an_approval_needs_its_signed_paper(city, asked, field) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    with refusal_of(field):
        approve(city, row, **asked)
    assert show(city, row)["state"] == "proposed"


def test_it_is_concluded_by_somebody_else_of_another_duty(city) -> None:
    dataset = city.publish()
    term(city, dataset)
    for who in ("ppid", "pengawas", "penetap"):
        with refusal_of(""):
            propose(city, dataset, who)
    with pytest.raises(tk.ObjectNotFound):
        propose(city, dataset, "staf")
    for who in ("warga", None):
        with pytest.raises(tk.NotAuthorized):
            propose(city, dataset, who)
    row = propose(city, dataset, "walidata")
    with refusal_of(""):
        propose(city, dataset)
    for who in ("walidata", "walidata_2", "produsen", "pengawas"):
        with refusal_of(""):
            approve(city, row, who)
    with refusal_of(""):
        city.act("produsen", "satudata_smki_destruction_refuse", id=row["id"], reason="x" * 20)
    refused = city.act(
        "penetap", "satudata_smki_destruction_refuse", id=row["id"], reason="Masih dipakai kota."
    )
    assert (refused["state"], refused["reason"]) == ("refused", "Masih dipakai kota.")
    with refusal_of(""):
        approve(city, row)
    again = propose(city, dataset, "walidata")
    drawn = city.act(
        "walidata", "satudata_smki_destruction_refuse", id=again["id"], reason="Salah pilih berkas."
    )
    assert drawn["state"] == "refused"
    assert approve(city, propose(city, dataset, "walidata"), "penetap")["state"] == "approved"


def test_who_may_not_know_of_the_dataset_learns_nothing(city, app) -> None:
    dataset = city.limit()
    hidden = city.seal("sangat_rahasia")
    term(city, dataset)
    row = propose(city, dataset)
    strangers = ("produsen_lain", "pegawai_dinsos")
    for who in strangers:
        assert city.act(who, "satudata_smki_destruction_list") == {"count": 0, "results": []}
        for name, there, nowhere in (
            ("show", row["id"], row["id"][::-1]),
            ("check", dataset["id"], dataset["id"][::-1]),
            ("propose", dataset["name"], "tiada-sama-sekali"),
        ):
            said = []
            for id_ in (there, nowhere):
                answer = city.over_http(app, who, f"satudata_smki_destruction_{name}", id=id_)
                said.append((answer.status_code, answer.body.replace(id_, "")))
            assert said[0] == said[1]
            assert said[0][0] == 404
    for who in ("walidata", "ppid", "pengawas", "penetap", "produsen"):
        found = city.act(who, "satudata_smki_destruction_list")["results"]
        assert [each["id"] for each in found] == [row["id"]], who
    for who in ("kepala_dinkes", "walidata", "ppid"):
        with pytest.raises(tk.ObjectNotFound):
            city.act(who, "satudata_smki_destruction_check", id=hidden["id"])


def test_it_is_proposed_approved_and_printed_by_pages(city, app) -> None:
    dataset = city.publish()
    term(city, dataset)
    owner, ppid = city.token("produsen"), city.token("ppid")
    address = f"{HOME}/dataset/{dataset['name']}"
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    assert app.get(address, headers=city.token("produsen_lain")).status_code == 404
    assert app.post(address, headers=city.token("pengawas"), data={}).status_code == 403
    sent = {"assessment": WHY, "witnesses": "Kepala Bidang\r\nArsiparis"}
    assert app.post(address, headers=owner, data={**sent, "assessment": "x"}).status_code == 422
    made = app.post(address, headers=owner, data=sent, follow_redirects=False)
    assert made.status_code == 302
    place = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    assert WHY in app.get(place, headers=ppid).body
    assert app.get(f"{place}/berita-acara.docx", headers=ppid).data.startswith(b"PK")
    assert app.get(f"{place}/persetujuan.pdf", headers=ppid).status_code == 404
    scan = (upload(paper("Persetujuan"), "a.pdf").stream, "a.pdf")
    data = {"act": "approve", "nomor": NOMOR, "day": days.today().isoformat(), "scan": scan}
    assert app.post(place, headers=owner, data={"act": "approve"}).status_code == 403
    done = app.post(place, headers=ppid, data=data, follow_redirects=False)
    assert done.status_code == 302
    carrying.carry_out(place.rpartition("/")[2])
    model.Session.rollback()
    page = app.get(place, headers=owner).body
    assert NOMOR in page
    got = app.get(f"{place}/berita-acara.pdf", headers=owner)
    assert got.data.startswith(b"%PDF-")
    assert app.get(f"{place}/berita-acara.exe", headers=owner).status_code == 404
    assert app.get(f"{place}/persetujuan.pdf", headers=owner).data == paper("Persetujuan")
    for path in ("berita-acara.pdf", "persetujuan.pdf"):
        other = city.token("produsen_lain")
        assert app.get(f"{place}/{path}", headers=other).status_code == 404
    assert place.rpartition("/")[2] in app.get(HOME, headers=owner).body
    assert NOMOR in app.get(f"/dataset/{dataset['name']}").body


def test_its_day_is_a_day_of_the_city(city, app) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    approve(city, row)
    assert work(row)
    late = dt.datetime(2026, 11, 29, 20, tzinfo=dt.UTC)
    model.Session.execute(sa.update(SmkiDestruction).values(done_at=late))
    model.Session.commit()
    assert "30 November 2026" in app.get(f"/dataset/{dataset['name']}").body


def test_the_last_day_of_each_backup_is_said_where_it_is_known(
    city, ckan_config, monkeypatch, tmp_path
) -> None:
    dataset = city.publish()
    term(city, dataset)
    row = propose(city, dataset)
    assert show(city, row)["backups"] is None
    (tmp_path / "satudata.dump").write_bytes(b"x")
    monkeypatch.setitem(ckan_config, "ckanext.satudata_pontianak.backup_folder", str(tmp_path))
    today = days.today()
    assert show(city, row)["backups"] == [{"day": today.isoformat(), "last_day": None}]
    line = model.Session.scalars(
        sa.select(SmkiEntry).filter_by(register="retensi", key="line:backups")
    ).one()
    line.written = {"class": "x", "active": 1, "inactive": 0, "fate": "destroyed"}
    model.Session.commit()
    last = show(city, row)["backups"][0]["last_day"]
    assert dt.date.fromisoformat(last) >= today + dt.timedelta(days=365)


def test_files_that_wait_are_told_to_the_owner_alone(city) -> None:
    dataset = city.publish()
    waiting = city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Menunggu",
        upload=upload(CSV + b"lain,3\n", "lain.csv"),
    )
    for who, told in (("produsen", True), ("walidata", False), ("ppid", False)):
        found = city.act(who, "satudata_smki_destruction_check", id=dataset["id"])
        assert (waiting["id"] in str(found["files"])) is told
        assert found["files"]
