"""The SOPs in force, and each of their forms: what pages and commands hand out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...classification.rules import indonesian
from ...ledger.canonical import digest_of
from ..files import emblem, pdf, sheets, word_file
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


def public() -> list[str]:
    """Return the names of the SOPs that everybody may read."""
    return [name for name, document in documents().items() if document.public]


Newest = Callable[[str], Enactment | None]
"""Name of an SOP → the revision that was signed and is in force."""

_enacted_in: Path | None = None
_emblem_in: Path | None = None
_signed: list[Newest] = []


def enacted_in(path: Path | None, emblem_in: Path | None = None) -> None:
    """Take the enactments from this file, and the emblem from that one, from now on.

    :raises DefinitionError: the file is missing or wrong, naming line and reason.
    """
    global _enacted_in, _emblem_in
    enactment.read(path, documents())
    _enacted_in, _emblem_in = path, emblem_in
    for kept in (_enactments, _written, _mark):
        kept.cache_clear()


def forget() -> None:
    """Read and make everything anew."""
    for kept in (documents, _enactments, _written, _mark):
        kept.cache_clear()


def signed_by(newest: Newest) -> None:
    """Ask ``newest`` first who enacted an SOP, before the file."""
    _signed[:] = [newest]


@lru_cache(maxsize=1)
def _enactments() -> dict[str, Enactment]:
    return enactment.read(_enacted_in, documents())


def enacted(name: str) -> Enactment | None:
    """Return who enacted an SOP, by the newest signed revision, or by the file."""
    for newest in _signed:
        found = newest(name)
        if found is not None:
            return found
    return _enactments().get(name)


def shown(name: str) -> dict[str, Any]:
    """Return one SOP as plain data in Indonesian.

    :raises KeyError: there is no such SOP.
    """
    return _shown(name, enacted(name))


def _shown(name: str, by: Enactment | None) -> dict[str, Any]:
    made = view(documents()[name], indonesian.translator(), by)
    try:
        return {**made, "emblem": emblem.read(_emblem_in)}
    except emblem.EmblemError:
        return made


def written(name: str, form: str) -> bytes:
    """Return one SOP as a file, made once a process and enactment.

    :param form: one of ``FORMATS``.
    :raises KeyError: there is no such SOP or format.
    :raises OSError: Pango is not installed on this machine (PDF and DOCX).
    """
    return _written(name, form, enacted(name))


@lru_cache(maxsize=64)
def _written(name: str, form: str, by: Enactment | None) -> bytes:
    return WRITERS[form](_shown(name, by))


def mark(name: str, form: str) -> str:
    """Return the hash of what a file says: the same in every process, unlike its bytes.

    :raises KeyError: there is no such SOP.
    """
    return _mark(name, form, enacted(name))


@lru_cache(maxsize=64)
def _mark(name: str, form: str, by: Enactment | None) -> str:
    return digest_of([form, _shown(name, by)])


def _json(shown_: Mapping[str, Any]) -> bytes:
    kept = {
        key: value for key, value in shown_.items() if key not in ("words", "symbols", "emblem")
    }
    return json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8")


def _html(shown_: Mapping[str, Any]) -> bytes:
    return sheets.sheet(shown_).encode("utf-8")


WRITERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "html": _html,
    "pdf": pdf.pdf,
    "docx": word_file.docx,
    "json": _json,
}
