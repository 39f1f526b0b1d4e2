"""What decides an exemption, as papers to be signed: the decree and the consequence test sheet.

Pure. The decree has the form of a *Keputusan*: what it considers, what it has in view, what it
decides, whom a copy goes to; it says the six items that the law asks for (Perki 1/2017, PP
61/2010). Before the step it is printed as a draft, without number and date, which are written by
hand; it is the same paper afterwards. Several items that one act decides stand on one paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...classification.rules.axes import Classification
from ...classification.rules.exclusion import WEIGHED, Determination
from ...classification.rules.indonesian import day
from ...messages import Translate
from ...msgids import N_, NP_
from ..documents import unconfirmed
from . import official

WORDS: Mapping[str, str] = {
    "letter": N_("Determination of classification (Surat Penetapan Klasifikasi)"),
    "test": N_("Consequence test sheet"),
    "decree": N_("Decree of %(office)s"),
    "about": N_("about"),
    "subject": N_("Determination of the classification of exempt information"),
    "number": NP_("of a paper", "Number"),
    "draft": N_("DRAFT: not decided yet. Number and date are written when it is signed."),
    "considering": N_("Considering"),
    "in_view": N_("In view of"),
    "decides": N_("Decides"),
    "to_determine": N_("To determine"),
    "copies": N_("Copies to"),
    "made_in": N_("Determined in %(place)s"),
    "on": N_("on %(day)s"),
    "sign": N_("Signature, name and NIP are filled in by the person who signs."),
    "proof": N_("This code opens the page that proves this paper. It is no electronic signature."),
    "receipt": N_("Receipt: %(receipt)s"),
    "code": N_("Code that leads to %(address)s"),
    "emblem": N_("Emblem"),
    "item": N_("Item %(number)s"),
    "dataset": N_("Dataset"),
    "case": N_("Classification case"),
    "case_number": N_("number %(number)s"),
    "recipients": N_("Recipients"),
    "everybody": N_("All agencies of the city"),
    "nobody": N_("none"),
    "heard": N_("Unit that was heard"),
    "testers": N_("Testers by office"),
    "weighed": N_("Weighed"),
    "article": N_("Article 17 letter %(letter)s"),
    "article_number": N_("Article 17 letter %(letter)s number %(number)s"),
    "kind": N_("UU 14/2008 %(article)s; level: %(level)s"),
    "superseded": N_("This decision is no longer in force: another one took its place."),
    "superseded_item": N_("no longer in force: another decision took its place"),
}
CONSIDERED = (
    N_(
        "that the information of the first point was tested for its consequence by %(testers)s, "
        "and %(heard)s was heard;"
    ),
    N_(
        "that what follows if it is opened and if it is closed was weighed with propriety, decency "
        "and the public interest, and closing it protects a greater interest than opening it;"
    ),
    N_("that for these reasons the classification of the information is to be determined;"),
)
WEIGHED_ALONE = N_("that what follows if it is opened and if it is closed was weighed;")
"""What is considered where nobody recorded what was weighed beside the consequences."""
POINTS = (
    N_("The following information is exempt."),
    N_("It is given to nobody but the recipients that the first point names."),
    N_("The exemption lasts for the period of the first point, and is reviewed within it."),
    N_("This decree takes effect on the day on which it is determined."),
)
ORDINALS = (
    NP_("point of a decree", "FIRST"),
    NP_("in a row", "SECOND"),
    N_("THIRD"),
    N_("FOURTH"),
)
LABELS: Mapping[str, str] = {
    "kepatutan": N_("Propriety"),
    "kesusilaan": N_("Decency"),
    "kepentingan_umum": N_("Public interest"),
    "kepentingan_lebih_besar": N_("Greater interest that is protected"),
}
BLANK = "……………………"
"""What is written by hand on a draft."""


@dataclass(frozen=True)
class Item:
    """One exempt information of a paper."""

    said: Determination
    dataset: str
    case: str
    """The beginning of its case's id, as the paper names it."""
    in_force: bool = True
    receipt: str | None = None
    """The code of what was decided on it; none before it is decided."""


