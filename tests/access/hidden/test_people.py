"""Who the people of the portal are is nobody's business who has not signed in."""

from __future__ import annotations

import pytest

from ckan import model

PERSON = "kepala-dinkes"


def canaries(city):
    user = model.User.get(city.users["kepala_dinkes"]["id"])
    user.fullname = "Kenanga Puspita Melati"
    model.Session.commit()
    return user.id, user.name, user.fullname


ACTIONS = [
    ("member_list", {"id": "dinkes"}),
    ("member_list", {"id": "dinkes", "object_type": "user"}),
    ("member_list", {"id": "dinkes", "capacity": "admin"}),
    ("organization_show", {"id": "dinkes", "include_users": True}),
    ("organization_show", {"id": "dinkes", "include_users": True, "include_extras": True}),
    ("organization_list", {"all_fields": True, "include_users": True}),
    ("group_show", {"id": "dinkes", "include_users": True}),
    ("organization_list_for_user", {"id": PERSON, "permission": "read"}),
    ("organization_list_for_user", {"id": PERSON}),
    ("group_list_authz", {"id": PERSON}),
    ("user_list", {"q": "kenanga"}),
    ("user_list", {"all_fields": True}),
    ("user_autocomplete", {"q": "ke"}),
    ("user_show", {"id": PERSON}),
    ("organization_follower_list", {"id": "dinkes"}),
    ("dataset_follower_list", {"id": "{id}"}),
    ("package_collaborator_list", {"id": "{id}"}),
    ("package_collaborator_list_for_user", {"id": PERSON}),
    ("package_activity_list", {"id": "{id}"}),
    ("organization_activity_list", {"id": "dinkes"}),
    ("user_activity_list", {"id": PERSON}),
    ("recently_changed_packages_activity_list", {}),
    ("satudata_delegation_list", {"organization": "dinkes"}),
]
PAGES = [
    "/user/",
    f"/user/{PERSON}",
    f"/user/activity/{PERSON}",
    "/organization/members/dinkes",
    "/organization/manage_members/dinkes",
    "/organization/followers/dinkes",
    "/organization/dinkes",
    "/organization/about/dinkes",
    "/organization/activity/dinkes",
    "/dataset/{name}",
    "/dataset/activity/{name}",
    "/dataset/followers/{name}",
    "/dataset/collaborators/{name}",
    "/api/2/util/user/autocomplete?q=ke",
]


def tell(app, city, who):
    """What each door says of a person, by door."""
    dataset = city.publish()
    city.act("kepala_dinkes", "package_patch", id=dataset["id"], notes="Uraian yang baru.")
    known = canaries(city)
    headers = city.token(who)
    said = {}
    for action, params in ACTIONS:
        asked = {k: v.format(**dataset) if isinstance(v, str) else v for k, v in params.items()}
        got = app.post(f"/api/action/{action}", json=asked, headers=headers)
        assert got.status_code < 500, (action, got.text)
        # The name that was asked for is the caller's own.
        told = str(got.json.get("result"))
        said[f"{action} {params}"] = [c for c in known if c in told]
    for page in PAGES:
        address = page.format(**dataset)
        got = app.get(address, headers=headers)
        assert got.status_code < 500, address
        said[page] = [c for c in known if c in got.text.replace(address, "")]
    return said


def test_whoever_has_not_signed_in_is_told_of_nobody(app, city):
    said = tell(app, city, None)
    assert {door: found for door, found in said.items() if found} == {}
    named = app.post("/api/action/organization_list_for_user", json={"id": PERSON})
    nobody = app.post("/api/action/organization_list_for_user", json={"id": "tidak-ada-orang"})
    assert named.json["result"] == nobody.json["result"] == []


def test_members_of_an_agency_are_for_its_people_and_administrators(app, city):
    person = city.users["kepala_dinkes"]["id"]
    listed = {"json": {"id": "dinkes"}}
    for who, sees in (("warga", False), ("pegawai_dinsos", False), ("staf", True), ("admin", True)):
        got = app.post("/api/action/member_list", headers=city.token(who), **listed)
        assert (person in str(got.json["result"])) is sees, who
    own = {"json": {"id": PERSON, "permission": "read"}}
    for who, sees in (("warga", False), ("kepala_dinkes", True), ("admin", True)):
        got = app.post("/api/action/organization_list_for_user", headers=city.token(who), **own)
        assert bool(got.json["result"]) is sees, who


@pytest.mark.ckan_config("ckan.auth.public_user_details", True)
def test_a_site_that_shows_its_people_shows_them(app, city):
    got = app.post("/api/action/member_list", json={"id": "dinkes"})
    assert city.users["kepala_dinkes"]["id"] in str(got.json["result"])
