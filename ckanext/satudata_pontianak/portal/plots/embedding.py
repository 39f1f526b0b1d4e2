"""The line that puts a picture into another page. Pure: knows nothing of CKAN."""

from __future__ import annotations

from html import escape


def line(address: str, title: str) -> str:
    """Return the line as people copy it: HTML of its own, in which nothing ends a value early.

    :param address: of the picture alone.
    :param title: of the picture, as its agency wrote it.
    """
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="640" height="480" '
        'loading="lazy"></iframe>'
    )
