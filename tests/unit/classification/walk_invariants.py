"""What must be true after every step, said a second time and apart from the rules.

Nothing here reads ``workflow.yaml`` or ``classification.yaml``, nor what the rules wrote down of
who did what: the table is that of the design, section 2, and the people are taken from history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor, Duty
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel,
    Facts,
    VersionFacts,
    decide,
)

from .walk_acts import Acts, Taken
from .walk_model import Event, Version

OPEN = "biasa"
STRICT = {"nik", "no_kk", "kesehatan"}
INSPECTABLE = {"unsupported_format", "embedded_content", "no_content", "no_text"}
DESKS = {
    "draft": "proposer",
    "verification": "verifier",
    "consequence_test": "assessor",
    "approval": "approver",
}
OWNERS_OWN = {"submit", "withdraw", "recall", "accept"}
PROPOSING = {"submit", "proposal.change", "version.add"}


# ------------------------------------------------------------------------- who did what, in truth


def people(world: Acts, case: int, until: int | None = None) -> dict[str, set[str]]:
    """Return part → people of a case, from what they did and on whose desk it lay."""
    parts: dict[str, set[str]] = {part: set() for part in DESKS.values()}
    for event in world.history[:until]:
        if event.case != case or event.who is None:
            continue
        if event.did in PROPOSING:
            parts["proposer"].add(event.who)
        elif event.source in DESKS and event.did not in OWNERS_OWN:
            parts[DESKS[event.source]].add(event.who)
    parts["proposer"] |= {v.uploader for v in world.versions if v.case == case}
    return parts


def was_referred(world: Acts, case: int) -> bool:
    """Tell whether the case was referred to PPID."""
    return any(e.case == case and e.did == "refer" for e in world.history)


def concludes(event: Event) -> bool:
    """Tell whether this ends a referral: an approved test, or PPID's word that Walidata goes on."""
    if (event.did, event.source) == ("approve", "approval"):
        return True
    returned = (event.did, event.source) == ("return", "consequence_test")
    return returned and event.fields.get("lanjut") == "walidata"


def referral_outstanding(world: Acts, taken: Taken) -> bool:
    """Tell whether a referral or a hold stood without conclusion when a decision fell."""
    past = world.history[: taken.at]
    ended = max((i for i, e in enumerate(past) if concludes(e)), default=-1)
    later = any(
        e.did == "refer" or (e.did == "open" and e.target == "consequence_test")
        for e in past[ended + 1 :]
    )
    return later or any(h.at > ended for h in taken.holds)


# ---------------------------------------------------------------------------------- invariant 1


def scan_passed(taken: Taken, version: Version, proposers: set[str]) -> bool:
    """Tell whether a version could be opened: clear, or answered by somebody who may."""
    content = version.content
    if version.pending:
        return False
    answers = taken.answers.get(content.sha, {})
    by_ppid = taken.source == "approval"
    if content.verdict == "failed":
        seen = answers.get(("", "", "inspected"))
        if seen is None or content.reason not in INSPECTABLE:
            return False
        return seen.by not in proposers and (by_ppid or seen.by != taken.by)
    for item in content.items:
        kind = str(item["kind"])
        said = answers.get(("", str(item["column"]), kind))
        if said is None or said.by in proposers:
            return False
        if kind in STRICT and said.resolution != "false_alarm":
            return False
        if kind in STRICT and not by_ppid and said.by == taken.by:
            return False
    return True


def check_opening(world: Acts, taken: Taken) -> None:
    """Check that what was opened was opened by the right people, on the right way, when clear."""
    parts = people(world, taken.case.number, taken.at)
    proposers = parts["proposer"] | {v.uploader for v in taken.brought}
    assert taken.by not in proposers, f"{taken.by} opened what {taken.by} proposed"
    for version in taken.covers:
        assert scan_passed(taken, version, proposers), f"{version.content.sha} was opened"
    closed = taken.before is not None and taken.before.axes.tingkat_keamanan != OPEN
    if closed or referral_outstanding(world, taken):
        assert taken.source == "approval", "what PPID closed or tests was opened without PPID"
    if taken.source == "approval":
        assert parts["assessor"], "nobody assessed what was approved"
        check_apart({**parts, "proposer": proposers, "approver": {taken.by}})


def check_apart(parts: dict[str, set[str]]) -> None:
    """Check that nobody stands in two parts."""
    names = sorted(parts)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            both = parts[one] & parts[other]
            assert not both, f"{sorted(both)} acted as {one} and as {other}"


