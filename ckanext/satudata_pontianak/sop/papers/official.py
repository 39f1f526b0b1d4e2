"""Official papers beside the SOPs, as plain data: the registers.

Pure. A paper is a title and blocks (facts, tables, texts, places to sign); every output is made
from that. Its words are Indonesian, whoever reads the page: these are official texts. What decides
an exemption stands in ``determination_paper.py``. Source: UU 14/2008 Articles 11 and 17.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...classification.rules.axes import Classification
from ...classification.rules.indonesian import day
from ...messages import Translate
from ...msgids import N_

HELD = N_("Held back for now")
WORDS: Mapping[str, str] = {
    "dip": N_("Register of public information (DIP)"),
    "dik": N_("Register of excluded information (DIK)"),
    "as_of": N_("As of %(day)s"),
    "only": N_("Only: %(filters)s"),
    "nothing": N_("Nothing stands in this register."),
    "page": N_("Page %(page)s of %(pages)s"),
    "not_recorded": N_("not recorded"),
    "place_date": N_("%(place)s, %(day)s"),
    "office": N_("Information and Documentation Officer (PPID)"),
    "period_until": N_("%(start)s until %(until)s"),
    "period_review": N_("from %(start)s, as long as needed; reviewed by %(review)s"),
    "body": N_("%(institution)s; work unit: %(agency)s"),
}

Columns = tuple[tuple[str, float, Callable[[Mapping[str, Any], Translate], str]], ...]
"""Heading, share of the width, and how a cell is told from a row of the register."""


def period(start: Any, until: Any, review: Any, translate: Translate) -> str:
    """Return for how long something is excluded, in words; empty where it was not recorded."""
    start, until, review = _date(start), _date(until), _date(review)
    if start is None:
        return day(until) or day(review)
    if until is not None:
        values = {"start": day(start), "until": day(until)}
        return translate(WORDS["period_until"]) % values
    if review is not None:
        values = {"start": day(start), "review": day(review)}
        return translate(WORDS["period_review"]) % values
    return ""


def _date(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _agency(row: Mapping[str, Any], _: Translate) -> str:
    return row["agency"]["title"] or row["agency"]["name"] or ""


def _period(row: Mapping[str, Any], translate: Translate) -> str:
    return period(row["from"], row["until"], row["review"], translate)


def _letter(row: Mapping[str, Any], translate: Translate) -> str:
    if not row["article_number"]:
        return row["article"]
    values = {"letter": row["article"], "number": row["article_number"]}
    return translate(N_("%(letter)s number %(number)s")) % values


DIK: Columns = (
    (N_("Information"), 26, lambda row, _: row["information"]),
    (N_("Article 17, letter"), 8, _letter),
    (N_("Legal basis of the exemption"), 20, lambda row, _: row["legal_basis"]),
    (N_("Agency"), 14, _agency),
    (N_("Decision number"), 12, lambda row, _: row["number"] or ""),
    (N_("Period"), 20, _period),
)


def _title(row: Mapping[str, Any], translate: Translate) -> str:
    held = f" ({translate(HELD)})" if row.get("held") else ""
    return f"{row['title']}{held}"


def _columns(register: str, rules: Classification) -> Columns:
    if register == "dik":
        return DIK

    def kind(row: Mapping[str, Any], translate: Translate) -> str:
        return translate(rules.label("jenis_informasi", row["kind"]))

    return (
        (N_("Information"), 24, _title),
        (N_("In short"), 32, lambda row, _: row["summary"]),
        (N_("Agency"), 15, _agency),
        (N_("Kind of information"), 11, kind),
        (N_("Year"), 6, lambda row, _: row["period"]),
        (N_("Formats"), 6, lambda row, _: ", ".join(row["formats"])),
        (N_("Decided on"), 9, lambda row, _: day(row["decided"])),
    )


def register_table(
    register: str, rows: Sequence[Mapping[str, Any]], rules: Classification, translate: Translate
) -> dict[str, Any]:
    """Return a register as a table: ``heads``, ``widths`` in percent, ``rows`` of texts.

    :param rows: what ``access.registers.find`` gives.
    """
    columns = _columns(register, rules)
    number = translate(N_("No."))
    return {
        "kind": "table",
        "caption": translate(WORDS[register]),
        "heads": [number, *[translate(head) for head, _, _ in columns]],
        "widths": [4, *[width * 0.96 for _, width, _ in columns]],
        "rows": [
            [str(at), *[tell(row, translate) for _, _, tell in columns]]
            for at, row in enumerate(rows, start=1)
        ],
    }


def register_paper(
    register: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    note: str,
    filters: Sequence[str],
    today: dt.date,
    institution: str,
    rules: Classification,
    translate: Translate,
) -> dict[str, Any]:
    """Return a register as a paper.

    :param note: what is said of what is only counted; may be empty.
    :param filters: in words, what was asked for; empty for the whole register.
    """
    said = [translate(WORDS["as_of"]) % {"day": day(today)}]
    if filters:
        said.append(translate(WORDS["only"]) % {"filters": "; ".join(filters)})
    table = register_table(register, rows, rules, translate)
    blocks: list[dict[str, Any]] = [{"kind": "text", "text": text} for text in said]
    blocks.append(table if rows else {"kind": "text", "text": translate(WORDS["nothing"])})
    if note:
        blocks.append({"kind": "text", "text": note})
    return _paper(translate(WORDS[register]), institution, blocks, translate, landscape=True)


def _paper(
    title: str,
    institution: str,
    blocks: list[dict[str, Any]],
    translate: Translate,
    *,
    landscape: bool,
) -> dict[str, Any]:
    return {
        "title": title,
        "institution": institution,
        "language": "id",
        "landscape": landscape,
        "head": None,
        "counted": translate(WORDS["page"]),
        "blocks": blocks,
    }
