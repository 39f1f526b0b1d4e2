"""CKAN's ``datastore_*`` actions with the policy before them. Loaded with the DataStore only."""

from __future__ import annotations

from typing import Any

from psycopg2 import DataError

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckanext.datastore.backend import DatastoreBackend

from ... import config
from ...agencies.rules.duties import Actor
from ...classification.records import dataset_types, reads
from ...classification.rules.policy import Channel, Facts, decide, may_publish
from ...classification.versions import table_state
from ...msgids import N_
from ..reading import serving
from ..reading.serving import Served
from . import filter_rules

VERSIONS_ONLY = N_(
    "The table of this file is made from the approved file and is not written to. To publish new "
    "rows, upload a new file to the resource (resource_update or the page of the file) and submit "
    "it: the table follows when it is approved."
)
NO_RESOURCE = N_(
    "A dataset of this type gets no table without a file. Create the resource with a file "
    "(resource_create) and submit it: the table follows when it is approved."
)
NO_FUNCTIONS = N_("This portal takes no functions for the DataStore.")
NOT_OF_THE_COLUMN = N_(
    "A filter's value does not fit its column: numbers have a dot before the fraction and no marks "
    "between thousands, days are written 2026-11-24."
)
TABLE_SEARCH = "ckan.datastore.public_table_search"


# ------------------------------------------------------------------------------- reading


def _asked(data_dict: dict[str, Any]) -> list[str]:
    """Return every id that a call names, also by the other name that CKAN takes for it."""
    return [v for k in ("resource_id", "id") if isinstance(v := data_dict.get(k), str) and v]


def _governed(data_dict: dict[str, Any]) -> list[Served]:
    """Return the governed resources among what is asked for.

    :raises ckan.plugins.toolkit.ObjectNotFound: a table is asked for by its own name, or a table
        that CKAN would show to everybody.
    """
    found = []
    for name in _asked(data_dict):
        listed = config.governed_types() and name in (tk.config.get(TABLE_SEARCH) or [])
        if table_state.is_ours(name) or listed:
            raise serving.unknown()
        item = serving.served(name)
        if item is None and model.Resource.get(name) is None:
            # Another name of a table: the resource behind it may be governed by now.
            item = serving.served(
                DatastoreBackend.get_active_backend().resource_id_from_alias(name)[1]
            )
        if item is not None:
            found.append(item)
    return found


def _read(data_dict: dict[str, Any]) -> list[Served]:
    """Return the governed resources of a call that reads: there are no other tables.

    What stands in the database beside the tables of versions was written past the policy.
    """
    found = _governed(data_dict)
    if not found and _asked(data_dict):
        _refuse_other_tables()
    return found


def _refuse_other_tables() -> None:
    """Answer for what has no table of a version: there is no such resource."""
    if config.governed_types():
        raise serving.unknown()


def _reads_rows(data_dict: dict[str, Any]) -> bool:
    """Tell whether the answer says something of rows, be it how many there are of a kind."""
    asks = any(data_dict.get(k) for k in ("filters", "q", "full_text", "distinct"))
    return asks or str(data_dict.get("limit", "")) != "0"


