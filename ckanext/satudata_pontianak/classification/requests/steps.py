"""Make a request and take a step in it: one transaction, with its record; mails after it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules import break_glass
from ...agencies.rules.duties import Actor
from ...ledger.canonical import digest
from ...messages import Message
from ...msgids import N_
from ..cases import reopening
from ..cases.step_service import translated as of_cases
from ..grants import grants
from ..grants.request_definition import REQUESTER, request_rules
from ..grants.request_fields import check_asked
from ..grants.request_rules import Act, check_may_ask, road_of
from ..notices import outbox
from ..records import reads, step_records
from ..records.model import new_id, now
from ..records.request_model import AccessGrant, AccessRequest, RequestStep
from ..rules.axes import classification
from ..rules.policy import as_governed
from ..rules.refusals import InvalidFields, NotAllowed, Refused, readable
from . import askings, links, mails
from .store import context_of, engine, find

LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
DAY = dt.timedelta(hours=24)


def refused(code: str) -> Refused:
    """Return the refusal with this code of the file's messages."""
    return Refused(code, Message(request_rules().messages[code]))


def create(package: model.Package, actor: Actor, values: Mapping[str, Any]) -> AccessRequest | None:
    """Ask for the data of a dataset that the person may know of, and commit.

    :param values: ``purpose``, ``scope``, ``until``; ``agency`` for officials, ``email`` for
        people who did not log in.
    :returns: the request; ``None`` where somebody without an account asked: they are told the
        same whatever is known of their address.
    :raises Refused, NotAllowed, InvalidFields: nothing was written.
    """
    rules, facts = request_rules(), as_governed(reads.facts_of(package.id))
    check_may_ask(actor, facts, rules, classification())
    agency = _agency(actor, values.get("agency"))
    email = _email(values.get("email"), actor)
    road = road_to(package.id, official=agency is not None)
    if not road:
        raise refused("nothing_decided")
    resources = reads.pointers_of([package.id])
    asked = check_asked(values, rules, road, resources, days.today())
    # Whoever asks twice at once, asks once.
    reads.lock_named(f"request {actor.id or links.origin()}")
    reads.lock_judging(package.id)
    row = AccessRequest(
        id=new_id(),
        package_id=package.id,
        state="unconfirmed" if actor.anonymous else "open",
        road=road,
        user_id=actor.id,
        agency_id=agency,
        email=email,
        purpose=asked.purpose,
        scope=sorted(asked.scope) if asked.scope is not None else None,
        until=asked.until,
    )
    if actor.anonymous:
        if not _within_limits(row):
            model.Session.commit()  # that it was asked is counted all the same
            return None
    else:
        _check_own_limits(row)
        row.due = engine().due_after("create", "open", None, days.today())
    model.Session.add(row)
    model.Session.flush()
    # What a citizen wrote stays out of the ledger, which forgets nothing.
    detail = {
        "purpose": digest(asked.purpose),
        "scope": row.scope,
        "until": row.until,
        "agency": agency,
    }
    _record(row, actor, "create", None, detail)
    mails.write(row, *mails.kinds_for(row.state))
    model.Session.commit()
    outbox.ask_worker(row.id)
    return None if actor.anonymous else row


def road_to(package_id: str, *, official: bool) -> str | None:
    """Return the road of a request for a dataset; ``None``: there is nothing to ask for.

    :param official: whoever asks does so as an official of an agency.
    """
    decision = reads.decision_in_force(package_id)
    return decision and road_of(
        decision.tingkat_keamanan, decision.data_pribadi, official, classification()
    )


def _agency(actor: Actor, named: Any) -> str | None:
    """Return for which agency an official asks; ``None``: as one of the public."""
    if named in (None, ""):
        if len(actor.member_of) <= 1:
            return next(iter(actor.member_of), None)
        text = N_("You belong to more than one agency. Say for which one you ask.")
        raise InvalidFields({"agency": [Message(text)]})
    agency = registry.agency(readable(named))
    if agency is None or agency.id not in actor.member_of:
        raise InvalidFields({"agency": [Message(N_("You do not belong to this agency."))]})
    return agency.id


def _email(value: Any, actor: Actor) -> str | None:
    if not actor.anonymous:
        if value not in (None, ""):
            text = N_("The address of your account is used. Leave this field empty.")
            raise InvalidFields({"email": [Message(text)]})
        return None
    return mailbox(value)


