"""Questions to the help desk and texts of help, as their reader may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import words
from ...agencies.rules.duties import LABELS, Actor
from ..records.help_model import HelpText, Question
from ..rules.help_desk import help_desk as definition
from . import help_answers, help_desk, knowing


def label(topic: str) -> str:
    """Return a topic as people call it."""
    return tk._(LABELS.get(topic, topic))


def rows(found: Sequence[Question], actor: Actor) -> list[help_answers.QuestionRow]:
    """Return questions as a list gives them; what is hidden is asked once for all."""
    knows = knowing.known(actor, {i for row in found for i in row.named})
    return [_row(row, actor, readable={*row.named} <= knows) for row in found]


def _row(row: Question, actor: Actor, *, readable: bool) -> help_answers.QuestionRow:
    return {
        "id": row.id,
        "number": row.number,
        "topic": row.topic,
        "topic_label": label(row.topic),
        "subject": row.subject if readable else None,
        "answered": row.answered_at.isoformat() if row.answered_at else None,
        "due": row.due.isoformat(),
        "late": row.answer is None and row.due < days.today(),
        "risen": row.risen.isoformat() if row.risen else None,
        "asked": row.asked_at.isoformat(),
        "mine": row.asked_by == actor.id,
    }


def question(row: Question, actor: Actor) -> help_answers.QuestionShown:
    """Return a question with its answer, as far as its reader may know of it."""
    readable = knowing.knows(actor, row.named)
    names = words.names_of([row.asked_by, row.answered_by])
    made, accepts = help_desk.help_of(row), help_desk.accepts(actor)
    shown = made is not None and made.withdrawn_at is None
    seen = made is not None and (shown or accepts) and knowing.knows(actor, made.named)
    return {
        **_row(row, actor, readable=readable),
        "address": row.address if readable else None,
        "text": row.text if readable else None,
        "asked_by": names.get(row.asked_by or ""),
        "answer": row.answer if knowing.knows(actor, row.answer_named) else None,
        "answered_by": names.get(row.answered_by or ""),
        "help": {"topic": made.topic, "title": made.title, "text": made.text, "shown": shown}
        if made is not None and seen
        else None,
        "may": {
            "answer": help_desk.answers(actor, row),
            "accept": accepts and row.answer is not None,
            "withdraw": accepts and shown,
        },
    }


def text(row: HelpText, number: int) -> help_answers.HelpRow:
    """Return a text of help that its reader may read."""
    return {
        "number": number,
        "topic": row.topic,
        "topic_label": label(row.topic),
        "title": row.title,
        "text": row.text,
        "accepted": row.accepted_at.isoformat(),
    }


def topics(every: sa.Select[Any]) -> list[help_answers.HelpTopic]:
    """Return the topics of help with how many texts of a selection each has."""
    query = every.with_only_columns(HelpText.topic, sa.func.count()).group_by(HelpText.topic)
    counts: dict[str, int] = dict(model.Session.execute(query).tuples().all())
    return [
        {"topic": name, "label": label(name), "count": counts.get(name, 0)}
        for name in definition().topics
    ]
