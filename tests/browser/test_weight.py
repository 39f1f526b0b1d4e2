"""What a first visit to a dataset's page costs somebody who pays for their data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from playwright.sync_api import Page

LIMIT = 300 * 1024


def weigh(page: Page, address: str) -> dict[str, int]:
    """Return address → bytes on the wire of everything but images, with headers."""
    kinds: dict[str, tuple[str, str]] = {}
    weights: dict[str, int] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def begun(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def ended(event: dict[str, Any]) -> None:
        kind, url = kinds.get(event["requestId"], ("Image", ""))
        # A font within a style sheet came with it.
        if kind != "Image" and not url.startswith("data:"):
            weights[url] = weights.get(url, 0) + int(event["encodedDataLength"])

    wire.on("Network.responseReceived", begun)
    wire.on("Network.loadingFinished", ended)
    page.goto(address, wait_until="networkidle")
    return weights


def test_a_first_visit_of_a_dataset_stays_light(site: Any, visit: Callable[..., Page]) -> None:
    asked = f"{site.url}/api/3/action/package_search?rows=1&sort=name asc"
    found = requests.get(asked, timeout=60).json()["result"]["results"][0]
    weights = weigh(visit(None, new=True), f"/dataset/{found['name']}")
    assert any("/webassets/" in url for url in weights), weights
    assert sum(weights.values()) <= LIMIT, weights
