"""Fields of forms let nobody type more than the site takes: ``schemas/surface/bounds.yaml``.

Templates of CKAN, its plugins and ours are read with the bound of a field's name as ``maxlength``,
where they say none themselves: a text that is too long is noticed while it is written.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2.ext import Extension
from markupsafe import Markup

from ...surface import bounds

FILTER = "satudata_maxlength"
# The beginning of a tag up to the name of its field, and what follows of it.
_TAG = re.compile(r"""(<(input|textarea)\b[^<>]*?\sname=")([^"<>]*)("[^<>]*)""")
_TYPE = re.compile(r"""\stype="([^"<>]*)\"""")
_HOLE = re.compile(r"""\{\{\s*((?:(?!\}\}|\{\{).)+?)\s*\}\}""")


def maxlength(name: Any, kind: Any = "text") -> str:
    """Return the attribute for a field with this name, of this type of HTML's."""
    most = bounds.most_typed(name, str(kind)) if isinstance(name, str) and name else None
    return "" if most is None else Markup(' maxlength="%s"') % most


def bounded(source: str) -> str:
    """Return a template with ``maxlength`` at each field that has a name and no such attribute."""
    return _TAG.sub(_bounded, source)


def _bounded(found: re.Match[str]) -> str:
    before, tag, name, after = found.groups()
    whole = found.group()
    kind = _TYPE.search(whole)
    expression, of = _expression(name), _expression(kind[1] if kind else _usual(tag))
    if "maxlength" in whole or expression is None or of is None:
        return whole
    if of.startswith("'") and bounds.most_typed("", of.strip("'")) is None:
        return whole
    return f'{before}{name}"{{{{ ({expression})|{FILTER}({of}) }}}}{after[1:]}'


def _usual(tag: str) -> str:
    return "text" if tag == "input" else tag


def _expression(value: str) -> str | None:
    """Return what an attribute holds as the template engine's expression, where it is one."""
    hole = _HOLE.fullmatch(value)
    if hole is not None:
        return hole[1]
    return None if "{" in value or "'" in value or not value else f"'{value}'"


class TypedLengths(Extension):
    """Reads every template with the bounds of its fields."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return what the template engine compiles."""
        return bounded(source)


def install(app: Any) -> None:
    """Let the template engine of the site read so, from the first template on."""
    app.jinja_env.filters[FILTER] = maxlength
    app.jinja_env.add_extension(TypedLengths)
