"""Markdown as pages show it: in time that grows with its length, and asking nobody for a picture.

Core's renderer needs minutes for some texts of a few hundred characters, and a picture in a
description tells another site who reads it. So texts are rendered by another library, once; a
picture is shown as a link, with its address.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from ...surface import bounds

KEPT = 512
TAGS = set(nh3.ALLOWED_TAGS)
ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
ATTRIBUTES["img"] = {"src", "alt", "title"}
ATTRIBUTES["a"] |= {"title"}
SCHEMES = {"http", "https", "mailto", "tel"}
# As the cleaner writes them: each attribute in quotes, with no quote within it.
_PICTURE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_SHORTENED = "..."


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "maxNesting": bounds.bounds().shape.depth})


@lru_cache(maxsize=KEPT)
def rendered(text: str) -> str:
    """Return Markdown as HTML that is safe to show and asks for nothing.

    What is longer than a description may be is shown as it was written.
    """
    if len(text) > bounds.longest("notes"):
        shown = html.escape(text).replace("\n", "<br>\n")
        return f"<p>{shown}</p>"
    made = nh3.clean(
        _renderer().render(text), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES
    )
    return _PICTURE.sub(_linked, made)


def _linked(picture: re.Match[str]) -> str:
    """Return a link in the place of a picture; what stands in it was escaped by the cleaner."""
    said = dict(_ATTRIBUTE.findall(picture.group(1)))
    address, words = said.get("src", ""), (said.get("alt") or said.get("title") or "").strip()
    if not address:
        return words
    text = f"{words} ({address})" if words else address
    return f'<a href="{address}" rel="noopener noreferrer">{_visible(text)}</a>'


def _visible(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=KEPT)
def plain(text: str) -> str:
    """Return the words of Markdown, without its signs."""
    return html.unescape(nh3.clean(rendered(text), tags=set()))


def extract(text: str, length: int) -> str:
    """Return the beginning of the words, cut between two of them; all of them where length is 0."""
    words = plain(text)
    if not length or len(words) < length:
        return words
    words = " ".join(words[: 8 * length].split())
    if len(words) <= length:
        return words
    cut = words[: length - len(_SHORTENED) + 1].rsplit(" ", 1)[0].rstrip()
    return cut[: length - len(_SHORTENED)] + _SHORTENED


def render_markdown(data: str, auto_link: bool = True, allow_html: bool = False) -> str | Markup:
    """Return Markdown as HTML; in the place of core's helper, whose parameters it has."""
    from ckan.lib.helpers import html_auto_link  # core's helpers are made after its plugins

    if not data:
        return ""
    made = rendered(str(data))
    # What was cleaned, and links of our own within it.
    return Markup(html_auto_link(made) if auto_link else made)  # noqa: S704


def markdown_extract(text: str, extract_length: int = 190) -> str:
    """Return the first words of Markdown; in the place of core's helper."""
    return extract(str(text), extract_length) if text else ""


def get_helpers() -> dict[str, Any]:
    """Return what takes the place of core's helpers."""
    return {"render_markdown": render_markdown, "markdown_extract": markdown_extract}
