"""Which methods are declared, and who a stranger is."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.surface import methods

SITE = "https://data.contoh.go.id"
HOST = "data.contoh.go.id"


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ({}, True),
        ({"origin": SITE}, True),
        ({"origin": SITE + ":443"}, True),
        ({"referrer": SITE + "/dataset/"}, True),
        ({"origin": SITE, "fetched_from": "same-origin"}, True),
        ({"fetched_from": "none"}, True),
        ({"origin": "http://data.contoh.go.id"}, False),
        ({"origin": "https://evil.contoh.go.id"}, False),
        ({"origin": "https://contoh.go.id"}, False),
        ({"origin": "https://data.contoh.go.id.evil.example"}, False),
        ({"origin": "https://data.contoh.go.id:8443"}, False),
        ({"origin": "https://data.contoh.go.id@evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://[bad"}, False),
        ({"referrer": "https://evil.example/?data.contoh.go.id"}, False),
        ({"origin": SITE, "fetched_from": "same-site"}, False),
        ({"fetched_from": "cross-site"}, False),
        ({"origin": "https://evil.example", "referrer": SITE}, False),
    ],
)
def test_only_a_page_of_this_very_site_is_from_here(said: dict[str, str], own: bool) -> None:
    asked = {"origin": None, "referrer": None, "fetched_from": None, **said}
    assert methods.is_from_here(SITE, HOST, **asked) is own


def test_behind_a_proxy_the_host_that_the_browser_sees_counts_too() -> None:
    own = methods.is_from_here(
        "http://127.0.0.1:5000", "localhost:5000", "http://localhost:5000", None, None
    )
    assert own


def test_what_nobody_declared_is_not_written_to() -> None:
    assert methods.kind("lain.ubah") is None
    assert methods.kind("user.read") is None
    assert methods.kind("user.edit") is methods.Kind.WRITES
    assert methods.kind("satudata.anything") is methods.Kind.WRITES
    assert methods.kind("api.action") is methods.Kind.API
    assert methods.kind("datatablesview.ajax") is methods.Kind.READS


def test_reading_and_writing_are_declared_apart() -> None:
    declared = methods.declared()
    listed = {
        f"{blueprint}.{view}" for blueprint, views in declared.writes.items() for view in views
    }
    assert not listed & declared.reads
    assert declared.api not in listed | declared.reads
