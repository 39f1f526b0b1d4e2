"""Handlers that templates write into attributes are taken out, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ckan

from ckanext.satudata_pontianak.portal.web.inline_handlers import HANDLER


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ('<a onclick="go()" href="/">', '<a  href="/">'),
        ("<a onclick='go(\"x\")'>", "<a >"),
        ('<form hx-on::after-request="x()" hx-post="/">', '<form  hx-post="/">'),
        ('{% if a %}hx-on:htmx:after-settle="x"{% endif %}', "{% if a %}{% endif %}"),
        ('<i\n  onchange="\n  a();\n  {{ b }}\n">', "<i\n  >"),
        ('<p data-onclick="kept" title="on = off">', '<p data-onclick="kept" title="on = off">'),
        ("{{ f(on='x', icon=\"y\") }}", "{{ f(on='x', icon=\"y\") }}"),
    ],
)
def test_what_stands_after_reading(source: str, left: str) -> None:
    assert HANDLER.sub("", source) == left


def test_no_template_of_ckan_keeps_a_handler() -> None:
    ckanext = Path(str(ckan.__file__)).parents[1] / "ckanext"
    handlers = re.compile(r"<[a-z][^<>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.DOTALL)
    core = (Path(str(ckan.__file__)).parent / "templates").rglob("*.html")
    sources = {path: path.read_text("utf-8") for path in [*core, *ckanext.rglob("*.html")]}
    assert any(handlers.search(source) for source in sources.values())
    assert [
        path.name for path, text in sources.items() if handlers.search(HANDLER.sub("", text))
    ] == []
