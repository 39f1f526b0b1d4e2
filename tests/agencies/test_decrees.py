"""A number that a change of duties or members names is that of a recorded decree."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import decrees
from ckanext.satudata_pontianak.agencies.model import DecreeRow, DelegationRow
from ckanext.satudata_pontianak.ledger.service import entry_table
from ckanext.satudata_pontianak.portal.demo.paper import paper
from ckanext.satudata_pontianak.portal.operator import checks

from ..refusals import refusal_of

SCAN = paper("SK contoh")
SAID = "/satudata/surat-keputusan"


def record(city, make_upload, who="admin", number="SK/70/2026", content=SCAN, **values):
    """Record a decree as somebody."""
    sent = {"nomor_sk": number, "day": "2026-03-02", "about": "Contoh", **values}
    return city.act(who, "satudata_decree_create", **sent, scan=make_upload(content, "sk.pdf"))


def last(event):
    model.Session.rollback()
    query = sa.select(entry_table.c.body).where(entry_table.c.event == event)
    return model.Session.scalars(query.order_by(entry_table.c.id.desc()).limit(1)).one()


def test_no_door_takes_a_number_that_is_not_recorded(city) -> None:
    person = city.person("warga")["name"]
    member = {"object": person, "object_type": "user", "capacity": "editor"}
    today = days.today().isoformat()
    doors = {
        "organization_create": {"name": "baru", "title": "B", "sdi_role": ["pengawas"]},
        "organization_update": {"id": "dinsos", "title": "Dinsos", "sdi_role": ["pengawas"]},
        "organization_patch": {"id": "dinsos", "sdi_role": ["pengawas"]},
        "organization_delete": {"id": "ppid"},
        "member_create": {"id": "ppid", **member},
        "organization_member_create": {"id": "ppid", "username": person, "role": "admin"},
        "group_member_create": {"id": "ppid", "username": person, "role": "admin"},
        "organization_member_delete": {"id": "ppid", "username": city.users["ppid_2"]["name"]},
        "member_delete": {"id": "ppid", **member, "object": city.users["ppid_2"]["name"]},
        "user_delete": {"id": city.users["ppid_2"]["id"]},
        "satudata_delegation_create": {
            "organization": "ppid", "user": person, "from": today, "until": today,
        },
    }  # fmt: skip
    before = sorted(model.Session.execute(sa.select(model.Member.__table__)).all(), key=str)
    for action, params in doors.items():
        with pytest.raises(tk.ValidationError) as refused:
            city.act("admin", action, nomor_sk="SK/tidak ada", **params)
        assert SAID in refused.value.error_dict["nomor_sk"][0], action
    # Where none is needed, an invented one is refused as well.
    for who in ("admin", "kepala_dinkes"):
        with pytest.raises(tk.ValidationError, match="SK/tidak ada"):
            city.act(
                who, "organization_member_create", id="dinkes", username=person, role="editor",
                nomor_sk="SK/tidak ada",
            )  # fmt: skip
    assert sorted(model.Session.execute(sa.select(model.Member.__table__)).all(), key=str) == before
    assert model.User.get(city.users["ppid_2"]["id"]).state == "active"


def test_a_recorded_decree_stands_in_the_entry_of_the_change(city, make_upload) -> None:
    made = record(city, make_upload, "walidata", number="  sk/70 /2026 ")
    digest = hashlib.sha256(SCAN).hexdigest()
    assert made["scan"] == {"sha256": digest, "size": len(SCAN)}
    assert last("decree.record")["detail"]["sha256"] == digest
    join = {"id": "ppid", "username": city.person("warga")["name"], "role": "admin"}
    city.act("admin", "organization_member_create", **join, nomor_sk="SK/70 /2026")
    detail = last("member.add")["detail"]
    told = ("nomor_sk", "decree", "sha256")
    assert [detail[key] for key in told] == ["sk/70 /2026", made["id"], digest]


def test_a_number_is_recorded_once_for_the_city_and_once_for_an_agency(city, make_upload) -> None:
    record(city, make_upload)
    with pytest.raises(tk.ValidationError) as twice:
        record(city, make_upload, number="sk/70/2026")
    assert "02" in twice.value.error_dict["nomor_sk"][0]
    record(city, make_upload, "kepala_dinkes", number="7", organization="dinkes")
    record(city, make_upload, "admin", number="7", organization="dinsos")
    join = {"username": city.person("warga")["name"], "role": "editor", "nomor_sk": "7"}
    city.act("admin", "organization_member_create", id="dinkes", **join)
    with refusal_of("nomor_sk"):
        city.act("admin", "organization_member_create", id="disdukcapil", **join)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("nomor_sk", {"number": " "}),
        ("nomor_sk", {"number": ["SK"]}),
        ("nomor_sk", {"number": "SK\x00"}),
        ("day", {"day": "kemarin"}),
        ("day", {"day": "2999-01-01"}),
        ("about", {"about": ""}),
        ("about", {"about": "NIK 6171014506900002"}),
        ("organization", {"organization": "tidak-ada"}),
        ("scan", {"content": b"<html>"}),
    ],
)
def test_what_is_no_decree_is_not_recorded(city, make_upload, field, values) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        record(city, make_upload, **values)
    assert field in refused.value.error_dict
    assert decrees.find("SK/70/2026", None) is None


def test_each_sees_the_decrees_and_scans_that_are_theirs(app, city, make_upload) -> None:
    own = record(city, make_upload, "kepala_dinkes", number="7", organization="dinkes")["id"]
    whole = record(city, make_upload)["id"]
    sees = {
        "admin": (200, 200), "walidata": (200, 200), "pengawas": (200, 200),
        "kepala_dinkes": (200, 404), "ppid": (404, 404), "produsen": (404, 404),
        "warga": (404, 404),
    }  # fmt: skip
    for who, statuses in sees.items():
        found = [
            app.get(f"{SAID}/{id}/pindaian.pdf", headers=city.token(who)) for id in (own, whole)
        ]
        assert tuple(answer.status_code for answer in found) == statuses, who
    unknown = app.get(f"{SAID}/{own[::-1]}/pindaian.pdf", headers=city.token("produsen"))
    refused = app.get(f"{SAID}/{own}/pindaian.pdf", headers=city.token("produsen"))
    assert unknown.status_code == refused.status_code == 404
    scan = app.get(f"{SAID}/{own}/pindaian.pdf", headers=city.token("kepala_dinkes"))
    assert scan.data == SCAN
    assert "sandbox" in scan.headers["Content-Security-Policy"]
    assert scan.headers["X-Content-Type-Options"] == "nosniff"
    assert scan.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in scan.headers["Cache-Control"]
    assert app.get(f"{SAID}/{own}/pindaian.pdf", follow_redirects=False).status_code == 302

    listed = {item["id"]: item for item in city.act("kepala_dinkes", "satudata_decree_list")}
    assert listed[own]["scan"]
    assert listed[whole]["scan"] is None
    far = {"offset": "99999999999999999999", "limit": -1}
    assert city.act("admin", "satudata_decree_list", **far) == []
    with pytest.raises(tk.ObjectNotFound):
        city.act("ppid", "satudata_decree_show", id=own)
    for who in ("produsen", "warga", None):
        for action in ("satudata_decree_list", "satudata_decree_show", "satudata_decree_create"):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, action, id=own)


def test_the_server_records_a_decree_and_its_scan_may_follow(
    city, make_upload, cli, tmp_path
) -> None:
    def run(*more):
        args = ["satudata", "decree", "SK/70/2026", "--about", "Contoh", *more]
        done = cli.invoke(ckan, args)
        model.Session.rollback()
        return done.exit_code

    assert run("--day", "2999-01-01") == 1
    assert run("--day", "2026-03-02") == 0
    assert decrees.without_scan() == ["SK/70/2026"]
    assert run("--day", "2026-03-03") == 1
    with refusal_of("nomor_sk"):
        record(city, make_upload, day="2026-03-03")
    assert record(city, make_upload)["scan"]
    assert decrees.without_scan() == []
    path = tmp_path / "sk.pdf"
    path.write_bytes(b"no PDF")
    args = [
        "satudata",
        "decree",
        "SK/71",
        "--about",
        "x",
        "--day",
        "2026-03-02",
        "--scan",
        str(path),
    ]
    assert cli.invoke(ckan, args).exit_code == 1
    assert decrees.find("SK/71", None) is None


def test_the_check_names_what_older_memberships_and_delegations_name(city) -> None:
    def problems():
        model.Session.rollback()
        return [f.params["numbers"] for f in checks.check_decrees()]

    assert problems() == []
    model.Session.execute(sa.delete(DecreeRow).where(DecreeRow.key == "sk/1/2026"))
    day = days.today()
    model.Session.add(
        DelegationRow(agency_id="x", user_id="y", first_day=day, last_day=day, nomor_sk="SPT/lama")
    )
    model.Session.commit()
    assert problems() == ["SK/1/2026; SPT/lama"]
    for row in model.Session.query(model.Group):
        row.extras = {**row.extras, "nomor_sk_terakhir": ""}
    model.Session.commit()
    # The memberships of today name it as well: the ledger says so.
    assert problems() == ["SK/1/2026; SPT/lama"]
    decrees.ensure("SK/1/2026", day, "Contoh", SCAN)
    decrees.ensure("SPT/lama", day, "Contoh", SCAN)
    model.Session.commit()
    assert problems() == []


def test_the_page_records_a_decree_and_offers_it_where_one_is_named(app, city, make_upload) -> None:
    form = {"nomor_sk": "SK/80/2026", "day": "2026-03-02", "about": "Contoh", "organization": ""}
    for who, status in (("warga", 403), ("produsen", 403), (None, 302)):
        answer = app.get(SAID, headers=city.token(who), follow_redirects=False)
        assert answer.status_code == status, who
    page = app.post(SAID, headers=city.token("walidata"), data=form)
    assert page.status_code == 422
    assert 'value="SK/80/2026"' in page.body
    sent = {**form, "scan": make_upload(SCAN, "sk.pdf")}
    answer = app.post(
        SAID, headers=city.token("walidata"), data=sent, content_type="multipart/form-data",
        follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 302, answer.body
    assert "SK/80/2026" in app.get(SAID, headers=city.token("pengawas")).body
    own = {**form, "nomor_sk": "5", "organization": "dinsos", "scan": make_upload(SCAN, "sk.pdf")}
    page = app.post(
        SAID, headers=city.token("kepala_dinkes"), data=own, content_type="multipart/form-data"
    )
    assert page.status_code == 422
    for address in (
        "/organization/member_new/ppid",
        "/organization/edit/ppid",
        "/organization/delete/ppid",
        "/satudata/perangkat-daerah/ppid/pelimpahan",
    ):
        page = app.get(address, headers=city.token("admin"))
        assert '<option value="SK/80/2026"' in page.body, address
        assert SAID in page.body, address
