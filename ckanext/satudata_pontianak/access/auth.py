"""Auth of the reading room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..agencies import registry
from ..agencies.rules.duties import Actor, Duty
from ..classification.cases import show
from ..classification.records import reads
from ..classification.rules.policy import Channel, VersionFacts, decide

MAY_ASK = (Duty.WALIDATA, Duty.PPID, Duty.PENGAWAS)


@tk.auth_allow_anonymous_access
def satudata_access_explain(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may ask about themselves; some duties about others."""
    if not (data_dict or {}).get("user"):
        return {"success": True}
    actor = registry.actor_from_context(context)
    if actor.sysadmin or any(actor.has(d) for d in MAY_ASK):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only Walidata, PPID, the supervisor and system administrators may ask this."),
    }


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def resource_show(original: Any, context: types.Context, data_dict: Any) -> types.AuthResult:
    """Besides the dataset's metadata, the resource itself must be for this person.

    Core asks for the dataset only; views and other actions lean on this function for a
    resource that waits unseen in a public dataset.
    """
    answer = original(context, data_dict)
    if not answer.get("success"):
        return answer
    resource = context.get("resource") or model.Resource.get(str((data_dict or {}).get("id") or ""))
    if resource is None or may_see_resource(registry.actor_from_context(context), resource):
        return answer
    return {"success": False, "msg": tk._("Resource not found")}


def may_see_resource(actor: Actor, resource: model.Resource) -> bool:
    """Tell whether a resource is approved, or a version of it waits that this person sees."""
    facts = reads.facts_of(str(resource.package_id))
    if not facts.governed or resource.id in reads.pointers_of([facts.dataset_id]):
        return True
    if decide(actor, facts, Channel.METADATA, VersionFacts(approved=False)):
        return True
    return any(
        show.sees_version(actor, facts, version)
        for version in reads.waiting_versions([facts.dataset_id])
        if version.resource_id == resource.id
    )


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this room by name."""
    return {
        "resource_show": resource_show,
        "satudata_access_explain": satudata_access_explain,
    }
