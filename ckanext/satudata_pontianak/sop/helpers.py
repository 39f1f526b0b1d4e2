"""What templates ask of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from .documents import clauses, library, unconfirmed
from .documents.clauses import Clause
from .documents.definition import definitions


def satudata_sop_clause(case: Mapping[str, Any], step: str) -> dict[str, Any] | None:
    """Return which row of which SOP a step of a case carries out, and where to read it.

    :param case: its ``state`` and ``kind``, as ``satudata_classification_show`` gives them.
    """
    documents, defs = library.documents(), definitions()
    return _shown(clauses.clause(documents, defs, case["state"], step, case["kind"]))


def satudata_sop_state(state: str, kind: str = "classify") -> dict[str, Any] | None:
    """Return the row in which whoever holds a case in this state chooses what to do."""
    return _shown(clauses.of_state(library.documents(), definitions(), state, kind))


def satudata_sop_request(request: Mapping[str, Any], step: str) -> dict[str, Any] | None:
    """Return which row a step of a request for access carries out.

    :param request: its ``state`` and ``road``.
    """
    documents, defs = library.documents(), definitions()
    return _shown(clauses.of_request(documents, defs, request["state"], step, request["road"]))


def satudata_sop_screen(screen: str) -> dict[str, Any] | None:
    """Return which row a screen carries out, as ``screens`` of ``sop.yaml`` says."""
    return _shown(clauses.of_screen(library.documents(), definitions(), screen))


def _shown(found: Clause | None) -> dict[str, Any] | None:
    if found is None:
        return None
    address = tk.h.url_for("satudata_sop.show", name=found.name, _anchor=f"langkah-{found.number}")
    return {
        "code": found.code,
        "number": found.number,
        "url": address,
        "basis": [{"text": b.text, "status": b.status} for b in found.basis],
    }


def satudata_cited(items: Iterable[Mapping[str, Any]]) -> str:
    """Return references to the law in a row, as a page shows them to everybody.

    Those that nobody confirmed carry one mark, which the page explains once, at its end.

    :param items: each with ``text`` and ``status``.
    """
    said = unconfirmed.marked(items)
    if unconfirmed.MARK in said and flask.has_request_context():
        flask.g.satudata_marked = True
    return said


def satudata_marks_explained() -> str:
    """Return what the mark means; empty on a page that has none so far."""
    return unconfirmed.explained(tk._) if flask.g.get("satudata_marked") else ""


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        f.__name__: f
        for f in (
            satudata_sop_clause,
            satudata_sop_state,
            satudata_sop_request,
            satudata_sop_screen,
            satudata_cited,
            satudata_marks_explained,
        )
    }