@dataclass(frozen=True)
class Frame:
    """What a paper has beside its items."""

    institution: str
    body: str
    """Title of the agency that holds PPID's duty."""
    number: str | None
    decided: dt.date | None
    address: str
    """Of the page that proves the paper."""
    code: str
    """A picture that a phone reads the address from, as a data address."""
    emblem: str | None = None
    copies: tuple[str, ...] = ()

    @property
    def draft(self) -> bool:
        """Tell whether nothing is decided yet."""
        return self.decided is None


def letter_paper(
    items: Sequence[Item], frame: Frame, rules: Classification, translate: Translate
) -> dict[str, Any]:
    """Return the *Surat Penetapan Klasifikasi*, to be signed by a person.

    What was not recorded says so; nobody's signature, name or NIP is filled in.
    """
    exclusion, first = rules.exclusion, items[0].said
    office = translate(exclusion.signatory)
    decree = translate(WORDS["decree"]) % {"office": office}
    subject = translate(WORDS["subject"])
    testers = _joined(item.said.testers or item.said.body for item in items)
    heard = _joined(item.said.heard or item.said.agency for item in items)
    empty = translate(official.WORDS["not_recorded"])
    facts = {"testers": testers or empty, "heard": heard or empty}
    tested, weighed, therefore = CONSIDERED
    if not all(item.said.weighed for item in items):
        weighed = WEIGHED_ALONE  # a paper states nothing that was not recorded
    considered = [translate(text) % facts for text in (tested, weighed, therefore)]
    references = list(exclusion.in_view_of)
    if any(item.said.personal in rules.all_agencies_refused_for for item in items):
        references += exclusion.in_view_of_persons
    seen = [unconfirmed.marked([reference]) for reference in references]
    points = [translate(text) for text in POINTS]
    if not any(item.said.recipients for item in items):
        del points[1]
    ordinals = [translate(text) for text in ORDINALS]
    determined = f"{decree} {translate(WORDS['about'])} {subject}."
    blocks: list[dict[str, Any]] = [
        *_opening(items, frame, translate),
        _clauses(translate(WORDS["considering"]), considered, "abcdefghij"),
        _clauses(translate(WORDS["in_view"]), seen, None),
        {"kind": "centre", "text": f"{translate(WORDS['decides'])}:"},
        _clauses(translate(WORDS["to_determine"]), [determined], ""),
        _clauses(ordinals[0], points[:1], ""),
    ]
    for number, item in enumerate(items, start=1):
        if len(items) > 1:
            text = translate(WORDS["item"]) % {"number": number}
            blocks.append({"kind": "text", "text": text})
        blocks.append({"kind": "facts", "facts": _facts(item, frame, rules, translate)})
    blocks += [
        _clauses(ordinal, [point], "")
        for ordinal, point in zip(ordinals[1:], points[1:], strict=False)
    ]
    blocks.append(_signature(office, first.place, frame, translate))
    copies = _copies(items, frame, rules)
    if copies:
        blocks.append({"kind": "list", "label": translate(WORDS["copies"]), "lines": copies})
    blocks += closing((item.receipt for item in items), frame, seen, translate)
    heading = [decree, numbered(frame, translate), translate(WORDS["about"]), subject]
    return framed(translate(WORDS["letter"]), heading, frame, blocks, translate, landscape=False)


