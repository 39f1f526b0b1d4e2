"""Which keys an agency or a group may hold: what is not declared is refused by name.

Declared in ``schemas/surface/keys.yaml``, beside the fields of the organization schema in force.
What their pages and the API show is taken back as it is: what an answer holds and nobody writes is
left out before core sees it, which would keep some of it (``approval_status``, ``packages``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk

from .. import paths
from ..msgids import N_
from ..surface import key_errors, keys, yaml_text
from ..surface.types import types
from . import texts

STATES = ("active", "deleted")
NO_STATE = N_("An agency or a group is active or deleted; there is no other state.")


def written(data: Mapping[str, Any], *, agency: bool) -> dict[str, Any]:
    """Return a call without what answers hold and nobody writes.

    :raises ckan.plugins.toolkit.ValidationError: a capacity is none, even in what is left out.
    """
    texts.check_capacities(data)
    ignored = keys.ignored(kind_of(agency))
    kept = {k: v for k, v in data.items() if k not in ignored and not _is_ours(k)}
    _without_empty_rows(kept)
    return kept


def check(data: dict[str, Any], *, agency: bool) -> None:
    """Refuse what is not declared; numbers in texts become texts.

    :raises ckan.plugins.toolkit.ValidationError: naming each key that is not declared, and each
        value of another kind.
    """
    kind, schemas = kind_of(agency), by_schema()
    problems = keys.tidied(kind, data, schemas)
    if problems:
        raise tk.ValidationError(key_errors.errors(problems, kind, schemas, tk._))
    _check_lists(data)


def kind_of(agency: bool) -> str:
    """Return what the declaration calls it."""
    return "organization" if agency else "group"


def by_schema() -> dict[str, dict[str, str]]:
    """Return the fields of the schemas in force, by what the declaration calls them."""
    from ckanext.scheming.plugins import SchemingGroupsPlugin, SchemingOrganizationsPlugin

    return {
        "organization_fields": _of(SchemingOrganizationsPlugin, types().organizations, _shipped),
        "group_fields": _of(SchemingGroupsPlugin, types().groups, dict),
    }


def _of(plugin: Any, names: Iterable[str], without: Any) -> dict[str, str]:
    schemas = plugin.instance._expanded_schemas if plugin.instance else {}
    found: dict[str, str] = {}
    for name in names:
        if name in schemas:
            found |= keys.fields_of(schemas[name]["fields"])
    return found or without()


@cache
def _shipped() -> dict[str, str]:
    return keys.fields_of(yaml_text.read(paths.schemas() / "organization.yaml")["fields"])


def _is_ours(key: Any) -> bool:
    return isinstance(key, str) and keys.is_ours(key)


def _without_empty_rows(data: dict[str, Any]) -> None:
    """Leave out the rows for free fields that core's form shows and nobody filled in."""
    rows = data.get("extras")
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        data["extras"] = [row for row in rows if row.get("key") or row.get("value")]


def _check_lists(data: Mapping[str, Any]) -> None:
    if data.get("state") and data["state"] not in STATES:
        raise tk.ValidationError({"state": [tk._(NO_STATE)]})


def undeclared(names: Iterable[str], *, agency: bool) -> set[str]:
    """Return those of the names of stored free fields that are not declared."""
    fields = by_schema()[str(keys.kind(kind_of(agency)).schema)]
    return {name for name in names if name not in fields}


def without_undeclared(shown: dict[str, Any]) -> None:
    """Take out of what is shown what is not declared, whatever put it there.

    That is free fields, and capacities, which were any text before.
    """
    for items in (shown, *(i for name in texts.LISTS for i in shown.get(name) or ())):
        if isinstance(items, dict) and items.get("capacity") not in (None, *types().capacities):
            items["capacity"] = ""
    if shown.get("extras"):
        agency = bool(shown.get("is_organization"))
        strange = undeclared((row["key"] for row in shown["extras"]), agency=agency)
        shown["extras"] = [row for row in shown["extras"] if row["key"] not in strange]
