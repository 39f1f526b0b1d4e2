"""What a page says of itself to search engines: its subject, its one address, whether to list it.

The words are those that the page shows to everybody who may open it; nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.page_cache import caching
from ...msgids import N_

LENGTH = 200
ABOUT = N_(
    "Open data of the agencies of Pontianak: search, see, download, and read by which decision "
    "each dataset is open or closed."
)
CORE = {
    "dataset.search": N_("Search the datasets of Pontianak's agencies by topic, year and area."),
    "organization.index": N_("The agencies of Pontianak and the datasets that each produces."),
    "organization.read": N_("The datasets of this agency, with years, area and formats."),
}
"""What pages of CKAN without words of their own are about, by endpoint."""

# CKAN's pages for who works here, and forms: in no search engine.
INWARD = ("/ckan-admin", "/dashboard", "/harvest", "/user")
OURS = "satudata"
"""How the names of our blueprints begin."""
ACTS = frozenset(
    "activity bulk_process changes changes_multiple collaborators delete edit edit_view followers "
    "groups history manage_members member_delete member_new members new new_view resources "
    "views".split()
)
"""Words in addresses below a dataset, an agency or a group that lead to forms and to changes."""

OF_QUESTIONS = frozenset({"changes_multiple", "member_delete", "new_view"})
"""Of these, those that open only with what the rest of the address asks: they have no address."""


def is_inward(path: str) -> bool:
    """Tell whether a page of CKAN is for who works here, or a form; ``path`` without language."""
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


def subject() -> str:
    """Return what this page is about: what its route declares, or what we say of CKAN's page."""
    return caching.declared().about or CORE.get(flask.request.endpoint or "", ABOUT)


def is_listed() -> bool:
    """Tell whether search engines may list this page: of ours, what its route declares so."""
    if (flask.request.endpoint or "").startswith(OURS):
        return caching.declared().listed
    return not is_inward(flask.request.path)


def satudata_head(about: str | None = None) -> dict[str, str]:
    """Return what stands in the head of this page for search engines.

    :param about: The page's own words, in Markdown: of the dataset, the file or the agency.
    :returns: ``description``; ``canonical``, the page's address without filters, empty outside a
        request and where it opens no page; ``robots``, empty where the page may be listed.
    """
    if not flask.has_request_context():
        return {"description": tk._(ABOUT), "canonical": "", "robots": ""}
    request = flask.request
    said = tk.h.markdown_extract(about, LENGTH) if about else ""
    description = str(said).strip() or tk._(subject())
    number = page_of(request.args)
    address = tk.url_for(request.path, qualified=True)
    if number and number > 1:
        address += f"?page={number}"
    if is_inward(request.path) and not OF_QUESTIONS.isdisjoint(request.path.split("/")):
        address = ""
    listed = number is not None and is_listed()
    return {
        "description": description,
        "canonical": address,
        "robots": "" if listed else "noindex, follow",
    }


def get_helpers() -> dict[str, Any]:
    """Return the helper of the head by name."""
    return {"satudata_head": satudata_head}
