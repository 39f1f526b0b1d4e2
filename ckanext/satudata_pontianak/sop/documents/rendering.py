"""A document as plain data in the language of its readers: what every output is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from ...messages import Message, Translate
from ...msgids import N_, NP_
from . import unconfirmed
from .document import Basis, Document, Enactment, Row
from .laws import by_law
from .rows_tasks import elsewhere

SYMBOLS: Mapping[str, str] = {
    "terminator": N_("Begin or end"),
    "process": N_("Activity"),
    "decision": N_("Choice"),
    "connector": N_("Connector"),
}

WORDS: Mapping[str, str] = {
    "number": N_("Number of the SOP"),
    "code": N_("code of this document"),
    "given_at_enactment": N_("filled in when it is enacted"),
    "definition": N_("Made from definition"),
    "made": N_("Date made"),
    "revised": N_("Date revised"),
    "effective": N_("In force from"),
    "enacted_by": N_("Enacted by"),
    "signature": N_("Signature"),
    "emblem": N_("Emblem"),
    "name": N_("Name of the SOP"),
    "unit": NP_("of an agency", "Unit"),
    "summary": N_("In short"),
    "basis": N_("Legal basis"),
    "qualifications": N_("Qualifications of who acts"),
    "related": N_("Related SOPs"),
    "equipment": N_("Equipment"),
    "warnings": N_("Warnings"),
    "records": N_("Records and data kept"),
    "row": N_("No."),
    "activity": N_("Activity"),
    "actors": N_("Who acts"),
    "quality": N_("Quality standard"),
    "needs": N_("Completeness"),
    "time": N_("Time"),
    "output": N_("Output"),
    "remarks": N_("Remarks"),
    "manual": N_("By hand."),
    "draft": N_("DRAFT"),
    "enacted": N_("Enacted"),
    "draft_help": N_("This SOP has not been enacted. It shows what the portal enforces."),
    "page": N_("Page %(page)s of %(pages)s"),
    "flowchart": N_("Flowchart"),
    "from_page": N_("From another page"),
    "to_page": N_("To another page"),
    "standard_operating_procedure": N_("Standard operating procedure"),
    "legend": N_("Symbols"),
    "page_connector": N_("Connector to another page: number of the row"),
}

LETTERS = {"Yes": N_("Y"), "No": N_("N")}


def view(
    document: Document, translate: Translate, enactment: Enactment | None = None
) -> dict[str, Any]:
    """Return the document with every text translated.

    Rows are numbered from 1; ``next`` names the rows that follow, by number. Who enacted it
    stands in it only where the enactment is of this very definition.
    """

    def say(message: Message | None) -> str:
        return message.text(translate) if message else "–"

    numbers = {row.key: number for number, row in enumerate(document.rows, start=1)}
    status = document.status(enactment)
    lanes = [{"name": name, "label": say(label)} for name, label in document.lanes]
    labels = {lane["name"]: lane["label"] for lane in lanes}
    words = {key: translate(msgid) for key, msgid in WORDS.items()}
    basis = [_basis(item) for item in document.basis]
    return {
        "name": document.name,
        "code": document.code,
        "number": document.number,
        "title": say(document.title),
        "summary": say(document.summary),
        "institution": document.institution,
        "unit": document.unit,
        "language": "id",
        "status": status,
        "status_label": words[status],
        "definition": document.definition,
        "enactment": _enactment(enactment) if enactment and status == "enacted" else None,
        "emblem": None,
        "public": document.public,
        "basis": basis,
        "laws": [law["text"] for law in by_law(basis)],
        "footnote": unconfirmed.explained(translate) if any(b["mark"] for b in basis) else "",
        "qualifications": [say(m) for m in document.qualifications],
        "related": [{"name": n, "code": c, "title": say(m)} for n, c, m in document.related],
        "equipment": [say(m) for m in document.equipment],
        "warnings": [say(m) for m in document.warnings],
        "records": [say(m) for m in document.records],
        "lanes": lanes,
        "rows": [_row(row, numbers, labels, words, translate) for row in document.rows],
        "words": words,
        "symbols": {name: translate(msgid) for name, msgid in SYMBOLS.items()},
    }


def _enactment(enactment: Enactment) -> dict[str, str]:
    """Return who enacted it, without the NIP: it holds a day of birth, and this goes to anybody."""
    return {**{k: v for k, v in asdict(enactment).items() if k != "definition"}, "nip": ""}


def _basis(item: Basis) -> dict[str, Any]:
    mark = "" if item.status == unconfirmed.CONFIRMED else unconfirmed.MARK
    return {"text": item.text, "status": item.status, "mark": mark}


def _row(
    row: Row,
    numbers: Mapping[str, int],
    labels: Mapping[str, str],
    words: Mapping[str, str],
    translate: Translate,
) -> dict[str, Any]:
    following = []
    for link in row.links:
        msgid = link.answer.msgid if link.answer else ""
        following.append(
            {
                "number": numbers[link.to],
                "answer": translate(msgid) if msgid else "",
                "letter": translate(LETTERS[msgid]) if msgid else "",
                "aside": msgid == "No",
            }
        )
    remarks = [m.text(translate) for m in row.remarks]
    if row.trace in numbers and not elsewhere(row.trace):
        remarks.append(
            translate(N_("Recorded in no. %(number)s.")) % {"number": numbers[row.trace]}
        )
    notes = [*([words["manual"]] if row.manual else []), *remarks, *_leads(following, translate)]
    return {
        "number": numbers[row.key],
        "key": row.key,
        "lane": row.lane,
        "lane_label": labels[row.lane],
        "symbol": str(row.symbol),
        "symbol_label": translate(SYMBOLS[row.symbol]),
        "title": row.title.text(translate) if row.title else "",
        "activity": row.activity.text(translate),
        "needs": [m.text(translate) for m in row.needs] or ["–"],
        "time": row.time.text(translate) if row.time else "–",
        "output": row.output.text(translate) if row.output else "–",
        "remarks": remarks,
        "notes": notes,
        "manual": row.manual,
        "trace": row.trace,
        "basis": [_basis(item) for item in row.basis],
        "next": following,
        "leads": " ".join(_leads(following, translate, plain=True)),
    }


def _leads(
    following: list[dict[str, Any]], translate: Translate, *, plain: bool = False
) -> list[str]:
    """Say in words where the lines lead: always for a reader who does not see them."""
    if any(link["letter"] for link in following):
        text = translate(N_("%(letter)s (%(answer)s): go to no. %(number)s."))
        return [text % link for link in following]
    if plain and following:
        numbers = ", ".join(str(link["number"]) for link in following)
        return [translate(N_("Next: no. %(numbers)s.")) % {"numbers": numbers}]
    return []
