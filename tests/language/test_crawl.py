"""No page says a word of the other language, to anybody, in any state."""

from __future__ import annotations

import os
from typing import Any

import pytest

from .crawl import ROLES, Crawl, Outcome

STATES = {"open", "verification", "approval", "limited", "held_data", None}
"""States that differ most in what their pages say, for the quick look."""

QUICK = {
    "/",
    "/dataset/",
    "/dataset/<id>",
    "/dataset/<id>/resource/<resource_id>",
    "/dataset/edit/<id>",
    "/organization/",
    "/organization/<id>",
    "/satudata/antrean",
    "/satudata/berkas/<id>",
    "/satudata/dip",
}


def told(outcome: Outcome) -> list[str]:
    """Return what is wrong, one line each."""
    lines = [f"{w.why} at {where}: {w.text[:160]}" for w, where in outcome.wrong.items()]
    return sorted(lines) + outcome.broken


@pytest.mark.parametrize(("who", "language"), [("walidata", "id"), ("anonymous", "en")])
def test_the_pages_that_are_read_most(world: Any, app: Any, who: str, language: str) -> None:
    crawl = Crawl(world, app, who, language)
    outcome = crawl.run(lambda rule, state: rule in QUICK and state in ("open", "approval", None))
    assert outcome.pages >= 8
    assert told(outcome) == []


@pytest.mark.long
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("who", ROLES)
def test_every_page_in_every_state(
    world: Any, app: Any, who: str, language: str, record_property: Any
) -> None:
    states = set(filter(None, os.environ.get("SATUDATA_STATES", "").split(",")))
    crawl = Crawl(world, app, who, language)
    outcome = crawl.run(lambda _, state: not states or state is None or state in states, 150)
    record_property("language", {"pages": outcome.pages, "asked": outcome.asked})
    assert told(outcome) == []
