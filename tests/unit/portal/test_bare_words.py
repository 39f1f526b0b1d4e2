"""Bare words of CKAN's templates go through gettext; every listed one is there."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import jinja2
import pytest
import yaml

from ckanext.satudata_pontianak.portal.language import bare_words

ROOT = Path(__file__).parents[3]
LISTED = yaml.safe_load((ROOT / "i18n" / "bare.yaml").read_text("utf-8"))
PLACES = [
    (package, path, text)
    for package, templates in LISTED.items()
    for path, texts in templates.items()
    for text in texts
]


def source(package: str, path: str) -> str:
    spec = importlib.util.find_spec("ckan" if package == "ckan" else f"ckanext.{package}")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "templates" / path).read_text("utf-8")


@pytest.mark.parametrize(("package", "path", "text"), PLACES)
def test_each_listed_word_is_bare_in_its_template(package, path, text) -> None:
    before = source(package, path)
    after = bare_words.spoken(before, text)
    assert after.count(f"_({text!r})") > before.count(f"_({text!r})"), path
    jinja2.Environment(autoescape=True).lexer.tokenize(after)


def test_what_is_said_through_gettext_already_is_left() -> None:
    for template in ("{{ _('Cancel') }}", '{{ _("Cancel") }}', "<a href='Cancel.html'>"):
        assert bare_words.spoken(template, "Cancel") == template


def test_a_listed_template_is_read_with_gettext() -> None:
    loader = jinja2.DictLoader(
        {
            "x/templates/admin/snippets/confirm_delete.html": "<b>Cancel</b>",
            "x/templates/other.html": "<b>Cancel</b>",
        }
    )
    environment = jinja2.Environment(
        loader=loader, extensions=[bare_words.BareWords], autoescape=True
    )
    environment.globals["_"] = {"Cancel": "Batal"}.get
    rendered = {name: environment.get_template(name).render() for name in loader.list_templates()}
    assert rendered == {
        "x/templates/admin/snippets/confirm_delete.html": "<b>Batal</b>",
        "x/templates/other.html": "<b>Cancel</b>",
    }