def mailbox(value: Any) -> str:
    """Return the address that somebody without an account gave, in one spelling.

    :raises InvalidFields: it is none.
    """
    text = readable(value) or ""
    if not _is_address(text):
        wrong = Message(N_("Give an e-mail address, for example nama@contoh.id, or log in."))
        raise InvalidFields({"email": [wrong]})
    return text.casefold()


def _is_address(text: str) -> bool:
    """Tell whether this is one address of a common form; nothing that ends a line is in it."""
    short = len(text) <= LONGEST_ADDRESS and text.isascii()
    return short and ADDRESS.fullmatch(text) is not None


def _count(*conditions: Any) -> int:
    query = sa.select(sa.func.count()).select_from(AccessRequest).where(*conditions)
    return int(model.Session.execute(query).scalar_one())


def _within_limits(row: AccessRequest) -> bool:
    """Refuse what comes too often from an address; say nothing of what concerns a mailbox.

    :returns: whether a mail may go to this mailbox once more today.
    """
    limits, since = request_rules().limits, AccessRequest.asked_at > now() - DAY
    of_all, of_this = limits.of_one_address, limits.of_one_address_for_a_dataset
    asked = {"request": of_all, f"request {row.package_id}": of_this}
    if askings.too_often(links.origin(), asked):
        raise refused("too_many")
    reads.lock_named(f"request {row.email}")
    return _count(since, AccessRequest.email == row.email) < limits.to_one_mailbox


def _check_own_limits(row: AccessRequest) -> None:
    rules, mine = request_rules(), AccessRequest.user_id == row.user_id
    running = (mine, AccessRequest.state.in_(request_rules().running_states))
    if _count(*running, AccessRequest.package_id == row.package_id):
        raise refused("asked_already")
    open_ones = _count(*running) >= rules.limits.open_of_one_person
    of_today = _count(mine, AccessRequest.asked_at > now() - DAY)
    if open_ones or of_today >= rules.limits.of_one_person_in_a_day:
        raise refused("too_many")


def confirm(token: Any) -> AccessRequest:
    """Open a request with the link that was sent to its mailbox; the link works once.

    :raises Refused: the link is wrong, used or expired, or the same is asked for already.
    """
    found = links.read(links.CONFIRM, token)
    row = find(found[0], lock=True) if found else None
    if row is not None and row.state in request_rules().running_states:
        raise refused("link_used")
    if found is None or row is None or row.nonce != found[1] or row.state != "unconfirmed":
        raise refused("link_invalid")
    same = (AccessRequest.email == row.email, AccessRequest.package_id == row.package_id)
    if _count(*same, AccessRequest.state.in_(request_rules().running_states)):
        raise refused("asked_already")
    row.nonce = new_id()
    return take(row, Actor(None, None), "confirm", {}, by_link=True)


def take(
    row: AccessRequest,
    actor: Actor,
    name: str,
    fields: Mapping[str, Any],
    *,
    by_link: bool = False,
) -> AccessRequest:
    """Take one step in a locked request, and commit.

    :raises Refused, NotAllowed, InvalidFields: see
        :meth:`..grants.request_rules.Requests.check`; nothing was written.
    """
    context = context_of(row, actor, by_link=by_link)
    act = engine().check(context, name, actor, fields, days.today())
    before, grant = row.state, None
    if act.name == "reopen":
        row.case_id = _reopen(row, actor, act)
    elif act.name == "grant":
        grant = _grant(row, actor, act)
    row.due = engine().due_after(name, act.target, row.due, days.today())
    row.extended = row.extended or act.name == "extend"
    if act.target not in ("consent", "execution"):
        row.offer = None
    row.road = context.road or row.road
    row.state, row.entered_at, row.overdue_at = act.target, now(), None
    model.Session.flush()
    written = REQUESTER if act.duty is None else act.duty
    detail = {
        "road": row.road,
        # Officials answer in public office; what a citizen wrote is kept as a digest.
        "reason": act.reason if act.duty else None,
        "text": digest(act.reason) if act.reason and not act.duty else None,
        "by": written,
        "until": act.until if act.name == "grant" else None,
        "grant": grant.id if grant else None,
        "case": row.case_id,
        "break_glass": break_glass.used(actor, row.package_id, act.duty) if act.duty else None,
    }
    _record(row, actor, name, before, detail, act)
    prolonged = [mails.PROLONGED] if name == "extend" else None
    received = [mails.RECEIVED] if name == "confirm" else []
    mails.write(row, *(prolonged or mails.kinds_for(row.state)), *received)
    model.Session.commit()
    outbox.ask_worker(row.id)
    return row


