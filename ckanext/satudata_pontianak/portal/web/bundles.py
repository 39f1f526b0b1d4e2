"""Which scripts a page needs: a public page a few, a page with forms all of core's.

Core sends every page what its forms need: jQuery, Select2, moment with all its languages. A
reader of public pages gets Bootstrap and what our own pages add.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask
from webassets.bundle import Bundle

import ckan
from ckan.lib import webassets_tools

from ...access.page_cache import caching
from ...surface import headers

NAME = "satudata_pontianak/public"
_BOOTSTRAP = Path("public/base/vendor/bootstrap/js/bootstrap.bundle.js")


def register() -> None:
    """Add the scripts of public pages to CKAN's assets."""
    if webassets_tools.is_registered(NAME):
        return
    core = Path(str(ckan.__file__)).parent
    own = Path(__file__).parents[1] / "assets" / "js" / "public.js"
    bundle = Bundle(
        str(core / _BOOTSTRAP),
        str(own),
        filters="rjsmin",
        output="satudata_pontianak/%(version)s_public.js",
    )
    webassets_tools.env.register(NAME, bundle)


def satudata_light() -> bool:
    """Tell whether this page needs none of the scripts of forms."""
    return caching.light()


def satudata_sessionless() -> bool:
    """Tell whether this page must leave the session alone, so that it may be kept for all."""
    return caching.sessionless()


def satudata_tokenless() -> bool:
    """Tell whether a form here asks only for what is read: in a view, of whoever is nobody.

    Its token would begin a session for everybody who looks at a table.
    """
    framed = headers.declared().framed.endpoints
    return caching.sessionless() and flask.request.endpoint in framed


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in (satudata_light, satudata_sessionless, satudata_tokenless)}
