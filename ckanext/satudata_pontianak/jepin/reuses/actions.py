"""Actions on works made of the data: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, Actor
from ...classification.incidents.steps import kinds_in
from ...classification.notices import outbox
from ...classification.records import parameters, reads
from ...classification.requests import auth
from ...classification.requests.actions import tried
from ...msgids import N_
from ...smki.cooperation import knowing
from ...smki.records import numbered
from ...smki.records.committing import committed
from ..records.reuse_model import Reuse
from ..reports import reporting
from ..reports.actions import taken
from ..reports.answers import ReportedDataset, ReportTaken
from ..rules.reuse_rules import DECLINED, PROPOSED, PUBLIC, UNCONFIRMED, host_of, reuses
from . import answers, mails, naming, proposing

MAX_ROWS = 500
STATE_LABELS = {
    PROPOSED: N_("Waits to be accepted"),
    PUBLIC: N_("In the public list"),
    DECLINED: N_("Not in the public list"),
}
WITHHELD = "withheld"
MINE = "mine"
_STATES = {
    "public": (PUBLIC,),
    "waiting": (PROPOSED,),
    "declined": (DECLINED,),
    WITHHELD: (PUBLIC,),
    MINE: proposing.STANDING,
}
LISTS = tuple(_STATES)
DESKS = tuple(name for name in LISTS if name != MINE)
MAKERS = mails.KINDS
"""The mails that are registered where this is imported."""


def satudata_reuse_create(context: types.Context, data_dict: dict[str, Any]) -> answers.ReuseTaken:
    """Propose a work that was made of the city's data, with an account or a mailbox.

    It is public once a person has accepted it.

    :param title: its name, 5–150 characters in one line
    :param kind: what it is: ``app``, ``chart``, ``article``, ``research``, ``teaching``, ``other``
    :param url: its page, which begins with ``https://``; it is shown and never fetched
    :param text: what it shows, 20–2,000 characters; names no person
    :param datasets: ids or names of the datasets of which it was made, at most ten
    :param maker: public name of who made it (optional)
    :param photo: a picture of it, JPEG, PNG or WebP, sent as a form (optional); it is drawn anew
    :param email: without an account: the mailbox to which the link goes; it is shown to nobody
    """
    tk.check_access("satudata_reuse_create", context, data_dict)
    actor = registry.actor_from_context(context)
    row = committed(lambda: proposing.propose(data_dict, actor, kinds_in))
    if row is not None:
        outbox.ask_worker(row.id)
    if actor.anonymous:
        text = tk._(
            "A link is on its way to this address, if it can receive mail. The proposal is read "
            "when the link was opened and confirmed, within %(hours)s hours."
        )
        said = text % {"hours": reuses().kept.confirm_hours}
        return {"state": UNCONFIRMED, "message": said, "token": None}
    token = proposing.token_of(row) if row is not None else None
    said = tk._("The proposal is with Walidata.")
    return {"state": PROPOSED, "message": said, "token": token}


def satudata_reuse_confirm(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReuseFollowed:
    """Confirm a mailbox by the link that was sent to it. It works once.

    :param token: the last part of the link
    """
    tk.check_access("satudata_reuse_confirm", context, data_dict)
    row = committed(lambda: proposing.confirm(data_dict.get("token")))
    outbox.ask_worker(row.id)
    return _followed(row)


def satudata_reuse_withdraw(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReuseWithdrawn:
    """Withdraw a work by the link in a mail: it is forgotten, and who proposed it.

    :param token: the last part of the link
    """
    tk.check_access("satudata_reuse_withdraw", context, data_dict)
    return {"withdrawn": committed(lambda: proposing.withdraw(data_dict.get("token")))}


@tk.side_effect_free
def satudata_reuse_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReuseFollowed | answers.ReuseDesk | answers.ReuseRow:
    """Return a work of the public list, by its link, or for who accepts it.

    :param reuse: its number or id; or
    :param token: the last part of a link that was sent by e-mail
    """
    tk.check_access("satudata_reuse_show", context, data_dict)
    token = parameters.line(data_dict, "token")
    if token:
        return _followed(tried(lambda: proposing.followed(token)))
    row, actor, known = found(context, data_dict)
    if known is None or proposing.sees_desk(actor):
        return _desk(row, known, actor)
    return _row(row, known)


@tk.side_effect_free
def satudata_reuse_list(context: types.Context, data_dict: dict[str, Any]) -> answers.Reuses:
    """Return works made of the data, newest first.

    :param list: ``public`` (default), or for who accepts them ``waiting``, ``declined``, or
        ``withheld``: in the public list, with words that the caller may not read; or ``mine``: what
        the caller proposed with their account, each with its ``token`` and ``answer``
    :param dataset: id or name: of the public list those made of this dataset (optional)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_reuse_list", context, data_dict)
    actor = registry.actor_from_context(context)
    name = parameters.choice(data_dict, "list", LISTS) or LISTS[0]
    named = parameters.line(data_dict, "dataset")
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    ids, known = _listed(name, _dataset(named, actor) if named else None, actor)
    rows = proposing.full(ids[offset : offset + limit], _STATES[name])
    if name == MINE:
        return {"count": len(ids), "results": [_followed(row) for row in rows]}
    known = naming.seen(actor, rows) if known is None else known
    return {"count": len(ids), "results": [_row(row, known.get(row.id)) for row in rows]}


