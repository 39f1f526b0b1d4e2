"""Sources that are harvested: which kinds there are, and that nothing else is fetched."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import types
from ckan.logic import auth_audit_exempt

from ...surface import links
from ...surface.types import is_among
from ...surface.types import types as declared_types
from . import type_gate

if TYPE_CHECKING:
    from .harvester import Harvester

PLUGIN = "satudata_pontianak"
# The plugin writes whatever is sent to these into the log before anything looks at it.
TALKING = tuple(f"ckanext.harvest.logic.action.{act}" for act in ("create", "update", "patch"))
_all_of_them: ContextVar[bool] = ContextVar("satudata_all_sources", default=False)
INFO = {
    "name": "ckan",
    "title": "CKAN",
    "description": "Harvests remote CKAN instances",
    "form_config_interface": "Text",
}


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def harvester() -> Harvester:
    """Return a harvester for one stage of one job."""
    from .harvester import Harvester

    return Harvester()


def check(kind: Any, address: Any) -> None:
    """Refuse to fetch a source of another kind, or at an address that is none.

    Such a source may be there from before; its record says why it is not fetched.

    :raises ckan.plugins.toolkit.ValidationError: naming the field.
    """
    if not is_among(kind, declared_types().harvesters):
        known = ", ".join(declared_types().harvesters)
        text = tk._(type_gate.NO_HARVESTER) % {"known": known}
        raise tk.ValidationError({"source_type": [text]})
    wrong = links.problem(address)
    if wrong is not None:
        raise tk.ValidationError({"url": [tk._(wrong)]})


def _checked(name: str, key: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        source = _source(data_dict.get(key))
        if source is not None:
            check(source.type, source.url)
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Have a source fetched, if it is of a kind that is fetched here."
    return tk.chained_action(action)


def _source(reference: Any) -> Any:
    """Return the source with this id, or that of the job with this id."""
    from ckanext.harvest.model import HarvestJob, HarvestSource

    if not isinstance(reference, str):
        return None
    job: Any = HarvestJob.get(reference)
    return job.source if job is not None else HarvestSource.get(reference)


@auth_audit_exempt
@tk.chained_action
def harvest_abort_failed_jobs(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> Any:
    """Abort jobs that run too long; for who may abort one of them. The plugin asks nobody."""
    tk.check_access("harvest_job_abort", context, data_dict)
    return original(context, data_dict)


@tk.chained_action
def harvest_source_reindex(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    """Index a source anew; for who may change it. The plugin asks nobody."""
    if _all_of_them.get():
        context = types.Context(context, ignore_auth=True)
    tk.check_access("harvest_source_reindex", context, data_dict)
    return original(context, data_dict)


@tk.chained_action
def harvest_sources_reindex(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> Any:
    """Index all sources anew; the plugin asks who may, and then calls the others as nobody."""
    tk.check_access("harvest_sources_reindex", context, data_dict)
    token = _all_of_them.set(True)
    try:
        return original(context, data_dict)
    finally:
        _all_of_them.reset(token)


def other_harvesters() -> list[str]:
    """Return the names of plugins that fetch as well: not through the guarded fetcher."""
    if not p.plugin_loaded("harvest"):
        return []
    from ckanext.harvest.interfaces import IHarvester

    found = [plugin.name for plugin in p.PluginImplementations(IHarvester)]
    return [name for name in found if name != PLUGIN]


def get_actions() -> dict[str, Any]:
    """Return the chained actions on harvest sources by name."""
    if not p.plugin_loaded("harvest"):
        return {}
    for name in TALKING:
        # A filter stays where a command reads its logging anew; a level does not.
        logging.getLogger(name).addFilter(_is_warning)
    named = {"harvest_job_create": "source_id", "harvest_send_job_to_gather_queue": "id"}
    made = {name: _checked(name, key) for name, key in named.items()}
    for action in (harvest_abort_failed_jobs, harvest_source_reindex, harvest_sources_reindex):
        made[action.__name__] = action
    return made
