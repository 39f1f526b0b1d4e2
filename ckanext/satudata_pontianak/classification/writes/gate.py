"""The gate of every write to a governed dataset: what may pass, what waits, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...ledger import service as ledger
from ...metadata import service as metadata
from ...msgids import N_
from ...surface.repeating import repeated
from ..cases import record, steps
from ..cases.effects import decision_axes
from ..records import addresses, harvested, reads, text_findings
from ..records.model import Case, Version
from ..rules import profiled
from ..rules.axes import Axes, classification
from ..rules.conditions import why_not_allowed
from ..versions import versions
from . import incoming
from .plan import BytesChange, Plan, plan_create, plan_update
from .write import Gate

CONTEXT_KEY = "satudata_gate"
RAW_KEY = "satudata_raw"
STORED_KEY = "satudata_stored"


def stored_dict(context: types.Context, dataset_id: str) -> dict[str, Any]:
    """Return what core keeps of a dataset, from the database, nothing laid over it."""
    raw = tk.fresh_context(context, ignore_auth=True, use_cache=False)
    raw[RAW_KEY] = True  # type: ignore[literal-required]
    return tk.get_action("package_show")(raw, {"id": dataset_id})


def shown_dict(
    context: types.Context, dataset_id: str, stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what ``package_show`` gives this caller, from the database.

    :param stored: what :func:`stored_dict` gave, where that was read already.
    """
    fresh = tk.fresh_context(context, use_cache=False)
    if stored is not None:
        fresh[STORED_KEY] = stored  # type: ignore[literal-required]
    return tk.get_action("package_show")(fresh, {"id": dataset_id})


def error(field: str, message: str, **params: Any) -> tk.ValidationError:
    """Return a refusal on a field, in the reader's language; the caller raises it."""
    text = tk._(message)
    return tk.ValidationError({field: [text % params if params else text]})


def _check_axes(axes: Axes, changed: Mapping[str, str]) -> None:
    rules = classification()
    unknown = rules.unknown(Axes.of(changed))
    if unknown:
        raise tk.ValidationError(
            {axis: [_unknown_value(axis, value)] for axis, value in unknown.items()}
        )
    why = why_not_allowed(axes, rules) if changed else None
    if why:
        axis = "tingkat_keamanan" if "tingkat_keamanan" in changed else next(iter(changed))
        raise tk.ValidationError({axis: [why.text(tk._)]})


def _unknown_value(axis: str, value: Any) -> str:
    rules = classification()
    known = ", ".join(rules.axes[axis]["values"])
    text = tk._("'%(value)s' is not known for '%(axis)s'. Choose one of: %(known)s.")
    axis_name = tk._(rules.axes[axis]["label"])
    return text % {"value": repeated(value), "axis": axis_name, "known": known}


def _check_axis_types(changed: Mapping[str, Any]) -> None:
    for axis, value in changed.items():
        if not isinstance(value, str):
            raise tk.ValidationError({axis: [_unknown_value(axis, value)]})


def _keep_files(plan: Plan, level: str | None) -> dict[str, dict[str, Any]]:
    """Check and store every file of the plan; resource id → what is known of its bytes."""
    if plan.bad_links:
        raise error("url", plan.bad_links[0])
    rules = classification()
    if plan.bytes and level in rules.levels and not rules.levels[level].stores_files:
        raise error(
            "upload",
            "At level '%(level)s' no file may be stored. Describe the information instead.",
            level=tk._(rules.label("tingkat_keamanan", level)),
        )
    files = {}
    for change in plan.bytes:
        if change.upload is not None:
            try:
                text_findings.check_name(change.upload.filename)
                known = versions.keep_upload(change.upload)
                _check_rows(plan.data.get(profiled.FIELD), known)
                files[change.resource_id] = known
            except tk.ValidationError as refusal:
                blank: list[dict[str, Any]] = [{} for _ in range(change.index)]
                raise tk.ValidationError(
                    {**refusal.error_dict, "resources": [*blank, refusal.error_dict]}
                ) from None
    return files


def _check_rows(profile: Any, known: Mapping[str, Any]) -> None:
    """Refuse a file that does not fit the profile of its dataset, by row and column."""
    fit = profiled.fit(profile, [(known["filename"], known["sha256"])])
    if fit.problems:
        raise tk.ValidationError({"upload": [problem.text(tk._) for problem in fit.problems]})


def _with_bytes(resource: dict[str, Any], change: BytesChange, known: Mapping[str, Any]) -> None:
    """Write into core's resource what is known of the new bytes."""
    if change.upload is not None:
        resource["url"] = known["filename"]
        resource["url_type"] = "upload"
        resource["size"] = known["size"]
        resource["hash"] = known["sha256"]
        resource["mimetype"] = known["mimetype"]
        if change.new is False or not resource.get("format"):
            resource["format"] = known["format"]
        if not resource.get("name"):
            resource["name"] = known["filename"]
    else:
        resource["url"] = change.link
        resource["url_type"] = ""
        resource["size"] = None
        resource["hash"] = ""


