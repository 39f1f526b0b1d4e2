"""What stands around the SOPs in the printed set: cover, decree, lists, and who read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ... import days
from ...messages import Translate
from ...msgids import N_
from ...smki.rules.definition import Smki

WORDS: Mapping[str, str] = {
    "title": N_("Standard operating procedures of the portal Satu Data"),
    "year": N_("Year %(year)s"),
    "emblem": N_("Emblem"),
    "decree": N_("Decree on the standard operating procedures of the portal Satu Data"),
    "number": N_("Number of the decree: ……………………………"),
    "considering": N_("Considering"),
    "reason": N_(
        "that the work on the portal Satu Data is done in one written way, which the portal "
        "enforces and records;"
    ),
    "recalling": N_("Recalling"),
    "deciding": N_("Deciding"),
    "first": N_("The procedures of the list in this set are enacted, each by its own number."),
    "second": N_(
        "Where the definitions of the portal change, the procedure is signed anew; until then the "
        "portal names the rows that differ."
    ),
    "third": N_("Each procedure is reviewed within a year of the day from which it is in force."),
    "office": N_("Person responsible for information security"),
    "place": N_("Pontianak, ……………………………"),
    "help": N_("Office, name, NIP and signature are entered by hand, or by electronic signature."),
    "list": N_("List of the procedures"),
    "distribution": N_("Distribution list"),
    "acknowledged": N_("Acknowledgement by the readers"),
    "unsigned": N_("not signed yet"),
    "nobody": N_("nobody yet"),
}
LAWS = (
    "UU 27/2022",
    "Perpres 39/2019",
    "PermenPANRB 35/2012",
    "Permendagri 52/2011",
    "BSSN 4/2021",
)
LIST_HEADS = (N_("Code"), N_("Name of the SOP"), N_("Revision in force"), N_("Number of the SOP"))
DISTRIBUTION_HEADS = (N_("Copy"), N_("Role"), N_("Received on"), N_("Signature"))
READER_HEADS = (N_("Code"), N_("Reader"), N_("On"), N_("Signature"))


def front(
    documents: Sequence[Mapping[str, Any]],
    known: Smki,
    *,
    institution: str,
    unit: str,
    emblem: str | None,
    today: dt.date,
    translate: Translate,
) -> list[dict[str, Any]]:
    """Return cover, decree, list of the procedures and distribution list.

    :param documents: as ``satudata_sop_control_list`` gives them.
    """
    words = {key: translate(msgid) for key, msgid in WORDS.items()}
    head = {"emblem": emblem, "place": words["emblem"], "lines": [institution, unit]}
    year = words["year"] % {"year": today.year}
    clauses = [
        _clause(words["considering"], [("a.", words["reason"])]),
        _clause(
            words["recalling"],
            [(f"{number}.", law) for number, law in enumerate(LAWS, start=1)],
        ),
        _clause(
            words["deciding"],
            [
                (f"{number}.", words[key])
                for number, key in enumerate(("first", "second", "third"), start=1)
            ],
        ),
        {
            "kind": "signatures",
            "offices": [words["office"]],
            "above": words["place"],
            "help": words["help"],
        },
    ]
    listed = [
        [
            item["code"],
            item["title"],
            str(item["in_force"] or words["unsigned"]),
            next((r["nomor"] for r in item["revisions"] if r["state"] == "in_force"), None) or "–",
        ]
        for item in documents
    ]
    copies = [
        [str(number), translate(role.label), "", ""]
        for number, role in enumerate(known.roles.roles.values(), start=1)
    ]
    return [
        {"cover": True, **_paper(words["title"], head, [words["title"], year], [])},
        _paper(words["decree"], head, [words["decree"], words["number"]], clauses),
        _paper(
            words["list"],
            None,
            [],
            [_table(words["list"], LIST_HEADS, (18, 41, 22, 19), listed, translate)],
        ),
        _paper(
            words["distribution"],
            None,
            [],
            [_table(words["distribution"], DISTRIBUTION_HEADS, (8, 44, 22, 26), copies, translate)],
        ),
    ]


def back(documents: Sequence[Mapping[str, Any]], *, translate: Translate) -> list[dict[str, Any]]:
    """Return the list of who acknowledged each revision in force, with room for a signature."""
    words = {key: translate(msgid) for key, msgid in WORDS.items()}
    rows: list[list[str]] = []
    for item in documents:
        read = [
            reader
            for revision in item["revisions"]
            if revision["state"] == "in_force"
            for reader in revision["acknowledged"]
        ]
        rows += [
            [
                item["code"],
                reader["user"],
                days.written(dt.datetime.fromisoformat(reader["at"])),
                "",
            ]
            for reader in read
        ] or [[item["code"], words["nobody"], "", ""]]
    table = _table(words["acknowledged"], READER_HEADS, (18, 34, 24, 24), rows, translate)
    return [_paper(words["acknowledged"], None, [], [table])]


def _clause(label: str, rows: Sequence[tuple[str, str]]) -> dict[str, Any]:
    marked = [{"mark": mark, "text": text} for mark, text in rows]
    return {"kind": "clauses", "label": label, "rows": marked}


def _table(
    caption: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
    translate: Translate,
) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": caption,
        "heads": [translate(head) for head in heads],
        "widths": list(widths),
        "rows": [list(row) for row in rows],
    }


def _paper(
    title: str,
    head: Mapping[str, Any] | None,
    heading: Sequence[str],
    blocks: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "title": "" if head is None else title,
        "language": "id",
        "head": head,
        "heading": list(heading),
        "blocks": list(blocks),
        "cover": False,
    }
