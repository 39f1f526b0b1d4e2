"""Break-glass: what a system administrator may do under it, what not, and for how long."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Case, Decision, Step
from ckanext.satudata_pontianak.ledger import reading

from ..refusals import refusal_of

LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
REASON = "Petugas PPID berhalangan, tenggat hari ini"
ANOTHER = r"Orang lain|Another person"


def hence(**ahead) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(**ahead)).isoformat()


def start(city, who="admin", **values):
    return city.act(
        who, "satudata_break_glass_start", **{"reason": REASON, "until": hence(hours=2), **values}
    )


def records(event: str):
    wanted = reading.Wanted(event=event)
    return [e["said"] for e in reading.entries(model.Session, wanted, after=0, limit=10_000)]


def download(city, app, dataset, who="admin") -> int:
    resource = dataset["resources"][0]["id"]
    url = f"/dataset/{dataset['id']}/resource/{resource}/download/penduduk.csv"
    return app.get(url, headers=city.token(who), status=None).status_code


def test_data_that_are_not_open_are_read_under_it_only(city, app) -> None:
    dataset, other = city.limit(), city.limit()
    assert download(city, app, dataset) == 403
    made = start(city, id=dataset["id"])
    assert (made["duty"], made["dataset_id"]) == ("walidata", dataset["id"])
    assert download(city, app, dataset) == 200
    assert records("data.read")[-1]["detail"]["break_glass"] == made["id"]
    assert download(city, app, other) == 403
    city.act("admin", "satudata_break_glass_end", id=made["id"])
    assert download(city, app, dataset) == 403


def test_it_ends_by_itself(city, app) -> None:
    dataset = city.limit()
    start(city, id=dataset["name"], until=hence(minutes=10))
    assert download(city, app, dataset) == 200
    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert download(city, app, dataset) == 403


def test_it_stands_in_for_the_holder_of_the_case_and_no_other(city) -> None:
    dataset = city.dataset()
    with pytest.raises(tk.NotAuthorized):
        city.step("admin", dataset, "submit")
    assert start(city, id=dataset["id"])["duty"] == "produsen_data"
    city.step("admin", dataset, "submit")
    with pytest.raises(tk.NotAuthorized):
        city.step("admin", dataset, "approve")
    step = records("case.submit")[-1]
    assert step["detail"]["break_glass"]
    assert city.step("walidata", dataset, "approve")["decision"]["level"] == "biasa"
    assert records("case.approve")[-1]["detail"]["break_glass"] is None


def test_the_case_is_on_the_desk_and_its_steps_are_offered(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")

    def desk():
        found = city.act("admin", "satudata_classification_list")
        return [row["dataset_id"] for row in found["results"]]

    assert desk() == []
    start(city, id=dataset["id"])
    assert desk() == [dataset["id"]]
    shown = city.act("admin", "satudata_classification_show", id=dataset["id"])
    assert "approve" in [t["name"] for t in shown["case"]["transitions"]]
    assert city.step("admin", dataset, "approve")["decision"]["level"] == "biasa"


def test_nobody_takes_two_parts_in_one_case_also_under_it(city) -> None:
    dataset = city.dataset(**LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    start(city, id=dataset["id"], duty="ppid")
    city.step("admin", dataset, "assess", **city.assess_fields())
    city.act("admin", "satudata_break_glass_end")
    assert start(city, id=dataset["id"])["duty"] == "atasan_ppid"
    with pytest.raises(tk.NotAuthorized, match=ANOTHER):
        city.step("admin", dataset, "approve", nomor="SK/1", penerima=["dinsos"])
    assert city.step("penetap", dataset, "approve", nomor="SK/1", penerima=["dinsos"])["decision"]


def test_it_is_recorded_with_its_reason_and_ended_by_anybody_of_them(city) -> None:
    made = start(city)
    assert (made["duty"], made["dataset_id"], made["reason"]) == (None, None, REASON)
    body = records("break_glass.start")[-1]
    assert body["actor"] == city.admin["id"]
    assert (body["detail"]["reason"], body["detail"]["break_glass"]) == (REASON, made["id"])
    (ended,) = city.act("admin", "satudata_break_glass_end")["ended"]
    assert ended["ended"]
    assert records("break_glass.end")[-1]["detail"]["break_glass"] == made["id"]
    with pytest.raises(tk.ObjectNotFound):
        city.act("admin", "satudata_break_glass_end")


@pytest.mark.parametrize("who", [None, "warga", "walidata", "ppid", "pengawas", "kepala_dinkes"])
def test_only_system_administrators_may(city, who) -> None:
    with pytest.raises(tk.NotAuthorized):
        start(city, who)
    with pytest.raises(tk.NotAuthorized):
        city.act(who, "satudata_break_glass_end")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("reason", {"reason": "singkat"}),
        ("reason", {"reason": None}),
        ("reason", {"reason": ["x" * 20]}),
        ("reason", {"reason": "x" * 2001}),
        ("reason", {"reason": "nol \x00 nol nol nol"}),
        ("until", {"until": None}),
        ("until", {"until": "nanti"}),
        ("until", {"until": 7}),
        ("until", {"until": hence(hours=-1)}),
        ("until", {"until": hence(hours=25)}),
        ("until", {"until": "9999-12-31T23:59:59.999999-23:00"}),
        ("duty", {"duty": "pengawas"}),
        ("duty", {"duty": ["ppid"]}),
        ("id", {"duty": "produsen_data"}),
        ("id", {"id": ["x"]}),
    ],
)
def test_what_is_wrong_is_named_by_its_field(city, field, values) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        start(city, **values)
    assert list(refused.value.error_dict) == [field]


def test_one_at_a_time_for_a_dataset_and_an_unknown_one_is_unknown(city) -> None:
    dataset = city.dataset()
    start(city, id=dataset["id"])
    with pytest.raises(tk.ValidationError) as refused:
        start(city, id=dataset["id"], duty="ppid")
    assert list(refused.value.error_dict) == ["id"]
    assert start(city)
    with pytest.raises(tk.ObjectNotFound):
        start(city, id="tidak-ada")


def test_a_token_for_somebody_else(city) -> None:
    # Nobody of the city: who has made somebody's token acts for them no more, for good.
    person = city.person("sasaran_token")
    target = person["name"]
    with pytest.raises(tk.NotAuthorized, match="under emergency access only"):
        city.act("admin", "api_token_create", user=target, name="x")
    assert city.act("sasaran_token", "api_token_create", user=target, name="x")["token"]
    assert city.act("admin", "api_token_create", user=city.admin["name"], name="x")["token"]
    made = start(city)
    assert city.act("admin", "api_token_create", user=target, name="y")["token"]
    detail = records("account.token")[-1]["detail"]
    assert (detail["user"], detail["break_glass"]) == (person["id"], made["id"])


def test_a_token_is_not_made_under_emergency_access_for_a_dataset(city) -> None:
    start(city, id=city.dataset()["id"])
    with pytest.raises(tk.NotAuthorized):
        city.act("admin", "api_token_create", user=city.users["ppid"]["name"], name="x")


@pytest.mark.parametrize(
    "change", [{"password": "kata-sandi-baru"}, {"email": "pencuri@contoh.example"}]
)
def test_a_password_or_address_of_somebody_else(city, change) -> None:
    name = f"sasaran_{next(iter(change))}"
    person = city.person(name)
    before = model.User.get(person["id"])
    stored = (before.password, before.email)
    model.Session.rollback()
    with pytest.raises(tk.NotAuthorized, match="under emergency access only"):
        city.act("admin", "user_patch", id=person["id"], **change)
    after = model.User.get(person["id"])
    assert (after.password, after.email) == stored
    model.Session.rollback()
    assert city.act("admin", "user_patch", id=person["id"], fullname="Nama Lain")
    own = {"password": "kata-sandi-saya", "old_password": "kuda-baterai-jemuran"}
    assert city.act(name, "user_patch", id=person["id"], **own)
    start(city)
    city.act("admin", "user_patch", id=person["id"], **change)
    assert records("account.access")[-1]["detail"]["what"] == list(change)


def test_purging_what_was_decided(city) -> None:
    dataset, other = city.publish(), city.publish()
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "dataset_purge", id=dataset["id"])
    assert list(refused.value.error_dict) == ["id"]
    start(city, id=other["id"])
    with refusal_of("id"):
        city.act("admin", "dataset_purge", id=dataset["id"])
    made = start(city, id=dataset["id"])
    city.act("admin", "dataset_purge", id=dataset["id"])
    with pytest.raises(tk.ObjectNotFound):
        city.act("admin", "package_show", id=dataset["id"])
    kept = model.Session.scalars(sa.select(Decision).filter_by(package_id=dataset["id"])).one()
    assert not kept.in_force
    assert model.Session.scalars(sa.select(Step).filter_by(package_id=dataset["id"])).all()
    body = records("dataset.purge")[-1]
    assert body["before"]["in_force"] == ["biasa"]
    assert body["detail"]["break_glass"] == made["id"]
    assert city.act(None, "package_show", id=other["id"])


def test_purging_what_is_being_checked(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    with refusal_of("id"):
        city.act("admin", "dataset_purge", id=dataset["id"])
    start(city, id=dataset["id"])
    city.act("admin", "dataset_purge", id=dataset["id"])
    case = model.Session.scalars(sa.select(Case).filter_by(package_id=dataset["id"])).one()
    assert case.state == "withdrawn"


def test_a_draft_is_purged_freely(city) -> None:
    dataset = city.dataset()
    with pytest.raises(tk.NotAuthorized):
        city.act("kepala_dinkes", "dataset_purge", id=dataset["id"])
    city.act("admin", "dataset_purge", id=dataset["id"])
    assert records("dataset.purge")[-1]["detail"]["break_glass"] is None


def test_purging_an_agency_whose_datasets_hold_decisions(city) -> None:
    org = city.act("admin", "organization_create", name="uptd-lama", title="UPTD Lama")
    city.join("uptd-lama", "produsen", "editor")
    dataset = city.dataset(owner_org="uptd-lama")
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    model.Package.get(dataset["id"]).state = "deleted"
    model.Session.commit()
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "organization_purge", id=org["id"])
    assert list(refused.value.error_dict) == ["id"]
    start(city)
    city.act("admin", "organization_purge", id=org["id"])
    assert model.Group.get(org["id"]) is None
    assert model.Session.scalars(sa.select(Decision).filter_by(package_id=dataset["id"])).one()


def test_the_trash_page_answers_a_refusal_in_words(city, app) -> None:
    dataset, draft = city.publish(), city.dataset()
    for each in (dataset, draft):
        model.Package.get(each["id"]).state = "deleted"
    model.Session.commit()
    page = app.post(
        "/ckan-admin/trash",
        data={"action": "package"},
        headers=city.token("admin"),
        follow_redirects=False,
        status=None,
    )
    assert page.status_code == 302
    assert model.Package.get(dataset["id"]) is not None
    assert model.Package.get(draft["id"]) is None


def test_a_banner_is_on_every_page_while_it_runs(city, app) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['name']}"
    headers = city.token("admin")
    assert "satudata-break-glass" not in app.get(address, headers=headers).body
    made = start(city, id=dataset["id"], reason="Alasan <b>mendesak</b> sekali")
    for page in (address, "/", "/dataset/"):
        body = app.get(page, headers=headers).body
        assert "satudata-break-glass" in body
        assert "Alasan &lt;b&gt;mendesak&lt;/b&gt; sekali" in body
        assert "satudata-break-glass" not in app.get(page, headers=city.token("ppid")).body
        assert "satudata-break-glass" not in app.get(page).body
    answer = app.post(
        "/satudata/akses-darurat/akhiri",
        data={"id": made["id"]},
        headers=headers,
        follow_redirects=False,
        status=None,
    )
    assert answer.status_code == 302
    assert "satudata-break-glass" not in app.get(address, headers=headers).body


def test_strange_calls_over_http_are_answered_by_name(city, app) -> None:
    headers = city.token("admin")
    for name, body, status in (
        ("start", {}, 409),
        ("start", {"reason": REASON, "until": hence(hours=1), "id": {"a": 1}}, 409),
        ("end", {}, 404),
        ("end", {"id": "x"}, 404),
        ("end", {"id": [1]}, 409),
    ):
        answer = app.post(
            f"/api/3/action/satudata_break_glass_{name}", json=body, headers=headers, status=None
        )
        assert answer.status_code == status, (name, body)
