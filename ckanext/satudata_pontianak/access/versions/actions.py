"""Actions on the versions of a dataset: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import parameters, reads
from ...classification.requests import auth
from ...classification.rules.policy import Channel, as_governed, decide
from ...msgids import N_
from . import comparing, history, showing
from .answers import VersionComparison, VersionList
from .history import Edition

BUSY = N_("Others are comparing versions at this moment. Try again in a few seconds.")


def _dataset(data_dict: dict[str, Any], actor: Actor) -> model.Package:
    """Return the dataset that a call names.

    :raises ckan.plugins.toolkit.ObjectNotFound: it is unknown, or hidden from the caller.
    """
    package = model.Package.get(parameters.dataset_id(data_dict))
    if package is not None:
        facts = reads.facts_of(package.id)
        if facts.governed and decide(actor, as_governed(facts), Channel.METADATA):
            return package
    raise tk.ObjectNotFound(tk._("Dataset not found"))


@tk.side_effect_free
def satudata_version_list(context: types.Context, data_dict: dict[str, Any]) -> VersionList:
    """Return the versions of a dataset that are given, newest first.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_version_list", context, data_dict)
    actor = registry.actor_from_context(context)
    package = _dataset(data_dict, actor)
    found = [showing.version(edition) for edition in history.editions(actor, package.id)]
    return {"dataset_id": package.id, "count": len(found), "results": found}


@tk.side_effect_free
def satudata_version_compare(
    context: types.Context, data_dict: dict[str, Any]
) -> VersionComparison:
    """Return what differs between two versions of a dataset.

    :param id: id or name of the dataset
    :param before: id of a version (default: the one before the newest)
    :param after: id of a version (default: the newest)
    :param resource: id of the file of which the cells are compared (default: the first table that
        changed)
    """
    tk.check_access("satudata_version_compare", context, data_dict)
    actor = registry.actor_from_context(context)
    package = _dataset(data_dict, actor)
    editions = history.editions(actor, package.id)
    if len(editions) < 2:
        raise tk.ObjectNotFound(tk._("There is only one version of this dataset to be had."))
    after = _one(editions, data_dict, "after") or editions[0]
    before = _one(editions, data_dict, "before") or _before(editions, after)
    changed = comparing.files(before, after)
    wanted = parameters.line(data_dict, "resource") or None
    try:
        rows = comparing.rows(actor, package.id, changed, wanted)
    except KeyError:
        raise tk.ObjectNotFound(tk._("Resource not found")) from None
    except comparing.Busy:
        return tk.abort(503, tk._(BUSY))
    return {
        "dataset_id": package.id,
        "before": showing.version(before),
        "after": showing.version(after),
        "files": changed,
        "rows": rows,
    }


def _one(editions: list[Edition], data_dict: dict[str, Any], key: str) -> Edition | None:
    """Return the version that a call names, ``None`` where it names none.

    :raises ckan.plugins.toolkit.ObjectNotFound: the caller knows of none of this id.
    """
    named = parameters.line(data_dict, key)
    if not named:
        return None
    found = next((edition for edition in editions if edition.decision.id == named), None)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such version of this dataset."))
    return found


def _before(editions: list[Edition], after: Edition) -> Edition:
    """Return the version before another one; of the oldest the one after it."""
    place = editions.index(after)
    return editions[place + 1] if place + 1 < len(editions) else editions[place - 1]


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in (satudata_version_list, satudata_version_compare)}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module by name."""
    return {name: auth.everyone() for name in get_actions()}
