"""Types and texts of agencies and groups: everybody reads them at once."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

NIK = "6171014101900001"
WRONG = ["bebas", "Group", "group ", "GROUP", "", "0", 0, None, ["group"], {}, "grоup", "dataset"]


def groups() -> int:
    """Count groups and agencies."""
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(model.Group))


def test_types_that_nobody_declared_are_refused(city, app):
    before = groups()
    for kind in [*WRONG, "organization", "organization ", ["organization"]]:
        answer = city.over_http(app, "admin", "group_create", name="aneh", title="Aneh", type=kind)
        assert 400 <= answer.status_code < 500, (kind, answer.body[:300])
        assert "type" in answer.json["error"] or not isinstance(kind, str)
    for kind in [*WRONG, "group", "Organization", "organization ", ["organization"]]:
        values = {"name": "aneh", "title": "Aneh", "type": kind}
        answer = city.over_http(app, "admin", "organization_create", **values)
        assert 400 <= answer.status_code < 500, (kind, answer.body[:300])
        assert "type" in answer.json["error"] or not isinstance(kind, str)
    assert groups() == before
    for action in ("organization_patch", "organization_update"):
        values = {"id": "dinkes", "name": "dinkes", "title": "Dinkes", "type": "bebas"}
        assert city.over_http(app, "kepala_dinkes", action, **values).status_code == 409
    assert model.Group.get("dinkes").type == "organization"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", f"Dinas {NIK}"),
        ("description", f"Daftar pegawai: Budi, NIK {NIK}"),
        ("extras", [{"key": "nik", "value": NIK}]),
        ("extras", [{"key": f"NIK {NIK}", "value": "x"}]),
        ("alamat", f"Jl. Contoh 1, NIK {NIK}"),
        ("sumber_verifikasi", f"KTP {NIK}"),
        ("image_url", "javascript:alert(1)"),
        ("image_url", "data:image/svg+xml,<svg/>"),
        ("image_url", "//lain.example/a.png"),
        ("image_url", "https://user:sandi@lain.example/a.png"),
        ("image_url", f"https://lain.example/{NIK}.png"),
    ],
)
def test_texts_about_people_are_refused(city, app, field, value):
    before = groups()
    new = {"name": "baru", "title": "Baru", field: value}
    for who, action, values in (
        ("admin", "organization_create", new),
        ("admin", "group_create", new),
        ("kepala_dinkes", "organization_patch", {"id": "dinkes", field: value}),
        ("kepala_dinkes", "organization_update", {"id": "dinkes", **new, "name": "dinkes"}),
    ):
        answer = city.over_http(app, who, action, **values)
        assert answer.status_code == 409, (action, answer.body[:300])
        assert field in answer.json["error"], action
        assert NIK not in json.dumps(answer.json["error"])
    assert groups() == before
    assert NIK not in str(city.act(None, "organization_show", id="dinkes"))


def test_a_group_is_changed_by_the_same_rule(city):
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    for action in ("group_patch", "group_update"):
        values = {"id": "kelompok", "name": "kelompok", "title": "K", "description": f"NIK {NIK}"}
        with pytest.raises(tk.ValidationError) as refused:
            city.act("admin", action, **values)
        assert "description" in refused.value.error_dict
    assert city.act("admin", "group_patch", id="kelompok", description="Semua dataset kesehatan.")


def test_the_page_refuses_the_same_and_keeps_what_was_written(city, app):
    form = {"name": "dinkes", "title": "Dinas Kesehatan", "description": f"NIK {NIK}", "save": ""}
    page = app.post(
        "/organization/edit/dinkes", data=form, headers=city.token("kepala_dinkes"), status=None
    )
    assert page.status_code == 200
    assert "data pribadi" in page.body
    assert NIK not in str(city.act(None, "organization_show", id="dinkes"))


def test_only_people_datasets_and_groups_are_put_into_a_group(city, app):
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    token = model.Session.scalar(sa.select(model.ApiToken.id).limit(1)) or "x"
    before = model.Session.query(model.Member).count()
    for kind in ("ApiToken", "api_token", "User", "USER", "resource", "tag", "bebas", 0, ["user"]):
        for group in ("kelompok", "dinkes"):
            for action in ("member_create", "member_delete"):
                values = {"id": group, "object": token, "object_type": kind}
                values |= {"capacity": "public"} if action == "member_create" else {}
                answer = city.over_http(app, "admin", action, **values)
                assert 400 <= answer.status_code < 500, (kind, group, action, answer.body[:300])
                assert "object_type" in answer.json["error"] or not isinstance(kind, str)
    assert model.Session.query(model.Member).count() == before


def test_an_office_says_where_it_is_and_how_it_is_reached(city):
    city.act(
        "kepala_dinkes",
        "organization_patch",
        id="dinkes",
        description="Dinas Kesehatan Kota Pontianak menyelenggarakan urusan kesehatan. "
        "Hubungi (0561) 123456 atau data@dinkes.pontianak.go.id.",
        alamat="Jl. Contoh No. 1, Pontianak",
        kotak_surat="data@dinkes.pontianak.go.id",
        image_url="https://dinkes.pontianak.go.id/logo.png",
    )
    shown = city.act("kepala_dinkes", "organization_show", id="dinkes")
    assert shown["alamat"] == "Jl. Contoh No. 1, Pontianak"
    assert city.act("kepala_dinkes", "organization_update", **shown)


def test_a_capacity_that_nobody_declared_is_refused(city, app):
    """Core keeps any text there, and gives it to everybody with the members of a group."""
    dataset = city.publish()
    group = city.act("admin", "group_create", name="topik", title="Topik")
    person, own = city.users["warga"]["name"], {"id": "topik", "name": "topik"}
    for odd in (f"NIK {NIK}", "raja", "Admin", ["admin"], {"a": "b"}, "", 1):
        calls = [
            (
                "member_create",
                {**own, "object": dataset["id"], "object_type": "package", "capacity": odd},
            ),
            ("member_create", {**own, "object": person, "object_type": "user", "capacity": odd}),
            ("group_member_create", {"id": "topik", "username": person, "role": odd}),
            ("group_create", {"name": "lain", "users": [{"name": person, "capacity": odd}]}),
            ("group_update", {**own, "users": [{"name": person, "capacity": odd}]}),
            ("group_update", {**own, "packages": [{"id": dataset["id"], "capacity": odd}]}),
            ("group_patch", {**own, "users": [{"name": person, "capacity": odd}]}),
            ("organization_update", {"id": "dinkes", "users": [{"name": person, "capacity": odd}]}),
            (
                "package_patch",
                {"id": dataset["id"], "groups": [{"name": "topik", "capacity": odd}]},
            ),
            ("user_invite", {"email": "a@contoh.id", "group_id": "dinkes", "role": odd}),
        ]
        for action, values in calls:
            answer = city.over_http(app, "admin", action, **values)
            assert 400 <= answer.status_code < 500, (action, odd, answer.body[:300])
            assert NIK not in answer.body
    rows = city.act(None, "member_list", id=group["id"])
    assert not [row for row in rows if row[1] != "user"]
    put = {"id": dataset["id"], "groups": [{"name": "topik"}]}
    assert city.act("admin", "package_patch", **put)["groups"][0]["name"] == "topik"
    shown = city.act("admin", "package_show", id=dataset["id"])
    assert city.over_http(app, "admin", "package_update", **shown).status_code == 200
    shown = city.act("admin", "group_show", id="topik", include_datasets=True)
    assert city.over_http(app, "admin", "group_update", **shown).status_code == 200
