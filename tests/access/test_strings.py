"""Every text that a reader may ever see is scanned, out of a list, or a declared exception."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import jinja2
import sqlalchemy as sa
import yaml
from jinja2 import nodes

import ckan
from ckan import model

import ckanext.satudata_pontianak as extension
from ckanext.satudata_pontianak.classification.records import text_findings
from ckanext.satudata_pontianak.metadata import service as metadata
from ckanext.satudata_pontianak.surface import keys

DECLARED: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("strings.yaml").read_text())
TEXTS = ("TEXT", "CHAR", "JSON")
NAMES = {
    "dataset": ("pkg", "pkg_dict", "package", "dataset", "dataset_dict"),
    "resource": ("res", "resource", "resource_dict"),
    "view": ("resource_view", "view"),
    "user": ("user_dict", "user"),
}


def kept() -> dict[str, set[str]]:
    """Return the columns with texts of every table that the site has."""
    inspector = sa.inspect(model.Session.connection())
    return {
        table: {
            column["name"]
            for column in inspector.get_columns(table)
            if any(word in str(column["type"]).upper() for word in TEXTS)
        }
        for table in inspector.get_table_names()
        if not table.endswith("alembic_version")
    }


def test_every_text_that_the_database_keeps_is_declared(city) -> None:
    found = kept()
    undeclared = set(found) - set(DECLARED["unread"]) - set(DECLARED["columns"])
    assert not undeclared, "declare them in tests/access/strings.yaml"
    for table, ways in DECLARED["columns"].items():
        named = [name for columns in ways.values() for name in columns]
        assert len(named) == len(set(named)), table
        assert set(named) == found.get(table, set(named)), table


def test_the_fields_of_the_schemas_are_scanned_or_come_from_a_list(city) -> None:
    for field in (*metadata.dataset_fields(), *metadata.dataset_fields("layanan")):
        name = field["field_name"]
        scanned = name not in text_findings.NO_TEXT
        listed = keys.is_listed(field) or name in keys.kind("dataset").listed
        assert scanned or listed, name
    for field in (*metadata.resource_fields(), *metadata.resource_fields("layanan")):
        name = field["field_name"]
        assert name not in text_findings.NO_TEXT_OF_FILES or name in keys.kind("resource").listed


def test_what_is_scanned_by_the_declaration_is_scanned_by_the_table() -> None:
    columns = DECLARED["columns"]
    kind = keys.kind("dataset")
    # Keywords have a table of their own; a field of apps alone stands in the extras.
    texts = (kind.scanned | set(kind.contacts)) - {"tag_string", "kanal_bantuan"}
    assert texts == set(columns["package"]["scanned"]) - {"extras"}
    assert keys.kind("resource").scanned == set(columns["resource"]["scanned"]) - {"extras"}


def read_by_templates() -> dict[str, set[str]]:
    """Return what templates, CKAN's and ours, read of each kind of thing."""
    env = jinja2.Environment(  # noqa: S701 - nothing is rendered
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"]
    )
    own = re.compile(
        r"\{%-?\s*(ckan_extends|snippet|asset|resource|link_for|url_for)\b.*?%\}", re.S
    )
    found: dict[str, set[str]] = defaultdict(set)
    for folder in (
        Path(ckan.__file__).parent / "templates",
        Path(extension.__path__[0]) / "portal" / "templates",
    ):
        for path in folder.rglob("*.html"):
            tree = env.parse(own.sub("", path.read_text("utf-8")))
            for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
                if not isinstance(node.node, nodes.Name):
                    continue
                name = node.attr if isinstance(node, nodes.Getattr) else node.arg
                key = name if isinstance(name, str) else getattr(name, "value", None)
                for kind, variables in NAMES.items():
                    if node.node.name in variables and isinstance(key, str):
                        found[kind].add(key)
    return found


def test_templates_read_only_keys_that_are_declared(city) -> None:
    found = read_by_templates()
    assert found["dataset"] > {"title", "notes"}
    schemas = {
        "dataset": keys.fields_of(metadata.dataset_fields()),
        "resource": keys.fields_of(metadata.resource_fields()),
    }
    for kind, read in found.items():
        fields = schemas.get(kind)
        known = set(DECLARED["templates"][kind])
        for key in read - known:
            assert fields is not None, (kind, key)
            assert keys.declares(kind, key, fields), (kind, key)
