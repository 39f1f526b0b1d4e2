"""A removal as a paper to be signed (*Berita Acara Penghapusan*): what goes, why, and by whom.

Pure. It names each file that goes, or says that the whole dataset does. Like the papers that decide
an exemption it is printed as a draft before the step, and is the same paper afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...classification.rules.axes import Classification
from ...classification.rules.indonesian import day
from ...messages import Translate
from ...msgids import N_
from ..documents import unconfirmed
from . import determination as papers
from . import official
from .determination import BLANK, Frame

WORDS: Mapping[str, str] = {
    "title": N_("Record of a removal (Berita Acara Penghapusan)"),
    "opening": N_("What this record names is removed from the portal of %(institution)s."),
    "goes": N_("What goes"),
    "whole": N_("The whole dataset, with all its files"),
    "no_file": N_("The whole dataset. It has no file."),
    "files": N_("Only the files that are named below"),
    "decided_as": N_("Decided as"),
    "reason": N_("Why it is removed"),
    "by": N_("Proposed by"),
    "approved": N_("Approved by"),
    "basis": N_("Legal basis"),
    "removed": N_("Files that are removed"),
    "file": N_("File"),
    "format": N_("Format"),
    "kept": N_("Files that stay"),
    "after_whole": N_(
        "Afterwards nobody finds the dataset on the portal or downloads it. What was decided and "
        "the audit trail are kept."
    ),
    "after_files": N_(
        "The dataset and its other files are given as before. What was decided and the audit trail "
        "are kept."
    ),
}


@dataclass(frozen=True)
class Said:
    """What a case of removal says."""

    dataset: str
    case: str
    """The beginning of its case's id, as the paper names it."""
    agency: str | None
    whole: bool
    files: Sequence[tuple[str, str]]
    """Name and format of each file that goes."""
    kept: Sequence[str]
    """Names of the files that stay."""
    level: str | None
    number: str | None
    """Of the decision that is in force, or was."""
    reason: str
    office: str
    """Who approves, in Indonesian."""
    basis: Sequence[Mapping[str, Any]]
    receipt: str | None = None


def removal_paper(
    said: Said, frame: Frame, rules: Classification, translate: Translate
) -> dict[str, Any]:
    """Return the record of a removal; nobody's signature, name or NIP is filled in."""
    cited = unconfirmed.marked(said.basis)
    blocks: list[dict[str, Any]] = []
    if frame.draft:
        blocks.append({"kind": "notice", "text": translate(papers.WORDS["draft"])})
    opening = translate(WORDS["opening"]) % {"institution": frame.institution}
    blocks += [
        {"kind": "text", "text": opening},
        {"kind": "facts", "facts": _facts(said, cited, rules, translate)},
    ]
    if said.files:
        blocks.append(_files(said, translate))
    if said.kept:
        blocks.append({"kind": "list", "label": translate(WORDS["kept"]), "lines": list(said.kept)})
    place = {"place": rules.exclusion.place or BLANK, "day": day(frame.decided) or BLANK}
    blocks += [
        {"kind": "text", "text": translate(WORDS["after_whole" if said.whole else "after_files"])},
        {
            "kind": "signatures",
            "above": translate(official.WORDS["place_date"]) % place,
            "offices": [said.agency or translate(official.WORDS["not_recorded"]), said.office],
            "help": translate(papers.WORDS["sign"]),
        },
        *papers.closing([said.receipt], frame, [cited], translate),
    ]
    title = translate(WORDS["title"])
    heading = [title, papers.numbered(frame, translate)]
    return papers.framed(title, heading, frame, blocks, translate, landscape=False)


def _facts(
    said: Said, cited: str, rules: Classification, translate: Translate
) -> list[dict[str, Any]]:
    case = translate(papers.WORDS["case_number"]) % {"number": said.case}
    goes = "files"
    if said.whole:
        goes = "whole" if said.files else "no_file"
    level = translate(rules.label("tingkat_keamanan", said.level)) if said.level else ""
    decided = ", ".join(text for text in (level, said.number) if text)
    empty = translate(official.WORDS["not_recorded"])
    told = (
        (papers.WORDS["dataset"], [said.dataset, f"{translate(papers.WORDS['case'])} {case}"]),
        (WORDS["goes"], [translate(WORDS[goes])]),
        (WORDS["decided_as"], [decided or empty]),
        (WORDS["reason"], [said.reason or empty]),
        (WORDS["by"], [said.agency or empty]),
        (WORDS["approved"], [said.office]),
        (WORDS["basis"], [cited or empty]),
    )
    return [{"label": translate(label), "texts": texts} for label, texts in told]


def _files(said: Said, translate: Translate) -> dict[str, Any]:
    heads = ((N_("No."), 8), (WORDS["file"], 72), (WORDS["format"], 20))
    return {
        "kind": "table",
        "caption": translate(WORDS["removed"]),
        "heads": [translate(head) for head, _ in heads],
        "widths": [width for _, width in heads],
        "rows": [[str(at), *file] for at, file in enumerate(said.files, start=1)],
    }
