"""The indicators of a dataset: who reads of one, who describes it, and what linked data say."""

from __future__ import annotations

import pytest
from rdflib import Graph
from rdflib.namespace import SKOS

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.access.statistical.linked import SCHEMA

LIST, SAVE = "satudata_indicator_list", "satudata_indicator_save"
REMOVE = "satudata_indicator_remove"
NAME = "Angka Kenari per Taman"
SAID = {
    "nama_indikator": NAME,
    "rumus": "Jumlah kenari dibagi jumlah taman",
    "satuan": "ekor per taman",
    "interpretasi": "Makin tinggi, makin ramai.",
}


def save(city, dataset, who: str = "produsen", indicator: str = "", **said):
    named = {"indicator": indicator} if indicator else {}
    return city.act(who, SAVE, id=dataset["id"], values=said, **named)


def listed(city, dataset, who: str | None = "produsen") -> list[dict]:
    return city.act(who, LIST, id=dataset["id"])["results"]


def test_several_indicators_are_told_with_a_dataset_that_is_known(city, app) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['name']}"
    assert 'id="indikator"' not in app.get(address).body
    first = save(city, dataset, **SAID)
    assert first["receipt"]["entry"]
    assert "Concept" in first["indicator"]["missing"]
    save(city, dataset, nama_indikator="Angka Kedua")
    assert [row["name"] for row in listed(city, dataset, None)] == [NAME, "Angka Kedua"]
    assert listed(city, dataset, None)[0]["missing"] == []
    page = app.get(address).body
    assert SAID["rumus"] in page
    assert "Angka Kedua" in page
    graph = Graph().parse(data=app.get(f"{address}.ttl").body, format="turtle")
    nodes = {
        str(graph.value(n, SKOS.prefLabel)): n for n in graph.objects(None, SCHEMA.variableMeasured)
    }
    assert set(nodes) == {NAME, "Angka Kedua"}
    assert str(graph.value(nodes[NAME], SCHEMA.unitText)) == "ekor per taman"
    assert str(graph.value(nodes[NAME], SCHEMA.measurementTechnique)) == SAID["rumus"]
    draft = city.dataset()
    save(city, draft, **SAID)
    with pytest.raises(tk.ObjectNotFound):
        listed(city, draft, None)


def test_one_that_is_not_for_everybody_is_read_by_its_agency_and_walidata(city, app) -> None:
    dataset = city.publish()
    save(city, dataset, **SAID, dapat_diakses_umum="tidak")
    for who in (None, "warga", "produsen_lain"):
        assert listed(city, dataset, who) == []
    for who in ("produsen", "walidata"):
        assert [row["public"] for row in listed(city, dataset, who)] == [False]
    assert NAME not in app.get(f"/dataset/{dataset['name']}").body
    assert NAME not in app.get(f"/dataset/{dataset['name']}.ttl").body


def test_only_who_writes_the_dataset_describes_its_indicators(city) -> None:
    dataset = city.publish()
    id = save(city, dataset, **SAID)["indicator"]["id"]
    for who in ("warga", "walidata"):
        with pytest.raises(tk.NotAuthorized):
            save(city, dataset, who, indicator=id, satuan="ekor")
        with pytest.raises(tk.NotAuthorized):
            city.act(who, REMOVE, id=dataset["id"], indicator=id)
    assert save(city, dataset, indicator=id, **SAID)["receipt"] is None
    other = city.publish()
    with pytest.raises(tk.ObjectNotFound):
        save(city, other, indicator=id, satuan="ekor")
    city.act("produsen", REMOVE, id=dataset["id"], indicator=id)
    assert listed(city, dataset) == []


def test_what_cannot_stand_is_named_by_its_field(city) -> None:
    wrong = {
        "nama_indikator": "",
        "indikator_komposit": "mungkin",
        "level_estimasi": "planet",
        "tiada": "x",
        "rumus": "NIK 6171014101900001",
    }
    with pytest.raises(tk.ValidationError) as refused:
        save(city, city.publish(), **wrong)
    assert set(refused.value.error_dict) - {"code"} == set(wrong)
    told = {**SAID, "indikator_komposit": "ya", "nama_variabel_pembangun": "Kenari"}
    with pytest.raises(tk.ValidationError) as refused:
        save(city, city.publish(), **told)
    assert set(refused.value.error_dict) - {"code"} == {"nama_variabel_pembangun"}


def test_an_editor_describes_one_on_a_page_that_begins_with_what_the_dataset_says(
    city, app
) -> None:
    dataset, who = city.publish(), city.token("produsen")
    address = f"/satudata/berkas/{dataset['name']}/indikator"
    page = app.get(f"{address}/baru", headers=who).body
    assert f'value="{dataset["title"]}"' in page
    refused = app.post(f"{address}/baru", data={"satuan": "ekor"}, headers=who, status=422)
    assert 'id="road-nama_indikator-error"' in refused.body
    done = app.post(f"{address}/baru", data=SAID, headers=who, follow_redirects=False, status=303)
    assert done.headers["Location"].endswith("#indikator")
    (row,) = listed(city, dataset)
    assert SAID["rumus"] in app.get(f"{address}/{row['id']}", headers=who).body
    app.get(f"{address}/tiada", headers=who, status=404)
    app.get(f"{address}/baru", headers=city.token("walidata"), status=403)
    app.post(f"{address}/{row['id']}/hapus", headers=who, follow_redirects=False, status=303)
    assert listed(city, dataset) == []