@tk.chained_action
@tk.side_effect_free
def datastore_search(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Search rows of the approved version, for who may read its data.

    The read of what is not open is recorded.

    :raises ckan.plugins.toolkit.ValidationError: the filters have a shape that CKAN breaks on.
    """
    if not filter_rules.is_well_formed(data_dict.get("filters")):
        raise tk.ValidationError({"filters": [tk._(filter_rules.SHAPE)]})
    found = _read(data_dict)
    actor = serving.actor_of(context)
    for item in found:
        serving.admit(actor, item)
    with serving.pinned(*found):
        # What runs inside asks the same versions again; the record follows what was given.
        rows = _reads_rows(data_dict)
        try:
            answer = original(context, data_dict)
        except DataError:
            # CKAN takes them for refusals only where it asks for rows one by one.
            raise tk.ValidationError({"filters": [tk._(NOT_OF_THE_COLUMN)]}) from None
    if rows:
        for item in found:
            serving.record(actor, item)
    return answer


@tk.chained_action
@tk.side_effect_free
def datastore_info(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Return columns and counts of the approved version, for who may read its data."""
    found = _read(data_dict)
    for item in found:
        serving.admit(serving.actor_of(context), item)
    with serving.pinned(*found):
        return original(context, data_dict)


# ------------------------------------------------------------------------------- writing


def _refuse_write(context: types.Context, facts: Facts, text: str, field: str) -> None:
    """Refuse a write with the way to publish, as far as the caller may know of the dataset."""
    actor = serving.actor_of(context)
    if not decide(actor, facts, Channel.METADATA):
        raise serving.unknown()
    if not _may_write(actor, facts):
        raise tk.NotAuthorized(tk._(text))
    raise tk.ValidationError({field: [tk._(text)], "code": ["versions_only"]})


def _may_write(actor: Actor, facts: Facts) -> bool:
    return actor.sysadmin or may_publish(actor, facts.owner_org)


def _guard_write(context: types.Context, data_dict: dict[str, Any]) -> None:
    """Refuse to write rows: tables are made from approved files, and there are no others.

    Only while an old portal is taken over, its datasets keep the tables that they had.
    """
    for item in _governed(data_dict):
        _refuse_write(context, item.facts, VERSIONS_ONLY, "resource_id")


def _package_of(data_dict: dict[str, Any]) -> model.Package | None:
    """Return the governed dataset in which ``datastore_create`` would make a resource."""
    resource = data_dict.get("resource")
    wanted = resource.get("package_id") if isinstance(resource, dict) else None
    package = model.Package.get(wanted) if isinstance(wanted, str) and wanted else None
    return package if package is not None and dataset_types.is_governed(package.type) else None


@tk.chained_action
def datastore_create(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Make a table: refused, but while an old portal is taken over."""
    _guard_write(context, data_dict)
    package = _package_of(data_dict)
    if package is not None:
        _refuse_write(context, reads.facts_of(package.id), NO_RESOURCE, "resource")
    _refuse_other_tables()
    return original(context, data_dict)


def _guarded(name: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        _guard_write(context, data_dict)
        _refuse_other_tables()
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Write to a table: refused, but while an old portal is taken over."
    return tk.chained_action(action)


def _functions(name: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        if config.governed_types():
            raise tk.NotAuthorized(tk._(NO_FUNCTIONS))
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Refuse: what runs in the database reads every table, and asks nobody."
    return tk.chained_action(action)


FUNCTIONS = ("datastore_function_create", "datastore_function_delete")


WRITES = (
    "datastore_upsert",
    "datastore_delete",
    "datastore_records_delete",
    "datastore_run_triggers",
)


def get_actions() -> dict[str, Any]:
    """Return the chained actions by name."""
    named = (datastore_search, datastore_info, datastore_create)
    return {
        **{f.__name__: f for f in named},
        **{name: _guarded(name) for name in WRITES},
        **{name: _functions(name) for name in FUNCTIONS},
    }


# ---------------------------------------------------------------------------------- auth


def _asks_policy(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> types.AuthResult:
    """Ask the policy for the data; sysadmins are asked as well."""
    try:
        found = _governed(data_dict)
        for item in found:
            serving.admit(serving.actor_of(context), item)
    except (tk.ObjectNotFound, tk.NotAuthorized) as problem:
        return {"success": False, "msg": str(problem)}
    return {"success": True} if found else original(context, data_dict)


def _asks_way(original: Any, context: types.Context, data_dict: dict[str, Any]) -> types.AuthResult:
    """Refuse every write, also to sysadmins, but while an old portal is taken over."""
    try:
        if _governed(data_dict):
            return {"success": False, "msg": tk._(VERSIONS_ONLY)}
    except tk.ObjectNotFound as problem:
        return {"success": False, "msg": str(problem)}
    if _package_of(data_dict) is not None:
        return {"success": False, "msg": tk._(NO_RESOURCE)}
    if config.governed_types():
        return {"success": False, "msg": tk._("Resource not found")}
    return original(context, data_dict)


def _chained(rule: Any, name: str, *, anonymous: bool) -> Any:
    def auth(original: Any, context: types.Context, data_dict: Any) -> types.AuthResult:
        return rule(original, context, data_dict or {})

    auth.__name__ = name
    auth.__doc__ = rule.__doc__
    chained = tk.chained_auth_function(tk.auth_sysadmins_check(auth))
    return tk.auth_allow_anonymous_access(chained) if anonymous else chained


READ_AUTH = ("datastore_search", "datastore_info")
WRITE_AUTH = (
    "datastore_create",
    "datastore_upsert",
    "datastore_delete",
    "datastore_records_delete",
    "datastore_change_permissions",
    "datastore_run_triggers",
)


def get_auth_functions() -> dict[str, Any]:
    """Return the chained auth functions by name."""
    return {
        **{name: _chained(_asks_policy, name, anonymous=True) for name in READ_AUTH},
        **{name: _chained(_asks_way, name, anonymous=False) for name in WRITE_AUTH},
    }


def may_load(resource_id: str) -> bool:
    """Tell another loader (xloader, DataPusher) whether it may fill a resource's table.

    Only while an old portal is taken over: then nothing is governed yet.
    """
    if config.governed_types():
        return False
    resource = model.Resource.get(resource_id)
    package = model.Package.get(str(resource.package_id)) if resource is not None else None
    return package is not None and not dataset_types.is_governed(package.type)
