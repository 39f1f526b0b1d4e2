"""The language of what is official, SOP documents and mails: Indonesian whoever reads it."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache

from .. import paths
from .messages import Translate

DOMAIN = "ckanext-satudata_pontianak"
LANGUAGE = "id"


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation(
        DOMAIN, str(paths.translations()), languages=[LANGUAGE], fallback=True
    )


def translator() -> Translate:
    """Return the function that gives the Indonesian of a msgid."""
    return _catalogue().gettext


def plural() -> Callable[[str, str, int], str]:
    """Return the function that gives the Indonesian of a msgid with a number."""
    return _catalogue().ngettext
