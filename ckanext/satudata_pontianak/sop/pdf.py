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
    # Loads Pango, which only this output needs.
    from weasyprint import HTML

    return HTML(string=sheet(view), url_fetcher=_nothing_from_outside).write_pdf(
        pdf_variant="pdf/ua-1", pdf_tags=True
    )


def _nothing_from_outside(url: str, *args: Any, **kwargs: Any) -> Any:
    """Load what stands in the document itself, and nothing else."""
    from weasyprint import default_url_fetcher

    if not url.startswith("data:"):
        raise ValueError("an SOP loads nothing from outside")
    return default_url_fetcher(url, *args, **kwargs)
