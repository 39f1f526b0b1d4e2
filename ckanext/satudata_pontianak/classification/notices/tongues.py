"""The language of a mail: the one in which whoever gets it asked, else Indonesian."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ...surface import page_names
from ..rules import indonesian


@dataclass(frozen=True)
class Tongue:
    """A language in which mails are written."""

    code: str

    def say(self, msgid: str) -> str:
        """Return a text in this language."""
        return indonesian.said(msgid, self.code)

    def day(self, value: dt.date | None) -> str:
        """Return a date as official texts write it; the empty text where there is none."""
        return indonesian.day(value, self.code)

    def url(self, endpoint: str, **values: str) -> str:
        """Return the address of a page in this language, whatever the reader of this page reads.

        :param endpoint: a name of ``schemas/surface/``, or an endpoint of CKAN's with its dot.
        """
        endpoint = endpoint if "." in endpoint else page_names.endpoint(endpoint)
        first = str(tk.config.get("ckan.locale_default") or "")
        locale = "default" if self.code == first else self.code
        return tk.url_for(endpoint, qualified=True, locale=locale, **values)

    @property
    def english(self) -> bool:
        """Whether names are said in English, where they have one."""
        return self.code == ENGLISH


ENGLISH = "en"
INDONESIAN = Tongue(indonesian.LANGUAGE)


def of(code: str | None) -> Tongue:
    """Return the language that was kept of somebody; of whom none is known, Indonesian."""
    return Tongue(ENGLISH) if code == ENGLISH else INDONESIAN
