"""Template helpers of this room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from . import codes, naming, service


def satudata_code_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """Choices of a field that names a code list with ``codes:``."""
    entries = codes.code_list(field["codes"]).codes.values()
    return [{"value": c.code, "label": f"{c.code} {called(c)}"} for c in entries]


def satudata_dataset_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """Choices of the field of datasets that a field names with ``choices_of:``."""
    named = field["choices_of"]
    spec = next((f for f in service.dataset_fields() if f["field_name"] == named), None)
    if spec is None:
        return []
    if "codes" in spec:
        return satudata_code_choices(dict(spec))
    if named == "license_id":
        unsaid = set(spec.get("empty_values") or ())
        known = model.Package.get_license_register().values()
        return [{"value": x.id, "label": tk._(x.title)} for x in known if x.id not in unsaid]
    return [{"value": c["value"], "label": c["label"]} for c in spec.get("choices") or ()]


def satudata_region_label(code: str | None) -> str:
    """The name of a region, or the code itself where the list does not have it."""
    found = codes.region(code)
    return found.label if found else (code or "")


def satudata_urusan_label(code: str | None) -> str:
    """The name of a government affair in the reader's language, or the code itself."""
    found = codes.urusan(code)
    return called(found) if found else (code or "")


def called(code: codes.Code) -> str:
    """The name of an entry of a code list in the reader's language."""
    return naming.called(code.label, code.english)


def satudata_urusan_formal(code: str | None) -> str:
    """The official name of a government affair, where its reader was given another."""
    found = codes.urusan(code)
    return naming.formal(found.label, found.english) if found else ""


def get_helpers() -> dict[str, Any]:
    """The helpers of this room."""
    return {
        "satudata_code_choices": satudata_code_choices,
        "satudata_dataset_choices": satudata_dataset_choices,
        "satudata_region_label": satudata_region_label,
        "satudata_urusan_formal": satudata_urusan_formal,
        "satudata_urusan_label": satudata_urusan_label,
    }
