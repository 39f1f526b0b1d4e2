"""Indonesian first: a clerk's computer says in its environment whatever it was sold with."""

from __future__ import annotations

import gettext

from .. import paths
from ..disclosure.messages import DOMAIN
from ..messages import Translate

LANGUAGES = ("id", "en")


def translation(language: str) -> Translate:
    """Return what translates into one of :data:`LANGUAGES`."""
    return gettext.translation(DOMAIN, paths.translations(), [language], fallback=True).gettext
