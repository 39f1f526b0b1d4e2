"""Relationships between datasets, where core's own actions break and tell of what is unseen.

Core commits and closes its session before it makes the answer, so that every change of a
relationship that is there already ends in an error 500; and a type that does not exist is an
assertion of its model. Here the type is looked at first, and the commit comes last. Core's list
names both datasets to whoever may see one of them; here it leaves out what they may not know of.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.model.package_relationship import PackageRelationship

from ...classification.rules.policy import Channel
from ...msgids import N_
from ...surface.types import is_among
from . import guard

ACTIONS = tuple(f"package_relationship_{act}" for act in ("create", "update", "delete"))
ENDS = ("subject", "object")
SEEN = ("id", "id2")
ALL = "relationships"
KNOWN = PackageRelationship.types[0][0]
DATASET = N_("Dataset not found")
MISSING = N_("Give the id or the name of a dataset.")
NO_TYPE = N_("There is no such relationship. Choose one of: %(known)s.")
NONE_THERE = N_("These datasets are not related so. Make the relationship first.")


def _check(context: types.Context, data_dict: dict[str, Any]) -> None:
    """Refuse what names no dataset that the caller may know of, and a type that does not exist.

    :raises ckan.plugins.toolkit.ValidationError: saying what to give.
    :raises ckan.plugins.toolkit.ObjectNotFound: of an unseen dataset as of an unknown one.
    """
    _check_form(data_dict, ENDS, "type")
    for end in ENDS:
        if not _knows(context, data_dict[end]):
            raise guard.unknown(tk._(DATASET))


def _check_form(data_dict: dict[str, Any], ends: tuple[str, ...], key: str) -> None:
    known = PackageRelationship.get_all_types()
    errors: dict[str, Any] = {}
    for end in ends:
        if not isinstance(data_dict.get(end), str) or not data_dict[end]:
            errors[end] = [tk._(MISSING)]
    if not is_among(data_dict.get(key), known):
        errors[key] = [tk._(NO_TYPE) % {"known": ", ".join(known)}]
    if errors:
        raise tk.ValidationError(errors)


def _knows(context: types.Context, name: str) -> bool:
    found = guard.dataset_id_of(name)
    if found is None:
        return False
    return bool(context.get("ignore_auth")) or guard.may(context, found, Channel.EXISTS)


def _steady(name: str) -> Any:
    def action(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        _check(context, data_dict)
        deferred = context.get("defer_commit", False)
        try:
            done = original(types.Context(context, defer_commit=True), data_dict)
        except tk.ObjectNotFound:
            # Both datasets are there and known: it is the relationship that is not.
            raise guard.unknown(tk._(NONE_THERE)) from None
        if not deferred:
            model.repo.commit()
        return done

    action.__name__ = name
    action.__doc__ = "Change a relationship between two datasets that the caller may know of."
    return tk.chained_action(action)


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the relationships of a dataset with others that the caller may know of."""
    wanted = {key: value for key, value in data_dict.items() if value not in (None, "")}
    if wanted.get("rel") == ALL:
        del wanted["rel"]
    _check_form({"rel": KNOWN, **wanted}, tuple(key for key in SEEN if key in wanted), "rel")
    if not all(_knows(context, wanted[key]) for key in SEEN if key in wanted):
        raise guard.unknown(tk._(DATASET))
    try:
        there = original(context, wanted)
    except tk.ObjectNotFound:
        there = []
    found = [one for one in there if all(_knows(context, one[end]) for end in ENDS)]
    if "rel" in wanted and not found:
        raise guard.unknown(tk._(NONE_THERE))
    return found


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    listed = {"package_relationships_list": package_relationships_list}
    return {name: _steady(name) for name in ACTIONS} | listed
