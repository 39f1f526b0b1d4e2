"""What linked data say of the activity that a dataset comes from, and of its indicators.

``prov:wasGeneratedBy`` and ``schema:variableMeasured``. They are told with the dataset: who knows
it may know of them, but for an indicator that is not for everybody, which is told to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, SKOS, XSD

from ckan import model

from ... import config
from ...metadata import dcat_profile
from . import indicator_rules, indicators, kept

SCHEMA = Namespace("http://schema.org/")
SAID = (
    (SKOS.prefLabel, "nama_indikator"),
    (SKOS.definition, "definisi"),
    (SKOS.scopeNote, "interpretasi"),
    (SCHEMA.measurementTechnique, "rumus"),
    (SCHEMA.statType, "ukuran"),
    (SCHEMA.unitText, "satuan"),
)
PAGE = "/kegiatan"
BEGIN, END = "jadwal_pengumpulan_awal", "jadwal_pengumpulan_akhir"


def tell(graph: Graph, dataset: Mapping[str, Any], ref: Any) -> None:
    """Add the activity of a dataset and its indicators to its graph."""
    package = model.Package.get(str(dataset.get("id") or ""))
    if package is None:
        return
    _tell_indicators(graph, package, ref)
    row = kept.of_dataset(package)
    if row is None:
        return
    node = URIRef(f"{config.site_url().rstrip('/')}{PAGE}/{row.id}")
    graph.bind("prov", PROV)
    graph.add((ref, PROV.wasGeneratedBy, node))
    graph.add((node, RDF.type, PROV.Activity))
    graph.add((node, DCTERMS.title, Literal(row.title, lang="id")))
    for predicate, name in ((DCTERMS.description, "tujuan"), (DCTERMS.identifier, "kode_kegiatan")):
        if row.told.get(name):
            graph.add((node, predicate, Literal(row.told[name])))
    for predicate, name in ((PROV.startedAtTime, BEGIN), (PROV.endedAtTime, END)):
        if row.told.get(name):
            graph.add((node, predicate, Literal(row.told[name], datatype=XSD.date)))


def _tell_indicators(graph: Graph, package: model.Package, ref: Any) -> None:
    public = [row for row in indicators.every(package) if indicator_rules.is_public(row.told)]
    if public:
        graph.bind("schema", SCHEMA)
        graph.bind("skos", SKOS)
    for row in public:
        node = URIRef(f"{ref}#indikator-{row.id}")
        graph.add((ref, SCHEMA.variableMeasured, node))
        graph.add((node, RDF.type, SCHEMA.PropertyValue))
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SCHEMA.name, Literal(row.name, lang="id")))
        for predicate, name in SAID:
            if row.told.get(name):
                graph.add((node, predicate, Literal(row.told[name], lang="id")))


def join() -> None:
    """Let linked data say of which activity a dataset comes, and what its indicators are."""
    dcat_profile.offer(tell)
