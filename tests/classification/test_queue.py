"""The queue: who sees which cases, how many, in which groups, and with how many queries."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.cases import show
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.classification.rules.policy import as_governed, holds_case, is_asked

from ..looking import opened
from ..refusals import refusal_of
from ..statements import statements

NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
NEW = b"kecamatan,penduduk\nPontianak Kota,150000\nPontianak Barat,156782\nPontianak Timur,9\n"
WIDER = b"kecamatan,penduduk,luas\nPontianak Kota,150000,15\nPontianak Barat,156782,16\n"
LIST = "satudata_classification_list"


def ids(found: dict) -> set[str]:
    return {row["dataset_id"] for row in found["results"]}


def renew(city, dataset, upload) -> None:
    """Bring the next month's file of a dataset, and submit it."""
    city.act("produsen", "resource_patch", id=dataset["resources"][0]["id"], upload=upload)
    city.step("produsen", dataset, "submit")


def test_a_page_costs_the_same_for_one_case_and_for_thirty(city) -> None:
    first = city.dataset()
    city.step("produsen", first, "submit")

    def cost(who: str, **params: object) -> int:
        with statements() as said:
            city.act(who, LIST, limit=30, **params)
        return len(said)

    asked = (
        ("produsen", {"mine": False, "groups": True}),
        ("pengawas", {"mine": False}),
        ("walidata", {"mine": False}),
    )
    before = [cost(who, **params) for who, params in asked]
    for _ in range(29):
        city.dataset(file=False)
    after = [cost(who, **params) for who, params in asked]
    assert city.act("produsen", LIST, mine=False)["count"] == 30
    assert after == before
    assert max(after) <= 20


def test_the_number_on_the_desk_costs_one_query(city) -> None:
    city.step("produsen", city.dataset(), "submit")
    with statements() as said:
        assert city.act("walidata", LIST, limit=0) == {"count": 1, "results": []}
    asked = [s for s in said if "satudata_case" in s]
    assert len(asked) == 1
    assert "count(" in asked[0]


def test_everybody_sees_and_counts_what_the_policy_lets_them(city, make_upload) -> None:
    """Cases in many states; the answer of the query is that of the policy, for everybody."""
    city.join("dinsos", "penerima", "editor")
    city.dataset(title="Konsep")
    waits = city.dataset(title="Menunggu")
    city.step("produsen", waits, "submit")
    referred = city.dataset(title="Diuji", file=make_upload(NIKS))
    city.step("produsen", referred, "submit")
    city.step("walidata", referred, "refer", catatan="Perlu diuji")
    limited = city.limit()
    renew(city, limited, make_upload(NEW))
    held = city.publish(title="Ditahan")
    city.act(
        "walidata", "satudata_hold_create", id=held["id"], scope="all", reason="Diperiksa dulu"
    )
    city.step("walidata", held, "reopen", case_kind="classify", reason="Perlu ditinjau")
    moved = city.publish(title="Pindah")
    city.step("walidata", moved, "reopen", case_kind="move", owner_org="dinsos", reason="Urusan")
    city.step("produsen", moved, "submit")
    secret = city.dataset(
        title="Rahasia",
        file=False,
        jenis_informasi="dikecualikan",
        tingkat_keamanan="sangat_rahasia",
    )
    city.step("produsen", secret, "submit")
    city.step("walidata", secret, "refer", catatan="Perlu diuji")
    city.step("ppid", secret, "assess", **city.assess_fields())
    city.step("penetap", secret, "approve", nomor="SK-8/2026")
    city.step("ppid", secret, "reopen", case_kind="classify", reason="Perlu ditinjau")
    city.act(
        "admin",
        "satudata_break_glass_start",
        reason="Walidata tidak dapat masuk",
        until=(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat(),
        id=waits["id"],
        duty="walidata",
    )
    query = sa.select(Case, model.Package).join(model.Package, model.Package.id == Case.package_id)
    rows = model.Session.execute(query.where(Case.ended_at.is_(None))).tuples().all()
    facts = reads.facts_for(p.id for _, p in rows)
    assert len(rows) == 7
    seen_by = {}
    for who in (*city.users, "admin"):
        user = city.admin if who == "admin" else city.users[who]
        actor = registry.actor_for(user["name"])
        allowed = {
            p.id
            for c, p in rows
            if show.may_see_case(actor, facts[p.id]) or is_asked(actor, as_governed(facts[p.id]))
        }
        every = city.act(who, LIST, mine=False)
        assert (ids(every), every["count"]) == (allowed, len(allowed)), who
        desk = city.act(who, LIST)
        assert desk["count"] == len(desk["results"])
        assert ids(desk) <= allowed
        held_by = {p.id for _, p in rows if holds_case(actor, facts[p.id])}
        assert held_by <= ids(desk), who
        turned = [city.act(who, LIST, mine=False, limit=1, offset=n) for n in range(len(allowed))]
        assert [ids(t) for t in turned] == [{r["dataset_id"]} for r in every["results"]]
        seen_by[who] = allowed
    assert seen_by["warga"] == set()
    assert seen_by["pegawai_dinsos"] == set()
    assert seen_by["penerima"] == {moved["id"]}
    assert seen_by["pengawas"] == {p.id for _, p in rows}
    assert ids(city.act("admin", LIST)) == {waits["id"]}


def test_like_cases_are_one_group_whatever_page_they_are_on(city, make_upload) -> None:
    same = [city.publish(title=f"Bulanan {n}") for n in range(2)]
    wider = city.publish(title="Kolom baru")
    fresh = city.dataset(title="Baru")
    bad = city.dataset(title="Dengan NIK", file=make_upload(NIKS))
    for dataset in same:
        renew(city, dataset, make_upload(NEW))
    renew(city, wider, make_upload(WIDER))
    for dataset in (fresh, bad):
        city.step("produsen", dataset, "submit")
    found = city.act("walidata", LIST, limit=1, groups=True)
    assert (found["count"], len(found["results"])) == (5, 1)
    by = {(g["scan"], g["likeness"]): g for g in found["groups"]}
    assert {key: group["count"] for key, group in by.items()} == {
        ("clear", "unchanged"): 2,
        ("clear", "changed"): 1,
        ("clear", "new"): 1,
        ("findings", "new"): 1,
    }
    key = by["clear", "unchanged"]["key"]
    group = city.act("walidata", LIST, group=key)
    assert (ids(group), group["count"]) == ({d["id"] for d in same}, 2)
    assert {row["group"] for row in group["results"]} == {key}
    assert city.act("walidata", LIST, likeness="changed")["count"] == 1
    assert ids(city.act("walidata", LIST, scan="findings")) == {bad["id"]}
    assert ids(city.act("walidata", LIST, q="bulanan 1")) == {same[1]["id"]}
    assert city.act("walidata", LIST, q="100%_\\'")["count"] == 0
    assert city.act("walidata", LIST, agency="dinsos")["count"] == 0
    assert city.act("walidata", LIST, agency="dinkes", kind="classify", level="biasa")["count"] == 5
    assert city.act("walidata", LIST, ids=[fresh["name"], bad["id"]], mine=False)["count"] == 2
    assert city.act("walidata", LIST, overdue=True)["count"] == 0
    late = days.today() - dt.timedelta(days=1)
    model.Session.execute(sa.update(Case).where(Case.package_id == bad["id"]).values(due=late))
    model.Session.commit()
    assert ids(city.act("walidata", LIST, overdue=True)) == {bad["id"]}
    assert city.act("walidata", LIST)["results"][0]["dataset_id"] == bad["id"]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "x"},
        {"agency": "tidak-ada"},
        {"level": "x"},
        {"scan": "x"},
        {"likeness": ["new"]},
        {"overdue": "mungkin"},
        {"q": "\x00"},
        {"q": 5},
        {"group": "\x00"},
        {"ids": {"a": 1}},
        {"ids": ["x"] * 501},
        {"ids": [1]},
        {"limit": 501},
        {"state": "x"},
        {"holder": "x"},
    ],
)
def test_a_filter_that_is_none_is_refused(city, asked) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        city.act("walidata", LIST, **asked)
    assert set(refused.value.error_dict) == set(asked)


