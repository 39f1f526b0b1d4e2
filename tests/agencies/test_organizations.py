"""Agencies through CKAN's actions: who may change what, and what is recorded."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Duty

from ..refusals import refusal_of

pytestmark = pytest.mark.ckan_config("ckan.locale_default", "en")

DECREE = "SK/2/2026"


def refusal(error) -> str:
    """The words of a refusal, whatever kind it is."""
    summary = getattr(error.value, "error_dict", None)
    return str(summary or error.value)


@pytest.mark.ckan_config("ckan.auth.user_create_organizations", True)
@pytest.mark.usefixtures("town")
class TestCreating:
    def test_people_open_no_agencies_even_where_core_would_let_them(self, act):
        with pytest.raises(tk.NotAuthorized) as e:
            act("organization_create", "warga", name="mine", title="Mine")
        assert "opened and closed by a system administrator" in refusal(e)

    def test_a_sysadmin_who_opens_an_agency_is_no_member_of_it(self, town):
        assert registry.actor_for("admin").member_of == frozenset()
        assert registry.actor_for("admin").duties == frozenset()
        assert registry.actor_for("walidata").duties == {Duty.WALIDATA}

    def test_a_body_that_decides_needs_a_decree(self, act):
        with pytest.raises(tk.ValidationError) as e:
            act("organization_create", "admin", name="baru", title="Baru", sdi_role=["pengawas"])
        assert "Give the number of the decree" in e.value.error_dict["nomor_sk"][0]
        assert model.Group.get("baru") is None

    def test_a_producer_needs_none(self, act):
        made = act(
            "organization_create", "admin", name="baru", title="Baru", sdi_role=["produsen_data"]
        )
        assert made["sdi_role"] == ["produsen_data"]
        assert made["parent"] == ""

    @pytest.mark.parametrize("duty", ["walidata", "ppid"])
    def test_a_second_body_is_refused_and_named(self, act, duty):
        with pytest.raises(tk.ValidationError) as e:
            act(
                "organization_create",
                "admin",
                name="baru",
                title="Baru",
                sdi_role=[duty],
                nomor_sk=DECREE,
            )
        assert "only one body can hold" in e.value.error_dict["sdi_role"][0]
        assert {"walidata": "Kominfo", "ppid": "Ppid"}[duty] in e.value.error_dict["sdi_role"][0]

    def test_an_unknown_duty_is_refused(self, act):
        with pytest.raises(tk.ValidationError) as e:
            act(
                "organization_create",
                "admin",
                name="baru",
                title="Baru",
                sdi_role=["raja"],
                nomor_sk=DECREE,
            )
        assert "raja" in str(e.value.error_dict["sdi_role"])

    def test_an_unknown_parent_is_refused(self, act):
        with pytest.raises(tk.ValidationError) as e:
            act(
                "organization_create",
                "admin",
                name="baru",
                title="Baru",
                parent="no",
                nomor_sk=DECREE,
            )
        assert 'no agency "no"' in e.value.error_dict["parent"][0]

    def test_it_is_recorded_with_its_decree_and_members(self, records, town):
        created = records("agency.create")
        assert [r["after"]["name"] for r in created] == ["kominfo", "ppid", "dinkes", "puskesmas"]
        assert created[0]["after"]["sdi_role"] == ["produsen_data", "walidata"]
        assert created[0]["detail"]["nomor_sk"] == "SK/1/2026"
        assert created[3]["after"]["parent"] == town.dinkes["id"]
        joined = records("member.add")
        assert town.people["walidata"]["id"] in {r["detail"]["user"] for r in joined}
        assert town.sysadmin not in str([r["detail"] for r in joined])


@pytest.mark.usefixtures("town")
class TestChanging:
    def test_an_admin_of_the_agency_edits_its_description_and_keeps_the_rest(self, act, town):
        act(
            "organization_update",
            "dinkes_admin",
            id="puskesmas",
            title="Puskesmas",
            description="Baru",
        )
        shown = act("organization_show", "dinkes_admin", id="puskesmas")
        assert shown["description"] == "Baru"
        assert shown["sdi_role"] == ["produsen_data"]
        assert shown["parent"] == "dinkes"
        assert shown["nomor_sk_terakhir"] == "SK/1/2026"

    def test_a_round_trip_by_its_admin_changes_nothing(self, act, records):
        before = len(records())
        shown = act("organization_show", "walidata", id="kominfo", include_users=True)
        shown["description"] = "Baru"
        act("organization_update", "walidata", **shown)
        again = act("organization_show", "walidata", id="kominfo", include_users=True)
        assert again["sdi_role"] == shown["sdi_role"]
        assert [u["name"] for u in again["users"]] == ["walidata"]
        assert len(records()) == before

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"sdi_role": ["produsen_data", "pengawas"]}, "Duties of an agency are changed by"),
            ({"sdi_role": []}, "Duties of an agency are changed by"),
            ({"parent": "kominfo"}, "The parent of an agency is changed by"),
            ({"groups": [{"name": "kominfo"}]}, "The parent of an agency is changed by"),
            ({"state": "deleted"}, "opened and closed by a system administrator"),
        ],
    )
    @pytest.mark.parametrize("action", ["organization_update", "organization_patch"])
    def test_an_admin_of_the_agency_changes_no_duty_no_parent_no_state(
        self, act, action, changes, words
    ):
        if action == "organization_patch" and "groups" in changes:
            changes = {**changes, "parent": "kominfo"}
        with pytest.raises(tk.NotAuthorized) as e:
            act(
                action,
                "dinkes_admin",
                id="dinkes",
                name="dinkes",
                title="Dinkes",
                nomor_sk=DECREE,
                **changes,
            )
        assert words in refusal(e)
        assert registry.agency("dinkes").roles == {Duty.PRODUSEN}

    def test_extras_are_no_way_round(self, act):
        with refusal_of("extras"):
            act(
                "organization_update",
                "dinkes_admin",
                id="dinkes",
                title="Dinkes",
                extras=[{"key": "sdi_role", "value": '["pengawas"]'}],
            )
        assert registry.agency("dinkes").roles == {Duty.PRODUSEN}

    def test_the_flag_of_an_organization_is_no_way_round(self, act):
        act(
            "organization_update",
            "walidata",
            id="kominfo",
            title="K",
            is_organization=False,
            approval_status="no",
        )
        assert registry.body_of(Duty.WALIDATA).name == "kominfo"

    @pytest.mark.parametrize(
        "changes", [{"sdi_role": ["pengawas"]}, {"parent": "kominfo"}, {"parent": "puskesmas"}]
    )
    def test_a_sysadmin_needs_the_decree_in_the_same_call(self, act, changes):
        with pytest.raises(tk.ValidationError) as e:
            act("organization_patch", "admin", id="dinkes", **changes)
        assert "Give the number of the decree" in e.value.error_dict["nomor_sk"][0]

    def test_a_sysadmin_with_a_decree_changes_a_duty_at_once(self, act, records):
        act(
            "organization_patch",
            "admin",
            id="dinkes",
            sdi_role=["produsen_data", "pengawas"],
            nomor_sk=DECREE,
        )
        assert registry.actor_for("dinkes_admin").duties == {Duty.PENGAWAS}
        assert registry.actor_for("dinkes_editor").duties == frozenset()
        record = records("agency.change")[-1]
        assert record["before"]["sdi_role"] == ["produsen_data"]
        assert record["after"]["sdi_role"] == ["pengawas", "produsen_data"]
        assert record["detail"]["nomor_sk"] == DECREE
        assert act("organization_show", "admin", id="dinkes")["nomor_sk_terakhir"] == DECREE

    def test_a_duty_can_be_taken_away_so_that_check_complains(self, act):
        act("organization_patch", "admin", id="ppid", sdi_role=[], nomor_sk=DECREE)
        assert registry.body_of(Duty.PPID) is None
        assert registry.actor_for("ppid").duties == frozenset()

    def test_a_form_without_a_tick_says_none(self, act):
        act("organization_patch", "admin", id="ppid", sdi_role="", nomor_sk=DECREE)
        assert registry.body_of(Duty.PPID) is None

    def test_a_move_in_the_tree_moves_cores_permissions_and_ours(self, act, town):
        assert "puskesmas" in {
            registry.load_agencies()[i].name
            for i in registry.actor_for("dinkes_editor").publishes_for
        }
        act("organization_patch", "admin", id="puskesmas", parent="kominfo", nomor_sk=DECREE)
        allowed = authz.has_user_permission_for_group_or_org
        target = town.puskesmas["id"]
        assert target not in registry.actor_for("dinkes_editor").publishes_for
        assert target in registry.actor_for("walidata").publishes_for
        assert not allowed(target, "dinkes_admin", "update_dataset")
        assert allowed(target, "walidata", "update_dataset")
        act("organization_patch", "admin", id="puskesmas", parent="", nomor_sk=DECREE)
        assert target not in registry.actor_for("walidata").publishes_for
        assert not allowed(target, "walidata", "update_dataset")
        assert act("organization_show", "admin", id="puskesmas")["parent"] == ""

    @pytest.mark.parametrize("parent", ["puskesmas", "dinkes"])
    def test_a_loop_is_refused(self, act, parent):
        with pytest.raises(tk.ValidationError) as e:
            act("organization_patch", "admin", id="dinkes", parent=parent, nomor_sk=DECREE)
        assert "cannot stand below itself" in str(e.value.error_dict)

    def test_two_parents_are_refused(self, act):
        with pytest.raises(tk.ValidationError) as e:
            act(
                "organization_update",
                "admin",
                id="dinkes",
                title="D",
                groups=[{"name": "kominfo"}, {"name": "ppid"}],
                nomor_sk=DECREE,
            )
        assert "has one parent" in e.value.error_dict["parent"][0]

    def test_a_failure_in_core_leaves_no_record(self, act, records):
        before = len(records())
        with refusal_of("name"):
            act(
                "organization_patch",
                "admin",
                id="dinkes",
                sdi_role=["pengawas"],
                nomor_sk=DECREE,
                name="Not A Slug!",
            )
        assert len(records()) == before
        assert registry.agency("dinkes").roles == {Duty.PRODUSEN}

    @pytest.mark.parametrize(
        ("mailbox", "words"),
        [
            ("dinkes@gmail.com", "free provider"),
            ("dinkes@contoh.com", "ending in .go.id"),
            ("dinkes", "not an e-mail address"),
        ],
    )
    def test_the_mailbox_must_be_an_offices(self, act, mailbox, words):
        with pytest.raises(tk.ValidationError) as e:
            act("organization_patch", "dinkes_admin", id="dinkes", kotak_surat=mailbox)
        assert words in e.value.error_dict["kotak_surat"][0]

    def test_an_agency_code_has_its_form(self, act):
        act("organization_patch", "dinkes_admin", id="dinkes", kode_instansi="1.02.0.00.0.00.01")
        with pytest.raises(tk.ValidationError) as e:
            act("organization_patch", "dinkes_admin", id="dinkes", kode_instansi="dinas kesehatan")
        assert "dots between its parts" in e.value.error_dict["kode_instansi"][0]


@pytest.mark.usefixtures("town")
class TestAtTheSameMoment:
    def test_two_administrators_do_not_make_two_bodies(self, act, app):
        act("organization_patch", "admin", id="ppid", sdi_role=[], nomor_sk=DECREE)
        model.Session.remove()
        start = threading.Barrier(2)

        def claim(name):
            with app.flask_app.test_request_context():
                start.wait()
                try:
                    act("organization_patch", "admin", id=name, sdi_role=["ppid"], nomor_sk=DECREE)
                except tk.ValidationError as e:
                    return str(e.error_dict["sdi_role"])
                finally:
                    model.Session.remove()
                return "made"

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(claim, ["dinkes", "puskesmas"]), key=len)
        assert answers[0] == "made"
        assert "only one body can hold" in answers[1]
        assert len(registry.bodies_of(Duty.PPID)) == 1


@pytest.mark.usefixtures("town")
class TestClosing:
    @pytest.mark.parametrize("action", ["organization_delete", "organization_purge"])
    def test_an_admin_of_the_agency_does_not_close_it(self, act, action):
        with pytest.raises(tk.NotAuthorized):
            act(action, "dinkes_admin", id="dinkes")

    @pytest.mark.parametrize("name", ["kominfo", "dinkes"])
    @pytest.mark.parametrize("action", ["organization_delete", "organization_purge"])
    def test_a_body_with_a_duty_or_with_agencies_below_needs_a_decree(self, act, action, name):
        with pytest.raises(tk.ValidationError) as e:
            act(action, "admin", id=name)
        assert "Give the number of the decree" in e.value.error_dict["nomor_sk"][0]
        assert registry.agency(name) is not None

    def test_a_closed_body_has_no_duty_and_no_members_and_is_recorded(self, act, records):
        act("organization_delete", "admin", id="kominfo", nomor_sk=DECREE)
        assert registry.body_of(Duty.WALIDATA) is None
        assert registry.actor_for("walidata").member_of == frozenset()
        assert registry.memberships_of(model.User.get("walidata").id) == []
        assert records("agency.close")[-1]["before"]["sdi_role"] == ["produsen_data", "walidata"]
        assert records("member.remove")[-1]["detail"]["agency_name"] == "kominfo"

    def test_a_producer_is_closed_without(self, act):
        act("organization_delete", "admin", id="puskesmas")
        assert registry.agency("puskesmas") is None

    def test_a_closed_body_does_not_come_back_beside_its_successor(self, act, town):
        act("organization_delete", "admin", id="kominfo", nomor_sk=DECREE)
        town.organization("baru", ["walidata"])
        with pytest.raises(tk.ValidationError) as e:
            act(
                "organization_update",
                "admin",
                id=town.kominfo["id"],
                title="K",
                state="active",
                nomor_sk=DECREE,
            )
        assert "only one body can hold" in e.value.error_dict["sdi_role"][0]


@pytest.mark.usefixtures("town")
class TestDoorsForGroups:
    @pytest.mark.parametrize("action", ["group_update", "group_delete", "group_purge"])
    @pytest.mark.parametrize("user", ["admin", "dinkes_admin"])
    def test_they_do_not_open_on_an_agency(self, act, action, user):
        with pytest.raises(tk.ValidationError) as e:
            act(action, user, id="dinkes", title="x", nomor_sk=DECREE)
        assert "This is an agency" in e.value.error_dict["id"][0]

    def test_a_patch_does_not_find_it(self, act):
        with pytest.raises(tk.ObjectNotFound):
            act("group_patch", "admin", id="dinkes", sdi_role=["pengawas"])

    def test_a_group_does_not_call_itself_an_agency(self, act):
        with pytest.raises(tk.ValidationError) as e:
            act("group_create", "admin", name="g", type="organization")
        assert "This is an agency" in e.value.error_dict["type"][0]

    def test_groups_live_as_they_did(self, act):
        act("group_create", "admin", name="tema")
        act("group_patch", "admin", id="tema", title="Tema")
        act("group_delete", "admin", id="tema")
