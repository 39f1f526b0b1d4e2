"""Linked data in the head of a page says what ckanext-dcat says, and ends no script."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rdflib
from rdflib.compare import isomorphic

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import rebuild
from ckanext.dcat import helpers as dcat
from ckanext.dcat.processors import RDFProfileException

DATASET = {
    "id": "0a0a0a0a-1111-4222-8333-444444444444",
    "name": "uji-data-terkait",
    "title": "Jumlah <b>& lainnya</b></script>",
    "notes": "Uraian",
    "type": "dataset",
    "tags": [{"name": "uji"}],
    "metadata_created": "2026-01-02T03:04:05",
    "metadata_modified": "2026-01-02T03:04:05",
    "resources": [
        {
            "id": "0b0b0b0b-1111-4222-8333-444444444444",
            "package_id": "0a0a0a0a-1111-4222-8333-444444444444",
            "name": "Berkas",
            "url": "http://test.ckan.net/berkas.csv",
            "format": "CSV",
        }
    ],
}


def graph(text: Any) -> rdflib.Graph:
    read = rdflib.Graph()
    return read.parse(data=str(text), format="json-ld")


@pytest.mark.parametrize("name", ["structured_data", "croissant"])
def test_the_page_says_the_same_as_the_plugin(app: Any, name: str) -> None:
    with app.flask_app.test_request_context("/"):
        ours, theirs = getattr(tk.h, name)(dict(DATASET)), getattr(dcat, name)(dict(DATASET))
    assert isomorphic(graph(ours), graph(theirs))
    assert sorted(json.loads(ours)) == sorted(json.loads(theirs))
    assert not set("<>&") & set(ours)
    assert DATASET["title"] in json.dumps(json.loads(ours))


def test_an_unknown_profile_is_told(app: Any) -> None:
    with app.flask_app.test_request_context("/"), pytest.raises(RDFProfileException):
        tk.h.structured_data(dict(DATASET), ["tiada"])


def test_signs_that_no_feed_can_say_are_blanks_in_what_is_kept(app: Any, city: Any) -> None:
    made = city.publish(title="Judul\x0bdengan", notes="Uraian\ufffe dan \x1fsambungan")
    assert made["title"] == "Judul dengan"
    assert made["notes"] == "Uraian  dan  sambungan"
    city.act("produsen", "package_patch", id=made["id"], notes="Lain\x0csaja")
    answer = app.get(f"/dataset/{made['name']}.rdf", status=200)
    said = str(rdflib.Graph().parse(data=answer.body, format="xml").serialize())
    assert "Lain saja" in said


def test_signs_that_were_kept_before_are_blanks_in_linked_data(app: Any, city: Any) -> None:
    made = city.publish(title="Uji tanda lama")
    package = model.Package.get(made["id"])
    package.notes = "Uraian\x0blama\ufffe"
    package.resources[0].description = "Berkas\x1flama"
    model.Session.commit()
    rebuild(made["id"])
    answer = app.get(f"/dataset/{made['name']}.rdf", status=200)
    said = str(rdflib.Graph().parse(data=answer.body, format="xml").serialize())
    assert "Uraian lama" in said
    assert "Berkas lama" in said
