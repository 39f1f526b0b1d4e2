"""What formats and types of files are called: nobody, here or elsewhere, writes text into them."""

from __future__ import annotations

import functools
import mimetypes

import ckan.plugins.toolkit as tk

from ...metadata.file_formats import FormatList
from ...surface import keys


@functools.cache
def formats() -> FormatList:
    """Return what a format may be called: CKAN's list and ours."""
    return FormatList(tk.h.resource_formats(), keys.load().formats)


def format_of(text: str | None) -> str:
    """Return the name of a format, empty where the list has none such."""
    return formats().name(text) or ""


@functools.cache
def _types() -> frozenset[str]:
    known = {str(row[0]) for row in tk.h.resource_formats().values() if row[0]}
    return frozenset(known | set(mimetypes.types_map.values()))


def type_of(text: str | None) -> str | None:
    """Return a type of content as another site gives it, ``None`` where no list has it."""
    return text if text in _types() else None
