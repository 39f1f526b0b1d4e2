"""What is not declared by name is refused of agencies and groups as well, at every door."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.agencies import keys as agency_keys
from ckanext.satudata_pontianak.classification.writes import moved_keys
from ckanext.satudata_pontianak.surface import keys

NIK = "6171014101900001"
INVENTED = {
    "lampiran": NIK,
    "name_translated": {"id": NIK},
    "Title": "Lain",
    "title ": "Lain",
    "__extras": {"catatan": NIK},
    "catatan": [NIK],
    "ｔｉｔｌｅ": "Lain",
    "users": "semua",
    "groups": {"name": "x"},
    "description": {"id": "x"},
}
STRANGE = [
    {"key": "catatan", "value": "x"},
    {"key": "satudata_catatan", "value": "x"},
    {"key": "sdi_role", "value": "x"},
    {"key": "harvest_source_id", "value": "x"},
    {"value": "x"},
]


def group_of(name: str) -> Any:
    return model.Group.get(name)


def stored() -> str:
    """Return every text that core keeps of groups and memberships."""
    model.Session.rollback()
    return " ".join(
        model.Session.scalar(sa.text(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t'))
        for name in ("group", "member")
    )


def refused(city, who, action, **values):
    with pytest.raises(tk.ValidationError) as error:
        city.act(who, action, **values)
    assert NIK not in str(error.value.error_dict)
    return error.value.error_dict


def doors(city):
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    yield "admin", "organization_create", {"name": "baru", "title": "Baru"}
    yield "admin", "group_create", {"name": "baru", "title": "Baru"}
    for action in ("organization_patch", "organization_update"):
        yield "kepala_dinkes", action, {"id": "dinkes", "name": "dinkes", "title": "Dinkes"}
    for action in ("group_patch", "group_update"):
        yield "admin", action, {"id": "kelompok", "name": "kelompok", "title": "Kelompok"}


def test_every_other_key_is_refused_by_name_and_nothing_is_saved(city) -> None:
    for who, action, values in doors(city):
        before = stored()
        for key, value in INVENTED.items():
            errors = refused(city, who, action, **{**values, key: value})
            assert list(errors) == [key], action
        for extra in STRANGE:
            errors = refused(city, who, action, **{**values, "extras": [extra]})
            assert str(extra.get("key", "key")) in errors["extras"][0], action
        assert stored() == before, action


def test_what_is_shown_is_taken_back_and_changes_nothing(city) -> None:
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    city.act("admin", "member_create", id="kelompok", object="warga", object_type="user",
             capacity="member")  # fmt: skip
    dataset = city.publish()
    city.act("admin", "member_create", id="kelompok", object=dataset["id"], object_type="package",
             capacity="public")  # fmt: skip
    for kind, who, name in (("organization", "kepala_dinkes", "dinkes"),
                            ("group", "admin", "kelompok")):  # fmt: skip
        before = stored()
        show = {"id": name, "include_users": True, "include_datasets": True,
                "include_member_count": True, "include_extras": True}  # fmt: skip
        shown = city.act(who, f"{kind}_show", **show)
        assert [p["id"] for p in shown["packages"]] == [dataset["id"]]
        for action in (f"{kind}_update", f"{kind}_patch"):
            city.act(who, action, **json.loads(json.dumps(shown)))
        assert stored() == before
        assert city.act(who, f"{kind}_show", **show) == shown


def test_what_only_answers_hold_is_not_kept(city) -> None:
    hidden = city.dataset()
    for who, action, values in doors(city):
        sent = {
            **values,
            "approval_status": NIK,
            "is_organization": "organization" not in action,
            "created": NIK,
            "packages": [{"id": hidden["id"]}, {"name": "tidak-ada"}],
        }
        made = city.act(who, action, **sent)
        assert NIK not in stored(), action
        group = group_of(made["id"])
        assert bool(group.is_organization) == ("organization" in action)
        rows = model.Session.query(model.Member).filter_by(
            group_id=group.id, table_name="package", table_id=hidden["id"], capacity="public"
        )
        assert rows.count() == 0, action
        if action.endswith("create"):
            city.act("admin", action.replace("create", "purge"), id=made["id"])


def test_states_come_from_their_list(city) -> None:
    for who, action, values in doors(city):
        assert list(refused(city, who, action, **{**values, "state": f"x {NIK}"})) == ["state"]


def test_the_page_names_the_field_and_keeps_what_was_written(city, app) -> None:
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    for path, who in (
        ("/organization/edit/dinkes", "kepala_dinkes"), ("/group/edit/kelompok", "admin")
    ):  # fmt: skip
        form = {"name": path.rpartition("/")[2], "title": "Judul baru", "save": ""}
        for strange in ({"lampiran": "x"}, {"extras__0__key": "nip", "extras__0__value": "x"}):
            page = app.post(path, data={**form, **strange}, headers=city.token(who), status=None)
            assert page.status_code == 200
            assert "tidak dikenal" in page.body
            assert "Judul baru" in page.body
        empty = {"extras__0__key": "", "extras__0__value": ""}
        page = app.post(
            path, data={**form, **empty}, headers=city.token(who), follow_redirects=False
        )
        assert page.status_code == 302
        page = app.get(path, headers=city.token(who))
        assert "extras__0__key" not in page.body


def test_stored_free_fields_move_out_of_reach_of_everybody(city) -> None:
    made = city.act("admin", "group_create", name="kelompok", title="Kelompok")
    for name in ("kelompok", "dinkes"):
        group = group_of(name)
        group.extras = {**(group.extras or {}), "catatan": NIK}
    model.Session.commit()
    dinkes = group_of("dinkes").id
    assert moved_keys.stored()[1] == {made["id"], dinkes}
    for name, kind in (("kelompok", "group"), ("dinkes", "organization")):
        for asked in ({}, {"include_extras": True}):
            assert NIK not in str(city.act("admin", f"{kind}_show", id=name, **asked))
        listed = city.act(None, f"{kind}_list", all_fields=True, include_extras=True)
        assert NIK not in str(listed)
    assert sorted(moved_keys.move_of_groups(model.Session.connection())) == sorted(
        [made["id"], dinkes]
    )
    model.Session.commit()
    assert moved_keys.stored()[1] == set()
    assert moved_keys.move_of_groups(model.Session.connection()) == []
    table = moved_keys.table
    both = table.c.group_id.in_([made["id"], dinkes])
    rows = sa.select(table.c.group_id, table.c.key, table.c.value).where(both)
    assert {tuple(row) for row in model.Session.execute(rows)} == {
        (made["id"], "catatan", NIK),
        (dinkes, "catatan", NIK),
    }
    assert "sdi_role" in group_of("dinkes").extras
    city.act("admin", "group_purge", id=made["id"])
    assert model.Session.scalars(sa.select(table.c.group_id).where(both)).all() == [dinkes]


def test_every_field_that_core_shows_of_a_group_is_declared(city) -> None:
    """What a newer CKAN adds to an answer would be refused on its way back: it is named here."""
    city.act("admin", "group_create", name="kelompok", title="Kelompok",
             users=[{"name": "warga", "capacity": "member"}])  # fmt: skip
    schemas = agency_keys.by_schema()
    for kind, name in (("organization", "dinkes"), ("group", "kelompok")):
        shown = city.act("admin", f"{kind}_show", id=name, include_users=True,
                         include_datasets=True, include_member_count=True)  # fmt: skip
        assert keys.tidied(kind, shown, schemas) == []
