"""Templates of CKAN and its plugins without the scripts that they write into attributes.

A browser that is told to run the site's own files alone (``schemas/surface/headers.yaml``) runs no
``onclick="…"``. The attributes are taken out when a template is read, since a copy without them
would have to follow CKAN for ever; what they did, ``assets/js/handlers.js`` does.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2.ext import Extension

# An event attribute of HTML or htmx with its value, wherever a template writes one.
HANDLER = re.compile(
    r"""(?<![\w-])(?:hx-on[:a-z-]*|on(?:abort|animation\w+|blur|change|click|copy|cut|dblclick|drag\w*|
    drop|error|focus\w*|input|invalid|key\w+|load|mouse\w+|paste|pointer\w+|reset|resize|scroll|search|
    select|submit|toggle|touch\w+|transition\w+|unload|wheel))\s*=\s*(?:"[^"]*"|'[^']*')""",
    re.VERBOSE,
)


class NoHandlers(Extension):
    """Reads every template without handlers in attributes."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return what the template engine compiles."""
        return HANDLER.sub("", source)


def install(app: Any) -> None:
    """Let the template engine of the site read so, from the first template on."""
    app.jinja_env.add_extension(NoHandlers)
