"""Template helpers of this room."""

from __future__ import annotations

from typing import Any

from . import registry, words
from .rules.duties import Duty


def satudata_role_values(stored: Any) -> list[str]:
    """The duties in a form's or an API's value of ``sdi_role``."""
    return registry.role_values(stored)


def satudata_parent_choices(field: dict[str, Any] | None = None) -> list[dict[str, str]]:
    """The open agencies, by title, as choices for the parent."""
    agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
    return [{"value": a.name, "label": a.title} for a in agencies]


def satudata_agency_title(id_or_name: str | None) -> str:
    """The title of an agency, or what was asked for when there is none."""
    found = registry.agency(id_or_name)
    return found.title if found else (id_or_name or "")


def satudata_duty_label(duty: str) -> str:
    """A duty as people call it."""
    return words.duty_label(duty)


def satudata_body_of(duty: str) -> dict[str, str] | None:
    """Name and title of the one agency that carries a duty."""
    found = registry.body_of(Duty(duty))
    return {"id": found.id, "name": found.name, "title": found.title} if found else None


def satudata_decides(id_or_name: str | None) -> bool:
    """Does this agency carry a duty beyond producing data?"""
    found = registry.agency(id_or_name)
    return found is not None and bool(found.deciding)


def get_helpers() -> dict[str, Any]:
    """The helpers of this room."""
    return {
        "satudata_role_values": satudata_role_values,
        "satudata_parent_choices": satudata_parent_choices,
        "satudata_agency_title": satudata_agency_title,
        "satudata_duty_label": satudata_duty_label,
        "satudata_body_of": satudata_body_of,
        "satudata_decides": satudata_decides,
    }
