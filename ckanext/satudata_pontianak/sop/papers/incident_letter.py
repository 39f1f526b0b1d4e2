"""Drafts of the letters of an incident: to people, to the authority, the sector and the public.

Pure. A draft holds what was recorded and room for the rest: nobody's name, address or signature is
filled in, and no letter is sent. Source: UU 27/2022 Article 46; BSSN 1/2024 Article 15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ...classification.rules.indonesian import day
from ...days import CITY, written
from ...messages import Translate
from ...msgids import N_
from ...smki.rules.incident_rules import Notified, security_incidents
from ..documents import unconfirmed
from ..documents.definition import definitions
from . import official
from .determination import BLANK, Frame, framed

WORDS: Mapping[str, str] = {
    "draft": N_("Draft. Complete it, have it signed, and send it; the portal sends no letter."),
    "to": N_("Addressed to"),
    "number": N_("Number of the letter"),
    "kind": N_("What happened"),
    "known": N_("When it became known"),
    "done": N_("What was done"),
    "datasets": N_("Datasets concerned"),
    "complete": N_("Who knows of all of them writes their number, and the names that may be told."),
    "contact": N_("Whom to ask"),
    "office": N_("Head of the office that writes"),
    "sign": N_("Office, name, NIP and signature are entered by hand, or by electronic signature."),
    "basis": N_("Legal basis"),
}


def letter(
    found: Mapping[str, Any], notice: Notified, today: dt.date, translate: Translate
) -> dict[str, Any]:
    """Return the draft of a letter, in Indonesian.

    :param found: the incident, as ``satudata_smki_incident_show`` gives it.
    :param notice: whom the letter goes to.
    """
    rules = security_incidents()
    empty = translate(official.WORDS["not_recorded"])
    said = {text["name"]: text["text"] for text in found["texts"]}
    cited = unconfirmed.marked(notice.basis)
    done = [
        f"{written(dt.datetime.fromisoformat(step['at']).astimezone(CITY))}: {step['text']}"
        for step in found["steps"]
        if step["action"] == "measure"
    ]
    known = written(dt.datetime.fromisoformat(found["known"]))
    facts = (
        (WORDS["to"], [translate(notice.label), BLANK]),
        (WORDS["number"], [BLANK]),
        (WORDS["kind"], [translate(rules.kinds[found["kind"]].label)]),
        (WORDS["known"], [known]),
        (rules.texts["what"].label, [said.get("what") or empty]),
        (rules.texts["exposed"].label, [said.get("exposed") or empty]),
        (WORDS["datasets"], _datasets(found, translate)),
        (WORDS["done"], done or [empty]),
        (WORDS["contact"], [BLANK]),
        (WORDS["basis"], [cited]),
    )
    sop = definitions().sop
    frame = Frame(
        institution=sop.institution, body=sop.unit, number=None, decided=None, address="", code=""
    )
    place = {"place": BLANK, "day": day(today)}
    blocks: list[dict[str, Any]] = [
        {"kind": "notice", "text": translate(WORDS["draft"])},
        {"kind": "text", "text": translate(notice.opening)},
        {
            "kind": "facts",
            "facts": [{"label": translate(label), "texts": texts} for label, texts in facts],
        },
        {
            "kind": "signatures",
            "above": translate(official.WORDS["place_date"]) % place,
            "offices": [translate(WORDS["office"])],
            "help": translate(WORDS["sign"]),
        },
    ]
    if unconfirmed.MARK in cited:
        blocks.append({"kind": "footnote", "text": unconfirmed.explained(translate)})
    title = translate(notice.title)
    return framed(title, [title], frame, blocks, translate, landscape=False)


def _datasets(found: Mapping[str, Any], translate: Translate) -> list[str]:
    """Return the datasets of which everybody may know, and always that a person completes them."""
    titles = [each["title"] for each in found["datasets"] if each["for_all"]]
    return [*titles, translate(WORDS["complete"])]
