"""The one function that decides who sees what, and says why.

Visibility = policy(decision in force, holds, grants, actor, channel). Nothing else decides it.
No decision, an unknown level, a missing row: closed. The table of readers stands in
``schemas/classification.yaml``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from ...agencies.rules.duties import Actor, Duty
from .axes import HOLD_SCOPES, Classification, classification


class Channel(StrEnum):
    """What is asked for: that it exists, its metadata, or its data."""

    EXISTS = "exists"
    METADATA = "metadata"
    DATA = "data"


@dataclass(frozen=True)
class DecisionFacts:
    """What the decision in force says about visibility."""

    level: str
    recipients: frozenset[str] = frozenset()
    all_agencies: bool = False


@dataclass(frozen=True)
class CaseFacts:
    """What of the open case matters for visibility.

    ``holder`` is a duty's name; ``receiver`` the agency that is asked to take the dataset over:
    its editors and admins hold a step of the case until they did.
    """

    state: str
    holder: str | None
    receiver: str | None = None


@dataclass(frozen=True)
class GrantFacts:
    """A grant to one person that runs today, under the decision in force."""

    id: str
    user_id: str
    resources: frozenset[str] | None = None  # None: the whole dataset
    agency: str | None = None  # given to an official: only while they are a member of it


@dataclass(frozen=True)
class Facts:
    """Everything that the policy needs to know about one dataset."""

    dataset_id: str
    owner_org: str | None
    governed: bool = True
    undeclared: bool = False  # of a type that does not exist here: left from before
    decision: DecisionFacts | None = None
    case: CaseFacts | None = None
    case_duties: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()  # scopes of active holds: "data", "all"
    grants: frozenset[GrantFacts] = frozenset()
    deleted: bool = False

    @property
    def grantees(self) -> frozenset[str]:
        """The ids of the people who have a grant."""
        return frozenset(grant.user_id for grant in self.grants)


@dataclass(frozen=True)
class PastFacts:
    """What is known of a version that another took the place of; what is not said closes it.

    ``decisions``: every one from the first that gave it up to the one in force. ``said``: a person
    said of the one in force that older versions may go on being given. ``ordinary``: an ordinary
    next version took its place, and nothing since says that something was wrong. ``valid``: none of
    these decisions has ended. ``clean``: the rules of the scan that the portal has now found
    nothing in it. ``disputed``: something of the dataset is being judged. ``kept``: its bytes are
    here.
    """

    decisions: tuple[DecisionFacts, ...] = ()
    said: bool = False
    ordinary: bool = False
    valid: bool = False
    clean: bool = False
    disputed: bool = True
    kept: bool = False

    @property
    def given(self) -> bool:
        """Nothing of the version itself closes it."""
        wanted = self.said and self.ordinary and self.valid and self.clean and self.kept
        return wanted and self.disputed is False


@dataclass(frozen=True)
class VersionFacts:
    """The version that is asked for, where one is; ``past`` where another took its place."""

    approved: bool
    sealed: bool = False
    uploader: str | None = None
    resource_id: str | None = None
    past: PastFacts | None = None


@dataclass(frozen=True)
class Answer:
    """Allowed or not, the rule that said so, and who it admits."""

    allowed: bool
    rule: str
    readers: tuple[str, ...] = field(default=())
    grant: str | None = None  # the grant without which it would not be allowed

    def __bool__(self) -> bool:
        return self.allowed


def as_governed(facts: Facts) -> Facts:
    """Return the facts as if the type were governed.

    Cases, scans and versions are never public, also while an old portal is being taken over
    and its type is not governed yet.
    """
    return replace(facts, governed=True)


def may_publish(actor: Actor, owner_org: str | None) -> bool:
    """Tell whether the actor is an editor or admin of the owner agency, or of one above it."""
    return actor.active and owner_org is not None and owner_org in actor.publishes_for


def holds_case(actor: Actor, facts: Facts) -> bool:
    """Tell whether the open case is on this actor's desk."""
    actor = actor.on(facts.dataset_id, facts.owner_org)
    return facts.case is not None and has_duty(actor, facts.case.holder, facts.owner_org)


def is_asked(actor: Actor, facts: Facts) -> bool:
    """Tell whether the actor publishes for the agency that is asked to take the dataset over.

    They see what the dataset is, not its data: they have to say whether they take it.
    """
    return facts.case is not None and may_publish(actor, facts.case.receiver)


def has_duty(actor: Actor, duty: str | None, owner_org: str | None) -> bool:
    """Tell whether the actor has the duty; producing is meant for the owner agency."""
    if not actor.active or duty is None:
        return False
    if duty == Duty.PRODUSEN.value:
        return may_publish(actor, owner_org)
    return any(d.value == duty for d in actor.duties)