def prepare_create(context: types.Context, data_dict: dict[str, Any]) -> Gate:
    """Check a new dataset and store its files; nothing is written to the database yet.

    :raises ckan.plugins.toolkit.ValidationError: naming the field.
    """
    actor = registry.actor_from_context(context)
    plan = plan_create(data_dict, keeps_ids=addresses.trusted(context, actor))
    if not plan.data.get("owner_org"):
        raise error("owner_org", "Choose the agency that owns this dataset.")
    addresses.for_new(context, plan.data, actor)
    _check_axis_types(plan.axes)
    _check_axes(Axes.of(plan.axes), plan.axes)
    warnings = harvested.checked_text(context, plan.data, {}, undecided=True)
    files = _keep_files(plan, plan.axes.get("tingkat_keamanan"))
    for change in plan.bytes:
        _with_bytes(plan.data["resources"][change.index], change, files.get(change.resource_id, {}))
    return Gate(plan, actor, files, warnings=warnings)


def finish_create(gate: Gate, package_id: str) -> Case:
    """Open the dataset's first case, in the transaction that creates the dataset."""
    case = record.open_new(
        package_id, gate.actor, proposal=Axes.of(gate.plan.axes), reason="new_dataset"
    )
    if gate.plan.axes:
        record.record_change(case, gate.actor, "proposal.change", gate.plan.axes)
    incoming.add_versions(gate, package_id, case, gate.plan.data.get("resources") or [])
    return case


def prepare_update(
    context: types.Context, data_dict: dict[str, Any], package: model.Package
) -> Gate:
    """Check a change, store its files, and take out of it what must wait.

    :raises ckan.plugins.toolkit.ValidationError: naming the field, with what to do instead.
    """
    stored = stored_dict(context, package.id)
    shown = shown_dict(context, package.id, stored)
    actor = registry.actor_from_context(context)
    plan = plan_update(data_dict, shown, stored, keeps_ids=addresses.trusted(context, actor))
    context["original_package"] = stored
    gate = Gate(plan, actor, {})
    gate.read(package.id)
    _check_change(gate, package)
    _check_name(context, gate, package)
    free = gate.decision is None and not incoming.frozen(gate.case)
    gate.warnings = harvested.checked_text(context, plan.data, stored, undecided=free)
    proposal = _proposal(gate, package.id)
    _check_axis_types(plan.axes)
    if plan.axes:
        if incoming.frozen(gate.case):
            raise error(
                next(iter(plan.axes)),
                "The proposal is being checked and cannot be changed now. "
                "Recall it first, then change it.",
            )
        if gate.case is not None and gate.case.kind != "classify":
            raise error(
                next(iter(plan.axes)),
                "The open case is about removing or moving this dataset. End it first, then "
                "propose another classification.",
            )
        _check_axes(Axes.of(plan.axes).over(proposal), plan.axes)
    level = Axes.of(plan.axes).over(proposal).tingkat_keamanan
    gate.files = _keep_files(plan, level)
    _drop_same_bytes(gate)
    if gate.touches_case or plan.removed:
        steps.check_may_change(gate.case, package.owner_org, gate.actor)
    _place_bytes(gate, package.type, stored)
    return gate


def _proposal(gate: Gate, package_id: str) -> Axes:
    """Return the proposal, or what a new case begins with: decision, or last proposal."""
    if gate.case is not None:
        return Axes.of(gate.case.proposal)
    if gate.decision is not None:
        return Axes.of(decision_axes(gate.decision))
    last = reads.last_case(package_id)
    return Axes.of(last.proposal) if last else Axes()


def _check_change(gate: Gate, package: model.Package) -> None:
    """Refuse what needs a case of its own, before core runs."""
    changed = gate.plan.changed_fields
    decided = gate.decision is not None
    if "owner_org" in changed:
        agency = registry.agency(changed["owner_org"])
        if not changed["owner_org"]:
            raise error("owner_org", "Choose the agency that owns this dataset.")
        if (agency is None or agency.id != package.owner_org) and (
            decided or incoming.frozen(gate.case)
        ):
            raise error(
                "owner_org",
                "A decided dataset goes to another agency by a case: ask for the move on the page "
                "of the dataset.",
            )
    if decided and "license_id" in changed:
        raise error(
            "license_id",
            "The licence of a decided dataset changes by a case. "
            "Reopen the dataset and propose the new licence.",
        )
    named = (package.extras or {}).get(profiled.FIELD) or ""
    if decided and named and named != (gate.plan.data.get(profiled.FIELD) or ""):
        raise error(profiled.FIELD, PROFILE_STAYS)
    if changed.get("state") in ("deleted", "draft") and (decided or incoming.frozen(gate.case)):
        raise error("state", REMOVAL)
    if gate.plan.removed:
        if any(resource_id in gate.served for resource_id in gate.plan.removed):
            raise error("resources", REMOVAL)
        if incoming.frozen(gate.case):
            raise error(
                "resources",
                "The files are being checked and cannot be removed now. Recall the proposal first.",
            )


