"""Each field of a form that is typed into says how long its text may be."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest

import ckan
from ckanext import scheming

from ckanext.satudata_pontianak.portal.web import typed_lengths
from ckanext.satudata_pontianak.surface import bounds


def drawn(source: str, **given: object) -> str:
    env = jinja2.Environment(autoescape=True)
    env.filters[typed_lengths.FILTER] = typed_lengths.maxlength
    return env.from_string(typed_lengths.bounded(source)).render(**given)


@pytest.mark.parametrize(
    ("source", "given", "most"),
    [
        ('<input name="title">', {}, 300),
        ('<input type="{{ type }}" name="{{ name }}"/>', {"type": "text", "name": "url"}, 2000),
        ('<input type="{{ type }}" name="{{ name }}"/>', {"type": "number", "name": "url"}, None),
        ('<textarea id="a" name="{{ name }}">', {"name": "resources__0__description"}, 20_000),
        ('<textarea name="unheard_of">', {}, bounds.bounds().default),
        ('<input type="hidden" name="title">', {}, None),
        ('<input type="checkbox" name="{{ name }}">', {"name": "x"}, None),
        ('<input type="text" name="{{ nothing }}">', {}, None),
        ('<input type="text" name="a.{{ b }}">', {"b": "c"}, None),
    ],
)
def test_the_bound_of_its_name_is_said(source, given, most) -> None:
    found = re.search(r'maxlength="(\d+)"', drawn(source, **given))
    assert (int(found[1]) if found else None) == most


def test_what_a_template_says_itself_stands() -> None:
    source = '<input type="search" name="q" maxlength="200">'
    assert typed_lengths.bounded(source) == source


def test_the_macros_of_core_that_write_fields_are_reached() -> None:
    macros = Path(ckan.__file__).parent / "templates/macros/form"
    for name in ("input", "textarea", "markdown", "prepend"):
        source = (macros / f"{name}.html").read_text("utf-8")
        assert typed_lengths.FILTER in typed_lengths.bounded(source), name
    several = Path(scheming.__file__).parent / "templates/scheming/form_snippets/multiple_text.html"
    assert typed_lengths.FILTER in typed_lengths.bounded(several.read_text("utf-8"))
