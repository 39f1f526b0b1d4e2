"""An app in the words of CPSV-AP, the vocabulary of public services in Europe.

Which field is called what stands in ``layanan.yaml`` (``cpsv``); of what shape it is, here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SDO, SKOS
from rdflib.term import Node

import ckan.plugins.toolkit as tk
from ckanext.dcat.profiles.base import CleanedURIRef

from ...classification.records.dataset_types import APP
from ...metadata import codes
from ...metadata.service import dataset_fields
from ...surface import links, page_names
from ..records.withheld import ADDRESSES
from ..rules.door import door
from .listing import TOPIC, Listed

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
SPACES: Mapping[str, Any] = {
    "cpsv": CPSV,
    "cv": CV,
    "adms": ADMS,
    "eli": ELI,
    "schema": SDO,
    "dct": DCTERMS,
    "dcat": DCAT,
    "foaf": FOAF,
    "skos": SKOS,
}
CODED = ("cv:sector", "dct:type", "cv:hasTargetAudience")
DESCRIBED = {
    "cpsv:produces": CV.Output,
    "cv:hasCost": CV.Cost,
    "cv:hasCriterion": CV.Criterion,
    "cv:hasLegalResource": ELI.LegalResource,
}
"""Names whose values are things of a class, of which there is a text."""
OF_CONTACT = ("maintainer_email", "jam_layanan")
CHANNEL, OWNER, TAGS = "url", "owner_org", "tag_string"
TEXT_LANGUAGE = "id"


def graph(app: Listed) -> Graph:
    """Return an app as a ``cpsv:PublicService``: what its page says, and nothing more."""
    found = Graph()
    for prefix, space in SPACES.items():
        found.bind(prefix, space)
    service = _page(app.package.name)
    found.add((service, RDF.type, CPSV.PublicService))
    found.add((service, DCTERMS.identifier, Literal(app.package.id)))
    status = _concept(found, app.word, tk._(door().look(app.word).label))
    found.add((service, ADMS.status, status))
    for each in dataset_fields(APP):
        name, called = str(each["field_name"]), each.get("cpsv")
        if called and name not in (*OF_CONTACT, CHANNEL, OWNER):
            for value in _values(app, name):
                found.add((service, _named(called), _node(found, called, each, value)))
    if app.agency is not None:
        address = tk.url_for("organization.read", id=app.agency.name, qualified=True)
        agency = CleanedURIRef(address)
        found.add((service, CV.hasCompetentAuthority, agency))
        found.add((agency, RDF.type, CV.PublicOrganisation))
        found.add((agency, DCTERMS.identifier, Literal(app.agency.name)))
        found.add((agency, DCTERMS.title, _text(app.agency.title)))
    for key in ADDRESSES:
        if links.leads_to(app.address(key)):
            channel = BNode()
            found.add((service, CV.hasChannel, channel))
            found.add((channel, RDF.type, CV.Channel))
            found.add((channel, FOAF.page, CleanedURIRef(app.address(key))))
    _contact(found, service, app)
    if app.successor is not None:
        found.add((service, DCTERMS.isReplacedBy, _page(app.successor.name)))
    return found


def _contact(found: Graph, service: URIRef, app: Listed) -> None:
    said = {
        SDO.email: app.package.maintainer_email,
        SDO.hoursAvailable: app.said("jam_layanan"),
        SDO.description: app.said("kanal_bantuan"),
    }
    contact = BNode()
    for called, value in said.items():
        if value:
            found.add((service, CV.hasContactPoint, contact))
            found.add((contact, RDF.type, SDO.ContactPoint))
            found.add((contact, called, Literal(value)))


def _values(app: Listed, name: str) -> Iterable[str]:
    if name == TAGS:
        return sorted(tag.name for tag in app.package.get_tags())
    own = {"title": app.package.title, "notes": app.package.notes}
    value = own[name] if name in own else app.said(name)
    return [value] if value else []


def _node(found: Graph, called: str, field: Mapping[str, Any], value: str) -> Node:
    """Return a value of a field in the shape that its name in CPSV-AP asks for."""
    if called in CODED:
        topic = codes.urusan(value) if field["field_name"] == TOPIC else None
        labels = {each["value"]: tk._(each["label"]) for each in field.get("choices", ())}
        return _concept(found, value, topic.label if topic else labels.get(value, value))
    if called not in DESCRIBED:
        return _text(value)
    node = BNode()
    found.add((node, RDF.type, DESCRIBED[called]))
    found.add((node, DCTERMS.description, _text(value)))
    return node


def _concept(found: Graph, code: str | None, label: str) -> Node:
    node = BNode()
    found.add((node, RDF.type, SKOS.Concept))
    found.add((node, SKOS.prefLabel, Literal(label, lang=str(tk.h.lang()))))
    if code:
        found.add((node, SKOS.notation, Literal(code)))
    return node


def _text(value: str) -> Literal:
    return Literal(value, lang=TEXT_LANGUAGE)


def _named(called: str) -> URIRef:
    prefix, _, name = called.partition(":")
    return SPACES[prefix][name]


def _page(name: str) -> URIRef:
    return CleanedURIRef(tk.url_for(page_names.endpoint("app"), id=name, qualified=True))
