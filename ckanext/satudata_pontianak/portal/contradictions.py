"""A proposal that says "no personal data" of files in which the scan found some.

It may be right, so it is asked once and never refused here; what stands in the evidence is for
whoever checks it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

NONE = "tidak_ada"
STEP = "submit"
SENT = "anyway"
"""What a browser sends once its person was asked."""


def contradicted(
    case: Mapping[str, Any] | None,
    scans: Collection[Mapping[str, Any]],
    values: Mapping[str, Any] | None = None,
) -> list[dict[str, str]]:
    """Return what was found against the proposal: text and version of each, none if none.

    The NIP of whoever signs is no contradiction.

    :param values: what the step says, before what the case says.
    """
    proposal = (case or {}).get("proposal") or {}
    said = (values or {}).get("data_pribadi") or proposal.get("data_pribadi")
    if said != NONE:
        return []
    return [
        {"text": item["text"], "version": scan["version"]}
        for scan in scans
        for item in scan["findings"]
        if not item["resolution"] and not item["signs"]
    ]


def question() -> str:
    """Return what is asked before such a proposal is submitted."""
    return tk._(
        "The proposal says that there are no personal data, and the check found some. Mask them "
        "first, or change the proposal. If the check is wrong, submit once more and write why in "
        "the note."
    )
