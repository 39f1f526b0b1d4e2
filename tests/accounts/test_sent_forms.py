"""Forms that no page of this site sends are refused, never answered with an error of the site."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from werkzeug.routing import BuildError

from ckan import model

from ckanext.satudata_pontianak.surface import methods

NEW = "kata-sandi-yang-baru-1"


def sent(app: Any, city: Any, who: str, address: str, form: dict[str, str]) -> Any:
    return app.post(
        address, data=form, headers=city.token(who), status=None, follow_redirects=False
    )


def test_the_form_of_ones_account_is_complete_or_refused(city, app) -> None:
    person = city.users["warga"]
    whole = {"name": person["name"], "email": person["email"], "old_password": "", "save": ""}
    for form in (
        {"save": "", "name": person["name"]},
        {"save": "", "email": "lain@contoh.id"},
        {"save": "", "email": person["email"], "password1": NEW, "password2": NEW},
        {"save": "", "old_password": "x", "activate_user": "true"},
    ):
        for address, who in (
            ("/user/edit", "warga"), (f"/user/edit/{person['name']}", "warga"),
            (f"/user/edit/{person['name']}", "admin"),
        ):  # fmt: skip
            page = sent(app, city, who, address, form)
            assert page.status_code == 400, (form, address, who)
            assert "formulir" in page.body.lower(), (form, address)
    account: Any = model.User.get(person["id"])
    assert account.email == person["email"]
    assert sent(app, city, "warga", "/user/edit", whole).status_code == 302


def test_every_page_that_takes_a_form_refuses_one_that_cannot_be_read(city, app) -> None:
    """All of core's and its plugins' that are declared, with forms that they never send."""
    city.act("admin", "group_create", name="kelompok", title="Kelompok")
    dataset = city.dataset()
    file = dataset["resources"][0]["id"]
    places = {
        "activity_id": "x", "id": dataset["name"], "resource_id": file, "view_id": "x",
        "user_id": city.users["warga"]["name"], "package_type": "dataset",
    }  # fmt: skip
    groups = {"organization": "dinkes", "group": "kelompok", "user": city.users["warga"]["name"]}
    strange = (
        {"save": "x"},
        {"email": "a@contoh.id"},
        {"_ckan_phase": "x"},
        {"a__0__b": "1", "a": "2", "save": "x", "id": "x"},
        {"email__0__a": "1", "__": "1", "save": "x", "old_password": "x"},
    )
    tried = 0
    declared = methods.declared().writes
    with app.flask_app.test_request_context("/"):
        adapter = app.flask_app.create_url_adapter(None) or app.flask_app.url_map.bind("localhost")
        rules = [
            rule for rule in app.flask_app.url_map.iter_rules()
            if rule.endpoint.partition(".")[2] in declared.get(rule.endpoint.partition(".")[0], ())
            and "POST" in (rule.methods or ())
        ]  # fmt: skip
        addresses = []
        for rule in rules:
            blueprint = rule.endpoint.partition(".")[0]
            values = {k: places.get(k, "x") for k in rule.arguments}
            if "id" in values and blueprint in groups:
                values["id"] = groups[blueprint]
            with contextlib.suppress(BuildError):
                addresses.append((rule.endpoint, adapter.build(rule.endpoint, values, "POST")))
    assert len(addresses) > 30
    for endpoint, address in addresses:
        if endpoint.endswith(("delete", "reset_config", "trash", "logout", "revoke", "purge")):
            continue  # they end what the others are tried on
        for form in strange:
            answer = sent(app, city, "admin", address, form)
            assert answer.status_code < 500, (endpoint, address, form)
            tried += 1
    assert tried > 100


def test_needed_fields_are_declared_for_pages_that_take_forms() -> None:
    for needed in methods.declared().needed:
        for endpoint in needed.endpoints:
            assert methods.is_form(endpoint), endpoint
    assert methods.missing("user.edit", {"name": "x"}) == []
    assert methods.missing("user.edit", {"save": ""}) == ["email", "old_password"]
    assert methods.missing("admin.config", {}) == ["save"]


@pytest.mark.usefixtures("with_plugins")
def test_news_are_read_by_post_alone(city, app) -> None:
    dataset = city.publish()
    from ckanext.activity.model.activity import Activity

    # Followed in CKAN's way, as on a portal of before.
    model.Session.add(model.UserFollowingDataset(city.users["warga"]["id"], dataset["id"]))
    model.Session.add(model.Dashboard(city.users["warga"]["id"]))
    model.Session.add(
        Activity(city.admin["id"], dataset["id"], "changed package", {"package": dataset})
    )
    model.Session.commit()

    def looked() -> Any:
        model.Session.rollback()
        model.Session.expire_all()
        row: Any = model.Dashboard.get(city.users["warga"]["id"])
        return row.activity_stream_last_viewed

    before = looked()
    page = app.get("/dashboard/", headers=city.token("warga"))
    assert page.status_code == 200
    assert looked() == before
    assert 'data-satudata-read="/api/3/action/dashboard_mark_activities_old"' in page.body
    assert "news" in page.body
    assert city.over_http(app, "warga", "dashboard_mark_activities_old").status_code == 200
    assert looked() > before
