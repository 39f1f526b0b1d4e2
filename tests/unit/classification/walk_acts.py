"""What people do in the world of ``walk_model``: steps with their effects, and the side roads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.rules import findings
from ckanext.satudata_pontianak.classification.rules.axes import Axes
from ckanext.satudata_pontianak.classification.rules.policy import has_duty
from ckanext.satudata_pontianak.classification.rules.refusals import NotAllowed, Refused
from ckanext.satudata_pontianak.classification.rules.workflow import Step
from ckanext.satudata_pontianak.messages import Message

from .walk_model import (
    AGENCIES,
    OWNER,
    REASON,
    RECEIVER,
    Case,
    Decision,
    Event,
    Hold,
    Resolved,
    Version,
    World,
)

REVIEWERS = ("verifier", "assessor", "approver")


@dataclass(frozen=True)
class Taken:
    """A decision as it fell, with what the invariants judge it by."""

    decision: Decision
    case: Case
    by: str
    source: str
    covers: tuple[Version, ...]
    brought: tuple[Version, ...]
    answers: Mapping[str, Mapping[findings.Place, Resolved]]
    before: Decision | None
    holds: tuple[Hold, ...]
    at: int


@dataclass(frozen=True)
class Lifted:
    """A hold that was lifted, by whom, and how many cases were decided by then."""

    hold: Hold
    by: Actor
    decided: int


def no(code: str) -> Refused:
    """Return a refusal without words."""
    return Refused(code, Message(code))


class Acts(World):
    """The world with everything that can happen in it."""

    def __init__(self, *definitions: Any) -> None:
        super().__init__(*definitions)
        self.taken: list[Taken] = []
        self.lifted: list[Lifted] = []

    def step(self, who: Actor, name: str, fields: Mapping[str, Any]) -> None:
        """Take one step in the open case, with its effect."""
        case, who = self.case, who.on("d", self.owner)
        if case is None:
            raise no("no_case")
        allowed = self.engine.check(self.context(case), name, who, fields, agencies=AGENCIES)
        step = allowed.transition
        getattr(self, f"_{step.effect}")(case, who, allowed)
        self.history.append(
            Event(case.number, who.id, name, step.source, step.target, dict(allowed.fields))
        )
        case.state = step.target
        if step.part:
            case.parts.setdefault(step.part, set()).add(str(who.id))
        if self.deleted:
            for version in self.waiting():
                version.state = "withdrawn"
        elif self.case is None:
            proposal = self.decision.axes if self.decision else case.proposal
            self._open_next(who, proposal)

    def _open_next(self, who: Actor, proposal: Axes) -> None:
        left = [v for v in self.waiting() if v.case is None]
        if not left:
            return
        case = self.open_new(who, proposal)
        for version in left:
            version.case = case.number
            self.record_change(case, version.uploader, "version.add")

    # ------------------------------------------------------------------------------- effects

    def _freeze_evidence(self, case: Case, who: Actor, allowed: Step) -> None:
        case.proposal = allowed.axes
        case.evidence = self.frozen_part(case)

    def _thaw_evidence(self, case: Case, who: Actor, allowed: Step) -> None:
        case.evidence = case.assessed = None
        if case.kind != "classify":
            return
        reviewers = {p for part in REVIEWERS for p in case.parts.get(part, ())}
        if allowed.transition.part in REVIEWERS:
            reviewers.add(str(who.id))
        for version in [v for v in self.waiting() if v.case is None]:
            if version.uploader in reviewers:
                continue
            for older in self.waiting():
                if older.resource == version.resource and older.case == case.number:
                    older.state = "superseded"
            version.case = case.number
            self.record_change(case, version.uploader, "version.add")

    def _end_withdrawn(self, case: Case, who: Actor, allowed: Step) -> None:
        for version in self.waiting():
            if version.case == case.number:
                version.state = "withdrawn"

    def _note_referral(self, case: Case, who: Actor, allowed: Step) -> None:
        """The step itself is the note."""

    def _assess(self, case: Case, who: Actor, allowed: Step) -> None:
        case.assessed = allowed.axes

    def _clear_assessment(self, case: Case, who: Actor, allowed: Step) -> None:
        case.assessed = None

    def _accept(self, case: Case, who: Actor, allowed: Step) -> None:
        case.accepted = True

    def _decide_open(self, case: Case, who: Actor, allowed: Step) -> None:
        self._decide(case, who, allowed, allowed.axes)

    _decide_assessed = _decide_open

    def _decide_renewal(self, case: Case, who: Actor, allowed: Step) -> None:
        assert self.decision is not None
        self._decide(case, who, allowed, self.decision.axes, self.decision)

    def _decide_remove(self, case: Case, who: Actor, allowed: Step) -> None:
        for decision in self.decisions:
            decision.in_force = False
        self.pointers, self.deleted = {}, True

    def _decide_move(self, case: Case, who: Actor, allowed: Step) -> None:
        assert case.target is not None
        self.owner = case.target

    def _decide(
        self, case: Case, who: Actor, allowed: Step, axes: Axes, old: Decision | None = None
    ) -> None:
        before = self.decisions[-1] if self.decisions else None
        names = allowed.fields.get("penerima") or []
        decision = Decision(
            case.number,
            axes,
            old.recipients if old else frozenset(n for n in names if n in AGENCIES),
            old.all_agencies if old else self.rules.all_agencies in names,
        )
        covers = self.case_versions(case)
        self.taken.append(
            Taken(
                decision,
                case,
                str(who.id),
                allowed.transition.source,
                tuple(covers),
                tuple(v for v in covers if v.case == case.number),
                {sha: dict(places) for sha, places in self.said.items()},
                before,
                tuple(self.holds),
                len(self.history),
            )
        )
        for earlier in self.decisions:
            earlier.in_force = False
        self.decisions.append(decision)
        for version in self.pointers.values():
            if version not in covers:
                version.state = "superseded"
        stores = self.rules.levels[axes.tingkat_keamanan or ""].stores_files
        self.pointers = {v.resource: v for v in covers} if stores else {}
        for version in covers if stores else self.versions:
            version.state = "approved" if stores else "sealed"
            version.sealed = version.sealed or not stores

    # ---------------------------------------------------------------------------- side roads

    def resolve(
        self, who: Actor, version: Version, item: Mapping[str, Any] | None, said: str
    ) -> None:
        """Say something of a finding, or that unreadable content was inspected."""
        who = who.on("d", self.owner)
        rules, case = self.rules.findings, self.case
        if not any(has_duty(who, duty, self.owner) for duty in rules.resolved_by):
            raise NotAllowed("not_holder", Message("no"))
        if case is not None and who.id in case.parts.get("proposer", ()):
            raise NotAllowed("excluded", Message("no"))
        failed = not version.pending and version.content.verdict == "failed"
        inspected = said == findings.INSPECTED
        strict = findings.check(
            said,
            None if inspected or version.pending else item,
            REASON,
            "peraturan",
            version.content.reason if failed else None,
            rules,
        )
        where = findings.INSPECTION if inspected else findings.place(item or {})
        self.said.setdefault(version.content.sha, {})[where] = Resolved(said, str(who.id))
        if case is not None:
            self.note(str(who.id), "finding.resolve")
            if strict:
                case.parts.setdefault("resolver", set()).add(str(who.id))

    def hold(self, who: Actor, scope: str) -> None:
        """Take data, or everything, out of sight."""
        placed_by = self.rules.holds.placed_by
        self._must(who, tuple(name for name, scopes in placed_by.items() if scope in scopes))
        if self.decision is None:
            raise no("nothing_decided")
        self.holds.append(Hold(scope, str(who.id), len(self.history), self.ended()))
        self.note(str(who.id), "hold.create")

    def ended(self) -> int:
        """Return how many cases were decided."""
        return sum(self.workflow.states[c.state].end and c.state == "decided" for c in self.cases)

    def lift(self, who: Actor, hold: Hold, ground: str = "examined") -> None:
        """Lift a hold on a ground."""
        rules = self.rules.holds
        self._must(who, tuple(d for d, grounds in rules.lifted_by.items() if ground in grounds))
        if hold.by == who.id:
            raise NotAllowed("excluded", Message("no"))
        if rules.grounds[ground].same_bytes and hold.decided != self.ended():
            raise no("not_false_alarm")
        level = self.decision.axes.tingkat_keamanan if self.decision else None
        if self.rules.is_open(level) and not all(
            self.scan_facts(v, set()).passes for v in self.pointers.values()
        ):
            raise no("unresolved")
        self.holds.remove(hold)
        self.note(str(who.id), "hold.release")
        self.lifted.append(Lifted(hold, who.on("d", self.owner), self.ended()))

    def _must(self, who: Actor, duties: tuple[str, ...]) -> None:
        who = who.on("d", self.owner)
        if not any(
            self.owner in (who.administers if duty == "owner_admins" else who.publishes_for)
            if duty in ("owner_admins", "owner_publishers")
            else has_duty(who, duty, self.owner)
            for duty in duties
        ):
            raise NotAllowed("not_holder", Message("no"))

    def reopen(self, who: Actor, kind: str) -> None:
        """Open a case on something decided."""
        who = who.on("d", self.owner)
        allowed = [
            r
            for r in self.workflow.reopening
            if kind in r.kinds and has_duty(who, r.by, self.owner)
        ]
        if not allowed:
            raise NotAllowed("may_not_reopen", Message("no"))
        if self.case is not None or self.decision is None:
            raise no("case_open" if self.case else "nothing_decided")
        case = self.open_new(who, self.decision.axes, kind, allowed[0].to)
        if kind == "move":
            case.target = RECEIVER if self.owner == OWNER else OWNER

    def clock(self) -> None:
        """Let the day come on which the decision is reviewed."""
        if self.deleted or self.decision is None:
            return
        if self.case is not None:
            self.note(None, "clock")
            return
        self.open_new(Actor(None, None), self.decision.axes, state=self.workflow.clock_state)