def _check_name(context: types.Context, gate: Gate, package: model.Package) -> None:
    """Check a new name before anything is looked up under it."""
    changed = gate.plan.changed_fields
    if "name" not in changed:
        return
    to = registry.agency(changed.get("owner_org"))
    owner = to.id if to is not None else package.owner_org
    addresses.for_changed(context, changed["name"], owner, gate.decision, gate.actor)


PROFILE_STAYS = N_(
    "A decided dataset keeps its profile of infrastructure, since its tables were checked by it."
)
REMOVAL = N_(
    "What was decided is not removed at once: ask for its removal on the page of the dataset, "
    "or by a case. Until that is decided, everything stays as it is."
)


def _drop_same_bytes(gate: Gate) -> None:
    """Forget uploads of the very file that is newest here already: they change nothing."""
    newest = {**gate.served, **{v.resource_id: v for v in gate.waiting}}

    def is_same(change: BytesChange) -> bool:
        known, version = gate.files.get(change.resource_id), newest.get(change.resource_id)
        if known is None or version is None:
            return False
        return (known["sha256"], known["filename"]) == (version.sha256, version.filename)

    gate.plan.bytes = [change for change in gate.plan.bytes if not is_same(change)]


def _place_bytes(gate: Gate, dataset_type: str, stored: Mapping[str, Any]) -> None:
    """Keep waiting bytes out of core's row wherever something is approved or being checked."""
    kept = {r["id"]: r for r in stored.get("resources", ())}
    waits = False
    for change in gate.plan.bytes:
        resource = gate.plan.data["resources"][change.index]
        known = gate.files.get(change.resource_id, {})
        waiting = dict(resource)
        _with_bytes(waiting, change, known)
        gate.files.setdefault(change.resource_id, {})["meta"] = waiting
        free = gate.case is None or incoming.takes_bytes(gate.case)
        if change.new or (change.resource_id not in gate.served and free):
            resource.update(waiting)
        else:
            gate.plan.data["resources"][change.index] = dict(kept[change.resource_id])
            waits = True
    if waits and gate.plan.bytes:
        gate.plan.changed_fields.update(metadata.checked(incoming.pending(gate), dataset_type))
        for key in incoming.pending(gate):
            gate.plan.data[key] = stored.get(key)


def apply_update(gate: Gate, package: model.Package) -> Case | None:
    """Write versions, proposal and records, in the transaction of the change itself."""
    if gate.touches_case and gate.case is None:
        proposal = _proposal(gate, package.id)
        gate.case = record.open_new(
            package.id,
            gate.actor,
            proposal=proposal,
            reason="new_bytes" if gate.plan.bytes else "changed_axes",
        )
        incoming.readopt(gate, gate.case)
    if gate.plan.axes and gate.case is not None:
        changed = Axes.of(gate.plan.axes).over(Axes.of(gate.case.proposal))
        gate.case.proposal = changed.as_dict()
        record.record_change(gate.case, gate.actor, "proposal.change", gate.plan.axes)
    if gate.plan.bytes:
        incoming.add_versions(gate, package.id, gate.case, gate.plan.data.get("resources") or [])
        pending = incoming.pending(gate)
        if pending and gate.case is not None and incoming.takes_bytes(gate.case):
            gate.case.pending = {**gate.case.pending, **pending}
    _record_metadata(gate, package.id)
    incoming.rename_waiting(gate)
    for resource_id in gate.plan.removed:
        model.Session.execute(
            sa.update(Version)
            .where(Version.resource_id == resource_id, Version.state == "waiting")
            .values(state="withdrawn")
        )
    if gate.plan.removed and gate.case is not None:
        record.record_change(
            gate.case, gate.actor, "resource.remove", {"resources": gate.plan.removed}
        )
    model.Session.flush()
    return gate.case


def _record_metadata(gate: Gate, package_id: str) -> None:
    """Write down which ordinary metadata changed at once, by name and without the values."""
    waits = incoming.pending(gate) if gate.plan.bytes else {}
    fields = sorted(set(gate.plan.changed_fields) - set(waits))
    if not fields and not gate.plan.renamed:
        return
    ledger.append(
        model.Session,
        event="dataset.change",
        actor_id=gate.actor.id,
        actor_name=gate.actor.name,
        dataset_id=package_id,
        case_id=gate.case.id if gate.case else None,
        detail={"fields": fields, "resources": sorted(gate.plan.renamed)},
    )
