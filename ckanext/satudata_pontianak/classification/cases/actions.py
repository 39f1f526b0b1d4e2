"""Actions of the workflow: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..records import parameters, reads
from ..rules.axes import AXES, classification
from ..rules.definition import workflow
from ..rules.policy import Channel, as_governed, decide
from ..rules.workflow import DUTY_LABELS
from . import show, show_scans, step_service
from .answers import Scans, Shown, StepTaken, Workflow

RESERVED = ("id", "transition", "evidence")


def find_dataset(
    context: types.Context, data_dict: dict[str, Any], channel: Channel = Channel.METADATA
) -> model.Package:
    """Return the dataset that the actor may know of.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or they may not know of it:
        both get the same answer.
    """
    package = model.Package.get(parameters.dataset_id(data_dict))
    actor = registry.actor_from_context(context)
    if package is None or not knows(actor, package.id, channel):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return package


def knows(actor: Actor, package_id: str, channel: Channel) -> bool:
    """Tell whether the actor may know of a dataset's case."""
    return bool(decide(actor, as_governed(reads.facts_of(package_id)), channel))


@tk.side_effect_free
def satudata_classification_show(context: types.Context, data_dict: dict[str, Any]) -> Shown:
    """Return case, decision, scans and holds of a dataset, as the caller may see them.

    :param id: id or name of the dataset
    :type id: string
    """
    tk.check_access("satudata_classification_show", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context)
    return show.show(package, actor, reads.facts_of(package.id))


@tk.side_effect_free
def satudata_scan_show(context: types.Context, data_dict: dict[str, Any]) -> Scans:
    """Return what was found in a dataset's files and texts, and what was said of it.

    :param id: id or name of the dataset
    :param version: only the scan of this version; ``metadata``: only the texts (optional)
    """
    tk.check_access("satudata_scan_show", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context)
    shown = show.show(package, actor, reads.facts_of(package.id))
    version = parameters.line(data_dict, "version")
    texts = shown["metadata"] if version in ("", show_scans.TEXTS) else None
    scans = [s for s in shown["scans"] if version in ("", s["version"])]
    if version and not scans and texts is None:
        raise tk.ValidationError({"version": [tk._("There is no scan of such a version.")]})
    return {
        "dataset_id": package.id,
        "scans": scans,
        "metadata": texts,
        "scan_pending": shown["scan_pending"],
    }


def satudata_classification_transition(
    context: types.Context, data_dict: dict[str, Any]
) -> StepTaken:
    """Take one step in the dataset's open case.

    :param id: id or name of the dataset
    :param transition: name of the step, e.g. ``submit``, ``return``, ``refer``, ``approve``
    :param evidence: the digest that you looked at; refused when it is stale (optional)
    :param wait: keep a ``submit`` until running scans end; the worker then takes it (optional)

    ``reopen`` opens a case on something decided: ``case_kind`` (``classify``, ``remove``,
    ``move``), ``reason``, and ``owner_org`` or ``license_id`` where they are to change; a removal
    names ``resources``, or says ``removes: dataset``.
    Further parameters are the fields of the step: see ``satudata_workflow_show``.
    """
    tk.check_access("satudata_classification_transition", context, data_dict)
    package = find_dataset(context, data_dict)
    name = parameters.text(data_dict, "transition")
    evidence = data_dict.get("evidence")
    if evidence is not None and not isinstance(evidence, str):
        raise tk.ValidationError({"evidence": [tk._("A text is expected here.")]})
    fields = {k: v for k, v in data_dict.items() if k not in RESERVED}
    actor = registry.actor_from_context(context)
    if actor.anonymous:
        raise tk.NotAuthorized(tk._("Log in to take a step in a case."))
    wait = tk.asbool(fields.pop("wait", False))
    return step_service.take(package, actor, name, fields, evidence, wait=wait)


@tk.side_effect_free
def satudata_workflow_show(context: types.Context, data_dict: dict[str, Any]) -> Workflow:
    """Return the workflow as it is enforced: states, steps, fields, conditions, axes."""
    tk.check_access("satudata_workflow_show", context, data_dict)
    definition, rules = workflow(), classification()
    return {
        "version": definition.version,
        "classification_version": rules.version,
        "states": [
            {
                "name": s.name,
                "label": tk._(s.label),
                "holder": s.holder,
                "holder_label": tk._(DUTY_LABELS[s.holder]) if s.holder else None,
                "end": s.end,
                "due_working_days": s.due_working_days,
            }
            for s in definition.states.values()
        ],
        "transitions": [
            {
                **show.transition_dict(t),
                "part": t.part,
                "exclude": list(t.exclude),
                "conditions": [
                    {"name": c, "message": tk._(definition.conditions[c])} for c in t.conditions
                ],
                "basis": [{"text": b["text"], "status": b["status"]} for b in t.basis],
            }
            for t in definition.transitions.values()
        ],
        "axes": {
            axis: {
                "label": tk._(rules.axes[axis]["label"]),
                "values": [
                    {"value": v, "label": tk._(item["label"])}
                    for v, item in rules.axes[axis]["values"].items()
                ],
            }
            for axis in AXES
        },
        "combinations": [
            {
                "jenis_informasi": sorted(c.jenis_informasi),
                "tingkat_keamanan": sorted(c.tingkat_keamanan),
                "data_pribadi": sorted(c.data_pribadi),
                "needs": c.needs,
            }
            for c in rules.combinations
        ],
    }


def get_actions() -> dict[str, Any]:
    """Return the actions of this room by name."""
    return {
        f.__name__: f
        for f in (
            satudata_classification_show,
            satudata_scan_show,
            satudata_classification_transition,
            satudata_workflow_show,
        )
    }
