"""A person knows their browser again by the words."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.accounts.browsers import Browser, named

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1 Version/17.5"


@pytest.mark.parametrize(
    ("agent", "name", "system"),
    [
        ("(Windows NT 10.0; Win64; rv:128.0) Gecko/2010 Firefox/128.0", "Firefox", "Windows"),
        (f"(Windows NT 10.0) {KIT} Chrome/130.0 Safari/537.36", "Chrome", "Windows"),
        (f"(Windows NT 10.0) {KIT} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge", "Windows"),
        (f"(Linux; Android 14; K) {KIT} Chrome/130.0 Mobile Safari/537", "Chrome", "Android"),
        (f"(Linux; Android 14) {KIT} UCBrowser/12.0 Mobile Safari/537", "UC Browser", "Android"),
        (f"(iPhone; CPU iPhone OS 17_5 like Mac OS X) {APPLE} Safari/604.1", "Safari", "iPhone"),
        (f"(Macintosh; Intel Mac OS X 10_15_7) {APPLE} Safari/605.1", "Safari", "macOS"),
        (f"(X11; Linux x86_64) {KIT} HeadlessChrome/130.0 Safari/537.36", "Chrome", "Linux"),
        (f"(X11; Linux x86_64) {KIT} Chrome/130.0 Safari/537.36 OPR/115.0", "Opera", "Linux"),
        ("", "", ""),
        ("<script>alert(1)</script>", "", ""),
        ("A" * 300, "", ""),
    ],
)
def test_browser_and_system_are_named(agent: str, name: str, system: str) -> None:
    assert named(f"Mozilla/5.0 {agent}") == Browser(name, system)
