"""The forms of an agency as a system administrator and as its own admin see them."""

from __future__ import annotations

import pytest

from ckan.tests import factories

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Duty

pytestmark = [
    pytest.mark.ckan_config("ckan.locale_default", "en"),
    pytest.mark.usefixtures("town"),
]


@pytest.fixture
def headers():
    """Headers that log a person in."""

    def of(name):
        return {"Authorization": factories.APIToken(user=name)["token"]}

    return of


def test_a_sysadmin_is_asked_for_duties_parent_and_decree(app, headers):
    page = app.get("/organization/edit/puskesmas", headers=headers("admin")).body
    assert 'value="walidata"' in page
    assert 'name="parent"' in page
    assert 'name="nomor_sk"' in page
    assert '<option value="dinkes" selected' in page


def test_the_agencys_own_admin_reads_them_and_can_send_none(app, headers):
    page = app.get("/organization/edit/dinkes", headers=headers("dinkes_admin")).body
    assert "Data producer" in page
    assert 'name="sdi_role"' not in page
    assert 'name="parent"' not in page
    assert 'name="nomor_sk"' not in page


def test_the_agencys_own_admin_saves_the_form(app, headers):
    response = app.post(
        "/organization/edit/dinkes",
        headers=headers("dinkes_admin"),
        data={"name": "dinkes", "title": "Dinas Kesehatan", "description": "Baru", "save": ""},
        follow_redirects=False,
    )
    assert response.status_code == 302
    assert registry.agency("dinkes").title == "Dinas Kesehatan"
    assert registry.agency("dinkes").roles == {Duty.PRODUSEN}


def test_a_form_made_by_hand_gives_no_duty(app, headers):
    response = app.post(
        "/organization/edit/dinkes",
        headers=headers("dinkes_admin"),
        data={"name": "dinkes", "title": "D", "sdi_role": "pengawas", "nomor_sk": "SK"},
    )
    assert response.status_code == 404  # core's answer to a form that may not be sent
    assert registry.agency("dinkes").roles == {Duty.PRODUSEN}


def test_a_sysadmin_who_forgets_the_decree_is_told_and_keeps_what_was_typed(app, headers):
    form = {
        "name": "dinkes",
        "title": "Dinas Kesehatan",
        "sdi_role": ["", "produsen_data", "pengawas"],
        "save": "",
    }
    page = app.post("/organization/edit/dinkes", headers=headers("admin"), data=form)
    assert "Give the number of the decree" in page.body
    assert "Dinas Kesehatan" in page.body
    assert registry.agency("dinkes").roles == {Duty.PRODUSEN}
    app.post("/organization/edit/dinkes", headers=headers("admin"), data={**form, "nomor_sk": "S1"})
    assert registry.agency("dinkes").roles == {Duty.PRODUSEN, Duty.PENGAWAS}


def test_a_sysadmin_unticks_every_duty(app, headers):
    form = {"name": "ppid", "title": "P", "sdi_role": "", "nomor_sk": "S2", "save": ""}
    app.post("/organization/edit/ppid", headers=headers("admin"), data=form)
    assert registry.agency("ppid").roles == frozenset()


def test_the_page_of_an_agency_shows_its_duties_and_parent(app):
    page = app.get("/organization/about/puskesmas").body
    assert "Data producer" in page
    assert "Dinkes" in page


@pytest.mark.parametrize("path", ["/organization/new", "/organization/edit/dinkes"])
def test_people_without_a_right_get_no_form(app, headers, path):
    assert app.get(path, headers=headers("warga")).status_code == 403


def test_a_member_of_a_body_that_decides_is_added_and_removed_with_a_decree(browser, town):
    form = browser.get("/organization/member_new/kominfo").body
    assert 'name="nomor_sk"' in form
    assert 'name="email"' not in form
    person = {"username": "warga", "role": "admin"}
    page = browser.post("/organization/member_new/kominfo", data=person)
    assert "Give the number of the decree" in page.body
    assert registry.actor_for("warga").duties == frozenset()
    browser.post("/organization/member_new/kominfo", data={**person, "nomor_sk": "S3"})
    assert registry.actor_for("warga").duties == {Duty.WALIDATA}

    address = f"/organization/member_delete/kominfo?user={town.people['warga']['id']}"
    page = browser.post(address, data={"delete": ""})
    assert "Give the number of the decree" in page.body
    assert 'name="nomor_sk"' in page.body
    assert registry.actor_for("warga").duties == {Duty.WALIDATA}
    browser.post(address, data={"delete": "", "nomor_sk": "S4"})
    assert registry.actor_for("warga").duties == frozenset()


def test_members_of_a_producer_are_removed_as_ever(app, headers, town):
    address = f"/organization/member_delete/dinkes?user={town.people['dinkes_editor']['id']}"
    app.post(address, headers=headers("warga"), data={"delete": ""}, status=403)
    app.post(address, headers=headers("dinkes_admin"), data={"cancel": ""})
    assert registry.actor_for("dinkes_editor").member_of
    app.post(address, headers=headers("dinkes_admin"), data={"delete": ""})
    assert not registry.actor_for("dinkes_editor").member_of


def test_a_body_that_decides_is_closed_with_a_decree(browser):
    page = browser.post("/organization/delete/ppid", data={"delete": ""})
    assert "Give the number of the decree" in page.body
    assert registry.body_of(Duty.PPID) is not None
    browser.post("/organization/delete/ppid", data={"delete": "", "nomor_sk": "S5"})
    assert registry.body_of(Duty.PPID) is None


def test_its_own_admin_does_not_close_it(app, headers):
    app.post("/organization/delete/ppid", headers=headers("ppid"), data={"delete": ""}, status=403)
    assert registry.body_of(Duty.PPID) is not None
