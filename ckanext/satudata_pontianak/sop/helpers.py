"""What templates ask of this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from . import library
from .clauses import clause
from .definition import definitions


def satudata_sop_clause(case: Mapping[str, Any], step: str) -> dict[str, Any] | None:
    """Return which row of which SOP a step carries out, and where to read it.

    :param case: its ``state`` and ``kind``, as ``satudata_classification_show`` gives them.
    """
    found = clause(library.documents(), definitions().workflow, case["state"], step, case["kind"])
    if found is None:
        return None
    address = tk.h.url_for("satudata_sop.show", name=found.name, _anchor=f"langkah-{found.number}")
    return {
        "code": found.code,
        "number": found.number,
        "url": address,
        "basis": [{"text": b.text, "confirmed": b.status == "verified"} for b in found.basis],
    }


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_sop_clause": satudata_sop_clause}
