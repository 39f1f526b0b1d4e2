"""Actions on requests of data subjects: thin, each one call into the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry, words
from ...agencies.rules.duties import Actor
from ...classification.cases.actions import find_dataset, knows
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters, reads
from ...classification.requests.actions import tried
from ...classification.rules.policy import Channel
from ...msgids import N_
from .. import registers, show
from ..destruction import reading
from ..records import concerned, numbered
from ..records.committing import committed
from ..records.model import now
from ..records.personal_data_model import ANSWERED, IDENTIFIED, RECEIVED, SubjectRequest
from ..rules.personal_data import personal_data
from . import answers, subject_requests

MAX_ROWS = 500
STEP_LABELS = {
    "record": N_("Recorded"),
    "identify": N_("Shown who asks"),
    "answer": N_("Answered"),
}
STATE_LABELS = {
    RECEIVED: N_("Not yet shown who asks"),
    IDENTIFIED: N_("Waits for the answer"),
    ANSWERED: N_("Answered"),
}
STATES = ("open", "answered", "all")


def satudata_smki_subject_record(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRecorded:
    """Record a request of a data subject; any member of an agency, or who carries a role.

    Neither name nor number of whoever asks is taken.

    :param kind: what is asked, a kind of ``smki/personal_data.yaml``
    :param channel: ``desk``, ``letter``, ``email`` or ``sp4n``
    :param received_at: when it came in, as YYYY-MM-DDTHH:MM; the clock runs from this hour
    :param agenda: agenda number of the letter
    :param id: id or name of the dataset that it is about (optional)
    """
    tk.check_access("satudata_smki_subject_record", context, data_dict)
    actor, dataset = registry.actor_from_context(context), None
    if data_dict.get("id") not in (None, ""):
        dataset = _found(context, data_dict)

    def act() -> Any:
        row, receipt = subject_requests.record(actor, data_dict, dataset, kinds_in)
        model.Session.commit()
        return row, receipt

    row, receipt = tried(act)
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def satudata_smki_subject_identify(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRecorded:
    """Write down by what it was shown who asks.

    :param request: its number or id
    :param proof: ``in_person``, ``registry``, ``signature`` or ``authority``
    """
    tk.check_access("satudata_smki_subject_identify", context, data_dict)
    return _go_on(
        context, data_dict, lambda row, actor: subject_requests.identify(row, actor, data_dict)
    )


def satudata_smki_subject_dataset_add(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRecorded:
    """Say that a dataset holds data of whoever asks; who examines who asks, or answers.

    Several may be named, one in each call; each reader sees those that they may know of. No value
    of the person is taken.

    :param request: its number or id
    :param id: id or name of a dataset that the caller may know of
    """
    tk.check_access("satudata_smki_subject_dataset_add", context, data_dict)
    return _go_on(
        context,
        data_dict,
        lambda row, actor: subject_requests.name_dataset(row, actor, _found(context, data_dict)),
    )


def satudata_smki_subject_dataset_remove(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRecorded:
    """Say that a dataset holds no data of whoever asks after all; who answers the request.

    Never who proposed a destruction of the dataset, and not while one is proposed or approved.

    :param request: its number or id
    :param id: id or name of the dataset
    """
    tk.check_access("satudata_smki_subject_dataset_remove", context, data_dict)

    def step(row: SubjectRequest, actor: Actor) -> Any:
        dataset = _found(context, data_dict)
        running = concerned.running(dataset)
        # A destruction of which the caller may not know is not told.
        if running is not None and not reading.seen(actor, [running]):
            raise tk.ObjectNotFound(tk._("Dataset not found"))
        return subject_requests.take_out(row, actor, dataset)

    return _go_on(context, data_dict, step)


def satudata_smki_subject_answer(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRecorded:
    """Answer a request of a data subject: the Pejabat PDP, or PPID until one is named.

    :param request: its number or id
    :param outcome: ``fulfilled`` or ``refused``
    :param ground: why it is refused, a ground of ``smki/personal_data.yaml``
    :param answer: what was told or done, at least 10 characters; names nobody and none of the data
    :param letter: number of the letter that answers it
    """
    tk.check_access("satudata_smki_subject_answer", context, data_dict)
    return _go_on(
        context,
        data_dict,
        lambda row, actor: subject_requests.answer(row, actor, data_dict, kinds_in),
    )


@tk.side_effect_free
def satudata_smki_subject_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRows:
    """Return requests of data subjects, what is due first before the others.

    All for who carries a role that sees them, their own for others.

    :param state: ``open``, ``answered`` or ``all`` (default: ``all``)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_subject_list", context, data_dict)
    state = parameters.choice(data_dict, "state", STATES) or "all"
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor, query = registry.actor_from_context(context), sa.select(SubjectRequest)
    if not subject_requests.sees_all(actor):
        query = query.where(SubjectRequest.recorded_by == actor.id)
    if state != "all":
        answered = SubjectRequest.state == ANSWERED
        query = query.where(answered if state == "answered" else ~answered)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    order = (SubjectRequest.state == ANSWERED, SubjectRequest.due_at, SubjectRequest.number)
    rows = model.Session.scalars(query.order_by(*order).limit(limit).offset(offset))
    return {"count": int(count or 0), "results": [_row(row) for row in rows]}


