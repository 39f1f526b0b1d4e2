"""The NIP of whoever signs below a table: what was said of it once stands for the next file. Pure.

Of the number itself nothing is kept, so what counts is where it stands: in the same column of the
signatures, as often as before, and nowhere else. One that stands in the table is asked anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...disclosure.places import signature_only
from .findings import LAWFUL, Place, Said, place

SIGNED_BY = "nip"
"""The kind that whoever signs a document is known by: there it is normally public."""


def signs(item: Mapping[str, Any]) -> bool:
    """Tell whether a finding is the NIP of whoever signed below a table."""
    return place(item)[2] == SIGNED_BY and signature_only(item)


def carried(
    items: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]],
    said: Mapping[Place, Said],
    rule: str,
) -> dict[Place, Place]:
    """Return place → the place before, of signatures of which was said that they may be public.

    :param items: what a scan found in a file, as :func:`..records.reads.findings_summary` has it.
    :param before: what was found in the file that it takes the place of.
    :param said: what was said there and stands.
    :param rule: by which the scan looks for an NIP; what was said under another is asked anew.
    """
    known: dict[tuple[str, int], list[Place]] = {}
    for item in before:
        where = place(item)
        answer = said.get(where)
        if answer is None or answer.resolution != LAWFUL or answer.rule != rule:
            continue
        if _whole(item):
            known.setdefault((where[1], int(item["count"])), []).append(where)
    # The sheet of a month is often called by it; then there is one sheet, and one signature.
    alone = _single(items, before)
    found: dict[Place, Place] = {}
    for item in items:
        where = place(item)
        if not _whole(item):
            continue
        for old in known.get((where[1], int(item["count"])), ()):
            if old[0] == where[0] or alone:
                found[where] = old
                break
    return found


def _single(*lists: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether each file has one finding and no more."""
    return all(len(items) == 1 for items in lists)


def _whole(item: Mapping[str, Any]) -> bool:
    """Tell whether every cell of a finding is known to stand in the signatures."""
    if not signs(item):
        return False
    outside = item["where"]["outside"]
    return sum(len(part["rows"]) for part in outside) == int(item["count"])
