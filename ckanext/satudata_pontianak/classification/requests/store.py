"""Read requests and grants for the rules, and say what of them somebody sees."""

from __future__ import annotations

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...messages import Message
from ..cases import show
from ..grants.request_definition import request_rules
from ..grants.request_fields import WHOLE
from ..grants.request_rules import HOLDER_LABELS, WITHDRAW, RequestContext, Requests, road_of
from ..records import reads, step_records
from ..records.model import Decision
from ..records.request_model import AccessGrant, AccessRequest, RequestStep
from ..rules.axes import classification
from ..rules.policy import Channel, as_governed, decide
from .answers import Grant, Proposed, Request, RequestTransition, StepTold


def engine() -> Requests:
    """Return the rules over the definitions in force."""
    return Requests(request_rules(), classification())


def find(request_id: str, *, lock: bool = False) -> AccessRequest | None:
    """Return a request, locked until the transaction ends if asked."""
    query = sa.select(AccessRequest).where(AccessRequest.id == request_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query).one_or_none()


def grant_of(request_id: str) -> AccessGrant | None:
    """Return what a request was granted."""
    query = sa.select(AccessGrant).where(AccessGrant.request_id == request_id)
    return model.Session.scalars(query).one_or_none()


def steps_of(request_id: str) -> list[RequestStep]:
    """Return the steps of a request in their order."""
    query = sa.select(RequestStep).where(RequestStep.request_id == request_id)
    return list(model.Session.scalars(query.order_by(RequestStep.id)))


def is_official(row: AccessRequest) -> bool:
    """Tell whether whoever asked as an official is still a member of that agency."""
    if row.agency_id is None or row.user_id is None:
        return False
    return row.agency_id in registry.actor_for(row.user_id).member_of


def road_now(row: AccessRequest, decision: Decision | None) -> str | None:
    """Return the road of a request under the decision in force."""
    package = model.Package.get(row.package_id)
    if package is None or package.state == "deleted" or decision is None:
        return None
    return road_of(
        decision.tingkat_keamanan, decision.data_pribadi, is_official(row), classification()
    )


def has_mailbox(actor: Actor, email: str | None) -> bool:
    """Tell whether an account has this address: then its owner is who asked."""
    user = model.User.get(actor.id) if actor.id and email else None
    return user is not None and (user.email or "").strip().casefold() == email


def context_of(row: AccessRequest, actor: Actor, *, by_link: bool = False) -> RequestContext:
    """Return a request as the rules see it.

    :param by_link: the person came by a signed link that was sent to whoever asked.
    """
    package = model.Package.get(row.package_id)
    decision = reads.decision_in_force(row.package_id)
    steps = steps_of(row.id)
    parts: dict[str, set[str]] = {}
    for step in steps:
        if step.part and step.actor_id:
            parts.setdefault(step.part, set()).add(step.actor_id)
    answered = next((s.at for s in reversed(steps) if s.to_state == "refused"), None)
    offer = row.offer if row.state in ("consent", "execution") else None
    scope, until = row.scope, row.until
    if offer:
        scope, until = offer["scope"], type(row.until).fromisoformat(offer["until"])
    seen = offer["decision"] if offer else None
    mine = by_link or (row.user_id is not None and row.user_id == actor.id)
    return RequestContext(
        state=row.state,
        road=road_now(row, decision),
        dataset_id=row.package_id,
        owner_org=package.owner_org if package else None,
        mine=mine,
        same_mailbox=has_mailbox(actor, row.email),
        until=until,
        scope=frozenset(scope) if scope is not None else None,
        parts={name: frozenset(people) for name, people in parts.items()},
        due=row.due,
        extended=row.extended,
        answered_on=answered.astimezone(days.CITY).date() if answered else None,
        same_decision=seen is None or (decision is not None and seen == decision.id),
    )


