"""Reviewers decide like cases together: one agency, one proposal, a sample opened before."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.rules import batch_rules
from ckanext.satudata_pontianak.ledger.tables import entry_table

from ..looking import opened

BATCH = "satudata_classification_batch"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"


def _submitted(city: Any, count: int = 3, who: str = "produsen", **values: Any) -> list[dict]:
    made = [city.dataset(who, title=f"Contoh {who} {n}", **values) for n in range(count)]
    for each in made:
        city.step(who, each, "submit")
    return made


def _items(city: Any) -> list[dict]:
    rows = city.act("walidata", "satudata_classification_list", details=True)["results"]
    return [{"id": row["dataset_id"], "evidence": row["evidence"]} for row in rows]


def _approve(city: Any, items: list[dict], who: str = "walidata") -> dict[str, Any]:
    return city.act(who, BATCH, items=items, transition="approve")


def _drawn() -> list[dict[str, Any]]:
    model.Session.rollback()
    query = sa.select(entry_table.c.body).where(entry_table.c.event == "batch.decide")
    return [body["detail"] for body in model.Session.scalars(query.order_by(entry_table.c.id))]


def test_nothing_is_decided_before_what_was_drawn_is_opened_by_that_person(city) -> None:
    made = _submitted(city)
    items, before = _items(city), len(_drawn())
    with pytest.raises(tk.ValidationError) as refused:
        _approve(city, items)
    told = str(refused.value.error_dict["items"])
    named = [each for each in made if each["title"] in told]
    assert len(named) >= batch_rules.rules().size(3) == 2
    # That somebody else opened them counts for nothing, nor does opening others.
    opened(city, "walidata_2", made)
    opened(city, "walidata", [each for each in made if each not in named])
    with pytest.raises(tk.ValidationError):
        _approve(city, items)
    assert len(_drawn()) == before
    opened(city, "walidata", named)
    assert _approve(city, items)["done"] == 3
    (kept,) = _drawn()[before:]
    assert set(kept["drawn"]) == {each["id"] for each in named}
    assert set(kept["lots"]) == {each["id"] for each in made}
    # Sent once more, it is told as done and asks for nothing.
    assert _approve(city, items)["done"] == 3
    assert len(_drawn()) == before + 1


def test_no_other_way_to_write_an_id_or_evidence_changes_what_is_to_be_opened(city) -> None:
    made = _submitted(city)
    items = _items(city)

    def told(sent: list[dict]) -> str:
        with pytest.raises(tk.ValidationError) as refused:
            _approve(city, sent)
        return str(refused.value.error_dict["items"])

    first = told(items)
    names = {each["id"]: each["name"] for each in made}
    for way in (
        lambda item: {**item, "id": f" {item['id']}\n"},
        lambda item: {**item, "id": names[item["id"]]},
        lambda item: {**item, "evidence": "0" * 64},
        lambda item: {"id": item["id"]},
    ):
        assert told([way(items[0]), *items[1:]]) == first
        assert told([way(item) for item in items]) == first


def test_the_heading_of_a_file_or_a_byte_of_it_opens_nothing(city, app) -> None:
    made = _submitted(city)
    for each in made:
        found = city.act("walidata", "package_show", id=each["id"])["resources"][0]
        address = f"/dataset/{each['id']}/resource/{found['id']}/download/a.csv"
        with app.flask_app.test_client() as client:
            assert client.head(address, headers=city.token("walidata")).status_code == 200
            byte = {**city.token("walidata"), "Range": "bytes=0-0"}
            assert client.get(address, headers=byte).status_code == 206
    with pytest.raises(tk.ValidationError):
        _approve(city, _items(city))


def test_cases_of_two_agencies_or_two_proposals_are_not_decided_together(city) -> None:
    mine = _submitted(city, 2)
    other = city.dataset(title="Lain", jenis_informasi="serta_merta")
    city.step("produsen", other, "submit")
    opened(city, "walidata", [*mine, other])
    with pytest.raises(tk.ValidationError) as refused:
        _approve(city, _items(city))
    assert len(refused.value.error_dict["items"]) == 1
    assert _approve(city, [{"id": each["id"]} for each in mine])["done"] == 2


def test_what_has_findings_stands_apart_and_the_others_are_decided(city, make_upload) -> None:
    made = _submitted(city)
    found = city.dataset(title="Warga", file=make_upload(NIKS))
    city.step("produsen", found, "submit")
    opened(city, "walidata", made)
    done = _approve(city, [{"id": each["id"]} for each in (*made, found)])
    assert (done["done"], done["refused"]) == (3, 1)
    assert [r["id"] for r in done["results"] if not r["done"]] == [found["id"]]


def test_more_than_the_most_are_refused_and_one_alone_needs_no_sample(city, monkeypatch) -> None:
    made = _submitted(city)
    opened(city, "walidata", made)
    few = batch_rules.rules()
    monkeypatch.setattr(
        batch_rules, "rules", lambda: few.__class__(1, 2, few.steps, few.clear, few.sample)
    )
    with pytest.raises(tk.ValidationError):
        _approve(city, [{"id": each["id"]} for each in made])
    assert _approve(city, [{"id": made[0]["id"]}])["done"] == 1


def test_conditions_and_separation_of_duties_hold_for_each_case(city) -> None:
    made = _submitted(city)
    opened(city, "walidata", made)
    # One changes after the person looked: it is refused alone.
    items = _items(city)
    city.step("produsen", made[0], "recall", catatan="Salah")
    city.step("produsen", made[0], "submit")
    done = _approve(city, items)
    assert (done["done"], done["refused"]) == (2, 1)
    # Whoever comes next looks for themselves; of what is decided already nothing is done again.
    rest = [{"id": each["id"]} for each in made]
    with pytest.raises(tk.ValidationError):
        _approve(city, rest, who="walidata_2")
    opened(city, "walidata_2", made[:1])
    done = _approve(city, rest, who="walidata_2")
    assert (done["done"], done["refused"]) == (1, 2)


def test_who_may_not_decide_learns_nothing_of_the_cases(city) -> None:
    made = _submitted(city, 2)
    done = _approve(city, [{"id": each["id"]} for each in made], who="warga")
    unknown = _approve(city, [{"id": "tiada-1"}, {"id": "tiada-2"}], who="warga")
    assert [r["error"] for r in done["results"]] == [r["error"] for r in unknown["results"]]
