"""Actions on data that the public asks for: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.notices import outbox
from ...classification.records import parameters, reads
from ...classification.requests import auth
from ...classification.requests.actions import tried
from ...msgids import N_
from ...smki.cooperation import knowing
from ...smki.records import numbered
from ...smki.records.committing import committed
from ..records.wish_model import Wish, WishVoice
from ..rules.wish_rules import (
    ANSWERED,
    ASKED,
    DECLINED,
    ENDED,
    LAPSED,
    MERGED,
    OBJECTION,
    OPEN,
    UNCONFIRMED,
    WAITING,
    wishes,
)
from . import answers, mails, wishing

MAX_ROWS = 500
STATE_LABELS = {
    UNCONFIRMED: N_("Waiting for confirmation of the e-mail address"),
    ASKED: N_("Waits to be accepted"),
    OPEN: N_("Waits for an answer"),
    ANSWERED: N_("Answered"),
    OBJECTION: N_("Waits for the answer to an objection"),
    DECLINED: N_("Not accepted"),
    MERGED: N_("Merged with another"),
    LAPSED: N_("Not confirmed in time"),
}
LISTS = ("public", "waiting", "ended")
MAKERS = mails.KINDS
"""The mails that are registered where this is imported."""


def satudata_wish_create(context: types.Context, data_dict: dict[str, Any]) -> answers.WishTaken:
    """Ask for data that do not exist yet; nobody needs an account.

    It is read once the link was opened that goes to the mailbox, and public once a person has
    accepted it. Whether such data exist and are hidden changes nothing in the answer.

    :param title: what is asked for, 5–150 characters in one line
    :param text: what for, and of which time and place, 20–2,000 characters; names no person
    :param email: the mailbox to which the link goes; it is shown to nobody
    """
    tk.check_access("satudata_wish_create", context, data_dict)
    return _taken(lambda: wishing.ask(data_dict, kinds_in))


def satudata_wish_support(context: types.Context, data_dict: dict[str, Any]) -> answers.WishTaken:
    """Ask for the same as somebody else did; it counts once the link was opened.

    :param wish: number of what stands in the public list and is not answered
    :param email: the mailbox to which the link goes; it is shown to nobody
    """
    tk.check_access("satudata_wish_support", context, data_dict)
    row, actor = numbered.find(Wish, parameters.reference(data_dict, "wish")), Actor(None, None)
    if row is None or not wishing.is_public(row) or _stands(row, _dataset(row, actor)) != OPEN:
        raise _unknown()
    return _taken(lambda: wishing.support(row, data_dict))


def satudata_wish_confirm(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.WishFollowed:
    """Confirm a mailbox by the link that was sent to it. It works once.

    :param token: the last part of the link
    """
    tk.check_access("satudata_wish_confirm", context, data_dict)
    row, voice = committed(lambda: wishing.confirm(data_dict.get("token")))
    return _followed(row, voice)


@tk.side_effect_free
def satudata_wish_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.WishFollowed | answers.WishDesk | answers.WishRow:
    """Return data that the public asks for: of the public list, by a link, or for who answers.

    :param wish: its number or id; or
    :param token: the last part of a link that was sent by e-mail
    """
    tk.check_access("satudata_wish_show", context, data_dict)
    token = parameters.line(data_dict, "token")
    if token:
        return _followed(*tried(lambda: wishing.followed(token)))
    row, actor = _seen(context, data_dict)
    return _desk(row, actor) if wishing.sees(actor, row) else _row(row, actor)


@tk.side_effect_free
def satudata_wish_list(context: types.Context, data_dict: dict[str, Any]) -> answers.Wishes:
    """Return data that the public asks for, most wanted first.

    :param list: ``public`` (default), or for who accepts and answers ``waiting`` or ``ended``
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_wish_list", context, data_dict)
    actor = registry.actor_from_context(context)
    name = parameters.choice(data_dict, "list", LISTS) or LISTS[0]
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    query = sa.select(Wish).where(Wish.state.not_in((UNCONFIRMED, LAPSED)))
    if name == "public":
        public = (OPEN, ANSWERED, OBJECTION)
        query = query.where(Wish.accepted_at.is_not(None), Wish.state.in_(public))
        query = query.order_by(Wish.voices.desc(), Wish.number)
    else:
        states = WAITING if name == "waiting" else ENDED
        query = query.where(Wish.state.in_(states)).order_by(Wish.due, Wish.number)
    found = list(model.Session.scalars(query))
    if name == "public":
        found.sort(
            key=lambda row: row.state == ANSWERED and _told(row, _dataset(row, actor)),
        )
    else:
        found = [row for row in found if wishing.sees(actor, row)]
    page = found[offset : offset + limit]
    return {"count": len(found), "results": [_row(row, actor) for row in page]}