def test_who_is_to_receive_a_dataset_learns_nothing_of_its_files(city) -> None:
    moved = city.publish()
    city.join("dinsos", "penerima_lain", "editor")
    city.step("walidata", moved, "reopen", case_kind="move", owner_org="dinsos", reason="Urusan")
    city.step("produsen", moved, "submit")
    (row,) = city.act("penerima_lain", LIST)["results"]
    assert (row["scan"], row["likeness"], row["group"]) == (None, None, None)
    assert city.act("penerima_lain", LIST, scan="clear")["count"] == 0
    assert city.act("penerima_lain", LIST, groups=True)["groups"] == []
    assert city.act("walidata", LIST, mine=False, scan="clear")["count"] == 1


def test_a_batch_sent_again_decides_only_the_rest(city) -> None:
    datasets = [city.dataset(title=f"Contoh {n}") for n in range(3)]
    for dataset in datasets:
        city.step("produsen", dataset, "submit")
    rows = city.act("walidata", LIST, details=True)["results"]
    assert all({"approve", "return"} <= {t["name"] for t in row["transitions"]} for row in rows)
    items = [{"id": row["dataset_id"], "evidence": row["evidence"]} for row in rows]
    opened(city, "walidata", datasets)

    def send(who: str = "walidata", sent: list[dict] = items) -> dict:
        return city.act(who, "satudata_classification_batch", items=sent, transition="approve")

    first = send(sent=items[:2])
    assert (first["done"], first["refused"]) == (2, 0)
    again = send()
    assert (again["done"], again["refused"]) == (3, 0)
    assert [r.get("repeated", False) for r in again["results"]] == [True, True, False]
    receipts = [r["receipt"] for r in first["results"]]
    assert [r["receipt"] for r in again["results"]][:2] == receipts
    entries = model.Session.execute(
        sa.text("SELECT count(*) FROM satudata_ledger.entry WHERE event = 'case.approve'")
    ).scalar_one()
    steps = model.Session.execute(
        sa.text("SELECT count(*) FROM satudata_step WHERE action = 'approve'")
    ).scalar_one()
    assert steps == 3
    assert entries >= 3
    # It is the act of one person: nobody else's batch was done by it.
    other = send("walidata_2")
    assert (other["done"], other["refused"]) == (0, 3)
    assert all("code" in r["error"] or "message" in r["error"] for r in other["results"])
    unlike = [{**item, "evidence": "0" * 64} for item in items]
    assert send(sent=unlike)["done"] == 0
    with refusal_of("items"):
        send(sent=[{"id": items[0]["id"], "evidence": 5}])
