"""Memberships through every door of CKAN that changes them."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

from ckanext.satudata_pontianak.agencies import capacities, registry
from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Duty

from ..refusals import refusal_of

pytestmark = pytest.mark.ckan_config("ckan.locale_default", "en")

DECREE = "SK/1/2026"


def join(action, body, user, capacity):
    """The parameters of one membership for each of the actions that make one."""
    if action == "member_create":
        return {"id": body, "object": user, "object_type": "user", "capacity": capacity}
    if action in ("organization_member_create", "group_member_create"):
        return {"id": body, "username": user, "role": capacity}
    return {"id": body, "title": body, "users": [{"name": user, "capacity": capacity}]}


def leave(action, body, user):
    """The parameters of one removal for each of the actions that make one."""
    if action == "member_delete":
        return {"id": body, "object": user, "object_type": "user"}
    return {"id": body, "username": user}


ADD = [
    "member_create",
    "organization_member_create",
    "group_member_create",
    "organization_update",
    "organization_patch",
]
REMOVE = ["member_delete", "organization_member_delete", "group_member_delete"]


@pytest.mark.usefixtures("town")
class TestBodiesThatDecide:
    @pytest.mark.parametrize("action", ADD)
    @pytest.mark.parametrize("capacity", ["admin", "editor", "member"])
    def test_their_own_admin_adds_nobody(self, act, action, capacity):
        with pytest.raises(tk.NotAuthorized) as e:
            act(action, "walidata", nomor_sk=DECREE, **join(action, "kominfo", "warga", capacity))
        assert "Members of a body that decides" in str(e.value)
        assert registry.actor_for("warga").member_of == frozenset()

    @pytest.mark.parametrize("action", ADD)
    def test_a_sysadmin_gives_the_decree_in_the_same_call(self, act, action):
        with pytest.raises(tk.ValidationError) as e:
            act(action, "admin", **join(action, "kominfo", "warga", "admin"))
        assert "Give the number of the decree" in e.value.error_dict["nomor_sk"][0]
        assert registry.actor_for("warga").duties == frozenset()

    @pytest.mark.parametrize("action", ADD)
    def test_with_it_the_duty_is_there_at_once_and_recorded(self, act, town, records, action):
        act(action, "admin", nomor_sk=DECREE, **join(action, "kominfo", "warga", "admin"))
        assert registry.actor_for("warga").duties == {Duty.WALIDATA}
        record = records("member.add")[-1]
        assert record["actor_name"] == "admin"
        assert record["after"] == {"capacity": "admin"}
        assert record["detail"]["user"] == town.people["warga"]["id"]
        assert record["detail"]["nomor_sk"] == DECREE

    @pytest.mark.parametrize("action", REMOVE)
    def test_the_same_for_taking_away(self, act, records, action):
        what = leave(action, "ppid", "ppid")
        with pytest.raises(tk.NotAuthorized):
            act(action, "ppid", nomor_sk=DECREE, **what)
        with refusal_of("nomor_sk"):
            act(action, "admin", **what)
        assert registry.actor_for("ppid").duties == {Duty.PPID}
        act(action, "admin", nomor_sk=DECREE, **what)
        assert registry.actor_for("ppid").duties == frozenset()
        assert records("member.remove")[-1]["before"] == {"capacity": "admin"}

    def test_an_empty_list_of_users_takes_nobody_away(self, act):
        with pytest.raises(tk.NotAuthorized) as e:
            act("organization_update", "walidata", id="kominfo", users=[])
        assert "Members of a body that decides" in str(e.value)
        assert registry.actor_for("walidata").duties == {Duty.WALIDATA}

    def test_a_promotion_is_a_change(self, act):
        act(
            "organization_member_create",
            "admin",
            id="kominfo",
            username="warga",
            role="member",
            nomor_sk=DECREE,
        )
        assert registry.actor_for("warga").duties == frozenset()
        with pytest.raises(tk.NotAuthorized):
            act(
                "organization_member_create",
                "walidata",
                id="kominfo",
                username="warga",
                role="admin",
            )
        assert registry.actor_for("warga").duties == frozenset()

    def test_an_invitation_is_refused_before_an_account_is_made(self, act):
        before = model.Session.query(model.User).count()
        with pytest.raises(tk.NotAuthorized):
            act("user_invite", "walidata", email="a@contoh.go.id", group_id="kominfo", role="admin")
        with pytest.raises(tk.ValidationError) as e:
            act("user_invite", "admin", email="a@contoh.go.id", group_id="kominfo", role="admin")
        assert "nomor_sk" in e.value.error_dict
        assert model.Session.query(model.User).count() == before

    def test_a_collaborator_on_a_dataset_gets_no_duty(self, town):
        member = model.PackageMember(
            package_id=model.Package(name="x").id,
            user_id=town.people["warga"]["id"],
            capacity="admin",
        )
        assert member.capacity == "admin"
        assert registry.actor_for("warga").duties == frozenset()
        assert registry.actor_for("warga").publishes_for == frozenset()


@pytest.mark.usefixtures("town")
class TestProducers:
    @pytest.mark.parametrize("action", ADD[:3])
    def test_their_admin_looks_after_their_own_people(self, act, records, action):
        act(action, "dinkes_admin", **join(action, "dinkes", "warga", "editor"))
        actor = registry.actor_for("warga")
        assert {registry.load_agencies()[i].name for i in actor.publishes_for} == {
            "dinkes",
            "puskesmas",
        }
        assert actor.duties == frozenset()
        assert records("member.add")[-1]["detail"]["needs_decree"] is False

    def test_somebody_elses_admin_does_not(self, act):
        with pytest.raises(tk.NotAuthorized):
            act("organization_member_create", "walidata", **join("", "dinkes", "warga", "editor"))

    def test_an_unknown_capacity_is_refused(self, act):
        with refusal_of("capacity"):
            act(
                "member_create",
                "dinkes_admin",
                id="dinkes",
                object="warga",
                object_type="user",
                capacity="raja",
            )
        assert registry.actor_for("warga").member_of == frozenset()

    def test_an_agency_is_hung_below_another_by_decree_only(self, act, town):
        what = {
            "id": "ppid",
            "object": "dinkes",
            "object_type": "group",
            "capacity": "parent",
        }
        with pytest.raises(tk.NotAuthorized) as e:
            act("member_create", "ppid", nomor_sk=DECREE, **what)
        assert "The parent of an agency is changed by" in str(e.value)
        with refusal_of("nomor_sk"):
            act("member_create", "admin", **what)
        act("member_create", "admin", nomor_sk=DECREE, **what)
        assert registry.agency("ppid").parent_id == town.dinkes["id"]
        with pytest.raises(tk.ValidationError) as two:
            act("member_create", "admin", nomor_sk=DECREE, **{**what, "object": "kominfo"})
        assert "has one parent" in two.value.error_dict["parent"][0]
        with pytest.raises(tk.NotAuthorized):
            act("member_delete", "ppid", nomor_sk=DECREE, **what)
        act("member_delete", "admin", nomor_sk=DECREE, **what)
        assert registry.agency("ppid").parent_id is None


@pytest.mark.usefixtures("town")
class TestPeople:
    def test_nobody_unknown_and_anonymous_are_the_same(self):
        assert registry.actor_for(None) == ANONYMOUS
        assert registry.actor_for("") == ANONYMOUS
        assert registry.actor_for("no-such-user") == ANONYMOUS
        assert registry.actor_from_context({"user": ""}) == ANONYMOUS

    def test_an_actor_is_found_by_id_name_and_object(self, town):
        user = model.User.get("walidata")
        assert registry.actor_for(user) == registry.actor_for(user.id)
        assert registry.actor_for(user) == registry.actor_for(user.name)

    def test_a_closed_account_has_no_duty_and_that_is_recorded(self, act, town, records):
        act("user_delete", "admin", id="ppid")
        assert not registry.actor_for("ppid").active
        assert registry.actor_for("ppid").duties == frozenset()
        assert registry.holders_of(Duty.PPID) == []
        record = records("member.remove")[-1]
        assert record["detail"]["user"] == town.people["ppid"]["id"]
        assert record["detail"]["agency_name"] == "ppid"

    def test_a_pending_account_has_nothing_yet(self, act):
        factories.User(name="baru", state="pending")
        act(
            "organization_member_create",
            "admin",
            id="kominfo",
            username="baru",
            role="admin",
            nomor_sk=DECREE,
        )
        assert registry.actor_for("baru").duties == frozenset()
        assert registry.actor_for("baru").member_of == frozenset()
        assert len(registry.holders_of(Duty.WALIDATA)) == 1

    def test_within_one_request_a_change_counts_at_once(self, act, test_request_context):
        with test_request_context():
            assert registry.actor_for("warga").duties == frozenset()
            assert registry.actor_for("warga") is registry.actor_for("warga")
            act(
                "organization_member_create",
                "admin",
                id="kominfo",
                username="warga",
                role="admin",
                nomor_sk=DECREE,
            )
            assert registry.actor_for("warga").duties == {Duty.WALIDATA}
            row = model.Session.query(model.Member).filter_by(
                table_id=model.User.get("warga").id, table_name="user"
            )
            row.delete()
            model.Session.commit()
            assert registry.actor_for("warga").duties == frozenset()

    def test_what_was_rolled_back_was_never_there(self, test_request_context, town):
        with test_request_context():
            assert registry.actor_for("warga").duties == frozenset()
            model.Session.add(
                model.Member(
                    table_name="user",
                    table_id=town.people["warga"]["id"],
                    group=model.Group.get(town.kominfo["id"]),
                    capacity="admin",
                )
            )
            model.Session.flush()
            assert registry.actor_for("warga").duties == {Duty.WALIDATA}
            model.Session.rollback()
            assert registry.actor_for("warga").duties == frozenset()


@pytest.mark.usefixtures("town")
class TestNamesThatNoAccountHas:
    """Core leaves them out, and takes whoever is not named from the agency."""

    @pytest.mark.parametrize("action", ["organization_update", "organization_patch"])
    @pytest.mark.parametrize("wrong", ["wargaa", "6171014101900001"])
    def test_nobody_loses_an_agency_by_a_mistyped_name(self, act, records, action, wrong):
        group = model.Group.get("dinkes")
        before, written = capacities.members_of(group.id), len(records("member.remove"))
        assert before
        users = [{"name": wrong, "capacity": "editor"}]
        for sent in (users, [*_users(before), *users]):
            with pytest.raises(tk.ValidationError) as e:
                act(action, "admin", id="dinkes", title="Lain", nomor_sk=DECREE, users=sent)
            (text,) = e.value.error_dict["users"]
            assert "No account is called" in text
            assert "6171014101900001" not in text
            model.Session.rollback()
            assert capacities.members_of(group.id) == before
            assert model.Group.get("dinkes").title != "Lain"
            assert len(records("member.remove")) == written

    @pytest.mark.parametrize("action", ["group_update", "group_patch"])
    def test_nor_a_group(self, act, action):
        group = factories.Group(users=[{"name": "warga", "capacity": "editor"}])
        before = capacities.members_of(group["id"])
        wrong = [{"name": "wargaa", "capacity": "editor"}]
        with pytest.raises(tk.ValidationError) as e:
            act(action, "admin", id=group["id"], name=group["name"], users=wrong)
        assert "wargaa" in e.value.error_dict["users"][0]
        assert capacities.members_of(group["id"]) == before

    @pytest.mark.parametrize("action", ["organization_create", "group_create"])
    def test_nor_is_one_opened_with_them(self, act, action):
        with pytest.raises(tk.ValidationError) as e:
            act(action, "admin", name="baru", title="Baru", users=[{"name": "wargaa"}])
        assert "wargaa" in e.value.error_dict["users"][0]
        assert model.Group.get("baru") is None


def _users(members):
    return [{"name": model.User.get(i).name, "capacity": c} for i, c in members.items()]
