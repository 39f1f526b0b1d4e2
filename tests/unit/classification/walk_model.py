"""One dataset in memory, as small as the rules allow.

It does what ``cases``, ``effects``, ``gate``, ``evidence``, ``repository``, ``holds``,
``reopening``, ``resolving``, ``renewal`` and ``clock`` do with rows of the database. The rules
themselves are the real ones: engine, policy, findings and conditions are called, not copied.
Whoever changes those modules changes this one with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty
from ckanext.satudata_pontianak.classification.rules import findings
from ckanext.satudata_pontianak.classification.rules.axes import Axes, Classification
from ckanext.satudata_pontianak.classification.rules.conditions import (
    CaseContext,
    ScanFacts,
    why_not_allowed,
)
from ckanext.satudata_pontianak.classification.rules.definition import Workflow
from ckanext.satudata_pontianak.classification.rules.policy import (
    CaseFacts,
    DecisionFacts,
    Facts,
    VersionFacts,
    may_publish,
)
from ckanext.satudata_pontianak.classification.rules.refusals import NotAllowed, Refused
from ckanext.satudata_pontianak.classification.rules.workflow import Engine
from ckanext.satudata_pontianak.messages import Message

from .determined import COMPLETE
from .walk_contents import Content, shape

OWNER, RECEIVER, THIRD = "dinkes", "dinsos", "disdukcapil"
AGENCIES = (OWNER, RECEIVER, THIRD)
REASON = "alasan yang cukup panjang"


def person(name: str, *duties: str, edits: str = "", heads: str = "", joins: str = "") -> Actor:
    """Return somebody with these duties, editor, admin or member of these agencies."""
    publishes = frozenset(edits.split()) | frozenset(heads.split())
    return Actor(
        name,
        name,
        member_of=publishes | frozenset(joins.split()),
        publishes_for=publishes,
        administers=frozenset(heads.split()),
        duties=frozenset(Duty(d) for d in duties),
    )


@dataclass
class Version:
    """Bytes of one resource; ``pending`` while their scan runs."""

    number: int
    resource: str
    content: Content
    uploader: str
    case: int | None
    state: str = "waiting"
    sealed: bool = False
    pending: bool = False


@dataclass
class Case:
    """One pass of the dataset through the workflow."""

    number: int
    kind: str
    state: str
    proposal: Axes
    parts: dict[str, set[str]] = field(default_factory=dict)
    evidence: Any = None
    assessed: Axes | None = None
    target: str | None = None
    accepted: bool = False


@dataclass
class Decision:
    """What a case decided."""

    case: int
    axes: Axes
    recipients: frozenset[str]
    all_agencies: bool
    in_force: bool = True


@dataclass(frozen=True)
class Event:
    """What somebody did: the history that the invariants judge by, apart from all rules."""

    case: int | None
    who: str | None
    did: str
    source: str | None = None
    target: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Hold:
    """Something taken out of sight."""

    scope: str
    by: str
    at: int
    decided: int = 0


@dataclass(frozen=True)
class Resolved:
    """What one person said of one finding."""

    resolution: str
    by: str


class World:
    """One dataset, everything that belongs to it, and what people may try with it."""

    def __init__(self, workflow: Workflow, rules: Classification) -> None:
        self.engine = Engine(workflow, rules)
        self.workflow, self.rules = workflow, rules
        self.owner, self.deleted = OWNER, False
        self.versions: list[Version] = []
        self.cases: list[Case] = []
        self.decisions: list[Decision] = []
        self.holds: list[Hold] = []
        self.said: dict[str, dict[findings.Place, Resolved]] = {}
        self.pointers: dict[str, Version] = {}
        self.history: list[Event] = []

    # -------------------------------------------------------------------------- what there is

    @property
    def case(self) -> Case | None:
        """The open case."""
        return next((c for c in self.cases if not self.workflow.states[c.state].end), None)

    @property
    def decision(self) -> Decision | None:
        """The decision in force."""
        return next((d for d in self.decisions if d.in_force), None)

    @property
    def frozen(self) -> bool:
        """The open case has left the owner's desk."""
        return self.case is not None and self.case.state != self.workflow.first_state

    def waiting(self) -> list[Version]:
        """Return the versions that wait, oldest first."""
        return [v for v in self.versions if v.state == "waiting"]

    def case_versions(self, case: Case) -> list[Version]:
        """Return the versions that the case is about."""
        chosen = dict(self.pointers)
        chosen.update({v.resource: v for v in self.waiting() if v.case == case.number})
        return [chosen[r] for r in sorted(chosen)]

    def facts(self) -> Facts:
        """Return what the policy sees, as ``repository.facts_for`` does."""
        states, case, decision = self.workflow.states, self.case, self.decision
        held_by = {states[e.target].holder for e in self.history if e.target}
        return Facts(
            "d",
            self.owner,
            decision=decision
            and DecisionFacts(
                decision.axes.tingkat_keamanan or "", decision.recipients, decision.all_agencies
            ),
            case=self.case_facts(case) if case else None,
            case_duties=frozenset(h for h in held_by if h),
            holds=frozenset(h.scope for h in self.holds),
            deleted=self.deleted,
        )

    def case_facts(self, case: Case) -> CaseFacts:
        """Return what the policy sees of the open case, as the repository does."""
        steps = self.workflow.from_state(case.state)
        waits = any(t.of == "target" and case.kind in t.kinds for t in steps)
        receiver = case.target if waits and not case.accepted else None
        return CaseFacts(case.state, self.workflow.states[case.state].holder, receiver)

    def version_facts(self) -> list[VersionFacts]:
        """Return what the policy sees of every version that can still be asked for."""
        asked = [v for v in self.versions if v.state in ("waiting", "approved", "sealed")]
        return [
            VersionFacts(self.pointers.get(v.resource) is v, v.sealed, v.uploader) for v in asked
        ]

    def scan_facts(self, version: Version, proposers: set[str]) -> ScanFacts:
        """Return a version's scan as the rules see it."""
        content = version.content
        if version.pending:
            return ScanFacts(content.sha, "pending")
        said = findings.standing(self.said_of(content), proposers)
        done = findings.outcome(
            content.verdict, content.reason, content.items, said, self.rules.findings
        )
        return ScanFacts(
            content.sha,
            content.verdict,
            resolved=done.resolved,
            lawfully_public=done.lawfully_public,
            inspected=done.inspected,
        )

    def said_of(self, content: Content) -> dict[findings.Place, findings.Said]:
        """Return what was said of the findings in these bytes."""
        answers = self.said.get(content.sha, {})
        return {p: findings.Said(a.resolution, a.by) for p, a in answers.items()}

    def frozen_part(self, case: Case) -> Any:
        """Return what must not change after ``submit``."""
        return case.proposal, [(v.resource, v.content.sha) for v in self.case_versions(case)]

    def referral_open(self) -> bool:
        """Tell whether a referral or hold has no conclusion yet, as the repository does."""
        since, concluded = False, -1
        for number, event in enumerate(self.history):
            if self.workflow.refers(event.did, event.source, event.target):
                since = True
            elif self.workflow.concludes(event.did, event.source or "", event.fields):
                since, concluded = False, number
        return since or any(h.at > concluded for h in self.holds)

    def context(self, case: Case) -> CaseContext:
        """Return the case as the engine sees it."""
        current = self.case_versions(case)
        proposers = case.parts.get("proposer", set())
        parts = {part: frozenset(people) for part, people in case.parts.items()}
        strict = set(parts.get("resolver", ()))
        for v in current:
            said = self.said_of(v.content)
            strict |= findings.strict_resolvers(v.content.items, said, self.rules.findings)
        scans = [self.scan_facts(v, proposers) for v in current]
        known = {v.resource for v in (*current, *self.waiting())}
        scans += [
            ScanFacts(r, "failed") for r in sorted({v.resource for v in self.versions} - known)
        ]
        decision = self.decision
        return CaseContext(
            id=str(case.number),
            kind=case.kind,
            state=case.state,
            owner_org=self.owner,
            proposal=case.proposal,
            parts={**parts, "resolver": frozenset(strict)},
            scans=tuple(scans),
            files=len(scans),
            described=True,
            decision_level=decision.axes.tingkat_keamanan if decision else None,
            referral_open=self.referral_open(),
            assessed=case.assessed,
            intact=case.evidence is None or case.evidence == self.frozen_part(case),
            target_org=case.target,
            accepted=case.accepted,
            renewal=self.is_renewal(case, current),
            determination=COMPLETE,
        )

    def is_renewal(self, case: Case, current: list[Version]) -> bool:
        """Tell what ``renewal.is_renewal`` tells."""
        decision = self.decision
        if decision is None or case.kind != "classify":
            return False
        level = self.rules.levels.get(decision.axes.tingkat_keamanan or "")
        if level is None or level.open or not level.stores_files:
            return False
        if case.proposal != decision.axes or {v.resource for v in current} != set(self.pointers):
            return False
        return all(
            not v.pending
            and v.content.verdict != "failed"
            and shape(v.content) == shape(self.pointers[v.resource].content)
            for v in current
        )

    # ------------------------------------------------------------------------ cases and writes

    def note(self, who: str | None, did: str, **values: Any) -> None:
        """Write history."""
        case = self.case
        self.history.append(Event(case.number if case else None, who, did, **values))

    def open_new(
        self, who: Actor, proposal: Axes, kind: str = "classify", state: str | None = None
    ) -> Case:
        """Open a case."""
        case = Case(len(self.cases), kind, state or self.workflow.first_state, proposal)
        self.cases.append(case)
        self.history.append(Event(case.number, who.id, "open", target=case.state))
        return case

    def record_change(self, case: Case, who: str, event: str) -> None:
        """Make somebody a proposer of the case."""
        case.parts.setdefault("proposer", set()).add(who)
        self.history.append(Event(case.number, who, event))

    def proposal(self) -> Axes:
        """Return the proposal, or what a new case begins with."""
        if self.case is not None:
            return self.case.proposal
        if self.decision is not None:
            return self.decision.axes
        return self.cases[-1].proposal if self.cases else Axes()

    def write(
        self,
        who: Actor,
        axes: Axes | None = None,
        resource: str | None = None,
        content: Content | None = None,
        *,
        pending: bool = False,
    ) -> None:
        """Save new bytes, or another proposal, or both."""
        who = who.on("d", self.owner)
        if not may_publish(who, self.owner):
            raise NotAllowed("not_holder", Message("no"))
        wanted = (axes or Axes()).over(self.proposal())
        level = wanted.tingkat_keamanan
        decides = self.case is None or self.case.kind == "classify"
        fixed = self.frozen or not decides
        if axes is not None and (fixed or why_not_allowed(wanted, self.rules)):
            raise Refused("axes", Message("no"))
        if content is not None and not self.rules.stores_files(level):
            raise Refused("stores_nothing", Message("no"))
        newest = dict(self.pointers)
        newest.update({v.resource: v for v in self.waiting()})
        if content is not None and resource in newest and newest[resource].content is content:
            content = None
        if content is None and axes is None:
            return
        if self.case is not None and not self.frozen:
            self.engine.check_change(self.context(self.case), who)
        case = self.case or self._open_for_write(who)
        if axes is not None:
            case.proposal = axes.over(case.proposal)
            self.record_change(case, str(who.id), "proposal.change")
        if content is not None:
            self._add_version(who, str(resource), content, pending=pending)

    def _open_for_write(self, who: Actor) -> Case:
        case = self.open_new(who, self.proposal())
        taken = {v.resource for v in self.waiting()}
        for version in reversed(self.versions):
            here = version.resource in self.pointers or version.resource in taken
            if version.state == "withdrawn" and not here:
                taken.add(version.resource)
                version.state, version.case = "waiting", case.number
                self.record_change(case, version.uploader, "version.add")
        return case

    def _add_version(self, who: Actor, resource: str, content: Content, *, pending: bool) -> None:
        takes = self.case is not None and self.case.kind == "classify" and not self.frozen
        case = self.case if takes else None
        number = case.number if case else None
        for older in self.waiting():
            if older.resource == resource and older.case == number:
                older.state = "superseded"
        self.versions.append(
            Version(len(self.versions), resource, content, str(who.id), number, pending=pending)
        )
        if case is not None:
            self.record_change(case, str(who.id), "version.add")
