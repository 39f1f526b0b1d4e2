"""Translation for the command, which runs without CKAN: the same catalogue, by gettext."""

from __future__ import annotations

import gettext as gettext_module
import importlib.resources
from functools import lru_cache

DOMAIN = "ckanext-satudata_pontianak"


@lru_cache(maxsize=1)
def _translations() -> gettext_module.NullTranslations:
    try:
        folder = str(importlib.resources.files("ckanext.satudata_pontianak.i18n"))
    except ModuleNotFoundError:
        return gettext_module.NullTranslations()
    return gettext_module.translation(DOMAIN, folder, fallback=True)


def _(message: str) -> str:
    """Translate into the language of the environment (``LANGUAGE``, ``LANG``)."""
    return _translations().gettext(message)


def language() -> str:
    """Return the language that texts come in, as HTML names it."""
    return _translations().info().get("language") or "en"
