"""Bounds hold for the acts themselves: a harvest, a job and a command bring no request."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from ckanapi import LocalCKAN

import ckan.plugins.toolkit as tk
from ckan import logic, model

from ckanext.satudata_pontianak.surface import bounds

STRANGE = ["a\x00b", "\ud800"]


def stored() -> str:
    """Return every text that core keeps of what these acts write."""
    model.Session.rollback()
    return " ".join(
        model.Session.scalar(sa.text(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')) or ""
        for name in ("package", "resource", "group", "user", "member", "tag", "system_info")
    )


def test_each_act_refuses_what_is_too_long_by_name_and_saves_nothing(city) -> None:
    dataset = city.dataset()
    file = dataset["resources"][0]["id"]
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    new = {"title": "Baru", "owner_org": "dinkes"}
    acts = (
        ("produsen", "package_create", new, "title", 300),
        ("produsen", "package_patch", {"id": dataset["id"]}, "notes", 20_000),
        ("produsen", "package_update", dataset, "title", 300),
        ("produsen", "package_revise", {"match": {"id": dataset["id"]}}, "update__title", None),
        ("produsen", "resource_create", {"package_id": dataset["id"]}, "url", 2000),
        ("produsen", "resource_patch", {"id": file}, "description", 20_000),
        ("kepala_dinkes", "organization_patch", {"id": "dinkes"}, "description", 20_000),
        ("admin", "organization_create", {"name": "baru", "title": "Baru"}, "alamat", 20_000),
        ("admin", "group_patch", {"id": "kelompok"}, "title", 300),
        ("warga", "user_patch", {"id": city.users["warga"]["id"]}, "about", 20_000),
        ("admin", "user_create", {"name": "x", "email": "x@contoh.id"}, "password", 200),
        ("admin", "config_option_update", {}, "ckan.site_about", 20_000),
    )
    before = stored()
    for who, act, values, field, most in acts:
        texts = [*STRANGE, "x" * ((most or bounds.bounds().default) + 1)]
        for text in texts:
            with pytest.raises(tk.ValidationError) as refused:
                city.act(who, act, **{**values, field: text})
            assert bounds.bare(field) in refused.value.error_dict, (act, text[:5])
            assert "xxx" not in str(refused.value.error_dict)
    assert stored() == before
    tags = [{"name": f"kata-{n}"} for n in range(201)]
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "package_patch", id=dataset["id"], tags=tags)
    assert "tags" in refused.value.error_dict
    assert refused.value.error_summary
    assert stored() == before


def test_loading_on_the_server_meets_the_same_bounds(city) -> None:
    portal = LocalCKAN(username=city.users["produsen"]["name"])
    with pytest.raises(tk.ValidationError) as refused:
        portal.action.package_create(title="x" * 301, owner_org="dinkes")
    assert list(refused.value.error_dict) == ["title"]
    assert portal.action.package_create(title="x" * 90, owner_org="dinkes")["title"] == "x" * 90


def test_every_act_that_changes_something_is_held(city) -> None:
    """Core's and ours, but those that are declared with a reason."""
    tk.get_action("package_show")  # fills the list of all
    free = bounds.bounds().unbounded
    assert set(free) <= set(logic._actions)
    tried = 0
    for module in ("create", "update", "delete", "patch"):
        names = vars(__import__(f"ckan.logic.action.{module}", fromlist=[module]))
        for name, action in names.items():
            if name not in logic._actions or name in free or name.startswith("_"):
                continue
            if getattr(action, "__module__", "") != f"ckan.logic.action.{module}":
                continue
            if getattr(action, "side_effect_free", False):
                continue
            context: Any = {"user": city.admin["name"], "ignore_auth": False}
            with pytest.raises(tk.ValidationError) as refused:
                tk.get_action(name)(context, {"id": "x" * 101})
            assert "id" in refused.value.error_dict, name
            model.Session.rollback()
            tried += 1
    assert tried > 60


def test_what_is_stored_and_too_long_stops_no_other_change(city) -> None:
    dataset = city.dataset()
    package: Any = model.Package.get(dataset["id"])
    package.notes = "x " * 15_000
    model.Session.commit()
    city.act("produsen", "package_patch", id=dataset["id"], title="Judul lain")
    assert city.act("produsen", "package_show", id=dataset["id"])["title"] == "Judul lain"


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("produsen", "/dataset/new"),
        ("kepala_dinkes", "/organization/edit/dinkes"),
        ("admin", "/group/new"),
        ("warga", "/user/edit"),
        ("admin", "/ckan-admin/config"),
        ("kepala_dinkes", "/organization/member_new/dinkes"),
        (None, "/user/login"),
    ],
)
def test_forms_let_nobody_type_more_than_the_site_takes(city, app, who, address) -> None:
    page = app.get(address, headers=city.token(who))
    assert page.status_code == 200
    found = 0
    for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", page.body):
        name, kind = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "type"))
        kind = kind[1] if kind else "textarea" if tag.startswith("<textarea") else "text"
        if name is None or bounds.most_typed(name[1], kind) is None:
            continue
        most = re.search(r'\bmaxlength="(\d+)"', tag)
        assert most is not None, tag
        assert int(most[1]) <= bounds.longest(name[1]), tag
        found += 1
    assert found
