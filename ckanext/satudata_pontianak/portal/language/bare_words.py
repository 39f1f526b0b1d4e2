"""Words that templates of CKAN and its plugins say outside gettext.

They are listed in ``i18n/bare.yaml``. When such a template is read, gettext is put around them: a
copy of the template with one word changed would have to follow CKAN for ever.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePath
from typing import Any

from jinja2.ext import Extension

from ... import paths
from ...surface import yaml_text


@cache
def listed() -> dict[str, list[str]]:
    """Return the bare texts of each template, by its path below a folder of templates."""
    found = yaml_text.read(paths.translations() / "bare.yaml")
    return {path: texts for templates in found.values() for path, texts in templates.items()}


def spoken(source: str, text: str) -> str:
    """Return a template with gettext around each place where it says a text bare.

    Bare is what stands between tags, holes and line ends, or is the whole value of an attribute;
    what is an argument of a function is not.
    """
    before = r"(?:(?<=[>}])|(?<==\")|(?<=^)|(?<=[>}]\s)|^[^\S\n]+|(?<=\}\} ))"
    after = r"(?=\s*[<{\":]|\s*$)"
    pattern = re.compile(f"{before}{re.escape(text)}{after}", re.MULTILINE)

    def said(match: re.Match[str]) -> str:
        space = match.group()[: -len(text)]
        return f"{space}{{{{ _({text!r}) }}}}"

    return pattern.sub(said, source)


class BareWords(Extension):
    """Reads the templates that are listed with gettext around their bare words."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return what the template engine compiles."""
        parts = PurePath(filename or name or "").parts
        path = "/".join(parts[_after_templates(parts) :])
        for text in listed().get(path, ()):
            source = spoken(source, text)
        return source


def _after_templates(parts: tuple[str, ...]) -> int:
    """Return where the path below the folder of templates begins."""
    places = [i for i, part in enumerate(parts) if part.startswith("templates")]
    return places[-1] + 1 if places else 0


def install(app: Any) -> None:
    """Let the template engine of the site read so, from the first template on."""
    app.jinja_env.add_extension(BareWords)
