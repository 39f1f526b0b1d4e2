"""What a step does beside moving the case: evidence, decision, pointers, visibility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...ledger.canonical import plain
from ...metadata import title_periods
from ..grants import grants
from ..records import addresses, dataset_types, reads
from ..records.model import Case, Decision, DecisionVersion, Pointer, Version, new_id, now
from ..rules.axes import Axes, classification
from ..rules.exclusion import WEIGHED
from ..rules.policy import metadata_open
from ..rules.workflow import Step as Allowed
from ..versions import removing, versions
from .record import open_next_for_waiting, record_change, take_pending

BASIS_FIELDS = (
    "informasi",
    "pasal_pengecualian",
    "angka_pengecualian",
    "dasar_hukum",
    "konsekuensi_dibuka",
    "konsekuensi_ditutup",
    *WEIGHED,
    "didengar",
    "penguji",
    "dasar_pemrosesan",
    "dasar_penerima",
    "alasan",
    "tempat",
)
REVIEWERS = ("verifier", "assessor", "approver")
PENDING_PACKAGE_FIELDS = ("tahun", "cakupan")


class Effect:
    """Applies the effect of one step to one locked case; the caller commits."""

    def __init__(
        self,
        package: model.Package,
        case: Case,
        actor: Actor,
        allowed: Allowed,
        snapshot: Mapping[str, Any],
        agencies: Mapping[str, str],
    ) -> None:
        self.package = package
        self.case = case
        self.actor = actor
        self.allowed = allowed
        self.snapshot = snapshot
        self.agencies = agencies
        self.decision: Decision | None = None

    def before_move(self) -> None:
        """Do what the step does to the case before it moves."""
        getattr(self, f"_{self.allowed.transition.effect}")()

    def after_move(self) -> None:
        """Do what follows from the new state: visibility, and the next case."""
        if self.decision is not None:
            set_private(self.package)
        if not self.case.is_open and self.package.state == "deleted":
            # Nothing can be opened on what is removed: what came meanwhile waits for nobody.
            model.Session.execute(
                sa.update(Version)
                .where(Version.package_id == self.package.id, Version.state == "waiting")
                .values(state="withdrawn")
            )
        elif not self.case.is_open:
            decision = reads.decision_in_force(self.case.package_id)
            proposal = Axes.of(decision_axes(decision) if decision else self.case.proposal)
            open_next_for_waiting(self.case.package_id, self.actor, proposal)

    def decision_summary(self) -> dict[str, Any] | None:
        """Return the decision for the record."""
        if self.decision is None:
            return None
        return {
            "id": self.decision.id,
            **decision_axes(self.decision),
            "nomor": self.decision.nomor,
            "akhir": self.decision.akhir,
            "tanggal_reviu": self.decision.tanggal_reviu,
            "recipients": self.decision.recipients,
            "all_agencies": self.decision.all_agencies,
            "versions": [v["sha256"] for v in self.snapshot["versions"]],
        }

    def _freeze_evidence(self) -> None:
        self.case.proposal = self.allowed.axes.as_dict()
        self.case.evidence = plain({**self.snapshot, "proposal": self.case.proposal})
        self.case.submitted_at = now()
        self.case.wait_submit = None
        if self.package.state == "draft":
            self.package.state = "active"
            self.package.metadata_modified = now().replace(tzinfo=None)

    def _thaw_evidence(self) -> None:
        self.case.evidence = None
        self.case.submitted_at = None
        self.case.assessment = None
        # What arrived meanwhile belongs to this case again: it is open for changes. Who brought
        # it is a proposer now; what a reviewer of this case brought waits for the next one.
        if self.case.kind != "classify":
            return
        reviewers = self._reviewers()
        for version in reads.waiting_versions([self.case.package_id]):
            if version.case_id is None and version.uploaded_by not in reviewers:
                model.Session.execute(
                    sa.update(Version)
                    .where(
                        Version.resource_id == version.resource_id,
                        Version.state == "waiting",
                        Version.case_id == self.case.id,
                    )
                    .values(state="superseded")
                )
                version.case_id = self.case.id
                take_pending(self.case, version)
                if version.uploaded_by:
                    person = registry.actor_for(version.uploaded_by)
                    record_change(self.case, person, "version.add", {"carried_over": True})
        model.Session.flush()

    def _reviewers(self) -> set[str | None]:
        """Return who verified, assessed or approved in this case, with who takes this step."""
        parts = reads.parts_of(self.case.id)
        people: set[str | None] = {p for name in REVIEWERS for p in parts.get(name, ())}
        return people | ({self.actor.id} if self.allowed.transition.part in REVIEWERS else set())

    def _end_withdrawn(self) -> None:
        model.Session.execute(
            sa.update(Version)
            .where(Version.case_id == self.case.id, Version.state == "waiting")
            .values(state="withdrawn")
        )

    def _note_referral(self) -> None:
        """The step itself is the note: see ``repository.referral_open``."""

    def _assess(self) -> None:
        self.case.assessment = plain(
            {
                "transition": self.allowed.transition.name,
                "axes": self.allowed.axes.as_dict(),
                "fields": self.allowed.fields,
                "by": self.actor.id,
                "at": now(),
            }
        )

    def _clear_assessment(self) -> None:
        self.case.assessment = None

    def _accept(self) -> None:
        self.case.accepted_by = self.actor.id

    def _decide_renewal(self) -> None:
        """Decide the new files as the decision in force decided the old ones."""
        old = reads.decision_in_force(self.case.package_id)
        if old is None:
            raise LookupError("no decision to renew")
        agencies = {agency_id: name for name, agency_id in self.agencies.items()}
        names = [agencies[i] for i in old.recipients if i in agencies]
        if old.all_agencies:
            names = [classification().all_agencies]
        kept = {
            **old.basis,
            "nomor": old.nomor,
            "mulai": old.mulai,
            "akhir": old.akhir,
            "tanggal_reviu": old.tanggal_reviu,
            "penerima": names,
        }
        self._decide(Axes.of(decision_axes(old)), kept)

    def _decide_remove(self) -> None:
        """Take what was decided away; files, decisions and records stay in our tables."""
        only = self.case.changes.get("resources")
        if only:
            removing.take_away(self.package, only)
            return
        model.Session.execute(
            sa.update(Decision)
            .where(Decision.package_id == self.case.package_id, Decision.in_force)
            .values(in_force=False)
        )
        model.Session.execute(sa.delete(Pointer).where(Pointer.package_id == self.case.package_id))
        grants.follow(self.package.id, None)
        self.package.state = "deleted"
        self.package.private = True
        self.package.metadata_modified = now().replace(tzinfo=None)

    def _decide_move(self) -> None:
        """Give the dataset to the agency that accepted it."""
        target = self.case.changes["owner_org"]
        member = model.Member
        model.Session.execute(
            sa.update(member)
            .where(
                member.table_name == "package",
                member.table_id == self.package.id,
                member.group_id == self.package.owner_org,
            )
            .values(group_id=target)
        )
        self.package.owner_org = target
        self.package.metadata_modified = now().replace(tzinfo=None)

    def _decide_open(self) -> None:
        self._decide(self.allowed.axes, {})

    def _decide_assessed(self) -> None:
        assessment = self.case.assessment or {}
        self._decide(self.allowed.axes, assessment.get("fields", {}))

    def _decide(self, axes: Axes, assessed: Mapping[str, Any]) -> None:
        rules = classification()
        fields = {**assessed, **self.allowed.fields}
        if not rules.is_open(axes.tingkat_keamanan):
            fields.setdefault("tempat", rules.exclusion.place)
        names = fields.get("penerima") or []
        model.Session.execute(
            sa.update(Decision)
            .where(Decision.package_id == self.case.package_id, Decision.in_force)
            .values(in_force=False)
        )
        served = [v for _, v in reads.pointers_of([self.case.package_id]).values()]
        decision = Decision(
            id=new_id(),
            package_id=self.case.package_id,
            case_id=self.case.id,
            **axes.as_dict(),
            nomor=fields.get("nomor"),
            mulai=fields.get("mulai"),
            akhir=fields.get("akhir"),
            tanggal_reviu=fields.get("tanggal_reviu"),
            recipients=[self.agencies[n] for n in names if n in self.agencies],
            all_agencies=rules.all_agencies in names,
            basis={key: fields[key] for key in BASIS_FIELDS if key in fields},
            decided_by=self.actor.id,
        )
        model.Session.add(decision)
        model.Session.flush()
        stores = rules.levels[decision.tingkat_keamanan].stores_files
        model.Session.execute(sa.delete(Pointer).where(Pointer.package_id == self.case.package_id))
        covered = versions.of_snapshot(self.snapshot)
        for version in served:
            if version not in covered:
                version.state = "superseded"
        for version in covered:
            model.Session.add(
                DecisionVersion(
                    decision_id=decision.id,
                    resource_id=version.resource_id,
                    version_id=version.id,
                    sha256=version.sha256,
                )
            )
            if stores:
                versions.point_to(version, decision.id)
                versions.apply_meta(version)
            else:
                version.state = "sealed"
                version.sealed = True
        if not stores:
            self._seal_the_rest()
        self._apply_pending()
        if self.case.changes.get("license_id"):
            self.package.license_id = self.case.changes["license_id"]
        self.package.metadata_modified = now().replace(tzinfo=None)
        model.Session.flush()
        grants.follow(self.package.id, decision)
        addresses.hide(self.package, decision)
        self.decision = decision

    def _seal_the_rest(self) -> None:
        """Seal what is left of earlier times: at this level nothing may be at hand."""
        model.Session.execute(
            sa.update(Version)
            .where(
                Version.package_id == self.case.package_id,
                Version.state.in_(("waiting", "withdrawn", "superseded", "approved")),
            )
            .values(state="sealed", sealed=True)
        )

    def _apply_pending(self) -> None:
        """Publish the period and coverage that waited with the bytes."""
        pending = {k: v for k, v in self.case.pending.items() if k in PENDING_PACKAGE_FIELDS}
        if pending:
            self.package.extras = {**(self.package.extras or {}), **pending}
        title = str(self.case.pending.get("title") or "")
        # A title that somebody wrote meanwhile stays.
        if title_periods.moved(self.package.title or "", title):
            self.package.title = title


def decision_axes(decision: Decision) -> dict[str, str]:
    """Return the axes of a decision."""
    return {
        "jenis_informasi": decision.jenis_informasi,
        "tingkat_keamanan": decision.tingkat_keamanan,
        "data_pribadi": decision.data_pribadi,
    }


def set_private(package: model.Package) -> None:
    """Keep core's ``private`` in step: the opposite of "metadata open to everyone".

    While the type is not governed, core's own word stands: a decision made before the switch
    opens nothing that core keeps private.
    """
    model.Session.flush()
    if not dataset_types.is_governed(package.type):
        return
    package.private = not metadata_open(reads.facts_of(package.id))
    model.Session.flush()
