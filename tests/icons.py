"""Draws the pictures of the portal's sign from ``ikon.svg``: ``python tests/icons.py``.

A maskable one is cut by the telephone to a shape of its own: it has colour to its edges, and what
must stay visible within the inner four fifths.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright

PLACE = Path(__file__).parents[1] / "ckanext/satudata_pontianak/portal/public/satudata"
PICTURES = {"ikon-192.png": 192, "ikon-512.png": 512, "ikon-maskable-512.png": 512}


def maskable(svg: str) -> str:
    """Return the sign without its corners, smaller, on its own colour to the edges."""
    ground = re.search(r'<rect [^>]*fill="(#[0-9a-f]+)"/>', svg)
    if ground is None:
        raise ValueError("ikon.svg has no ground")
    drawn = svg[ground.end() :].removesuffix("</svg>")
    return (
        f'{svg[: ground.start()]}<rect width="40" height="40" fill="{ground[1]}"/>'
        f'<g transform="translate(4 4) scale(.8)">{drawn}</g></svg>'
    )


def main() -> None:
    """Draw every picture anew."""
    svg = (PLACE / "ikon.svg").read_text(encoding="utf-8").strip()
    with sync_playwright() as played:
        page = played.chromium.launch(executable_path=which("chromium")).new_page()
        for name, size in PICTURES.items():
            drawn = maskable(svg) if "maskable" in name else svg
            sized = drawn.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f'<body style="margin:0;display:grid">{sized}</body>')
            page.screenshot(path=PLACE / name, omit_background=True)


if __name__ == "__main__":
    main()
