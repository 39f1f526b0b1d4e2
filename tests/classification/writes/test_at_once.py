"""Two people at once, scans by the worker, and doors other than the form."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from rq import SimpleWorker

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs

from ckanext.satudata_pontianak.classification import startup
from ckanext.satudata_pontianak.classification.records.model import Case, Decision

from ...refusals import refusal_of


def run_jobs() -> None:
    """Let a real worker do what waits in the real queue."""
    queue = jobs.get_queue("default")
    SimpleWorker([queue], connection=queue.connection).work(burst=True)


def test_of_two_people_who_act_at_once_one_wins_and_the_other_is_told(city, app) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    ready, outcomes = threading.Barrier(2), {}

    def act(who: str, name: str, **fields) -> None:
        with app.flask_app.test_request_context("/"):
            ready.wait()
            try:
                city.step(who, dataset, name, **fields)
                outcomes[who] = "done"
            except tk.ValidationError as refused:
                outcomes[who] = refused.error_dict["code"][0]
            except tk.NotAuthorized:
                outcomes[who] = "not_authorized"
            finally:
                model.Session.remove()

    threads = [
        threading.Thread(target=act, args=("walidata", "approve")),
        threading.Thread(target=act, args=("walidata_2", "refer"), kwargs={"catatan": "uji"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["walidata", "walidata_2"]
    lost = [v for v in outcomes.values() if v != "done"]
    assert len(lost) == 1
    assert lost[0] in ("lost_race", "not_from_here", "no_case")
    decided = model.Session.scalar(sa.select(sa.func.count()).select_from(Decision))
    assert decided == (1 if outcomes["walidata"] == "done" else 0)


def test_the_database_refuses_a_second_open_case(city) -> None:
    dataset = city.dataset()
    model.Session.add(Case(package_id=dataset["id"], state="draft", proposal={}, pending={}))
    with pytest.raises(sa.exc.IntegrityError):
        model.Session.flush()
    model.Session.rollback()


def test_stale_evidence_is_refused_after_somebody_changed_the_metadata(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    seen = city.act("walidata", "satudata_classification_show", id=dataset["id"])["case"]
    city.act("produsen", "package_patch", id=dataset["id"], notes="Uraian baru")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve", evidence=seen["evidence"])
    assert refused.value.error_dict["code"] == ["stale_evidence"]
    now = city.act("walidata", "satudata_classification_show", id=dataset["id"])["case"]
    assert city.step("walidata", dataset, "approve", evidence=now["evidence"])["decision"]


@pytest.mark.ckan_config("ckanext.satudata_pontianak.scan_inline_mb", 0)
def test_a_large_file_is_scanned_by_the_worker_and_the_case_waits(city, app) -> None:
    jobs.get_queue("default").empty()
    dataset = city.dataset()
    waiting = city.step("produsen", dataset, "submit")
    assert waiting["scan_pending"] is True
    assert waiting["case"]["state"] == "draft"
    assert waiting["scans"][0]["verdict"] == "pending"
    city.step("produsen", dataset, "submit")
    assert len(jobs.get_queue("default")) == 1
    run_jobs()
    done = city.step("produsen", dataset, "submit")
    assert done["case"]["state"] == "verification"
    assert done["scans"][0]["verdict"] == "clear"


def test_a_dataset_of_any_door_gets_a_case_and_is_unseen(city) -> None:
    made = city.act(
        "produsen",
        "package_create",
        title="Lewat API",
        owner_org="dinkes",
        private=False,
        state="active",
        resources=[{"url": "https://contoh.id/data.csv", "name": "Tautan"}],
    )
    assert made["private"] is True
    shown = city.act("produsen", "satudata_classification_show", id=made["id"])
    assert shown["case"]["state"] == "draft"
    # The worker has not fetched it yet.
    assert shown["scans"][0]["verdict"] == "pending"
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=made["id"])


def test_a_harvested_dataset_is_unseen_until_a_decision(city) -> None:
    site = {"ignore_auth": True, "user": city.admin["name"]}
    made = tk.get_action("package_create")(
        site,
        {
            "title": "Hasil Panen",
            "name": "hasil-panen",
            "owner_org": city.orgs["dinkes"]["id"],
            "resources": [{"url": "https://contoh.id/panen.csv"}],
        },
    )
    assert city.act("produsen", "satudata_classification_show", id=made["id"])["case"]
    for who in (None, "warga", "produsen_lain"):
        with pytest.raises(tk.ObjectNotFound):
            city.act(who, "package_show", id=made["id"])
    assert city.act(None, "package_search")["count"] == 0


def test_core_buttons_do_not_publish(city) -> None:
    dataset = city.dataset()
    agency = city.orgs["dinkes"]["id"]
    city.act("admin", "bulk_update_public", datasets=[dataset["id"]], org_id=agency)
    city.act("produsen", "package_patch", id=dataset["id"], private=False, state="active")
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])


def test_a_database_with_undecided_datasets_stops_the_start_with_the_two_choices(city) -> None:
    assert startup.undecided_without_case() == 0
    model.Session.add(model.Package(name="lama", type="dataset"))
    model.Session.commit()
    assert startup.undecided_without_case() == 1
    with pytest.raises(startup.CkanConfigurationException, match="governed_types"):
        startup.check_adopted()


@pytest.mark.ckan_config("ckanext.satudata_pontianak.governed_types", [])
def test_what_is_not_governed_goes_on_as_in_plain_ckan(city) -> None:
    made = city.act("produsen", "package_create", title="Biasa saja", owner_org="dinkes")
    assert city.act(None, "package_show", id=made["id"])["title"] == "Biasa saja"
    startup.check_adopted()


def test_the_queue_shows_each_their_desk(city) -> None:
    dataset = city.dataset()
    assert city.act("produsen", "satudata_classification_list")["count"] == 1
    assert city.act("walidata", "satudata_classification_list")["count"] == 0
    city.step("produsen", dataset, "submit")
    queue = city.act("walidata", "satudata_classification_list")
    assert [r["dataset_name"] for r in queue["results"]] == [dataset["name"]]
    assert queue["results"][0]["due"]
    for who in ("produsen", "ppid", "penetap", "warga", "produsen_lain"):
        assert city.act(who, "satudata_classification_list")["count"] == 0
    assert city.act("pengawas", "satudata_classification_list", mine=False)["count"] == 1
    assert city.act("produsen_lain", "satudata_classification_list", mine=False)["count"] == 0
    with pytest.raises(tk.NotAuthorized):
        city.act(None, "satudata_classification_list")
    with refusal_of("limit"):
        city.act("walidata", "satudata_classification_list", limit="banyak")


@pytest.mark.parametrize("name", ["", "purge", "approve ", None, 7, ["submit"], {"a": 1}])
def test_a_step_that_does_not_exist_is_told(city, name) -> None:
    dataset = city.dataset()
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        city.act(
            "produsen", "satudata_classification_transition", id=dataset["id"], transition=name
        )
