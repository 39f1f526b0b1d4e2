"""A set of documents as one PDF: papers upright, SOPs across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from . import official_files, sheets
from .pdf import printed


def pdf(
    title: str,
    front: Sequence[Mapping[str, Any]],
    views: Sequence[Mapping[str, Any]],
    back: Sequence[Mapping[str, Any]],
    counted: str,
) -> bytes:
    """Return the set as PDF (PDF/UA-1).

    :param front: papers that stand before the documents, each on a page of its own.
    :param views: what ``rendering.view`` gives of each document.
    :param back: papers that stand after them.
    :param counted: "Page %(page)s of %(pages)s", translated.
    :raises OSError: Pango is not installed on this machine.
    """
    own = (sheets.FOLDER / "sop" / "set.css").read_text("utf-8")
    style = official_files.style() + sheets.style() + own.replace("$page", sheets.counted(counted))
    made = sheets.rendered(
        "sop/set.html",
        title=title,
        front=front,
        documents=[sheets.context(view) for view in views],
        back=back,
        # Style of ours, in which only words of the catalogue are filled, without their quotes.
        style=Markup(style),  # noqa: S704
    )
    return printed(made)