def sheet_paper(
    items: Sequence[Item], frame: Frame, rules: Classification, translate: Translate
) -> dict[str, Any]:
    """Return the sheet of the consequence test (*Lembar Uji Konsekuensi*), a row for each item."""
    empty = translate(official.WORDS["not_recorded"])
    heads = (
        (N_("No."), 5),
        (N_("Information"), 16),
        (N_("Legal basis of the exemption"), 16),
        (N_("Consequence if opened"), 16),
        (N_("Consequence if closed"), 16),
        (WORDS["weighed"], 19),
        (N_("Period"), 12),
    )
    rows = []
    for number, item in enumerate(items, start=1):
        said = item.said
        rows.append(
            [
                str(number),
                f"{said.information or empty}\n{translate(WORDS['dataset'])}: {item.dataset}",
                f"{_article(said, translate)}\n{said.legal_basis or empty}",
                said.if_opened or empty,
                said.if_closed or empty,
                "\n".join(_weighed(said, translate)) or empty,
                official.period(said.start, said.until, said.review, translate) or empty,
            ]
        )
    title = translate(WORDS["test"])
    told = [
        (WORDS["testers"], _lines(item.said.testers or item.said.body for item in items)),
        (WORDS["heard"], _lines(item.said.heard or item.said.agency for item in items)),
    ]
    facts = [{"label": translate(label), "texts": texts or [empty]} for label, texts in told]
    blocks: list[dict[str, Any]] = [
        *_opening(items, frame, translate),
        {
            "kind": "table",
            "caption": title,
            "heads": [translate(head) for head, _ in heads],
            "widths": [width for _, width in heads],
            "rows": rows,
        },
        {"kind": "facts", "facts": facts},
        {
            "kind": "signatures",
            "above": translate(official.WORDS["place_date"])
            % {"place": items[0].said.place, "day": BLANK},
            "offices": [translate(official.WORDS["office"])],
            "help": translate(WORDS["sign"]),
        },
        *closing((item.receipt for item in items), frame, [], translate),
    ]
    heading = [title, numbered(frame, translate)]
    return framed(title, heading, frame, blocks, translate, landscape=True)


def _facts(
    item: Item, frame: Frame, rules: Classification, translate: Translate
) -> list[dict[str, Any]]:
    """Return the items of the law of one information, and what it is about."""
    said, empty = item.said, translate(official.WORDS["not_recorded"])
    level = translate(rules.label("tingkat_keamanan", said.level)) if said.level else empty
    reasons = (
        (N_("Legal basis"), said.legal_basis),
        (N_("Consequence if opened"), said.if_opened),
        (N_("Consequence if closed"), said.if_closed),
    )
    tested = _lines([said.testers]) or [said.body or empty]
    kind = {"article": _article(said, translate), "level": level}
    told = {
        "jenis_klasifikasi": [said.information or empty, translate(WORDS["kind"]) % kind],
        "identitas_ppid": [
            said.body or empty,
            f"{translate(WORDS['testers'])}: {'; '.join(tested)}",
            f"{translate(WORDS['heard'])}: {said.heard or empty}",
        ],
        "badan_publik": [
            translate(official.WORDS["body"])
            % {"institution": frame.institution, "agency": said.agency or empty}
        ],
        "jangka_waktu": [official.period(said.start, said.until, said.review, translate) or empty],
        "alasan": [
            *(f"{translate(label)}: {text or empty}" for label, text in reasons),
            *_weighed(said, translate),
        ],
    }
    facts = [
        {"label": f"{at}. {translate(label)}", "texts": told[name]}
        for at, (name, label) in enumerate(rules.exclusion.items.items(), start=1)
        # The sixth, place and date, stands once: above the signature.
        if name in told
    ]
    case = translate(WORDS["case_number"]) % {"number": item.case}
    dataset = [item.dataset, f"{translate(WORDS['case'])} {case}"]
    if not item.in_force:
        dataset.append(translate(WORDS["superseded_item"]))
    facts.append({"label": translate(WORDS["dataset"]), "texts": dataset})
    if item.receipt:
        dataset.append(translate(WORDS["receipt"]) % {"receipt": item.receipt})
    recipients = _recipients(said, rules, translate)
    facts.append({"label": translate(WORDS["recipients"]), "texts": recipients})
    return facts


def _recipients(said: Determination, rules: Classification, translate: Translate) -> list[str]:
    if not said.recipients:
        return [translate(WORDS["nobody"])]
    everybody = rules.all_agencies in said.recipients
    names = [translate(WORDS["everybody"])] if everybody else list(said.recipients)
    lines = ["; ".join(names), *_lines([said.recipients_basis])]
    if said.processing:
        lines.append(translate(PROCESSING[said.processing]))
    return lines


PROCESSING: Mapping[str, str] = {
    "persetujuan": N_("Personal data: UU 27/2022 Article 20, consent"),
    "perjanjian": N_("Personal data: UU 27/2022 Article 20, contract"),
    "kewajiban_hukum": N_("Personal data: UU 27/2022 Article 20, legal obligation"),
    "kepentingan_vital": N_("Personal data: UU 27/2022 Article 20, vital interest"),
    "tugas_publik": N_("Personal data: UU 27/2022 Article 20, public task or service"),
    "kepentingan_sah": N_("Personal data: UU 27/2022 Article 20, legitimate interest"),
}


