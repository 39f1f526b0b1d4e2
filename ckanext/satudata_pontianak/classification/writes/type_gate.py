"""The gate before every write of a dataset: which type it is of, and who makes that type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Duty
from ...msgids import N_
from ...surface import links
from ...surface.types import is_among
from ...surface.types import types as declared_types
from ..records import dataset_types, text_findings
from . import plan

UNDECLARED = N_("There is no such type of dataset here. Choose one of: %(known)s.")
NOT_YET = N_(
    "While this portal is being taken over, only datasets can be made: nothing else would wait for "
    "a decision."
)
KEPT = N_("The type of a dataset cannot be changed. Make a new dataset instead.")
LEFT_OVER = N_(
    "This dataset is of a type that does not exist here, and is closed. Purge it, or have its type "
    "put right: ckan satudata check says how."
)
NO_RESOURCES = N_("A dataset of this type holds no files and no links.")
NO_HARVESTER = N_("This kind of source is not fetched here. Choose one of: %(known)s.")
MAKERS = N_("Only the data custodian (Walidata) and system administrators make and change these.")
MAY_BE_PERSONAL = N_(
    "This text may hold personal data (%(kinds)s), and nobody decides on it before everybody can "
    "read it. Take it out, then save again."
)


def check_new(data_dict: dict[str, Any]) -> None:
    """Refuse a new dataset of a type that nobody declared; without one it gets the usual type.

    :raises ckan.plugins.toolkit.ValidationError: naming the types that there are.
    """
    kind = data_dict.setdefault("type", dataset_types.DEFAULT)
    if not is_among(kind, dataset_types.known()):
        text = tk._(UNDECLARED) % {"known": ", ".join(sorted(dataset_types.known()))}
        raise tk.ValidationError({"type": [text]})
    if kind in dataset_types.not_yet():
        raise tk.ValidationError({"type": [tk._(NOT_YET)]})


def check_kept(data_dict: Mapping[str, Any], package: model.Package) -> None:
    """Refuse to give a dataset another type.

    :raises ckan.plugins.toolkit.ValidationError: on ``type``.
    """
    if "type" in data_dict and data_dict["type"] != package.type:
        raise tk.ValidationError({"type": [tk._(KEPT)]})


def check_left_over(context: types.Context, package: model.Package | None) -> None:
    """Refuse to write to what is of an undeclared type; who may not see it is told of none.

    :raises ckan.plugins.toolkit.ObjectNotFound: the caller is no system administrator.
    :raises ckan.plugins.toolkit.ValidationError: they are, and can only clear it away.
    """
    if package is None or not dataset_types.is_undeclared(package.type):
        return
    if not clears_away(context):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    raise tk.ValidationError({"type": [tk._(LEFT_OVER)]})


def clears_away(context: types.Context) -> bool:
    """Tell whether the caller may clear away what is of an undeclared type."""
    actor = registry.actor_from_context(context)
    return bool(context.get("ignore_auth")) or (actor.sysadmin and actor.active)


def may_make(context: types.Context, kind: str) -> bool:
    """Tell whether the caller makes and changes datasets of a free type."""
    if context.get("ignore_auth"):
        return True
    actor = registry.actor_from_context(context)
    if actor.sysadmin and actor.active:
        return True
    return any(actor.has(Duty(duty)) for duty in dataset_types.free()[kind].made_by)


def check_free(data: Mapping[str, Any], known_data: Mapping[str, Any]) -> None:
    """Refuse what a dataset without a decision may not hold: files, and texts about people.

    What a text only may reveal is refused as well: there is no case in which somebody looks at it.

    While an old portal is taken over, its datasets are not governed yet: of them the links only.

    :param known_data: the dataset as it is stored; what did not change is not read again.
    :raises ckan.plugins.toolkit.ValidationError: naming each field; no text is repeated.
    """
    _check_links(data, known_data)
    kind = dataset_types.free().get(data["type"])
    if kind is None:
        return
    address = data.get("url")
    if address not in (None, "", known_data.get("url")):
        wrong = links.problem(address)
        if wrong is not None:
            raise tk.ValidationError({"url": [tk._(wrong)]})
    harvester = data.get("source_type")
    if harvester and not is_among(harvester, declared_types().harvesters):
        known = ", ".join(declared_types().harvesters)
        raise tk.ValidationError({"source_type": [tk._(NO_HARVESTER) % {"known": known}]})
    if data.get("resources") and not kind.resources:
        raise tk.ValidationError({"resources": [tk._(NO_RESOURCES)]})
    warnings = text_findings.check(data, known_data)
    if warnings:
        told = {
            w["field"]: tk._(MAY_BE_PERSONAL) % {"kinds": ", ".join(w["kinds"])} for w in warnings
        }
        raise tk.ValidationError(
            {k: [{"key": [text]}] if k == "extras" else [text] for k, text in told.items()}
        )


def _check_links(data: Mapping[str, Any], known_data: Mapping[str, Any]) -> None:
    given = data.get("resources")
    kept = {r["id"]: r.get("url") for r in known_data.get("resources") or ()}
    for item in given if isinstance(given, list) else ():
        address = plan.link_of(item) if isinstance(item, Mapping) else None
        if address and address != kept.get(str(item.get("id"))):
            wrong = links.problem(address)
            if wrong is not None:
                raise tk.ValidationError({"url": [tk._(wrong)]})


# ------------------------------------------------------------------------------------ auth


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_create(original: Any, context: types.Context, data_dict: Any) -> types.AuthResult:
    """Let a free type be made by its duties only; everything else as core says."""
    kind = (data_dict or {}).get("type")
    return _by_makers(kind, context) or original(context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_update(original: Any, context: types.Context, data_dict: Any) -> types.AuthResult:
    """Let a free type be changed by its duties only; everything else as core says.

    Deleting asks this as well, and whatever starts, clears or indexes a harvest source.
    """
    found = context.get("package") or model.Package.get((data_dict or {}).get("id"))
    return _by_makers(found.type if found else None, context) or original(context, data_dict)


def _by_makers(kind: Any, context: types.Context) -> types.AuthResult | None:
    if is_among(kind, dataset_types.free()) and not may_make(context, kind):
        return {"success": False, "msg": tk._(MAKERS)}
    return None


def get_auth_functions() -> dict[str, Any]:
    """Return the chained auth functions of this module by name."""
    return {"package_create": package_create, "package_update": package_update}
