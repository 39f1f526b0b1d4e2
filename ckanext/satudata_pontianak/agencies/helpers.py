"""Template helpers of this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..metadata import naming
from . import registry, words
from .rules.duties import Agency, Duty


def satudata_role_values(stored: Any) -> list[str]:
    """The duties in a form's or an API's value of ``sdi_role``."""
    return registry.role_values(stored)


def satudata_parent_choices(field: dict[str, Any] | None = None) -> list[dict[str, str]]:
    """The open agencies, by title, as choices for the parent."""
    agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
    return [{"value": a.name, "label": a.title} for a in agencies]


def called(agency: Agency) -> str:
    """The name of an agency in the reader's language."""
    return naming.called(agency.title, agency.english)


def satudata_agency_title(id_or_name: str | None) -> str:
    """The name of an agency in the reader's language, or what was asked for."""
    found = registry.agency(id_or_name)
    return called(found) if found else (id_or_name or "")


def satudata_agency_named(organization: Any) -> str:
    """The name in the reader's language of an agency that is at hand with its title.

    :param organization: with ``name`` and ``title``, of an answer or an object.
    """
    known = organization if isinstance(organization, Mapping) else vars(organization)
    title = str(known.get("title") or known.get("name") or "")
    if not naming.in_english():
        return title
    found = registry.agency(known.get("name"))
    return called(found) if found else title


def satudata_office_named(name: str) -> str:
    """Return an office as the reader calls it: an agency in English, where it has such a name."""
    if not naming.in_english():
        return name
    wanted = " ".join(name.split()).casefold()
    bodies = registry.load_agencies().values()
    return next((called(body) for body in bodies if body.title.casefold() == wanted), name)


@tk.chained_helper
def get_translated(original: Any, data_dict: Any, field: str) -> Any:
    """Core's way to a text in the reader's language: of an agency, its name in English."""
    if field == "title" and isinstance(data_dict, Mapping) and data_dict.get("is_organization"):
        return satudata_agency_named(data_dict)
    return original(data_dict, field)


def satudata_agency_formal(id_or_name: str | None) -> str:
    """The official name of an agency, where its reader was given another; else nothing."""
    found = registry.agency(id_or_name) if naming.in_english() else None
    return naming.formal(found.title, found.english) if found else ""


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
        "get_translated": get_translated,
        "satudata_agency_formal": satudata_agency_formal,
        "satudata_agency_named": satudata_agency_named,
        "satudata_office_named": satudata_office_named,
        "satudata_agency_title": satudata_agency_title,
        "satudata_duty_label": satudata_duty_label,
        "satudata_body_of": satudata_body_of,
        "satudata_decides": satudata_decides,
    }
