"""CKAN's DataStore on PostgreSQL, where a resource's id leads to the table of its served version.

CKAN's backend takes the id of a resource for the name of its table, in every function. Here the
id is translated first. A table of a version cannot be asked for by its own name, nothing is
written to one, and SQL is not taken at all. The chained actions ask the policy before; the backend
asks it again for every search, so that no way around them exists.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import types
from ckan.exceptions import CkanConfigurationException
from ckanext.datastore.backend import DatastoreBackend, postgres
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

from ... import config
from ...classification.versions import table_state
from ..reading import serving


class VersionBackend(DatastorePostgresqlBackend):
    """The backend of this portal."""

    def _table(self, id: str) -> str:
        """Return the name of the table that a resource's id stands for.

        :raises ckan.plugins.toolkit.ObjectNotFound: there is none.
        """
        if table_state.is_ours(id):
            raise serving.unknown()
        found = serving.served(id)
        if found is None:
            return id
        if found.table is None:
            raise serving.unknown()
        return found.table

    def resource_exists(self, id: str) -> bool:
        """Tell whether the resource has a table."""
        if table_state.is_ours(id):
            return False
        found = serving.served(id)
        return super().resource_exists(id) if found is None else found.table is not None

    def resource_id_from_alias(self, alias: str) -> tuple[bool, str | None]:
        """Return whether there is such a table, and of an alias the resource; ours have none."""
        if table_state.is_ours(alias):
            return False, None
        found = serving.served(alias)
        if found is None:
            return super().resource_id_from_alias(alias)
        return found.table is not None, None

    def resource_fields(
        self, id: str, include_meta: bool = True, include_fields_schema: bool = True
    ) -> dict[str, Any]:
        """Return the dictionary of the served version."""
        table = self._table(id)
        try:
            info = super().resource_fields(table, include_meta, include_fields_schema)
        except ProgrammingError:
            if table == id:
                raise
            raise serving.unknown() from None  # a restored database, before its tables are made
        if table != id and "meta" in info:
            info["meta"]["id"] = id
            # It tells of all tables together, closed ones too.
            info["meta"].pop("db_size", None)
        return info

    def resource_plugin_data(self, id: str) -> dict[str, Any]:
        """Return what plugins keep with the columns."""
        return super().resource_plugin_data(self._table(id))

    def search(self, context: types.Context, data_dict: dict[str, Any]) -> Any:
        """Search the served version; the policy is asked before."""
        resource_id = data_dict["resource_id"]
        table = self._table(resource_id)
        if table == resource_id:
            return super().search(context, data_dict)
        found = serving.served(resource_id)
        if found is None:
            raise serving.unknown()
        serving.admit(serving.actor_of(context), found)
        # The rows of a version never change: they were counted when they were loaded.
        counted = data_dict.get("include_total") and not any(
            data_dict.get(key) for key in ("filters", "q", "full_text", "distinct")
        )
        asked = {**data_dict, "resource_id": table}
        if counted:
            asked["include_total"] = False
        try:
            answer = super().search(context, asked)
        except tk.ObjectNotFound:
            raise serving.unknown() from None
        except tk.ValidationError as problem:
            # What the database says of the query names the table.
            problem.error_dict.pop("info", None)
            raise
        answer["resource_id"] = resource_id
        if counted:
            answer["include_total"], answer["total"] = True, found.rows
        return answer

    def search_sql(self, context: types.Context, data_dict: dict[str, Any]) -> Any:
        """Refuse: a query may name any table, and no decision speaks of queries."""
        if config.governed_types():
            raise tk.NotAuthorized(tk._("This portal takes no SQL. Use datastore_search."))
        return super().search_sql(context, data_dict)

    def _refuse(self, id: str) -> None:
        if config.governed_types() or table_state.is_ours(id) or serving.served(id) is not None:
            raise serving.unknown()

    def create(
        self,
        context: types.Context,
        data_dict: dict[str, Any],
        plugin_data: dict[int, dict[str, Any]],
    ) -> Any:
        """Make a table, while an old portal is taken over."""
        self._refuse(data_dict["resource_id"])
        return super().create(context, data_dict, plugin_data)

    def upsert(self, context: types.Context, data_dict: dict[str, Any]) -> Any:
        """Write rows, while an old portal is taken over."""
        self._refuse(data_dict["resource_id"])
        return super().upsert(context, data_dict)

    def delete(self, context: types.Context, data_dict: dict[str, Any]) -> Any:
        """Delete rows, or the table, while an old portal is taken over."""
        self._refuse(data_dict["resource_id"])
        return super().delete(context, data_dict)

    def create_function(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: what runs in the database reads every table, and asks nobody."""
        if config.governed_types():
            raise tk.NotAuthorized(tk._("This portal takes no functions for the DataStore."))
        return super().create_function(*args, **kwargs)

    def drop_function(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: nobody makes functions, and what an operator made is not for callers."""
        if config.governed_types():
            raise tk.NotAuthorized(tk._("This portal takes no functions for the DataStore."))
        return super().drop_function(*args, **kwargs)


def check_active() -> None:
    """Stop a start on which the DataStore would serve tables by CKAN's own rules.

    :raises ckan.exceptions.CkanConfigurationException: our plugin is missing or in the wrong place.
    """
    if not isinstance(DatastoreBackend.get_active_backend(), VersionBackend):
        raise CkanConfigurationException(
            "The plugin 'datastore' is loaded without ours behind it, so that it would pass by the "
            "decisions on data. Add satudata_datastore after datastore in ckan.plugins, or remove "
            "datastore."
        )


def make_types() -> None:
    """Make the type that core makes with the first search: two first ones at once, and one fails.

    Another process may make it at this moment, or the database be away: core then looks again.
    """
    backend = DatastoreBackend.get_active_backend()
    if not isinstance(backend, VersionBackend):
        return
    try:
        postgres._cache_types(backend._get_read_engine())
    except SQLAlchemyError:
        postgres._pg_types.clear()
        postgres._type_names.clear()