def _reopen(row: AccessRequest, actor: Actor, act: Act) -> str:
    """Open a case at PPID's desk; one that is open already is the answer as well."""
    package = model.Package.get(row.package_id)
    if package is None:
        raise refused("nothing_decided")
    case = reads.open_case(package.id)
    if case is None:
        actor = actor.on(package.id, package.owner_org)
        reopening.reopen(package, actor, {"case_kind": "classify", "reason": act.reason})
        case = reads.open_case(package.id)
    if case is None:
        raise refused("nothing_decided")
    return case.id


def _grant(row: AccessRequest, actor: Actor, act: Act) -> AccessGrant | None:
    """Give what is granted; where a second person is needed, keep what the first agreed to."""
    decision = reads.decision_in_force(row.package_id)
    if decision is None or act.until is None:
        raise refused("nothing_decided")
    if act.target != "granted":
        scope = sorted(act.scope) if act.scope is not None else None
        row.offer = {
            "until": act.until.isoformat(),
            "scope": scope,
            "decision": decision.id,
            "by": actor.id,
        }
        return None
    people = [str(actor.id)]
    if row.offer:
        people = [row.offer["by"], *people]
    return grants.give(row, actor, decision, act.until, act.scope, people)


def _record(
    row: AccessRequest,
    actor: Actor | None,
    name: str,
    before: str | None,
    detail: Mapping[str, Any],
    act: Act | None = None,
) -> None:
    step = RequestStep(
        request_id=row.id,
        duty=act.duty if act else None,
        part=act.part if act else None,
        action=name,
        from_state=before,
        to_state=row.state,
        reason=act.reason if act else "",
    )
    step_records.record(
        model.Session,
        step,
        actor,
        event=f"access_request.{name}",
        dataset_id=row.package_id,
        duty=act.duty if act else None,
        before={"state": before} if before else None,
        after={"state": row.state, "due": row.due},
        detail={"request": row.id, **detail},
    )


def move_by_clock(row: AccessRequest, name: str, target: str | None = None) -> None:
    """Write down what a day has brought; the caller commits."""
    before = row.state
    if target is not None:
        row.state, row.entered_at, row.due, row.offer = target, now(), None, None
    model.Session.flush()
    _record(row, None, name, before, {"road": row.road})


def claim(token: Any, actor: Actor) -> AccessGrant:
    """Bind a grant to the account that is logged in, with the link that was sent; commit.

    The account must have the address to which the link went: so neither somebody who found the
    link nor somebody who merely registered that address is given anything.
    """
    grant, row = claimable(token)
    if not actor.active or actor.id is None:
        raise NotAllowed("other_mailbox", Message(request_rules().messages["other_mailbox"]))
    user = model.User.get(actor.id)
    if user is None or (user.email or "").strip().casefold() != row.email:
        raise NotAllowed("other_mailbox", Message(request_rules().messages["other_mailbox"]))
    grants.claim(grant, actor)
    row.user_id = actor.id
    model.Session.commit()
    return grant


def claimable(token: Any) -> tuple[AccessGrant, AccessRequest]:
    """Return grant and request of a link that can still be used.

    :raises Refused: the link is wrong, used or expired, or the grant has ended.
    """
    found = links.read(links.CLAIM, token)
    grant = (
        model.Session.scalars(
            sa.select(AccessGrant)
            .where(AccessGrant.id == found[0], AccessGrant.nonce == found[1])
            .with_for_update()
        ).one_or_none()
        if found
        else None
    )
    row = find(grant.request_id, lock=True) if grant else None
    if grant is None or row is None or grant.user_id or grant.ended_at or not row.email:
        raise refused("link_invalid")
    return grant, row


def by_link(token: Any) -> AccessRequest:
    """Return the request that a link in an answer leads to.

    :raises Refused: the link is wrong or expired.
    """
    found = links.read(links.FOLLOW, token)
    row = find(found[0]) if found else None
    if found is None or row is None or row.email is None or row.state == "unconfirmed":
        raise refused("link_invalid")
    return row


def translated(problem: Exception) -> Exception:
    """Return the error of a rule as CKAN's, in the reader's language."""
    if isinstance(problem, IntegrityError):
        problem = refused("asked_already")
    return of_cases(problem)
