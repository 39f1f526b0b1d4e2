"""Actions on impact assessments: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry, words
from ...agencies.rules.duties import Actor
from ...classification.cases.actions import find_dataset
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ...classification.requests.actions import tried
from ...classification.rules import impact, kind_names
from ...classification.rules.axes import classification
from ...messages import Message
from .. import show
from ..records.personal_data_model import CONCLUDED, WAITING, Assessment
from ..rules.definition import smki
from ..rules.personal_data import personal_data
from . import assessment_answers as answers
from . import assessments

MAX_ROWS = 500
STATES = (WAITING, CONCLUDED, "all")


@tk.side_effect_free
def satudata_smki_assessment_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AssessmentShown:
    """Return how impact assessments of a dataset stand, and what the portal knows for one.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_smki_assessment_show", context, data_dict)
    package, actor = _seen(context, data_dict)
    return _shown(package, actor)


def satudata_smki_assessment_write(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AssessmentRecorded:
    """Write an impact assessment of a dataset; one that waits is replaced.

    :param id: id or name of the dataset
    :param purpose: purpose, and why it is necessary; 10 to 4,000 characters, without identifiers
    :param risks: risks to the people concerned
    :param measures: measures against them
    :param criteria: what only a person knows, a list of names (optional)
    """
    tk.check_access("satudata_smki_assessment_write", context, data_dict)
    criteria = parameters.names(data_dict, "criteria", len(personal_data().assessment.criteria))
    given = {**data_dict, "criteria": criteria}
    return _go_on(
        context,
        data_dict,
        lambda package, actor: assessments.write(package, actor, given, kinds_in),
    )


def satudata_smki_assessment_conclude(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AssessmentRecorded:
    """Conclude the assessment that waits: the Pejabat PDP or PPID, never who wrote it.

    :param id: id or name of the dataset
    :param opinion: ``adequate``, ``with_conditions`` or ``inadequate``
    :param reasons: why, at least 10 characters
    """
    tk.check_access("satudata_smki_assessment_conclude", context, data_dict)
    return _go_on(
        context,
        data_dict,
        lambda package, actor: assessments.conclude(package, actor, data_dict, kinds_in),
    )


@tk.side_effect_free
def satudata_smki_assessment_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AssessmentRows:
    """Return impact assessments of datasets of which the caller sees them, the oldest first.

    :param state: ``waiting``, ``concluded`` or ``all`` (default: ``waiting``)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_assessment_list", context, data_dict)
    state = parameters.choice(data_dict, "state", STATES) or WAITING
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    states = (WAITING, CONCLUDED) if state == "all" else (state,)
    found = assessments.listed(registry.actor_from_context(context), states)
    return {
        "count": len(found),
        "results": [
            {
                "id": package.id,
                "name": package.name,
                "title": package.title or package.name,
                "state": row.state,
                "written": row.written_at.isoformat(),
                "concluded": row.concluded_at.isoformat() if row.concluded_at else None,
                "opinion": row.opinion,
            }
            for row, package in found[offset : offset + limit]
        ],
    }


def _seen(context: types.Context, data_dict: dict[str, Any]) -> tuple[model.Package, Actor]:
    """Return the dataset that a call names, if the caller sees its assessments.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    package, actor = find_dataset(context, data_dict), registry.actor_from_context(context)
    if not assessments.sees(actor, package):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return package, actor


def _go_on(
    context: types.Context,
    data_dict: dict[str, Any],
    step: Callable[[model.Package, Actor], Any],
) -> answers.AssessmentRecorded:
    package, actor = _seen(context, data_dict)

    def act() -> Any:
        receipt = step(package, actor)
        model.Session.commit()
        return receipt

    receipt = tried(act)
    return {**_shown(package, actor), "receipt": receipt.as_dict()}


def _words(kinds: Iterable[str]) -> list[str]:
    called = (kind_names.called(kind) for kind in kinds)
    return [one.text(tk._) if isinstance(one, Message) else one for one in called]


def _shown(package: model.Package, actor: Actor) -> answers.AssessmentShown:
    known, stands = assessments.known(package, actor), assessments.stands([package.id])
    waits, done = (
        assessments.shown_to(actor, package, row)
        for row in (assessments.waiting(package.id), assessments.newest(package.id))
    )
    stand = stands.get(package.id, impact.NONE)
    names = words.names_of(
        person for row in (waits, done) if row for person in (row.written_by, row.concluded_by)
    )
    label = classification().label
    agencies = {one.name: one.title for one in registry.load_agencies().values()}
    controls = smki().controls.controls
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "known": {
            "level": known.level,
            "level_label": tk._(label("tingkat_keamanan", known.level)) if known.level else None,
            "kinds": [
                {"kind": kind, "label": _words([kind])[0], "wanted": kind in known.wanted}
                for kind in sorted(known.kinds)
            ],
            "files": known.files,
            "rows": known.rows,
            "recipients": [agencies.get(one, one) for one in known.recipients],
            "grants": known.grants,
            "earlier": known.earlier,
            "safeguards": [tk._(controls[name].label) for name in known.safeguards],
        },
        "missing": _words(impact.missing(known.level, known.kinds, stand)),
        "waits": waits is not None and impact.waits(known.level, stand),
        "writes": assessments.writes(actor, package),
        "concludes": waits is not None and assessments.may_conclude(waits, actor) is None,
        "concluded_by": show.role_label(personal_data().assessment.concluded_by),
        "waiting": _assessed(waits, names) if waits else None,
        "concluded": _assessed(done, names) if done else None,
    }


def _assessed(row: Assessment, names: dict[str, str]) -> answers.Assessed:
    rules = personal_data().assessment
    return {
        "id": row.id,
        "state": row.state,
        "kinds": _words(row.kinds),
        "criteria": [tk._(rules.criteria[name].label) for name in row.criteria],
        "texts": [
            {"name": name, "label": tk._(spec.label), "text": row.texts[name]}
            for name, spec in rules.texts.items()
            if name in row.texts
        ],
        "written_by": names.get(row.written_by or ""),
        "written": row.written_at.isoformat(),
        "opinion": row.opinion,
        "opinion_label": tk._(rules.opinions[row.opinion].label) if row.opinion else None,
        "reasons": row.reasons,
        "concluded_by": names.get(row.concluded_by or ""),
        "concluded": row.concluded_at.isoformat() if row.concluded_at else None,
        "receipts": [n for n in (row.written_entry, row.concluded_entry) if n is not None],
    }


def get_actions() -> dict[str, Any]:
    """Return the actions on impact assessments by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_assessment_show,
            satudata_smki_assessment_write,
            satudata_smki_assessment_conclude,
            satudata_smki_assessment_list,
        )
    }
