"""Actions of the guided tours: thin, each a call into the room; each sees their own alone."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry
from ...agencies.rules.duties import LABELS, Actor, Duty
from ...classification.cases import evidence, show, show_scans
from ...classification.cases.answers import Finding, HandedOver
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ...classification.rules.definition import workflow
from ..records.committing import committed
from ..records.cooperation_model import Practice
from ..rules.training import Course, TourStep
from ..rules.training import training as definition
from . import training, training_answers


@tk.side_effect_free
def satudata_training_list(
    context: types.Context, data_dict: dict[str, Any]
) -> training_answers.Courses:
    """Return the guided tours, those of the caller's duties first; members of an agency."""
    tk.check_access("satudata_training_list", context, data_dict)
    actor = registry.actor_from_context(context)
    mine, taken = training.mine(actor), training.taken(actor)
    rows = [_row(c, c.name in mine, taken.get(c.name)) for c in definition().courses.values()]
    return {"count": len(rows), "results": sorted(rows, key=lambda row: not row["mine"])}


@tk.side_effect_free
def satudata_training_show(
    context: types.Context, data_dict: dict[str, Any]
) -> training_answers.CourseShown:
    """Return a tour: its steps, how far the caller is, their practice dataset, and the quiz.

    :param course: its name in ``schemas/training.yaml``
    """
    tk.check_access("satudata_training_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return _shown(_course(data_dict), actor)


def satudata_training_begin(
    context: types.Context, data_dict: dict[str, Any]
) -> training_answers.CourseRecorded:
    """Begin a tour, or begin it anew.

    :param course: its name in ``schemas/training.yaml``
    """
    tk.check_access("satudata_training_begin", context, data_dict)
    actor, course = registry.actor_from_context(context), _course(data_dict)
    receipt = committed(lambda: training.begin(actor, course))
    return {**_shown(course, actor), "receipt": receipt.as_dict()}


def satudata_training_step(
    context: types.Context, data_dict: dict[str, Any]
) -> training_answers.CourseRecorded:
    """Do the next step of a tour.

    :param course: its name in ``schemas/training.yaml``
    :param step: its number, from 1 on
    :param value: what was chosen or written, where the step asks for something
    :param values: object: axis → value, where the step asks for the three axes
    """
    tk.check_access("satudata_training_step", context, data_dict)
    actor, course = registry.actor_from_context(context), _course(data_dict)
    step = parameters.number(data_dict, "step", 0, 0, 100)

    def act() -> Any:
        row = training.found(actor, course.name, lock=True)
        return training.go_on(row, actor, course, step, data_dict, kinds_in)

    receipt = committed(act)
    return {**_shown(course, actor), "receipt": receipt.as_dict()}


def satudata_training_quiz(
    context: types.Context, data_dict: dict[str, Any]
) -> training_answers.QuizAnswered:
    """Answer the quiz of a tour; passing it stands in the register of people.

    :param course: its name in ``schemas/training.yaml``
    :param values: object: number of a question, from 1 on → name of the choice
    """
    tk.check_access("satudata_training_quiz", context, data_dict)
    actor, course = registry.actor_from_context(context), _course(data_dict)
    given = data_dict.get("values")
    answers = given if isinstance(given, dict) else {}

    def act() -> Any:
        row = training.found(actor, course.name, lock=True)
        return training.answer(row, actor, course, answers)

    receipt, against = committed(act)
    return {
        "passed": against is None,
        "said": against.text(tk._) if against is not None else None,
        "receipt": receipt.as_dict() if receipt is not None else None,
    }


def _course(data_dict: dict[str, Any]) -> Course:
    course = definition().courses.get(parameters.text(data_dict, "course"))
    if course is None:
        raise tk.ObjectNotFound(tk._("There is no such tour."))
    return course


def _row(course: Course, mine: bool, row: Practice | None) -> training_answers.CourseRow:
    return {
        "name": course.name,
        "label": tk._(course.label),
        "duty": course.duty.value,
        "duty_label": tk._(LABELS[course.duty]),
        "mine": mine,
        "steps_count": len(course.steps),
        "step": row.step if row else 0,
        "begun": row is not None,
        "passed": row.passed_at.isoformat() if row and row.passed_at else None,
    }


def _shown(course: Course, actor: Actor) -> training_answers.CourseShown:
    row = training.found(actor, course.name)
    dataset = row.dataset if row else {}
    state = dataset.get("state")
    done = row is not None and row.step >= len(course.steps)
    return {
        **_row(course, course.name in training.mine(actor), row),
        "steps": [
            {
                "number": number,
                "label": tk._(step.label),
                "help": tk._(step.help),
                "output": tk._(step.output),
                "really": tk._(step.really) if step.really else None,
                "at": step.at or None,
                "finding": _finding(course) if step.shows else None,
                "note": _note(step, row) if step.note and row else None,
                "does": {
                    "field": step.does.field,
                    "label": tk._(step.does.label),
                    "choices": {k: tk._(v.label) for k, v in step.does.choices.items()},
                }
                if step.does
                else None,
            }
            for number, step in enumerate(course.steps, 1)
        ],
        "dataset": {
            "title": dataset.get("title") or "",
            "description": dataset.get("description") or "",
            "note": dataset.get("note") or "",
            "axes": dataset.get("axes") or {},
            "state": state,
            "state_label": tk._(workflow().states[state].label),
        }
        if state in workflow().states
        else None,
        "quiz": [
            {
                "number": number,
                "label": tk._(question.label),
                "choices": {k: tk._(v.label) for k, v in question.choices.items()},
            }
            for number, question in enumerate(course.quiz, 1)
        ]
        if done
        else [],
    }


def _finding(course: Course) -> Finding | None:
    """Return what the scan says of the practice file, in the shape of a real finding."""
    found = course.finding
    if found is None:
        return None
    item = {
        "table": None,
        "column": found.column,
        "kind": found.kind,
        "class": found.personal_class,
        "count": len(found.rows),
        "share": 1.0,
        "score": 1.0,
        "hard": True,
        "reason": found.reason,
        "sample": found.sample,
        "where": {
            "rows": list(found.rows),
            "cells": [],
            "pages": [],
            "outside": [],
        },
    }
    return show_scans.finding(item, evidence.finding_message(found.file, item), {}, {})


def _note(step: TourStep, row: Practice) -> HandedOver:
    """Return the words with which the practice dataset came back, in the shape of a real note."""
    return {
        "label": show.step_label("verification", "return"),
        "duty": tk._(LABELS[Duty.WALIDATA]),
        "at": row.begun_at.isoformat(),
        "note": tk._(step.note),
        "back": True,
    }


def get_actions() -> dict[str, Any]:
    """Return the actions of the tours by name."""
    return {
        f.__name__: f
        for f in (
            satudata_training_list,
            satudata_training_show,
            satudata_training_begin,
            satudata_training_step,
            satudata_training_quiz,
        )
    }
