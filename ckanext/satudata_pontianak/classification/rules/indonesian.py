"""The language of what is official, as SOP documents: Indonesian whoever reads it."""

from __future__ import annotations

import datetime as dt
import gettext
from functools import lru_cache

from babel.dates import format_date

from ... import paths
from ...messages import Translate
from ...msgids import bare

DOMAIN = "ckanext-satudata_pontianak"
LANGUAGE = "id"


@lru_cache(maxsize=2)
def _catalogue(language: str = LANGUAGE) -> gettext.NullTranslations:
    return gettext.translation(
        DOMAIN, str(paths.translations()), languages=[language], fallback=True
    )


def translator() -> Translate:
    """Return the function that gives the Indonesian of a msgid."""
    return said


def said(msgid: str, language: str = LANGUAGE) -> str:
    """Return what a msgid says: in Indonesian, or in the language of whoever is written to."""
    return bare(_catalogue(language).gettext(msgid))


def day(value: dt.date | None, language: str = LANGUAGE) -> str:
    """Return a date as official texts write it; the empty text where there is none."""
    return format_date(value, format="d MMMM y", locale=language) if value else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the Indonesian of a text that depends on a number."""
    return _catalogue().ngettext(singular, plural, number)