def grants_to(actor: Actor, facts: Facts) -> list[GrantFacts]:
    """Return the grants that the actor has, oldest id first; the auditor never has data."""
    if actor.id is None or not actor.active or actor.has(Duty.PENGAWAS):
        return []
    mine = (grant for grant in facts.grants if grant.user_id == actor.id)
    holding = (g for g in mine if g.agency is None or g.agency in actor.member_of)
    return sorted(holding, key=lambda grant: grant.id)


def _grant_of(actor: Actor, facts: Facts, version: VersionFacts | None) -> str | None:
    """Return the grant that covers what is asked for; without a version, the whole dataset."""
    resource = version.resource_id if version is not None else None
    for grant in grants_to(actor, facts):
        if grant.resources is None or resource in grant.resources:
            return grant.id
    return None


def granted_resources(
    actor: Actor, facts: Facts, rules: Classification | None = None
) -> frozenset[str]:
    """Return the resources that the actor may have by grants for single files."""
    named = {r for grant in grants_to(actor, facts) for r in grant.resources or ()}
    return frozenset(
        resource
        for resource in named
        if decide(actor, facts, Channel.DATA, VersionFacts(True, resource_id=resource), rules)
    )


def _admits(reader: str, actor: Actor, facts: Facts, version: VersionFacts | None) -> bool:
    """Tell whether one entry of the readers' table admits the actor."""
    if reader == "everyone":
        return True
    if actor.id is None or not actor.active:
        return False
    decision = facts.decision
    checks = {
        "owner_publishers": lambda: may_publish(actor, facts.owner_org),
        "owner_admins": lambda: facts.owner_org in actor.administers,
        "owner_members": lambda: facts.owner_org in actor.member_of,
        "case_holder": lambda: holds_case(actor, facts),
        "case_duties": lambda: any(has_duty(actor, d, None) for d in facts.case_duties),
        "recipients": lambda: (
            decision is not None
            and (
                bool(actor.member_of & decision.recipients)
                or (decision.all_agencies and bool(actor.member_of))
            )
        ),
        "grantees": lambda: _grant_of(actor, facts, version) is not None,
        "uploader": lambda: version is not None and version.uploader == actor.id,
        "sysadmin": lambda: actor.sysadmin,
    }
    if reader in checks:
        return bool(checks[reader]())
    return has_duty(actor, reader, facts.owner_org)


def _row(facts: Facts, version: VersionFacts | None, rules: Classification) -> str:
    """Return which row of the visibility table holds for this dataset and version."""
    if version is not None and not version.approved:
        return "waiting"
    if facts.decision is None or facts.decision.level not in rules.levels:
        return "undecided"
    return facts.decision.level


def _readers(
    row: str, facts: Facts, channel: Channel, rules: Classification
) -> list[frozenset[str]]:
    """Return the groups of readers who must ALL admit the actor, after the decision and holds."""
    groups = [rules.visibility[row][channel.value]]
    for scope in sorted(facts.holds):
        held = f"held_{scope}" if scope in HOLD_SCOPES else "held_all"
        groups.append(rules.visibility[held][channel.value])
    return groups


# Whoever is the one is the other as well: a group that names the wider admits the narrower.
_NARROWER = {"owner_publishers": frozenset({"owner_admins"})}


def _spelled_out(group: frozenset[str], facts: Facts) -> frozenset[str]:
    """Return every reader whom a group admits, by each of the names that another may use."""
    narrower = (_NARROWER.get(reader, frozenset()) for reader in group)
    duties = facts.case_duties - {Duty.PRODUSEN.value} if "case_duties" in group else frozenset()
    return group.union(duties, *narrower)


def _meet(groups: list[frozenset[str]], facts: Facts) -> frozenset[str]:
    """Return the readers whom every group admits; ``everyone`` admits all."""
    limited = [group for group in groups if "everyone" not in group]
    if not limited:
        return frozenset({"everyone"})
    if len(limited) == 1:
        return limited[0]
    return frozenset.intersection(*(_spelled_out(group, facts) for group in limited))


def readers_of(
    facts: Facts, channel: Channel, rules: Classification | None = None
) -> frozenset[str]:
    """Return the table's readers of the dataset itself, for labels in the search index.

    Where ``everyone`` is in it, nobody needs another label.
    """
    rules = rules or classification()
    if facts.undeclared:
        return frozenset() if channel is Channel.DATA else frozenset({"sysadmin"})
    if not facts.governed:
        return frozenset({"everyone"})
    groups = _readers(_row(facts, None, rules), facts, channel, rules)
    if facts.deleted:
        groups.append(frozenset({"owner_publishers", "sysadmin"}))
    readers = _meet(groups, facts)
    closed = "everyone" not in readers and not facts.deleted
    if channel is not Channel.DATA and facts.case is not None and closed:
        readers |= {"case_holder"}
    return readers


