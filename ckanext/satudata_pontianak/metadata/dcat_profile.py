"""What DCAT says of the city's own fields: affair, area, years, frequency, and where bytes are.

As an international harvester maps Indonesian portals: ``cakupan`` is ``dct:spatial``, ``tahun`` is
``dct:temporal``. Codes are those of the Ministry of Home Affairs, with their names beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS, XSD
from rdflib.term import Node

from ckanext.dcat.profiles.base import RDFProfile
from ckanext.dcat.utils import resource_uri

from ..surface.formulas import CONTROL
from . import codes, formats, freshness

FREQUENCIES = "http://publications.europa.eu/resource/authority/frequency/"
"""As DCAT-AP wants it: the table of the EU's Publications Office."""
UPLOAD = "upload"
Teller = Callable[[Graph, Mapping[str, Any], Any], None]
"""Adds what a room above knows of a dataset to its graph, of what the reader is given of it."""
_tellers: list[Teller] = []


def offer(teller: Teller) -> None:
    """Have a room above tell more of a dataset."""
    if teller not in _tellers:
        _tellers.append(teller)


class FieldsProfile(RDFProfile):
    """Adds the city's own fields to the graph of a dataset, as the reader is given them."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        """Return the dataset as it is: what others say of it is not taken over."""
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: Mapping[str, Any], dataset_ref: Any) -> None:
        """Add affair, area, years, frequency, and the address of each file kept here."""
        for predicate, kind, code, name in (
            (DCAT.theme, SKOS.Concept, codes.urusan(dataset_dict.get("urusan")), "urusan"),
            (
                DCTERMS.spatial,
                DCTERMS.Location,
                codes.region(dataset_dict.get("cakupan")),
                "cakupan",
            ),
        ):
            if code is not None:
                # Named, as all nodes here: of those without a name each answer would be in
                # another order.
                node = URIRef(f"{dataset_ref}#{name}")
                self.g.add((dataset_ref, predicate, node))
                self._coded(node, kind, code)
        self._years(str(dataset_dict.get("tahun") or ""), dataset_ref)
        self._often(str(dataset_dict.get("frekuensi_penerbitan") or ""), dataset_ref)
        for resource in dataset_dict.get("resources") or ():
            address = str(resource.get("url") or "")
            if resource.get("url_type") == UPLOAD and address.startswith("http"):
                file = URIRef(resource_uri(resource))
                self.g.add((file, DCAT.downloadURL, URIRef(address)))
        for tell in _tellers:
            tell(self.g, dataset_dict, dataset_ref)
        self._readable(dataset_ref)

    def _readable(self, dataset_ref: Any) -> None:
        """Blank the signs that XML cannot say: texts that were kept before may hold them."""
        files = self.g.objects(dataset_ref, DCAT.distribution)
        for node in (dataset_ref, *files):
            for said, predicate, text in list(self.g.triples((node, None, None))):
                if isinstance(text, Literal) and CONTROL.search(text):
                    plain = Literal(
                        CONTROL.sub(" ", text), lang=text.language, datatype=text.datatype
                    )
                    self.g.remove((said, predicate, text))
                    self.g.add((said, predicate, plain))

    def _coded(self, node: URIRef, kind: Node, code: codes.Code) -> None:
        self.g.add((node, RDF.type, kind))
        self.g.add((node, SKOS.notation, Literal(code.code)))
        self.g.add((node, SKOS.prefLabel, Literal(code.label, lang="id")))
        if code.english:
            self.g.add((node, SKOS.prefLabel, Literal(code.english, lang="en")))

    def _often(self, said: str, dataset_ref: Any) -> None:
        rule = freshness.rules().frequencies.get(said)
        if rule is not None and rule.code:
            every = URIRef(f"{FREQUENCIES}{rule.code}")
            self.g.add((dataset_ref, DCTERMS.accrualPeriodicity, every))

    def _years(self, said: str, dataset_ref: Any) -> None:
        try:
            first, last = formats.years(said)
        except ValueError:
            return
        time = URIRef(f"{dataset_ref}#tahun")
        self.g.add((dataset_ref, DCTERMS.temporal, time))
        self.g.add((time, RDF.type, DCTERMS.PeriodOfTime))
        self.g.add((time, DCAT.startDate, Literal(f"{first}-01-01", datatype=XSD.date)))
        self.g.add((time, DCAT.endDate, Literal(f"{last}-12-31", datatype=XSD.date)))