def check_public(world: Acts) -> None:
    """Data for everyone: decided ``biasa``, not held, and opened as it must be."""
    facts = world.facts()
    shown = [v for v in world.version_facts() if decide_for(world, ANONYMOUS, facts, v)]
    if not shown and not decide_for(world, ANONYMOUS, facts, None):
        return
    decision = world.decision
    assert decision is not None, "data without a decision are public"
    assert decision.axes.tingkat_keamanan == OPEN, "data that are not open are public"
    assert not world.holds, "held data are public"
    assert all(v.approved and not v.sealed for v in shown), "what waits is public"
    taken = next(t for t in world.taken if t.decision is decision)
    covered = {v.number for v in taken.covers}
    assert {v.number for v in world.pointers.values()} <= covered, "served without a decision"


def decide_for(world: Acts, who: Actor, facts: Facts, version: VersionFacts | None) -> bool:
    """Ask the real policy for data."""
    return bool(decide(who, facts, Channel.DATA, version, world.rules))


# ---------------------------------------------------------------------------------- invariant 2


def table(who: Actor, facts: Facts, channel: str, version: VersionFacts | None) -> bool:
    """Return the most that the design's table gives; the same words, by hand."""
    who = who.on(facts.dataset_id, facts.owner_org)
    known = who.id is not None
    duty = {d.value for d in who.duties}
    owner = facts.owner_org
    publishes, member = owner in who.publishes_for, owner in who.member_of
    admin, walidata, ppid = owner in who.administers, "walidata" in duty, "ppid" in duty
    auditor = "pengawas" in duty
    desk = facts.case.holder if facts.case else None
    holder = publishes if desk == "produsen_data" else desk in duty
    held_desk = bool(duty & facts.case_duties)
    level = facts.decision.level if facts.decision else None
    hidden = "all" in facts.holds
    if not known and facts.decision is None:
        return False
    if facts.deleted and not (who.sysadmin or publishes):
        return False
    if channel != "data":
        if holder or (facts.case and facts.case.receiver in who.publishes_for):
            return True
        if hidden and not (publishes or walidata or ppid or auditor or who.sysadmin):
            return False
        if version is not None and not version.approved:
            return publishes or version.uploader == who.id
        return {
            None: publishes or walidata or held_desk or auditor or who.sysadmin,
            "biasa": True,
            "terbatas": True,
            "rahasia": publishes or walidata or ppid or auditor or who.sysadmin,
            "sangat_rahasia": admin
            or ppid
            or Duty.ATASAN_PPID in who.duties
            or auditor
            or who.sysadmin,
        }[level]
    if facts.holds and not (holder or walidata or ppid):
        return False
    if level in ("rahasia", "sangat_rahasia") or (version is not None and version.sealed):
        return False
    if version is not None and not version.approved:
        return known and (publishes or holder or version.uploader == who.id)
    if level is None:
        return publishes or holder
    if level == OPEN:
        return True
    decision = facts.decision
    assert decision is not None
    named = bool(who.member_of & decision.recipients)
    everyone = decision.all_agencies and bool(who.member_of)
    return publishes or member or walidata or ppid or named or everyone


def check_table(world: Acts, everybody: Iterable[Actor], seen: set[object]) -> None:
    """Check that nobody sees more than the table gives; what was checked is not checked again."""
    facts = world.facts()
    for version in [None, *world.version_facts()]:
        key = (id(world.rules), facts, version)
        if key in seen:
            continue
        seen.add(key)
        for who in everybody:
            for channel in Channel:
                if decide(who, facts, channel, version, world.rules):
                    assert table(who, facts, channel.value, version), (
                        f"{who.id or 'a stranger'} sees {channel.value} of "
                        f"{version or facts.decision} in {facts}"
                    )


# ------------------------------------------------------------------------------ invariants 3, 4


def check_one_of_each(world: Acts) -> None:
    """At most one open case, at most one decision in force."""
    still_open = [c for c in world.cases if c.state not in ("decided", "withdrawn")]
    assert len(still_open) <= 1, "two cases are open"
    assert sum(d.in_force for d in world.decisions) <= 1, "two decisions are in force"


def check_four_people(world: Acts) -> None:
    """In what was referred nobody acts in two parts."""
    case = world.cases[-1] if world.cases else None
    if case is not None and was_referred(world, case.number):
        check_apart(people(world, case.number))


def check_openings(world: Acts, known: int) -> int:
    """Judge the decisions that fell since the last time; return how many there are."""
    for taken in world.taken[known:]:
        if taken.decision.axes.tingkat_keamanan == OPEN:
            check_opening(world, taken)
    return len(world.taken)


def check_lifts(world: Acts) -> None:
    """Nobody lifts what they placed; Walidata lifts only what nothing was changed for."""
    for lifted in world.lifted:
        assert lifted.by.id != lifted.hold.by, "somebody lifted their own hold"
        if Duty.PPID not in lifted.by.duties:
            assert Duty.WALIDATA in lifted.by.duties, "a stranger lifted a hold"
            assert lifted.decided == lifted.hold.decided, "Walidata lifted an incident"


CHECKS: tuple[Callable[[Acts], None], ...] = (
    check_public,
    check_one_of_each,
    check_four_people,
    check_lifts,
)
