"""Actions of the help desk: thin, each a call into the room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ..records import numbered
from ..records.committing import committed
from ..records.help_model import HelpText, Question
from ..rules.help_desk import help_desk as definition
from . import help_answers, help_desk, help_showing

MAX_ROWS = 500
WORDS, LONGEST = 10, 200


def satudata_question_create(
    context: types.Context, data_dict: dict[str, Any]
) -> help_answers.QuestionRecorded:
    """Ask the help desk; members of an agency.

    :param topic: the duty that it is about, of ``schemas/help_desk.yaml``
    :param subject: the question in short, 10–100 characters; names no person
    :param text: the question, 10–2000 characters; names no person
    :param address: the page of the portal that it is about, as a path or with the portal's address
    """
    tk.check_access("satudata_question_create", context, data_dict)
    actor = registry.actor_from_context(context)
    row, receipt = committed(lambda: help_desk.ask(actor, data_dict, kinds_in))
    return {**help_showing.question(row, actor), "receipt": receipt.as_dict()}


@tk.side_effect_free
def satudata_question_list(
    context: types.Context, data_dict: dict[str, Any]
) -> help_answers.Questions:
    """Return the questions that the caller asked or answers.

    :param state: ``open`` or ``answered`` (default: both)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_question_list", context, data_dict)
    actor = registry.actor_from_context(context)
    state = parameters.choice(data_dict, "state", ("open", "answered"))
    limit, offset = _part(data_dict)
    waits = Question.answer.is_(None)
    query = sa.select(Question).where(help_desk.seen_by(actor))
    if state:
        query = query.where(waits if state == "open" else ~waits)
    order = (~waits, sa.case((waits, Question.due)), Question.number.desc())
    rows = list(model.Session.scalars(query.order_by(*order).limit(limit).offset(offset)))
    return {
        "count": _count(query),
        "answers_on": help_desk.topics_of(actor),
        "results": help_showing.rows(rows, actor),
    }


@tk.side_effect_free
def satudata_question_show(
    context: types.Context, data_dict: dict[str, Any]
) -> help_answers.QuestionShown:
    """Return a question with its answer, for who asked it and who answers it.

    :param question: its number or id
    """
    tk.check_access("satudata_question_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return help_showing.question(_question(data_dict, actor), actor)


def satudata_question_answer(
    context: types.Context, data_dict: dict[str, Any]
) -> help_answers.QuestionRecorded:
    """Answer a question, or answer it better; whoever answers by ``schemas/help_desk.yaml``.

    :param question: its number or id
    :param text: the answer, 10–4000 characters; names no person
    """
    tk.check_access("satudata_question_answer", context, data_dict)
    return _recorded(
        context, data_dict, lambda row, actor: help_desk.answer(row, actor, data_dict, kinds_in)
    )


def satudata_question_accept(
    context: types.Context, data_dict: dict[str, Any]
) -> help_answers.QuestionRecorded:
    """Make a text of help of an answer, in a wording of its own, or write it anew; Walidata.

    :param question: its number or id
    :param topic: the duty that it helps with
    :param title: 10–100 characters; names no person
    :param text: 10–4000 characters; names no person
    """
    tk.check_access("satudata_question_accept", context, data_dict)
    return _recorded(
        context, data_dict, lambda row, actor: help_desk.accept(row, actor, data_dict, kinds_in)
    )


@tk.side_effect_free
def satudata_help_list(context: types.Context, data_dict: dict[str, Any]) -> help_answers.HelpTexts:
    """Return the texts of help, newest first; members of an agency.

    :param q: words that stand in title or text, all of them
    :param topic: of this duty alone
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_help_list", context, data_dict)
    actor = registry.actor_from_context(context)
    asked = parameters.line(data_dict, "q")[:LONGEST].lower().split()[:WORDS]
    topic = parameters.choice(data_dict, "topic", definition().topics)
    limit, offset = _part(data_dict)
    every = help_desk.texts_for(actor)
    text = sa.func.lower(HelpText.title + "\n" + HelpText.text)
    found = every.where(*(sa.func.strpos(text, word) > 0 for word in asked))
    if topic:
        found = found.where(HelpText.topic == topic)
    order = (HelpText.accepted_at.desc(), Question.number.desc())
    rows = model.Session.execute(found.order_by(*order).limit(limit).offset(offset)).tuples()
    return {
        "count": _count(found),
        "topics": help_showing.topics(every),
        "accepts": help_desk.accepts(actor),
        "results": [help_showing.text(row, number) for row, number in rows],
    }


def satudata_help_withdraw(
    context: types.Context, data_dict: dict[str, Any]
) -> help_answers.QuestionRecorded:
    """Take a text of help back; Walidata. Question and answer stay.

    :param question: number or id of the question that it came of
    """
    tk.check_access("satudata_help_withdraw", context, data_dict)
    return _recorded(context, data_dict, help_desk.withdraw)


def _recorded(
    context: types.Context, data_dict: dict[str, Any], act: Any
) -> help_answers.QuestionRecorded:
    """Do something to the question that a call names, as it stands now."""
    actor = registry.actor_from_context(context)
    row = _question(data_dict, actor, lock=True)
    receipt = committed(lambda: act(row, actor))
    return {**help_showing.question(row, actor), "receipt": receipt.as_dict()}


def _question(data_dict: dict[str, Any], actor: Actor, *, lock: bool = False) -> Question:
    """Return the question that a call names, if it is for the caller.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    row = numbered.find(Question, parameters.reference(data_dict, "question"), lock=lock)
    if row is None or not help_desk.sees(actor, row):
        raise tk.ObjectNotFound(tk._("Question not found"))
    return row


def _part(data_dict: dict[str, Any]) -> tuple[int, int]:
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    return limit, parameters.number(data_dict, "offset", 0, 0, 10**9)


def _count(query: sa.Select[Any]) -> int:
    return int(model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)


def get_actions() -> dict[str, Any]:
    """Return the actions of the help desk by name."""
    return {
        f.__name__: f
        for f in (
            satudata_question_create,
            satudata_question_list,
            satudata_question_show,
            satudata_question_answer,
            satudata_question_accept,
            satudata_help_list,
            satudata_help_withdraw,
        )
    }
