"""What a decision that excludes says, as far as it was recorded: read for rules and documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...agencies import registry
from ...agencies.rules.duties import Duty
from ..records.case_reads import Loaded
from ..records.model import Decision
from ..rules.axes import classification
from ..rules.exclusion import WEIGHED, Determination


def of_case(loaded: Loaded, *, renewal: bool) -> Determination:
    """Return what the decision of a case would say, as far as it excludes something.

    :param renewal: it would decide again what the decision in force says.
    """
    if loaded.case.assessment:
        fields = loaded.case.assessment.get("fields") or {}
        return _said(fields, loaded.package.owner_org, loaded.case.assessment.get("by"))
    if renewal and loaded.decision is not None:
        # PPID tested what is in force; whoever renews it adds nothing to that.
        fields = fields_of(loaded.decision)
        return _said(fields, loaded.package.owner_org, loaded.decision.decided_by)
    return Determination()


def fields_of(decision: Decision) -> dict[str, Any]:
    """Return what a decision says, by the names of the fields of the workflow."""
    return {
        **decision.basis,
        "mulai": decision.mulai,
        "akhir": decision.akhir,
        "tanggal_reviu": decision.tanggal_reviu,
    }


def _said(fields: Mapping[str, Any], owner_org: str | None, assessor: str | None) -> Determination:
    body, agency = registry.body_of(Duty.PPID), registry.agency(owner_org)
    return Determination(
        information=fields.get("informasi"),
        letter=fields.get("pasal_pengecualian"),
        body=body.title if body else None,
        assessor=assessor,
        agency=agency.title if agency else None,
        start=fields.get("mulai"),
        until=fields.get("akhir"),
        review=fields.get("tanggal_reviu"),
        legal_basis=fields.get("dasar_hukum"),
        if_opened=fields.get("konsekuensi_dibuka"),
        if_closed=fields.get("konsekuensi_ditutup"),
        place=classification().exclusion.place,
        **weighing(fields),
    )


def weighing(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a test says beyond the six items, by the names of a :class:`Determination`."""
    return {
        "number": fields.get("angka_pengecualian"),
        "weighed": {name: fields[name] for name in WEIGHED if fields.get(name)},
        "heard": fields.get("didengar"),
        "testers": fields.get("penguji"),
        "recipients_basis": fields.get("dasar_penerima"),
        "processing": fields.get("dasar_pemrosesan"),
    }