def _listed(
    name: str, package_id: str | None, actor: Actor
) -> tuple[list[str], dict[str, list[str]] | None]:
    """Return the works of a list for somebody, and of the public ones what they may know of them.

    Of as many as there are only what the policy is asked by is read, and it is asked once.

    :param package_id: of the public list those made of this dataset alone.
    """
    if name == MINE:
        return proposing.proposed_by(actor), None
    if name != "public" and not proposing.sees_desk(actor):
        return [], None
    public = PUBLIC in _STATES[name]
    rows = proposing.listed(_STATES[name], package_id if public else None)
    if not public:
        return [row.id for row in rows], None
    known = naming.seen(actor, rows)
    return [row.id for row in rows if (row.id in known) == (name == "public")], known


def satudata_reuse_step(context: types.Context, data_dict: dict[str, Any]) -> answers.ReuseStepped:
    """Accept a work into the public list, decline it, or take it off the list.

    :param reuse: its number or id
    :param step: ``accept``, ``decline`` or ``remove``
    :param title: of what is accepted, reworded (optional)
    :param text: of what is accepted, reworded (optional)
    :param maker: of what is accepted, reworded (optional)
    :param picture: of what is accepted, ``keep`` (default) or ``leave_out``
    :param answer: of ``decline`` and ``remove``: why, 10–2,000 characters; who proposed it reads it
    """
    tk.check_access("satudata_reuse_step", context, data_dict)
    row, actor, _ = found(context, data_dict, lock=True)
    step = data_dict.get("step")
    receipt = committed(lambda: proposing.take(row, step, actor, data_dict, kinds_in))
    outbox.ask_worker(row.id)
    known = naming.seen(actor, [row]).get(row.id)
    return {**_desk(row, known, actor), "receipt": receipt.as_dict()}


def satudata_reuse_report(context: types.Context, data_dict: dict[str, Any]) -> ReportTaken:
    """Report that a work of the public list is not what it says; nobody needs an account.

    Who accepts works answers it. The answer holds the code by which the report is followed.

    :param reuse: its number or id
    :param kind: ``cannot_open``, ``stale``, ``wrong`` or ``unfit``
    :param text: what more there is to say, at most 1,000 characters; names no person (optional)
    """
    tk.check_access("satudata_reuse_report", context, data_dict)
    row, actor, known = found(context, data_dict, lock=True)
    if row.state != PUBLIC or known is None:
        raise unknown()
    thing = reporting.Thing(reuse_id=row.id)
    said = committed(lambda: reporting.report(thing, data_dict, kinds_in))
    return taken(*said, actor)


def unknown() -> tk.ObjectNotFound:
    """Return the answer where there is no such work, or none for the caller."""
    return tk.ObjectNotFound(tk._("There is no such work."))


def found(
    context: types.Context, data_dict: dict[str, Any], *, lock: bool = False
) -> tuple[Reuse, Actor, list[str] | None]:
    """Return a work that somebody may know of, and those of its datasets that they know.

    :returns: the work and the caller; ``None``: who answers works may not read the words of it.
    :raises ckan.plugins.toolkit.ObjectNotFound: there is none for them.
    """
    actor = registry.actor_from_context(context)
    row = numbered.find(Reuse, parameters.reference(data_dict, "reuse"), lock=lock)
    known = naming.seen(actor, [row]).get(row.id) if row is not None else None
    desk = proposing.sees_desk(actor)
    stands = row is not None and (
        (row.state == PUBLIC and known is not None)
        or (row.state in (PUBLIC, PROPOSED, DECLINED) and desk)
    )
    if row is None or not stands:
        raise unknown()
    return row, actor, known


def _dataset(named: str, actor: Actor) -> str:
    """Return the id of a dataset that somebody knows of; of all others nothing is made."""
    package = model.Package.get(named) if "\x00" not in named else None
    if package is None or not knowing.may_know(actor, reads.facts_of(package.id)):
        return ""
    return package.id


def _row(row: Reuse, known: list[str] | None) -> answers.ReuseRow:
    """Return a work; ``known`` is ``None``: without what the reader may not read of it."""
    read = known is not None
    return {
        "number": row.number,
        "title": row.title if read else tk._("Its words are withheld"),
        "kind": row.kind,
        "kind_label": tk._(reuses().kinds[row.kind].label),
        "url": row.url if read else "",
        "host": host_of(row.url) if read else "",
        "maker": (row.maker or None) if read else None,
        "text": row.text if read else "",
        "picture": row.pictured and read,
        "withheld": not read,
        "state": row.state,
        "state_label": tk._(STATE_LABELS[row.state]),
        "proposed": row.proposed_at.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "late": row.due is not None and row.due < days.today(),
        "datasets": [
            _named(package) for each in known or () if (package := model.Package.get(each))
        ],
    }


def _named(package: model.Package) -> ReportedDataset:
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "type": package.type,
    }


def _followed(row: Reuse) -> answers.ReuseFollowed:
    """Return a work to who has its link: they wrote it, and know of its datasets as a visitor."""
    known = naming.seen(ANONYMOUS, [row]).get(row.id, [])
    return {
        **_row(row, known),
        "token": proposing.token_of(row),
        "answer": _answer(row),
    }


def _answer(row: Reuse) -> str | None:
    return tk._(proposing.GONE) if row.answer == proposing.GONE else row.answer


def _desk(row: Reuse, known: list[str] | None, actor: Actor) -> answers.ReuseDesk:
    return {
        **_row(row, known),
        "answer": _answer(row),
        "steps": proposing.possible(row, actor),
    }


def get_auth_functions() -> dict[str, Any]:
    """Return who may call these actions: everybody; each says what they get."""
    return {name: auth.everyone() for name in get_actions()}


def get_actions() -> dict[str, Any]:
    """Return the actions on works made of the data by name."""
    return {
        f.__name__: f
        for f in (
            satudata_reuse_create,
            satudata_reuse_confirm,
            satudata_reuse_withdraw,
            satudata_reuse_show,
            satudata_reuse_list,
            satudata_reuse_step,
            satudata_reuse_report,
        )
    }
