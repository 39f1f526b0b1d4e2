"""What a page says of itself to search engines: its subject, its one address, whether to list it.

The words are those that the page shows to everybody who may open it; nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...msgids import N_

LENGTH = 200
ABOUT = N_(
    "Open data of the agencies of Pontianak: search, see, download, and read by which decision "
    "each dataset is open or closed."
)
PAGES = {
    "dataset.search": N_("Search the datasets of Pontianak's agencies by topic, year and area."),
    "organization.index": N_("The agencies of Pontianak and the datasets that each produces."),
    "organization.read": N_("The datasets of this agency, with years, area and formats."),
    "satudata_registers.index": N_(
        "Registers of public and of excluded information, their legal bases and how to object."
    ),
    "satudata_registers.dip": N_(
        "Register of public information (DIP), made from the decisions in force, also as a file."
    ),
    "satudata_registers.dik": N_(
        "Register of excluded information (DIK): why an item is closed, until when, how to object."
    ),
    "satudata.procedure": N_("How data are opened: who does which step, by when and by which law."),
    "satudata_sop.index": N_("The standard operating procedures that the portal enforces."),
    "satudata_reports.transparency": N_(
        "How many datasets are open, how long decisions take, how requests are answered."
    ),
    "satudata_ledger.index": N_(
        "The ledger of every step, and how anybody proves that nothing in it was changed."
    ),
}
"""What pages without words of their own are about, by endpoint."""

# Pages for who works here, and forms: in no search engine.
INWARD = (
    "/ckan-admin /dashboard /harvest /user /satudata/akses /satudata/antrean /satudata/berkas "
    "/satudata/bukti /satudata/buku-catatan/entri /satudata/insiden /satudata/kesesuaian "
    "/satudata/pemberitahuan /satudata/perangkat-daerah /satudata/permohonan /tema"
).split()
ACTS = frozenset(
    "activity bulk_process changes changes_multiple collaborators delete edit edit_view followers "
    "groups history manage_members member_new members new new_view resources views".split()
)
"""Words in addresses below a dataset, an agency or a group that lead to forms and to changes."""


def is_inward(path: str) -> bool:
    """Tell whether a page is for who works here, or a form; ``path`` without language."""
    if any(path == each or path.startswith(f"{each}/") for each in INWARD):
        return True
    kind, _, rest = path.strip("/").partition("/")
    return kind in {"dataset", "group", "organization"} and not ACTS.isdisjoint(rest.split("/"))


def page_of(query: Mapping[str, str]) -> int | None:
    """Return the page of a list that an address asks for; nothing where it asks for more."""
    if set(query) - {"page"}:
        return None
    number = query.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else None


def satudata_head(about: str | None = None) -> dict[str, str]:
    """Return what stands in the head of this page for search engines.

    Args:
        about: The page's own words, in Markdown: of the dataset, the file or the agency.

    Returns:
        ``description``; ``canonical``, the page's address without filters, empty outside a
        request; ``robots``, empty where the page may be listed.
    """
    if not flask.has_request_context():
        return {"description": tk._(ABOUT), "canonical": "", "robots": ""}
    request = flask.request
    said = tk.h.markdown_extract(about, LENGTH) if about else ""
    description = str(said).strip() or tk._(PAGES.get(request.endpoint or "", ABOUT))
    number = page_of(request.args)
    address = tk.url_for(request.path, qualified=True)
    if number and number > 1:
        address += f"?page={number}"
    listed = number is not None and not is_inward(request.path)
    return {
        "description": description,
        "canonical": address,
        "robots": "" if listed else "noindex, follow",
    }


def get_helpers() -> dict[str, Any]:
    """Return the helper of the head by name."""
    return {"satudata_head": satudata_head}
