"""A report as PDF: A4 landscape, numbered pages, tagged, in Indonesian as every official text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

from markupsafe import Markup

from ...messages import Message
from ..documents.definition import definitions
from ..files.pdf import printed
from ..files.sheets import FOLDER, counted, templates
from .tables import Language, Table, view

PAGE = Message("Page %(page)s of %(pages)s", {"page": "%(page)s", "pages": "%(pages)s"})


def pdf(
    title: Message,
    intro: Message,
    tables: Sequence[Table],
    language: Language,
    made: dt.date,
) -> bytes:
    """Return the PDF (PDF/UA-1) of a report.

    :param made: the day on which it was made.
    :raises OSError: Pango is not installed on this machine.
    """
    return printed(sheet(title, intro, tables, language, made))


def sheet(
    title: Message,
    intro: Message,
    tables: Sequence[Table],
    language: Language,
    made: dt.date,
) -> str:
    """Return a report as an HTML file of its own, which prints on A4 landscape."""
    printed = (FOLDER / "sop" / "print.css").read_text("utf-8")
    own = (FOLDER / "sop" / "report.css").read_text("utf-8")
    page = counted(language.said(PAGE))
    context: Mapping[str, Any] = {
        "language": language.code,
        "title": language.said(title),
        "intro": language.said(intro),
        "institution": definitions().sop.institution,
        "made": language.said(Message("Made on %(day)s", {"day": made})),
        "nothing": language.said(Message("Nothing to show.")),
        "tables": view(tables, language),
        # Style of ours, in which only words of the catalogue are filled, without their quotes.
        "style": Markup(own + Template(printed).substitute(page=page, status="")),  # noqa: S704
    }
    return templates().get_template("sop/report.html").render(**context)
