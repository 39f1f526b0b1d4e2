"""Core's reading actions with the policy laid over them, and ``satudata_access_explain``."""

from __future__ import annotations

import copy
from typing import Annotated, Any, TypedDict

import flask

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..agencies import registry
from ..agencies.rules.duties import ANONYMOUS, Actor
from ..classification.records import dataset_types, parameters, reads
from ..classification.rules.policy import (
    Channel,
    Facts,
    VersionFacts,
    decide,
    granted_resources,
    holds_case,
    may_publish,
    readers_of,
)
from ..classification.writes.gate import RAW_KEY, STORED_KEY
from .hidden import same_answer
from .reading import explain, overlay
from .search import labels


def _is_internal(context: types.Context) -> bool:
    """Tell whether core reads for its index, or the gate reads what is stored."""
    indexing = context.get("validate") is False and context.get("ignore_auth")
    return bool(context.get(RAW_KEY) or indexing)


def _stored(context: types.Context, package: model.Package) -> dict[str, Any] | None:
    """Return what the gate has read of the dataset in this very write, for who may read it."""
    stored = context.get(STORED_KEY)
    if stored is None:
        return None
    context["package"] = package
    tk.check_access("package_show", context, {"id": package.id})
    return copy.deepcopy(stored)


def reviews(actor: Actor, facts: Facts) -> bool:
    """Tell whether the person sees more than the least privileged reader.

    Solr keeps only what that one sees, so that for this person the cache is too little.
    """
    return (
        actor.sysadmin
        or may_publish(actor, facts.owner_org)
        or holds_case(actor, facts)
        or bool(decide(actor, facts, Channel.DATA)) != bool(decide(ANONYMOUS, facts, Channel.DATA))
        or bool(granted_resources(actor, facts))
    )


@tk.chained_action
@tk.side_effect_free
def package_show(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return a dataset as the caller may see it.

    Who may not know that it exists gets the answer for an unknown name.
    """
    if _is_internal(context):
        return original(context, data_dict)
    package = model.Package.get(
        same_answer.id_of(data_dict.get("id") or data_dict.get("name_or_id"))
    )
    if package is None:
        return original(context, data_dict)
    actor = registry.actor_from_context(context)
    loaded = same_answer.page_of(actor, package.id) or overlay.load_for(actor, [package.id])
    facts = loaded.facts.get(package.id) or reads.unknown(package.id)
    if facts.undeclared and flask.has_request_context() and flask.request.blueprint != "api":
        # It has no pages: who clears it away reads it by the API.
        raise tk.ObjectNotFound
    # Core looks for the dataset twice more: a name costs it two queries each time, an id that is
    # loaded none.
    data_dict = {**data_dict, "id": package.id}
    if facts.governed and reviews(actor, facts):
        # Solr keeps the view of the least privileged reader: read from the database.
        context["use_cache"] = False
    try:
        with labels.asked_about(facts):
            dataset = _stored(context, package) or original(context, data_dict)
    except tk.NotAuthorized:
        if decide(actor, facts, Channel.EXISTS):
            raise
        raise tk.ObjectNotFound from None
    if not facts.governed:
        return dataset_types.with_empty(dataset)
    return overlay.lay_over(dataset, overlay.ReadersView(actor, facts), loaded)


@tk.chained_action
@tk.side_effect_free
def resource_show(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return a resource as the caller may see it; one that is not for them is unknown."""
    try:
        return original(context, data_dict)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise tk.ObjectNotFound from None


class Explained(TypedDict):
    """Whether somebody may use a channel of a dataset, and why."""

    dataset_id: str
    channel: str
    user: Annotated[str | None, "who it is about; `null` for a visitor"]
    allowed: bool
    rule: str
    reason: Annotated[str, "in words"]
    readers: Annotated[list[str], "who may"]


@tk.side_effect_free
def satudata_access_explain(context: types.Context, data_dict: dict[str, Any]) -> Explained:
    """Say whether somebody may use a channel of a dataset, and why.

    :param id: id or name of the dataset
    :param channel: ``exists``, ``metadata`` or ``data``
    :param resource: id of a resource, to ask about its data (optional)
    :param user: name or id of the person; only Walidata, PPID, the supervisor and sysadmins
        may ask about others (default: the caller)
    """
    tk.check_access("satudata_access_explain", context, data_dict)
    channel_name = parameters.text(data_dict, "channel")
    if channel_name not in [c.value for c in Channel]:
        known = ", ".join(c.value for c in Channel)
        raise tk.ValidationError(
            {"channel": [tk._("Choose one of: %(choices)s.") % {"choices": known}]}
        )
    caller = registry.actor_from_context(context)
    package = model.Package.get(parameters.dataset_id(data_dict))
    facts = reads.facts_of(package.id) if package else None
    if package is None or facts is None or not _knows(context, caller, facts):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    actor = caller
    if data_dict.get("user"):
        user = model.User.get(data_dict["user"])
        if user is None:
            raise tk.ObjectNotFound(tk._("User not found"))
        actor = registry.actor_for(user)
    version = None
    if data_dict.get("resource"):
        version = _version_facts(caller, package, facts, data_dict["resource"])
    answer = decide(actor, facts, Channel(channel_name), version)
    return {
        "dataset_id": package.id,
        "channel": channel_name,
        "user": actor.name,
        "allowed": answer.allowed,
        "rule": answer.rule,
        "reason": explain.reason(answer).text(tk._),
        "readers": explain.reader_labels(
            answer.readers or readers_of(facts, Channel(channel_name))
        ),
    }


def _knows(context: types.Context, caller: Actor, facts: Facts) -> bool:
    """Tell whether the caller may know of the dataset; core says so where we do not govern."""
    if facts.governed:
        return bool(decide(caller, facts, Channel.EXISTS))
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": facts.dataset_id})
    except tk.NotAuthorized:
        return False
    return True


def _version_facts(
    caller: Actor, package: model.Package, facts: Facts, resource_id: str
) -> VersionFacts:
    resource = model.Resource.get(resource_id)
    if resource is None or resource.package_id != package.id or resource.state != "active":
        raise tk.ObjectNotFound(tk._("Resource not found"))
    found = reads.pointers_of([package.id]).get(resource.id)
    if found is not None:
        return reads.version_facts(found[1], found[0])
    asked = VersionFacts(approved=False)
    if not decide(caller, facts, Channel.METADATA, asked):
        raise tk.ObjectNotFound(tk._("Resource not found"))
    return asked


def get_actions() -> dict[str, Any]:
    """Return the actions of this room by name."""
    return {
        f.__name__: f
        for f in (
            package_show,
            resource_show,
            satudata_access_explain,
        )
    }
