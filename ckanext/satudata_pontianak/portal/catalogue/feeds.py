"""CKAN's feeds of datasets in the reader's language: it writes their titles in English only."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.feed import CKANFeed

from ...msgids import N_
from ..web import prose
from ..web.error_words import HOLE, fill, filled

TEXTS = (
    N_("Recently created or updated datasets on %s. Custom query: '%s'"),
    N_('Recently created or updated datasets on %s by organization: "%s"'),
    N_('Recently created or updated datasets on %s by group: "%s"'),
    N_('Recently created or updated datasets on %s by tag: "%s"'),
    N_("Recently created or updated datasets on %s"),
    N_('%s - Organization: "%s"'),
    N_('%s - Group: "%s"'),
    N_('%s - Tag: "%s"'),
    N_("%s - Custom query"),
)
"""What core writes, in its order of holes; the longer of two that fit stands first."""


class Feed(CKANFeed):
    """A feed that says what it holds in the language of its address."""

    def __init__(
        self, feed_title: str, feed_link: str, feed_description: str, language: Any, *more: Any,
        **named: Any,
    ) -> None:  # fmt: skip
        said = str(tk.h.lang())
        super().__init__(told(feed_title), feed_link, told(feed_description), said, *more, **named)

    def add_item(self, **kwargs: Any) -> None:
        """Add a dataset; its description without the signs of Markdown, which readers show raw."""
        said = " ".join(prose.plain(kwargs.get("description") or "").split())
        super().add_item(**{**kwargs, "description": said})


def told(text: str) -> str:
    """Return what core says of a feed in the reader's language."""
    for msgid in TEXTS:
        found = filled(HOLE.split(msgid), text)
        if found is not None:
            return fill(tk._(msgid), found)
    return text
