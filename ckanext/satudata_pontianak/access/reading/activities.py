"""The activity stream, by today's policy.

A row keeps the labels, and the whole dataset, of the day it was written. So every list is
filtered by what the policy says now, and a row tells of a dataset no more than its name and
title; the rest only to those who keep the dataset, as far as they may have its data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...classification.rules.policy import Channel, Facts, decide
from ...surface import methods
from . import guard

NAMES = ("id", "name", "title", "type", "state")
LISTS = (
    "package_activity_list",
    "organization_activity_list",
    "group_activity_list",
    "user_activity_list",
    "recently_changed_packages_activity_list",
    "dashboard_activity_list",
)


def _dataset_id(activity: Mapping[str, Any]) -> str | None:
    data = activity.get("data") or {}
    inner = data.get("package") or data.get("dataset") or {}
    return inner.get("id") or activity.get("object_id")


def _subject_of(activity: Mapping[str, Any]) -> str:
    return str(activity.get("activity_type") or "")


def shown(
    activity: dict[str, Any], actor: Actor, facts: Facts, today: Mapping[str, str | None]
) -> dict[str, Any] | None:
    """Return a row as it may be shown today; ``None`` when it may not be.

    :param today: name and title that the dataset has now.
    """
    if not facts.governed:
        return activity
    if not decide(actor, facts, Channel.METADATA):
        return None
    if "view" in _subject_of(activity) and not decide(actor, facts, Channel.DATA):
        return None
    data = dict(activity.get("data") or {})
    for key in ("package", "dataset"):
        if isinstance(data.get(key), dict):
            data[key] = {k: v for k, v in data[key].items() if k in NAMES}
            data[key].update(today)
    for key in ("resource",):
        if isinstance(data.get(key), dict):
            data[key] = {k: v for k, v in data[key].items() if k in ("id", "name", "package_id")}
    return {**activity, "data": data}


def _filtered(context: types.Context, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    actor = registry.actor_from_context(context)
    ids = {i for i in map(_dataset_id, rows) if i}
    facts = reads.facts_for(ids)
    package = model.Package
    query = sa.select(package.id, package.name, package.title).where(package.id.in_(facts))
    today = {row.id: {"name": row.name, "title": row.title} for row in model.Session.execute(query)}
    result = []
    for row in rows if _shows_people(actor) else map(_without_person, rows):
        if row is None:
            continue
        known = facts.get(_dataset_id(row) or "")
        if known is None:
            # About an agency, a group or a person; or about a dataset that is gone.
            if not any(word in _subject_of(row) for word in ("package", "dataset", "resource")):
                result.append(_without_datasets(row))
            continue
        kept = shown(row, actor, known, today.get(known.dataset_id, {}))
        if kept is not None:
            result.append(kept)
    return result


def _shows_people(actor: Actor) -> bool:
    """Tell whether somebody is told who did what."""
    return not actor.anonymous or bool(tk.config.get("ckan.auth.public_user_details"))


def _without_person(row: dict[str, Any]) -> dict[str, Any] | None:
    """Take out of a row who did it; a row about a person tells of nothing else."""
    if "user" in _subject_of(row):
        return None
    page = flask.has_request_context() and not flask.request.path.startswith("/api/")
    # Core's page shows what is no account as it stands.
    who = tk._("Somebody of the agency") if page else ""
    data = {k: v for k, v in (row.get("data") or {}).items() if k != "actor"}
    return {**row, "user_id": who, "data": data}


def _without_datasets(row: dict[str, Any]) -> dict[str, Any]:
    """Take the list of datasets out of what a row tells of an agency or a group."""
    data = dict(row.get("data") or {})
    for key in ("group", "organization"):
        if isinstance(data.get(key), dict):
            data[key] = {k: v for k, v in data[key].items() if k not in ("packages", "tags")}
    return {**row, "data": data} if data else row


def _list(name: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        return _filtered(context, original(context, data_dict))

    action.__name__ = name
    action.__doc__ = "Return activities that may be shown today, with no more than names."
    return tk.side_effect_free(tk.chained_action(action))


def may_see_past(actor: Actor, dataset_id: str) -> bool:
    """Tell whether somebody may see what a dataset was like: who keeps it and has its data."""
    facts = reads.facts_of(dataset_id)
    return not facts.governed or guard.edits(actor, facts)


def _row(activity_id: Any) -> Any:
    from ckanext.activity.model.activity import Activity

    return model.Session.get(Activity, activity_id) if isinstance(activity_id, str) else None


def _past(name: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        row = _row(data_dict.get("id"))
        actor = registry.actor_from_context(context)
        known = reads.facts_for([row.object_id]) if row is not None else {}
        for facts in known.values():
            if facts.governed and not decide(actor, facts, Channel.METADATA):
                raise guard.unknown(tk._("Activity not found"))
            if not may_see_past(actor, facts.dataset_id):
                raise tk.NotAuthorized(tk._("Only who keeps the dataset sees what it was like."))
        return original(context, data_dict)

    action.__name__ = name
    action.__doc__ = "Return what a dataset was like, to who keeps it and may have its data."
    return tk.side_effect_free(tk.chained_action(action))


def before_view() -> Any:
    """Stand before the page of a file's past, which reads the activity past every action."""
    if flask.request.endpoint != "activity.resource_history":
        return None
    row = _row((flask.request.view_args or {}).get("activity_id"))
    actor = registry.current_actor()
    if row is None:  # core answers for itself
        return None
    # Core's page breaks over a row that holds no dataset, as one about a view does.
    if "package" not in (row.data or {}) or not may_see_past(actor, row.object_id):
        return tk.abort(404, tk._("Activity not found"))
    return None


@tk.chained_action
def dashboard_mark_activities_old(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> None:
    """Take the news for read: by POST, as the page's own script sends it once they are shown.

    Core's page does it by GET, which any other site's page can make a browser send.
    """
    tk.check_access("dashboard_mark_activities_old", context, data_dict)
    by_page = flask.has_request_context() and "REMOTE_ADDR" in flask.request.environ
    if by_page and flask.request.method in methods.SAFE:
        return None
    return original(context, data_dict)


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name; none where the plugin is not loaded."""
    if not p.plugin_loaded("activity"):
        return {}
    actions = {name: _list(name) for name in LISTS}
    return {
        **actions,
        **{n: _past(n) for n in ("activity_show", "activity_data_show", "activity_diff")},
        "dashboard_mark_activities_old": dashboard_mark_activities_old,
    }