def satudata_wish_step(context: types.Context, data_dict: dict[str, Any]) -> answers.WishStepped:
    """Accept what the public asks for into the list, decline, merge or answer it.

    :param wish: its number or id
    :param step: ``accept``, ``decline``, ``merge`` or ``answer``
    :param title: of what is accepted, reworded (optional)
    :param text: of what is accepted, reworded (optional)
    :param into: of what is merged, the number of the other
    :param outcome: of an answer: ``here``, ``planned``, ``elsewhere`` or ``not_made``
    :param answer: what is told, 10–2,000 characters; names no person, and nothing that is hidden
    :param dataset: id or name of the dataset that is there now; everybody may know of it
    """
    tk.check_access("satudata_wish_step", context, data_dict)
    row, actor = _seen(context, data_dict, lock=True)
    receipt = committed(
        lambda: wishing.take(row, data_dict.get("step"), actor, data_dict, kinds_in)
    )
    for voice in wishing.voices_of(row) if data_dict.get("step") in wishing.MAILED else []:
        outbox.ask_worker(voice.id)
    return {**_desk(row, actor), "receipt": receipt.as_dict()}


def satudata_wish_make_official(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.WishFollowed:
    """Make what one asked for a request for public information under UU 14/2008.

    PPID answers it within the days of the law, and an objection is possible.

    :param token: the last part of the link by which whoever asked follows it
    """
    tk.check_access("satudata_wish_make_official", context, data_dict)
    return _followed(*committed(lambda: wishing.make_official(data_dict.get("token"))))


def satudata_wish_object(context: types.Context, data_dict: dict[str, Any]) -> answers.WishFollowed:
    """Object to the answer to a request for public information, or to silence past its day.

    :param token: the last part of the link by which whoever asked follows it
    """
    tk.check_access("satudata_wish_object", context, data_dict)
    return _followed(*committed(lambda: wishing.object_to(data_dict.get("token"))))


def _unknown() -> tk.ObjectNotFound:
    return tk.ObjectNotFound(tk._("Request not found"))


def _taken(act: Callable[[], WishVoice | None]) -> answers.WishTaken:
    voice = committed(act)
    if voice is not None:
        outbox.ask_worker(voice.id)
    text = tk._(
        "A link is on its way to this address, if it can receive mail. The request is read when "
        "the link was opened and confirmed, within %(hours)s hours."
    )
    return {"state": UNCONFIRMED, "message": text % {"hours": wishes().kept.confirm_hours}}


def _seen(
    context: types.Context, data_dict: dict[str, Any], *, lock: bool = False
) -> tuple[Wish, Actor]:
    actor = registry.actor_from_context(context)
    row = numbered.find(Wish, parameters.reference(data_dict, "wish"), lock=lock)
    if row is None or not (wishing.is_public(row) or wishing.sees(actor, row)):
        raise _unknown()
    return row, actor


def _dataset(row: Wish, actor: Actor) -> answers.ReportedDataset | None:
    package = model.Package.get(row.package_id) if row.package_id else None
    if package is None or package.state != "active":
        return None
    if not knowing.may_know(actor, reads.facts_of(package.id)):
        return None
    title = package.title or package.name
    return {"id": package.id, "name": package.name, "title": title, "type": package.type}


def _told(row: Wish, dataset: answers.ReportedDataset | None) -> bool:
    """Tell whether an answer is told: what it named and was hidden since does not exist yet."""
    named = row.outcome is not None and wishes().outcomes[row.outcome].dataset
    return not named or dataset is not None


def _stands(row: Wish, dataset: answers.ReportedDataset | None) -> str:
    """Return the state that a reader is shown."""
    return row.state if _told(row, dataset) or row.state != ANSWERED else OPEN


def _row(row: Wish, actor: Actor) -> answers.WishRow:
    rules, dataset = wishes(), _dataset(row, actor)
    told, state = _told(row, dataset), _stands(row, dataset)
    due = row.due if state in WAITING else None
    outcome = row.outcome if told else None
    return {
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "state": state,
        "state_label": tk._(STATE_LABELS[state]),
        "asked": row.asked_at.isoformat(),
        "due": due.isoformat() if due else None,
        "late": due is not None and due < days.today(),
        "voices": row.voices,
        "official": row.official,
        "outcome": outcome,
        "outcome_label": tk._(rules.outcomes[outcome].label) if outcome else None,
        "answer": row.answer if told else None,
        "answered": row.answered_at.isoformat() if row.answered_at and told else None,
        "dataset": dataset,
    }


def _followed(row: Wish, voice: WishVoice) -> answers.WishFollowed:
    last = wishing.last_day_to_object(row) if row.official and voice.asked else None
    return {
        **_row(row, Actor(None, None)),
        "token": wishing.token_of(voice),
        "may_make_official": wishing.may_make_official(row, voice),
        "may_object": wishing.may_object(row, voice),
        "object_until": last.isoformat() if last else None,
    }


def _desk(row: Wish, actor: Actor) -> answers.WishDesk:
    into = model.Session.get(Wish, row.into_id) if row.into_id else None
    return {
        **_row(row, actor),
        "into": into.number if into else None,
        "steps": wishing.possible(row, actor),
    }


def get_auth_functions() -> dict[str, Any]:
    """Return who may call these actions: everybody; each says what they get."""
    return {name: auth.everyone() for name in get_actions()}


def get_actions() -> dict[str, Any]:
    """Return the actions on data that the public asks for by name."""
    return {
        f.__name__: f
        for f in (
            satudata_wish_create,
            satudata_wish_support,
            satudata_wish_confirm,
            satudata_wish_show,
            satudata_wish_list,
            satudata_wish_step,
            satudata_wish_make_official,
            satudata_wish_object,
        )
    }
