"""What was written before types and addresses were declared: found, closed, recorded once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import search
from ckan.tests import factories

from ckanext.satudata_pontianak.classification.writes import left_over
from ckanext.satudata_pontianak.portal.operator import left_over_checks

NIK = "6171014101900001"


def records(event: str, *ids: str) -> list[str]:
    """Return how often the ledger says that these were closed."""
    model.Session.rollback()
    query = sa.text(
        "SELECT body -> 'detail' ->> 'id' FROM satudata_ledger.entry WHERE event = :e"
        " AND body -> 'detail' ->> 'id' = ANY(:ids)"
    )
    return sorted(model.Session.scalars(query, {"e": event, "ids": list(ids)}))


def files_of(dataset_id: str) -> list[str]:
    """Return the ids of every file of a dataset, whatever became of it."""
    query = sa.select(model.Resource.id).where(model.Resource.package_id == dataset_id)
    return list(model.Session.scalars(query))


def dataset(city, kind: str, **values) -> str:
    """Put a dataset into the database, past every gate."""
    name = factories.Dataset.stub().name
    package = model.Package(
        name=name,
        title=values.pop("title", "Tertinggal"),
        type=kind,
        owner_org=city.orgs["dinkes"]["id"],
        state="active",
        private=False,
        **values,
    )
    model.Session.add(package)
    model.Session.flush()
    found = package.id
    model.Session.add(
        model.Resource(package_id=found, url="https://contoh.example/a.csv", name="Baris")
    )
    model.Session.commit()
    search.rebuild(found)
    return found


@pytest.fixture
def there(city) -> dict[str, str]:
    """Return the ids of one of each kind that may be left over."""
    found = {
        "type": dataset(city, "bebas"),
        "series": dataset(city, "dataset_series"),
        "files": dataset(city, "harvest", url="https://lain.example"),
        "texts": dataset(city, "harvest", title=f"NIK {NIK}", url="https://lagi.example"),
    }
    model.Session.query(model.Resource).filter_by(package_id=found["texts"]).delete()
    group = model.Group(name="aneh", title="Aneh", type="bebas", is_organization=False)
    model.Session.add(group)
    model.Session.flush()
    found["group"] = group.id
    model.Session.commit()
    return found


def test_it_is_found_closed_and_recorded_once(city, there):
    found = left_over.find()
    assert set(found.datasets) == {there["type"], there["series"]}
    assert found.groups == (there["group"],)
    assert found.texts == (there["texts"],)
    assert len(found.files) == 1
    said = " ".join(f.problem % f.params for f in left_over_checks.check_left_over())
    for what in ("type", "series", "group", "texts"):
        assert there[what] in said
    left_over.close()
    closed = sorted([there["type"], there["series"], there["texts"]])
    files = files_of(there["files"])
    for _ in range(2):
        assert records("dataset.close", *closed) == closed
        assert records("group.close", there["group"]) == [there["group"]]
        assert records("resource.close", *files) == files
        left_over.close()
    for dataset_id in closed:
        assert model.Package.get(dataset_id).private
        with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
            city.act(None, "package_show", id=dataset_id)
    assert not city.act(None, "package_show", id=there["files"]).get("resources")
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "resource_show", id=files[0])
    assert "aneh" not in city.act(None, "group_list", type="bebas")
    # Nothing is lost.
    assert model.Package.get(there["type"]).title == "Tertinggal"
    assert model.Session.query(model.Resource).filter_by(package_id=there["type"]).count() == 1


def test_the_migration_closes_it_in_a_database_that_holds_such_rows(city, there, cli):
    for command in (["downgrade", "--version", "014_accounts"], ["upgrade"]):
        model.Session.rollback()
        result = cli.invoke(ckan, ["db", *command, "-p", "satudata_pontianak"])
        assert result.exit_code == 0, result.output
    model.Session.rollback()
    model.Session.expire_all()
    assert model.Package.get(there["type"]).private
    assert model.Package.get(there["series"]).private
    assert model.Group.get(there["group"]).state == "deleted"
    states = {
        r.state for r in model.Session.query(model.Resource).filter_by(package_id=there["files"])
    }
    assert states == {"deleted"}
    files = files_of(there["files"])
    assert records("dataset.close", there["type"]) == []
    # The next start writes down what the migration closed.
    left_over.close()
    assert records("dataset.close", there["type"]) == [there["type"]]
    assert records("group.close", there["group"]) == [there["group"]]
    assert records("resource.close", *files) == files


def test_it_is_changed_by_no_door_and_the_field_is_named(city, there, app):
    stored = {"id": there["type"], "name": model.Package.get(there["type"]).name, "title": "Lain"}
    for action in ("package_update", "package_patch"):
        for kind in ("bebas", "dataset", ["dataset"], None):
            answer = city.over_http(app, "admin", action, **stored, type=kind)
            assert answer.status_code == 409, (action, kind, answer.body[:300])
            assert "type" in answer.json["error"], (action, kind)
            answer = city.over_http(app, "produsen", action, **stored, type=kind)
            # What is no text is refused by what was sent alone, whatever there is.
            wanted = (404, 409) if isinstance(kind, list) else (404,)
            assert answer.status_code in wanted, (action, kind, answer.body[:300])
    assert model.Package.get(there["type"]).title == "Tertinggal"


def test_it_is_put_right_and_then_decided_like_any_other(city, there, cli):
    result = cli.invoke(ckan, ["satudata", "retype", there["type"]])
    assert result.exit_code == 0, result.output
    search.rebuild(there["type"])
    mine = city.act("produsen", "package_show", id=there["type"])
    assert (mine["type"], mine["private"]) == ("dataset", True)
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=there["type"])
    for wrong in (there["type"], there["files"], "tidak-ada"):
        assert cli.invoke(ckan, ["satudata", "retype", wrong]).exit_code == 1
    assert cli.invoke(ckan, ["satudata", "retype", there["series"], "harvest"]).exit_code == 1


def test_an_address_that_was_kept_leads_nobody_anywhere(city):
    open_one = city.publish()
    resource = open_one["resources"][0]["id"]
    for wrong in ("javascript:alert(1)", "https://user:sandi@lain.example/a.csv", "data:,x"):
        row = model.Resource.get(resource)
        row.url, row.url_type = wrong, ""
        model.Session.commit()
        search.rebuild(open_one["id"])
        assert resource in left_over.find().links
        for who in (None, "produsen", "admin"):
            shown = city.act(who, "package_show", id=open_one["id"])
            assert shown["resources"][0]["url"] == "", (wrong, who)
            assert city.act(who, "resource_show", id=resource)["url"] == ""
        found = city.act(None, "package_search", q=f"id:{open_one['id']}")["results"]
        assert wrong not in str(found)


def test_a_capacity_of_before_is_named_by_the_check_and_shown_to_nobody(city, app):
    opened = city.publish()
    group = city.act("admin", "group_create", name="topik-lama", title="Topik")
    for thing in ({"object": opened["id"], "object_type": "package", "capacity": "public"},
                  {"object": city.users["warga"]["id"], "object_type": "user",
                   "capacity": "member"}):  # fmt: skip
        city.act("admin", "member_create", id=group["id"], **thing)
    assert left_over.find().members == ()
    kept = model.Session.query(model.Member)
    strange = [
        *kept.filter_by(group_id=group["id"], table_id=city.users["warga"]["id"]),
        *kept.filter_by(group_id=group["id"], table_id=opened["id"]),
        *kept.filter_by(group_id=city.orgs["dinkes"]["id"], table_id=city.users["staf"]["id"]),
    ]
    assert len(strange) == 3
    for member in strange:
        member.capacity = f"punya {NIK}"
    model.Session.commit()
    assert left_over.find().members == ("dinkes", "topik-lama")
    said = " ".join(f.problem % f.params for f in left_over_checks.check_left_over())
    assert "dinkes topik-lama" in said
    assert NIK not in said
    calls = [
        ("member_list", {"id": "topik-lama"}),
        ("member_list", {"id": "dinkes"}),
        ("group_show", {"id": "topik-lama", "include_datasets": True, "include_users": True}),
        ("organization_show", {"id": "dinkes", "include_datasets": True, "include_users": True}),
        ("package_show", {"id": opened["id"]}),
        ("package_search", {"q": f"id:{opened['id']}"}),
        ("group_package_show", {"id": "topik-lama"}),
        ("group_list_authz", {}),
        ("organization_list_for_user", {"permission": "read"}),
        ("group_list", {"all_fields": True, "include_users": True}),
        ("organization_list", {"all_fields": True, "include_users": True}),
    ]
    search.rebuild(opened["id"])
    for who in (None, "warga", "produsen", "kepala_dinkes", "staf"):
        for action, given in calls:
            told = city.over_http(app, who, action, **given)
            assert NIK not in told.body, (who, action)
    for path in ("/group/topik-lama", "/organization/dinkes", "/organization/about/dinkes",
                 f"/dataset/groups/{opened['id']}", "/organization/members/dinkes"):  # fmt: skip
        assert NIK not in app.get(path, headers=city.token("kepala_dinkes")).body, path
    # Its people are taken out and added anew, as the check says.
    for body, user in (("topik-lama", "warga"), ("dinkes", "staf")):
        who = {"id": body, "object": city.users[user]["id"], "object_type": "user"}
        city.act("admin", "member_delete", **who)
        city.act("admin", "member_create", **who, capacity="member")
    opened_in = {"id": "topik-lama", "object": opened["id"], "object_type": "package"}
    city.act("admin", "member_delete", **opened_in)
    city.act("admin", "member_create", **opened_in, capacity="public")
    assert left_over.find().members == ()
