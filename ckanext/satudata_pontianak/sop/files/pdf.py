"""A document as PDF: A4 landscape, numbered pages, tagged so that it can be read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .sheets import sheet


def pdf(view: Mapping[str, Any]) -> bytes:
    """Return the PDF (PDF/UA-1) of a document.

    :param view: what ``rendering.view`` gives.
    :raises OSError: Pango is not installed on this machine.
    """
    return printed(sheet(view))


def printed(html: str) -> bytes:
    """Return the PDF (PDF/UA-1) of an HTML file that says its own paper.

    :raises OSError: Pango is not installed on this machine.
    """
    # Loads Pango, which only this output needs.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    # Nothing comes from outside: pictures stand in the document itself.
    inside = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    written = HTML(string=html, url_fetcher=inside).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return bytes(written or b"")
