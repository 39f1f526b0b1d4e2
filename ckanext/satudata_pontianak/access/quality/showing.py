"""The quality of a dataset in words, and where each lost point is mended."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

import ckan.plugins.toolkit as tk

from ...agencies.rules.duties import Actor
from ...classification.rules.policy import may_publish
from ...messages import Message
from ...metadata import naming
from ...metadata.quality.definition import Answer, Place, quality
from ...metadata.quality.plausible import Asked, Kind
from ...metadata.quality.score import Told, scored
from ...msgids import N_
from ...surface import page_names
from . import facts, figures
from .answers import QualityAsked, QualityBeside, QualityLost, QualityShown
from .figures import Figure

_HELPS = {
    Kind.JUMP: N_("Look whether a digit or the unit is wrong; else leave it as it is."),
    Kind.TOTAL: N_("Mend the total or one of its parts."),
    Kind.SAME: N_("Look which of the two is right, and mend the other."),
    Kind.REGION: N_("Mend the figure of the whole region or one of its parts."),
}
_SENTENCES = {
    Kind.JUMP: N_(
        "%(file)s, row %(row)s, %(column)s: %(found)s, and %(other)s in the period before."
    ),
    Kind.TOTAL: N_("%(file)s, row %(row)s, %(column)s: %(found)s, but its parts make %(other)s."),
    Kind.SAME: N_("%(file)s, row %(row)s, %(column)s: %(found)s, but %(other)s in “%(dataset)s”."),
    Kind.REGION: N_("%(file)s, row %(row)s, %(column)s: %(found)s, but its parts make %(other)s."),
}
_ANCHORS = {"tag_string": "tags", "license_id": "license"}
"""Fields that core's forms call otherwise."""


def shown(dataset: Mapping[str, Any], actor: Actor, *, edits: bool) -> QualityShown:
    """Return the quality of a dataset as one reader has it.

    :param dataset: what ``package_show`` gives the reader.
    :param actor: the reader.
    :param edits: they may change it, and are led to where they do.
    """
    waiting = facts.waiting(dataset)
    known = facts.of_dataset(dataset, waiting)
    judged = edits or facts.has_files(dataset)
    score = scored(quality(), known, with_files=judged)
    return {
        "dataset_id": dataset["id"],
        "points": score.points,
        "possible": score.possible,
        "forecast": score.forecast,
        "parts": [
            {
                "dimension": name,
                "dimension_label": tk._(quality().dimensions[name].label),
                "points": part.points,
                "possible": part.possible,
            }
            for name, part in score.parts().items()
        ],
        "lost": [_lost(one, dataset, edits) for one in score.lost],
        "asked": [
            asked(figure, dataset, actor)
            for figure in figures.told(dataset, waiting, actor)
            if can_say(figure)
        ],
    }


def can_say(figure: Figure) -> bool:
    """Tell whether JSON has words for a figure: it knows no number beyond what a float holds."""
    return all(math.isfinite(float(each)) for each in (figure.asked.found, figure.asked.other))


def sentence(figure: Figure) -> Message:
    """Return what does not agree, in a sentence."""
    one: Asked = figure.asked
    return Message(
        _SENTENCES[one.kind],
        {
            "file": str(figure.resource.get("name") or ""),
            "row": _number(one.row),
            "column": one.column,
            "found": _number(one.found),
            "other": _number(one.other),
            "dataset": figure.beside.title if figure.beside else "",
        },
    )


def reply(figure: Figure) -> Message | None:
    """Return what the agency says of a figure that is served, or that it said nothing in time."""
    said = figure.answer
    if said is None:
        if figure.due is None:
            return None
        return Message(
            N_("The agency has not answered; it had until %(day)s."), {"day": figure.due}
        )
    label = Message(quality().answering.answers[Answer(said.answer)].label)
    if figure.mended_by is not None:
        return Message(
            N_("The agency says: %(answer)s by %(day)s. %(reason)s"),
            {"answer": label, "day": figure.mended_by, "reason": said.reason},
        )
    return Message(
        N_("The agency says: %(answer)s. %(reason)s"), {"answer": label, "reason": said.reason}
    )


def _number(value: Any) -> str:
    return format_decimal(value, locale="en" if naming.in_english() else "id")


def asked(figure: Figure, dataset: Mapping[str, Any], actor: Actor) -> QualityAsked:
    """Return a figure that does not agree, as one reader is told of it."""
    one, said = figure.asked, figure.answer
    answers = may_publish(actor, dataset.get("owner_org"))
    address = None
    if answers:
        page = page_names.endpoint("figure")
        address = tk.url_for(page, id=dataset["name"], figure=figure.key, qualified=True)
    told = reply(figure) if said is not None or not answers else None
    return {
        "id": figure.key,
        "kind": one.kind.value,
        "text": sentence(figure).text(tk._),
        "resource_id": figure.resource["id"],
        "file": str(figure.resource.get("name") or ""),
        "row": one.row,
        "column": one.column,
        "found": float(one.found),
        "other": float(one.other),
        "beside": _beside(figure),
        "help": tk._(_HELPS[one.kind]),
        "waits": figure.waits,
        "due": figure.due.isoformat() if figure.due else None,
        "answer": said.answer if said else None,
        "reason": said.reason if said else None,
        "answered": said.answered_at.isoformat() if said else None,
        "mended_by": figure.mended_by.isoformat() if figure.mended_by else None,
        "reply": told.text(tk._).strip() if told else "",
        "url": address,
    }


def _beside(figure: Figure) -> QualityBeside | None:
    other = figure.beside
    if other is None:
        return None
    page = f"{other.type}.read"
    return {
        "name": other.name,
        "title": other.title,
        "row": other.row,
        "column": other.column,
        "url": tk.url_for(page, id=other.name, qualified=True),
    }


def _lost(one: Told, dataset: Mapping[str, Any], edits: bool) -> QualityLost:
    check, address = one.check, None
    if edits:
        page = f"{dataset['type']}.edit"
        if check.place is Place.DATA:
            page = page_names.endpoint("new_data")
        address = tk.url_for(page, id=dataset["name"], qualified=True)
        if check.place is Place.DATASET:
            address = f"{address}#field-{_ANCHORS.get(check.field, check.field)}"
    return {
        "check": one.name,
        "dimension": check.dimension,
        "label": tk._(check.label),
        "help": tk._(check.help),
        "gain": check.points,
        "field": check.field or None,
        "place": check.place.value,
        "url": address,
        "sources": [
            {
                "label": tk._(quality().sources[name].label),
                "text": quality().sources[name].text,
                "unconfirmed": quality().unconfirmed(name),
            }
            for name in check.sources
        ],
    }
