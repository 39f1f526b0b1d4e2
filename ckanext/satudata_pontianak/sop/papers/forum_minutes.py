"""The minutes of a meeting of the Forum Satu Data as a paper: agenda, minutes, decisions.

Pure. It holds what its reader may know of, and is a draft: number, signature and NIP are entered by
hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ...classification.rules.indonesian import day
from ...messages import Translate
from ...msgids import N_
from ...smki.rules.cooperation import cooperation
from ..documents import unconfirmed
from ..documents.definition import definitions
from . import blocks as blocks_of
from . import official
from .determination import BLANK, Frame, framed

WORDS: Mapping[str, str] = {
    "title": N_("Minutes of the Forum Satu Data"),
    "held": N_("Day of the meeting"),
    "paper": N_("Number of the minutes"),
    "minutes": N_("What was said"),
    "basis": N_("Legal basis"),
    "led": N_("Walidata"),
}


def minutes(found: Mapping[str, Any], translate: Translate) -> dict[str, Any]:
    """Return the minutes of a meeting, in Indonesian.

    :param found: the meeting, as ``satudata_forum_show`` gives it to its reader.
    """
    rules, empty = cooperation(), translate(official.WORDS["not_recorded"])
    cited = unconfirmed.marked(rules.basis)
    sop = definitions().sop
    frame = Frame(
        institution=sop.institution, body=sop.unit, number=None, decided=None, address="", code=""
    )
    facts = (
        ("held", day(dt.date.fromisoformat(found["day"]))),
        ("paper", found["paper"]),
        ("minutes", found["minutes"] or empty),
        ("basis", cited),
    )
    place = {"place": BLANK, "day": BLANK}
    blocks: list[dict[str, Any]] = [
        {
            "kind": "facts",
            "facts": [{"label": translate(WORDS[name]), "texts": [text]} for name, text in facts],
        },
        blocks_of.table(
            N_("Agenda"),
            (N_("What is stuck"), N_("Agency"), N_("Since")),
            (55, 25, 20),
            [
                [
                    f"{item['dataset']['title']}: {item['words']}"
                    if item["dataset"]
                    else item["words"],
                    item["agency"]["title"] if item["agency"] else "",
                    day(dt.date.fromisoformat(item["since"])),
                ]
                for item in found["agenda"]
            ],
            translate,
        ),
        blocks_of.table(
            N_("What was decided"),
            (N_("What was decided"), N_("What it settles"), N_("Carried out by"), N_("Until")),
            (40, 20, 22, 18),
            [
                [
                    each["text"],
                    each["dataset"]["title"] if each["dataset"] else "",
                    each["agency"]["title"] if each["agency"] else "",
                    day(dt.date.fromisoformat(each["due"])),
                ]
                for each in found["decisions"]
            ],
            translate,
        ),
        {
            "kind": "signatures",
            "above": translate(official.WORDS["place_date"]) % place,
            "offices": [translate(WORDS["led"])],
            "help": translate(blocks_of.SIGN),
        },
    ]
    if unconfirmed.MARK in cited:
        blocks.append({"kind": "footnote", "text": unconfirmed.explained(translate)})
    title = translate(WORDS["title"])
    return framed(title, [title], frame, blocks, translate, landscape=False)