def shown(row: AccessRequest, actor: Actor, *, by_link: bool = False) -> Request:
    """Return what somebody who may see a request sees of it. An e-mail address is never in it."""
    context = context_of(row, actor, by_link=by_link)
    rules, today = request_rules(), days.today()
    package = model.Package.get(row.package_id)
    named = None
    if package is not None:
        facts = as_governed(reads.facts_of(package.id))
        named = package if decide(actor, facts, Channel.METADATA) else None
    grant = grant_of(row.id)
    agency = registry.agency(row.agency_id)
    user = model.User.get(row.user_id) if row.user_id else None
    is_open = not rules.states[row.state].end
    overdue = row.due is not None and row.due < today and is_open
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state,
        "state_label": tk._(rules.states[row.state].label),
        "road": context.road or row.road,
        "road_label": tk._(rules.roads[context.road or row.road].label),
        "holders": [tk._(label) for label in engine().holder_labels(context)],
        "dataset_id": row.package_id if named else None,
        "dataset_name": named.name if named else None,
        "dataset_title": (named.title or named.name) if named else None,
        "mine": context.mine,
        "requester": (user.fullname or user.name) if user else None,
        "agency": agency.title if agency else None,
        "purpose": row.purpose,
        "scope": row.scope if row.scope is not None else WHOLE,
        "until": show.day(row.until),
        "proposed": _proposed(context) if row.offer and is_open else None,
        "asked": show.moment(row.asked_at),
        "due": show.day(row.due) if is_open else None,
        "overdue": overdue,
        "extended": row.extended,
        "case": row.case_id if not context.mine else None,
        "transitions": _transitions(context, actor),
        "history": _history(row, context),
        "grant": grant_dict(grant) if grant else None,
    }


def _proposed(context: RequestContext) -> Proposed:
    scope = sorted(context.scope) if context.scope is not None else WHOLE
    return {"until": context.until.isoformat(), "scope": scope}


def _transitions(context: RequestContext, actor: Actor) -> list[RequestTransition]:
    rules = request_rules()
    found: list[RequestTransition] = []
    for name in engine().options(context, actor, days.today()):
        step = rules.named(context.state, name, context.road)
        if name == WITHDRAW or step is None:
            label, text, fields = rules.withdraw.label, rules.withdraw.step, ()
        else:
            label, text = step.label, step.step
            fields = tuple((f, f in step.required) for f in (*step.required, *step.optional))
        found.append(
            {
                "name": name,
                "label": tk._(label),
                "step": tk._(text),
                "fields": [
                    {**show.field_dict(rules.fields[f]), "required": needed} for f, needed in fields
                ],
            }
        )
    return found


EVENT_LABELS = {
    "create": Message("Request made"),
    "overdue": Message("The deadline passed without an answer"),
    "lapse": Message("Not confirmed in time"),
    "settle": Message("Nothing left to be given"),
    WITHDRAW: Message("Request withdrawn"),
}


def _history(row: AccessRequest, context: RequestContext) -> list[StepTold]:
    rules, steps = request_rules(), steps_of(row.id)
    found: list[StepTold] = []
    # Whoever asked learns which office answered, not which person.
    told = step_records.told(model.Session, steps, by_name=not context.mine)
    for step, known in zip(steps, told, strict=True):
        named = (t for t in rules.from_state(step.from_state or "") if t.name == step.action)
        label = next((t.label for t in named if t.target == step.to_state), None)
        event = EVENT_LABELS.get(step.action, Message(step.action)).msgid
        found.append(
            {
                **known,
                "label": tk._(label or event),
                "duty": step.duty,
                "duty_label": tk._(HOLDER_LABELS[step.duty]) if step.duty else None,
                "from": step.from_state,
                "to": step.to_state,
                "reason": step.reason,
            }
        )
    return found


def grant_dict(grant: AccessGrant) -> Grant:
    """Return a grant as the API gives it."""
    package = model.Package.get(grant.package_id)
    user = model.User.get(grant.user_id) if grant.user_id else None
    decision = reads.decision_in_force(grant.package_id)
    running = (
        grant.ended_at is None
        and grant.user_id is not None
        and grant.last_day >= days.today()
        and decision is not None
        and decision.id == grant.decision_id
    )
    return {
        "id": grant.id,
        "request": grant.request_id,
        "dataset_id": grant.package_id,
        "dataset_name": package.name if package else None,
        "user": user.name if user else None,
        "claimed": grant.user_id is not None,
        "scope": grant.resources if grant.resources is not None else WHOLE,
        "until": show.day(grant.last_day),
        "given": show.moment(grant.given_at),
        "running": running,
        "ended": show.moment(grant.ended_at),
        "why": grant.ended_why,
    }
