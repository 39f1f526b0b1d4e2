"""What linked data say of the activity that a dataset comes from: ``prov:wasGeneratedBy``.

It is told with the dataset: who knows the dataset may know of its activity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, XSD

from ckan import model

from ... import config
from ...metadata import dcat_profile
from . import kept

PAGE = "/kegiatan"
BEGIN, END = "jadwal_pengumpulan_awal", "jadwal_pengumpulan_akhir"


def tell(graph: Graph, dataset: Mapping[str, Any], ref: Any) -> None:
    """Add the activity of a dataset to its graph."""
    package = model.Package.get(str(dataset.get("id") or ""))
    row = kept.of_dataset(package) if package is not None else None
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


def join() -> None:
    """Let linked data say of which activity a dataset comes."""
    dcat_profile.offer(tell)