def _weighed(said: Determination, translate: Translate) -> list[str]:
    return [
        f"{translate(LABELS[name])}: {said.weighed[name]}"
        for name in WEIGHED
        if said.weighed.get(name)
    ]


def _article(said: Determination, translate: Translate) -> str:
    letter = said.letter or translate(official.WORDS["not_recorded"])
    text = WORDS["article_number"] if said.number else WORDS["article"]
    return translate(text) % {"letter": letter, "number": said.number}


def _opening(items: Sequence[Item], frame: Frame, translate: Translate) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if frame.draft:
        blocks.append({"kind": "notice", "text": translate(WORDS["draft"])})
    elif not items[0].in_force:
        blocks.append({"kind": "notice", "text": translate(WORDS["superseded"])})
    return blocks


def closing(
    receipts: Iterable[str | None], frame: Frame, cited: Iterable[str], translate: Translate
) -> list[dict[str, Any]]:
    """Return what stands below the signature: the code, the receipts, and what the mark means."""
    told = ", ".join(dict.fromkeys(receipt for receipt in receipts if receipt))
    text = translate(WORDS["proof"])
    if told:
        text = f"{translate(WORDS['receipt']) % {'receipt': told}}. {text}"
    blocks: list[dict[str, Any]] = [
        {
            "kind": "proof",
            "picture": frame.code,
            "label": translate(WORDS["code"]) % {"address": frame.address},
            "text": text,
            "address": frame.address,
        }
    ]
    if any(unconfirmed.MARK in text for text in cited):
        blocks.append({"kind": "footnote", "text": unconfirmed.explained(translate)})
    return blocks


def _signature(
    office: str, place: str | None, frame: Frame, translate: Translate
) -> dict[str, Any]:
    made = translate(WORDS["made_in"]) % {"place": place or BLANK}
    on = translate(WORDS["on"]) % {"day": day(frame.decided) or BLANK}
    return {
        "kind": "signatures",
        "above": f"{made}\n{on}",
        "offices": [office],
        "help": translate(WORDS["sign"]),
    }


def _copies(items: Sequence[Item], frame: Frame, rules: Classification) -> list[str]:
    """Return whom a copy goes to: the owner agencies, Walidata and the recipients, once each."""
    owners = [item.said.agency for item in items if item.said.agency]
    named = [n for item in items for n in item.said.recipients if n != rules.all_agencies]
    return list(dict.fromkeys([*owners, *frame.copies, *named]))


def _clauses(label: str, texts: Sequence[str], letters: str | None) -> dict[str, Any]:
    """Return a part of the decree: its word, and texts with letters, numbers or nothing."""
    marks = [f"{at}." for at in range(1, len(texts) + 1)]
    if letters is not None:
        marks = [f"{letter}." for letter in letters[: len(texts)]] or ["" for _ in texts]
    rows = [{"mark": mark, "text": text} for mark, text in zip(marks, texts, strict=True)]
    return {"kind": "clauses", "label": label, "rows": rows}


def numbered(frame: Frame, translate: Translate) -> str:
    """Return the line of a paper's number; on a draft it is left to who signs."""
    return f"{translate(WORDS['number'])}: {frame.number or BLANK}"


def _joined(texts: Iterable[str | None]) -> str:
    return ", ".join(_lines(texts))


def _lines(texts: Iterable[str | None]) -> list[str]:
    """Return the lines of texts, each once."""
    lines = [line.strip() for text in texts if text for line in text.splitlines()]
    return list(dict.fromkeys(line for line in lines if line))


def framed(
    title: str,
    heading: Sequence[str],
    frame: Frame,
    blocks: list[dict[str, Any]],
    translate: Translate,
    *,
    landscape: bool,
) -> dict[str, Any]:
    """Return a paper: its head, what it is, and its blocks."""
    return {
        "title": title,
        "institution": frame.institution,
        "language": "id",
        "landscape": landscape,
        "counted": translate(official.WORDS["page"]),
        "head": {
            "emblem": frame.emblem,
            "place": translate(WORDS["emblem"]),
            "lines": [frame.institution, frame.body],
        },
        "heading": list(heading),
        "blocks": blocks,
    }
