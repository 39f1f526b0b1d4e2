"""The agencies to start with: read from ``schemas/codes/agencies.yaml`` and created if missing."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface import yaml_text

from . import decrees, registry
from .rules.duties import SINGLE

FILE = "agencies.yaml"


def load() -> list[dict[str, Any]]:
    """Every agency of the list, as ``organization_create`` takes it."""
    content = _content()
    decree = str(content["nomor_sk"])
    return [{**agency, "nomor_sk": decree} for agency in content["agencies"]]


def _content() -> dict[str, Any]:
    return yaml_text.read(paths.schemas() / "codes" / FILE)


def seed(context: Context, agencies: list[dict[str, Any]] | None = None) -> list[str]:
    """Create the agencies that are missing and return their names.

    What exists is left as it is, because the list is a start and the portal is the register. A duty
    that only one body can hold is left out where another agency already has it.

    :param context: of a system administrator
    :param agencies: others than those of the list, whose decree is recorded.
    """
    created: list[str] = []
    if agencies is None:
        content = _content()
        decrees.ensure(str(content["nomor_sk"]), content["tanggal_sk"], str(content["tentang_sk"]))
        model.Session.commit()
    for agency in load() if agencies is None else agencies:
        if model.Group.get(agency["name"]) is not None:
            continue
        tk.get_action("organization_create")(tk.fresh_context(context), _free(agency))
        created.append(agency["name"])
    return created


def _free(agency: dict[str, Any]) -> dict[str, Any]:
    """The agency without duties that are taken."""
    taken = {d.value for a in registry.read_agencies().values() for d in a.roles & SINGLE}
    return {**agency, "sdi_role": [r for r in agency["sdi_role"] if r not in taken]}
