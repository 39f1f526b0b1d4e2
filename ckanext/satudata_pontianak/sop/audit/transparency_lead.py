"""The year in five sentences, for whoever reads nothing but the beginning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...messages import Message
from .tables import Language, Share

DRAWN = "levels"
"""The table whose bars stand beside the sentences."""


def sentences(told: Mapping[str, Any], entries: int, language: Language) -> list[str]:
    """Return what everybody should know of a year.

    :param told: what :func:`.transparency.numbers` gives.
    :param entries: of the ledger, from which it was counted.
    """
    cases, requests = told["cases"], told["requests"]
    said = [
        (
            Message("Decisions on data in this time: %(taken)s, for %(opened)s cases."),
            {"taken": told["decisions"]["taken"], "opened": cases["opened"]},
        ),
        (
            Message("%(share)s of the cases ran exactly as the procedure says."),
            {"share": Share(cases["share_as_written"])},
        ),
        (
            Message(
                "Cases that wait for a decision today: %(open)s; past their deadline: %(overdue)s."
            ),
            {"open": cases["open"], "overdue": cases["overdue"]},
        ),
        (
            Message(
                "Requests for access: %(asked)s; granted: %(granted)s, refused: %(refused)s, "
                "waiting for an answer: %(waiting)s."
            ),
            dict(requests),
        ),
        (
            Message(
                "All of it is counted from %(entries)s entries of the ledger, which anybody can "
                "check."
            ),
            {"entries": entries},
        ),
    ]
    return [
        language.said(Message(text.msgid, {k: language.said(v) for k, v in values.items()}))
        for text, values in said
    ]
