"""Official papers beside the SOPs, as plain data: registers, the decision, the consequence test.

Pure. A paper is a title and blocks (facts, tables, texts, places to sign); every output is made
from that. Its words are Indonesian, whoever reads the page: these are official texts. Sources:
UU 14/2008 Articles 11 and 17, PP 61/2010, Perki 1/2017, Perki 1/2021 Article 49.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..classification.axes import Classification
from ..classification.exclusion import Determination
from ..classification.indonesian import day
from ..classification.messages import Translate
from ..msgids import N_, NP_
from . import unconfirmed

WORDS: Mapping[str, str] = {
    "dip": N_("Register of public information (DIP)"),
    "dik": N_("Register of excluded information (DIK)"),
    "letter": N_("Determination of classification (Surat Penetapan Klasifikasi)"),
    "test": N_("Consequence test sheet"),
    "as_of": N_("As of %(day)s"),
    "only": N_("Only: %(filters)s"),
    "nothing": N_("Nothing stands in this register."),
    "page": N_("Page %(page)s of %(pages)s"),
    "number": NP_("of a paper", "Number"),
    "not_recorded": N_("not recorded"),
    "superseded": N_("This decision is no longer in force: another one took its place."),
    "place_date": N_("%(place)s, %(day)s"),
    "office": N_("Information and Documentation Officer (PPID)"),
    "superior": N_("Approved: PPID's superior"),
    "sign": N_("Signature, name and NIP are filled in by the person who signs."),
    "period_until": N_("%(start)s until %(until)s"),
    "period_review": N_("from %(start)s, as long as needed; reviewed by %(review)s"),
    "kind": N_("UU 14/2008 Article 17 letter %(letter)s; level: %(level)s"),
    "by": N_("%(body)s; tested by %(person)s"),
    "body": N_("%(institution)s; work unit: %(agency)s"),
    "contents": N_("This decision says (%(basis)s):"),
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


def _article(row: Mapping[str, Any], translate: Translate) -> str:
    return translate(N_("Article 17 letter {letter}")).format(letter=row["article"])


DIK: Columns = (
    (N_("Information"), 26, lambda row, _: row["information"]),
    (N_("Article 17, letter"), 8, lambda row, _: row["article"]),
    (N_("Legal basis of the exemption"), 20, lambda row, _: row["legal_basis"]),
    (N_("Agency"), 14, _agency),
    (N_("Decision number"), 12, lambda row, _: row["number"] or ""),
    (N_("Period"), 20, _period),
)


def _columns(register: str, rules: Classification) -> Columns:
    if register == "dik":
        return DIK

    def kind(row: Mapping[str, Any], translate: Translate) -> str:
        return translate(rules.label("jenis_informasi", row["kind"]))

    return (
        (N_("Information"), 24, lambda row, _: row["title"]),
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


def letter_paper(
    said: Determination,
    *,
    number: str | None,
    decided: dt.date,
    in_force: bool,
    institution: str,
    rules: Classification,
    translate: Translate,
) -> dict[str, Any]:
    """Return the *Surat Penetapan Klasifikasi* with its six items, to be signed by people.

    What was not recorded says so; nobody's signature, name or NIP is filled in.
    """
    empty = translate(WORDS["not_recorded"])
    level = translate(rules.label("tingkat_keamanan", said.level)) if said.level else empty
    kind = {"letter": said.letter or empty, "level": level}
    by = {"body": said.body or empty, "person": said.assessor or empty}
    body = {"institution": institution, "agency": said.agency or empty}
    reasons = (
        (N_("Legal basis"), said.legal_basis),
        (N_("Consequence if opened"), said.if_opened),
        (N_("Consequence if closed"), said.if_closed),
    )
    place_date = translate(WORDS["place_date"]) % {"place": said.place, "day": day(decided)}
    told = {
        "jenis_klasifikasi": [said.information or empty, translate(WORDS["kind"]) % kind],
        "identitas_ppid": [translate(WORDS["by"]) % by],
        "badan_publik": [translate(WORDS["body"]) % body],
        "jangka_waktu": [period(said.start, said.until, said.review, translate) or empty],
        "alasan": [f"{translate(label)}: {text or empty}" for label, text in reasons],
        "tempat_tanggal": [place_date],
    }
    facts = [
        {"label": f"{at}. {translate(label)}", "texts": told[item]}
        for at, (item, label) in enumerate(rules.exclusion.items.items(), start=1)
    ]
    contents = translate(WORDS["contents"]) % {"basis": unconfirmed.marked(rules.exclusion.basis)}
    blocks: list[dict[str, Any]] = [
        {"kind": "text", "text": f"{translate(WORDS['number'])}: {number or empty}"},
        {"kind": "text", "text": contents},
        {"kind": "facts", "facts": facts},
        {
            "kind": "signatures",
            "above": place_date,
            "offices": [translate(WORDS["office"]), translate(WORDS["superior"])],
            "help": translate(WORDS["sign"]),
        },
    ]
    if unconfirmed.MARK in contents:
        blocks.append({"kind": "footnote", "text": unconfirmed.explained(translate)})
    if not in_force:
        blocks.insert(0, {"kind": "text", "text": translate(WORDS["superseded"])})
    title = translate(WORDS["letter"])
    return _paper(title, institution, blocks, translate, landscape=False)


def sheet_paper(
    said: Determination,
    *,
    number: str | None,
    in_force: bool,
    institution: str,
    translate: Translate,
) -> dict[str, Any]:
    """Return the sheet of the consequence test (*Lembar Uji Konsekuensi*)."""
    empty = translate(WORDS["not_recorded"])
    heads = (
        (N_("No."), 4),
        (N_("Information"), 20),
        (N_("Legal basis of the exemption"), 20),
        (N_("Consequence if opened"), 20),
        (N_("Consequence if closed"), 20),
        (N_("Period"), 16),
    )
    article = _article({"article": said.letter or empty}, translate)
    row = [
        "1",
        said.information or empty,
        f"{article}\n{said.legal_basis or empty}",
        said.if_opened or empty,
        said.if_closed or empty,
        period(said.start, said.until, said.review, translate) or empty,
    ]
    title = translate(WORDS["test"])
    blocks: list[dict[str, Any]] = [
        {"kind": "text", "text": f"{translate(WORDS['number'])}: {number or empty}"},
        {
            "kind": "table",
            "caption": title,
            "heads": [translate(head) for head, _ in heads],
            "widths": [width for _, width in heads],
            "rows": [row],
        },
    ]
    if not in_force:
        blocks.insert(0, {"kind": "text", "text": translate(WORDS["superseded"])})
    return _paper(title, institution, blocks, translate, landscape=True)


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
        "counted": translate(WORDS["page"]),
        "blocks": blocks,
    }
