"""A document as HTML: the part that a page of the portal shows, and a file of its own."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

import jinja2
from markupsafe import Markup

from ..drawing import drawing
from ..drawing.flowchart import BESIDE, Box, Node
from ..drawing.paging import Page, paged, row_height

FOLDER = Path(__file__).parents[1] / "templates"


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """Return the templates of what is printed; whatever is filled in is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def part(view: Mapping[str, Any]) -> str:
    """Return the document as HTML to stand within a page; its style is ``style()``.

    :param view: what ``rendering.view`` gives.
    """
    return templates().get_template("sop/document.html").render(_context(view))


def sheet(view: Mapping[str, Any]) -> str:
    """Return the document as an HTML file of its own, which prints on A4 landscape."""
    printed = (FOLDER / "sop" / "print.css").read_text("utf-8")
    # What is not enacted says so on every sheet.
    draft = view["status_label"].replace('"', "") if view["status"] == "draft" else ""
    page = counted(view["words"]["page"])
    whole = style() + Template(printed).substitute(page=page, status=draft)
    # Style of ours, in which only words of the catalogue are filled, without their quotes.
    safe = Markup(whole)  # noqa: S704
    return templates().get_template("sop/sheet.html").render(**_context(view), style=safe)


def style() -> str:
    """Return the style of the part, without what belongs to paper."""
    return (FOLDER / "sop" / "style.css").read_text("utf-8")


def rendered(name: str, **values: Any) -> str:
    """Return a template of this room, filled in; what it is given is escaped."""
    return templates().get_template(name).render(values)


def counted(text: str) -> str:
    """Return "Page %(page)s of %(pages)s" in any language as CSS: texts and counters."""
    quoted = '"' + text.replace('"', "") + '"'
    counters = {name: f'" counter({name}) "' for name in ("page", "pages")}
    return quoted % counters


def _context(view: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "doc": view,
        "pages": [_page(page) for page in paged(view)],
        "legend": _legend(view),
    }


def _page(page: Page) -> dict[str, Any]:
    borders = page.chart.lanes
    return {
        "connected": page.connected,
        "widths": [right - left for left, right in itertools.pairwise(borders)],
        "rows": [
            {
                **row,
                "height": row_height(row),
                "slice": _address(drawing.row_slice(page.chart, number)),
            }
            for number, row in enumerate(page.rows)
        ],
    }


def _legend(view: Mapping[str, Any]) -> list[dict[str, str]]:
    names = {**view["symbols"], BESIDE: view["words"]["page_connector"]}
    del names["connector"]
    box = Box(0.5, 0.5, 9.5, 5.5)
    return [
        {"label": label, "picture": _address(drawing.symbol(Node("", 0, 0, name), box))}
        for name, label in names.items()
    ]


def context(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template of a document is filled with."""
    return _context(view)


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
