"""What DCAT says of fields that are the city's own: affair, area, years, and where bytes are.

As an international harvester maps Indonesian portals: ``cakupan`` is ``dct:spatial``, ``tahun`` is
``dct:temporal``. Codes are those of the Ministry of Home Affairs, with their names beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS, XSD
from rdflib.term import Node

from ckanext.dcat.profiles.base import RDFProfile
from ckanext.dcat.utils import resource_uri

from . import codes, formats

UPLOAD = "upload"


class FieldsProfile(RDFProfile):
    """Adds the city's own fields to the graph of a dataset, as the reader is given them."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        """Return the dataset as it is: what others say of it is not taken over."""
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: Mapping[str, Any], dataset_ref: Any) -> None:
        """Add affair, area and years, and the address of the bytes of each file kept here."""
        affair = codes.urusan(str(dataset_dict.get("urusan") or ""))
        if affair is not None:
            self.g.add(
                (
                    dataset_ref,
                    DCAT.theme,
                    self._coded(affair, SKOS.Concept, f"{dataset_ref}#urusan"),
                )
            )
        area = codes.region(str(dataset_dict.get("cakupan") or ""))
        if area is not None:
            self.g.add(
                (
                    dataset_ref,
                    DCTERMS.spatial,
                    self._coded(area, DCTERMS.Location, f"{dataset_ref}#cakupan"),
                )
            )
        self._years(str(dataset_dict.get("tahun") or ""), dataset_ref)
        for resource in dataset_dict.get("resources") or ():
            address = str(resource.get("url") or "")
            if resource.get("url_type") == UPLOAD and address.startswith("http"):
                file = URIRef(resource_uri(resource))
                self.g.add((file, DCAT.downloadURL, URIRef(address)))

    def _coded(self, code: codes.Code, kind: Node, name: str) -> URIRef:
        # Named, as all nodes here: of those without a name each answer would be in another order.
        node = URIRef(name)
        self.g.add((node, RDF.type, kind))
        self.g.add((node, SKOS.notation, Literal(code.code)))
        self.g.add((node, SKOS.prefLabel, Literal(code.label, lang="id")))
        if code.english:
            self.g.add((node, SKOS.prefLabel, Literal(code.english, lang="en")))
        return node

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
