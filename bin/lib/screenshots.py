"""Take the pictures of the README from the demo site.

Usage: SATUDATA_SITE_URL=... SATUDATA_RUN_DIR=... SATUDATA_CHROMIUM=... screenshots.py FOLDER
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
WIDTH = 1000
# name of the picture, who looks, address, height of the window
PICTURES = (
    ("dataset", None, "/dataset/kasus-demam-berdarah-menurut-rw", 900),
    ("antrean", "walidata", "/satudata/antrean?scope=all", 900),
    ("berkas", "ppid", "/satudata/berkas/daftar-kontak-posyandu", 1400),
)


def take(browser: Browser, folder: Path, url: str, passwords: dict[str, str]) -> None:
    """Take every picture into ``folder``."""
    for name, who, address, height in PICTURES:
        size: ViewportSize = {"width": WIDTH, "height": height}
        context = browser.new_context(base_url=url, viewport=size, locale="id-ID")
        page = context.new_page()
        if who:
            page.goto("/user/login")
            page.fill("#field-login", who)
            page.fill("#field-password", passwords[who])
            page.press("#field-password", "Enter")
            page.wait_for_url(lambda found: "/user/login" not in found)
        answer = page.goto(address)
        if answer is None or not answer.ok:
            sys.exit(f"{address} does not answer to {who or 'a citizen'}; is it the demo site?")
        # Without the grain of the background a picture is half as large.
        page.add_style_tag(content="*, *::before { background-image: none !important }")
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def main(folder: Path) -> None:
    """Open the browser once for all pictures."""
    run = Path(os.environ["SATUDATA_RUN_DIR"])
    passwords = json.loads((run / "demo-passwords.json").read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["SATUDATA_CHROMIUM"], args=list(ARGUMENTS)
        )
        take(browser, folder, os.environ["SATUDATA_SITE_URL"], passwords)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
