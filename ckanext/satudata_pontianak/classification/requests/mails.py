"""Mails about requests: to whoever asked, and to those on whose desk a request lies.

A mail says that there is something to see, and where. Title, purpose, reasons and other people
stay on the portal: a mailbox is read by others and forgets nothing. Jobs get ids only, and links
are made when the mail is sent.
"""

from __future__ import annotations

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Duty
from ...ledger.reading import codes_of
from ...msgids import N_
from ..grants.request_definition import OWNER_ADMINS, REQUESTER, request_rules
from ..notices import outbox, tongues
from ..notices.definition import notice_rules
from ..notices.outbox import Letter
from ..notices.tongues import Tongue
from ..records.mail_model import Mail
from ..records.request_model import AccessGrant, AccessRequest, RequestStep
from . import links
from .store import context_of, engine

PREFIX = "request_"
CONFIRM, RECEIVED, ANSWER, PROLONGED, SETTLED = "confirm received answer prolonged settled".split()
DESK, SILENCE, END = "desk silence end".split()
"""The mails of ``schemas/notices.yaml``, without the prefix."""

UPHELD = "execution"
"""PPID's superior answered so; PPID has to carry it out."""


def kinds_for(state: str) -> list[str]:
    """Return which mails follow when a request has come into a state."""
    if state == "unconfirmed":
        return [CONFIRM]
    rules = request_rules()
    desk = [DESK] if state in rules.running_states else []
    return desk + ([ANSWER] if state in rules.answers or state == UPHELD else [])


def write(row: AccessRequest, *kinds: str) -> None:
    """Write mails about a request in the caller's transaction, one for each person.

    Whoever commits asks :func:`..notices.outbox.ask_worker` for them.
    """
    for kind in kinds:
        people = [user.id for user in _answerers(row)] if kind == DESK else [None]
        for user_id in people:
            outbox.put(PREFIX + kind, request_id=row.id, user_id=user_id)


def _letter(mail: Mail) -> Letter | None:
    """Return a mail as it is to be sent now; ``None`` where nobody needs or can get it."""
    row = model.Session.get(AccessRequest, mail.request_id)
    kind = mail.kind.removeprefix(PREFIX)
    if row is None or (kind == CONFIRM and row.state != "unconfirmed"):
        return None
    if kind == DESK:
        named = {user.id: (user.fullname or user.name, str(user.email)) for user in _answerers(row)}
        found = named.get(mail.user_id or "")
    else:
        found = _asker(row)
    return Letter(*found, *_text(kind, row)) if found else None


outbox.MAKERS |= {
    PREFIX + kind: _letter
    for kind in (CONFIRM, RECEIVED, ANSWER, PROLONGED, SETTLED, DESK, SILENCE, END)
}


def _asker(row: AccessRequest) -> tuple[str, str] | None:
    if row.user_id:
        user = model.User.get(row.user_id)
        if user is None or user.state != "active" or not user.email:
            return None
        return user.fullname or user.name, user.email
    return ("", row.email) if row.email else None


def _answerers(row: AccessRequest) -> list[model.User]:
    """Return those on whose desk the request lies now, without whoever asked."""
    context = context_of(row, registry.actor_for(None))
    rules = engine().rules
    holder = rules.states[row.state].holder
    names = () if holder in (None, REQUESTER) else (holder,)
    if holder == "answerers":
        names = rules.roads[context.road or row.road].answered_by
    people: set[str] = set()
    for name in names:
        if name == OWNER_ADMINS:
            people.update(_admins(context.owner_org))
        else:
            people.update(registry.holders_of(Duty(name)))
    query = sa.select(model.User).where(
        model.User.id.in_(people - {row.user_id}), model.User.state == "active"
    )
    found = model.Session.scalars(query.order_by(model.User.name))
    return [user for user in found if user.email and user.email != row.email]


def _admins(agency: str | None) -> list[str]:
    query = sa.select(model.Member.table_id).where(
        model.Member.table_name == "user",
        model.Member.state == "active",
        model.Member.capacity == "admin",
        model.Member.group_id == agency,
    )
    return [user_id for user_id in model.Session.scalars(query) if user_id]


def _text(kind: str, row: AccessRequest) -> tuple[str, str]:
    """Return subject and text, in the language in which somebody asked; of a desk in Indonesian."""
    tongue = tongues.INDONESIAN if kind == DESK else tongues.of(row.language)
    say, site = tongue.say, str(tk.config.get("ckan.site_title") or "")
    mails = notice_rules().mails
    spec = mails[PREFIX + kind]
    known = {"number": row.number, "due": tongue.day(row.due)}
    said = {name: known[name] for name in spec.facts if name in known}
    parts = [say(spec.text) % said, _link(kind, row, tongue)]
    receipt = _receipt(row) if "receipt" in spec.facts else None
    if receipt:
        parts.append(say(N_("Receipt: %(receipt)s")) % {"receipt": receipt})
    grant = _unclaimed(row) if kind == ANSWER else None
    if grant is not None:
        token = links.make(links.CLAIM, grant.id, grant.nonce)
        parts += [say(mails["request_claim"].text), _url("claim", token, tongue)]
    return f"[{site}] {say(spec.subject)}", "\n\n".join([*parts, site]) + "\n"


def _receipt(row: AccessRequest) -> str | None:
    """Return the receipt of what was done last in a request."""
    steps = sa.select(RequestStep.ledger_entry).where(
        RequestStep.request_id == row.id, RequestStep.ledger_entry.is_not(None)
    )
    entry = model.Session.scalar(steps.order_by(RequestStep.id.desc()).limit(1))
    return codes_of(model.Session, [entry]).get(entry or 0)


def _unclaimed(row: AccessRequest) -> AccessGrant | None:
    query = sa.select(AccessGrant).where(
        AccessGrant.request_id == row.id,
        AccessGrant.user_id.is_(None),
        AccessGrant.ended_at.is_(None),
    )
    return model.Session.scalars(query).one_or_none()


def _link(kind: str, row: AccessRequest, tongue: Tongue) -> str:
    if kind == CONFIRM:
        return _url("confirm", links.make(links.CONFIRM, row.id, row.nonce), tongue)
    if kind == DESK or row.user_id:
        return tongue.url("request", request_id=row.id)
    return _url("follow", links.make(links.FOLLOW, row.id, row.nonce), tongue)


def _url(page: str, token: str, tongue: Tongue) -> str:
    return tongue.url(f"request_{page}", token=token)
