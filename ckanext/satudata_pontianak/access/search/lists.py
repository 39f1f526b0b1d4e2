"""Core's lists, without what the caller may not know of.

Core filters these by ``private`` alone, or not at all. What is taken out here is decided by the
policy from the database, so that it holds from the next call on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import authz, model, types

from ...agencies import registry
from ...classification.records import reads
from ...classification.rules.policy import Channel, decide
from ...surface.types import types as declared_types
from ..reading import core_following, guard
from . import parameters

# What a list of followed datasets tells of one: no file, no address.
FOLLOWED_FIELDS = frozenset(
    {
        "id",
        "name",
        "title",
        "notes",
        "type",
        "state",
        "owner_org",
        "organization",
        "metadata_created",
        "metadata_modified",
    }
)
DatasetDict = dict[str, Any]
FORMATS, EVERY_FORMAT = 5, 10_000
"""Formats that core gives where nobody says how many; more than there are."""


@tk.chained_action
@tk.side_effect_free
def package_list(original: Any, context: types.Context, data_dict: DatasetDict) -> list[str]:
    """Return names of datasets; those that the caller may not know of are left out."""
    names = original(context, data_dict)
    if not names:
        return names
    query = sa.select(model.Package.name, model.Package.id).where(model.Package.name.in_(names))
    ids = dict(model.Session.execute(query).tuples().all())
    may = guard.allowed(context, ids.values(), Channel.EXISTS)
    return [name for name in names if may.get(ids.get(name, ""), True)]


@tk.chained_action
@tk.side_effect_free
def member_list(original: Any, context: types.Context, data_dict: DatasetDict) -> list[Any]:
    """Return members of a group: people to whom core gives them, datasets that one may know of.

    While ``ckan.auth.public_user_details`` is off, people are for members of the group and system
    administrators. Core asks so only where people alone are wanted. A capacity that nobody declared
    is a text of before, and is given to nobody.
    """
    known = {*authz.roles_trans().values(), *declared_types().capacities}
    rows = original(context, data_dict)
    rows = [(row[0], row[1], row[2] if row[2] in known else "") for row in rows]
    ids = guard.known_ids(row[0] for row in rows)
    may = guard.allowed(context, ids, Channel.EXISTS)
    rows = [row for row in rows if may.get(row[0], True)]
    if any(row[1] == "user" for row in rows):
        asked = {"id": data_dict.get("id"), "object_type": "user"}
        try:
            tk.check_access("group_show", tk.fresh_context(context), asked)
        except tk.NotAuthorized:
            return [row for row in rows if row[1] != "user"]
    return rows


@tk.chained_action
@tk.side_effect_free
def organization_list_for_user(
    original: Any, context: types.Context, data_dict: DatasetDict
) -> list[DatasetDict]:
    """Return one's own agencies; those of somebody else are for system administrators.

    Others get what they get for a name that nobody has: nothing.
    """
    asked, name = data_dict.get("id"), context.get("user")
    if not asked or context.get("ignore_auth") or tk.config.get("ckan.auth.public_user_details"):
        return original(context, data_dict)
    actor = registry.actor_from_context(context)
    if actor.sysadmin or asked in (actor.id, actor.name, name):
        return original(context, data_dict)
    tk.check_access("organization_list_for_user", context, data_dict)
    return []


def _facet(context: types.Context, field: str) -> set[str]:
    """Return the values of a field over all datasets that the caller may see."""
    asked = {"rows": 0, "facet.field": [field], "facet.limit": -1, "include_private": True}
    context = parameters.marked(context, parameters.VALUES)
    found = tk.get_action("package_search")(context, asked)
    return set(found["facets"].get(field, ()))


def _tags(context: types.Context, data_dict: DatasetDict, tags: list[Any]) -> list[Any]:
    """Leave out the keywords that stand in no dataset that the caller may see."""
    if not tags or data_dict.get("vocabulary_id") or context.get("ignore_auth"):
        return tags
    seen = _facet(context, "tags")
    return [tag for tag in tags if (tag["name"] if isinstance(tag, dict) else tag) in seen]


@tk.chained_action
@tk.side_effect_free
def tag_list(original: Any, context: types.Context, data_dict: DatasetDict) -> list[Any]:
    """Return the keywords of the datasets that the caller may see."""
    taken = parameters.taken("tag_list", data_dict)
    return _tags(context, taken, original(context, taken))


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(original: Any, context: types.Context, data_dict: DatasetDict) -> list[Any]:
    """Return keywords that fit, of the datasets that the caller may see."""
    taken, place = _placed("tag_autocomplete", data_dict)
    return _tags(context, taken, original(context, taken))[place]


@tk.chained_action
@tk.side_effect_free
def tag_search(original: Any, context: types.Context, data_dict: DatasetDict) -> DatasetDict:
    """Search keywords of the datasets that the caller may see; the count is of these."""
    taken, place = _placed("tag_search", data_dict)
    kept = _tags(context, taken, original(context, taken)["results"])
    return {"count": len(kept), "results": kept[place]}


def _placed(action: str, data_dict: DatasetDict) -> tuple[DatasetDict, slice]:
    """Return what is asked without places, and the places.

    Core counts places among all that fits: a place left empty, or taken by what the caller may not
    know of, would tell of it.
    """
    taken = parameters.taken(action, data_dict)
    offset, limit = taken.pop("offset", 0), taken.pop("limit", None)
    return taken, slice(offset, None if limit is None else offset + limit)


@tk.chained_action
@tk.side_effect_free
def tag_show(original: Any, context: types.Context, data_dict: DatasetDict) -> DatasetDict:
    """Return a keyword; one that stands only in what the caller may not see is unknown."""
    tag = original(context, data_dict)
    if not tag.get("vocabulary_id") and not _tags(context, data_dict, [tag]):
        raise guard.unknown(tk._("Tag not found"))
    return tag


@tk.chained_action
@tk.side_effect_free
def format_autocomplete(original: Any, context: types.Context, data_dict: DatasetDict) -> list[str]:
    """Return formats that fit, of the datasets that the caller may see."""
    taken = parameters.taken("format_autocomplete", data_dict)
    limit = taken.pop("limit", FORMATS)
    found = original(context, {**taken, "limit": EVERY_FORMAT})
    if not found:
        return found
    seen = {value.lower() for value in _facet(context, "res_format")}
    return [name for name in found if name.lower() in seen][:limit]


# ------------------------------------------------------------------------------- following


def _cut(dataset: DatasetDict) -> DatasetDict:
    return {key: value for key, value in dataset.items() if key in FOLLOWED_FIELDS}


@tk.chained_action
@tk.side_effect_free
def dataset_followee_list(
    original: Any, context: types.Context, data_dict: DatasetDict
) -> list[DatasetDict]:
    """Return the followed datasets that the caller may see today."""
    core_following.lead(context)
    # Read before: core lets its own list of followees run without authorization.
    actor = registry.actor_from_context(context)
    found = original(context, data_dict)
    facts = reads.facts_for(d["id"] for d in found)
    return [
        _cut(d) if facts[d["id"]].governed else d
        for d in found
        if d["id"] in facts and decide(actor, facts[d["id"]], Channel.METADATA)
    ]


@tk.chained_action
@tk.side_effect_free
def dataset_followee_count(original: Any, context: types.Context, data_dict: DatasetDict) -> int:
    """Count the followed datasets that the caller may see today."""
    core_following.lead(context)
    original(context, data_dict)
    return len(_followed(context, data_dict))


@tk.chained_action
@tk.side_effect_free
def followee_count(original: Any, context: types.Context, data_dict: DatasetDict) -> int:
    """Count what somebody follows, as far as the caller may see it today."""
    core_following.lead(context)
    total = original(context, data_dict)
    followed = model.UserFollowingDataset.followee_list(_user_id(data_dict))
    return max(0, total - len(followed) + len(_followed(context, data_dict)))


def _user_id(data_dict: DatasetDict) -> str:
    user = model.User.get(data_dict.get("id"))
    return user.id if user else ""


def _followed(context: types.Context, data_dict: DatasetDict) -> list[str]:
    rows = model.UserFollowingDataset.followee_list(_user_id(data_dict))
    ids = guard.known_ids(row.object_id for row in rows)
    may = guard.allowed(context, ids, Channel.METADATA)
    return [i for i in ids if may.get(i, True)]


@tk.chained_action
@tk.side_effect_free
def followee_list(
    original: Any, context: types.Context, data_dict: DatasetDict
) -> list[DatasetDict]:
    """Return what somebody follows; of datasets only those that the caller may see today."""
    core_following.lead(context)
    # Core switches authorization off in the caller's own context.
    actor = registry.actor_from_context(context)
    found = original(context, data_dict)
    ids = [f["dict"]["id"] for f in found if f["type"] == "dataset"]
    facts = reads.facts_for(ids)
    kept = []
    for item in found:
        if item["type"] == "dataset":
            known = facts.get(item["dict"]["id"])
            if known is None or not decide(actor, known, Channel.METADATA):
                continue
            if known.governed:
                item["dict"] = _cut(item["dict"])
        kept.append(item)
    return kept


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    found: Iterable[Any] = (
        package_list,
        member_list,
        organization_list_for_user,
        tag_list,
        tag_autocomplete,
        tag_search,
        tag_show,
        format_autocomplete,
        dataset_followee_list,
        dataset_followee_count,
        followee_count,
        followee_list,
    )
    return {f.__name__: f for f in found}
