"""A destruction as a paper to be signed (*Berita Acara Pemusnahan*): what goes, why, before whom.

Pure. Nobody's name, NIP or signature is filled in; witnesses stand by office.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ...classification.rules.axes import Classification
from ...classification.rules.indonesian import day
from ...days import CITY, written
from ...messages import Translate
from ...msgids import N_
from ...smki.rules.destruction import destruction_rules
from ..documents import unconfirmed
from . import determination as papers
from . import official
from .determination import BLANK, Frame

WORDS: Mapping[str, str] = {
    "title": N_("Record of a destruction (Berita Acara Pemusnahan)"),
    "opening": N_("What this record names is destroyed on the portal of %(institution)s."),
    "class": N_("Class of the retention schedule (JRA)"),
    "term": N_("Kept from %(first)s until %(last)s"),
    "term_label": N_("Term"),
    "goes": N_("What is destroyed"),
    "whole": N_("All data that the dataset has and had"),
    "files": N_("Only the files that are named below"),
    "assessment": N_("Assessment"),
    "approval": N_("Written approval"),
    "approved": N_("No. %(number)s of %(day)s"),
    "carried": N_("Destroyed"),
    "not_yet": N_("Not yet"),
    "file": N_("File"),
    "proof": N_("What was found afterwards"),
    "place": N_("Place"),
    "cleared": N_("Cleared"),
    "left": N_("Left"),
    "backups": N_("Backups that were made before"),
    "backup": N_("Backup of %(day)s; its last day: %(last)s"),
    "unknown": N_("not known yet"),
    "no_backups": N_("It is not known yet which backups there are."),
    "stays": N_("The dataset, what was decided of it and the audit trail are kept."),
    "witness": N_("Witness: %(office)s"),
}


def record(
    found: Mapping[str, Any], frame: Frame, rules: Classification, translate: Translate
) -> dict[str, Any]:
    """Return the record of a destruction, in Indonesian.

    :param found: the destruction, as ``satudata_smki_destruction_show`` gives it.
    """
    cited = unconfirmed.marked(destruction_rules().basis)
    blocks: list[dict[str, Any]] = []
    if frame.draft:
        blocks.append({"kind": "notice", "text": translate(papers.WORDS["draft"])})
    opening = translate(WORDS["opening"]) % {"institution": frame.institution}
    blocks += [
        {"kind": "text", "text": opening},
        {"kind": "facts", "facts": _facts(found, cited, translate)},
    ]
    if found["files"]:
        heads = ((N_("No."), 10), (WORDS["file"], 90))
        rows = [[str(at), f["name"] or f["id"]] for at, f in enumerate(found["files"], start=1)]
        blocks.append(_table(WORDS["goes"], heads, rows, translate))
    if found["looked"]:
        heads = ((WORDS["place"], 50), (WORDS["cleared"], 35), (WORDS["left"], 15))
        places = [
            [translate(p["label"]), _moment(p["cleared"]), str(p["left"])] for p in found["places"]
        ]
        blocks += [
            _table(WORDS["proof"], heads, places, translate),
            {
                "kind": "list",
                "label": translate(WORDS["backups"]),
                "lines": _backups(found, translate),
            },
        ]
    place = {"place": rules.exclusion.place or BLANK, "day": day(frame.decided) or BLANK}
    offices = [translate(found["proposed_as"]), translate(found["concluded_as"] or BLANK)]
    witnesses = [translate(WORDS["witness"]) % {"office": each} for each in found["witnesses"]]
    blocks += [
        {"kind": "text", "text": translate(WORDS["stays"])},
        {
            "kind": "signatures",
            "above": translate(official.WORDS["place_date"]) % place,
            "offices": [*offices, *witnesses],
            "help": translate(papers.WORDS["sign"]),
        },
        *papers.closing([], frame, [cited], translate),
    ]
    title = translate(WORDS["title"])
    heading = [title, papers.numbered(frame, translate)]
    return papers.framed(title, heading, frame, blocks, translate, landscape=False)


def _facts(found: Mapping[str, Any], cited: str, translate: Translate) -> list[dict[str, Any]]:
    empty = translate(official.WORDS["not_recorded"])
    term = {name: _day(found["term"][key]) for name, key in (("first", "begins"), ("last", "due"))}
    approval = empty
    if found["number"]:
        approved = {"number": found["number"], "day": _day(found["day"])}
        approval = translate(WORDS["approved"]) % approved
    hashed = [f"SHA-256 {found['sha256']}"] if found["sha256"] else []
    done = _moment(found["done"]) if found["done"] else translate(WORDS["not_yet"])
    told = (
        (papers.WORDS["dataset"], [found["title"]]),
        (WORDS["goes"], [translate(WORDS["whole" if found["whole"] else "files"])]),
        (WORDS["class"], [found["term"]["code"]]),
        (WORDS["term_label"], [translate(WORDS["term"]) % term]),
        (WORDS["assessment"], [found["assessment"]]),
        (WORDS["approval"], [approval, *hashed]),
        (WORDS["carried"], [done]),
        (N_("Legal basis"), [cited or empty]),
    )
    return [{"label": translate(label), "texts": texts} for label, texts in told]


def _table(
    caption: str,
    heads: tuple[tuple[str, int], ...],
    rows: list[list[str]],
    translate: Translate,
) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": translate(caption),
        "heads": [translate(head) for head, _ in heads],
        "widths": [width for _, width in heads],
        "rows": rows,
    }


def _backups(found: Mapping[str, Any], translate: Translate) -> list[str]:
    if found["backups"] is None:
        return [translate(WORDS["no_backups"])]
    unknown = translate(WORDS["unknown"])
    return [
        translate(WORDS["backup"])
        % {"day": _day(b["day"]), "last": _day(b["last_day"]) if b["last_day"] else unknown}
        for b in found["backups"]
    ] or ["–"]


def _day(text: str | None) -> str:
    return day(dt.date.fromisoformat(text)) or BLANK if text else BLANK


def _moment(text: str | None) -> str:
    return written(dt.datetime.fromisoformat(text).astimezone(CITY)) if text else BLANK
