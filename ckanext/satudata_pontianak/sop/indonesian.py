"""The language of the documents: an SOP is an official text, Indonesian whoever reads the page."""

from __future__ import annotations

import gettext
from functools import lru_cache

from .. import paths
from ..classification.messages import Translate

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
