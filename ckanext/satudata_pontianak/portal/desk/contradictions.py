"""What a proposal says of personal data against what is known of the files.

"No personal data" where the scan found some, and anything but "anonymised" of a file that was
masked here. Either may be right, so it is asked once and never refused here; what stands in the
evidence is for whoever checks it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ...classification.cases.helpers import satudata_axis_label
from ...classification.masking.masking import MASKED, PERSONAL

NONE = "tidak_ada"
KIND = "classify"
STEP = "submit"
SENT = "anyway"
ENDS = "withdraw"
"""The step that ends a case with nothing decided: it is asked about once before it is taken."""
"""What a browser sends once its person was asked."""


@dataclass(frozen=True)
class Contradiction:
    """What stands against the proposal, what is asked, and the versions that could be masked."""

    said: str
    items: tuple[str, ...]
    question: str
    versions: tuple[str, ...] = ()


def questions(against: Collection[Contradiction]) -> list[str]:
    """Return what is asked before such a proposal is submitted."""
    return [contradiction.question for contradiction in against]


def contradicted(
    case: Mapping[str, Any] | None,
    scans: Collection[Mapping[str, Any]],
    values: Mapping[str, Any] | None = None,
) -> list[Contradiction]:
    """Return what stands against the proposal, none if nothing does.

    The NIP of whoever signs is no contradiction.

    :param values: what the step says, before what the case says.
    """
    if case is None or case["kind"] != KIND:
        return []
    proposal = case.get("proposal") or {}
    said = (values or {}).get(PERSONAL) or proposal.get(PERSONAL)
    found = [(scan, item["text"]) for scan in scans for item in _findings(scan)]
    contradictions = []
    if said == NONE and found:
        contradictions.append(
            Contradiction(
                tk._('The proposal says "no personal data", but the check found:'),
                tuple(text for _, text in found),
                tk._(
                    "The proposal says that there are no personal data, and the check found some. "
                    "Mask them first, or change the proposal. If the check is wrong, submit once "
                    "more and write why in the note."
                ),
                tuple(scan["version"] for scan, _ in found),
            )
        )
    masked = tuple(scan["file"] for scan in scans if scan.get("masked"))
    others = any(not scan.get("masked") for scan, _ in found)
    # One axis for all files: another one with personal data makes them the dataset's.
    if masked and said and said != MASKED and not (others and said != NONE):
        contradictions.append(_of_masked(said, masked))
    return contradictions


def before_the_end() -> str:
    """Return what is asked before a case ends with nothing decided."""
    return tk._(
        "The case ends and nothing is decided; what was proposed in it is not kept. Press the "
        "button once more if that is what you want."
    )


def before(name: str, chosen: Collection[Mapping[str, Any]]) -> list[str]:
    """Return what is asked before a step is taken in many cases; of most steps nothing.

    :param name: of the step.
    :param chosen: as of :func:`of_batch`.
    """
    if name == ENDS:
        return [before_the_end()]
    return of_batch(chosen) if name == STEP else []


def of_batch(chosen: Collection[Mapping[str, Any]]) -> list[str]:
    """Return what is asked before cases are submitted together, each with its dataset's title.

    It is all read already: nothing is asked of the database.

    :param chosen: as ``satudata_classification_list`` gives them with ``details``.
    """
    asked = []
    for item in chosen:
        scans = [{**file, "findings": [_UNNAMED] * file["unanswered"]} for file in item["checked"]]
        said = questions(contradicted(item, scans))
        asked += [f"{item['title']}: {question}" for question in said]
    return asked


_UNNAMED = {"text": "", "resolution": None, "signs": False}
"""A finding of which a batch knows that it is there."""


def _of_masked(said: str, files: tuple[str, ...]) -> Contradiction:
    told = {
        "said": satudata_axis_label(PERSONAL, said),
        "masked": satudata_axis_label(PERSONAL, MASKED),
    }
    return Contradiction(
        tk._('The proposal says "%(said)s", but these files were masked here:') % told,
        files,
        tk._(
            'A file of this case was masked, and the proposal does not say "%(masked)s". Change '
            'the proposal. If "%(said)s" is right, submit once more and write why in the note.'
        )
        % told,
    )


def _findings(scan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in scan["findings"] if not item["resolution"] and not item["signs"]]
