"""The SOPs in force, and each of their forms: what pages and commands hand out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...classification.rules import indonesian
from ...ledger.canonical import digest_of
from ..files import pdf, sheets, word_file
from . import enactment
from .building import build_all
from .definition import definitions
from .document import Document, Enactment
from .rendering import view

FORMATS = ("html", "pdf", "docx", "json")
TYPES: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


@lru_cache(maxsize=1)
def documents() -> dict[str, Document]:
    """Return every SOP by name, built once a process: definitions change with a restart.

    :raises DefinitionError: a definition is wrong, naming file, line and reason.
    """
    return build_all(definitions())


_enacted_in: Path | None = None


def enacted_in(path: Path | None) -> None:
    """Take the enactments from this file from now on.

    :raises DefinitionError: the file is missing or wrong, naming line and reason.
    """
    global _enacted_in  # noqa: PLW0603 - read once, at the start of the process
    enactment.read(path, documents())
    _enacted_in = path
    for kept in (_enactments, written, mark):
        kept.cache_clear()


@lru_cache(maxsize=1)
def _enactments() -> dict[str, Enactment]:
    return enactment.read(_enacted_in, documents())


def shown(name: str) -> dict[str, Any]:
    """Return one SOP as plain data in Indonesian.

    :raises KeyError: there is no such SOP.
    """
    return view(documents()[name], indonesian.translator(), _enactments().get(name))


@lru_cache(maxsize=64)
def written(name: str, form: str) -> bytes:
    """Return one SOP as a file, made once a process.

    :param form: one of ``FORMATS``.
    :raises KeyError: there is no such SOP or format.
    :raises OSError: Pango is not installed on this machine (PDF and DOCX).
    """
    return WRITERS[form](shown(name))


@lru_cache(maxsize=64)
def mark(name: str, form: str) -> str:
    """Return the hash of what a file says: the same in every process, unlike its bytes.

    :raises KeyError: there is no such SOP.
    """
    return digest_of([form, shown(name)])


def _json(shown_: Mapping[str, Any]) -> bytes:
    kept = {key: value for key, value in shown_.items() if key not in ("words", "symbols")}
    return json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8")


def _html(shown_: Mapping[str, Any]) -> bytes:
    return sheets.sheet(shown_).encode("utf-8")


WRITERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "html": _html,
    "pdf": pdf.pdf,
    "docx": word_file.docx,
    "json": _json,
}
