"""The machine that walks the workflow at random: the people, their attempts, what they send."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor, Duty, StandIn
from ckanext.satudata_pontianak.classification.rules import findings
from ckanext.satudata_pontianak.classification.rules.axes import Axes, classification
from ckanext.satudata_pontianak.classification.rules.conditions import CaseContext, ScanFacts
from ckanext.satudata_pontianak.classification.rules.definition import (
    OPERATOR,
    Transition,
    Workflow,
    workflow,
)
from ckanext.satudata_pontianak.classification.rules.policy import has_duty
from ckanext.satudata_pontianak.classification.rules.refusals import InvalidFields, Refused

from .walk_acts import Acts
from .walk_contents import CONTENTS
from .walk_invariants import CHECKS, check_openings, check_table
from .walk_model import AGENCIES, OWNER, RECEIVER, THIRD, World, person

MORNING = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)


def standing_in(duty: Duty) -> Actor:
    """Return the system administrator who broke the glass for this duty in the dataset."""
    evening = MORNING + dt.timedelta(hours=8)
    glass = StandIn("g", duty, "d", MORNING, evening)
    return Actor("root", "root", sysadmin=True, break_glass=frozenset({glass}))


# Every duty by several people, and some people who hold several duties.
PEOPLE = (
    person("produsen_1", edits=OWNER),
    person("produsen_2", edits=OWNER),
    person("kepala", heads=OWNER),
    person("staf", joins=OWNER),
    person("produsen_penerima", edits=RECEIVER),
    person("pegawai_lain", joins=THIRD),
    person("walidata_1", "walidata"),
    person("walidata_2", "walidata"),
    person("ppid_1", "ppid"),
    person("ppid_2", "ppid"),
    person("penetap_1", "atasan_ppid"),
    person("penetap_2", "atasan_ppid"),
    person("rangkap_walidata", "walidata", edits=OWNER),
    person("rangkap_ppid", "ppid", edits=OWNER),
    person("rangkap_semua", "walidata", "ppid", "atasan_ppid", edits=f"{OWNER} {RECEIVER}"),
    person("pengawas", "pengawas"),
    person("warga"),
    Actor("root", "root", sysadmin=True),
    *(standing_in(d) for d in (Duty.PRODUSEN, Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID)),
)
EVERYBODY = (ANONYMOUS, *PEOPLE)
HELPERS = {
    "produsen_data": person("bantu_produsen", edits=f"{OWNER} {RECEIVER}"),
    "walidata": person("bantu_walidata", "walidata"),
    "ppid": person("bantu_ppid", "ppid"),
    "atasan_ppid": person("bantu_penetap", "atasan_ppid"),
}
OPENED = (
    Axes("berkala", "biasa", "tidak_ada"),
    Axes("setiap_saat", "biasa", "dianonimkan"),
    Axes("berkala", "biasa", "umum"),
)
CLOSED = (
    Axes("dikecualikan", "terbatas", "tidak_ada"),
    Axes("dikecualikan", "terbatas", "umum"),
    Axes("dikecualikan", "rahasia", "tidak_ada"),
    Axes("dikecualikan", "sangat_rahasia", "spesifik"),
)
BACK = frozenset({"withdraw", "recall", "return", "send_back"})
WRITERS = [p for p in PEOPLE if p.publishes_for or p.break_glass] + [PEOPLE[-5]]
REVIEWERS = [p for p in PEOPLE if p.duties & {Duty.WALIDATA, Duty.PPID}]
# Clear bytes come more often than the others, or hardly anything would be opened.
BROUGHT = ["bersih-1", "bersih-2", "bersih-1", "bersih-2", *sorted(CONTENTS)]
RECIPIENTS = ([THIRD], ["semua_perangkat_daerah"], [])
TEXTS = "catatan informasi dasar_hukum konsekuensi_dibuka konsekuensi_ditutup alasan nomor"
SENT: dict[str, Any] = {
    **dict.fromkeys(TEXTS.split(), "isi"),
    "pasal_pengecualian": "b",
    "mulai": "2026-11-24",
    "akhir": "2028-11-24",
    "dasar_penerima": "Penerima: tugas menurut peraturan",
    "dasar_pemrosesan": "tugas_publik",
}


def fields_of(
    step: Transition, axes: Axes | None, recipients: list[str], *, go_on: bool
) -> dict[str, Any]:
    """Return what a person fills in for this step."""
    values = {**SENT, "penerima": recipients, **(axes.as_dict() if axes else {})}
    if go_on:
        values["lanjut"] = "walidata"
    return {name: values[name] for name in step.fields if name in values}


class Walk(RuleBasedStateMachine):
    """People of all duties try what comes to their mind; what the rules allow is done."""

    definitions: ClassVar[tuple[Workflow, Any]] = (workflow(), classification())
    counts: ClassVar[Counter[str]] = Counter()
    checked: ClassVar[set[object]] = set()
    reachable: ClassVar[set[object]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.world = Acts(*self.definitions)
        self.judged = 0

    def attempt(self, name: str, act: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        """Try something; a refusal leaves everything as it was."""
        try:
            act(*args, **kwargs)
        except (Refused, InvalidFields):
            self.counts["refused"] += 1
        else:
            self.counts[name] += 1

    # --------------------------------------------------------------------------------- attempts

    @initialize(
        who=st.sampled_from(WRITERS),
        axes=st.sampled_from([*OPENED[:2], *OPENED, *CLOSED]),
        content=st.sampled_from(BROUGHT),
    )
    def create(self, who: Actor, axes: Axes, content: str) -> None:
        self.counts["walks"] += 1
        self.world.open_new(who, Axes())
        self.attempt("create", self.world.write, who, axes)
        self.attempt("upload", self.world.write, who, None, "r1", CONTENTS[content])

    @precondition(lambda self: self.world.case is not None)
    @rule(
        step=st.integers(0, 5),
        who=st.integers(0, 11),
        axes=st.integers(0, 11),
        recipients=st.sampled_from(RECIPIENTS),
        tries_anyway=st.booleans(),
    )
    def forward(
        self, step: int, who: int, axes: int, recipients: list[str], tries_anyway: bool
    ) -> None:
        """Somebody with the duty brings the case on; half of them look whether they may."""
        self.take(step, who, axes, recipients, back=False, careful=not tries_anyway)

    # A walk gets somewhere by its steps, so this rule stands twice.
    forward_again = forward

    @precondition(lambda self: self.world.case is not None)
    @rule(step=st.integers(0, 5), who=st.integers(0, 11), go_on=st.booleans())
    def back(self, step: int, who: int, go_on: bool) -> None:
        """Somebody with the duty gives the case back, recalls or withdraws it."""
        self.take(step, who, 0, [], back=True, go_on=go_on)

    def take(
        self,
        step: int,
        who: int,
        axes: int,
        recipients: list[str],
        *,
        back: bool,
        careful: bool = True,
        go_on: bool = False,
    ) -> None:
        """Take one of the steps out of the present state, as one of those with the duty."""
        world, case = self.world, self.world.case
        steps = [
            t
            for t in world.workflow.from_state(case.state)
            if case.kind in t.kinds and t.by != OPERATOR and (t.name in BACK) == back
        ]
        chosen = steps[step % len(steps)]
        agency = case.target if chosen.of == "target" else world.owner
        able = [p for p in PEOPLE if has_duty(p.on("d", agency), chosen.by, agency)]
        acted = {p for part in chosen.exclude for p in case.parts.get(part, ())}
        if careful:
            able = [p for p in able if p.id not in acted] or able
        said = None
        if chosen.axes:
            said = CLOSED[axes % 4] if chosen.axes == "closed" else OPENED[axes % 3]
        limited = case.assessed is not None and case.assessed.tingkat_keamanan == "terbatas"
        fields = fields_of(chosen, said, recipients if limited else [], go_on=go_on)
        name = f"{chosen.source}: {chosen.name} ({case.kind})"
        self.attempt(name, world.step, able[who % len(able)], chosen.name, fields)

    @precondition(lambda self: self.world.case is not None)
    @rule(who=st.sampled_from(PEOPLE), step=st.sampled_from(sorted(workflow().transitions)))
    def stray_step(self, who: Actor, step: tuple[str, ...]) -> None:
        """Anybody tries any step from anywhere."""
        chosen = self.world.workflow.transitions.get(step)
        if chosen is not None:
            fields = fields_of(chosen, None, [THIRD], go_on=True)
            self.attempt("stray step", self.world.step, who, chosen.name, fields)

    @rule(
        who=st.sampled_from(WRITERS),
        resource=st.sampled_from(["r1", "r2"]),
        content=st.sampled_from(BROUGHT),
        pending=st.booleans(),
    )
    def upload(self, who: Actor, resource: str, content: str, pending: bool) -> None:
        """New bytes come, in a file that is scanned at once or later."""
        args = (who, None, resource, CONTENTS[content])
        self.attempt("upload", self.world.write, *args, pending=pending)

    @rule(who=st.sampled_from(WRITERS), axes=st.sampled_from([*OPENED, *CLOSED]))
    def propose(self, who: Actor, axes: Axes) -> None:
        """The proposal changes."""
        self.attempt("propose", self.world.write, who, axes)

    @precondition(lambda self: any(v.pending for v in self.world.versions))
    @rule()
    def scans_end(self) -> None:
        """Every scan that runs ends."""
        for version in self.world.versions:
            version.pending = False

    @precondition(lambda self: bool(self.world.versions))
    @rule(
        who=st.sampled_from(REVIEWERS),
        version=st.integers(0, 7),
        item=st.integers(0, 1),
        said=st.sampled_from(findings.RESOLUTIONS),
    )
    def resolve(self, who: Actor, version: int, item: int, said: str) -> None:
        """Somebody says something of a finding, or inspects."""
        chosen = self.world.versions[-1 - version % len(self.world.versions)]
        items = chosen.content.items
        found = items[item % len(items)] if items else None
        self.attempt(f"resolve {said}", self.world.resolve, who, chosen, found, said)

    @precondition(lambda self: len(self.world.holds) < 2 and len(self.world.history) % 4 == 0)
    @rule(who=st.sampled_from(PEOPLE), scope=st.sampled_from(["data", "all"]))
    def hold(self, who: Actor, scope: str) -> None:
        """Somebody holds the data, or everything."""
        self.attempt("hold", self.world.hold, who, scope)

    @rule(
        who=st.sampled_from([p for p in PEOPLE if p.duties or p.administers]),
        scope=st.sampled_from(["data", "all"]),
    )
    def hold_on_duty(self, who: Actor, scope: str) -> None:
        """Somebody who mostly may holds the data, or everything."""
        self.attempt("hold", self.world.hold, who, scope)

    @precondition(lambda self: bool(self.world.holds))
    @rule(
        who=st.sampled_from([p for p in PEOPLE if p.duties or p.break_glass]),
        ground=st.sampled_from(["false_alarm", "remedied", "examined"]),
    )
    def lift(self, who: Actor, ground: str) -> None:
        """Somebody lifts the last hold."""
        self.attempt(f"lift {ground}", self.world.lift, who, self.world.holds[-1], ground)

    @precondition(lambda self: self.world.case is None)
    @rule(
        who=st.sampled_from([*WRITERS, *REVIEWERS]),
        kind=st.sampled_from(["classify", "remove", "move"]),
    )
    def reopen(self, who: Actor, kind: str) -> None:
        """Somebody opens a case on what was decided."""
        self.attempt(f"reopen {kind}", self.world.reopen, who, kind)

    @precondition(lambda self: self.world.decision is not None)
    @rule()
    def clock(self) -> None:
        """The day of the review comes."""
        self.attempt("clock", self.world.clock)

    # ------------------------------------------------------------------------------- invariants

    @invariant()
    def holds_true(self) -> None:
        """Nothing is public, seen, opened or done twice that must not be: the first four."""
        self.counts["checked states"] += 1
        for check in CHECKS:
            check(self.world)
        check_table(self.world, EVERYBODY, self.checked)
        before, self.judged = self.judged, check_openings(self.world, self.judged)
        for taken in self.world.taken[before:]:
            way = f"{taken.decision.axes.tingkat_keamanan} by {taken.source}"
            self.counts[f"decided {way}"] += 1
            event(f"decided {way}")

    @invariant()
    def an_end_is_in_reach(self) -> None:
        """With a fresh person for every duty, the open case can still be decided."""
        case = self.world.case
        if case is not None:
            assert can_be_decided(self.world, self.world.context(case), self.reachable), (
                f"a case of kind {case.kind} is stuck in {case.state}"
            )


# ---------------------------------------------------------------------------------- invariant 5


def can_be_decided(world: World, case: CaseContext, known: set[object]) -> bool:
    """Search whether helpers can bring the case to a decision; running scans end meanwhile."""
    scans = tuple(
        s if s.verdict != "pending" else ScanFacts(s.file, "findings") for s in case.scans
    )
    start = replace(case, scans=scans, digest="", id="")
    waiting, seen = [start], {key(start)}
    if key(start) in known:
        return True
    while waiting:
        here = waiting.pop(0)
        for there in helped(world, here):
            if there.state == "decided":
                known.add(key(start))
                return True
            if key(there) not in seen:
                seen.add(key(there))
                waiting.append(there)
    return False


def key(case: CaseContext) -> object:
    """Return what tells two cases apart for helpers, who took no part in either before."""
    helpers = frozenset(h.id for h in HELPERS.values())
    parts = frozenset((p, helpers & people) for p, people in case.parts.items())
    return (repr(replace(case, parts={})), parts)


def helped(world: World, case: CaseContext) -> list[CaseContext]:
    """Return what helpers can make of the case with one step."""
    result = []
    for step in world.workflow.from_state(case.state):
        if case.kind not in step.kinds or step.by == OPERATOR:
            continue
        closing = CLOSED[0] if step.axes == "closed" or step.effect == "freeze_evidence" else None
        fields = fields_of(step, closing, [THIRD], go_on=True)
        if case.assessed and not world.rules.stores_files(case.assessed.tingkat_keamanan):
            fields.pop("penerima", None)
        if case.assessed and world.rules.is_open(case.assessed.tingkat_keamanan):
            fields.pop("penerima", None)
        who = HELPERS[step.by]
        try:
            done = world.engine.check(case, step.name, who, fields, agencies=AGENCIES)
        except (Refused, InvalidFields):
            continue
        parts = dict(case.parts)
        if step.part:
            parts[step.part] = parts.get(step.part, frozenset()) | {str(who.id)}
        freezes = step.effect == "freeze_evidence"
        result.append(
            replace(
                case,
                state=step.target,
                parts=parts,
                proposal=done.axes if freezes else case.proposal,
                intact=case.intact or freezes,
                assessed=done.axes if step.effect == "assess" else case.assessed,
                accepted=case.accepted or step.effect == "accept",
            )
        )
    return result
