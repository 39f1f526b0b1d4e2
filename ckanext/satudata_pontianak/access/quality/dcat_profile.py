"""The quality of a dataset as linked data: measurements in the words of DQV, beside what DCAT says.

W3C Data Quality Vocabulary (Working Group Note of 15 December 2016): a measurement of a metric,
computed on the dataset. A metric is a dimension of ``schemas/quality.yaml``; its value says how
much of the points of that dimension the dataset has, in per cent. Never one number over all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import RDF, SKOS, XSD

import ckan.plugins.toolkit as tk
from ckanext.dcat.profiles.base import RDFProfile

from ... import config
from ...agencies.rules.duties import ANONYMOUS
from ...metadata import naming
from ...metadata.quality.definition import Quality, quality
from ...metadata.quality.score import scored
from . import facts, figures, showing

DQV = Namespace("http://www.w3.org/ns/dqv#")
OA = Namespace("http://www.w3.org/ns/oa#")
PAGE, ANCHOR, FIGURE = "/panduan-api", "mutu-{name}", "angka-{key}"


class QualityProfile(RDFProfile):
    """Adds the quality of a dataset to its graph, of what the reader is given of it."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        """Return the dataset as it is: the quality of others is not taken over."""
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: Mapping[str, Any], dataset_ref: Any) -> None:
        """Add a measurement for each dimension; of files that are not open none is judged."""
        self.g.bind("dqv", DQV)
        known = facts.of_dataset(dataset_dict, {})
        score = scored(quality(), known, with_files=facts.has_files(dataset_dict))
        for name, part in score.parts().items():
            # Named: of nodes without a name each answer would be in another order.
            measured = URIRef(f"{dataset_ref}#{ANCHOR.format(name=name)}")
            share = round(100 * part.points / part.possible)
            self.g.add((dataset_ref, DQV.hasQualityMeasurement, measured))
            self.g.add((measured, RDF.type, DQV.QualityMeasurement))
            self.g.add((measured, DQV.computedOn, dataset_ref))
            self.g.add((measured, DQV.isMeasurementOf, self._metric(name)))
            self.g.add((measured, DQV.value, Literal(share, datatype=XSD.integer)))
        self._figures(dataset_dict, dataset_ref)

    def _figures(self, dataset_dict: Mapping[str, Any], dataset_ref: Any) -> None:
        """Add what does not agree, with the answer of the agency: of open data, as for anybody."""
        told = figures.told(dataset_dict, {}, ANONYMOUS) if dataset_dict.get("resources") else []
        if told:
            self.g.bind("oa", OA)
        for figure in told:
            node = URIRef(f"{dataset_ref}#{FIGURE.format(key=figure.key)}")
            said = showing.reply(figure)
            texts = [showing.sentence(figure).text(tk._), said.text(tk._) if said else ""]
            self.g.add((dataset_ref, DQV.hasQualityAnnotation, node))
            self.g.add((node, RDF.type, DQV.QualityAnnotation))
            self.g.add((node, OA.motivatedBy, DQV.qualityAssessment))
            self.g.add((node, OA.hasTarget, dataset_ref))
            self.g.add((node, OA.bodyValue, _literal(" ".join(texts).strip())))

    def _metric(self, name: str) -> URIRef:
        metric = metric_uri(name)
        if (metric, RDF.type, DQV.Metric) not in self.g:
            self.g.add((metric, RDF.type, DQV.Metric))
            self.g.add((metric, SKOS.prefLabel, _literal(tk._(quality().dimensions[name].label))))
            self.g.add((metric, SKOS.definition, _literal(counts(quality(), name))))
            self.g.add((metric, DQV.expectedDataType, XSD.integer))
        return metric


def metric_uri(name: str) -> URIRef:
    """Return the address of a dimension: where the guide for programs says what counts."""
    return URIRef(f"{config.site_url().rstrip('/')}{PAGE}#{ANCHOR.format(name=name)}")


def counts(definition: Quality, name: str) -> str:
    """Return what counts in a dimension, in the reader's language."""
    labels = (tk._(one.label) for one in definition.checks.values() if one.dimension == name)
    return "; ".join(labels)


def _literal(text: str) -> Literal:
    return Literal(text, lang="en" if naming.in_english() else "id")
