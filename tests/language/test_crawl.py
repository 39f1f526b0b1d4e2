"""No page says a word of the other language, to anybody, in any state."""

from __future__ import annotations

import os
from typing import Any

import pytest

from .crawl import ROLES, Crawl, Outcome, read_first

FIRST = (
    "/",
    "/dataset/",
    "/organization/",
    "/organization/dinkes",
    "/satudata/dip",
    "/topik",
    "/wilayah",
    "/kalender-rilis",
    "/tentang-portal",
    "/panduan-api",
    "/jepin",
    "/user/login",
    "/tidak/ada",
)
"""Pages that somebody reads first; the quick look."""


AT_WORK = (
    "/satudata/meja",
    "/satudata/antrean?scope=all",
    "/satudata/surat-keputusan",
    "/satudata/naskah",
    "/satudata/keanggotaan",
    "/satudata/insiden",
    "/satudata/pemberitahuan",
    "/satudata/sesi",
)
"""Pages of those who work here; also what an office typed is told in its own language there."""


def told(outcome: Outcome) -> list[str]:
    """Return what is wrong, one line each."""
    lines = [f"{w.why} at {where}: {w.text[:160]}" for w, where in outcome.wrong.items()]
    return sorted(lines) + outcome.broken


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_that_are_read_first(city: Any, app: Any, language: str) -> None:
    assert read_first(app, language, FIRST, city.token(None)) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_of_those_who_work_here(city: Any, app: Any, language: str) -> None:
    assert read_first(app, language, AT_WORK, city.token("walidata")) == []


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


@pytest.mark.long
@pytest.mark.parametrize("who", ["anonymous", "walidata", "auditor"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_documents_speak_the_language(world: Any, app: Any, who: str, language: str) -> None:
    crawl = Crawl(world, app, who, language)
    found = crawl.documents()
    assert found
    wrong = [
        f"{w.why} at {address}: {w.text[:160]}"
        for address, texts in found.items()
        for w in crawl.foreign.wrong(texts)
        # A table for programs has its days as programs read them.
        if not (w.why == "machine's date" and address.endswith((".csv", ".xlsx")))
    ]
    assert wrong == [], "\n".join(wrong)
