"""Actions of the side roads: findings, holds."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ..cases import step_service
from ..cases.actions import find_dataset
from ..cases.answers import Acted, Purged
from ..clock import retention
from ..holds import holds
from ..records import parameters, reads
from ..rules.refusals import InvalidFields, Refused
from . import older, resolutions


def satudata_finding_resolve(context: types.Context, data_dict: dict[str, Any]) -> Acted:
    """Say of a finding that it is a false alarm or lawfully public, or that a file was inspected.

    :param id: id or name of the dataset
    :param version: id of the version, as in ``scans``; ``metadata`` for the dataset's own texts
    :param table: name of the table, empty when it has none
    :param column: name of the column, or ``#`` and its number when it has none
    :param kind: kind of the finding
    :param resolution: ``false_alarm``, ``lawfully_public`` or ``inspected``
    :param reason: why, at least 10 characters
    :param ground: for ``lawfully_public``: ``jabatan``, ``persetujuan`` or ``peraturan``
    :param earlier: id of an answer that lapsed, as in ``earlier`` of a finding: it is confirmed,
        and what is not given here is taken from it (optional)
    """
    tk.check_access("satudata_finding_resolve", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    try:
        receipt = resolutions.resolve(package, actor, data_dict)
        model.Session.commit()
    except (Refused, InvalidFields) as problem:
        model.Session.rollback()
        raise step_service.translated(problem) from None
    return {**step_service.shown(package, actor), "receipt": receipt.as_dict()}


def satudata_hold_create(context: types.Context, data_dict: dict[str, Any]) -> Acted:
    """Take a dataset's data, or everything, out of sight at once.

    :param id: id or name of the dataset
    :param scope: ``data`` or ``all``
    :param reason: why, at least 10 characters; it is shown
    """
    tk.check_access("satudata_hold_create", context, data_dict)
    return _hold(context, data_dict, "create")


def satudata_hold_release(context: types.Context, data_dict: dict[str, Any]) -> Acted:
    """Lift a hold.

    :param id: id or name of the dataset
    :param hold: id of the hold, as in ``holds``
    :param ground: ``false_alarm`` (Walidata and PPID), ``remedied`` or ``examined`` (PPID);
        by default the first that is the caller's and fits
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_hold_release", context, data_dict)
    return _hold(context, data_dict, "release")


def satudata_hold_confirm(context: types.Context, data_dict: dict[str, Any]) -> Acted:
    """Confirm a hold that somebody else placed; it goes on until it is lifted.

    :param id: id or name of the dataset
    :param hold: id of the hold, as in ``holds``
    """
    tk.check_access("satudata_hold_confirm", context, data_dict)
    return _hold(context, data_dict, "confirm")


def _hold(context: types.Context, data_dict: dict[str, Any], act: str) -> Acted:
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    facts = reads.facts_of(package.id)
    reason = "" if act == "confirm" else parameters.text(data_dict, "reason")
    try:
        if act == "create":
            scope = parameters.text(data_dict, "scope")
            receipt = holds.place(package, actor, facts, scope, reason)
        elif act == "confirm":
            hold = parameters.text(data_dict, "hold")
            receipt = holds.confirm(package, actor, facts, hold)
        else:
            hold, ground = parameters.text(data_dict, "hold"), data_dict.get("ground") or None
            receipt = holds.release(package, actor, facts, hold, ground, reason)
        model.Session.commit()
    except (Refused, InvalidFields) as problem:
        model.Session.rollback()
        raise step_service.translated(problem) from None
    step_service.reindex(package.id)
    return {**step_service.shown(package, actor), "receipt": receipt.as_dict()}


def satudata_sealed_purge(context: types.Context, data_dict: dict[str, Any]) -> Purged:
    """Confirm that the owner agency has another copy, and purge the sealed files for good.

    :param id: id or name of the dataset
    :param reason: where the other copy is kept, at least 10 characters
    """
    tk.check_access("satudata_sealed_purge", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    facts, reason = reads.facts_of(package.id), parameters.text(data_dict, "reason")
    try:
        receipt = retention.purge_sealed(package, actor, facts, reason)
        model.Session.commit()
    except (Refused, InvalidFields) as problem:
        model.Session.rollback()
        raise step_service.translated(problem) from None
    return {"dataset_id": package.id, "receipt": receipt.as_dict()}


def satudata_older_versions_set(context: types.Context, data_dict: dict[str, Any]) -> Acted:
    """Say of the decision in force whether older versions may go on being given.

    :param id: id or name of the dataset
    :param given: ``ya`` or ``tidak``
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_older_versions_set", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    reason = parameters.text(data_dict, "reason")
    try:
        receipt = older.say(package, actor, data_dict.get("given"), reason)
        model.Session.commit()
    except (Refused, InvalidFields) as problem:
        model.Session.rollback()
        raise step_service.translated(problem) from None
    step_service.reindex(package.id)
    return {**step_service.shown(package, actor), "receipt": receipt.as_dict()}


def get_actions() -> dict[str, Any]:
    """Return the actions of the side roads by name."""
    return {
        f.__name__: f
        for f in (
            satudata_finding_resolve,
            satudata_hold_confirm,
            satudata_hold_create,
            satudata_hold_release,
            satudata_older_versions_set,
            satudata_sealed_purge,
        )
    }
