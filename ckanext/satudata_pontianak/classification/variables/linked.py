"""What linked data say of the columns of open files: ``csvw:tableSchema`` of a distribution.

W3C Metadata Vocabulary for Tabular Data (Recommendation of 17 December 2015). Told of files that
everybody may have, whoever asks; a column that the dictionary calls personal, or of which PPID is
to speak, is not told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, XSD

from ckan import model
from ckanext.dcat.utils import resource_uri

from ...metadata import dcat_profile
from . import kept
from .kept import Column

CSVW = Namespace("http://www.w3.org/ns/csvw#")
SCHEMA = Namespace("http://schema.org/")
TABLE, COLUMN = "kolom", "kolom-{number}"
DATATYPES = {
    "teks": XSD.string,
    "bilangan_bulat": XSD.integer,
    "desimal": XSD.decimal,
    "tanggal": XSD.date,
    "waktu": XSD.dateTime,
    "kode": XSD.string,
    "ya_tidak": XSD.boolean,
}


def tell(graph: Graph, dataset: Mapping[str, Any], ref: Any) -> None:
    """Add the columns of the open files of a dataset to its graph."""
    package = model.Package.get(str(dataset.get("id") or ""))
    if package is None:
        return
    by_file = kept.open_columns(package)
    for resource in dataset.get("resources") or ():
        columns = by_file.get(resource.get("id"))
        if columns:
            graph.bind("csvw", CSVW)
            graph.bind("schema", SCHEMA)
            _tell_file(graph, URIRef(resource_uri(resource)), columns)


def _tell_file(graph: Graph, file: URIRef, columns: Sequence[Column]) -> None:
    # Named, the list too: of nodes without a name each answer would be in another order.
    schema = URIRef(f"{file}#{TABLE}")
    graph.add((file, CSVW.tableSchema, schema))
    graph.add((schema, RDF.type, CSVW.Schema))
    places = [URIRef(f"{schema}-daftar-{number}") for number in range(1, len(columns) + 1)]
    graph.add((schema, CSVW.column, places[0]))
    for number, (place, column) in enumerate(zip(places, columns, strict=True), start=1):
        node = URIRef(f"{file}#{COLUMN.format(number=number)}")
        graph.add((place, RDF.first, node))
        graph.add((place, RDF.rest, places[number] if number < len(places) else RDF.nil))
        _tell_column(graph, node, column)


def _tell_column(graph: Graph, node: URIRef, column: Column) -> None:
    said = kept.told(column.said)
    graph.add((node, RDF.type, CSVW.Column))
    graph.add((node, CSVW.name, Literal(quote(column.name, safe=""))))
    graph.add((node, CSVW.title, Literal(column.name)))
    if said["meaning"]:
        graph.add((node, DCTERMS.description, Literal(said["meaning"], lang="id")))
    if said["type"] in DATATYPES:
        graph.add((node, CSVW.datatype, DATATYPES[said["type"]]))
    if said["unit"]:
        graph.add((node, SCHEMA.unitText, Literal(said["unit"])))
    if said["classification"]:
        graph.add((node, SCHEMA.inDefinedTermSet, Literal(said["classification"])))


def join() -> None:
    """Let linked data say of what columns files are."""
    dcat_profile.offer(tell)