@tk.side_effect_free
def satudata_smki_subject_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SubjectRequestShown:
    """Return a request of a data subject, with its steps.

    :param request: its number or id
    """
    tk.check_access("satudata_smki_subject_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return _shown(_seen(data_dict, actor), actor)


def _found(context: types.Context, data_dict: dict[str, Any]) -> str:
    """Return the id of the dataset that a call names.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or the caller may not know of it.
    """
    dataset = str(find_dataset(context, data_dict).id)
    if registers.only_counted(reads.facts_of(dataset)):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return dataset


def _go_on(
    context: types.Context,
    data_dict: dict[str, Any],
    step: Callable[[SubjectRequest, Actor], Any],
) -> answers.SubjectRecorded:
    actor = registry.actor_from_context(context)
    row = _seen(data_dict, actor, lock=True)
    receipt = committed(lambda: step(row, actor))
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def _seen(data_dict: dict[str, Any], actor: Actor, *, lock: bool = False) -> SubjectRequest:
    """Return the request that a call names, if it is for the caller.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    row = numbered.find(SubjectRequest, parameters.reference(data_dict, "request"), lock=lock)
    if row is None or not subject_requests.sees(actor, row):
        raise tk.ObjectNotFound(tk._("Request not found"))
    return row


def _row(row: SubjectRequest) -> answers.SubjectRow:
    rules, at = personal_data().requests, now()
    opened = row.answered_at is None
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "kind_label": tk._(rules.kinds[row.kind].label),
        "channel": row.channel,
        "channel_label": tk._(rules.channels[row.channel].label),
        "agenda": row.agenda,
        "state": row.state,
        "state_label": tk._(STATE_LABELS[row.state]),
        "received": row.received_at.isoformat(),
        "due": row.due_at.isoformat(),
        "hours_left": (row.due_at - at) // dt.timedelta(hours=1) if opened else None,
        "late": (row.answered_at or at) > row.due_at,
        "answered": row.answered_at.isoformat() if row.answered_at else None,
        "outcome": row.outcome,
    }


def _shown(row: SubjectRequest, actor: Actor) -> answers.SubjectRequestShown:
    rules, opened = personal_data().requests, row.state != ANSWERED
    kind = rules.kinds[row.kind]
    taken = (
        ("record", row.recorded_at, row.recorded_by, row.recorded_entry),
        ("identify", row.identified_at, row.identified_by, row.identified_entry),
        ("answer", row.answered_at, row.answered_by, row.answered_entry),
    )
    names = words.names_of(person for _, _, person, _ in taken)
    return {
        **_row(row),
        "dataset": _dataset(row.package_id, actor),
        "datasets": [
            found
            for each in concerned.found_for(row.id)
            if (found := _dataset(each, actor)) is not None
        ],
        "names": subject_requests.names(row, actor),
        "basis": [{"text": law["text"], "status": law["status"]} for law in kind.basis],
        "clock": [{"text": law["text"], "status": law["status"]} for law in kind.clock],
        "answered_by": show.role_label(rules.concluded_by),
        "checks": row.state == RECEIVED and subject_requests.checks(actor, row),
        "answers": opened and actor.id in subject_requests.answerers(row),
        "grounds": rules.grounds_for(row.kind, identified=row.state != RECEIVED) if opened else [],
        "identity": _identity(row),
        "ground": row.ground,
        "ground_label": tk._(rules.grounds[row.ground].label) if row.ground else None,
        "answer": row.answer,
        "letter": row.letter,
        "steps": [
            {
                "at": at.isoformat(),
                "action": action,
                "action_label": tk._(STEP_LABELS[action]),
                "actor": names.get(person or ""),
                "receipt": entry,
            }
            for action, at, person, entry in taken
            if at is not None
        ],
    }


def _dataset(package_id: str | None, actor: Actor) -> answers.SubjectDataset | None:
    """Return a dataset that a request names, to who may see its metadata; else as if none was."""
    package = model.Package.get(package_id) if package_id else None
    if package is None or package.state != "active":
        return None
    if registers.only_counted(reads.facts_of(package.id)):
        return None
    if not knows(actor, package.id, Channel.METADATA):
        return None
    return {"id": package.id, "name": package.name, "title": package.title or package.name}


def _identity(row: SubjectRequest) -> answers.SubjectIdentity | None:
    if not row.identity:
        return None
    role, agency = row.identity.get("role"), row.identity.get("agency")
    body = registry.load_agencies().get(agency) if agency else None
    return {
        "proof": row.identity["proof"],
        "label": tk._(personal_data().requests.proofs[row.identity["proof"]].label),
        "office": show.role_label(role) if role else body.title if body else None,
    }


def get_actions() -> dict[str, Any]:
    """Return the actions on requests of data subjects by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_subject_record,
            satudata_smki_subject_identify,
            satudata_smki_subject_dataset_add,
            satudata_smki_subject_dataset_remove,
            satudata_smki_subject_answer,
            satudata_smki_subject_list,
            satudata_smki_subject_show,
        )
    }
