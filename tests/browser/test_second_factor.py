"""Whoever decides sets up a second factor at their next log-in, and logs in with its code."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

WHO = "plh_walidata"  # decides, by delegation
HERE = Path(sys.executable).parent
LIB = Path(__file__).parents[2] / "bin" / "lib"


@pytest.fixture
def strict(site: Any, tmp_path: Path) -> Iterator[Any]:
    """Return the same site on a port of its own, which asks for second factors."""
    door = socket.create_server(("127.0.0.1", 0))  # a browser waits here until the site answers
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    text = Path(os.environ["CKAN_INI"]).read_text("utf-8")
    for option, value in (("ckan.site_url", url), (r"\S+\.second_factor", "true")):
        text, count = re.subn(rf"(?m)^({option} =).*", rf"\1 {value}", text)
        assert count == 1
    ini = tmp_path / "strict.ini"
    ini.touch(mode=0o600)
    ini.write_text(text, "utf-8")
    bind = ["--bind", f"fd://{door.fileno()}", "--chdir", str(LIB), "--no-control-socket"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [HERE / "gunicorn", *bind, "--threads", "4", "--timeout", "180", "wsgi:application"],
            env={**os.environ, "CKAN_INI": str(ini)},
            pass_fds=[door.fileno()],
            stdout=log,
            stderr=log,
        )
        yield replace(site, url=url)
        process.terminate()
        process.wait(30)
    door.close()
    # The factor is taken away as on a server, so that the test can be run again.
    reset = [HERE / "ckan", "satudata", "second-factor-reset", WHO]
    subprocess.run(reset, check=True, capture_output=True)


def _look(page: Page) -> None:
    """Fail on what axe calls serious: these pages are there only where the setting is on."""
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def _send(page: Page, code: str) -> None:
    page.fill("#factor-code", code)
    page.click(".primary button[type=submit]")


@pytest.mark.xdist_group(WHO)
def test_a_factor_is_set_up_and_its_codes_open_once(visit, browser, strict, sessions) -> None:
    sessions.pop(WHO, None)  # a new factor ends what was open without it
    stranger = type(visit)(browser, strict, {})
    stranger(None).goto("/", timeout=120_000)
    page = stranger(WHO)
    expect(page.locator("h1")).to_have_text("Pasang faktor kedua Anda")
    key = TOTP(page.locator("ol code").inner_text().replace(" ", ""))
    strict.shoot(page, "faktor-kedua")
    _look(page)
    _send(page, "000 000" if key.now() != "000000" else "111 111")
    expect(page.locator("#factor-error")).to_be_visible()
    used = key.now()
    _send(page, used)
    codes = page.locator(".satudata-factor-codes code")
    expect(codes).to_have_count(10)
    printed = codes.all_inner_texts()
    assert len(set(printed)) == 10
    strict.shoot(page, "kode-cetak")
    _look(page)
    page.click("a.btn-primary")
    expect(page.locator(".sd-drop-who")).to_have_count(1)

    stranger.sessions.clear()
    page = stranger(WHO, new=True)
    expect(page.locator("h1")).to_have_text("Masukkan kode")
    strict.shoot(page, "kode")
    _look(page)
    _send(page, used)
    expect(page.locator("#factor-error")).to_be_visible()
    _send(page, printed[0])
    expect(page.locator(".sd-drop-who")).to_have_count(1)
    stranger.close()
    assert stranger.failures == []
