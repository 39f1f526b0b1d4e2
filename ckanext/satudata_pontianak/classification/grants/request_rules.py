"""Who may ask for data that are not open, who answers, by when, and what may be given.

Pure. Everything it knows of the procedure stands in ``requests.yaml``. The road of a request is
worked out from the decision in force each time that somebody acts, so that a decision which
closes more is felt at once. Sources: UU 14/2008 articles 22 and 35–37 (requests and objections),
UU 27/2022 (personal data), Perpres 39/2019 article 37 (officials ask Walidata, others PPID).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ...agencies.rules.duties import Actor, Duty
from ...messages import Message
from ...msgids import N_
from ..rules import deadlines
from ..rules.axes import Classification
from ..rules.policy import Channel, Facts, decide, has_duty
from ..rules.refusals import InvalidFields, NotAllowed, Refused
from ..rules.workflow import DUTY_LABELS
from .request_definition import ANSWERERS, OWNER_ADMINS, REQUESTER, RequestRules, Transition
from .request_fields import WHOLE, read_day, read_reason, read_scope

WITHDRAW = "withdraw"
NOT_PERSONAL = frozenset({"tidak_ada", "dianonimkan"})
HOLDER_LABELS = {
    **DUTY_LABELS,
    OWNER_ADMINS: N_("the owner agency's admins"),
    REQUESTER: N_("whoever asked"),
}


@dataclass(frozen=True)
class RequestContext:
    """A request as the rules see it, for one person who looks at it."""

    state: str
    road: str | None
    """``None``: nothing is closed for whoever asked, or nothing is decided any more."""
    dataset_id: str
    owner_org: str | None
    mine: bool
    """The person is who asked: by account, by mailbox or by a signed link."""
    until: date = date.min
    """As asked, or as the first of two people proposed."""
    scope: frozenset[str] | None = None
    """Ids of resources; ``None`` is the whole dataset."""
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    due: date | None = None
    extended: bool = False
    answered_on: date | None = None
    same_mailbox: bool = False
    """The account of the person has the address from which the request came."""
    same_decision: bool = True
    """The decision in force is the one under which the last of the acts was made."""


@dataclass(frozen=True)
class Act:
    """A step that is allowed: what to write."""

    name: str
    target: str
    part: str | None
    duty: str | None
    reason: str = ""
    until: date | None = None
    scope: frozenset[str] | None = None


def road_of(
    level: str | None, personal: str | None, official: bool, rules: Classification
) -> str | None:
    """Return the road of a request under a decision; ``None`` where there is nothing to ask for.

    :param level: ``tingkat_keamanan`` of the decision in force, ``None`` without one.
    :param personal: its ``data_pribadi``; a value that is unknown counts as personal.
    :param official: whether whoever asks does so as an official of an agency.
    """
    known = rules.levels.get(level or "")
    if level is None or (known is not None and known.open):
        return None
    if known is None or not known.stores_files:
        return "closed"
    if personal not in NOT_PERSONAL:
        return "personal" if official else "closed"
    return "official" if official else "public"


def check_may_ask(actor: Actor, facts: Facts, rules: RequestRules, levels: Classification) -> None:
    """Refuse a request for what nobody can be given, or what the person has already.

    That the person may know of the dataset is asked before.

    :raises Refused: with the code of the file's messages.
    """
    if facts.decision is None:
        raise _refused(rules, "nothing_decided")
    if decide(actor, facts, Channel.DATA, rules=levels):
        raise _refused(rules, "nothing_closed")
    known = levels.levels.get(facts.decision.level)
    if known is not None and known.open:
        raise _refused(rules, "held_back")
    if actor.has(Duty.PENGAWAS):
        raise _refused(rules, "auditor")


def answers(reader: str, actor: Actor, owner_org: str | None) -> bool:
    """Tell whether the actor is one of those whom a name in the file means."""
    if reader == OWNER_ADMINS:
        return actor.active and owner_org is not None and owner_org in actor.administers
    return has_duty(actor, reader, owner_org)


class Requests:
    """Applies one definition of requests and one classification."""

    def __init__(self, rules: RequestRules, levels: Classification) -> None:
        self.rules = rules
        self.levels = levels

    def sees(self, context: RequestContext, actor: Actor) -> bool:
        """Tell whether the actor sees the request: who asked, who answers now or did, auditors."""
        if context.mine:
            return True
        actor = actor.on(context.dataset_id, context.owner_org)
        if context.state in ("unconfirmed", "lapsed") or not actor.active or actor.id is None:
            return False
        if any(actor.id in people for people in context.parts.values()):
            return True
        holders = {
            who
            for step in self.rules.transitions
            if context.road in step.roads or context.road is None
            for who in self._holders(step.by, context.road)
            if step.by != REQUESTER
        }
        return any(
            answers(who, actor, context.owner_org) for who in holders | {*self.rules.watched_by}
        )

    def on_desk(self, context: RequestContext, actor: Actor, today: date) -> bool:
        """Tell whether there is a step that this person may take as an answerer now."""
        names = self.options(context, actor, today)
        return any(n != WITHDRAW and self._by(context, n) != REQUESTER for n in names)

    def options(self, context: RequestContext, actor: Actor, today: date) -> list[str]:
        """Return the names of the steps that this person may take now, given their fields."""
        found = []
        names = dict.fromkeys(t.name for t in self.rules.from_state(context.state))
        for name in (*names, WITHDRAW):
            try:
                self._allowed(context, name, actor, today)
            except Refused:
                continue
            found.append(name)
        return found

    def check(
        self,
        context: RequestContext,
        name: str,
        actor: Actor,
        fields: Mapping[str, Any],
        today: date,
    ) -> Act:
        """Check one step wholly and return what it does.

        :param fields: ``reason``, ``until``, ``scope`` as a call gives them.
        :raises NotAllowed: the person may not, or acted before, or asked.
        :raises Refused: the step is not possible now.
        :raises InvalidFields: fields are missing or wrong.
        """
        step = self._allowed(context, name, actor, today)
        if step is None:
            return Act(WITHDRAW, "withdrawn", None, None)
        errors: dict[str, list[Message]] = {}
        reason = ""
        if "reason" in step.required:
            reason = read_reason(fields.get("reason"), self.rules, errors)
        until, scope = context.until, context.scope
        if step.name == "grant":
            until, scope = self._given(step, context, fields, today, errors)
        if errors:
            raise InvalidFields(errors)
        return Act(step.name, step.target, step.part, self._duty(step, context, actor), reason,
                   until, scope)  # fmt: skip

    def _given(
        self,
        step: Transition,
        context: RequestContext,
        fields: Mapping[str, Any],
        today: date,
        errors: dict[str, list[Message]],
    ) -> tuple[date, frozenset[str] | None]:
        """Return until when and what is given: as asked, or less. Never more."""
        longest = today + timedelta(days=self.rules.roads[context.road or ""].longest_days)
        latest = min(context.until, longest) if context.until >= today else longest
        until: date | None = context.until
        if "until" in step.optional and fields.get("until") not in (None, ""):
            until = read_day(fields["until"], today, latest, errors)
        elif not today <= context.until <= latest:
            text = N_("The day that was asked for cannot be given. Choose one until %(last)s.")
            errors["until"] = [Message(text, {"last": latest})]
        scope = context.scope
        if "scope" in step.optional and fields.get("scope") not in (None, "", []):
            narrower = fields["scope"]
            if narrower != WHOLE or context.scope is None:
                scope = read_scope(narrower, context.scope, self.rules, errors)
            else:
                errors["scope"] = [Message(N_("No more can be given than was asked for."))]
        return until or context.until, scope

    def _allowed(
        self, context: RequestContext, name: str, actor: Actor, today: date
    ) -> Transition | None:
        """Return the step if this person may take it now; ``None`` for a withdrawal."""
        if name == WITHDRAW and not self.rules.states[context.state].end:
            if not context.mine:
                raise self._not_allowed("not_yours", (REQUESTER,))
            return None
        step = self.rules.named(context.state, name, context.road)
        if step is None:
            raise self._nowhere(context, name)
        self._check_person(step, context, actor)
        self._check_time(step, context, today)
        return step

    def _check_person(self, step: Transition, context: RequestContext, actor: Actor) -> None:
        holders = self._holders(step.by, context.road)
        if step.by == REQUESTER:
            if not context.mine:
                raise self._not_allowed("not_yours", holders)
            return
        actor = actor.on(context.dataset_id, context.owner_org)
        if not any(answers(who, actor, context.owner_org) for who in holders):
            raise self._not_allowed("not_yours", holders)
        if context.mine or context.same_mailbox or actor.id is None:
            raise self._not_allowed("own_request", holders)
        if any(actor.id in context.parts.get(part, ()) for part in step.exclude):
            raise self._not_allowed("excluded", holders)

    def _check_time(self, step: Transition, context: RequestContext, today: date) -> None:
        overdue = context.due is not None and today > context.due
        if step.when == "overdue" and not overdue:
            raise self._refuse("not_overdue", due=context.due or "")
        if step.when == "decision_changed" and context.same_decision:
            raise self._refuse("decision_unchanged")
        if step.name == "extend" and context.extended:
            raise self._refuse("extended_already")
        if step.name == "extend" and overdue:
            raise self._refuse("deadline_passed")
        if step.name == "object" and step.when is None:
            last = self.last_day_to_object(context.answered_on or today)
            if today > last:
                raise self._refuse("too_late", last=last)
        # What two people agree on is one thing: under another decision it is another.
        if step.name in ("grant", "reopen") and not context.same_decision:
            raise self._refuse("decision_changed")

    def last_day_to_object(self, answered_on: date) -> date:
        """Return the last day of an objection to an answer (UU 14/2008 article 36 (1))."""
        days = self.rules.objection.within_working_days
        return deadlines.add_working_days(answered_on, days)

    def due_after(self, act: str, target: str, due: date | None, today: date) -> date | None:
        """Return by when a request has to be answered after a step."""
        if act == "extend" and due is not None:
            return deadlines.add_working_days(due, self.rules.extension.working_days)
        state = self.rules.states[target]
        if state.end:
            return None
        # The second person has what is left of the time: the citizen waits no longer for it.
        if state.due_working_days is None or (target == "open" and due is not None):
            return due
        return deadlines.add_working_days(today, state.due_working_days)

    def _holders(self, by: str, road: str | None) -> tuple[str, ...]:
        if by != ANSWERERS:
            return (by,)
        return self.rules.roads[road].answered_by if road in self.rules.roads else ("ppid",)

    def holder_labels(self, context: RequestContext) -> list[str]:
        """Return on whose desk a request lies, as msgids."""
        holder = self.rules.states[context.state].holder
        return [HOLDER_LABELS[h] for h in self._holders(holder, context.road)] if holder else []

    def _by(self, context: RequestContext, name: str) -> str | None:
        step = self.rules.named(context.state, name, context.road)
        return step.by if step else None

    def _duty(self, step: Transition, context: RequestContext, actor: Actor) -> str | None:
        if step.by == REQUESTER:
            return None
        actor = actor.on(context.dataset_id, context.owner_org)
        holders = self._holders(step.by, context.road)
        return next(who for who in holders if answers(who, actor, context.owner_org))

    def _nowhere(self, context: RequestContext, name: str) -> Refused:
        steps = self.rules.from_state(context.state)
        if any(t.name == name for t in steps):
            return self._refuse("not_on_this_road")
        label = self.rules.states[context.state].label
        possible = [t.name for t in steps if context.road in t.roads] or ["-"]
        return self._refuse(
            "not_from_here", state=Message(label), transition=name, possible=possible
        )

    def _refuse(self, code: str, **params: Any) -> Refused:
        return Refused(code, Message(self.rules.messages[code], params))

    def _not_allowed(self, code: str, holders: Collection[str]) -> NotAllowed:
        named = [Message(HOLDER_LABELS[h]) for h in holders]
        return NotAllowed(code, Message(self.rules.messages[code], {"holder": named}))


def _refused(rules: RequestRules, code: str) -> Refused:
    return Refused(code, Message(rules.messages[code]))