def rule_mark(facts: Facts, rules: Classification | None = None) -> str:
    """Return a short text of all in the definition that says who may see the dataset itself.

    It is another one when the row of its level, or of its holds, is changed in the file.
    """
    rules = rules or classification()
    held = {f"held_{scope}" if scope in HOLD_SCOPES else "held_all" for scope in facts.holds}
    return _mark(_row(facts, None, rules), frozenset(held), rules)


@lru_cache(maxsize=4)
def rule_marks(rules: Classification) -> frozenset[str]:
    """Return every text that :func:`rule_mark` may give under a definition."""
    held = [frozenset(h) for h in ((), ("held_data",), ("held_all",), ("held_data", "held_all"))]
    return frozenset(_mark(row, h, rules) for row in ("undecided", *rules.levels) for h in held)


@lru_cache(maxsize=100)
def _mark(row: str, held: frozenset[str], rules: Classification) -> str:
    level = rules.levels.get(row)
    readers = [
        [name, channel, *sorted(rules.visibility[name][channel])]
        for name in (row, *sorted(held))
        for channel in Channel
    ]
    said = json.dumps([readers, level and [level.open, level.stores_files]])
    return f"{row}.{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def decide(
    actor: Actor,
    facts: Facts,
    channel: Channel,
    version: VersionFacts | None = None,
    rules: Classification | None = None,
) -> Answer:
    """Decide whether ``actor`` may use ``channel`` of a dataset or of one version of its data.

    :param version: the version whose data are asked for; ``None`` asks about the dataset.
    :returns: an :class:`Answer` whose ``rule`` names the row of the table that decided, e.g.
        ``"undecided"``, ``"waiting"``, ``"sealed"``, ``"held"``.
    Source: design sections 1 and 2; UU 14/2008, Perka ANRI 17/2011, UU 27/2022.
    """
    rules = rules or classification()
    if facts.undeclared:
        clears_away = actor.sysadmin and actor.active and channel is not Channel.DATA
        return Answer(clears_away, "undeclared", ("sysadmin",))
    if version is not None and version.past is not None:
        return _decide_past(actor, as_governed(facts), version, rules)
    if not facts.governed:
        return Answer(True, "not_governed", ("everyone",))
    actor = actor.on(facts.dataset_id, facts.owner_org)
    row = _row(facts, version, rules)
    groups = _readers(row, facts, channel, rules)
    listed = tuple(sorted(_meet(groups, facts)))
    if facts.deleted and not actor.sysadmin and not may_publish(actor, facts.owner_org):
        return Answer(False, "deleted")
    if version is not None and version.sealed and channel is Channel.DATA:
        return Answer(False, "sealed")
    if channel is Channel.DATA and version is not None and not version.approved:
        level = facts.decision.level if facts.decision else None
        if level is not None and level in rules.levels and not rules.levels[level].stores_files:
            return Answer(False, level)
    if channel is not Channel.DATA and (holds_case(actor, facts) or is_asked(actor, facts)):
        return Answer(True, "case_holder", ("case_holder",))
    for number, group in enumerate(groups):
        if not any(_admits(reader, actor, facts, version) for reader in sorted(group)):
            return Answer(False, row if number == 0 else "held", listed)
    others = groups[0] - {"grantees"}
    grant = None
    if not any(_admits(reader, actor, facts, version) for reader in sorted(others)):
        grant = _grant_of(actor, facts, version)
    return Answer(True, row if len(groups) == 1 else "held", listed, grant)


def _decide_past(
    actor: Actor, facts: Facts, version: VersionFacts, rules: Classification
) -> Answer:
    """Decide about a version that another took the place of, of open data only.

    It is never wider than any decision since. A grant is to what is served. Every channel has the
    same answer: what is not given is not told of.
    """
    past, closed = version.past or PastFacts(), Answer(False, "superseded")
    served = VersionFacts(True, sealed=version.sealed, resource_id=version.resource_id)
    if not past.given or facts.holds or facts.deleted or facts.decision is None:
        return closed
    if not past.decisions or past.decisions[-1] != facts.decision:
        return closed
    bare = replace(facts, grants=frozenset())
    for decision in past.decisions:
        level = rules.levels.get(decision.level)
        answer = decide(actor, replace(bare, decision=decision), Channel.DATA, served, rules)
        if level is None or not level.open or "everyone" not in answer.readers or not answer:
            return closed
    return Answer(True, "superseded", ("everyone",))


def metadata_open(facts: Facts, rules: Classification | None = None) -> bool:
    """Tell whether everyone may see the metadata: ``private`` is the opposite of this."""
    return bool(decide(Actor(None, None), facts, Channel.METADATA, rules=rules))
