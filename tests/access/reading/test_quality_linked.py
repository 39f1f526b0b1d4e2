"""Quality stands in linked data as DQV says it: what the action says, of what is open alone."""

from __future__ import annotations

import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS

DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
ROWS = b"kecamatan,jumlah\nPontianak Kota,140000\nPontianak Barat,120000\n"


def measured(app, address: str, **headers: str) -> dict[str, int]:
    answer = app.get(address, headers=headers, status=200)
    graph = rdflib.Graph().parse(data=answer.body, format="turtle")
    found: dict[str, int] = {}
    for node in graph.subjects(RDF.type, DQV.QualityMeasurement):
        metric, dataset = graph.value(node, DQV.isMeasurementOf), graph.value(node, DQV.computedOn)
        assert (metric, RDF.type, DQV.Metric) in graph
        assert (dataset, DQV.hasQualityMeasurement, node) in graph
        found[str(metric).rpartition("#mutu-")[2]] = int(graph.value(node, DQV.value))
    return found


def test_a_dataset_says_its_quality_by_dimension_as_the_action_does(app, city, make_upload) -> None:
    found = city.publish(file=make_upload(ROWS, "tabel.csv"))
    shown = city.act(None, "satudata_quality_show", id=found["id"])
    said = {
        part["dimension"]: round(100 * part["points"] / part["possible"]) for part in shown["parts"]
    }
    assert measured(app, f"/dataset/{found['name']}.ttl") == said
    guide = app.get("/panduan-api").body
    assert all(f'id="mutu-{name}"' in guide for name in said)


def test_what_waits_changes_nothing_of_it_for_others(app, city, make_upload) -> None:
    found = city.publish(file=make_upload(ROWS, "tabel.csv"))
    address = f"/dataset/{found['name']}.ttl"
    before = measured(app, address)
    more = {"package_id": found["id"], "name": "", "url": "https://example.org/tabel.zip"}
    city.act("produsen", "resource_create", **more)
    assert measured(app, address) == before


def test_a_draft_has_no_measurement_for_who_may_not_know_it(app, city) -> None:
    draft = city.dataset()
    address = f"/dataset/{draft['name']}.ttl"
    assert app.get(address, status=None).status_code == 404
    assert measured(app, address, **city.token("produsen"))["findable"]
    assert draft["name"] not in app.get("/catalog.ttl").body


def test_the_fields_of_the_city_stand_there_with_their_names(app, city, make_upload) -> None:
    values = {"urusan": "2.12", "cakupan": "61.71", "tahun": "2023-2025", "license_id": "cc-by"}
    found = city.publish(file=make_upload(ROWS, "tabel.csv"), **values)
    body = app.get(f"/dataset/{found['name']}.ttl", status=200).body
    graph = rdflib.Graph().parse(data=body, format="turtle")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    theme, area = graph.value(dataset, DCAT.theme), graph.value(dataset, DCTERMS.spatial)
    assert str(graph.value(theme, SKOS.notation)) == "2.12"
    assert str(graph.value(area, SKOS.notation)) == "61.71"
    assert "Pontianak" in str(graph.value(area, SKOS.prefLabel))
    time = graph.value(dataset, DCTERMS.temporal)
    said = [str(graph.value(time, edge)) for edge in (DCAT.startDate, DCAT.endDate)]
    assert said == ["2023-01-01", "2025-12-31"]
    often = str(graph.value(dataset, DCTERMS.accrualPeriodicity))
    assert often == "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
    catalogue = app.get("/catalog.ttl", status=200).body
    assert "dct:accrualPeriodicity" in catalogue
    (file,) = graph.objects(dataset, DCAT.distribution)
    address = str(graph.value(file, DCAT.downloadURL))
    assert app.get(address, status=200).body.startswith("kecamatan")
    assert str(graph.value(file, DCTERMS.license)).endswith("/cc-by")
